//! F2, H1 and H2 of the notifier, against a receiver on a real socket.

use super::drift::{compared, everything};
use crate::support::simulated::{Simulated, USER, moment};
use bailiwick::ledger::{
    self, Begin, Folder, Holder, LedgerKey, Opening, Record, Recorder, StepId,
};
use bailiwick::model::{
    Account, Action, Address, Attrs, Kind, On, Outcome, Part, Pending, Unit, Value, Write,
};
use bailiwick::sandbox::{Dialect, Effect, Fault, Rule, Seed};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

const KEY: &str = "hook-key-canary-5531";
const PATH: &str = "/hook-url-canary-9077?sig=hook-url-canary-9077";

/// A webhook's other end. It answers each request with the next status, else with 200.
struct Receiver {
    address: String,
    got: Arc<Mutex<Vec<Got>>>,
    statuses: Arc<Mutex<Vec<u16>>>,
}

/// A request that it got.
#[derive(Debug, Clone)]
struct Got {
    line: String,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Got {
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

impl Receiver {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}{PATH}", listener.local_addr().unwrap());
        let (got, statuses) = (Arc::default(), Arc::default());
        let receiver = Self {
            address,
            got: Arc::clone(&got),
            statuses: Arc::clone(&statuses),
        };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                got.lock().unwrap().push(read(&mut reader));
                let mut left = statuses.lock().unwrap();
                let status = if left.is_empty() { 200 } else { left.remove(0) };
                let answer = format!(
                    "HTTP/1.1 {status} X\r\nlocation: /elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                );
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        receiver
    }

    fn answers(&self, statuses: &[u16]) {
        *self.statuses.lock().unwrap() = statuses.to_vec();
    }

    /// What it got since the last call of this.
    fn take(&self) -> Vec<Got> {
        std::mem::take(&mut *self.got.lock().unwrap())
    }
}

fn read(reader: &mut impl BufRead) -> Got {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers["content-length"].parse().unwrap();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    Got {
        line: line.trim_end().to_owned(),
        headers,
        body: String::from_utf8(body).unwrap(),
    }
}

/// HMAC-SHA256 as RFC 2104 writes it.
fn hmac(key: &[u8], text: &[u8]) -> String {
    let padded = |with: u8| -> Vec<u8> {
        (0..64)
            .map(|at| key.get(at).copied().unwrap_or(0) ^ with)
            .collect()
    };
    let inner = Sha256::digest([padded(0x36), text.to_vec()].concat());
    let outer = Sha256::digest([padded(0x5c), inner.to_vec()].concat());
    outer.iter().map(|byte| format!("{byte:02x}")).collect()
}

const ZONE: &str = r#"
[domain."example.com".zone]
ttl = 3600
records = [
  { host = "www", type = "A", data = "192.0.2.1" },
  { host = "mail", type = "A", data = "192.0.2.2" },
]
"#;

fn file(notify: &str) -> String {
    format!(
        "[notify]\nwebhook = {{ env = \"HOOK_URL\" }}\nkey = {{ env = \"HOOK_KEY\" }}\n{notify}\n{ZONE}"
    )
}

fn scene(notify: &str) -> (Simulated, Receiver) {
    let seed = Seed::empty().user(USER).domain(USER, "example.com");
    let mut simulated = Simulated::new(seed.zone("example.com"), Dialect::default());
    let receiver = Receiver::start();
    simulated
        .scenario
        .variable("HOOK_URL", &receiver.address)
        .variable("HOOK_KEY", KEY);
    simulated.file(&file(notify));
    assert_eq!(simulated.apply().exit(), 0);
    assert_eq!(receiver.take().len(), 0, "nothing failed");
    (simulated, receiver)
}

fn outside(simulated: &Simulated, address: &str) {
    let edited = simulated.server.edit(|seed| {
        seed.without("example.com", "www", "A")
            .record("example.com", "www", ("A", address))
    });
    edited.expect("it is kept in memory");
}

const ON_CHANGE: &[&str] = &["--notify-on-change"];

#[test]
fn f2_it_speaks_once_per_change_and_when_all_is_well_again() {
    let (simulated, receiver) = scene("");
    assert_eq!(compared(&simulated, ON_CHANGE).told.status, Some(0));
    assert!(receiver.take().is_empty(), "nothing to tell");

    outside(&simulated, "198.51.100.7");
    let first = compared(&simulated, ON_CHANGE);
    assert_eq!(first.told.status, Some(2));
    assert_eq!(first.told.stderr, "");
    let [got]: [Got; 1] = receiver.take().try_into().unwrap();
    assert_eq!(got.line, format!("POST {PATH} HTTP/1.1"));
    assert_eq!(got.headers["content-type"], "application/json");
    assert_eq!(got.body, first.told.stdout, "the JSON of the drift");
    assert_eq!(
        got.headers["x-bailiwick-signature"],
        format!("sha256={}", hmac(KEY.as_bytes(), got.body.as_bytes()))
    );

    // The same drift, and runs that were not asked to notify, say nothing.
    assert_eq!(compared(&simulated, ON_CHANGE).told.status, Some(2));
    outside(&simulated, "198.51.100.8");
    assert_eq!(compared(&simulated, &[]).told.status, Some(2));
    assert!(receiver.take().is_empty());

    assert_eq!(compared(&simulated, ON_CHANGE).told.status, Some(2));
    let [got]: [Got; 1] = receiver.take().try_into().unwrap();
    assert_ne!(got.json()["fingerprint"], first.json["fingerprint"]);

    outside(&simulated, "192.0.2.1");
    assert_eq!(compared(&simulated, ON_CHANGE).told.status, Some(0));
    let [got]: [Got; 1] = receiver.take().try_into().unwrap();
    assert_eq!(got.json()["drift"], false);
    assert_eq!(compared(&simulated, ON_CHANGE).told.status, Some(0));
    assert!(receiver.take().is_empty());
}

#[test]
fn f2_what_did_not_arrive_is_told_as_a_finding_and_again_by_the_next_run() {
    let (simulated, receiver) = scene("");
    outside(&simulated, "198.51.100.7");
    receiver.answers(&[302]);
    let told = compared(&simulated, ON_CHANGE);
    assert_eq!(told.told.status, Some(2), "as without a notifier");
    let finding = &told.json["findings"][0];
    assert_eq!(
        (&finding["code"], &finding["severity"]),
        (&"notify.failed".into(), &"warning".into())
    );
    assert!(told.told.stderr.contains("not told"), "{:?}", told.told);
    let got = receiver.take();
    assert_eq!(got.len(), 1, "no redirect is followed: {got:?}");

    let human = simulated.call(&["drift", "--notify-on-change"]);
    assert_eq!(human.status, Some(0));
    assert_eq!(receiver.take().len(), 1);
    assert!(!human.stdout.contains("notify.failed"), "{human:?}");
}

#[test]
fn an_attempt_that_fails_is_repeated_by_the_real_program() {
    let (simulated, receiver) = scene("");
    outside(&simulated, "198.51.100.7");
    receiver.answers(&[500]);
    let told = simulated
        .scenario
        .run(&["drift", "--notify-on-change", "--detailed-exitcode"]);
    assert_eq!(told.status, Some(2), "{told:?}");
    let got = receiver.take();
    assert_eq!(got.len(), 2);
    assert_eq!(got[0].body, got[1].body);
}

#[test]
fn the_cache_alone_is_written() {
    let (simulated, _receiver) = scene("");
    outside(&simulated, "198.51.100.7");
    let before = everything(&simulated);
    simulated.log().clear();
    compared(&simulated, ON_CHANGE);
    assert!(super::drift::only_reads(&simulated));
    let changed: Vec<String> = everything(&simulated)
        .into_iter()
        .filter(|(name, bytes)| before.get(name) != Some(bytes))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert!(changed[0].ends_with("cache/notified.json"), "{changed:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&changed[0]).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn only_what_is_asked_for_is_told() {
    let (simulated, receiver) = scene("on = [\"recovered\"]");
    outside(&simulated, "198.51.100.7");
    compared(&simulated, ON_CHANGE);
    assert!(receiver.take().is_empty());
    outside(&simulated, "192.0.2.1");
    compared(&simulated, ON_CHANGE);
    assert_eq!(receiver.take().len(), 1);
}

#[test]
fn chats_get_a_message_of_their_own() {
    for (form, member) in [("slack", "blocks"), ("teams", "attachments")] {
        let (simulated, receiver) = scene(&format!("form = \"{form}\""));
        outside(&simulated, "198.51.100.7");
        compared(&simulated, ON_CHANGE);
        let [got]: [Got; 1] = receiver.take().try_into().unwrap();
        assert!(got.json()[member].is_array(), "{}", got.body);
        assert!(
            got.body.contains("drift record.example.com/www/A: data"),
            "{}",
            got.body
        );
    }
}

#[test]
fn an_apply_tells_that_it_failed() {
    let (simulated, receiver) = scene("");
    simulated.file(&file("").replace("192.0.2.2", "192.0.2.22"));
    let refused = Effect::Status {
        status: 400,
        body: r#"{"Errors":[{"Code":710,"Message":"no"}]}"#.to_owned(),
        media: "application/json".to_owned(),
    };
    for rule in ["POST /api/Zone/*/Record", "PUT /api/Zone/*/Record/*"] {
        simulated
            .server
            .add_fault(Fault::new(Rule::every(rule), refused.clone()));
    }
    let failed = simulated.apply();
    assert_ne!(failed.exit(), 0);
    let [got]: [Got; 1] = receiver.take().try_into().unwrap();
    assert_eq!(got.body, failed.told.stdout, "the JSON of the report");

    // Told or not, it ends alike.
    receiver.answers(&[404]);
    let untold = simulated.apply();
    assert_eq!(untold.exit(), failed.exit());
    let findings = untold.json["findings"].as_array().unwrap();
    assert!(
        findings
            .iter()
            .any(|finding| finding["code"] == "notify.failed")
    );
    assert!(untold.told.stderr.contains("not told"), "{:?}", untold.told);
}

#[test]
fn an_apply_that_cannot_even_read_tells_it() {
    let (simulated, receiver) = scene("[http]\nattempts = 1");
    let fault = Fault::new(Rule::every("GET /api/Zone"), Fault::html(502));
    simulated.server.add_fault(fault);
    let told = simulated.call(&["apply", "--yes", "--format", "json"]);
    assert_eq!(told.status, Some(1), "{told:?}");
    let [got]: [Got; 1] = receiver.take().try_into().unwrap();
    let said: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(got.json(), said);
}

/// A write of a record that is live is noted as pending, as if an earlier run had left it.
fn left_pending(simulated: &Simulated) {
    let account = Account::new("main");
    let key = LedgerKey {
        provider: "namebay".into(),
        endpoint: simulated
            .server
            .base_url
            .trim_start_matches("http://")
            .into(),
        user: USER.into(),
    };
    let root = simulated.scenario.folder().join(".bailiwick");
    let opening = Opening {
        account: &account,
        key: &key,
        fresh_id: "unused",
    };
    let holder = Holder {
        host: "here".into(),
        pid: 1,
        url: None,
        since: moment(0),
    };
    let store = Box::new(Folder::new(&root, &key));
    let locked = ledger::lock(store, &opening, &holder).unwrap();
    assert!(!locked.ledger().entries.is_empty(), "the ledger of the run");
    let begin = Begin {
        at: moment(0),
        pid: 1,
        first_file: "bailiwick.toml",
    };
    let zone = Address::of(&account, &"example.com".into(), Kind::Zone);
    let mut recorder = Recorder::begin(locked, begin).unwrap();
    let write = Write {
        unit: Unit::new(zone, Part::object()),
        action: Action::Create,
        before: Attrs::none(),
        after: Attrs::one("ttl", Value::text("3600")),
        handle: None,
        within: None,
        order: None,
    };
    let pending = Outcome::Pending(Pending {
        on: On::Provider,
        order: "17".into(),
        goal: "done".into(),
    });
    recorder
        .append(&[
            Record::Started {
                step: StepId(1),
                write,
                at: moment(0),
            },
            Record::Ended {
                step: StepId(1),
                outcome: pending,
            },
            Record::Closed { finished: true },
        ])
        .unwrap();
    recorder.finish().unwrap();
}

#[test]
fn an_apply_tells_once_that_what_was_pending_is_done() {
    let (simulated, receiver) = scene("");
    left_pending(&simulated);
    receiver.answers(&[404]);
    let untold = simulated.apply();
    assert_eq!(untold.exit(), 0, "{:?}", untold.told);
    assert_eq!(receiver.take().len(), 1);
    let told = simulated.apply();
    let [got]: [Got; 1] = receiver.take().try_into().unwrap();
    assert_eq!(got.body, told.told.stdout);
    let findings = got.json()["findings"].clone();
    let done = findings
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["code"] == "notify.pending-done");
    assert_eq!(done.expect("a finding")["address"], "zone.example.com");
    simulated.apply();
    assert!(receiver.take().is_empty(), "once");
}

#[test]
fn without_a_webhook_it_says_what_to_write_and_asks_nobody() {
    let (mut simulated, receiver) = scene("");
    simulated.log().clear();
    let exits = |simulated: &Simulated, words: &[&str]| {
        let told = simulated.call(&["drift", "--notify-on-change"]);
        assert_eq!(told.status, Some(3), "{told:?}");
        for word in words {
            assert!(told.stderr.contains(word), "{word}: {told:?}");
        }
        assert!(!told.stderr.contains("canary"), "{told:?}");
    };
    simulated.file(ZONE);
    exits(&simulated, &["[notify]", "HOOK_URL"]);
    simulated.file(&file("on = [\"failed\"]"));
    exits(&simulated, &["names nothing"]);
    simulated.file(&file(""));
    for (url, why) in [
        ("", "not set"),
        ("hook-url-canary", "https://host"),
        ("http://hook-url-canary.example/x", "https://"),
        ("https://me:hook-url-canary@hooks.example/x", "user name"),
    ] {
        simulated.scenario.variable("HOOK_URL", url);
        exits(&simulated, &[why, "webhook of [notify]"]);
    }
    assert!(simulated.log().entries().is_empty() && receiver.take().is_empty());
}

#[test]
fn an_apply_by_hand_needs_no_webhook() {
    let (mut simulated, receiver) = scene("");
    simulated.scenario.variable("HOOK_URL", "");
    simulated.file(&file("").replace("192.0.2.2", "192.0.2.22"));
    assert_eq!(simulated.apply().exit(), 0);
    assert!(receiver.take().is_empty());
}

#[test]
fn in_the_sandbox_nobody_is_notified_and_it_says_so() {
    let (simulated, receiver) = scene("");
    let told = simulated.call(&[
        "--sandbox",
        "drift",
        "--notify-on-change",
        "--format",
        "json",
    ]);
    assert_eq!(told.status, Some(0), "{told:?}");
    assert!(told.stdout.contains("notify.sandbox"), "{told:?}");
    assert!(told.stderr.contains("nobody is notified"), "{told:?}");
    assert!(receiver.take().is_empty());
}

#[test]
fn h1_neither_address_nor_key_is_found_in_any_output_or_file() {
    let (mut simulated, receiver) = scene("");
    let mut said = Vec::new();
    let mut run = |simulated: &Simulated, arguments: &[&str]| {
        let told = simulated.scenario.run(arguments);
        said.push(format!("{told:?}"));
    };
    outside(&simulated, "198.51.100.7");
    for statuses in [&[404][..], &[500, 200], &[]] {
        receiver.answers(statuses);
        for format in ["human", "json"] {
            let report = format!("json={format}.json");
            run(
                &simulated,
                &[
                    "--verbose",
                    "drift",
                    "--notify-on-change",
                    "--format",
                    format,
                    "--report",
                    &report,
                ],
            );
            run(
                &simulated,
                &["--verbose", "apply", "--yes", "--format", format],
            );
            outside(&simulated, "198.51.100.9");
        }
    }
    run(&simulated, &["validate"]);
    run(&simulated, &["show", "--resolved", "example.com"]);
    // Nobody listens there.
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    simulated
        .scenario
        .variable("HOOK_URL", &format!("http://{nobody}{PATH}"));
    run(&simulated, &["--verbose", "drift", "--notify-on-change"]);
    assert!(said.last().unwrap().contains("no connection"), "{said:?}");
    for (name, bytes) in everything(&simulated) {
        said.push(format!("{name} {}", String::from_utf8_lossy(&bytes)));
    }
    for text in &said {
        assert!(
            !text.contains("canary-5531") && !text.contains("canary-9077"),
            "{text}"
        );
        assert!(!text.contains(&nobody.to_string()), "{text}");
    }
}
