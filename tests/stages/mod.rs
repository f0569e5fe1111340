//! The pure stages on values: no provider, no network, microseconds a case.

mod durable;
mod laws;
mod object_laws;
pub(crate) mod objects;
mod passwords;
mod removing;
mod services;
mod stories;
pub(crate) mod world;
