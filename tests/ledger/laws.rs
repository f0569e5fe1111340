//! Laws: the state machine is total, and what the journal says is what the ledger became, wherever a run dies.

use super::any::{outcome, record, records, write};
use super::rough::Rough;
use super::{account, begin, holder, key, opening, time};
use bailiwick::ledger::{
    Entry, Found, Ledger, LedgerError, Memory, Record, Recorder, Standing, StepId, Store, lock,
    note, open, replayed,
};
use bailiwick::model::{Address, Kind, Part, Unit};
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::Ordering;

const CLOSED: Record = Record::Closed { finished: false };

/// What may never be broken, whatever was recorded.
fn assert_sound(ledger: &Ledger) {
    for unit in ledger.open.keys() {
        assert!(
            !ledger.doubts.contains_key(unit) && !ledger.pending.contains_key(unit),
            "{unit} twice"
        );
    }
    for unit in ledger.doubts.keys() {
        assert!(!ledger.pending.contains_key(unit), "{unit} twice");
    }
    for place in [&ledger.open, &ledger.doubts, &ledger.pending] {
        for (unit, open) in place {
            assert_eq!(*unit, open.write.unit);
        }
    }
    assert!(ledger.pending.values().all(|open| open.pending.is_some()));
    for entry in ledger.entries.values() {
        assert!(entry.parts.is_sorted_by(|a, b| a.part <= b.part));
    }
}

fn with_first_file(ledger: Ledger) -> Ledger {
    Ledger {
        first_file: Some("bailiwick.toml".into()),
        ..ledger
    }
}

fn fresh() -> Ledger {
    with_first_file(Ledger {
        id: super::ID.into(),
        ..Ledger::default()
    })
}

proptest! {
    #[test]
    fn no_sequence_of_records_breaks_the_ledger(records in vec(record(), 0..80)) {
        let mut ledger = Ledger::default();
        for record in &records {
            ledger = note(ledger, record);
            assert_sound(&ledger);
        }
        ledger = note(ledger, &CLOSED);
        assert_sound(&ledger);
        prop_assert!(ledger.open.values().all(|open| open.step == StepId::NO_RUN));
        prop_assert_eq!(&ledger, &note(ledger.clone(), &CLOSED));
    }

    #[test]
    fn the_order_of_independent_units_does_not_matter(
        work in vec((write(), outcome()), 1..12),
        order in any::<prop::sample::Index>(),
    ) {
        // Each on an address of its own, each started before it ends.
        let pairs: Vec<[Record; 2]> = work.into_iter().enumerate().map(|(at, (mut write, outcome))| {
            write.unit.address.domain = format!("d{at}.example").into();
            let step = StepId(at as u32 + 1);
            [Record::Started { step, write, at: time(0) }, Record::Ended { step, outcome }]
        }).collect();
        let one_by_one: Vec<&Record> = pairs.iter().flatten().collect();
        let mut all_at_once: Vec<&Record> = pairs.iter().map(|[started, _]| started).collect();
        let turn = order.index(pairs.len());
        all_at_once.rotate_left(turn);
        all_at_once.extend(pairs.iter().rev().map(|[_, ended]| ended));
        prop_assert_eq!(
            replayed(Ledger::default(), one_by_one),
            replayed(Ledger::default(), all_at_once)
        );
    }

    #[test]
    fn the_ledger_at_the_end_of_a_run_is_the_replay_of_its_journal(
        runs in vec(vec((records(), any::<bool>()), 0..5), 1..4),
    ) {
        let (account, key, store) = (account(), key(), Memory::new());
        let opening = opening(&account, &key);
        let mut expected = fresh();
        for batches in runs {
            let locked = lock(Box::new(store.clone()), &opening, &holder()).unwrap();
            let mut recorder = Recorder::begin(locked, begin()).unwrap();
            for (records, rides) in &batches {
                if *rides {
                    for record in records {
                        recorder.ride(record.clone());
                    }
                } else {
                    recorder.append(records).unwrap();
                }
                expected = replayed(expected, records);
                prop_assert_eq!(recorder.ledger(), &expected);
            }
            // In the middle of a run a reader sees what is durable, as under way.
            recorder.flush().unwrap();
            let seen = open(&store, &opening).unwrap();
            prop_assert_eq!(&seen.standing, &Standing::HeldBy(holder()));
            prop_assert_eq!(&seen.ledger, &expected);

            recorder.append(&[CLOSED]).unwrap();
            expected = note(expected, &CLOSED);
            prop_assert_eq!(&recorder.finish().unwrap(), &expected);
            let seen = open(&store, &opening).unwrap();
            prop_assert_eq!(&seen.ledger, &expected);
            prop_assert_eq!((seen.found, seen.standing, seen.crashed), (Found::Here, Standing::Free, false));
            prop_assert!(store.segments().unwrap().is_empty());
        }
    }

    #[test]
    fn wherever_a_run_dies_what_was_durable_is_known(
        batches in vec(vec(record(), 1..6), 1..8),
        before in records(),
        death in 0usize..24,
        reaches in any::<bool>(),
    ) {
        let (account, key, inner) = (account(), key(), Memory::new());
        let opening = opening(&account, &key);
        let locked = lock(Box::new(inner.clone()), &opening, &holder()).unwrap();
        let mut recorder = Recorder::begin(locked, begin()).unwrap();
        recorder.append(&before).unwrap();
        drop(recorder); // killed as well: the second run begins over its journal
        let start = note(replayed(fresh(), &before), &CLOSED);

        let store = Rough { reaches, ..Rough::dying_after(&inner, death) };
        let mut durable = 0;
        let all: Vec<Record> = batches.concat();
        let _ = (|| -> Result<(), LedgerError> {
            let mut recorder = Recorder::begin(lock(Box::new(store), &opening, &holder())?, begin())?;
            for (at, batch) in batches.iter().enumerate() {
                if at % 3 == 1 {
                    batch.iter().for_each(|record| recorder.ride(record.clone()));
                } else {
                    recorder.append(batch)?;
                    durable = batches[..=at].iter().map(Vec::len).sum();
                }
            }
            recorder.finish().map(drop)
        })();

        let seen = open(&inner, &opening).unwrap().ledger;
        let possible = |count: usize| note(replayed(start.clone(), &all[..count]), &CLOSED);
        prop_assert!((durable..=all.len()).any(|count| possible(count) == seen), "{durable} were durable");

        // And the next run goes on from there.
        let locked = lock(Box::new(inner.clone()), &opening, &holder()).unwrap();
        prop_assert_eq!(locked.ledger(), &seen);
        let recorder = Recorder::begin(locked, begin()).unwrap();
        prop_assert_eq!(&recorder.finish().unwrap(), &seen);
        prop_assert_eq!(&open(&inner, &opening).unwrap().ledger, &seen);
    }
}

#[test]
fn a_long_run_is_committed_on_the_way_and_survives_a_kill() {
    let (account, key, store) = (account(), key(), Memory::new());
    let opening = opening(&account, &key);
    let locked = lock(Box::new(store.clone()), &opening, &holder()).unwrap();
    let mut recorder = Recorder::begin(locked, begin()).unwrap();
    let empty = store.document().unwrap();
    let mut expected = recorder.ledger().clone();
    for step in 1..=700 {
        let mut write = super::settle::create("192.0.2.1");
        write.unit = Unit::new(super::www(), Part::new(&format!("192.0.2.{step}")));
        write.after = super::data(&format!("192.0.2.{step}"));
        let started = Record::Started {
            step: StepId(step),
            write,
            at: time(2),
        };
        let ended = Record::Ended {
            step: StepId(step),
            outcome: super::settle::done(None),
        };
        recorder.append(std::slice::from_ref(&started)).unwrap();
        expected = note(expected, &started);
        // The last ones are open when the run is killed.
        if step < 690 {
            recorder.ride(ended.clone());
            expected = note(expected, &ended);
        }
    }
    assert_ne!(
        store.document().unwrap(),
        empty,
        "written after a thousand records"
    );
    drop(recorder);
    let seen = open(&store, &opening).unwrap();
    assert!(seen.crashed);
    assert_eq!(seen.ledger, note(expected, &CLOSED));
    assert_eq!(seen.ledger.open.len(), 11);
}

#[test]
fn a_full_disk_loses_nothing_that_was_taken_in() {
    let (account, key, inner) = (account(), key(), Memory::new());
    let opening = opening(&account, &key);
    let store = Rough::dying_after(&inner, 2);
    let left = Arc::clone(&store.left);
    let locked = lock(Box::new(store), &opening, &holder()).unwrap();
    let mut recorder = Recorder::begin(locked, begin()).unwrap();
    left.store(0, Ordering::Relaxed);
    let ended = |step| Record::Ended {
        step: StepId(step),
        outcome: super::settle::done(Some("7")),
    };
    let started = |step, write| Record::Started {
        step: StepId(step),
        write,
        at: time(2),
    };
    recorder.ride(started(1, super::settle::create("192.0.2.1")));
    recorder.ride(ended(1));
    let before = recorder.ledger().clone();
    let next = [started(2, super::settle::create("192.0.2.2"))];
    assert!(recorder.append(&next).is_err());
    assert_eq!(
        *recorder.ledger(),
        before,
        "what is not durable is not taken in"
    );

    left.store(99, Ordering::Relaxed);
    recorder.append(&next).unwrap();
    let after = note(before, &next[0]);
    assert_eq!(*recorder.ledger(), after);
    drop(recorder);
    assert_eq!(open(&inner, &opening).unwrap().ledger, note(after, &CLOSED));
}

/// Records whose replay over what they made gives something else.
fn not_idempotent() -> [Record; 2] {
    let base = |label: &str| Address {
        name: label.into(),
        ..Address::of(&account(), &super::domain("example.com"), Kind::Database)
    };
    let entry = Entry::default();
    [
        Record::Adopted {
            address: base("shop"),
            entry,
        },
        Record::Moved {
            from: base("shop"),
            to: base("store"),
        },
    ]
}

#[test]
fn a_kill_between_the_document_and_the_end_of_its_journal_is_harmless() {
    let (account, key, inner) = (account(), key(), Memory::new());
    let opening = opening(&account, &key);
    let run = |store: Box<dyn Store>| -> Result<Ledger, LedgerError> {
        let mut recorder = Recorder::begin(lock(store, &opening, &holder())?, begin())?;
        recorder.append(&not_idempotent())?;
        recorder.finish()
    };
    // The first document, a segment, the document of the end; then the journal should go.
    run(Box::new(Rough::dying_after(&inner, 3))).unwrap_err();
    assert_eq!(inner.segments().unwrap().len(), 1);
    let seen = open(&inner, &opening).unwrap();
    assert_eq!(seen.ledger.entries.len(), 1);
    assert!(!seen.crashed);

    // The same where a run begins over what a killed one left.
    let inner = Memory::new();
    run(Box::new(Rough::dying_after(&inner, 2))).unwrap_err();
    assert!(open(&inner, &opening).unwrap().crashed);
    run(Box::new(Rough::dying_after(&inner, 1))).unwrap_err();
    assert_eq!(inner.segments().unwrap().len(), 1);
    assert_eq!(open(&inner, &opening).unwrap().ledger.entries.len(), 1);
}

#[test]
fn a_reader_never_mixes_two_moments() {
    let (account, key, inner) = (account(), key(), Memory::new());
    let begun = |inner: &Memory| {
        let locked = lock(
            Box::new(inner.clone()),
            &opening(&super::account(), &super::key()),
            &holder(),
        );
        Recorder::begin(locked.unwrap(), begin()).unwrap()
    };
    let mut first = begun(&inner);
    first.append(&not_idempotent()).unwrap();
    let others = inner.clone();
    let (send, second) = std::sync::mpsc::channel();
    let store = Rough::dying_after(&inner, 0);
    *store.meanwhile.lock().unwrap() = Some(Box::new(move || {
        first.finish().unwrap();
        let mut second = begun(&others);
        second.append(&[Record::Forgotten(super::www())]).unwrap();
        send.send(second).unwrap();
    }));
    let seen = open(&store, &opening(&account, &key)).unwrap();
    let second = second.recv().unwrap();
    assert_eq!(
        seen.ledger.entries.len(),
        1,
        "the first run is not forgotten"
    );
    assert_eq!(seen.ledger, *second.ledger());
}
