//! What a read proves of writes whose end is not known.
//!
//! Pure: a ledger and what is live go in, records come out; nobody asks anybody. The read must have been
//! asked for everything that the ledger holds under way ([`Ledger::under_way`]), also where it was asked for
//! a part of the world only: what is not in it is taken for absent, unless it says that it could not read it.

use super::note::{is_set, needs_doubt, only_secrets, part_after, provider_names};
use super::record::{Ledger, Open, Record};
use crate::model::{
    Action, Address, Attrs, Data, Handle, Kind, Live, Outcome, Reason, Seen, Unit, Write,
};
use std::collections::{BTreeMap, BTreeSet};

/// The records that say what became of writes under way, in order of their units.
///
/// A look-up of the provider's own comes first. Of what only a look-up or a person can settle, a read proves
/// that it is done, never that it is not.
pub fn settle(ledger: &Ledger, live: &Live) -> Vec<Record> {
    let sight = Sight::new(live);
    let looked: BTreeMap<&Unit, &Outcome> = live
        .looked
        .iter()
        .filter(|(_, outcome)| !matches!(outcome, Outcome::Unknown(_)))
        .map(|(unit, outcome)| (unit, outcome))
        .collect();
    let mut arrived: BTreeMap<&Unit, Outcome> = BTreeMap::new();
    for (unit, open) in &ledger.open {
        let outcome = if needs_doubt(&open.write) {
            sight.proof(open)
        } else {
            sight.judge(&open.write)
        };
        arrived.extend(outcome.map(|outcome| (unit, outcome)));
    }
    for (unit, open) in ledger.doubts.iter().chain(&ledger.pending) {
        arrived.extend(sight.proof(open).map(|outcome| (unit, outcome)));
    }
    for place in [&ledger.open, &ledger.doubts, &ledger.pending] {
        for (unit, open) in place {
            if let Some(outcome) = looked.get(unit)
                && !same_wait(open, outcome)
            {
                arrived.insert(unit, (*outcome).clone());
            }
        }
    }
    let record = |(unit, outcome): (&Unit, Outcome)| Record::Arrived {
        unit: unit.clone(),
        outcome,
    };
    arrived.into_iter().map(record).collect()
}

/// True if a look-up says no more than what is known.
fn same_wait(open: &Open, outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Pending(pending) => open.pending.as_ref() == Some(pending),
        Outcome::Done { .. } | Outcome::Refused(_) | Outcome::NotSent(_) | Outcome::Unknown(_) => {
            false
        }
    }
}

/// How far a read tells about a unit.
enum View {
    /// What is not in it is not there.
    Clear,
    /// It failed; the next one may tell.
    NotNow,
    /// The provider has no call that tells, so no read ever will.
    Never,
}

/// A read, with what it could not see.
struct Sight<'a> {
    live: &'a Live,
    failed: BTreeSet<&'a Address>,
}

impl<'a> Sight<'a> {
    fn new(live: &'a Live) -> Self {
        let failed = live.failed.iter().map(|(address, _)| address).collect();
        Self { live, failed }
    }

    /// How far the read tells about a unit: about what it is in, too.
    fn view(&self, unit: &Unit) -> View {
        let mut view = View::Clear;
        if self.live.unreadable_units.contains(unit) {
            view = View::Never;
        }
        let mut object = Some(unit.address.clone());
        while let Some(address) = object {
            if self.failed.contains(&address) {
                return View::NotNow;
            }
            let family = (address.account.clone(), address.kind);
            if self.live.unreadable.contains(&family) {
                view = View::Never;
            }
            object = address.parent();
        }
        view
    }

    /// What became of a write that a read settles; `None` if another read may tell.
    fn judge(&self, write: &Write) -> Option<Outcome> {
        match self.view(&write.unit) {
            View::NotNow => return None,
            View::Never if makes_a_second(write) => return None,
            View::Never => return Some(untold()),
            View::Clear => {}
        }
        let seen = self.live.objects.get(&write.unit.address);
        Some(if is_set(write.unit.address.kind) {
            member(write, seen)
        } else {
            facet(write, seen)
        })
    }

    /// What a read proves of a write that it cannot disprove. Of what the provider names, finding something
    /// proves nothing: it may be another one. Missing something proves nothing either.
    fn proof(&self, open: &Open) -> Option<Outcome> {
        let write = &open.write;
        let kind = write.unit.address.kind;
        match write.action {
            Action::Create if provider_names(kind) && !one_per_domain(kind) => return None,
            Action::Delete => return None,
            Action::Create | Action::Update => {}
        }
        self.judge(write)
            .filter(|outcome| matches!(outcome, Outcome::Done { .. }))
    }
}

/// True if sending a write once more might make a second object, so that only a person may say that it was not taken.
fn makes_a_second(write: &Write) -> bool {
    let kind = write.unit.address.kind;
    let whole = write.action == Action::Create && write.unit.part.is_object();
    // An automatic answer is set, not added, and a zone is one per name.
    whole && !is_set(kind) && !matches!(kind, Kind::Zone | Kind::Autoresponder)
}

/// True if an account holds at most one of them for a domain, so that seeing it is seeing ours.
fn one_per_domain(kind: Kind) -> bool {
    match kind {
        Kind::Domain | Kind::Zone | Kind::Mail | Kind::RedirectService | Kind::Hosting => true,
        Kind::Contact
        | Kind::Record
        | Kind::Redirect
        | Kind::Mailbox
        | Kind::Autoresponder
        | Kind::FtpUser
        | Kind::Database
        | Kind::Site
        | Kind::Wordpress
        | Kind::Certificate
        | Kind::NsKey => false,
    }
}

/// One member of a set, told by what the provider calls it, else by its content.
fn member(write: &Write, seen: Option<&Seen>) -> Outcome {
    let parts = seen.map_or(&[][..], |seen| &seen.parts);
    let after = part_after(write);
    let old = parts.iter().find(|part| part.part == write.unit.part);
    let new = parts.iter().find(|part| part.part == after);
    match write.action {
        Action::Create => match new {
            Some(part) => done(part.handle.clone(), &Attrs::none()),
            None => not_done(),
        },
        Action::Update => {
            let ours = parts
                .iter()
                .find(|part| write.handle.is_some() && part.handle == write.handle);
            match (ours, old, new) {
                (Some(part), _, _) if part.part == after => {
                    done(part.handle.clone(), &Attrs::none())
                }
                (Some(part), _, _) if part.part == write.unit.part => not_done(),
                (Some(_), _, _) => otherwise(),
                (None, Some(_), _) => not_done(),
                (None, None, Some(part)) => done(part.handle.clone(), &Attrs::none()),
                (None, None, None) => otherwise(),
            }
        }
        Action::Delete => match old {
            Some(_) => not_done(),
            None => done(None, &Attrs::none()),
        },
    }
}

/// A facet, or the object itself.
fn facet(write: &Write, seen: Option<&Seen>) -> Outcome {
    let object = write.unit.part.is_object();
    let part = seen.and_then(|seen| seen.part(&write.unit.part));
    if only_secrets(write) {
        return untold_secret();
    }
    match (write.action, seen) {
        (Action::Create, Some(seen)) if object => done(seen.handle.clone(), &seen.outputs),
        (Action::Create, None) if object => not_done(),
        (Action::Create | Action::Update, Some(seen)) => match part {
            Some(part) if holds(&part.attrs, &write.after) => {
                done(seen.handle.clone(), &seen.outputs)
            }
            Some(part) if holds(&part.attrs, &write.before) => not_done(),
            Some(_) => otherwise(),
            None => not_done(),
        },
        (Action::Create | Action::Update, None) => otherwise(),
        (Action::Delete, Some(_)) if object || part.is_some() => not_done(),
        (Action::Delete, Some(_) | None) => done(None, &Attrs::none()),
    }
}

/// True if each of these values is live; a secret, which never is, came with the others.
fn holds(live: &Attrs, values: &Attrs) -> bool {
    values.iter().all(|(name, value)| {
        live.get(name) == Some(value) || matches!(value.known(), Some(Data::Print(_)))
    })
}

fn done(handle: Option<Handle>, outputs: &Attrs) -> Outcome {
    Outcome::Done {
        handle,
        outputs: outputs.clone(),
    }
}

fn not_done() -> Outcome {
    Outcome::NotSent(Reason::ours(
        "ledger.not-done",
        "what is live shows that it did not take effect",
    ))
}

/// The live value is the answer, whoever set it.
fn otherwise() -> Outcome {
    Outcome::NotSent(Reason::ours(
        "ledger.otherwise",
        "what is live is neither what was there before nor what was written",
    ))
}

/// No read shows a secret. It stays as changed, so that the next plan sends it once more.
fn untold_secret() -> Outcome {
    Outcome::NotSent(Reason::ours(
        "ledger.unreadable",
        "no read shows a secret, so it counts as not set and is sent once more",
    ))
}

/// Nothing will ever tell: waiting for it would block the unit for good, and writing it again does no harm.
fn untold() -> Outcome {
    Outcome::NotSent(Reason::ours(
        "ledger.unreadable",
        "the provider has no call that tells what became of it",
    ))
}
