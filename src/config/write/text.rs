//! Text as TOML shows it on one line, whatever is in it.
//!
//! Live data is not ours: quotes, line ends, control characters, and characters that make a line read
//! otherwise than it is. It knows nothing of domains and records.

use crate::model::hidden::hidden;
use std::fmt::Write as _;
use toml_edit::{Key, Value};

/// A text as a basic string on one line, with everything escaped that a reader would not see as it is.
pub(in crate::config) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut last = '\0';
    for found in text.chars() {
        match found {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if escapes(found, last) => push_escape(&mut out, found),
            _ => out.push(found),
        }
        last = found;
    }
    out.push('"');
    out
}

/// A text as a value, in the form of [`quoted`].
pub(in crate::config) fn value(text: &str) -> Value {
    quoted(text).parse().unwrap_or_else(|_| Value::from(text))
}

/// A key, in quotes where it needs them, with everything in it to be seen.
pub(in crate::config) fn keyed(name: &str) -> Key {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(bare) {
        return Key::new(name);
    }
    quoted(name).parse().unwrap_or_else(|_| Key::new(name))
}

/// A text that may stand in a comment: on one line, and nothing unseen in it.
pub(in crate::config) fn comment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut last = '\0';
    for found in text.chars() {
        if escapes(found, last) {
            push_escape(&mut out, found);
        } else {
            out.push(found);
        }
        last = found;
    }
    out
}

/// What is not seen as it is; and CI runners obey `##[…` and `##vso[…` anywhere in a line.
fn escapes(found: char, last: char) -> bool {
    hidden(found) || (found == '#' && last == '#')
}

fn push_escape(out: &mut String, found: char) {
    let code = u32::from(found);
    let _ = if code > 0xFFFF {
        write!(out, "\\U{code:08X}")
    } else {
        write!(out, "\\u{code:04X}")
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_escaped_and_comes_back() {
        let text = "a \"b\" \\ {domain} %{i}\u{0}\n\r\t\u{7f}\u{85}\u{202e}\u{feff}\u{e0041} ü日";
        let line = quoted(text);
        assert_eq!(
            line,
            r#""a \"b\" \\ {domain} %{i}\u0000\n\r\t\u007F\u0085\u202E\uFEFF\U000E0041 ü日""#
        );
        assert_eq!(value(text).as_str(), Some(text));
        assert_eq!(value(text).to_string(), line);
        assert_eq!(comment("a\nb\u{202e}"), "a\\u000Ab\\u202E");
    }
}
