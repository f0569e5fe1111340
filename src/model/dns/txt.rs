//! Text records: the text itself, whatever was quoted, escaped or split on the way.
//!
//! A text record is a row of character strings of at most 255 octets; what programs read is their sequence
//! joined, so that is the value, and the seams are not. Its canonical form is the text. Octets that are no
//! UTF-8 are kept as `\DDD` (decimal, 128 to 255); so that no two values share a form, a backslash of the
//! text in front of three such digits, or of 092, is written `\092`. Every other text is its own form.
//!
//! Servers answer in two dialects, and the answer alone does not tell which: the plain text, or presentation
//! form (quoted, escaped, split). `"a"` may be a text of three characters. [`style_of`] decides for a whole
//! zone at once, and a provider that knows what it wrote can do better with the two readers.

use super::error::DataError;
use super::token::{Tokens, push_quoted};
use std::borrow::Cow;
use std::fmt::Write as _;

/// Octets that one record can hold as text: 65535 less a length octet for each string of 255.
pub const LIMIT: usize = 65_279;
/// Octets of one character string.
const STRING: usize = 255;

/// How an API answers text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As it is.
    Plain,
    /// In presentation form: quoted, escaped, split.
    Quoted,
}

/// Reads the text itself: what a person writes in `data`, and what a server of the plain style answers.
pub fn from_text(text: &str) -> Result<Box<str>, DataError> {
    checked(text.len())?;
    if text.contains('\\') {
        Ok(canonical(text.as_bytes()))
    } else {
        Ok(text.into())
    }
}

/// True if a text is its own canonical form.
pub fn is_plain(text: &str) -> bool {
    text.len() <= LIMIT && !text.contains('\\')
}

/// Reads presentation form: strings, quoted or bare, with blanks between them, joined.
pub fn from_presentation(text: &str) -> Result<Box<str>, DataError> {
    let mut octets = Vec::with_capacity(text.len());
    let mut found = false;
    for (index, token) in Tokens::new(text).enumerate() {
        let string = token
            .and_then(|token| token.octets())
            .map_err(|error| error.of(super::Field::Data, index))?;
        octets.extend(string);
        found = true;
    }
    if !found {
        return Err(DataError::new("the text is missing").write("write `\"\"` for an empty text"));
    }
    checked(octets.len())?;
    Ok(canonical(&octets))
}

/// Reads what a server of a known style answered. An answer that is not in presentation form although the
/// others are is taken as it is.
pub fn from_server(text: &str, style: Style) -> Result<Box<str>, DataError> {
    match style {
        Style::Quoted if looks_quoted(text) => from_presentation(text),
        Style::Quoted | Style::Plain => from_text(text),
    }
}

/// True if a text is, from its first character to its last, a row of quoted strings with blanks between.
pub fn looks_quoted(text: &str) -> bool {
    let text = text.trim_ascii();
    if text.len() < 2 || !text.starts_with('"') || !text.ends_with('"') {
        return false;
    }
    Tokens::new(text)
        .all(|token| token.is_ok_and(|token| token.is_quoted() && token.octets().is_ok()))
        && !text.contains(['\n', '\r'])
}

/// Tells the style from all texts of a zone as the server wrote them: presentation form only if every one
/// of them is. With none, or with nothing but texts that really stand in quotes, this can be wrong.
pub fn style_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Style {
    let mut texts = texts.into_iter().peekable();
    if texts.peek().is_some() && texts.all(looks_quoted) {
        Style::Quoted
    } else {
        Style::Plain
    }
}

fn checked(octets: usize) -> Result<(), DataError> {
    if octets > LIMIT {
        return Err(DataError::new(format!(
            "the text has {octets} octets, and a record holds {LIMIT}"
        )));
    }
    Ok(())
}

/// The canonical form of octets.
pub(super) fn canonical(octets: &[u8]) -> Box<str> {
    let mut out = String::with_capacity(octets.len());
    for chunk in octets.utf8_chunks() {
        let mut rest = chunk.valid();
        while let Some(at) = rest.find('\\') {
            let (before, after) = (&rest[..at], &rest[at + 1..]);
            out.push_str(before);
            out.push_str(if escaped_octet(after).is_some() {
                "\\092"
            } else {
                "\\"
            });
            rest = after;
        }
        out.push_str(rest);
        for octet in chunk.invalid() {
            let _ = write!(out, "\\{octet:03}");
        }
    }
    out.into()
}

/// The octet that the three digits after a backslash of a canonical text stand for.
fn escaped_octet(after: &str) -> Option<u8> {
    let digits = after.as_bytes().get(..3)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value: u16 = after[..3].parse().ok()?;
    u8::try_from(value)
        .ok()
        .filter(|octet| *octet >= 128 || *octet == b'\\')
}

/// The octets of a canonical text.
pub fn octets(canonical: &str) -> Cow<'_, [u8]> {
    if !canonical.contains('\\') {
        return Cow::Borrowed(canonical.as_bytes());
    }
    let mut out = Vec::with_capacity(canonical.len());
    let mut rest = canonical;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        match escaped_octet(rest) {
            Some(octet) => {
                out.push(octet);
                rest = &rest[3..];
            }
            None => out.push(b'\\'),
        }
    }
    out.extend_from_slice(rest.as_bytes());
    Cow::Owned(out)
}

/// The text of a canonical text, as a person writes it and a server of the plain style wants it; `None` if
/// some octets are no UTF-8.
pub fn text(canonical: &str) -> Option<Cow<'_, str>> {
    if !canonical.contains('\\') {
        return Some(Cow::Borrowed(canonical));
    }
    String::from_utf8(octets(canonical).into_owned())
        .ok()
        .map(Cow::Owned)
}

/// Presentation form in printable ASCII: strings of at most 255 octets, in quotes, a blank between them.
pub fn quoted(canonical: &str) -> String {
    strings(canonical).join(" ")
}

/// The single strings of the presentation form, each in quotes; at least one.
pub fn strings(canonical: &str) -> Vec<String> {
    let octets = octets(canonical);
    let one = |string: &[u8]| {
        let mut out = String::with_capacity(string.len() + 2);
        push_quoted(&mut out, string);
        out
    };
    if octets.is_empty() {
        return vec![one(&[])];
    }
    octets.chunks(STRING).map(one).collect()
}
