//! Any address, write, record and sequence of records, out of a world so small that they meet.

use super::{account, domain, time};
use bailiwick::ledger::{Entry, EntryPart, Record, StepId};
use bailiwick::model::{
    Action, Address, Attrs, Data, Handle, Kind, Later, On, Order, Outcome, Part, Pending, Reason,
    Unit, Value, Write,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

pub(super) fn address() -> impl Strategy<Value = Address> {
    let kind = select(vec![
        Kind::Domain,
        Kind::Zone,
        Kind::Record,
        Kind::Record,
        Kind::Record,
        Kind::Database,
        Kind::Certificate,
        Kind::Contact,
        Kind::Mailbox,
        Kind::Autoresponder,
        Kind::Redirect,
        Kind::FtpUser,
    ]);
    let host = select(vec!["@", "www", "*", "a\\b"]);
    (
        kind,
        select(vec!["a.example", "xn--bcher-kva.example"]),
        host,
        select(vec!["A", "TXT"]),
    )
        .prop_map(|(kind, name, host, rtype)| {
            let account = account();
            if kind == Kind::Record {
                return Address::record(&account, &domain(name), host, rtype);
            }
            let (name, own) = match kind.word() {
                "contact" => ("", "jane"),
                "domain" | "zone" => (name, ""),
                _ => (name, host),
            };
            Address {
                name: own.into(),
                ..Address::of(&account, &domain(name), kind)
            }
        })
}

fn content() -> impl Strategy<Value = &'static str> {
    select(vec!["", "192.0.2.1", "192.0.2.2", "v=spf1 \"-all\"\u{7f}é"])
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        content().prop_map(Part::new),
        select(vec!["", "", "ttl", "settings"]).prop_map(Part::new),
    ]
}

fn handle() -> impl Strategy<Value = Option<Handle>> {
    option::of(select(vec!["7", "8"]).prop_map(|text| Handle(text.into())))
}

fn attrs() -> impl Strategy<Value = Attrs> {
    let value = prop_oneof![
        content().prop_map(Value::text),
        any::<i64>().prop_map(Value::int),
        any::<bool>().prop_map(Value::bool),
        vec(content(), 0..3).prop_map(|list| Value::list(&list)),
        content().prop_map(|print| Value::Known(Data::Print(print.into()))),
        (address(), content()).prop_map(|(of, append)| Value::Later(Box::new(Later {
            of,
            field: "name",
            append: append.into(),
        }))),
    ];
    prop_oneof![
        content().prop_map(|text| Attrs::one("data", Value::Known(Data::Text(text.into())))),
        (option::of(value.clone()), option::of(value)).prop_map(|(ttl, tech)| {
            let list = [("ttl", ttl), ("tech", tech)];
            Attrs::new(
                list.into_iter()
                    .filter_map(|(name, value)| Some((name, value?)))
                    .collect(),
            )
        }),
    ]
}

pub(super) fn write() -> impl Strategy<Value = Write> {
    (
        (address(), part()),
        select(vec![Action::Create, Action::Update, Action::Delete]),
        (attrs(), attrs()),
        (handle(), handle()),
        option::weighted(
            0.2,
            Just(Order {
                product: 9,
                period: 1,
            }),
        ),
    )
        .prop_map(
            |((address, part), action, (before, after), (handle, within), order)| Write {
                unit: Unit::new(address, part),
                action,
                before,
                after,
                handle,
                within,
                order,
            },
        )
}

fn pending() -> impl Strategy<Value = Pending> {
    let on = prop_oneof![
        Just(On::Provider),
        Just(On::Person {
            what: "click".into(),
            place: "the mail".into()
        }),
        Just(On::Dns),
        Just(On::Time { until: time(99) }),
    ];
    (on, content()).prop_map(|(on, order)| Pending {
        on,
        order: order.into(),
        goal: "registered".into(),
    })
}

pub(super) fn outcome() -> impl Strategy<Value = Outcome> {
    let reason = || {
        (option::of(any::<u16>()), content()).prop_map(|(status, text)| Reason {
            status,
            code: "net.timeout".into(),
            text: text.into(),
        })
    };
    prop_oneof![
        3 => (handle(), attrs()).prop_map(|(handle, outputs)| Outcome::Done { handle, outputs }),
        1 => reason().prop_map(Outcome::Refused),
        1 => reason().prop_map(Outcome::NotSent),
        1 => reason().prop_map(Outcome::Unknown),
        1 => pending().prop_map(Outcome::Pending),
    ]
}

fn entry() -> impl Strategy<Value = Entry> {
    let part = (part(), handle(), attrs(), option::of(address())).prop_map(
        |(part, handle, attrs, owner)| EntryPart {
            part,
            handle,
            attrs,
            owner: owner.map(Box::new),
        },
    );
    (
        handle(),
        vec(part, 0..3),
        attrs(),
        any::<bool>(),
        option::of(Just(time(5))),
    )
        .prop_map(|(handle, parts, outputs, forgotten, made)| Entry {
            handle,
            parts: parts.into(),
            outputs,
            forgotten,
            made,
        })
}

pub(super) fn record() -> impl Strategy<Value = Record> {
    let step = || (0..6u32).prop_map(StepId);
    prop_oneof![
        8 => (step(), write()).prop_map(|(step, write)| Record::Started { step, write, at: time(3) }),
        8 => (step(), outcome()).prop_map(|(step, outcome)| Record::Ended { step, outcome }),
        3 => (address(), part(), outcome())
            .prop_map(|(address, part, outcome)| Record::Arrived { unit: Unit::new(address, part), outcome }),
        2 => (address(), entry()).prop_map(|(address, entry)| Record::Adopted { address, entry }),
        1 => address().prop_map(Record::Forgotten),
        1 => (address(), address()).prop_map(|(from, to)| Record::Moved { from, to }),
        1 => address().prop_map(Record::AtGoal),
        1 => select(vec!["sha256:a", "sha256:b"]).prop_map(|digest| Record::Approved(digest.into())),
    ]
}

/// Any records in any order, but for the end of the run.
pub(super) fn records() -> impl Strategy<Value = Vec<Record>> {
    vec(record(), 0..40)
}
