//! Drift on values: the truth table cell by cell, and the three sides of objects and record sets.

mod objects;
mod records;
mod table;

use crate::stages::world::{Sides, account};
use bailiwick::drift::{Class, Drift, Memory, compare};
use bailiwick::ledger::Found;
use std::collections::BTreeMap;

fn drift_with(sides: &Sides, memory: Memory) -> Drift {
    let memories = BTreeMap::from([(account(), memory)]);
    sides.with_world(|world| compare(world, &memories))
}

fn drift(sides: &Sides) -> Drift {
    drift_with(sides, Memory::quiet(Found::Here))
}

/// Class, address and names of the attributes.
fn told(drift: &Drift) -> Vec<String> {
    let line = |item: &bailiwick::drift::Item| {
        let names: Vec<&str> = item.attributes.iter().map(|a| a.name).collect();
        let line = format!("{} {} {}", item.class.word(), item.address, names.join(" "));
        line.trim_end().to_owned()
    };
    drift.items.iter().map(line).collect()
}

fn classes(drift: &Drift) -> Vec<Class> {
    drift.items.iter().map(|item| item.class).collect()
}
