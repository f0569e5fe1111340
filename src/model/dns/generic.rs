//! Data whose type is unknown, and any data in the generic form of RFC 3597 (`\# length hex`).
//!
//! A known type in the generic form becomes what it is in its own form, where its wire format is known
//! here; names in it are uncompressed, as RFC 3597 demands.

use super::error::DataError;
use super::field;
use super::layout::{self, Format, Layout};
use super::name::push_octet;
use super::rtype::Rtype;
use super::token::{Token, Tokens, push_quoted, unescape};
use super::txt;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The octets of a text in the generic form; `None` if it is in another.
pub(super) fn octets(text: &str) -> Result<Option<Vec<u8>>, DataError> {
    let Some(rest) = text.trim_ascii_start().strip_prefix("\\#") else {
        return Ok(None);
    };
    if !rest.starts_with([' ', '\t', '\r', '\n', '(']) {
        return Ok(None);
    }
    let mut tokens = Tokens::new(rest);
    let sample = "write `\\# 4 c0000201`: the number of octets, then their hexadecimal digits";
    let length: usize = match tokens.next() {
        Some(Ok(Token(digits))) if digits.bytes().all(|digit| digit.is_ascii_digit()) => digits
            .parse()
            .map_err(|_| DataError::new("the length is too large").write(sample))?,
        Some(_) | None => {
            return Err(DataError::new("`\\#` must be followed by a length").write(sample));
        }
    };
    let mut out = Vec::new();
    let mut half: Option<u8> = None;
    for token in tokens {
        for digit in token?.0.chars() {
            let value = digit.to_digit(16).ok_or_else(|| {
                DataError::new(format!("`{digit}` is no hexadecimal digit")).write(sample)
            })?;
            let value = value as u8;
            match half.take() {
                Some(high) => out.push(high << 4 | value),
                None => half = Some(value),
            }
        }
    }
    if half.is_some() || out.len() != length {
        return Err(DataError::new(format!(
            "`\\#` announces {length} octets, and {} follow",
            if half.is_some() {
                format!("{} and a half", out.len())
            } else {
                out.len().to_string()
            }
        ))
        .write(sample));
    }
    if out.len() > usize::from(u16::MAX) {
        return Err(DataError::new("a record holds 65535 octets at most"));
    }
    Ok(Some(out))
}

/// The generic form of octets.
pub(super) fn text(octets: &[u8]) -> String {
    let mut out = format!("\\# {}", octets.len());
    if !octets.is_empty() {
        out.push(' ');
        push_hex(&mut out, octets);
    }
    out
}

fn push_hex(out: &mut String, octets: &[u8]) {
    for octet in octets {
        let _ = write!(out, "{octet:02x}");
    }
}

/// The canonical form of octets: that of the type where they make sense in it, else the generic form.
pub(super) fn canonical(rtype: &Rtype, octets: &[u8]) -> Box<str> {
    let own = if rtype.is_text() {
        strings(octets).map(|joined| txt::canonical(&joined))
    } else {
        match rtype.as_str() {
            "SVCB" | "HTTPS" => super::svcb::from_wire(octets),
            "LOC" => super::loc::from_wire(octets),
            name => layout::of(name).and_then(|layout| from_wire(layout, octets)),
        }
    };
    own.unwrap_or_else(|| text(octets).into())
}

/// The generic form of a canonical value of a text or table type.
pub(super) fn encode(rtype: &Rtype, canonical: &str) -> String {
    if rtype.is_text() {
        let octets = txt::octets(canonical);
        let mut wire = Vec::with_capacity(octets.len() + octets.len() / 255 + 1);
        if octets.is_empty() {
            wire.push(0);
        }
        for string in octets.chunks(255) {
            wire.push(string.len() as u8);
            wire.extend_from_slice(string);
        }
        return text(&wire);
    }
    layout::of(rtype.as_str())
        .and_then(|layout| to_wire(layout, canonical))
        .map_or_else(|| canonical.to_owned(), |wire| text(&wire))
}

fn strings(mut octets: &[u8]) -> Option<Vec<u8>> {
    if octets.is_empty() {
        return None;
    }
    let mut joined = Vec::with_capacity(octets.len());
    while let Some((&length, rest)) = octets.split_first() {
        let (string, rest) = rest.split_at_checked(length.into())?;
        joined.extend_from_slice(string);
        octets = rest;
    }
    Some(joined)
}

fn take<const N: usize>(octets: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = octets.split_first_chunk::<N>()?;
    *octets = rest;
    Some(*taken)
}

/// Reads an uncompressed name into its canonical form.
pub(super) fn take_name(octets: &mut &[u8]) -> Option<String> {
    let mut out = String::new();
    let mut wire = 0;
    loop {
        let [length] = take::<1>(octets)?;
        wire += usize::from(length) + 1;
        if length > 63 || wire > 255 {
            return None;
        }
        if length == 0 {
            if out.is_empty() {
                out.push('.');
            }
            return Some(out);
        }
        let (label, rest) = octets.split_at_checked(length.into())?;
        *octets = rest;
        label.iter().for_each(|octet| push_octet(&mut out, *octet));
        out.push('.');
    }
}

fn take_string<'a>(octets: &mut &'a [u8]) -> Option<&'a [u8]> {
    let [length] = take::<1>(octets)?;
    let (string, rest) = octets.split_at_checked(length.into())?;
    *octets = rest;
    Some(string)
}

fn take_word<'a>(octets: &mut &'a [u8]) -> Option<&'a [u8]> {
    take_string(octets).filter(|word| word.iter().all(u8::is_ascii_alphanumeric))
}

fn from_wire(layout: &Layout, octets: &[u8]) -> Option<Box<str>> {
    let mut rest = octets;
    let mut out = String::with_capacity(octets.len() * 2);
    for (index, (_, format)) in layout.fields.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        match format {
            Format::U8 => write!(out, "{}", take::<1>(&mut rest)?[0]).ok()?,
            Format::U16 => write!(out, "{}", u16::from_be_bytes(take(&mut rest)?)).ok()?,
            Format::Mnemonic(_, 255) => write!(out, "{}", take::<1>(&mut rest)?[0]).ok()?,
            Format::Mnemonic(_, _) => {
                write!(out, "{}", u16::from_be_bytes(take(&mut rest)?)).ok()?;
            }
            Format::Name | Format::Target => out.push_str(&take_name(&mut rest)?),
            Format::Text => push_quoted(&mut out, take_string(&mut rest)?),
            Format::Flags => {
                push_quoted(&mut out, &take_word(&mut rest)?.to_ascii_uppercase());
            }
            Format::Tag => {
                let tag = take_word(&mut rest).filter(|tag| !tag.is_empty())?;
                out.extend(
                    tag.iter()
                        .map(|octet| char::from(octet.to_ascii_lowercase())),
                );
            }
            Format::Value => push_quoted(&mut out, std::mem::take(&mut rest)),
            Format::Hex | Format::Base64 if rest.is_empty() => return None,
            Format::Hex => push_hex(&mut out, std::mem::take(&mut rest)),
            Format::Base64 => out.push_str(&field::base64_text(std::mem::take(&mut rest))),
            Format::Ipv4 => write!(out, "{}", Ipv4Addr::from(take::<4>(&mut rest)?)).ok()?,
            Format::Ipv6 => write!(out, "{}", Ipv6Addr::from(take::<16>(&mut rest)?)).ok()?,
        }
    }
    rest.is_empty().then(|| out.into())
}

fn to_wire(layout: &Layout, canonical: &str) -> Option<Vec<u8>> {
    let mut wire = Vec::with_capacity(canonical.len());
    let mut tokens = Tokens::new(canonical);
    for (_, format) in layout.fields {
        let token = tokens.next()?.ok()?;
        match format {
            Format::U8 | Format::Mnemonic(_, 255) => wire.push(token.0.parse().ok()?),
            Format::U16 | Format::Mnemonic(_, _) => {
                wire.extend(token.0.parse::<u16>().ok()?.to_be_bytes());
            }
            Format::Name | Format::Target => push_wire_name(&mut wire, token.0)?,
            Format::Text | Format::Flags | Format::Tag => {
                let octets = token.octets().ok()?;
                wire.push(u8::try_from(octets.len()).ok()?);
                wire.extend(octets);
            }
            Format::Value => wire.extend(token.octets().ok()?),
            Format::Hex => {
                let digits = token.0.as_bytes();
                for pair in digits.chunks(2) {
                    wire.push(u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?);
                }
            }
            Format::Base64 => wire.extend(field::base64_octets(token.0).ok()?),
            Format::Ipv4 => wire.extend(token.0.parse::<Ipv4Addr>().ok()?.octets()),
            Format::Ipv6 => wire.extend(token.0.parse::<Ipv6Addr>().ok()?.octets()),
        }
    }
    Some(wire)
}

fn push_wire_name(wire: &mut Vec<u8>, name: &str) -> Option<()> {
    let mut start = wire.len();
    wire.push(0);
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let used = match first {
            '.' => {
                let length = wire.len() - start - 1;
                if length > 0 {
                    wire[start] = u8::try_from(length).ok()?;
                    start = wire.len();
                    wire.push(0);
                }
                1
            }
            '\\' => {
                let (octet, used) = super::token::escape(&rest.as_bytes()[1..])?;
                wire.push(octet);
                used + 1
            }
            other => {
                wire.push(u8::try_from(u32::from(other)).ok()?);
                1
            }
        };
        rest = rest.get(used..)?;
    }
    Some(())
}

/// Brings data of an unknown type into one form: one blank between fields, quoted strings with the escapes
/// they need and no others. Letters stay as they are, because nobody knows what they mean.
pub(super) fn fold(text: &str) -> Result<Box<str>, DataError> {
    let mut out = String::with_capacity(text.len());
    for (index, token) in Tokens::new(text).enumerate() {
        let token = token?;
        if index > 0 {
            out.push(' ');
        }
        if token.is_quoted() {
            push_quoted(&mut out, &unescape(token.inner())?);
        } else {
            push_bare(&mut out, token.0);
        }
    }
    if out.is_empty() {
        return Err(DataError::new("the data is missing"));
    }
    Ok(out.into())
}

/// Writes a field as it stands, with escapes for what a master file would take for something else.
fn push_bare(out: &mut String, field: &str) {
    let (mut quoted, mut escaped) = (false, false);
    for octet in field.bytes() {
        let plain = octet.is_ascii_graphic() || (octet == b' ' && (quoted || escaped));
        match octet {
            b';' if !quoted && !escaped => out.push_str("\\;"),
            _ if plain => out.push(char::from(octet)),
            // The backslash of the escape is written already.
            _ if escaped => {
                let _ = write!(out, "{octet:03}");
            }
            _ => {
                let _ = write!(out, "\\{octet:03}");
            }
        }
        quoted ^= octet == b'"' && !escaped;
        escaped = octet == b'\\' && !escaped;
    }
}
