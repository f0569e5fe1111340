//! What a read proves of writes whose end is not known.

use super::{account, data, domain, time, www, zone};
use bailiwick::ledger::{Ledger, Record, StepId, note, replayed, settle};
use bailiwick::model::{
    Action, Address, Attrs, Handle, Kind, Live, Outcome, Part, Reason, Seen, SeenPart, Unit, Value,
    Write,
};

pub(super) fn write(address: Address, part: &str, action: Action) -> Write {
    Write {
        unit: Unit::new(address, Part::new(part)),
        action,
        before: Attrs::none(),
        after: Attrs::none(),
        handle: None,
        within: None,
        order: None,
    }
}

pub(super) fn create(value: &str) -> Write {
    Write {
        after: data(value),
        ..write(www(), value, Action::Create)
    }
}

pub(super) fn update(old: &str, new: &str, handle: &str) -> Write {
    Write {
        before: data(old),
        after: data(new),
        handle: Some(Handle(handle.into())),
        ..write(www(), old, Action::Update)
    }
}

pub(super) fn delete(value: &str) -> Write {
    Write {
        before: data(value),
        ..write(www(), value, Action::Delete)
    }
}

pub(super) fn ttl(before: i64, after: i64) -> Write {
    Write {
        before: Attrs::one("ttl", Value::int(before)),
        after: Attrs::one("ttl", Value::int(after)),
        ..write(zone(), "ttl", Action::Update)
    }
}

pub(super) fn done(handle: Option<&str>) -> Outcome {
    Outcome::Done {
        handle: handle.map(|text| Handle(text.into())),
        outputs: Attrs::none(),
    }
}

fn started(write: &Write) -> Record {
    Record::Started {
        step: StepId(1),
        write: write.clone(),
        at: time(7),
    }
}

/// A run was killed after it had sent this, or before.
fn killed(write: &Write) -> Ledger {
    let records = [started(write), Record::Closed { finished: false }];
    replayed(Ledger::default(), &records)
}

fn part(part: &str, handle: Option<&str>, attrs: Attrs) -> SeenPart {
    SeenPart {
        part: Part::new(part),
        handle: handle.map(|text| Handle(text.into())),
        attrs,
        owner: None,
    }
}

fn seen(address: Address, parts: Vec<SeenPart>) -> (Address, Seen) {
    let seen = Seen {
        handle: Some(Handle("Z1".into())),
        parts: parts.into(),
        ..Seen::default()
    };
    (address, seen)
}

/// The zone with these values at `www A`, each with its handle.
fn live(values: &[(&str, &str)]) -> Live {
    let ttl = part("ttl", None, Attrs::one("ttl", Value::int(600)));
    let object = part("", None, Attrs::none());
    let mut live = Live::default();
    live.objects.extend([seen(zone(), vec![object, ttl])]);
    if !values.is_empty() {
        let parts = values
            .iter()
            .map(|(value, handle)| part(value, Some(handle), data(value)))
            .collect();
        live.objects.extend([seen(www(), parts)]);
    }
    live
}

/// What the read proves: `done HANDLE`, a reason's code, or nothing.
fn proven(ledger: &Ledger, live: &Live) -> String {
    match &settle(ledger, live)[..] {
        [] => "nothing".into(),
        [Record::Arrived { outcome, .. }] => match outcome {
            Outcome::Done { handle, .. } => {
                format!("done {}", handle.as_ref().map_or("-", |handle| &handle.0))
            }
            Outcome::NotSent(reason) => reason.code.to_string(),
            Outcome::Refused(_) | Outcome::Unknown(_) | Outcome::Pending(_) => {
                panic!("unexpected {outcome:?}")
            }
        },
        more => panic!("unexpected {more:?}"),
    }
}

#[test]
fn a_read_tells_what_became_of_each_write() {
    let (a, b) = ("192.0.2.1", "192.0.2.2");
    let not = "ledger.not-done";
    let other = "ledger.otherwise";
    let here = zone();
    let make = write(here, "", Action::Create);
    let nothing = Live::default();
    let table = [
        ("created", create(a), live(&[(a, "7")]), "done 7"),
        ("not created", create(a), live(&[(b, "7")]), not),
        (
            "created in a zone that is gone",
            create(a),
            nothing.clone(),
            not,
        ),
        ("updated", update(a, b, "7"), live(&[(b, "7")]), "done 7"),
        (
            "updated under a new id",
            update(a, b, "7"),
            live(&[(b, "8")]),
            "done 8",
        ),
        ("not updated", update(a, b, "7"), live(&[(a, "7")]), not),
        (
            "not updated, and the value is elsewhere",
            update(a, b, "7"),
            live(&[(a, "7"), (b, "8")]),
            not,
        ),
        (
            "edited by somebody",
            update(a, b, "7"),
            live(&[("192.0.2.9", "7")]),
            other,
        ),
        ("gone", update(a, b, "7"), live(&[]), other),
        ("deleted", delete(a), live(&[]), "done -"),
        (
            "deleted beside another",
            delete(a),
            live(&[(b, "8")]),
            "done -",
        ),
        ("not deleted", delete(a), live(&[(a, "7")]), not),
        ("zone made", make.clone(), live(&[]), "done Z1"),
        ("zone not made", make, nothing.clone(), not),
        ("ttl set", ttl(300, 600), live(&[]), "done Z1"),
        ("ttl not set", ttl(600, 300), live(&[]), not),
        ("ttl set by somebody", ttl(300, 900), live(&[]), other),
        ("zone gone meanwhile", ttl(300, 600), nothing, other),
    ];
    for (case, write, live, expected) in table {
        let ledger = killed(&write);
        assert_eq!(proven(&ledger, &live), expected, "{case}");
        let after = replayed(ledger.clone(), &settle(&ledger, &live));
        assert!(after.open.is_empty(), "{case}");
    }
}

#[test]
fn what_failed_to_be_read_proves_nothing_and_what_never_can_be_does_not_block() {
    let ledger = killed(&delete("192.0.2.1"));
    let mut failed = live(&[]);
    failed
        .failed
        .push((zone(), Reason::ours("net.timeout", "no answer")));
    assert_eq!(proven(&ledger, &failed), "nothing");

    let mut unreadable = live(&[]);
    unreadable.unreadable.insert((account(), Kind::Record));
    assert_eq!(proven(&ledger, &unreadable), "ledger.unreadable");
    let mut unreadable = live(&[]);
    unreadable
        .unreadable_units
        .insert(Unit::new(zone(), Part::new("ttl")));
    assert_eq!(
        proven(&killed(&ttl(600, 300)), &unreadable),
        "ledger.unreadable"
    );
}

/// Sent once more, such a creation might make a second one; an automatic answer is set, whatever is there.
#[test]
fn a_creation_that_no_read_can_show_stays_open() {
    for (kind, word) in [
        (Kind::FtpUser, "nothing"),
        (Kind::Redirect, "nothing"),
        (Kind::Mailbox, "nothing"),
        (Kind::Autoresponder, "ledger.unreadable"),
    ] {
        let address = Address {
            kind,
            name: "one".into(),
            ..zone()
        };
        let mut blind = live(&[]);
        let unit = Unit::new(address.clone(), Part::object());
        blind.unreadable_units.insert(unit);
        let lost = killed(&write(address, "", Action::Create));
        assert_eq!(proven(&lost, &blind), word, "{kind:?}");
    }
}

#[test]
fn a_made_zone_keeps_its_mark_over_a_lost_answer() {
    let write = write(zone(), "", Action::Create);
    let lost = Outcome::Unknown(Reason::ours("net.timeout", "no answer"));
    let records = [
        started(&write),
        Record::Ended {
            step: StepId(1),
            outcome: lost,
        },
        Record::Closed { finished: false },
    ];
    let ledger = replayed(Ledger::default(), &records);
    let ledger = replayed(ledger.clone(), &settle(&ledger, &live(&[])));
    let entry = &ledger.entries[&zone()];
    assert_eq!(
        (entry.made, entry.handle.as_ref()),
        (Some(time(7)), Some(&Handle("Z1".into())))
    );
    let ledger = note(ledger, &Record::AtGoal(zone()));
    assert_eq!(ledger.entries[&zone()].made, None);
}

#[test]
fn what_pays_or_is_named_by_the_provider_is_doubted_until_somebody_looks() {
    let shop = Address {
        name: "shop".into(),
        ..Address::of(&account(), &domain("example.com"), Kind::Database)
    };
    let write = write(shop.clone(), "", Action::Create);
    let ledger = killed(&write);
    assert!(ledger.open.is_empty() && ledger.doubts.contains_key(&write.unit));

    // A database that is there may be another one, and one that is not may come.
    let mut live = Live::default();
    assert_eq!(proven(&ledger, &live), "nothing");
    live.objects
        .extend([seen(shop.clone(), vec![part("", None, Attrs::none())])]);
    assert_eq!(proven(&ledger, &live), "nothing");

    live.looked.push((write.unit.clone(), done(Some("db42"))));
    assert_eq!(proven(&ledger, &live), "done db42");
    let ledger = replayed(ledger.clone(), &settle(&ledger, &live));
    assert!(ledger.doubts.is_empty());
    assert_eq!(ledger.entries[&shop].handle, Some(Handle("db42".into())));
}

#[test]
fn a_member_that_changes_takes_its_name_from_its_content() {
    let run = |ledger: Ledger, write: Write, outcome: Outcome| {
        let ended = Record::Ended {
            step: StepId(1),
            outcome,
        };
        replayed(ledger, &[started(&write), ended])
    };
    let ledger = run(Ledger::default(), create("192.0.2.1"), done(Some("7")));
    let ledger = run(ledger, create("192.0.2.3"), done(Some("8")));
    let ledger = run(ledger, update("192.0.2.1", "192.0.2.5", "7"), done(None));
    let parts: Vec<_> = ledger.entries[&www()]
        .parts
        .iter()
        .map(|part| (&*part.part.0, part.handle.as_ref().map(|handle| &*handle.0)))
        .collect();
    assert_eq!(parts, [("192.0.2.3", Some("8")), ("192.0.2.5", Some("7"))]);
    let ledger = run(ledger, delete("192.0.2.3"), done(None));
    let ledger = run(ledger, delete("192.0.2.5"), done(None));
    assert!(
        ledger.entries.is_empty(),
        "with its last part an entry goes"
    );
}
