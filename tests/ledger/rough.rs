//! A store with accidents: its process dies at a write, or others write while it reads.

use bailiwick::ledger::{Holder, Lease, LedgerError, Memory, Put, RunId, Standing, Store};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// What happens elsewhere.
type Meanwhile = Box<dyn FnOnce() + Send>;

/// A store with accidents.
pub(super) struct Rough {
    pub(super) inner: Memory,
    /// Writes until the process dies.
    pub(super) left: Arc<AtomicUsize>,
    /// The last of them takes effect.
    pub(super) reaches: bool,
    /// After the document was read for the first time.
    pub(super) meanwhile: Mutex<Option<Meanwhile>>,
}

impl std::fmt::Debug for Rough {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a store with accidents")
    }
}

impl Rough {
    pub(super) fn dying_after(inner: &Memory, writes: usize) -> Self {
        Self {
            inner: inner.clone(),
            left: Arc::new(AtomicUsize::new(writes)),
            reaches: true,
            meanwhile: Mutex::default(),
        }
    }

    fn dead() -> LedgerError {
        LedgerError::Busy {
            name: "killed".into(),
        }
    }

    fn write<T>(&self, write: impl FnOnce() -> Result<T, LedgerError>) -> Result<T, LedgerError> {
        let left = self.left.load(Ordering::Relaxed);
        match left {
            0 => return Err(Self::dead()),
            1 if !self.reaches => {
                self.left.store(0, Ordering::Relaxed);
                return Err(Self::dead());
            }
            _ => self.left.store(left - 1, Ordering::Relaxed),
        }
        let written = write()?;
        if left == 1 {
            Err(Self::dead())
        } else {
            Ok(written)
        }
    }
}

impl Store for Rough {
    fn name(&self, item: &str) -> String {
        self.inner.name(item)
    }
    fn used(&self) -> Result<bool, LedgerError> {
        self.inner.used()
    }
    fn document(&self) -> Result<Option<Vec<u8>>, LedgerError> {
        let document = self.inner.document();
        if let Some(meanwhile) = self.meanwhile.lock().unwrap().take() {
            meanwhile();
        }
        document
    }
    fn put_document(&self, bytes: &[u8]) -> Result<(), LedgerError> {
        self.write(|| self.inner.put_document(bytes))
    }
    fn put_first_document(&self, bytes: &[u8]) -> Result<Put, LedgerError> {
        self.write(|| self.inner.put_first_document(bytes))
    }
    fn segments(&self) -> Result<Vec<(RunId, u32)>, LedgerError> {
        self.inner.segments()
    }
    fn segment(&self, run: &RunId, number: u32) -> Result<Option<Vec<u8>>, LedgerError> {
        self.inner.segment(run, number)
    }
    fn put_segment(&self, run: &RunId, number: u32, bytes: &[u8]) -> Result<Put, LedgerError> {
        self.write(|| self.inner.put_segment(run, number, bytes))
    }
    fn remove_run(&self, run: &RunId) -> Result<(), LedgerError> {
        self.write(|| self.inner.remove_run(run))
    }
    fn standing(&self) -> Result<Standing, LedgerError> {
        self.inner.standing()
    }
    fn lock(&self, holder: &Holder) -> Result<Box<dyn Lease>, LedgerError> {
        self.inner.lock(holder)
    }
    fn cached(&self, name: &str) -> Option<Vec<u8>> {
        self.inner.cached(name)
    }
    fn cache(&self, name: &str, bytes: &[u8]) -> Result<(), LedgerError> {
        self.inner.cache(name, bytes)
    }
}
