//! What was learned of a server during a run; losing it costs a request here and there, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::spelling;

/// What one login was seen to do.
#[derive(Debug, Default)]
pub(super) struct Memory {
    zones: BTreeMap<Box<str>, spelling::Seen>,
    everywhere: spelling::Seen,
    handles: BTreeMap<Arc<str>, Box<str>>,
    mailboxes: BTreeMap<Box<str>, Mailbox>,
}

/// What a change of a mailbox has to know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mailbox {
    /// It only forwards.
    pub(super) alias: bool,
    /// Namebay still works on it.
    pub(super) pending: bool,
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

    /// Notes the handle of the zone of a name.
    pub(super) fn note_handle(&mut self, name: &Arc<str>, handle: &str) {
        self.handles.insert(Arc::clone(name), handle.into());
    }

    /// The handle of the zone of a name.
    pub(super) fn handle(&self, name: &str) -> Option<Box<str>> {
        self.handles.get(name).cloned()
    }

    /// Notes a mailbox, by its handle.
    pub(super) fn note_mailbox(&mut self, handle: &str, seen: Mailbox) {
        self.mailboxes.insert(handle.into(), seen);
    }

    /// What is known of a mailbox.
    pub(super) fn mailbox(&self, handle: &str) -> Option<Mailbox> {
        self.mailboxes.get(handle).copied()
    }
}
