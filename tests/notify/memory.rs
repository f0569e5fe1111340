//! F2: a change is told once, and what is gone is told once.

use super::{drift, finding, item};
use bailiwick::drift::{Counted, Drift};
use bailiwick::model::Severity;
use bailiwick::notify::{Done, Event, Memory};

/// What each of these drifts, one after the other, leaves to be told; all of it arrives.
fn story(drifts: &[Drift]) -> Vec<Vec<Event>> {
    let counted = Counted::with([]);
    let mut memory = Memory::default();
    let told = drifts.iter().map(|drift| {
        let (events, after) = memory.of_drift(drift, &counted);
        memory = after;
        events.into_iter().collect()
    });
    told.collect()
}

#[test]
fn f2_each_change_is_told_once() {
    let one = || drift(vec![item("a.example", "1")]);
    let other = || drift(vec![item("a.example", "2")]);
    let none = || drift(vec![]);
    assert_eq!(
        story(&[
            none(),
            one(),
            one(),
            other(),
            other(),
            none(),
            none(),
            one()
        ]),
        [
            vec![],
            vec![Event::Drift],
            vec![],
            vec![Event::Drift],
            vec![],
            vec![Event::Recovered],
            vec![],
            vec![Event::Drift],
        ]
    );
}

#[test]
fn what_was_not_delivered_is_told_again() {
    let counted = Counted::with([]);
    let one = drift(vec![item("a.example", "1")]);
    let memory = Memory::default();
    let (first, _) = memory.of_drift(&one, &counted);
    let (again, _) = memory.of_drift(&one, &counted);
    assert_eq!((first.len(), &first), (1, &again));
}

#[test]
fn nothing_recovers_while_something_is_unread_or_under_way() {
    let unread = Drift {
        findings: vec![finding("read.failed", Severity::Error, "a.example", "x")],
        ..Drift::default()
    };
    let applying = Drift {
        applying: true,
        ..drift(vec![item("b.example", "1")])
    };
    assert_eq!(
        story(&[
            drift(vec![item("a.example", "1")]),
            unread,
            applying,
            drift(vec![])
        ]),
        [vec![Event::Drift], vec![], vec![], vec![Event::Recovered]]
    );
}

#[test]
fn what_ends_is_told_once_however_the_days_are_counted() {
    let ends = |domain: &str, days: u32| {
        let message = format!("ends in {days} days");
        finding("expiry.soon", Severity::Warning, domain, &message)
    };
    let with = |findings| Drift {
        findings,
        ..Drift::default()
    };
    assert_eq!(
        story(&[
            with(vec![ends("a.example", 30)]),
            with(vec![ends("a.example", 29)]),
            with(vec![ends("a.example", 28), ends("b.example", 30)]),
            with(vec![ends("b.example", 29)]),
            with(vec![]),
            with(vec![ends("a.example", 30)]),
            with(vec![finding(
                "drift.no-ledger",
                Severity::Notice,
                "a.example",
                "x"
            )]),
        ]),
        [
            vec![Event::Expiry],
            vec![],
            vec![Event::Expiry],
            vec![],
            vec![],
            vec![Event::Expiry],
            vec![],
        ]
    );
}

#[test]
fn what_is_done_is_told_once_and_kept_until_it_arrives() {
    let done = |words: &[&str]| -> Done {
        let word = |word: &&str| (Box::from(*word), Box::from("zone.a.example"));
        words.iter().map(word).collect()
    };
    let told = |memory: &Memory, words: &[&str]| {
        (memory.news(&done(words)), memory.having_told(&done(words)))
    };
    let (news, memory) = told(&Memory::default(), &["a"]);
    assert_eq!(news, done(&["a"]));
    // As long as the ledger has not noted it, it comes again.
    let (news, memory) = told(&memory, &["a", "b"]);
    assert_eq!(news, done(&["b"]));
    // It has noted them; what came since did not arrive, and is told later beside what is new.
    let memory = told(&memory, &[]).1.owing(&done(&["c"]));
    let (news, memory) = told(&memory, &["d"]);
    assert_eq!(news, done(&["c", "d"]));
    let (news, memory) = told(&memory, &[]);
    assert_eq!((news, memory), (done(&[]), Memory::default()));
}
