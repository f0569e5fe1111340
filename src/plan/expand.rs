//! What deferred steps become, once the object they hang on is there: the same diff and build, inside what
//! was approved.
//!
//! The scope's steps are the desired side. What is not among them is not created or changed; what the
//! provider put there goes only at a listed address, in the way of one, or where the zone is purged.

use super::build::{Frame, build, sends};
use super::model::{Binds, Exactness, Plan, PlanAction, PlanReads, ScopeId, Step};
use crate::diff::{Intent, World, diff};
use crate::ledger::{Ledger, StepId};
use crate::model::money::Money;
use crate::model::{
    Account, Address, Admitted, Attrs, Data, Declared, Desired, Kind, Live, Offers, Origin, Part,
    Reason, Rules, Value, Wanted,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Decides a scope's steps from what was read below its top. Steps that a listed one became keep its number;
/// what has to go first gets numbers from `next` on.
pub fn expand(
    plan: &Plan,
    scope: ScopeId,
    live: &Live,
    ledgers: &BTreeMap<Account, Ledger>,
) -> Result<Vec<Step>, Reason> {
    let Some(scope) = plan.scopes.iter().find(|known| known.id == scope) else {
        return Err(Reason::ours(
            "stale",
            "the plan has no such scope; plan again",
        ));
    };
    let listed: Vec<&Step> = plan
        .steps
        .iter()
        .filter(|step| step.scope == Some(scope.id) && step.kind == Exactness::Deferred)
        .collect();
    if !live.objects.contains_key(&scope.top) {
        return Err(Reason::ours(
            "stale",
            format!("{} was made and cannot be found now; plan again", scope.top),
        ));
    }
    let desired = Admitted::by_provider(desired(scope, &listed));
    let intent = Intent::default();
    let world = World {
        desired: &desired,
        ledgers,
        live,
        intent: &intent,
    };
    let mut changes = diff(&world);
    let mine = |address: &Address| super::build::inside(address, &scope.top);
    changes.list.retain(|change| mine(&change.unit.address));
    changes.held.retain(|held| mine(&held.address));
    if let Some(held) = changes.held.first() {
        return Err(Reason::ours(
            "stale",
            format!("{}: {}", held.address, held.reason),
        ));
    }
    let frame = Frame {
        tool: String::new(),
        basis: String::new(),
        binds: Binds::default(),
        reads: PlanReads::default(),
        limit: Money::zero("EUR"),
    };
    let part = build(&world, changes, &Offers {}, frame)
        .map_err(|cycle| Reason::ours("stale", cycle.to_string()))?;
    Ok(renumber(plan, part.steps, &listed))
}

/// The scope's steps, as a desired side.
fn desired(scope: &super::model::Scope, listed: &[&Step]) -> Desired {
    let mut objects: BTreeMap<Address, Vec<Wanted>> = BTreeMap::new();
    let origin = |step: &Step| Origin {
        place: step.source.clone().unwrap_or(crate::diag::Place {
            file: "".into(),
            line: 0,
            column: 0,
        }),
        via: (!step.via.is_empty()).then(|| Arc::from(&*step.via)),
        note: step.note.as_deref().map(Arc::from),
    };
    let top = objects.entry(scope.top.clone()).or_default();
    if let Some(first) = listed.first() {
        top.push(Wanted {
            part: Part::object(),
            attrs: Attrs::none(),
            needs: Box::new([]),
            origin: origin(first),
        });
    }
    for step in listed {
        let attrs = Attrs::new(
            step.after()
                .iter()
                .map(|(name, value)| match value {
                    Value::Known(Data::List(items))
                        if step.address.kind == Kind::Record && items.len() == 1 =>
                    {
                        (name, Value::text(&items[0]))
                    }
                    value => (name, value.clone()),
                })
                .collect(),
        );
        objects
            .entry(step.address.clone())
            .or_default()
            .push(Wanted {
                part: step.part.clone(),
                attrs,
                needs: Box::new([]),
                origin: origin(step),
            });
    }
    let objects = objects
        .into_iter()
        .map(|(address, mut parts)| {
            parts.sort_by(|a, b| a.part.cmp(&b.part));
            let rules = (address == scope.top).then(|| {
                Box::new(Rules {
                    purge: scope.purge,
                    ignore: scope.ignore.clone(),
                })
            });
            (
                address,
                Declared {
                    parts: parts.into(),
                    rules,
                    buy: None,
                    renew_before: None,
                },
            )
        })
        .collect();
    Desired {
        objects,
        homes: Arc::default(),
    }
}

/// Gives steps that carry a listed value its number and needs, others new numbers.
fn renumber(plan: &Plan, steps: Vec<Step>, listed: &[&Step]) -> Vec<Step> {
    let values: BTreeMap<(Address, Part, AttrsKey), &Step> = listed
        .iter()
        .map(|step| {
            (
                (step.address.clone(), key(step), attrs_key(&step.after())),
                *step,
            )
        })
        .collect();
    let mut next = plan.steps.iter().map(|step| step.id.0).max().unwrap_or(0);
    let mut numbers: BTreeMap<StepId, StepId> = BTreeMap::new();
    let mut kept: BTreeMap<StepId, &Step> = BTreeMap::new();
    for step in &steps {
        match values.get(&(step.address.clone(), key(step), attrs_key(&step.after()))) {
            Some(known) => {
                numbers.insert(step.id, known.id);
                kept.insert(step.id, known);
            }
            None => {
                next += 1;
                numbers.insert(step.id, StepId(next));
            }
        }
    }
    steps
        .into_iter()
        .filter(|step| sends(step.action) || step.action == PlanAction::Adopt)
        .map(|mut step| {
            let mut needs: Vec<StepId> = step
                .needs
                .iter()
                .filter_map(|need| numbers.get(need).copied())
                .collect();
            if let Some(known) = kept.get(&step.id) {
                needs.extend(known.needs.iter().copied());
            }
            needs.sort_unstable();
            needs.dedup();
            step.needs = needs.into();
            step.id = numbers[&step.id];
            step
        })
        .collect()
}

type AttrsKey = Vec<(String, String)>;

/// Of a record the value decides, since an update is named by the value that goes; else the facet.
fn key(step: &Step) -> Part {
    if step.address.kind == Kind::Record {
        Part::object()
    } else {
        step.part.clone()
    }
}

fn attrs_key(attrs: &Attrs) -> AttrsKey {
    attrs
        .iter()
        .map(|(name, value)| {
            let text = match value {
                Value::Known(data) => data.to_json().to_string(),
                Value::Later { of, field, append } => format!("{of} {field} {append}"),
            };
            (name.to_owned(), text)
        })
        .collect()
}
