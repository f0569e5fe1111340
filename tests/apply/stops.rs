//! What stops a run: an interruption, `--fail-fast`, a journal that cannot be written. The report is whole.

use super::support::{Does, Story, apart, create, is, plan, sent, words};
use bailiwick::apply::{Ending, Interrupt, OnFailure};
use bailiwick::ledger::{Holder, Lease, LedgerError, Memory, Put, RunId, Standing, Store};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn codes(told: &super::support::Told) -> Vec<String> {
    let code = |ending: &Ending| match ending {
        Ending::Applied => "applied".to_owned(),
        Ending::Failed(reason) => format!("failed {}", reason.code),
        Ending::Skipped { because } => format!("skipped {}", because.0),
        Ending::Unknown(reason) => format!("unknown {}", reason.code),
        Ending::Pending => "pending".to_owned(),
        Ending::NotStarted(reason) => format!("not started {}", reason.code),
    };
    told.report
        .rows
        .iter()
        .map(|row| code(&row.ending))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn after_an_interruption_what_is_being_sent_may_end() {
    let story = Story::new(|_, _| Does::Takes);
    let mut env = story.env();
    let (interrupter, interrupt) = Interrupt::new();
    env.interrupt = interrupt;
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(250)).await;
        interrupter.interrupt();
    });
    let told = story
        .run_in(env, plan((1..=5).map(|id| create(id, &[])).collect()))
        .await;
    assert_eq!(
        codes(&told),
        [
            "applied",
            "applied",
            "applied",
            "not started interrupted",
            "not started interrupted"
        ]
    );
    assert!(told.report.interrupted);
    assert!(words(&told.events).contains(&"interrupted".to_owned()));
    let ledger = story.ledger();
    assert_eq!(ledger.entries.len(), 3);
    assert!(
        ledger.open.is_empty(),
        "what stood in the journal and was not sent is settled"
    );
    assert!(ledger.running.is_none());
}

async fn interrupted(times: u32) -> (super::support::Told, Duration) {
    // An answer that takes a minute.
    let story = Story::new(|_, _| Does::Takes).slow(Duration::from_secs(60));
    let mut env = story.env();
    let (interrupter, interrupt) = Interrupt::new();
    env.interrupt = interrupt;
    tokio::spawn(async move {
        for _ in 0..times {
            tokio::time::sleep(Duration::from_secs(1)).await;
            interrupter.interrupt();
        }
    });
    let began = tokio::time::Instant::now();
    let told = story
        .run_in(env, plan(vec![create(1, &[]), create(2, &[])]))
        .await;
    let open = story.ledger().open;
    assert_eq!(open.len(), 1, "the next read settles it");
    (told, began.elapsed())
}

#[tokio::test(start_paused = true)]
async fn what_does_not_end_in_five_seconds_is_unknown() {
    let (told, took) = interrupted(1).await;
    assert_eq!(
        codes(&told),
        ["unknown interrupted", "not started interrupted"]
    );
    assert_eq!(took, Duration::from_secs(6));
}

#[tokio::test(start_paused = true)]
async fn a_second_interruption_ends_at_once() {
    let (told, took) = interrupted(2).await;
    assert_eq!(
        codes(&told),
        ["unknown interrupted", "not started interrupted"]
    );
    assert_eq!(took, Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn fail_fast_starts_nothing_after_a_failure() {
    let story = Story::new(|write, _| {
        if is(write, 2) {
            Does::Refuses
        } else {
            Does::Takes
        }
    });
    let mut env = story.env();
    env.on_failure = OnFailure::Stop;
    let steps = vec![
        create(1, &[]),
        create(2, &[]),
        create(3, &[2]),
        create(4, &[]),
    ];
    let told = story.run_in(env, plan(steps)).await;
    assert_eq!(
        codes(&told),
        [
            "applied",
            "failed 707",
            "skipped 2",
            "not started fail-fast"
        ]
    );
    assert!(story.ledger().open.is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_account_that_was_not_given_is_told_and_the_rest_runs() {
    let story = Story::new(|_, _| Does::Takes);
    let mut stranger = create(1, &[]);
    stranger.address.account = bailiwick::model::Account::new("other");
    let told = story
        .run(vec![stranger, create(2, &[1]), create(3, &[])])
        .await;
    assert_eq!(
        codes(&told),
        ["not started account.missing", "skipped 1", "applied"]
    );
}

/// A store that counts segments and, after some, has no room for more.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    inner: Memory,
    written: Arc<AtomicUsize>,
    room: usize,
}

impl Counted {
    pub(super) fn new(inner: Memory) -> Self {
        Self {
            inner,
            written: Arc::default(),
            room: usize::MAX,
        }
    }

    fn with_room(inner: Memory, room: usize) -> Self {
        Self {
            room,
            ..Self::new(inner)
        }
    }

    pub(super) fn segments(&self) -> usize {
        self.written.load(Ordering::Relaxed)
    }
}

impl Store for Counted {
    fn name(&self, item: &str) -> String {
        self.inner.name(item)
    }
    fn used(&self) -> Result<bool, LedgerError> {
        self.inner.used()
    }
    fn document(&self) -> Result<Option<Vec<u8>>, LedgerError> {
        self.inner.document()
    }
    fn put_document(&self, bytes: &[u8]) -> Result<(), LedgerError> {
        self.inner.put_document(bytes)
    }
    fn put_first_document(&self, bytes: &[u8]) -> Result<Put, LedgerError> {
        self.inner.put_first_document(bytes)
    }
    fn segments(&self) -> Result<Vec<(RunId, u32)>, LedgerError> {
        self.inner.segments()
    }
    fn segment(&self, run: &RunId, number: u32) -> Result<Option<Vec<u8>>, LedgerError> {
        self.inner.segment(run, number)
    }
    fn put_segment(&self, run: &RunId, number: u32, bytes: &[u8]) -> Result<Put, LedgerError> {
        if self.written.fetch_add(1, Ordering::Relaxed) >= self.room {
            return Err(LedgerError::Io {
                name: self.name("journal"),
                verb: "write",
                source: std::io::Error::from(std::io::ErrorKind::StorageFull),
            });
        }
        self.inner.put_segment(run, number, bytes)
    }
    fn remove_run(&self, run: &RunId) -> Result<(), LedgerError> {
        self.inner.remove_run(run)
    }
    fn standing(&self) -> Result<Standing, LedgerError> {
        self.inner.standing()
    }
    fn lock(&self, holder: &Holder) -> Result<Box<dyn Lease>, LedgerError> {
        self.inner.lock(holder)
    }
    fn cached(&self, name: &str) -> Option<Vec<u8>> {
        self.inner.cached(name)
    }
    fn cache(&self, name: &str, bytes: &[u8]) -> Result<(), LedgerError> {
        self.inner.cache(name, bytes)
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_that_is_not_in_the_journal() {
    for room in 0..4 {
        let story = Story::new(|_, _| Does::Takes);
        let counted = Counted::with_room(story.store.clone(), room);
        let mut env = story.env();
        drop(env.journals.remove(&story.account));
        let recorder = story.recorder_over(Box::new(counted));
        env.journals.insert(story.account.clone(), recorder);
        let steps = (1..=300).map(|id| apart(id, &[])).collect();
        let told = story.run_in(env, plan(steps)).await;
        let found: Vec<&str> = told
            .report
            .findings
            .iter()
            .map(|found| found.code)
            .collect();
        assert_eq!(found, ["ledger.write"]);
        let applied = codes(&told)
            .iter()
            .filter(|code| *code == "applied")
            .count();
        assert_eq!(sent(&story).len(), applied);
        let rest = codes(&told)
            .iter()
            .filter(|code| *code == "not started ledger.write")
            .count();
        assert_eq!(applied + rest, 300);
        assert_eq!(
            applied > 0,
            room > 1,
            "the first segment says what was approved"
        );
    }
}
