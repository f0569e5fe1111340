//! What the simulated provider knows: a plain data model in neutral form, changed only through `Change`.
//!
//! It does not know how any of it is spelt in an answer, nor where it is kept.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::rdata::{Rdata, Undotted};

/// The name servers of the provider itself.
pub(super) const NAME_SERVERS: [&str; 2] = ["dns1.namebay.com", "dns2.namebay.com"];

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
    /// The balance in cents.
    pub balance: i64,
    /// Whether new products renew themselves by default.
    pub auto_renew: bool,
    /// Whether new domains are locked by default.
    pub protect: bool,
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
    pub(super) fn rdata(&self) -> Rdata {
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

/// The records of a zone, found by number and by host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Records {
    by_id: BTreeMap<u64, Record>,
    by_host: BTreeMap<String, BTreeSet<u64>>,
}

impl Records {
    pub(super) fn get(&self, id: u64) -> Option<&Record> {
        self.by_id.get(&id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Record> {
        self.by_id.values()
    }

    pub(super) fn at(&self, host: &str) -> impl Iterator<Item = &Record> {
        self.by_host
            .get(host)
            .into_iter()
            .flatten()
            .filter_map(|id| self.by_id.get(id))
    }

    fn put(&mut self, record: Record) {
        self.take(record.id);
        self.by_host
            .entry(record.host.clone())
            .or_default()
            .insert(record.id);
        self.by_id.insert(record.id, record);
    }

    fn take(&mut self, id: u64) {
        let Some(record) = self.by_id.remove(&id) else {
            return;
        };
        if let Some(ids) = self.by_host.get_mut(&record.host) {
            ids.remove(&id);
            if ids.is_empty() {
                self.by_host.remove(&record.host);
            }
        }
    }
}

impl FromIterator<Record> for Records {
    fn from_iter<T: IntoIterator<Item = Record>>(records: T) -> Self {
        let mut all = Self::default();
        for record in records {
            all.put(record);
        }
        all
    }
}

/// One change; whatever was answered stands in the journal as a row of these.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Change {
    User(User),
    Contact(Contact),
    Domain(Box<Domain>),
    Zone(Box<Zone>),
    Host(Host),
    Record {
        zone: String,
        record: Record,
    },
    RecordGone {
        zone: String,
        id: u64,
    },
    Filled {
        zone: String,
        records: Vec<Record>,
    },
    /// The highest number that was ever given, so that none comes twice.
    Last(u64),
}

/// Everything that the simulated provider knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pub(super) users: BTreeMap<String, User>,
    pub(super) contacts: BTreeMap<String, Contact>,
    pub(super) domains: BTreeMap<String, Domain>,
    pub(super) zones: BTreeMap<String, Zone>,
    pub(super) hosts: BTreeMap<u64, Host>,
    records: BTreeMap<String, Records>,
    last: u64,
}

impl State {
    /// Gives the next free number; all objects share one row of them.
    pub(super) fn next_number(&self) -> u64 {
        self.last + 1
    }

    /// Carries one change out.
    pub(super) fn apply(&mut self, change: Change) {
        match change {
            Change::User(user) => {
                self.users.insert(user.handle.clone(), user);
            }
            Change::Contact(contact) => {
                self.contacts.insert(contact.handle.clone(), contact);
            }
            Change::Domain(domain) => {
                let keys = domain
                    .keys
                    .keys()
                    .chain(domain.public_keys.keys())
                    .copied()
                    .max();
                self.seen(domain.id.max(keys.unwrap_or(0)));
                self.domains.insert(domain.handle.clone(), *domain);
            }
            Change::Zone(zone) => {
                self.seen(zone.number);
                self.zones.insert(zone.handle.clone(), *zone);
            }
            Change::Host(host) => {
                self.seen(host.id);
                self.hosts.insert(host.id, host);
            }
            Change::Record { zone, record } => {
                self.seen(record.id);
                self.records.entry(zone).or_default().put(record);
            }
            Change::RecordGone { zone, id } => {
                if let Some(records) = self.records.get_mut(&zone) {
                    records.take(id);
                }
            }
            Change::Filled { zone, records } => {
                self.seen(records.iter().map(|record| record.id).max().unwrap_or(0));
                self.records.insert(zone, records.into_iter().collect());
            }
            Change::Last(number) => self.seen(number),
        }
    }

    fn seen(&mut self, number: u64) {
        self.last = self.last.max(number);
    }

    pub(super) fn records(&self, zone: &str) -> &Records {
        static NONE: Records = Records {
            by_id: BTreeMap::new(),
            by_host: BTreeMap::new(),
        };
        self.records.get(zone).unwrap_or(&NONE)
    }

    /// Finds a domain by its name.
    pub fn domain(&self, name: &str) -> Option<&Domain> {
        self.domains.values().find(|domain| domain.name == name)
    }

    /// Lists the domains by handle.
    pub fn domains(&self) -> impl Iterator<Item = &Domain> {
        self.domains.values()
    }

    /// Finds a zone by its name.
    pub fn zone(&self, name: &str) -> Option<ZoneView<'_>> {
        let zone = self.zones.values().find(|zone| zone.name == name)?;
        Some(ZoneView {
            zone,
            records: self.records(&zone.handle),
        })
    }

    /// Lists the zones by handle.
    pub fn zones(&self) -> impl Iterator<Item = ZoneView<'_>> {
        self.zones.values().map(|zone| ZoneView {
            zone,
            records: self.records(&zone.handle),
        })
    }

    /// Finds a contact by its handle.
    pub fn contact(&self, handle: &str) -> Option<&Contact> {
        self.contacts.get(handle)
    }

    /// Finds a registered host by its name.
    pub fn host(&self, name: &str) -> Option<&Host> {
        self.hosts.values().find(|host| host.name == name)
    }

    /// Writes the changes that make this state out of nothing.
    pub(super) fn changes(&self) -> impl Iterator<Item = Change> {
        let users = self.users.values().cloned().map(Change::User);
        let contacts = self.contacts.values().cloned().map(Change::Contact);
        let domains = self
            .domains
            .values()
            .cloned()
            .map(|domain| Change::Domain(Box::new(domain)));
        let hosts = self.hosts.values().cloned().map(Change::Host);
        let zones = self.zones.values().flat_map(|zone| {
            let records = self.records(&zone.handle).iter().cloned().collect();
            [
                Change::Zone(Box::new(zone.clone())),
                Change::Filled {
                    zone: zone.handle.clone(),
                    records,
                },
            ]
        });
        users
            .chain(contacts)
            .chain(domains)
            .chain(hosts)
            .chain(zones)
            .chain([Change::Last(self.last)])
    }
}

/// A zone with its records, for assertions.
#[derive(Debug, Clone, Copy)]
pub struct ZoneView<'a> {
    /// The zone.
    pub zone: &'a Zone,
    records: &'a Records,
}

/// A record in neutral form: canonical presentation text, complete names with a final dot, TXT as one quoted string.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The host in small letters, `@` at the apex.
    pub host: String,
    /// The type in capitals.
    pub rtype: String,
    /// The data.
    pub data: String,
}

impl Line {
    /// Builds one from its parts.
    pub fn new(host: &str, rtype: &str, data: &str) -> Self {
        Self {
            host: host.to_owned(),
            rtype: rtype.to_owned(),
            data: data.to_owned(),
        }
    }
}

impl ZoneView<'_> {
    /// Lists the records in neutral form, sorted, without SOA and NS that the provider made.
    pub fn records(&self) -> Vec<Line> {
        let own = self
            .records
            .iter()
            .filter(|record| record.maker == Maker::Client);
        let mut lines: Vec<Line> = own
            .map(|record| Line::new(&record.host, &record.rtype, &record.data))
            .collect();
        lines.sort();
        lines
    }

    /// Lists the records with their numbers, the provider's own among them.
    pub fn raw(&self) -> Vec<&Record> {
        self.records.iter().collect()
    }
}
