//! What is held beside domains and zones: redirections, mailboxes and hostings, in neutral form.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A service that allows a number of redirections of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedirectService {
    /// The handle.
    pub handle: String,
    /// The number in the handle.
    pub number: u64,
    /// The name of the domain.
    pub domain: String,
    /// The user whose object it is.
    pub holder: String,
    /// How many redirections were bought.
    pub units: u32,
    /// When it was bought.
    pub created: Timestamp,
    /// When it expires.
    pub expires: Timestamp,
    /// Whether it renews itself.
    pub auto_renew: bool,
}

/// A redirection of a host of a zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirection {
    /// The handle.
    pub handle: String,
    /// The number in the handle.
    pub number: u64,
    /// The handle of the zone.
    pub zone: String,
    /// The complete name of the host in small letters, without a final dot.
    pub origin: String,
    /// `UrlOrigin` as the last request wrote it.
    pub sent_origin: Option<String>,
    /// Where it leads.
    pub destination: String,
    /// The kind, 0 to 6.
    pub kind: i64,
    /// Whether it works.
    pub active: bool,
    /// Whether it is relative.
    pub relative: bool,
    /// The title.
    pub title: Option<String>,
    /// Keywords for search engines.
    pub keywords: Option<String>,
    /// A description for search engines.
    pub description: Option<String>,
    /// When it was made.
    pub created: Timestamp,
    /// The record that came into the zone with it and goes with it.
    pub record: Option<u64>,
}

/// A service that allows a number of mailboxes of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailService {
    /// The handle.
    pub handle: String,
    /// The number in the handle.
    pub number: u64,
    /// The name of the domain.
    pub domain: String,
    /// The handle of the domain.
    pub domain_handle: String,
    /// The user whose object it is.
    pub holder: String,
    /// How many mailboxes were bought.
    pub capacity: u32,
    /// When it was bought.
    pub created: Timestamp,
    /// When it expires.
    pub expires: Timestamp,
    /// Whether it renews itself.
    pub auto_renew: bool,
}

/// What a mail address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MailKind {
    /// `pop`, a mailbox.
    Box,
    /// `alias`, an address that forwards.
    Alias,
}

impl MailKind {
    /// Gives the word that stands for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Box => "pop",
            Self::Alias => "alias",
        }
    }
}

/// How long a mailbox is shown as pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pending {
    /// It is completed.
    Not,
    /// For so many reads.
    Reads(u32),
    /// Until somebody writes it.
    Stuck,
}

/// A mailbox, or an address that forwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// The handle.
    pub handle: String,
    /// The number in the handle.
    pub number: u64,
    /// The handle of the mail service.
    pub service: String,
    /// The address in small letters.
    pub address: String,
    /// The address as the last request wrote it.
    pub sent_address: Option<String>,
    /// What it is.
    pub kind: MailKind,
    /// The name of its user.
    pub user_name: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// Whether it takes what no other address takes.
    pub catch_all: bool,
    /// Whether it forwards although it is a mailbox.
    pub forwards: bool,
    /// The addresses to which it forwards.
    pub forward: Vec<String>,
    /// Further addresses of the mailbox.
    pub alias: Vec<String>,
    /// Whether it is completed.
    pub pending: Pending,
    /// The answer that it gives by itself.
    pub responder: Option<AutoResponder>,
}

/// The answer that a mailbox gives by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutoResponder {
    /// Whether it answers.
    pub active: bool,
    /// The subject.
    pub subject: Option<String>,
    /// The message.
    pub message: Option<String>,
    /// An address to which mail is forwarded meanwhile.
    pub forward: Option<String>,
    /// When it begins.
    pub start: Option<Timestamp>,
    /// When it ends.
    pub finish: Option<Timestamp>,
}

/// A web hosting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hosting {
    /// The handle.
    pub handle: String,
    /// The number in the handle.
    pub number: u64,
    /// The name of the domain.
    pub domain: String,
    /// The user whose object it is.
    pub holder: String,
    /// Its directory, without a final slash.
    pub root: String,
    /// Whether it runs Windows, where a login is made of host and user name.
    pub windows: bool,
    /// How many FTP users it allows beside its own.
    pub ftp_capacity: usize,
    /// When it was bought.
    pub created: Timestamp,
    /// When it expires.
    pub expires: Timestamp,
    /// Whether it renews itself.
    pub auto_renew: bool,
    /// The number of what it runs.
    pub framework: u64,
    /// Whether statistics are made.
    pub statistics: bool,
    /// The administrative contact.
    pub admin: String,
    /// The billing contact.
    pub billing: String,
    /// The users by number.
    pub users: BTreeMap<u64, FtpUser>,
}

impl Hosting {
    /// Tells whether a user is the one that came with the hosting.
    pub fn owns(&self, user: &FtpUser) -> bool {
        user.user_name == self.handle
    }

    /// Gives the user that came with the hosting.
    pub fn admin_user(&self) -> Option<&FtpUser> {
        self.users.values().find(|user| self.owns(user))
    }
}

/// A user who brings files to a hosting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FtpUser {
    /// The number.
    pub id: u64,
    /// The generated name.
    pub user_name: String,
    /// The password, nothing where none was ever set.
    pub password: Option<String>,
    /// The full name.
    pub full_name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The directory, without a final slash.
    pub dir: String,
    /// When it was made.
    pub created: Timestamp,
}

/// Everything that is held beside domains and zones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in super::super) struct Services {
    pub(in super::super) redirect_services: BTreeMap<String, RedirectService>,
    pub(in super::super) redirections: BTreeMap<String, Redirection>,
    pub(in super::super) mail_services: BTreeMap<String, MailService>,
    pub(in super::super) mailboxes: BTreeMap<String, Mailbox>,
    pub(in super::super) hostings: BTreeMap<String, Hosting>,
    /// Handles of mailboxes by their own address.
    addresses: BTreeMap<String, String>,
}

/// One change of a service.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in super::super) enum Served {
    RedirectService(RedirectService),
    Redirection(Redirection),
    RedirectionGone(String),
    MailService(MailService),
    Mailbox(Mailbox),
    MailboxGone(String),
    Hosting(Hosting),
}

impl Services {
    /// Carries one change out and gives the highest number in it.
    pub(super) fn apply(&mut self, change: Served) -> u64 {
        match change {
            Served::RedirectService(service) => {
                let number = service.number;
                self.redirect_services
                    .insert(service.handle.clone(), service);
                number
            }
            Served::Redirection(redirection) => {
                let number = redirection.number;
                self.redirections
                    .insert(redirection.handle.clone(), redirection);
                number
            }
            Served::RedirectionGone(handle) => {
                self.redirections.remove(&handle);
                0
            }
            Served::MailService(service) => {
                let number = service.number;
                self.mail_services.insert(service.handle.clone(), service);
                number
            }
            Served::Mailbox(mailbox) => {
                let number = mailbox.number;
                self.forget(&mailbox.handle);
                self.addresses
                    .insert(mailbox.address.clone(), mailbox.handle.clone());
                self.mailboxes.insert(mailbox.handle.clone(), mailbox);
                number
            }
            Served::MailboxGone(handle) => {
                self.forget(&handle);
                0
            }
            Served::Hosting(hosting) => {
                let users = hosting.users.keys().next_back().copied();
                let number = hosting.number.max(users.unwrap_or(0));
                self.hostings.insert(hosting.handle.clone(), hosting);
                number
            }
        }
    }

    fn forget(&mut self, handle: &str) {
        if let Some(mailbox) = self.mailboxes.remove(handle) {
            self.addresses.remove(&mailbox.address);
        }
    }

    pub(in super::super) fn mailbox(&self, address: &str) -> Option<&Mailbox> {
        self.mailboxes.get(self.addresses.get(address)?)
    }

    /// Writes the changes that make these services out of nothing.
    pub(super) fn changes(&self) -> impl Iterator<Item = Served> {
        let redirect_services = self.redirect_services.values().cloned();
        let redirections = self.redirections.values().cloned();
        let mail_services = self.mail_services.values().cloned();
        let mailboxes = self.mailboxes.values().cloned();
        let hostings = self.hostings.values().cloned();
        redirect_services
            .map(Served::RedirectService)
            .chain(redirections.map(Served::Redirection))
            .chain(mail_services.map(Served::MailService))
            .chain(mailboxes.map(Served::Mailbox))
            .chain(hostings.map(Served::Hosting))
    }
}
