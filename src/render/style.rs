//! How text may be dressed: with or without colour, and how wide it may be.
//!
//! Knows no terminal and no environment; `cli` decides. Colour repeats what a sign or a word says already.

use std::fmt::Display;

/// Whether colour may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// It may.
    Yes,
    /// Not one escape byte.
    #[default]
    No,
}

/// What a stream can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Colour or not.
    pub colour: Colour,
    /// Columns; longer values are shortened, and their length is told.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            colour: Colour::No,
            width: 120,
        }
    }
}

/// What a piece of text is, for its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Heading,
    Quiet,
    Good,
    Changed,
    Bad,
    Kept,
}

impl Style {
    pub(crate) fn paint(self, tone: Tone, text: impl Display) -> String {
        let text = text.to_string();
        if self.colour == Colour::No || text.is_empty() {
            return text;
        }
        let style = console::Style::new().force_styling(true);
        let style = match tone {
            Tone::Plain => return text,
            Tone::Heading => style.bold(),
            Tone::Quiet => style.dim(),
            Tone::Good => style.green(),
            Tone::Changed => style.yellow(),
            Tone::Bad => style.red(),
            Tone::Kept => style.magenta(),
        };
        style.apply_to(text).to_string()
    }
}

/// Columns that a text takes on a terminal.
pub(crate) fn columns(text: &str) -> usize {
    console::measure_text_width(text)
}

/// Blanks up to a column.
pub(crate) fn pad(text: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(columns(text)))
}
