//! The name of each object, in one form everywhere: output, targets, protection, ledger.
//!
//! Addresses sort by account, domain, kind and name, so that everything of a domain, a zone or a host
//! is one range of a sorted map. Nothing here knows whether the object exists.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// The label of an account in the file (`[account.main]`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account(pub Arc<str>);

impl Account {
    /// Names an account.
    pub fn new(label: &str) -> Self {
        Self(label.into())
    }

    /// The label.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kinds of objects, parents before children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A contact handle made by us (`[contact.jane]`).
    Contact,
    /// A registered domain name.
    Domain,
    /// A hosted zone.
    Zone,
    /// All values of one host and type.
    Record,
    /// Bought capacity for redirections.
    RedirectService,
    /// A web redirection.
    Redirect,
    /// Bought capacity for mailboxes.
    Mail,
    /// A mailbox or mail alias.
    Mailbox,
    /// The automatic answer of a mailbox.
    Autoresponder,
    /// A hosting.
    Hosting,
    /// An FTP user of a hosting.
    FtpUser,
    /// A database of a hosting.
    Database,
    /// An additional site of a hosting.
    Site,
    /// A WordPress installation.
    Wordpress,
    /// A certificate.
    Certificate,
    /// A DNSSEC key of a zone hosted elsewhere.
    NsKey,
}

impl Kind {
    /// Every kind, in order.
    pub const ALL: [Kind; 16] = [
        Kind::Contact,
        Kind::Domain,
        Kind::Zone,
        Kind::Record,
        Kind::RedirectService,
        Kind::Redirect,
        Kind::Mail,
        Kind::Mailbox,
        Kind::Autoresponder,
        Kind::Hosting,
        Kind::FtpUser,
        Kind::Database,
        Kind::Site,
        Kind::Wordpress,
        Kind::Certificate,
        Kind::NsKey,
    ];

    /// The word in front of an address.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Contact => "contact",
            Kind::Domain => "domain",
            Kind::Zone => "zone",
            Kind::Record => "record",
            Kind::RedirectService => "redirect_service",
            Kind::Redirect => "redirect",
            Kind::Mail => "mail",
            Kind::Mailbox => "mailbox",
            Kind::Autoresponder => "autoresponder",
            Kind::Hosting => "hosting",
            Kind::FtpUser => "ftp_user",
            Kind::Database => "database",
            Kind::Site => "site",
            Kind::Wordpress => "wordpress",
            Kind::Certificate => "certificate",
            Kind::NsKey => "ns_key",
        }
    }

    /// The secrets that a provider makes up and tells once, when one is made, by the key of the file that
    /// would set each instead.
    pub fn one_time_secrets(self) -> &'static [&'static str] {
        match self {
            Kind::Database => &["password"],
            Kind::Wordpress => &["admin_password"],
            Kind::Contact
            | Kind::Domain
            | Kind::Zone
            | Kind::Record
            | Kind::RedirectService
            | Kind::Redirect
            | Kind::Mail
            | Kind::Mailbox
            | Kind::Autoresponder
            | Kind::Hosting
            | Kind::FtpUser
            | Kind::Site
            | Kind::Certificate
            | Kind::NsKey => &[],
        }
    }

    /// True if losing one loses money or data; such an object is forgotten, not deleted.
    pub fn holds_value(self) -> bool {
        match self {
            Kind::Domain
            | Kind::Mail
            | Kind::Mailbox
            | Kind::RedirectService
            | Kind::Hosting
            | Kind::Database
            | Kind::Wordpress
            | Kind::Certificate => true,
            Kind::Contact
            | Kind::Zone
            | Kind::Record
            | Kind::Redirect
            | Kind::Autoresponder
            | Kind::FtpUser
            | Kind::Site
            | Kind::NsKey => false,
        }
    }
}

/// One object. The order of the members is the order of the world.
#[expect(
    clippy::derived_hash_with_manual_eq,
    reason = "equal are equal texts, whether they are shared or not"
)]
#[derive(Debug, Clone, Eq, Hash)]
pub struct Address {
    /// The login's customer it belongs to.
    pub account: Account,
    /// The domain it hangs under, canonical (lower case, A-labels, no final dot); empty for contacts.
    pub domain: Arc<str>,
    /// What it is.
    pub kind: Kind,
    /// Its name below the domain: empty where the domain names it; `host/TYPE` for records.
    pub name: Arc<str>,
}

impl Ord for Address {
    fn cmp(&self, other: &Self) -> Ordering {
        shared(&self.account.0, &other.account.0)
            .then_with(|| shared(&self.domain, &other.domain))
            .then_with(|| self.kind.cmp(&other.kind))
            .then_with(|| shared(&self.name, &other.name))
    }
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl PartialOrd for Address {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares texts that are often one and the same: the account and the domain in a whole zone, a name on both sides.
fn shared(a: &Arc<str>, b: &Arc<str>) -> Ordering {
    if Arc::ptr_eq(a, b) {
        Ordering::Equal
    } else {
        a.cmp(b)
    }
}

impl Address {
    /// An object that the domain names by itself (domain, zone, mail, hosting, redirect_service).
    pub fn of(account: &Account, domain: &Arc<str>, kind: Kind) -> Self {
        Self {
            account: account.clone(),
            domain: Arc::clone(domain),
            kind,
            name: Arc::default(),
        }
    }

    /// A record set: all values of one host and type.
    pub fn record(account: &Account, domain: &Arc<str>, host: &str, rtype: &str) -> Self {
        let name = [host, "/", rtype].concat().into();
        Self {
            account: account.clone(),
            domain: Arc::clone(domain),
            kind: Kind::Record,
            name,
        }
    }

    /// Host and type of a record set; `None` for other kinds.
    pub fn host_and_type(&self) -> Option<(&str, &str)> {
        match self.kind {
            Kind::Record => self.name.rsplit_once('/'),
            Kind::Contact
            | Kind::Domain
            | Kind::Zone
            | Kind::RedirectService
            | Kind::Redirect
            | Kind::Mail
            | Kind::Mailbox
            | Kind::Autoresponder
            | Kind::Hosting
            | Kind::FtpUser
            | Kind::Database
            | Kind::Site
            | Kind::Wordpress
            | Kind::Certificate
            | Kind::NsKey => None,
        }
    }

    /// The object that this one lives in and cannot be without, if any.
    pub fn parent(&self) -> Option<Address> {
        let kind = match self.kind {
            Kind::Record => Kind::Zone,
            // Its capacity need not be declared.
            Kind::Redirect => Kind::Domain,
            Kind::Mailbox => Kind::Mail,
            Kind::Autoresponder => {
                return Some(Address {
                    kind: Kind::Mailbox,
                    ..self.clone()
                });
            }
            Kind::FtpUser | Kind::Database | Kind::Site | Kind::Wordpress => Kind::Hosting,
            Kind::Contact
            | Kind::Domain
            | Kind::Zone
            | Kind::RedirectService
            | Kind::Mail
            | Kind::Hosting
            | Kind::Certificate
            | Kind::NsKey => return None,
        };
        Some(Address::of(&self.account, &self.domain, kind))
    }

    /// The service or hosting without which an object cannot be. Its handle is what a write into it goes to.
    pub fn service(&self) -> Option<Address> {
        let kind = match self.kind {
            Kind::Redirect => Kind::RedirectService,
            Kind::Mailbox => Kind::Mail,
            Kind::FtpUser | Kind::Database | Kind::Site | Kind::Wordpress => Kind::Hosting,
            Kind::Contact
            | Kind::Domain
            | Kind::Zone
            | Kind::Record
            | Kind::RedirectService
            | Kind::Mail
            | Kind::Autoresponder
            | Kind::Hosting
            | Kind::Certificate
            | Kind::NsKey => return None,
        };
        Some(Address::of(&self.account, &self.domain, kind))
    }

    /// The text without the account: `record.example.com/www/A`.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.domain.len() + self.name.len() + 24);
        text.push_str(self.kind.word());
        text.push('.');
        match self.kind {
            Kind::Domain | Kind::Zone | Kind::RedirectService | Kind::Mail | Kind::Hosting => {
                text.push_str(&self.domain);
            }
            Kind::Mailbox | Kind::Autoresponder => {
                escape(&self.name, &mut text);
                text.push('@');
                text.push_str(&self.domain);
            }
            Kind::Certificate | Kind::Contact => escape(&self.name, &mut text),
            Kind::Record
            | Kind::Redirect
            | Kind::FtpUser
            | Kind::Database
            | Kind::Site
            | Kind::Wordpress
            | Kind::NsKey => {
                text.push_str(&self.domain);
                text.push('/');
                escape(&self.name, &mut text);
            }
        }
        text
    }

    /// The text with the account: `record.example.com/www/A@main`.
    pub fn full_text(&self) -> String {
        let mut text = self.text();
        text.push('@');
        text.push_str(&self.account.0);
        text
    }

    /// Reads [`Address::text`] back; the account comes from beside it.
    ///
    /// A certificate's domain is not part of its text; it is left empty here and has to be found among
    /// the known ones.
    pub fn parse(text: &str, account: &Account) -> Option<Self> {
        let (word, rest) = text.split_once('.')?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word)?;
        if rest.is_empty() {
            return None;
        }
        let (domain, name) = match kind {
            Kind::Domain | Kind::Zone | Kind::RedirectService | Kind::Mail | Kind::Hosting => {
                (rest, "")
            }
            Kind::Mailbox | Kind::Autoresponder => {
                let (name, domain) = rest.rsplit_once('@')?;
                (domain, name)
            }
            Kind::Certificate | Kind::Contact => ("", rest),
            Kind::Record
            | Kind::Redirect
            | Kind::FtpUser
            | Kind::Database
            | Kind::Site
            | Kind::Wordpress
            | Kind::NsKey => rest.split_once('/')?,
        };
        let name = unescape(name);
        Some(Self {
            account: account.clone(),
            domain: domain.into(),
            kind,
            name: name.into(),
        })
    }
}

/// A star is a pattern's; one that belongs to a name is written behind a backslash.
fn escape(name: &str, text: &mut String) {
    if !name.contains(['\\', '*']) {
        return text.push_str(name);
    }
    for c in name.chars() {
        if matches!(c, '\\' | '*') {
            text.push('\\');
        }
        text.push(c);
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(if c == '\\' {
            chars.next().unwrap_or('\\')
        } else {
            c
        });
    }
    out
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// What one request changes of an object: empty for the object itself, else a facet's name (`delegation`),
/// or one member of a set, named by its canonical content (`192.0.2.1`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part(pub Arc<str>);

impl Part {
    /// The object itself.
    pub fn object() -> Self {
        Self(Arc::default())
    }

    /// A facet or a member.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// True for the object itself.
    pub fn is_object(&self) -> bool {
        self.0.is_empty()
    }
}

/// The key of change, step, prior, journal record, pending and doubt.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit {
    /// The object.
    pub address: Address,
    /// What of it.
    pub part: Part,
}

impl Unit {
    /// Names a unit.
    pub fn new(address: Address, part: Part) -> Self {
        Self { address, part }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.part.is_object() {
            write!(f, "{}", self.address)
        } else {
            write!(f, "{} {}", self.address, self.part.0)
        }
    }
}
