//! What single records do, where a law cannot say it.

use super::settle::{create, delete, done, ttl, update, write};
use super::{account, data, domain, time, www, zone};
use bailiwick::ledger::{Entry, EntryPart, Ledger, Record, StepId, note, replayed};
use bailiwick::model::{
    Action, Address, Attrs, Handle, Kind, On, Order, Outcome, Part, Pending, Reason, Unit, Value,
    Write,
};

fn started(step: u32, write: Write) -> Record {
    Record::Started {
        step: StepId(step),
        write,
        at: time(7),
    }
}

fn ended(step: u32, outcome: Outcome) -> Record {
    Record::Ended {
        step: StepId(step),
        outcome,
    }
}

fn run(ledger: Ledger, write: Write, outcome: Outcome) -> Ledger {
    replayed(ledger, &[started(1, write), ended(1, outcome)])
}

fn after(write: Write, outcome: Outcome) -> Ledger {
    run(Ledger::default(), write, outcome)
}

fn of_domain(kind: Kind) -> Address {
    Address::of(&account(), &domain("example.com"), kind)
}

fn part(text: &str, handle: Option<&str>, attrs: Attrs) -> EntryPart {
    EntryPart {
        part: Part::new(text),
        handle: handle.map(|text| Handle(text.into())),
        attrs,
        owner: None,
    }
}

fn entry(parts: Vec<EntryPart>) -> Entry {
    Entry {
        parts: parts.into(),
        ..Entry::default()
    }
}

fn parts(ledger: &Ledger, address: &Address) -> Vec<(String, Option<String>)> {
    let list = ledger
        .entries
        .get(address)
        .map_or(&[][..], |entry| &entry.parts);
    let handle = |part: &EntryPart| part.handle.as_ref().map(|handle| handle.0.to_string());
    list.iter()
        .map(|part| (part.part.0.to_string(), handle(part)))
        .collect()
}

fn reason() -> Reason {
    Reason::ours("net.timeout", "no answer")
}

fn pending(order: &str) -> Pending {
    Pending {
        on: On::Provider,
        order: order.into(),
        goal: "registered".into(),
    }
}

#[test]
fn a_refused_write_leaves_nothing_behind() {
    for outcome in [Outcome::Refused(reason()), Outcome::NotSent(reason())] {
        assert_eq!(after(create("192.0.2.1"), outcome), Ledger::default());
    }
}

#[test]
fn a_facet_keeps_what_was_applied_before_and_the_object_gets_the_handle() {
    let settings = |attrs: Attrs| Write {
        after: attrs,
        handle: Some(Handle("D1".into())),
        ..write(of_domain(Kind::Domain), "settings", Action::Update)
    };
    let ledger = after(
        settings(Attrs::one("locked", Value::bool(true))),
        done(None),
    );
    let ledger = run(
        ledger,
        settings(Attrs::one("auto_renew", Value::bool(false))),
        done(None),
    );
    let entry = &ledger.entries[&of_domain(Kind::Domain)];
    assert_eq!(entry.handle, Some(Handle("D1".into())));
    assert_eq!(
        entry.part(&Part::new("settings")).unwrap().attrs,
        Attrs::new(vec![
            ("auto_renew", Value::bool(false)),
            ("locked", Value::bool(true))
        ])
    );
}

#[test]
fn an_object_that_is_destroyed_takes_its_facets_along() {
    let ledger = after(write(zone(), "", Action::Create), done(Some("Z1")));
    let ledger = run(ledger, ttl(300, 600), done(None));
    assert_eq!(parts(&ledger, &zone()).len(), 2);
    let without = run(
        ledger.clone(),
        write(zone(), "ttl", Action::Delete),
        done(None),
    );
    assert_eq!(parts(&without, &zone()), [(String::new(), None)]);
    let gone = run(ledger, write(zone(), "", Action::Delete), done(None));
    assert!(gone.entries.is_empty());
}

#[test]
fn an_empty_text_is_a_member_like_any_other() {
    let txt = Address::record(&account(), &domain("example.com"), "@", "TXT");
    let member = |text: &str, action| Write {
        before: data(text),
        after: data(text),
        ..write(txt.clone(), text, action)
    };
    let ledger = after(member("", Action::Create), done(Some("1")));
    let ledger = run(
        ledger,
        member("v=spf1 -all", Action::Create),
        done(Some("2")),
    );
    let ledger = run(ledger, member("", Action::Delete), done(None));
    assert_eq!(
        parts(&ledger, &txt),
        [("v=spf1 -all".into(), Some("2".into()))]
    );
}

#[test]
fn equal_members_are_told_apart_by_their_handles() {
    let ledger = after(create("192.0.2.1"), done(Some("7")));
    let ledger = run(ledger, create("192.0.2.1"), done(Some("8")));
    assert_eq!(parts(&ledger, &www()).len(), 2);
    let one = Write {
        handle: Some(Handle("8".into())),
        ..delete("192.0.2.1")
    };
    let ledger = run(ledger, one, done(None));
    assert_eq!(
        parts(&ledger, &www()),
        [("192.0.2.1".into(), Some("7".into()))]
    );
    let ledger = run(
        ledger,
        update("192.0.2.1", "192.0.2.2", "7"),
        done(Some("9")),
    );
    assert_eq!(
        parts(&ledger, &www()),
        [("192.0.2.2".into(), Some("9".into()))]
    );
}

#[test]
fn adoption_replaces_the_parts_and_keeps_what_it_does_not_tell() {
    let made = after(write(zone(), "", Action::Create), done(Some("Z1")));
    let seen = entry(vec![
        part("ttl", None, Attrs::one("ttl", Value::int(600))),
        part("", None, Attrs::none()),
    ]);
    let ledger = note(
        made,
        &Record::Adopted {
            address: zone(),
            entry: seen,
        },
    );
    let entry = &ledger.entries[&zone()];
    assert_eq!(
        (entry.handle.as_ref(), entry.made),
        (Some(&Handle("Z1".into())), Some(time(7)))
    );
    assert!(entry.part(&Part::new("ttl")).is_some() && entry.part(&Part::object()).is_some());

    // The plan's notes may say that a record set is managed no more.
    let ledger = after(create("192.0.2.1"), done(Some("7")));
    let nothing = Record::Adopted {
        address: www(),
        entry: Entry::default(),
    };
    assert!(note(ledger, &nothing).entries.is_empty());
}

#[test]
fn what_holds_value_stays_as_forgotten_and_comes_back_when_it_is_written() {
    let adopted = |address: Address| Record::Adopted {
        address,
        entry: entry(vec![part("settings", None, Attrs::none())]),
    };
    let (name, order) = (of_domain(Kind::Domain), of_domain(Kind::Mail));
    let bought = write(order.clone(), "", Action::Create);
    let ledger = replayed(
        Ledger::default(),
        &[
            adopted(name.clone()),
            adopted(zone()),
            started(1, create("192.0.2.1")),
            started(2, bought.clone()),
            ended(2, Outcome::Pending(pending("T9"))),
            Record::Forgotten(name.clone()),
            Record::Forgotten(zone()),
            Record::Forgotten(www()),
            Record::Forgotten(order),
        ],
    );
    assert_eq!(ledger.entries.keys().collect::<Vec<_>>(), [&name]);
    assert!(ledger.entries[&name].forgotten);
    assert!(ledger.open.is_empty(), "nobody asks for it any more");
    assert!(
        ledger.pending.contains_key(&bought.unit),
        "an order goes on"
    );
    let ledger = run(
        ledger,
        write(name.clone(), "settings", Action::Update),
        done(None),
    );
    assert!(!ledger.entries[&name].forgotten);
}

#[test]
fn a_rename_takes_along_what_is_under_way_and_never_lands_on_another() {
    let base = |label: &str| Address {
        name: label.into(),
        ..of_domain(Kind::Database)
    };
    let moved = |from: &str, to: &str| Record::Moved {
        from: base(from),
        to: base(to),
    };
    let adopted = |label: &str| Record::Adopted {
        address: base(label),
        entry: entry(vec![]),
    };
    let doubt = [
        started(1, write(base("shop"), "", Action::Create)),
        ended(1, Outcome::Unknown(reason())),
    ];
    let ledger = replayed(
        replayed(Ledger::default(), &doubt),
        &[adopted("shop"), moved("shop", "store")],
    );
    let unit = Unit::new(base("store"), Part::object());
    assert_eq!(ledger.doubts.keys().collect::<Vec<_>>(), [&unit]);
    assert_eq!(ledger.doubts[&unit].write.unit, unit);
    assert_eq!(ledger.entries.keys().collect::<Vec<_>>(), [&base("store")]);
    let crowded = note(ledger, &adopted("blog"));
    assert_eq!(note(crowded.clone(), &moved("blog", "store")), crowded);
}

#[test]
fn an_order_is_pending_then_there_and_its_look_ups_that_prove_nothing_change_nothing() {
    let order = Write {
        order: Some(Order {
            product: 9,
            period: 1,
        }),
        ..write(of_domain(Kind::Domain), "", Action::Create)
    };
    let unit = order.unit.clone();
    let arrived = |outcome| Record::Arrived {
        unit: unit.clone(),
        outcome,
    };
    let lost = after(order, Outcome::Unknown(reason()));
    assert!(lost.doubts.contains_key(&unit) && lost.open.is_empty());
    assert_eq!(
        note(lost.clone(), &arrived(Outcome::Unknown(reason()))),
        lost
    );
    let waiting = note(lost, &arrived(Outcome::Pending(pending("T9"))));
    assert!(waiting.doubts.is_empty() && waiting.pending[&unit].pending == Some(pending("T9")));
    assert_eq!(
        note(waiting.clone(), &arrived(Outcome::Unknown(reason()))),
        waiting
    );
    let there = note(waiting.clone(), &arrived(done(Some("D1"))));
    assert!(there.pending.is_empty());
    assert_eq!(
        there.entries[&unit.address].handle,
        Some(Handle("D1".into()))
    );
    let failed = note(waiting, &arrived(Outcome::Refused(reason())));
    assert!(failed.pending.is_empty() && failed.entries.is_empty());
}

#[test]
fn a_digest_stays_approved_until_a_run_of_it_finishes() {
    let approved = |digest: &str| Record::Approved(digest.into());
    let closed = |finished| Record::Closed { finished };
    let ledger = replayed(
        Ledger::default(),
        &[approved("a"), closed(false), approved("b"), closed(true)],
    );
    assert_eq!(
        ledger
            .approved
            .iter()
            .map(|digest| &**digest)
            .collect::<Vec<_>>(),
        ["a"]
    );
    let ledger = replayed(ledger, &[approved("a"), closed(true)]);
    assert!(ledger.approved.is_empty() && ledger.running.is_none());
}

#[test]
fn an_ending_finds_its_own_run_only() {
    let lost = replayed(
        Ledger::default(),
        &[
            started(1, create("192.0.2.1")),
            Record::Closed { finished: false },
        ],
    );
    let unit = Unit::new(www(), Part::new("192.0.2.1"));
    let after = note(lost.clone(), &ended(1, done(Some("7"))));
    assert_eq!(after, lost);
    assert!(after.open.contains_key(&unit));
}
