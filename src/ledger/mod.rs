//! The ledger: what was applied last, what is under way, and what is forgotten; one per account.
//!
//! A cache with a memory: it can be deleted, and what is lost then is said. It holds no secrets, and
//! knows no provider, no plan and no file of desires.

pub mod note;
pub mod record;

pub use note::{needs_doubt, note, replayed};
pub use record::{Entry, EntryPart, Ledger, Open, Record, StepId};
