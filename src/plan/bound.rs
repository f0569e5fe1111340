//! What a plan is bound to beside its steps, and what of it is different now.
//!
//! `binds.config` holds five digests: of what the file says of the objects that are touched, of what they lie in
//! and hang on; of the limits and consents of the file; of the targets; of the secrets that were sent last where it
//! sends one, which no read would tell; and of the text of the plan as a whole but for `created`, so that a plan
//! edited by hand is known as such. It is a check against mistakes and not a
//! signature: who can write the file can compute it. Nothing here reads a file or knows the time.

use super::approve::Stale;
use super::build::sends;
use super::file;
use super::model::{Plan, PlanAction, Step, one_value};
use crate::ledger::Ledger;
use crate::model::pattern::Pattern;
use crate::model::{
    Account, Address, Admitted, Allow, Attrs, Declared, Digesting, Guards, Kind, Value, Wanted,
};
use std::collections::BTreeMap;

/// Where in `binds.config` each digest stands.
const LANES: [&str; 5] = ["objects", "guards", "targets", "sent", "text"];

/// Binds a plan to the configuration and the ledgers that it was made of, and closes its text.
pub fn bind(
    plan: &mut Plan,
    (desired, guards): (&Admitted, &Guards),
    ledgers: &BTreeMap<Account, Ledger>,
) {
    let lanes = [
        objects(desired, &plan.steps),
        of_guards(guards),
        of_targets(&plan.binds.targets),
        of_sent(&plan.steps, ledgers),
    ];
    let [objects, guards, targets, sent] = &lanes;
    plan.binds.config = format!("objects {objects} guards {guards} targets {targets} sent {sent}");
    let text = of_text(plan);
    plan.binds.config = format!("{} text {text}", plan.binds.config);
}

/// Why the text of a plan is not the one that was written; `None` if it is.
pub fn edited(plan: &Plan) -> Option<String> {
    let Some(text) = lane(plan, "text") else {
        return Some("binds.config is not of this version's form".into());
    };
    if lane(plan, "targets") != Some(&*of_targets(&plan.binds.targets)) {
        return Some("its targets are not those that it was made with".into());
    }
    let mut bare = plan.clone();
    bare.binds.config = match plan.binds.config.rsplit_once(" text ") {
        Some((before, _)) => before.to_owned(),
        None => String::new(),
    };
    (text != of_text(&bare)).then(|| "its text is not the one that was written".into())
}

/// What the file says otherwise than when the plan was made.
pub fn reconfigured(plan: &Plan, desired: &Admitted, guards: &Guards) -> Vec<String> {
    let mut told = Vec::new();
    if lane(plan, "objects") != Some(&*objects(desired, &plan.steps)) {
        let named: Vec<&Step> = plan
            .steps
            .iter()
            .filter(|step| sends(step.action) && !still_said(step, desired))
            .collect();
        told.extend(named.iter().map(|step| {
            format!(
                "the file says something else of {} now",
                step.address.full_text()
            )
        }));
        if named.is_empty() {
            told.push(
                "the file says something else of what the plan touches, or of what that lies in (a rule, a need, \
                 an attribute that was equal)"
                    .into(),
            );
        }
        told.dedup();
    }
    if lane(plan, "guards") != Some(&*of_guards(guards)) {
        told.push("[guard] or an [[allow]] of the file is another one".into());
    }
    told
}

/// What a plan sends a secret of, if one of these was sent since it was made: no read would tell.
pub fn sent_since(plan: &Plan, ledgers: &BTreeMap<Account, Ledger>) -> Vec<Stale> {
    if lane(plan, "sent") == Some(&*of_sent(&plan.steps, ledgers)) {
        return Vec::new();
    }
    let steps = plan.steps.iter().filter(|step| sends_secret(step));
    steps
        .map(|step| Stale {
            unit: step.unit(),
            what: "a secret that the plan sends was sent since it was made".into(),
        })
        .collect()
}

/// True for a step that changes something that no read shows; of what is made, the object itself tells.
fn sends_secret(step: &Step) -> bool {
    step.action == PlanAction::Update && step.attributes.iter().any(|attribute| attribute.secret)
}

/// Digest of what the ledgers hold as sent of the secrets that are to be sent.
fn of_sent(steps: &[Step], ledgers: &BTreeMap<Account, Ledger>) -> String {
    let mut digest = Digesting::default();
    for step in steps.iter().filter(|step| sends_secret(step)) {
        let ledger = ledgers.get(&step.address.account);
        let entry = ledger.and_then(|ledger| ledger.entries.get(&step.address));
        let known = entry.and_then(|entry| entry.part(&step.part));
        digest.address(&step.address);
        digest.text(&step.part.0);
        for attribute in step.attributes.iter().filter(|own| own.secret) {
            let print = known.and_then(|part| part.attrs.print(attribute.name));
            digest.text(attribute.name);
            digest.text(print.map_or("", |print| print));
        }
    }
    digest.finish()
}

fn lane<'a>(plan: &'a Plan, name: &str) -> Option<&'a str> {
    let words: Vec<&str> = plan.binds.config.split(' ').collect();
    let pairs = words.as_chunks::<2>();
    let in_order = pairs.1.is_empty() && pairs.0.iter().map(|[name, _]| *name).eq(LANES);
    let found = pairs.0.iter().find(|[own, _]| *own == name);
    found.filter(|_| in_order).map(|[_, digest]| *digest)
}

/// True if the file still wants what a step brings.
fn still_said(step: &Step, desired: &Admitted) -> bool {
    let declared = desired.objects().get(&step.address);
    let parts = || declared.map_or(&[][..], |declared| &declared.parts);
    let wants = |value: &Attrs| {
        let record = step.address.kind == Kind::Record;
        parts().iter().any(|wanted| match record {
            true => wanted.attrs == *value,
            false => wanted.part == step.part && holds(wanted, value),
        })
    };
    let (before, after) = (one_value(&step.before()), one_value(&step.after()));
    match step.action {
        PlanAction::Create | PlanAction::Update if !after.is_empty() => wants(&after),
        // Of a set, a value that goes is an update too; what only sends a secret brings no value.
        PlanAction::Create => declared.is_some(),
        PlanAction::Update => before.is_empty() || !wants(&before),
        PlanAction::Delete => !wants(&before) || before.is_empty(),
        PlanAction::Adopt | PlanAction::Forget => true,
    }
}

fn holds(wanted: &Wanted, values: &Attrs) -> bool {
    let known = |value: &Value| matches!(value, Value::Known(_));
    let mut all = values.iter().filter(|(_, value)| known(value));
    all.all(|(name, value)| wanted.attrs.get(name) == Some(value) || values.print(name).is_some())
}

/// Digest of what the file says of the objects that are touched, and of their parents.
fn objects(desired: &Admitted, steps: &[Step]) -> String {
    // Steps stand by address but for their needs, so that they are nearly sorted, and most have one parent.
    let mut parents: Vec<Address> = steps
        .iter()
        .filter_map(|step| step.address.parent())
        .collect();
    parents.sort_unstable();
    parents.dedup();
    let mut touched: Vec<&Address> = steps.iter().map(|step| &step.address).collect();
    touched.extend(&parents);
    // Two runs, which a stable sort merges in linear time.
    touched.sort();
    touched.dedup();
    let mut objects = desired.objects().iter().peekable();
    let mut digest = Digesting::default();
    for address in touched {
        digest.address(address);
        while objects.next_if(|(next, _)| *next < address).is_some() {}
        if let Some((_, declared)) = objects.next_if(|(next, _)| *next == address) {
            object(&mut digest, declared);
        }
    }
    digest.finish()
}

fn object(digest: &mut Digesting, declared: &Declared) {
    let Declared {
        parts,
        rules,
        buy,
        renew_before,
        secrets,
    } = declared;
    for wanted in parts {
        digest.part(&wanted.part.0, &wanted.attrs);
    }
    if let Some(rules) = rules {
        digest.text(if rules.purge { "purge" } else { "leave" });
        if rules.gone {
            digest.text("gone");
        }
        for ignore in &rules.ignore {
            digest.text(&ignore.host);
            digest.text(&ignore.rtype);
            digest.text(&shown(&ignore.until));
        }
    }
    if let Some(buy) = buy {
        digest.text("buy");
        digest.text(&buy.period.to_string());
        digest.text(&shown(&buy.max_price));
    }
    if let Some(days) = renew_before {
        digest.text("renew");
        digest.text(&days.0.to_string());
    }
    for secret in secrets.as_deref().unwrap_or_default() {
        digest.text("secret");
        digest.text(&secret.part.0);
        digest.text(secret.name);
        digest.text(&secret.source);
    }
}

/// Digest of what the file limits and consents to, without what the command line added.
fn of_guards(guards: &Guards) -> String {
    let Guards {
        max_cost,
        max_orders,
        max_delete_percent,
        max_zones,
        protect,
        allow,
        // Looked at again when the plan is weighed.
        keeps_secrets: _,
        // Of one command, not of the file: those of `plan` are in what it told, those of `apply` weigh there.
        destroy: _,
        share: _,
        // Of the machine, not of the file.
        ledger: _,
    } = guards;
    let mut digest = Digesting::default();
    digest.text(&max_cost.to_string());
    for number in [max_orders, max_delete_percent, max_zones] {
        digest.text(&number.to_string());
    }
    patterns(&mut digest, protect);
    for one in allow {
        let Allow {
            destroy,
            order,
            share,
            max_cost,
            reason: _,
            until,
            origin: _,
        } = one;
        for list in [destroy, order, share] {
            patterns(&mut digest, list);
        }
        digest.text(&shown(max_cost));
        digest.text(&shown(until));
    }
    digest.finish()
}

fn patterns(digest: &mut Digesting, list: &[Pattern]) {
    digest.text(&list.len().to_string());
    for pattern in list {
        digest.text(pattern.as_str());
    }
}

fn shown<T: ToString>(value: &Option<T>) -> String {
    value.as_ref().map(T::to_string).unwrap_or_default()
}

fn of_targets(targets: &[String]) -> String {
    let mut digest = Digesting::default();
    for target in targets {
        digest.text(target);
    }
    digest.finish()
}

fn of_text(plan: &Plan) -> String {
    let mut digest = Digesting::default();
    let created = format!("\"{}\"", plan.created);
    digest.text(&file::write(plan).replacen(&created, "\"\"", 1));
    digest.finish()
}
