//! The two sides of the comparison: what a person wants, and what is live.
//!
//! `config` makes [`Desired`], a provider turns it into [`Admitted`] and reads [`Live`]; both in one
//! canonical form, so that the differ needs no notion of "equal enough".

use super::address::{Account, Address, Kind, Part, Unit};
use super::attrs::Attrs;
use super::money::Money;
use super::secret::WantedSecret;
use super::work::{Origin, Outcome, Reason};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A moment; the one in [`Live::as_of`] is the only one below `cli`.
pub type Time = jiff::Timestamp;

/// What a provider calls an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(pub Box<str>);

/// A number of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days(pub u32);

/// What must be done before a unit is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// That unit, where the plan writes it.
    Unit(Unit),
    /// Every write to that object and everything below it (a zone: its records).
    Inside(Address),
}

/// One part as the file wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Which part.
    pub part: Part,
    /// Only what is written: an attribute left out is not managed.
    pub attrs: Attrs,
    /// What comes before; filled in by the provider, because the order is its own.
    pub needs: Box<[Need]>,
    /// The line behind it.
    pub origin: Origin,
}

/// A live record that is left alone for a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// Host, canonical, relative; `*` matches any run.
    pub host: Box<str>,
    /// Type, upper case; `*` matches any.
    pub rtype: Box<str>,
    /// Why, for people.
    pub reason: Box<str>,
    /// The last day it holds (UTC), if it ends.
    pub until: Option<jiff::civil::Date>,
    /// The line.
    pub origin: Origin,
}

/// How an object treats what the file does not name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// The file is the whole zone.
    pub purge: bool,
    /// What is left alone.
    pub ignore: Box<[Ignore]>,
    /// The file says that there shall be none (`autoresponder = false`).
    pub gone: bool,
}

/// What is needed to buy an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buy {
    /// Years; written, so consent to buy is given.
    pub period: u32,
    /// What one order may cost.
    pub max_price: Option<Money>,
}

/// One object as the file wants it. Its parts are sorted by part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Sorted by part.
    pub parts: Box<[Wanted]>,
    /// Where there are any.
    pub rules: Option<Box<Rules>>,
    /// Where it may be bought.
    pub buy: Option<Box<Buy>>,
    /// When a renewal is due.
    pub renew_before: Option<Days>,
    /// What it takes that is never shown.
    pub secrets: Option<Box<[WantedSecret]>>,
}

/// Which accounts hold a domain and its zone: what an account must know of the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Home {
    /// The account that holds the domain name, if one of the file does.
    pub domain: Option<Account>,
    /// The account that hosts the zone, if one of the file does.
    pub zone: Option<Account>,
}

/// What the file says, of one account or of all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Desired {
    /// By address.
    pub objects: BTreeMap<Address, Declared>,
    /// For each domain of the file.
    pub homes: Arc<BTreeMap<Arc<str>, Home>>,
}

impl Desired {
    /// The part of one account, taken out of the whole.
    pub fn take_account(&mut self, account: &Account) -> Desired {
        if self
            .objects
            .keys()
            .all(|address| address.account == *account)
        {
            let objects = std::mem::take(&mut self.objects);
            return Desired {
                objects,
                homes: Arc::clone(&self.homes),
            };
        }
        let (own, rest) = std::mem::take(&mut self.objects)
            .into_iter()
            .partition(|(address, _)| address.account == *account);
        self.objects = rest;
        Desired {
            objects: own,
            homes: Arc::clone(&self.homes),
        }
    }
}

/// What the file says, in the provider's canonical form and order. Made by providers alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Admitted(Desired);

impl Admitted {
    /// Declares that a provider has checked and completed it; to be called in `provider`, and in tests of
    /// the stages after it.
    pub fn by_provider(desired: Desired) -> Self {
        Self(desired)
    }

    /// Its objects.
    pub fn objects(&self) -> &BTreeMap<Address, Declared> {
        &self.0.objects
    }

    /// Where each domain lives.
    pub fn homes(&self) -> &BTreeMap<Arc<str>, Home> {
        &self.0.homes
    }

    /// The part of it that is about some objects.
    pub fn only(&self, wanted: impl Fn(&Address) -> bool) -> Self {
        let own = self.0.objects.iter().filter(|(address, _)| wanted(address));
        Self(Desired {
            objects: own
                .map(|(address, declared)| (address.clone(), declared.clone()))
                .collect(),
            homes: Arc::clone(&self.0.homes),
        })
    }

    /// Joins what several providers admitted.
    #[must_use]
    pub fn merged(mut self, other: Admitted) -> Self {
        if self.0.objects.is_empty() {
            return other;
        }
        self.0.objects.extend(other.0.objects);
        if self.0.homes.is_empty() {
            self.0.homes = other.0.homes;
        }
        self
    }
}

/// One part as it is live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenPart {
    /// Which part.
    pub part: Part,
    /// What the provider calls it, where it has a name of its own (a record's id).
    pub handle: Option<Handle>,
    /// All attributes that were read.
    pub attrs: Attrs,
    /// The declared object that needs it, where another one brought it.
    pub owner: Option<Box<Address>>,
}

/// One live object. Its parts are sorted by part; a set may hold equal members with different handles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// What the provider calls it.
    pub handle: Option<Handle>,
    /// Sorted by part.
    pub parts: Box<[SeenPart]>,
    /// What the provider named.
    pub outputs: Attrs,
    /// When it ends, if it does.
    pub expires: Option<Time>,
}

impl Seen {
    /// The part of that name.
    pub fn part(&self, part: &Part) -> Option<&SeenPart> {
        let at = self.parts.partition_point(|seen| seen.part < *part);
        self.parts.get(at).filter(|seen| seen.part == *part)
    }
}

/// How much was read, for the head of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reads {
    /// Domains.
    pub domains: usize,
    /// Record values.
    pub records: usize,
    /// Requests sent.
    pub requests: usize,
}

/// What is live, as far as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Live {
    /// When it was read.
    pub as_of: Time,
    /// By address.
    pub objects: BTreeMap<Address, Seen>,
    /// Families that could not be read (the call does not exist here).
    pub unreadable: BTreeSet<(Account, Kind)>,
    /// Single facets that could not be read, by unit (a domain's name servers where that call does not exist).
    pub unreadable_units: BTreeSet<Unit>,
    /// Objects that failed to be read while others of the login could be, with the reason.
    pub failed: Vec<(Address, Reason)>,
    /// What became of open writes that were looked up.
    pub looked: Vec<(Unit, Outcome)>,
    /// What the provider says beside the objects (code, object, text), told as findings.
    pub notes: Vec<(&'static str, Option<Address>, String)>,
    /// How much was read.
    pub reads: Reads,
    /// What is to be remembered, of accounts that were asked with something remembered.
    pub seen: LastSeen,
}

impl Live {
    /// Joins what several accounts answered.
    pub fn merge(&mut self, other: Live) {
        self.as_of = self.as_of.max(other.as_of);
        if self.objects.is_empty() {
            self.objects = other.objects;
        } else {
            self.objects.extend(other.objects);
        }
        self.unreadable.extend(other.unreadable);
        self.unreadable_units.extend(other.unreadable_units);
        self.failed.extend(other.failed);
        self.looked.extend(other.looked);
        self.notes.extend(other.notes);
        self.seen.marks.extend(other.seen.marks);
        self.reads.domains += other.reads.domains;
        self.reads.records += other.reads.records;
        self.reads.requests += other.reads.requests;
    }
}

/// What a provider remembers between runs to read less; losing it costs requests and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LastSeen {
    /// Opaque to everybody but the provider that wrote it, by address text with the account.
    pub marks: BTreeMap<Box<str>, Box<str>>,
}

/// What an account holds, by name alone: for `import --all`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roster {
    /// Domain names that are registered in the account.
    pub domains: BTreeSet<Arc<str>>,
    /// Zones that are hosted in it.
    pub zones: BTreeSet<Arc<str>>,
    /// Domains that have a hosting in it.
    pub hostings: BTreeSet<Arc<str>>,
    /// Domains that have a mail service in it.
    pub mails: BTreeSet<Arc<str>>,
    /// Its mailboxes: the domain, and the name before the `@`.
    pub mailboxes: BTreeSet<(Arc<str>, Arc<str>)>,
}
