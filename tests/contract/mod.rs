//! The contract: what the simulated provider answers, and the document that both sides are held to.

pub(crate) mod caller;
pub(crate) mod openapi;
mod sandbox;
mod sandbox_data;
mod sandbox_domains;
mod sandbox_faults;
mod sandbox_guide;
mod sandbox_guide_services;
mod sandbox_hosting;
mod sandbox_mail;
mod sandbox_orders;
mod sandbox_records;
mod sandbox_redirections;
mod sandbox_walk;
mod sandbox_walk_orders;
mod sandbox_walk_services;
