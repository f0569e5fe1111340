//! D4, D5, D7: the real binary, killed and interrupted at every request; answers that are lost.

use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Effect, Fault, Moment, Options, Rule, Seed};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, mpsc};

const ZONE: &str = "example.com";

/// Six writes: the TTL, one update, four creates.
const FILE: &str = r#"
[domain."example.com".zone]
ttl = 7200
records = [
  { host = "@", type = "A", data = "192.0.2.1" },
  { host = "www", type = "A", data = ["192.0.2.2", "192.0.2.3"] },
  { host = "mail", type = "A", data = "192.0.2.4" },
  { host = "@", type = "MX", data = "mail", priority = 10 },
]
"#;
const WRITES: usize = 6;

fn seed() -> Seed {
    Seed::empty()
        .user(USER)
        .domain(USER, ZONE)
        .zone(ZONE)
        .record(ZONE, "@", ("A", "192.0.2.9"))
}

/// How often each record is there.
fn census(simulated: &Simulated) -> BTreeMap<String, usize> {
    let mut census = BTreeMap::new();
    for (host, rtype, data) in simulated.records(ZONE) {
        if rtype != "SOA" && rtype != "NS" {
            *census.entry(format!("{host} {rtype} {data}")).or_default() += 1;
        }
    }
    census
}

fn reaches_its_goal(simulated: &Simulated, what: &str) {
    let again = simulated.scenario.run(&["apply", "--yes"]);
    assert_eq!(again.status, Some(0), "{what}: {again:?}");
    let census = census(simulated);
    assert_eq!(census.len(), 5, "{what}: {census:?}");
    assert!(
        census.values().all(|count| *count == 1),
        "{what}: made twice: {census:?}"
    );
    let plan = simulated.scenario.run(&["plan", "--detailed-exitcode"]);
    assert_eq!(plan.status, Some(0), "{what}: {plan:?}");
    assert!(
        plan.stdout.contains("0 to adopt, 0 to forget"),
        "{what}: {}",
        plan.stdout
    );
}

/// A server that stops at one moment of the k-th write until the test lets it go on.
fn stopping_at(moment: Moment, nth: usize) -> (Simulated, mpsc::Receiver<()>) {
    let (reached, waiting) = mpsc::channel();
    let reached = Mutex::new((0_usize, reached));
    let mut options = Options::default().seed(seed());
    options.hook = Some(Arc::new(move |now, seen| {
        let mut hang = false;
        if now == moment && seen.method != "GET" && seen.path != "/token" {
            let mut reached = reached.lock().unwrap();
            reached.0 += 1;
            hang = reached.0 == nth;
            if hang {
                reached.1.send(()).unwrap();
            }
        }
        Box::pin(async move {
            if hang {
                // The client is killed meanwhile; its connection goes with it.
                tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            }
        })
    }));
    (Simulated::with(options), waiting)
}

#[test]
fn d4_killed_before_and_after_every_write_the_next_run_reaches_the_goal_and_nothing_is_made_twice()
{
    for moment in [Moment::Arrived, Moment::Done] {
        for nth in 1..=WRITES {
            let (simulated, waiting) = stopping_at(moment, nth);
            simulated.file(FILE);
            let mut child = simulated
                .scenario
                .command(&["apply", "--yes", "--parallelism", "1"])
                .spawn()
                .unwrap();
            waiting
                .recv_timeout(std::time::Duration::from_secs(30))
                .expect("the write comes");
            child.kill().unwrap();
            child.wait().unwrap();
            reaches_its_goal(&simulated, &format!("killed at {moment:?} of write {nth}"));
        }
    }
}

#[test]
fn d4_a_lost_answer_or_request_is_looked_up_and_never_sent_twice() {
    for effect in [Effect::LostAnswer, Effect::LostRequest] {
        for nth in 1..=4 {
            let simulated = Simulated::new(seed(), Dialect::default());
            simulated.file(FILE);
            simulated.server.add_fault(Fault::new(
                Rule::nth("POST /api/Zone/*/Record", nth),
                effect.clone(),
            ));
            let applied = simulated.apply();
            assert_eq!(
                applied.exit(),
                0,
                "{effect:?} {nth}: {}",
                applied.told.stderr
            );
            let census = census(&simulated);
            assert!(
                census.len() == 5 && census.values().all(|count| *count == 1),
                "{effect:?} {nth}: {census:?}"
            );
            assert!(!simulated.plan().changes());
        }
    }
}

/// D7, D3: the run settles, says everything at its end, and the next one goes on.
#[cfg(unix)]
#[test]
fn d7_a_signal_settles_the_run_and_the_end_is_told() {
    for (signal, nth) in [("INT", 1), ("TERM", 3), ("INT", 3)] {
        let (simulated, waiting) = stopping_at(Moment::Done, nth);
        simulated.file(FILE);
        let child = simulated
            .scenario
            .command(&["apply", "--yes", "--parallelism", "1"])
            .spawn()
            .unwrap();
        waiting
            .recv_timeout(std::time::Duration::from_secs(30))
            .expect("the write comes");
        let kill = std::process::Command::new("kill")
            .args(["-s", signal, &child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        let output = child.wait_with_output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let last = stdout.lines().last().unwrap_or_default();
        assert!(
            last.starts_with("Applied: ") && last.contains("not started"),
            "{stdout}"
        );
        // The first write was carried out before the signal came, so something was changed in every case.
        assert_eq!(
            output.status.code(),
            Some(8),
            "{signal} at write {nth}: {stdout}"
        );
        reaches_its_goal(&simulated, &format!("{signal} at write {nth}"));
    }
}

#[cfg(unix)]
#[test]
fn a3_interrupted_before_anything_was_changed_ends_with_130_and_143() {
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        let simulated = Simulated::new(seed(), Dialect::default());
        simulated.file(FILE);
        simulated.server.add_fault(Fault::new(
            Rule::every("GET /api/Zone"),
            Effect::Delay(std::time::Duration::from_secs(20)),
        ));
        let child = simulated
            .scenario
            .command(&["apply", "--yes"])
            .spawn()
            .unwrap();
        let asked = || {
            simulated
                .log()
                .entries()
                .iter()
                .any(|seen| seen.path == "/token")
        };
        while !asked() {
            std::thread::yield_now();
        }
        let kill = std::process::Command::new("kill")
            .args(["-s", signal, &child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        assert_eq!(
            child.wait_with_output().unwrap().status.code(),
            Some(status)
        );
    }
}

/// A redirection, a mailbox with its answer, an FTP user and a record: five writes.
const FAMILIES: &str = r#"
[domain."example.com".redirect."blog.example.com"]
to = "https://example.net/"
type = 4
[domain."example.com".mailbox.info]
password = { env = "BOX_PW" }
autoresponder = { subject = "Away", message = "Back on Monday." }
[domain."example.com".hosting]
[domain."example.com".hosting.ftp_user.deploy]
dir = "deploy"
password = { env = "FTP_PW" }
[domain."example.com".zone]
records = [ { host = "www", type = "A", data = "192.0.2.2" } ]
"#;
const CREATIONS: [&str; 4] = [
    "POST /api/Mail",
    "POST /api/Zone/{zone_handle}/Record",
    "POST /api/Zone/{zone_handle}/Redirection",
    "POST /api/Hosting/{hosting_handle}/User",
];

fn with_families(seed: Seed) -> Seed {
    seed.redirect_service(ZONE, 5)
        .mail_service(ZONE, 5)
        .hosting(ZONE)
}

/// The goal, each creation carried out at most once, and a third apply that writes nothing.
fn families_reach_their_goal(simulated: &Simulated, what: &str) {
    let again = simulated.scenario.run(&["apply", "--yes"]);
    assert_eq!(again.status, Some(0), "{what}: {again:?}");
    let state = simulated.state();
    let mailbox = state.mailbox("info@example.com").expect(what);
    assert_eq!(mailbox.password.as_deref(), Some("box#2026-pw"), "{what}");
    let answer = mailbox.responder.as_ref().expect(what);
    assert_eq!(answer.subject.as_deref(), Some("Away"), "{what}");
    assert_eq!(state.redirections(ZONE).len(), 1, "{what}");
    let hosting = state.hosting(ZONE).expect(what);
    let users: Vec<_> = hosting
        .users
        .values()
        .filter(|user| !hosting.owns(user))
        .collect();
    assert_eq!(users.len(), 1, "{what}: {users:?}");
    assert_eq!(users[0].password.as_deref(), Some("ftp#2026-pw"), "{what}");
    let hosts = simulated.records(ZONE);
    let own = hosts.iter().filter(|record| record.0 == "www");
    assert_eq!(own.count(), 1, "{what}: {hosts:?}");
    let mut made: BTreeMap<String, usize> = BTreeMap::new();
    for seen in simulated.log().writes() {
        if seen.method == "POST" {
            *made.entry(seen.kind()).or_default() += 1;
        }
    }
    for kind in CREATIONS {
        assert_eq!(made.get(kind), Some(&1), "{what}: {made:?}");
    }
    simulated.log().clear();
    let third = simulated.scenario.run(&["apply", "--yes"]);
    assert_eq!(third.status, Some(0), "{what}: {third:?}");
    let writes = simulated.log().writes();
    assert!(writes.is_empty(), "{what}: {writes:?}");
}

fn with_passwords(simulated: &mut Simulated) {
    simulated
        .scenario
        .variable("BOX_PW", "box#2026-pw")
        .variable("FTP_PW", "ftp#2026-pw");
    simulated.file(FAMILIES);
}

#[test]
fn d4_killed_around_the_writes_of_every_family_nothing_is_made_twice_and_no_password_is_lost() {
    for moment in [Moment::Arrived, Moment::Done] {
        for nth in 1..=5 {
            let (mut simulated, waiting) = stopping_at(moment, nth);
            let edited = simulated.server.edit(with_families);
            edited.expect("a sandbox in memory");
            with_passwords(&mut simulated);
            let mut child = simulated
                .scenario
                .command(&["apply", "--yes", "--parallelism", "1"])
                .spawn()
                .unwrap();
            waiting
                .recv_timeout(std::time::Duration::from_secs(30))
                .expect("the write comes");
            child.kill().unwrap();
            child.wait().unwrap();
            let what = format!("killed at {moment:?} of write {nth}");
            families_reach_their_goal(&simulated, &what);
        }
    }
}

#[test]
fn d4_a_lost_answer_or_request_of_any_family_makes_nothing_twice() {
    for effect in [Effect::LostAnswer, Effect::LostRequest] {
        for rule in [
            "POST /api/Mail",
            "PUT /api/Mail/*/AutoResponder",
            "POST /api/Zone/*/Redirection",
            "POST /api/Hosting/*/User",
            "POST /api/Zone/*/Record",
        ] {
            let mut simulated = Simulated::new(with_families(seed()), Dialect::default());
            with_passwords(&mut simulated);
            let fault = Fault::new(Rule::nth(rule, 1), effect.clone());
            simulated.server.add_fault(fault);
            simulated.apply();
            families_reach_their_goal(&simulated, &format!("{effect:?} of {rule}"));
        }
    }
}
