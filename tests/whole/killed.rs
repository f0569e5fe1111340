//! D4: an apply of twelve steps over every kind, killed around each of its requests, reads included, and each
//! answer and each request lost; the next run reaches the goal.

use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Effect, Fate, Fault, Moment, Options, Rule, Seed};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use tokio::sync::oneshot;

const ZONE: &str = "example.com";

/// Thirteen writes: delegation and settings of the domain, TTL and four record sets, a redirection, two mailboxes
/// and an answer, an FTP user.
const FILE: &str = r#"
[domain."example.com"]
name_servers = ["dns1.namebay.com", "dns2.namebay.com"]
locked = false
[domain."example.com".zone]
ttl = 7200
records = [
  { host = "@", type = "A", data = "192.0.2.1" },
  { host = "www", type = "A", data = ["192.0.2.2", "192.0.2.3"] },
  { host = "@", type = "MX", data = "mail", priority = 10 },
]
[domain."example.com".redirect."blog.example.com"]
to = "https://example.net/"
type = 4
[domain."example.com".mailbox.info]
password = { env = "BOX_PW" }
autoresponder = { subject = "Away", message = "Back on Monday." }
[domain."example.com".mailbox.sales]
password = { env = "BOX_PW" }
[domain."example.com".hosting]
[domain."example.com".hosting.ftp_user.deploy]
dir = "deploy"
password = { env = "FTP_PW" }
"#;

fn seed() -> Seed {
    let seed = Seed::empty().user(USER).domain(USER, ZONE).zone(ZONE);
    let seed = seed.record(ZONE, "@", ("A", "192.0.2.9"));
    let seed = seed.adjust(ZONE, |domain| {
        let elsewhere = ["ns1.example.net", "ns2.example.net"];
        domain.settings.name_servers = elsewhere.map(String::from).to_vec();
    });
    seed.redirect_service(ZONE, 5)
        .mail_service(ZONE, 5)
        .hosting(ZONE)
}

/// What goes wrong at one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mishap {
    /// The process is killed when the request has come, and the request is lost.
    KilledBefore,
    /// It is killed when the request was carried out, before the answer.
    KilledAfter,
    LostRequest,
    LostAnswer,
}

/// Stops at the nth request at a moment, says so, and goes on when it is told to.
fn stopping(
    moment: Moment,
    nth: u64,
    options: &mut Options,
) -> (mpsc::Receiver<()>, oneshot::Sender<()>) {
    let (reached, waiting) = mpsc::channel();
    let (release, released) = oneshot::channel::<()>();
    let released = Mutex::new(Some(released));
    let reached = Mutex::new(reached);
    options.hook = Some(Arc::new(move |now, seen| {
        let held = (now == moment && seen.number == nth)
            .then(|| released.lock().unwrap().take())
            .flatten();
        if held.is_some() {
            // The test may have failed already.
            let _ = reached.lock().unwrap().send(());
        }
        Box::pin(async move {
            if let Some(held) = held {
                let _ = held.await;
            }
        })
    }));
    (waiting, release)
}

fn started(options: Options) -> Simulated {
    let mut simulated = Simulated::with(options);
    simulated
        .scenario
        .variable("BOX_PW", "box#2026-pw")
        .variable("FTP_PW", "ftp#2026-pw");
    simulated.file(FILE);
    simulated
}

const APPLY: [&str; 4] = ["apply", "--yes", "--parallelism", "1"];

/// The first run, with its mishap.
fn mishap(mishap: Mishap, nth: u64) -> Simulated {
    let mut options = Options::default().seed(seed());
    let moment = match mishap {
        Mishap::KilledBefore => Some(Moment::Arrived),
        Mishap::KilledAfter => Some(Moment::Done),
        Mishap::LostRequest | Mishap::LostAnswer => None,
    };
    let effect = match mishap {
        Mishap::KilledBefore | Mishap::LostRequest => Some(Effect::LostRequest),
        Mishap::LostAnswer => Some(Effect::LostAnswer),
        Mishap::KilledAfter => None,
    };
    let stop = moment.map(|moment| stopping(moment, nth, &mut options));
    let simulated = started(options);
    if let Some(effect) = effect {
        simulated
            .server
            .add_fault(Fault::new(Rule::nth("*", nth), effect));
    }
    match stop {
        None => {
            let told = simulated.call(&APPLY);
            let known = [0, 1, 8, 9].map(Some);
            assert!(known.contains(&told.status), "{mishap:?} {nth}: {told:?}");
        }
        Some((waiting, release)) => {
            let mut child = simulated.scenario.command(&APPLY).spawn().unwrap();
            waiting
                .recv_timeout(Duration::from_secs(60))
                .expect("the request comes");
            child.kill().unwrap();
            assert_eq!(child.wait().unwrap().code(), None, "it was killed");
            let _ = release.send(());
        }
    }
    simulated
}

/// The creating requests that were carried out, each with how often.
fn made(simulated: &Simulated) -> BTreeMap<String, usize> {
    let mut made = BTreeMap::new();
    for seen in simulated.log().writes() {
        let taken = seen.fate == Fate::AnswerLost || seen.status.is_some_and(|status| status < 300);
        if seen.method == "POST" && taken {
            let body = seen.body.map(|body| body.to_string()).unwrap_or_default();
            *made.entry(format!("{} {body}", seen.path)).or_default() += 1;
        }
    }
    made
}

/// What the server holds at the end, as far as no number of its own is in it.
fn goal(simulated: &Simulated) -> Vec<String> {
    let mut all: Vec<String> = simulated
        .records(ZONE)
        .into_iter()
        .filter(|(_, rtype, _)| rtype != "SOA")
        .map(|(host, rtype, data)| format!("{host} {rtype} {data}"))
        .collect();
    let state = simulated.state();
    all.push(format!("{} redirections", state.redirections(ZONE).len()));
    for name in ["info@example.com", "sales@example.com"] {
        let mailbox = state.mailbox(name);
        let subject = mailbox.and_then(|mailbox| mailbox.responder.as_ref()?.subject.clone());
        let password = mailbox.and_then(|mailbox| mailbox.password.clone());
        all.push(format!("{name} {subject:?} {password:?}"));
    }
    let hosting = state.hosting(ZONE).unwrap();
    let users = hosting.users.values().filter(|user| !hosting.owns(user));
    all.extend(users.map(|user| format!("{:?} {:?}", user.full_name, user.password)));
    all
}

/// Runs until it ends well, by way of `resolve --look` where something is not known.
fn goes_on(simulated: &Simulated, killed: bool, what: &str) {
    let run = |line: &[&str]| match killed {
        true => simulated.scenario.run(line),
        false => simulated.call(line),
    };
    let told = run(&APPLY);
    if told.status == Some(9) {
        let looked = run(&["resolve", "--look"]);
        assert_eq!(looked.status, Some(0), "{what}: {looked:?}");
        let told = run(&APPLY);
        assert_eq!(told.status, Some(0), "{what}: {told:?}");
    } else {
        assert_eq!(told.status, Some(0), "{what}: {told:?}");
    }
}

fn nothing_is_left(simulated: &Simulated, what: &str) {
    let plan = simulated.call(&["plan", "--detailed-exitcode"]);
    assert_eq!(plan.status, Some(0), "{what}: {plan:?}");
    assert!(
        plan.stdout.contains("0 to adopt, 0 to forget"),
        "{what}: {plan:?}"
    );
    let drift = simulated.call(&["drift", "--detailed-exitcode", "--include", "pending"]);
    assert_eq!(drift.status, Some(0), "{what}: {drift:?}");
}

#[test]
fn d4_killed_around_every_request_of_a_long_apply_or_one_lost_the_next_run_reaches_the_goal() {
    let calm = started(Options::default().seed(seed()));
    let told = calm.scenario.run(&APPLY);
    assert_eq!(told.status, Some(0), "{}", told.stdout);
    let requests = calm.log().entries();
    let writes = requests.iter().filter(|seen| seen.is_write()).count();
    assert!(writes >= 12, "{writes}: {}", told.stdout);
    nothing_is_left(&calm, "calm");
    let (reached, once) = (goal(&calm), made(&calm));
    let mut cases = Vec::new();
    for nth in 1..=requests.len() as u64 {
        let all = [
            Mishap::KilledBefore,
            Mishap::KilledAfter,
            Mishap::LostRequest,
            Mishap::LostAnswer,
        ];
        cases.extend(all.map(|mishap| (mishap, nth)));
    }
    let next = AtomicU64::new(0);
    std::thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| {
                while let Some((kind, nth)) =
                    cases.get(usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap())
                {
                    let seen = &requests[usize::try_from(*nth).unwrap() - 1];
                    let what = format!("{kind:?} at request {nth}, {}", seen.kind());
                    let simulated = mishap(*kind, *nth);
                    let killed = matches!(kind, Mishap::KilledBefore | Mishap::KilledAfter);
                    goes_on(&simulated, killed, &what);
                    assert_eq!(goal(&simulated), reached, "{what}");
                    assert_eq!(made(&simulated), once, "{what}");
                    nothing_is_left(&simulated, &what);
                }
            });
        }
    });
}
