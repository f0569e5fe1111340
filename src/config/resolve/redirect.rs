//! Redirections of one domain, and the capacity for them.
//!
//! What a provider takes beyond the file's own rules is the provider's to say.

use super::super::grammar::domain::{
    Redirect, RedirectService, RedirectServiceValues, RedirectValues,
};
use super::super::grammar::field::{Called, Named, One, Sub};
use super::super::grammar::value::{At, Text};
use super::super::said;
use super::domain::{Resolving, declared};
use super::family::{Living, Naming, has_controls};
use super::record::name_problem;
use crate::diag::{Diagnostic, SourceId, Span};
use crate::model::dns::name;
use crate::model::{Account, Address, Attrs, Kind, Value};
use std::sync::Arc;

const NAMING: Naming = Naming {
    key: "redirect",
    canonical: |text| name::full(text).map_or_else(|_| text.to_lowercase(), Into::into),
    two: "two redirections of one origin",
    code: said::REDIRECT,
};

impl Resolving<'_, '_> {
    /// Resolves the capacity and the redirections.
    pub(super) fn redirections(
        &mut self,
        service: Sub<RedirectService>,
        list: Named<Redirect>,
        living: &Living,
    ) {
        let list = self.joined(&NAMING, list);
        let service = service.0.map(|at| *at);
        let header = service.as_ref().map(|at| at.span);
        let Some(span) = header.or_else(|| list.first().map(|called| called.name.span)) else {
            return;
        };
        let own = service.as_ref().and_then(|at| {
            let values = &at.value.values;
            self.of_service(&values.account, at.span.source, |values| &values.account)
        });
        let account = match (&own, &living.domain, &living.zone) {
            (None, None, Some(zone)) => Some(zone.clone()),
            _ => self.account_below(own, living, span),
        };
        if let Some(At { span, value }) = service {
            let capacity = self.of_service(&value.values.capacity, span.source, |values| {
                &values.capacity
            });
            let members: Vec<Span> = list.iter().map(|called| called.name.span).collect();
            self.within(("redirections", "capacity"), capacity, &members);
            let capacity = capacity.map(|at| ("capacity", at));
            let kind = Kind::RedirectService;
            self.bought(kind, account.as_ref(), (span, capacity), value.note);
        }
        for called in list {
            self.redirection(called, account.as_ref());
        }
    }

    fn of_service<T: Clone>(
        &self,
        own: &One<T>,
        source: SourceId,
        of: impl Fn(&RedirectServiceValues) -> &One<T>,
    ) -> Option<At<T>> {
        let default = |values| of(values).as_ref();
        self.desk
            .nearest(own, source, |defaults| {
                default(&defaults.redirect_service.0.as_ref()?.value)
            })
            .cloned()
    }

    fn redirection(&mut self, called: Called<Redirect>, account: Option<&Account>) {
        let Called {
            name,
            block: Redirect { values, note },
        } = called;
        let source = name.span.source;
        let origin = self.redirect_origin(&name);
        let mut attrs: Vec<(&'static str, Value)> = Vec::new();
        let to = self.of_redirect(&values.to, source, |values| &values.to);
        let kind = self.of_redirect(&values.kind, source, |values| &values.kind);
        let header = said::header(&["domain", self.apex.as_str(), "redirect", &name.value]);
        let missing = [
            ("to", to.is_none(), "to = \"https://www.example.net/\""),
            (
                "type",
                kind.is_none(),
                "type = 4, the provider's number of the way",
            ),
        ];
        for (key, lacks, write) in missing {
            if lacks && !self.desk.is_lost(&header, key, name.span) {
                let message = format!("the redirection of {} has no `{key}`", name.value);
                let problem = Diagnostic::error(said::REDIRECT, message)
                    .at(name.span, "")
                    .help(format!("write {write}"));
                self.desk.error(problem);
            }
        }
        let destination = to.and_then(|at| self.destination(&at));
        attrs.extend(destination.as_deref().map(|to| ("to", Value::text(to))));
        attrs.extend(kind.map(|at| ("type", Value::int(at.value.0))));
        let active = self.of_redirect(&values.active, source, |values| &values.active);
        let relative = self.of_redirect(&values.relative, source, |values| &values.relative);
        for (key, at) in [("active", active), ("relative", relative)] {
            attrs.extend(at.map(|at| (key, Value::bool(at.value))));
        }
        let title = self.of_redirect(&values.title, source, |values| &values.title);
        let keywords = self.of_redirect(&values.keywords, source, |values| &values.keywords);
        let description =
            self.of_redirect(&values.description, source, |values| &values.description);
        let texts = [
            ("title", title),
            ("keywords", keywords),
            ("description", description),
        ];
        for (key, at) in texts {
            attrs.extend(at.map(|at| (key, Value::text(&at.value))));
        }
        let (Some(account), Some(origin)) = (account, origin) else {
            return;
        };
        let note: Option<Arc<str>> = note.map(|at| Arc::from(&*at.value));
        let part = self.wanted("", Attrs::new(attrs), name.span, note.as_ref());
        let address = Address {
            name: origin,
            ..Address::of(account, self.apex.shared(), Kind::Redirect)
        };
        self.objects.push((address, declared(vec![part])));
    }

    fn of_redirect<T: Clone>(
        &self,
        own: &One<T>,
        source: SourceId,
        of: impl Fn(&RedirectValues) -> &One<T>,
    ) -> Option<At<T>> {
        let default = |values| of(values).as_ref();
        self.desk
            .nearest(own, source, |defaults| {
                default(&defaults.redirect.0.as_ref()?.value)
            })
            .cloned()
    }

    /// The whole name that a redirection starts at: the domain's or one below it.
    fn redirect_origin(&mut self, written: &At<Text>) -> Option<Arc<str>> {
        let apex = self.apex;
        let problem = match name::full(&written.value) {
            Err(error) => name_problem(said::REDIRECT, &error, ""),
            Ok(found) if is_within(&found, apex.as_str()) => return Some(found.into()),
            Ok(found) => {
                let message = format!("a redirection of {apex} cannot start at {found}");
                let help = match found.contains('.') {
                    true => format!("write it under {}", said::header(&["domain", &*found])),
                    false => format!("write the whole name: \"{found}.{apex}\""),
                };
                Diagnostic::error(said::REDIRECT, message).help(help)
            }
        };
        self.desk.error(problem.at(written.span, ""));
        None
    }

    /// Where a redirection leads, as it is written.
    fn destination(&mut self, written: &At<Text>) -> Option<Box<str>> {
        let text = &*written.value;
        let why = destination_problem(text);
        let Some((why, help)) = why else {
            return Some(text.into());
        };
        let message = format!("`to` cannot be {text:?}: {why}");
        let problem = Diagnostic::error(said::REDIRECT, message).at(written.span, "");
        self.desk.error(match help {
            Some(help) => problem.help(help),
            None => problem,
        });
        None
    }
}

/// True for a name and what lies below it.
pub(super) fn is_within(found: &str, apex: &str) -> bool {
    found
        .strip_suffix(apex)
        .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// Why a text is no address of the web, and what to write.
pub(in crate::config) fn destination_problem(text: &str) -> Option<(String, Option<String>)> {
    if has_controls(text) || text.contains(char::is_whitespace) {
        let why = "an address has no blanks, line ends or other control characters".to_owned();
        return Some((why, None));
    }
    let has_scheme = text.contains("://");
    let parsed = url::Url::parse(text);
    let scheme = parsed.as_ref().map(url::Url::scheme);
    match (has_scheme, scheme) {
        (true, Ok("http" | "https")) => None,
        (true, Ok(scheme)) => {
            let why = format!("a redirection leads to http or https, and this is {scheme}");
            Some((why, None))
        }
        (true, Err(error)) => Some((error.to_string(), None)),
        (false, _) => {
            let text = text.trim_start_matches('/');
            let guess = format!("https://{text}");
            let help = url::Url::parse(&guess)
                .ok()
                .filter(|url| url.host_str().is_some_and(|host| host.contains('.')))
                .map(|url| format!("write \"{url}\""));
            let why = "it does not say http or https".to_owned();
            Some((why, help))
        }
    }
}
