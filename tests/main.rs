//! skeleton

mod ledger;
