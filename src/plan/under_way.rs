//! What earlier runs left at the provider, as a plan tells it. It waits for nothing and proves nothing: what the read
//! proved has left the ledger before.

use super::model::PlanPending;
use crate::ledger::Ledger;
use crate::model::{Account, Address, On};
use std::collections::BTreeMap;

/// The pending writes of the wanted objects, numbered from 1 in order of address and part.
pub(super) fn of(
    ledgers: &BTreeMap<Account, Ledger>,
    wanted: impl Fn(&Address) -> bool,
) -> Vec<PlanPending> {
    let all = ledgers.values().flat_map(|ledger| &ledger.pending);
    let mut told: Vec<PlanPending> = Vec::new();
    for (unit, open) in all.filter(|(unit, _)| wanted(&unit.address)) {
        // Kept among the pending ones, so that the provider took it.
        let Some(pending) = &open.pending else {
            continue;
        };
        let (state, action) = match &pending.on {
            On::Provider => ("under way".to_owned(), None),
            On::Person { what, place } => (
                "waits for a person".to_owned(),
                Some(format!("{what} ({place})")),
            ),
            On::Dns => ("waits for the DNS".to_owned(), None),
            On::Time { until } => (format!("waits until {until}"), None),
        };
        told.push(PlanPending {
            id: u32::try_from(told.len() + 1).unwrap_or(u32::MAX),
            address: unit.address.clone(),
            order: pending.order.to_string(),
            since: open.since.to_string(),
            state,
            goal: pending.goal.to_string(),
            action,
        });
    }
    told
}
