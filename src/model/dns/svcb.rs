//! SVCB and HTTPS (RFC 9460): a priority, a target, and parameters in the order of their numbers.
//!
//! It knows the parameters that have a presentation form of their own; others are octets.

use super::address;
use super::error::DataError;
use super::field::{self, Raw};
use super::generic::take_name;
use super::layout::Format;
use super::name::{Policy, Reading};
use super::token::{Token, Tokens, push_escaped, push_quoted, unescape};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Names and numbers of parameters (IANA, SVCB service parameter keys).
const KEYS: &[(&str, u16)] = &[
    ("mandatory", 0),
    ("alpn", 1),
    ("no-default-alpn", 2),
    ("port", 3),
    ("ipv4hint", 4),
    ("ech", 5),
    ("ipv6hint", 6),
    ("dohpath", 7),
    ("ohttp", 8),
];

fn number(key: &str) -> Option<u16> {
    let key = key.to_ascii_lowercase();
    if let Some((_, number)) = KEYS.iter().find(|(name, _)| *name == key) {
        return Some(*number);
    }
    let digits = key.strip_prefix("key")?;
    (digits.len() <= 5 && digits.bytes().all(|digit| digit.is_ascii_digit()))
        .then(|| digits.parse().ok())
        .flatten()
}

fn name(number: u16) -> String {
    KEYS.iter()
        .find(|(_, known)| *known == number)
        .map_or_else(|| format!("key{number}"), |(name, _)| (*name).to_owned())
}

/// Reads presentation form.
pub(super) fn parse(text: &str, reading: Reading<'_>) -> Result<Box<str>, DataError> {
    let missing =
        || DataError::new("a priority and a target are needed").write("write `1 . alpn=h2,h3`");
    let mut tokens = Tokens::new(text);
    let mut out = String::with_capacity(text.len());
    let priority = tokens.next().ok_or_else(missing)??;
    field::push(&mut out, Format::U16, Raw::Token(priority), reading)?;
    out.push(' ');
    let target = match tokens.next() {
        Some(target) => target?,
        None if reading.policy() == Policy::Server => Token("."),
        None => return Err(missing()),
    };
    field::push(&mut out, Format::Target, Raw::Token(target), reading)
        .map_err(|error| error.of(super::Field::Data, 1))?;
    let mut params: BTreeMap<u16, String> = BTreeMap::new();
    for (index, token) in tokens.enumerate() {
        let token = token?;
        let (key, value) = match token.0.split_once('=') {
            Some((key, value)) => (key, Some(Token(value))),
            None => (token.0, None),
        };
        let blame = |error: DataError| error.of(super::Field::Data, index + 2);
        let number = number(key).ok_or_else(|| {
            blame(
                DataError::new(format!("`{key}` is no parameter of SVCB or HTTPS"))
                    .write("write a known one (alpn, port, ipv4hint, …) or key65280"),
            )
        })?;
        let value = param(number, value).map_err(blame)?;
        if params.insert(number, value).is_some() {
            return Err(blame(DataError::new(format!(
                "the parameter `{}` stands twice",
                name(number)
            ))));
        }
    }
    for (number, value) in &params {
        let _ = write!(out, " {}{value}", name(*number));
    }
    Ok(out.into())
}

/// The canonical value of a parameter with its equals sign, or nothing.
fn param(number: u16, value: Option<Token<'_>>) -> Result<String, DataError> {
    let inner = value.map_or("", Token::inner);
    let octets = unescape(inner)?;
    let needed = || DataError::new(format!("`{}` needs a value", name(number)));
    let text = || {
        std::str::from_utf8(&octets)
            .map_err(|_| DataError::new(format!("the value of `{}` is no text", name(number))))
    };
    match number {
        0 => {
            let mut keys = text()?
                .split(',')
                .map(|key| {
                    self::number(key).ok_or_else(|| {
                        DataError::new(format!("`{key}` in `mandatory` is no parameter"))
                    })
                })
                .collect::<Result<Vec<u16>, _>>()?;
            keys.sort_unstable();
            keys.dedup();
            let keys: Vec<String> = keys.into_iter().map(name).collect();
            Ok(format!("={}", keys.join(",")))
        }
        2 | 8 if !octets.is_empty() => {
            Err(DataError::new(format!("`{}` has no value", name(number))))
        }
        2 | 8 => Ok(String::new()),
        3 => {
            let port: u16 = text()?
                .parse()
                .map_err(|_| DataError::new("`port` is a number from 0 to 65535"))?;
            Ok(format!("={port}"))
        }
        4 => Ok(format!("={}", joined(text()?, address::ipv4)?)),
        6 => Ok(format!("={}", joined(text()?, address::ipv6)?)),
        5 => {
            let ech = field::base64_octets(text()?)?;
            if ech.is_empty() {
                return Err(needed());
            }
            Ok(format!("={}", field::base64_text(&ech)))
        }
        1 if octets.is_empty() => Err(needed()),
        // ALPN keeps its second level of escapes (RFC 9460, A.1): it is part of the octets here.
        _ if octets.is_empty() => Ok(String::new()),
        _ => Ok(opaque(&octets)),
    }
}

fn joined<T: std::fmt::Display>(
    text: &str,
    read: fn(&str) -> Result<T, DataError>,
) -> Result<String, DataError> {
    let list = text
        .split(',')
        .map(|item| read(item).map(|address| address.to_string()))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(list.join(","))
}

fn opaque(octets: &[u8]) -> String {
    let mut out = String::from("=");
    let bare = octets.iter().all(|octet| {
        octet.is_ascii_graphic() && !matches!(octet, b'"' | b'\\' | b';' | b'(' | b')')
    });
    if bare {
        push_escaped(&mut out, octets);
    } else {
        push_quoted(&mut out, octets);
    }
    out
}

/// Reads wire format; `None` if it is none.
pub(super) fn from_wire(mut octets: &[u8]) -> Option<Box<str>> {
    let rest = &mut octets;
    let priority = take_u16(rest)?;
    let mut out = format!("{priority} {}", take_name(rest)?);
    let mut last = None;
    while !rest.is_empty() {
        let (number, length) = (take_u16(rest)?, take_u16(rest)?);
        if last.is_some_and(|last| last >= number) {
            return None;
        }
        last = Some(number);
        let (value, after) = rest.split_at_checked(length.into())?;
        *rest = after;
        let _ = write!(out, " {}{}", name(number), wire_param(number, value)?);
    }
    Some(out.into())
}

fn take_u16(octets: &mut &[u8]) -> Option<u16> {
    let (taken, rest) = octets.split_first_chunk::<2>()?;
    *octets = rest;
    Some(u16::from_be_bytes(*taken))
}

fn wire_param(number: u16, value: &[u8]) -> Option<String> {
    let list = |size: usize, show: &dyn Fn(&[u8]) -> Option<String>| -> Option<String> {
        if value.is_empty() || !value.len().is_multiple_of(size) {
            return None;
        }
        let items: Option<Vec<String>> = value.chunks(size).map(show).collect();
        Some(format!("={}", items?.join(",")))
    };
    match number {
        0 => list(2, &|key| {
            Some(name(u16::from_be_bytes(key.try_into().ok()?)))
        }),
        1 => {
            let mut rest = value;
            let mut text = Vec::new();
            while let Some((&length, after)) = rest.split_first() {
                let (id, after) = after.split_at_checked(length.into())?;
                if !text.is_empty() {
                    text.push(b',');
                }
                for &octet in id {
                    if matches!(octet, b',' | b'\\') {
                        text.push(b'\\');
                    }
                    text.push(octet);
                }
                rest = after;
            }
            (!text.is_empty()).then(|| opaque(&text))
        }
        2 | 8 => value.is_empty().then(String::new),
        3 => Some(format!("={}", u16::from_be_bytes(value.try_into().ok()?))),
        4 => list(4, &|address| {
            Some(Ipv4Addr::from(<[u8; 4]>::try_from(address).ok()?).to_string())
        }),
        5 => (!value.is_empty()).then(|| format!("={}", field::base64_text(value))),
        6 => list(16, &|address| {
            Some(Ipv6Addr::from(<[u8; 16]>::try_from(address).ok()?).to_string())
        }),
        _ if value.is_empty() => Some(String::new()),
        _ => Some(opaque(value)),
    }
}
