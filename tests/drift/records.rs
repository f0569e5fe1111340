//! F1, F2, F4, F5 on record sets.

use super::{classes, drift, drift_with, told};
use crate::stages::world::*;
use bailiwick::drift::{Class, Counted, Memory};
use bailiwick::ledger::{Found, Opened, Standing};
use bailiwick::model::*;

const A: &str = "192.0.2.1";
const B: &str = "192.0.2.2";
const C: &str = "192.0.2.3";

/// `www/A` on three sides; the zone was applied.
fn sides(file: &[&str], applied: &[&str], live: &[&str]) -> Sides {
    let mut sides = Sides::new();
    sides.recall_object(&zone(), Attrs::none());
    sides.want("www/A", file).see("www/A", live);
    for value in applied {
        sides.applied("www/A", value, value);
    }
    sides
}

#[test]
fn f1_a_record_set_in_every_class() {
    type Values = &'static [&'static str];
    let table: &[(Values, Values, Values, Values)] = &[
        (&[A], &[A], &[A], &[]),
        (&[A], &[A], &[B], &["drift record.example.com/www/A data"]),
        (
            &[A],
            &[A],
            &[A, B],
            &["drift record.example.com/www/A data"],
        ),
        (&[A], &[B], &[B], &["pending record.example.com/www/A data"]),
        (&[A], &[], &[], &["pending record.example.com/www/A data"]),
        (
            &[A],
            &[B],
            &[C],
            &["conflict record.example.com/www/A data"],
        ),
        (&[A], &[A], &[], &["missing record.example.com/www/A data"]),
        (&[], &[A], &[A], &["pending record.example.com/www/A data"]),
        (&[], &[A], &[], &[]),
        (&[], &[], &[A], &["unmanaged record.example.com/www/A data"]),
    ];
    for (file, applied, live, expected) in table {
        let found = drift(&sides(file, applied, live));
        assert_eq!(told(&found), *expected, "{file:?} {applied:?} {live:?}");
    }
}

#[test]
fn in_a_purged_zone_what_appears_is_drift() {
    let mut sides = sides(&[A], &[A], &[A]);
    sides.declare_zone(true);
    sides.see("new/A", &[B]);
    assert_eq!(
        told(&drift(&sides)),
        ["drift record.example.com/new/A data"]
    );
}

#[test]
fn a_text_beside_ours_is_unmanaged_and_ours_is_not_drift() {
    let mut sides = Sides::new();
    sides.recall_object(&zone(), Attrs::none());
    sides
        .want("@/TXT", &["ours"])
        .see("@/TXT", &["ours", "theirs"]);
    sides.applied("@/TXT", "ours", "1");
    let found = drift(&sides);
    assert_eq!(told(&found), ["unmanaged record.example.com/@/TXT data"]);
    let live = found.items[0].attributes[0].live.as_ref();
    assert_eq!(live, Some(&Value::list(&["theirs"])));
}

#[test]
fn f1_without_a_ledger_the_first_three_are_one_and_it_is_said() {
    for found in [Found::Fresh, Found::Lost] {
        let sides = sides(&[A], &[], &[B]);
        let drift = drift_with(&sides, Memory::quiet(found));
        assert_eq!(classes(&drift), [Class::Drift]);
        assert_eq!(drift.findings[0].code, "drift.no-ledger");
    }
}

#[test]
fn f4_an_ignore_holds_until_its_day_and_then_is_a_finding() {
    for (until, expected) in [("2027-01-01", 0), ("2026-11-23", 1)] {
        let mut sides = sides(&[A], &[A], &[A]);
        sides.see("_acme-challenge/TXT", &["x"]);
        let ignore = Ignore {
            host: "_acme*".into(),
            rtype: "TXT".into(),
            reason: "set by the ACME client".into(),
            until: Some(until.parse().unwrap()),
            origin: Origin {
                place: bailiwick::diag::Place {
                    file: "t.toml".into(),
                    line: 7,
                    column: 1,
                },
                via: None,
                note: None,
            },
        };
        let rules = Rules {
            purge: true,
            ignore: Box::new([ignore]),
            gone: false,
        };
        sides.desired.get_mut(&zone()).unwrap().rules = Some(Box::new(rules));
        let found = drift(&sides);
        assert_eq!(found.items.len(), expected, "{until}: {found:?}");
        let codes: Vec<_> = found.findings.iter().map(|f| f.code).collect();
        assert_eq!(codes, vec!["ignore.expired"; expected], "{until}");
    }
}

#[test]
fn a_record_that_another_object_brought_is_aside() {
    let mut sides = sides(&[A], &[A], &[A]);
    sides.declare_zone(true);
    sides.see("_acme-challenge/TXT", &["x"]);
    let seen = sides.live.objects.get_mut(&record("_acme-challenge/TXT"));
    for part in &mut seen.unwrap().parts {
        part.owner = Some(Box::new(zone()));
    }
    assert_eq!(told(&drift(&sides)), Vec::<String>::new());
}

#[test]
fn f2_the_fingerprint_depends_on_what_counts_and_on_nothing_else() {
    let counted = Counted::with([]);
    let of = |sides: &Sides| drift(sides).fingerprint(&counted);
    let first = sides(&[A, B], &[A, B], &[C, A]);
    let mut turned = sides(&[B, A], &[B, A], &[A, C]);
    turned.live.as_of = "2027-05-01T00:00:00Z".parse().unwrap();
    assert_eq!(of(&first), of(&turned));
    // What does not count makes no difference, what counts does.
    turned.see("other/A", &[A]);
    assert_eq!(of(&first), of(&turned));
    let all = Counted::with([Class::Pending, Class::Unmanaged]);
    assert_ne!(
        drift(&first).fingerprint(&all),
        drift(&turned).fingerprint(&all)
    );
    assert_ne!(of(&first), of(&sides(&[A, B], &[A, B], &[A])));
    assert_ne!(of(&first), of(&sides(&[A], &[A], &[A])));
}

fn opened(sides: &Sides, standing: Standing) -> Opened {
    Opened {
        ledger: sides.ledger.clone(),
        found: Found::Here,
        standing,
        crashed: false,
    }
}

fn held() -> Standing {
    Standing::HeldBy(bailiwick::ledger::Holder {
        host: "h".into(),
        pid: 1,
        url: None,
        since: Time::default(),
    })
}

#[test]
fn f5_what_an_apply_writes_or_wrote_meanwhile_is_not_drift() {
    // Halfway: of two values one is written, and the ledger knows the old ones.
    let mut sides = sides(&[A, B], &[C], &[A]);
    sides.want("mail/A", &[A]).see("mail/A", &[B]);
    sides.applied("mail/A", A, "9");
    let quiet = opened(&sides, Standing::Free);
    assert_eq!(drift(&sides).items.len(), 2);

    let mut during = opened(&sides, held());
    let write = Write {
        unit: Unit::new(record("www/A"), Part::new(B)),
        action: Action::Create,
        before: Attrs::none(),
        after: Attrs::one("data", Value::text(B)),
        handle: None,
        within: None,
        order: None,
    };
    let open = bailiwick::ledger::Open {
        step: bailiwick::ledger::StepId(1),
        since: Time::default(),
        pending: None,
        write: write.clone(),
    };
    during.ledger.open.insert(write.unit, open);
    // It began before the read, or after it.
    for (before, after) in [(&during, &during), (&quiet, &during), (&during, &quiet)] {
        let drift = drift_with(&sides, Memory::of(before, after));
        assert!(drift.applying);
        assert_eq!(told(&drift), ["drift record.example.com/mail/A data"]);
        assert_eq!(drift.findings[0].code, "ledger.applying");
    }
    // It ended while we read: what it wrote is another now.
    let mut after = quiet.clone();
    after.ledger.entries.remove(&record("www/A"));
    let drift = drift_with(&sides, Memory::of(&quiet, &after));
    assert!(drift.applying);
    assert_eq!(told(&drift), ["drift record.example.com/mail/A data"]);
    assert!(!drift_with(&sides, Memory::of(&quiet, &quiet)).applying);
}

#[test]
fn f3_what_cannot_be_read_is_an_error_and_not_no_drift() {
    let mut sides = sides(&[A], &[A], &[]);
    let reason = Reason::ours("api.failed", "the server said no");
    sides.live.failed.push((zone(), reason));
    let found = drift(&sides);
    assert!(found.unread(), "{found:?}");
    assert_eq!(found.findings[0].code, "read.failed");
    assert!(found.items.is_empty(), "{found:?}");
}
