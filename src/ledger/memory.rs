//! A ledger in memory, for tests and for programs that keep none between runs.
//!
//! Clones share one content, as processes share a folder.

use super::error::LedgerError;
use super::store::{Holder, Lease, Put, RunId, Standing, Store};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One account's ledger in memory.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<Content>>);

#[derive(Debug, Default)]
struct Content {
    document: Option<Vec<u8>>,
    segments: BTreeMap<(RunId, u32), Vec<u8>>,
    cache: BTreeMap<Box<str>, Vec<u8>>,
    holder: Option<Holder>,
}

impl Memory {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        // Each change is one assignment: a panic elsewhere cannot leave half of it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Memory {
    fn name(&self, item: &str) -> String {
        format!("memory:{item}")
    }

    fn used(&self) -> Result<bool, LedgerError> {
        let content = self.content();
        Ok(content.document.is_some() || !content.segments.is_empty())
    }

    fn document(&self) -> Result<Option<Vec<u8>>, LedgerError> {
        Ok(self.content().document.clone())
    }

    fn put_document(&self, bytes: &[u8]) -> Result<(), LedgerError> {
        self.content().document = Some(bytes.to_vec());
        Ok(())
    }

    fn put_first_document(&self, bytes: &[u8]) -> Result<Put, LedgerError> {
        let mut content = self.content();
        if content.document.is_some() {
            return Ok(Put::Exists);
        }
        content.document = Some(bytes.to_vec());
        Ok(Put::Written)
    }

    fn segments(&self) -> Result<Vec<(RunId, u32)>, LedgerError> {
        Ok(self.content().segments.keys().cloned().collect())
    }

    fn segment(&self, run: &RunId, number: u32) -> Result<Option<Vec<u8>>, LedgerError> {
        let key = (run.clone(), number);
        Ok(self.content().segments.get(&key).cloned())
    }

    fn put_segment(&self, run: &RunId, number: u32, bytes: &[u8]) -> Result<Put, LedgerError> {
        let mut content = self.content();
        let key = (run.clone(), number);
        if content.segments.contains_key(&key) {
            return Ok(Put::Exists);
        }
        content.segments.insert(key, bytes.to_vec());
        Ok(Put::Written)
    }

    fn remove_run(&self, run: &RunId) -> Result<(), LedgerError> {
        self.content().segments.retain(|(known, _), _| known != run);
        Ok(())
    }

    fn standing(&self) -> Result<Standing, LedgerError> {
        Ok(match &self.content().holder {
            Some(holder) => Standing::HeldBy(holder.clone()),
            None => Standing::Free,
        })
    }

    fn lock(&self, holder: &Holder) -> Result<Box<dyn Lease>, LedgerError> {
        let mut content = self.content();
        if let Some(by) = &content.holder {
            return Err(LedgerError::Held(Box::new(by.clone())));
        }
        content.holder = Some(holder.clone());
        Ok(Box::new(Held(self.clone())))
    }

    fn cached(&self, name: &str) -> Option<Vec<u8>> {
        self.content().cache.get(name).cloned()
    }

    fn cache(&self, name: &str, bytes: &[u8]) -> Result<(), LedgerError> {
        self.content().cache.insert(name.into(), bytes.to_vec());
        Ok(())
    }
}

#[derive(Debug)]
struct Held(Memory);

impl Lease for Held {
    fn check(&self) -> Result<(), LedgerError> {
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.content().holder = None;
    }
}
