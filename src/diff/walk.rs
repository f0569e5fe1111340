//! The walk over both sides and the ledger: one sorted merge, linear in what there is.
//!
//! It turns each unit into a case for [`decide`](super::decide()), and each verdict into a change. Record
//! sets are matched as sets, in `records`.

use super::World;
use super::change::{Act, Change, Changes, Held, Note};
use super::decide::{Decl, Obs, Policy, Recd, Verdict, Why, decide};
use super::records;
use crate::ledger::{Entry, EntryPart};
use crate::model::Severity;
use crate::model::{Address, Attrs, Cause, Declared, Kind, Part, Seen, SeenPart, Unit, Wanted};
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
        if let Some(text) = unread(&failed, case.address) {
            // What lives in it is told with it.
            if case.declared.is_some() && failed.contains_key(case.address) {
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
    changes.list.sort_by(|a, b| a.unit.cmp(&b.unit));
    changes.held.sort_by(|a, b| a.address.cmp(&b.address));
    changes
}

/// Why an object, or what it lives in, could not be read.
fn unread<'a>(failed: &BTreeMap<&Address, &'a str>, address: &Address) -> Option<&'a str> {
    if failed.is_empty() {
        return None;
    }
    failed
        .get(address)
        .or_else(|| address.parent().and_then(|parent| failed.get(&parent)))
        .copied()
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
        child: matches!(address.kind, Kind::Record | Kind::Redirect | Kind::FtpUser),
        parent_stands: parent_stands(world, address),
        consent: world
            .intent
            .destroy
            .iter()
            .any(|pattern| pattern.matches(address)),
        not_ours_to_make: address.kind == Kind::Domain,
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
    match case.declared {
        Some(declared) => declared_object(world, case, declared, &policy, changes),
        None => undeclared_object(world, case, &policy, changes),
    }
}

/// The part that says whether the object is there: `order` of a domain, else the object itself.
fn is_existence(address: &Address, part: &Part) -> bool {
    part.is_object() || (address.kind == Kind::Domain && &*part.0 == "order")
}

fn declared_object(
    world: &World,
    case: &Case,
    declared: &Declared,
    policy: &Policy,
    changes: &mut Changes,
) {
    let before = changes.list.len();
    let mut held = false;
    for wanted in &declared.parts {
        changes.compared += 1;
        let unit = Unit::new(case.address.clone(), wanted.part.clone());
        let exists = is_existence(case.address, &wanted.part);
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
            observe(case, wanted, seen)
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
        match verdict {
            Verdict::Keep
                if obs == Obs::Same && known.is_some_and(|known| known.attrs != wanted.attrs) =>
            {
                changes
                    .list
                    .push(change(case, wanted, seen, Act::Adopt, known));
            }
            Verdict::Keep => {}
            Verdict::Adopt => changes
                .list
                .push(change(case, wanted, seen, Act::Adopt, known)),
            // A facet that is not there counts as changed: only the object itself is created.
            Verdict::Create if !exists && case.seen.is_some() => {
                if obs == Obs::Unreadable {
                    note_unreadable(case, wanted, changes);
                }
                changes
                    .list
                    .push(change(case, wanted, seen, Act::Update, known));
            }
            Verdict::Create => {
                let mut made = change(case, wanted, seen, Act::Create, known);
                if !exists {
                    made.below_new = Some(Box::new(case.address.clone()));
                }
                changes.list.push(made);
            }
            Verdict::Update => {
                changes.list.extend(equal_ones(case, wanted, seen, known));
                changes
                    .list
                    .push(change(case, wanted, seen, Act::Update, known));
            }
            Verdict::Blocked(why) => {
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
                    return;
                }
            }
            Verdict::Delete | Verdict::Forget | Verdict::Unmanaged => {
                unreachable!("decide never gives these for what is declared; its laws hold it")
            }
        }
    }
    released(case, declared, changes);
    if changes.list.len() == before && !held {
        changes.unchanged += 1;
    }
}

fn observe(case: &Case, wanted: &Wanted, seen: Option<&SeenPart>) -> Obs {
    match seen {
        None if case.seen.is_some()
            && wanted.attrs.is_empty()
            && !is_existence(case.address, &wanted.part) =>
        {
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
    if ledger.doubts.is_empty() && ledger.pending.is_empty() {
        return (false, false);
    }
    let unit = Unit::new(address.clone(), part.clone());
    (
        ledger.doubts.contains_key(&unit),
        ledger.pending.contains_key(&unit),
    )
}

fn change(
    case: &Case,
    wanted: &Wanted,
    seen: Option<&SeenPart>,
    act: Act,
    known: Option<&EntryPart>,
) -> Change {
    let none = Attrs::none();
    let live = seen.map_or(&none, |seen| &seen.attrs);
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
        Act::Update | Act::Delete | Act::Forget => changed_by(&after, &before, applied),
    };
    Change {
        unit: Unit::new(case.address.clone(), wanted.part.clone()),
        act,
        applied: applied.restricted_to(&after),
        before,
        after,
        there: seen.is_some(),
        reason,
        origin: Some(wanted.origin.clone()),
        needs: wanted.needs.to_vec(),
        below_new: None,
    }
}

/// Of a facet that is changed only in part, what is as the file says already and the ledger does not know.
fn equal_ones(
    case: &Case,
    wanted: &Wanted,
    seen: Option<&SeenPart>,
    known: Option<&EntryPart>,
) -> Option<Change> {
    let none = Attrs::none();
    let live = seen.map_or(&none, |seen| &seen.attrs);
    let applied = known.map_or(&none, |known| &known.attrs);
    let equal: Vec<_> = wanted
        .attrs
        .iter()
        .filter(|(name, value)| live.get(name) == Some(*value))
        .map(|(name, value)| (name, value.clone()))
        .collect();
    if equal
        .iter()
        .all(|(name, value)| applied.get(name) == Some(value))
    {
        return None;
    }
    let equal = Attrs::new(equal);
    let after = applied.overlaid(&equal);
    Some(Change {
        before: live.restricted_to(&after),
        after,
        ..change(case, wanted, seen, Act::Adopt, known)
    })
}

/// Who changed a value: the file, the provider's side, or both since the last apply.
pub(super) fn changed_by(file: &Attrs, live: &Attrs, applied: &Attrs) -> Cause {
    let mut by_file = false;
    let mut outside = false;
    let mut known = false;
    for (name, value) in file.iter() {
        if let Some(old) = applied.get(name) {
            known = true;
            by_file |= old != value;
            outside |= live.get(name) != Some(old);
        }
    }
    match (known, by_file, outside) {
        (false, ..) if live.is_empty() => Cause::NewInFile,
        // Nothing was applied yet, so the difference was made elsewhere.
        (false, ..) | (true, false, _) => Cause::ChangedOutside,
        (true, true, false) => Cause::EditedInFile,
        (true, true, true) => Cause::Both,
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
                .filter(|name| wanted.attrs.get(name).is_none())
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
                after: still.map_or(Attrs::none(), |wanted| wanted.attrs.clone()),
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

fn undeclared_object(world: &World, case: &Case, policy: &Policy, changes: &mut Changes) {
    changes.compared += 1;
    let recd = match case.entry {
        Some(entry) if entry.forgotten => Recd::Forgotten,
        Some(_) => Recd::Yes,
        None => Recd::No,
    };
    let obs = if case.seen.is_some() {
        Obs::Differs
    } else {
        Obs::Absent
    };
    let (doubt, pending) = open(world, case.address, &Part::object());
    match decide((Decl::No, recd, obs, doubt, pending), policy) {
        Verdict::Forget => {
            changes.list.push(forget(case.address));
            if case.address.kind.holds_value() && obs != Obs::Absent {
                changes.notes.push(Note {
                    code: "object.forgotten",
                    severity: Severity::Notice,
                    address: case.address.clone(),
                    message: "it is no longer in the file: it is left as it is and no longer managed; what it \
                              costs goes on"
                        .to_owned(),
                    origin: None,
                });
            }
        }
        // A zone or a domain that nobody declares is none of this file's business.
        Verdict::Unmanaged if matches!(case.address.kind, Kind::Zone | Kind::Domain) => {}
        Verdict::Unmanaged => changes.unmanaged.push(case.address.clone()),
        Verdict::Blocked(why) => {
            let (code, reason) = why_not(case.address, why);
            hold(changes, case, code, &reason);
        }
        // No kind of now holds value and can be deleted by its provider.
        Verdict::Delete => changes.list.push(forget(case.address)),
        Verdict::Keep | Verdict::Create | Verdict::Adopt | Verdict::Update => {}
    }
}

pub(super) fn forget(address: &Address) -> Change {
    Change {
        unit: Unit::new(address.clone(), Part::object()),
        act: Act::Forget,
        before: Attrs::none(),
        after: Attrs::none(),
        applied: Attrs::none(),
        there: false,
        reason: Cause::NotInFile,
        origin: None,
        needs: Vec::new(),
        below_new: None,
    }
}

fn hold(changes: &mut Changes, case: &Case, code: &'static str, reason: &str) {
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

pub(super) fn why_not(address: &Address, why: Why) -> (&'static str, String) {
    match why {
        Why::Doubt => (
            "unit.doubt",
            format!("an earlier write may or may not have taken effect; settle it with: bailiwick resolve {address}"),
        ),
        Why::Pending => ("unit.pending", "an earlier order is still under way; nothing is sent until it ends".to_owned()),
        Why::Missing => (
            "object.missing",
            "it was there at the last apply and is gone; it is never made a second time by itself. Look at the \
             provider's panel first"
                .to_owned(),
        ),
        Why::NotThere => (
            "domain.not-owned",
            format!(
                "{} is not in this account. If it is registered elsewhere and only its zone is here, write \
                 registrar = \"external\"; if it is misspelt, mend the name; if it belongs to another login, write \
                 its account",
                address.domain
            ),
        ),
        Why::Unreadable => ("object.unreadable", "the provider has no call to read it, so nothing is sent".to_owned()),
    }
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
