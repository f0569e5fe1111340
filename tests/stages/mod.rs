//! The pure stages on values: no provider, no network, microseconds a case.

mod laws;
mod stories;
mod world;
