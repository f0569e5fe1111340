//! What is kept beside a ledger and may be lost: what a provider remembers between runs to read less, and what
//! approvals were about; and which saved plans were applied, without which only what is live keeps one from being
//! applied again.
//!
//! Opaque here: it is kept as it comes, and whatever cannot be read back is forgotten.

use super::error::LedgerError;
use super::store::Store;
use crate::model::LastSeen;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const NAME: &str = "last-seen.json";
const FORMAT: &str = "bailiwick/last-seen/1";

#[derive(Serialize, Deserialize)]
struct Written<'a> {
    format: std::borrow::Cow<'a, str>,
    marks: std::borrow::Cow<'a, BTreeMap<Box<str>, Box<str>>>,
}

/// What was remembered; nothing if it cannot be read.
pub fn last_seen(store: &dyn Store) -> LastSeen {
    let bytes = store.cached(NAME).unwrap_or_default();
    match serde_json::from_slice::<Written<'_>>(&bytes) {
        Ok(written) if written.format == FORMAT => LastSeen {
            marks: written.marks.into_owned(),
        },
        Ok(_) | Err(_) => LastSeen::default(),
    }
}

/// Remembers. A failure may be told; it is never a reason to stop.
pub fn remember(store: &dyn Store, seen: &LastSeen) -> Result<(), LedgerError> {
    let written = Written {
        format: FORMAT.into(),
        marks: std::borrow::Cow::Borrowed(&seen.marks),
    };
    let bytes = serde_json::to_vec(&written)
        .map_err(|error| LedgerError::io(&store.name(NAME), "write")(error.into()))?;
    store.cache(NAME, &bytes)
}

const APPROVED: &str = "approved.json";

/// What was kept of plans that were approved, by digest.
pub type Approvals = BTreeMap<Box<str>, BTreeSet<Box<str>>>;

/// Reads them; nothing if they cannot be read: then each plan is approved anew.
pub fn approvals(store: &dyn Store) -> Approvals {
    let bytes = store.cached(APPROVED).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Keeps them. A failure may be told; it is never a reason to stop.
pub fn keep_approvals(store: &dyn Store, approvals: &Approvals) -> Result<(), LedgerError> {
    let bytes = serde_json::to_vec(approvals)
        .map_err(|error| LedgerError::io(&store.name(APPROVED), "write")(error.into()))?;
    store.cache(APPROVED, &bytes)
}

const SPENT: &str = "applied.json";
/// So many saved plans are remembered as applied; the oldest are let go of.
const MOST_SPENT: usize = 1_000;

/// Names one saved plan: when it was made, and the digest of its text.
pub type PlanId = Box<str>;

/// Saved plans that were applied, the oldest first; none if they cannot be read.
pub fn spent(store: &dyn Store) -> BTreeSet<PlanId> {
    let bytes = store.cached(SPENT).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Notes that a saved plan is applied; without that it must not be.
pub fn spend(store: &dyn Store, plan: PlanId) -> Result<(), LedgerError> {
    let mut all = spent(store);
    all.insert(plan);
    while all.len() > MOST_SPENT {
        all.pop_first();
    }
    let bytes = serde_json::to_vec(&all)
        .map_err(|error| LedgerError::io(&store.name(SPENT), "write")(error.into()))?;
    store.cache(SPENT, &bytes)
}
