//! Mailboxes of one domain with their automatic answers, and the capacity for them.
//!
//! Whether mail reaches them is the DNS's affair: only a zone of the file that plainly sends it elsewhere is
//! told.

use super::super::grammar::domain::{
    Autoresponder, AutoresponderValues, Mail, MailValues, Mailbox, MailboxKind, MailboxValues,
};
use super::super::grammar::field::{Called, Named, One, Sub};
use super::super::grammar::value::{At, List, Text};
use super::super::said;
use super::domain::{Resolving, declared};
use super::family::{Living, Naming};
use super::quantity;
use super::redirect::is_within;
use crate::diag::{Diagnostic, SourceId, Span};
use crate::model::dns::name;
use crate::model::{Account, Address, Attrs, Declared, Kind, Rules, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

const NAMING: Naming = Naming {
    key: "mailbox",
    canonical: str::to_lowercase,
    two: "two mailboxes of one address",
    code: said::MAILBOX,
};

/// The addresses of a domain's mailboxes, each with the line that gives it away.
type Taken = BTreeMap<Box<str>, Span>;

/// The addresses of a list in canonical form, and whether they are all of it.
struct Found {
    found: BTreeMap<Box<str>, Span>,
    fine: bool,
}

impl Resolving<'_, '_> {
    /// Resolves the capacity and the mailboxes.
    pub(super) fn mailboxes(&mut self, mail: Sub<Mail>, list: Named<Mailbox>, living: &Living) {
        let list = self.joined(&NAMING, list);
        let mail = mail.0.map(|at| *at);
        let header = mail.as_ref().map(|at| at.span);
        let Some(span) = header.or_else(|| list.first().map(|called| called.name.span)) else {
            return;
        };
        let own = mail.as_ref().and_then(|at| {
            let values = &at.value.values;
            self.of_mail(&values.account, at.span.source, |values| &values.account)
        });
        let account = self.account_below(own, living, span);
        if let Some(At { span, value }) = mail {
            let capacity = self.of_mail(&value.values.mailboxes, span.source, |values| {
                &values.mailboxes
            });
            let members: Vec<Span> = list
                .iter()
                .filter(|called| self.mailbox_kind(called) != Some(MailboxKind::Alias))
                .map(|called| called.name.span)
                .collect();
            self.within(("mailboxes", "mailboxes"), capacity, &members);
            let capacity = capacity.map(|at| ("mailboxes", at));
            self.bought(Kind::Mail, account.as_ref(), (span, capacity), value.note);
        }
        let mut taken = Taken::new();
        for called in &list {
            let local = called.name.value.to_lowercase();
            let address = format!("{local}@{}", self.apex);
            taken.insert(address.into(), called.name.span);
        }
        for called in list {
            self.mailbox(called, account.as_ref(), &mut taken);
        }
    }

    fn of_mail<T: Clone>(
        &self,
        own: &One<T>,
        source: SourceId,
        of: impl Fn(&MailValues) -> &One<T>,
    ) -> Option<At<T>> {
        let default = |values| of(values).as_ref();
        self.desk
            .nearest(own, source, |defaults| {
                default(&defaults.mail.0.as_ref()?.value)
            })
            .cloned()
    }

    fn of_mailbox<T: Clone>(
        &self,
        own: &One<T>,
        source: SourceId,
        of: impl Fn(&MailboxValues) -> &One<T>,
    ) -> Option<At<T>> {
        let default = |values| of(values).as_ref();
        self.desk
            .nearest(own, source, |defaults| {
                default(&defaults.mailbox.0.as_ref()?.value)
            })
            .cloned()
    }

    fn mailbox_kind(&self, called: &Called<Mailbox>) -> Option<MailboxKind> {
        let own = &called.block.values.kind;
        self.of_mailbox(own, called.name.span.source, |values| &values.kind)
            .map(|at| at.value.0)
    }

    fn mailbox(&mut self, called: Called<Mailbox>, account: Option<&Account>, taken: &mut Taken) {
        let kind = self.mailbox_kind(&called);
        let Called { name, block } = called;
        let Mailbox {
            values,
            autoresponder,
            note,
        } = block;
        let source = name.span.source;
        let local = self.local_part(&name);
        let mut attrs: Vec<(&'static str, Value)> = Vec::new();
        if let Some(kind) = kind {
            attrs.push(("type", Value::text(kind.word())));
        }
        let user = self.of_mailbox(&values.name, source, |values| &values.name);
        let about = self.of_mailbox(&values.description, source, |values| &values.description);
        for (key, at) in [("name", user), ("description", about)] {
            attrs.extend(at.map(|at| (key, Value::text(&at.value))));
        }
        if let Some(at) = self.of_mailbox(&values.aliases, source, |values| &values.aliases) {
            let list = self.aliases(&at, taken);
            attrs.extend(list.map(|list| ("aliases", Value::list(&list))));
        }
        if let Some(at) = self.of_mailbox(&values.forward, source, |values| &values.forward) {
            let Found { found, fine } = self.addresses("forward", &at);
            let list: Vec<Box<str>> = found.into_keys().collect();
            attrs.extend(fine.then(|| ("forward", Value::list(&list))));
        }
        let catch_all = self.of_mailbox(&values.catch_all, source, |values| &values.catch_all);
        attrs.extend(catch_all.map(|at| ("catch_all", Value::bool(at.value))));
        let password = self.of_mailbox(&values.password, source, |values| &values.password);
        if let (Some(MailboxKind::Alias), Some(at)) = (kind, &values.password) {
            let message = format!(
                "{} is an alias, which keeps no mail and has no password",
                name.value
            );
            let problem = Diagnostic::error(said::MAILBOX, message)
                .at_masked(at.span, "")
                .help("take out `password`, or write type = \"pop\"");
            self.desk.error(problem);
        }
        let answer = autoresponder.map(|at| (at.span, self.answer(at)));
        let (Some(account), Some(local)) = (account, local) else {
            return;
        };
        let note: Option<Arc<str>> = note.map(|at| Arc::from(&*at.value));
        let address = Address {
            name: local,
            ..Address::of(account, self.apex.shared(), Kind::Mailbox)
        };
        let part = self.wanted("", Attrs::new(attrs), name.span, note.as_ref());
        let mut object = declared(vec![part]);
        if let Some(at) = password.filter(|_| kind != Some(MailboxKind::Alias)) {
            self.secret((&address, &mut object), "password", at, note.as_ref());
        }
        if let Some((span, Some(answer))) = answer {
            let address = Address {
                kind: Kind::Autoresponder,
                ..address.clone()
            };
            let object = self.answering(answer, span, note.as_ref());
            self.objects.push((address, object));
        }
        self.objects.push((address, object));
    }

    fn answering(&self, answer: Answer, span: Span, note: Option<&Arc<str>>) -> Declared {
        let (attrs, gone) = match answer {
            Answer::Removed => (Attrs::none(), true),
            Answer::Set(attrs) => (attrs, false),
        };
        let mut object = declared(vec![self.wanted("", attrs, span, note)]);
        object.rules = gone.then(|| {
            Box::new(Rules {
                gone,
                ..Rules::default()
            })
        });
        object
    }

    /// The label of a mailbox: the part of its address before the @.
    fn local_part(&mut self, written: &At<Text>) -> Option<Arc<str>> {
        let text = &*written.value;
        let below = format!("@{}", self.apex);
        let problem = match local_problem(text) {
            None => return Some(text.to_lowercase().into()),
            Some(_) if text.contains('@') => {
                let message = format!("{text:?} is more than the part before the @");
                let local = text.strip_suffix(&*below).unwrap_or("…");
                let header = ["domain", self.apex.as_str(), "mailbox", local];
                Diagnostic::error(said::MAILBOX, message)
                    .help(format!("write {}", said::header(&header)))
            }
            Some(why) => {
                let message = format!("{text:?} cannot stand before the @ of an address: {why}");
                Diagnostic::error(said::MAILBOX, message)
            }
        };
        self.desk.error(problem.at(written.span, ""));
        None
    }

    /// Other addresses of a mailbox: of this domain or below it, and nobody else's.
    fn aliases(&mut self, at: &At<List<Text>>, taken: &mut Taken) -> Option<Vec<Box<str>>> {
        let Found { found, mut fine } = self.addresses("aliases", at);
        let mut list: Vec<Box<str>> = Vec::with_capacity(found.len());
        for (address, span) in found {
            let (local, domain) = address.rsplit_once('@').unwrap_or(("", ""));
            let problem = if !is_within(domain, self.apex.as_str()) {
                let message = format!("{address} is no address of {}", self.apex);
                Diagnostic::error(said::MAILBOX, message)
                    .at(span, "")
                    .help("an address elsewhere that gets copies belongs into `forward`")
            } else {
                // As with labels, case tells no two mailboxes of a domain apart.
                let address = format!("{}@{domain}", local.to_lowercase());
                let Some(first) = taken.insert(address.as_str().into(), span) else {
                    list.push(address.into());
                    continue;
                };
                Diagnostic::error(
                    said::MAILBOX,
                    format!("{address} is the address of two mailboxes"),
                )
                .at(span, "again here")
                .at(first, "first here")
            };
            fine = false;
            self.desk.error(problem);
        }
        list.sort();
        fine.then_some(list)
    }

    /// Mail addresses in canonical form, each once, sorted.
    fn addresses(&mut self, key: &str, at: &At<List<Text>>) -> Found {
        let mut found: BTreeMap<Box<str>, Span> = BTreeMap::new();
        let mut fine = true;
        for item in &at.value.0 {
            let Some(address) = self.mail_address(key, item) else {
                fine = false;
                continue;
            };
            if let Some(first) = found.insert(address.clone(), item.span) {
                fine = false;
                let message = format!("{address} stands twice in `{key}`");
                let problem = Diagnostic::error(said::MAILBOX, message)
                    .at(item.span, "again here")
                    .at(first, "first here");
                self.desk.error(problem);
            }
        }
        Found { found, fine }
    }

    fn mail_address(&mut self, key: &str, at: &At<Text>) -> Option<Box<str>> {
        match mail_address(&at.value) {
            Ok(address) => Some(address),
            Err(why) => {
                let message = format!("`{key}` cannot hold {:?}: {why}", at.value);
                let problem = Diagnostic::error(said::MAIL_ADDRESS, message).at(at.span, "");
                let bare = !at.value.contains('@') && local_problem(&at.value).is_none();
                self.desk.error(match bare {
                    true => problem.help(format!("write \"{}@{}\"", at.value, self.apex)),
                    false => problem,
                });
                None
            }
        }
    }

    fn answer(&mut self, at: At<Autoresponder>) -> Option<Answer> {
        let At { span, value } = at;
        let AutoresponderValues {
            subject,
            message,
            start,
            finish,
            active,
            forward,
        } = match value {
            Autoresponder::Removed => return Some(Answer::Removed),
            Autoresponder::Written(values) => *values,
        };
        let is_off = active.as_ref().is_some_and(|at| !at.value);
        let mut fine = true;
        let mut attrs: Vec<(&'static str, Value)> = Vec::new();
        for (key, at) in [("subject", subject), ("message", message)] {
            let blank = at.as_ref().is_none_or(|at| at.value.trim().is_empty());
            if blank && !is_off {
                fine = false;
                let message = format!("an automatic answer without `{key}` says nothing");
                let place = at.as_ref().map_or(span, |at| at.span);
                let problem = Diagnostic::error(said::AUTORESPONDER, message)
                    .at(place, "")
                    .help(format!(
                        "write {key} = \"…\", or active = false to switch it off"
                    ));
                self.desk.error(problem);
            }
            attrs.extend(at.map(|at| (key, Value::text(&at.value))));
        }
        let mut days = Vec::new();
        for (key, at) in [("start", start), ("finish", finish)] {
            let Some(at) = at else {
                continue;
            };
            match quantity::written_day(&at, self.desk.told) {
                Some(day) => {
                    attrs.push((key, Value::text(&day.to_string())));
                    days.push((key, day, at.span));
                }
                None => fine = false,
            }
        }
        if let [(_, start, first), ("finish", finish, last)] = days[..]
            && finish < start
        {
            fine = false;
            let message =
                format!("the automatic answer ends on {finish}, before it starts on {start}");
            let problem = Diagnostic::error(said::AUTORESPONDER, message)
                .at(last, "")
                .at(first, "starts here");
            self.desk.error(problem);
        }
        attrs.extend(active.map(|at| ("active", Value::bool(at.value))));
        if let Some(at) = forward {
            match self.mail_address("forward", &at) {
                Some(address) => attrs.push(("forward", Value::text(&address))),
                None => fine = false,
            }
        }
        fine.then(|| Answer::Set(Attrs::new(attrs)))
    }
}

impl Resolving<'_, '_> {
    /// Tells that the zone of the file sends mail to others than the provider that has the mailboxes. Names of
    /// the domain itself may lead anywhere, and say nothing.
    pub(super) fn tell_mail_elsewhere(&mut self, list: &Named<Mailbox>, zone: Option<&Account>) {
        let (Some(first), Some(zone)) = (list.0.first(), zone) else {
            return;
        };
        let Some(provider) = self.accounts.confs.get(zone).map(|conf| conf.provider) else {
            return;
        };
        let address = Address::record(zone, self.apex.shared(), "@", "MX");
        // The zone's objects are the last that were added.
        let records = self.objects.iter().rev();
        let mut of_zone = records.take_while(|(other, _)| other.domain == address.domain);
        let Some((_, set)) = of_zone.find(|(other, _)| *other == address) else {
            return;
        };
        let targets = set.parts.iter().filter_map(|part| {
            let target = part.part.0.rsplit(' ').next()?;
            Some(target.strip_suffix('.').unwrap_or(target))
        });
        let elsewhere = targets.clone().all(|target| {
            !is_within(target, self.apex.as_str()) && !provider.takes_mail_at(target)
        });
        if !elsewhere {
            return;
        }
        let names =
            said::listed(targets.map(|name| if name.is_empty() { "nowhere" } else { name }));
        let line = set.parts.first().map(|part| part.origin.place.clone());
        let line = line.map_or_else(String::new, |at| format!(" ({}:{})", at.file, at.line));
        let message = format!(
            "mail of {} goes to {names}{line}, not to {}, where its mailboxes are",
            self.apex,
            provider.title()
        );
        let warning = Diagnostic::warning(said::MX_ELSEWHERE, message).at(first.name.span, "");
        self.desk.error(warning);
    }
}

/// What the file wants of an automatic answer.
enum Answer {
    Removed,
    Set(Attrs),
}

impl MailboxKind {
    fn word(self) -> &'static str {
        match self {
            MailboxKind::Pop => "pop",
            MailboxKind::Alias => "alias",
        }
    }
}

/// Why a text cannot stand before the @: RFC 5321 (4.1.2, dot-string), without quoted forms.
pub(in crate::config) fn local_problem(text: &str) -> Option<String> {
    let usual = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    if text.is_empty() {
        Some("there is nothing".to_owned())
    } else if let Some(found) = text.chars().find(|c| !usual(*c)) {
        Some(format!("it may not hold {found:?}"))
    } else if text.len() > 64 {
        Some("it is longer than 64 characters".to_owned())
    } else if text.starts_with('.') || text.ends_with('.') || text.contains("..") {
        Some("a dot stands between two other characters".to_owned())
    } else {
        None
    }
}

/// A mail address in canonical form: its domain in A-labels, lower case; or what is wrong with it.
pub(in crate::config) fn mail_address(text: &str) -> Result<Box<str>, String> {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return Err("it has no @".to_owned());
    };
    if let Some(why) = local_problem(local) {
        return Err(format!("before the @, {why}"));
    }
    let host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    match name::full(domain) {
        Ok(found) if found.contains('.') && found.chars().all(host) => {
            Ok(format!("{local}@{found}").into())
        }
        Ok(_) => Err(format!("{domain:?} is no domain")),
        Err(error) => Err(error.to_string()),
    }
}
