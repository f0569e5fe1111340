//! What is told beside the changes: what, why, and what to do.

use super::super::escape::inert;
use super::alike::{NAMED, without_domain};
use super::some_of;
use super::through::told;
use crate::diag::{Place, Severity};
use crate::model::Address;
use crate::plan::file::Names;
use crate::plan::{Blocked, Finding, PlanPending, Scoped};
use std::collections::{BTreeMap, BTreeSet};

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

/// One thing said of one object, and the same without the object's own name.
struct Said<'a> {
    about: String,
    message: &'a str,
    place: Option<&'a Place>,
}

type Alike<'a, K> = BTreeMap<(K, String), Vec<Said<'a>>>;

/// A message as it reads for other objects as well: a notice of eight hundred mailboxes is one, though each
/// says how to go on with its own name.
fn for_others(message: &str, about: &str, address: Option<&Address>) -> String {
    let Some(address) = address else {
        return message.into();
    };
    let text = match message.contains(about) {
        true => message.replace(about, "ADDRESS"),
        false => message.into(),
    };
    without_domain(&text, &address.domain).unwrap_or(text)
}

/// Findings, errors first; the same said of many objects is said once.
pub(in crate::render) fn findings(findings: &[Finding], names: &Names) -> Vec<Notice> {
    let mut alike: Alike<'_, (Severity, Scoped, &str)> = Alike::new();
    for finding in findings {
        let address = finding.address.as_ref();
        let about = address
            .map(|address| names.text(address))
            .unwrap_or_default();
        let key = (finding.severity, finding.scope, finding.code);
        let same = for_others(&finding.message, &about, address);
        alike.entry((key, same)).or_default().push(Said {
            about,
            message: &finding.message,
            place: finding.source.as_ref(),
        });
    }
    let mut notices = Vec::new();
    for (((severity, scope, code), same), objects) in alike {
        let hint = match (severity, scope) {
            (Severity::Error, Scoped::Plan) => Some("apply refuses the whole plan".to_owned()),
            (Severity::Error, Scoped::Zone) => Some("apply leaves this zone out".to_owned()),
            (Severity::Error, Scoped::Object) => {
                Some("apply leaves it out, with what needs it".to_owned())
            }
            (Severity::Warning | Severity::Notice, _) => None,
        };
        let notice = bare(severity.word(), code, hint);
        notices.extend(shared(notice, &same, objects));
    }
    notices
}

/// Blocked objects; the same said of many is said once.
pub(in crate::render) fn blocked(blocked: &[Blocked], names: &Names) -> Vec<Notice> {
    let mut alike: Alike<'_, &str> = Alike::new();
    for one in blocked {
        let about = names.text(&one.address);
        let same = for_others(&one.reason, &about, Some(&one.address));
        alike.entry((one.code, same)).or_default().push(Said {
            about,
            message: &one.reason,
            place: one.source.as_ref(),
        });
    }
    let mut notices = Vec::new();
    for ((code, same), objects) in alike {
        notices.extend(shared(bare("blocked", code, None), &same, objects));
    }
    notices
}

fn bare(word: &str, code: &str, hint: Option<String>) -> Notice {
    Notice {
        word: word.into(),
        code: code.into(),
        about: String::new(),
        message: String::new(),
        hint,
        place: None,
        objects: 1,
    }
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

fn shared(notice: Notice, same: &str, objects: Vec<Said<'_>>) -> Vec<Notice> {
    let place =
        |place: Option<&Place>| place.map(|place| format!("{}:{}", inert(&place.file), place.line));
    if objects.len() < ALIKE {
        return objects
            .into_iter()
            .map(|said| Notice {
                about: inert(&said.about).into_owned(),
                message: inert(said.message).into_owned(),
                place: place(said.place),
                ..notice.clone()
            })
            .collect();
    }
    let first = objects[0].message;
    let message = match objects.iter().all(|said| said.message == first) {
        true => first,
        false => same,
    };
    let mut names: Vec<&str> = objects.iter().map(|said| said.about.as_str()).collect();
    names.retain(|name| !name.is_empty());
    let about = match names.is_empty() {
        // Each about a line of the file, and no object.
        true => format!("{} times", objects.len()),
        false => format!("{} objects: {}", objects.len(), some_of(&names, NAMED)),
    };
    let places: BTreeSet<(&str, u32)> = objects
        .iter()
        .filter_map(|said| said.place)
        .map(|place| (&*place.file, place.line))
        .collect();
    vec![Notice {
        about,
        message: inert(message).into_owned(),
        place: told(&places),
        objects: objects.len(),
        ..notice
    }]
}
