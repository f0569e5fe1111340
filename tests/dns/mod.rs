//! The canonical forms of the DNS, as tables and as laws.

mod spelling;
