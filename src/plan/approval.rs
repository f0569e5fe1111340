//! What an approval was about, in a form that is small enough to be kept until the plan is finished.
//!
//! After a kill or a failure the next plan has fewer steps, and so another digest. It is still covered by the
//! approval of the first if each of its steps is one of the first's, or lies in the room of one of its scopes.

use super::build::{inside, sends};
use super::model::{Plan, Scope, Step};
use crate::model::{Cause, Data, Digesting, Value};
use std::collections::BTreeSet;

/// The marks of one plan.
pub type Marks = BTreeSet<Box<str>>;

/// What is kept of a plan that was approved.
pub fn marks(plan: &Plan) -> Marks {
    let steps = plan.steps.iter().filter(|step| sends(step.action));
    let both = steps.flat_map(|step| [whole(step), goal(step)]);
    both.chain(plan.scopes.iter().flat_map(rooms)).collect()
}

/// True if everything that a plan does was approved by what left these marks.
pub fn covers(marks: &Marks, plan: &Plan) -> bool {
    let mut steps = plan.steps.iter().filter(|step| sends(step.action));
    steps.all(|step| marks.contains(&whole(step)) || within(marks, step))
}

/// True if a scope has room for a step: for what was listed, and for the removal of what a provider put there.
fn within(marks: &Marks, step: &Step) -> bool {
    let tops = [Some(step.address.clone()), step.address.parent()];
    let mut tops = tops
        .into_iter()
        .flatten()
        .filter(|top| inside(&step.address, top));
    tops.any(|top| {
        let top = top.full_text();
        let has = |room: &str| marks.contains(&*format!("{room} {top}"));
        let removes = step.after().is_empty();
        let default = removes && step.reason == Cause::ProviderDefault;
        has("scope") && (marks.contains(&goal(step)) || default) || has("purge") && removes
    })
}

fn rooms(scope: &Scope) -> impl Iterator<Item = Box<str>> {
    let top = scope.top.full_text();
    let purge = scope.purge.then(|| format!("purge {top}").into());
    std::iter::once(format!("scope {top}").into()).chain(purge)
}

/// A step with all that an approval is about, but for what comes before it: that may be done.
fn whole(step: &Step) -> Box<str> {
    let mut digest = Digesting::default();
    digest.address(&step.address);
    digest.text(&step.part.0);
    digest.text(&format!("{:?}", step.action));
    digest.text(&format!("{:?} {:?}", step.cost, step.consequences));
    digest.text(
        &step
            .prior
            .map(|prior| prior.to_string())
            .unwrap_or_default(),
    );
    for attribute in &step.attributes {
        digest.text(attribute.name);
        for value in [&attribute.before, &attribute.after] {
            digest.text(&shown(value, attribute.secret));
        }
    }
    format!("step {}", digest.finish()).into()
}

/// Where a step leads.
fn goal(step: &Step) -> Box<str> {
    let mut digest = Digesting::default();
    digest.address(&step.address);
    for attribute in &step.attributes {
        digest.text(attribute.name);
        digest.text(&shown(&attribute.after, attribute.secret));
    }
    format!("goal {}", digest.finish()).into()
}

fn shown(value: &Option<Value>, secret: bool) -> String {
    match value.as_ref().filter(|_| !secret) {
        None => String::new(),
        Some(Value::Known(Data::Print(_))) => String::new(),
        Some(Value::Known(data)) => data.to_json().to_string(),
        Some(Value::Later(later)) => format!("{later:?}"),
    }
}
