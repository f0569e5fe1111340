//! What came of a run, for a terminal or a log: every ending, and the stable line last.

use super::escape::{inert, shorten};
use super::human::{Page, section};
use super::style::{Style, Tone};
use super::view::{self, amount, count, value};
use crate::apply::{Ending, Report};
use crate::ledger::StepId;
use crate::model::{self, Address, Reason};
use crate::plan::file::Names;
use crate::plan::{PlanAction, Step, sends};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// So many objects are named one by one; more are counted by domain, and more domains in sum.
const NAMED: usize = 40;

/// Most characters of a set's member.
const PART: usize = 60;

/// Said where a run was asked to stop.
pub(super) const INTERRUPTED: &str = "Interrupted: nothing new was started.";

/// Most characters of what a server said.
const SAID: usize = 1000;

/// The addresses of a report, to be named without doubt.
pub(super) fn names(report: &Report) -> Names {
    let rows = report.rows.iter().map(|row| &row.step.address);
    let blocked = report.blocked.iter().map(|blocked| &blocked.address);
    let findings = report.findings.iter().filter_map(|f| f.address.as_ref());
    Names::among(rows.chain(blocked).chain(findings))
}

/// Lays out a report, with a final newline.
pub fn report(report: &Report, style: Style) -> String {
    let names = names(report);
    let mut out = Page::default();
    if report.interrupted {
        out.line(INTERRUPTED);
    }
    for list in lists(report, &names) {
        out.gap();
        let title = style.paint(list.kind.tone(), list.kind.title());
        out.line(format!("  {title}"));
        for line in list.entries.iter().flatten() {
            out.line(format!("    {line}"));
        }
        if let Some(hint) = list.kind.what_to_do() {
            out.line(format!("    → {hint}"));
        }
    }
    let blocked = view::blocked_of(&report.blocked, &names);
    section(&mut out, "Blocked", &blocked, style);
    let findings = view::findings_of(&report.findings, &names);
    section(&mut out, "Findings", &findings, style);
    out.gap();
    out.line(last_line(report));
    out.text
}

/// The last line of `apply`: a stable interface, zeros included.
pub fn last_line(report: &Report) -> String {
    let tally = report.tally();
    format!(
        "Applied: {} created, {} changed, {} destroyed; {} failed, {} skipped, {} unknown, \
         {} pending, {} not started. Spent {} {}.",
        tally.created,
        tally.changed,
        tally.destroyed,
        tally.failed,
        tally.skipped,
        tally.unknown,
        tally.pending,
        tally.not_started,
        amount(&report.cost.booked),
        inert(&report.cost.currency),
    )
}

/// `HTTP 500, code 710: text`.
pub(super) fn said(reason: &Reason) -> String {
    let status = match reason.status {
        Some(status) => format!("HTTP {status}, "),
        None => String::new(),
    };
    let text = inert(&reason.text);
    format!(
        "{status}code {}: {}",
        inert(&reason.code),
        shorten(&text, SAID)
    )
}

/// A step by its address and, where it has one, its part.
pub(super) fn named(step: &Step, names: &Names) -> String {
    let address = names.text(&step.address);
    let address = inert(&address);
    if step.part.is_object() {
        return address.into_owned();
    }
    let part = inert(&step.part.0);
    let mut named = format!("{address} {}", shorten(&part, PART));
    if step.address.kind == model::Kind::Record && step.before().get("data").is_some() {
        let after = step.after();
        if let Some(after) = after.get("data") {
            let after = value::text(after, names);
            named.push_str(&format!(" → {}", shorten(&after, PART)));
        }
    }
    named
}

fn done(action: PlanAction) -> &'static str {
    match action {
        PlanAction::Create => "created",
        PlanAction::Update => "changed",
        PlanAction::Delete => "destroyed",
        PlanAction::Adopt => "adopted",
        PlanAction::Forget => "forgotten",
    }
}

/// The steps of one kind of ending, each with its lines.
pub(super) struct List {
    pub(super) kind: Kind,
    pub(super) entries: Vec<Vec<String>>,
}

/// The lists of a report that hold something; what a reader must act on stands last.
pub(super) fn lists(report: &Report, names: &Names) -> Vec<List> {
    let known: BTreeMap<StepId, &Step> = report
        .rows
        .iter()
        .map(|row| (row.step.id, &row.step))
        .collect();
    let applied = List {
        kind: Kind::Applied,
        entries: applied(report, names),
    };
    let others = Kind::NOT_DONE.into_iter().map(|kind| List {
        kind,
        entries: report
            .rows
            .iter()
            .filter(|row| Kind::of(&row.ending) == kind)
            .map(|row| {
                vec![
                    named(&row.step, names),
                    format!("    {}", why(&row.ending, &known, names)),
                ]
            })
            .collect(),
    });
    std::iter::once(applied)
        .chain(others)
        .filter(|list| !list.entries.is_empty())
        .collect()
}

fn applied(report: &Report, names: &Names) -> Vec<Vec<String>> {
    let ended = report
        .rows
        .iter()
        .filter(|row| row.ending == Ending::Applied);
    let (steps, notes): (Vec<&Step>, Vec<&Step>) = ended
        .map(|row| &row.step)
        .partition(|step| sends(step.action));
    let mut noted: BTreeMap<PlanAction, BTreeSet<&Address>> = BTreeMap::new();
    for step in notes {
        noted.entry(step.action).or_default().insert(&step.address);
    }
    // Nothing was sent for these: one line for all of them.
    let noted = noted.iter().map(|(action, objects)| {
        vec![format!(
            "{:<9} {} (in the ledger)",
            done(*action),
            count(objects.len(), "object")
        )]
    });
    if steps.len() <= NAMED {
        let steps = steps
            .into_iter()
            .map(|step| vec![format!("{:<9} {}", done(step.action), named(step, names))]);
        return steps.chain(noted).collect();
    }
    let mut domains: BTreeMap<&Arc<str>, BTreeMap<PlanAction, usize>> = BTreeMap::new();
    for step in steps {
        let counts = domains.entry(&step.address.domain).or_default();
        *counts.entry(step.action).or_default() += 1;
    }
    let mut lines = Vec::new();
    let mut rest: BTreeMap<PlanAction, usize> = BTreeMap::new();
    for (at, (domain, counts)) in domains.iter().enumerate() {
        if at < NAMED {
            let domain = if domain.is_empty() {
                "contacts"
            } else {
                domain
            };
            lines.push(vec![format!("{}: {}", inert(domain), counted(counts))]);
        } else {
            for (action, number) in counts {
                *rest.entry(*action).or_default() += number;
            }
        }
    }
    if let Some(more) = domains.len().checked_sub(NAMED + 1) {
        let more = count(more + 1, "more domain");
        lines.push(vec![format!("{more}: {}", counted(&rest))]);
    }
    lines.extend(noted);
    lines
}

fn why(ending: &Ending, known: &BTreeMap<StepId, &Step>, names: &Names) -> String {
    match ending {
        Ending::Applied => "done".into(),
        Ending::Pending => "taken by the provider, and not finished".into(),
        Ending::Failed(reason) | Ending::Unknown(reason) | Ending::NotStarted(reason) => {
            said(reason)
        }
        Ending::Skipped { because } => match known.get(because) {
            Some(step) => format!(
                "because step {} did not end well: {}",
                because.0,
                named(step, names)
            ),
            None => format!("because step {} did not end well", because.0),
        },
    }
}

fn counted(counts: &BTreeMap<PlanAction, usize>) -> String {
    counts
        .iter()
        .map(|(action, number)| format!("{number} {}", done(*action)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The kinds of endings, each a list of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Applied,
    Pending,
    NotStarted,
    Skipped,
    Unknown,
    Failed,
}

impl Kind {
    /// What a reader must act on stands last, next to the last line.
    const NOT_DONE: [Kind; 5] = [
        Kind::Pending,
        Kind::NotStarted,
        Kind::Skipped,
        Kind::Unknown,
        Kind::Failed,
    ];

    fn of(ending: &Ending) -> Self {
        match ending {
            Ending::Applied => Kind::Applied,
            Ending::Pending => Kind::Pending,
            Ending::NotStarted(_) => Kind::NotStarted,
            Ending::Skipped { .. } => Kind::Skipped,
            Ending::Unknown(_) => Kind::Unknown,
            Ending::Failed(_) => Kind::Failed,
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Kind::Applied => "Applied",
            Kind::Pending => "Pending",
            Kind::NotStarted => "Not started",
            Kind::Skipped => "Skipped",
            Kind::Unknown => "Unknown",
            Kind::Failed => "Failed",
        }
    }

    fn tone(self) -> Tone {
        match self {
            Kind::Applied => Tone::Good,
            Kind::Pending => Tone::Changed,
            Kind::NotStarted | Kind::Skipped => Tone::Kept,
            Kind::Unknown | Kind::Failed => Tone::Bad,
        }
    }

    pub(super) fn what_to_do(self) -> Option<&'static str> {
        match self {
            Kind::Applied => None,
            Kind::Pending => Some("the next run asks for it, and orders nothing twice"),
            Kind::NotStarted => Some("run it again to go on"),
            Kind::Skipped => Some("mend what stopped them, and run it again"),
            Kind::Unknown => Some(
                "it may or may not have taken effect: the next run looks before it writes; what cannot \
                 be seen waits for `bailiwick resolve`",
            ),
            Kind::Failed => Some("mend it and run it again: what is done is not done twice"),
        }
    }
}
