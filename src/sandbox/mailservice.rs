//! Mail services and the mail configuration of a domain: how many mailboxes there may be and how many there are.

use serde_json::{Value, json};

use super::call::{Answer, Call, Failure, Reply};
use super::desk::Desk;
use super::state::{Domain, MailKind, MailService, Served};

/// How many addresses that forward each service allows.
const ALIASES: u64 = 100;

/// `GET /api/Mail/Service`
pub(super) fn list(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let (handle, name) = (call.query("domain_handle"), call.query("domain_name"));
    let active = match call.query("active") {
        None => None,
        Some(word) if word.eq_ignore_ascii_case("true") => Some(true),
        Some(word) if word.eq_ignore_ascii_case("false") => Some(false),
        Some(_) => return Err(Failure::model("active", "true or false is expected.")),
    };
    let all = desk.state.services.mail_services.values();
    let found = all.filter(|service| {
        desk.listed(&call.user, &service.holder)
            && handle.is_none_or(|handle| service.domain_handle.eq_ignore_ascii_case(handle))
            && name.is_none_or(|name| service.domain.eq_ignore_ascii_case(name))
            && active.is_none_or(|active| active == (service.expires > desk.now))
    });
    Ok(Answer::List(
        found.map(|service| json(desk, service)).collect(),
    ))
}

/// `GET /api/Mail/Service/{handle}`
pub(super) fn get(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let service = find(desk, &call.user, call.param("handle"))?;
    Ok(Answer::Object(json(desk, &service)))
}

/// `PUT /api/Mail/Service/{handle}`: of the whole model only the renewal counts.
pub(super) fn update(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut service = find(desk, &call.user, call.param("handle"))?;
    let auto_renew = call.fields()?.boolean("AutoRenew")?;
    service.auto_renew = auto_renew
        .ok_or_else(|| Failure::model("AutoRenew", "The AutoRenew field is required."))?;
    let answer = json(desk, &service);
    desk.serve(Served::MailService(service));
    Ok(Answer::Object(answer))
}

/// `GET /api/Mail/Config`: the handle wins where both are sent.
pub(super) fn config(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let domain = match (call.query("domHandle"), call.query("domain")) {
        (Some(handle), _) => desk.state.domains.get(&handle.to_ascii_uppercase()),
        (None, Some(name)) => desk.state.domain(&name.to_ascii_lowercase()),
        (None, None) => {
            return Err(Failure::code(400, "Bad request: domain or domHandle"));
        }
    };
    let domain = domain.filter(|domain| desk.reachable(&call.user, &domain.holder));
    let domain = domain.ok_or_else(|| Failure::not_found("The domain"))?;
    Ok(Answer::Object(config_json(desk, domain)))
}

fn config_json(desk: &Desk<'_>, domain: &Domain) -> Value {
    let all = desk.state.services.mail_services.values();
    let services: Vec<&MailService> = all
        .filter(|service| service.domain == domain.name)
        .collect();
    let sum = |of: &dyn Fn(&MailService) -> u64| services.iter().map(|s| of(s)).sum::<u64>();
    let bought = sum(&|service| u64::from(service.capacity));
    let boxes = sum(&|service| used(desk, service, MailKind::Box));
    let aliases = sum(&|service| used(desk, service, MailKind::Alias));
    let allowed = ALIASES * services.len() as u64;
    let begun = services.iter().map(|service| service.created).min();
    let running = services.iter().any(|service| service.expires > desk.now);
    json!({
        "dom_handle": domain.handle,
        "domain": domain.name,
        "max_alias": allowed,
        "max_redir": 0,
        "max_size": 5000,
        "max_mail": bought,
        "srvGroup": 1,
        "available_mail": bought.saturating_sub(boxes),
        "used_mail": boxes,
        "available_alias": allowed.saturating_sub(aliases),
        "used_alias": aliases,
        "is_active": running,
        "config_date_cre": begun.map_or(Value::Null, |time| desk.date(time)),
        "services": services.iter().map(|service| json(desk, service)).collect::<Vec<_>>(),
        "Errors": [],
    })
}

/// Finds a service by handle for a user.
pub(super) fn find(desk: &Desk<'_>, user: &str, handle: &str) -> Result<MailService, Failure> {
    let all = &desk.state.services.mail_services;
    let found = all.get(&handle.to_ascii_uppercase());
    found
        .filter(|service| desk.reachable(user, &service.holder))
        .cloned()
        .ok_or_else(|| Failure::not_found("The mail service"))
}

/// Counts the mailboxes or the forwarding addresses of a service.
fn used(desk: &Desk<'_>, service: &MailService, kind: MailKind) -> u64 {
    let all = desk.state.services.mailboxes.values();
    all.filter(|mailbox| mailbox.service == service.handle && mailbox.kind == kind)
        .count() as u64
}

/// Checks that a service takes one more: 511 where it has expired, 513 where it is full.
pub(super) fn room(desk: &Desk<'_>, service: &MailService, kind: MailKind) -> Result<(), Failure> {
    if service.expires <= desk.now {
        return Err(Failure::code(511, "The object has expired"));
    }
    let most = match kind {
        MailKind::Box => u64::from(service.capacity),
        MailKind::Alias => ALIASES,
    };
    if used(desk, service, kind) < most {
        Ok(())
    } else {
        Err(Failure::code(513, "The quota is exceeded"))
    }
}

fn json(desk: &Desk<'_>, service: &MailService) -> Value {
    let MailService {
        handle,
        domain,
        domain_handle,
        capacity,
        expires,
        auto_renew,
        ..
    } = service;
    let boxes = used(desk, service, MailKind::Box);
    json!({
        "handle": handle,
        "domain_handle": domain_handle,
        "name": domain,
        "parent_handle": Value::Null,
        "parent_type": Value::Null,
        "max_mail": capacity,
        "available_mail": u64::from(*capacity).saturating_sub(boxes),
        "used_mail": boxes,
        "expires_at": desk.date(*expires),
        "AutoRenew": auto_renew,
    })
}
