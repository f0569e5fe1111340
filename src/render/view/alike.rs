//! What is the same for many domains, shown once with their number.
//!
//! Rows are the same if they differ in nothing but the domain: a value that holds the domain's own name is
//! compared, and shown, with `{domain}` in its place. Linear in what there is to show.

use super::row::{Mark, Rank, Row};
use super::{Group, count, some_of};
use crate::model::Kind;
use std::collections::BTreeMap;
use std::sync::Arc;

/// From this number on, domains with the same change share one row.
const ALIKE: usize = 4;

/// The same for what goes, or is kept because it holds value: it is seen one by one as long as a person
/// would read it.
const ALIKE_LOST: usize = 13;

/// How many names stand for all of them.
pub(in crate::render) const NAMED: usize = 3;

/// The same where something goes.
const NAMED_LOST: usize = 5;

/// Written in place of a domain's own name.
const OWN: &str = "{domain}";

/// What a row says, as far as it may be the same for other domains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Same {
    /// Equal where the same is said.
    pub(super) key: String,
    /// How it reads for all of them, where that differs from how it reads for one.
    pub(super) shown: Shown,
}

/// How a shared row differs from the row of one domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    /// Not at all.
    Alike,
    /// Its values name the domain.
    Changes(Vec<super::Change>),
    /// What is said names the object.
    Saying(String),
}

/// A text with `{domain}` for the name of the domain; `None` where it is not in it.
pub(in crate::render) fn without_domain(text: &str, domain: &str) -> Option<String> {
    if domain.is_empty() || !text.contains(domain) {
        return None;
    }
    let of_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find(domain) {
        let (before, after) = (&rest[..at], &rest[at + domain.len()..]);
        let whole = !out
            .chars()
            .chain(before.chars())
            .next_back()
            .is_some_and(of_name)
            && !after.chars().next().is_some_and(of_name);
        out.push_str(before);
        out.push_str(if whole { OWN } else { domain });
        found |= whole;
        rest = after;
    }
    out.push_str(rest);
    found.then_some(out)
}

/// True if a text could be taken for one in which the domain was replaced.
pub(in crate::render) fn says_domain(text: &str) -> bool {
    text.contains(OWN)
}

/// Rows, by domain.
pub(super) type Own = Vec<(Arc<str>, Vec<Row>)>;

/// Takes out the rows that say the same of many domains, and puts those of the same domains together.
pub(super) fn shared(mut own: Own) -> (Vec<Group>, Own) {
    let mut sames: BTreeMap<&str, (Vec<usize>, usize)> = BTreeMap::new();
    for (at, (_, rows)) in own.iter().enumerate() {
        for row in rows {
            if let Some(same) = &row.same {
                let (all, _) = sames
                    .entry(&same.key)
                    .or_insert_with(|| (Vec::new(), needed(row)));
                // Two accounts may have one domain.
                if all.last() != Some(&at) {
                    all.push(at);
                }
            }
        }
    }
    let sames: BTreeMap<String, Vec<usize>> = sames
        .into_iter()
        .filter(|(_, (at, needed))| at.len() >= *needed)
        .map(|(same, (at, _))| (same.to_owned(), at))
        .collect();
    let mut merged: BTreeMap<&str, Row> = BTreeMap::new();
    for (_, rows) in &mut own {
        rows.retain_mut(|row| {
            let same = row.same.as_ref();
            let Some((key, _)) = same.and_then(|same| sames.get_key_value(&same.key)) else {
                return true;
            };
            match merged.get_mut(key.as_str()) {
                Some(first) => first.absorb(row),
                None => {
                    merged.insert(key, row.clone());
                }
            }
            false
        });
    }
    let mut by_domains: BTreeMap<&Vec<usize>, Vec<Row>> = BTreeMap::new();
    for (key, mut row) in merged {
        row.absorbed();
        by_domains.entry(&sames[key]).or_default().push(row);
    }
    let groups = by_domains
        .into_iter()
        .map(|(at, rows)| group(at.iter().map(|at| Arc::clone(&own[*at].0)).collect(), rows))
        .collect();
    own.retain(|(_, rows)| !rows.is_empty());
    (groups, own)
}

fn lost(row: &Row) -> bool {
    row.rank == Rank::Destroyed || row.mark == Mark::Keep
}

fn needed(row: &Row) -> usize {
    if lost(row) { ALIKE_LOST } else { ALIKE }
}

fn group(domains: Vec<Arc<str>>, rows: Vec<Row>) -> Group {
    let zones = rows
        .iter()
        .all(|row| matches!(row.kind, Kind::Zone | Kind::Record));
    let what = if zones { "zone" } else { "domain" };
    let named = if rows.iter().any(lost) {
        NAMED_LOST
    } else {
        NAMED
    };
    Group {
        title: format!(
            "{}: {}",
            count(domains.len(), what),
            some_of(&domains, named)
        ),
        domains,
        rows,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_found_as_a_whole_name_only() {
        for (text, found) in [
            ("www.a.example.", Some("www.{domain}.")),
            ("a.example, x@a.example", Some("{domain}, x@{domain}")),
            ("ba.example a.examples", None),
            ("a.example-b a.example", Some("a.example-b {domain}")),
            ("none", None),
        ] {
            assert_eq!(
                without_domain(text, "a.example").as_deref(),
                found,
                "{text}"
            );
        }
        assert_eq!(without_domain("anything", ""), None);
    }
}
