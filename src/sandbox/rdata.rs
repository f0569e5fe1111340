//! Record data in one neutral form, read from and written as presentation text (RFC 1035, RFC 3597).
//!
//! It does not know how the simulated API spells data; see `spelling`.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

/// How a host name without a final dot is read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Undotted<'a> {
    /// As a complete name.
    Complete,
    /// As a name below this zone.
    Below(&'a str),
}

/// Record data; names are in small letters and end with a dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rdata {
    A(Ipv4Addr),
    Aaaa(Ipv6Addr),
    /// CNAME, NS, PTR, DNAME.
    Name(String),
    Mx {
        preference: u16,
        exchange: String,
    },
    /// The bytes of all strings together.
    Txt(Vec<u8>),
    Srv {
        priority: u16,
        weight: u16,
        port: u16,
        target: String,
    },
    Naptr(Box<Naptr>),
    Caa {
        flags: u8,
        tag: String,
        value: Vec<u8>,
    },
    /// Any other type: its words as they were written, one blank between them; a hexadecimal rest in small letters.
    Other(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Naptr {
    pub(super) order: u16,
    pub(super) preference: u16,
    pub(super) flags: String,
    pub(super) service: String,
    pub(super) regexp: String,
    pub(super) replacement: String,
}

/// One word of presentation text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// The bytes, escapes resolved.
    pub(super) bytes: Vec<u8>,
    /// The text as it stood, without the quotes around it.
    pub(super) raw: String,
    pub(super) quoted: bool,
}

impl Word {
    /// Writes the word as it stood.
    fn written(&self) -> String {
        if self.quoted {
            quoted(&self.bytes)
        } else {
            self.raw.clone()
        }
    }

    /// Gives the bytes as text where they are text.
    pub(super) fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }
}

/// Gives how many numbers stand before the hexadecimal rest of a type that has one.
pub(super) fn hex_after(rtype: &str) -> Option<usize> {
    match rtype {
        "DS" | "CDS" | "TLSA" | "SMIMEA" => Some(3),
        "SSHFP" => Some(2),
        _ => None,
    }
}

/// Splits presentation text into words; nothing where a quote or an escape is not closed.
pub(super) fn words(text: &str) -> Option<Vec<Word>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let quoted = first == '"';
        let body = if quoted { &rest[1..] } else { rest };
        let (word, after) = word(body, quoted)?;
        found.push(word);
        if quoted && after.starts_with(|c: char| !c.is_whitespace() && c != '"') {
            return None;
        }
        rest = after.trim_start();
    }
    Some(found)
}

fn word(body: &str, quoted: bool) -> Option<(Word, &str)> {
    let source = body.as_bytes();
    let mut bytes = Vec::new();
    let mut at = 0;
    let mut inside = false; // of quotes that begin in the middle of a word: alpn="h2,h3"
    while at < source.len() {
        let byte = source[at];
        if byte == b'\\' {
            let next = *source.get(at + 1)?;
            if next.is_ascii_digit() {
                let digits = body.get(at + 1..at + 4)?;
                bytes.push(digits.parse::<u8>().ok()?);
                at += 4;
            } else {
                bytes.push(next);
                at += 2;
            }
            continue;
        }
        if quoted && byte == b'"' {
            let raw = body[..at].to_owned();
            return Some((Word { bytes, raw, quoted }, &body[at + 1..]));
        }
        if !quoted && byte == b'"' {
            inside = !inside;
            at += 1;
            continue;
        }
        if !quoted && !inside && byte.is_ascii_whitespace() {
            break;
        }
        bytes.push(byte);
        at += 1;
    }
    if quoted || inside {
        return None;
    }
    let raw = body[..at].to_owned();
    Some((Word { bytes, raw, quoted }, &body[at..]))
}

/// Brings a host name into small letters with a final dot; nothing where it is not one.
pub(super) fn absolute(name: &str, undotted: Undotted<'_>) -> Option<String> {
    let name = name.trim();
    if name == "." {
        return Some(".".to_owned());
    }
    let full = match (name, name.strip_suffix('.'), undotted) {
        ("@", _, Undotted::Below(zone)) => format!("{zone}."),
        (_, Some(bare), _) => format!("{bare}."),
        (_, None, Undotted::Complete) => format!("{name}."),
        (_, None, Undotted::Below(zone)) => format!("{name}.{zone}."),
    };
    let full = full.to_ascii_lowercase();
    let labels_fit = full[..full.len() - 1]
        .split('.')
        .all(|label| !label.is_empty() && label.len() <= 63);
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'@';
    (labels_fit && full.len() <= 254 && full.bytes().all(plain)).then_some(full)
}

/// Writes bytes between quotes, with escapes for quote, backslash and whatever is not printable ASCII.
pub(super) fn quoted(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 2);
    text.push('"');
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => {
                text.push('\\');
                text.push(char::from(byte));
            }
            b' '..=b'~' => text.push(char::from(byte)),
            other => {
                let _ = write!(text, "\\{other:03}");
            }
        }
    }
    text.push('"');
    text
}

impl Rdata {
    /// Reads presentation text; nothing where the DNS forbids it.
    pub(super) fn parse(rtype: &str, text: &str, undotted: Undotted<'_>) -> Option<Self> {
        let words = words(text)?;
        let texts: Vec<&str> = words.iter().map(|word| word.raw.as_str()).collect();
        let name = |text: &str| absolute(text, undotted);
        let number = |text: &str| text.parse::<u16>().ok();
        let data = match (rtype, texts.as_slice()) {
            ("A", [address]) => Self::A(address.parse().ok()?),
            ("AAAA", [address]) => Self::Aaaa(address.parse().ok()?),
            ("CNAME" | "NS" | "PTR" | "DNAME", [target]) => Self::Name(name(target)?),
            ("MX", [preference, exchange]) => Self::Mx {
                preference: number(preference)?,
                exchange: name(exchange)?,
            },
            ("SRV", [priority, weight, port, target]) => Self::Srv {
                priority: number(priority)?,
                weight: number(weight)?,
                port: number(port)?,
                target: name(target)?,
            },
            ("NAPTR", [order, preference, _, _, _, replacement]) => Self::Naptr(Box::new(Naptr {
                order: number(order)?,
                preference: number(preference)?,
                flags: words[2].text()?.to_owned(),
                service: words[3].text()?.to_owned(),
                regexp: words[4].text()?.to_owned(),
                replacement: name(replacement)?,
            })),
            ("CAA", [flags, tag, ..]) if words.len() >= 3 => Self::Caa {
                flags: flags.parse().ok()?,
                tag: tag.to_ascii_lowercase(),
                value: joined(&words[2..]),
            },
            ("TXT" | "SPF", [_, ..]) => {
                Self::Txt(words.into_iter().flat_map(|word| word.bytes).collect())
            }
            (
                "A" | "AAAA" | "CNAME" | "NS" | "PTR" | "DNAME" | "MX" | "SRV" | "NAPTR" | "CAA"
                | "TXT" | "SPF",
                _,
            )
            | (_, []) => return None,
            (_, [numbers @ .., _]) => {
                let shown = words.iter().map(Word::written).collect::<Vec<_>>();
                let text = match hex_after(rtype) {
                    Some(count) if numbers.len() >= count => {
                        let (numbers, hex) = shown.split_at(count);
                        format!(
                            "{} {}",
                            numbers.join(" "),
                            hex.concat().to_ascii_lowercase()
                        )
                    }
                    Some(_) | None => shown.join(" "),
                };
                Self::Other(text)
            }
        };
        Some(data)
    }

    /// Writes the canonical presentation text, which `parse` reads back.
    pub(super) fn text(&self) -> String {
        match self {
            Self::A(address) => address.to_string(),
            Self::Aaaa(address) => address.to_string(),
            Self::Name(name) => name.clone(),
            Self::Mx {
                preference,
                exchange,
            } => format!("{preference} {exchange}"),
            Self::Txt(bytes) => quoted(bytes),
            Self::Srv {
                priority,
                weight,
                port,
                target,
            } => format!("{priority} {weight} {port} {target}"),
            Self::Naptr(naptr) => {
                let Naptr {
                    order,
                    preference,
                    flags,
                    service,
                    regexp,
                    replacement,
                } = naptr.as_ref();
                let [flags, service, regexp] =
                    [flags, service, regexp].map(|part| quoted(part.as_bytes()));
                format!("{order} {preference} {flags} {service} {regexp} {replacement}")
            }
            Self::Caa { flags, tag, value } => format!("{flags} {tag} {}", quoted(value)),
            Self::Other(text) => text.clone(),
        }
    }
}

/// Joins the words of a value that was not quoted although it holds blanks.
fn joined(words: &[Word]) -> Vec<u8> {
    let parts: Vec<&[u8]> = words.iter().map(|word| word.bytes.as_slice()).collect();
    parts.join(&b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presentation_text_is_brought_to_one_form_and_read_back() {
        let zone = Undotted::Below("example.com");
        let cases = [
            ("A", "192.0.2.1", "192.0.2.1"),
            ("AAAA", "2001:0DB8::0:1", "2001:db8::1"),
            ("CNAME", "WWW", "www.example.com."),
            ("CNAME", "@", "example.com."),
            ("MX", "10  mail", "10 mail.example.com."),
            ("TXT", r#""a" "b c""#, r#""ab c""#),
            (
                "TXT",
                r#""say \"hi\" \\ \195\169""#,
                r#""say \"hi\" \\ \195\169""#,
            ),
            ("TXT", "\"é\"", r#""\195\169""#),
            (
                "SRV",
                "10 5 5060 sip.example.net.",
                "10 5 5060 sip.example.net.",
            ),
            (
                "CAA",
                "0 ISSUE letsencrypt.org; a=b",
                r#"0 issue "letsencrypt.org; a=b""#,
            ),
            (
                "NAPTR",
                r#"100 10 U E2U+sip "!^.*$!sip:i@example.com!" ."#,
                r#"100 10 "U" "E2U+sip" "!^.*$!sip:i@example.com!" ."#,
            ),
            ("TLSA", "3 1  1 0D6F 1A", "3 1 1 0d6f1a"),
            (
                "HTTPS",
                r#"1 .  alpn="h2, h3" port=8443"#,
                r#"1 . alpn="h2, h3" port=8443"#,
            ),
        ];
        for (rtype, text, canonical) in cases {
            let data = Rdata::parse(rtype, text, zone).unwrap_or_else(|| panic!("{rtype} {text}"));
            assert_eq!(data.text(), canonical, "{rtype} {text}");
            assert_eq!(
                Rdata::parse(rtype, canonical, Undotted::Complete),
                Some(data),
                "{canonical}"
            );
        }
        for (rtype, text) in [
            ("A", "192.0.2"),
            ("MX", "mail"),
            ("TXT", "\"open"),
            ("TXT", ""),
            ("SRV", "1 2 x."),
            ("CNAME", "a b"),
        ] {
            assert_eq!(Rdata::parse(rtype, text, zone), None, "{rtype} {text}");
        }
    }
}
