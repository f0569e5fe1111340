//! Master files (RFC 1035, 5): read into canonical records, and written from them.
//!
//! Reading tells all that is wrong in one run. The reader opens no file: `$INCLUDE` asks the caller, who
//! alone knows folders and what lies outside them. SOA and apex NS are given apart, because the file of a
//! zone at a provider does not decide them.

mod lexer;
mod reader;
mod writer;

pub use reader::{Include, Included, read};
pub use writer::{Line, Written, Zone, write};

use super::error::DataError;
use super::name::Host;
use super::rtype::Rtype;
use std::sync::Arc;

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The file, as the caller named it.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// First byte in the file's text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Whose time to live a record has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ttl {
    /// Written on the record itself.
    Written(u32),
    /// From `$TTL`, or from the record before.
    Inherited(u32),
    /// None is known.
    Unknown,
}

/// One record of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its host.
    pub host: Host,
    /// Its type.
    pub rtype: Rtype,
    /// Its data, canonical.
    pub data: Box<str>,
    /// Its time to live, in seconds.
    pub ttl: Ttl,
    /// Where it begins.
    pub at: At,
}

/// The values of an SOA record; names absolute, times in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Soa {
    /// The primary name server.
    pub primary: Box<str>,
    /// The mailbox of who is responsible, as a name.
    pub mailbox: Box<str>,
    /// The serial number.
    pub serial: u32,
    /// When secondaries ask again.
    pub refresh: u32,
    /// When they retry.
    pub retry: u32,
    /// When they give up.
    pub expire: u32,
    /// How long the absence of a name is remembered.
    pub minimum: u32,
}

/// A problem of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    /// Where.
    pub at: At,
    /// What.
    pub error: DataError,
}

/// What a file and its includes hold, and all that is wrong in them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MasterFile {
    /// The records, without SOA and apex NS, in the order of the file.
    pub records: Vec<Record>,
    /// The SOA, if there is one.
    pub soa: Option<Soa>,
    /// NS at the apex.
    pub apex_ns: Vec<Record>,
    /// The last `$TTL`.
    pub ttl: Option<u32>,
    /// All that is wrong, in the order of the file.
    pub errors: Vec<FileError>,
}
