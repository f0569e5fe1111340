//! G3, G4 with real processes and a real object store: a holder that is stopped, and one that is killed, while the
//! server owes it an answer.
//!
//! The stopped one costs as long as a lease is relied on: its own clock must see that time go by.

use super::objects::{Moto, ended, place, reach};
use super::signals::{Holding, send};
use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Moment, Seed};
use serde_json::{Value as Json, json};
use std::process::Child;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;

const ZONES: [&str; 2] = ["example.com", "example.org"];
/// Records of each.
const HOSTS: usize = 6;
/// The write whose answer is held back; it is carried out.
const HELD: usize = 3;
/// A lease is not relied on longer than 40 s.
const STOPPED: Duration = Duration::from_secs(41);

/// A server that carries out the third write and owes its answer, and a file with a ledger in the bucket.
fn holding(moto: &Moto, about_account: &str) -> Holding {
    let seed = ZONES
        .iter()
        .fold(Seed::empty().user(USER), |seed, zone| seed.zone(zone));
    let writes = AtomicUsize::new(0);
    let mut holding = Holding::over(seed, Moment::Done, move |seen| {
        seen.is_write() && writes.fetch_add(1, Ordering::Relaxed) + 1 == HELD
    });
    reach(moto, &mut holding.simulated);
    let hosts: Vec<String> = (0..HOSTS).map(|at| format!("\"h{at}\"")).collect();
    let zone = |zone: &&str| {
        format!(
            "[domain.\"{zone}\".zone]\nrecords = [{{ host = [{}], type = \"A\", data = \"192.0.2.1\" }}]\n",
            hosts.join(", ")
        )
    };
    let zones: String = ZONES.iter().map(zone).collect();
    holding.simulated.file(&format!(
        "{about_account}\n[bailiwick]\nledger = \"s3://bucket/team\"\n{zones}"
    ));
    holding
}

/// A process that does not outlive its test, however that ends.
struct Process(Option<Child>);

impl Process {
    fn child(&self) -> &Child {
        self.0.as_ref().expect("it has not been waited for")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// What `lock status` tells of the account.
fn status(simulated: &Simulated) -> Json {
    let told = simulated.scenario.run(&["lock", "status", "--json"]);
    let json: Json = serde_json::from_str(&told.stdout).unwrap();
    json[0].clone()
}

/// Lets the time of the lease run out, as the store tells it; it stays its holder's.
fn age(moto: &Moto, simulated: &Simulated) {
    let holder = status(simulated);
    assert_eq!(holder["held"], true, "{holder}");
    let aged = json!({"holder": holder, "token": "t", "beat": 1, "seconds": 0}).to_string();
    let put = moto.ask("PUT", &place(simulated), &aged);
    assert!(put.starts_with("HTTP/1.1 200"), "{put}");
    assert_eq!(status(simulated)["held"], false);
}

/// The segments of runs that were not filed.
fn segments(moto: &Moto) -> usize {
    let listed = moto.ask("GET", "/bucket?list-type=2&prefix=team/", "");
    listed.matches("/journal/").count()
}

/// Each record is there once, and the ledger knows all of them.
fn whole(simulated: &Simulated) {
    for zone in ZONES {
        let records = simulated.records(zone);
        let count = records.iter().filter(|record| record.1 == "A").count();
        assert_eq!(count, HOSTS, "{records:?}");
    }
    let plan = simulated.scenario.run(&["plan", "--detailed-exitcode"]);
    assert_eq!(plan.status, Some(0), "{plan:?}");
    let kept = "0 to adopt, 0 to forget";
    assert!(plan.stdout.contains(kept), "{plan:?}");
    let status = simulated.scenario.run(&["lock", "status"]);
    assert_eq!(status.stdout, "main  free\n");
}

fn writes(simulated: &Simulated) -> usize {
    let entries = simulated.requests();
    entries.iter().filter(|seen| seen.is_write()).count()
}

#[test]
fn g4_a_process_that_was_stopped_while_another_took_over_sends_not_one_more_request() {
    let Some(moto) = Moto::start() else { return };
    // So slow that the other zone's next write waits for its pace when the third of all is held.
    let holding = holding(&moto, "rate_limit = \"2/2s\"");
    let simulated = &holding.simulated;
    let mut first = Process(Some(holding.run(&["apply", "--yes"])));
    send("STOP", first.child());
    let stopped = Instant::now();
    age(&moto, simulated);
    let second = simulated.scenario.run(&["apply", "--yes"]);
    assert_eq!(second.status, Some(0), "{second:?}");
    assert!(second.stdout.contains("it was taken over"), "{second:?}");
    assert_eq!(writes(simulated), ZONES.len() * HOSTS);
    std::thread::sleep(STOPPED.saturating_sub(stopped.elapsed()));
    holding.let_go();
    send("CONT", first.child());
    let first = ended(first.0.take().unwrap());
    assert_eq!(writes(simulated), 0, "{first:?}");
    // Three were made, the rest was not: partly.
    assert_eq!(first.status, Some(8), "{first:?}");
    let why = "is no longer the lock of this run";
    assert!(format!("{first:?}").contains(why), "{first:?}");
    whole(simulated);
    assert_eq!(segments(&moto), 0);
}

#[test]
fn g3_the_lease_of_a_killed_process_runs_out_and_the_next_run_recovers_its_journal() {
    let Some(moto) = Moto::start() else { return };
    let mut holding = holding(&moto, "");
    let url = "https://gitlab.example/team/dns/-/jobs/7";
    holding.simulated.scenario.variable("CI_JOB_URL", url);
    let simulated = &holding.simulated;
    let first = Process(Some(holding.run(&["apply", "--yes", "--parallelism", "1"])));
    let pid = first.child().id();
    let told = status(simulated);
    assert_eq!((&told["pid"], &told["url"]), (&pid.into(), &url.into()));
    // kill -9: it lets nothing go.
    drop(first);
    holding.let_go();
    assert_eq!(writes(simulated), HELD);
    assert!(segments(&moto) > 0);
    let refused = simulated.scenario.run(&["apply", "--yes"]);
    assert_eq!(refused.status, Some(7), "{refused:?}");
    assert!(refused.stderr.contains(url), "{refused:?}");
    age(&moto, simulated);
    let taken = simulated
        .scenario
        .run(&["apply", "--yes", "--format", "json"]);
    assert_eq!(taken.status, Some(0), "{taken:?}");
    let json: Json = serde_json::from_str(&taken.stdout).unwrap();
    let codes: Vec<_> = json["findings"].as_array().unwrap().iter().collect();
    let told = codes
        .iter()
        .find(|found| found["code"] == "ledger.taken-over")
        .unwrap_or_else(|| panic!("{codes:?}"));
    let by = format!("process {pid} on ");
    assert!(told["message"].as_str().unwrap().contains(&by), "{told}");
    // The write whose answer never came was found, and is neither made again nor adopted.
    assert_eq!(writes(simulated), ZONES.len() * HOSTS - HELD);
    whole(simulated);
    assert_eq!(segments(&moto), 0);
}
