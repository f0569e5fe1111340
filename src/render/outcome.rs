//! What came of a run, for a terminal or a log: every ending, and the stable line last.

use super::escape::{inert, shorten};
use super::human::{Page, section};
use super::style::{Style, Tone};
use super::view::{self, amount, count};
use crate::apply::{Ending, Report, Row};
use crate::ledger::StepId;
use crate::model::Reason;
use crate::plan::file::Names;
use crate::plan::{PlanAction, Step};
use std::collections::BTreeMap;
use std::sync::Arc;

/// So many objects are named one by one; more are counted by domain, and more domains in sum.
const NAMED: usize = 40;

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
    let known: BTreeMap<StepId, &Step> = report
        .rows
        .iter()
        .map(|row| (row.step.id, &row.step))
        .collect();
    let lists = Lists {
        names: &names,
        known: &known,
        style,
    };
    if report.interrupted {
        out.line("Interrupted: nothing new was started.");
    }
    lists.applied(&mut out, report);
    let rest: [(&str, Tone, fn(&Ending) -> bool); 5] = [
        ("Pending", Tone::Changed, |e| matches!(e, Ending::Pending)),
        ("Not started", Tone::Kept, |e| {
            matches!(e, Ending::NotStarted(_))
        }),
        ("Skipped", Tone::Kept, |e| {
            matches!(e, Ending::Skipped { .. })
        }),
        ("Unknown", Tone::Bad, |e| matches!(e, Ending::Unknown(_))),
        ("Failed", Tone::Bad, |e| matches!(e, Ending::Failed(_))),
    ];
    for (title, tone, is) in rest {
        let rows: Vec<&Row> = report.rows.iter().filter(|row| is(&row.ending)).collect();
        lists.list(&mut out, (title, tone), &rows);
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
        address.into_owned()
    } else {
        let part = inert(&step.part.0);
        format!("{address} {}", shorten(&part, 60))
    }
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

struct Lists<'a> {
    names: &'a Names,
    known: &'a BTreeMap<StepId, &'a Step>,
    style: Style,
}

impl Lists<'_> {
    fn applied(&self, out: &mut Page, report: &Report) {
        let steps: Vec<&Step> = report
            .rows
            .iter()
            .filter(|row| row.ending == Ending::Applied)
            .map(|row| &row.step)
            .collect();
        if steps.is_empty() {
            return;
        }
        out.gap();
        out.line(format!("  {}", self.style.paint(Tone::Good, "Applied")));
        if steps.len() <= NAMED {
            for step in steps {
                let named = named(step, self.names);
                out.line(format!("    {:<9} {named}", done(step.action)));
            }
            return;
        }
        let mut domains: BTreeMap<&Arc<str>, BTreeMap<PlanAction, usize>> = BTreeMap::new();
        for step in steps {
            let counts = domains.entry(&step.address.domain).or_default();
            *counts.entry(step.action).or_default() += 1;
        }
        let mut rest: BTreeMap<PlanAction, usize> = BTreeMap::new();
        for (at, (domain, counts)) in domains.iter().enumerate() {
            if at < NAMED {
                let domain = if domain.is_empty() {
                    "contacts"
                } else {
                    domain
                };
                out.line(format!("    {}: {}", inert(domain), counted(counts)));
            } else {
                for (action, number) in counts {
                    *rest.entry(*action).or_default() += number;
                }
            }
        }
        if let Some(more) = domains.len().checked_sub(NAMED + 1) {
            let more = count(more + 1, "more domain");
            out.line(format!("    {more}: {}", counted(&rest)));
        }
    }

    fn list(&self, out: &mut Page, (title, tone): (&str, Tone), rows: &[&Row]) {
        if rows.is_empty() {
            return;
        }
        out.gap();
        out.line(format!("  {}", self.style.paint(tone, title)));
        for row in rows {
            out.line(format!("    {}", named(&row.step, self.names)));
            out.line(format!("        {}", self.why(&row.ending)));
        }
        if let Some(hint) = hint(title) {
            out.line(format!("    → {hint}"));
        }
    }

    fn why(&self, ending: &Ending) -> String {
        match ending {
            Ending::Applied => "done".into(),
            Ending::Pending => "taken by the provider, and not finished".into(),
            Ending::Failed(reason) | Ending::Unknown(reason) | Ending::NotStarted(reason) => {
                said(reason)
            }
            Ending::Skipped { because } => match self.known.get(because) {
                Some(step) => format!(
                    "because step {} did not end well: {}",
                    because.0,
                    named(step, self.names)
                ),
                None => format!("because step {} did not end well", because.0),
            },
        }
    }
}

fn counted(counts: &BTreeMap<PlanAction, usize>) -> String {
    counts
        .iter()
        .map(|(action, number)| format!("{number} {}", done(*action)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// What to do about a list.
fn hint(title: &str) -> Option<&'static str> {
    match title {
        "Pending" => Some("the next run asks for it, and orders nothing twice"),
        "Not started" => Some("run it again to go on"),
        "Skipped" => Some("mend what stopped them, and run it again"),
        "Unknown" => Some(
            "it may or may not have taken effect: the next run looks before it writes; what cannot be seen \
             waits for `bailiwick resolve`",
        ),
        "Failed" => Some("mend it and run it again: what is done is not done twice"),
        _ => None,
    }
}
