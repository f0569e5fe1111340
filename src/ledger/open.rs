//! Opening a ledger: the document, and the journal of a run that was killed or goes on, replayed in memory.
//!
//! Reading takes no lock and writes nothing. What may change a ledger has a [`Locked`] one. It does not know
//! what is live; that is for [`super::settle()`].

use super::document::Document;
use super::error::LedgerError;
use super::journal;
use super::note::replayed;
use super::record::{Ledger, Record};
use super::settle::settle;
use super::store::{Holder, Lease, LedgerKey, Put, RunId, Standing, Store};
use crate::model::{Account, Live, Time, attrs};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

/// A reader that finds another state each time gives up after so many times.
const ATTEMPTS: usize = 8;

/// What must be known to open a ledger.
#[derive(Debug, Clone, Copy)]
pub struct Opening<'a> {
    /// The label that its addresses get.
    pub account: &'a Account,
    /// Whose it is.
    pub key: &'a LedgerKey,
    /// The id that it gets if there is none yet; see [`fresh_id`].
    pub fresh_id: &'a str,
}

/// Whether there was a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// There was.
    Here,
    /// There never was one.
    Fresh,
    /// There was one, and it is gone: what it knew is read anew where it can be, and lost where it cannot.
    Lost,
}

/// A ledger as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// What it knows, with what the journal adds.
    pub ledger: Ledger,
    /// Whether it was there.
    pub found: Found,
    /// Whether a run holds it.
    pub standing: Standing,
    /// The last run was cut off before its ledger was written: its journal was replayed.
    pub crashed: bool,
}

impl Opened {
    /// The first file of the runs that wrote it, where that is not this one.
    pub fn other_file(&self, first_file: &str) -> Option<&str> {
        other_file(&self.ledger, first_file)
    }

    /// Takes in what a read proves, and tells the records of it. Writes of a run that goes on are under way:
    /// they are left to it.
    pub fn settle(&mut self, live: &Live) -> Vec<Record> {
        match &self.standing {
            Standing::Free => settle_in(&mut self.ledger, live),
            Standing::HeldBy(_) => Vec::new(),
        }
    }
}

fn settle_in(ledger: &mut Ledger, live: &Live) -> Vec<Record> {
    let records = settle(ledger, live);
    *ledger = replayed(std::mem::take(ledger), &records);
    records
}

fn other_file<'a>(ledger: &'a Ledger, first_file: &str) -> Option<&'a str> {
    ledger
        .first_file
        .as_deref()
        .filter(|known| *known != first_file)
}

/// An id that no other ledger has: 32 hex digits, of the time, the process and the system's randomness.
pub fn fresh_id(at: Time, pid: u32) -> String {
    let mut hasher = Sha256::new();
    hasher.update(at.as_nanosecond().to_be_bytes());
    hasher.update(pid.to_be_bytes());
    hasher.update(RandomState::new().hash_one(pid).to_be_bytes());
    attrs::hex(&hasher.finalize()[..16])
}

/// Opens a ledger to read it.
pub fn open(store: &dyn Store, opening: &Opening<'_>) -> Result<Opened, LedgerError> {
    let mut state = State::read(store, opening)?;
    // Asked afterwards: a run that began meanwhile is then seen as what it is.
    let standing = store.standing()?;
    let crashed = match standing {
        Standing::Free => state.end_of_run(),
        Standing::HeldBy(_) => false,
    };
    Ok(Opened {
        ledger: state.document.ledger,
        found: state.found,
        standing,
        crashed,
    })
}

/// Opens a ledger, and makes it (its id, nothing else) where there is none, so that a plan can be bound to it.
pub fn establish(store: &dyn Store, opening: &Opening<'_>) -> Result<Opened, LedgerError> {
    let opened = open(store, opening)?;
    if opened.found == Found::Here {
        return Ok(opened);
    }
    let document = Document {
        ledger: Ledger {
            id: opened.ledger.id.clone(),
            ..Ledger::default()
        },
        applied: BTreeMap::new(),
    };
    match store.put_first_document(&bytes_of(store, &document, opening.key)?)? {
        Put::Written => Ok(opened),
        Put::Exists => open(store, opening),
    }
}

/// Opens a ledger to change it, or says who holds it.
pub fn lock(
    store: Box<dyn Store>,
    opening: &Opening<'_>,
    holder: &Holder,
) -> Result<Locked, LedgerError> {
    let lease = Arc::from(store.lock(holder)?);
    let mut state = State::read(&*store, opening)?;
    let crashed = state.end_of_run();
    Ok(Locked {
        store,
        lease,
        state,
        crashed,
        key: opening.key.clone(),
    })
}

/// A ledger that nobody else changes as long as this value lives. Approving and applying need one.
#[derive(Debug)]
pub struct Locked {
    pub(super) store: Box<dyn Store>,
    /// Nobody else keeps it: it is let go with this value.
    pub(super) lease: Arc<dyn Lease>,
    pub(super) state: State,
    pub(super) key: LedgerKey,
    crashed: bool,
}

impl Locked {
    /// What it knows.
    pub fn ledger(&self) -> &Ledger {
        &self.state.document.ledger
    }

    /// Whether it was there.
    pub fn found(&self) -> Found {
        self.state.found
    }

    /// Whose lease it was, if that had run out and was taken over.
    pub fn taken_from(&self) -> Option<&Holder> {
        self.lease.taken_from()
    }

    /// True if the last run was cut off before its ledger was written: its journal was replayed.
    pub fn crashed(&self) -> bool {
        self.crashed
    }

    /// The first file of the runs that wrote it, where that is not this one.
    pub fn other_file(&self, first_file: &str) -> Option<&str> {
        other_file(self.ledger(), first_file)
    }

    /// Takes in what a read proves of earlier runs; it becomes durable when a run begins.
    pub fn settle(&mut self, live: &Live) -> Vec<Record> {
        let records = settle_in(&mut self.state.document.ledger, live);
        self.state.changed |= !records.is_empty();
        records
    }
}

/// The document with the journal replayed over it.
#[derive(Debug)]
pub(super) struct State {
    pub(super) document: Document,
    pub(super) found: Found,
    /// The last segment of each run that is there.
    pub(super) runs: BTreeMap<RunId, u32>,
    /// The document in the store is older.
    pub(super) changed: bool,
}

/// The bytes of a store at one moment.
struct Bytes {
    document: Option<Document>,
    segments: BTreeMap<RunId, Vec<(u32, Vec<u8>)>>,
    runs: BTreeMap<RunId, u32>,
}

impl State {
    fn read(store: &dyn Store, opening: &Opening<'_>) -> Result<Self, LedgerError> {
        for _ in 0..ATTEMPTS {
            if let Some(bytes) = Bytes::read(store, opening)? {
                return bytes.into_state(store, opening);
            }
        }
        Err(LedgerError::Busy {
            name: store.name(""),
        })
    }

    /// Files what no run is working on any more; true if a run had not closed.
    fn end_of_run(&mut self) -> bool {
        let ledger = &mut self.document.ledger;
        let before = self.changed || ledger.running.is_some();
        ledger.end_of_run();
        before
    }
}

impl Bytes {
    /// Reads everything; `None` if a run replaced the document and removed segments meanwhile.
    fn read(store: &dyn Store, opening: &Opening<'_>) -> Result<Option<Self>, LedgerError> {
        let bytes = store.document()?;
        let listed = store.segments()?;
        let document = match &bytes {
            Some(bytes) => Some(Document::from_bytes(
                bytes,
                &store.name("ledger.json"),
                opening.key,
                opening.account,
            )?),
            None => None,
        };
        let mut segments: BTreeMap<RunId, Vec<_>> = BTreeMap::new();
        let mut runs = BTreeMap::new();
        for (run, number) in listed {
            let applied = document
                .as_ref()
                .and_then(|document| document.applied.get(&run));
            if applied.is_none_or(|applied| number > *applied) {
                let Some(bytes) = store.segment(&run, number)? else {
                    return Ok(None);
                };
                segments
                    .entry(run.clone())
                    .or_default()
                    .push((number, bytes));
            }
            runs.insert(run, number);
        }
        if !runs.is_empty() && store.document()? != bytes {
            return Ok(None);
        }
        Ok(Some(Self {
            document,
            segments,
            runs,
        }))
    }

    fn into_state(self, store: &dyn Store, opening: &Opening<'_>) -> Result<State, LedgerError> {
        let found = match self.document {
            Some(_) => Found::Here,
            None if !self.runs.is_empty() || store.used()? => Found::Lost,
            None => Found::Fresh,
        };
        let mut document = self.document.unwrap_or_default();
        let mut changed = false;
        for (run, segments) in self.segments {
            let first = match document.applied.get(&run) {
                Some(applied) => applied + 1,
                None => {
                    // Runs follow each other: what is open now was left by one that was killed.
                    document.ledger.end_of_run();
                    1
                }
            };
            let last = segments.last().map(|(number, _)| *number);
            for (next, (number, bytes)) in (first..).zip(segments) {
                let item =
                    |number: u32| store.name(&format!("journal/{}/{number:06}", run.as_str()));
                if number != next {
                    return Err(LedgerError::truncated(&item(next), "it is missing"));
                }
                let name = item(number);
                let segment = journal::from_bytes(&bytes, &name, (&run, number), opening.account)?;
                if segment.torn && Some(number) != last {
                    return Err(LedgerError::truncated(&name, "later segments are there"));
                }
                if let Some(id) = segment.ledger {
                    if document.ledger.id.is_empty() {
                        document.ledger.id = id;
                    } else if document.ledger.id != id {
                        return Err(LedgerError::Foreign {
                            name,
                            owner: format!("the ledger {id}"),
                            expected: format!("the ledger {}", document.ledger.id),
                        });
                    }
                }
                changed |= !segment.records.is_empty();
                document.ledger = replayed(document.ledger, &segment.records);
            }
        }
        if document.ledger.id.is_empty() {
            document.ledger.id = opening.fresh_id.into();
        }
        Ok(State {
            document,
            found,
            runs: self.runs,
            changed,
        })
    }
}

/// The bytes of a document.
pub(super) fn bytes_of(
    store: &dyn Store,
    document: &Document,
    key: &LedgerKey,
) -> Result<Vec<u8>, LedgerError> {
    document
        .to_bytes(key)
        .map_err(|error| LedgerError::io(&store.name("ledger.json"), "write")(error.into()))
}
