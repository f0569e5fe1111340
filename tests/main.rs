//! The tests that need more than one module: one binary, so that it links once.

mod cli;
mod layers;
mod stories;
mod support;
