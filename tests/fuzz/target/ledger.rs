//! The ledger's document, its journal and what is kept beside it: opened, and what was accepted survives a run.

use bailiwick::ledger::{self, Begin, Holder, LedgerKey, Memory, Opening, Recorder, RunId, Store};
use bailiwick::model::{Account, LastSeen, Time};

use super::super::seal;
use super::{came_to, shape};

/// The run of the seeds.
const RUN: &str = "20260801T120000.000000000Z-1";
/// Begins a segment.
const NEXT: &str = "\n===\n";

/// Reads a document; one that begins with `s` gets the digest that fits.
pub(super) fn document(input: &[u8]) -> u64 {
    let store = Memory::new();
    let bytes = match input.strip_prefix(b"s") {
        Some(rest) => seal::document(&String::from_utf8_lossy(rest)).into_bytes(),
        None => input.to_vec(),
    };
    store.put_document(&bytes).expect("memory takes it");
    open(store)
}

/// Reads a journal; one that begins with `s` is given as the content of its lines, and gets the sums that fit.
pub(super) fn journal(input: &[u8]) -> u64 {
    let store = Memory::new();
    let run = RunId::parse(RUN).expect("a run");
    let text = String::from_utf8_lossy(input);
    let (sealed, text) = match text.strip_prefix('s') {
        Some(rest) => (true, rest),
        None => (false, &*text),
    };
    for (number, segment) in (1..).zip(text.split(NEXT)) {
        let bytes = match sealed {
            true => seal::segment(segment).into_bytes(),
            false => segment.as_bytes().to_vec(),
        };
        let put = store.put_segment(&run, number, &bytes);
        put.expect("memory takes it");
    }
    open(store)
}

fn open(store: Memory) -> u64 {
    let account = Account::new("main");
    let key = LedgerKey {
        provider: "namebay".into(),
        endpoint: "sandbox".into(),
        user: "AA111111".into(),
    };
    let opening = Opening {
        account: &account,
        key: &key,
        fresh_id: "fedcba9876543210fedcba9876543210",
    };
    let opened = match ledger::open(&store, &opening) {
        Ok(opened) => opened,
        Err(problem) => return came_to(shape(&problem.to_string())),
    };
    let at = Time::UNIX_EPOCH;
    let holder = Holder {
        host: "x".into(),
        pid: 1,
        url: None,
        since: at,
    };
    let locked = ledger::lock(Box::new(store.clone()), &opening, &holder).expect("it was opened");
    assert_eq!(locked.ledger(), &opened.ledger);
    let begin = Begin {
        at,
        pid: 2,
        first_file: "bailiwick.toml",
    };
    let finished = Recorder::begin(locked, begin)
        .and_then(Recorder::finish)
        .expect("memory takes it");
    let again = ledger::open(&store, &opening).expect("what was written is read");
    assert_eq!(again.ledger, finished);
    let lost = |what: &str| panic!("{what} were lost");
    if again.ledger.entries != opened.ledger.entries {
        lost("entries");
    }
    if again.ledger.doubts != opened.ledger.doubts || again.ledger.pending != opened.ledger.pending
    {
        lost("doubts or what is pending");
    }
    came_to((
        opened.crashed,
        opened.ledger.entries.len(),
        opened.ledger.open.len(),
        opened.ledger.doubts.len(),
        opened.ledger.pending.len(),
        opened.ledger.approved.len(),
    ))
}

/// Reads what is kept beside a ledger: whatever it holds, it is read or forgotten.
pub(super) fn cache(input: &[u8]) -> u64 {
    let store = Memory::new();
    for name in ["last-seen.json", "approved.json"] {
        store.cache(name, input).expect("memory takes it");
    }
    let (seen, approvals) = (ledger::last_seen(&store), ledger::approvals(&store));
    ledger::remember(&store, &seen).expect("memory takes it");
    ledger::keep_approvals(&store, &approvals).expect("memory takes it");
    assert_eq!(ledger::approvals(&store), approvals);
    let LastSeen { marks } = ledger::last_seen(&store);
    assert_eq!(marks, seen.marks);
    came_to((
        marks.len(),
        approvals.len(),
        approvals.values().map(|all| all.len()).max(),
    ))
}
