//! A1–A6, A10: how commands end, and that nothing is sent where nothing may be.

use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Seed};

const FILE: &str = "[domain.\"example.com\".zone]\nrecords = [{ host = \"www\", type = \"A\", data = \"192.0.2.1\" }]\n";

fn simulated() -> Simulated {
    let simulated = Simulated::new(
        Seed::empty().user(USER).zone("example.com"),
        Dialect::default(),
    );
    simulated.file(FILE);
    simulated
}

#[test]
fn a1_2_says_changes_and_only_with_its_flag() {
    let simulated = simulated();
    assert_eq!(simulated.call(&["plan"]).status, Some(0));
    assert_eq!(
        simulated.call(&["plan", "--detailed-exitcode"]).status,
        Some(2)
    );
    assert_eq!(simulated.call(&["apply", "--yes"]).status, Some(0));
    assert_eq!(
        simulated.call(&["plan", "--detailed-exitcode"]).status,
        Some(0)
    );
}

#[test]
fn a2_a_bad_flag_a_missing_file_and_bad_toml_end_with_3_and_send_nothing() {
    let simulated = simulated();
    let bad = [
        vec!["plan", "--no-such-flag"],
        vec!["plan", "--config", "missing.toml"],
        vec!["apply", "--yes", "--config", "broken.toml"],
        vec![
            "plan",
            "--allow-destroy",
            "record.example.com/*/A",
            "--config",
            "wild.toml",
        ],
    ];
    simulated
        .scenario
        .file("broken.toml", "[account.main\nprovider = ");
    let wild = FILE.replace("\"www\"", "\"*\"");
    simulated
        .scenario
        .file("wild.toml", &format!("{}{wild}", simulated.account()));
    for mut arguments in bad {
        let told = simulated.call(&arguments);
        assert_eq!(told.status, Some(3), "{arguments:?}: {told:?}");
        assert!(
            !told.stderr.is_empty() && told.stdout.is_empty(),
            "{arguments:?}"
        );
        arguments.extend(["--format", "json"]);
        let told = simulated.call(&arguments);
        let json: serde_json::Value =
            serde_json::from_str(&told.stdout).expect("A6: JSON in every ending");
        assert_eq!(json["error"]["exit"], 3, "{json}");
    }
    assert!(simulated.log().entries().is_empty());
}

#[test]
fn a10_without_a_terminal_nobody_is_asked_and_nothing_is_sent() {
    let simulated = simulated();
    let told = simulated.scenario.run(&["apply"]);
    assert_eq!(told.status, Some(5), "{told:?}");
    assert!(told.stderr.contains("--yes"));
    assert!(simulated.log().entries().is_empty());
}

#[test]
fn a3_a_ledger_that_somebody_holds_ends_with_7() {
    let simulated = simulated();
    assert_eq!(simulated.call(&["apply", "--yes"]).status, Some(0));
    let root = simulated.scenario.folder().join(".bailiwick");
    let folder = std::fs::read_dir(root)
        .unwrap()
        .filter_map(Result::ok)
        .find(|entry| entry.path().is_dir())
        .unwrap();
    let lock = std::fs::File::options()
        .write(true)
        .open(folder.path().join("lock"))
        .unwrap();
    lock.lock().unwrap();
    let told = simulated.call(&["apply", "--yes"]);
    assert_eq!(told.status, Some(7), "{told:?}");
    drop(lock);
    assert_eq!(simulated.call(&["apply", "--yes"]).status, Some(0));
}

#[test]
fn a5_targets_and_exclusions_combine_and_tell_what_they_leave_out() {
    let simulated = simulated();
    simulated.file(&FILE.replace("\"www\"", "[\"a\", \"b\", \"c\"]"));
    let planned = simulated.plan_with(&[
        "--target",
        "record.example.com/*",
        "--exclude",
        "record.example.com/b/A",
    ]);
    assert_eq!(planned.json["complete"], false);
    assert_eq!(planned.json["left_out"], 1);
    assert_eq!(planned.summary("create"), 2);
    assert_eq!(
        simulated
            .apply_with(&["--exclude", "record.example.com/b/*"])
            .exit(),
        0
    );
    assert_eq!(simulated.plan().summary("create"), 1);
}

#[test]
fn what_a_later_release_brings_is_one_error_with_its_line() {
    let simulated = simulated();
    for block in [
        "[contact.jane]\nfirst_name = \"Jane\"\n",
        "[domain.\"example.com\".mail]\nperiod = 1\n",
    ] {
        simulated.file(&format!("{FILE}{block}"));
        let told = simulated.call(&["validate", "--json"]);
        assert_eq!(told.status, Some(3));
        let json: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
        let list = json["diagnostics"].as_array().unwrap();
        assert_eq!(list.len(), 1, "{json}");
        assert_eq!(list[0]["code"], "config.not-supported-yet");
        assert!(list[0]["line"].as_u64().unwrap() > 8, "{json}");
    }
}

/// A password is judged beside every other mistake, and never shown.
#[test]
fn a_password_outside_the_rule_is_told_with_the_other_errors() {
    let mut simulated = simulated();
    simulated.scenario.variable("DEPLOY", "canary");
    simulated.file(&format!(
        "{FILE}except = [\"nothing/TXT\"]\n[domain.\"example.com\".hosting.ftp_user.deploy]\ndir = \"up\"\n\
         password = {{ env = \"DEPLOY\" }}\n"
    ));
    for command in ["validate", "plan"] {
        let told = simulated.call(&[command]);
        assert_eq!(told.status, Some(3), "{told:?}");
        for code in ["config.except", "password.rule"] {
            assert!(told.stderr.contains(code), "{command}: {told:?}");
        }
        assert!(!told.stderr.contains("canary"), "{told:?}");
    }
    assert!(simulated.log().entries().is_empty());
}

/// A pattern that can match nothing is an error, on the command line as in the file.
#[test]
fn a_misspelt_pattern_is_refused_and_spelling_makes_no_difference() {
    let simulated = simulated();
    for pattern in ["recrod.example.com/*", "nope", "group.parked"] {
        for flag in ["--target", "--exclude", "--allow-destroy", "--allow-share"] {
            let told = simulated.call(&["plan", flag, pattern]);
            assert_eq!(told.status, Some(3), "{flag} {pattern}: {told:?}");
        }
    }
    assert!(simulated.log().entries().is_empty());
    for pattern in [
        "record.EXAMPLE.com/WWW/a",
        "record.*/A",
        "record.Example.com/*",
        "zone.example.com@main",
    ] {
        let planned = simulated.plan_with(&["--exclude", pattern]);
        let hit = pattern.starts_with("record");
        assert_eq!(planned.changes(), !hit, "{pattern}");
    }
}

/// A star that is also a name is no consent, with or without the account.
#[test]
fn a_consent_with_two_readings_is_refused() {
    let simulated = simulated();
    simulated.file(&FILE.replace("\"www\"", "\"*\""));
    for pattern in [
        "record.example.com/*/A",
        "record.example.com/*/A@main",
        "record.EXAMPLE.com/*/a@main",
    ] {
        let told = simulated.call(&["plan", "--allow-destroy", pattern]);
        assert_eq!(told.status, Some(3), "{pattern}: {told:?}");
    }
    for pattern in [
        r"record.example.com/\*/A",
        "record.example.com/**/A",
        "record.example.com/**",
    ] {
        assert_eq!(
            simulated.call(&["plan", "--allow-destroy", pattern]).status,
            Some(0),
            "{pattern}"
        );
    }
}

#[test]
fn validate_keeps_its_form_and_errors_keep_what_to_do() {
    let simulated = simulated();
    let told = simulated.call(&["validate", "--json", "--bogus"]);
    let json: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(
        (told.status, &json["valid"]),
        (Some(3), &serde_json::Value::Bool(false)),
        "{json}"
    );
    let told = simulated.call(&["apply", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert!(
        json["error"]["message"].as_str().unwrap().contains("--yes"),
        "{json}"
    );
}

/// All secrets that are missing are told in one run, with their lines; nothing is sent.
#[test]
fn missing_secrets_are_all_told_with_their_lines() {
    let simulated = simulated();
    let account = simulated.account();
    let account = account.replace(
        "username = \"AA111111\"",
        "username = { env = \"NO_NAME\" }",
    );
    let account = account.replace("NAMEBAY_PASSWORD", "NO_PASSWORD");
    simulated
        .scenario
        .file("bailiwick.toml", &format!("{account}{FILE}"));
    let told = simulated.call(&["plan", "--format", "json"]);
    assert_eq!(told.status, Some(3));
    let json: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let lines: Vec<_> = json["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| (d["code"].clone(), d["line"].clone()))
        .collect();
    assert_eq!(
        lines,
        [
            ("secret.missing".into(), 4.into()),
            ("secret.missing".into(), 5.into())
        ],
        "{json}"
    );
    assert!(simulated.log().entries().is_empty());
}
