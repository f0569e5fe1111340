//! Record types: the names people use, upper case, one per type.
//!
//! Any word can be a type, because providers have types of their own (ALIAS); this module knows the numbers
//! of those that the DNS knows, so that `TYPE257` and `CAA` are one.

use super::error::DataError;
use std::borrow::Cow;
use std::fmt;

/// A record type: upper case, its name where it has one, `TYPE65280` where it has none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rtype(Cow<'static, str>);

/// Names and numbers (IANA, DNS parameters, resource record types).
const NUMBERS: &[(&str, u16)] = &[
    ("A", 1),
    ("NS", 2),
    ("CNAME", 5),
    ("SOA", 6),
    ("PTR", 12),
    ("HINFO", 13),
    ("MX", 15),
    ("TXT", 16),
    ("RP", 17),
    ("AFSDB", 18),
    ("KEY", 25),
    ("AAAA", 28),
    ("LOC", 29),
    ("SRV", 33),
    ("NAPTR", 35),
    ("KX", 36),
    ("CERT", 37),
    ("DNAME", 39),
    ("APL", 42),
    ("DS", 43),
    ("SSHFP", 44),
    ("IPSECKEY", 45),
    ("RRSIG", 46),
    ("NSEC", 47),
    ("DNSKEY", 48),
    ("DHCID", 49),
    ("NSEC3", 50),
    ("NSEC3PARAM", 51),
    ("TLSA", 52),
    ("SMIMEA", 53),
    ("HIP", 55),
    ("CDS", 59),
    ("CDNSKEY", 60),
    ("OPENPGPKEY", 61),
    ("CSYNC", 62),
    ("ZONEMD", 63),
    ("SVCB", 64),
    ("HTTPS", 65),
    ("SPF", 99),
    ("EUI48", 108),
    ("EUI64", 109),
    ("URI", 256),
    ("CAA", 257),
];

/// Types without a number that providers offer.
const VIRTUAL: &[&str] = &["ALIAS", "ANAME"];

impl Rtype {
    /// Reads a type in any case; `TYPE16` is TXT.
    pub fn parse(text: &str) -> Result<Self, DataError> {
        if let Some(name) = Self::common(text) {
            return Ok(Self(Cow::Borrowed(name)));
        }
        let text = text.trim_ascii();
        if let Some((name, _)) = NUMBERS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(text))
        {
            return Ok(Self(Cow::Borrowed(name)));
        }
        if let Some(name) = VIRTUAL.iter().find(|name| name.eq_ignore_ascii_case(text)) {
            return Ok(Self(Cow::Borrowed(name)));
        }
        let word = text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text
                .bytes()
                .all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_'));
        if !word {
            return Err(DataError::new(format!("`{text}` is no record type"))
                .write("write a type like A, MX or TYPE65280"));
        }
        let upper = text.to_ascii_uppercase();
        let digits = upper.strip_prefix("TYPE").filter(|digits| {
            !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
        });
        let Some(digits) = digits else {
            return Ok(Self(Cow::Owned(upper)));
        };
        let number: u16 = digits.parse().map_err(|_| {
            DataError::new(format!("`{text}` is no record type: numbers end at 65535"))
        })?;
        Ok(Self::of_number(number))
    }

    /// The name of a type, if it is one that people write, in the way they mostly do.
    pub fn common(text: &str) -> Option<&'static str> {
        let known = ["A", "AAAA", "CNAME", "TXT", "MX", "NS", "SRV", "CAA"];
        known.into_iter().find(|name| *name == text)
    }

    /// The type of a number.
    pub fn of_number(number: u16) -> Self {
        NUMBERS
            .iter()
            .find(|(_, known)| *known == number)
            .map_or_else(
                || Self(Cow::Owned(format!("TYPE{number}"))),
                |(name, _)| Self(Cow::Borrowed(name)),
            )
    }

    /// Its number, if the DNS has one.
    pub fn number(&self) -> Option<u16> {
        NUMBERS
            .iter()
            .find(|(name, _)| *name == self.0)
            .map(|(_, number)| *number)
            .or_else(|| self.0.strip_prefix("TYPE")?.parse().ok())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for TXT and SPF, whose data is text.
    pub fn is_text(&self) -> bool {
        matches!(self.as_str(), "TXT" | "SPF")
    }
}

impl fmt::Display for Rtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
