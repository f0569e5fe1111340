//! A3: each exit code of the table reached by a story, and the pairs of the order of precedence that can meet.
//!
//! Pairs that no command brings together are held on values, in `cli::exit`: of 3, of the two signals with what
//! stands before a run, and of 7 or 4 with a plan that has no confirmation, because the first that is seen ends
//! the command before the other could be known; a stale object (6) beside others needs minutes of waiting.

use super::lock::held;
use super::signals::at_the_question;
use crate::support::Transcript;
use crate::support::simulated::{Simulated, USER};
use bailiwick::cli::exit::Exit;
use bailiwick::cli::signals::Signal;
use bailiwick::sandbox::{Dialect, Effect, Fault, Pending, Rule, Seed};
use std::collections::BTreeSet;

const POST: &str = "POST /api/Zone/*/Record";

fn hosts(hosts: &str) -> String {
    let zone = "[domain.\"example.com\".zone]\n";
    format!("{zone}records = [{{ host = [{hosts}], type = \"A\", data = \"192.0.2.1\" }}]\n")
}

fn simulated() -> Simulated {
    let seed = Seed::empty()
        .user(USER)
        .zone("example.com")
        .zone("example.org");
    let simulated = Simulated::new(seed, Dialect::default());
    simulated.file(&hosts("\"a\", \"b\", \"c\""));
    simulated
}

fn refusing(simulated: &Simulated, rule: Rule, status: u16) {
    let effect = Effect::Status {
        status,
        body: "[{\"Code\": 599, \"Detail\": \"no\"}]".into(),
        media: "application/json".into(),
    };
    simulated.server.add_fault(Fault::new(rule, effect));
}

/// A mailbox that the provider still works on takes no change: that waits, and is no failure.
#[test]
fn a_change_of_a_mailbox_that_is_still_made_waits() {
    let seed = Seed::empty()
        .user(USER)
        .domain(USER, "example.com")
        .zone("example.com")
        .mail_service("example.com", 5);
    let dialect = Dialect::with("mailbox-state", "pending").expect("a switch");
    let mut simulated = Simulated::new(seed, dialect);
    simulated.scenario.variable("BOX_PW", "box#2026-pw");
    let file = |description: &str| {
        format!(
            "[domain.\"example.com\".mail]\n[domain.\"example.com\".mailbox.info]\n\
             password = {{ env = \"BOX_PW\" }}\ndescription = \"{description}\"\n"
        )
    };
    simulated.file(&file("front desk"));
    simulated.apply();
    let stuck = |seed: Seed| {
        seed.adjust_mailbox("info@example.com", |mailbox| {
            mailbox.pending = Pending::Stuck
        })
    };
    simulated.server.edit(stuck).expect("a mailbox");
    simulated.file(&file("back office"));
    simulated.log().clear();
    let waiting = simulated.apply();
    assert_eq!(waiting.exit(), 10, "{waiting:?}");
    assert_eq!(
        waiting.blocked(),
        ["mailbox.pending mailbox.info@example.com"]
    );
    assert_eq!(simulated.apply_with(&["--pending-ok"]).exit(), 0);
    assert!(
        simulated
            .log()
            .entries()
            .iter()
            .all(|seen| seen.method != "PUT")
    );
}

/// From the nth request on, all are lost.
fn gone_from(simulated: &Simulated, nth: u64) {
    let rule = Rule {
        nth,
        ..Rule::every("*")
    };
    simulated
        .server
        .add_fault(Fault::new(rule, Effect::LostRequest));
}

/// The number of a writing request, from 0, of an apply that nothing disturbs.
fn number_of_write(at: usize) -> u64 {
    let calm = simulated();
    assert_eq!(apply(&calm, &[]).status, Some(0));
    calm.log().writes()[at].number
}

fn apply(simulated: &Simulated, more: &[&str]) -> Transcript {
    let mut line = vec!["apply", "--yes", "--parallelism", "1"];
    line.extend(more);
    simulated.call(&line)
}

/// `h0` stands, `h1` is protected and to go, `h2` and `h3` are to be made.
fn guarded() -> Simulated {
    let simulated = simulated();
    simulated.file(&hosts("\"h0\", \"h1\""));
    assert_eq!(simulated.apply().exit(), 0);
    let guard = "[guard]\nprotect = [\"record.example.com/h1/*\"]\n";
    let wanted = hosts("\"h0\", \"h2\", \"h3\"");
    simulated.file(&format!("{guard}{wanted}"));
    simulated
}

const SHARE: [&str; 2] = ["--allow-share", "zone.example.com"];

/// A mailbox that the provider takes and never shows again, and a record.
fn pending(more: &[&str], refused: bool) -> Transcript {
    let file = format!(
        "{}[domain.\"example.com\".mailbox.info]\npassword = {{ env = \"BOX_PW\" }}\n",
        hosts("\"a\"")
    );
    let start = || {
        let seed = Seed::empty().user(USER).domain(USER, "example.com");
        let seed = seed.zone("example.com").mail_service("example.com", 5);
        let mut dialect = Dialect::default();
        dialect.set("mailbox-state", "pending").expect("a switch");
        let mut simulated = Simulated::new(seed, dialect);
        simulated.scenario.variable("BOX_PW", "box#2026-pw");
        simulated.file(&file);
        simulated
    };
    let calm = start();
    calm.apply_with(&["--parallelism", "1"]);
    let reads = calm.log().entries();
    let made = reads
        .iter()
        .position(|seen| seen.kind() == "POST /api/Mail")
        .expect("the mailbox is made");
    let before = reads[..made]
        .iter()
        .filter(|seen| seen.method == "GET" && seen.path.starts_with("/api/Mail"));
    let nth = before.count() as u64 + 1;
    let simulated = start();
    let rule = Rule {
        nth,
        ..Rule::every("GET /api/Mail/**")
    };
    refusing(&simulated, rule, 400);
    if refused {
        refusing(&simulated, Rule::every(POST), 400);
    }
    apply(&simulated, more)
}

/// A saved plan of the three records.
fn saved() -> Simulated {
    let simulated = simulated();
    assert_eq!(simulated.call(&["plan", "--out", "p.json"]).status, Some(0));
    simulated
}

const OTHER: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

type Story = (u8, &'static str, fn() -> Transcript);

/// Each code with a story that ends with it and with nothing else.
const CODES: [Story; 13] = [
    (0, "done", || apply(&simulated(), &[])),
    (1, "the API says no to a read", || {
        let simulated = simulated();
        refusing(&simulated, Rule::every("GET /api/Zone"), 400);
        apply(&simulated, &[])
    }),
    (2, "changes, and it was asked", || {
        simulated().call(&["plan", "--detailed-exitcode"])
    }),
    (3, "a flag that is none", || {
        simulated().call(&["plan", "--bogus"])
    }),
    (4, "the login is refused", || {
        let simulated = simulated();
        refusing(&simulated, Rule::every("POST /token"), 401);
        apply(&simulated, &[])
    }),
    (5, "nobody confirms", || simulated().call(&["apply"])),
    (6, "another plan was expected", || {
        saved().call(&["apply", "p.json", "--expect", OTHER])
    }),
    (7, "somebody holds the ledger", || {
        let simulated = simulated();
        simulated.apply();
        let _lock = held(&simulated);
        apply(&simulated, &[])
    }),
    (8, "one is done and the next refused", || {
        let simulated = simulated();
        refusing(
            &simulated,
            Rule {
                nth: 2,
                ..Rule::every(POST)
            },
            400,
        );
        apply(&simulated, &[])
    }),
    (9, "the provider is gone with the first write", || {
        let nth = number_of_write(0);
        let simulated = simulated();
        simulated.file(&hosts("\"a\""));
        gone_from(&simulated, nth);
        apply(&simulated, &["--patience", "0s"])
    }),
    (10, "the provider still works on it", || pending(&[], false)),
    (130, "interrupted at the question", || {
        at_the_question(Signal::Interrupt).1
    }),
    (143, "terminated at the question", || {
        at_the_question(Signal::Terminate).1
    }),
];

type Pair = (u8, u8, &'static str, fn() -> Transcript);

/// Pairs that meet: what both hold, and the one that is told.
const PAIRS: [Pair; 13] = [
    (9, 8, "one done, one in doubt, one not started", || {
        let nth = number_of_write(1);
        let simulated = simulated();
        gone_from(&simulated, nth);
        apply(&simulated, &["--patience", "0s"])
    }),
    (8, 5, "one done, one refused, one protected", || {
        let simulated = guarded();
        // Two were made before.
        refusing(&simulated, Rule::nth(POST, 2), 400);
        apply(&simulated, &SHARE)
    }),
    (8, 1, "one done, one refused", || {
        let simulated = simulated();
        refusing(&simulated, Rule::nth(POST, 1), 400);
        apply(&simulated, &[])
    }),
    (8, 10, "one taken, one refused", || pending(&[], true)),
    (
        6,
        7,
        "another plan was expected, of a ledger that is held",
        || {
            let simulated = simulated();
            simulated.apply();
            simulated.file(&hosts("\"d\""));
            assert_eq!(simulated.call(&["plan", "--out", "p.json"]).status, Some(0));
            let _lock = held(&simulated);
            simulated.call(&["apply", "p.json", "--expect", OTHER])
        },
    ),
    (
        6,
        4,
        "another plan was expected, of a login that is refused",
        || {
            let simulated = saved();
            refusing(&simulated, Rule::every("POST /token"), 401);
            simulated.call(&["apply", "p.json", "--expect", OTHER])
        },
    ),
    (6, 5, "what is live changed, and one is protected", || {
        let simulated = guarded();
        let plan = ["plan", "--out", "p.json", SHARE[0], SHARE[1]];
        assert_eq!(simulated.call(&plan).status, Some(0));
        let moved = |seed: Seed| seed.record("example.com", "h2", ("A", "192.0.2.1"));
        simulated.server.edit(moved).expect("in memory");
        simulated.call(&["apply", "p.json"])
    }),
    (
        7,
        4,
        "a ledger that is held, of a login that is refused",
        || {
            let simulated = simulated();
            simulated.apply();
            let _lock = held(&simulated);
            refusing(&simulated, Rule::every("POST /token"), 401);
            apply(&simulated, &[])
        },
    ),
    (
        4,
        1,
        "one login is refused, another one's API says no",
        || {
            let (refused, other) = (simulated(), simulated());
            refusing(&refused, Rule::every("POST /token"), 401);
            refusing(&other, Rule::every("GET /api/Zone"), 400);
            let first = other.account().replace("[account.main]", "[account.aaa]");
            let zone = format!(
                "[domain.\"example.com\"]\naccount = \"main\"\n{}",
                hosts("\"a\"")
            );
            refused.scenario.file(
                "bailiwick.toml",
                &format!("{first}{}{zone}", refused.account()),
            );
            apply(&refused, &[])
        },
    ),
    (5, 1, "one protected, all others refused", || {
        let simulated = guarded();
        refusing(&simulated, Rule::every(POST), 400);
        apply(&simulated, &SHARE)
    }),
    (5, 0, "one protected, the others done", || {
        apply(&guarded(), &SHARE)
    }),
    (1, 2, "changes, and a zone that cannot be read", || {
        let simulated = simulated();
        let org = hosts("\"a\"").replace("example.com", "example.org");
        simulated.file(&format!("{}{org}", hosts("\"a\"")));
        refusing(&simulated, Rule::nth("GET /api/Zone/*/Record", 1), 400);
        simulated.call(&["plan", "--detailed-exitcode"])
    }),
    (
        0,
        10,
        "the provider still works on it, and that is fine",
        || pending(&["--pending-ok"], false),
    ),
];

fn run_all<T: Sync>(all: &[T], run: impl Fn(&T) + Sync) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|threads| {
        for _ in 0..6 {
            threads.spawn(|| {
                while let Some(one) =
                    all.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
                {
                    run(one);
                }
            });
        }
    });
}

#[test]
fn a3_every_code_is_reached() {
    run_all(&CODES, |(code, what, story)| {
        let told = story();
        assert_eq!(told.status, Some((*code).into()), "{what}: {told:?}");
    });
    let reached: BTreeSet<u8> = CODES.iter().map(|story| story.0).collect();
    let table = Exit::PRECEDENCE.iter().map(|exit| exit.code()).collect();
    assert_eq!(reached, table);
}

#[test]
fn a3_of_two_that_hold_the_first_of_the_order_is_told() {
    run_all(&PAIRS, |(first, second, what, story)| {
        let told = story();
        assert_eq!(
            told.status,
            Some((*first).into()),
            "{first} before {second}, {what}: {told:?}"
        );
    });
}
