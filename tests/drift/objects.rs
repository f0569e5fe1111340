//! F1 on objects that are no records: attribute by attribute, secrets never, what is let go of once.

use super::{drift, told};
use crate::render::file::assert_valid;
use crate::stages::objects::{attrs, object, with_print};
use crate::stages::world::*;
use bailiwick::drift::Counted;
use bailiwick::model::*;
use bailiwick::render::{Style, drift as rendered};

fn mailbox() -> Address {
    object(Kind::Mailbox, "info")
}

fn sides(file: &[(&'static str, &str)], applied: Attrs, live: &[(&'static str, &str)]) -> Sides {
    let mut sides = Sides::with_services();
    sides
        .want_object(&mailbox(), attrs(file))
        .see_object(&mailbox(), attrs(live))
        .recall_object(&mailbox(), applied);
    sides
}

#[test]
fn f1_attributes_of_one_object_differ_each_in_its_own_way() {
    let sides = sides(
        &[
            ("name", "new"),
            ("subject", "mine"),
            ("title", "t2"),
            ("to", "a"),
        ],
        attrs(&[
            ("name", "old"),
            ("subject", "mine"),
            ("title", "t1"),
            ("to", "a"),
        ]),
        &[
            ("name", "old"),
            ("subject", "theirs"),
            ("title", "t3"),
            ("to", "a"),
        ],
    );
    let mut found = told(&drift(&sides));
    found.sort();
    assert_eq!(
        found,
        [
            "conflict mailbox.info@example.com title",
            "drift mailbox.info@example.com subject",
            "pending mailbox.info@example.com name",
        ]
    );
}

#[test]
fn a_secret_is_never_drift_and_pending_where_its_source_changed() {
    let known = with_print(attrs(&[("name", "n")]), "password", "one");
    let mut sides = sides(&[("name", "n")], known, &[("name", "n")]);
    sides.want_secret(&mailbox(), "password", Sent::OnChange);
    sides.at_hand(&mailbox(), "password", "one");
    assert_eq!(told(&drift(&sides)), Vec::<String>::new());
    sides.at_hand(&mailbox(), "password", "two");
    let found = drift(&sides);
    assert_eq!(told(&found), ["pending mailbox.info@example.com password"]);
    let counted = Counted::with([]);
    for text in [
        rendered::json(&found, &counted),
        rendered::human(&found, &counted, Style::default()),
    ] {
        assert!(!text.contains("canary"), "{text}");
    }
}

#[test]
fn gone_is_missing_however_valued_and_forgotten_is_aside() {
    let mut sides = sides(&[("name", "n")], attrs(&[("name", "n")]), &[]);
    sides.live.objects.remove(&mailbox());
    assert_eq!(
        told(&drift(&sides)),
        ["missing mailbox.info@example.com name"]
    );
    // No longer in the file and not forgotten yet: there is nothing there and nothing wanted.
    sides.desired.remove(&mailbox());
    assert_eq!(told(&drift(&sides)), Vec::<String>::new());
    // Forgotten and live: nobody's difference.
    sides.see_object(&mailbox(), attrs(&[("name", "other")]));
    assert_eq!(
        told(&drift(&sides)),
        ["pending mailbox.info@example.com name"]
    );
    sides.ledger.entries.get_mut(&mailbox()).unwrap().forgotten = true;
    assert_eq!(told(&drift(&sides)), Vec::<String>::new());
}

#[test]
fn the_json_fits_its_schema_and_hostile_values_are_inert() {
    let hostile = crate::render::support::HOSTILE[0];
    let mut sides = sides(
        &[("name", "n")],
        attrs(&[("name", "n")]),
        &[("name", hostile)],
    );
    sides.see("odd/TXT", &[hostile]);
    let found = drift(&sides);
    let counted = Counted::with([]);
    let text = rendered::json(&found, &counted);
    assert_valid("drift", &text);
    crate::render::support::assert_inert(&text);
    let human = rendered::human(&found, &counted, Style::default());
    crate::render::support::assert_inert(&human);
    assert_eq!(
        human.lines().last(),
        Some(
            "Drift: 1 changed outside, 0 in conflict, 0 missing, 0 pending, 1 unmanaged. 1 finding of drift."
        ),
        "{human}"
    );
}
