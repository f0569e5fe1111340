//! What providers remember between runs to read less, kept beside each account's ledger. What it says is theirs.
//!
//! A plan reads it and adds to it. An apply reads everything, forgets the domains that it is about to write before it
//! writes, and keeps what its writes taught; so whatever ends it, nothing that is remembered is older than a write.

use super::connect::Connected;
use crate::ledger::{self, Store};
use crate::model::{Account, Address, Kind, LastSeen};
use crate::plan::Plan;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is remembered, by account.
pub(super) type Known = BTreeMap<Account, LastSeen>;

/// Reads it.
pub(super) fn known(connected: &Connected) -> Known {
    stores(connected)
        .map(|(account, store)| (account.clone(), ledger::last_seen(&*store)))
        .collect()
}

/// Keeps what a read told beside what was known.
pub(super) fn keep(connected: &Connected, known: &Known, told: &LastSeen) {
    change(connected, known, |account, seen| {
        let own = format!("@{}", account.as_str());
        let told = told.marks.iter().filter(|(zone, _)| zone.ends_with(&own));
        seen.marks
            .extend(told.map(|(zone, mark)| (zone.clone(), mark.clone())));
    });
}

/// Forgets the zones of the domains that a plan writes to.
pub(super) fn forget(connected: &Connected, plan: &Plan) {
    let domains: BTreeSet<&Arc<str>> = plan
        .steps
        .iter()
        .map(|step| &step.address.domain)
        .chain(plan.scopes.iter().map(|scope| &scope.top.domain))
        .collect();
    change(connected, &known(connected), |account, seen| {
        for domain in &domains {
            let zone = Address::of(account, domain, Kind::Zone).full_text();
            seen.marks.remove(&*zone);
        }
    });
}

/// Keeps what the writes of a run taught.
pub(super) fn learn(connected: &Connected) {
    change(connected, &known(connected), |account, seen| {
        let learned = connected.providers.get(account);
        let learned = learned.map(|provider| provider.learned());
        seen.marks.extend(learned.unwrap_or_default().marks);
    });
}

/// Writes down what has changed. Losing it costs requests and nothing else, so that a failure stops nobody.
fn change(connected: &Connected, known: &Known, changing: impl Fn(&Account, &mut LastSeen)) {
    for (account, store) in stores(connected) {
        let before = known.get(account).cloned().unwrap_or_default();
        let mut after = before.clone();
        changing(account, &mut after);
        if after != before {
            let _ = ledger::remember(&*store, &after);
        }
    }
}

fn stores(connected: &Connected) -> impl Iterator<Item = (&Account, Box<dyn Store>)> {
    let keys = connected.keys.iter();
    keys.map(|(account, key)| (account, connected.ledgers.store(key)))
}
