//! A plan, or what came of it, as a comment on a pull request: Markdown that no value can break out of, within the size that
//! hosts take.
//!
//! Everything that comes from a file or a provider stands in fenced blocks, on lines of its own making.
//! What is destroyed comes first and is the last to be left out; what is left out is counted.

mod comment;

pub use comment::MOST;

use self::comment::{Comment, Entry};
use super::human::{told, told_notice};
use super::outcome::{self, Kind, List};
use super::style::Style;
use super::view::{self, Group, Mark, Notice, Rank, Row, View};
use crate::apply::Report;

/// The first line of a plan's comment, by which a job finds its earlier one.
pub const MARKER: &str = "<!-- bailiwick plan -->";

/// The same, of comments that tell what came of a run.
pub const REPORT_MARKER: &str = "<!-- bailiwick apply -->";

/// Most characters of one value.
const VALUE: usize = 200;

/// Most characters of several values on one line.
const TOGETHER: usize = 100;

/// Lays out a plan within [`MOST`] bytes, with a final newline.
pub fn plan(view: &View) -> String {
    let mut out = Comment::new(MARKER, "bailiwick plan", summary_lines(view));

    let ranked = |wanted: fn(Rank) -> bool| changes(view, wanted);
    out.block("diff", "Destroyed", ranked(|rank| rank == Rank::Destroyed));
    out.block(
        "diff",
        "Changed outside",
        ranked(|rank| rank == Rank::Outside),
    );
    out.block("text", "Findings", notices(&view.findings, "finding"));
    out.block("text", "Blocked", notices(&view.blocked, "blocked object"));
    out.block(
        "diff",
        "Changes",
        ranked(|rank| matches!(rank, Rank::Later | Rank::Noted)),
    );
    out.block("text", "Under way", notices(&view.pending, "order"));
    out.block("text", "Unmanaged", unmanaged(view));
    out.end()
}

/// Lays out what came of a run within [`MOST`] bytes, with a final newline: what a person must act on first.
pub fn report(report: &Report) -> String {
    let names = outcome::names(report);
    let mut head: Vec<String> = Vec::new();
    if report.interrupted {
        head.push(outcome::INTERRUPTED.into());
    }
    head.push(outcome::last_line(report));
    let mut out = Comment::new(REPORT_MARKER, "bailiwick apply", head);
    let mut lists = outcome::lists(report, &names);
    lists.reverse();
    let done = lists.pop_if(|list| list.kind == Kind::Applied);
    for list in lists {
        out.block("text", list.kind.title(), steps(list));
    }
    let blocked = view::blocked_of(&report.blocked, &names);
    out.block("text", "Blocked", notices(&blocked, "blocked object"));
    let findings = view::findings_of(&report.findings, &names);
    out.block("text", "Findings", notices(&findings, "finding"));
    if let Some(list) = done {
        out.block("text", list.kind.title(), steps(list));
    }
    out.end()
}

fn steps(list: List) -> Vec<Entry> {
    let mut entries: Vec<Entry> = list
        .entries
        .into_iter()
        .map(|lines| Entry {
            heading: String::new(),
            lines,
            what: "line",
            number: 1,
        })
        .collect();
    if let (Some(hint), Some(first)) = (list.kind.what_to_do(), entries.first_mut()) {
        first.lines.insert(0, format!("→ {hint}"));
    }
    entries
}

fn summary_lines(view: &View) -> Vec<String> {
    let mut lines = vec![view.head.clone()];
    lines.extend(view.remarks.iter().cloned());
    lines.extend(view.money.iter().chain(&view.held).cloned());
    lines.push(view.summary.clone());
    lines
}

fn changes(view: &View, wanted: fn(Rank) -> bool) -> Vec<Entry> {
    let mut entries = Vec::new();
    for group in &view.groups {
        for row in group.rows.iter().filter(|row| wanted(row.rank)) {
            entries.push(change(group, row));
        }
    }
    entries
}

fn change(group: &Group, row: &Row) -> Entry {
    let style = Style::default();
    // The first character colours the line: a replacement destroys.
    let sign = match row.mark {
        Mark::Replace => "-+".to_owned(),
        Mark::Create | Mark::Update | Mark::Delete | Mark::Keep | Mark::Adopt | Mark::Forget => {
            row.mark.sign().to_string()
        }
    };
    let mut first = format!("{sign} {}", row.label);
    let told: Vec<String> = row
        .changes
        .iter()
        .map(|change| told(row.mark, change, style, VALUE))
        .collect();
    let together = told.join(", ");
    let inline = match &row.saying {
        Some(saying) => Some(saying),
        None if told.len() == 1 || together.chars().count() <= TOGETHER => Some(&together),
        None => None,
    };
    let parts = [
        inline,
        row.cost.as_ref(),
        row.place.as_ref(),
        Some(&row.reason),
    ];
    for part in parts.into_iter().flatten().filter(|part| !part.is_empty()) {
        first.push_str("   ");
        first.push_str(part);
    }
    let mut lines = vec![first];
    if inline.is_none() {
        lines.extend(told.iter().map(|line| format!("      {line}")));
    }
    lines.extend(row.remarks.iter().map(|remark| format!("      {remark}")));
    Entry {
        heading: group.title.clone(),
        lines,
        what: "change",
        number: group.domains.len().max(1),
    }
}

fn notices(notices: &[Notice], what: &'static str) -> Vec<Entry> {
    notices
        .iter()
        .map(|notice| Entry {
            heading: String::new(),
            lines: told_notice(notice, Style::default()),
            what,
            number: notice.objects,
        })
        .collect()
}

fn unmanaged(view: &View) -> Vec<Entry> {
    let mut entries: Vec<Entry> = view
        .unmanaged
        .iter()
        .map(|address| Entry {
            heading: String::new(),
            lines: vec![address.clone()],
            what: "object",
            number: 1,
        })
        .collect();
    if let Some(first) = entries.first_mut() {
        first.lines.insert(
            0,
            "In neither file nor ledger, and left alone; bailiwick import writes them as TOML:"
                .into(),
        );
    }
    entries
}
