//! Text as TOML shows it on one line, whatever is in it.
//!
//! Live data is not ours: quotes, line ends, control characters, and characters that make a line read
//! otherwise than it is. It knows nothing of domains and records.

use std::fmt::Write as _;
use toml_edit::Value;

/// A text as a basic string on one line, with everything escaped that a reader would not see as it is.
pub(in crate::config) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for found in text.chars() {
        match found {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if is_unseen(found) => push_escape(&mut out, found),
            _ => out.push(found),
        }
    }
    out.push('"');
    out
}

/// A text as a value, in the form of [`quoted`].
pub(in crate::config) fn value(text: &str) -> Value {
    quoted(text).parse().unwrap_or_else(|_| Value::from(text))
}

/// A text that may stand in a comment: on one line, and nothing unseen in it.
pub(in crate::config) fn comment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for found in text.chars() {
        if is_unseen(found) {
            push_escape(&mut out, found);
        } else {
            out.push(found);
        }
    }
    out
}

fn push_escape(out: &mut String, found: char) {
    let code = u32::from(found);
    let _ = if code > 0xFFFF {
        write!(out, "\\U{code:08X}")
    } else {
        write!(out, "\\u{code:04X}")
    };
}

/// Controls, what breaks lines, what has no width, and what turns the direction of reading.
fn is_unseen(found: char) -> bool {
    found.is_control()
        || matches!(
            found,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
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
