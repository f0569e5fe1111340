//! Where a change comes from: the lines that wrote it, and the templates and groups it came through, with the
//! places of their use.

use super::super::escape::inert;
use crate::diag::Place;
use crate::plan::Step;
use std::collections::{BTreeMap, BTreeSet};

/// The lines and ways of one row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Through {
    places: BTreeSet<Place>,
    /// Innermost first.
    order: Vec<String>,
    used: BTreeMap<String, BTreeSet<(String, u32)>>,
}

impl Through {
    pub(super) fn of(steps: &[&Step]) -> Self {
        let mut through = Self {
            places: steps.iter().filter_map(|s| s.source.clone()).collect(),
            ..Self::default()
        };
        for via in steps.iter().flat_map(|step| step.via.iter().rev()) {
            let name = inert(&via.name).replacen('.', " ", 1);
            if !through.used.contains_key(&name) {
                through.order.push(name.clone());
            }
            let used = through.used.entry(name).or_default();
            used.insert((inert(&via.file).into_owned(), via.line));
        }
        through
    }

    /// What rows of several domains have in common if it is the same line of the same template: empty where
    /// each domain has lines of its own.
    pub(super) fn common(&self) -> String {
        if self.order.is_empty() {
            return String::new();
        }
        format!("{:?} {:?}", self.order, self.places)
    }

    /// Takes in those of another domain. Joining two sets costs as much as both; there may be a thousand.
    pub(super) fn absorb(&mut self, other: &mut Self) {
        self.places.extend(std::mem::take(&mut other.places));
        for (name, used) in std::mem::take(&mut other.used) {
            self.used.entry(name).or_default().extend(used);
        }
    }

    /// `a.toml:3`; `a.toml:3,4`; `a.toml:3 and 799 more`.
    pub(super) fn place(&self) -> Option<String> {
        let places = self.places.iter();
        told(&places.map(|place| (&*place.file, place.line)).collect())
    }

    /// `from template mail (used at a.toml:14) in group acme (used at b.toml:2)`; empty if it came straight.
    pub(super) fn ways(&self) -> String {
        let each = self.order.iter().map(|name| {
            let used = self.used.get(name);
            let used = used.into_iter().flatten();
            match told(&used.map(|(file, line)| (file.as_str(), *line)).collect()) {
                Some(used) => format!("{name} (used at {used})"),
                None => name.clone(),
            }
        });
        let ways: Vec<String> = each.collect();
        match ways.is_empty() {
            true => String::new(),
            false => format!("from {}", ways.join(" in ")),
        }
    }
}

/// `a.toml:3`; up to four lines of one file; of more, the first and how many follow.
pub(super) fn told(places: &BTreeSet<(&str, u32)>) -> Option<String> {
    let (file, line) = *places.first()?;
    let mut text = format!("{}:{line}", inert(file));
    if places.len() <= 4 && places.iter().all(|place| place.0 == file) {
        for (_, line) in places.iter().skip(1) {
            text.push_str(&format!(",{line}"));
        }
    } else {
        text.push_str(&format!(" and {} more", places.len() - 1));
    }
    Some(text)
}
