//! skeleton; replaced by the architecture page.
#![allow(missing_docs, reason = "while the skeleton grows")]
pub mod apply;
pub mod cli;
pub mod config;
pub mod diag;
pub mod diff;
pub mod drift;
pub mod http;
pub mod ledger;
pub mod model;
pub mod plan;
pub mod provider;
pub mod render;
pub mod sandbox;
