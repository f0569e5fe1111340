//! F1–F5 on the binary: what it says, how it ends, and that it leaves everything as it is.

use crate::render::file::assert_valid;
use crate::support::Transcript;
use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Effect, Fault, Rule, Seed, Site};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

const FILE: &str = r#"
[domain."example.com".zone]
ttl = 3600
records = [
  { host = "www", type = "A", data = "192.0.2.1" },
  { host = "mail", type = "A", data = "192.0.2.2" },
]
"#;

/// What one run said.
pub(crate) struct Compared {
    pub(crate) json: Value,
    pub(crate) told: Transcript,
}

impl Compared {
    /// Class and address of each item.
    pub(crate) fn lines(&self) -> Vec<String> {
        let items = self.json["items"].as_array().expect("items");
        let text = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
        items
            .iter()
            .map(|item| format!("{} {}", text(item, "class"), text(item, "address")))
            .collect()
    }

    fn codes(&self) -> Vec<&str> {
        let findings = self.json["findings"].as_array().expect("findings");
        findings
            .iter()
            .map(|f| f["code"].as_str().unwrap())
            .collect()
    }
}

/// Compares, with `--detailed-exitcode`.
pub(crate) fn compared(simulated: &Simulated, more: &[&str]) -> Compared {
    let mut arguments = vec!["drift", "--format", "json", "--detailed-exitcode"];
    arguments.extend(more);
    let told = simulated.call(&arguments);
    let json: Value = serde_json::from_str(&told.stdout)
        .unwrap_or_else(|error| panic!("no JSON ({error}): {told:?}"));
    if json.get("error").is_none() {
        assert_valid("drift", &told.stdout);
    }
    Compared { json, told }
}

/// Every file of the scenario, with its content.
pub(crate) fn everything(simulated: &Simulated) -> BTreeMap<String, Vec<u8>> {
    fn below(folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).unwrap().filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                found.insert(path.display().to_string(), Vec::new());
                below(&path, found);
            } else {
                found.insert(path.display().to_string(), std::fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    below(simulated.scenario.folder(), &mut found);
    found
}

/// True if something, and nothing but reads and tokens, was asked for since the log was cleared.
pub(crate) fn only_reads(simulated: &Simulated) -> bool {
    let requests = simulated.requests();
    !requests.is_empty()
        && requests.iter().all(|seen| match seen.site {
            Site::Auth => seen.method == "POST" && seen.path == "/token",
            Site::Rest => seen.method == "GET",
        })
}

fn applied() -> Simulated {
    let seed = Seed::empty().user(USER).domain(USER, "example.com");
    let simulated = Simulated::new(seed.zone("example.com"), Dialect::default());
    simulated.file(FILE);
    assert_eq!(simulated.apply().exit(), 0);
    simulated
}

fn outside(simulated: &Simulated, change: impl FnOnce(Seed) -> Seed) {
    simulated.server.edit(change).expect("it is kept in memory");
}

#[test]
fn f1_each_difference_is_told_once_and_exits_follow() {
    let simulated = applied();
    let quiet = compared(&simulated, &[]);
    assert_eq!((quiet.told.status, quiet.lines()), (Some(0), vec![]));
    let nothing = quiet.json["fingerprint"].clone();

    // Edited and not applied: no drift, unless it is asked for.
    simulated.file(&FILE.replace("192.0.2.2", "192.0.2.22"));
    let pending = compared(&simulated, &[]);
    assert_eq!(pending.lines(), ["pending record.example.com/mail/A"]);
    assert_eq!(pending.told.status, Some(0));
    assert_eq!(pending.json["fingerprint"], nothing);
    let asked = compared(&simulated, &["--include", "pending,unmanaged"]);
    assert_eq!(
        (asked.told.status, &asked.json["drift"]),
        (Some(2), &Value::Bool(true))
    );

    // Changed behind our back.
    outside(&simulated, |seed| {
        seed.without("example.com", "www", "A")
            .record("example.com", "www", ("A", "198.51.100.7"))
            .record("example.com", "new", ("A", "198.51.100.8"))
    });
    let drifted = compared(&simulated, &[]);
    assert_eq!(
        drifted.lines(),
        [
            "pending record.example.com/mail/A",
            "unmanaged record.example.com/new/A",
            "drift record.example.com/www/A",
        ]
    );
    assert_eq!(drifted.told.status, Some(2));
    assert_ne!(drifted.json["fingerprint"], nothing);
    assert_eq!(
        compared(&simulated, &[]).json["fingerprint"],
        drifted.json["fingerprint"]
    );
    let www = &drifted.json["items"][2]["attributes"][0];
    assert_eq!(www["file"], serde_json::json!(["192.0.2.1"]));
    assert_eq!(www["applied"], serde_json::json!(["192.0.2.1"]));
    assert_eq!(www["live"], serde_json::json!(["198.51.100.7"]));

    let human = simulated.call(&["drift"]);
    assert_eq!(human.status, Some(0), "2 needs its flag");
    assert!(
        human.stdout.contains("record.example.com/www/A"),
        "{}",
        human.stdout
    );
    assert!(
        human
            .stdout
            .ends_with("1 pending, 1 unmanaged. 1 finding of drift.\n"),
        "{}",
        human.stdout
    );

    outside(&simulated, |seed| seed.without("example.com", "mail", "A"));
    let gone = compared(&simulated, &[]);
    assert!(
        gone.lines()
            .contains(&"missing record.example.com/mail/A".to_owned())
    );
}

#[test]
fn f3_nothing_is_written_at_the_provider_or_on_disk_whatever_is_found() {
    let simulated = applied();
    outside(&simulated, |seed| {
        seed.record("example.com", "www", ("A", "198.51.100.7"))
    });
    let before = everything(&simulated);
    simulated.log().clear();
    assert_eq!(compared(&simulated, &[]).told.status, Some(2));
    assert!(only_reads(&simulated));
    assert_eq!(everything(&simulated), before);
    // A report is what is asked for, and holds what stdout holds.
    let told = compared(&simulated, &["--report", "json=drift.json"]);
    let report = std::fs::read_to_string(simulated.scenario.folder().join("drift.json")).unwrap();
    assert_eq!(report, told.told.stdout);
}

#[test]
fn f3_an_api_that_cannot_be_read_is_an_error_with_and_without_drift() {
    for rule in ["GET /api/Zone", "GET /api/Zone/*/Record"] {
        let simulated = applied();
        simulated.file(&format!("[http]\nattempts = 1\n{FILE}"));
        // What a zone's marker spares is read here.
        outside(&simulated, |seed| {
            seed.record("example.com", "www", ("A", "198.51.100.7"))
        });
        let fault = Fault::new(Rule::every(rule), Fault::html(502));
        simulated.server.add_fault(fault);
        let told = simulated.call_at(30, &["drift", "--detailed-exitcode"]);
        assert_eq!(told.status, Some(1), "{rule}: {told:?}");
        assert!(!told.stdout.contains("No drift."), "{rule}: {told:?}");
    }
}

#[test]
fn f1_without_a_ledger_it_says_so() {
    let simulated = applied();
    outside(&simulated, |seed| {
        seed.record("example.com", "www", ("A", "198.51.100.7"))
    });
    std::fs::remove_dir_all(simulated.scenario.folder().join(".bailiwick")).unwrap();
    let told = compared(&simulated, &[]);
    assert_eq!(told.lines(), ["drift record.example.com/www/A"]);
    assert!(told.codes().contains(&"drift.no-ledger"), "{}", told.json);
    assert_eq!(told.told.status, Some(2));
}

#[test]
fn f5_while_an_apply_runs_it_says_so_and_takes_no_lock() {
    let simulated = applied();
    let lock = super::lock::held(&simulated);
    let told = compared(&simulated, &[]);
    assert_eq!(
        (told.told.status, &told.json["applying"]),
        (Some(0), &Value::Bool(true))
    );
    assert_eq!(told.codes(), ["ledger.applying"]);
    drop(lock);
    assert_eq!(compared(&simulated, &[]).json["applying"], false);
}

#[test]
fn a_login_that_is_refused_and_a_broken_file_end_as_everywhere() {
    let simulated = applied();
    simulated
        .server
        .add_fault(Fault::new(Rule::every("POST /token"), Effect::Unauthorized));
    assert_eq!(
        simulated.call(&["drift", "--detailed-exitcode"]).status,
        Some(4)
    );
    simulated.file("[domain.\"example.com\".zone]\nno_such_key = 1\n");
    assert_eq!(simulated.call(&["drift"]).status, Some(3));
}

#[test]
fn d9_an_error_that_a_list_tells_with_200_is_no_empty_list() {
    let seed = Seed::empty().user(USER).zone("example.com");
    let simulated = Simulated::new(seed, Dialect::default());
    simulated.file("[domain.\"example.com\".zone]\nrecords = [{ host = \"www\", type = \"A\", data = \"192.0.2.1\" }]\n");
    assert_eq!(simulated.apply().exit(), 0);
    for call in ["GET /api/Zone", "GET /api/Zone/*/Record"] {
        for body in [
            "{\"Message\": \"An error has occurred.\"}",
            "{\"error\": \"x\"}",
            "{}",
            "[{}]",
        ] {
            let fault =
                serde_json::json!([{"on": call, "do": "status", "status": 200, "body": body}]);
            for fault in Fault::parse(&fault.to_string()).unwrap() {
                simulated.server.add_fault(fault);
            }
            simulated.log().clear();
            for words in [
                &["drift", "--detailed-exitcode"][..],
                &["plan"],
                &["apply", "--yes"],
            ] {
                let told = simulated.call(words);
                assert_eq!(told.status, Some(1), "{call} {body} {told:?}");
            }
            assert!(
                simulated
                    .log()
                    .entries()
                    .iter()
                    .all(|seen| seen.method != "POST" || seen.path == "/token")
            );
            simulated.server.clear_faults();
        }
    }
}
