//! H2, H4, H5, D8, D9: what is too large, too deep, outside, or plain http is refused; a refusal is no outage.

use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Effect, Fault, Rule, Seed};

const FILE: &str = "[domain.\"example.com\".zone]\nrecords = [{ host = \"www\", type = \"A\", data = \"192.0.2.1\" }]\n";

fn simulated() -> Simulated {
    let seed = Seed::empty().user(USER).zone("example.com");
    let simulated = Simulated::new(seed, Dialect::default());
    simulated.file(FILE);
    simulated
}

fn answers(simulated: &Simulated, on: &str, status: u16, body: String) {
    let media = "application/json".to_owned();
    let effect = Effect::Status {
        status,
        body,
        media,
    };
    simulated
        .server
        .add_fault(Fault::new(Rule::every(on), effect));
}

#[test]
fn h4_an_answer_that_is_too_large_or_too_deep_is_an_error_and_not_taken() {
    let large = format!("[\"{}\"]", "x".repeat(33 << 20));
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [large, deep] {
        for on in ["GET /api/Zone", "GET /api/Zone/*/Record", "POST /token"] {
            let simulated = simulated();
            answers(&simulated, on, 200, body.clone());
            let told = simulated.call(&["apply", "--yes"]);
            assert_eq!(told.status, Some(1), "{on}: {:.400}", told.stderr);
            assert!(
                told.stderr.len() < 4_000,
                "{on}: {} bytes",
                told.stderr.len()
            );
            assert!(simulated.log().writes().is_empty());
        }
    }
}

#[test]
fn h2_plain_http_is_for_loopback_alone() {
    let simulated = simulated();
    let account = simulated.account();
    let elsewhere = account.replace("http://127.0.0.1", "http://192.0.2.1");
    let file = format!("{elsewhere}{FILE}");
    simulated.scenario.file("bailiwick.toml", &file);
    for trust in [&["plan"][..], &["plan", "--trust", "192.0.2.1"]] {
        let told = simulated.call(trust);
        assert_eq!(told.status, Some(3), "{told:?}");
    }
    assert!(simulated.log().entries().is_empty());
}

#[test]
fn h5_no_path_of_the_file_leaves_its_folder() {
    let simulated = simulated();
    let zone = "[domain.\"example.com\".zone]\n";
    let outside = [
        format!(
            "[bailiwick]\ninclude = [\"../*.toml\"]\n{}",
            simulated.account()
        ),
        format!("{}{zone}file = \"../other.zone\"\n", simulated.account()),
        format!(
            "{}{zone}file = \"zones/../../other.zone\"\n",
            simulated.account()
        ),
        simulated
            .account()
            .replace("{ env = \"NAMEBAY_PASSWORD\" }", "{ file = \"../secret\" }"),
    ];
    for file in outside {
        simulated.scenario.file("bailiwick.toml", &file);
        let told = simulated.call(&["plan"]);
        assert_eq!(told.status, Some(3), "{file}\n{told:?}");
        assert!(told.stderr.contains(".."), "{told:?}");
    }
    assert!(simulated.log().entries().is_empty());
}

#[test]
fn d9_a_business_code_is_told_once_and_not_sent_again() {
    for (status, code) in [(510, 510), (400, 510), (200, 510), (571, 571), (714, 714)] {
        let simulated = simulated();
        let body =
            format!("[{{\"Code\": {code}, \"Detail\": \"said the provider\", \"Data\": null}}]");
        answers(&simulated, "POST /api/Zone/*/Record", status, body);
        let applied = simulated.apply();
        let failed = applied.rows("failed");
        assert_eq!(failed.len(), 1, "{status}: {:?}", applied.told);
        assert!(
            failed[0].contains(&code.to_string()) && failed[0].contains("said the provider"),
            "{failed:?}"
        );
        let sent = simulated.log().count("POST /api/Zone/{zone_handle}/Record");
        assert_eq!(sent, 1, "{status}");
        // The ledger notes what it adopts; nothing was changed at the provider.
        assert_eq!(applied.exit(), 1, "{status}: {:?}", applied.told);
    }
}

/// A record that was not taken may have been spelt in a way that the server does not read: it is written once
/// more for each other way (host and target have two each), and never the same request again.
#[test]
fn d9_a_refused_spelling_is_tried_in_another_form_and_not_repeated() {
    let simulated = simulated();
    simulated.file(&FILE.replace(
        "\"A\", data = \"192.0.2.1\"",
        "\"CNAME\", data = \"a.example.net.\"",
    ));
    let body = "[{\"Code\": 550, \"Detail\": \"said the provider\", \"Data\": null}]";
    answers(&simulated, "POST /api/Zone/*/Record", 550, body.to_owned());
    let applied = simulated.apply();
    assert_eq!((applied.exit(), applied.rows("failed").len()), (1, 1));
    let sent: Vec<String> = simulated
        .log()
        .entries()
        .into_iter()
        .filter(|seen| seen.is_write())
        .map(|seen| format!("{:?}", seen.body))
        .collect();
    let different: std::collections::BTreeSet<&String> = sent.iter().collect();
    assert_eq!(sent.len(), different.len(), "{sent:?}");
    assert!(sent.len() <= 4, "{sent:?}");
}

/// D8: what goes away goes before what it needs, and the name that a CNAME takes is free before it comes.
#[test]
fn d8_a_cname_makes_room_before_it_comes() {
    let simulated = simulated();
    assert_eq!(simulated.apply().exit(), 0);
    simulated.log().clear();
    let cname = "[domain.\"example.com\".zone]\nrecords = [{ host = \"www\", type = \"CNAME\", data = \"a.example.net.\" }]\n";
    simulated.file(cname);
    let applied = simulated.apply();
    assert_eq!(applied.exit(), 0, "{:?}", applied.told);
    let methods: Vec<String> = simulated
        .log()
        .writes()
        .into_iter()
        .map(|seen| seen.method)
        .collect();
    assert_eq!(methods, ["DELETE", "POST"]);
}

#[test]
fn d6_a_read_that_fails_is_tried_as_often_as_the_file_says() {
    let simulated = simulated();
    simulated.scenario.file(
        "bailiwick.toml",
        &format!("[http]\nattempts = 2\n{}{FILE}", simulated.account()),
    );
    answers(&simulated, "GET /api/Zone", 500, String::new());
    assert_eq!(simulated.call(&["plan"]).status, Some(1));
    assert_eq!(simulated.log().count("GET /api/Zone"), 2);
}
