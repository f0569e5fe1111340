//! The document of one account, and the records that change it.
//!
//! `note` is the one state machine: it is used while a run is recorded and when its journal is replayed.

use crate::model::{Address, Attrs, Handle, Outcome, Part, Pending, Time, Unit, Write};
use std::collections::{BTreeMap, BTreeSet};

/// Numbers the steps of a plan, from 1.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct StepId(pub u32);

impl StepId {
    /// Of no run that is under way: what a run left open when it ended or was killed.
    pub const NO_RUN: StepId = StepId(0);
}

/// One part as it was last applied, adopted or found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPart {
    /// Which part.
    pub part: Part,
    /// What the provider called it.
    pub handle: Option<Handle>,
    /// The attributes that the file declared then; others are not managed and not kept.
    pub attrs: Attrs,
    /// The declared object that needs it.
    pub owner: Option<Box<Address>>,
}

/// What the ledger knows of one object. Its parts are sorted by part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// What the provider calls it.
    pub handle: Option<Handle>,
    /// Sorted by part.
    pub parts: Box<[EntryPart]>,
    /// What the provider named.
    pub outputs: Attrs,
    /// No longer declared, and left as it is: kept so that it is neither lost nor bought again.
    pub forgotten: bool,
    /// A zone that a run of ours made (at that time) and that no later plan found at its goal yet: its
    /// provider may still put default records into it.
    pub made: Option<Time>,
}

impl Entry {
    /// The part of that name.
    pub fn part(&self, part: &Part) -> Option<&EntryPart> {
        let at = self.parts.partition_point(|known| known.part < *part);
        self.parts.get(at).filter(|known| known.part == *part)
    }
}

/// A write that was started and has not ended, or whose end is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The step of the run that started it; [`StepId::NO_RUN`] once that run is over.
    pub step: StepId,
    /// What was to be written.
    pub write: Write,
    /// When it was started.
    pub since: Time,
    /// Accepted and not finished; `None`: the outcome is not known.
    pub pending: Option<Pending>,
}

/// The memory of one account. A unit stands in at most one of `open`, `doubts` and `pending`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// Names this ledger; a plan made with another one is refused.
    pub id: Box<str>,
    /// What is known, by address (with this run's account label).
    pub entries: BTreeMap<Address, Entry>,
    /// Writes that have not ended, or that ended without an answer and that the next read settles.
    pub open: BTreeMap<Unit, Open>,
    /// Outcomes that a look-up or a person must settle.
    pub doubts: BTreeMap<Unit, Open>,
    /// Accepted and unfinished.
    pub pending: BTreeMap<Unit, Open>,
    /// Digests that were approved and are unfinished.
    pub approved: BTreeSet<Box<str>>,
    /// The one of them that a run is carrying out.
    pub running: Option<Box<str>>,
    /// The first file of the runs that wrote it.
    pub first_file: Option<Box<str>>,
}

impl Ledger {
    /// What is known, with handles, as a provider needs it to read what is live.
    pub fn recorded(&self) -> Vec<(Address, Option<Handle>)> {
        let known = |(address, entry): (&Address, &Entry)| (address.clone(), entry.handle.clone());
        self.entries.iter().map(known).collect()
    }

    /// What is under way, doubted or pending, as a provider needs it to look it up.
    pub fn under_way(&self) -> Vec<(Write, Option<Pending>)> {
        [&self.open, &self.doubts, &self.pending]
            .into_iter()
            .flat_map(|place| place.values())
            .map(|open| (open.write.clone(), open.pending.clone()))
            .collect()
    }
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// A write is about to be sent. A step number is used once in a run, and a unit is started again only
    /// after it has ended.
    Started {
        /// The step.
        step: StepId,
        /// What is written, with the attributes before and after.
        write: Write,
        /// When.
        at: Time,
    },
    /// It ended.
    Ended {
        /// The step.
        step: StepId,
        /// How.
        outcome: Outcome,
    },
    /// Something under way was found done, undone or changed.
    Arrived {
        /// What.
        unit: Unit,
        /// How.
        outcome: Outcome,
    },
    /// Live equals the file and the ledger did not know it, or knew less.
    Adopted {
        /// Which object.
        address: Address,
        /// As it is now.
        entry: Entry,
    },
    /// No longer declared and left as it is; of what holds no value, nothing is kept. Of this address alone:
    /// a subtree is forgotten by one record for each address of it.
    Forgotten(Address),
    /// Renamed without a request.
    Moved {
        /// From.
        from: Address,
        /// To.
        to: Address,
    },
    /// A zone that we made was found at its goal, later.
    AtGoal(Address),
    /// A run with this digest was approved and starts.
    Approved(Box<str>),
    /// The run ended; `finished`: nothing of its plan is left.
    Closed {
        /// Nothing of the plan is left.
        finished: bool,
    },
}
