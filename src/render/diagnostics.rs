//! Problems in the files, for people: the fixed sentence first, then the line itself, why, and what to write.
//!
//! A value that may not be shown stands as `***` in every line, whichever problem shows that line.

use super::escape::{inert, shorten};
use super::style::{Colour, Style};
use crate::diag::{Diagnostic, Diagnostics, Label, Severity, SourceId, Sources, Span};
use crate::plan::file::text::hidden;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Level, Origin, Padding, Renderer, Snippet};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;

/// Most bytes of a line that are shown before and after what is pointed at.
const BEFORE: usize = 80;
const AFTER: usize = 160;

/// Most characters of a message or a help.
const MESSAGE: usize = 2_000;

/// What the renderer writes for a snippet without a path.
const NO_PLACE: &str = "⸬";

const MASK: &str = "***";

/// Lays out all problems, by file and line, with a final newline; empty if there is none.
pub fn problems(diagnostics: &Diagnostics, sources: &Sources, style: Style) -> String {
    let sorted = diagnostics.sorted();
    let masks = Masks::of(&sorted);
    let renderer = match style.colour {
        Colour::Yes => Renderer::styled(),
        Colour::No => Renderer::plain(),
    }
    .decor_style(DecorStyle::Unicode)
    .term_width(style.width);
    let mut out = String::new();
    for problem in sorted {
        out.push_str(&frame(
            problem,
            &Frames {
                sources,
                masks: &masks,
            },
            &renderer,
        ));
        out.push_str("\n\n");
    }
    if !out.is_empty() {
        out.truncate(out.len() - 1);
    }
    out
}

/// `2 errors, 1 warning`: what the problems come to; empty if there is none.
pub fn count(diagnostics: &Diagnostics) -> String {
    [Severity::Error, Severity::Warning, Severity::Notice]
        .into_iter()
        .map(|severity| (diagnostics.count(severity), severity))
        .filter(|(number, _)| *number > 0)
        .map(|(number, severity)| super::view::count(number, severity.word()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// One problem on one line: `shop.toml:12:3: error[record.duplicate]: …`.
pub fn one_line(problem: &Diagnostic, sources: &Sources) -> String {
    let place = match problem.labels.first() {
        Some(label) => {
            let place = sources.place(label.span);
            format!("{}:{}:{}: ", inert(&place.file), place.line, place.column)
        }
        None => String::new(),
    };
    let message = inert(&problem.message);
    format!(
        "{place}{}[{}]: {}",
        problem.severity.word(),
        problem.code.id,
        shorten(&message, MESSAGE)
    )
}

/// Ranges of the sources that may not be shown.
struct Masks(BTreeMap<SourceId, Vec<Range<usize>>>);

impl Masks {
    fn of(problems: &[&Diagnostic]) -> Self {
        let mut masks: BTreeMap<SourceId, Vec<Range<usize>>> = BTreeMap::new();
        let labels = problems.iter().flat_map(|problem| &problem.labels);
        for label in labels.filter(|label| label.masked) {
            masks
                .entry(label.span.source)
                .or_default()
                .push(label.span.start as usize..label.span.end as usize);
        }
        for ranges in masks.values_mut() {
            ranges.sort_by_key(|range| (range.start, range.end));
            // Overlapping ranges become one, so that a search finds the right one.
            ranges.dedup_by(|next, kept| {
                let touches = next.start < kept.end;
                if touches {
                    kept.end = kept.end.max(next.end);
                }
                touches
            });
        }
        Self(masks)
    }

    /// Those that touch a range.
    fn within(&self, source: SourceId, range: &Range<usize>) -> &[Range<usize>] {
        let Some(ranges) = self.0.get(&source) else {
            return &[];
        };
        let from = ranges.partition_point(|mask| mask.end <= range.start);
        let to = ranges.partition_point(|mask| mask.start < range.end);
        ranges.get(from..to).unwrap_or(&[])
    }
}

struct Frames<'a> {
    sources: &'a Sources,
    masks: &'a Masks,
}

fn frame(problem: &Diagnostic, frames: &Frames<'_>, renderer: &Renderer) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Notice => Level::INFO.with_name("notice"),
    };
    let mut elements: Vec<Element<'_>> = Vec::new();
    for (at, labels) in by_line(problem, frames.sources).into_iter().enumerate() {
        let shown = Shown::of(&labels, frames);
        let place = frames.sources.place(labels[0].span);
        if at > 0 {
            elements.push(Padding.into());
        }
        elements.push(
            Origin::path(inert(&place.file).into_owned())
                .line(place.line as usize)
                .char_column(place.column as usize)
                .into(),
        );
        let annotations = labels.iter().zip(shown.spans).map(|(label, span)| {
            let kind = if std::ptr::eq(*label, &problem.labels[0]) {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            let annotation = kind.span(span);
            if label.text.is_empty() {
                annotation
            } else {
                let text = inert(&label.text);
                annotation.label(shorten(&text, MESSAGE).into_owned())
            }
        });
        elements.push(
            Snippet::source(shown.text)
                .line_start(place.line as usize)
                .fold(false)
                .annotations(annotations.collect::<Vec<_>>())
                .into(),
        );
    }
    if !elements.is_empty() {
        elements.push(Padding.into());
    }
    let said = |text: &str| shorten(&inert(text), MESSAGE).into_owned();
    elements.push(
        Level::NOTE
            .with_name("why")
            .message(said(&problem.message))
            .into(),
    );
    if let Some(help) = &problem.help {
        elements.push(Level::HELP.message(said(help)).into());
    }
    let group = level
        .primary_title(problem.code.title)
        .id(problem.code.id)
        .elements(elements);
    // Places are told apart from their lines, because a line may be cut or masked before its column; the
    // renderer then leaves an empty place above the line.
    renderer
        .render(&[group])
        .lines()
        .filter(|line| console::strip_ansi_codes(line).trim() != NO_PLACE)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Labels that stand in one line, in the order in which their lines are named first.
fn by_line<'a>(problem: &'a Diagnostic, sources: &Sources) -> Vec<Vec<&'a Label>> {
    let mut lines: Vec<((SourceId, u32), Vec<&Label>)> = Vec::new();
    for label in &problem.labels {
        let key = (label.span.source, sources.place(label.span).line);
        match lines.iter_mut().find(|(known, _)| *known == key) {
            Some((_, labels)) => labels.push(label),
            None => lines.push((key, vec![label])),
        }
    }
    lines.into_iter().map(|(_, labels)| labels).collect()
}

/// A line as it may be shown, and where its labels are in that.
struct Shown {
    text: String,
    spans: Vec<Range<usize>>,
}

impl Shown {
    fn of(labels: &[&Label], frames: &Frames<'_>) -> Self {
        let first = labels[0].span;
        let source = frames.sources.text(first.source);
        let window = window(source, labels);
        let masks = frames.masks.within(first.source, &window);
        let clip = |span: Span| {
            let start = boundary(source, span.start as usize).clamp(window.start, window.end);
            let end = boundary(source, span.end as usize).clamp(start, window.end);
            start..end
        };
        let mut cuts = BTreeSet::from([window.start, window.end]);
        for label in labels {
            let span = clip(label.span);
            cuts.extend([span.start, span.end]);
        }
        for mask in masks {
            let [start, end] = [mask.start, mask.end].map(|at| boundary(source, at));
            cuts.extend([start, end].map(|at| at.clamp(window.start, window.end)));
        }
        let mut writer = Writer::default();
        if window.start > 0 && !source[..window.start].ends_with('\n') {
            writer.text.push('…');
        }
        let mut places: BTreeMap<usize, usize> = BTreeMap::new();
        let mut at = window.start;
        for cut in cuts {
            if at < cut {
                let masked = masks.iter().any(|mask| mask.start < cut && at < mask.end);
                if masked {
                    writer.mask();
                } else {
                    writer.write(&source[at..cut]);
                }
            }
            places.insert(cut, writer.text.len());
            at = cut;
        }
        if window.end < source.len() && !source[window.end..].starts_with(['\n', '\r']) {
            writer.text.push('…');
        }
        let spans = labels
            .iter()
            .map(|label| {
                let span = clip(label.span);
                places[&span.start]..places[&span.end]
            })
            .collect();
        Self {
            text: writer.text,
            spans,
        }
    }
}

/// Writes pieces of a source so that they are inert.
#[derive(Default)]
struct Writer {
    text: String,
    last: char,
}

impl Writer {
    fn mask(&mut self) {
        // A value of several pieces is one mask, so that not even its structure is told.
        if !self.text.ends_with(MASK) {
            self.text.push_str(MASK);
        }
        self.last = '*';
    }

    fn write(&mut self, piece: &str) {
        for c in piece.chars() {
            match c {
                '\t' => self.text.push_str("    "),
                '#' if self.last == '#' => self.text.push_str("\\u{23}"),
                c if hidden(c) => {
                    // Writing to a text cannot fail.
                    let _ = write!(self.text, "\\u{{{:x}}}", u32::from(c));
                }
                c => self.text.push(c),
            }
            self.last = c;
        }
    }
}

/// The line of these labels, or what stands around the first of them where it is long.
fn window(source: &str, labels: &[&Label]) -> Range<usize> {
    let start = boundary(source, labels[0].span.start as usize);
    let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = source[start..]
        .find('\n')
        .map_or(source.len(), |at| start + at);
    let line_end = line_start + source[line_start..line_end].trim_end_matches('\r').len();
    if line_end - line_start <= BEFORE + AFTER {
        return line_start..line_end;
    }
    let from = boundary(source, start.saturating_sub(BEFORE)).max(line_start);
    let to = boundary(source, start + AFTER).min(line_end);
    from..to.max(from)
}

/// The nearest place at or before a byte at which a character starts.
fn boundary(source: &str, at: usize) -> usize {
    source.floor_char_boundary(at.min(source.len()))
}
