//! Redirections, mailboxes with their answers, and hostings with their FTP users, as blocks of a domain.
//!
//! What no file can hold is said in a comment with the reason. Secrets are not known here: where one would
//! stand, a comment shows how it is written.

use super::super::resolve::{
    destination_problem, dir_problem, label_problem, local_problem, mail_address,
};
use super::{Writer, text};
use crate::model::dns::{Apex, name};
use crate::model::{Account, Address, Attrs, Kind, Part, Seen};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use toml_edit::{Array, InlineTable, Item, Table, Value};

/// What is live of one family below a domain, by account.
#[derive(Default)]
pub(super) struct Family<'a> {
    top: BTreeMap<&'a Account, (&'a Address, &'a Seen)>,
    members: BTreeMap<&'a Account, Vec<(&'a Address, &'a Seen)>>,
    answers: BTreeMap<&'a Address, &'a Seen>,
}

impl<'a> Family<'a> {
    /// The service or hosting itself.
    pub(super) fn take_top(&mut self, address: &'a Address, seen: &'a Seen) {
        self.top.insert(&address.account, (address, seen));
    }

    /// What is in it.
    pub(super) fn take_member(&mut self, address: &'a Address, seen: &'a Seen) {
        let members = self.members.entry(&address.account).or_default();
        members.push((address, seen));
    }

    /// The automatic answer of a mailbox.
    pub(super) fn take_answer(&mut self, address: &'a Address, seen: &'a Seen) {
        self.answers.insert(address, seen);
    }

    /// The accounts that have something of it.
    pub(super) fn accounts(&self) -> impl Iterator<Item = &'a Account> {
        self.top.keys().chain(self.members.keys()).copied()
    }
}

impl Writer<'_> {
    /// The account whose members are written: the one the block above has anyway, if it has some.
    fn chosen<'a>(&mut self, family: &Family<'a>, usual: Option<&Account>) -> Option<&'a Account> {
        let accounts: BTreeSet<&'a Account> = family.accounts().collect();
        let chosen = accounts
            .iter()
            .find(|account| Some(**account) == usual)
            .or_else(|| {
                let with_top = |account: &&&'a Account| family.top.contains_key(**account);
                accounts.iter().find(with_top)
            })
            .copied();
        for account in accounts.iter().filter(|account| Some(**account) != chosen) {
            let top = family.top.get(*account).map(|(address, _)| *address);
            let members = family.members.get(*account).into_iter().flatten();
            for address in top.into_iter().chain(members.map(|(address, _)| *address)) {
                let reason = "a file has a domain's family in one account, whose block names it";
                self.leave_out(address.full_text(), reason);
            }
        }
        chosen
    }

    /// A block of a service, which names its account where that is another one.
    fn top(table: &mut Table, account: &Account, usual: Option<&Account>) {
        if usual != Some(account) {
            table.insert("account", text::value(account.as_str()).into());
        }
    }

    pub(super) fn redirections(
        &mut self,
        block: &mut Table,
        apex: &Apex,
        (family, usual): (&Family<'_>, Option<&Account>),
    ) {
        let Some(account) = self.chosen(family, usual) else {
            return;
        };
        let mut tables = implicit();
        for (address, seen) in family.members.get(account).into_iter().flatten() {
            match redirection(apex, address, &whole(seen)) {
                Ok(table) => {
                    tables.insert(&address.name, Item::Table(table));
                }
                Err(reason) => self.leave_out(address.full_text(), &reason),
            }
        }
        if let Some((_, seen)) = family.top.get(account) {
            let mut table = Table::new();
            Self::top(&mut table, account, usual);
            capacity(&mut table, seen, ("capacity", tables.len()));
            block.insert("redirect_service", Item::Table(table));
        }
        insert(block, "redirect", tables);
    }

    pub(super) fn mailboxes(
        &mut self,
        block: &mut Table,
        (apex, said): (&Apex, &[(&Address, &str)]),
        (family, usual): (&Family<'_>, Option<&Account>),
    ) {
        let Some(account) = self.chosen(family, usual) else {
            return;
        };
        let members = family.members.get(account).map_or(&[][..], |list| list);
        let mut taken: BTreeSet<String> = members
            .iter()
            .map(|(address, _)| format!("{}@{apex}", address.name))
            .collect();
        let mut tables = implicit();
        let mut keeping = 0;
        for (address, seen) in members {
            let why = local_problem(&address.name)
                .or_else(|| (*address.name.to_lowercase() != *address.name).then(String::new));
            if let Some(why) = why {
                let reason = format!("no label can be {:?}: {why}", address.name);
                self.leave_out(address.full_text(), &reason);
                continue;
            }
            let attrs = whole(seen);
            let mut table = self.mailbox(apex, (address, &attrs), &mut taken);
            let answer = Address {
                kind: Kind::Autoresponder,
                ..(*address).clone()
            };
            if let Some(seen) = family.answers.get(&answer)
                && let Some(inline) = self.answer(&answer, &whole(seen))
            {
                table.insert("autoresponder", Value::from(inline).into());
            }
            if attrs.text("type") != Some("alias") {
                keeping += 1;
                let variable = variable(&[&address.name, &address.domain]);
                hint(&mut table, "password", &variable);
            }
            remark(&mut table, said, address);
            tables.insert(&address.name, Item::Table(table));
        }
        if let Some((_, seen)) = family.top.get(account) {
            let mut table = Table::new();
            Self::top(&mut table, account, usual);
            capacity(&mut table, seen, ("mailboxes", keeping));
            block.insert("mail", Item::Table(table));
        }
        insert(block, "mailbox", tables);
    }

    fn mailbox(
        &mut self,
        apex: &Apex,
        (address, attrs): (&Address, &Attrs),
        taken: &mut BTreeSet<String>,
    ) -> Table {
        let mut table = Table::new();
        match attrs.text("type") {
            Some(kind @ ("pop" | "alias")) => {
                table.insert("type", text::value(kind).into());
            }
            Some(kind) => {
                let reason = format!("{kind:?} is neither \"pop\" nor \"alias\"");
                self.leave_out(format!("type of {}", address.full_text()), &reason);
            }
            None => {}
        }
        texts(&mut table, attrs, &["name", "description"]);
        let own = |address: &str| -> Result<String, String> {
            let (local, domain) = address.rsplit_once('@').unwrap_or_default();
            let address = format!("{}@{domain}", local.to_lowercase());
            if !is_within(domain, apex) {
                Err(format!("{address} is no address of {apex}"))
            } else if taken.contains(&address) {
                Err(format!("{address} is the address of two mailboxes"))
            } else {
                Ok(address)
            }
        };
        let aliases = addresses(attrs, "aliases", own);
        if let Ok(list) = &aliases {
            taken.extend(list.iter().cloned());
        }
        let forward = addresses(attrs, "forward", |address| Ok(address.to_owned()));
        for (key, list) in [("aliases", aliases), ("forward", forward)] {
            match list {
                Ok(list) if list.is_empty() => {}
                Ok(list) => {
                    let list: Array = list.iter().map(|item| text::value(item)).collect();
                    table.insert(key, Value::from(list).into());
                }
                Err(reason) => self.leave_out(format!("{key} of {}", address.full_text()), &reason),
            }
        }
        if attrs.yes("catch_all") == Some(true) {
            table.insert("catch_all", Value::from(true).into());
        }
        table
    }

    fn answer(&mut self, address: &Address, attrs: &Attrs) -> Option<InlineTable> {
        let filled = |key: &str| attrs.text(key).filter(|text| !text.trim().is_empty());
        let day = |key: &str| attrs.text(key)?.parse::<jiff::civil::Date>().ok();
        let active = attrs.yes("active");
        let reason = if active != Some(false)
            && (filled("subject").is_none() || filled("message").is_none())
        {
            Some("it has no subject or no message, and says nothing")
        } else if let (Some(start), Some(finish)) = (day("start"), day("finish"))
            && finish < start
        {
            Some("it ends before it starts")
        } else {
            None
        };
        if let Some(reason) = reason {
            self.leave_out(address.full_text(), reason);
            return None;
        }
        let mut table = InlineTable::new();
        for key in ["subject", "message"] {
            if let Some(found) = filled(key) {
                table.insert(key, text::value(found));
            }
        }
        for key in ["start", "finish"] {
            // As text it is read too, and needs no type of a date.
            if let Some(day) = day(key) {
                table.insert(key, text::value(&day.to_string()));
            }
        }
        if let Some(active) = active {
            table.insert("active", Value::from(active));
        }
        match filled("forward").map(mail_address) {
            Some(Ok(forward)) => {
                table.insert("forward", text::value(&forward));
            }
            Some(Err(reason)) => {
                self.leave_out(format!("forward of {}", address.full_text()), &reason);
            }
            None => {}
        }
        Some(table)
    }

    pub(super) fn hosting(
        &mut self,
        block: &mut Table,
        (family, usual): (&Family<'_>, Option<&Account>),
    ) {
        let Some(account) = self.chosen(family, usual) else {
            return;
        };
        let Some((top, _)) = family.top.get(account) else {
            return;
        };
        let mut hosting = Table::new();
        Self::top(&mut hosting, account, usual);
        let mut users = implicit();
        for (address, seen) in family.members.get(account).into_iter().flatten() {
            if &*address.name == "(admin)" {
                let variable = variable(&["admin", &top.domain]);
                hint(&mut hosting, "admin_password", &variable);
                continue;
            }
            match ftp_user(address, &whole(seen)) {
                Ok(table) => {
                    users.insert(&address.name, Item::Table(table));
                }
                Err(reason) => self.leave_out(address.full_text(), &reason),
            }
        }
        insert(&mut hosting, "ftp_user", users);
        block.insert("hosting", Item::Table(hosting));
    }
}

/// What the provider says of an object, above its header.
fn remark(table: &mut Table, said: &[(&Address, &str)], address: &Address) {
    let about = said.iter().filter(|(about, _)| *about == address);
    let lines: String = about
        .map(|(_, said)| format!("# {}\n", text::comment(said)))
        .collect();
    if !lines.is_empty() {
        table.decor_mut().set_prefix(format!("\n{lines}"));
    }
}

fn whole(seen: &Seen) -> Attrs {
    seen.part(&Part::object())
        .map_or_else(Attrs::none, |part| part.attrs.clone())
}

fn implicit() -> Table {
    let mut table = Table::new();
    table.set_implicit(true);
    table
}

fn insert(block: &mut Table, key: &str, tables: Table) {
    if !tables.is_empty() {
        block.insert(key, Item::Table(tables));
    }
}

/// Texts that are not blank: one that is not set comes as an empty one.
fn texts(table: &mut Table, attrs: &Attrs, keys: &[&str]) {
    for key in keys {
        if let Some(found) = attrs.text(key).filter(|text| !text.is_empty()) {
            table.insert(key, text::value(found).into());
        }
    }
}

/// How much a service holds, unless what is there does not fit into it.
fn capacity(table: &mut Table, seen: &Seen, (key, used): (&str, usize)) {
    let part = seen.part(&Part::new("capacity"));
    let Some(most) = part.and_then(|part| part.attrs.int(key)) else {
        return;
    };
    if usize::try_from(most).is_ok_and(|fits| fits >= used) && u32::try_from(most).is_ok() {
        table.insert(key, Value::from(most).into());
    }
}

/// Shows, below a header, how a secret is written.
fn hint(table: &mut Table, key: &str, variable: &str) {
    let line = format!("\n# {key} = {{ env = \"{variable}\" }}");
    table.decor_mut().set_suffix(line);
}

/// `INFO_EXAMPLE_COM_PASSWORD`
fn variable(parts: &[&str]) -> String {
    let name = parts.join("_").to_uppercase();
    let letter = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = name.chars().map(letter).collect();
    let first = if name.starts_with(|c: char| c.is_ascii_digit()) {
        "_"
    } else {
        ""
    };
    format!("{first}{name}_PASSWORD")
}

fn is_within(found: &str, apex: &Apex) -> bool {
    found
        .strip_suffix(apex.as_str())
        .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

fn redirection(apex: &Apex, address: &Address, attrs: &Attrs) -> Result<Table, String> {
    let origin = &*address.name;
    if !name::full(origin).is_ok_and(|found| *found == *origin) || !is_within(origin, apex) {
        return Err(format!("{origin:?} is no name at or below {apex}"));
    }
    let to = attrs.text("to").unwrap_or("");
    if let Some((why, _)) = destination_problem(to) {
        return Err(format!("it leads to {to:?}: {why}"));
    }
    let kind = attrs.int("type").ok_or("its type was not told")?;
    if !(0..=6).contains(&kind) {
        return Err(format!("its type is {kind}, and only 0 to 6 are known"));
    }
    let mut table = Table::new();
    table.insert("to", text::value(to).into());
    table.insert("type", Value::from(kind).into());
    for key in ["active", "relative"] {
        if let Some(yes) = attrs.yes(key) {
            table.insert(key, Value::from(yes).into());
        }
    }
    texts(&mut table, attrs, &["title", "keywords", "description"]);
    Ok(table)
}

fn ftp_user(address: &Address, attrs: &Attrs) -> Result<Table, String> {
    if address.name.starts_with('#') {
        let reason = "it has no full name, which is where its label stands; give it one in the provider's panel";
        return Err(reason.to_owned());
    }
    if let Some(why) = label_problem(&address.name) {
        return Err(format!("no label can be {:?}: {why}", address.name));
    }
    let dir = attrs.text("dir").ok_or("its directory was not told")?;
    if let Some(why) = dir_problem(dir) {
        return Err(format!("its directory is {dir:?}: {why}"));
    }
    let mut table = Table::new();
    table.insert("dir", text::value(dir).into());
    texts(&mut table, attrs, &["description"]);
    hint(
        &mut table,
        "password",
        &variable(&[&address.name, &address.domain]),
    );
    Ok(table)
}

/// The addresses of a list, each once, as far as the file's reader takes all of them.
fn addresses(
    attrs: &Attrs,
    key: &str,
    check: impl Fn(&str) -> Result<String, String>,
) -> Result<BTreeSet<String>, String> {
    let mut found = BTreeSet::new();
    for item in attrs.list(key).unwrap_or_default() {
        let item: &Arc<str> = item;
        let address = mail_address(item).map_err(|why| format!("{item:?}: {why}"))?;
        found.insert(check(&address)?);
    }
    Ok(found)
}
