//! Durations, rates, amounts and days as people write them.

use super::super::grammar::value::{At, Day, Text};
use super::super::said;
use crate::diag::{Diagnostic, Diagnostics};
use crate::model::money::Money;
use std::time::Duration;

/// Reads `40s`, `10m`, `12h`, `30d`, also `500ms`.
pub fn duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let seconds = match unit {
        "ms" => return Some(Duration::from_millis(number)),
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    number.checked_mul(seconds).map(Duration::from_secs)
}

/// At most so many requests in a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// How many.
    pub requests: u32,
    /// In what time.
    pub per: Duration,
}

impl RateLimit {
    /// Reads `5/1s`.
    pub fn parse(text: &str) -> Option<Self> {
        let (requests, per) = text.split_once('/')?;
        let limit = RateLimit {
            requests: requests.trim().parse().ok()?,
            per: duration(per.trim())?,
        };
        (limit.requests > 0 && !limit.per.is_zero()).then_some(limit)
    }
}

/// A duration of the file.
pub(crate) fn written_duration(
    key: &str,
    at: &At<Text>,
    told: &mut Diagnostics,
) -> Option<Duration> {
    let found = duration(&at.value).filter(|duration| !duration.is_zero());
    if found.is_none() {
        let message = format!("`{key}` cannot be {:?}", at.value);
        told.push(
            Diagnostic::error(said::DURATION, message)
                .at(at.span, "")
                .help("write a number and s, m, h or d, such as \"30s\""),
        );
    }
    found
}

/// A rate of the file.
pub(crate) fn written_rate(at: &At<Text>, told: &mut Diagnostics) -> Option<RateLimit> {
    let found = RateLimit::parse(&at.value);
    if found.is_none() {
        let message = format!("`rate_limit` cannot be {:?}", at.value);
        told.push(
            Diagnostic::error(said::RATE, message)
                .at(at.span, "")
                .help("write requests and a time, such as \"5/1s\""),
        );
    }
    found
}

/// An amount of the file.
pub(crate) fn written_money(key: &str, at: &At<Text>, told: &mut Diagnostics) -> Option<Money> {
    match Money::parse(&at.value) {
        Ok(money) => Some(money),
        Err(error) => {
            let message = format!("`{key}` cannot be {:?}: {error}", at.value);
            told.push(Diagnostic::error(said::AMOUNT, message).at(at.span, ""));
            None
        }
    }
}

/// A day of the file.
pub(crate) fn written_day(at: &At<Day>, told: &mut Diagnostics) -> Option<jiff::civil::Date> {
    match at.value.0.parse() {
        Ok(day) => Some(day),
        Err(_) => {
            let message = format!("{} is not in the calendar", at.value.0);
            told.push(Diagnostic::error(said::DAY, message).at(at.span, ""));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_rates() {
        assert_eq!(duration("40s"), Some(Duration::from_secs(40)));
        assert_eq!(duration("30d"), Some(Duration::from_secs(2_592_000)));
        for wrong in [
            "",
            "30",
            "s",
            "-1s",
            "1w",
            "1 s",
            "1s ",
            "99999999999999999999s",
        ] {
            assert_eq!(duration(wrong), None, "{wrong:?}");
        }
        let limit = RateLimit::parse("5/1s").expect("a rate");
        assert_eq!((limit.requests, limit.per), (5, Duration::from_secs(1)));
        for wrong in ["0/1s", "5/0s", "5", "5/", "/1s"] {
            assert_eq!(RateLimit::parse(wrong), None, "{wrong:?}");
        }
    }
}
