//! The plan's file: identity, refusals, and a digest that knows no numbers.

use super::support::{assert_inert, maximal, plan_of, plans, value};
use bailiwick::ledger::StepId;
use bailiwick::model::Account;
use bailiwick::plan::file::{Unreadable, digest, read, write};
use bailiwick::plan::{Cause, Plan, PlanAction, ScopeId, Step};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

fn schema(name: &str) -> jsonschema::Validator {
    let path = format!("{}/schema/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the schema is there");
    let schema: Json = serde_json::from_str(&text).expect("it is JSON");
    jsonschema::validator_for(&schema).expect("it is a schema")
}

pub(crate) fn assert_valid(name: &str, text: &str) {
    let json: Json = serde_json::from_str(text).expect("output is JSON");
    let told: Vec<String> = schema(name)
        .iter_errors(&json)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(told.is_empty(), "{told:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_plan_is_what_is_read_of_what_was_written(plan in plans()) {
        let text = write(&plan);
        assert_inert(&text);
        prop_assert_eq!(&read(&text).expect("it was just written"), &plan);
        prop_assert_eq!(write(&plan), text);
    }

    #[test]
    fn the_digest_knows_no_numbers_and_no_order(plan in plans(), turn in any::<u32>()) {
        let (steps, scopes) = renumbered(&plan, turn);
        prop_assert_eq!(digest(&steps, &scopes), plan.digest);
    }
}

/// The same plan with other numbers, in another order.
fn renumbered(plan: &Plan, turn: u32) -> (Vec<Step>, Vec<bailiwick::plan::Scope>) {
    let map = |id: StepId| StepId(1000 + id.0 * 7);
    let map_scope = |id: ScopeId| ScopeId(50 - id.0);
    let mut steps: Vec<Step> = plan
        .steps
        .iter()
        .cloned()
        .map(|mut step| {
            step.id = map(step.id);
            step.needs = step.needs.iter().rev().map(|id| map(*id)).collect();
            step.scope = step.scope.map(map_scope);
            step
        })
        .collect();
    let mut scopes = plan.scopes.clone();
    for scope in &mut scopes {
        scope.id = map_scope(scope.id);
        scope.after = scope.after.map(map);
    }
    if !steps.is_empty() {
        let at = turn as usize % steps.len();
        steps.rotate_left(at);
    }
    scopes.reverse();
    (steps, scopes)
}

#[test]
fn what_does_not_change_anything_is_outside_the_digest_and_the_rest_inside() {
    let plan = maximal();
    let same = |change: &dyn Fn(&mut Plan)| {
        let mut other = maximal();
        change(&mut other);
        digest(&other.steps, &other.scopes) == plan.digest
    };
    assert!(same(&|p| p.steps[1].reason = Cause::Both));
    assert!(same(&|p| p.steps[1].source = None));
    assert!(same(&|p| p.steps[4].via = Box::default()));
    assert!(same(&|p| p.steps[4].note = None));
    assert!(same(&|p| p.steps[5].attributes[0].applied = None));
    assert!(same(&|p| p.findings.clear()));
    assert!(same(&|p| p.steps.retain(|step| !matches!(
        step.action,
        PlanAction::Adopt | PlanAction::Forget
    ))));
    assert!(same(
        &|p| p.scopes[0].ignore[0].reason = "other words".into()
    ));

    assert!(!same(&|p| p.steps[1].action = PlanAction::Create));
    assert!(!same(&|p| p.steps[1].prior = None));
    assert!(!same(&|p| p.steps[1].attributes = Box::default()));
    assert!(!same(
        &|p| p.steps[1].address.account = Account::new("other")
    ));
    assert!(!same(&|p| p.steps[6].needs = Box::default()));
    assert!(!same(&|p| p.steps[0].cost = None));
    assert!(!same(&|p| p.steps[0].consequences = Box::default()));
    assert!(!same(&|p| p.scopes[0].purge = false));
    assert!(!same(&|p| p.scopes[0].ignore = Box::default()));
    assert!(!same(&|p| p.scopes[0].owned = Box::default()));
    assert!(!same(&|p| p.scopes.clear()));
    assert!(!same(&|p| {
        p.steps.remove(3);
    }));
}

#[test]
fn refusals_say_what_is_wrong() {
    let text = write(&maximal());
    let json: Json = serde_json::from_str(&text).expect("JSON");
    let with = |change: &dyn Fn(&mut Json)| {
        let mut json = json.clone();
        change(&mut json);
        read(&json.to_string()).expect_err("it was spoilt")
    };

    for foreign in [
        "",
        "[]",
        "hello",
        "{}",
        "{\"format\": 3}",
        "{\"format\":\"other/1\"}",
    ] {
        let told = read(foreign).expect_err("no plan");
        assert!(
            matches!(told, Unreadable::Foreign { .. }),
            "{foreign}: {told}"
        );
    }
    let report = with(&|p| p["format"] = json!("bailiwick/report/1"));
    assert!(matches!(report, Unreadable::Foreign { .. }), "{report}");
    let newer = with(&|p| {
        p["format"] = json!("bailiwick/plan/2");
        p["more"] = json!([]);
    });
    assert!(newer.to_string().contains("bailiwick/plan/2"), "{newer}");
    assert!(matches!(newer, Unreadable::Newer { .. }));
    for cut in (1..text.len() - 2)
        .step_by(97)
        .filter(|at| text.is_char_boundary(*at))
    {
        assert_eq!(
            read(&text[..cut]),
            Err(Unreadable::Truncated),
            "cut at {cut}"
        );
    }
    assert!(matches!(
        read(&format!("{text}x")),
        Err(Unreadable::Foreign { .. })
    ));

    for edited in [
        with(&|p| p["steps"][1]["attributes"][0]["after"] = json!(["192.0.2.66"])),
        with(&|p| p["steps"][3]["action"] = json!("update")),
        with(&|p| p["digest"] = json!("sha256:0")),
        with(&|p| p["scopes"][0]["purge"] = json!(false)),
    ] {
        assert!(matches!(edited, Unreadable::Edited { .. }), "{edited}");
    }
    let malformed: BTreeMap<&str, Unreadable> = [
        (
            "unknown member",
            with(&|p| p["steps"][0]["force"] = json!(true)),
        ),
        (
            "missing member",
            with(&|p| drop(p["steps"][0].as_object_mut().map(|s| s.remove("cost")))),
        ),
        ("wrong type", with(&|p| p["steps"][0]["id"] = json!("one"))),
        ("negative", with(&|p| p["steps"][0]["id"] = json!(-1))),
        (
            "unknown action",
            with(&|p| p["steps"][0]["action"] = json!("explode")),
        ),
        ("need after", with(&|p| p["steps"][0]["needs"] = json!([2]))),
        (
            "need itself",
            with(&|p| p["steps"][0]["needs"] = json!([1])),
        ),
        ("twice", with(&|p| p["steps"][1]["id"] = json!(1))),
        ("lost scope", with(&|p| p["steps"][0]["scope"] = json!(9))),
        ("lost after", with(&|p| p["scopes"][0]["after"] = json!(99))),
        (
            "no address",
            with(&|p| p["steps"][0]["address"] = json!("nothing")),
        ),
        (
            "other domain",
            with(&|p| p["steps"][0]["domain"] = json!("other.example")),
        ),
        (
            "unknown attribute",
            with(&|p| p["steps"][1]["attributes"][0]["name"] = json!("evil")),
        ),
        (
            "no value",
            with(&|p| p["steps"][1]["attributes"][0]["after"] = json!(1.5)),
        ),
        (
            "half a later",
            with(&|p| p["steps"][1]["attributes"][0]["after"] = json!({"later": {}})),
        ),
        (
            "no code",
            with(&|p| p["findings"][0]["code"] = json!("a b\n")),
        ),
        (
            "half an address",
            with(&|p| p["findings"][0]["account"] = json!("main")),
        ),
    ]
    .into();
    for (what, told) in malformed {
        assert!(
            matches!(told, Unreadable::Malformed { .. }),
            "{what}: {told}"
        );
    }
}

#[test]
fn members_are_those_of_the_format() {
    let text = write(&maximal());
    assert_valid("plan", &text);
    let json: Json = serde_json::from_str(&text).expect("JSON");
    assert_eq!(json["format"], "bailiwick/plan/1");
    assert_eq!(json["steps"][1]["address"], "record.example.com/www/A");
    assert_eq!(
        json["steps"][1]["attributes"][0]["before"],
        json!(["192.0.2.1"])
    );
    assert_eq!(json["steps"][1]["scope"], Json::Null);
    assert_eq!(json["steps"][5]["reason"], "changed-outside");
    let later = &json["steps"][13]["attributes"][0]["after"]["later"];
    assert_eq!(later["step"], 14);
    assert_eq!(later["field"], "name");
    assert_eq!(later["append"], "/x");
    assert_eq!(json["scopes"][0]["ignore"][0]["until"], "2027-01-31");
    // One step a line.
    assert_eq!(
        text.lines()
            .filter(|line| line.contains("\"reason\": \"new-in-file\""))
            .count(),
        3
    );
}

#[test]
fn an_account_is_named_only_where_two_hold_the_address() {
    let mut one = value(1, ("example.com", "www/A"), None, Some("192.0.2.1"));
    let two = value(2, ("example.com", "api/A"), None, Some("192.0.2.1"));
    let mut three = one.clone();
    three.id = StepId(3);
    three.address.account = Account::new("acme");
    one.note = Some("first".into());
    let plan = plan_of(vec![one, two, three]);
    let json: Json = serde_json::from_str(&write(&plan)).expect("JSON");
    let texts: Vec<&str> = json["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .filter_map(|step| step["address"].as_str())
        .collect();
    assert_eq!(
        texts,
        [
            "record.example.com/www/A@main",
            "record.example.com/api/A",
            "record.example.com/www/A@acme"
        ]
    );
    assert_eq!(read(&write(&plan)), Ok(plan));
}

#[test]
fn a_secret_leaves_nothing_in_the_file() {
    let mut plan = maximal();
    plan.steps[1].attributes[0].secret = true;
    let seen = write(&plan);
    assert!(
        !seen.contains("192.0.2.1\"")
            || !seen.contains("\"secret\": true, \"before\": [\"192.0.2.1")
    );
    let json: Json = serde_json::from_str(&seen).expect("JSON");
    let attribute = &json["steps"][1]["attributes"][0];
    assert_eq!(attribute["before"], Json::Null);
    assert_eq!(attribute["after"], Json::Null);
    assert_eq!(attribute["secret"], true);
}
