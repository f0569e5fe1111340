//! Attributes: the only thing about an object that diff, plan, apply and rendering know.
//!
//! A sorted slice with static names, because a map per object costs over a kilobyte and a portfolio holds fifty
//! thousand objects; shared, because the file's side, a change and the plan hold the same.

use super::address::{Address, Unit};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A canonical value. Both sides of a comparison hold equal values exactly when they mean the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Data {
    /// Text.
    Text(Arc<str>),
    /// A whole number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// A list in its canonical order.
    List(Box<[Arc<str>]>),
    /// The salted fingerprint of a secret. It is never live, shown or in a plan that is written down.
    Print(Arc<str>),
}

impl Data {
    /// As JSON.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Data::Text(text) => json!(text),
            Data::Int(number) => json!(number),
            Data::Bool(yes) => json!(yes),
            Data::List(items) => json!(items),
            // A plan shows nothing of a secret.
            Data::Print(_) => serde_json::Value::Null,
        }
    }

    /// From JSON; `None` for what no attribute can be.
    pub fn from_json(value: &serde_json::Value) -> Option<Self> {
        match value {
            serde_json::Value::String(text) => Some(Data::Text(text.as_str().into())),
            serde_json::Value::Number(number) => number.as_i64().map(Data::Int),
            serde_json::Value::Bool(yes) => Some(Data::Bool(*yes)),
            serde_json::Value::Array(items) => items
                .iter()
                .map(|item| item.as_str().map(Arc::from))
                .collect::<Option<Box<[_]>>>()
                .map(Data::List),
            serde_json::Value::Null | serde_json::Value::Object(_) => None,
        }
    }
}

impl serde::Serialize for Data {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Data::Text(text) => serializer.serialize_str(text),
            Data::Int(number) => serializer.serialize_i64(*number),
            Data::Bool(yes) => serializer.serialize_bool(*yes),
            Data::List(items) => serializer.collect_seq(items),
            // A plan shows nothing of a secret.
            Data::Print(_) => serializer.serialize_unit(),
        }
    }
}

/// A value that is known, or one that an earlier step of the same run will bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Known now.
    Known(Data),
    /// An output of another object; few are, and they would make all the others larger.
    Later(Box<Later>),
}

/// An output of another object, known once that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// Whose output.
    pub of: Address,
    /// Which.
    pub field: &'static str,
    /// What is appended to it.
    pub append: Box<str>,
}

impl Value {
    /// A known text.
    pub fn text(text: &str) -> Self {
        Value::Known(Data::Text(text.into()))
    }

    /// A known yes or no.
    pub fn bool(yes: bool) -> Self {
        Value::Known(Data::Bool(yes))
    }

    /// A known number.
    pub fn int(number: i64) -> Self {
        Value::Known(Data::Int(number))
    }

    /// A known list, in the order given.
    pub fn list<S: AsRef<str>>(items: &[S]) -> Self {
        Value::Known(Data::List(
            items.iter().map(|item| item.as_ref().into()).collect(),
        ))
    }

    /// The data, if known.
    pub fn known(&self) -> Option<&Data> {
        match self {
            Value::Known(data) => Some(data),
            Value::Later(_) => None,
        }
    }
}

/// Attributes of a unit, sorted by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attrs(Arc<[(&'static str, Value)]>);

impl Attrs {
    /// Sorts them by name.
    pub fn new(mut list: Vec<(&'static str, Value)>) -> Self {
        list.sort_by_key(|(name, _)| *name);
        Self(list.into())
    }

    /// None.
    pub fn none() -> Self {
        Self::default()
    }

    /// One.
    pub fn one(name: &'static str, value: Value) -> Self {
        Self(Arc::new([(name, value)]))
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0
            .binary_search_by_key(&name, |(key, _)| key)
            .ok()
            .map(|at| &self.0[at].1)
    }

    /// The known data of a name.
    pub fn data(&self, name: &str) -> Option<&Data> {
        self.get(name).and_then(Value::known)
    }

    /// The known text of a name.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.data(name)? {
            Data::Text(text) => Some(text),
            Data::Int(_) | Data::Bool(_) | Data::List(_) | Data::Print(_) => None,
        }
    }

    /// The known whole number of a name.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.data(name)? {
            Data::Int(number) => Some(*number),
            Data::Text(_) | Data::Bool(_) | Data::List(_) | Data::Print(_) => None,
        }
    }

    /// The known yes or no of a name.
    pub fn yes(&self, name: &str) -> Option<bool> {
        match self.data(name)? {
            Data::Bool(yes) => Some(*yes),
            Data::Text(_) | Data::Int(_) | Data::List(_) | Data::Print(_) => None,
        }
    }

    /// The known list of a name.
    pub fn list(&self, name: &str) -> Option<&[Arc<str>]> {
        match self.data(name)? {
            Data::List(items) => Some(items),
            Data::Text(_) | Data::Int(_) | Data::Bool(_) | Data::Print(_) => None,
        }
    }

    /// The fingerprint that stands for a secret of that name.
    pub fn print(&self, name: &str) -> Option<&Arc<str>> {
        match self.data(name)? {
            Data::Print(print) => Some(print),
            Data::Text(_) | Data::Int(_) | Data::Bool(_) | Data::List(_) => None,
        }
    }

    /// The names that stand for secrets, in order.
    pub fn secret_names(&self) -> impl Iterator<Item = &'static str> {
        self.iter()
            .filter(|(_, value)| matches!(value.known(), Some(Data::Print(_))))
            .map(|(name, _)| name)
    }

    /// In order of name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those whose names `other` has too.
    #[must_use]
    pub fn restricted_to(&self, other: &Attrs) -> Attrs {
        Attrs(
            self.0
                .iter()
                .filter(|(name, _)| other.get(name).is_some())
                .cloned()
                .collect(),
        )
    }

    /// These, with the values of `newer` over them.
    #[must_use]
    pub fn overlaid(&self, newer: &Attrs) -> Attrs {
        let mut all: Vec<_> = self
            .0
            .iter()
            .filter(|(name, _)| newer.get(name).is_none())
            .cloned()
            .collect();
        all.extend(newer.0.iter().cloned());
        Attrs::new(all)
    }
}

/// Every name that an attribute may have; they are the keys of the file.
///
/// Plans and ledgers are read back through this table, so that names stay static.
pub const NAMES: &[&str] = &[
    "active",
    "admin",
    "admin_password",
    "aliases",
    "auto_renew",
    "billing",
    "capacity",
    "catch_all",
    "data",
    "description",
    "dir",
    "dnssec",
    "finish",
    "forward",
    "host",
    "keywords",
    "locked",
    "login",
    "mailboxes",
    "message",
    "name",
    "name_servers",
    "password",
    "registrant",
    "relative",
    "signed",
    "soa_expire",
    "soa_mailbox",
    "soa_minimum",
    "soa_primary",
    "soa_refresh",
    "soa_retry",
    "soa_serial",
    "start",
    "subject",
    "tech",
    "title",
    "to",
    "ttl",
    "type",
    "user_name",
    "whois_privacy",
];

/// The static form of a name, if it is one.
pub fn name(text: &str) -> Option<&'static str> {
    NAMES.iter().copied().find(|name| *name == text)
}

/// What a live unit looked like; written as `sha256:` and 64 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// Of a unit with these attributes; a unit without any has one too.
    pub fn of(unit: &Unit, attrs: &Attrs) -> Self {
        let mut digest = Digesting::default();
        digest.unit(unit, attrs);
        Self(digest.0.finalize().into())
    }

    /// Reads the written form; `None` for what is none.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(SHA256)?.as_bytes();
        let mut bytes = [0; 32];
        let (pairs, []) = digits.as_chunks::<2>() else {
            return None;
        };
        if pairs.len() != bytes.len() {
            return None;
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self(bytes))
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{SHA256}{}", hex(&self.0))
    }
}

impl serde::Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Fingerprint {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| serde::de::Error::custom("a fingerprint is sha256: and 64 hex digits"))
    }
}

const SHA256: &str = "sha256:";

/// A lower-case hex digit's value: there is one written form only.
fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

/// A digest over units, each member with its length before it, so that no two inputs run into each other.
#[derive(Debug, Default)]
pub struct Digesting(Sha256);

impl Digesting {
    /// Takes in a text.
    pub fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text.as_bytes());
    }

    /// Takes in an address.
    pub fn address(&mut self, address: &Address) {
        self.text(address.account.as_str());
        self.text(&address.domain);
        self.text(address.kind.word());
        self.text(&address.name);
    }

    /// Takes in a unit with its attributes.
    pub fn unit(&mut self, unit: &Unit, attrs: &Attrs) {
        self.address(&unit.address);
        self.part(&unit.part.0, attrs);
    }

    /// Takes in a part with its attributes.
    pub fn part(&mut self, part: &str, attrs: &Attrs) {
        self.text(part);
        for (name, value) in attrs.iter() {
            self.text(name);
            match value {
                Value::Known(data) => self.data(data),
                Value::Later(later) => {
                    let Later { of, field, append } = &**later;
                    self.text("later");
                    self.address(of);
                    self.text(field);
                    self.text(append);
                }
            }
        }
    }

    fn data(&mut self, data: &Data) {
        match data {
            Data::Text(text) => {
                self.0.update(b"t");
                self.text(text);
            }
            Data::Int(number) => {
                self.0.update(b"i");
                self.0.update(number.to_be_bytes());
            }
            Data::Bool(yes) => self.0.update([b'b', u8::from(*yes)]),
            Data::List(items) => {
                self.0.update(b"l");
                self.0.update((items.len() as u64).to_be_bytes());
                items.iter().for_each(|item| self.text(item));
            }
            Data::Print(print) => {
                self.0.update(b"p");
                self.text(print);
            }
        }
    }

    /// `sha256:` and 64 hex digits.
    pub fn finish(self) -> String {
        format!("{SHA256}{}", hex(&self.0.finalize()))
    }
}

/// Lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    out
}
