//! One domain: where it lives, its settings, contacts and delegation; its zone is resolved beside it.

use super::super::grammar::domain::{DomainValues, Registrar};
use super::super::grammar::field::One;
use super::super::grammar::value::{At, List, OneOf, Text};
use super::super::said;
use super::account::Accounts;
use super::family::Living;
use super::template::Templates;
use super::{Desk, Gathered, record};
use crate::diag::{Diagnostic, SourceId, Span};
use crate::model::dns::{Apex, name};
use crate::model::{Account, Address, Attrs, Declared, Home, Kind, Part, Value, Wanted};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Resolves one domain.
pub(crate) struct Resolving<'a, 'd> {
    pub(crate) desk: &'a mut Desk<'d>,
    pub(crate) accounts: &'a Accounts,
    pub(crate) contacts: &'a BTreeMap<Box<str>, Box<str>>,
    pub(crate) templates: &'a mut Templates,
    pub(crate) apex: &'a Apex,
    pub(crate) objects: &'a mut Vec<(Address, Declared)>,
}

/// Settings that only a domain in the account has.
const OWNED: [&str; 7] = [
    "admin",
    "auto_renew",
    "billing",
    "locked",
    "name_servers",
    "tech",
    "whois_privacy",
];

impl Resolving<'_, '_> {
    /// Resolves it and what is below it; gives back where both live.
    pub(crate) fn domain(&mut self, domain: Gathered) -> Home {
        let Gathered { span, block } = domain;
        let source = span.source;
        let values = &block.values;
        let registrar = self
            .desk
            .nearest(&values.registrar, source, |defaults| {
                defaults.values.registrar.as_ref()
            })
            .copied();
        let external = registrar
            .filter(|at| at.value == OneOf(Registrar::External))
            .map(|at| at.span);
        let written = self
            .desk
            .nearest(&values.account, source, |defaults| {
                defaults.values.account.as_ref()
            })
            .cloned();
        let mut home = Home::default();
        if let Some(external) = external {
            self.no_settings(values, external);
        } else if let Some(account) = self.account(written.as_ref(), span) {
            let note = block.note.as_ref().map(|at| Arc::from(&*at.value));
            let glue = if block.glue.0.is_empty() {
                Glue::None
            } else {
                Glue::Written
            };
            self.held((values, glue), span, &account, note);
            home.domain = Some(account);
        }
        if let Some(zone) = block.zone.0 {
            let own = self
                .desk
                .nearest(&zone.value.values.account, zone.span.source, |defaults| {
                    let zone = defaults.zone.0.as_ref()?;
                    zone.value.account.as_ref()
                })
                .cloned();
            let account = self.account(own.as_ref().or(written.as_ref()), zone.span);
            self.zone(*zone, account.as_ref(), (&block.vars, source));
            home.zone = account;
        }
        let living = Living {
            domain: home.domain.clone(),
            zone: home.zone.clone(),
            elsewhere: external.map(|_| written),
        };
        self.tell_mail_elsewhere(&block.mailbox, living.zone.as_ref());
        self.redirections(block.redirect_service, block.redirect, &living);
        self.mailboxes(block.mail, block.mailbox, &living);
        self.hosting(block.hosting, &living);
        home
    }

    /// The account of a label; of none, the only one.
    pub(super) fn account(&mut self, label: Option<&At<Text>>, span: Span) -> Option<Account> {
        let labels = &self.accounts.labels;
        let known = labels.keys().map(|label| &**label);
        let problem = match label {
            Some(at) if labels.contains_key(&at.value) => return Some(Account::new(&at.value)),
            Some(at) if labels.is_empty() => {
                let message = format!("there is no account {:?}", at.value);
                Diagnostic::error(said::ACCOUNT_UNKNOWN, message)
                    .at(at.span, "")
                    .help(format!("write [account.{}]", said::quoted(&at.value)))
            }
            Some(at) => {
                let message = format!("there is no account {:?}", at.value);
                Diagnostic::error(said::ACCOUNT_UNKNOWN, message)
                    .at(at.span, "")
                    .help(said::one_of(&at.value, known))
            }
            None => match labels.len() {
                1 => return labels.keys().next().map(|label| Account::new(label)),
                0 => Diagnostic::error(said::ACCOUNT_WANTED, "the file has no account")
                    .at(span, "")
                    .help("write [account.main] with provider, user, username and password"),
                _ => {
                    let labels = said::listed(known.map(|label| format!("\"{label}\"")));
                    let message = format!("there are several: {labels}");
                    Diagnostic::error(said::ACCOUNT_WANTED, message)
                        .at(span, "")
                        .help("write account = \"…\" here, or in [defaults]")
                }
            },
        };
        if self.desk.whole {
            self.desk.error(problem);
        }
        None
    }

    /// Settings written beside `registrar = "external"`.
    fn no_settings(&mut self, values: &DomainValues, external: Span) {
        let spans = [
            values.admin.as_ref().map(|at| at.span),
            values.auto_renew.as_ref().map(|at| at.span),
            values.billing.as_ref().map(|at| at.span),
            values.locked.as_ref().map(|at| at.span),
            values.name_servers.as_ref().map(|at| at.span),
            values.tech.as_ref().map(|at| at.span),
            values.whois_privacy.as_ref().map(|at| at.span),
        ];
        for (key, span) in OWNED.into_iter().zip(spans) {
            if let Some(span) = span {
                let message = format!(
                    "`{key}` is set where the domain is registered, and {} is registered elsewhere",
                    self.apex
                );
                self.desk.error(
                    Diagnostic::error(said::EXTERNAL, message)
                        .at(span, "")
                        .at(external, "said here"),
                );
            }
        }
    }

    /// A domain of the account: its facets, each with what is written of it.
    fn held(
        &mut self,
        (values, glue): (&DomainValues, Glue),
        span: Span,
        account: &Account,
        note: Option<Arc<str>>,
    ) {
        let source = span.source;
        let mut parts = Vec::new();
        let contacts = self.contacts_of(values, source);
        let settings = self.settings(values, source);
        let delegation = self.delegation(values, source, glue);
        for (part, facet) in [("contacts", contacts), ("delegation", delegation)] {
            if let Some((attrs, span)) = facet {
                parts.push(self.wanted(part, attrs, span, note.as_ref()));
            }
        }
        parts.push(self.wanted("order", Attrs::none(), span, note.as_ref()));
        if let Some((attrs, span)) = settings {
            parts.push(self.wanted("settings", attrs, span, note.as_ref()));
        }
        let address = Address::of(account, self.apex.shared(), Kind::Domain);
        self.objects.push((address, declared(parts)));
    }

    pub(super) fn wanted(
        &self,
        part: &str,
        attrs: Attrs,
        span: Span,
        note: Option<&Arc<str>>,
    ) -> Wanted {
        Wanted {
            part: Part::new(part),
            attrs,
            needs: Box::default(),
            origin: self.desk.origin(span, None, note),
        }
    }

    fn contacts_of(&mut self, values: &DomainValues, source: SourceId) -> Option<(Attrs, Span)> {
        let mut facet = Facet::default();
        for (key, own, of) in [
            ("admin", &values.admin, by(|values| &values.admin)),
            ("billing", &values.billing, by(|values| &values.billing)),
            ("tech", &values.tech, by(|values| &values.tech)),
        ] {
            let found = self
                .desk
                .nearest(own, source, |defaults| of(&defaults.values).as_ref())
                .cloned();
            let Some(at) = found else {
                continue;
            };
            let handle = match self.contacts.get(&at.value) {
                // Told where the contact stands, unless it has nothing in it at all.
                Some(handle) if handle.is_empty() => continue,
                Some(handle) => handle.clone(),
                None => at.value.clone(),
            };
            if !super::is_handle(&handle) {
                let message = format!("`{key}` cannot be {:?}: it is no handle", at.value);
                self.desk
                    .error(Diagnostic::error(said::CONTACT, message).at(at.span, ""));
                continue;
            }
            facet.add(key, Value::text(&handle), at.span, Source::of(own));
        }
        facet.finish()
    }

    fn settings(&self, values: &DomainValues, source: SourceId) -> Option<(Attrs, Span)> {
        let mut facet = Facet::default();
        for (key, own, of) in [
            (
                "auto_renew",
                &values.auto_renew,
                by(|values| &values.auto_renew),
            ),
            ("locked", &values.locked, by(|values| &values.locked)),
            (
                "whois_privacy",
                &values.whois_privacy,
                by(|values| &values.whois_privacy),
            ),
        ] {
            let found = self
                .desk
                .nearest(own, source, |defaults| of(&defaults.values).as_ref());
            if let Some(at) = found {
                facet.add(key, Value::bool(at.value), at.span, Source::of(own));
            }
        }
        facet.finish()
    }

    fn delegation(
        &mut self,
        values: &DomainValues,
        source: SourceId,
        glue: Glue,
    ) -> Option<(Attrs, Span)> {
        let own = &values.name_servers;
        let at = self
            .desk
            .nearest(own, source, |defaults| {
                defaults.values.name_servers.as_ref()
            })
            .cloned()?;
        let names = self.name_servers(&at, glue)?;
        let attrs = Attrs::one("name_servers", Value::list(&names));
        Some((attrs, at.span))
    }

    /// Canonical names in the order in which they are written.
    fn name_servers(&mut self, at: &At<List<Text>>, glue: Glue) -> Option<Vec<Box<str>>> {
        let mut seen: BTreeMap<Box<str>, Span> = BTreeMap::new();
        let mut names = Vec::new();
        let mut problems = Vec::new();
        if at.value.0.is_empty() {
            let message =
                "a delegation needs a name server; leave `name_servers` out to leave it as it is";
            problems.push(Diagnostic::error(said::NAME_SERVERS, message).at(at.span, ""));
        }
        for item in &at.value.0 {
            let is_address = item.value.parse::<std::net::IpAddr>().is_ok();
            let name = match name::full(&item.value) {
                Ok(name) if name.contains('.') && !is_address => name,
                Ok(_) => {
                    let message = format!("{:?} is no full name of a name server", item.value);
                    problems.push(
                        Diagnostic::error(said::NAME_SERVERS, message)
                            .at(item.span, "")
                            .help("write it like \"ns1.example.net\""),
                    );
                    continue;
                }
                Err(error) => {
                    let problem = record::name_problem(said::NAME_SERVERS, &error, "");
                    problems.push(problem.at(item.span, ""));
                    continue;
                }
            };
            if let Some(first) = seen.insert(name.clone(), item.span) {
                let message = format!("{name} stands twice among the name servers");
                problems.push(
                    Diagnostic::error(said::NAME_SERVERS, message)
                        .at(item.span, "again here")
                        .at(first, "first here"),
                );
                continue;
            }
            let below = name
                .strip_suffix(self.apex.as_str())
                .is_some_and(|before| before.is_empty() || before.ends_with('.'));
            if below && glue == Glue::None {
                let message = format!(
                    "{name} lies below {}, so the registry needs its addresses to find it",
                    self.apex
                );
                problems.push(
                    Diagnostic::error(said::GLUE, message)
                        .at(item.span, "")
                        .help(format!("write glue = {{ \"{name}\" = [\"192.0.2.53\"] }}")),
                );
            }
            names.push(name);
        }
        let fine = problems.is_empty();
        for problem in problems {
            self.desk.error(problem);
        }
        fine.then_some(names)
    }
}

/// Whether the file has addresses for name servers below the domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Glue {
    None,
    Written,
}

/// Where an attribute's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Block,
    Defaults,
}

impl Source {
    fn of<T>(own: &One<T>) -> Self {
        match own {
            Some(_) => Source::Block,
            None => Source::Defaults,
        }
    }
}

/// Names the type of a projection, so that several stand in one list.
fn by<T>(
    of: for<'v> fn(&'v DomainValues) -> &'v One<T>,
) -> for<'v> fn(&'v DomainValues) -> &'v One<T> {
    of
}

/// Attributes of one facet, and the line to show for them: its own before a default's.
#[derive(Default)]
struct Facet {
    attrs: Vec<(&'static str, Value)>,
    line: Option<(Source, Span)>,
}

impl Facet {
    fn add(&mut self, key: &'static str, value: Value, span: Span, from: Source) {
        self.attrs.push((key, value));
        if self.line.is_none_or(|before| (from, span) < before) {
            self.line = Some((from, span));
        }
    }

    fn finish(self) -> Option<(Attrs, Span)> {
        let (_, span) = self.line?;
        Some((Attrs::new(self.attrs), span))
    }
}

/// An object with these parts, sorted already.
pub(super) fn declared(parts: Vec<Wanted>) -> Declared {
    Declared {
        parts: parts.into(),
        rules: None,
        buy: None,
        renew_before: None,
        secrets: None,
    }
}
