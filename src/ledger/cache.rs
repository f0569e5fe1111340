//! What a provider remembers between runs to read less; losing it costs requests and nothing else.
//!
//! Opaque here: it is kept as it comes, and whatever cannot be read back is forgotten.

use super::error::LedgerError;
use super::store::Store;
use crate::model::LastSeen;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
