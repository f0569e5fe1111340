//! Record sets of one zone: values matched as sets, and the room that a CNAME needs.
//!
//! A record address that the file declares is the file's whole; a value that goes and one that comes are
//! one update, so that a name is never without data in between.

use super::World;
use super::change::{Act, Change, Changes, Held, Note};
use super::decide::{Decl, Obs, Policy, Recd, Verdict, decide};
use super::services::is_anothers;
use super::undeclared::{forget, why_not};
use super::walk::{Case, open, parent_stands};
use crate::ledger::Entry;
use crate::model::Severity;
use crate::model::pattern::Pattern;
use crate::model::{
    Address, Attrs, Cause, Declared, Origin, Part, Seen, SeenPart, Unit, Value, Wanted, dns,
};

/// What holds for all records of a zone.
pub(super) struct Zone<'a> {
    world: &'a World<'a>,
    address: Address,
    pub(super) live: bool,
    purge: bool,
    /// Made by us and not at its goal yet: what nobody knows in it are the provider's default records.
    pub(super) made: bool,
    ignore: Vec<(Pattern, Pattern)>,
}

/// What becomes of one address.
#[derive(Default)]
pub(super) struct Fate {
    pub(super) changes: Vec<Change>,
    /// Live values that stay, and that nobody declared.
    pub(super) stays: Vec<SeenPart>,
    /// Declared values that are live already.
    matched: usize,
    notes: Vec<Note>,
    pub(super) held: Option<Held>,
}

impl Fate {
    /// Adds a change. Most addresses have one, and a vector would begin with room for four.
    pub(super) fn add(&mut self, change: Change) {
        if self.changes.is_empty() {
            self.changes.reserve_exact(1);
        }
        self.changes.push(change);
    }
}

/// Decides about all record addresses of one zone.
pub(super) fn zone(world: &World, cases: &[Case], changes: &mut Changes) {
    let Some(zone_address) = cases.first().and_then(|case| case.address.parent()) else {
        return;
    };
    if !parent_stands(world, cases[0].address) {
        let ours = cases.iter().filter(|case| case.entry.is_some());
        changes.list.extend(ours.map(|case| forget(case.address)));
        return;
    }
    let rules = world
        .desired
        .objects()
        .get(&zone_address)
        .and_then(|zone| zone.rules.as_deref());
    let today = world.live.as_of.to_zoned(jiff::tz::TimeZone::UTC).date();
    let zone = Zone {
        world,
        live: world.live.objects.contains_key(&zone_address),
        purge: rules.is_some_and(|rules| rules.purge),
        made: world
            .entry(&zone_address)
            .is_some_and(|entry| entry.made.is_some()),
        ignore: rules
            .map(|rules| &*rules.ignore)
            .unwrap_or_default()
            .iter()
            .filter(|ignore| ignore.until.is_none_or(|until| today <= until))
            .map(|ignore| (Pattern::new(&ignore.host), Pattern::new(&ignore.rtype)))
            .collect(),
        address: zone_address,
    };
    let mut fates: Vec<Fate> = cases
        .iter()
        .map(|case| zone.fate(case, &mut changes.compared))
        .collect();
    super::room::make_room(&zone, cases, &mut fates);
    for (case, fate) in cases.iter().zip(fates) {
        if !fate.stays.is_empty() && case.declared.is_none() {
            changes.unmanaged.push(case.address.clone());
        }
        if case.declared.is_some() && fate.changes.is_empty() && fate.held.is_none() {
            changes.unchanged += 1;
        }
        changes.list.extend(fate.changes);
        changes.notes.extend(fate.notes);
        changes.held.extend(fate.held);
    }
}

impl Zone<'_> {
    fn fate(&self, case: &Case, compared: &mut usize) -> Fate {
        *compared += case.seen.map_or(0, |seen| seen.parts.len())
            + case.declared.map_or(0, |d| d.parts.len());
        match case.declared {
            Some(declared) if self.live => self.declared(case, declared),
            Some(declared) => self.to_come(case, declared),
            None => self.undeclared(case),
        }
    }

    /// The zone itself is not there yet: its records are decided once it is.
    fn to_come(&self, case: &Case, declared: &Declared) -> Fate {
        let mut fate = Fate::default();
        for wanted in &declared.parts {
            let known = case
                .entry
                .is_some_and(|entry| entry.part(&wanted.part).is_some());
            let reason = if known {
                Cause::Missing
            } else {
                Cause::NewInFile
            };
            let mut made = coming(case.address, wanted, Act::Create, reason);
            made.below_new = Some(Box::new(self.address.clone()));
            fate.add(made);
        }
        fate
    }

    fn declared(&self, case: &Case, declared: &Declared) -> Fate {
        let mut fate = Fate::default();
        let nothing = Seen::default();
        let seen = case.seen.unwrap_or(&nothing);
        let mut missing: Vec<&Wanted> = Vec::new();
        for wanted in &declared.parts {
            let known = known(case.entry, &wanted.part);
            let obs = if seen.part(&wanted.part).is_some() {
                Obs::Same
            } else {
                Obs::Absent
            };
            let (doubt, pending) = open(self.world, case.address, &wanted.part);
            let recd = if known { Recd::Yes } else { Recd::No };
            match decide((Decl::Yes, recd, obs, doubt, pending), &self.policy()) {
                Verdict::Adopt => {
                    fate.matched += 1;
                    fate.add(staying(case.address, wanted));
                }
                Verdict::Create => missing.push(wanted),
                Verdict::Blocked(why) => {
                    let (code, reason) = why_not(case.address, why);
                    let origin = Some(wanted.origin.clone());
                    fate.held = Some(Held {
                        address: case.address.clone(),
                        code,
                        reason,
                        origin,
                    });
                    return fate;
                }
                Verdict::Keep
                | Verdict::Update
                | Verdict::Delete
                | Verdict::Forget
                | Verdict::Unmanaged => {
                    fate.matched += 1;
                }
            }
        }
        let mut going: Vec<(&SeenPart, Part)> = Vec::new();
        for (part, seen) in with_own_parts(&seen.parts) {
            if wants(declared, &seen.part) {
                continue;
            }
            let ours = known_value(case.entry, seen);
            let whole = self.purge || !is_text(case.address) || makes_room_for(seen, declared);
            let policy = Policy {
                purge: whole,
                held: is_anothers(seen, ours),
                ..self.policy()
            };
            let recd = if ours { Recd::Yes } else { Recd::No };
            match decide((Decl::No, recd, Obs::Differs, false, false), &policy) {
                Verdict::Delete => going.push((seen, part)),
                Verdict::Unmanaged => {
                    fate.notes.push(beside(case.address, seen, declared));
                    fate.stays.push(seen.clone());
                }
                Verdict::Keep | Verdict::Forget => fate.stays.push(seen.clone()),
                Verdict::Create | Verdict::Adopt | Verdict::Update | Verdict::Blocked(_) => {}
            }
        }
        let was_there = !seen.parts.is_empty();
        self.pair(case, &mut going, &mut missing, &mut fate);
        for wanted in missing {
            let reason = match case.entry {
                Some(entry) if entry.part(&wanted.part).is_some() => Cause::Missing,
                Some(_) if was_there => Cause::EditedInFile,
                _ => Cause::NewInFile,
            };
            let act = if was_there { Act::Update } else { Act::Create };
            fate.add(coming(case.address, wanted, act, reason));
        }
        let origin = declared.parts.first().map(|wanted| &wanted.origin);
        for (seen, part) in going {
            fate.add(self.leaving(case, seen, part, Act::Update, origin));
        }
        lost(case, declared, seen, &mut fate);
        fate
    }

    /// Makes one update of a value that goes and one that comes: first by the id that the ledger holds,
    /// then in order.
    fn pair(
        &self,
        case: &Case,
        going: &mut Vec<(&SeenPart, Part)>,
        missing: &mut Vec<&Wanted>,
        fate: &mut Fate,
    ) {
        let mut pairs: Vec<((&SeenPart, Part), &Wanted)> = Vec::new();
        let mut rest = Vec::new();
        for gone in going.drain(..) {
            let applied = applied_to(case.entry, gone.0);
            // Both lists are sorted by part, and stay so.
            let found = |applied: &Part| {
                missing
                    .binary_search_by(|wanted| wanted.part.cmp(applied))
                    .ok()
            };
            match applied.and_then(found) {
                Some(at) => pairs.push((gone, missing.remove(at))),
                None => rest.push(gone),
            }
        }
        let count = rest.len().min(missing.len());
        let leftover = rest.split_off(count);
        pairs.extend(rest.into_iter().zip(missing.drain(..count)));
        *going = leftover;
        for ((seen, part), wanted) in pairs {
            let applied = applied_to(case.entry, seen);
            let reason = match applied {
                Some(applied) if *applied == seen.part => Cause::EditedInFile,
                Some(applied) if *applied == wanted.part => Cause::ChangedOutside,
                Some(_) => Cause::Both,
                None if self.made && !known_value(case.entry, seen) => Cause::ProviderDefault,
                None => Cause::ChangedOutside,
            };
            fate.add(Change {
                unit: Unit::new(case.address.clone(), part),
                act: Act::Update,
                before: seen.attrs.clone(),
                after: wanted.attrs.clone(),
                applied: applied.map_or(Attrs::none(), |part| {
                    Attrs::one("data", Value::text(&part.0))
                }),
                there: true,
                reason,
                origin: Some(wanted.origin.clone()),
                needs: wanted.needs.to_vec(),
                below_new: None,
            });
        }
    }

    fn undeclared(&self, case: &Case) -> Fate {
        let mut fate = Fate::default();
        let entry = case.entry.filter(|entry| !entry.forgotten);
        let Some(seen) = case.seen else {
            if entry.is_some() {
                fate.add(forget(case.address));
            }
            return fate;
        };
        let mut going: Vec<(&SeenPart, Part)> = Vec::new();
        let mut forgotten = false;
        for (part, seen) in with_own_parts(&seen.parts) {
            let ours = known_value(entry, seen);
            let held = self.keeps(case.address, seen, ours);
            let policy = Policy {
                held,
                ..self.policy()
            };
            let recd = if ours { Recd::Yes } else { Recd::No };
            match decide((Decl::No, recd, Obs::Differs, false, false), &policy) {
                Verdict::Delete => going.push((seen, part)),
                Verdict::Forget => forgotten = true,
                Verdict::Unmanaged => fate.stays.push(seen.clone()),
                Verdict::Keep
                | Verdict::Create
                | Verdict::Adopt
                | Verdict::Update
                | Verdict::Blocked(_) => {}
            }
        }
        let act = if going.len() == seen.parts.len() {
            Act::Delete
        } else {
            Act::Update
        };
        let all: Vec<Change> = going
            .into_iter()
            .map(|(seen, part)| self.leaving(case, seen, part, act, None))
            .collect();
        if all.is_empty() && (forgotten || entry.is_some()) {
            fate.add(forget(case.address));
        }
        fate.changes.extend(all);
        fate
    }

    fn policy(&self) -> Policy {
        Policy {
            child: true,
            parent_stands: true,
            purge: self.purge,
            ..Policy::default()
        }
    }

    /// True if an undeclared live value is left alone whatever `purge` says.
    fn keeps(&self, address: &Address, seen: &SeenPart, ours: bool) -> bool {
        let Some((host, rtype)) = address.host_and_type() else {
            return true;
        };
        let ignored = self
            .ignore
            .iter()
            .any(|(h, t)| h.matches_text(host) && t.matches_text(rtype));
        let foreign = !ours && !dns::is_known_type(rtype);
        ignored || foreign || never_written(address) || is_anothers(seen, ours)
    }

    pub(super) fn leaving(
        &self,
        case: &Case,
        seen: &SeenPart,
        part: Part,
        act: Act,
        origin: Option<&Origin>,
    ) -> Change {
        let ours = known_value(case.entry, seen);
        let reason = match (ours, self.made, act) {
            (true, ..) | (false, false, Act::Delete) => Cause::NotInFile,
            (false, true, _) => Cause::ProviderDefault,
            (false, false, _) if case.declared.is_some() => Cause::ChangedOutside,
            (false, false, _) => Cause::NotInFile,
        };
        Change {
            unit: Unit::new(case.address.clone(), part),
            act,
            before: seen.attrs.clone(),
            after: Attrs::none(),
            applied: Attrs::none(),
            there: true,
            reason,
            origin: origin.cloned(),
            needs: Vec::new(),
            below_new: None,
        }
    }
}

/// True for what no file deletes by leaving it out: SOA, and NS at the apex.
pub fn never_written(address: &Address) -> bool {
    matches!(address.host_and_type(), Some((_, "SOA") | ("@", "NS")))
}

fn is_text(address: &Address) -> bool {
    matches!(address.host_and_type(), Some((_, "TXT")))
}

/// The version word a text begins with (`v=spf1`, `v=DMARC1`), in lower case.
fn version_word(text: &str) -> Option<String> {
    let word = text.split([' ', ';', '\t']).next()?;
    let lower = word.to_ascii_lowercase();
    lower.starts_with("v=").then_some(lower)
}

/// An SPF, DMARC or DKIM text makes room for a declared one of its kind: two of them are none.
fn makes_room_for(seen: &SeenPart, declared: &Declared) -> bool {
    let Some(word) = seen.attrs.text("data").and_then(version_word) else {
        return false;
    };
    declared
        .parts
        .iter()
        .any(|wanted| wanted.attrs.text("data").and_then(version_word).as_deref() == Some(&*word))
}

/// Each live value with a part of its own: equal values beyond the first are numbered, so that each can be
/// deleted.
pub(crate) fn with_own_parts(parts: &[SeenPart]) -> impl Iterator<Item = (Part, &SeenPart)> {
    let mut count = 0_usize;
    parts.iter().enumerate().map(move |(at, seen)| {
        count = if at > 0 && parts[at - 1].part == seen.part {
            count + 1
        } else {
            1
        };
        let part = if count == 1 {
            seen.part.clone()
        } else {
            Part(format!("{} #{count}", seen.part.0).into())
        };
        (part, seen)
    })
}

/// The live value behind a unit, numbered ones included.
pub fn live_part<'a>(seen: &'a Seen, part: &Part) -> Option<&'a SeenPart> {
    seen.part(part).or_else(|| {
        let (text, _) = part.0.rsplit_once(" #")?;
        let start = seen.parts.partition_point(|seen| *seen.part.0 < *text);
        let equal = seen.parts[start..]
            .iter()
            .take_while(|seen| *seen.part.0 == *text)
            .count();
        with_own_parts(&seen.parts[start..start + equal])
            .find(|(own, _)| own == part)
            .map(|(_, seen)| seen)
    })
}

/// True if the file names this value.
fn wants(declared: &Declared, part: &Part) -> bool {
    declared
        .parts
        .binary_search_by(|wanted| wanted.part.cmp(part))
        .is_ok()
}

fn known(entry: Option<&Entry>, part: &Part) -> bool {
    entry.is_some_and(|entry| !entry.forgotten && entry.part(part).is_some())
}

/// What was applied last to the live value: the same content, else the same id.
fn applied_to<'a>(entry: Option<&'a Entry>, seen: &SeenPart) -> Option<&'a Part> {
    let entry = entry.filter(|entry| !entry.forgotten)?;
    entry.part(&seen.part).map(|known| &known.part).or_else(|| {
        let by_id = |known: &&crate::ledger::EntryPart| {
            known.handle.is_some() && known.handle == seen.handle
        };
        entry.parts.iter().find(by_id).map(|known| &known.part)
    })
}

fn known_value(entry: Option<&Entry>, seen: &SeenPart) -> bool {
    applied_to(entry, seen).is_some()
}

fn coming(address: &Address, wanted: &Wanted, act: Act, reason: Cause) -> Change {
    Change {
        unit: Unit::new(address.clone(), wanted.part.clone()),
        act,
        before: Attrs::none(),
        after: wanted.attrs.clone(),
        applied: Attrs::none(),
        there: false,
        reason,
        origin: Some(wanted.origin.clone()),
        needs: wanted.needs.to_vec(),
        below_new: None,
    }
}

fn staying(address: &Address, wanted: &Wanted) -> Change {
    Change {
        before: wanted.attrs.clone(),
        there: true,
        ..coming(address, wanted, Act::Adopt, Cause::Adopted)
    }
}

/// Values that the ledger knows and that are neither live nor declared: the ledger lets go of them.
fn lost(case: &Case, declared: &Declared, seen: &Seen, fate: &mut Fate) {
    let Some(entry) = case.entry.filter(|entry| !entry.forgotten) else {
        return;
    };
    for known in &entry.parts {
        let wanted = wants(declared, &known.part);
        let moved = fate
            .changes
            .iter()
            .any(|change| change.applied.text("data") == Some(&known.part.0));
        if !wanted && !moved && seen.part(&known.part).is_none() {
            fate.add(Change {
                unit: Unit::new(case.address.clone(), known.part.clone()),
                act: Act::Adopt,
                before: Attrs::none(),
                after: Attrs::none(),
                applied: known.attrs.clone(),
                there: false,
                reason: Cause::Adopted,
                origin: declared.parts.first().map(|wanted| wanted.origin.clone()),
                needs: Vec::new(),
                below_new: None,
            });
        }
    }
}

fn beside(address: &Address, seen: &SeenPart, declared: &Declared) -> Note {
    let text = seen.attrs.text("data").unwrap_or_default();
    let text: String = text.chars().take(60).collect();
    Note {
        code: "record.beside",
        severity: Severity::Notice,
        address: address.clone(),
        message: format!(
            "a text that neither the file nor the ledger knows stands beside yours and stays: {text:?}. To manage \
             it, write it into the file; to remove it, set purge = true for the zone"
        ),
        origin: declared.parts.first().map(|wanted| wanted.origin.clone()),
    }
}
