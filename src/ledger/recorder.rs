//! The journal side of a run: what is about to be sent is durable before it is sent.
//!
//! The one task that owns a run appends to it. The document is written at the end and every thousand
//! records, never per step. It does not know what a record is for; `note` does.

use super::error::LedgerError;
use super::journal::{self, Place};
use super::note::note;
use super::open::{Locked, bytes_of};
use super::record::{Ledger, Record};
use super::store::{Put, RunId};
use crate::model::Time;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Records of one segment: up to 64 steps ahead, with the endings that ride along.
const SEGMENT: usize = 128;
/// Records after which the document is written.
const COMMIT: usize = 1_000;

/// What a run says of itself when it begins.
#[derive(Debug, Clone, Copy)]
pub struct Begin<'a> {
    /// When.
    pub at: Time,
    /// In which process.
    pub pid: u32,
    /// The first file of the configuration, as people name it.
    pub first_file: &'a str,
}

/// A run that is being recorded. Dropping it without [`Recorder::finish`] is like a kill: nothing that was
/// durable is lost.
#[derive(Debug)]
pub struct Recorder {
    locked: Locked,
    run: RunId,
    /// The last segment written.
    number: u32,
    /// Taken in, and not yet durable.
    waiting: Vec<Record>,
    /// Since the document was written.
    since: usize,
}

impl Recorder {
    /// Begins a run: writes the document with all that earlier runs left in the journal, and clears it.
    pub fn begin(mut locked: Locked, begin: Begin<'_>) -> Result<Self, LedgerError> {
        locked.lease.check()?;
        let state = &mut locked.state;
        let ledger = &mut state.document.ledger;
        let mut stale =
            state.changed || state.found != super::Found::Here || !state.runs.is_empty();
        if ledger.first_file.is_none() {
            ledger.first_file = Some(begin.first_file.into());
            stale = true;
        }
        let mut run = RunId::new(begin.at, begin.pid);
        while state.runs.contains_key(&run) || state.document.applied.contains_key(&run) {
            run = run.next();
        }
        if stale {
            state.document.applied = state.runs.clone();
            let bytes = bytes_of(&*locked.store, &state.document, &locked.key)?;
            locked.store.put_document(&bytes)?;
        }
        for run in std::mem::take(&mut state.runs).keys() {
            locked.store.remove_run(run)?;
        }
        Ok(Self {
            locked,
            run,
            number: 0,
            waiting: Vec::new(),
            since: 0,
        })
    }

    /// What the ledger knows now.
    pub fn ledger(&self) -> &Ledger {
        self.locked.ledger()
    }

    /// Names this run.
    pub fn run(&self) -> &RunId {
        &self.run
    }

    /// Fails if another may hold the ledger by now: then nothing is sent, also of what is durable already.
    pub fn check(&self) -> Result<(), LedgerError> {
        self.locked.lease.check()
    }

    /// What [`Recorder::check`] says, for whoever sends: from any thread, and no longer than the lock is held.
    pub fn leave(&self) -> impl Fn() -> Result<(), LedgerError> + Send + Sync + use<> {
        let lease = Arc::downgrade(&self.locked.lease);
        let name = self.locked.store.name("");
        move || match lease.upgrade() {
            Some(lease) => lease.check(),
            None => Err(LedgerError::Lost { name: name.clone() }),
        }
    }

    /// Takes in a record that may become durable with the next segment (an ending that a read would prove).
    pub fn ride(&mut self, record: Record) {
        self.note(&record);
        self.waiting.push(record);
    }

    /// Takes in records; they, and all that waited, are durable when it returns. If it fails, those that are
    /// not durable are not taken in, and nothing of them may be sent.
    pub fn append(&mut self, records: &[Record]) -> Result<(), LedgerError> {
        let waiting = std::mem::take(&mut self.waiting);
        let all: Vec<&Record> = waiting.iter().chain(records).collect();
        let mut durable = 0;
        let mut ending = Ok(());
        for chunk in all.chunks(SEGMENT) {
            ending = self.put(chunk);
            if ending.is_err() {
                break;
            }
            durable += chunk.len();
        }
        let fresh = durable.saturating_sub(waiting.len());
        for record in &records[..fresh] {
            self.note(record);
        }
        self.waiting = waiting.into_iter().skip(durable).collect();
        self.since += durable;
        // Failing here would say that what is durable is not; it is tried again, and at the end told.
        if self.since >= COMMIT && ending.is_ok() && self.put_document().is_ok() {
            self.since = 0;
        }
        ending
    }

    /// Makes durable what waits.
    pub fn flush(&mut self) -> Result<(), LedgerError> {
        self.append(&[])
    }

    /// Writes the document, removes the run's journal and lets the lock go. The caller has recorded
    /// [`Record::Closed`]. If it fails, the journal stays and the next run replays it.
    pub fn finish(mut self) -> Result<Ledger, LedgerError> {
        self.flush()?;
        if self.number > 0 {
            self.put_document()?;
            self.locked.store.remove_run(&self.run)?;
        }
        Ok(std::mem::take(&mut self.locked.state.document.ledger))
    }

    fn note(&mut self, record: &Record) {
        let ledger = &mut self.locked.state.document.ledger;
        *ledger = note(std::mem::take(ledger), record);
    }

    fn put(&mut self, records: &[&Record]) -> Result<(), LedgerError> {
        self.locked.lease.check()?;
        let number = self.number + 1;
        let store = &*self.locked.store;
        let name = || store.name(&format!("journal/{}/{number:06}", self.run.as_str()));
        let place = Place {
            ledger: &self.locked.state.document.ledger.id,
            run: &self.run,
            number,
        };
        let bytes = journal::to_bytes(&place, records)
            .map_err(|error| LedgerError::io(&name(), "write")(error.into()))?;
        match store.put_segment(&self.run, number, &bytes)? {
            Put::Written => {
                self.number = number;
                Ok(())
            }
            Put::Exists => Err(LedgerError::edited(
                &name(),
                "something else wrote it while this run holds the lock",
            )),
        }
    }

    fn put_document(&mut self) -> Result<(), LedgerError> {
        self.locked.lease.check()?;
        let document = &mut self.locked.state.document;
        document.applied = BTreeMap::from([(self.run.clone(), self.number)]);
        let bytes = bytes_of(&*self.locked.store, document, &self.locked.key)?;
        self.locked.store.put_document(&bytes)
    }
}
