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
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
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

/// All but the entries, of which there are many.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: String,
    digest: String,
    id: Box<str>,
    key: LedgerKey,
    first_file: Option<Box<str>>,
    applied: BTreeMap<String, u32>,
    approved: BTreeSet<Box<str>>,
    running: Option<Box<str>>,
    open: Vec<OpenJson>,
    doubts: Vec<OpenJson>,
    pending: Vec<OpenJson>,
}

/// A document as it is written.
struct Read {
    head: Head,
    entries: BTreeMap<Address, Entry>,
}

/// Reads a document; each entry is brought into its lasting form before the next one is read.
struct Reading<'a>(&'a mut Reader);

impl<'de> DeserializeSeed<'de> for Reading<'_> {
    type Value = Read;

    fn deserialize<D: Deserializer<'de>>(self, document: D) -> Result<Read, D::Error> {
        document.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Reading<'_> {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a ledger")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Read, A::Error> {
        const ENTRIES: &str = "entries";
        let mut entries = None;
        let mut head = serde_json::Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let before = if name == ENTRIES {
                let read = members.next_value_seed(ReadingEntries(&mut *self.0))?;
                entries.replace(read).is_some()
            } else {
                head.insert(name, members.next_value()?).is_some()
            };
            if before {
                return Err(de::Error::custom("a member that stands there twice"));
            }
        }
        let head = Head::deserialize(serde_json::Value::Object(head));
        Ok(Read {
            head: head.map_err(de::Error::custom)?,
            entries: entries.ok_or_else(|| de::Error::missing_field(ENTRIES))?,
        })
    }
}

struct ReadingEntries<'a>(&'a mut Reader);

impl<'de> DeserializeSeed<'de> for ReadingEntries<'_> {
    type Value = BTreeMap<Address, Entry>;

    fn deserialize<D: Deserializer<'de>>(self, list: D) -> Result<Self::Value, D::Error> {
        list.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for ReadingEntries<'_> {
    type Value = BTreeMap<Address, Entry>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        // A map that is made at once is full; one that grows in order is half empty.
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element::<EntryJson>()? {
            entries.push(entry.read(self.0).map_err(de::Error::custom)?);
        }
        Ok(entries.into_iter().collect())
    }
}

/// Reads a whole text.
fn read(text: &str, reader: &mut Reader) -> Result<Read, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(text);
    let read = Reading(reader).deserialize(&mut json)?;
    json.end()?;
    Ok(read)
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
        let mut reader = Reader::new(account);
        let read = read(text, &mut reader).map_err(|error| unreadable(name, text, &error))?;
        if read.head.format != FORMAT {
            return Err(other_format(name, read.head.format));
        }
        if !text.ends_with('\n') {
            return Err(LedgerError::truncated(name, "the last byte is missing"));
        }
        if digest_of(text).as_ref() != Some(&read.head.digest) {
            return Err(LedgerError::edited(name, "its digest does not fit"));
        }
        if read.head.key != *key {
            return Err(LedgerError::Foreign {
                name: name.to_owned(),
                owner: read.head.key.to_string(),
                expected: key.to_string(),
            });
        }
        read.into_document(&mut reader)
            .map_err(|wrong| LedgerError::edited(name, wrong))
    }
}

impl Read {
    fn into_document(self, reader: &mut Reader) -> Result<Document, String> {
        let Read { head, entries } = self;
        let mut opens = |list: Vec<OpenJson>| -> Result<BTreeMap<Unit, Open>, String> {
            let read = list.into_iter().map(|open| open.read(reader));
            let read: Result<_, NoAddress> = read.collect();
            read.map_err(|wrong| wrong.to_string())
        };
        let ledger = Ledger {
            id: head.id,
            entries,
            open: opens(head.open)?,
            doubts: opens(head.doubts)?,
            pending: opens(head.pending)?,
            approved: head.approved,
            running: head.running,
            first_file: head.first_file,
        };
        let run = |(run, number): (String, u32)| match RunId::parse(&run) {
            Some(id) => Ok((id, number)),
            None => Err(format!("{run:?} is no run")),
        };
        Ok(Document {
            ledger,
            applied: head
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
