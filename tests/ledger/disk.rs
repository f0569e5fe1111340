//! Stories of a ledger in a folder: who may read it, who holds it, what a kill leaves, what is refused.

use super::settle::{create, done};
use super::{account, begin, holder, key, opening, time, www};
use bailiwick::ledger::{
    Folder, Found, Holder, Ledger, LedgerError, LedgerKey, Opened, Record, Recorder, Standing,
    StepId, Store, establish, fresh_id, last_seen, lock, open, remember, replayed,
};
use bailiwick::model::{LastSeen, Part, Unit};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A root of its own, removed at the end.
struct Root(PathBuf);

impl Root {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("ledger-{}-{count}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }

    fn store(&self) -> Folder {
        Folder::new(&self.0, &key())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(key().folder_name()).join(name)
    }

    fn open(&self) -> Result<Opened, LedgerError> {
        open(&self.store(), &opening(&account(), &key()))
    }

    fn begin(&self) -> Recorder {
        let locked = lock(
            Box::new(self.store()),
            &opening(&account(), &key()),
            &holder(),
        )
        .unwrap();
        Recorder::begin(locked, begin()).unwrap()
    }

    /// The only segment of the only run.
    fn segment(&self) -> PathBuf {
        let (run, number) = self.store().segments().unwrap().remove(0);
        self.file(&format!("journal/{}/{number:06}", run.as_str()))
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn put(path: &Path, bytes: &[u8]) {
    use std::io::Write as _;
    fs::File::create(path).unwrap().write_all(bytes).unwrap();
}

fn every_file(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            every_file(&path, found);
        }
        found.push(path);
    }
}

fn three_records() -> [Record; 3] {
    [
        Record::Approved("sha256:a".into()),
        Record::Started {
            step: StepId(1),
            write: create("192.0.2.1"),
            at: time(2),
        },
        Record::Ended {
            step: StepId(1),
            outcome: done(Some("7")),
        },
    ]
}

#[test]
fn a_run_is_written_read_back_and_its_journal_removed() {
    let root = Root::new();
    let fresh = root.open().unwrap();
    assert_eq!(
        (fresh.found, fresh.standing, fresh.crashed),
        (Found::Fresh, Standing::Free, false)
    );
    assert!(!root.0.exists(), "reading makes nothing");

    let mut recorder = root.begin();
    recorder.append(&three_records()).unwrap();
    recorder
        .append(&[Record::Closed { finished: true }])
        .unwrap();
    let ledger = recorder.finish().unwrap();
    assert_eq!(
        ledger.entries[&www()]
            .part(&Part::new("192.0.2.1"))
            .unwrap()
            .handle
            .as_ref()
            .unwrap()
            .0,
        "7".into()
    );
    assert!(ledger.approved.is_empty());

    let opened = root.open().unwrap();
    assert_eq!(
        (&opened.ledger, opened.found, opened.crashed),
        (&ledger, Found::Here, false)
    );
    assert_eq!(opened.other_file("bailiwick.toml"), None);
    assert_eq!(opened.other_file("other.toml"), Some("bailiwick.toml"));
    assert!(fs::read_dir(root.file("journal")).unwrap().next().is_none());
    assert_eq!(
        fs::read_to_string(root.0.join(".gitignore")).unwrap(),
        "*\n"
    );
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = Root::new();
    let mut recorder = root.begin();
    recorder.append(&three_records()).unwrap();
    remember(&root.store(), &LastSeen::default()).unwrap();
    let mut found = vec![root.0.clone()];
    every_file(&root.0, &mut found);
    assert!(found.len() > 8, "{found:?}");
    for path in found {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(
            mode,
            if path.is_dir() { 0o700 } else { 0o600 },
            "{}",
            path.display()
        );
    }
}

#[test]
fn a_held_lock_says_who_and_goes_with_its_holder() {
    let root = Root::new();
    let recorder = root.begin();
    let other = Holder { pid: 1, ..holder() };
    let (account, key) = (account(), key());
    let refused = lock(Box::new(root.store()), &opening(&account, &key), &other).unwrap_err();
    assert!(matches!(&refused, LedgerError::Held(by) if **by == holder()));
    assert_eq!(
        refused.to_string(),
        "the ledger is locked by process 4711 on ci-7, since 2023-11-14T22:13:20Z, https://ci.example/jobs/9; \
         wait until that run has ended, then try again"
    );
    assert_eq!(root.open().unwrap().standing, Standing::HeldBy(holder()));
    let name = fs::read(root.file("lock.json")).unwrap();
    drop(recorder);
    assert_eq!(root.open().unwrap().standing, Standing::Free);
    // A killed process leaves its name, and no lock.
    put(&root.file("lock.json"), &name);
    assert_eq!(root.open().unwrap().standing, Standing::Free);
    lock(Box::new(root.store()), &opening(&account, &key), &other).unwrap();
}

#[cfg(unix)]
#[test]
fn a_run_whose_folder_was_removed_writes_nothing_more() {
    let root = Root::new();
    let mut first = root.begin();
    fs::remove_dir_all(&root.0).unwrap();
    assert!(matches!(
        first.append(&three_records()),
        Err(LedgerError::Lost { .. })
    ));
    let second = root.begin();
    assert!(matches!(
        first.append(&three_records()),
        Err(LedgerError::Lost { .. })
    ));
    first.finish().expect("there is nothing of it to write");
    assert_eq!(root.open().unwrap().standing, Standing::HeldBy(holder()));
    drop(second);
}

#[test]
fn what_a_run_that_goes_on_has_open_is_under_way() {
    let root = Root::new();
    let mut recorder = root.begin();
    recorder.append(&three_records()[..2]).unwrap();
    let live = Default::default();
    let mut opened = root.open().unwrap();
    assert!(!opened.crashed);
    assert_eq!(opened.ledger.open.values().next().unwrap().step, StepId(1));
    assert!(opened.settle(&live).is_empty());
    drop(recorder);
    let mut opened = root.open().unwrap();
    assert!(opened.crashed);
    assert_eq!(
        opened.ledger.open.values().next().unwrap().step,
        StepId::NO_RUN
    );
    let records = opened.settle(&live);
    assert!(
        matches!(&records[..], [Record::Arrived { unit, .. }] if *unit == Unit::new(www(), Part::new("192.0.2.1")))
    );
    assert!(opened.ledger.open.is_empty());
}

#[test]
fn a_segment_cut_at_any_byte_is_a_beginning_of_it_and_a_changed_one_is_refused() {
    let root = Root::new();
    let mut recorder = root.begin();
    let start = recorder.ledger().clone();
    recorder.append(&three_records()).unwrap();
    drop(recorder);
    let path = root.segment();
    let whole = fs::read(&path).unwrap();
    let closed = |count: usize| {
        let ledger = replayed(start.clone(), &three_records()[..count]);
        replayed(ledger, &[Record::Closed { finished: false }])
    };
    let mut known = 0;
    for cut in 0..=whole.len() {
        put(&path, &whole[..cut]);
        let seen = root.open().unwrap().ledger;
        let count = (0..=3).rev().find(|count| closed(*count) == seen);
        assert!(count >= Some(known), "cut at {cut}");
        known = count.unwrap();
        // A loss of power may leave the length without the bytes.
        put(&path, &[&whole[..cut], &[0; 5]].concat());
        assert_eq!(
            root.open().unwrap().ledger,
            seen,
            "cut at {cut}, filled with nothing"
        );
    }
    assert_eq!(known, 3);

    for at in 0..whole.len() - 1 {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        put(&path, &changed);
        let error = root.open().unwrap_err();
        assert!(
            matches!(error, LedgerError::Edited { .. }),
            "byte {at}: {error}"
        );
    }

    let mut twice = whole.clone();
    twice.extend_from_slice(&whole);
    put(&path, &twice);
    assert!(matches!(root.open(), Err(LedgerError::Edited { .. })));
}

#[test]
fn a_journal_with_a_gap_is_refused() {
    let root = Root::new();
    let mut recorder = root.begin();
    for record in three_records() {
        recorder.append(&[record]).unwrap();
    }
    drop(recorder);
    let first = root.segment();
    let second = first.with_file_name("000002");
    let bytes = fs::read(&second).unwrap();
    put(&second, &bytes[..bytes.len() - 9]);
    let error = root.open().unwrap_err();
    assert!(matches!(error, LedgerError::Truncated { .. }), "{error}");
    fs::remove_file(&second).unwrap();
    assert!(
        root.open()
            .unwrap_err()
            .to_string()
            .contains("000002 ends before it is complete (it is missing)")
    );
    fs::rename(second.with_file_name("000003"), &second).unwrap();
    assert!(matches!(root.open(), Err(LedgerError::Foreign { .. })));
}

#[test]
fn a_document_cut_or_changed_at_any_byte_is_refused() {
    let root = Root::new();
    let mut recorder = root.begin();
    recorder.append(&three_records()).unwrap();
    recorder.finish().unwrap();
    let path = root.file("ledger.json");
    let whole = fs::read(&path).unwrap();
    for cut in 0..whole.len() {
        put(&path, &whole[..cut]);
        let error = root.open().unwrap_err();
        assert!(
            matches!(error, LedgerError::Truncated { .. }),
            "cut at {cut}: {error}"
        );
    }
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        put(&path, &changed);
        assert!(root.open().is_err(), "byte {at}");
    }
    put(&path, &whole);
    root.open().unwrap();
}

#[test]
fn what_is_newer_or_belongs_elsewhere_is_refused_with_what_to_do() {
    let root = Root::new();
    root.begin().finish().unwrap();
    let path = root.file("ledger.json");
    let whole = fs::read_to_string(&path).unwrap();
    let told = |text: &str| {
        put(&path, text.as_bytes());
        root.open()
            .unwrap_err()
            .to_string()
            .replace(&path.display().to_string(), "LEDGER")
    };
    assert_eq!(
        told(&whole.replace("ledger/1", "ledger/2")),
        "LEDGER has the format \"bailiwick/ledger/2\", which this version does not know; \
         use the bailiwick that wrote it, or a later one"
    );
    assert_eq!(
        told("{\"tfstate\":4}\n"),
        "LEDGER is not what bailiwick wrote (it is no ledger); undo the edit, restore it from a backup, or move it \
         away: then what is live is adopted anew, and orders under way are not known"
    );
    put(&path, whole.as_bytes());
    let other = LedgerKey {
        user: "OTHER".into(),
        ..key()
    };
    let there = Root::new();
    fs::create_dir_all(there.0.join(other.folder_name())).unwrap();
    fs::copy(&path, there.0.join(other.folder_name()).join("ledger.json")).unwrap();
    let error = open(&Folder::new(&there.0, &other), &opening(&account(), &other)).unwrap_err();
    assert!(
        error.to_string().contains(
            "belongs to namebay api.namebay.com ACME-1, not to namebay api.namebay.com OTHER"
        ),
        "{error}"
    );
}

#[test]
fn a_deleted_ledger_is_made_anew_and_said_to_be_lost() {
    let root = Root::new();
    root.begin().finish().unwrap();
    fs::remove_file(root.file("ledger.json")).unwrap();
    let opened = root.open().unwrap();
    assert_eq!((opened.found, &*opened.ledger.id), (Found::Lost, super::ID));

    // Where a journal is left, its ledger's id and what it says are kept.
    let mut recorder = root.begin();
    recorder.append(&three_records()).unwrap();
    drop(recorder);
    fs::remove_file(root.file("ledger.json")).unwrap();
    let (account, key) = (account(), key());
    let another = bailiwick::ledger::Opening {
        fresh_id: "ffff",
        ..opening(&account, &key)
    };
    let opened = open(&root.store(), &another).unwrap();
    assert_eq!((opened.found, &*opened.ledger.id), (Found::Lost, super::ID));
    assert!(opened.ledger.entries.contains_key(&www()));
}

#[test]
fn a_plan_that_is_saved_makes_the_ledger_it_is_bound_to() {
    let root = Root::new();
    let (account, key) = (account(), key());
    let made = establish(&root.store(), &opening(&account, &key)).unwrap();
    assert_eq!(made.found, Found::Fresh);
    let again = bailiwick::ledger::Opening {
        fresh_id: "ffff",
        ..opening(&account, &key)
    };
    let found = establish(&root.store(), &again).unwrap();
    assert_eq!((found.found, &found.ledger), (Found::Here, &made.ledger));
    assert_eq!(
        found.ledger,
        Ledger {
            id: super::ID.into(),
            ..Ledger::default()
        }
    );
}

#[test]
fn what_an_interrupted_write_left_does_no_harm() {
    let root = Root::new();
    root.begin().finish().unwrap();
    let before = root.open().unwrap();
    let left = root.file("ledger.json.99-0.tmp");
    put(&left, b"{\"form");
    assert_eq!(root.open().unwrap(), before);
    root.begin().finish().unwrap();
    assert!(!left.exists());
}

#[test]
fn folder_names_are_plain_and_tell_accounts_apart() {
    let name = |endpoint: &str, user: &str| {
        LedgerKey {
            provider: "namebay".into(),
            endpoint: endpoint.into(),
            user: user.into(),
        }
        .folder_name()
    };
    assert_eq!(name("api.namebay.com", "C1"), "namebay-api.namebay.com-C1");
    assert_eq!(
        name("127.0.0.1:80", "../é"),
        "namebay-127.0.0.1%3A80-..%2F%C3%A9"
    );
    assert_ne!(name("a-b", "c"), name("a", "b-c"));
}

#[test]
fn the_cache_is_lost_without_harm() {
    let root = Root::new();
    let store = root.store();
    assert_eq!(last_seen(&store), LastSeen::default());
    let mut seen = LastSeen::default();
    seen.marks
        .insert("zone.example.com".into(), "2026010101".into());
    remember(&store, &seen).unwrap();
    assert_eq!(last_seen(&store), seen);
    put(&root.file("cache/last-seen.json"), b"{\"format\":");
    assert_eq!(last_seen(&store), LastSeen::default());
    assert_eq!(root.open().unwrap().found, Found::Fresh);
}

#[test]
fn fresh_ids_differ() {
    let id = fresh_id(time(0), 7);
    assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()));
    assert_ne!(id, fresh_id(time(0), 7));
}
