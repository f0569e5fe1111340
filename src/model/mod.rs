//! skeleton
pub mod dns;
