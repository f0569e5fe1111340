//! The tests that need more than one module: one binary, so that it links once.

mod cli;
mod http;
mod layers;
mod stages;
mod stories;
mod support;
