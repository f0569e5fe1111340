//! A comment of bounded size, made of fenced blocks.

use super::super::escape::shorten;
use std::fmt::Write;

/// What GitHub takes, in bytes.
pub const MOST: usize = 65_536;

/// Room for the end: closing fences, what was left out, the summary.
const END: usize = 2_048;

/// Most characters of one line.
const LINE: usize = 1_200;

/// Lines that are shown together or not at all.
pub(super) struct Entry {
    /// Said before it where the entry before has another one.
    pub(super) heading: String,
    pub(super) lines: Vec<String>,
    /// What it is, and how many of them, if it is left out.
    pub(super) what: &'static str,
    pub(super) number: usize,
}

/// A comment that grows to its limit, and counts what does not fit.
#[derive(Default)]
pub(super) struct Comment {
    text: String,
    left_out: Vec<(&'static str, &'static str, usize)>,
}

impl Comment {
    /// Begins with the marker's line, a title, and lines that are always there.
    pub(super) fn new(marker: &str, title: &str, lines: Vec<String>) -> Self {
        let mut comment = Self {
            text: format!("{marker}\n### {title}\n"),
            ..Self::default()
        };
        let head = Entry {
            heading: String::new(),
            lines,
            what: "line",
            number: 1,
        };
        comment.block("text", "", vec![head]);
        comment
    }

    pub(super) fn block(&mut self, language: &str, title: &'static str, entries: Vec<Entry>) {
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

    /// The whole text, with what was left out.
    pub(super) fn end(mut self) -> String {
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
                 The whole of it is in the job's output and in the JSON.\n",
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
