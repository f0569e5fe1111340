//! The canonical forms of the DNS, as tables and as laws.

mod laws;
mod masterfile;
mod spelling;
