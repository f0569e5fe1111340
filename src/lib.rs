//! skeleton; replaced by the architecture page.
#![allow(missing_docs, reason = "while the skeleton grows")]
pub mod diag;
pub mod model;
pub mod http;
pub mod sandbox;
pub mod config;
pub mod ledger;
pub mod provider;
pub mod diff;
pub mod plan;
pub mod drift;
pub mod apply;
pub mod render;
pub mod cli;
