//! What the data of each type consists of, and how each field is brought into one spelling.
//!
//! One table for all types that are a plain sequence of fields; SVCB, LOC and TXT, which are not, have files
//! of their own.

use super::data::Field;
use super::error::DataError;
use super::name::{Policy, Reading};
use super::token::{Token, Tokens, push_quoted};
use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose};
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

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

/// Where a field comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Raw<'a> {
    /// Presentation form.
    Token(Token<'a>),
    /// A key's text, as it is meant.
    Text(&'a str),
    /// A key's number.
    Int(i64),
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

/// Brings one field into its canonical spelling.
pub(super) fn push(
    out: &mut String,
    format: Format,
    raw: Raw<'_>,
    reading: Reading<'_>,
) -> Result<(), DataError> {
    match format {
        Format::U8 => push_int(out, raw, 255),
        Format::U16 => push_int(out, raw, 65_535),
        Format::Mnemonic(names, limit) => push_mnemonic(out, raw, names, limit),
        Format::Name => push_name(out, raw, reading),
        Format::Target => {
            if reading.policy() != Policy::Server {
                no_address(&raw_text(raw)?)?;
            }
            push_name(out, raw, reading)
        }
        Format::Text => {
            let octets = octets(raw, reading)?;
            push_string(out, &octets)
        }
        Format::Flags => {
            let octets = octets(raw, reading)?.to_ascii_uppercase();
            if !octets.iter().all(u8::is_ascii_alphanumeric) {
                return Err(DataError::new(
                    "flags are letters and digits (RFC 3403, 4.1)",
                ));
            }
            push_string(out, &octets)
        }
        Format::Value => {
            let octets = octets(raw, reading)?;
            if octets.len() > 60_000 {
                return Err(DataError::new(format!(
                    "the value has {} octets, more than a record holds",
                    octets.len()
                )));
            }
            push_quoted(out, &octets);
            Ok(())
        }
        Format::Tag => {
            let tag = octets(raw, reading)?.to_ascii_lowercase();
            if tag.is_empty() || !tag.iter().all(u8::is_ascii_alphanumeric) || tag.len() > 255 {
                return Err(
                    DataError::new("a tag is letters and digits (RFC 8659, 4.1)")
                        .write("write issue, issuewild, issuemail or iodef"),
                );
            }
            out.extend(tag.into_iter().map(char::from));
            Ok(())
        }
        Format::Hex => push_hex(out, &raw_text(raw)?),
        Format::Base64 => push_base64(out, &raw_text(raw)?),
        Format::Ipv4 => push_ipv4(out, server_trim(&raw_text(raw)?, reading)),
        Format::Ipv6 => push_ipv6(out, server_trim(&raw_text(raw)?, reading)),
    }
}

fn server_trim<'a>(text: &'a str, reading: Reading<'_>) -> &'a str {
    match reading.policy() {
        Policy::Server => text.trim_ascii(),
        Policy::Person | Policy::Master => text,
    }
}

fn raw_text(raw: Raw<'_>) -> Result<std::borrow::Cow<'_, str>, DataError> {
    match raw {
        Raw::Token(token) => Ok(token.inner().into()),
        Raw::Text(text) => Ok(text.into()),
        Raw::Int(number) => Ok(number.to_string().into()),
    }
}

/// The octets of a text: of presentation form with escapes resolved; of a key as they are, but a server that
/// quotes is read as presentation form.
fn octets(raw: Raw<'_>, reading: Reading<'_>) -> Result<Vec<u8>, DataError> {
    match raw {
        Raw::Token(token) => token.octets(),
        Raw::Text(text)
            if reading.policy() == Policy::Server
                && text.len() > 1
                && text.starts_with('"')
                && text.ends_with('"') =>
        {
            Token(text).octets()
        }
        Raw::Text(text) => Ok(text.as_bytes().to_vec()),
        Raw::Int(number) => Ok(number.to_string().into_bytes()),
    }
}

fn push_string(out: &mut String, octets: &[u8]) -> Result<(), DataError> {
    if octets.len() > 255 {
        return Err(DataError::new(format!(
            "the text has {} octets, and one character string holds 255",
            octets.len()
        )));
    }
    push_quoted(out, octets);
    Ok(())
}

fn push_int(out: &mut String, raw: Raw<'_>, limit: u32) -> Result<(), DataError> {
    let number = match raw {
        Raw::Int(number) => number,
        Raw::Token(Token(text)) | Raw::Text(text) => {
            let text = text.trim_ascii();
            let digits = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
            if !digits {
                return Err(DataError::new(format!("`{text}` is no whole number"))
                    .write(format!("write a number from 0 to {limit}")));
            }
            text.parse().unwrap_or(i64::MAX)
        }
    };
    match u32::try_from(number) {
        Ok(number) if number <= limit => {
            let _ = write!(out, "{number}");
            Ok(())
        }
        Ok(_) | Err(_) => Err(DataError::new(format!("{number} is outside 0 to {limit}"))),
    }
}

fn push_mnemonic(
    out: &mut String,
    raw: Raw<'_>,
    names: &[(&str, u16)],
    limit: u16,
) -> Result<(), DataError> {
    let text = raw_text(raw)?;
    match names
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(&text))
    {
        Some((_, number)) => {
            let _ = write!(out, "{number}");
            Ok(())
        }
        None => push_int(out, raw, limit.into()),
    }
}

fn push_name(out: &mut String, raw: Raw<'_>, reading: Reading<'_>) -> Result<(), DataError> {
    let text = raw_text(raw)?;
    out.push_str(&reading.target(&text)?);
    Ok(())
}

/// Refuses an address where the name of a host must stand.
pub(super) fn no_address(text: &str) -> Result<(), DataError> {
    let bare = text.strip_suffix('.').unwrap_or(text);
    // Only digits, hex digits, dots and colons make an address; do not parse every name as one.
    let maybe = bare.ends_with(|last: char| last.is_ascii_hexdigit() || last == ':')
        && bare.contains(['.', ':'])
        && bare
            .bytes()
            .all(|octet| octet.is_ascii_hexdigit() || matches!(octet, b'.' | b':'));
    if maybe && bare.parse::<IpAddr>().is_ok() {
        let rtype = if bare.contains(':') { "AAAA" } else { "A" };
        return Err(DataError::new(format!(
            "`{text}` is an address, and the name of a host must stand here"
        ))
        .write(format!(
            "give the address a name by a record of type {rtype}, and write that name"
        )));
    }
    Ok(())
}

fn push_hex(out: &mut String, text: &str) -> Result<(), DataError> {
    let start = out.len();
    for found in text.chars().filter(|found| !found.is_ascii_whitespace()) {
        if !found.is_ascii_hexdigit() {
            return Err(DataError::new(format!("`{found}` is no hexadecimal digit")));
        }
        out.push(found.to_ascii_lowercase());
    }
    let digits = out.len() - start;
    if digits == 0 {
        return Err(DataError::new("hexadecimal digits are missing"));
    }
    if digits % 2 == 1 {
        return Err(DataError::new(format!(
            "{digits} hexadecimal digits are no whole octets; one is missing or too many"
        )));
    }
    Ok(())
}

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

fn push_base64(out: &mut String, text: &str) -> Result<(), DataError> {
    let octets = base64_octets(text)?;
    if octets.is_empty() {
        return Err(DataError::new("the base 64 text is missing"));
    }
    general_purpose::STANDARD.encode_string(octets, out);
    Ok(())
}

/// Reads base 64, whatever its blanks and padding.
pub(super) fn base64_octets(text: &str) -> Result<Vec<u8>, DataError> {
    let joined: String = text
        .chars()
        .filter(|found| !found.is_ascii_whitespace())
        .collect();
    LENIENT
        .decode(joined)
        .map_err(|_| DataError::new("this is no base 64 (RFC 4648, 4)"))
}

/// Writes base 64.
pub(super) fn base64_text(octets: &[u8]) -> String {
    general_purpose::STANDARD.encode(octets)
}

fn push_ipv4(out: &mut String, text: &str) -> Result<(), DataError> {
    let address = ipv4(text)?;
    let _ = write!(out, "{address}");
    Ok(())
}

/// Reads an IPv4 address and says what is wrong with one that is none.
pub(super) fn ipv4(text: &str) -> Result<Ipv4Addr, DataError> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let error = DataError::new(format!("`{text}` is no IPv4 address"));
    if text.parse::<Ipv6Addr>().is_ok() {
        return Err(
            DataError::new(format!("`{text}` is an IPv6 address")).write("write type = \"AAAA\"")
        );
    }
    let parts: Vec<&str> = text.split('.').collect();
    let numbers = parts.iter().all(|part| {
        !part.is_empty() && part.len() < 10 && part.bytes().all(|digit| digit.is_ascii_digit())
    });
    if !numbers {
        return Err(error.write("write four numbers from 0 to 255, like 192.0.2.1"));
    }
    if parts.len() != 4 {
        return Err(DataError::new(format!(
            "`{text}` is no IPv4 address: it has {} numbers, not four",
            parts.len()
        )));
    }
    let values: Vec<u64> = parts.iter().map_while(|part| part.parse().ok()).collect();
    if let Some(large) = values.iter().find(|value| **value > 255) {
        return Err(DataError::new(format!(
            "`{text}` is no IPv4 address: {large} is above 255"
        )));
    }
    let bare: Vec<String> = values.iter().map(u64::to_string).collect();
    Err(DataError::new(format!(
        "`{text}` has leading zeros, which some read as octal"
    ))
    .write(format!("write {}", bare.join("."))))
}

fn push_ipv6(out: &mut String, text: &str) -> Result<(), DataError> {
    let address = ipv6(text)?;
    let _ = write!(out, "{address}");
    Ok(())
}

/// Reads an IPv6 address and says what is wrong with one that is none. Printed, it is in the form of
/// RFC 5952.
pub(super) fn ipv6(text: &str) -> Result<Ipv6Addr, DataError> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    if text.parse::<Ipv4Addr>().is_ok() {
        return Err(
            DataError::new(format!("`{text}` is an IPv4 address")).write("write type = \"A\"")
        );
    }
    let error = DataError::new(format!("`{text}` is no IPv6 address"));
    if let Some(bare) = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .filter(|bare| bare.parse::<Ipv6Addr>().is_ok())
    {
        return Err(error.write(format!("write {bare}, without the brackets")));
    }
    if let Some((bare, _)) = text
        .split_once(['%', '/'])
        .filter(|(bare, _)| bare.parse::<Ipv6Addr>().is_ok())
    {
        return Err(error.write(format!(
            "write {bare}; a zone index or prefix length is no part of an address"
        )));
    }
    Err(error.write("write eight groups of up to four hexadecimal digits, like 2001:db8::1"))
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
