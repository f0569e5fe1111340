//! What is said of a drift and of an apply, in each form, and that nobody's text is obeyed.

use super::{drift, finding, item, zone};
use bailiwick::apply::Report;
use bailiwick::diag::Severity;
use bailiwick::drift::Counted;
use bailiwick::notify::{self, Event, Form};
use bailiwick::plan::{Finding, Scoped};
use bailiwick::render::json::Failure;
use serde_json::Value;
use std::collections::BTreeSet;

const HOSTILE: &str = "<!channel> <https://evil.example|x>\u{1b}[31m\n::error::x [y](https://evil.example) {{DATE()}}";

fn json(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"))
}

/// The lines that people read, whatever the form.
fn lines(form: Form, body: &str) -> Vec<String> {
    let json = json(body);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    match form {
        Form::Json => panic!("for programs"),
        Form::Slack => {
            let blocks = json["blocks"].as_array().unwrap().iter();
            let texts = blocks.map(|block| text(&block["text"]["text"]));
            texts
                .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
                .collect()
        }
        Form::Teams => {
            let blocks = json["attachments"][0]["content"]["body"]
                .as_array()
                .unwrap();
            blocks
                .iter()
                .map(|block| text(&block["inlines"][0]["text"]))
                .collect()
        }
    }
}

fn events(events: &[Event]) -> BTreeSet<Event> {
    events.iter().copied().collect()
}

#[test]
fn programs_get_what_stdout_holds() {
    let counted = Counted::with([]);
    let drift = drift(vec![item("a.example", "1")]);
    let body = notify::of_drift(Form::Json, &events(&[Event::Drift]), (&drift, &counted));
    assert_eq!(body, bailiwick::render::drift::json(&drift, &counted));
    let report = Report::default();
    let body = notify::of_report(Form::Json, &events(&[Event::Failed]), (&report, 9));
    assert_eq!(body, bailiwick::render::json::report(&report, 9));
}

#[test]
fn people_get_a_title_and_lines() {
    let counted = Counted::with([]);
    let mut drift = drift(vec![item("a.example", "1"), item("b.example", "1")]);
    let ends = finding(
        "expiry.soon",
        Severity::Warning,
        "c.example",
        "ends in 3 days",
    );
    drift.findings = vec![ends];
    for form in [Form::Slack, Form::Teams] {
        let both = events(&[Event::Drift, Event::Expiry]);
        let body = notify::of_drift(form, &both, (&drift, &counted));
        assert_eq!(
            lines(form, &body),
            [
                "bailiwick: drift (2); ends and is not renewed (1)",
                "drift zone.a.example: ttl",
                "drift zone.b.example: ttl",
                "zone.c.example ends in 3 days",
                "Drift: 2 changed outside, 0 in conflict, 0 missing, 0 pending, 0 unmanaged. 2 findings of drift.",
            ]
        );
        let many = super::drift(
            (0..50)
                .map(|n| item(&format!("d{n}.example"), "1"))
                .collect(),
        );
        let body = notify::of_drift(form, &events(&[Event::Drift]), (&many, &counted));
        let lines = lines(form, &body);
        assert_eq!((lines.len(), &*lines[21]), (23, "and 30 more"));
    }
}

#[test]
fn hostile_text_is_obeyed_by_nobody() {
    let mut report = Report::default();
    report.findings.push(Finding {
        code: "notify.pending-done",
        severity: Severity::Notice,
        scope: Scoped::Object,
        address: Some(zone("a.example")),
        message: HOSTILE.into(),
        source: None,
    });
    let failure = Failure {
        code: "net.connect".into(),
        message: HOSTILE.into(),
        exit: 1,
    };
    for form in [Form::Slack, Form::Teams] {
        for body in [
            notify::of_report(form, &events(&[Event::PendingDone]), (&report, 0)),
            notify::of_failure(form, &failure),
        ] {
            assert!(
                !body.contains("\\u001b") && !body.contains("::error::"),
                "{body}"
            );
            let body_json = json(&body);
            match form {
                Form::Slack => {
                    assert!(!body.contains('<'), "{body}");
                    for block in body_json["blocks"].as_array().unwrap() {
                        assert_eq!(block["text"]["type"], "plain_text");
                    }
                }
                Form::Teams => {
                    assert!(
                        !body.contains("{{") && !body.contains("\"TextBlock\""),
                        "{body}"
                    );
                }
                Form::Json => unreachable!("for programs"),
            }
            assert!(lines(form, &body).iter().all(|line| !line.contains('\n')));
        }
    }
    // A program gets it as JSON, whole.
    let body = json(&notify::of_failure(Form::Json, &failure));
    assert_eq!(body["error"]["message"], HOSTILE);
}
