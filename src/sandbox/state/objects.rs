//! The objects that the simulated provider keeps, in neutral form.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::rdata::{Rdata, Undotted};

/// The name servers of the provider itself.
pub(in super::super) const NAME_SERVERS: [&str; 2] = ["dns1.namebay.com", "dns2.namebay.com"];

/// The role of a contact on an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Role {
    /// `O`, the registrant.
    Owner,
    /// `A`.
    Admin,
    /// `T`.
    Tech,
    /// `B`.
    Billing,
    /// `R`.
    Reseller,
}

impl Role {
    /// All of them, in the order of the guide's answers.
    pub const ALL: [Self; 5] = [
        Self::Owner,
        Self::Admin,
        Self::Tech,
        Self::Billing,
        Self::Reseller,
    ];

    /// Gives the letter that stands for it.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Owner => "O",
            Self::Admin => "A",
            Self::Tech => "T",
            Self::Billing => "B",
            Self::Reseller => "R",
        }
    }

    /// Reads the letter that stands for it.
    pub fn from_letter(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.letter() == letter)
    }
}

/// Somebody who logs in, or for whom somebody acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The handle, which is the login name too.
    pub handle: String,
    /// The password.
    pub password: String,
    /// The handle of the reseller that may act for it.
    pub reseller: Option<String>,
    /// The balance in cents, before anything was ordered.
    pub balance: i64,
    /// The authorised credit in cents.
    #[serde(default)]
    pub credit: i64,
    /// What was debited, in ten-thousandths of a euro.
    #[serde(default)]
    pub spent: i64,
    /// Whether new products renew themselves by default.
    pub auto_renew: bool,
    /// Whether new domains are locked by default.
    pub protect: bool,
}

/// Whether a contact pays tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Tax {
    /// The usual rate, 20 %.
    #[default]
    Usual,
    /// None.
    None,
    /// A rate of its own, in tenths of a percent.
    Own(u32),
}

impl Tax {
    /// Gives the rate in tenths of a percent.
    pub fn rate(self) -> u32 {
        match self {
            Self::Usual => 200,
            Self::None => 0,
            Self::Own(rate) => rate,
        }
    }
}

/// A person or an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The handle.
    pub handle: String,
    /// The organisation, nothing for a person.
    pub organisation: Option<String>,
    /// The given name.
    pub first_name: String,
    /// The family name.
    pub last_name: String,
    /// Street and number.
    pub address: String,
    /// The town.
    pub city: String,
    /// The postal code.
    pub postcode: String,
    /// The country in two letters.
    pub country: String,
    /// The mail address.
    pub mail: String,
    /// A registry password that comes with it unasked.
    pub registry_password: Option<String>,
    /// Whether it pays tax.
    #[serde(default)]
    pub tax: Tax,
}

/// The settings of a domain that one call changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Whether it is locked against transfers.
    pub locked: bool,
    /// Whether whois hides the owner.
    pub anonymous_whois: bool,
    /// Whether it renews itself.
    pub auto_renew: bool,
    /// The contacts by role.
    pub contacts: BTreeMap<Role, String>,
    /// The name servers, in small letters, without a final dot.
    pub name_servers: Vec<String>,
}

/// Settings that reads do not show yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lagging {
    /// What reads show meanwhile.
    pub before: Settings,
    /// How many reads still show it.
    pub reads_left: u32,
}

/// A domain name at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// The handle.
    pub handle: String,
    /// The number.
    pub id: u64,
    /// The name in small letters.
    pub name: String,
    /// The user whose object it is.
    pub holder: String,
    /// What its owner may change.
    pub settings: Settings,
    /// Settings that lag.
    pub lagging: Option<Lagging>,
    /// When it was registered.
    pub created: Timestamp,
    /// When it expires.
    pub expires: Timestamp,
    /// The product that it was bought as.
    pub product: u64,
    /// The authorisation code that comes with it unasked.
    pub auth_info: Option<String>,
    /// Whether the right to edit its zone is active (713 otherwise).
    pub advanced_dns: bool,
    /// Whether its handle stands for several objects (300 on calls by handle).
    pub ambiguous: bool,
    /// Keys of a zone hosted elsewhere.
    pub keys: BTreeMap<u64, Key>,
    /// Public keys of a zone hosted elsewhere.
    pub public_keys: BTreeMap<u64, PublicKey>,
}

impl Domain {
    /// Tells whether the first name server is the provider's.
    pub fn delegated_here(&self) -> bool {
        self.settings
            .name_servers
            .first()
            .is_some_and(|first| first.ends_with(".namebay.com"))
    }
}

/// A key (DS) of a zone hosted elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The key tag, a string in the contract.
    pub tag: String,
    /// The algorithm number.
    pub algorithm: i64,
    /// The digest type number.
    pub digest_type: i64,
    /// The digest.
    pub digest: String,
    /// When it was entered.
    pub entered: Timestamp,
}

/// A public key of a zone hosted elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    /// The key tag that ties it to a `Key`.
    pub tag: String,
    /// The key.
    pub key: String,
    /// When it was entered.
    pub entered: Timestamp,
}

/// A zone without its records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// The handle, that of the domain where there is one.
    pub handle: String,
    /// The number that records carry.
    pub number: u64,
    /// The name in small letters, without a final dot.
    pub name: String,
    /// The user whose object it is.
    pub holder: String,
    /// The first name server of the SOA record.
    pub primary: String,
    /// The mail address of the SOA record.
    pub person: String,
    /// Seconds.
    pub refresh: u32,
    /// Seconds.
    pub retry: u32,
    /// Seconds.
    pub expire: u32,
    /// Seconds.
    pub minimum: u32,
    /// The one time-to-live of all its records, in seconds.
    pub ttl: u32,
    /// How often it was written.
    pub writes: u64,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last written.
    pub written: Timestamp,
    /// Whether it is to be signed.
    pub secure: bool,
    /// When it was signed.
    pub signed: Option<Timestamp>,
}

/// How a record came into a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Maker {
    /// The provider: SOA and its own NS, whose visibility is a matter of dialect.
    Provider,
    /// Somebody who writes records.
    Client,
    /// The provider, for a redirection; it is listed like any other.
    Redirection,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The number.
    pub id: u64,
    /// The host in small letters, relative to the zone; `@` at the apex.
    pub host: String,
    /// The type in capitals.
    pub rtype: String,
    /// The data in canonical presentation form.
    pub data: String,
    /// Who made it.
    pub maker: Maker,
    /// `Host` as the last request wrote it.
    pub sent_host: Option<String>,
    /// `Data` as the last request wrote it.
    pub sent_data: Option<String>,
    /// When it was last written.
    pub written: Timestamp,
}

impl Record {
    /// Gives the data as parts; text that the DNS forbids stays text.
    pub(in super::super) fn rdata(&self) -> Rdata {
        Rdata::parse(&self.rtype, &self.data, Undotted::Complete)
            .unwrap_or_else(|| Rdata::Other(self.data.clone()))
    }
}

/// A registered host below a domain (glue).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// The number.
    pub id: u64,
    /// The name in small letters.
    pub name: String,
    /// The user whose object it is.
    pub holder: String,
    /// The first address.
    pub ip1: String,
    /// The second address.
    pub ip2: Option<String>,
    /// The registry.
    pub registry: String,
    /// When it was registered.
    pub registered: Timestamp,
}
