//! Reading a body as JSON, within bounds, and saying what is wrong with it without showing it.
//!
//! The depth is counted before serde sees the text, so that a hostile answer costs one pass over its bytes.

use serde::de::DeserializeOwned;

/// How deep arrays and objects may be nested in an answer.
pub const DEPTH_LIMIT: usize = 64;

/// Why a body cannot be read; holds nothing of its content but names of our own members.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// There is no body.
    #[error("the answer is empty where data was expected")]
    Empty,
    /// It is a page for people.
    #[error("the answer is an HTML or XML page instead of JSON")]
    Markup,
    /// It ends in the middle.
    #[error("the answer breaks off after {0} bytes")]
    Cut(usize),
    /// It is no JSON.
    #[error("the answer is not JSON (line {line}, column {column})")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// It is nested too deeply.
    #[error("the answer is nested deeper than {DEPTH_LIMIT} levels")]
    TooDeep,
    /// It is JSON of another form than expected.
    #[error("the answer has an unexpected form (line {line}, column {column}){what}")]
    Form {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What was expected there, with a colon before it, or nothing.
        what: Box<str>,
    },
}

/// Reads a JSON text: nested at most [`DEPTH_LIMIT`] deep, a byte order mark before it forgiven.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, BodyError> {
    let text = body
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(body)
        .trim_ascii();
    if text.is_empty() {
        return Err(BodyError::Empty);
    }
    if is_markup(text) {
        return Err(BodyError::Markup);
    }
    if exceeds_depth(text) {
        return Err(BodyError::TooDeep);
    }
    serde_json::from_slice(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        match error.classify() {
            serde_json::error::Category::Eof => BodyError::Cut(body.len()),
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
                BodyError::Syntax { line, column }
            }
            serde_json::error::Category::Data => BodyError::Form {
                line,
                column,
                what: expectation(&error.to_string()),
            },
        }
    })
}

/// Returns whether a body begins as HTML or XML does.
pub(super) fn is_markup(body: &[u8]) -> bool {
    body.strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(body)
        .trim_ascii_start()
        .starts_with(b"<")
}

/// Brackets inside strings do not count; whether the rest is well-formed is serde's to say.
fn exceeds_depth(text: &[u8]) -> bool {
    let mut nesting = Nesting::default();
    text.chunks(STRETCH).any(|stretch| nesting.exceeds(stretch))
}

/// Long enough to be looked at as a whole, short enough to hold no bracket as a rule.
const STRETCH: usize = 32;

/// Where a text has got to.
#[derive(Default)]
struct Nesting {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Nesting {
    /// Goes on by one stretch. What holds neither brackets nor escapes can only begin and end strings, and is counted
    /// without being read byte by byte.
    fn exceeds(&mut self, stretch: &[u8]) -> bool {
        // `[`, `\`, `]` and, 32 further on, `{`, `|`, `}`.
        let telling = |byte: &u8| (byte | 0x20).wrapping_sub(b'{') < 3;
        let tells = stretch
            .iter()
            .fold(false, |found, byte| found | telling(byte));
        if !tells && !self.escaped {
            let quotes = stretch
                .iter()
                .fold(0_u8, |n, byte| n + u8::from(*byte == b'"'));
            self.in_string ^= quotes % 2 == 1;
            return false;
        }
        stretch.iter().any(|byte| self.exceeds_at(*byte))
    }

    fn exceeds_at(&mut self, byte: u8) -> bool {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = self.in_string,
            b'"' => self.in_string = !self.in_string,
            b'[' | b'{' if !self.in_string => self.depth += 1,
            b']' | b'}' if !self.in_string => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.depth > DEPTH_LIMIT
    }
}

/// serde's messages name the value that was found; only what it expected, which is ours, is kept.
fn expectation(message: &str) -> Box<str> {
    let message = message
        .rsplit_once(" at line ")
        .map_or(message, |(said, _)| said);
    if message.starts_with("missing field ") {
        format!(": {message}").into()
    } else if let Some((_, wanted)) = message.rsplit_once(", expected ") {
        format!(": expected {wanted}").into()
    } else {
        "".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::Value;

    #[derive(Debug, Deserialize)]
    struct Token {
        #[expect(dead_code, reason = "only its absence is looked at")]
        access_token: String,
        #[expect(dead_code, reason = "only its form is looked at")]
        expires_in: u32,
    }

    #[test]
    fn bad_bodies_are_told_apart() {
        let bad = |body: &str| decode::<Value>(body.as_bytes()).unwrap_err();
        assert_eq!(bad(""), BodyError::Empty);
        assert_eq!(bad("  \r\n"), BodyError::Empty);
        assert_eq!(bad("<html>down for maintenance</html>"), BodyError::Markup);
        assert_eq!(bad(r#"[{"Id": 13.0, "Ho"#), BodyError::Cut(17));
        assert_eq!(bad("[1,]"), BodyError::Syntax { line: 1, column: 4 });
        assert!(decode::<Value>("\u{feff}[]".as_bytes()).is_ok());
    }

    #[test]
    fn depth_is_bounded_before_anything_is_built() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(decode::<Value>(nested(DEPTH_LIMIT).as_bytes()).is_ok());
        assert_eq!(
            decode::<Value>(nested(DEPTH_LIMIT + 1).as_bytes()),
            Err(BodyError::TooDeep)
        );
        assert_eq!(
            decode::<Value>("[".repeat(1 << 20).as_bytes()),
            Err(BodyError::TooDeep)
        );
        // Wherever a stretch ends, strings and escapes go on in the next.
        for before in 0..2 * STRETCH {
            let blanks = " ".repeat(before);
            let quoted = format!(r#"[{blanks}"\"{}", "\\", "\\\\"]"#, "[".repeat(100));
            assert!(decode::<Value>(quoted.as_bytes()).is_ok(), "{before}");
            let deep = format!(r#"[{blanks}"\\", {}"#, "[".repeat(DEPTH_LIMIT));
            let found = decode::<Value>(deep.as_bytes());
            assert_eq!(found, Err(BodyError::TooDeep), "{before}");
        }
    }

    #[test]
    fn a_wrong_form_is_explained_without_the_value() {
        let said = |body: &str| decode::<Token>(body.as_bytes()).unwrap_err().to_string();
        let missing = said(r#"{"expires_in": 1}"#);
        assert!(
            missing.ends_with("missing field `access_token`"),
            "{missing}"
        );
        for body in [
            r#"{"access_token": "canary", "expires_in": "canary, expected"}"#,
            r#""canary""#,
            r#"{"access_token": "x", "expires_in": -7}"#,
            r#"{"access_token": "canary", "access_token": "canary"}"#,
        ] {
            let said = said(body);
            assert!(!said.contains("canary") && !said.contains("-7"), "{said}");
        }
        assert!(said(r#""canary""#).ends_with("expected struct Token"));
    }
}
