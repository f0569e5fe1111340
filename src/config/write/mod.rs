//! What is live, written down: as the TOML of `import`, whose plan is empty, and as the master file of
//! `export`.
//!
//! Only what was read is written, and only what the file's own reader takes; the rest stands in comments
//! with the reason, and stays unmanaged. Accounts, guards and `[bailiwick]` are the reader's own affair: they
//! stand in the file already. Nothing here asks a provider or opens a file.

mod family;
mod master_file;
pub(super) mod record;
pub(super) mod text;

pub use master_file::master_file;

use family::Family;

use crate::model::dns::{Apex, name};
use crate::model::{Account, Address, Data, Kind, Live, Part, Seen};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use toml_edit::{Array, DocumentMut, Item, Table, Value};

/// How many accounts the file has: with one alone, no block has to name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountsInFile {
    /// One.
    One,
    /// Several.
    Several,
}

/// Something live that the file does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its address as text, with the account where one is known.
    pub what: String,
    /// Why; fit to be shown, but it may quote live data.
    pub reason: String,
}

/// The blocks of some domains.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// The TOML.
    pub text: String,
    /// What stands in it as a comment only.
    pub left_out: Vec<LeftOut>,
}

/// Writes the blocks of the chosen domains, in order of their names.
pub fn domains(live: &Live, chosen: &BTreeSet<Arc<str>>, accounts: AccountsInFile) -> Written {
    let mut writer = Writer::new(live, accounts);
    for (domain, found) in &gathered(live, chosen) {
        writer.domain(domain, found);
    }
    writer.finish()
}

/// Writes each of the chosen domains by itself, for a file of its own.
pub fn each<'a>(
    live: &Live,
    chosen: &'a BTreeSet<Arc<str>>,
    accounts: AccountsInFile,
) -> Vec<(&'a Arc<str>, Written)> {
    gathered(live, chosen)
        .into_iter()
        .map(|(domain, found)| {
            let mut writer = Writer::new(live, accounts);
            writer.domain(domain, &found);
            (domain, writer.finish())
        })
        .collect()
}

/// What is live of each chosen domain.
fn gathered<'l, 'a>(
    live: &'l Live,
    chosen: &'a BTreeSet<Arc<str>>,
) -> BTreeMap<&'a Arc<str>, Found<'l>> {
    let mut found: BTreeMap<&Arc<str>, Found<'_>> = chosen
        .iter()
        .map(|domain| (domain, Found::default()))
        .collect();
    for (address, seen) in &live.objects {
        if let Some(found) = found.get_mut(&address.domain) {
            found.take_in(address, seen);
        }
    }
    for (address, reason) in &live.failed {
        if let Some(found) = found.get_mut(&address.domain) {
            found.failed.push((address, &reason.text));
        }
    }
    for (_, about, said) in &live.notes {
        if let Some(about) = about
            && let Some(found) = found.get_mut(&about.domain)
        {
            found.said.push((about, said));
        }
    }
    found
}

/// What is live of one domain.
#[derive(Default)]
struct Found<'a> {
    domains: Vec<(&'a Address, &'a Seen)>,
    zones: BTreeMap<&'a Account, Zone<'a>>,
    redirects: Family<'a>,
    mail: Family<'a>,
    hosting: Family<'a>,
    failed: Vec<(&'a Address, &'a str)>,
    /// What the provider says of them.
    said: Vec<(&'a Address, &'a str)>,
}

#[derive(Default)]
struct Zone<'a> {
    object: Option<&'a Seen>,
    records: Vec<(&'a Address, &'a Seen)>,
}

impl<'a> Found<'a> {
    fn take_in(&mut self, address: &'a Address, seen: &'a Seen) {
        match address.kind {
            Kind::Domain => self.domains.push((address, seen)),
            Kind::Zone => self.zones.entry(&address.account).or_default().object = Some(seen),
            Kind::Record => {
                let zone = self.zones.entry(&address.account).or_default();
                zone.records.push((address, seen));
            }
            Kind::RedirectService => self.redirects.take_top(address, seen),
            Kind::Redirect => self.redirects.take_member(address, seen),
            Kind::Mail => self.mail.take_top(address, seen),
            Kind::Mailbox => self.mail.take_member(address, seen),
            Kind::Autoresponder => self.mail.take_answer(address, seen),
            Kind::Hosting => self.hosting.take_top(address, seen),
            Kind::FtpUser => self.hosting.take_member(address, seen),
            Kind::Contact
            | Kind::Database
            | Kind::Site
            | Kind::Wordpress
            | Kind::Certificate
            | Kind::NsKey => {}
        }
    }
}

struct Writer<'a> {
    live: &'a Live,
    accounts: AccountsInFile,
    /// By domain.
    tables: Table,
    /// What stands above the next header.
    comments: String,
    left_out: Vec<LeftOut>,
}

impl<'a> Writer<'a> {
    fn new(live: &'a Live, accounts: AccountsInFile) -> Self {
        let mut tables = Table::new();
        tables.set_implicit(true);
        Self {
            live,
            accounts,
            tables,
            comments: String::new(),
            left_out: Vec::new(),
        }
    }
}

impl Writer<'_> {
    fn leave_out(&mut self, what: String, reason: &str) {
        let line = format!("# left out: {what}: {reason}");
        self.comments.push_str(&text::comment(&line));
        self.comments.push('\n');
        self.left_out.push(LeftOut {
            what,
            reason: reason.to_owned(),
        });
    }

    fn domain(&mut self, domain: &Arc<str>, found: &Found<'_>) {
        for (address, reason) in &found.failed {
            let reason = format!("it could not be read: {reason}");
            self.leave_out(address.full_text(), &reason);
        }
        let apex = match Apex::parse(domain) {
            Ok(apex) if apex.as_str() == &**domain && domain.contains('.') => apex,
            Ok(_) | Err(_) => {
                self.leave_out(format!("domain.{domain}"), "no file can name it");
                return;
            }
        };
        let failed = |kind: Kind| found.failed.iter().any(|(address, _)| address.kind == kind);
        // Without it nobody knows whether the domain is registered here or elsewhere.
        if failed(Kind::Domain) && found.domains.is_empty() {
            return;
        }
        let held = found.domains.first().copied();
        for (address, _) in found.domains.iter().skip(1) {
            self.leave_out(address.full_text(), "a file has a domain in one account");
        }
        let home = held.map(|(address, _)| &address.account);
        let zone = home
            .and_then(|home| found.zones.get_key_value(home))
            .or_else(|| found.zones.first_key_value());
        for account in found.zones.keys().copied() {
            if zone.is_some_and(|(chosen, _)| *chosen != account) {
                let address = Address::of(account, domain, Kind::Zone);
                self.leave_out(address.full_text(), "a file has a zone in one account");
            }
        }
        let families = [&found.redirects, &found.mail, &found.hosting];
        let below = families.into_iter().flat_map(Family::accounts).next();
        if held.is_none() && zone.is_none() && below.is_none() {
            if found.failed.is_empty() {
                let reason = "it is in none of the accounts that were read";
                self.leave_out(format!("domain.{domain}"), reason);
            }
            return;
        }
        let mut block = Table::new();
        let account = home.or(zone.map(|(account, _)| *account)).or(below);
        if let (AccountsInFile::Several, Some(account)) = (self.accounts, account) {
            block.insert("account", text::value(account.as_str()).into());
        }
        match held {
            Some((address, seen)) => self.held(&mut block, &apex, (address, seen)),
            None => {
                if let Some((account, _)) = zone
                    && (self.live.unreadable).contains(&((*account).clone(), Kind::Domain))
                {
                    let reason = "domains could not be read; it is written as one of elsewhere";
                    self.leave_out(format!("domain.{domain}"), reason);
                }
                block.insert("registrar", text::value("external").into());
            }
        }
        if let Some((own, zone)) = zone {
            let mut table = Table::new();
            if account != Some(*own) {
                table.insert("account", text::value(own.as_str()).into());
            }
            self.zone(&mut table, &apex, (own, zone));
            block.insert("zone", Item::Table(table));
        }
        // Redirections of a domain of elsewhere live where its zone does, which is where the block is then.
        self.redirections(&mut block, &apex, (&found.redirects, account));
        self.mailboxes(&mut block, (&apex, &found.said), (&found.mail, account));
        self.hosting(&mut block, (&found.hosting, account));
        let separator = if self.tables.is_empty() { "" } else { "\n" };
        let above = std::mem::take(&mut self.comments);
        block.decor_mut().set_prefix(format!("{separator}{above}"));
        self.tables
            .insert_formatted(&text::keyed(domain), Item::Table(block));
    }

    /// Settings, contacts and delegation of a domain in the account, as far as they were read.
    fn held(&mut self, block: &mut Table, apex: &Apex, (address, seen): (&Address, &Seen)) {
        let facet = |part: &str| seen.part(&Part::new(part)).map(|part| &part.attrs);
        let mut leave = |key: &str, reason: &str| {
            self.leave_out(format!("{key} of {}", address.full_text()), reason);
        };
        for key in ["admin", "tech", "billing"] {
            match facet("contacts").and_then(|attrs| attrs.text(key)) {
                Some(handle) if is_handle(handle) => {
                    block.insert(key, text::value(handle).into());
                }
                Some(handle) => leave(key, &format!("{handle:?} is no handle")),
                None => {}
            }
        }
        if let Some(Data::List(names)) =
            facet("delegation").and_then(|attrs| attrs.data("name_servers"))
        {
            match refused_server(apex, names) {
                None => {
                    let list: Array = names.iter().map(|name| text::value(name)).collect();
                    block.insert("name_servers", Value::from(list).into());
                }
                Some(reason) => leave("name_servers", &reason),
            }
        }
        for key in ["locked", "whois_privacy", "auto_renew"] {
            if let Some(yes) = facet("settings").and_then(|attrs| attrs.yes(key)) {
                block.insert(key, Value::from(yes).into());
            }
        }
    }

    fn zone(&mut self, table: &mut Table, apex: &Apex, (account, zone): (&Account, &Zone<'_>)) {
        let facet = |part: &str| Some(&zone.object?.part(&Part::new(part))?.attrs);
        let ttl = facet("ttl").and_then(|attrs| attrs.int("ttl"));
        match ttl {
            Some(seconds) if (0..=0x7FFF_FFFF).contains(&seconds) => {
                table.insert("ttl", Value::from(seconds).into());
            }
            Some(seconds) => {
                let address = Address::of(account, apex.shared(), Kind::Zone);
                let reason = format!("{seconds} is no number of seconds (RFC 2181, 8)");
                self.leave_out(format!("ttl of {}", address.full_text()), &reason);
            }
            None => {}
        }
        if let Some(yes) = facet("dnssec").and_then(|attrs| attrs.yes("dnssec")) {
            table.insert("dnssec", Value::from(yes).into());
        }
        let lines = record::lines(apex, &zone.records);
        for refused in lines.refused {
            let record::Refused {
                host,
                rtype,
                reason,
            } = refused;
            let address = Address::record(account, apex.shared(), &host, &rtype);
            self.left_out.push(LeftOut {
                what: address.full_text(),
                reason,
            });
        }
        if let Some(array) = lines.array {
            table.insert("records", Value::from(array).into());
        }
    }

    fn finish(self) -> Written {
        let mut document = DocumentMut::new();
        document.set_trailing(self.comments);
        if !self.tables.is_empty() {
            document.insert("domain", Item::Table(self.tables));
        }
        Written {
            text: document.to_string(),
            left_out: self.left_out,
        }
    }
}

/// What signing a zone makes, and makes anew whenever it is due.
fn is_made_by_signing(rtype: &str) -> bool {
    matches!(rtype, "RRSIG" | "NSEC" | "NSEC3" | "NSEC3PARAM")
}

fn is_handle(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_graphic())
}

/// Why the file cannot hold a delegation, if it cannot.
fn refused_server(apex: &Apex, names: &[Arc<str>]) -> Option<String> {
    if names.is_empty() {
        return Some("there are none".into());
    }
    let mut seen = BTreeSet::new();
    names.iter().find_map(|text| {
        let is_address = text.parse::<std::net::IpAddr>().is_ok();
        let same = name::full(text).is_ok_and(|name| *name == **text);
        if is_address || !same || !text.contains('.') {
            return Some(format!("{text:?} is no full name of a name server"));
        }
        if !seen.insert(text) {
            return Some(format!("{text} stands twice among them"));
        }
        let below = text
            .strip_suffix(apex.as_str())
            .is_some_and(|before| before.is_empty() || before.ends_with('.'));
        below
            .then(|| format!("{text} lies below {apex}, and its addresses (glue) are not imported"))
    })
}
