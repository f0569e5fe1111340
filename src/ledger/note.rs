//! The state machine of the ledger: what each record changes.
//!
//! One match, used while a run is recorded and when its journal is replayed, so that a crash loses nothing
//! that was recorded. It is total: no sequence of records makes it fail, a record that does not fit changes
//! nothing. It knows no store, no provider and no time but what the records say.

use super::record::{Entry, EntryPart, Ledger, Open, Record, StepId};
use crate::model::{
    Action, Address, Attrs, Data, Handle, Kind, Outcome, Part, Pending, Time, Unit, Write,
};
use std::collections::BTreeMap;

/// Changes the ledger by one record.
#[must_use]
pub fn note(mut ledger: Ledger, record: &Record) -> Ledger {
    match record {
        Record::Started { step, write, at } => {
            ledger.take(&write.unit);
            let open = Open {
                step: *step,
                write: write.clone(),
                since: *at,
                pending: None,
            };
            ledger.open.insert(write.unit.clone(), open);
        }
        Record::Ended { step, outcome } => {
            if let Some(open) = ledger.take_step(*step) {
                ledger.conclude(open, outcome);
            }
        }
        Record::Arrived { unit, outcome } => {
            if let Some(open) = ledger.take(unit) {
                ledger.conclude(open, outcome);
            }
        }
        Record::Adopted { address, entry } => ledger.adopt(address, entry.clone()),
        Record::Forgotten(address) => ledger.forget(address),
        Record::Moved { from, to } => ledger.rename(from, to),
        Record::AtGoal(address) => {
            if let Some(entry) = ledger.entries.get_mut(address) {
                entry.made = None;
            }
        }
        Record::Approved(digest) => {
            ledger.approved.insert(digest.clone());
            ledger.running = Some(digest.clone());
        }
        Record::Closed { finished } => {
            if *finished && let Some(digest) = &ledger.running {
                ledger.approved.remove(digest);
            }
            ledger.end_of_run();
        }
    }
    ledger
}

/// Changes the ledger by one record after the other.
#[must_use]
pub fn replayed<'a>(ledger: Ledger, records: impl IntoIterator<Item = &'a Record>) -> Ledger {
    records.into_iter().fold(ledger, note)
}

/// True if only a look-up or a person can tell whether a write without an answer took effect: it pays, or
/// makes something that the provider names. Of every other write the next read is the answer.
pub fn needs_doubt(write: &Write) -> bool {
    let makes = match write.action {
        Action::Create => write.unit.part.is_object(),
        Action::Update | Action::Delete => false,
    };
    write.order.is_some() || makes && provider_names(write.unit.address.kind)
}

/// True if a write changes nothing but secrets: no read tells whether it took effect, and sending it once more
/// does no harm.
pub fn only_secrets(write: &Write) -> bool {
    write.action == Action::Update
        && !write.after.is_empty()
        && write.after.secret_names().count() == write.after.iter().count()
}

/// True if what is made is known by a name that the provider gives, so that its absence from a list proves
/// nothing.
pub fn provider_names(kind: Kind) -> bool {
    match kind {
        Kind::Contact
        | Kind::Domain
        | Kind::RedirectService
        | Kind::Mail
        | Kind::Hosting
        | Kind::Database
        | Kind::Wordpress
        | Kind::Certificate => true,
        Kind::Zone
        | Kind::Record
        | Kind::Redirect
        | Kind::Mailbox
        | Kind::Autoresponder
        | Kind::FtpUser
        | Kind::Site
        | Kind::NsKey => false,
    }
}

/// True if the parts of an object are the members of a set, named by their content, and not facets.
pub(super) fn is_set(kind: Kind) -> bool {
    match kind {
        Kind::Record => true,
        Kind::Contact
        | Kind::Domain
        | Kind::Zone
        | Kind::RedirectService
        | Kind::Redirect
        | Kind::Mail
        | Kind::Mailbox
        | Kind::Autoresponder
        | Kind::Hosting
        | Kind::FtpUser
        | Kind::Database
        | Kind::Site
        | Kind::Wordpress
        | Kind::Certificate
        | Kind::NsKey => false,
    }
}

/// The part that a write leaves behind: of a set's member, the one named by its new content.
pub fn part_after(write: &Write) -> Part {
    match write.after.data("data") {
        Some(Data::Text(text)) if is_set(write.unit.address.kind) => Part(text.clone()),
        Some(Data::Text(_) | Data::Int(_) | Data::Bool(_) | Data::List(_) | Data::Print(_))
        | None => write.unit.part.clone(),
    }
}

impl Ledger {
    /// Takes a unit out of what is under way.
    fn take(&mut self, unit: &Unit) -> Option<Open> {
        let open = self.open.remove(unit);
        let doubt = self.doubts.remove(unit);
        let pending = self.pending.remove(unit);
        open.or(doubt).or(pending)
    }

    /// Takes out what a step of this run started. What is open is bounded by what a run writes ahead, so a
    /// walk over it is as good as an index.
    fn take_step(&mut self, step: StepId) -> Option<Open> {
        if step == StepId::NO_RUN {
            return None;
        }
        let unit = self
            .open
            .iter()
            .find(|(_, open)| open.step == step)
            .map(|(unit, _)| unit.clone())?;
        self.open.remove(&unit)
    }

    /// Files a write that was taken out under what came of it.
    fn conclude(&mut self, mut open: Open, outcome: &Outcome) {
        let unit = open.write.unit.clone();
        match outcome {
            Outcome::Done { handle, outputs } => self.apply(open, handle.as_ref(), outputs),
            Outcome::Refused(_) | Outcome::NotSent(_) => {}
            Outcome::Pending(pending) => {
                open.pending = Some(pending.clone());
                self.pending.insert(unit, open);
            }
            Outcome::Unknown(_) => self.leave(open),
        }
    }

    /// Keeps a write whose end is not known where somebody will ask for it.
    fn leave(&mut self, mut open: Open) {
        let unit = open.write.unit.clone();
        open.step = StepId::NO_RUN;
        let place = match open.pending {
            Some(Pending { .. }) => &mut self.pending,
            None if needs_doubt(&open.write) => &mut self.doubts,
            None => &mut self.open,
        };
        place.insert(unit, open);
    }

    /// Ends a run, closed or killed: its step numbers mean nothing any more.
    pub(super) fn end_of_run(&mut self) {
        self.running = None;
        for (_, open) in std::mem::take(&mut self.open) {
            self.leave(open);
        }
    }

    fn apply(&mut self, open: Open, handle: Option<&Handle>, outputs: &Attrs) {
        let Open { write, since, .. } = open;
        match write.action {
            Action::Create | Action::Update => {
                let entry = self.entries.entry(write.unit.address.clone()).or_default();
                entry.write(&write, since, handle);
                entry.outputs = std::mem::take(&mut entry.outputs).overlaid(outputs);
            }
            Action::Delete => {
                if !is_set(write.unit.address.kind) && write.unit.part.is_object() {
                    self.entries.remove(&write.unit.address);
                } else if let Some(entry) = self.entries.get_mut(&write.unit.address) {
                    entry.take_part(&write.unit.part, write.handle.as_ref());
                    if entry.parts.is_empty() {
                        self.entries.remove(&write.unit.address);
                    }
                }
            }
        }
    }

    /// What the new entry does not tell (a handle, outputs, the mark of a zone that we made) is kept. A set
    /// without members is no entry.
    fn adopt(&mut self, address: &Address, mut entry: Entry) {
        if let Some(known) = self.entries.remove(address) {
            entry.handle = entry.handle.or(known.handle);
            entry.outputs = known.outputs.overlaid(&entry.outputs);
            entry.made = entry.made.or(known.made);
        }
        if is_set(address.kind) && entry.parts.is_empty() {
            return;
        }
        entry.parts.sort_by(|a, b| a.part.cmp(&b.part));
        self.entries.insert(address.clone(), entry);
    }

    /// One record forgets one address: whoever forgets a subtree writes one for each address of it, so that
    /// the record tells how many they were. Orders under way stay: they cost money.
    fn forget(&mut self, address: &Address) {
        if address.kind.holds_value() {
            if let Some(entry) = self.entries.get_mut(address) {
                entry.forgotten = true;
            }
        } else {
            self.entries.remove(address);
        }
        for unit in units_of(&self.open, address) {
            if self
                .open
                .get(&unit)
                .is_some_and(|open| !needs_doubt(&open.write))
            {
                self.open.remove(&unit);
            }
        }
    }

    /// Gives an entry, and what is under way of it, another address, if nothing is known there yet.
    fn rename(&mut self, from: &Address, to: &Address) {
        let places = [&self.open, &self.doubts, &self.pending];
        if self.entries.contains_key(to)
            || places.iter().any(|place| !units_of(place, to).is_empty())
        {
            return;
        }
        if let Some(entry) = self.entries.remove(from) {
            self.entries.insert(to.clone(), entry);
        }
        for place in [&mut self.open, &mut self.doubts, &mut self.pending] {
            for unit in units_of(place, from) {
                if let Some(mut open) = place.remove(&unit) {
                    open.write.unit.address = to.clone();
                    place.insert(open.write.unit.clone(), open);
                }
            }
        }
    }
}

fn units_of(place: &BTreeMap<Unit, Open>, address: &Address) -> Vec<Unit> {
    place
        .range(Unit::new(address.clone(), Part::object())..)
        .map(|(unit, _)| unit)
        .take_while(|unit| unit.address == *address)
        .cloned()
        .collect()
}

impl Entry {
    /// Takes in a create or an update that is done.
    fn write(&mut self, write: &Write, since: Time, handle: Option<&Handle>) {
        let set = is_set(write.unit.address.kind);
        let old = match write.action {
            Action::Update => self.take_part(&write.unit.part, write.handle.as_ref()),
            // What is made again under the same name is the same; an equal member with a name of its own
            // is another one.
            Action::Create if set => self.take_equal(&part_after(write), handle),
            Action::Create => self.take_part(&write.unit.part, None),
            Action::Delete => None,
        };
        let (was, known, owner) = match old {
            Some(part) => (part.attrs, part.handle, part.owner),
            None => (Attrs::none(), None, None),
        };
        let called = handle.cloned().or_else(|| match write.action {
            Action::Update => write.handle.clone(),
            Action::Create | Action::Delete => None,
        });
        let part = if set {
            EntryPart {
                part: part_after(write),
                handle: called.or(known),
                attrs: write.after.clone(),
                owner,
            }
        } else {
            self.handle = called.or(self.handle.take());
            EntryPart {
                part: write.unit.part.clone(),
                handle: known,
                attrs: match write.action {
                    Action::Update if !self.forgotten => was.overlaid(&write.after),
                    // What is made again, or is ours again, has what was written now and nothing of before.
                    Action::Update | Action::Create | Action::Delete => write.after.clone(),
                },
                owner,
            }
        };
        self.forgotten = false;
        if write.action == Action::Create
            && write.unit.address.kind == Kind::Zone
            && write.unit.part.is_object()
        {
            self.made = Some(since);
        }
        let mut parts = std::mem::take(&mut self.parts).into_vec();
        let at = parts.partition_point(|known| known.part <= part.part);
        parts.insert(at, part);
        self.parts = parts.into();
    }

    /// Takes out a part: of equal ones the one with that handle, else the first.
    fn take_part(&mut self, part: &Part, handle: Option<&Handle>) -> Option<EntryPart> {
        let first = self.first(part)?;
        let at = self.parts[first..]
            .iter()
            .take_while(|known| known.part == *part)
            .position(|known| handle.is_some() && known.handle.as_ref() == handle)
            .map_or(first, |offset| first + offset);
        Some(self.take_at(at))
    }

    /// Takes out a part that has exactly that handle.
    fn take_equal(&mut self, part: &Part, handle: Option<&Handle>) -> Option<EntryPart> {
        let first = self.first(part)?;
        let offset = self.parts[first..]
            .iter()
            .take_while(|known| known.part == *part)
            .position(|known| known.handle.as_ref() == handle)?;
        Some(self.take_at(first + offset))
    }

    fn first(&self, part: &Part) -> Option<usize> {
        let at = self.parts.partition_point(|known| known.part < *part);
        (self.parts.get(at)?.part == *part).then_some(at)
    }

    fn take_at(&mut self, at: usize) -> EntryPart {
        let mut parts = std::mem::take(&mut self.parts).into_vec();
        let taken = parts.remove(at);
        self.parts = parts.into();
        taken
    }
}
