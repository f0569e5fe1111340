//! What a zone's `SoaSerial` is good for: an unchanged one may spare reading the zone's records.
//!
//! The marker is opaque, and nothing says what moves it, when, and how finely. So it is believed only where
//! - a write of ours in that zone was seen to move it at once ([`check`]): one that never moves, or moves late, is not;
//! - the records were read at least [`MARGIN`] (in the provider's own time) after the marker was first seen: one that
//!   stands for a minute, as that of the guide does (`Apr 16 2025 11:37AM`), has then ended its time, and whatever
//!   changes later gets another.
//!
//! A marker that stands for an hour or a day would hide a change within that time; none is documented.
//!
//! A zone that a run of ours writes to is forgotten before the run, and believed again only after a new check; so a crash
//! costs a read and no more.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::{Address, Kind, Outcome, Write};

use super::api::zone::{Record, Zone};
use super::session::Session;

/// The time that a marker may stand for, and as much again.
pub(super) const MARGIN: SignedDuration = SignedDuration::from_mins(2);

/// What is remembered of a zone whose marker was seen to move with a write of ours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Mark {
    /// The zone's handle.
    pub(super) handle: Box<str>,
    /// The marker, where one was seen since.
    pub(super) marker: Option<Box<str>>,
    /// When it was first seen, in the provider's time.
    pub(super) first: Option<Timestamp>,
    /// The records, as they were answered at least [`MARGIN`] later.
    pub(super) records: Option<Vec<Record>>,
}

#[derive(Serialize)]
struct Written<'a> {
    handle: &'a str,
    marker: Option<&'a str>,
    first: Option<Timestamp>,
    records: Option<Vec<serde_json::Value>>,
}

impl Mark {
    /// Reads it back; what cannot be read was never remembered.
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// As a text.
    pub(super) fn text(&self) -> Option<Box<str>> {
        let records = self.records.as_deref();
        let written = Written {
            handle: &self.handle,
            marker: self.marker.as_deref(),
            first: self.first,
            records: records.map(|list| list.iter().map(kept).collect()),
        };
        serde_json::to_string(&written).ok().map(Into::into)
    }

    /// The mark after the zone was listed with this marker at this time.
    pub(super) fn seen(self, handle: &str, marker: &str, now: Timestamp) -> Self {
        let same = *self.handle == *handle && self.marker.as_deref() == Some(marker);
        // A time before the first one makes no sense of the others.
        if same && self.first.is_some_and(|first| first <= now) {
            return self;
        }
        Self {
            handle: handle.into(),
            marker: Some(marker.into()),
            first: Some(now),
            records: None,
        }
    }

    /// True if records that are read now may stand for later ones with the same marker.
    pub(super) fn is_settled(&self, now: Timestamp) -> bool {
        self.first
            .is_some_and(|first| now.duration_since(first) >= MARGIN)
    }
}

fn kept(record: &Record) -> serde_json::Value {
    let Record {
        id,
        host,
        rtype,
        data,
        weight,
        naptr_preference,
        naptr_flag,
        naptr_regexp,
    } = record;
    serde_json::json!({
        "Id": id.0.as_deref(),
        "Host": host.0.as_deref(),
        "Type": rtype.0.as_deref(),
        "Data": data.0.as_deref(),
        "Weight": weight.0,
        "NaptrPreference": naptr_preference.0.as_deref(),
        "NaptrFlag": naptr_flag.0.as_deref(),
        "NaptrRegExp": naptr_regexp.0.as_deref(),
    })
}

/// What a run saw of a zone's marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Watched {
    /// The zone.
    pub(super) zone: Address,
    /// The marker before the first write.
    pub(super) marker: Box<str>,
    /// What the check said, if there was one.
    pub(super) moved: Option<bool>,
}

/// Looks, after the first record that a run writes in a zone, whether the zone's marker has moved with it.
pub(super) async fn check(session: &Session, write: &Write, outcome: &Outcome) {
    let (Kind::Record, Outcome::Done { .. }, Some(zone)) =
        (write.unit.address.kind, outcome, &write.within)
    else {
        return;
    };
    let before = session.login().memory(|memory| memory.unchecked(&zone.0));
    let Some(before) = before else {
        return;
    };
    let read: Result<Zone, _> = session.object(|calls| calls.zone(&zone.0)).await;
    let moved = match &read {
        Ok(read) => read.serial.word().is_some_and(|now| *now != *before),
        Err(_) => false,
    };
    session
        .login()
        .memory(|memory| memory.checked(&zone.0, moved));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_mark_is_read_back_and_starts_anew_with_a_new_marker() {
        let records: Vec<Record> = serde_json::from_str(
            r#"[{"Id": 13.0, "Host": " www", "Type": "MX", "Data": "mx.example.", "Weight": 10.0}]"#,
        )
        .unwrap();
        let mark = Mark {
            handle: "DO1".into(),
            marker: Some("Apr 16 2025 11:37AM".into()),
            first: Some(at("2026-01-01T10:00:00Z")),
            records: Some(records),
        };
        let again = Mark::read(&mark.text().unwrap()).unwrap();
        assert_eq!(again, mark);
        let later = at("2026-01-01T10:02:00Z");
        let seen = |handle, marker, now| again.clone().seen(handle, marker, now);
        assert_eq!(seen("DO1", "Apr 16 2025 11:37AM", later), mark);
        assert!(mark.is_settled(later));
        assert!(!mark.is_settled(at("2026-01-01T10:01:59Z")));
        for other in [
            seen("DO1", "Apr 17 2025 11:37AM", later),
            seen("DO2", "Apr 16 2025 11:37AM", later),
            seen("DO1", "Apr 16 2025 11:37AM", at("2025-12-31T00:00:00Z")),
        ] {
            assert_eq!(other.records, None);
            assert!(!other.is_settled(later) || other.first < Some(later));
        }
        assert_eq!(Mark::read("{"), None);
    }
}
