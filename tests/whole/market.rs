//! What a person asks for beside the objects: products, names, what is under way, the message queue. Nothing of it
//! orders, and nothing is taken off the queue before it lies on disk.

use crate::render::file::assert_valid;
use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Fault, Seed, Standing};
use serde_json::Value as Json;

fn simulated(seed: Seed, dialect: Dialect) -> Simulated {
    let simulated = Simulated::new(seed, dialect);
    simulated.file("[http]\nattempts = 1\n");
    simulated
}

fn seed() -> Seed {
    Seed::empty().user(USER)
}

fn json(simulated: &Simulated, arguments: &[&str]) -> Json {
    let told = simulated.call(arguments);
    assert_eq!(told.status, Some(0), "{told:?}");
    assert_valid(arguments[0], &told.stdout);
    serde_json::from_str(&told.stdout).unwrap()
}

/// Every value of a switch.
fn spoken(name: &str, values: &[&str]) -> Vec<Dialect> {
    let each = |value: &&str| Dialect::with(name, value).expect("a switch");
    values.iter().map(each).collect()
}

#[test]
fn products_are_listed_with_prices_whether_or_not_the_server_filters() {
    for dialect in spoken("catalogue-filter", &["honoured", "ignored"]) {
        let simulated = simulated(seed(), dialect);
        let all = json(&simulated, &["products", "--tld", ".example", "--json"]);
        let all = all.as_array().unwrap();
        let ids: Vec<i64> = all.iter().map(|one| one["id"].as_i64().unwrap()).collect();
        assert_eq!(ids, [40, 790, 890, 12443]);
        let new = &all[1];
        assert_eq!(new["tlds"], serde_json::json!(["example"]));
        assert_eq!(new["unit_price"]["currency"], "EUR");
        let amount: f64 = new["unit_price"]["amount"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(amount, 10.0);
        let asked = new["attributes"].as_array().unwrap();
        assert!(
            asked
                .iter()
                .any(|one| one["name"] == "domain" && one["mandatory"] == true)
        );
        let typed = json(
            &simulated,
            &[
                "products",
                "--type",
                "domaine",
                "--subtype",
                "creation",
                "--tld",
                "com",
                "--json",
            ],
        );
        let typed = typed.as_array().unwrap();
        assert!(typed.iter().any(|one| one["id"] == 771), "{typed:?}");
        assert!(typed.iter().all(|one| one["id"] != 871), "{typed:?}");
        let people = simulated.call(&["products", "--tld", "example"]);
        assert!(people.stdout.contains("790"), "{people:?}");
        assert!(people.stdout.contains("asks for domain*"), "{people:?}");
    }
}

#[test]
fn names_are_free_taken_reserved_or_forbidden_and_what_is_free_has_a_price_with_tax() {
    for words in ["known", "drop-zone", "other"] {
        let seed = seed()
            .elsewhere("taken.example", "code-1")
            .standing("reserved.example", Some(Standing::Reserved));
        let simulated = simulated(seed, Dialect::with("availability-words", words).unwrap());
        let names = [
            "check",
            "free.example",
            "taken.example",
            "reserved.example",
            "--json",
        ];
        let all = json(&simulated, &names);
        assert_eq!(all[0]["status"], "free", "{all}");
        assert_eq!(all[0]["sure"], "exact", "{all}");
        assert_eq!(all[0]["price"]["amount"], "12", "{all}");
        // A word that nobody documented is not taken for a yes.
        assert!(
            ["taken", "unknown"].contains(&all[1]["status"].as_str().unwrap()),
            "{all}"
        );
        assert_eq!(all[1]["price"], Json::Null, "{all}");
        assert_eq!(all[2]["status"], "reserved", "{all}");
        let people = simulated.call(&["check", "FREE.example."]);
        assert!(
            people
                .stdout
                .contains("free.example  free  12.00 EUR a year"),
            "{people:?}"
        );
        assert!(simulated.state().debits().is_empty());
    }
}

#[test]
fn a_transfer_is_asked_about_with_the_code_of_a_variable_which_nothing_shows() {
    let mut simulated = simulated(
        seed().elsewhere("incoming.example", "canary-Code-77"),
        Dialect::default(),
    );
    simulated.scenario.variable("MOVE", "canary-Code-77");
    simulated
        .scenario
        .variable("AUTH_CODE", "wrong-canary-Code");
    let told = simulated.call(&[
        "--verbose",
        "check",
        "incoming.example",
        "--transfer=MOVE",
        "--json",
    ]);
    assert_valid("check", &told.stdout);
    let all: Json = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(all[0]["transfer"], "yes", "{told:?}");
    assert_eq!(all[0]["status"], Json::Null);
    let wrong = simulated.call(&["--verbose", "check", "incoming.example", "--transfer"]);
    assert!(wrong.stdout.contains("cannot be transferred"), "{wrong:?}");
    for text in [&told.stdout, &told.stderr, &wrong.stdout, &wrong.stderr] {
        assert!(!text.contains("canary"), "{text}");
    }
    let unset = simulated.call(&["check", "incoming.example", "--transfer=NOBODY"]);
    assert_eq!(unset.status, Some(3), "{unset:?}");
    assert!(simulated.state().codes_asked() == 0);
}

#[test]
fn an_empty_queue_says_so_however_the_server_says_it() {
    for dialect in spoken("poll-empty", &["null", "204", "zero", "404"]) {
        let simulated = simulated(seed(), dialect);
        assert_eq!(
            json(&simulated, &["events", "--json"]),
            serde_json::json!([])
        );
        let people = simulated.call(&["events"]);
        assert_eq!(people.stdout, "");
        assert_eq!(people.stderr, "the queue is empty\n");
        assert_eq!(
            json(&simulated, &["events", "--ack", "--json"]),
            serde_json::json!([])
        );
    }
}

#[test]
fn messages_stay_until_they_are_acknowledged_and_are_kept_before_that() {
    let seed = seed()
        .message(USER, "domainOwnerChanged", "domain")
        .message(USER, "somethingNobodyDocumented", "thing");
    let simulated = simulated(seed, Dialect::default());
    let head = json(&simulated, &["events", "--json"]);
    assert_eq!(head.as_array().unwrap().len(), 1, "{head}");
    assert_eq!(head, json(&simulated, &["events", "--json"]));
    assert_eq!(simulated.state().messages().count(), 2);
    let file = simulated.scenario.folder().join(".bailiwick/events.jsonl");
    assert!(!file.exists());

    let all = json(&simulated, &["events", "--ack", "--json"]);
    let names: Vec<&str> = all
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["message"].as_str())
        .collect();
    assert_eq!(names, ["domainOwnerChanged", "somethingNobodyDocumented"]);
    assert!(simulated.state().messages().next().is_none());
    let kept = std::fs::read_to_string(&file).unwrap();
    let kept: Vec<Json> = kept
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[1]["class"], "thing");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn what_cannot_be_kept_is_not_taken_off() {
    let simulated = simulated(
        seed().message(USER, "domainOwnerChanged", "domain"),
        Dialect::default(),
    );
    std::fs::create_dir_all(simulated.scenario.folder().join(".bailiwick/events.jsonl")).unwrap();
    let told = simulated.call(&["events", "--ack"]);
    assert_eq!(told.status, Some(1), "{told:?}");
    assert_eq!(simulated.state().messages().count(), 1);
}

#[test]
fn a_message_whose_acknowledgement_got_no_answer_is_kept_once() {
    let simulated = simulated(
        seed().message(USER, "domainOwnerChanged", "domain"),
        Dialect::default(),
    );
    let lost = r#"[{"on": "PUT /api/Poll/*/Acknowledge", "do": "lost-request"}]"#;
    for fault in Fault::parse(lost).unwrap() {
        simulated.server.add_fault(fault);
    }
    let first = simulated.call(&["events", "--ack"]);
    assert_ne!(first.status, Some(0), "{first:?}");
    simulated.server.clear_faults();
    assert_eq!(simulated.call(&["events", "--ack"]).status, Some(0));
    let file = simulated.scenario.folder().join(".bailiwick/events.jsonl");
    assert_eq!(std::fs::read_to_string(file).unwrap().lines().count(), 1);
    assert!(simulated.state().messages().next().is_none());
}

#[test]
fn nothing_under_way_is_told_as_such() {
    let simulated = simulated(seed(), Dialect::default());
    assert_eq!(
        json(&simulated, &["orders", "--json"]),
        serde_json::json!([])
    );
    let people = simulated.call(&["orders", "--follow"]);
    assert_eq!(
        (people.status, &*people.stderr),
        (Some(0), "nothing is under way\n")
    );
}
