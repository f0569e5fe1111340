//! What hangs below a domain beside its zone: redirections, mailboxes with their answers, FTP users. Asks nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::dns::{Apex, Host};
use crate::model::{Address, Attrs, Handle, Kind, Part, Reason, Seen, SeenPart, Unit, Value};

use super::super::api::hosting::FtpUser;
use super::super::api::lenient::Text;
use super::super::api::mail::{AutoResponder, MailBox, MailService};
use super::super::api::redirection::{RedirectService, Redirection};
use super::super::convert::{self, hosting, mail, redirect};
use super::super::errors::Fault;
use super::super::memory::Mailbox;
use super::super::session::List;
use super::Reading;
use super::jobs::Job;

/// The types of the records that Namebay adds for a redirection.
const ADDED: [&str; 3] = ["A", "AAAA", "CNAME"];

/// What was listed of mail, of the whole account.
#[derive(Debug, Default)]
pub(super) struct Mail {
    services: BTreeMap<Arc<str>, MailService>,
    boxes: BTreeMap<Arc<str>, Vec<(Address, MailBox)>>,
    handles: BTreeMap<Address, Box<str>>,
}

impl Mail {
    /// The handle of a mailbox that is there once.
    pub(super) fn handle(&self, mailbox: &Address) -> Option<&str> {
        self.handles.get(mailbox).map(|handle| &**handle)
    }
}

impl Reading<'_> {
    fn member(&self, kind: Kind, domain: &Arc<str>, name: Arc<str>) -> Address {
        Address {
            name,
            ..self.address(kind, domain)
        }
    }

    /// The attributes that the file gives an object.
    fn wanted(&self, address: &Address) -> Option<&Attrs> {
        let declared = self.wish.desired.objects().get(address)?;
        let whole = declared.parts.iter().find(|part| part.part.is_object())?;
        Some(&whole.attrs)
    }

    /// Takes in what mail the account has: services and mailboxes by domain.
    pub(super) fn take_mail(&mut self, services: Vec<MailService>, boxes: Vec<MailBox>) {
        let mut read = Mail::default();
        for service in services {
            let Some(name) = convert::domain_name(&service.name) else {
                continue;
            };
            let rank = |service: &MailService| {
                let handle = service.handle.word().map(str::to_owned);
                (handle.is_some(), service.expires.0, handle)
            };
            match read.services.get(&name) {
                Some(other) if rank(other) >= rank(&service) => {}
                Some(_) | None => {
                    read.services.insert(name, service);
                }
            }
        }
        for mailbox in boxes {
            let Some((domain, local)) = mail::place(&mailbox.address) else {
                continue;
            };
            if !self.scope.mail.contains_key(&domain) {
                continue;
            }
            let address = self.member(Kind::Mailbox, &domain, local);
            if let Some(handle) = mailbox.handle.word() {
                let seen = Mailbox {
                    alias: mail::is_alias(&mailbox),
                    pending: mail::is_pending(&mailbox.state),
                };
                self.session
                    .login()
                    .memory(|memory| memory.note_mailbox(handle, seen));
                read.handles.insert(address.clone(), handle.into());
            }
            read.boxes
                .entry(domain)
                .or_default()
                .push((address, mailbox));
        }
        self.mail = read;
    }

    /// Puts mail services and mailboxes among what was found.
    pub(super) fn assemble_mail(&mut self) {
        let read = std::mem::take(&mut self.mail);
        let domains: Vec<Arc<str>> = self.scope.mail.keys().cloned().collect();
        for domain in domains {
            if let Some(service) = read.services.get(&domain) {
                let capacity = service.max_mail.0.map(|max| ("mailboxes", Value::int(max)));
                let seen = Seen {
                    expires: service.expires.0,
                    ..service_seen(&service.handle, capacity)
                };
                self.found.push((self.address(Kind::Mail, &domain), seen));
            }
        }
        let mut found = Vec::new();
        for (address, mailbox) in read.boxes.into_values().flatten() {
            if mail::is_pending(&mailbox.state) {
                let text = format!(
                    "Namebay still works on {address}; nothing is changed in it until that is done. Plan again later"
                );
                let note = ("mailbox.pending", Some(address.clone()), text);
                self.live.notes.push(note);
            }
            let attrs = mail::mailbox(&mailbox);
            let attrs = match self.wanted(&address) {
                Some(wanted) => mail::respelled(&attrs, wanted),
                None => attrs,
            };
            found.push((address, whole(&mailbox.handle, attrs)));
        }
        self.take_once(found, "mailbox.twice", "two mailboxes have this address");
    }

    /// Takes in a zone's redirections.
    pub(super) fn take_redirections(&mut self, domain: &Arc<str>, list: List<Redirection>) {
        let known = self.scope.redirects.get(domain);
        if matches!(list, List::Nothing) && known.is_some_and(|family| family.recorded) {
            let reason = hidden(&format!("{domain} is answered to have no redirections"));
            return self.fail_members(domain, Kind::RedirectService, &reason);
        }
        let mut found = Vec::new();
        for read in list.items() {
            match redirect::origin(domain, read.origin.raw()) {
                Some(origin) => {
                    let address = self.member(Kind::Redirect, domain, origin);
                    let attrs = redirect::redirection(&read);
                    found.push((address, whole(&read.handle, attrs)));
                }
                None => {
                    let text = format!(
                        "a redirection of {:?} cannot be named here and is left alone",
                        read.origin.raw()
                    );
                    let place = self.address(Kind::RedirectService, domain);
                    self.live
                        .notes
                        .push(("redirect.unreadable", Some(place), text));
                }
            }
        }
        self.take_once(found, "redirect.twice", "two redirections have this origin");
    }

    /// Redirections of ours that no list shows, each to be asked for by its handle: a list may leave out those that are
    /// switched off, and there may be none.
    pub(super) fn about_hidden(&self) -> Vec<Job> {
        let failed = self.live.failed.iter().map(|(address, _)| address);
        let found = self.found.iter().map(|(address, _)| address);
        let known_of: BTreeSet<&Address> = failed.chain(found).collect();
        let mut jobs = Vec::new();
        for (address, handle) in self.wish.recorded {
            let known = self.scope.redirects.get(&address.domain);
            let known = known.is_some_and(|family| family.members.contains(address));
            if !known || known_of.contains(address) {
                continue;
            }
            if let (Some(handle), Some(zone)) = (handle, self.redirecting_handle(&address.domain)) {
                let name = Arc::clone(&address.domain);
                jobs.push(Job::Redirection(name, zone.into(), handle.0.clone()));
            }
        }
        jobs
    }

    /// Takes in one that its list lacks.
    pub(super) fn take_hidden(&mut self, domain: &Arc<str>, read: Option<Redirection>) {
        let Some(read) = read else { return };
        if let Some(origin) = redirect::origin(domain, read.origin.raw()) {
            let address = self.member(Kind::Redirect, domain, origin);
            let seen = whole(&read.handle, redirect::redirection(&read));
            let unit = Unit::new(address.clone(), Part::object());
            self.live.unreadable_units.remove(&unit);
            self.found.push((address, seen));
        }
    }

    /// Takes in a zone's capacity for redirections.
    pub(super) fn take_redirect_services(&mut self, domain: &Arc<str>, list: &[RedirectService]) {
        if let Some((service, units)) = redirect::redirect_service(list) {
            let capacity = units.map(|units| ("capacity", Value::int(units)));
            let seen = Seen {
                expires: service.expires.0,
                ..service_seen(&service.handle, capacity)
            };
            let address = self.address(Kind::RedirectService, domain);
            self.found.push((address, seen));
        }
    }

    /// Takes in the automatic answer of a mailbox. Namebay may show a blank one where none was set.
    pub(super) fn take_answer(&mut self, address: &Address, list: List<AutoResponder>) {
        let Some(read) = list.items().into_iter().next() else {
            return;
        };
        let attrs = mail::autoresponder(&read);
        let wanted = self.wanted(address);
        let attrs = wanted.map_or(attrs.clone(), |wanted| mail::respelled(&attrs, wanted));
        let wants_blank = wanted.is_some_and(|wanted| {
            let shown = |(name, value)| attrs.get(name) == Some(value);
            !wanted.is_empty() && wanted.iter().all(shown)
        });
        if !mail::is_blank(&read) || wants_blank {
            self.found
                .push((address.clone(), whole(&Text::default(), attrs)));
        }
    }

    /// Takes in the FTP users of a hosting.
    pub(super) fn take_users(&mut self, domain: &Arc<str>, list: List<FtpUser>) {
        let known = self.scope.hostings.get(domain);
        if matches!(list, List::Nothing) && known.is_some_and(|family| family.recorded) {
            let text = format!("the hosting of {domain} is answered to have no FTP users");
            return self.fail_members(domain, Kind::Hosting, &hidden(&text));
        }
        let hosting_handle = self.hosting_handle(domain).unwrap_or_default().to_owned();
        let users = list.items();
        let admin = users
            .iter()
            .find(|user| hosting::is_admin(&hosting_handle, user));
        let top = admin.and_then(|admin| admin.dir.word());
        if let Some(admin) = admin {
            let dir = top.map(|dir| ("dir", Value::text(&hosting::dir(dir))));
            let outputs = Attrs::new(dir.into_iter().collect()).overlaid(&hosting::outputs(admin));
            self.admins.insert(Arc::clone(domain), outputs);
        }
        let mut found = Vec::new();
        let labels: BTreeSet<&str> = users
            .iter()
            .filter_map(|user| user.full_name.word())
            .collect();
        for user in &users {
            let Some(label) = hosting::label(&hosting_handle, user) else {
                continue;
            };
            // One that we made is ours by its id, though its label is not shown, or was changed by somebody.
            let label = match self.recorded_user(domain, user) {
                Some(ours) if !labels.contains(&*ours) && &*label != hosting::ADMIN => ours,
                Some(_) | None => label,
            };
            let own = &*label == hosting::ADMIN;
            let address = self.member(Kind::FtpUser, domain, label);
            let attrs = match own {
                true => Attrs::none(),
                false => hosting::user(user, self.wanted(&address), top),
            };
            let seen = Seen {
                outputs: hosting::outputs(user),
                ..whole(&user.id, attrs)
            };
            found.push((address, seen));
        }
        self.take_once(
            found,
            "ftp_user.twice",
            "two FTP users have this full name, so that neither can be told from the other",
        );
    }

    /// The label under which the ledger has a user's id.
    fn recorded_user(&self, domain: &Arc<str>, user: &FtpUser) -> Option<Arc<str>> {
        let id = user.id.word()?;
        let mut recorded = self.wish.recorded.iter();
        let (address, _) = recorded.find(|(address, handle)| {
            address.kind == Kind::FtpUser
                && address.domain == *domain
                && address.account == *self.account
                && handle.as_ref().is_some_and(|handle| *handle.0 == *id)
        })?;
        Some(Arc::clone(&address.name))
    }

    /// Puts hostings among what was found.
    pub(super) fn assemble_hostings(&mut self) {
        let domains: Vec<Arc<str>> = self.scope.hostings.keys().cloned().collect();
        for domain in domains {
            let Some(owned) = self.hostings.get(&domain) else {
                continue;
            };
            let seen = Seen {
                expires: owned.expires.0,
                outputs: self.admins.remove(&domain).unwrap_or_default(),
                ..service_seen(&owned.handle, None)
            };
            self.found
                .push((self.address(Kind::Hosting, &domain), seen));
        }
    }

    /// Marks the records that Namebay adds for a redirection as that one's.
    pub(super) fn mark_owned(&mut self) {
        let live = self.found.iter().map(|(address, _)| address);
        let declared = self.wish.desired.objects().keys();
        let origins: Vec<Address> = live
            .chain(declared)
            .filter(|address| address.kind == Kind::Redirect)
            .cloned()
            .collect();
        for origin in origins {
            let apex = Apex::from_canonical(Arc::clone(&origin.domain));
            let Some(host) = Host::strip(&apex, &origin.name) else {
                continue;
            };
            for rtype in ADDED {
                let record = Address::record(self.account, &origin.domain, host.as_str(), rtype);
                if let Some(seen) = self.live.objects.get_mut(&record) {
                    for part in &mut seen.parts {
                        part.owner = Some(Box::new(origin.clone()));
                    }
                }
            }
        }
    }

    /// Takes in objects of which each is there once; of what is there twice nobody can say which is meant.
    fn take_once(&mut self, found: Vec<(Address, Seen)>, code: &'static str, what: &str) {
        let mut count: BTreeMap<Address, usize> = BTreeMap::new();
        for (address, _) in &found {
            *count.entry(address.clone()).or_default() += 1;
        }
        for (address, seen) in found {
            if count.get(&address) == Some(&1) {
                self.found.push((address, seen));
            }
        }
        for (address, _) in count.into_iter().filter(|(_, times)| *times > 1) {
            let text = format!(
                "{what}: nothing is changed in either. Rename or delete one of them in Namebay's panel"
            );
            self.live
                .notes
                .push((code, Some(address.clone()), text.clone()));
            self.live.failed.push((address, Reason::ours(code, text)));
        }
    }

    /// The members of a family, and what they hang below, could not be read.
    pub(super) fn fail_members(&mut self, domain: &Arc<str>, top: Kind, reason: &Reason) {
        let top = self.address(top, domain);
        // A redirection hangs below its domain, which is not what failed.
        let members = self.members(&top);
        let with_top = top.kind != Kind::RedirectService || members.is_empty();
        let all = members.into_iter().chain(with_top.then_some(top));
        let failed: Vec<_> = all.map(|address| (address, reason.clone())).collect();
        self.live.failed.extend(failed);
    }

    /// What is known to be below a service or hosting.
    fn members(&self, top: &Address) -> Vec<Address> {
        let families = match top.kind {
            Kind::RedirectService => &self.scope.redirects,
            Kind::Mail => &self.scope.mail,
            Kind::Hosting => &self.scope.hostings,
            Kind::Contact
            | Kind::Domain
            | Kind::Zone
            | Kind::Record
            | Kind::Redirect
            | Kind::Mailbox
            | Kind::Autoresponder
            | Kind::FtpUser
            | Kind::Database
            | Kind::Site
            | Kind::Wordpress
            | Kind::Certificate
            | Kind::NsKey => return Vec::new(),
        };
        let family = families.get(&top.domain);
        family.map_or(Vec::new(), |family| {
            family.members.iter().cloned().collect()
        })
    }

    /// A list of members could not be read, or there is no call that lists them.
    pub(super) fn fail_list(&mut self, domain: &Arc<str>, top: Kind, fault: &Fault) {
        if !is_no_call(fault) {
            return self.fail_members(domain, top, &fault.reason());
        }
        let top = self.address(top, domain);
        let units = self
            .members(&top)
            .into_iter()
            .map(|address| Unit::new(address, Part::object()));
        self.live.unreadable_units.extend(units);
        self.absent(top, fault);
    }

    /// Tells that a call does not exist.
    pub(super) fn absent(&mut self, address: Address, fault: &Fault) {
        let text = format!("{}: this call does not exist here", fault.reason().text);
        self.live.notes.push(("call.absent", Some(address), text));
    }
}

/// True if there is no such call.
pub(super) fn is_no_call(fault: &Fault) -> bool {
    match fault {
        Fault::Refused(refusal) => refusal.is_no_call(),
        Fault::Credentials(_) | Fault::NotSent(_) | Fault::Silent(_) | Fault::Nonsense(_) => false,
    }
}

/// An empty list where the ledger knows of something.
pub(super) fn hidden(what: &str) -> Reason {
    let text =
        format!("{what} (404), and the ledger knows some: the right to see them may be missing");
    Reason {
        status: Some(404),
        code: "404".into(),
        text: text.into(),
    }
}

fn whole(handle: &Text, attrs: Attrs) -> Seen {
    let part = SeenPart {
        part: Part::object(),
        handle: None,
        attrs,
        owner: None,
    };
    Seen {
        handle: handle.word().map(|handle| Handle(handle.into())),
        parts: Box::new([part]),
        ..Seen::default()
    }
}

/// A service or hosting: that it is there, and what it allows.
fn service_seen(handle: &Text, capacity: Option<(&'static str, Value)>) -> Seen {
    let part = |part: &str, attrs: Attrs| SeenPart {
        part: Part::new(part),
        handle: None,
        attrs,
        owner: None,
    };
    let capacity = capacity.map(|(name, value)| part("capacity", Attrs::one(name, value)));
    let parts = capacity.into_iter().chain([part("order", Attrs::none())]);
    Seen {
        handle: handle.word().map(|handle| Handle(handle.into())),
        parts: parts.collect(),
        ..Seen::default()
    }
}
