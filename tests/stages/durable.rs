//! `ledger.not-durable`: what pays, or makes something that only the ledger can find again, needs one that the next run
//! has, too.

use super::objects::object;
use super::world::*;
use bailiwick::diag::Severity;
use bailiwick::ledger::provider_names;
use bailiwick::model::*;
use bailiwick::plan::{
    Consent, Finding, Plan, PlanAction, Refusal, Scoped, Step, StepCost, approve, review, sends,
};
use std::collections::BTreeMap;

const ACTIONS: [PlanAction; 5] = [
    PlanAction::Create,
    PlanAction::Update,
    PlanAction::Delete,
    PlanAction::Adopt,
    PlanAction::Forget,
];

/// A plan with one step, which makes a record, and its world in a CI job whose folder goes with it.
fn one_step() -> (Sides, Plan) {
    let mut sides = Sides::new();
    sides.want("www/A", &["192.0.2.1"]);
    sides.guards.ledger = LedgerLasts::EndsWithRun;
    let mut plan = sides.plan();
    plan.steps.retain(|step| step.action == PlanAction::Create);
    assert_eq!(plan.steps.len(), 1);
    assert_eq!(plan.findings, []);
    (sides, plan)
}

fn cost() -> Option<Box<StepCost>> {
    Some(Box::new(StepCost {
        now: Some("12.00".into()),
        yearly: None,
        sure: "exact".into(),
    }))
}

/// What is found of the ledger.
fn found(sides: &Sides, plan: &Plan) -> Vec<Finding> {
    let mut found = sides.with_world(|world| review(plan, world, &sides.guards));
    found.retain(|finding| finding.code == "ledger.not-durable");
    found
}

#[test]
fn whatever_pays_needs_it_and_whatever_is_named_by_the_provider_when_it_is_made() {
    let (mut sides, plan) = one_step();
    for kind in Kind::ALL {
        for action in ACTIONS {
            for part in ["", "order"] {
                for cost in [None, cost()] {
                    let what = format!("{kind:?} {action:?} {part:?} {cost:?}");
                    let pays = cost.is_some() && sends(action);
                    let mut plan = plan.clone();
                    plan.steps[0] = Step {
                        address: object(kind, "x"),
                        part: Part::new(part),
                        action,
                        cost,
                        ..plan.steps[0].clone()
                    };
                    let made = action == PlanAction::Create
                        && plan.steps[0].part.is_object()
                        && provider_names(kind);
                    sides.guards.ledger = LedgerLasts::EndsWithRun;
                    let told = found(&sides, &plan);
                    assert_eq!(!told.is_empty(), pays || made, "{what}");
                    sides.guards.ledger = LedgerLasts::BeyondTheRun;
                    assert_eq!(found(&sides, &plan), [], "{what}");
                }
            }
        }
    }
}

#[test]
fn it_is_told_once_with_what_to_do_and_refuses_the_whole_plan() {
    let (sides, mut plan) = one_step();
    let pays = Step {
        cost: cost(),
        ..plan.steps[0].clone()
    };
    plan.steps.extend([pays.clone(), pays.clone()]);
    let told = found(&sides, &plan);
    let [finding] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(finding.scope, Scoped::Plan);
    let all = format!("{} and 1 more could be paid or made twice", pays.address);
    for said in [&*all, "this is CI", "s3://", "durable = true"] {
        assert!(finding.message.contains(said), "{}", finding.message);
    }
    plan.steps.truncate(2);
    let told = found(&sides, &plan);
    assert!(!told[0].message.contains("more"), "{}", told[0].message);
    plan.findings.extend(told.clone());
    let ledgers = BTreeMap::from([(account(), sides.ledger.clone())]);
    match approve(plan, &ledgers, sides.live.clone(), Consent::Given) {
        Err(Refusal::Guard(refused)) => assert_eq!(refused, told),
        other => panic!("{other:?}"),
    }
}
