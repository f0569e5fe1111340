//! An API that answers HTML, half a JSON, nothing or an error: a clear error, and nothing half-written.

use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Effect, Fault, Rule, Seed};

const FILE: &str = "[domain.\"example.com\".zone]\nrecords = [{ host = \"www\", type = \"A\", data = \"192.0.2.1\" }]\n\
                    [domain.\"example.org\".zone]\nrecords = [{ host = \"www\", type = \"A\", data = \"192.0.2.1\" }]\n";

fn simulated() -> Simulated {
    let seed = Seed::empty()
        .user(USER)
        .zone("example.com")
        .zone("example.org");
    let simulated = Simulated::new(seed, Dialect::default());
    simulated.file(FILE);
    // Retries are for other tests.
    let file = format!("[http]\nattempts = 1\n{}{FILE}", simulated.account());
    simulated.scenario.file("bailiwick.toml", &file);
    simulated
}

fn status(status: u16, body: &str) -> Effect {
    Effect::Status {
        status,
        body: body.to_owned(),
        media: "application/json".to_owned(),
    }
}

/// What each read can answer instead of what was asked for.
fn nonsense() -> Vec<Fault> {
    let mut all = Vec::new();
    for on in [
        "GET /api/Zone",
        "GET /api/Zone/*/Record",
        "GET /api/OwnedProduct",
    ] {
        all.push(Fault::new(Rule::every(on), Fault::html(503)));
        all.push(Fault::new(Rule::every(on), Fault::html(200)));
        for effect in [
            Effect::HalfJson,
            Effect::EmptyBody,
            status(500, ""),
            status(500, "[]"),
            Effect::LostAnswer,
        ] {
            all.push(Fault::new(Rule::every(on), effect));
        }
    }
    all
}

#[test]
fn an_api_that_answers_nonsense_is_a_clear_error_and_writes_nothing() {
    for fault in nonsense() {
        let simulated = simulated();
        let what = format!("{fault:?}");
        simulated.server.add_fault(fault);
        let plan = simulated.call(&["plan", "--format", "json"]);
        let json: serde_json::Value =
            serde_json::from_str(&plan.stdout).expect("JSON in every ending");
        assert_eq!(plan.status, Some(1), "{what}: {plan:?}");
        let told = format!("{json}");
        assert!(
            told.contains("/api/"),
            "{what}: the address is named: {told}"
        );
        let apply = simulated.call(&["apply", "--yes"]);
        assert_eq!(apply.status, Some(1), "{what}: {apply:?}");
        assert!(simulated.log().writes().is_empty(), "{what}");
    }
}

#[test]
fn refused_credentials_end_with_4() {
    for code in [400, 401, 403] {
        let simulated = simulated();
        simulated.server.add_fault(Fault::new(
            Rule::every("POST /token"),
            status(code, "{\"error\":\"invalid_grant\"}"),
        ));
        let plan = simulated.call(&["plan"]);
        assert_eq!(plan.status, Some(4), "{plan:?}");
    }
}

#[test]
fn d9_a_redirect_is_not_followed_and_300_is_an_error() {
    for code in [300, 301, 302, 307] {
        let simulated = simulated();
        simulated
            .server
            .add_fault(Fault::new(Rule::every("GET /api/Zone"), status(code, "[]")));
        assert_eq!(simulated.call(&["plan"]).status, Some(1), "{code}");
    }
}

#[test]
fn a_token_that_runs_out_is_renewed_once_and_a_wait_is_obeyed() {
    let simulated = simulated();
    simulated.file(FILE);
    simulated.server.add_fault(Fault::new(
        Rule::nth("GET /api/Zone/*/Record", 1),
        Effect::Unauthorized,
    ));
    simulated.server.add_fault(Fault::new(
        Rule::nth("GET /api/Zone/*/Record", 2),
        Effect::Throttle(0),
    ));
    let applied = simulated.apply();
    assert_eq!(applied.exit(), 0, "{}", applied.told.stderr);
    assert_eq!(simulated.log().count("POST /token"), 2);
}

/// D1, D2: one zone that cannot be read or written is that zone's failure.
#[test]
fn d1_what_one_zone_refuses_does_not_hold_the_other() {
    let simulated = simulated();
    let refusal = "[{\"Code\": 710, \"Detail\": \"the zone is locked\", \"Data\": null}]";
    simulated.server.add_fault(Fault::new(
        Rule::nth("POST /api/Zone/*/Record", 1),
        status(400, refusal),
    ));
    let applied = simulated.apply_with(&["--parallelism", "1"]);
    assert_eq!(applied.exit(), 8, "{}", applied.told.stdout);
    assert_eq!(applied.rows("failed").len(), 1);
    assert!(
        applied.rows("failed")[0].contains("710 ")
            && applied.rows("failed")[0].contains("the zone is locked")
    );
    assert_eq!(
        applied
            .rows("applied")
            .iter()
            .filter(|row| row.starts_with("create"))
            .count(),
        1
    );
    let records = "GET /api/Zone/*/Record";
    simulated.server.add_fault(Fault::new(
        Rule::nth(records, 1),
        status(403, "[{\"Code\": 403, \"Detail\": \"no\"}]"),
    ));
    let planned = simulated.call(&["plan", "--format", "json"]);
    assert_eq!(planned.status, Some(1), "{planned:?}");
    assert!(planned.stdout.contains("read.failed"));
}

/// Reads that wait for one token share its failure, too.
#[test]
fn a_token_that_does_not_come_is_asked_for_once() {
    let simulated = simulated();
    simulated
        .server
        .add_fault(Fault::new(Rule::every("POST /token"), status(500, "")));
    assert_eq!(simulated.call(&["plan"]).status, Some(1));
    assert_eq!(simulated.log().count("POST /token"), 1);
}
