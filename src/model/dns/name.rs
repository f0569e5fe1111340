//! Names of the DNS in one spelling: lower case, A-labels, escapes only where the DNS needs them.
//!
//! Two kinds of reader exist because the same text means different things: a person's `mail.example.net`
//! may or may not be complete, an API's always is. Nothing here knows which names exist.

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// Longest label, in octets (RFC 1035, 2.3.4).
const LABEL: usize = 63;
/// Longest name on the wire, in octets, lengths and root label included (RFC 1035, 2.3.4).
const WIRE: usize = 255;

/// Why a text is no name, or not one name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing is written where a name must stand.
    #[error("a name is missing")]
    Missing,
    /// Two dots meet, or one comes first.
    #[error("`{name}` has an empty label (two dots beside each other, or one in front)")]
    EmptyLabel {
        /// The text.
        name: Box<str>,
    },
    /// More than 63 octets between two dots.
    #[error("the label `{label}` has {octets} octets, and the DNS allows {LABEL}")]
    LongLabel {
        /// The label, canonical.
        label: Box<str>,
        /// Its length.
        octets: usize,
    },
    /// More than 253 characters, as people count them.
    #[error("`{name}` has {octets} octets as a full name, and the DNS allows 253")]
    LongName {
        /// The name, canonical.
        name: Box<str>,
        /// Its length without the final dot.
        octets: usize,
    },
    /// A character that has a meaning of its own in names.
    #[error("`{name}` holds {}, which no name holds unescaped", described(*.found))]
    Character {
        /// The text.
        name: Box<str>,
        /// The character.
        found: char,
    },
    /// A backslash without what must follow it.
    #[error("`{name}` holds a backslash that is not followed by a character or by 000 to 255")]
    Escape {
        /// The text.
        name: Box<str>,
    },
    /// Not allowed by IDNA (UTS 46).
    #[error("the label `{label}` cannot be written in the DNS: IDNA (UTS 46) refuses it")]
    Idna {
        /// The label as written.
        label: Box<str>,
    },
    /// Ends elsewhere.
    #[error("`{name}` lies outside the zone {zone}")]
    Outside {
        /// The name, canonical.
        name: Box<str>,
        /// The zone.
        zone: Box<str>,
    },
    /// Two names can be meant.
    #[error("`{name}` can be read as `{full}` and as `{below}`")]
    Ambiguous {
        /// The text.
        name: Box<str>,
        /// Read as complete.
        full: Box<str>,
        /// Read as standing below the zone.
        below: Box<str>,
    },
    /// A zone or domain name needs plain labels.
    #[error("`{name}` cannot be a domain name: {why}")]
    NotADomain {
        /// The text.
        name: Box<str>,
        /// What is in the way.
        why: &'static str,
    },
}

impl NameError {
    /// What to write instead, where that can be said.
    pub fn write(&self) -> Option<String> {
        match self {
            NameError::Ambiguous { full, below, .. } => Some(format!(
                "write `{full}` or, if meant below this zone, `{below}`"
            )),
            NameError::Missing => Some("write the name, or `@` for the zone itself".into()),
            NameError::EmptyLabel { name } => {
                let mended: Vec<&str> = name.split('.').filter(|part| !part.is_empty()).collect();
                (!mended.is_empty()).then(|| format!("perhaps `{}`", mended.join(".")))
            }
            NameError::Outside { zone, .. } => Some(format!(
                "write it under the domain it belongs to, or without the final dot if it is meant below {zone}"
            )),
            NameError::Character { found: '@', .. } => {
                Some("write only the name of the host; `@` alone is the zone itself".into())
            }
            NameError::Character { found, .. } if found.is_whitespace() => {
                Some("remove the blank".into())
            }
            NameError::Escape { .. } => Some("write `\\\\` for a backslash".into()),
            NameError::LongLabel { .. }
            | NameError::LongName { .. }
            | NameError::Character { .. }
            | NameError::Idna { .. }
            | NameError::NotADomain { .. } => None,
        }
    }
}

fn described(found: char) -> String {
    match found {
        ' ' => "a blank".into(),
        '\t' => "a tab".into(),
        other if other.is_control() => format!("the control character U+{:04X}", u32::from(other)),
        other => format!("`{other}`"),
    }
}

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

fn ambiguous(text: &str, name: Spelled, zone: &str) -> NameError {
    let full = format!("{}.", name.text);
    let below = format!("{}.{zone}.", name.text);
    NameError::Ambiguous {
        name: text.into(),
        full: full.into(),
        below: below.into(),
    }
}

/// A text read label by label into canonical form, without the final dot.
struct Spelled {
    text: String,
    labels: usize,
    /// Octets on the wire without the root label.
    wire: usize,
    absolute: bool,
}

impl Spelled {
    fn read(text: &str) -> Result<Self, NameError> {
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

    fn below(&mut self, origin: &str) {
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

    fn check(&self) -> Result<(), NameError> {
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

/// A canonical name as people read it: A-labels in Unicode, except those that could deceive (mixed scripts,
/// letters of one script that pass for those of another, invisible or directional characters).
pub fn display(name: &str) -> Cow<'_, str> {
    if !name.contains("xn--") {
        return Cow::Borrowed(name);
    }
    let labels: Vec<Cow<'_, str>> = name.split('.').map(display_label).collect();
    Cow::Owned(labels.join("."))
}

fn display_label(label: &str) -> Cow<'_, str> {
    if !label.starts_with("xn--") {
        return Cow::Borrowed(label);
    }
    let (unicode, result) =
        Uts46::new().to_unicode(label.as_bytes(), AsciiDenyList::URL, Hyphens::Allow);
    let same = Uts46::new()
        .to_ascii(
            unicode.as_bytes(),
            AsciiDenyList::URL,
            Hyphens::Allow,
            DnsLength::Ignore,
        )
        .is_ok_and(|ascii| ascii == label);
    if result.is_ok() && same && is_honest(&unicode) {
        Cow::Owned(unicode.into_owned())
    } else {
        Cow::Borrowed(label)
    }
}

/// Scripts as far as telling honest labels from deceiving ones needs them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Indic,
    Thai,
    EastAsian,
}

fn script(letter: char) -> Option<Script> {
    if !letter.is_alphanumeric() && !matches!(letter, '\u{0300}'..='\u{036f}') {
        // Combining marks of the Indic scripts, Thai, Hebrew and Arabic are not alphanumeric.
        return match letter {
            '\u{0591}'..='\u{05c7}' => Some(Script::Hebrew),
            '\u{064b}'..='\u{0655}' => Some(Script::Arabic),
            '\u{0900}'..='\u{0dff}' => Some(Script::Indic),
            '\u{0e30}'..='\u{0e4e}' => Some(Script::Thai),
            _ => None,
        };
    }
    match letter {
        'a'..='z' | '\u{00df}'..='\u{024f}' | '\u{1e00}'..='\u{1eff}' => Some(Script::Latin),
        '\u{0370}'..='\u{03ff}' | '\u{1f00}'..='\u{1fff}' => Some(Script::Greek),
        '\u{0400}'..='\u{052f}' => Some(Script::Cyrillic),
        '\u{05d0}'..='\u{05ea}' => Some(Script::Hebrew),
        '\u{0620}'..='\u{06ff}' => Some(Script::Arabic),
        '\u{0900}'..='\u{0dff}' => Some(Script::Indic),
        '\u{0e00}'..='\u{0e7f}' => Some(Script::Thai),
        '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' => Some(Script::EastAsian),
        _ => None,
    }
}

/// Cyrillic letters that pass for Latin ones; a label of nothing else could be one in Latin letters.
const LOOK_ALIKES: &str = "асԁеһіјӏорԛѕԝхуъьүҽпгѵѡ";

fn is_honest(label: &str) -> bool {
    let mut one = None;
    for letter in label.chars() {
        if letter == '-' || letter.is_ascii_digit() {
            continue;
        }
        match (script(letter), one) {
            (None, _) => return false,
            (Some(found), None) => one = Some(found),
            (Some(found), Some(before)) if found != before => return false,
            (Some(_), Some(_)) => {}
        }
    }
    one != Some(Script::Cyrillic)
        || label
            .chars()
            .any(|letter| script(letter).is_some() && !LOOK_ALIKES.contains(letter))
}
