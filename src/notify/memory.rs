//! What was told last, and what that leaves to be told: once for each change.
//!
//! Pure. Where the memory is kept, and whether a delivery went well, is known to the caller: what was not delivered is
//! not remembered, so that the next run tells it again.

use super::Event;
use crate::drift::{Counted, Drift, Finding};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What was told last, of one first file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The fingerprint of the drift; none: that there is none.
    pub drift: Option<Box<str>>,
    /// What ends with nobody renewing it.
    pub expiry: BTreeSet<Box<str>>,
    /// What was pending and is done.
    pub done: BTreeSet<Box<str>>,
    /// The same, not told yet.
    pub owed: Done,
}

/// What was pending and is done: in words that are its own as long as it is pending, with its address.
pub type Done = BTreeMap<Box<str>, Box<str>>;

impl Memory {
    /// What a drift leaves to be told, and what is to be remembered once it was.
    ///
    /// While an apply runs, what it writes is not among the items, so that nothing can be said. Where something could
    /// not be read, that a difference is gone is not known.
    pub fn of_drift(&self, drift: &Drift, counted: &Counted) -> (BTreeSet<Event>, Memory) {
        let mut events = BTreeSet::new();
        let mut after = self.clone();
        if drift.applying {
            return (events, after);
        }
        let drifting = drift.counted(counted).next().is_some();
        let fingerprint: Box<str> = drift.fingerprint(counted).into();
        match (&self.drift, drifting) {
            (Some(told), true) if **told == *fingerprint => {}
            (_, true) => {
                events.insert(Event::Drift);
                after.drift = Some(fingerprint);
            }
            (Some(_), false) if !drift.unread() => {
                events.insert(Event::Recovered);
                after.drift = None;
            }
            (Some(_) | None, false) => {}
        }
        let ending: BTreeSet<Box<str>> = expiring(drift).map(key).collect();
        if !ending.is_subset(&self.expiry) {
            events.insert(Event::Expiry);
        }
        if drift.unread() {
            after.expiry.extend(ending);
        } else {
            after.expiry = ending;
        }
        (events, after)
    }

    /// Those of what was pending and is done that are to be told: what is new, and what did not arrive before.
    pub fn news(&self, done: &Done) -> Done {
        let new = done.iter().filter(|(key, _)| !self.done.contains(*key));
        let new = new.map(|(key, address)| (key.clone(), address.clone()));
        self.owed.clone().into_iter().chain(new).collect()
    }

    /// What is to be remembered once the news of these was told. What the ledger has noted does not come again.
    #[must_use]
    pub fn having_told(&self, done: &Done) -> Memory {
        Memory {
            done: done.keys().cloned().collect(),
            owed: Done::new(),
            ..self.clone()
        }
    }

    /// What is to be remembered where the news of these did not arrive: the ledger may not tell it once more.
    #[must_use]
    pub fn owing(&self, done: &Done) -> Memory {
        Memory {
            owed: self.news(done),
            ..self.clone()
        }
    }
}

/// What ends with nobody renewing it: the findings of that area.
pub(super) fn expiring(drift: &Drift) -> impl Iterator<Item = &Finding> {
    let area = |finding: &&Finding| finding.code.starts_with("expiry.");
    drift.findings.iter().filter(area)
}

/// The message counts days, which is no news.
fn key(finding: &Finding) -> Box<str> {
    let about = finding.address.as_ref();
    let about = about.map(|address| address.full_text().to_string());
    format!("{} {}", finding.code, about.unwrap_or_default()).into()
}
