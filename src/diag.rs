//! Sources, spans, and the problems found in them.
//!
//! Every stage up to the admitted desired state collects its problems in one [`Diagnostics`], so that a
//! person sees all of them in one run. This module knows neither TOML nor terminals: it says where and
//! what, `render` shows it.

use std::sync::Arc;

/// A fixed kind of problem: its code for programs, and its one sentence for people, without user data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code {
    /// `area.word`, a stable name that programs may match.
    pub id: &'static str,
    /// The first line of the message: always the same, so that people learn to recognise it.
    pub title: &'static str,
}

/// How serious a problem or finding is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing can be done until it is mended.
    Error,
    /// Probably a mistake.
    Warning,
    /// Something a person may want to know.
    Notice,
}

impl Severity {
    /// The word used in JSON and in text.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Notice => "notice",
        }
    }
}

/// Names one source in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A range of bytes in one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Where something was written, as people name it: file, line and column, both counted from 1.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Place {
    /// The file's name, relative to the folder of the first file, with `/`.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

#[derive(Debug)]
struct Source {
    name: Arc<str>,
    text: Box<str>,
    lines: Box<[u32]>,
}

/// The texts that were read, kept for showing lines of them.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Takes in one file; `name` is what people see.
    pub fn add(&mut self, name: &str, text: String) -> SourceId {
        let ends = text.match_indices('\n').map(|(at, _)| at as u32 + 1);
        let lines = std::iter::once(0).chain(ends).collect();
        self.files.push(Source {
            name: name.into(),
            text: text.into_boxed_str(),
            lines,
        });
        SourceId(self.files.len() as u32 - 1)
    }

    /// The name people see.
    pub fn name(&self, id: SourceId) -> &Arc<str> {
        &self.files[id.0 as usize].name
    }

    /// The whole text.
    pub fn text(&self, id: SourceId) -> &str {
        &self.files[id.0 as usize].text
    }

    /// File, line and column of a span's start.
    pub fn place(&self, span: Span) -> Place {
        let source = &self.files[span.source.0 as usize];
        let line = source
            .lines
            .partition_point(|&start| start <= span.start)
            .max(1)
            - 1;
        let start = source.lines[line] as usize;
        let upto = (span.start as usize).min(source.text.len());
        let column = source
            .text
            .get(start..upto)
            .map_or(0, |before| before.chars().count());
        Place {
            file: Arc::clone(&source.name),
            line: line as u32 + 1,
            column: column as u32 + 1,
        }
    }

    /// The text of the line a span starts in, without its end.
    pub fn line(&self, span: Span) -> &str {
        let source = &self.files[span.source.0 as usize];
        let line = source
            .lines
            .partition_point(|&start| start <= span.start)
            .max(1)
            - 1;
        let start = source.lines[line] as usize;
        let end = source
            .lines
            .get(line + 1)
            .map_or(source.text.len(), |&next| next as usize);
        source
            .text
            .get(start..end)
            .unwrap_or("")
            .trim_end_matches(['\n', '\r'])
    }
}

/// A place in a source that a problem points at, with what is to be said there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What to say there; may be empty for the first.
    pub text: String,
    /// The value standing there must not be shown (a secret written in plain).
    pub masked: bool,
}

/// One problem: what is wrong, why, and what to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// How serious it is.
    pub severity: Severity,
    /// What is wrong here, and why; may quote the file.
    pub message: String,
    /// What to do or write.
    pub help: Option<String>,
    /// The places; the first is the one that is named in one-line forms. Empty where no file is to blame.
    pub labels: Vec<Label>,
    /// Where no source is at hand to point into: file, line and column.
    pub place: Option<Place>,
}

impl Diagnostic {
    /// An error of a kind.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            help: None,
            labels: Vec::new(),
            place: None,
        }
    }

    /// A warning of a kind.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, message)
        }
    }

    /// A notice of a kind.
    pub fn notice(code: Code, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Notice,
            ..Self::error(code, message)
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a place.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
            masked: false,
        });
        self
    }

    /// Says where, for stages that hold places and no spans.
    #[must_use]
    pub fn in_place(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Adds a place whose value may not be shown.
    #[must_use]
    pub fn at_masked(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
            masked: true,
        });
        self
    }
}

/// All problems of a run, in the order in which people read files.
#[derive(Debug, Default)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    /// True if one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.items
            .iter()
            .any(|item| item.severity == Severity::Error)
    }

    /// How many there are of each severity: errors, warnings, notices.
    pub fn count(&self, severity: Severity) -> usize {
        self.items
            .iter()
            .filter(|item| item.severity == severity)
            .count()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Gives them up, in the order in which they were told.
    pub fn into_items(self) -> Vec<Diagnostic> {
        self.items
    }

    /// All of them by source and position, those without a span before, by their place.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<&Diagnostic> = self.items.iter().collect();
        all.sort_by_key(|item| (item.labels.first().map(|label| label.span), &item.place));
        all
    }
}
