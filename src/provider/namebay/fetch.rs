//! Reads what is live in one account, with as few requests as what is declared and recorded needs.
//!
//! Three waves, each in parallel: the lists of the account; what hangs below single objects; whether a zone is signed
//! whose domain is about to change its name servers. What is read does not depend on the order of answers.
//!
//! Decisions where the contract is silent:
//! - `OwnedProduct` is the proof that a domain is held, whatever its status; settings come from the list of domains by
//!   contact, and of domains that it lacks from each domain itself.
//! - An empty list may be `[]`, null, or a 404 with Namebay's own code 404. The latter two are an error where the ledger
//!   knows of something in the list, because they may also mean a missing right. That holds for zones, domains, and the
//!   records of one zone.
//! - A 404 that is not Namebay's, 405 and 501 mean that an inferred call does not exist: what it would have read counts
//!   as unreadable. Any other failure below one object is that object's; three in a row without an answer are the API's.
//! - A domain's settings count as unreadable as a whole where one that is declared cannot be told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::model::dns::Apex;
use crate::model::{
    Account, Action, Address, Attrs, Data, Handle, Kind, Live, Part, Reads, Reason, Seen, SeenPart,
    Unit, Value, Wish,
};
use crate::provider::ProviderError;

use super::api::account::OwnedProduct;
use super::api::domain::{Contact, Domain, NameServer};
use super::api::zone::{DnsSec, NsKey, Record, Zone};
use super::errors::Fault;
use super::session::{List, Session};
use super::{convert, look, spelling};

/// So many objects in a row without an answer, and the API counts as gone.
const SILENT_LIMIT: usize = 3;

/// So many objects are read at a time; how many requests go out at once is the link's to say.
const AT_ONCE: usize = 16;

/// What a domain's facets need.
#[derive(Debug, Default)]
struct Facets {
    settings: Attrs,
    contacts: bool,
    delegation: Option<Data>,
}

/// What is to be read of an account.
#[derive(Debug, Default)]
struct Scope {
    domains: BTreeMap<Arc<str>, Facets>,
    /// Zones that are declared or recorded, and whether they are declared, and with DNSSEC.
    zones: BTreeMap<Arc<str>, (bool, bool)>,
    domains_recorded: bool,
    zones_recorded: bool,
    /// Zones that the ledger has records of.
    records_recorded: BTreeSet<Arc<str>>,
}

impl Scope {
    fn of(account: &Account, wish: &Wish<'_>) -> Self {
        let mut scope = Self::default();
        let wanted = |address: &Address| {
            address.account == *account && wish.below.is_none_or(|top| is_below(address, top))
        };
        for (address, declared) in wish.desired.objects() {
            if !wanted(address) {
                continue;
            }
            let attrs = |part: &str| {
                let found = declared.parts.iter().find(|wanted| &*wanted.part.0 == part);
                found.map(|wanted| &wanted.attrs)
            };
            let name = Arc::clone(&address.domain);
            if address.kind == Kind::Domain {
                let facets = Facets {
                    settings: attrs("settings").cloned().unwrap_or_default(),
                    contacts: attrs("contacts").is_some(),
                    delegation: attrs("delegation")
                        .and_then(|attrs| attrs.data("name_servers"))
                        .cloned(),
                };
                scope.domains.insert(name, facets);
            } else if address.kind == Kind::Zone {
                scope.zones.insert(name, (true, attrs("dnssec").is_some()));
            } else if address.kind == Kind::Record {
                scope.zones.entry(name).or_default().0 = true;
            }
        }
        // A deletion whose end is not known may well be the reason why a list is empty.
        let going: BTreeSet<&Address> = wish
            .open
            .iter()
            .filter(|(write, _)| write.action == Action::Delete)
            .map(|(write, _)| &write.unit.address)
            .collect();
        for (address, _) in wish.recorded.iter().filter(|(address, _)| wanted(address)) {
            let name = Arc::clone(&address.domain);
            if address.kind == Kind::Domain {
                scope.domains.entry(name).or_default();
                scope.domains_recorded = true;
            } else if address.kind == Kind::Zone {
                scope.zones.entry(name).or_default();
                scope.zones_recorded = true;
            } else if address.kind == Kind::Record && !going.contains(address) {
                scope.records_recorded.insert(name);
            }
        }
        scope
    }
}

fn is_below(address: &Address, top: &Address) -> bool {
    address == top
        || address
            .parent()
            .is_some_and(|parent| is_below(&parent, top))
}

/// A read that hangs below an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Job {
    Settings(Arc<str>, Box<str>),
    Contacts(Arc<str>, Box<str>),
    Servers(Arc<str>, Box<str>),
    Records(Arc<str>, Box<str>),
    DnsSec(Arc<str>, Box<str>),
    Keys(Arc<str>, Box<str>),
}

/// What it brought.
#[derive(Debug)]
enum Got {
    Settings(Domain),
    Contacts(Vec<Contact>),
    Servers(Vec<NameServer>),
    Records(List<Record>),
    DnsSec(DnsSec),
    Keys(Vec<NsKey>),
}

impl Job {
    async fn run(&self, session: &Session) -> Result<Got, Fault> {
        Ok(match self {
            Job::Settings(_, handle) => {
                Got::Settings(session.object(|calls| calls.domain(handle)).await?)
            }
            Job::Contacts(_, handle) => {
                Got::Contacts(session.list(|calls| calls.contacts(handle)).await?.items())
            }
            Job::Servers(_, handle) => {
                let servers = session.list(|calls| calls.name_servers(handle)).await?;
                Got::Servers(servers.items())
            }
            Job::Records(_, handle) => {
                Got::Records(session.list(|calls| calls.records(handle)).await?)
            }
            Job::DnsSec(_, handle) => {
                Got::DnsSec(session.object(|calls| calls.dnssec(handle)).await?)
            }
            Job::Keys(_, handle) => {
                Got::Keys(session.list(|calls| calls.keys(handle)).await?.items())
            }
        })
    }

    fn name(&self) -> &Arc<str> {
        match self {
            Job::Settings(name, _)
            | Job::Contacts(name, _)
            | Job::Servers(name, _)
            | Job::Records(name, _)
            | Job::DnsSec(name, _)
            | Job::Keys(name, _) => name,
        }
    }

    /// The object that fails with it, and the part that alone is unreadable where the call does not exist.
    fn object(&self) -> (Kind, Option<&'static str>) {
        match self {
            Job::Settings(..) => (Kind::Domain, None),
            Job::Contacts(..) => (Kind::Domain, None),
            Job::Servers(..) => (Kind::Domain, Some("delegation")),
            Job::Records(..) => (Kind::Zone, None),
            Job::DnsSec(..) => (Kind::Zone, Some("dnssec")),
            Job::Keys(..) => (Kind::Domain, None),
        }
    }
}

/// What the reads below objects brought.
type Brought = BTreeMap<Job, Result<Got, Fault>>;

/// Runs reads beside each other; ends early if the login is refused or nobody answers any more.
async fn run(session: &Session, jobs: Vec<Job>) -> Result<Brought, ProviderError> {
    let mut jobs = jobs.into_iter();
    let mut running = JoinSet::new();
    let mut brought = Brought::new();
    let mut silent = 0;
    loop {
        while running.len() < AT_ONCE
            && let Some(job) = jobs.next()
        {
            let session = session.clone();
            running.spawn(async move {
                let result = job.run(&session).await;
                (job, result)
            });
        }
        let Some(joined) = running.join_next().await else {
            break;
        };
        let (job, result) = match joined {
            Ok(done) => done,
            Err(error) => {
                let text = format!("reading was broken off: {error}");
                return Err(ProviderError::Unavailable(Reason::ours(
                    "read.broken",
                    text,
                )));
            }
        };
        match &result {
            Err(Fault::Credentials(reason)) => {
                return Err(ProviderError::Credentials(reason.clone()));
            }
            Err(Fault::NotSent(reason) | Fault::Silent(reason)) => {
                silent += 1;
                if silent >= SILENT_LIMIT {
                    return Err(ProviderError::Unavailable(reason.clone()));
                }
            }
            Ok(_) | Err(Fault::Refused(_) | Fault::Nonsense(_)) => silent = 0,
        }
        brought.insert(job, result);
    }
    // Where nothing at all was answered, it is not the objects that fail.
    if silent > 0 && silent == brought.len() {
        let reason = brought.values().find_map(|result| match result {
            Err(Fault::NotSent(reason) | Fault::Silent(reason)) => Some(reason.clone()),
            Ok(_) | Err(Fault::Credentials(_) | Fault::Refused(_) | Fault::Nonsense(_)) => None,
        });
        if let Some(reason) = reason {
            return Err(ProviderError::Unavailable(reason));
        }
    }
    Ok(brought)
}

/// Everything read so far, being put together.
struct Reading<'a> {
    account: &'a Account,
    wish: &'a Wish<'a>,
    session: Session,
    scope: Scope,
    owned: BTreeMap<Arc<str>, OwnedProduct>,
    listed: BTreeMap<Arc<str>, Domain>,
    zones: Option<BTreeMap<Arc<str>, Zone>>,
    parts: BTreeMap<(Kind, Arc<str>), Vec<SeenPart>>,
    signed: BTreeSet<(Kind, Arc<str>)>,
    unsigned: BTreeSet<(Kind, Arc<str>)>,
    /// Zones whose records were read, with what they were read from.
    tables: BTreeMap<Arc<str>, Vec<Record>>,
    live: Live,
}

/// Reads an account.
pub(super) async fn fetch(
    account: &Account,
    session: Session,
    wish: &Wish<'_>,
) -> Result<Live, ProviderError> {
    let mut reading = Reading {
        account,
        wish,
        session,
        scope: Scope::of(account, wish),
        owned: BTreeMap::new(),
        listed: BTreeMap::new(),
        zones: None,
        parts: BTreeMap::new(),
        signed: BTreeSet::new(),
        unsigned: BTreeSet::new(),
        tables: BTreeMap::new(),
        live: Live::default(),
    };
    reading.lists().await?;
    let brought = run(&reading.session, reading.below()).await?;
    reading.take(brought);
    let questions = reading.about_signing().await?;
    let brought = run(&reading.session, questions).await?;
    reading.take(brought);
    reading.records();
    reading.assemble();
    reading.settle().await;
    reading.live.reads.requests = reading.session.asked();
    Ok(reading.live)
}

impl Reading<'_> {
    fn address(&self, kind: Kind, name: &Arc<str>) -> Address {
        Address::of(self.account, name, kind)
    }

    /// The first wave: what the account holds.
    async fn lists(&mut self) -> Result<(), ProviderError> {
        let session = &self.session;
        let wants_settings = self
            .scope
            .domains
            .values()
            .any(|facets| !facets.settings.is_empty());
        let (owned, listed, zones) = tokio::join!(
            when(
                !self.scope.domains.is_empty(),
                session.list::<OwnedProduct>(|calls| calls.owned_domains())
            ),
            when(
                wants_settings,
                session.list::<Domain>(|calls| calls.domains())
            ),
            when(
                !self.scope.zones.is_empty(),
                session.list(|calls| calls.zones())
            ),
        );
        if let Some(owned) = owned {
            self.owned = held(listed_or_refused(owned, self.scope.domains_recorded)?);
        }
        if let Some(listed) = listed {
            // A customer who is nobody's reseller has no domains in this list, or is refused it: each domain is then
            // read by itself.
            let listed = match listed {
                Ok(listed) => listed.items(),
                Err(Fault::Refused(_)) => Vec::new(),
                Err(fault) => return Err(fault.for_account()),
            };
            for domain in listed {
                if let Some(name) = convert::domain_name(&domain.name) {
                    self.listed.insert(name, domain);
                }
            }
        }
        if let Some(zones) = zones {
            let zones = listed_or_refused(zones, self.scope.zones_recorded)?;
            self.zones = Some(by_name(zones));
        }
        Ok(())
    }

    /// The second wave: what hangs below single objects.
    fn below(&self) -> Vec<Job> {
        let mut jobs = Vec::new();
        for (name, facets) in &self.scope.domains {
            let Some(handle) = self.owned.get(name).and_then(|owned| owned.handle.word()) else {
                continue;
            };
            let job = |make: fn(Arc<str>, Box<str>) -> Job| make(Arc::clone(name), handle.into());
            if !facets.settings.is_empty() && !self.listed.contains_key(name) {
                jobs.push(job(Job::Settings));
            }
            if facets.contacts {
                jobs.push(job(Job::Contacts));
            }
            if facets.delegation.is_some() {
                jobs.push(job(Job::Servers));
            }
        }
        for (name, (declared, dnssec)) in &self.scope.zones {
            let Some(handle) = self.zone_handle(name) else {
                continue;
            };
            if *declared {
                jobs.push(Job::Records(Arc::clone(name), handle.into()));
            }
            if *dnssec {
                jobs.push(Job::DnsSec(Arc::clone(name), handle.into()));
            }
        }
        jobs
    }

    fn zone_handle(&self, name: &Arc<str>) -> Option<&str> {
        self.zones.as_ref()?.get(name)?.handle.word()
    }

    /// The third wave: name servers that would change must not change while the zone is signed, here or elsewhere.
    async fn about_signing(&mut self) -> Result<Vec<Job>, ProviderError> {
        let delegation = Part::new("delegation");
        let changing: Vec<(Arc<str>, Box<str>)> = self
            .scope
            .domains
            .iter()
            .filter_map(|(name, facets)| {
                let wanted = facets.delegation.as_ref()?;
                let handle = self.owned.get(name)?.handle.word()?;
                let parts = self.parts.get(&(Kind::Domain, Arc::clone(name)));
                let live = parts
                    .and_then(|parts| parts.iter().find(|seen| seen.part == delegation))
                    .and_then(|seen| seen.attrs.data("name_servers"));
                (live != Some(wanted)).then(|| (Arc::clone(name), handle.into()))
            })
            .collect();
        if changing.is_empty() {
            return Ok(Vec::new());
        }
        if self.zones.is_none() {
            let zones = self.session.list(|calls| calls.zones()).await;
            let zones = listed_or_refused(zones, self.scope.zones_recorded)?;
            self.zones = Some(by_name(zones));
        }
        let mut jobs = Vec::new();
        for (name, handle) in changing {
            match self.zone_handle(&name) {
                Some(_) if self.is_known_signed(&name) => {}
                Some(zone) => jobs.push(Job::DnsSec(Arc::clone(&name), zone.into())),
                None => jobs.push(Job::Keys(name, handle)),
            }
        }
        Ok(jobs)
    }

    fn is_known_signed(&self, name: &Arc<str>) -> bool {
        let zone = (Kind::Zone, Arc::clone(name));
        self.signed.contains(&zone) || self.unsigned.contains(&zone)
    }

    fn take(&mut self, brought: Brought) {
        for (job, result) in brought {
            match result {
                Ok(got) => self.place(&job, got),
                Err(fault) => self.fail(&job, &fault),
            }
        }
    }

    fn place(&mut self, job: &Job, got: Got) {
        let name = job.name();
        match got {
            Got::Settings(domain) => {
                self.listed.insert(Arc::clone(name), domain);
            }
            Got::Contacts(contacts) => {
                self.part(
                    Kind::Domain,
                    name,
                    ("contacts", convert::contacts(&contacts)),
                );
            }
            Got::Servers(servers) => {
                let names =
                    convert::name_servers(servers.iter().filter_map(|server| server.name.word()));
                let attrs = Attrs::one("name_servers", Value::list(&names));
                self.part(Kind::Domain, name, ("delegation", attrs));
            }
            Got::Records(List::Nothing) if self.scope.records_recorded.contains(name) => {
                let text = format!(
                    "the zone {name} is answered to have no records (404), and the ledger knows some: the right to see them \
                     may be missing"
                );
                let reason = Reason {
                    status: Some(404),
                    code: "404".into(),
                    text: text.into(),
                };
                self.live
                    .failed
                    .push((self.address(Kind::Zone, name), reason));
            }
            Got::Records(records) => {
                self.tables.insert(Arc::clone(name), records.items());
            }
            Got::DnsSec(state) => {
                if let Some(wanted) = state.wanted.0 {
                    let declared = self
                        .scope
                        .zones
                        .get(name)
                        .is_some_and(|(_, dnssec)| *dnssec);
                    if declared {
                        let attrs = Attrs::one("dnssec", Value::bool(wanted));
                        self.part(Kind::Zone, name, ("dnssec", attrs));
                    }
                }
                // Signing follows the wish later, in both directions.
                let signed = state.wanted.0 == Some(true) || state.signed.0 == Some(true);
                self.note_signed(Kind::Zone, name, signed);
                self.note_signed(Kind::Domain, name, signed);
            }
            Got::Keys(keys) => {
                let signed = keys
                    .iter()
                    .any(|key| key.tag.word().is_some() && key.active.0 != Some(false));
                self.note_signed(Kind::Domain, name, signed);
            }
        }
    }

    fn note_signed(&mut self, kind: Kind, name: &Arc<str>, signed: bool) {
        let set = if signed {
            &mut self.signed
        } else {
            &mut self.unsigned
        };
        set.insert((kind, Arc::clone(name)));
    }

    fn part(&mut self, kind: Kind, name: &Arc<str>, (part, attrs): (&str, Attrs)) {
        let parts = self.parts.entry((kind, Arc::clone(name))).or_default();
        parts.push(SeenPart {
            part: Part::new(part),
            handle: None,
            attrs,
            owner: None,
        });
    }

    fn fail(&mut self, job: &Job, fault: &Fault) {
        let (kind, part) = job.object();
        let address = self.address(kind, job.name());
        let no_call = match fault {
            Fault::Refused(refusal) => refusal.is_no_call(),
            Fault::Credentials(_) | Fault::NotSent(_) | Fault::Silent(_) | Fault::Nonsense(_) => {
                false
            }
        };
        if let (true, Some(part)) = (no_call, part) {
            let text = format!("{}: this call does not exist here", fault.reason().text);
            self.live
                .notes
                .push(("call.absent", Some(address.clone()), text));
            self.live
                .unreadable_units
                .insert(Unit::new(address, Part::new(part)));
            return;
        }
        // Keys are asked for only to be sure that nothing is signed; not knowing must not hold back the rest.
        if let Job::Keys(..) = job {
            let text = format!(
                "whether keys of it stand at the registry cannot be read, and name servers change: {}",
                fault.reason().text
            );
            self.live
                .notes
                .push(("delegation.signed-unknown", Some(address), text));
            return;
        }
        self.live.failed.push((address, fault.reason()));
    }

    /// Brings all records into canonical form, once every zone's spelling is known.
    fn records(&mut self) {
        let tables = std::mem::take(&mut self.tables);
        for (name, table) in &tables {
            let apex = Apex::from_canonical(Arc::clone(name));
            let seen = spelling::Seen::zone(&apex, table);
            if let Some(handle) = self.zone_handle(name) {
                self.session
                    .login()
                    .memory(|memory| memory.note_zone(handle, seen));
            }
            let objects = self.wish.desired.objects();
            let known = |address: &Address, value: &str| {
                objects.get(address).is_some_and(|declared| {
                    declared.parts.iter().any(|wanted| &*wanted.part.0 == value)
                })
            };
            let read = convert::records(self.account, &apex, (&seen, table), &known);
            self.live.reads.records += read.values;
            self.live.objects.extend(read.objects);
            for (address, flaw) in read.flaws {
                let address = address.unwrap_or_else(|| self.address(Kind::Zone, name));
                self.live
                    .notes
                    .push(("record.unreadable", Some(address), flaw));
            }
        }
        self.tables = tables;
    }

    fn assemble(&mut self) {
        let scope = std::mem::take(&mut self.scope);
        for (name, facets) in &scope.domains {
            let Some(owned) = self.owned.get(name).cloned() else {
                continue;
            };
            self.part(Kind::Domain, name, ("order", Attrs::none()));
            self.settings(name, facets);
            let expires = owned.expires.0;
            let expires = expires.or(self.listed.get(name).and_then(|domain| domain.expires.0));
            let seen = Seen {
                handle: owned.handle.word().map(|handle| Handle(handle.into())),
                expires,
                ..self.seen(Kind::Domain, name)
            };
            self.live
                .objects
                .insert(self.address(Kind::Domain, name), seen);
            self.live.reads.domains += 1;
        }
        for name in scope.zones.keys() {
            let Some(zone) = self
                .zones
                .as_ref()
                .and_then(|zones| zones.get(name))
                .cloned()
            else {
                continue;
            };
            self.part(Kind::Zone, name, ("", Attrs::none()));
            if let Some(ttl) = zone.ttl.0 {
                self.part(
                    Kind::Zone,
                    name,
                    ("ttl", Attrs::one("ttl", Value::int(ttl))),
                );
            }
            let seen = Seen {
                handle: zone.handle.word().map(|handle| Handle(handle.into())),
                ..self.seen(Kind::Zone, name)
            };
            self.live
                .objects
                .insert(self.address(Kind::Zone, name), seen);
        }
        self.scope = scope;
        self.live.reads = Reads {
            requests: self.session.asked(),
            ..self.live.reads
        };
    }

    fn seen(&mut self, kind: Kind, name: &Arc<str>) -> Seen {
        let key = (kind, Arc::clone(name));
        let mut parts = self.parts.remove(&key).unwrap_or_default();
        parts.sort_by(|a, b| a.part.cmp(&b.part));
        let outputs = match (self.signed.contains(&key), self.unsigned.contains(&key)) {
            (true, _) => Attrs::one("signed", Value::bool(true)),
            (false, true) => Attrs::one("signed", Value::bool(false)),
            (false, false) => Attrs::none(),
        };
        Seen {
            parts: parts.into(),
            outputs,
            ..Seen::default()
        }
    }

    /// Settings count as unreadable as a whole where one that is declared cannot be read: otherwise it would differ
    /// from the file for ever.
    fn settings(&mut self, name: &Arc<str>, facets: &Facets) {
        let Some(domain) = self.listed.get(name) else {
            return;
        };
        let attrs = convert::settings(domain);
        let missing: Vec<&str> = facets
            .settings
            .iter()
            .map(|(name, _)| name)
            .filter(|name| attrs.get(name).is_none())
            .collect();
        if !missing.is_empty() {
            let address = self.address(Kind::Domain, name);
            let status = domain.status.word().unwrap_or("none");
            let text = format!(
                "{} of {name} cannot be told from what is answered (status {status:?}); it is left as it is where it was \
                 applied before",
                missing.join(", ")
            );
            self.live
                .notes
                .push(("setting.unreadable", Some(address.clone()), text));
            self.live
                .unreadable_units
                .insert(Unit::new(address, Part::new("settings")));
        }
        if !attrs.is_empty() {
            self.part(Kind::Domain, name, ("settings", attrs));
        }
    }

    /// Finds out what became of open writes; of records from what was just read.
    async fn settle(&mut self) {
        for (write, pending) in self.wish.open {
            let address = &write.unit.address;
            if address.account != *self.account {
                continue;
            }
            let table = self
                .tables
                .get(&address.domain)
                .filter(|_| address.kind == Kind::Record);
            let outcome = match (table, pending) {
                (Some(table), None) => look::in_table(write, table),
                (Some(_) | None, _) => look::look(&self.session, write).await,
            };
            self.live.looked.push((write.unit.clone(), outcome));
        }
    }
}

async fn when<T>(wanted: bool, reading: impl Future<Output = T>) -> Option<T> {
    if wanted { Some(reading.await) } else { None }
}

/// A 404 for a list means "none", but not where the ledger knows of some.
fn listed_or_refused<T>(
    list: Result<List<T>, Fault>,
    recorded: bool,
) -> Result<Vec<T>, ProviderError> {
    match list.map_err(Fault::for_account)? {
        List::Items(items) => Ok(items),
        List::Nothing if recorded => Err(ProviderError::Answer(Reason {
            status: Some(404),
            code: "404".into(),
            text: "the account is answered to hold nothing of this kind (404), and the ledger knows some: the right to see \
                   them may be missing, or `user` may name another customer"
                .into(),
        })),
        List::Nothing => Ok(Vec::new()),
    }
}

/// The domains held, by name. A name that is listed twice is the one that is registered, else the one that ends last.
pub(super) fn held(list: Vec<OwnedProduct>) -> BTreeMap<Arc<str>, OwnedProduct> {
    let mut held: BTreeMap<Arc<str>, OwnedProduct> = BTreeMap::new();
    for product in list {
        let is_domain = product
            .class
            .word()
            .is_none_or(|class| class.eq_ignore_ascii_case("domain"));
        let Some(name) = convert::domain_name(&product.name).filter(|_| is_domain) else {
            continue;
        };
        let rank = |product: &OwnedProduct| {
            let handle = product.handle.word().map(str::to_owned);
            (product.status.0 == Some(1), product.expires.0, handle)
        };
        match held.get(&name) {
            Some(other) if rank(other) >= rank(&product) => {}
            Some(_) | None => {
                held.insert(name, product);
            }
        }
    }
    held
}

/// Zones by name; of two with one name the one with the smaller handle.
pub(super) fn by_name(list: Vec<Zone>) -> BTreeMap<Arc<str>, Zone> {
    let mut zones: BTreeMap<Arc<str>, Zone> = BTreeMap::new();
    for zone in list {
        let Some(name) = convert::domain_name(&zone.name) else {
            continue;
        };
        match zones.get(&name) {
            Some(other) if other.handle.word() <= zone.handle.word() => {}
            Some(_) | None => {
                zones.insert(name, zone);
            }
        }
    }
    zones
}
