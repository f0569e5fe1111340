//! G4: a run whose lease another took over while it was stopped sends not one more request.

use super::support::{Does, Story, create, plan};
use bailiwick::apply::Env;
use bailiwick::ledger::{LedgerKey, Objects, Root};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore as _, PutOptions};
use std::sync::Arc;
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn g4_a_holder_that_was_stopped_while_another_took_over_writes_nothing_more() {
    let story = Story::new(|_, _| Does::Takes);
    let key = LedgerKey {
        provider: "namebay".into(),
        endpoint: "api.namebay.com".into(),
        user: "X".into(),
    };
    let bucket = Arc::new(InMemory::new());
    let now = || "2026-08-01T12:00:00Z".parse().unwrap();
    let root = Root::Objects(Objects::in_memory(Arc::clone(&bucket), Arc::new(now)));
    let journal = super::support::recorder_in(&story, root.store(&key), &key);
    let env = Env::new(Arc::new(now)).with(&story.account, story.fake.clone(), journal);
    let stopped = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(250)).await;
        // While it stands still, another takes the lease, and the clock goes on.
        let at = Path::parse(format!("{}/lock.json", key.folder_name())).unwrap();
        let other = serde_json::json!({"token": "another", "seconds": 60}).to_string();
        let put = bucket.put_opts(&at, other.into(), PutOptions::default());
        put.await.unwrap();
        tokio::time::advance(Duration::from_secs(90)).await;
    });
    let approved = story.approved(plan((1..=50).map(|id| create(id, &[])).collect()));
    let report = bailiwick::apply::run(approved, env, &mut |_| {}).await;
    stopped.await.unwrap();
    // Those that had begun before it was stopped, though all 50 stood in the journal.
    let sent = story.world().writes.len();
    assert_eq!(sent, 3);
    let found = report.findings.iter();
    assert!(found.clone().any(|finding| finding.code == "ledger.write"
        && finding.message.contains("no longer the lock of this run")));
}
