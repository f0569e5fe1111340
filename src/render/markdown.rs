//! A plan as a comment on a pull request: Markdown that no value can break out of, within the size that
//! hosts take.
//!
//! Everything that comes from a file or a provider stands in fenced blocks, on lines of its own making.
//! What is destroyed comes first and is the last to be left out; what is left out is counted.

use super::escape::shorten;
use super::human::{told, told_notice};
use super::style::Style;
use super::view::{Group, Mark, Notice, Rank, Row, View};
use std::fmt::Write;

/// The first line of every comment, by which a job finds its earlier one.
pub const MARKER: &str = "<!-- bailiwick plan -->";

/// What GitHub takes, in bytes.
pub const MOST: usize = 65_536;

/// Room for the end: closing fences, what was left out, the summary.
const END: usize = 2_048;

/// Most characters of one value, and of one line.
const VALUE: usize = 200;
const LINE: usize = 1_200;

/// Lays out a plan within [`MOST`] bytes, with a final newline.
pub fn plan(view: &View) -> String {
    let mut out = Comment::default();
    out.text.push_str(MARKER);
    out.text.push_str("\n### bailiwick plan\n");
    out.block("text", "", vec![Entry::head(summary_lines(view))]);

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

fn summary_lines(view: &View) -> Vec<String> {
    let mut lines = vec![view.head.clone()];
    lines.extend(view.remarks.iter().cloned());
    lines.extend(view.money.iter().cloned());
    lines.push(view.summary.clone());
    lines
}

/// Lines that are shown together or not at all.
struct Entry {
    /// Said before it where the entry before has another one.
    heading: String,
    lines: Vec<String>,
    what: &'static str,
    number: usize,
}

impl Entry {
    fn head(lines: Vec<String>) -> Self {
        Self {
            heading: String::new(),
            lines,
            what: "line",
            number: 1,
        }
    }
}

/// A comment that grows to its limit, and counts what does not fit.
#[derive(Default)]
struct Comment {
    text: String,
    left_out: Vec<(&'static str, &'static str, usize)>,
}

impl Comment {
    fn block(&mut self, language: &str, title: &'static str, entries: Vec<Entry>) {
        if entries.is_empty() {
            return;
        }
        // A fence that no line in it can close.
        let ticks = entries
            .iter()
            .flat_map(|entry| entry.lines.iter().chain([&entry.heading]))
            .map(|line| longest_run(line))
            .max()
            .unwrap_or(0);
        let fence = "`".repeat(ticks.max(2) + 1);
        let mut body = String::new();
        let mut heading = "";
        let overhead = title.len() + 2 * fence.len() + language.len() + 16;
        let mut full = false;
        for entry in &entries {
            let mut lines = String::new();
            if entry.heading != heading {
                let _ = writeln!(lines, "{}", line(&format!("# {}", entry.heading)));
            }
            for said in &entry.lines {
                let _ = writeln!(lines, "{}", line(said));
            }
            full = full || self.text.len() + overhead + body.len() + lines.len() > MOST - END;
            if full {
                self.leave_out(title, entry);
            } else {
                heading = &entry.heading;
                body.push_str(&lines);
            }
        }
        if body.is_empty() {
            return;
        }
        if !title.is_empty() {
            let _ = write!(self.text, "\n**{title}**\n");
        }
        let _ = write!(self.text, "\n{fence}{language}\n{body}{fence}\n");
    }

    fn leave_out(&mut self, title: &'static str, entry: &Entry) {
        match self.left_out.last_mut() {
            Some((last, what, number)) if *last == title && *what == entry.what => {
                *number += entry.number;
            }
            Some(_) | None => self.left_out.push((title, entry.what, entry.number)),
        }
    }

    fn end(mut self) -> String {
        if !self.left_out.is_empty() {
            let left: Vec<String> = self
                .left_out
                .iter()
                .map(|(title, what, number)| {
                    let plural = if *number == 1 { "" } else { "s" };
                    format!("{number} {what}{plural} under “{title}”")
                })
                .collect();
            let _ = write!(
                self.text,
                "\n**Left out here, because a comment holds {MOST} bytes: {}.** \
                 The whole plan is in the job's output and in the saved plan.\n",
                left.join(", ")
            );
        }
        self.text
    }
}

/// A line of bounded length.
fn line(text: &str) -> String {
    shorten(text, LINE).into_owned()
}

fn longest_run(line: &str) -> usize {
    line.split(|c| c != '`').map(str::len).max().unwrap_or(0)
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
    let inline = match (&row.saying, told.as_slice()) {
        (Some(saying), _) => Some(saying),
        (None, [one]) => Some(one),
        (None, _) => None,
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
