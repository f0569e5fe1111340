//! Zone names, and hosts relative to them.
//!
//! A host is the key of a record set, so each has one spelling: relative, lower case, `@` for the apex.

use super::error::NameError;
use super::name::{Spelled, WIRE, ambiguous, full};
use super::plain;
use std::fmt;
use std::sync::Arc;

/// The name of a zone or domain: canonical, without the final dot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Apex(Arc<str>);

impl Apex {
    /// Reads what a person or an API wrote; complete with or without the final dot.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let name = full(text)?;
        let why = if name.contains('\\') {
            "it holds a character that needs an escape"
        } else if name.contains('*') {
            "a `*` is a wildcard, not a domain"
        } else {
            return Ok(Self(name.into()));
        };
        Err(NameError::NotADomain {
            name: text.into(),
            why,
        })
    }

    /// Takes over a name that [`Apex::parse`] made before (the domain of an address).
    pub fn from_canonical(name: Arc<str>) -> Self {
        Self(name)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name, shared.
    pub fn shared(&self) -> &Arc<str> {
        &self.0
    }

    /// `example-com`, for the placeholder `{domain-dashed}`.
    pub fn dashed(&self) -> String {
        self.0.replace('.', "-")
    }
}

impl fmt::Display for Apex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which form an API uses for the hosts of one zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostForm {
    /// Relative to the zone (`www`).
    Relative,
    /// Complete (`www.example.com`).
    Full,
    /// Only apex spellings were seen, or nothing.
    Unclear,
}

impl HostForm {
    /// Tells the form from all hosts of a zone as the API wrote them: one that does not end in the zone's
    /// name proves that they are relative.
    pub fn seen<'a>(zone: &Apex, hosts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut form = HostForm::Unclear;
        for host in hosts {
            let Ok(host) = Host::from_server(zone, host, HostForm::Relative) else {
                continue;
            };
            if host.is_apex() {
                continue;
            }
            match suffix(host.as_str(), zone.as_str()) {
                None => return HostForm::Relative,
                Some(_) => form = HostForm::Full,
            }
        }
        form
    }
}

/// A host of a zone: relative, canonical; `@` is the apex.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host(Box<str>);

impl Host {
    /// The zone itself.
    pub fn apex() -> Self {
        Self("@".into())
    }

    /// Reads what a person wrote in `host`: relative, or complete with the final dot. A name that ends in
    /// the zone's own and lacks the dot could be either, and is an error with both readings.
    pub fn from_person(zone: &Apex, text: &str) -> Result<Self, NameError> {
        match text {
            "@" => return Ok(Self::apex()),
            "" => return Err(NameError::Missing),
            _ => {}
        }
        let name = Spelled::read(text)?;
        if name.absolute {
            name.check()?;
            return Self::strip(zone, &name.text).ok_or_else(|| NameError::Outside {
                name: format!("{}.", name.text).into(),
                zone: zone.as_str().into(),
            });
        }
        if name.labels > 1 && suffix(&name.text, zone.as_str()).is_some() {
            return Err(ambiguous(text, name, zone.as_str()));
        }
        Self::relative(zone, name)
    }

    /// Reads what an API answered: empty, `@`, relative or complete, with or without the final dot. `form`
    /// settles what a relative name ending in the zone's own means; where it is not [`HostForm::Relative`]
    /// such a name counts as complete.
    pub fn from_server(zone: &Apex, text: &str, form: HostForm) -> Result<Self, NameError> {
        let text = text.trim_ascii();
        if matches!(text, "" | "@" | ".") {
            return Ok(Self::apex());
        }
        let name = Spelled::read(text)?;
        let complete = match form {
            HostForm::Relative => name.absolute || name.text == zone.as_str(),
            HostForm::Full | HostForm::Unclear => true,
        };
        if complete && let Some(host) = Self::strip(zone, &name.text) {
            name.check()?;
            return Ok(host);
        }
        Self::relative(zone, name)
    }

    /// True if everybody's reading gives the very text back: it is one plain label, below a zone of several.
    pub fn is_plain(zone: &Apex, text: &str) -> bool {
        let zone = zone.as_str();
        // Two lengths, and that of the root.
        plain::is_label(text) && zone.contains('.') && text.len() + zone.len() + 3 <= WIRE
    }

    /// Takes an absolute canonical name, with or without the final dot, that may lie in the zone.
    pub fn strip(zone: &Apex, name: &str) -> Option<Self> {
        let bare = match name.strip_suffix('.') {
            Some(bare) if !ends_escaping(bare) => bare,
            Some(_) | None => name,
        };
        suffix(bare, zone.as_str()).map(|host| Self(host.into()))
    }

    /// Takes over a host that was canonical before (from an address).
    pub fn from_canonical(host: &str) -> Self {
        Self(host.into())
    }

    fn relative(zone: &Apex, mut name: Spelled) -> Result<Self, NameError> {
        let own = name.text.len();
        name.below(zone.as_str());
        name.check()?;
        name.text.truncate(own);
        Ok(Self(name.text.into()))
    }

    /// The host.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for `@`.
    pub fn is_apex(&self) -> bool {
        &*self.0 == "@"
    }

    /// The full name with the final dot.
    pub fn absolute(&self, zone: &Apex) -> String {
        if self.is_apex() {
            format!("{zone}.")
        } else {
            format!("{}.{zone}.", self.0)
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What stands before the zone in a canonical name, `@` for nothing; `None` if the name is not in the zone.
fn suffix<'a>(name: &'a str, zone: &str) -> Option<&'a str> {
    let before = name.strip_suffix(zone)?;
    if before.is_empty() {
        return Some("@");
    }
    let host = before.strip_suffix('.')?;
    (!host.is_empty() && !ends_escaping(host)).then_some(host)
}

/// True if the dot after this text is escaped and belongs to a label; two backslashes are one of a label.
fn ends_escaping(text: &str) -> bool {
    (text.len() - text.trim_end_matches('\\').len()) % 2 == 1
}
