//! Redirections between what Namebay says and the model; pure.

use std::sync::Arc;

use crate::model::dns::name::{self, HostForm};
use crate::model::dns::{Apex, Host};
use crate::model::{Attrs, Value};

use super::super::api::redirection::{RedirectService, Redirection, RedirectionInput};

/// The full name that a redirection redirects, canonical; `None` for what no file can name: another domain's, or one
/// with a path.
pub(in crate::provider::namebay) fn origin(domain: &Arc<str>, text: &str) -> Option<Arc<str>> {
    let apex = Apex::from_canonical(Arc::clone(domain));
    let text = text.trim();
    let bare = ["http://", "https://"].iter().find_map(|scheme| {
        let head = text.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme)
            .then(|| &text[scheme.len()..])
    });
    let bare = bare.unwrap_or(text);
    let bare = bare.strip_suffix('/').unwrap_or(bare);
    if bare.contains(['/', '?', '#', ':']) {
        return None;
    }
    let host = Host::from_server(&apex, bare, HostForm::Unclear).ok()?;
    let full = host.absolute(&apex);
    Some(full.strip_suffix('.').unwrap_or(&full).into())
}

/// A destination in one spelling: scheme and host have no case, and a host alone is its root. The rest is the target's
/// own and stays as it is.
pub(in crate::provider::namebay) fn destination(text: &str) -> String {
    let text = text.trim();
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (user, place) = match authority.rsplit_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, authority),
    };
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(port)),
        Some(_) | None => (place, None),
    };
    let mut out = scheme.to_ascii_lowercase();
    out.push_str("://");
    if let Some(user) = user {
        out.push_str(user);
        out.push('@');
    }
    match name::full(host) {
        Ok(host) => out.push_str(&host),
        Err(_) => out.push_str(&host.to_ascii_lowercase()),
    }
    if let Some(port) = port {
        out.push(':');
        out.push_str(port);
    }
    out.push_str(if path.is_empty() { "/" } else { path });
    out
}

/// A redirection's attributes. A text that is not set is an empty one; one that is listed and does not say otherwise is
/// active.
pub(in crate::provider::namebay) fn redirection(read: &Redirection) -> Attrs {
    let text = |text: &super::api::lenient::Text| Value::text(text.raw().trim());
    let mut attrs = vec![
        ("to", Value::text(&destination(read.destination.raw()))),
        ("active", Value::bool(read.active.0.unwrap_or(true))),
        ("relative", Value::bool(read.relative.0.unwrap_or(false))),
        ("title", text(&read.title)),
        ("keywords", text(&read.keywords)),
        ("description", text(&read.description)),
    ];
    attrs.extend(read.kind.0.map(|kind| ("type", Value::int(kind))));
    Attrs::new(attrs)
}

/// What is sent for these attributes; `None` where one lacks that no redirection can be without.
pub(in crate::provider::namebay) fn redirection_input(
    origin: &str,
    attrs: &Attrs,
) -> Option<RedirectionInput> {
    let text = |name: &str| attrs.text(name).map(str::to_owned);
    Some(RedirectionInput {
        url_origin: origin.to_owned(),
        url_destination: text("to")?,
        kind: attrs.int("type")?,
        active: attrs.yes("active"),
        title: text("title"),
        meta_keyword: text("keywords"),
        meta_description: text("description"),
        relative: attrs.yes("relative"),
    })
}

/// The service that ends last, and how many redirections all of them allow.
pub(in crate::provider::namebay) fn redirect_service(
    list: &[RedirectService],
) -> Option<(&RedirectService, Option<i64>)> {
    let last = list
        .iter()
        .filter(|service| service.handle.word().is_some())
        .max_by_key(|service| (service.expires.0, service.handle.word()))?;
    let units: Vec<i64> = list.iter().filter_map(|service| service.unit.0).collect();
    let sum = units
        .iter()
        .try_fold(0_i64, |sum, unit| sum.checked_add(*unit));
    Some((last, sum.filter(|_| !units.is_empty())))
}
