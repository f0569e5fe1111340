//! The ledger in an object store in memory: conditions of its writes, and the lease on a paused clock.

use super::{account, begin, holder, key, opening, time};
use bailiwick::ledger::{
    Found, Holder, LedgerError, Objects, Put, Recorder, Root, RunId, Standing, Store, establish,
    lock, open,
};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore as _, ObjectStoreExt as _, PutOptions};
use std::sync::Arc;
use std::time::Duration;

fn root(bucket: &Arc<InMemory>) -> Root {
    Root::Objects(Objects::in_memory(
        Arc::clone(bucket),
        Arc::new(|| "2026-08-01T12:00:00Z".parse().unwrap()),
    ))
}

fn store(bucket: &Arc<InMemory>) -> Box<dyn Store> {
    root(bucket).store(&key())
}

fn other() -> Holder {
    Holder {
        host: "elsewhere".into(),
        pid: 1,
        ..holder()
    }
}

/// Puts a lease there that another left: it lasts so many seconds.
async fn left(bucket: &InMemory, seconds: u64) {
    let text =
        serde_json::json!({"holder": other(), "token": "another", "beat": 1, "seconds": seconds});
    let at = Path::parse(format!("{}/lock.json", key().folder_name())).unwrap();
    let put = bucket.put_opts(&at, text.to_string().into(), PutOptions::default());
    put.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_run_leaves_a_document_and_no_journal_and_lets_the_lease_go() {
    let (bucket, account, key) = (Arc::new(InMemory::new()), account(), key());
    let made = establish(&*store(&bucket), &opening(&account, &key)).unwrap();
    assert_eq!(made.standing, Standing::Free);
    let locked = lock(store(&bucket), &opening(&account, &key), &holder()).unwrap();
    let seen = open(&*store(&bucket), &opening(&account, &key)).unwrap();
    assert_eq!(seen.standing, Standing::HeldBy(holder()));
    let recorder = Recorder::begin(locked, begin()).unwrap();
    recorder.finish().unwrap();
    let after = open(&*store(&bucket), &opening(&account, &key)).unwrap();
    assert_eq!((after.standing, after.found), (Standing::Free, Found::Here));
    assert_eq!(after.ledger.first_file.as_deref(), Some("bailiwick.toml"));
    assert_eq!(after.ledger.id, made.ledger.id);
    lock(store(&bucket), &opening(&account, &key), &other()).unwrap();
}

#[tokio::test(start_paused = true)]
async fn g3_a_lease_that_lasts_is_refused_and_one_that_ran_out_is_taken_over() {
    let (bucket, account, key) = (Arc::new(InMemory::new()), account(), key());
    left(&bucket, 60).await;
    let refused = lock(store(&bucket), &opening(&account, &key), &holder()).unwrap_err();
    assert!(matches!(refused, LedgerError::Held(by) if *by == other()));
    assert!(store(&bucket).release().is_err());
    left(&bucket, 0).await;
    let taken = lock(store(&bucket), &opening(&account, &key), &holder()).unwrap();
    assert_eq!(taken.taken_from(), Some(&other()));
    drop(taken);
    left(&bucket, 0).await;
    assert_eq!(store(&bucket).release().unwrap(), Some(other()));
    assert_eq!(store(&bucket).release().unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn heartbeats_keep_a_lease_and_without_them_it_is_not_relied_on() {
    let bucket = Arc::new(InMemory::new());
    let lease = store(&bucket).lock(&holder()).unwrap();
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    lease.check().unwrap();
    // The process is stopped: the clock goes on, and no heartbeat was sent.
    tokio::time::advance(Duration::from_secs(41)).await;
    left(&bucket, 60).await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert!(matches!(lease.check(), Err(LedgerError::Lost { .. })));
    // What another holds is not let go.
    drop(lease);
    assert_eq!(
        store(&bucket).standing().unwrap(),
        Standing::HeldBy(other())
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_is_written_over_what_a_successor_wrote() {
    let bucket = Arc::new(InMemory::new());
    let (first, second) = (store(&bucket), store(&bucket));
    assert_eq!(first.document().unwrap(), None);
    assert_eq!(second.put_first_document(b"2").unwrap(), Put::Written);
    assert_eq!(first.put_first_document(b"1").unwrap(), Put::Exists);
    assert!(matches!(
        first.put_document(b"1"),
        Err(LedgerError::Lost { .. })
    ));
    assert_eq!(first.document().unwrap(), Some(b"2".to_vec()));
    first.put_document(b"3").unwrap();
    assert!(second.put_document(b"4").is_err());
    let run = RunId::new(time(1), 7);
    assert_eq!(first.put_segment(&run, 1, b"a").unwrap(), Put::Written);
    assert_eq!(second.put_segment(&run, 1, b"b").unwrap(), Put::Exists);
    assert_eq!(second.segment(&run, 1).unwrap(), Some(b"a".to_vec()));
    assert_eq!(second.segments().unwrap(), [(run.clone(), 1)]);
    second.remove_run(&run).unwrap();
    assert!(second.segments().unwrap().is_empty() && second.used().unwrap());
    first.cache("x", b"c").unwrap();
    assert_eq!(second.cached("x"), Some(b"c".to_vec()));
    let at = Path::parse(format!("{}/ledger.json", key().folder_name())).unwrap();
    let there = bucket.get(&at).await.unwrap();
    assert_eq!(there.bytes().await.unwrap(), "3");
}
