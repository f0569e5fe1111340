//! An answer of an API, complete and of bounded size.
//!
//! Knows what an answer carries and not what it means: a status is a number here, a body is bytes. Neither headers nor
//! body are shown by `Debug`, because servers volunteer secrets.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use serde::de::DeserializeOwned;

use super::json::{self, BodyError};

/// An answer that arrived completely.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The status, 100 to 999.
    pub status: u16,
    /// The headers.
    pub headers: Headers,
    /// The body, at most 32 MiB.
    pub body: Vec<u8>,
}

/// The headers of an answer; names match in any case.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(Box<str>, Box<str>)>);

impl Response {
    /// Makes an answer without headers, as tests need them.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Headers::default(),
            body: body.into(),
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.add(name, value);
        self
    }

    /// Returns whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns the time at which the provider says it answered (`Date`, RFC 9110).
    pub fn date(&self) -> Option<Timestamp> {
        self.headers.get("date").and_then(http_date)
    }

    /// Returns how long the provider asks to be left alone: `Retry-After`, in seconds or as a date (RFC 9110).
    ///
    /// A date is measured from the answer's own `Date`, so that no clock of ours matters; without one it is not known.
    pub fn retry_after(&self) -> Option<Duration> {
        let value = self.headers.get("retry-after")?.trim();
        if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
        }
        let until = http_date(value)?.duration_since(self.date()?);
        Some(Duration::try_from(until).unwrap_or(Duration::ZERO))
    }

    /// Returns whether the body is a page for people (HTML, XML) where a machine's answer was expected.
    pub fn is_markup(&self) -> bool {
        let typed = self
            .headers
            .get("content-type")
            .unwrap_or_default()
            .to_ascii_lowercase();
        typed.starts_with("text/html") || json::is_markup(&self.body)
    }

    /// True if the body holds nothing but blanks.
    pub fn is_blank(&self) -> bool {
        self.body.iter().all(u8::is_ascii_whitespace)
    }

    /// Reads the body as JSON, within the bounds that [`json::decode`] gives.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, BodyError> {
        json::decode(&self.body)
    }
}

impl Headers {
    /// Returns the first value of a header; the name matches in any case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| &**value)
    }

    /// Adds a header, after those of the same name.
    pub fn add(&mut self, name: &str, value: &str) {
        self.0.push((name.into(), value.into()));
    }
}

fn http_date(value: &str) -> Option<Timestamp> {
    // A wrong day of the week is no reason to ignore a date.
    const PARSER: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);
    PARSER.parse_timestamp(value.trim()).ok()
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({}, {} bytes)", self.status, self.body.len())
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_match_in_any_case_and_are_not_shown() {
        let answer = Response::new(200, "canary").header("X-RateLimit-Remaining", "canary");
        assert_eq!(answer.headers.get("x-ratelimit-REMAINING"), Some("canary"));
        assert!(!format!("{answer:?} {:?}", answer.headers).contains("canary"));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_relative_to_the_answer() {
        let asked = |value: &str| {
            Response::new(503, "")
                .header("Date", "Tue, 02 Aug 2022 08:20:38 GMT")
                .header("Retry-After", value)
                .retry_after()
        };
        assert_eq!(asked("7"), Some(Duration::from_secs(7)));
        assert_eq!(
            asked("Tue, 02 Aug 2022 08:20:50 GMT"),
            Some(Duration::from_secs(12))
        );
        assert_eq!(asked("Tue, 02 Aug 2022 08:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(
            asked("99999999999999999999999"),
            Some(Duration::from_secs(u64::MAX))
        );
        for nonsense in ["", "soon", "-1", "1.5"] {
            assert_eq!(asked(nonsense), None, "{nonsense}");
        }
        let undated = Response::new(503, "").header("Retry-After", "Tue, 02 Aug 2022 08:20:50 GMT");
        assert_eq!(undated.retry_after(), None);
    }

    #[test]
    fn pages_are_told_from_data() {
        assert!(Response::new(200, "\u{feff} <!DOCTYPE html>").is_markup());
        assert!(
            Response::new(200, "oops")
                .header("Content-Type", "Text/HTML; charset=utf-8")
                .is_markup()
        );
        assert!(
            !Response::new(200, "[]")
                .header("Content-Type", "application/json")
                .is_markup()
        );
    }
}
