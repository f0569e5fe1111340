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
        "[group.parked]\ndomains = [\"example.net\"]\n",
        "[domain.\"example.com\".mail]\nmailboxes = 3\n",
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
