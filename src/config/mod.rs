//! The desired-state file: read, decoded, resolved. Only this module knows that the input is TOML.
pub(crate) mod grammar;
pub mod said;
