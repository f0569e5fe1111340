//! The plan for people.

use super::support::{HOSTILE, assert_inert, hostile_plan, maximal};
use bailiwick::render::{Colour, Style, View, human};

#[test]
fn a_plan_for_people() {
    let plan = maximal();
    insta::assert_snapshot!(human::plan(&View::of(&plan), Style::default()));
}

#[test]
fn hostile_values_are_inert() {
    for text in HOSTILE {
        let shown = human::plan(&View::of(&hostile_plan(text)), Style::default());
        assert_inert(&shown);
    }
}

#[test]
fn colour_adds_escapes_and_nothing_else() {
    let view = View::of(&maximal());
    let plain = human::plan(&view, Style::default());
    let coloured = human::plan(
        &view,
        Style {
            colour: Colour::Yes,
            ..Style::default()
        },
    );
    assert!(!plain.contains('\u{1b}'));
    assert!(coloured.contains('\u{1b}'));
    assert_eq!(console::strip_ansi_codes(&coloured), plain);
}
