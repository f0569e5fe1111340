//! A plan that was saved: what has to be read again for it, what of it was not written down, and how its own
//! findings and those of today are weighed together.
//!
//! Its steps stay what they are; nothing is decided a second time. Nothing here reads a file.

use super::approve::Stale;
use super::build::sends;
use super::model::{Finding, Plan, PlanAction, Scoped, Step};
use crate::diag::Severity;
use crate::ledger::Ledger;
use crate::model::pattern::Pattern;
use crate::model::{
    Account, Address, Admitted, Cause, Data, Guards, Kind, Print, Prints, Time, Unit, Value,
};
use std::collections::{BTreeMap, BTreeSet};

/// The accounts that a plan has something to do in.
pub fn accounts(plan: &Plan) -> BTreeSet<Account> {
    let steps = plan.steps.iter().map(|step| &step.address);
    let scopes = plan.scopes.iter().map(|scope| &scope.top);
    steps
        .chain(scopes)
        .map(|address| address.account.clone())
        .collect()
}

/// What has to be read before a plan may run: what it touches, what is under way in its accounts, and the zones
/// whose signing decides whether a delegation may change.
pub fn touched(
    plan: &Plan,
    desired: &Admitted,
    ledgers: &BTreeMap<Account, Ledger>,
) -> BTreeSet<Address> {
    let mut all: BTreeSet<Address> = plan
        .steps
        .iter()
        .map(|step| step.address.clone())
        .chain(plan.scopes.iter().map(|scope| scope.top.clone()))
        .collect();
    for step in &plan.steps {
        let Address {
            account, domain, ..
        } = &step.address;
        if step.address.kind == Kind::Domain && &*step.part.0 == "delegation" {
            let home = desired.homes().get(domain);
            let zone = home.and_then(|home| home.zone.as_ref()).unwrap_or(account);
            all.insert(Address::of(zone, domain, Kind::Zone));
        }
    }
    // A record that the file does not name any more is found in its zone.
    let gone = |address: &Address| {
        let unnamed = address.kind == Kind::Record && !desired.objects().contains_key(address);
        address.parent().filter(|_| unnamed)
    };
    let zones: Vec<Address> = all.iter().filter_map(gone).collect();
    all.extend(zones);
    for ledger in ledgers.values() {
        for (write, _) in ledger.under_way() {
            // What the file does not name is found in what it lies in.
            all.extend(write.unit.address.parent());
            all.insert(write.unit.address);
        }
    }
    all
}

/// What a plan sends only because somebody asked for it.
pub fn resent(plan: &Plan) -> BTreeSet<Unit> {
    let steps = plan.steps.iter();
    let again = steps.filter(|step| sends(step.action) && step.reason == Cause::Resend);
    again.map(Step::unit).collect()
}

/// Puts the fingerprints back that no plan holds when it is written down. Fails where a password is not at hand,
/// and where one that was to be sent because its source had changed is the one that was sent last.
pub fn recall_secrets(
    plan: &mut Plan,
    prints: &Prints,
    ledgers: &BTreeMap<Account, Ledger>,
) -> Result<(), Vec<Stale>> {
    let mut stale = Vec::new();
    for step in &mut plan.steps {
        if let Err(what) = recall(step, prints, ledgers) {
            let unit = step.unit();
            stale.push(Stale { unit, what });
        }
    }
    match stale.is_empty() {
        true => Ok(()),
        false => Err(stale),
    }
}

fn recall(
    step: &mut Step,
    prints: &Prints,
    ledgers: &BTreeMap<Account, Ledger>,
) -> Result<(), String> {
    if !step.attributes.iter().any(|attribute| attribute.secret) {
        return Ok(());
    }
    let unit: Unit = step.unit();
    let entry = ledgers
        .get(&unit.address.account)
        .and_then(|ledger| ledger.entries.get(&unit.address));
    let known = entry.and_then(|entry| entry.part(&unit.part));
    for attribute in step
        .attributes
        .iter_mut()
        .filter(|attribute| attribute.secret)
    {
        let name = attribute.name;
        let known = known.and_then(|part| part.attrs.print(name));
        let now = match prints.get(&unit, name) {
            Some(Print::Of(print)) => Ok(print),
            Some(Print::Lacking(why)) => Err(format!("its {name} is not at hand: {why}")),
            None => Err(format!("the file has no {name} for it any more")),
        };
        let print = match step.action {
            PlanAction::Delete | PlanAction::Forget => continue,
            PlanAction::Adopt => match (known, now) {
                (Some(known), _) => known,
                (None, now) => now?,
            },
            PlanAction::Create | PlanAction::Update => now?,
        };
        let sends_a_new_one = sends(step.action) && step.reason == Cause::SecretChanged;
        if sends_a_new_one && known == Some(print) {
            return Err(format!("its {name} is the one that was sent last"));
        }
        attribute.after = Some(Value::Known(Data::Print(print.clone())));
    }
    Ok(())
}

/// The findings that hold for a saved plan: those of today, with the refusals that it was made with.
///
/// A consent to destroy changes steps, so it is given at `plan` and not again: what today refuses to destroy and
/// the plan did not was consented to then, unless an `[[allow]]` has expired since. A consent to a share only
/// weighs: it is asked for at each, and lifts what the plan was made with.
pub fn weigh(plan: &Plan, today: Vec<Finding>, guards: &Guards, now: Time) -> Vec<Finding> {
    let refused = |finding: &&Finding| finding.severity == Severity::Error;
    let before: BTreeSet<(&str, Option<&Address>)> = plan
        .findings
        .iter()
        .filter(refused)
        .map(|finding| (finding.code, finding.address.as_ref()))
        .collect();
    let expired = expired(guards, &plan.created, now);
    let lifted = |address: Option<&Address>| {
        let named = |pattern: &Pattern| address.is_some_and(|address| pattern.matches(address));
        guards.share.iter().any(named)
    };
    let holds = |finding: &Finding| {
        let address = finding.address.as_ref();
        let told = before.contains(&(finding.code, address));
        let consented = matches!(finding.code, "guard.protected" | "guard.apex-ns") && !told;
        // The apex is told of its zone.
        let ended = expired.iter().any(|pattern| {
            let own = |of: &Address| address.is_some_and(|top| super::build::inside(of, top));
            let mut steps = plan.steps.iter().map(|step| &step.address);
            steps.any(|of| own(of) && pattern.matches(of))
        });
        !consented || ended
    };
    let mut all: Vec<Finding> = today.into_iter().filter(holds).collect();
    let new: BTreeSet<(&str, Option<Address>)> = all
        .iter()
        .map(|finding| (finding.code, finding.address.clone()))
        .collect();
    let kept = plan.findings.iter().filter(refused).filter(|finding| {
        let share = matches!(finding.code, "guard.share" | "guard.emptied-zone");
        // Those of the whole are found again if they still hold.
        finding.scope != Scoped::Plan
            && !new.contains(&(finding.code, finding.address.clone()))
            && !(share && lifted(finding.address.as_ref()))
    });
    all.extend(kept.cloned());
    all
}

/// Consents to destroy of the file that held when the plan was made, and do not any more.
fn expired<'a>(guards: &'a Guards, created: &str, now: Time) -> Vec<&'a Pattern> {
    let day = |time: Time| time.to_zoned(jiff::tz::TimeZone::UTC).date();
    let made = created.parse::<Time>().map(day).unwrap_or_default();
    let over = guards.allow.iter().filter(|allow| {
        allow
            .until
            .is_some_and(|until| until >= made && until < day(now))
    });
    over.flat_map(|allow| &allow.destroy).collect()
}
