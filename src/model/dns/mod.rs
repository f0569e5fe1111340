//! The canonical forms of the DNS: names, record types and record data.
//!
//! Pure functions on text. The same thing, however a person, a master file or an API spells it, becomes the
//! same text here, and everything after this compares that text byte by byte. Nothing here knows where a
//! text came from (the caller attaches spans), which provider holds it, or whether it is live.
//!
//! - [`name`]: zone names, hosts relative to a zone, names in data, and their form for people.
//! - [`rtype`]: record types, also `TYPE257`.
//! - [`data`]: record data from presentation form or from the keys of the file, and back to both.
//! - [`txt`]: text, whose quoting is what servers disagree on most.
//! - [`check`]: what records of one zone forbid each other.
//! - [`masterfile`]: RFC 1035 master files, reading and writing.
//!
//! Canonical data of any type but TXT and SPF is printable ASCII in presentation form (RFC 1035, 3597),
//! one blank between fields, names absolute and in lower case. Canonical TXT is the text itself; see
//! [`txt`] for the bytes that are no text.

mod address;
pub mod check;
pub mod data;
mod display;
pub mod error;
mod field;
mod generic;
mod host;
mod layout;
mod loc;
pub mod masterfile;
pub mod name;
mod plain;
pub mod rtype;
mod svcb;
mod token;
pub mod txt;

pub use data::{Field, FieldValue, Fields, is_known_type};
pub use error::DataError;
pub use name::{Apex, Host, NameError, Policy, Reading};
pub use rtype::Rtype;
