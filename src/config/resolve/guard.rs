//! `[guard]` and `[[allow]]`: limits and consents.

use super::super::grammar::field::{Inline, Sub, Sum};
use super::super::grammar::value::{At, List, Text};
use super::super::grammar::{Allow, Guard};
use super::super::said;
use super::pattern::{self, PatternError};
use super::{Desk, GroupNames, quantity};
use crate::diag::{Diagnostic, Span};
use crate::model::pattern::Pattern;
use crate::model::{self, Desired, Guards};
use std::collections::BTreeSet;

/// Resolves both. Patterns that give consent are compared with what is declared.
pub(crate) fn resolve(
    (guard, allow): (Sub<Guard>, Sum<Inline<Allow>>),
    desired: &Desired,
    groups: &GroupNames,
    desk: &mut Desk<'_>,
) -> Guards {
    let mut guards = Guards::default();
    if let Some(at) = guard.0 {
        limits(at.value, &mut guards, groups, desk);
    }
    let texts: BTreeSet<String> = if allow.0.is_empty() {
        BTreeSet::new()
    } else {
        // Only names with a star can be mistaken for a pattern.
        let starred = |text: &String| text.contains("\\*");
        let addresses = desired.objects.keys();
        addresses
            .map(|address| address.text())
            .filter(starred)
            .collect()
    };
    for item in allow.0 {
        let consent = consent((item.span, item.value.0), &texts, groups, desk);
        guards.allow.extend(consent);
    }
    guards
}

fn limits(guard: Guard, guards: &mut Guards, groups: &GroupNames, desk: &mut Desk<'_>) {
    let Guard {
        max_cost,
        max_orders,
        max_delete_percent,
        max_zones,
        protect,
        note: _,
    } = guard;
    if let Some(money) = max_cost.and_then(|at| quantity::written_money("max_cost", &at, desk.told))
    {
        guards.max_cost = money;
    }
    let count = |number: i64, default: u32| u32::try_from(number).unwrap_or(default);
    if let Some(at) = max_orders {
        guards.max_orders = count(at.value.0, guards.max_orders);
    }
    if let Some(at) = max_delete_percent {
        guards.max_delete_percent = count(at.value.0, guards.max_delete_percent);
    }
    if let Some(at) = max_zones {
        guards.max_zones = count(at.value.0, guards.max_zones);
    }
    if let Some(at) = protect {
        guards.protect = patterns(at.value.0, groups, desk);
    }
}

fn patterns(list: Vec<At<Text>>, groups: &GroupNames, desk: &mut Desk<'_>) -> Vec<Pattern> {
    let mut out = Vec::with_capacity(list.len());
    for at in list {
        let read = pattern::canonical(&at.value).map(|text| Pattern::new(&text));
        match read.and_then(|read| pattern::of_groups(read, groups)) {
            Ok(pattern) => out.push(pattern),
            // A group that was not read may be the one.
            Err(PatternError::Group { .. }) if !desk.whole => {}
            Err(error) => {
                let message = format!("{:?} matches nothing: {error}", at.value);
                desk.error(Diagnostic::error(said::PATTERN, message).at(at.span, ""));
            }
        }
    }
    out
}

fn consent(
    (span, allow): (Span, Allow),
    starred: &BTreeSet<String>,
    groups: &GroupNames,
    desk: &mut Desk<'_>,
) -> Option<model::Allow> {
    let Allow {
        destroy,
        order,
        share,
        max_cost: _,
        reason,
        until,
        note: _,
    } = allow;
    if destroy.is_none() && order.is_none() && share.is_none() {
        desk.error(
            Diagnostic::error(said::ALLOW, "it allows nothing")
                .at(span, "")
                .help("write destroy = [\"…\"] or share = [\"…\"]"),
        );
        return None;
    }
    let mut read = |list: Option<At<List<Text>>>| -> Vec<Pattern> {
        let items = list.map(|at| at.value.0).unwrap_or_default();
        for at in &items {
            if let Some(name) = starred
                .iter()
                .find(|text| reads_literally_as(&at.value, text))
            {
                let message = format!(
                    "{:?} matches more than {name}, which it names if its star is read literally",
                    at.value
                );
                let help = format!("write '{name}' for that object, or ** for all");
                desk.error(
                    Diagnostic::error(said::PATTERN, message)
                        .at(at.span, "")
                        .help(help),
                );
            }
        }
        patterns(items, groups, desk)
    };
    let (destroy, share) = (read(destroy), read(share));
    let day = match &until {
        Some(at) => Some(quantity::written_day(at, desk.told)?),
        None => None,
    };
    Some(model::Allow {
        destroy,
        order: Vec::new(),
        share,
        max_cost: None,
        reason: reason.map_or_else(Box::default, |at| at.value),
        until: day,
        origin: desk.origin(span, None, None),
    })
}

fn reads_literally_as(text: &str, name: &str) -> bool {
    Pattern::new(text).reads_literally_as(name)
}
