//! Where ledgers live: a folder or an object store, both behind one trait.
//!
//! A store moves bytes. It knows neither what is in a document nor what a record means; what it promises is
//! that a write is whole, or not there, and durable once it has returned.

use super::error::LedgerError;
use crate::model::Time;
use std::fmt;

/// Whose ledger it is: one per provider, endpoint and customer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerKey {
    /// `namebay`, `combell`.
    pub provider: Box<str>,
    /// The host that is asked, without scheme and path.
    pub endpoint: Box<str>,
    /// The customer acted for.
    pub user: Box<str>,
}

impl LedgerKey {
    /// The name of its folder: `<provider>-<endpoint>-<user>`. What might not be told apart, or what no file
    /// name can hold everywhere, is written as `%` and two hex digits.
    pub fn folder_name(&self) -> String {
        let mut name = String::new();
        plain(&mut name, &self.provider, false);
        name.push('-');
        plain(&mut name, &self.endpoint, true);
        name.push('-');
        plain(&mut name, &self.user, false);
        name
    }
}

/// Appends a text as part of a file name. A hyphen is kept in one member only, so that the ends are clear.
fn plain(name: &mut String, text: &str, hyphen: bool) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' => name.push(char::from(byte)),
            b'-' if hyphen => name.push('-'),
            _ => name.push_str(&format!("%{byte:02X}")),
        }
    }
}

impl fmt::Display for LedgerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.provider, self.endpoint, self.user)
    }
}

/// Names one run; names sort by the time at which the runs began.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId(Box<str>);

impl RunId {
    /// Of a run that begins now, in this process.
    pub fn new(at: Time, pid: u32) -> Self {
        Self(format!("{}-{pid}", at.strftime("%Y%m%dT%H%M%S.%9fZ")).into())
    }

    /// Another one that begins at the same time.
    #[must_use]
    pub fn next(&self) -> Self {
        Self(format!("{}-", self.0).into())
    }

    /// Reads one back; `None` for what cannot be the name of a run.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
        (text.len() >= 8
            && text.bytes().all(fits)
            && text.bytes().next().is_some_and(|b| b.is_ascii_digit()))
        .then(|| Self(text.into()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who holds a ledger.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Holder {
    /// The machine.
    pub host: String,
    /// The process.
    pub pid: u32,
    /// Where the run can be watched (of a CI job).
    pub url: Option<String>,
    /// Since when.
    pub since: Time,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "process {} on {}, since {}",
            self.pid, self.host, self.since
        )?;
        match &self.url {
            Some(url) => write!(f, ", {url}"),
            None => Ok(()),
        }
    }
}

/// Whether somebody holds a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nobody.
    Free,
    /// A run that goes on: its open writes are under way, not left by a crash.
    HeldBy(Holder),
}

/// Whether a write that may not replace anything found its place free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It was; it is written.
    Written,
    /// Something is there; nothing was changed.
    Exists,
}

/// A lock that is held; dropping it lets it go.
pub trait Lease: Send + Sync + fmt::Debug {
    /// Fails if it can no longer be relied on; asked before each segment.
    fn check(&self) -> Result<(), LedgerError>;

    /// Whose lock it was, if that one's time had run out and it was taken over.
    fn taken_from(&self) -> Option<&Holder> {
        None
    }
}

/// Where one account's ledger lives.
pub trait Store: Send + Sync + fmt::Debug {
    /// How people find it, or one file in it.
    fn name(&self, item: &str) -> String;
    /// Whether anything was ever written there.
    fn used(&self) -> Result<bool, LedgerError>;
    /// The document.
    fn document(&self) -> Result<Option<Vec<u8>>, LedgerError>;
    /// Replaces the document, wholly or not at all.
    fn put_document(&self, bytes: &[u8]) -> Result<(), LedgerError>;
    /// Writes the first document.
    fn put_first_document(&self, bytes: &[u8]) -> Result<Put, LedgerError>;
    /// Every segment of every run, in order.
    fn segments(&self) -> Result<Vec<(RunId, u32)>, LedgerError>;
    /// One segment; `None` if it was removed meanwhile.
    fn segment(&self, run: &RunId, number: u32) -> Result<Option<Vec<u8>>, LedgerError>;
    /// Writes a segment, unless it exists.
    fn put_segment(&self, run: &RunId, number: u32, bytes: &[u8]) -> Result<Put, LedgerError>;
    /// Removes all segments of a run.
    fn remove_run(&self, run: &RunId) -> Result<(), LedgerError>;
    /// Who holds it.
    fn standing(&self) -> Result<Standing, LedgerError>;
    /// Takes the lock, or says who has it; never waits for it.
    fn lock(&self, holder: &Holder) -> Result<Box<dyn Lease>, LedgerError>;
    /// Frees a lock that nobody holds any more, and tells whose it was; says who holds one that is held. A lock that
    /// ends with its process leaves nothing to free.
    fn release(&self) -> Result<Option<Holder>, LedgerError> {
        match self.standing()? {
            Standing::HeldBy(holder) => Err(LedgerError::Held(Box::new(holder))),
            Standing::Free => Ok(None),
        }
    }
    /// Something that may be lost without harm.
    fn cached(&self, name: &str) -> Option<Vec<u8>>;
    /// Keeps something that may be lost without harm.
    fn cache(&self, name: &str, bytes: &[u8]) -> Result<(), LedgerError>;
}
