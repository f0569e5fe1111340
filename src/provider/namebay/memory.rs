//! What was learned of a server during a run; losing it costs a request here and there, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::marks::Watched;
use super::spelling;
use crate::model::{Account, Address};

/// What one login was seen to do.
#[derive(Debug, Default)]
pub(super) struct Memory {
    zones: BTreeMap<Box<str>, spelling::Seen>,
    everywhere: spelling::Seen,
    handles: BTreeMap<Arc<str>, Box<str>>,
    mailboxes: BTreeMap<Box<str>, Mailbox>,
    watched: BTreeMap<Box<str>, Watched>,
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

    /// Watches the marker of a zone, by its handle, from before anything is written there.
    pub(super) fn watch(&mut self, handle: &str, zone: Address, marker: &str) {
        let watched = Watched {
            zone,
            marker: marker.into(),
            moved: None,
        };
        self.watched.entry(handle.into()).or_insert(watched);
    }

    /// The marker of a zone that was not looked at since.
    pub(super) fn unchecked(&self, handle: &str) -> Option<Box<str>> {
        let watched = self.watched.get(handle)?;
        watched.moved.is_none().then(|| watched.marker.clone())
    }

    /// Notes whether a zone's marker moved with a write.
    pub(super) fn checked(&mut self, handle: &str, moved: bool) {
        if let Some(watched) = self.watched.get_mut(handle) {
            watched.moved = Some(moved);
        }
    }

    /// The zones of an account, with their handles, whose marker moved with a write of this run.
    pub(super) fn moved(&self, account: &Account) -> Vec<(Address, Box<str>)> {
        self.watched
            .iter()
            .filter(|(_, watched)| watched.moved == Some(true) && watched.zone.account == *account)
            .map(|(handle, watched)| (watched.zone.clone(), handle.clone()))
            .collect()
    }
}
