//! A ledger that cannot be written while an apply runs: nothing is sent that is not in it, it is told, and the
//! next run goes on.

use crate::support::simulated::{PASSWORD, Simulated, USER};
use bailiwick::sandbox::{Dialect, Moment, Options, Seed};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

const COUNT: usize = 150;

fn file() -> String {
    let hosts: Vec<String> = (0..COUNT).map(|at| format!("\"h{at}\"")).collect();
    format!(
        "[domain.\"example.com\".zone]\nrecords = [{{ host = [{}], type = \"A\", data = \"192.0.2.1\" }}]\n",
        hosts.join(", ")
    )
}

fn seed() -> Seed {
    Seed::empty().user(USER).zone("example.com")
}

fn made(simulated: &Simulated) -> usize {
    let mut own = simulated.records("example.com");
    own.retain(|(_, rtype, _)| rtype == "A");
    let different: BTreeSet<_> = own.iter().collect();
    assert_eq!(different.len(), own.len(), "made twice: {own:?}");
    own.len()
}

fn goes_on(simulated: &Simulated, what: &str) {
    let again = simulated.scenario.run(&["apply", "--yes"]);
    assert_eq!(again.status, Some(0), "{what}: {again:?}");
    assert_eq!(made(simulated), COUNT, "{what}");
    assert_eq!(simulated.log().writes().len(), COUNT, "{what}: sent twice");
    let plan = simulated.scenario.run(&["plan", "--detailed-exitcode"]);
    assert_eq!(plan.status, Some(0), "{what}: {plan:?}");
}

/// No file may grow beyond so many blocks of 512 bytes: a disk that is full for what is larger.
#[test]
fn a_disk_that_is_full_stops_what_is_not_yet_sent_and_nothing_is_lost() {
    let mut ends = BTreeSet::new();
    for blocks in [0, 1, 4, 16, 48, 64, 96, 128, 4096] {
        let simulated = Simulated::new(seed(), Dialect::default());
        simulated.file(&file());
        let program = simulated.scenario.command(&[]);
        let output = Command::new("sh")
            .args([
                "-c",
                "trap '' XFSZ; ulimit -f \"$1\"; exec \"$0\" apply --yes --format json",
            ])
            .arg(program.get_program())
            .arg(blocks.to_string())
            .current_dir(simulated.scenario.folder())
            .env("NAMEBAY_PASSWORD", PASSWORD)
            .output()
            .unwrap();
        let (stdout, stderr) = (
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        );
        let what = format!("{blocks} blocks: {stderr}");
        let report: Json = serde_json::from_str(&stdout).expect(&what);
        let status = output.status.code().unwrap();
        ends.insert(status);
        let sent = simulated.log().writes().len();
        assert_eq!(made(&simulated), sent, "{what}");
        if let Some(error) = report["error"]["code"].as_str() {
            assert!(error.starts_with("ledger."), "{what}");
            assert_eq!((status, sent), (1, 0), "{what}");
        } else {
            let rows = |list: &str| report[list].as_array().unwrap().iter();
            let number = |list: &str| rows(list).filter(|row| row["action"] != "adopt").count();
            let findings = report["findings"].as_array().unwrap();
            let told = findings.iter().any(|found| found["code"] == "ledger.write");
            assert_eq!(number("applied"), sent, "{what}");
            assert_eq!(number("applied") + number("not_started"), COUNT, "{what}");
            assert_eq!(told, status != 0, "{what}");
            assert!([0, 1, 5, 8].contains(&status), "{what}");
        }
        goes_on(&simulated, &what);
    }
    assert!(ends.contains(&0) && ends.contains(&1), "{ends:?}");
    assert!(ends.len() > 2, "none stopped in the middle: {ends:?}");
}

/// The folder is taken away in the middle, as a cleaning job does.
#[test]
fn a_ledger_that_is_taken_away_stops_the_run_and_the_next_one_makes_nothing_twice() {
    let folder: Arc<OnceLock<PathBuf>> = Arc::default();
    let (below, count) = (Arc::clone(&folder), AtomicUsize::new(0));
    let mut options = Options::default().seed(seed());
    options.hook = Some(Arc::new(move |moment, seen| {
        if moment == Moment::Done && seen.is_write() && count.fetch_add(1, Ordering::Relaxed) == 5 {
            std::fs::remove_dir_all(below.get().unwrap().join(".bailiwick")).unwrap();
        }
        Box::pin(std::future::ready(()))
    }));
    let simulated = Simulated::with(options);
    simulated.file(&file());
    folder.set(simulated.scenario.folder().to_owned()).unwrap();
    let told = simulated
        .scenario
        .run(&["apply", "--yes", "--format", "json"]);
    assert_eq!(told.status, Some(8), "{told:?}");
    let report: Json = serde_json::from_str(&told.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert!(
        findings.iter().any(|found| found["code"] == "ledger.write"),
        "{report}"
    );
    let sent = simulated.log().writes().len();
    assert!((6..COUNT).contains(&sent), "{sent}");
    goes_on(&simulated, "taken away");
}
