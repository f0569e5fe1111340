//! One field of record data, brought into its canonical spelling.
//!
//! It knows the formats of fields, not which type has which.

use super::address::{ipv4, ipv6, no_address};
use super::error::DataError;
use super::layout::Format;
use super::name::{Policy, Reading};
use super::token::{Token, push_quoted};
use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose};
use std::borrow::Cow;
use std::fmt::Write as _;

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

fn raw_text(raw: Raw<'_>) -> Result<Cow<'_, str>, DataError> {
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

fn push_ipv4(out: &mut String, text: &str) -> Result<(), DataError> {
    let address = ipv4(text)?;
    let _ = write!(out, "{address}");
    Ok(())
}

fn push_ipv6(out: &mut String, text: &str) -> Result<(), DataError> {
    let address = ipv6(text)?;
    let _ = write!(out, "{address}");
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

fn push_base64(out: &mut String, text: &str) -> Result<(), DataError> {
    let octets = base64_octets(text)?;
    if octets.is_empty() {
        return Err(DataError::new("the base 64 text is missing"));
    }
    general_purpose::STANDARD.encode_string(octets, out);
    Ok(())
}

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

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
