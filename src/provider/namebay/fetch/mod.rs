//! Reads what is live in one account, with as few requests as what is declared and recorded needs.
//!
//! Three waves, each in parallel: the lists of the account; what hangs below single objects; whether a zone is signed
//! whose domain is about to change its name servers, and which redirections a zone has that is about to lose addresses. What is read does not depend on the order of answers.
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

mod assemble;
mod families;
mod jobs;
mod lists;
mod recall;
mod scope;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Account, Address, Attrs, Kind, Live, Part, Seen, SeenPart, Time, Wish};
use crate::provider::ProviderError;

use super::api::account::OwnedProduct;
use super::api::domain::Domain;
use super::api::mail::{MailBox, MailService};
use super::api::zone::Zone;
use super::errors::Fault;
use super::marks::Mark;
use super::session::{List, Session};
use super::{convert, look};
use assemble::Table;
use families::{Mail, hidden};
use jobs::{Brought, Job, run};
pub(super) use lists::{by_name, held};
use lists::{listed_or_refused, when};
use scope::Scope;

/// Everything read so far, being put together.
struct Reading<'a> {
    account: &'a Account,
    wish: &'a Wish<'a>,
    session: Session,
    scope: Scope,
    owned: BTreeMap<Arc<str>, OwnedProduct>,
    hostings: BTreeMap<Arc<str>, OwnedProduct>,
    mail: Mail,
    listed: BTreeMap<Arc<str>, Domain>,
    zones: Option<BTreeMap<Arc<str>, Zone>>,
    parts: BTreeMap<(Kind, Arc<str>), Vec<SeenPart>>,
    signed: BTreeSet<(Kind, Arc<str>)>,
    unsigned: BTreeSet<(Kind, Arc<str>)>,
    /// Zones whose records were read.
    tables: BTreeMap<Arc<str>, Table>,
    /// What is remembered of zones whose marker is believed.
    marks: BTreeMap<Arc<str>, Mark>,
    /// When the zones were listed, in the provider's time.
    listed_at: Option<Time>,
    /// What was named of the hostings' own users.
    admins: BTreeMap<Arc<str>, Attrs>,
    /// Whole objects beside domains, zones and records.
    found: Vec<(Address, Seen)>,
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
        hostings: BTreeMap::new(),
        mail: Mail::default(),
        listed: BTreeMap::new(),
        zones: None,
        parts: BTreeMap::new(),
        signed: BTreeSet::new(),
        unsigned: BTreeSet::new(),
        tables: BTreeMap::new(),
        marks: BTreeMap::new(),
        listed_at: None,
        admins: BTreeMap::new(),
        found: Vec::new(),
        live: Live::default(),
    };
    reading.lists().await?;
    reading.recall();
    let jobs = reading.below();
    let brought = run(&reading.session, jobs, |job, got| {
        reading.condense(job, got)
    });
    let brought = brought.await?;
    reading.take(brought);
    let mut questions = reading.about_signing().await?;
    questions.extend(reading.about_redirections());
    let brought = run(&reading.session, questions, |_, got| got).await?;
    reading.take(brought);
    reading.records();
    reading.assemble();
    reading.settle().await;
    reading.remember();
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
        let class = match (
            self.scope.domains.is_empty(),
            self.scope.hostings.is_empty(),
        ) {
            (false, true) => Some("domain"),
            (true, false) => Some("hosting"),
            (false, false) | (true, true) => None,
        };
        let wants_owned = !self.scope.domains.is_empty() || !self.scope.hostings.is_empty();
        let wants_zones = !self.scope.zones.is_empty() || !self.scope.redirects.is_empty();
        let wants_mail = !self.scope.mail.is_empty();
        let (owned, listed, zones, services, boxes) = tokio::join!(
            when(
                wants_owned,
                session.list::<OwnedProduct>(|calls| calls.owned(class))
            ),
            when(
                wants_settings,
                session.list::<Domain>(|calls| calls.domains())
            ),
            when(wants_zones, session.dated_list(|calls| calls.zones())),
            when(
                wants_mail,
                session.list::<MailService>(|calls| calls.mail_services())
            ),
            when(
                wants_mail,
                session.list::<MailBox>(|calls| calls.mailboxes())
            ),
        );
        if let Some(owned) = owned {
            let known = self.scope.domains_recorded
                || self.scope.hostings.values().any(|family| family.recorded);
            let owned = listed_or_refused(owned, known)?;
            self.owned = held(&owned, "domain");
            self.hostings = held(&owned, "hosting");
        }
        if let (Some(services), Some(boxes)) = (services, boxes) {
            self.mail(services, boxes)?;
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
            let zones = zones.map(|(zones, date)| {
                self.listed_at = date;
                zones
            });
            let zones = listed_or_refused(zones, self.scope.zones_recorded)?;
            self.zones = Some(by_name(zones));
        }
        Ok(())
    }

    /// Takes in the lists of mail. A refusal costs mail alone.
    fn mail(
        &mut self,
        services: Result<List<MailService>, Fault>,
        boxes: Result<List<MailBox>, Fault>,
    ) -> Result<(), ProviderError> {
        let (services, boxes) = match (services, boxes) {
            (Ok(services), Ok(boxes)) => (services, boxes),
            (Err(fault @ Fault::Refused(_)), _) | (_, Err(fault @ Fault::Refused(_))) => {
                let reason = fault.reason();
                let domains: Vec<Arc<str>> = self.scope.mail.keys().cloned().collect();
                for domain in domains {
                    self.fail_members(&domain, Kind::Mail, &reason);
                }
                return Ok(());
            }
            (Err(fault), _) | (_, Err(fault)) => return Err(fault.for_account()),
        };
        let unseen = matches!(boxes, List::Nothing);
        self.take_mail(services.items(), boxes.items());
        let missing: Vec<Arc<str>> = self
            .scope
            .mail
            .iter()
            .filter(|(_, family)| unseen && family.recorded)
            .map(|(domain, _)| Arc::clone(domain))
            .collect();
        for domain in missing {
            let reason = hidden("the account is answered to have no mailboxes");
            self.fail_members(&domain, Kind::Mail, &reason);
        }
        Ok(())
    }

    fn hosting_handle(&self, name: &Arc<str>) -> Option<&str> {
        self.hostings.get(name)?.handle.word()
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
            if *declared && !self.tables.contains_key(name) {
                jobs.push(Job::Records(Arc::clone(name), handle.into()));
            }
            if *dnssec {
                jobs.push(Job::DnsSec(Arc::clone(name), handle.into()));
            }
        }
        for name in self.scope.redirects.keys() {
            // A domain of Namebay's has the handle that its zone has.
            let owned = || self.owned.get(name).and_then(|owned| owned.handle.word());
            let Some(handle) = self.zone_handle(name).or_else(owned) else {
                continue;
            };
            self.session
                .login()
                .memory(|memory| memory.note_handle(name, handle));
            jobs.push(Job::Redirections(Arc::clone(name), handle.into()));
            jobs.push(Job::RedirectServices(Arc::clone(name), handle.into()));
        }
        for address in &self.scope.answers {
            let mailbox = address.parent();
            if let Some(handle) = mailbox.and_then(|mailbox| self.mail.handle(&mailbox)) {
                let (domain, local) = (Arc::clone(&address.domain), Arc::clone(&address.name));
                jobs.push(Job::Answer(domain, handle.into(), local));
            }
        }
        for name in self.scope.hostings.keys() {
            if let Some(handle) = self.hosting_handle(name) {
                jobs.push(Job::Users(Arc::clone(name), handle.into()));
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
                (Some(table), None) => look::in_table(write, &table.lines),
                (Some(_) | None, _) => look::look(&self.session, write, pending.as_ref()).await,
            };
            self.live.looked.push((write.unit.clone(), outcome));
        }
    }
}
