//! A plan for a terminal or a log: one row a change, what is destroyed first, the stable line last.

use super::escape::shorten;
use super::style::{Style, Tone, columns, pad};
use super::view::value::lay_out;
use super::view::{Change, Group, Mark, Notice, Row, Shape, View};

/// Widest label, place and amount that others are lined up with.
const LABELS: usize = 32;
const PLACES: usize = 48;

/// What a row needs beside its values.
const BESIDE: usize = 72;

/// Widest values that stand beside their label; wider ones stand below it.
fn room(style: Style) -> usize {
    style.width.saturating_sub(BESIDE).clamp(48, 100)
}

/// Most characters of a message; longer ones are shortened.
const MESSAGE: usize = 1000;

/// How many unmanaged objects are named.
const UNMANAGED: usize = 20;

/// Lays out a plan, with a final newline.
pub fn plan(view: &View, style: Style) -> String {
    let mut out = Page::default();
    out.line(style.paint(Tone::Heading, &view.head));
    for remark in &view.remarks {
        out.line(remark);
    }
    for group in &view.groups {
        out.gap();
        out.line(format!("  {}", style.paint(Tone::Heading, &group.title)));
        for line in rows(group, style) {
            out.line(line);
        }
    }
    section(&mut out, "Findings", &view.findings, style);
    section(&mut out, "Blocked", &view.blocked, style);
    section(&mut out, "Under way", &view.pending, style);
    unmanaged(&mut out, view, style);
    out.gap();
    for aside in view.money.iter().chain(&view.held) {
        out.line(aside);
    }
    out.line(&view.summary);
    out.text
}

/// Lines, with one blank line at most between parts.
#[derive(Default)]
pub(super) struct Page {
    pub(super) text: String,
}

impl Page {
    pub(super) fn line(&mut self, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref().trim_end());
        self.text.push('\n');
    }

    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }
}

/// The lines of a group's rows, columns lined up.
pub(super) fn rows(group: &Group, style: Style) -> Vec<String> {
    let widest = |widths: &mut dyn Iterator<Item = usize>, most: usize| {
        widths.filter(|width| *width <= most).max().unwrap_or(0)
    };
    let labels = widest(
        &mut group.rows.iter().map(|row| columns(&row.label)),
        LABELS,
    );
    let told: Vec<Told> = group.rows.iter().map(|row| Told::of(row, style)).collect();
    let values = widest(
        &mut told.iter().map(|told| columns(&told.inline)),
        room(style),
    );
    let costs = group.rows.iter().filter_map(|row| row.cost.as_deref());
    let costs = widest(&mut costs.map(columns), PLACES);
    let places = group.rows.iter().filter_map(|row| row.place.as_deref());
    let places = widest(&mut places.map(columns), PLACES);
    let mut lines = Vec::new();
    for (row, told) in group.rows.iter().zip(told) {
        let mut line = format!(
            "    {} {}{}",
            style.paint(tone(row.mark), row.mark.sign()),
            row.label,
            pad(&row.label, labels)
        );
        column(&mut line, &told.inline, values);
        // Amounts end in one column.
        let cost = row.cost.as_deref().unwrap_or("");
        column(&mut line, &format!("{}{cost}", pad(cost, costs)), costs);
        let place = row.place.as_deref().unwrap_or("");
        column(&mut line, place, places);
        column(&mut line, &style.paint(Tone::Quiet, &row.reason), 0);
        lines.push(line.trim_end().to_owned());
        lines.extend(told.below.into_iter().map(|line| format!("        {line}")));
        lines.extend(
            row.remarks
                .iter()
                .map(|remark| format!("        {}", shorten(remark, MESSAGE))),
        );
    }
    lines
}

fn column(line: &mut String, text: &str, width: usize) {
    if width == 0 && text.is_empty() {
        return;
    }
    line.push_str("   ");
    line.push_str(text);
    line.push_str(&pad(text, width));
}

fn tone(mark: Mark) -> Tone {
    match mark {
        Mark::Create => Tone::Good,
        Mark::Update => Tone::Changed,
        Mark::Delete | Mark::Replace => Tone::Bad,
        Mark::Keep => Tone::Kept,
        Mark::Adopt | Mark::Forget => Tone::Quiet,
    }
}

/// What is said of a row's values: beside its label if there is room, else below.
struct Told {
    inline: String,
    below: Vec<String>,
}

impl Told {
    fn of(row: &Row, style: Style) -> Self {
        if let Some(saying) = &row.saying {
            return Self {
                inline: saying.clone(),
                below: Vec::new(),
            };
        }
        let limit = style.width.saturating_sub(12).max(40);
        let each: Vec<String> = row
            .changes
            .iter()
            .map(|change| told(row.mark, change, style, limit))
            .collect();
        let inline = each.join(", ");
        if columns(&inline) <= room(style) {
            Self {
                inline,
                below: Vec::new(),
            }
        } else {
            Self {
                inline: String::new(),
                below: each,
            }
        }
    }
}

/// One attribute.
pub(super) fn told(mark: Mark, change: &Change, style: Style, limit: usize) -> String {
    let value = lay_out(&change.shape, style, limit);
    let sign = match (mark, &change.shape) {
        (Mark::Update | Mark::Replace, Shape::New(_)) => "+ ",
        (Mark::Update | Mark::Replace, Shape::Gone(_)) => "- ",
        _ => "",
    };
    match change.lead {
        "" => format!("{sign}{value}"),
        lead => format!("{sign}{lead} {value}"),
    }
}

/// Findings, blocked objects and orders: what, why, what to do.
pub(super) fn section(out: &mut Page, title: &str, notices: &[Notice], style: Style) {
    if notices.is_empty() {
        return;
    }
    out.gap();
    out.line(format!("  {}", style.paint(Tone::Heading, title)));
    for notice in notices {
        for line in told_notice(notice, style) {
            out.line(format!("    {line}"));
        }
    }
}

/// The lines of one notice.
pub(super) fn told_notice(notice: &Notice, style: Style) -> Vec<String> {
    let tone = match notice.word.as_str() {
        "error" | "blocked" => Tone::Bad,
        "warning" => Tone::Changed,
        _ => Tone::Plain,
    };
    let mut first = style.paint(tone, &notice.word);
    for part in [&notice.code, &notice.about] {
        if !part.is_empty() {
            first.push_str("  ");
            first.push_str(part);
        }
    }
    if let Some(place) = &notice.place {
        first.push_str("  ");
        first.push_str(&style.paint(Tone::Quiet, place));
    }
    let mut lines = vec![first, format!("    {}", shorten(&notice.message, MESSAGE))];
    if let Some(hint) = &notice.hint {
        lines.push(format!("    → {}", shorten(hint, MESSAGE)));
    }
    lines
}

fn unmanaged(out: &mut Page, view: &View, style: Style) {
    if view.unmanaged.is_empty() {
        return;
    }
    out.gap();
    out.line(format!("  {}", style.paint(Tone::Heading, "Unmanaged")));
    for address in view.unmanaged.iter().take(UNMANAGED) {
        out.line(format!("    {address}"));
    }
    if let Some(more) = view.unmanaged.len().checked_sub(UNMANAGED + 1) {
        out.line(format!("    and {} more", more + 1));
    }
    out.line(
        "    → in neither file nor ledger, and left alone; `bailiwick import` writes them as TOML",
    );
}
