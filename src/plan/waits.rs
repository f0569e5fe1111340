//! What is held back takes with it what cannot be without it, part by part.
//!
//! Why something is held is known to those who held it; here it is only passed on.

use super::build::inside;
use super::model::Blocked;
use crate::diff::{Act, Change};
use crate::model::{Address, Kind, Need, Origin, Part, Unit};
use std::collections::{BTreeMap, BTreeSet};

/// A change that needs something which is held back is held back too, and says so. What is held by the walk
/// is held whole; of what waits, only the part that waits: a domain's settings go on without its delegation.
pub(super) fn hold_dependants(mut list: Vec<Change>, blocked: &mut Vec<Blocked>) -> Vec<Change> {
    let whole: BTreeSet<Address> = blocked.iter().map(|held| held.address.clone()).collect();
    if whole.is_empty() {
        return list;
    }
    let mut parts: BTreeSet<Unit> = BTreeSet::new();
    loop {
        let mut next: BTreeMap<Unit, (Address, Option<Origin>)> = BTreeMap::new();
        for change in list
            .iter()
            .filter(|change| !matches!(change.act, Act::Adopt | Act::Forget))
        {
            if let Some(first) = waits_for(change, &whole, &parts) {
                next.insert(change.unit.clone(), (first, change.origin.clone()));
            }
        }
        if next.is_empty() {
            blocked.sort_by(|a, b| a.address.cmp(&b.address));
            return list;
        }
        list.retain(|change| {
            !next.contains_key(&change.unit) || matches!(change.act, Act::Adopt | Act::Forget)
        });
        for (unit, (first, origin)) in next {
            // What lives in a held object is told with it.
            if unit.address.parent().is_none_or(|parent| parent != first) {
                blocked.push(Blocked {
                    reason: format!("{} waits for {first}, which is held back", part_of(&unit)),
                    address: unit.address.clone(),
                    code: "step.waits",
                    source: origin.map(|origin| origin.place),
                });
            }
            parts.insert(unit);
        }
    }
}

fn part_of(unit: &Unit) -> &str {
    if unit.part.is_object() || unit.address.kind == Kind::Record {
        "it"
    } else {
        &unit.part.0
    }
}

/// The held object that a change cannot do without, if there is one.
fn waits_for(
    change: &Change,
    whole: &BTreeSet<Address>,
    parts: &BTreeSet<Unit>,
) -> Option<Address> {
    // An object and what lives in it stand together in the order of addresses.
    let within = |address: &Address, top: &Address| {
        (address.domain == top.domain && address.account == top.account)
            .then(|| inside(address, top))
    };
    let held = |need: &Need| match need {
        Need::Unit(unit) => {
            (whole.contains(&unit.address) || parts.contains(unit)).then(|| unit.address.clone())
        }
        Need::Inside(top) => {
            let objects = whole
                .range(top..)
                .map_while(|address| Some((address, within(address, top)?)));
            let from = Unit::new(top.clone(), Part::object());
            let units = parts
                .range(from..)
                .map_while(|unit| Some((&unit.address, within(&unit.address, top)?)));
            let mut all = objects
                .chain(units)
                .filter(|(address, _)| **address != change.unit.address);
            all.find(|(_, inside)| *inside)
                .map(|(address, _)| address.clone())
        }
    };
    let top = change.below_new.as_deref().filter(|top| {
        whole.contains(top) || parts.contains(&Unit::new((*top).clone(), Part::object()))
    });
    if whole.contains(&change.unit.address) {
        return None;
    }
    top.cloned().or_else(|| change.needs.iter().find_map(held))
}
