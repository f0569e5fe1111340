//! Values and the differences between them, as inert text.
//!
//! The one place that knows `similar`: two long texts are shown as one, with what goes as `[-…-]` and what
//! comes as `{+…+}`, because two shortened texts can look the same.

use super::super::escape::{inert, shorten};
use super::super::style::{Style, Tone};
use crate::model::{Data, Value};
use crate::plan::file::Names;
use similar::{ChangeTag, TextDiff};

/// From this length on, a changed text is shown as one text with marks.
const LONG: usize = 48;

/// Longer texts are compared by their two ends alone.
const COMPARED: usize = 8192;

/// A stretch of a changed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Stays.
    Same(String),
    /// Goes.
    Gone(String),
    /// Comes.
    New(String),
}

/// What happens to one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// It comes.
    New(String),
    /// It goes.
    Gone(String),
    /// One becomes the other.
    Turned {
        /// What is there.
        from: String,
        /// What shall be there.
        to: String,
    },
    /// One becomes the other, and both are long.
    Words(Vec<Piece>),
    /// Changed by somebody else since it was applied.
    Outside {
        /// Last applied.
        applied: String,
        /// What is there, and what becomes of it.
        then: Box<Shape>,
    },
    /// A secret: what is done with it is all there is to see.
    Secret(Sent),
}

/// What a step does with a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It belongs to what is made, or goes.
    There,
    /// Its source changed.
    Changed,
    /// Asked for.
    Again,
    /// The request that changes something else carries it as well.
    Along,
}

impl Sent {
    fn words(self) -> &'static str {
        match self {
            Sent::There => "(secret)",
            Sent::Changed => "(secret, changed)",
            Sent::Again => "(secret, sent again)",
            Sent::Along => "(secret, sent with it)",
        }
    }
}

/// One attribute and what happens to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The key of the file.
    pub name: &'static str,
    /// Said before the value: mostly the key, empty where the value speaks for itself.
    pub lead: &'static str,
    /// What happens.
    pub shape: Shape,
}

/// A value as inert text.
pub(in crate::render) fn text(value: &Value, names: &Names) -> String {
    match value {
        Value::Known(data) => known(data),
        Value::Later(later) => {
            let after = names.text(&later.of);
            format!("(known after {}){}", inert(&after), inert(&later.append))
        }
    }
}

fn known(data: &Data) -> String {
    match data {
        Data::Text(text) if text.is_empty() => "\"\"".into(),
        Data::Text(text) => inert(text).into_owned(),
        Data::Int(number) => number.to_string(),
        Data::Bool(yes) => yes.to_string(),
        Data::List(items) if items.is_empty() => "(none)".into(),
        Data::List(items) => items
            .iter()
            .map(|item| inert(item))
            .collect::<Vec<_>>()
            .join(", "),
        Data::Print(_) => "(secret)".into(),
    }
}

/// How `from` becomes `to`.
pub(in crate::render) fn turned(from: String, to: String) -> Shape {
    if from.chars().count() < LONG && to.chars().count() < LONG {
        return Shape::Turned { from, to };
    }
    let pieces = if from.len() <= COMPARED && to.len() <= COMPARED {
        by_words(&from, &to)
    } else {
        by_ends(&from, &to)
    };
    Shape::Words(pieces)
}

fn by_words(from: &str, to: &str) -> Vec<Piece> {
    let diff = TextDiff::from_words(from, to);
    let mut pieces: Vec<Piece> = Vec::new();
    for change in diff.iter_all_changes() {
        let word: &str = change.value();
        match (change.tag(), pieces.last_mut()) {
            (ChangeTag::Equal, Some(Piece::Same(text)))
            | (ChangeTag::Delete, Some(Piece::Gone(text)))
            | (ChangeTag::Insert, Some(Piece::New(text))) => text.push_str(word),
            (ChangeTag::Equal, _) => pieces.push(Piece::Same(word.into())),
            (ChangeTag::Delete, _) => pieces.push(Piece::Gone(word.into())),
            (ChangeTag::Insert, _) => pieces.push(Piece::New(word.into())),
        }
    }
    // One long word for another (a key): where they differ is said inside the word.
    match pieces.as_slice() {
        [.., Piece::Gone(gone), Piece::New(new)] if gone.len() > LONG && new.len() > LONG => {
            let inner = by_ends(gone, new);
            pieces.truncate(pieces.len() - 2);
            pieces.extend(inner);
            pieces
        }
        _ => pieces,
    }
}

fn by_ends(from: &str, to: &str) -> Vec<Piece> {
    let head: usize = from
        .chars()
        .zip(to.chars())
        .take_while(|(a, b)| a == b)
        .map(|(c, _)| c.len_utf8())
        .sum();
    let (same, from, to) = (&from[..head], &from[head..], &to[head..]);
    let tail: usize = from
        .chars()
        .rev()
        .zip(to.chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(c, _)| c.len_utf8())
        .sum();
    let pieces = [
        Piece::Same(same.into()),
        Piece::Gone(from[..from.len() - tail].into()),
        Piece::New(to[..to.len() - tail].into()),
        Piece::Same(from[from.len() - tail..].into()),
    ];
    pieces
        .into_iter()
        .filter(|piece| match piece {
            Piece::Same(text) | Piece::Gone(text) | Piece::New(text) => !text.is_empty(),
        })
        .collect()
}

/// Lays out a change; `limit` is the number of characters that one value may take.
pub(in crate::render) fn lay_out(shape: &Shape, style: Style, limit: usize) -> String {
    match shape {
        Shape::New(value) | Shape::Gone(value) => shorten(value, limit).into_owned(),
        Shape::Turned { from, to } => {
            let half = (limit / 2).max(LONG);
            format!(
                "{} → {}",
                style.paint(Tone::Bad, shorten(from, half)),
                style.paint(Tone::Good, shorten(to, half))
            )
        }
        Shape::Words(pieces) => words(pieces, style, limit),
        Shape::Outside { applied, then } => {
            let applied = shorten(applied, limit);
            match &**then {
                Shape::Turned { .. } => {
                    format!(
                        "{applied} → {} (applied → live → file)",
                        lay_out(then, style, limit)
                    )
                }
                Shape::New(file) => {
                    let file = style.paint(Tone::Good, shorten(file, limit));
                    format!("{applied} → (gone) → {file} (applied → live → file)")
                }
                Shape::Gone(live) => {
                    let live = style.paint(Tone::Bad, shorten(live, limit));
                    format!("{applied} → {live} → (gone) (applied → live → file)")
                }
                Shape::Words(_) | Shape::Outside { .. } | Shape::Secret(_) => {
                    format!(
                        "applied: {applied}; live → file: {}",
                        lay_out(then, style, limit)
                    )
                }
            }
        }
        Shape::Secret(sent) => sent.words().into(),
    }
}

fn words(pieces: &[Piece], style: Style, limit: usize) -> String {
    let mut out = String::new();
    let last = pieces.len().saturating_sub(1);
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Same(text) => out.push_str(&middle_cut(text, at == 0, at == last)),
            Piece::Gone(text) => {
                out.push_str(&style.paint(Tone::Bad, format_args!("[-{}-]", shorten(text, limit))));
            }
            Piece::New(text) => {
                let text = format!("{{+{}+}}", shorten(text, limit));
                out.push_str(&style.paint(Tone::Good, text));
            }
        }
    }
    out
}

/// What stays is context: its far ends are left out where it is long, and how much is told.
fn middle_cut(text: &str, first: bool, last: bool) -> String {
    const KEPT: usize = 24;
    let length = text.chars().count();
    if length <= 3 * KEPT {
        return text.into();
    }
    let head: String = text.chars().take(KEPT).collect();
    let tail: String = text.chars().skip(length - KEPT).collect();
    match (first, last) {
        (_, true) if !first => format!("{head}… ({} more characters)", length - KEPT),
        _ => format!("{head}… ({} characters) …{tail}", length - 2 * KEPT),
    }
}
