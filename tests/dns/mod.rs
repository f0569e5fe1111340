//! The canonical forms of the DNS, as tables and as laws.

pub(crate) mod laws;
mod masterfile;
mod refusals;
mod spelling;
