//! Segments of a journal: lines of JSON, each with a sum over itself and the lines before it.
//!
//! The first line says to which ledger, run and place the segment belongs, and how many records follow. So a
//! tail that was cut, by a kill or a full disk, is told from a line that was changed: the first is dropped
//! (nothing was sent before it was durable), the second is refused. It does not know where the bytes lie.

use super::error::LedgerError;
use super::record::Record;
use super::store::RunId;
use super::wire::{Reader, RecordJson};
use crate::model::{Account, attrs};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const FORMAT: &str = "bailiwick/journal/1";
const FAMILY: &str = "bailiwick/journal/";
const OPENS: &str = "{\"sum\":\"";
const THEN: &str = "\",\"line\":";
/// 64 bits: sums guard against accidents, not against people.
const SUM: usize = 16;

/// Which segment it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place<'a> {
    pub(super) ledger: &'a str,
    pub(super) run: &'a RunId,
    pub(super) number: u32,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: String,
    ledger: Box<str>,
    run: String,
    segment: u32,
    records: usize,
}

/// A segment that was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// The ledger that it says it belongs to; `None`: cut before that was said.
    pub(super) ledger: Option<Box<str>>,
    pub(super) records: Vec<Record>,
    /// It was cut; only the last of a run may be.
    pub(super) torn: bool,
}

/// Writes a segment.
pub(super) fn to_bytes(
    place: &Place<'_>,
    records: &[&Record],
) -> Result<Vec<u8>, serde_json::Error> {
    let mut lines = Lines::default();
    lines.push(&serde_json::to_string(&Head {
        format: FORMAT.into(),
        ledger: place.ledger.into(),
        run: place.run.as_str().into(),
        segment: place.number,
        records: records.len(),
    })?);
    for record in records {
        lines.push(&serde_json::to_string(&RecordJson::of(record))?);
    }
    Ok(lines.text.into_bytes())
}

/// Reads a segment; `name` is what errors call it, `account` the label that its addresses get.
pub(super) fn from_bytes(
    bytes: &[u8],
    name: &str,
    at: (&RunId, u32),
    account: &Account,
) -> Result<Segment, LedgerError> {
    let mut segment = Segment {
        ledger: None,
        records: Vec::new(),
        torn: true,
    };
    // After a loss of power a file may have its length and, for its end, not its bytes.
    let filled = bytes.iter().rposition(|b| *b != 0).map_or(0, |at| at + 1);
    let whole = bytes[..filled]
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |at| at + 1);
    let text = std::str::from_utf8(&bytes[..whole])
        .map_err(|_| LedgerError::edited(name, "it is not UTF-8 text"))?;
    let mut sum = String::new();
    let mut lines = text.lines().enumerate().map(|(index, line)| {
        let number = index + 1;
        let content = line
            .strip_prefix(OPENS)
            .and_then(|rest| rest.split_at_checked(SUM))
            .and_then(|(written, rest)| {
                let content = rest.strip_prefix(THEN)?.strip_suffix('}')?;
                sum = sum_of(&sum, content);
                (sum == written).then_some(content)
            });
        content
            .ok_or_else(|| LedgerError::edited(name, format!("line {number} does not fit its sum")))
    });
    let Some(first) = lines.next() else {
        return Ok(segment);
    };
    let head = head(first?, name)?;
    if head.run != at.0.as_str() || head.segment != at.1 {
        return Err(LedgerError::Foreign {
            name: name.to_owned(),
            owner: format!("segment {} of run {}", head.segment, head.run),
            expected: format!("segment {} of run {}", at.1, at.0.as_str()),
        });
    }
    let mut reader = Reader::new(account);
    for line in lines {
        let record: RecordJson = serde_json::from_str(line?)
            .map_err(|error| LedgerError::edited(name, error.to_string()))?;
        let record = record
            .read(&mut reader)
            .map_err(|wrong| LedgerError::edited(name, wrong.to_string()))?;
        segment.records.push(record);
    }
    if segment.records.len() > head.records
        || whole < filled && segment.records.len() == head.records
    {
        return Err(LedgerError::edited(name, "it holds more than it says"));
    }
    segment.ledger = Some(head.ledger);
    segment.torn = segment.records.len() < head.records;
    Ok(segment)
}

fn head(line: &str, name: &str) -> Result<Head, LedgerError> {
    #[derive(Deserialize)]
    struct Format {
        format: Option<String>,
    }
    let wrong = |error: serde_json::Error| LedgerError::edited(name, error.to_string());
    let format: Format = serde_json::from_str(line).map_err(wrong)?;
    match format.format {
        Some(format) if format != FORMAT && format.starts_with(FAMILY) => Err(LedgerError::Newer {
            name: name.to_owned(),
            format,
        }),
        Some(_) | None => serde_json::from_str(line).map_err(wrong),
    }
}

#[derive(Default)]
struct Lines {
    text: String,
    sum: String,
}

impl Lines {
    fn push(&mut self, content: &str) {
        self.sum = sum_of(&self.sum, content);
        for piece in [OPENS, &self.sum, THEN, content, "}\n"] {
            self.text.push_str(piece);
        }
    }
}

fn sum_of(before: &str, content: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(before.as_bytes());
    hasher.update(content.as_bytes());
    attrs::hex(&hasher.finalize()[..SUM / 2])
}
