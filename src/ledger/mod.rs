//! The ledger: what was applied last, what is under way, and what is forgotten; one per account.
//!
//! A cache with a memory: it can be deleted, and what is lost then is said. It holds no secrets, and
//! knows no provider, no plan and no file of desires.
//!
//! `note` is its state machine, `settle` what a read proves; both are pure. `open` and `lock` read the
//! document and the journal from a store, `Recorder` writes them during a run.

pub mod cache;
mod document;
pub mod error;
pub mod events;
pub mod folder;
mod journal;
pub mod memory;
pub mod note;
#[cfg(feature = "object-store")]
pub mod objects;
pub mod open;
pub mod record;
pub mod recorder;
pub mod root;
pub mod settle;
pub mod store;
mod wire;

pub use cache::{Approvals, approvals, keep_approvals, last_seen, remember, spend, spent};
pub use document::FORMAT;
pub use error::LedgerError;
pub use events::EventLog;
pub use folder::Folder;
pub use memory::Memory;
pub use note::{needs_doubt, note, only_secrets, part_after, provider_names, replayed};
#[cfg(feature = "object-store")]
pub use objects::Objects;
pub use open::{Found, Locked, Opened, Opening, establish, fresh_id, lock, open};
pub use record::{Entry, EntryPart, Ledger, Open, Record, StepId};
pub use recorder::{Begin, Recorder};
pub use root::Root;
pub use settle::settle;
pub use store::{Holder, Lease, LedgerKey, Put, RunId, Standing, Store};
