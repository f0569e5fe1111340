//! Presentation form of one record's data, cut into fields: blanks, quotes and escapes (RFC 1035, 5.1).
//!
//! It knows no types, comments or line ends; master files are brought into this form by their own reader.

use super::error::DataError;
use std::fmt::Write as _;

/// One field as written, quotes included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a>(pub(super) &'a str);

impl<'a> Token<'a> {
    /// True if it stands in quotes as a whole.
    pub(super) fn is_quoted(self) -> bool {
        self.0.starts_with('"')
    }

    /// What stands between the quotes, or all of it.
    pub(super) fn inner(self) -> &'a str {
        self.0
            .strip_prefix('"')
            .map_or(self.0, |rest| rest.strip_suffix('"').unwrap_or(rest))
    }

    /// The octets meant, escapes resolved.
    pub(super) fn octets(self) -> Result<Vec<u8>, DataError> {
        unescape(self.inner())
    }
}

/// Resolves escapes: `\DDD` is an octet, `\X` is X.
pub(super) fn unescape(text: &str) -> Result<Vec<u8>, DataError> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|&octet| octet == b'\\') {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        let (octet, used) = escape(rest).ok_or_else(|| {
            DataError::new(
                "a backslash must be followed by a character, or by three digits up to 255",
            )
            .write("write `\\\\` for a backslash")
        })?;
        out.push(octet);
        rest = &rest[used..];
    }
    out.extend_from_slice(rest);
    Ok(out)
}

/// The octet that the text after a backslash stands for, and how many bytes it takes.
pub(super) fn escape(after: &[u8]) -> Option<(u8, usize)> {
    match after {
        [a, b, c, ..] if a.is_ascii_digit() => {
            let digits = [a, b, c];
            if !digits.iter().all(|digit| digit.is_ascii_digit()) {
                return None;
            }
            let value = digits
                .iter()
                .fold(0u16, |sum, digit| sum * 10 + u16::from(**digit - b'0'));
            Some((u8::try_from(value).ok()?, 3))
        }
        [a, ..] if !a.is_ascii_digit() => Some((*a, 1)),
        _ => None,
    }
}

/// Writes octets as a quoted character string in printable ASCII.
pub(super) fn push_quoted(out: &mut String, octets: &[u8]) {
    out.push('"');
    push_escaped(out, octets);
    out.push('"');
}

/// Writes octets with the escapes that a quoted string needs.
pub(super) fn push_escaped(out: &mut String, octets: &[u8]) {
    for &octet in octets {
        match octet {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(char::from(octet));
            }
            b' '..=b'~' => out.push(char::from(octet)),
            _ => {
                let _ = write!(out, "\\{octet:03}");
            }
        }
    }
}

/// The fields of a text, in order. Blanks part them, parentheses outside quotes are layout.
#[derive(Debug, Clone)]
pub(super) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// What follows the fields taken so far.
    pub(super) fn rest(&self) -> &'a str {
        self.rest.trim_start_matches(is_blank)
    }
}

fn is_blank(found: char) -> bool {
    matches!(found, ' ' | '\t' | '\r' | '\n' | '(' | ')')
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Result<Token<'a>, DataError>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.rest();
        if text.is_empty() {
            self.rest = text;
            return None;
        }
        let whole = text.starts_with('"');
        let (mut escaped, mut quoted) = (false, false);
        let mut end = text.len();
        for (at, octet) in text.bytes().enumerate() {
            if escaped {
                escaped = false;
                continue;
            }
            match octet {
                b'\\' => escaped = true,
                b'"' if quoted && whole => {
                    quoted = false;
                    end = at + 1;
                    break;
                }
                b'"' => quoted = !quoted,
                b' ' | b'\t' | b'\r' | b'\n' | b'(' | b')' if !quoted => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        if quoted {
            self.rest = "";
            return Some(Err(DataError::new("a quote is opened and not closed")
                .write("write `\\\"` for a quote inside a text")));
        }
        self.rest = &text[end..];
        Some(Ok(Token(&text[..end])))
    }
}
