//! What the simulated provider knows: a plain data model in neutral form, changed only through `Change`.
//!
//! It does not know how any of it is spelt in an answer, nor where it is kept.

mod commerce;
mod objects;
mod services;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use commerce::{
    Cart, Debit, Message, Order, OrderItem, OrderKind, RenewalRun, Stage, Standing, Wish,
};
pub(super) use commerce::{Commerce, Traded};
pub(super) use objects::NAME_SERVERS;
pub use objects::{
    Contact, Domain, Host, Key, Lagging, Maker, PublicKey, Record, Role, Settings, Tax, User, Zone,
};
pub use services::{
    AutoResponder, FtpUser, Hosting, MailKind, MailService, Mailbox, Pending, RedirectService,
    Redirection,
};
pub(super) use services::{Served, Services};

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
    Served(Box<Served>),
    Traded(Box<Traded>),
}

/// Everything that the simulated provider knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pub(super) users: BTreeMap<String, User>,
    pub(super) contacts: BTreeMap<String, Contact>,
    pub(super) domains: BTreeMap<String, Domain>,
    pub(super) zones: BTreeMap<String, Zone>,
    pub(super) hosts: BTreeMap<u64, Host>,
    pub(super) services: Services,
    pub(super) commerce: Commerce,
    records: BTreeMap<String, Records>,
    /// Handles of domains and zones by name.
    domain_names: BTreeMap<String, String>,
    zone_names: BTreeMap<String, String>,
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
                self.domain_names
                    .insert(domain.name.clone(), domain.handle.clone());
                self.domains.insert(domain.handle.clone(), *domain);
            }
            Change::Zone(zone) => {
                self.seen(zone.number);
                self.zone_names
                    .insert(zone.name.clone(), zone.handle.clone());
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
            Change::Served(change) => {
                let number = self.services.apply(*change);
                self.seen(number);
            }
            Change::Traded(change) => {
                let number = self.commerce.apply(*change);
                self.seen(number);
            }
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
        self.domains.get(self.domain_names.get(name)?)
    }

    /// Lists the domains by handle.
    pub fn domains(&self) -> impl Iterator<Item = &Domain> {
        self.domains.values()
    }

    /// Finds a zone by its name.
    pub fn zone(&self, name: &str) -> Option<ZoneView<'_>> {
        let zone = self.zones.get(self.zone_names.get(name)?)?;
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

    /// Lists the redirections of a zone by origin.
    pub fn redirections(&self, zone: &str) -> Vec<&Redirection> {
        let handle = self.zone_names.get(zone);
        let of_zone = self.services.redirections.values();
        let mut found: Vec<&Redirection> = of_zone
            .filter(|redirection| Some(&redirection.zone) == handle)
            .collect();
        found.sort_by(|one, other| one.origin.cmp(&other.origin));
        found
    }

    /// Finds the first redirect service of a domain.
    pub fn redirect_service(&self, domain: &str) -> Option<&RedirectService> {
        let mut services = self.services.redirect_services.values();
        services.find(|service| service.domain == domain)
    }

    /// Finds the first mail service of a domain.
    pub fn mail_service(&self, domain: &str) -> Option<&MailService> {
        let mut services = self.services.mail_services.values();
        services.find(|service| service.domain == domain)
    }

    /// Finds a mailbox by its own address.
    pub fn mailbox(&self, address: &str) -> Option<&Mailbox> {
        self.services.mailbox(address)
    }

    /// Lists the mailboxes by handle.
    pub fn mailboxes(&self) -> impl Iterator<Item = &Mailbox> {
        self.services.mailboxes.values()
    }

    /// Finds the first hosting of a domain, with its users.
    pub fn hosting(&self, domain: &str) -> Option<&Hosting> {
        let mut hostings = self.services.hostings.values();
        hostings.find(|hosting| hosting.domain == domain)
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
            .chain(
                self.services
                    .changes()
                    .map(|change| Change::Served(Box::new(change))),
            )
            .chain(
                self.commerce
                    .changes()
                    .map(|change| Change::Traded(Box::new(change))),
            )
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
