//! C1–C5: a saved plan is carried out as it was shown or not at all, and shown as it was printed.

use crate::support::Transcript;
use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Effect, Fault, Rule, Seed};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::PathBuf;

fn zone(name: &str, hosts: &[(&str, &str)]) -> String {
    let each = |(host, data): &(&str, &str)| {
        format!("{{ host = \"{host}\", type = \"A\", data = \"{data}\" }}")
    };
    let records: Vec<String> = hosts.iter().map(each).collect();
    format!(
        "[domain.\"{name}\"]\nregistrar = \"external\"\n[domain.\"{name}\".zone]\nrecords = [{}]\n",
        records.join(", ")
    )
}

const WWW: (&str, &str) = ("www", "192.0.2.1");
const API: (&str, &str) = ("api", "192.0.2.2");

fn simulated(file: &str) -> Simulated {
    let seed = Seed::empty()
        .user(USER)
        .zone("example.com")
        .zone("example.org");
    let simulated = Simulated::new(seed, Dialect::default());
    simulated.file(file);
    simulated
}

/// A plan of one record, saved; nothing was asked since.
fn saved() -> Simulated {
    let simulated = simulated(&zone("example.com", &[WWW]));
    let told = simulated.call(&["plan", "--out", "p.json"]);
    assert_eq!(told.status, Some(0), "{told:?}");
    simulated.log().clear();
    simulated
}

fn path(simulated: &Simulated) -> PathBuf {
    simulated.scenario.folder().join("p.json")
}

fn text(simulated: &Simulated) -> String {
    std::fs::read_to_string(path(simulated)).expect("the plan")
}

fn apply(simulated: &Simulated, more: &[&str]) -> Transcript {
    let mut line = vec!["apply", "p.json"];
    line.extend(more);
    simulated.call(&line)
}

/// It ends with 6, says what, and nothing was written.
fn refused(simulated: &Simulated, said: &str) {
    refused_with(simulated, &[], (6, said));
}

fn refused_with(simulated: &Simulated, more: &[&str], (exit, said): (i32, &str)) {
    let told = apply(simulated, more);
    assert_eq!(told.status, Some(exit), "{said}: {told:?}");
    assert!(told.stderr.contains(said), "{said}: {told:?}");
    assert_eq!(simulated.log().writes().len(), 0, "{said}");
}

/// Edits the saved plan as a person with an editor does.
fn edit(simulated: &Simulated, change: impl Fn(&mut Value)) {
    let mut plan: Value = serde_json::from_str(&text(simulated)).expect("JSON");
    change(&mut plan);
    simulated.scenario.file("p.json", &format!("{plan:#}\n"));
}

#[test]
fn a_saved_plan_is_the_approval_and_does_what_it_says() {
    let simulated = saved();
    let told = apply(&simulated, &[]);
    assert_eq!(told.status, Some(0), "{told:?}");
    assert!(
        told.stdout.contains("Applied: 1 created"),
        "{}",
        told.stdout
    );
    assert!(!simulated.plan().changes());
}

#[cfg(unix)]
#[test]
fn it_is_its_owners_alone_holds_no_secret_and_makes_the_ledger() {
    use std::os::unix::fs::PermissionsExt;
    let simulated = saved();
    let mode = std::fs::metadata(path(&simulated)).unwrap().permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);
    assert!(!text(&simulated).contains(crate::support::simulated::PASSWORD));
    let plan: Value = serde_json::from_str(&text(&simulated)).unwrap();
    assert_eq!(plan["binds"]["ledger"]["main"].as_str().unwrap().len(), 32);
    // The same once more: the ledger is there, and the bytes are equal but for the time.
    let first = text(&simulated);
    simulated.call(&["plan", "--out", "p.json"]);
    let created = |text: &str| {
        let plan: Value = serde_json::from_str(text).unwrap();
        plan["created"].as_str().unwrap().to_owned()
    };
    let second = text(&simulated);
    let (was, is) = (created(&first), created(&second));
    assert_ne!(was, is);
    assert_eq!(first.replace(&was, &is), second);
}

#[test]
fn c1_the_world_it_was_made_in_is_another_one() {
    // Each changes one thing, and is named by it.
    type Change = fn(&Simulated);
    let changes: [(Change, &str); 7] = [
        (
            |simulated| {
                simulated.file(&zone("example.com", &[("www", "192.0.2.9")]));
            },
            "record.example.com/www/A",
        ),
        (
            |simulated| {
                simulated.file(&zone("example.com", &[]));
            },
            "record.example.com/www/A",
        ),
        (
            |simulated| {
                let body = zone("example.com", &[WWW]);
                simulated.file(&body.replace("records =", "ttl = 600\nrecords ="));
            },
            "what that lies in",
        ),
        (
            |simulated| {
                let body = zone("example.com", &[WWW]);
                simulated.file(&format!("[guard]\nmax_zones = 3\n{body}"));
            },
            "[guard]",
        ),
        (
            |simulated| {
                let body = simulated.account().replace("main", "other");
                let body = body + &zone("example.com", &[WWW]);
                simulated.scenario.file("bailiwick.toml", &body);
            },
            "no account main",
        ),
        (
            |simulated| {
                let user = format!("user = \"{USER}\"");
                let body = simulated.account() + &zone("example.com", &[WWW]);
                let body = body.replacen(&user, "user = \"BB222222\"", 1);
                simulated.scenario.file("bailiwick.toml", &body);
            },
            "the user of account main was AA111111",
        ),
        (
            |simulated| {
                std::fs::remove_dir_all(simulated.scenario.folder().join(".bailiwick")).unwrap();
            },
            "the ledger of account main",
        ),
    ];
    for (change, said) in changes {
        let simulated = saved();
        change(&simulated);
        refused(&simulated, said);
    }
}

#[test]
fn c1_the_endpoint_is_another_one() {
    let simulated = saved();
    let told = simulated.call(&["apply", "p.json", "--sandbox"]);
    assert_eq!(told.status, Some(6), "{told:?}");
    assert!(
        told.stderr.contains("the endpoint of account main"),
        "{told:?}"
    );
    let told = simulated.call(&["plan", "--sandbox", "--out", "p.json"]);
    assert_eq!(told.status, Some(0), "{told:?}");
    refused(&simulated, "the endpoint of account main was sandbox");
}

#[test]
fn c1_what_is_live_changed() {
    let simulated = simulated(&zone("example.com", &[WWW]));
    simulated.apply();
    simulated.file(&zone("example.com", &[("www", "192.0.2.9")]));
    simulated.call(&["plan", "--out", "p.json"]);
    // Somebody else is quicker, with another ledger.
    simulated.file(&zone("example.com", &[("www", "192.0.2.8")]));
    simulated.apply();
    simulated.file(&zone("example.com", &[("www", "192.0.2.9")]));
    simulated.log().clear();
    refused(&simulated, "record.example.com/www/A");
}

#[test]
fn c1_a_plan_that_was_edited_cut_short_or_is_of_another_version() {
    type Edit = fn(&mut Value);
    let edits: [(Edit, &str); 11] = [
        (
            |plan| plan["format"] = json!("bailiwick/plan/2"),
            "bailiwick/plan/2",
        ),
        (
            |plan| plan["format"] = json!("else"),
            "not a plan of bailiwick",
        ),
        (|plan| plan["tool"] = json!("bailiwick 9.9.9"), "edited"),
        (
            |plan| plan["binds"]["targets"] = json!(["zone.*"]),
            "targets",
        ),
        (
            |plan| plan["binds"]["ledger"]["main"] = json!("00"),
            "edited",
        ),
        (
            |plan| plan["binds"]["accounts"][0]["endpoint"] = json!("api.example"),
            "edited",
        ),
        (
            |plan| plan["binds"]["accounts"][0]["user"] = json!("BB222222"),
            "edited",
        ),
        (
            |plan| plan["binds"]["config"] = json!("sha256:00"),
            "edited",
        ),
        (
            |plan| plan["steps"][0]["attributes"][0]["after"] = json!(["192.0.2.66"]),
            "edited",
        ),
        (|plan| plan["steps"][0]["note"] = json!("fine"), "edited"),
        (|plan| plan["digest"] = json!("sha256:00"), "edited"),
    ];
    for (change, said) in edits {
        let simulated = saved();
        edit(&simulated, change);
        refused(&simulated, said);
        assert!(simulated.log().entries().is_empty(), "{said}");
        let shown = simulated.call(&["show", "p.json"]);
        assert_eq!(shown.status, Some(6), "{said}: {shown:?}");
    }
    let simulated = saved();
    let whole = text(&simulated);
    simulated.scenario.file("p.json", &whole[..whole.len() / 2]);
    refused(&simulated, "ends in the middle");
    for foreign in ["", "[domain]\n", "{\"a\": 1}"] {
        simulated.scenario.file("p.json", foreign);
        refused(&simulated, "not a plan of bailiwick");
    }
    let told = simulated.call(&["apply", "missing.json"]);
    assert_eq!(told.status, Some(3), "{told:?}");
    assert!(simulated.log().entries().is_empty());
}

#[test]
fn c2_only_what_it_touches_is_read_again() {
    let body = zone("example.com", &[WWW]) + &zone("example.org", &[API]);
    let simulated = simulated(&body);
    assert_eq!(simulated.apply().exit(), 0);
    simulated.file(&(zone("example.com", &[WWW, API]) + &zone("example.org", &[API])));
    simulated.log().clear();
    simulated.call(&["plan", "--out", "p.json"]);
    let planned = simulated.log().counts();
    simulated.log().clear();
    let told = apply(&simulated, &[]);
    assert_eq!(told.status, Some(0), "{told:?}");
    // The list of zones and the records of one; a whole plan asks for those of both.
    let asked = simulated.requests();
    let kinds: Vec<String> = asked.iter().map(|seen| seen.kind()).collect();
    let write = "POST /api/Zone/{zone_handle}/Record";
    let before: Vec<&str> = kinds
        .iter()
        .map(String::as_str)
        .take_while(|kind| *kind != write)
        .collect();
    let expected = [
        "POST /token",
        "GET /api/Zone",
        "GET /api/Zone/{zone_handle}/Record",
    ];
    assert_eq!(before, expected, "the plan asked {planned:?}");
}

#[test]
fn c3_it_is_applied_once_whatever_became_of_the_ledger() {
    let simulated = saved();
    assert_eq!(apply(&simulated, &[]).status, Some(0));
    simulated.log().clear();
    refused(&simulated, "was applied already");
    std::fs::remove_dir_all(simulated.scenario.folder().join(".bailiwick")).unwrap();
    refused(&simulated, "the ledger of account main");
    // Nor after a plan has made the ledger anew.
    simulated.call(&["plan", "--out", "q.json"]);
    refused(&simulated, "the ledger of account main");
}

/// A plan that does nothing but send a password once more, saved.
fn resending() -> Simulated {
    let seed = Seed::empty()
        .user(USER)
        .zone("example.com")
        .mail_service("example.com", 10);
    let mut simulated = Simulated::new(seed, Dialect::default());
    simulated
        .scenario
        .variable("INFO_PASSWORD", "First-Canary-1");
    simulated
        .file("[domain.\"example.com\".mailbox.info]\npassword = { env = \"INFO_PASSWORD\" }\n");
    assert_eq!(simulated.apply().exit(), 0);
    let told = simulated.call(&RESEND);
    assert_eq!(told.status, Some(0), "{told:?}");
    simulated.log().clear();
    simulated
}

const RESEND: [&str; 5] = ["plan", "--out", "p.json", "--resend", "mailbox.**"];

#[test]
fn c3_a_password_that_was_asked_for_is_sent_once() {
    let simulated = resending();
    // The same plan, made once more, is the same but for the time, and so is its digest.
    let digest = |simulated: &Simulated| {
        let plan: Value = serde_json::from_str(&text(simulated)).expect("JSON");
        (plan["digest"].clone(), plan["binds"].clone())
    };
    let first = digest(&simulated);
    simulated.call(&RESEND);
    assert_eq!(digest(&simulated), first);
    simulated.log().clear();
    let told = apply(&simulated, &[]);
    assert_eq!(told.status, Some(0), "{told:?}");
    assert_eq!(simulated.log().writes().len(), 1);
    simulated.log().clear();
    refused(&simulated, "was sent since it was made");
    assert!(!simulated.plan().changes());
    // The next one is as good as the first: equal data, equal digest.
    simulated.call(&RESEND);
    let second = digest(&simulated);
    assert_eq!(second.0, first.0);
    assert_ne!(second.1, first.1);
    // Sent by hand in between is sent as well.
    let line = ["apply", "--yes", "--resend", "mailbox.**"];
    assert_eq!(simulated.call(&line).status, Some(0));
    simulated.log().clear();
    refused(&simulated, "was sent since it was made");
    // A change that is planned after that still compares.
    assert!(!simulated.plan().changes());
}

#[test]
fn c4_the_digest_is_the_approval() {
    let simulated = simulated(&zone("example.com", &[WWW]));
    let digest = simulated.plan().digest().to_owned();
    let other = digest.replace(&digest[7..9], "00");
    simulated.call(&["plan", "--out", "p.json"]);
    simulated.log().clear();
    refused_with(&simulated, &["--expect", &other], (6, &other));
    assert!(simulated.log().entries().is_empty());
    let told = simulated.call(&["apply", "--expect", &other]);
    assert_eq!(told.status, Some(6), "{told:?}");
    assert_eq!(simulated.log().writes().len(), 0);
    let told = simulated.call(&["apply", "--expect", &digest]);
    assert_eq!(told.status, Some(0), "{told:?}");
    assert_eq!(simulated.log().writes().len(), 1);
}

#[test]
fn an_old_plan_and_flags_that_change_steps_are_refused_before_any_request() {
    let simulated = saved();
    refused_with(&simulated, &["--max-age", "0s"], (6, "--max-age"));
    for flag in ["--target", "--exclude", "--allow-destroy", "--resend"] {
        refused_with(&simulated, &[flag, "zone.example.com"], (3, flag));
    }
    let told = simulated.call(&["apply", "--yes", "--max-age", "1h"]);
    assert_eq!(told.status, Some(3), "{told:?}");
    assert!(simulated.log().entries().is_empty());
    assert_eq!(apply(&simulated, &["--max-age", "1h"]).status, Some(0));
}

#[test]
fn guards_hold_for_a_saved_plan_and_share_is_consented_to_at_each() {
    let hosts = ["a", "b", "c", "d", "e"].map(|host| (host, "192.0.2.1"));
    let simulated = simulated(&zone("example.com", &hosts));
    assert_eq!(simulated.apply().exit(), 0);
    simulated.file(&zone("example.com", &hosts[..1]));
    let line = ["plan", "--out", "p.json"];
    assert_eq!(simulated.call(&line).status, Some(0));
    simulated.log().clear();
    let told = apply(&simulated, &[]);
    assert_eq!(told.status, Some(5), "{told:?}");
    assert_eq!(simulated.log().writes().len(), 0);
    let told = apply(&simulated, &["--allow-share", "zone.example.com"]);
    assert_eq!(told.status, Some(0), "{told:?}");
}

#[test]
fn a_consent_to_destroy_is_given_at_the_plan() {
    let protect = "[guard]\nprotect = [\"record.example.com/api/*\"]\n";
    let simulated = simulated(&format!("{protect}{}", zone("example.com", &[WWW, API])));
    assert_eq!(simulated.apply().exit(), 0);
    simulated.file(&format!("{protect}{}", zone("example.com", &[WWW])));
    let line = ["plan", "--out", "p.json"];
    assert_eq!(simulated.call(&line).status, Some(0));
    let told = apply(&simulated, &[]);
    assert_eq!(told.status, Some(5), "{told:?}");
    let consent = ["--allow-destroy", "record.example.com/api/A"];
    assert_eq!(
        simulated.call(&[&line[..], &consent].concat()).status,
        Some(0)
    );
    let told = apply(&simulated, &[]);
    assert_eq!(told.status, Some(0), "{told:?}");
}

#[test]
fn c5_it_is_shown_as_it_was_printed_offline_and_without_credentials() {
    let body = zone("example.com", &[WWW, ("api", "192.0.2.2")]) + &zone("example.org", &[API]);
    let simulated = simulated(&body);
    for format in ["human", "json", "markdown"] {
        let line = ["plan", "--format", format, "--out", "p.json"];
        let printed = simulated.call(&[&line[..], &["--exclude", "record.example.org/*"]].concat());
        simulated.log().clear();
        let kept = std::fs::read_to_string(simulated.scenario.folder().join("bailiwick.toml"));
        simulated
            .scenario
            .file("bailiwick.toml", "no TOML at all [");
        let shown = simulated.call(&["show", "p.json", "--format", format]);
        assert_eq!(shown.status, Some(0), "{shown:?}");
        assert_eq!(shown.stdout, printed.stdout, "{format}");
        assert!(shown.stderr.is_empty(), "{shown:?}");
        assert!(simulated.log().entries().is_empty());
        simulated.scenario.file("bailiwick.toml", &kept.unwrap());
    }
}

#[test]
fn a_password_is_sent_from_a_saved_plan_that_holds_none() {
    let seed = Seed::empty()
        .user(USER)
        .zone("example.com")
        .mail_service("example.com", 10);
    let mut simulated = Simulated::new(seed, Dialect::default());
    let (first, second) = ("First-Canary-1", "Second-Canary-2");
    simulated.scenario.variable("INFO_PASSWORD", first);
    simulated
        .file("[domain.\"example.com\".mailbox.info]\npassword = { env = \"INFO_PASSWORD\" }\n");
    let line = ["plan", "--out", "p.json"];
    let printed = simulated.call(&line);
    assert_eq!(printed.status, Some(0), "{printed:?}");
    assert_eq!(simulated.call(&["show", "p.json"]).stdout, printed.stdout);
    assert!(!text(&simulated).contains(first));
    let told = apply(&simulated, &[]);
    assert_eq!(told.status, Some(0), "{told:?}");
    assert!(!simulated.plan().changes());
    simulated.scenario.variable("INFO_PASSWORD", second);
    let printed = simulated.call(&line);
    assert_eq!(simulated.call(&["show", "p.json"]).stdout, printed.stdout);
    simulated.log().clear();
    assert_eq!(apply(&simulated, &[]).status, Some(0));
    assert_eq!(simulated.log().writes().len(), 1);
    simulated.log().clear();
    refused(&simulated, "its password is the one that was sent last");
}

#[test]
fn c4_an_approval_holds_for_the_rest_of_its_plan_and_for_nothing_else() {
    let body = zone("example.com", &[WWW, API]);
    let simulated = simulated(&body);
    let digest = simulated.plan().digest().to_owned();
    // One write is refused, so that the plan is left unfinished.
    let first = Rule::nth("POST /api/Zone/*/Record", 1);
    let refusal = Effect::Status {
        status: 400,
        body: "[{\"Code\": 710, \"Detail\": \"the zone is locked\", \"Data\": null}]".into(),
        media: "application/json".into(),
    };
    simulated.server.add_fault(Fault::new(first, refusal));
    let told = simulated.call(&["apply", "--expect", &digest]);
    assert_eq!(told.status, Some(8), "{told:?}");
    simulated.log().clear();
    let more = zone("example.com", &[WWW, API, ("new", "192.0.2.3")]);
    simulated.file(&more);
    let told = simulated.call(&["apply", "--expect", &digest]);
    assert_eq!(told.status, Some(6), "{told:?}");
    assert_eq!(simulated.log().writes().len(), 0);
    simulated.file(&body);
    let told = simulated.call(&["apply", "--expect", &digest]);
    assert_eq!(told.status, Some(0), "{told:?}");
    assert_eq!(simulated.log().writes().len(), 1);
    // It is finished, and approves nothing any more.
    let told = simulated.call(&["apply", "--expect", &digest]);
    assert_eq!(told.status, Some(6), "{told:?}");
}

#[test]
fn what_is_no_plan_is_refused_by_name_and_left_as_it_was() {
    let simulated = saved();
    let good = text(&simulated);
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xef\xbb\xbf", good.as_bytes()].concat();
    let cases: [(&str, Vec<u8>, &str); 6] = [
        ("empty", Vec::new(), "it is empty"),
        ("another text", b"hello\n".to_vec(), "no JSON object"),
        ("another object", b"{}\n".to_vec(), "it has no format"),
        ("UTF-16", utf16, "not a plan"),
        ("a mark at its start", marked, "no JSON object"),
        (
            "cut",
            good.as_bytes()[..good.len() / 2].to_vec(),
            "plan again",
        ),
    ];
    for (name, bytes, said) in cases {
        let mut file = std::fs::File::create(path(&simulated)).unwrap();
        file.write_all(&bytes).unwrap();
        refused(&simulated, said);
        let told = apply(&simulated, &[]);
        assert!(told.stderr.contains("p.json"), "{name}: {told:?}");
        assert_eq!(std::fs::read(path(&simulated)).unwrap(), bytes, "{name}");
    }
    std::fs::remove_file(path(&simulated)).unwrap();
    refused_with(&simulated, &[], (3, "p.json"));
    std::fs::create_dir(path(&simulated)).unwrap();
    refused_with(&simulated, &[], (3, "p.json"));
}

#[test]
fn c3_a_plan_is_applied_once_also_where_somebody_put_back_what_was() {
    let file = |data: &str| {
        format!(
            "[domain.\"example.com\".zone]\nrecords = [{{ host = \"x1\", type = \"A\", data = \"{data}\" }}]\n"
        )
    };
    let seed = Seed::empty().user(USER).zone("example.com");
    let simulated = Simulated::new(seed, Dialect::default());
    simulated.file(&file("192.0.2.1"));
    assert_eq!(simulated.apply().exit(), 0);
    simulated.file(&file("192.0.2.2"));
    assert_eq!(simulated.call(&["plan", "--out", "p.plan"]).status, Some(0));
    assert_eq!(simulated.call(&["apply", "p.plan"]).status, Some(0));
    // By hand, or by another file and back: what is live and what the file says are as they were.
    simulated.file(&file("192.0.2.1"));
    assert_eq!(simulated.apply().exit(), 0);
    simulated.file(&file("192.0.2.2"));
    simulated.log().clear();
    let again = simulated.call(&["apply", "p.plan"]);
    assert_eq!(again.status, Some(6), "{again:?}");
    assert!(again.stderr.contains("was applied already"), "{again:?}");
    assert!(
        simulated
            .log()
            .entries()
            .iter()
            .all(|seen| seen.method == "GET" || seen.path == "/token")
    );
    // The same change, planned anew, is another plan.
    assert_eq!(simulated.call(&["plan", "--out", "q.plan"]).status, Some(0));
    assert_eq!(simulated.call(&["apply", "q.plan"]).status, Some(0));
}

#[test]
fn a_plan_is_not_written_over_the_configuration() {
    let simulated = Simulated::new(Seed::empty().user(USER), Dialect::default());
    simulated.file("");
    for words in [
        &["plan", "--out", "bailiwick.toml"][..],
        &["plan", "--report", "json=bailiwick.toml"],
    ] {
        let told = simulated.call(words);
        assert_eq!(told.status, Some(3), "{told:?}");
    }
    assert_eq!(simulated.call(&["validate"]).status, Some(0));
}
