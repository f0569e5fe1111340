//! skeleton
mod dns;
