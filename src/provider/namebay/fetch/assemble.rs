//! Puts what was read together, as the model has it. Asks nothing.

use std::sync::Arc;

use crate::model::dns::Apex;
use crate::model::{
    Address, Attrs, Handle, Kind, Part, Reason, Seen, SeenPart, Unit, Value, Write,
};

use super::super::api::zone::Record;
use super::super::errors::Fault;
use super::super::session::List;
use super::super::{convert, spelling};
use super::Reading;
use super::families::is_no_call;
use super::jobs::{Got, Job};
use super::scope::Facets;

/// The records of a zone, read.
#[derive(Debug)]
pub(super) struct Table {
    /// How they are spelled.
    seen: spelling::Seen,
    /// In canonical form.
    read: convert::Records,
    /// As they came, where there are open writes to look up among them.
    pub(super) lines: Vec<Record>,
    /// As they came, where they may stand for later ones.
    pub(super) kept: Option<Vec<Record>>,
}

impl Reading<'_> {
    /// Brings records into canonical form, which takes less room than what was answered.
    pub(super) fn condense(&self, job: &Job, got: Got) -> Got {
        match got {
            Got::Records(List::Items(lines)) => Got::Zone(self.table(job.name(), lines)),
            Got::Settings(_)
            | Got::Contacts(_)
            | Got::Servers(_)
            | Got::Records(List::Nothing)
            | Got::Zone(_)
            | Got::DnsSec(_)
            | Got::Keys(_)
            | Got::Redirections(_)
            | Got::Redirection(_)
            | Got::RedirectServices(_)
            | Got::Answer(_)
            | Got::Users(_) => got,
        }
    }

    pub(super) fn table(&self, name: &Arc<str>, lines: Vec<Record>) -> Table {
        let apex = Apex::from_canonical(Arc::clone(name));
        let seen = spelling::Seen::of(&apex, &lines);
        let declared = self.wish.desired.objects();
        let read = convert::records(self.account, &apex, (&seen, &lines), declared);
        let is_open = |(write, _): &(Write, _)| write.unit.address.domain == *name;
        let kept = self.is_worth_keeping(name).then(|| lines.clone());
        let lines = match self.wish.open.iter().any(is_open) {
            true => lines,
            false => Vec::new(),
        };
        Table {
            seen,
            read,
            lines,
            kept,
        }
    }

    /// Takes in what a read brought.
    pub(super) fn place(&mut self, job: &Job, got: Got) {
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
                let table = self.table(name, records.items());
                self.tables.insert(Arc::clone(name), table);
            }
            Got::Zone(table) => {
                self.tables.insert(Arc::clone(name), table);
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
            Got::Redirections(list) => self.take_redirections(name, list),
            Got::Redirection(read) => {
                let read = read.filter(|read| read.handle.word().is_some());
                self.take_hidden(name, read);
            }
            Got::RedirectServices(list) => self.take_redirect_services(name, &list.items()),
            Got::Answer(list) => self.take_answer(&self.subject(job), list),
            Got::Users(list) => self.take_users(name, list),
        }
    }

    /// The object that fails with a read.
    fn subject(&self, job: &Job) -> Address {
        let (kind, _) = job.object();
        let mut address = self.address(kind, job.name());
        if let Job::Answer(_, _, local) = job {
            address.name = Arc::clone(local);
        }
        address
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

    /// Takes in that a read failed: it costs a part, a note or the object.
    pub(super) fn fail(&mut self, job: &Job, fault: &Fault) {
        match job {
            Job::Redirections(name, _) => {
                return self.fail_list(name, Kind::RedirectService, fault);
            }
            Job::Users(name, _) => return self.fail_list(name, Kind::Hosting, fault),
            // A documented call: a 404 in any form says that there is none.
            Job::Answer(..) if matches!(fault, Fault::Refused(refusal) if refusal.code() == 404) => {
                return;
            }
            Job::Redirection(name, ..) => {
                // What neither the list nor its own address shows is not there.
                let gone = matches!(fault, Fault::Refused(refusal) if refusal.code() == 404);
                if !gone {
                    self.fail_members(name, Kind::RedirectService, &fault.reason());
                }
                return;
            }
            Job::Settings(..)
            | Job::Contacts(..)
            | Job::Servers(..)
            | Job::Records(..)
            | Job::DnsSec(..)
            | Job::Keys(..)
            | Job::RedirectServices(..)
            | Job::Answer(..) => {}
        }
        let address = self.subject(job);
        let (_, part) = job.object();
        if let (true, Some(part)) = (is_no_call(fault), part) {
            self.absent(address.clone(), fault);
            if let Job::RedirectServices(..) = job {
                let capacity = Unit::new(address.clone(), Part::new("capacity"));
                self.live.unreadable_units.insert(capacity);
            }
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

    /// Takes in the records of all zones, and how each is spelled.
    pub(super) fn records(&mut self) {
        let mut tables = std::mem::take(&mut self.tables);
        let count = tables.values().map(|table| table.read.objects.len()).sum();
        let mut objects = Vec::with_capacity(count);
        for (name, table) in &mut tables {
            if let Some(handle) = self.zone_handle(name) {
                self.session
                    .login()
                    .memory(|memory| memory.note_zone(handle, table.seen));
            }
            let read = std::mem::take(&mut table.read);
            self.live.reads.records += read.values;
            objects.extend(read.objects);
            for (address, flaw) in read.flaws {
                let address = address.unwrap_or_else(|| self.address(Kind::Zone, name));
                self.live
                    .notes
                    .push(("record.unreadable", Some(address), flaw));
            }
        }
        self.tables = tables;
        // Made at once: zones, and the records of each, come in the order of the map.
        self.live.objects = objects.into_iter().collect();
    }

    /// Puts everything together from its parts.
    pub(super) fn assemble(&mut self) {
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
            let mut seen = self.seen(Kind::Zone, name);
            seen.handle = zone.handle.word().map(|handle| Handle(handle.into()));
            seen.outputs = convert::soa(&zone).overlaid(&seen.outputs);
            self.live
                .objects
                .insert(self.address(Kind::Zone, name), seen);
        }
        self.scope = scope;
        self.assemble_mail();
        self.assemble_hostings();
        self.mark_owned();
        let found = std::mem::take(&mut self.found);
        self.live.objects.extend(found);
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
}
