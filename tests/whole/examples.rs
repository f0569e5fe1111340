//! Every example is valid, planned, applied and re-planned; the 25 real zones under many dialects.

use crate::support::Scenario;
use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Seed};
use std::path::{Path, PathBuf};

fn examples() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut found: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("bailiwick.toml").is_file())
        .collect();
    found.sort();
    found
}

fn copy(from: &Path, scenario: &Scenario, below: &str) {
    for entry in std::fs::read_dir(from).unwrap().filter_map(Result::ok) {
        let name = entry.file_name().into_string().unwrap();
        let path = entry.path();
        if path.is_dir() && !name.starts_with('.') {
            copy(&path, scenario, &format!("{below}{name}/"));
        } else if path.is_file() {
            scenario.file(
                &format!("{below}{name}"),
                &std::fs::read_to_string(path).unwrap(),
            );
        }
    }
}

#[test]
fn every_example_is_valid_planned_applied_and_planned_again_to_nothing() {
    let all = examples();
    assert!(all.len() >= 2, "{all:?}");
    for example in all {
        let scenario = Scenario::new();
        copy(&example, &scenario, "");
        let run = |arguments: &[&str], wanted: i32| {
            let told = scenario.run(arguments);
            assert_eq!(
                told.status,
                Some(wanted),
                "{} {arguments:?}: {told:?}",
                example.display()
            );
            told
        };
        run(&["validate"], 0);
        run(&["--sandbox", "plan", "--detailed-exitcode"], 2);
        run(&["--sandbox", "apply", "--yes"], 0);
        let told = run(&["--sandbox", "plan", "--detailed-exitcode"], 0);
        assert!(
            told.stdout
                .contains("Plan: 0 to create, 0 to change, 0 to replace, 0 to destroy, 0 to adopt")
        );
    }
}

/// The body of `examples/public`: everything after its account.
fn public(simulated: &Simulated) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/public");
    copy(&root, &simulated.scenario, "");
    let text = std::fs::read_to_string(root.join("bailiwick.toml")).unwrap();
    let mut keep = true;
    let mut body = String::new();
    for line in text.lines() {
        if line.starts_with('[') {
            keep = !line.starts_with("[account");
        }
        if keep {
            body.push_str(line);
            body.push('\n');
        }
    }
    body
}

#[test]
fn the_real_zones_reach_their_goal_and_come_back_as_they_are_under_many_dialects() {
    for number in 0..10 {
        let dialect = if number == 0 {
            Dialect::default()
        } else {
            Dialect::random(7000 + number)
        };
        let simulated = Simulated::new(Seed::empty().user(USER), dialect.clone());
        let body = public(&simulated);
        simulated.file(&body);
        let applied = simulated.apply();
        assert_eq!(
            applied.exit(),
            0,
            "{dialect}: {:?} {:?}",
            applied.rows("failed"),
            applied.blocked()
        );
        assert!(!simulated.plan().changes(), "{dialect}");
        let imported = simulated.call(&["import", "--all"]);
        simulated.file(&imported.stdout);
        let planned = simulated.plan();
        assert!(!planned.changes(), "{dialect}: {:?}", planned.steps());
        let zone = simulated.call(&["export", "18f.gov"]);
        simulated.scenario.file("exported.zone", &zone.stdout);
        simulated.file("[domain.\"18f.gov\"]\nregistrar = \"external\"\n[domain.\"18f.gov\".zone]\nfile = \"exported.zone\"\npurge = true\n");
        let planned = simulated.plan();
        assert!(!planned.changes(), "{dialect}: {:?}", planned.steps());
    }
}
