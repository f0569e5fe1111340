//! From a plan to something that may run: the only way to an [`Approved`].
//!
//! It weighs the findings, looks at each step against what is live now, and knows which handle each write
//! goes to. It asks nobody: the consent was given before.

use super::build::sends;
use super::model::{Blocked, Exactness, Finding, Plan, Scoped, Step, one_value};
use crate::diag::Severity;
use crate::diff::live_part;
use crate::ledger::{Entry, EntryPart, Ledger, StepId};
use crate::model::{Account, Action, Address, Fingerprint, Handle, Kind, Live, Part, Unit, Write};
use std::collections::{BTreeMap, BTreeSet};

/// That a person, a flag, a saved plan or a digest said yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// `--yes`, or an answer at the terminal.
    Given,
    /// `--expect`, or a saved plan.
    ByDigest,
}

/// A step that no longer fits what is live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// Which.
    pub unit: Unit,
    /// What is different.
    pub what: String,
}

/// Why nothing of a plan runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Guards whose scope is the whole plan (exit 5).
    Guard(Vec<Finding>),
    /// It was made of another world (exit 6).
    Stale(Vec<Stale>),
}

/// A plan that may run. What a guard holds back is taken out and told.
#[derive(Debug, Clone)]
pub struct Approved {
    plan: Plan,
    refused: Vec<Blocked>,
    live: Live,
    handles: BTreeMap<Address, Handle>,
}

/// Weighs a reviewed plan against the locked ledgers and what is live.
pub fn approve(
    mut plan: Plan,
    ledgers: &BTreeMap<Account, Ledger>,
    live: Live,
    consent: Consent,
) -> Result<Approved, Refusal> {
    // Both forms weigh the same: guards hold whoever approved.
    match consent {
        Consent::Given | Consent::ByDigest => {}
    }
    let errors: Vec<&Finding> = plan
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    let whole: Vec<Finding> = errors
        .iter()
        .filter(|finding| finding.scope == Scoped::Plan)
        .map(|finding| (*finding).clone())
        .collect();
    if !whole.is_empty() {
        return Err(Refusal::Guard(whole));
    }
    let mut refused: Vec<Blocked> = errors
        .iter()
        .filter_map(|finding| {
            Some(Blocked {
                address: finding.address.clone()?,
                code: finding.code,
                reason: finding.message.clone(),
                source: finding.source.clone(),
            })
        })
        .collect();
    let zones: BTreeSet<Address> = errors
        .iter()
        .filter(|f| f.scope == Scoped::Zone)
        .filter_map(|f| f.address.clone())
        .collect();
    let objects: BTreeSet<Address> = errors
        .iter()
        .filter(|f| f.scope == Scoped::Object)
        .filter_map(|f| f.address.clone())
        .collect();
    drop(errors);
    let mut out: BTreeMap<StepId, Address> = BTreeMap::new();
    let mut told: BTreeSet<Address> = BTreeSet::new();
    for step in plan.steps.iter().filter(|step| sends(step.action)) {
        let parent = step.address.parent();
        let itself = objects.contains(&step.address)
            || zones.contains(&step.address)
            || parent.as_ref().is_some_and(|zone| zones.contains(zone));
        if itself {
            out.insert(step.id, step.address.clone());
        } else if let Some(first) = step.needs.iter().find_map(|need| out.get(need)).cloned() {
            // What lives in a held object is told with it.
            if parent.as_ref() != Some(&first) && told.insert(step.address.clone()) {
                refused.push(Blocked {
                    address: step.address.clone(),
                    code: "step.waits",
                    reason: format!("it waits for {first}, which is held back"),
                    source: step.source.clone(),
                });
            }
            out.insert(step.id, first);
        }
    }
    let stale: Vec<Stale> = plan
        .steps
        .iter()
        .filter(|step| !out.contains_key(&step.id))
        .filter_map(|step| stale(step, ledgers, &live))
        .collect();
    if !stale.is_empty() {
        return Err(Refusal::Stale(stale));
    }
    let mut handles = BTreeMap::new();
    for (account, ledger) in ledgers {
        let known = ledger
            .entries
            .iter()
            .filter(|(address, _)| address.account == *account);
        handles.extend(
            known.filter_map(|(address, entry)| Some((address.clone(), entry.handle.clone()?))),
        );
    }
    handles.extend(
        live.objects
            .iter()
            .filter_map(|(address, seen)| Some((address.clone(), seen.handle.clone()?))),
    );
    plan.steps.retain(|step| !out.contains_key(&step.id));
    Ok(Approved {
        plan,
        refused,
        live,
        handles,
    })
}

/// Compares one step with what is live and with what the ledger holds open.
fn stale(step: &Step, ledgers: &BTreeMap<Account, Ledger>, live: &Live) -> Option<Stale> {
    let unit = Unit::new(step.address.clone(), step.part.clone());
    let ledger = ledgers.get(&step.address.account);
    let open = ledger.is_some_and(|ledger| {
        ledger.doubts.contains_key(&unit)
            || ledger.pending.contains_key(&unit)
            || ledger.open.contains_key(&unit)
    });
    if open {
        return Some(Stale {
            unit,
            what: "an earlier write of it is still open".to_owned(),
        });
    }
    if !sends(step.action) || step.kind == Exactness::Deferred {
        return None;
    }
    let what = difference(step, live)?.to_owned();
    Some(Stale { unit, what })
}

/// What of a step's own unit is not as it expects it; `None` if all is.
pub fn difference(step: &Step, live: &Live) -> Option<&'static str> {
    let seen = live
        .objects
        .get(&step.address)
        .and_then(|seen| live_part(seen, &step.part));
    let now = seen.map(|seen| {
        let attrs = seen.attrs.restricted_to(&one_value(&step.before()));
        Fingerprint::of(&step.unit(), &attrs)
    });
    if now == step.prior {
        return None;
    }
    Some(match (&step.prior, &now) {
        (None, Some(_)) => "something is there that was not",
        (Some(_), None) => "it is gone",
        (Some(_), Some(_)) | (None, None) => "it changed",
    })
}

impl Approved {
    /// The plan, without what is held back.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What guards hold back, to be told beside the plan's own blocked entries.
    pub fn refused(&self) -> &[Blocked] {
        &self.refused
    }

    /// Notes what a step's object is called now.
    pub fn learn(&mut self, address: &Address, handle: Handle) {
        self.handles.insert(address.clone(), handle);
    }

    /// Takes in what was read below an object that this run made.
    pub fn take_in(&mut self, live: Live) {
        for (address, seen) in live.objects {
            self.handles
                .extend(seen.handle.clone().map(|handle| (address.clone(), handle)));
            self.live.objects.insert(address, seen);
        }
    }

    /// Takes in what was read again of these objects; what was not found is gone.
    pub fn renew<'a>(&mut self, objects: impl Iterator<Item = &'a Address>, live: Live) {
        for address in objects {
            self.live.objects.remove(address);
        }
        self.take_in(live);
    }

    /// Hands the steps over to the run that carries them out.
    pub fn take_steps(&mut self) -> Vec<Step> {
        std::mem::take(&mut self.plan.steps)
    }

    /// What is live, as it was read last.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// What the provider calls an object, as far as it is known by now.
    pub fn handle(&self, address: &Address) -> Option<&Handle> {
        self.handles.get(address)
    }

    /// The request behind a step. `None` for notes.
    pub fn write(&self, step: &Step) -> Option<Write> {
        if !sends(step.action) {
            return None;
        }
        let unit = Unit::new(step.address.clone(), step.part.clone());
        let (before, after) = (one_value(&step.before()), one_value(&step.after()));
        let member = step.address.kind == Kind::Record;
        let action = match step.action {
            _ if member && before.is_empty() => Action::Create,
            _ if member && after.is_empty() => Action::Delete,
            super::PlanAction::Create => Action::Create,
            super::PlanAction::Delete => Action::Delete,
            super::PlanAction::Update | super::PlanAction::Adopt | super::PlanAction::Forget => {
                Action::Update
            }
        };
        let handle = if member {
            let seen = self.live.objects.get(&step.address);
            seen.and_then(|seen| live_part(seen, &step.part))
                .and_then(|part| part.handle.clone())
        } else {
            self.handles.get(&step.address).cloned()
        };
        // A redirection's service sells it; it lives in the zone, whose handle is the domain's.
        let holder = match step.address.kind == Kind::Redirect {
            true => Some(Address::of(
                &step.address.account,
                &step.address.domain,
                Kind::Zone,
            )),
            false => step.address.service(),
        };
        let holders = [holder, step.address.parent()];
        let within = holders
            .iter()
            .flatten()
            .find_map(|holder| self.handles.get(holder).cloned());
        Some(Write {
            unit,
            action,
            before,
            after,
            handle,
            within,
            order: None,
        })
    }

    /// The ledger entry that the adopting notes about one object come to: what it held, without what is no
    /// longer managed, with what is adopted.
    pub fn adopted(&self, address: &Address, notes: &[&Step], ledger: &Ledger) -> Entry {
        let mut entry = ledger.entries.get(address).cloned().unwrap_or_default();
        let seen = self.live.objects.get(address);
        let mut parts: BTreeMap<Part, EntryPart> = entry
            .parts
            .iter()
            .map(|part| (part.part.clone(), part.clone()))
            .collect();
        for step in notes {
            let after = one_value(&step.after());
            let there = seen.and_then(|seen| live_part(seen, &step.part));
            if after.is_empty() && (step.address.kind == Kind::Record || !step.before().is_empty())
            {
                parts.remove(&step.part);
            } else {
                parts.insert(
                    step.part.clone(),
                    EntryPart {
                        part: step.part.clone(),
                        handle: there.and_then(|part| part.handle.clone()),
                        attrs: after,
                        owner: None,
                    },
                );
            }
        }
        entry.parts = parts.into_values().collect();
        entry.forgotten = false;
        entry.handle = seen.and_then(|seen| seen.handle.clone()).or(entry.handle);
        if let Some(seen) = seen.filter(|_| keeps_outputs(address.kind)) {
            entry.outputs = entry.outputs.overlaid(&seen.outputs);
        }
        entry
    }
}

/// True if what a provider named stays as it is named; what is read of a zone or a domain beside its
/// attributes changes with them.
fn keeps_outputs(kind: Kind) -> bool {
    match kind {
        Kind::Contact
        | Kind::RedirectService
        | Kind::Redirect
        | Kind::Mail
        | Kind::Mailbox
        | Kind::Autoresponder
        | Kind::Hosting
        | Kind::FtpUser
        | Kind::Database
        | Kind::Site
        | Kind::Wordpress
        | Kind::Certificate
        | Kind::NsKey => true,
        Kind::Domain | Kind::Zone | Kind::Record => false,
    }
}
