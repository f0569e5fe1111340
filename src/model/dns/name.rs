//! Names of the DNS in one spelling: lower case, A-labels, escapes only where the DNS needs them.
//!
//! Two kinds of reader exist because the same text means different things: a person's `mail.example.net`
//! may or may not be complete, an API's always is. Nothing here knows which names exist.

pub use super::display::display;
pub use super::error::NameError;
pub use super::host::{Apex, Host, HostForm};

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use std::fmt;

/// Longest label, in octets (RFC 1035, 2.3.4).
pub(super) const LABEL: usize = 63;
/// Longest name on the wire, in octets, lengths and root label included (RFC 1035, 2.3.4).
pub(super) const WIRE: usize = 255;

/// Whose spelling is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// A person in the desired-state file: a dotted name without the final dot is ambiguous.
    Person,
    /// An API: a dotted name is complete, with or without the final dot.
    Server,
    /// A master file (RFC 1035, 5.1): without the final dot a name is relative to the origin.
    Master,
}

/// How names in data are to be read: whose spelling, and what relative names hang below.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    policy: Policy,
    origin: &'a str,
}

impl<'a> Reading<'a> {
    /// What a person wrote in a zone of the file.
    pub fn person(zone: &'a Apex) -> Self {
        Self {
            policy: Policy::Person,
            origin: zone.as_str(),
        }
    }

    /// What an API answered about a zone.
    pub fn server(zone: &'a Apex) -> Self {
        Self {
            policy: Policy::Server,
            origin: zone.as_str(),
        }
    }

    /// What a master file says below an origin (canonical, absolute: with the final dot).
    pub fn master(origin: &'a str) -> Self {
        Self {
            policy: Policy::Master,
            origin: origin.strip_suffix('.').unwrap_or(origin),
        }
    }

    /// Whose spelling.
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// Reads a name that stands in data into its canonical form, absolute with the final dot.
    pub fn target(&self, text: &str) -> Result<Box<str>, NameError> {
        let text = match self.policy {
            Policy::Server => text.trim_ascii(),
            Policy::Person | Policy::Master => text,
        };
        match (text, self.policy) {
            (".", _) | ("", Policy::Server) => return Ok(".".into()),
            ("", Policy::Person | Policy::Master) => return Err(NameError::Missing),
            ("@", _) => return Ok(format!("{}.", self.origin).into()),
            _ => {}
        }
        let mut name = Spelled::read(text)?;
        if name.absolute {
            return Ok(name.finish()?.into());
        }
        let complete = match self.policy {
            Policy::Server => name.labels > 1,
            Policy::Person if name.labels > 1 => {
                return Err(ambiguous(text, name, self.origin));
            }
            Policy::Person | Policy::Master => false,
        };
        if !complete {
            name.below(self.origin);
        }
        Ok(name.finish()?.into())
    }
}

pub(super) fn ambiguous(text: &str, name: Spelled, zone: &str) -> NameError {
    let full = format!("{}.", name.text);
    let below = format!("{}.{zone}.", name.text);
    NameError::Ambiguous {
        name: text.into(),
        full: full.into(),
        below: below.into(),
    }
}

/// A text read label by label into canonical form, without the final dot.
pub(super) struct Spelled {
    pub(super) text: String,
    pub(super) labels: usize,
    /// Octets on the wire without the root label.
    wire: usize,
    pub(super) absolute: bool,
}

impl Spelled {
    pub(super) fn read(text: &str) -> Result<Self, NameError> {
        let mut name = Spelled {
            text: String::with_capacity(text.len() + 1),
            labels: 0,
            wire: 0,
            absolute: false,
        };
        let mut start = 0;
        let mut escaped = false;
        let mut at_end = false;
        for (at, found) in text.char_indices() {
            at_end = false;
            if escaped {
                escaped = false;
                continue;
            }
            match found {
                '\\' => escaped = true,
                // UTS 46 maps these three to the dot.
                '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}' => {
                    name.push(&text[start..at], text)?;
                    start = at + found.len_utf8();
                    at_end = true;
                }
                _ => {}
            }
        }
        if at_end {
            name.absolute = true;
        } else {
            name.push(&text[start..], text)?;
        }
        Ok(name)
    }

    fn push(&mut self, label: &str, whole: &str) -> Result<(), NameError> {
        if label.is_empty() {
            return Err(NameError::EmptyLabel { name: whole.into() });
        }
        if self.labels > 0 {
            self.text.push('.');
        }
        let start = self.text.len();
        let octets = if !label.is_ascii() {
            self.push_unicode(label, whole)?
        } else if label.contains('\\') {
            self.push_escaped(label, whole)?
        } else {
            self.push_plain(label, whole)?
        };
        if octets > LABEL {
            return Err(NameError::LongLabel {
                label: self.text[start..].into(),
                octets,
            });
        }
        self.labels += 1;
        self.wire += octets + 1;
        Ok(())
    }

    fn push_plain(&mut self, label: &str, whole: &str) -> Result<usize, NameError> {
        let usual = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_');
        if label.bytes().all(usual) {
            let start = self.text.len();
            self.text.push_str(label);
            self.text[start..].make_ascii_lowercase();
            return Ok(label.len());
        }
        for octet in label.bytes() {
            match octet {
                0..=b' ' | 0x7f | b'"' | b'(' | b')' | b';' | b'@' => {
                    return Err(NameError::Character {
                        name: whole.into(),
                        found: char::from(octet),
                    });
                }
                _ => push_octet(&mut self.text, octet),
            }
        }
        Ok(label.len())
    }

    fn push_escaped(&mut self, label: &str, whole: &str) -> Result<usize, NameError> {
        let bad = || NameError::Escape { name: whole.into() };
        let mut octets = 0;
        let mut rest = label;
        while let Some(at) = rest.find('\\') {
            octets += self.push_plain(&rest[..at], whole)?;
            rest = &rest[at + 1..];
            let (octet, used) = super::token::escape(rest.as_bytes()).ok_or_else(bad)?;
            push_octet(&mut self.text, octet);
            octets += 1;
            rest = rest.get(used..).ok_or_else(bad)?;
        }
        Ok(octets + self.push_plain(rest, whole)?)
    }

    fn push_unicode(&mut self, label: &str, whole: &str) -> Result<usize, NameError> {
        if let Some(found) = label
            .chars()
            .find(|&found| found.is_control() || found.is_whitespace())
        {
            return Err(NameError::Character {
                name: whole.into(),
                found,
            });
        }
        let refused = || NameError::Idna {
            label: label.into(),
        };
        let ascii = Uts46::new()
            .to_ascii(
                label.as_bytes(),
                AsciiDenyList::URL,
                Hyphens::Allow,
                DnsLength::Ignore,
            )
            .map_err(|_| refused())?;
        if ascii.is_empty() || ascii.contains('.') {
            return Err(refused());
        }
        // What maps to plain ASCII (full-width letters) goes through the rules for ASCII.
        self.push_plain(&ascii, whole)
    }

    pub(super) fn below(&mut self, origin: &str) {
        if !origin.is_empty() {
            self.text.push('.');
            self.text.push_str(origin);
            self.wire += wire_len(origin);
        }
    }

    /// The absolute name, checked for length.
    fn finish(mut self) -> Result<String, NameError> {
        self.check()?;
        self.text.push('.');
        Ok(self.text)
    }

    pub(super) fn check(&self) -> Result<(), NameError> {
        if self.wire + 1 > WIRE {
            return Err(NameError::LongName {
                name: self.text.as_str().into(),
                octets: self.wire - 1,
            });
        }
        Ok(())
    }
}

/// Octets of a canonical name on the wire, without the root label.
fn wire_len(name: &str) -> usize {
    let bytes = name.as_bytes();
    let (mut at, mut octets) = (0, 1);
    while at < bytes.len() {
        at += match (bytes[at], bytes.get(at + 1)) {
            (b'\\', Some(b'0'..=b'9')) => 4,
            (b'\\', _) => 2,
            (_, _) => 1,
        };
        octets += 1;
    }
    if name.is_empty() { 0 } else { octets }
}

/// Writes one octet of a label as BIND does: escaped where it has a meaning in master files.
pub(super) fn push_octet(out: &mut String, octet: u8) {
    match octet {
        b'.' | b'\\' | b'"' | b'(' | b')' | b';' | b'@' | b'$' => {
            out.push('\\');
            out.push(char::from(octet));
        }
        0x21..=0x7e => out.push(char::from(octet.to_ascii_lowercase())),
        _ => {
            let _ = fmt::Write::write_fmt(out, format_args!("\\{octet:03}"));
        }
    }
}

/// Reads a full name, with or without the final dot, into its canonical form without it: for places where
/// a name is complete by its nature (domains, name servers).
pub fn full(text: &str) -> Result<Box<str>, NameError> {
    if text.is_empty() || text == "." {
        return Err(NameError::Missing);
    }
    let name = Spelled::read(text)?;
    name.check()?;
    Ok(name.text.into())
}
