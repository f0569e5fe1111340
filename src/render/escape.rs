//! Makes text from files and providers inert: what is shown cannot move the cursor, turn the direction of
//! writing, hide, or speak to the CI runner that prints it.
//!
//! Knows nothing of where the text comes from; Markdown is fenced in by `markdown`.

use crate::plan::file::text::hidden;
use std::borrow::Cow;
use std::fmt::Write;

/// The text with hidden characters written as `\n`, `\u{202e}` and the like, and without the words that CI
/// runners obey (`::error::`, `##[group]`).
pub fn inert(text: &str) -> Cow<'_, str> {
    let commands = text.matches("::").nth(1).is_some() || text.trim_start().starts_with("::");
    if !commands && !text.contains("##") && !text.chars().any(hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut last = '\0';
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ':' if commands && last == ':' => out.push_str("\\u{3a}"),
            '#' if last == '#' => out.push_str("\\u{23}"),
            c if hidden(c) => {
                // Writing to a text cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
        last = c;
    }
    Cow::Owned(out)
}

/// At most so many characters of a text; where it is cut, its whole length is told.
pub fn shorten(text: &str, limit: usize) -> Cow<'_, str> {
    let Some((cut, _)) = text.char_indices().nth(limit) else {
        return Cow::Borrowed(text);
    };
    let length = text.chars().count();
    let kept = limit.saturating_sub(20).max(8);
    let end = text
        .char_indices()
        .nth(kept)
        .map_or(cut, |(end, _)| end.min(cut));
    Cow::Owned(format!("{}… ({length} characters)", &text[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_obeyed_is_left() {
        for (hostile, shown) in [
            (
                "plain text; \"quoted\" \\; é",
                "plain text; \"quoted\" \\; é",
            ),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            (
                "a\u{202e}b\u{200b}c\u{feff}",
                "a\\u{202e}b\\u{200b}c\\u{feff}",
            ),
            ("one\ntwo\r\tthree\u{2028}", "one\\ntwo\\r\\tthree\\u{2028}"),
            ("::error::x", ":\\u{3a}error:\\u{3a}x"),
            ("a ::set-env name=A::b", "a :\\u{3a}set-env name=A:\\u{3a}b"),
            ("x ##[error]y ##vso[z]", "x #\\u{23}[error]y #\\u{23}vso[z]"),
            ("2001:db8::1", "2001:db8::1"),
            ("\u{9b}31m\u{7f}", "\\u{9b}31m\\u{7f}"),
        ] {
            assert_eq!(inert(hostile), shown);
            assert_eq!(inert(&inert(hostile)), shown, "once is enough");
        }
    }

    #[test]
    fn a_cut_is_told_with_the_length() {
        assert_eq!(shorten("short", 40), "short");
        let long = "é".repeat(500);
        let shown = shorten(&long, 40);
        assert!(shown.ends_with("… (500 characters)"), "{shown}");
        assert!(shown.chars().count() <= 40);
    }
}
