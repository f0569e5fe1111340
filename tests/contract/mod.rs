//! The contract: what the simulated provider answers, and the document that both sides are held to.

pub(crate) mod caller;
pub(crate) mod openapi;
mod sandbox;
