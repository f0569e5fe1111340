//! The document of a ledger, `bailiwick/ledger/1`: one JSON object with a digest over its bytes.
//!
//! The digest tells a document that was cut or edited from one that was written; the key and the id tell one
//! that was copied here from elsewhere. A later format is refused, not guessed at. It does not know where
//! the bytes lie.

use super::error::LedgerError;
use super::record::{Entry, Ledger, Open};
use super::store::{LedgerKey, RunId};
use super::wire::{EntryJson, NoAddress, OpenJson, Reader};
use crate::model::{Account, Address, Unit, attrs};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The format, and its version.
pub const FORMAT: &str = "bailiwick/ledger/1";
const FAMILY: &str = "bailiwick/ledger/";
/// Stands where the digest will, while the digest is made.
const NO_DIGEST: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// A ledger with how much of its journal is already in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Document {
    pub(super) ledger: Ledger,
    /// The last segment of each run that is in it: those up to it are not replayed.
    pub(super) applied: BTreeMap<RunId, u32>,
}

#[derive(Serialize)]
struct Written<'a> {
    format: &'static str,
    digest: &'static str,
    id: &'a str,
    key: &'a LedgerKey,
    first_file: Option<&'a str>,
    applied: BTreeMap<&'a str, u32>,
    approved: &'a BTreeSet<Box<str>>,
    running: Option<&'a str>,
    entries: Entries<'a>,
    open: Opens<'a>,
    doubts: Opens<'a>,
    pending: Opens<'a>,
}

/// One after the other, so that the whole is never held twice.
struct Entries<'a>(&'a BTreeMap<Address, Entry>);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|(a, entry)| EntryJson::of(a, entry)))
    }
}

struct Opens<'a>(&'a BTreeMap<Unit, Open>);

impl Serialize for Opens<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.values().map(OpenJson::of))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    format: String,
    digest: String,
    id: Box<str>,
    key: LedgerKey,
    first_file: Option<Box<str>>,
    applied: BTreeMap<String, u32>,
    approved: BTreeSet<Box<str>>,
    running: Option<Box<str>>,
    entries: Vec<EntryJson>,
    open: Vec<OpenJson>,
    doubts: Vec<OpenJson>,
    pending: Vec<OpenJson>,
}

impl Document {
    /// As bytes; equal documents are equal bytes.
    pub(super) fn to_bytes(&self, key: &LedgerKey) -> Result<Vec<u8>, serde_json::Error> {
        let Ledger {
            id,
            entries,
            open,
            doubts,
            pending,
            approved,
            running,
            first_file,
        } = &self.ledger;
        let mut text = serde_json::to_string(&Written {
            format: FORMAT,
            digest: NO_DIGEST,
            id,
            key,
            first_file: first_file.as_deref(),
            applied: self
                .applied
                .iter()
                .map(|(run, number)| (run.as_str(), *number))
                .collect(),
            approved,
            running: running.as_deref(),
            entries: Entries(entries),
            open: Opens(open),
            doubts: Opens(doubts),
            pending: Opens(pending),
        })?;
        text.push('\n');
        if let (Some(digest), Some(at)) = (digest_of(&text), digest_at(&text)) {
            text.replace_range(at, &digest);
        }
        Ok(text.into_bytes())
    }

    /// Reads one; `name` is what errors call it, `account` the label that its addresses get.
    pub(super) fn from_bytes(
        bytes: &[u8],
        name: &str,
        key: &LedgerKey,
        account: &Account,
    ) -> Result<Self, LedgerError> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| LedgerError::edited(name, "it is not UTF-8 text"))?;
        // Nearly always it is what it should be; why it is not is asked only then.
        let read: Read =
            serde_json::from_str(text).map_err(|error| unreadable(name, text, &error))?;
        if read.format != FORMAT {
            return Err(other_format(name, read.format));
        }
        if !text.ends_with('\n') {
            return Err(LedgerError::truncated(name, "the last byte is missing"));
        }
        if digest_of(text).as_ref() != Some(&read.digest) {
            return Err(LedgerError::edited(name, "its digest does not fit"));
        }
        if read.key != *key {
            return Err(LedgerError::Foreign {
                name: name.to_owned(),
                owner: read.key.to_string(),
                expected: key.to_string(),
            });
        }
        read.into_document(account)
            .map_err(|wrong| LedgerError::edited(name, wrong))
    }
}

impl Read {
    fn into_document(self, account: &Account) -> Result<Document, String> {
        let text = |wrong: NoAddress| wrong.to_string();
        let mut reader = Reader::new(account);
        let mut entries = BTreeMap::new();
        for entry in self.entries {
            let (address, entry) = entry.read(&mut reader).map_err(text)?;
            entries.insert(address, entry);
        }
        let mut opens = |list: Vec<OpenJson>| -> Result<BTreeMap<Unit, Open>, String> {
            let read = list.into_iter().map(|open| open.read(&mut reader));
            read.collect::<Result<_, _>>().map_err(text)
        };
        let ledger = Ledger {
            id: self.id,
            entries,
            open: opens(self.open)?,
            doubts: opens(self.doubts)?,
            pending: opens(self.pending)?,
            approved: self.approved,
            running: self.running,
            first_file: self.first_file,
        };
        let run = |(run, number): (String, u32)| match RunId::parse(&run) {
            Some(id) => Ok((id, number)),
            None => Err(format!("{run:?} is no run")),
        };
        Ok(Document {
            ledger,
            applied: self
                .applied
                .into_iter()
                .map(run)
                .collect::<Result<_, _>>()?,
        })
    }
}

/// Where the digest stands: behind the format, before anything that a person chose.
fn digest_at(text: &str) -> Option<Range<usize>> {
    const BEFORE: &str = "\"digest\":\"";
    let start = text.find(BEFORE)? + BEFORE.len();
    let at = start..start + NO_DIGEST.len();
    text.get(at.clone()).map(|_| at)
}

/// The digest of a document, whatever digest it names; `None` where it names none.
fn digest_of(text: &str) -> Option<String> {
    let at = digest_at(text)?;
    let mut hasher = Sha256::new();
    hasher.update(&text.as_bytes()[..at.start]);
    hasher.update(NO_DIGEST.as_bytes());
    hasher.update(&text.as_bytes()[at.end..]);
    Some(format!("sha256:{}", attrs::hex(&hasher.finalize())))
}

/// Why a text is no document: another format, cut, or edited.
fn unreadable(name: &str, text: &str, error: &serde_json::Error) -> LedgerError {
    #[derive(Deserialize)]
    struct Head {
        format: Option<String>,
    }
    if text.trim().is_empty() {
        return LedgerError::truncated(name, "it is empty");
    }
    match serde_json::from_str(text) {
        Ok(Head {
            format: Some(format),
        }) if format == FORMAT => LedgerError::edited(name, error.to_string()),
        Ok(Head { format }) => other_format(name, format.unwrap_or_default()),
        Err(error) if error.is_eof() => LedgerError::truncated(name, error.to_string()),
        Err(error) => LedgerError::edited(name, error.to_string()),
    }
}

fn other_format(name: &str, format: String) -> LedgerError {
    if format.starts_with(FAMILY) {
        let name = name.to_owned();
        LedgerError::Newer { name, format }
    } else {
        LedgerError::edited(name, "it is no ledger")
    }
}
