//! skeleton
pub mod namebay;
