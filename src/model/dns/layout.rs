//! What the data of each type consists of.
//!
//! One table for all types that are a plain sequence of fields; SVCB, LOC and TXT, which are not, have files
//! of their own.

use super::data::Field;
use super::error::DataError;
use super::field::{Raw, push};
use super::name::{Policy, Reading};
use super::token::{Token, Tokens};

/// How one field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// 0 to 255.
    U8,
    /// 0 to 65535.
    U16,
    /// A number up to the limit that also has names.
    Mnemonic(&'static [(&'static str, u16)], u16),
    /// Any name.
    Name,
    /// The name of a host, which an address is not.
    Target,
    /// One character string, at most 255 octets, in quotes.
    Text,
    /// One character string of flags, letters in upper case (RFC 3403, 4.1: case makes no difference).
    Flags,
    /// Text to the end of the record without a length of its own, in quotes.
    Value,
    /// A CAA property: letters and digits, in lower case.
    Tag,
    /// Hexadecimal to the end of the record; blanks count for nothing.
    Hex,
    /// Base 64 to the end of the record; blanks count for nothing.
    Base64,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
}

/// The fields of a type.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) fields: &'static [(Field, Format)],
}

impl Layout {
    /// True if the file has a key for each field; else `data` holds the presentation form.
    pub(super) fn is_keyed(&self) -> bool {
        self.fields.len() == 1 || self.fields.iter().any(|(field, _)| *field != Field::Data)
    }

    /// True if the type has the key.
    pub(super) fn has(&self, field: Field) -> bool {
        self.fields.iter().any(|(own, _)| *own == field)
    }
}

/// DNSSEC algorithms (IANA).
const ALGORITHMS: &[(&str, u16)] = &[
    ("RSAMD5", 1),
    ("DH", 2),
    ("DSA", 3),
    ("RSASHA1", 5),
    ("DSA-NSEC3-SHA1", 6),
    ("RSASHA1-NSEC3-SHA1", 7),
    ("RSASHA256", 8),
    ("RSASHA512", 10),
    ("ECC-GOST", 12),
    ("ECDSAP256SHA256", 13),
    ("ECDSAP384SHA384", 14),
    ("ED25519", 15),
    ("ED448", 16),
    ("INDIRECT", 252),
    ("PRIVATEDNS", 253),
    ("PRIVATEOID", 254),
];

/// Certificate types (RFC 4398, 2.1).
const CERT_TYPES: &[(&str, u16)] = &[
    ("PKIX", 1),
    ("SPKI", 2),
    ("PGP", 3),
    ("IPKIX", 4),
    ("ISPKI", 5),
    ("IPGP", 6),
    ("ACPKIX", 7),
    ("IACPKIX", 8),
    ("URI", 253),
    ("OID", 254),
];

const ALGORITHM: Format = Format::Mnemonic(ALGORITHMS, 255);
const CERT_TYPE: Format = Format::Mnemonic(CERT_TYPES, 65535);

/// The layout of a type; `None` for types that are no sequence of known fields.
pub(super) fn of(rtype: &str) -> Option<&'static Layout> {
    use Format::*;
    macro_rules! layout {
        ($($field:ident: $format:expr),+) => { &Layout { fields: &[$((Field::$field, $format)),+] } };
    }
    Some(match rtype {
        "A" => layout!(Data: Ipv4),
        "AAAA" => layout!(Data: Ipv6),
        "CNAME" | "NS" | "PTR" | "ALIAS" | "ANAME" => layout!(Data: Target),
        "DNAME" => layout!(Data: Name),
        "MX" => layout!(Priority: U16, Data: Target),
        "SRV" => layout!(Priority: U16, Weight: U16, Port: U16, Data: Target),
        "NAPTR" => {
            layout!(Order: U16, Preference: U16, Flags: Flags, Service: Text, Regexp: Text, Data: Name)
        }
        "CAA" => layout!(Flags: U8, Tag: Tag, Data: Value),
        "TLSA" => layout!(Usage: U8, Selector: U8, Matching: U8, Data: Hex),
        "SMIMEA" => layout!(Data: U8, Data: U8, Data: U8, Data: Hex),
        "SSHFP" => layout!(Data: U8, Data: U8, Data: Hex),
        "DS" | "CDS" => layout!(Data: U16, Data: ALGORITHM, Data: U8, Data: Hex),
        "DNSKEY" | "CDNSKEY" | "KEY" => {
            layout!(Data: U16, Data: U8, Data: ALGORITHM, Data: Base64)
        }
        "CERT" => layout!(Data: CERT_TYPE, Data: U16, Data: ALGORITHM, Data: Base64),
        "OPENPGPKEY" | "DHCID" => layout!(Data: Base64),
        "URI" => layout!(Data: U16, Data: U16, Data: Value),
        "AFSDB" | "KX" => layout!(Data: U16, Data: Target),
        "RP" => layout!(Data: Name, Data: Name),
        "HINFO" => layout!(Data: Text, Data: Text),
        _ => return None,
    })
}

/// What a key that is left out stands for, in canonical form; `None` where it must be written.
pub(super) fn default_of(rtype: &str, field: Field) -> Option<&'static str> {
    match (rtype, field) {
        ("CAA", Field::Flags) => Some("0"),
        ("NAPTR", Field::Flags | Field::Service | Field::Regexp) => Some("\"\""),
        _ => None,
    }
}

/// Reads presentation form.
pub(super) fn parse(
    rtype: &str,
    layout: &Layout,
    text: &str,
    reading: Reading<'_>,
) -> Result<Box<str>, DataError> {
    let mut out = String::with_capacity(text.len() + 8);
    let mut tokens = Tokens::new(text);
    for (index, (field, format)) in layout.fields.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        let blame = |error: DataError| error.of(*field, index);
        match format {
            Format::Hex | Format::Base64 => {
                let rest = tokens.rest();
                let mut joined = String::with_capacity(rest.len());
                for token in tokens.by_ref() {
                    joined.push_str(token.map_err(blame)?.inner());
                }
                push(&mut out, *format, Raw::Text(&joined), reading).map_err(blame)?;
            }
            Format::U8
            | Format::U16
            | Format::Mnemonic(_, _)
            | Format::Name
            | Format::Target
            | Format::Text
            | Format::Flags
            | Format::Value
            | Format::Tag
            | Format::Ipv4
            | Format::Ipv6 => {
                let token = match tokens.next() {
                    Some(token) => token.map_err(blame)?,
                    // Some servers cut the final dot off everything, and leave nothing of the root.
                    None if matches!(format, Format::Name | Format::Target)
                        && reading.policy() == Policy::Server
                        && index > 0 =>
                    {
                        Token("")
                    }
                    None => return Err(blame(too_few(rtype, layout, index))),
                };
                push(&mut out, *format, Raw::Token(token), reading).map_err(blame)?;
            }
        }
    }
    if !tokens.rest().is_empty() {
        return Err(too_many(rtype, layout).of(Field::Data, layout.fields.len()));
    }
    verify(rtype, &out, reading)?;
    Ok(out.into())
}

fn too_few(rtype: &str, layout: &Layout, found: usize) -> DataError {
    let needed = layout.fields.len();
    DataError::new(format!(
        "{rtype} data has {needed} field{}, and {found} {} written",
        if needed == 1 { "" } else { "s" },
        if found == 1 { "is" } else { "are" },
    ))
    .write(format!("write {}", sample(rtype)))
}

fn too_many(rtype: &str, layout: &Layout) -> DataError {
    let needed = layout.fields.len();
    DataError::new(format!(
        "{rtype} data has {needed} field{}, and more is written",
        if needed == 1 { "" } else { "s" },
    ))
    .write(format!("write {}", sample(rtype)))
}

/// A value of the type in presentation form, for messages.
pub(super) fn sample(rtype: &str) -> &'static str {
    match rtype {
        "A" => "192.0.2.1",
        "AAAA" => "2001:db8::1",
        "MX" | "AFSDB" | "KX" => "10 mail.example.net.",
        "SRV" => "10 5 5060 sip.example.net.",
        "NAPTR" => "100 10 \"U\" \"E2U+sip\" \"!^.*$!sip:info@example.com!\" .",
        "CAA" => "0 issue \"letsencrypt.org\"",
        "TLSA" | "SMIMEA" => "3 1 1 0d6f…",
        "SSHFP" => "4 2 0d6f…",
        "DS" | "CDS" => "12345 13 2 0d6f…",
        "DNSKEY" | "CDNSKEY" | "KEY" => "257 3 13 mdsswUyr…",
        "CERT" => "PKIX 12345 RSASHA256 MIIB…",
        "OPENPGPKEY" | "DHCID" => "mQENB…",
        "URI" => "10 1 \"https://example.com/\"",
        "RP" => "admin.example.com. info.example.com.",
        "HINFO" => "\"PC\" \"Linux\"",
        _ => "host.example.net.",
    }
}

/// Checks fields against each other, where a person can still mend it: what a server holds is taken as it is.
pub(super) fn verify(rtype: &str, canonical: &str, reading: Reading<'_>) -> Result<(), DataError> {
    if reading.policy() == Policy::Server {
        return Ok(());
    }
    let (kind, lengths): (usize, &[(&str, usize)]) = match rtype {
        "SSHFP" => (1, &[("1", 20), ("2", 32)]),
        "DS" | "CDS" => (2, &[("1", 20), ("2", 32), ("4", 48)]),
        "TLSA" | "SMIMEA" => (2, &[("1", 32), ("2", 64)]),
        _ => return Ok(()),
    };
    let fields: Vec<&str> = canonical.split(' ').collect();
    if matches!(rtype, "TLSA" | "SMIMEA") {
        let keys = [
            (Field::Usage, "0, 1, 2 or 3", 3),
            (Field::Selector, "0 or 1", 1),
            (Field::Matching, "0, 1 or 2", 2),
        ];
        for (index, (field, allowed, limit)) in keys.into_iter().enumerate() {
            let number: u8 = fields[index].parse().unwrap_or(0);
            if number > limit && number != 255 {
                return Err(DataError::new(format!(
                    "{} is {number}, and only {allowed} (255 for private use) have a meaning (RFC 6698)",
                    field.name()
                ))
                .of(field, index));
            }
        }
    }
    let (Some(value), Some(digest)) = (fields.get(kind), fields.last()) else {
        return Ok(());
    };
    match lengths.iter().find(|(number, _)| number == value) {
        Some((_, octets)) if digest.len() != octets * 2 => Err(DataError::new(format!(
            "the digest has {} hexadecimal digits, and its type {value} has {}",
            digest.len(),
            octets * 2
        ))
        .of(Field::Data, fields.len() - 1)),
        Some(_) | None => Ok(()),
    }
}
