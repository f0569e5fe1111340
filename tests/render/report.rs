//! What came of a run.

use super::file::assert_valid;
use super::support::{HOSTILE, assert_inert, hostile_plan, maximal};
use bailiwick::apply::{Ending, Report, Row};
use bailiwick::ledger::StepId;
use bailiwick::model::Reason;
use bailiwick::plan::Plan;
use bailiwick::render::{Colour, Style, json, markdown, outcome};
use serde_json::{Value as Json, json};

fn refused(text: &str) -> Reason {
    Reason {
        status: Some(500),
        code: "710".into(),
        text: text.into(),
    }
}

/// A run of a plan in which every ending happens.
fn run(plan: Plan, text: &str) -> Report {
    let endings = [
        Ending::Applied,
        Ending::Failed(refused(text)),
        Ending::Applied,
        Ending::Applied,
        Ending::Unknown(Reason::ours("net.timeout", text)),
        Ending::Pending,
        Ending::Skipped { because: StepId(2) },
        Ending::NotStarted(Reason::ours("run.interrupted", text)),
    ];
    let Plan {
        steps,
        blocked,
        findings,
        digest,
        ..
    } = plan;
    Report {
        digest,
        rows: steps
            .into_iter()
            .zip(endings)
            .map(|(step, ending)| Row { step, ending })
            .collect(),
        blocked,
        findings,
        interrupted: true,
        ..Report::default()
    }
}

#[test]
fn a_report_for_people() {
    let report = run(maximal(), "the zone is locked");
    let shown = outcome::report(&report, Style::default());
    assert_eq!(
        shown.lines().last(),
        Some(
            "Applied: 1 created, 1 changed, 1 destroyed; 1 failed, 1 skipped, 1 unknown, 1 pending, \
             1 not started. Spent 0.00 EUR."
        )
    );
    insta::assert_snapshot!(shown);
}

#[test]
fn an_empty_report_is_its_last_line() {
    let shown = outcome::report(&Report::default(), Style::default());
    assert_eq!(
        shown,
        "Applied: 0 created, 0 changed, 0 destroyed; 0 failed, 0 skipped, 0 unknown, 0 pending, \
         0 not started. Spent 0.00 EUR.\n"
    );
}

#[test]
fn many_applied_steps_are_counted_by_domain() {
    let mut report = run(maximal(), "");
    let row = report.rows[3].clone();
    report.rows.clear();
    for number in 0..500_u32 {
        let mut row = row.clone();
        row.step.id = StepId(number + 1);
        row.step.address.domain = format!("z{:03}.example", number / 5).into();
        row.step.address.name = format!("{number}/A").into();
        report.rows.push(row);
    }
    let shown = outcome::report(&report, Style::default());
    assert!(shown.contains("z000.example: 5 destroyed"), "{shown}");
    assert!(shown.contains("60 more domains: 300 destroyed"), "{shown}");
    assert!(shown.lines().count() < 70);
}

#[test]
fn a_report_for_programs() {
    let report = run(maximal(), "the zone is locked");
    let text = json::report(&report, 9);
    assert_valid("report", &text);
    let value: Json = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["exit"], 9);
    assert_eq!(value["digest"], json!(report.digest));
    assert_eq!(value["cost"]["booked"], "0.00");
    let failed = &value["failed"][0];
    assert_eq!(failed["id"], 2);
    assert_eq!(failed["address"], "record.example.com/www/A");
    assert_eq!(failed["status"], 500);
    assert_eq!(failed["code"], "710");
    assert_eq!(failed["text"], "the zone is locked");
    assert_eq!(failed["because"], Json::Null);
    assert_eq!(value["skipped"][0]["because"], 2);
    assert_eq!(value["unknown"][0]["code"], "net.timeout");
    assert_eq!(value["unknown"][0]["status"], Json::Null);
    assert_eq!(value["not_started"][0]["code"], "run.interrupted");
    assert_eq!(value["applied"].as_array().map(Vec::len), Some(3));
    assert_eq!(value["pending"].as_array().map(Vec::len), Some(1));
    assert_eq!(value["blocked"][0]["code"], "domain.not-owned");
    assert_eq!(value["findings"][1]["code"], "guard.share");
    let nothing = Report {
        digest: report.digest,
        ..Report::default()
    };
    assert_valid("report", &json::report(&nothing, 0));
}

#[test]
fn hostile_answers_are_inert() {
    for text in HOSTILE {
        let report = run(hostile_plan(text), text);
        assert_inert(&outcome::report(&report, Style::default()));
        assert_inert(&json::report(&report, 8));
        assert_inert(&markdown::report(&report));
    }
}

#[test]
fn colour_adds_escapes_and_nothing_else() {
    let report = run(maximal(), "no");
    let plain = outcome::report(&report, Style::default());
    let coloured = outcome::report(
        &report,
        Style {
            colour: Colour::Yes,
            ..Style::default()
        },
    );
    assert!(!plain.contains('\u{1b}'));
    assert_eq!(console::strip_ansi_codes(&coloured), plain);
}

#[test]
fn a_comment_tells_first_what_must_be_acted_on() {
    let report = run(maximal(), "the zone is ```locked");
    let text = markdown::report(&report);
    assert!(text.starts_with(markdown::REPORT_MARKER));
    assert!(text.contains(&outcome::last_line(&report)));
    assert!(text.contains("HTTP 500, code 710: the zone is ```locked"));
    assert!(text.contains("\n````text\n"), "{text}");
    let titles: Vec<&str> = text.lines().filter(|line| line.starts_with("**")).collect();
    assert_eq!(
        titles,
        [
            "**Failed**",
            "**Unknown**",
            "**Skipped**",
            "**Not started**",
            "**Pending**",
            "**Blocked**",
            "**Findings**",
            "**Applied**"
        ]
    );
    let mut many = report.clone();
    for _ in 0..12 {
        many.rows.extend(many.rows.clone());
    }
    let text = markdown::report(&many);
    assert!(text.len() <= markdown::MOST);
    assert!(
        text.contains("under “Failed”"),
        "what is left out is counted"
    );
}
