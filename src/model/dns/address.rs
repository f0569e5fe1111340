//! IP addresses, and what is wrong with a text that is none.

use super::error::DataError;
use std::fmt::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

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

/// True for an IPv4 address; each has one spelling.
pub(super) fn is_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

/// True for an IPv6 address in the form of RFC 5952.
pub(super) fn is_ipv6(text: &str) -> bool {
    let Ok(address) = text.parse::<Ipv6Addr>() else {
        return false;
    };
    let mut rest = Rest(text);
    write!(rest, "{address}").is_ok() && rest.0.is_empty()
}

/// What of a text has not been written again yet; writing anything else fails.
struct Rest<'a>(&'a str);

impl fmt::Write for Rest<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(part).ok_or(fmt::Error)?;
        Ok(())
    }
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
