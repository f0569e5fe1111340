//! What is told beside the changes: what, why, and what to do.

use super::super::escape::inert;
use super::some_of;
use crate::diag::{Place, Severity};
use crate::plan::file::Names;
use crate::plan::{Blocked, Finding, PlanPending, Scoped};
use std::collections::BTreeMap;

/// From this number on, objects of which the same is said share one notice.
const ALIKE: usize = 4;

/// One thing that is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// `error`, `warning`, `notice`, `blocked`, or the state of an order.
    pub word: String,
    /// `guard.share`; empty where there is none.
    pub code: String,
    /// What it is about; empty where it is the whole plan.
    pub about: String,
    /// What, and why.
    pub message: String,
    /// What it holds back, or what to do.
    pub hint: Option<String>,
    /// The line.
    pub place: Option<String>,
    /// How many objects it is about.
    pub objects: usize,
}

/// Objects of which the same is said, with their lines.
type Objects<'a> = Vec<(String, Option<&'a Place>)>;

type Alike<'a> = BTreeMap<(Severity, Scoped, &'a str, &'a str), Objects<'a>>;

/// Findings, errors first; the same said of many objects is said once.
pub(in crate::render) fn findings(findings: &[Finding], names: &Names) -> Vec<Notice> {
    let mut alike = Alike::new();
    for finding in findings {
        let about = finding.address.as_ref().map(|address| names.text(address));
        alike
            .entry((
                finding.severity,
                finding.scope,
                finding.code,
                &finding.message,
            ))
            .or_default()
            .push((about.unwrap_or_default(), finding.source.as_ref()));
    }
    let mut notices = Vec::new();
    for ((severity, scope, code, message), objects) in alike {
        let hint = match (severity, scope) {
            (Severity::Error, Scoped::Plan) => Some("apply refuses the whole plan".to_owned()),
            (Severity::Error, Scoped::Zone) => Some("apply leaves this zone out".to_owned()),
            (Severity::Error, Scoped::Object) => {
                Some("apply leaves it out, with what needs it".to_owned())
            }
            (Severity::Warning | Severity::Notice, _) => None,
        };
        notices.extend(shared(
            Notice {
                word: severity.word().into(),
                code: code.into(),
                about: String::new(),
                message: inert(message).into_owned(),
                hint,
                place: None,
                objects: 1,
            },
            objects,
        ));
    }
    notices
}

/// Blocked objects; the same said of many is said once.
pub(in crate::render) fn blocked(blocked: &[Blocked], names: &Names) -> Vec<Notice> {
    let mut alike: BTreeMap<(&str, &str), Objects<'_>> = BTreeMap::new();
    for one in blocked {
        alike
            .entry((one.code, &one.reason))
            .or_default()
            .push((names.text(&one.address), one.source.as_ref()));
    }
    let mut notices = Vec::new();
    for ((code, reason), objects) in alike {
        notices.extend(shared(
            Notice {
                word: "blocked".into(),
                code: code.into(),
                about: String::new(),
                message: inert(reason).into_owned(),
                hint: None,
                place: None,
                objects: 1,
            },
            objects,
        ));
    }
    notices
}

/// What is under way.
pub(super) fn pending(pending: &[PlanPending], names: &Names) -> Vec<Notice> {
    pending
        .iter()
        .map(|one| Notice {
            word: "pending".into(),
            code: inert(&one.state).into_owned(),
            about: inert(&names.text(&one.address)).into_owned(),
            message: format!(
                "to be {}, order {} since {}",
                inert(&one.goal),
                inert(&one.order),
                inert(&one.since)
            ),
            hint: Some(match &one.action {
                Some(action) => format!("to do: {}", inert(action)),
                None => "nothing to do but wait".into(),
            }),
            place: None,
            objects: 1,
        })
        .collect()
}

fn shared(notice: Notice, objects: Objects<'_>) -> Vec<Notice> {
    let place =
        |place: Option<&Place>| place.map(|place| format!("{}:{}", inert(&place.file), place.line));
    if objects.len() < ALIKE {
        return objects
            .into_iter()
            .map(|(about, source)| Notice {
                about: inert(&about).into_owned(),
                place: place(source),
                ..notice.clone()
            })
            .collect();
    }
    let names: Vec<&str> = objects.iter().map(|(about, _)| about.as_str()).collect();
    vec![Notice {
        about: format!("{} objects: {}", objects.len(), some_of(&names)),
        place: place(objects[0].1),
        objects: objects.len(),
        ..notice
    }]
}
