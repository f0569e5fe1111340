//! Builds redirections, mail and hosting into what a sandbox knows at its start.

use super::dialect::RedirectRecords;
use super::redirection;
use super::seed::Seed;
use super::state::{
    Change, Domain, FtpUser, Hosting, MailKind, MailService, Mailbox, Pending, RedirectService,
    Redirection, Served,
};
use std::collections::BTreeMap;

impl Seed {
    fn serve(mut self, change: Served) -> Self {
        self.state.apply(Change::Served(Box::new(change)));
        self
    }

    /// Gives a domain with its zone, added where they are missing.
    fn zoned(mut self, name: &str) -> (Self, Option<Domain>) {
        if self.state.zone(name).is_none() {
            self = self.zone(name);
        }
        let domain = self.state.domain(&name.to_ascii_lowercase()).cloned();
        (self, domain)
    }

    /// Lets a domain have so many redirections; domain and zone are added where they are missing.
    pub fn redirect_service(self, name: &str, units: u32) -> Self {
        let (seed, domain) = self.zoned(name);
        let Some(domain) = domain else { return seed };
        let number = seed.state.next_number();
        let service = RedirectService {
            handle: format!("RS{:06}", 100_000 + number),
            number,
            domain: domain.name,
            holder: domain.holder,
            units,
            created: seed.midnight(-200),
            expires: seed.midnight(165),
            auto_renew: true,
        };
        seed.serve(Served::RedirectService(service))
    }

    /// Adds an active redirection of kind 4 from a complete host name to a URL, with the record that the provider adds.
    ///
    /// A service is added where the domain has none.
    pub fn redirection(self, zone: &str, origin: &str, destination: &str) -> Self {
        let (mut seed, _) = self.zoned(zone);
        if seed.state.redirect_service(zone).is_none() {
            seed = seed.redirect_service(zone, 10);
        }
        let Some(zone) = seed.state.zone(zone).map(|view| view.zone.clone()) else {
            return seed;
        };
        let number = seed.state.next_number();
        let mut redirection = Redirection {
            handle: format!("RD{:06}", 100_000 + number),
            number,
            zone: zone.handle.clone(),
            origin: origin.to_ascii_lowercase(),
            sent_origin: None,
            destination: destination.to_owned(),
            kind: 4,
            active: true,
            relative: false,
            title: None,
            keywords: None,
            description: None,
            created: seed.midnight(-150),
            record: None,
        };
        let records = seed.state.records(&zone.handle);
        let record = redirection::record(&zone, &redirection, RedirectRecords::Address)
            .filter(|record| records.at(&record.host).next().is_none());
        if let Some(mut record) = record {
            record.id = number + 1;
            redirection.record = Some(record.id);
            let zone = zone.handle;
            seed.state.apply(Change::Record { zone, record });
        }
        seed.serve(Served::Redirection(redirection))
    }

    /// Changes a redirection that is there; nothing happens where it is not.
    pub fn adjust_redirection(self, origin: &str, change: impl FnOnce(&mut Redirection)) -> Self {
        let mut all = self.state.services.redirections.values();
        let found = all.find(|redirection| redirection.origin == origin);
        let Some(mut redirection) = found.cloned() else {
            return self;
        };
        change(&mut redirection);
        self.serve(Served::Redirection(redirection))
    }

    /// Lets a domain have so many mailboxes; domain and zone are added where they are missing.
    pub fn mail_service(self, name: &str, capacity: u32) -> Self {
        let (seed, domain) = self.zoned(name);
        let Some(domain) = domain else { return seed };
        let number = seed.state.next_number();
        let service = MailService {
            handle: format!("MA{:06}", 100_000 + number),
            number,
            domain: domain.name,
            domain_handle: domain.handle,
            holder: domain.holder,
            capacity,
            created: seed.midnight(-200),
            expires: seed.midnight(165),
            auto_renew: true,
        };
        seed.serve(Served::MailService(service))
    }

    /// Adds a mailbox whose user is named like the part before the `@`; a service for ten is added where there is none.
    pub fn mailbox(self, address: &str) -> Self {
        let address = address.to_ascii_lowercase();
        let Some((local, domain)) = address.rsplit_once('@') else {
            return self;
        };
        let mut seed = self;
        if seed.state.mail_service(domain).is_none() {
            seed = seed.mail_service(domain, 10);
        }
        let Some(service) = seed.state.mail_service(domain) else {
            return seed;
        };
        let number = seed.state.next_number();
        let mailbox = Mailbox {
            handle: format!("MB{:06}", 100_000 + number),
            number,
            service: service.handle.clone(),
            user_name: Some(local.to_owned()),
            address,
            sent_address: None,
            kind: MailKind::Box,
            password: Some(format!("mail-{number}")),
            description: None,
            catch_all: false,
            forwards: false,
            forward: Vec::new(),
            alias: Vec::new(),
            pending: Pending::Not,
            responder: None,
        };
        seed.serve(Served::Mailbox(mailbox))
    }

    /// Adds an address that only forwards.
    pub fn mail_alias(self, address: &str, targets: &[&str]) -> Self {
        self.mailbox(address).adjust_mailbox(address, |mailbox| {
            mailbox.kind = MailKind::Alias;
            (mailbox.user_name, mailbox.password) = (None, None);
            mailbox.forward = targets.iter().map(|target| (*target).to_owned()).collect();
        })
    }

    /// Changes a mailbox that is there; nothing happens where it is not.
    pub fn adjust_mailbox(self, address: &str, change: impl FnOnce(&mut Mailbox)) -> Self {
        let Some(mut mailbox) = self.state.mailbox(&address.to_ascii_lowercase()).cloned() else {
            return self;
        };
        change(&mut mailbox);
        self.serve(Served::Mailbox(mailbox))
    }

    /// Removes a mailbox.
    pub fn without_mailbox(self, address: &str) -> Self {
        let found = self.state.mailbox(&address.to_ascii_lowercase());
        match found.map(|mailbox| mailbox.handle.clone()) {
            Some(handle) => self.serve(Served::MailboxGone(handle)),
            None => self,
        }
    }

    /// Adds a Linux hosting with its own user; domain and zone are added where they are missing.
    pub fn hosting(self, name: &str) -> Self {
        let (seed, domain) = self.zoned(name);
        let Some(domain) = domain else { return seed };
        let number = seed.state.next_number();
        let handle = format!("HO{:06}", 100_000 + number);
        let root = format!("/var/www/sites/{}", handle.to_ascii_lowercase());
        let own = FtpUser {
            id: number + 1,
            user_name: handle.clone(),
            password: None,
            full_name: None,
            description: None,
            dir: root.clone(),
            created: seed.midnight(-200),
        };
        let hosting = Hosting {
            handle,
            number,
            domain: domain.name,
            admin: domain.holder.clone(),
            billing: domain.holder.clone(),
            holder: domain.holder,
            root,
            windows: false,
            ftp_capacity: 20,
            created: seed.midnight(-200),
            expires: seed.midnight(165),
            auto_renew: true,
            framework: 12,
            statistics: false,
            users: BTreeMap::from([(own.id, own)]),
        };
        seed.serve(Served::Hosting(hosting))
    }

    /// Adds an FTP user whose directory is relative to that of the hosting; a hosting is added where there is none.
    pub fn ftp_user(self, domain: &str, full_name: Option<&str>, dir: &str) -> Self {
        let mut seed = self;
        if seed.state.hosting(domain).is_none() {
            seed = seed.hosting(domain);
        }
        let (id, created) = (seed.state.next_number(), seed.midnight(-150));
        seed.adjust_hosting(domain, |hosting| {
            let user = FtpUser {
                id,
                user_name: format!("{}u{id}", hosting.handle.to_ascii_lowercase()),
                password: Some(format!("ftp-{id}")),
                full_name: full_name.map(str::to_owned),
                description: None,
                dir: format!("{}/{dir}", hosting.root)
                    .trim_end_matches('/')
                    .to_owned(),
                created,
            };
            hosting.users.insert(id, user);
        })
    }

    /// Changes the first hosting of a domain; nothing happens where it has none.
    pub fn adjust_hosting(self, domain: &str, change: impl FnOnce(&mut Hosting)) -> Self {
        let Some(mut hosting) = self.state.hosting(domain).cloned() else {
            return self;
        };
        change(&mut hosting);
        self.serve(Served::Hosting(hosting))
    }
}
