//! What was learned of a server during a run; losing it costs a request here and there, and nothing else.

use std::collections::BTreeMap;

use super::spelling;

/// What one login was seen to do.
#[derive(Debug, Default)]
pub(super) struct Memory {
    zones: BTreeMap<Box<str>, spelling::Seen>,
    everywhere: spelling::Seen,
}

impl Memory {
    /// Notes how a zone, by its handle, is spelled.
    pub(super) fn note_zone(&mut self, zone: &str, seen: spelling::Seen) {
        self.everywhere = self.everywhere.or(seen);
        self.zones.insert(zone.into(), seen);
    }

    /// How a zone is spelled, as far as anything tells.
    pub(super) fn zone(&self, zone: &str) -> spelling::Seen {
        let own = self.zones.get(zone).copied().unwrap_or_default();
        own.or(self.everywhere)
    }

    /// Changes what is known of a zone.
    pub(super) fn learn(&mut self, zone: &str, learning: impl Fn(&mut spelling::Seen)) {
        learning(self.zones.entry(zone.into()).or_default());
        learning(&mut self.everywhere);
    }
}
