//! G3: who holds the ledger, and that a lock which a process holds is not taken from it.

use crate::render::file::assert_valid;
use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Seed};
use std::path::PathBuf;

fn ledger(simulated: &Simulated) -> PathBuf {
    let root = simulated.scenario.folder().join(".bailiwick");
    let found = std::fs::read_dir(root)
        .unwrap()
        .filter_map(Result::ok)
        .find(|entry| entry.path().is_dir());
    found.expect("an account's ledger").path()
}

/// Holds the ledger as a run does, until it is dropped.
pub(super) fn held(simulated: &Simulated) -> std::fs::File {
    let folder = ledger(simulated);
    let who = r#"{"host":"builder","pid":4242,"url":"https://ci.example/7","since":"2026-08-01T11:00:00Z"}"#;
    let name = folder
        .strip_prefix(simulated.scenario.folder())
        .unwrap()
        .join("lock.json");
    simulated.scenario.file(name.to_str().unwrap(), who);
    let lock = std::fs::File::options()
        .write(true)
        .open(folder.join("lock"))
        .unwrap();
    lock.lock().unwrap();
    lock
}

fn simulated() -> Simulated {
    let simulated = Simulated::new(
        Seed::empty().user(USER).zone("example.com"),
        Dialect::default(),
    );
    simulated.file("[domain.\"example.com\".zone]\nrecords = [{ host = \"www\", type = \"A\", data = \"192.0.2.1\" }]\n");
    simulated
}

#[test]
fn g3_status_tells_who_and_since_when_and_asks_nobody() {
    let simulated = simulated();
    let free = simulated.call(&["lock", "status", "--json"]);
    assert_valid("lock", &free.stdout);
    let json: serde_json::Value = serde_json::from_str(&free.stdout).unwrap();
    assert_eq!(
        json,
        serde_json::json!([{
            "account": "main", "held": false, "by": null, "host": null, "pid": null, "url": null, "since": null
        }])
    );
    assert!(!simulated.scenario.folder().join(".bailiwick").exists());
    simulated.apply();
    simulated.log().clear();
    let lock = held(&simulated);
    let told = simulated.call(&["lock", "status", "--json"]);
    assert_eq!(told.status, Some(0));
    let json: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(
        json,
        serde_json::json!([{
            "account": "main", "held": true, "by": "process 4242 on builder", "host": "builder", "pid": 4242,
            "url": "https://ci.example/7", "since": "2026-08-01T11:00:00Z"
        }])
    );
    let human = simulated.call(&["lock", "status"]);
    assert_eq!(
        human.stdout,
        "main  held by process 4242 on builder, since 2026-08-01T11:00:00Z, https://ci.example/7\n"
    );
    drop(lock);
    let human = simulated.call(&["lock", "status", "main"]);
    assert_eq!(human.stdout, "main  free\n");
    let none = simulated.call(&["lock", "status", "other", "--json"]);
    assert_eq!(none.status, Some(3), "{none:?}");
    assert!(simulated.log().entries().is_empty());
}

#[test]
fn g3_release_takes_nothing_from_a_process_and_says_that_a_dead_one_left_nothing() {
    let simulated = simulated();
    simulated.apply();
    let lock = held(&simulated);
    let refused = simulated.call(&["lock", "release"]);
    assert_eq!(refused.status, Some(7), "{refused:?}");
    assert!(
        refused.stderr.contains("process 4242 on builder"),
        "{refused:?}"
    );
    assert_eq!(simulated.call(&["apply", "--yes"]).status, Some(7));
    // The process dies: what says who it was stays, the lock does not.
    drop(lock);
    // A process that another test is just starting may hold a copy of it until it runs its own program.
    let mut calls = std::iter::repeat_with(|| simulated.call(&["lock", "release"])).take(1_000);
    let freed = calls.find(|freed| freed.status == Some(0));
    let freed = freed.expect("the lock is freed");
    let said = "main  free: there is no lock to release";
    assert!(freed.stdout.starts_with(said), "{freed:?}");
    assert_eq!(simulated.call(&["apply", "--yes"]).status, Some(0));
}

#[cfg(unix)]
#[test]
fn g3_the_job_that_holds_it_is_told_by_each_ci_in_its_own_way() {
    use super::signals::Holding;
    use bailiwick::sandbox::Moment;
    let github = [
        ("GITHUB_SERVER_URL", "https://github.example"),
        ("GITHUB_REPOSITORY", "team/dns"),
        ("GITHUB_RUN_ID", "77"),
    ];
    type Variables<'a> = &'a [(&'a str, &'a str)];
    let cases: [(Variables<'_>, Option<&str>); 5] = [
        (&[], None),
        // Without its parts there is no address.
        (&github[..2], None),
        (
            &github,
            Some("https://github.example/team/dns/actions/runs/77"),
        ),
        (
            &[("BUILD_URL", "https://jenkins.example/job/dns/7/")],
            Some("https://jenkins.example/job/dns/7/"),
        ),
        (
            &[
                ("CI_JOB_URL", "https://gitlab.example/-/jobs/7"),
                github[0],
                github[1],
                github[2],
            ],
            Some("https://gitlab.example/-/jobs/7"),
        ),
    ];
    for (variables, url) in cases {
        let mut holding = Holding::at(Moment::Arrived, |seen| seen.is_write());
        for (name, value) in variables {
            holding.simulated.scenario.variable(name, value);
        }
        let mut child = holding.run(&["apply", "--yes"]);
        let told = holding.simulated.call(&["lock", "status", "--json"]);
        child.kill().unwrap();
        child.wait().unwrap();
        holding.let_go();
        assert_valid("lock", &told.stdout);
        let json: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
        assert_eq!(json[0]["held"], true, "{told:?}");
        assert_eq!(json[0]["pid"], child.id());
        assert_eq!(json[0]["url"], serde_json::json!(url), "{variables:?}");
        let freed = holding.simulated.call(&["lock", "status"]);
        assert_eq!(freed.stdout, "main  free\n");
    }
}
