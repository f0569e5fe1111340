//! Approvals by digest that outlive a run that was cut off: kept beside the ledgers until their plans are finished.
//!
//! The ledger says which digests are approved and unfinished; what they were about is kept beside it, and losing it
//! only means that the next plan is approved anew.

use super::connect::Connected;
use super::exit::Exit;
use super::failure::Failure;
use crate::apply::{Ending, Report};
use crate::ledger::{self, LedgerError, Locked, Store};
use crate::model::Account;
use crate::plan::{Plan, approval};
use std::collections::BTreeMap;

/// True if a plan goes on with what was approved under a digest: in each account that it does something in.
pub(super) fn goes_on(
    digest: &str,
    plan: &Plan,
    locked: &BTreeMap<Account, Locked>,
    connected: &Connected,
) -> bool {
    let mut holding = locked
        .iter()
        .filter(|(_, locked)| locked.ledger().approved.contains(digest))
        .peekable();
    // The marks are those of the whole plan, wherever they are kept.
    holding.peek().is_some()
        && holding.all(|(account, _)| {
            let known = store(account, connected).map(|store| ledger::approvals(&*store));
            known
                .unwrap_or_default()
                .get(digest)
                .is_some_and(|marks| approval::covers(marks, plan))
        })
}

/// Keeps what a plan is about that is about to run, and lets go of what is finished.
pub(super) fn keep(plan: &Plan, locked: &BTreeMap<Account, Locked>, connected: &Connected) {
    let digest: Box<str> = plan.digest.as_str().into();
    for (account, locked) in locked {
        let Some(store) = store(account, connected) else {
            continue;
        };
        let unfinished = &locked.ledger().approved;
        let mut known = ledger::approvals(&*store);
        known.retain(|old, _| unfinished.contains(old));
        known
            .entry(digest.clone())
            .or_insert_with(|| approval::marks(plan));
        // Without it, what is left is approved anew.
        let _ = ledger::keep_approvals(&*store, &known);
    }
}

/// Refuses a saved plan that was applied; one that was cut off goes on.
pub(super) fn refuse_spent(
    plan: &Plan,
    locked: &BTreeMap<Account, Locked>,
    connected: &Connected,
) -> Result<(), Failure> {
    for (account, locked) in locked {
        let Some(store) = store(account, connected) else {
            continue;
        };
        let unfinished = locked.ledger().approved.contains(&*plan.digest);
        if !unfinished && ledger::spent(&*store).contains(&id(plan)) {
            let message = "the plan was applied already";
            return Err(Failure::new(Exit::Stale, "plan.applied", message)
                .help("a saved plan is applied once; plan again, and look at the new plan"));
        }
    }
    Ok(())
}

/// True if nothing of a plan is left to do.
pub(super) fn is_whole(report: &Report) -> bool {
    report.blocked.is_empty() && report.rows.iter().all(|row| row.ending == Ending::Applied)
}

/// Notes that a saved plan was applied.
pub(super) fn spend(id: &str, connected: &Connected) -> Result<(), LedgerError> {
    for account in connected.keys.keys() {
        if let Some(store) = store(account, connected).filter(|store| store.used().unwrap_or(true))
        {
            ledger::spend(&*store, id.into())?;
        }
    }
    Ok(())
}

/// Names one saved plan.
pub(super) fn id(plan: &Plan) -> Box<str> {
    format!("{} {}", plan.created, plan.binds.config).into()
}

fn store(account: &Account, connected: &Connected) -> Option<Box<dyn Store>> {
    let key = connected.keys.get(account)?;
    Some(connected.ledgers.store(key))
}
