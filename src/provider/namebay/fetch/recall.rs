//! Which zones' records need not be read again, and what is remembered for the next time.

use std::sync::Arc;

use crate::model::Kind;

use super::super::marks::Mark;
use super::Reading;

impl Reading<'_> {
    /// Takes the records of zones that have not changed from what is remembered.
    pub(super) fn recall(&mut self) {
        let (Some(seen), Some(now)) = (self.wish.seen, self.listed_at) else {
            return;
        };
        let declared = self.scope.zones.iter().filter(|(_, (yes, _))| *yes);
        let names: Vec<Arc<str>> = declared.map(|(name, _)| Arc::clone(name)).collect();
        for name in names {
            let zone = self.zones.as_ref().and_then(|zones| zones.get(&name));
            let Some((handle, marker)) =
                zone.and_then(|zone| Some((zone.handle.word()?, zone.serial.word()?)))
            else {
                continue;
            };
            let address = self.address(Kind::Zone, &name);
            let key: Box<str> = address.full_text().into();
            self.session
                .login()
                .memory(|memory| memory.watch(handle, address, marker));
            let Some(mark) = seen.marks.get(&key).and_then(|text| Mark::read(text)) else {
                continue;
            };
            let mut mark = mark.seen(handle, marker, now);
            // What a write came to is told by what is there now alone.
            let is_open = self
                .wish
                .open
                .iter()
                .any(|(write, _)| write.unit.address.domain == name);
            let whole = self.wish.below.is_none() && !is_open;
            let records = mark.records.take().filter(|_| whole);
            self.marks.insert(Arc::clone(&name), mark);
            if let Some(lines) = records {
                let table = self.table(&name, lines);
                self.tables.insert(name, table);
            }
        }
    }

    /// True for records that may stand for later ones.
    pub(super) fn is_worth_keeping(&self, name: &Arc<str>) -> bool {
        let mark = self.marks.get(name);
        self.listed_at
            .is_some_and(|now| mark.is_some_and(|mark| mark.is_settled(now)))
    }

    /// Tells what is to be remembered.
    pub(super) fn remember(&mut self) {
        for (name, mut mark) in std::mem::take(&mut self.marks) {
            mark.records = self
                .tables
                .get_mut(&name)
                .and_then(|table| table.kept.take());
            if let Some(text) = mark.text() {
                let key = self.address(Kind::Zone, &name).full_text();
                self.live.seen.marks.insert(key.into(), text);
            }
        }
    }
}
