//! The tests that need more than one module: one binary, so that it links once.
//!
//! `cfg(test)` on each module is what tells clippy that a panic here is a failing test.

#[cfg(test)]
mod apply;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod config;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod dns;
#[cfg(test)]
mod drift;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod http;
#[cfg(test)]
mod import;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod namebay;
#[cfg(test)]
mod notify;
#[cfg(test)]
mod render;
#[cfg(test)]
mod scale;
#[cfg(test)]
mod stages;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod support;
#[cfg(test)]
mod whole;
