//! Builds what a sandbox knows at its start, one object after another.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::rdata::{Rdata, Undotted};
use super::state::{
    Change, Contact, Domain, Host, Maker, NAME_SERVERS, Record, Role, Settings, State, User,
};
use super::zone;

/// A world in the making; also the tool with which `Running::edit` changes one.
#[derive(Debug, Clone)]
pub struct Seed {
    pub(super) state: State,
    now: Timestamp,
}

/// Makes up the user of a handle that nobody entered.
pub(super) fn user(handle: &str) -> User {
    User {
        handle: handle.to_owned(),
        password: "sandbox".to_owned(),
        reseller: None,
        balance: 25_000,
        credit: 0,
        spent: 0,
        auto_renew: false,
        protect: true,
    }
}

/// Makes up the contact of a handle that nobody entered.
pub(super) fn somebody(handle: &str) -> Contact {
    Contact {
        handle: handle.to_owned(),
        organisation: None,
        first_name: "Sam".to_owned(),
        last_name: "Sample".to_owned(),
        address: "1 Example Street".to_owned(),
        city: "Monaco".to_owned(),
        postcode: "98000".to_owned(),
        country: "MC".to_owned(),
        mail: format!("{}@example.com", handle.to_ascii_lowercase()),
        registry_password: Some(format!("registry-{handle}")),
        tax: super::state::Tax::Usual,
    }
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

impl Seed {
    /// The time at which sandboxes start where nobody says otherwise: 15 January 2026, 09:30 UTC.
    pub const START: Timestamp = Timestamp::constant(1_768_469_400, 0);

    /// Begins with nothing, at [`Seed::START`].
    pub fn empty() -> Self {
        Self::of(State::default(), Self::START)
    }

    /// Begins with nothing at a time; domains run for a year from there.
    pub fn empty_at(now: Timestamp) -> Self {
        Self::of(State::default(), now)
    }

    pub(super) fn of(state: State, now: Timestamp) -> Self {
        Self { state, now }
    }

    /// Adds a user, who is a contact of the same handle too; the password is `sandbox`.
    pub fn user(mut self, handle: &str) -> Self {
        self.state.apply(Change::User(user(handle)));
        self.contact(somebody(handle))
    }

    /// Adds a user for whom a reseller may act.
    pub fn customer(mut self, handle: &str, reseller: &str) -> Self {
        self = self.user(handle);
        self.state.apply(Change::User(User {
            reseller: Some(reseller.to_owned()),
            ..user(handle)
        }));
        self
    }

    /// Adds a contact, or replaces it.
    pub fn contact(mut self, contact: Contact) -> Self {
        self.state.apply(Change::Contact(contact));
        self
    }

    /// Adds a domain, delegated here, with all roles held by its holder; the holder is added where it is missing.
    pub fn domain(mut self, holder: &str, name: &str) -> Self {
        if !self.state.users.contains_key(holder) {
            self = self.user(holder);
        }
        let id = self.state.next_number();
        let handle = format!("DO{:06}", 100_000 + id);
        let settings = Settings {
            locked: true,
            anonymous_whois: false,
            auto_renew: false,
            contacts: Role::ALL
                .into_iter()
                .map(|role| (role, holder.to_owned()))
                .collect(),
            name_servers: NAME_SERVERS.map(str::to_owned).to_vec(),
        };
        let domain = Domain {
            auth_info: Some(format!("auth-{handle}")),
            handle,
            id,
            name: name.to_ascii_lowercase(),
            holder: holder.to_owned(),
            settings,
            lagging: None,
            created: self.midnight(-400),
            expires: self.midnight(330),
            product: 771,
            advanced_dns: true,
            ambiguous: false,
            keys: BTreeMap::new(),
            public_keys: BTreeMap::new(),
        };
        self.state.apply(Change::Domain(Box::new(domain)));
        self
    }

    /// Changes a domain that is there; nothing happens where it is not.
    pub fn adjust(mut self, name: &str, change: impl FnOnce(&mut Domain)) -> Self {
        if let Some(domain) = self.state.domain(name) {
            let mut domain = domain.clone();
            change(&mut domain);
            self.state.apply(Change::Domain(Box::new(domain)));
        }
        self
    }

    /// Lets a domain expire so many days from the start; negative numbers lie in the past.
    pub fn expires_in(self, name: &str, days: i32) -> Self {
        let expires = self.midnight(days);
        self.adjust(name, |domain| domain.expires = expires)
    }

    /// Adds a zone with SOA and the provider's NS; the domain is added where it is missing, for the first user.
    pub fn zone(mut self, name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        if self.state.domain(&name).is_none() {
            let holder = self
                .state
                .users
                .keys()
                .next()
                .cloned()
                .unwrap_or_else(|| "AA111111".to_owned());
            self = self.domain(&holder, &name);
        }
        let Some(domain) = self.state.domain(&name) else {
            return self;
        };
        let zone = zone::new_zone(domain, self.state.next_number(), self.now);
        self.state.apply(Change::Zone(Box::new(zone.clone())));
        let apex = zone::provider_records(&zone, NAME_SERVERS.map(str::to_owned).as_slice());
        apex.into_iter().for_each(|(host, rtype, data, maker)| {
            self.put(&zone.handle, (host, rtype, data), maker)
        });
        self
    }

    /// Changes the head of a zone that is there; nothing happens where it is not.
    pub fn adjust_zone(mut self, name: &str, change: impl FnOnce(&mut super::Zone)) -> Self {
        if let Some(view) = self.state.zone(name) {
            let mut zone = view.zone.clone();
            change(&mut zone);
            self.state.apply(Change::Zone(Box::new(zone)));
        }
        self
    }

    /// Adds a record in presentation form, with complete names; the zone is added where it is missing.
    pub fn record(mut self, zone: &str, host: &str, typed: (&str, &str)) -> Self {
        let (rtype, data) = typed;
        if self.state.zone(zone).is_none() {
            self = self.zone(zone);
        }
        let Some(handle) = self.state.zone(zone).map(|view| view.zone.handle.clone()) else {
            return self;
        };
        let data = Rdata::parse(rtype, data, Undotted::Complete)
            .map_or_else(|| data.to_owned(), |data| data.text());
        self.put(
            &handle,
            (host.to_ascii_lowercase(), rtype.to_owned(), data),
            Maker::Client,
        );
        self.adjust_zone(zone, |zone| zone.writes += 1)
    }

    /// Removes the records of a host and a type, whatever their data.
    pub fn without(mut self, zone: &str, host: &str, rtype: &str) -> Self {
        let Some(view) = self.state.zone(zone) else {
            return self;
        };
        let handle = view.zone.handle.clone();
        let gone = view
            .raw()
            .into_iter()
            .filter(|record| record.host == host && record.rtype == rtype);
        let gone: Vec<u64> = gone.map(|record| record.id).collect();
        for id in gone {
            self.state.apply(Change::RecordGone {
                zone: handle.clone(),
                id,
            });
        }
        self.adjust_zone(zone, |zone| zone.writes += 1)
    }

    /// Adds a registered host (glue) below a domain.
    pub fn host(mut self, name: &str, ip1: &str) -> Self {
        let holder = name
            .split_once('.')
            .and_then(|(_, domain)| self.state.domain(domain));
        let Some(holder) = holder.map(|domain| domain.holder.clone()) else {
            return self;
        };
        let host = Host {
            id: self.state.next_number(),
            name: name.to_ascii_lowercase(),
            holder,
            ip1: ip1.to_owned(),
            ip2: None,
            registry: "verisign".to_owned(),
            registered: self.now,
        };
        self.state.apply(Change::Host(host));
        self
    }

    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    fn put(&mut self, zone: &str, what: (String, String, String), maker: Maker) {
        let (host, rtype, data) = what;
        let id = self.state.next_number();
        let record = Record {
            id,
            host,
            rtype,
            data,
            maker,
            sent_host: None,
            sent_data: None,
            written: self.now,
        };
        self.state.apply(Change::Record {
            zone: zone.to_owned(),
            record,
        });
    }

    /// Gives midnight so many days from the start.
    pub(super) fn midnight(&self, days: i32) -> Timestamp {
        let second = self.now.as_second() - self.now.as_second().rem_euclid(86_400);
        let day = Timestamp::from_second(second).unwrap_or(self.now);
        day.checked_add(DAY * days).unwrap_or(day)
    }

    /// Gives the state, with the canary in every secret that it volunteers.
    pub(super) fn planted(self, canary: Option<&str>) -> State {
        let mut state = self.state;
        let Some(canary) = canary else { return state };
        for domain in state
            .domains
            .values_mut()
            .filter(|domain| domain.auth_info.is_some())
        {
            domain.auth_info = Some(format!("{canary}-auth-{}", domain.handle));
        }
        for mailbox in state.services.mailboxes.values_mut() {
            let password = mailbox.password.as_ref();
            mailbox.password = password.map(|_| format!("{canary}-mail-{}", mailbox.handle));
        }
        for hosting in state.services.hostings.values_mut() {
            for user in hosting.users.values_mut() {
                let password = user.password.as_ref();
                user.password = password.map(|_| format!("{canary}-ftp-{}", user.id));
            }
        }
        for contact in state.contacts.values_mut() {
            contact.registry_password = Some(format!("{canary}-registry-{}", contact.handle));
        }
        state
    }
}
