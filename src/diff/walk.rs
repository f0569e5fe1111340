//! The walk over both sides and the ledger: one sorted merge, linear in what there is.
//!
//! It turns each unit into a case for [`decide`](super::decide()), and each verdict into a change. Record
//! sets are matched as sets, in `records`.

use super::World;
use super::change::{Act, Change, Changes, Held, Note};
use super::decide::{Decl, Obs, Policy, Recd, Verdict, decide};
use super::secrets::{self, Carried};
use super::services::Capacity;
use super::undeclared::{undeclared_object, why_not};
use super::{records, services};
use crate::ledger::{Entry, EntryPart};
use crate::model::Severity;
use crate::model::{
    Address, Attrs, Cause, Data, Declared, Kind, Need, Part, Seen, SeenPart, Unit, Wanted,
};
use std::collections::BTreeMap;

/// One address with everything that is known of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) address: &'a Address,
    pub(super) declared: Option<&'a Declared>,
    pub(super) entry: Option<&'a Entry>,
    pub(super) seen: Option<&'a Seen>,
}

/// Compares everything, in order of address.
pub fn diff(world: &World) -> Changes {
    let mut changes = Changes::default();
    let mut zone_cases: Vec<Case> = Vec::new();
    let failed: BTreeMap<&Address, &str> = world
        .live
        .failed
        .iter()
        .map(|(address, reason)| (address, &*reason.text))
        .collect();
    for case in merged(world) {
        if let Some((what, text)) = unread(&failed, case.address) {
            // What lives in a declared object is told with it.
            let told = what != *case.address && world.desired.objects().contains_key(&what);
            if case.declared.is_some() && !told {
                let reason = format!("it could not be read, so nothing is sent: {text}");
                hold(&mut changes, &case, "read.failed", &reason);
            }
            continue;
        }
        if case.address.kind == Kind::Record {
            let same_zone = zone_cases.last().is_none_or(|last| {
                last.address.domain == case.address.domain
                    && last.address.account == case.address.account
            });
            if !same_zone {
                records::zone(world, &zone_cases, &mut changes);
                zone_cases.clear();
            }
            zone_cases.push(case);
        } else {
            object(world, &case, &mut changes);
        }
    }
    records::zone(world, &zone_cases, &mut changes);
    services::beside_records(world, &mut changes);
    changes.list.sort_by(|a, b| a.unit.cmp(&b.unit));
    changes.held.sort_by(|a, b| a.address.cmp(&b.address));
    changes
}

/// What could not be read and why: the object, or what it lives in.
fn unread<'a>(
    failed: &BTreeMap<&Address, &'a str>,
    address: &Address,
) -> Option<(Address, &'a str)> {
    if failed.is_empty() {
        return None;
    }
    let service = address.service();
    let above = std::iter::successors(Some(address.clone()), Address::parent);
    above
        .chain(service)
        .find_map(|above| failed.get(&above).map(|text| (above, *text)))
}

/// The union of the three sides, sorted by address.
fn merged<'a>(world: &World<'a>) -> impl Iterator<Item = Case<'a>> {
    let mut desired = world.desired.objects().iter().peekable();
    let mut ledger = world
        .ledgers
        .values()
        .flat_map(|ledger| ledger.entries.iter())
        .peekable();
    let mut live = world.live.objects.iter().peekable();
    std::iter::from_fn(move || {
        let address = [
            desired.peek().map(|(address, _)| *address),
            ledger.peek().map(|(address, _)| *address),
            live.peek().map(|(address, _)| *address),
        ]
        .into_iter()
        .flatten()
        .min()?;
        Some(Case {
            address,
            declared: desired
                .next_if(|(next, _)| *next == address)
                .map(|(_, value)| value),
            entry: ledger
                .next_if(|(next, _)| *next == address)
                .map(|(_, value)| value),
            seen: live
                .next_if(|(next, _)| *next == address)
                .map(|(_, value)| value),
        })
    })
}

/// The policy for an object that is no record.
fn policy(world: &World, case: &Case) -> Policy {
    let address = case.address;
    Policy {
        valued: address.kind.holds_value(),
        child: matches!(address.kind, Kind::Record | Kind::Redirect | Kind::FtpUser)
            && !services::is_own_user(address),
        parent_stands: parent_stands(world, address),
        consent: services::can_be_destroyed(address)
            && world
                .intent
                .destroy
                .iter()
                .any(|pattern| pattern.matches(address)),
        not_ours_to_make: services::comes_with_an_order(address),
        ..Policy::default()
    }
}

/// True if the block stands in which the object is written, or would be. A redirection or a mailbox needs no
/// block but its domain's, which is also there where only the zone is in an account.
pub(super) fn parent_stands(world: &World, address: &Address) -> bool {
    if matches!(address.kind, Kind::Redirect | Kind::Mailbox) {
        return world.desired.homes().contains_key(&address.domain);
    }
    address
        .parent()
        .is_none_or(|parent| world.desired.objects().contains_key(&parent))
}

fn object(world: &World, case: &Case, changes: &mut Changes) {
    let policy = policy(world, case);
    match case.declared.filter(|declared| !is_gone(declared)) {
        Some(declared) => declared_object(world, case, declared, &policy, changes),
        None => undeclared_object(world, case, &policy, changes),
    }
}

/// True if the file says that there shall be none.
fn is_gone(declared: &Declared) -> bool {
    declared.rules.as_ref().is_some_and(|rules| rules.gone)
}

/// The part that says whether the object is there: `order` of what is ordered, else the object itself.
fn is_existence(part: &Part) -> bool {
    part.is_object() || &*part.0 == "order"
}

fn declared_object(
    world: &World,
    case: &Case,
    declared: &Declared,
    policy: &Policy,
    changes: &mut Changes,
) {
    let before = changes.list.len();
    if let Some(lacking) = services::lacking(world, case) {
        changes.held.push(lacking);
        return;
    }
    let mut held = false;
    for wanted in &declared.parts {
        changes.compared += 1;
        let unit = Unit::new(case.address.clone(), wanted.part.clone());
        let exists = is_existence(&wanted.part);
        let seen = case.seen.and_then(|seen| seen.part(&wanted.part));
        let known = case.entry.and_then(|entry| entry.part(&wanted.part));
        let unreadable = world
            .live
            .unreadable
            .contains(&(case.address.account.clone(), case.address.kind))
            || world.live.unreadable_units.contains(&unit);
        let obs = if unreadable {
            Obs::Unreadable
        } else {
            observe(world, case, wanted, seen)
        };
        let recd = recorded(case, known);
        let (doubt, pending) = open(world, case.address, &wanted.part);
        // A facet of an object that is not there yet is decided once it is.
        let policy = Policy {
            valued: policy.valued && exists,
            not_ours_to_make: policy.not_ours_to_make && exists,
            ..*policy
        };
        let verdict = decide((Decl::Yes, recd, obs, doubt, pending), &policy);
        if let Verdict::Blocked(why) = verdict {
            let (code, reason) = why_not(case.address, why);
            if !held {
                let origin = Some(wanted.origin.clone());
                changes.held.push(Held {
                    address: case.address.clone(),
                    code,
                    reason,
                    origin,
                });
            }
            held = true;
            if exists {
                // What is not there whole has no part to be written.
                changes.list.truncate(before);
                return;
            }
            continue;
        }
        if services::is_capacity(&wanted.part) {
            match services::capacity(case, wanted, seen) {
                Capacity::Same => {}
                Capacity::Unknown => continue,
                Capacity::Told(note) => {
                    changes.notes.push(note);
                    continue;
                }
                Capacity::Above(above) => {
                    changes.held.push(above);
                    held = true;
                    continue;
                }
            }
        }
        let facts = Facts {
            case,
            declared,
            wanted,
            seen,
            known: known.filter(|_| recd == Recd::Yes),
        };
        if let Err(missing) = facts.act_on(verdict, obs, world, changes) {
            changes.held.push(*missing);
            held = true;
        }
    }
    released(case, declared, changes);
    if changes.list.len() == before && !held {
        changes.unchanged += 1;
    }
}

/// Everything about one declared part.
struct Facts<'a> {
    case: &'a Case<'a>,
    declared: &'a Declared,
    wanted: &'a Wanted,
    seen: Option<&'a SeenPart>,
    /// What the ledger knows of it, if it is ours.
    known: Option<&'a EntryPart>,
}

impl Facts<'_> {
    /// Makes changes of a verdict; an error where a secret is missing that a change would have to carry.
    fn act_on(
        &self,
        verdict: Verdict,
        obs: Obs,
        world: &World,
        changes: &mut Changes,
    ) -> Result<(), Box<Held>> {
        let exists = is_existence(&self.wanted.part);
        let none = Attrs::none();
        let recorded = self.known.map_or(&none, |known| &known.attrs);
        let secrets = secrets::of_part(world, self.case, (self.declared, self.wanted), recorded);
        let carried = match verdict {
            // A facet that is not there counts as changed: only the object itself is created.
            Verdict::Create if !exists && self.case.seen.is_some() => {
                if obs == Obs::Unreadable {
                    note_unreadable(self.case, self.wanted, changes);
                }
                let carried = secrets.for_update()?;
                changes.list.push(self.written(Act::Update, &carried));
                carried
            }
            Verdict::Create => {
                let carried = secrets.for_create()?;
                let mut made = self.written(Act::Create, &carried);
                if !exists {
                    made.below_new = Some(Box::new(self.case.address.clone()));
                }
                made.needs.extend(self.mailbox_to_come(world));
                changes.list.push(made);
                carried
            }
            Verdict::Update => {
                services::ends_a_mailbox(world, (self.case, self.wanted), self.seen)?;
                services::still_made(world, (self.case, self.wanted))?;
                changes.list.extend(self.equal_ones(&secrets.noted));
                let carried = secrets.for_update()?;
                changes.list.push(self.written(Act::Update, &carried));
                carried
            }
            Verdict::Keep | Verdict::Adopt => {
                let expected = self.wanted.attrs.overlaid(&secrets.noted);
                let other = self.known.is_some_and(|known| known.attrs != expected);
                if verdict == Verdict::Adopt || (obs == Obs::Same && other) {
                    changes.list.push(self.adopted(&secrets.noted));
                }
                let carried = secrets.alone()?;
                if !carried.prints.is_empty() {
                    let mut sent = self.change(Act::Update);
                    (sent.before, sent.after, sent.applied) =
                        (Attrs::none(), carried.prints.clone(), Attrs::none());
                    sent.reason = carried.cause.unwrap_or(sent.reason);
                    changes.list.push(sent);
                }
                carried
            }
            Verdict::Delete | Verdict::Forget | Verdict::Unmanaged | Verdict::Blocked(_) => {
                unreachable!("decide never gives these for what is declared; its laws hold it")
            }
        };
        if verdict != Verdict::Create {
            changes.notes.extend(secrets.told(&carried.prints));
        }
        Ok(())
    }

    /// A write of what differs, with the secrets that go with it.
    fn written(&self, act: Act, carried: &Carried) -> Change {
        let mut change = self.change(act);
        change.after = change.after.overlaid(&carried.prints);
        change
    }

    /// A note that what is live is as the file says, with the fingerprints that stand for its secrets.
    fn adopted(&self, prints: &Attrs) -> Change {
        let mut change = self.change(Act::Adopt);
        change.after = change.after.overlaid(prints);
        change
    }

    /// An automatic answer is written into its mailbox, which this plan may have to make.
    fn mailbox_to_come(&self, world: &World) -> Option<Need> {
        if self.case.address.kind != Kind::Autoresponder {
            return None;
        }
        let mailbox = self.case.address.parent()?;
        let need = Need::Unit(Unit::new(mailbox.clone(), Part::object()));
        (!world.live.objects.contains_key(&mailbox) && !self.wanted.needs.contains(&need))
            .then_some(need)
    }

    fn change(&self, act: Act) -> Change {
        let (wanted, known) = (self.wanted, self.known);
        let none = Attrs::none();
        let live = self.seen.map_or(&none, |seen| &seen.attrs);
        let applied = known.map_or(&none, |known| &known.attrs);
        let (after, before) = if act == Act::Adopt || act == Act::Create {
            (wanted.attrs.clone(), live.restricted_to(&wanted.attrs))
        } else {
            // Only what differs is sent and shown; the rest of the facet is not touched.
            let differs: Vec<_> = wanted
                .attrs
                .iter()
                .filter(|(name, value)| live.get(name) != Some(*value))
                .map(|(name, value)| (name, value.clone()))
                .collect();
            let after = Attrs::new(differs);
            let before = live.restricted_to(&after);
            (after, before)
        };
        let reason = match act {
            Act::Adopt => Cause::Adopted,
            Act::Create if known.is_some() => Cause::Missing,
            Act::Create => Cause::NewInFile,
            Act::Update | Act::Delete | Act::Forget => {
                changed_by(&after, &before, known.map(|known| &known.attrs))
            }
        };
        Change {
            unit: Unit::new(self.case.address.clone(), wanted.part.clone()),
            act,
            applied: applied.restricted_to(&after),
            before,
            after,
            there: self.seen.is_some(),
            reason,
            origin: Some(wanted.origin.clone()),
            needs: wanted.needs.to_vec(),
            below_new: None,
        }
    }

    fn is_written(&self, name: &str) -> bool {
        self.wanted.attrs.get(name).is_some()
            || secrets::is_written(self.declared, self.wanted, name)
    }

    /// Of a facet that is changed only in part, what is as the file says already and the ledger does not
    /// know.
    fn equal_ones(&self, prints: &Attrs) -> Option<Change> {
        let none = Attrs::none();
        let live = self.seen.map_or(&none, |seen| &seen.attrs);
        let applied = self.known.map_or(&none, |known| &known.attrs);
        let equal: Vec<_> = self
            .wanted
            .attrs
            .iter()
            .filter(|(name, value)| live.get(name) == Some(*value))
            .map(|(name, value)| (name, value.clone()))
            .collect();
        // What is no longer written is let go of by the same note.
        let kept = applied
            .iter()
            .filter(|(name, _)| self.is_written(name))
            .map(|(name, value)| (name, value.clone()));
        let after = Attrs::new(kept.collect())
            .overlaid(&Attrs::new(equal))
            .overlaid(prints);
        if after == *applied {
            return None;
        }
        Some(Change {
            before: live.restricted_to(&after),
            after,
            ..self.change(Act::Adopt)
        })
    }
}

fn observe(world: &World, case: &Case, wanted: &Wanted, seen: Option<&SeenPart>) -> Obs {
    match seen {
        None if services::stands_with_its_hosting(world, case.address) => Obs::Same,
        None if case.seen.is_some() && wanted.attrs.is_empty() && !is_existence(&wanted.part) => {
            Obs::Same
        }
        None => Obs::Absent,
        Some(seen) if agrees(&wanted.attrs, &seen.attrs) => Obs::Same,
        Some(_) => Obs::Differs,
    }
}

/// Left out is left alone: only what the file writes is compared.
fn agrees(wanted: &Attrs, live: &Attrs) -> bool {
    wanted
        .iter()
        .all(|(name, value)| live.get(name) == Some(value))
}

fn recorded(case: &Case, known: Option<&EntryPart>) -> Recd {
    match (case.entry, known) {
        (Some(entry), _) if entry.forgotten => Recd::Forgotten,
        (_, Some(_)) => Recd::Yes,
        (_, None) => Recd::No,
    }
}

/// Whether a unit is in doubt, and whether it is pending.
pub(super) fn open(world: &World, address: &Address, part: &Part) -> (bool, bool) {
    let Some(ledger) = world.ledgers.get(&address.account) else {
        return (false, false);
    };
    if ledger.open.is_empty() && ledger.doubts.is_empty() && ledger.pending.is_empty() {
        return (false, false);
    }
    let unit = Unit::new(address.clone(), part.clone());
    // What no read can settle stays open, and is not written a second time.
    let unsettled = ledger.open.contains_key(&unit) && world.live.unreadable_units.contains(&unit);
    (
        unsettled || ledger.doubts.contains_key(&unit),
        ledger.pending.contains_key(&unit),
    )
}

/// Who changed a value: the file, the provider's side, or both since the last apply.
fn changed_by(file: &Attrs, live: &Attrs, applied: Option<&Attrs>) -> Cause {
    let Some(applied) = applied else {
        // Nothing was applied yet, so the difference was made elsewhere.
        return match live.is_empty() {
            true => Cause::NewInFile,
            false => Cause::ChangedOutside,
        };
    };
    let mut by_file = false;
    let mut outside = false;
    for (name, value) in file.iter() {
        match applied.get(name) {
            Some(old) => {
                by_file |= old != value;
                outside |= live.get(name) != Some(old);
            }
            // The line is new: until now the provider's value stood.
            None => by_file = true,
        }
    }
    match (by_file, outside) {
        (false, _) => Cause::ChangedOutside,
        (true, false) => Cause::EditedInFile,
        (true, true) => Cause::Both,
    }
}

/// Parts that the ledger knows and the file no longer writes: told once, then no longer managed.
fn released(case: &Case, declared: &Declared, changes: &mut Changes) {
    let Some(entry) = case.entry.filter(|entry| !entry.forgotten) else {
        return;
    };
    for known in &entry.parts {
        let still = declared
            .parts
            .iter()
            .find(|wanted| wanted.part == known.part);
        let gone: Vec<&'static str> = match still {
            None => known.attrs.iter().map(|(name, _)| name).collect(),
            Some(wanted) => known
                .attrs
                .iter()
                .map(|(name, _)| name)
                .filter(|name| {
                    wanted.attrs.get(name).is_none() && !secrets::is_written(declared, wanted, name)
                })
                .collect(),
        };
        if gone.is_empty() {
            continue;
        }
        let names = gone.join(", ");
        changes.notes.push(Note {
            code: "attribute.released",
            severity: Severity::Notice,
            address: case.address.clone(),
            message: format!(
                "{names} is no longer written in the file: the provider's value stands and is left alone from now on"
            ),
            origin: declared.parts.first().map(|wanted| wanted.origin.clone()),
        });
        let already = changes
            .list
            .last()
            .is_some_and(|last| last.unit.address == *case.address && last.unit.part == known.part);
        if still.is_none() || !already {
            changes.list.push(Change {
                unit: Unit::new(case.address.clone(), known.part.clone()),
                act: Act::Adopt,
                before: known.attrs.clone(),
                after: still.map_or(Attrs::none(), |wanted| {
                    // What is still written keeps its fingerprint.
                    let prints = known.attrs.iter().filter(|(name, value)| {
                        matches!(value.known(), Some(Data::Print(_)))
                            && secrets::is_written(declared, wanted, name)
                    });
                    let prints = prints.map(|(name, value)| (name, value.clone())).collect();
                    wanted.attrs.overlaid(&Attrs::new(prints))
                }),
                applied: known.attrs.clone(),
                there: true,
                reason: Cause::Adopted,
                origin: declared.parts.first().map(|wanted| wanted.origin.clone()),
                needs: Vec::new(),
                below_new: None,
            });
        }
    }
}

pub(super) fn hold(changes: &mut Changes, case: &Case, code: &'static str, reason: &str) {
    changes.held.push(Held {
        address: case.address.clone(),
        code,
        reason: reason.to_owned(),
        origin: case
            .declared
            .and_then(|declared| declared.parts.first())
            .map(|wanted| wanted.origin.clone()),
    });
}

fn note_unreadable(case: &Case, wanted: &Wanted, changes: &mut Changes) {
    let names: BTreeMap<&str, ()> = wanted.attrs.iter().map(|(name, _)| (name, ())).collect();
    let names: Vec<&str> = names.into_keys().collect();
    changes.notes.push(Note {
        code: "facet.unreadable",
        severity: Severity::Warning,
        address: case.address.clone(),
        message: format!(
            "{} cannot be read at this provider: it is set once, as the file says, and changes made elsewhere stay unseen",
            names.join(", ")
        ),
        origin: Some(wanted.origin.clone()),
    });
}
