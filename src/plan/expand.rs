//! What deferred steps become, once the object they hang on is there: the same diff and build, inside what
//! was approved.
//!
//! The scope's steps are the desired side. What is not among them is not created or changed; what the
//! provider put there goes only at a listed address, in the way of one, or where the zone is purged.

use super::build::{Frame, build, sends};
use super::model::{Binds, PlanAction, PlanReads, Scope, Step, one_value};
use crate::diff::{Intent, World, diff};
use crate::ledger::{Ledger, StepId};
use crate::model::money::Money;
use crate::model::{
    Address, Admitted, Attrs, Data, Declared, Desired, Kind, Live, Offers, Origin, Part, Prints,
    Reason, Rules, Unit, Wanted,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A scope with everything that was approved in it.
#[derive(Debug, Clone, Copy)]
pub struct Room<'a> {
    /// The scope.
    pub scope: &'a Scope,
    /// Its deferred steps as they were approved, those that are done already included.
    pub listed: &'a [Step],
    /// The highest number that a step of the run has.
    pub last: StepId,
}

impl Room<'_> {
    /// What the scope wants, as a desired side: what has to be read to decide it.
    pub fn wanted(&self) -> Admitted {
        Admitted::by_provider(desired(self.scope, self.listed))
    }

    /// What the ledger knows of what is listed; anything else below the top is the provider's.
    fn recorded(&self, ledger: &Ledger) -> Ledger {
        let units = || {
            self.listed
                .iter()
                .map(|step| Unit::new(step.address.clone(), step.part.clone()))
        };
        let addresses: BTreeSet<&Address> = std::iter::once(&self.scope.top)
            .chain(self.listed.iter().map(|step| &step.address))
            .collect();
        let entry = |address: &Address| ledger.entries.get(address).cloned();
        Ledger {
            entries: addresses
                .into_iter()
                .filter_map(|address| Some((address.clone(), entry(address)?)))
                .collect(),
            doubts: units()
                .filter_map(|unit| ledger.doubts.get_key_value(&unit))
                .map(|(unit, open)| (unit.clone(), open.clone()))
                .collect(),
            pending: units()
                .filter_map(|unit| ledger.pending.get_key_value(&unit))
                .map(|(unit, open)| (unit.clone(), open.clone()))
                .collect(),
            ..Ledger::default()
        }
    }
}

/// Decides a scope's steps from what was read below its top. Steps that a listed one became keep its number;
/// what has to go first gets numbers above `last`. A listed step that comes to nothing is done already.
pub fn expand(room: &Room<'_>, live: &Live, ledger: &Ledger) -> Result<Vec<Step>, Reason> {
    let Room { scope, listed, .. } = *room;
    let stale = |text: String| Reason::ours("stale", text);
    if let Some((address, reason)) = live.failed.first() {
        return Err(stale(format!("{address} cannot be read: {}", reason.text)));
    }
    if !live.objects.contains_key(&scope.top) {
        return Err(stale(format!(
            "{} was made and cannot be found now; plan again",
            scope.top
        )));
    }
    let desired = room.wanted();
    let account = scope.top.account.clone();
    let ledgers = BTreeMap::from([(account, room.recorded(ledger))]);
    let world = World {
        desired: &desired,
        ledgers: &ledgers,
        live,
        intent: &Intent::default(),
        secrets: &Prints::default(),
    };
    let mut changes = diff(&world);
    let mine = |address: &Address| super::build::inside(address, &scope.top);
    changes.list.retain(|change| mine(&change.unit.address));
    changes.held.retain(|held| mine(&held.address));
    if let Some(held) = changes.held.first() {
        return Err(stale(format!("{}: {}", held.address, held.reason)));
    }
    let frame = Frame {
        tool: String::new(),
        basis: String::new(),
        binds: Binds::default(),
        reads: PlanReads::default(),
        limit: Money::zero("EUR"),
    };
    let part =
        build(&world, changes, &Offers {}, frame).map_err(|cycle| stale(cycle.to_string()))?;
    Ok(renumber(room.last, part.steps, listed))
}

/// Where a step comes from.
pub(super) fn origin(step: &Step) -> Origin {
    Origin {
        place: step.source.clone().unwrap_or(crate::diag::Place {
            file: "".into(),
            line: 0,
            column: 0,
        }),
        via: (!step.via.is_empty()).then(|| Arc::from(&*step.via)),
        note: step.note.as_deref().map(Arc::from),
    }
}

/// The scope's steps, as a desired side.
fn desired(scope: &Scope, listed: &[Step]) -> Desired {
    let mut objects: BTreeMap<Address, Vec<Wanted>> = BTreeMap::new();
    let top = objects.entry(scope.top.clone()).or_default();
    if let Some(first) = listed.first() {
        top.push(Wanted {
            part: Part::object(),
            attrs: Attrs::none(),
            needs: Box::new([]),
            origin: origin(first),
        });
    }
    for step in listed {
        let attrs = one_value(&step.after());
        objects
            .entry(step.address.clone())
            .or_default()
            .push(Wanted {
                part: step.part.clone(),
                attrs,
                needs: Box::new([]),
                origin: origin(step),
            });
    }
    let objects = objects
        .into_iter()
        .map(|(address, mut parts)| {
            parts.sort_by(|a, b| a.part.cmp(&b.part));
            let rules = (address == scope.top).then(|| {
                Box::new(Rules {
                    purge: scope.purge,
                    ignore: scope.ignore.clone(),
                    gone: false,
                })
            });
            (
                address,
                Declared {
                    parts: parts.into(),
                    rules,
                    buy: None,
                    renew_before: None,
                    secrets: None,
                },
            )
        })
        .collect();
    Desired {
        objects,
        homes: Arc::default(),
    }
}

/// Gives steps that carry a listed value its number and needs, others new numbers. Of notes, only those about
/// something listed count.
fn renumber(last: StepId, steps: Vec<Step>, listed: &[Step]) -> Vec<Step> {
    let listed: BTreeMap<(Address, Part), &Step> = listed
        .iter()
        .map(|step| ((step.address.clone(), part_after(step)), step))
        .collect();
    let mut next = last.0;
    let mut numbers: BTreeMap<StepId, StepId> = BTreeMap::new();
    let mut kept: Vec<(Step, Option<&Step>)> = Vec::with_capacity(steps.len());
    for step in steps {
        let carries = sends(step.action) || step.action == PlanAction::Adopt;
        let known = listed
            .get(&(step.address.clone(), part_after(&step)))
            .copied()
            .filter(|_| carries && !step.after().is_empty());
        let number = match known {
            Some(known) => known.id,
            None if sends(step.action) => {
                next += 1;
                StepId(next)
            }
            None => continue,
        };
        numbers.insert(step.id, number);
        kept.push((step, known));
    }
    kept.into_iter()
        .map(|(mut step, known)| {
            let inner = step.needs.iter().filter_map(|need| numbers.get(need));
            let outer = known.iter().flat_map(|known| known.needs.iter());
            let needs: BTreeSet<StepId> = inner.chain(outer).copied().collect();
            step.needs = needs.into_iter().collect();
            step.id = numbers[&step.id];
            step
        })
        .collect()
}

/// The part that a step leaves behind: of a record the value, since an update is named by the one that goes.
fn part_after(step: &Step) -> Part {
    match step.after().data("data") {
        Some(Data::List(items)) if step.address.kind == Kind::Record && items.len() == 1 => {
            Part(items[0].clone())
        }
        Some(Data::List(_) | Data::Text(_) | Data::Int(_) | Data::Bool(_) | Data::Print(_))
        | None => step.part.clone(),
    }
}
