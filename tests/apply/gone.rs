//! D10 with the real provider and client over a scripted transport, on the virtual clock: what is on the wire is
//! counted, retries included.

use super::support::{Story, create, now, plan, value, zone};
use bailiwick::apply::{self, Env, Report};
use bailiwick::cli::exit::{Exit, PendingIs, of_report};
use bailiwick::http::script::{Reply, Script, Sent};
use bailiwick::http::{Endpoint, Link, Method, Reason, Retry, SendError, Wire};
use bailiwick::model::{Attrs, Part, Secret, Unit};
use bailiwick::provider::namebay::{Credentials, Hosts, Login, Namebay};
use serde_json::{Value as Json, json};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

const OUTAGE: Duration = Duration::from_secs(600);
pub(super) const TOKEN: &str =
    r#"{"access_token": "t", "token_type": "bearer", "expires_in": 1209599}"#;

/// A zone at a server that is gone for ten minutes after so many writes.
#[derive(Default)]
struct Server {
    records: Vec<Json>,
    writes: usize,
    gone: Option<Instant>,
}

/// What becomes of the write that the outage begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    Taken,
    Lost,
}

impl Server {
    fn answer(&mut self, sent: &Sent, after: usize, first: First) -> Reply {
        if sent.host == "auth.namebay.com" {
            return Reply::answer(200, TOKEN);
        }
        let writes = sent.method != Method::Get;
        self.writes += usize::from(writes);
        let begins = writes && self.gone.is_none() && self.writes > after;
        if begins {
            self.gone = Some(Instant::now());
        }
        let gone = self.gone.is_some_and(|since| since.elapsed() < OUTAGE);
        let mut made = None;
        if writes && (!gone || (begins && first == First::Taken)) {
            let mut record: Json = serde_json::from_str(&sent.body).unwrap();
            record["Id"] = json!(self.records.len() + 1);
            self.records.push(record.clone());
            made = Some(record);
        }
        if gone {
            let pause = Duration::from_secs(30);
            let lost = SendError::OutcomeUnknown(Reason::Timeout(pause));
            return Reply::After(pause, Box::new(Reply::Fail(lost)));
        }
        let body = match made {
            Some(record) => record.to_string(),
            None if is_probe(sent) => "[]".to_owned(),
            // What was read over a minute ago is read again once the server is back.
            None if sent.target.starts_with("/api/Zone?") => {
                r#"[{"Handle": "Z1", "Name": "example.com"}]"#.to_owned()
            }
            None => Json::from(self.records.clone()).to_string(),
        };
        Reply::After(
            Duration::from_millis(50),
            Box::new(Reply::answer(200, &body)),
        )
    }
}

struct Ended {
    report: Report,
    server: Arc<Mutex<Server>>,
    sent: Vec<Sent>,
}

/// A story in which the real provider writes.
pub(super) fn real(link: Link) -> (Story, Namebay) {
    let hosts = Hosts {
        api: Endpoint::parse("https://rest.namebay.com").unwrap(),
        auth: Endpoint::parse("https://auth.namebay.com").unwrap(),
    };
    let credentials = Credentials {
        username: Secret::new("AA111111".to_owned()),
        password: Secret::new("Example#2025a".to_owned()),
    };
    let login = Arc::new(Login::new(link, hosts, credentials));
    let story = Story::new(|_, _| unreachable!("the real provider writes"));
    // The zone is there, so that its handle is known.
    let there = Unit::new(zone(), Part::new(""));
    story.world().live.insert(there, Attrs::none());
    let provider = Namebay::new(login, story.account.clone(), "AA111111".to_owned());
    (story, provider)
}

async fn gone(after: usize, first: First, patience: Duration) -> Ended {
    let server: Arc<Mutex<Server>> = Arc::default();
    let script = {
        let server = Arc::clone(&server);
        Arc::new(Script::new(move |sent| {
            server.lock().unwrap().answer(sent, after, first)
        }))
    };
    let wire = Wire::new(script.clone(), NonZeroUsize::new(8).unwrap());
    let link = Link::new(wire, Login::terms(None, Retry::default()));
    let (story, provider) = real(link);
    let mut env =
        Env::new(Arc::new(now)).with(&story.account, Arc::new(provider), story.recorder());
    env.patience = patience;
    let mut steps: Vec<_> = (1..=200).map(|id| create(id, &[])).collect();
    for step in &mut steps {
        // Each its own value, so that none is taken for another.
        let text = format!("192.0.2.{}", step.id.0 % 250);
        step.part = Part::new(&text);
        debug_assert_eq!(value(&text).text("data"), Some(&*text));
    }
    let approved = story.approved(plan(steps));
    let report = apply::run(approved, env, &mut |_| {}).await;
    Ended {
        report,
        server,
        sent: script.sent(),
    }
}

fn is_probe(sent: &Sent) -> bool {
    sent.target.contains("probe.invalid")
}

#[tokio::test(start_paused = true)]
async fn d10_ten_minutes_without_the_api_cost_four_attempts_and_probes_and_the_run_goes_on() {
    for after in [0, 1, 2, 17, 64, 65, 128, 150, 198, 199] {
        for first in [First::Taken, First::Lost] {
            let ended = gone(after, first, Duration::from_secs(1800)).await;
            let what = format!("after {after}, {first:?}");
            let exit = of_report(&ended.report, PendingIs::Told, None);
            assert_eq!(exit, Exit::Done, "{what}: {:?}", ended.report.tally());
            let server = ended.server.lock().unwrap();
            assert_eq!(server.records.len(), 200, "{what}: each once");
            let since = server.gone.unwrap();
            let of_api = ended
                .sent
                .iter()
                .filter(|sent| sent.host == "rest.namebay.com");
            let (during, later): (Vec<&Sent>, Vec<&Sent>) = of_api
                .filter(|sent| sent.at >= since)
                .partition(|sent| sent.at < since + OUTAGE);
            let (probes, attempts): (Vec<&Sent>, Vec<&Sent>) =
                during.into_iter().partition(|sent| is_probe(sent));
            // One zone has one write in flight.
            assert!(
                attempts.len() <= 1 + 4,
                "{what}: {} attempts",
                attempts.len()
            );
            let writes = attempts.iter().filter(|sent| sent.method != Method::Get);
            assert_eq!(writes.count(), 1, "{what}");
            assert!((1..=40).contains(&probes.len()), "{what}: {}", probes.len());
            // The doubt is looked up before anything is written.
            let mut later = later.into_iter().filter(|sent| !is_probe(sent));
            let looked = later.next().expect("a look");
            assert_eq!(looked.method, Method::Get, "{what}");
            let sent = ended.sent.iter().filter(|sent| sent.method == Method::Post);
            let posts = sent.filter(|sent| sent.host == "rest.namebay.com").count();
            assert_eq!(posts, 200 + usize::from(first == First::Lost), "{what}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn d10_beyond_patience_the_doubt_is_told_and_nothing_more_is_sent() {
    let ended = gone(60, First::Taken, Duration::from_secs(300)).await;
    let tally = ended.report.tally();
    assert_eq!(
        (tally.created, tally.unknown, tally.not_started),
        (60, 1, 139)
    );
    let exit = of_report(&ended.report, PendingIs::Told, None);
    assert_eq!(exit, Exit::Unknown);
    let posts = ended
        .sent
        .iter()
        .filter(|sent| sent.method == Method::Post && sent.host == "rest.namebay.com");
    assert_eq!(posts.count(), 61);
}
