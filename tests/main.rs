//! skeleton

#[cfg(test)]
mod ledger;
