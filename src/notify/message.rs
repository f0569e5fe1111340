//! What is said: for programs the JSON of the run itself, for people a title and some lines.
//!
//! Lines are made inert for any reader here; what a chat obeys is the form's business.

use super::Event;
use super::form::{Form, Message};
use super::memory::expiring;
use crate::apply::{Ending, Report, Row};
use crate::drift::{Counted, Drift};
use crate::plan::file::Names;
use crate::render::escape::{inert, shorten};
use crate::render::{self, json, outcome};
use std::collections::BTreeSet;

/// Most lines of one list.
const MOST: usize = 20;

/// Most characters of a line.
const LINE: usize = 200;

/// The body that tells of a drift.
pub fn of_drift(
    form: Form,
    events: &BTreeSet<Event>,
    (drift, counted): (&Drift, &Counted),
) -> String {
    if form == Form::Json {
        return render::drift::json(drift, counted);
    }
    let items: Vec<_> = drift.counted(counted).collect();
    let ending: Vec<_> = expiring(drift).collect();
    let about = ending.iter().filter_map(|finding| finding.address.as_ref());
    let names = Names::among(items.iter().map(|item| &item.address).chain(about));
    let mut lines = Vec::new();
    if events.contains(&Event::Drift) {
        lines.extend(some(items.iter().map(|item| {
            let attributes: Vec<&str> = item.attributes.iter().map(|d| d.name).collect();
            let attributes = match attributes.is_empty() {
                true => String::new(),
                false => format!(": {}", attributes.join(", ")),
            };
            format!(
                "{} {}{attributes}",
                item.class.word(),
                names.text(&item.address)
            )
        })));
    }
    if events.contains(&Event::Expiry) {
        lines.extend(some(ending.iter().map(|finding| {
            let about = finding.address.as_ref().map(|address| names.text(address));
            format!("{} {}", about.unwrap_or_default(), finding.message)
        })));
    }
    lines.push(render::drift::summary(drift, counted));
    let word = |event: &Event| match event {
        Event::Drift => format!("drift ({})", items.len()),
        Event::Recovered => "no drift any more".to_owned(),
        Event::Expiry => format!("ends and is not renewed ({})", ending.len()),
        Event::Failed | Event::PendingDone => String::new(),
    };
    form.body(&message(events.iter().map(word), lines))
}

/// The body that tells of an apply, with the exit code that it ends with.
pub fn of_report(form: Form, events: &BTreeSet<Event>, (report, exit): (&Report, u8)) -> String {
    if form == Form::Json {
        return json::report(report, exit);
    }
    let rows = report.rows.iter().map(|row| &row.step.address);
    let found = report.findings.iter().filter_map(|f| f.address.as_ref());
    let blocked = report.blocked.iter().map(|blocked| &blocked.address);
    let names = Names::among(rows.chain(found).chain(blocked));
    let mut lines: Vec<String> = some(report.rows.iter().filter_map(|row| ended(row, &names)));
    lines.extend(some(report.blocked.iter().map(|blocked| {
        format!("blocked {}: {}", names.text(&blocked.address), blocked.code)
    })));
    lines.extend(some(report.findings.iter().map(|finding| {
        let about = finding.address.as_ref().map(|address| names.text(address));
        format!("{} {}", about.unwrap_or_default(), finding.message)
    })));
    lines.push(outcome::last_line(report));
    let word = |event: &Event| match event {
        Event::Failed => format!("apply failed (exit {exit})"),
        Event::PendingDone => "what was pending is done".to_owned(),
        Event::Drift | Event::Recovered | Event::Expiry => String::new(),
    };
    form.body(&message(events.iter().map(word), lines))
}

/// The body that tells of an apply that came to an end before there was a report.
pub fn of_failure(form: Form, failure: &json::Failure) -> String {
    if form == Form::Json {
        return json::failure(failure, &Default::default(), &Default::default());
    }
    let title = format!("apply failed (exit {})", failure.exit);
    let line = format!("{}: {}", failure.code, failure.message);
    form.body(&message([title].into_iter(), some([line].into_iter())))
}

/// A row that did not end well.
fn ended(row: &Row, names: &Names) -> Option<String> {
    let (word, reason) = match &row.ending {
        Ending::Failed(reason) => ("failed", reason),
        Ending::Unknown(reason) => ("unknown", reason),
        Ending::NotStarted(reason) => ("not started", reason),
        Ending::Applied | Ending::Skipped { .. } | Ending::Pending => return None,
    };
    let address = names.text(&row.step.address);
    Some(format!(
        "{word} {address}: {}: {}",
        reason.code, reason.text
    ))
}

/// At most so many lines, each inert, of one line and not too long.
fn some(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept = Vec::new();
    let mut more = 0_usize;
    for line in lines {
        if kept.len() < MOST {
            kept.push(shorten(&inert(line.trim()), LINE).into_owned());
        } else {
            more += 1;
        }
    }
    if more > 0 {
        kept.push(format!("and {more} more"));
    }
    kept
}

fn message(words: impl Iterator<Item = String>, lines: Vec<String>) -> Message {
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    Message {
        title: format!("bailiwick: {}", words.join("; ")),
        lines,
    }
}
