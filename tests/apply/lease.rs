//! G4: a run whose lease another took over while it was stopped sends not one more request, wherever it stood.

use super::gone::{TOKEN, real};
use super::support::{Does, Story, create, plan, recorder_in, zone};
use bailiwick::apply::{self, Ending, Env};
use bailiwick::http::script::{Reply, Script};
use bailiwick::http::{Link, Method, Rate, Response, Retry, Wire};
use bailiwick::ledger::{LedgerKey, Objects, Root, StepId};
use bailiwick::model::{Attrs, Part, Unit};
use bailiwick::provider::namebay::Login;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore as _, PutOptions};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;

fn key() -> LedgerKey {
    LedgerKey {
        provider: "namebay".into(),
        endpoint: "api.namebay.com".into(),
        user: "X".into(),
    }
}

fn now() -> bailiwick::model::Time {
    "2026-08-01T12:00:00Z".parse().unwrap()
}

fn root(bucket: &Arc<InMemory>) -> Root {
    Root::Objects(Objects::in_memory(Arc::clone(bucket), Arc::new(now)))
}

/// Stands still after a while, for 90 s; another takes the lease meanwhile. Tells when it stopped.
async fn stop_after(running: Duration, bucket: Arc<InMemory>) -> Instant {
    tokio::time::sleep(running).await;
    let stopped = Instant::now();
    let at = Path::parse(format!("{}/lock.json", key().folder_name())).unwrap();
    let other = serde_json::json!({"token": "another", "seconds": 60}).to_string();
    let put = bucket.put_opts(&at, other.into(), PutOptions::default());
    put.await.unwrap();
    tokio::time::advance(Duration::from_secs(90)).await;
    stopped
}

#[tokio::test(start_paused = true)]
async fn g4_a_holder_that_was_stopped_while_another_took_over_writes_nothing_more() {
    let story = Story::new(|_, _| Does::Takes);
    // What was read over a minute ago is read again, so that it has to be there.
    let there = Unit::new(zone(), Part::new(""));
    story.world().live.insert(there, Attrs::none());
    let bucket = Arc::new(InMemory::new());
    let journal = recorder_in(&story, root(&bucket).store(&key()), &key());
    let env =
        Env::new(Arc::new(super::support::now)).with(&story.account, story.fake.clone(), journal);
    let stopped = tokio::spawn(stop_after(Duration::from_millis(250), bucket));
    let approved = story.approved(plan((1..=50).map(|id| create(id, &[])).collect()));
    let report = apply::run(approved, env, &mut |_| {}).await;
    stopped.await.unwrap();
    // Those that had begun before it was stopped, though all 50 stood in the journal.
    let sent = story.world().writes.len();
    assert_eq!(sent, 3);
    let found = report.findings.iter();
    assert!(found.clone().any(|finding| finding.code == "ledger.write"
        && finding.message.contains("no longer the lock of this run")));
}

/// What a request that was asked for waits for when the process stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WaitsFor {
    Pace,
    NextAttempt,
}

#[tokio::test(start_paused = true)]
async fn g4_a_request_that_waits_in_the_client_is_not_sent_after_the_stop() {
    for waits in [WaitsFor::Pace, WaitsFor::NextAttempt] {
        let writes = AtomicUsize::new(0);
        let script = Arc::new(Script::new(move |sent| {
            if sent.host == "auth.namebay.com" {
                return Reply::answer(200, TOKEN);
            }
            if sent.method == Method::Get {
                // What was read over a minute ago is read again.
                let zones = sent.target.starts_with("/api/Zone?");
                let list = r#"[{"Handle": "Z1", "Name": "example.com"}]"#;
                return Reply::answer(200, if zones { list } else { "[]" });
            }
            let number = writes.fetch_add(1, Ordering::Relaxed);
            if waits == WaitsFor::NextAttempt && number >= 2 {
                return Reply::Answer(Response::new(429, "").header("retry-after", "20"));
            }
            let mut record: serde_json::Value = serde_json::from_str(&sent.body).unwrap();
            record["Id"] = serde_json::json!(number + 1);
            Reply::answer(200, &record.to_string())
        }));
        let rate: Option<Rate> = match waits {
            WaitsFor::Pace => Some("1/1s".parse().unwrap()),
            WaitsFor::NextAttempt => None,
        };
        let wire = Wire::new(script.clone(), NonZeroUsize::new(8).unwrap());
        let link = Link::new(wire.clone(), Login::terms(rate, Retry::default()));
        let (story, provider) = real(link);
        let bucket = Arc::new(InMemory::new());
        let journal = recorder_in(&story, root(&bucket).store(&key()), &key());
        let leave = journal.leave();
        wire.writes_need(Arc::new(move || {
            leave().map_err(|error| error.to_string().into())
        }));
        let env = Env::new(Arc::new(super::support::now)).with(
            &story.account,
            Arc::new(provider),
            journal,
        );
        let stopped = tokio::spawn(stop_after(Duration::from_millis(1_500), bucket));
        let approved = story.approved(plan((1..=20).map(|id| create(id, &[])).collect()));
        let report = apply::run(approved, env, &mut |_| {}).await;
        let stopped = stopped.await.unwrap();
        let sent = script.sent();
        let of_api = sent.iter().filter(|sent| sent.host == "rest.namebay.com");
        let writes: Vec<_> = of_api.filter(|sent| sent.method != Method::Get).collect();
        assert!(writes.len() >= 2, "{waits:?}");
        assert!(writes.iter().all(|sent| sent.at <= stopped), "{waits:?}");
        let row = report.rows.iter().find(|row| row.step.id == StepId(3));
        let Ending::Failed(reason) = &row.unwrap().ending else {
            panic!("{waits:?}: {row:?}")
        };
        assert_eq!(&*reason.code, "net.withdrawn");
        let why = "no longer the lock of this run";
        assert!(reason.text.contains(why), "{reason:?}");
        assert_eq!(report.tally().created, 2, "{waits:?}");
        let codes: Vec<_> = report.findings.iter().map(|found| found.code).collect();
        assert!(codes.contains(&"ledger.write"), "{codes:?}");
    }
}
