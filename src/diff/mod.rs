//! Deciding what is to be done: one `match` under a policy, and the walk that feeds it.
//!
//! Both sides are canonical, so values are compared with `==`. Nothing here knows a provider, a clock or
//! the network.

mod change;
mod decide;
mod records;
mod room;
mod secrets;
mod services;
mod undeclared;
mod walk;

pub use change::{Act, Change, Changes, Held, Note};
pub use decide::{Decl, Obs, Policy, Recd, Verdict, Why, decide};
pub use records::{live_part, never_written};
pub use walk::diff;

use crate::ledger::{Entry, Ledger};
use crate::model::{Account, Address, Admitted, Live, Prints, pattern::Pattern};
use std::collections::BTreeMap;

/// What the person at the command line asked for, beyond the file.
#[derive(Debug, Clone, Default)]
pub struct Intent {
    /// `--target`; empty: everything.
    pub targets: Vec<Pattern>,
    /// `--exclude`.
    pub excludes: Vec<Pattern>,
    /// `--allow-destroy` and the `[[allow]]` blocks that hold today.
    pub destroy: Vec<Pattern>,
    /// `--resend`: whose secrets are sent though their source is as it was.
    pub resend: Vec<Pattern>,
}

/// Everything that a decision may look at.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// What the file wants, in canonical form.
    pub desired: &'a Admitted,
    /// What was applied last, by account.
    pub ledgers: &'a BTreeMap<Account, Ledger>,
    /// What is live.
    pub live: &'a Live,
    /// What was asked for.
    pub intent: &'a Intent,
    /// What is known of the file's secrets.
    pub secrets: &'a Prints,
}

impl World<'_> {
    /// What the ledger knows of an object.
    pub fn entry(&self, address: &Address) -> Option<&Entry> {
        self.ledgers.get(&address.account)?.entries.get(address)
    }
}
