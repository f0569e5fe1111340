//! The contract: what the simulated provider answers, and the document that both sides are held to.

pub(crate) mod caller;
pub(crate) mod openapi;
mod sandbox;
mod sandbox_data;
mod sandbox_domains;
mod sandbox_faults;
mod sandbox_guide;
mod sandbox_records;
mod sandbox_walk;
