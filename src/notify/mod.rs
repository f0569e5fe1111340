//! Telling somebody: what came of a drift or an apply goes to a webhook, signed, a few times at most.
//!
//! Which events there are is a pure question ([`Memory`] knows what was told last); what is said is made from the
//! values of the run, in three forms; delivering never fails a run. It does not know the configuration, the
//! environment, or where its memory is kept.

mod deliver;
mod form;
mod memory;
mod message;
mod signature;

pub use deliver::{ATTEMPT_TIME, ATTEMPTS, Notifier, Undelivered, Why};
pub use form::Form;
pub use memory::{Done, Memory};
pub use message::{of_drift, of_failure, of_report};
pub use signature::{HEADER, sign};

/// What there is to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// There is drift, and another one than was told last.
    Drift,
    /// The drift that was told last is no more.
    Recovered,
    /// Something ends, nobody renews it, and that was not told yet.
    Expiry,
    /// An apply failed.
    Failed,
    /// What was pending at the provider is done.
    PendingDone,
}
