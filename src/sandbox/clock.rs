//! The time of the simulated provider, and the forms in which it writes it.
//!
//! It starts where it is told to and moves with tokio's clock, so that it stands still where a test pauses that.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::dialect::Dates;

/// A clock that can be put forward.
#[derive(Debug)]
pub(super) struct Clock {
    base: Timestamp,
    started: tokio::time::Instant,
    ahead: Mutex<Duration>,
}

impl Clock {
    pub(super) fn start(base: Timestamp) -> Self {
        Self {
            base,
            started: tokio::time::Instant::now(),
            ahead: Mutex::new(Duration::ZERO),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        let ahead = *self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        self.base
            .checked_add(self.started.elapsed() + ahead)
            .unwrap_or(Timestamp::MAX)
    }

    pub(super) fn advance(&self, by: Duration) {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

/// Writes a date as the dialect has it, with the fraction digits that are not zero (at most seven).
pub(super) fn date(time: Timestamp, form: Dates) -> String {
    let (zone, suffix) = match form {
        Dates::Bare => (TimeZone::UTC, ""),
        Dates::Offset => (TimeZone::fixed(Offset::constant(1)), "+01:00"),
        Dates::Utc => (TimeZone::UTC, "Z"),
    };
    let local = time.to_zoned(zone);
    let whole = local.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let fraction = format!("{:07}", local.subsec_nanosecond() / 100);
    let digits = fraction.trim_end_matches('0');
    if digits.is_empty() {
        format!("{whole}{suffix}")
    } else {
        format!("{whole}.{digits}{suffix}")
    }
}

/// Writes the date text of the guide's `SoaSerial`: `Apr 16 2025 11:37AM`.
pub(super) fn serial_text(time: Timestamp) -> String {
    let local = time.to_zoned(TimeZone::UTC);
    let (half, hour) = match local.hour() {
        0 => ("AM", 12),
        hour @ 1..=11 => ("AM", hour),
        12 => ("PM", 12),
        hour => ("PM", hour - 12),
    };
    let month = local.strftime("%b").to_string();
    format!(
        "{month} {:>2} {} {hour:>2}:{:02}{half}",
        local.day(),
        local.year(),
        local.minute()
    )
}

/// Writes the date form of HTTP headers and of the token's `.issued` and `.expires`.
pub(super) fn http_date(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC)
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_the_forms_of_the_guide() {
        let time: Timestamp = "2025-04-16T11:37:27.03Z".parse().unwrap();
        assert_eq!(date(time, Dates::Bare), "2025-04-16T11:37:27.03");
        assert_eq!(date(time, Dates::Offset), "2025-04-16T12:37:27.03+01:00");
        assert_eq!(date(time, Dates::Utc), "2025-04-16T11:37:27.03Z");
        assert_eq!(serial_text(time), "Apr 16 2025 11:37AM");
        let midnight: Timestamp = "2022-08-02T00:05:00Z".parse().unwrap();
        assert_eq!(date(midnight, Dates::Bare), "2022-08-02T00:05:00");
        assert_eq!(serial_text(midnight), "Aug  2 2022 12:05AM");
        assert_eq!(http_date(midnight), "Tue, 02 Aug 2022 00:05:00 GMT");
    }
}
