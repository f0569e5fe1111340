//! The calls of the REST host: method, path and the family that carries each out.

use std::collections::BTreeMap;

use super::call::{Call, Reply};
use super::desk::Desk;
use super::{
    account, autorenew, autoresponder, cart, catalogue, delegation, dnssec, domain, hosting,
    import, mailbox, mailservice,
};
use super::{
    order, poll, product, record, redirection, redirectservice, roles, ticket, tld, transfer, zone,
};

/// Where a call is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// A page or the guide.
    Documented,
    /// Inference; a dialect may lack it.
    Inferred,
}

/// Whether a call needs a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Token,
    Open,
}

/// One call.
pub(super) struct Route {
    pub(super) method: &'static str,
    pub(super) template: &'static str,
    pub(super) source: Source,
    pub(super) access: Access,
    pub(super) carry_out: fn(&mut Desk<'_>, &Call) -> Reply,
}

const fn known(
    method: &'static str,
    template: &'static str,
    carry_out: fn(&mut Desk<'_>, &Call) -> Reply,
) -> Route {
    Route {
        method,
        template,
        source: Source::Documented,
        access: Access::Token,
        carry_out,
    }
}

const fn inferred(
    method: &'static str,
    template: &'static str,
    carry_out: fn(&mut Desk<'_>, &Call) -> Reply,
) -> Route {
    Route {
        method,
        template,
        source: Source::Inferred,
        access: Access::Token,
        carry_out,
    }
}

const fn open(
    method: &'static str,
    template: &'static str,
    carry_out: fn(&mut Desk<'_>, &Call) -> Reply,
) -> Route {
    Route {
        method,
        template,
        source: Source::Documented,
        access: Access::Open,
        carry_out,
    }
}

pub(super) const ROUTES: &[Route] = &[
    known("GET", "/api/Zone", zone::list),
    known("POST", "/api/Zone", zone::create),
    known("GET", "/api/Zone/{zone_handle}", zone::get),
    known("PUT", "/api/Zone/{zone_handle}", zone::update),
    known("GET", "/api/Zone/{zone_handle}/Contact", zone::contacts),
    known("GET", "/api/Zone/{zone_handle}/Record", record::list),
    known("POST", "/api/Zone/{zone_handle}/Record", record::create),
    known("GET", "/api/Zone/{zone_handle}/Record/{id}", record::get),
    known("PUT", "/api/Zone/{zone_handle}/Record/{id}", record::update),
    known(
        "DELETE",
        "/api/Zone/{zone_handle}/Record/{id}",
        record::delete,
    ),
    known("POST", "/api/Zone/Import", import::create),
    known("PUT", "/api/Zone/Import/{zone_handle}", import::replace),
    inferred("GET", "/api/Zone/{zone_handle}/DnsSec", dnssec::get),
    known("PUT", "/api/Zone/{zone_handle}/DnsSec", dnssec::set),
    known("GET", "/api/Zone/{zone_handle}/NsKey", dnssec::keys),
    known("POST", "/api/Zone/{zone_handle}/NsKey", dnssec::create_key),
    inferred(
        "DELETE",
        "/api/Zone/{zone_handle}/NsKey/{id}",
        dnssec::delete_key,
    ),
    known(
        "GET",
        "/api/Zone/{zone_handle}/NsPubKey",
        dnssec::public_keys,
    ),
    known(
        "POST",
        "/api/Zone/{zone_handle}/NsPubKey",
        dnssec::create_public,
    ),
    known(
        "PUT",
        "/api/Zone/{zone_handle}/NsPubKey/{id}",
        dnssec::update_public,
    ),
    inferred(
        "DELETE",
        "/api/Zone/{zone_handle}/NsPubKey/{id}",
        dnssec::delete_public,
    ),
    inferred(
        "GET",
        "/api/Zone/{zone_handle}/Redirection",
        redirection::list,
    ),
    known(
        "POST",
        "/api/Zone/{zone_handle}/Redirection",
        redirection::create,
    ),
    known(
        "GET",
        "/api/Zone/{zone_handle}/Redirection/{handle}",
        redirection::get,
    ),
    known(
        "PUT",
        "/api/Zone/{zone_handle}/Redirection/{handle}",
        redirection::update,
    ),
    known(
        "DELETE",
        "/api/Zone/{zone_handle}/Redirection/{handle}",
        redirection::delete,
    ),
    known(
        "GET",
        "/api/Zone/{zone_handle}/RedirectService",
        redirectservice::list,
    ),
    known(
        "GET",
        "/api/Zone/{zone_handle}/RedirectService/{handle}",
        redirectservice::get,
    ),
    known(
        "PUT",
        "/api/Zone/{zone_handle}/RedirectService/{handle}",
        redirectservice::update,
    ),
    known("GET", "/api/Mail", mailbox::list),
    known("POST", "/api/Mail", mailbox::create),
    known("PUT", "/api/Mail/{handle}", mailbox::update),
    known("DELETE", "/api/Mail/{handle}", mailbox::delete),
    known(
        "GET",
        "/api/Mail/{handle}/AutoResponder",
        autoresponder::get,
    ),
    known(
        "PUT",
        "/api/Mail/{handle}/AutoResponder",
        autoresponder::set,
    ),
    known(
        "DELETE",
        "/api/Mail/{handle}/AutoResponder",
        autoresponder::delete,
    ),
    known("GET", "/api/Mail/Config", mailservice::config),
    known("GET", "/api/Mail/Service", mailservice::list),
    known("GET", "/api/Mail/Service/{handle}", mailservice::get),
    known("PUT", "/api/Mail/Service/{handle}", mailservice::update),
    inferred("GET", "/api/Hosting/{hosting_handle}", hosting::get),
    known("PUT", "/api/Hosting/{hosting_handle}", hosting::update),
    inferred("GET", "/api/Hosting/{hosting_handle}/User", hosting::list),
    known(
        "POST",
        "/api/Hosting/{hosting_handle}/User",
        hosting::create,
    ),
    known(
        "PUT",
        "/api/Hosting/{hosting_handle}/User/{id}",
        hosting::update_user,
    ),
    known(
        "DELETE",
        "/api/Hosting/{hosting_handle}/User/{id}",
        hosting::delete,
    ),
    known("GET", "/api/Domain", domain::list),
    known("GET", "/api/Domain/{handle}", domain::get),
    known("PUT", "/api/Domain/{handle}", domain::update),
    known("GET", "/api/Domain/{handle}/Contact", roles::list),
    known("PUT", "/api/Domain/{handle}/Contact", roles::update),
    inferred("GET", "/api/Domain/{handle}/NameServer", delegation::list),
    known(
        "PUT",
        "/api/Domain/{handle}/NameServer",
        delegation::replace,
    ),
    open("GET", "/api/Domain/{domain}/Availability", tld::available),
    open("GET", "/api/Domain/Availability", tld::available_by_query),
    open("POST", "/api/Domain/Availability", tld::available_in_bulk),
    open("GET", "/api/Domain/TldDetails", tld::details),
    known(
        "GET",
        "/api/Domain/{domain}/Transferable",
        transfer::transferable,
    ),
    known("GET", "/api/Domain/{handle}/Authcode", transfer::authcode),
    known("POST", "/api/NameServer", delegation::register),
    known("GET", "/api/NameServer/{id}", delegation::get),
    known("PUT", "/api/NameServer/{id}", delegation::update),
    known("GET", "/api/NameServer/{name}/Check", delegation::check),
    known("GET", "/api/OwnedProduct", product::list),
    known("GET", "/api/OwnedProduct/{handle}", product::get),
    known("POST", "/api/Contact", account::create),
    known("GET", "/api/Contact/{handle}", account::get),
    known("GET", "/api/Contact/{handle}/Account", account::balance),
    known("GET", "/api/Contact/Pack", account::pack),
    known("PUT", "/api/Contact/Pack", account::set_pack),
    known("GET", "/api/Product", catalogue::list),
    known("POST", "/api/Panier", cart::create),
    known("GET", "/api/Panier/{id}", cart::get),
    known("PUT", "/api/Panier/{id}", cart::update),
    inferred(
        "DELETE",
        "/api/Panier/{panier}/Item/{id}",
        cart::delete_item,
    ),
    known("GET", "/api/Transaction/{transactionId}", order::get),
    known(
        "GET",
        "/api/Transaction/{transactionId}/Ticket",
        ticket::list,
    ),
    known("GET", "/api/Poll", poll::get),
    known("PUT", "/api/Poll/{id}/Acknowledge", poll::acknowledge),
    known("GET", "/api/Invoice", order::invoices),
    known("GET", "/api/Invoice/{id}", order::get_invoice),
    known("GET", "/api/AutoRenew", autorenew::list),
    known("PUT", "/api/AutoRenew/{id}", autorenew::update),
];

/// What a method and a path lead to.
pub(super) enum Found {
    Route(&'static Route, BTreeMap<&'static str, String>),
    /// The path is known, the method is not.
    OtherMethod(&'static str),
    Nothing,
}

/// Finds a route; fixed words count more than parameters, and letter case does not count in them.
pub(super) fn find(method: &str, path: &str) -> Found {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let fits = ROUTES
        .iter()
        .filter_map(|route| Some((fixed(route.template, &segments)?, route)));
    let fits: Vec<(usize, &'static Route)> = fits.collect();
    let Some(best) = fits.iter().map(|(fixed, _)| *fixed).max() else {
        return Found::Nothing;
    };
    let mut best = fits
        .into_iter()
        .filter(|(fixed, _)| *fixed == best)
        .map(|(_, route)| route)
        .peekable();
    let Some(first) = best.peek().copied() else {
        return Found::Nothing;
    };
    match best.find(|route| route.method == method) {
        Some(route) => Found::Route(route, params(route.template, &segments)),
        None => Found::OtherMethod(first.template),
    }
}

/// Counts the fixed words in which a template and a path agree; nothing where they differ.
fn fixed(template: &str, segments: &[&str]) -> Option<usize> {
    let words: Vec<&str> = template.trim_matches('/').split('/').collect();
    if words.len() != segments.len() {
        return None;
    }
    let agree = words
        .iter()
        .zip(segments)
        .map(|(word, segment)| match word.starts_with('{') {
            true if segment.is_empty() => None,
            true => Some(0),
            false => word.eq_ignore_ascii_case(segment).then_some(1),
        });
    agree.sum()
}

fn params(template: &'static str, segments: &[&str]) -> BTreeMap<&'static str, String> {
    let words = template.trim_matches('/').split('/').zip(segments);
    let named = words.filter_map(|(word, segment)| {
        let name = word.strip_prefix('{')?.strip_suffix('}')?;
        Some((name, percent_decoded(segment)))
    });
    named.collect()
}

fn percent_decoded(text: &str) -> String {
    let source = text.as_bytes();
    let mut bytes = Vec::with_capacity(source.len());
    let mut at = 0;
    while at < source.len() {
        let hex = text
            .get(at + 1..at + 3)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (source[at], hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                at += 3;
            }
            (byte, _) => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
