//! What a ledger is worth to a comparison: whether it was there, and what an apply was writing meanwhile.
//!
//! The ledger is read before and after what is live: an apply that begins, goes on or ends between leaves its
//! mark in one of them. Knows no store and no lock.

use crate::ledger::{Found, Ledger, Opened, Standing};
use crate::model::{Address, Kind, Part, Unit};
use std::collections::BTreeSet;

/// One account's ledger, as far as a comparison has to know beside its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    /// Whether it was there.
    pub found: Found,
    /// An apply is or was under way.
    pub applying: bool,
    /// Objects that an apply was writing, or wrote meanwhile.
    addresses: BTreeSet<Address>,
    /// Parts of objects that are under way.
    units: BTreeSet<Unit>,
}

impl Memory {
    /// Of a ledger that nobody writes.
    pub fn quiet(found: Found) -> Self {
        Self {
            found,
            applying: false,
            addresses: BTreeSet::new(),
            units: BTreeSet::new(),
        }
    }

    /// Of a ledger read before and after what is live, both after what that read proves.
    pub fn of(before: &Opened, after: &Opened) -> Self {
        let moved = moved(&before.ledger, &after.ledger);
        let held = |opened: &Opened| opened.standing != Standing::Free;
        let mut memory = Self {
            applying: held(before) || held(after) || !moved.is_empty(),
            addresses: moved,
            ..Self::quiet(before.found)
        };
        memory.under_way(&before.ledger);
        memory.under_way(&after.ledger);
        memory
    }

    fn under_way(&mut self, ledger: &Ledger) {
        let places = [&ledger.open, &ledger.doubts, &ledger.pending];
        for unit in places.into_iter().flat_map(|place| place.keys()) {
            let whole = unit.address.kind == Kind::Record || unit.part.is_object();
            if whole || &*unit.part.0 == "order" {
                self.addresses.insert(unit.address.clone());
            } else {
                self.units.insert(unit.clone());
            }
        }
    }

    /// True if the whole object stands aside.
    pub(super) fn is_aside(&self, address: &Address) -> bool {
        self.addresses.contains(address)
    }

    /// True if a part of it does.
    pub(super) fn is_part_aside(&self, address: &Address, part: &Part) -> bool {
        !self.units.is_empty()
            && self
                .units
                .contains(&Unit::new(address.clone(), part.clone()))
    }
}

/// Objects of which the two know something else.
fn moved(before: &Ledger, after: &Ledger) -> BTreeSet<Address> {
    if before.entries == after.entries {
        return BTreeSet::new();
    }
    let differs = |address: &&Address| before.entries.get(*address) != after.entries.get(*address);
    let all = before.entries.keys().chain(after.entries.keys());
    all.filter(differs).cloned().collect()
}
