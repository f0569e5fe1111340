//! The name servers of a domain, and the registered hosts (glue) that they may need.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::call::{Answer, Call, Entry, Failure, Reply};
use super::desk::Desk;
use super::dialect::{GlueExists, NsPut};
use super::domain::{self, Part};
use super::rdata::{self, Undotted};
use super::state::{Change, Domain, Host, Settings};

/// `GET /api/Domain/{handle}/NameServer`
pub(super) fn list(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let domain = desk.domain(call, "handle")?;
    let settings = domain::seen(desk, &domain);
    Ok(Answer::List(name_servers(desk, &settings)))
}

fn name_servers(desk: &Desk<'_>, settings: &Settings) -> Vec<Value> {
    let shown = settings.name_servers.iter().map(|name| match desk.state.host(name) {
        Some(host) => json(desk, host),
        None => json!({ "Id": desk.decimal(0), "Name": name, "Ip1": Value::Null, "Ip2": Value::Null, "Registries": Value::Null }),
    });
    shown.collect()
}

/// `PUT /api/Domain/{handle}/NameServer`: the whole list, or nothing of it.
pub(super) fn replace(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let domain = desk.domain(call, "handle")?;
    let items = call.items()?;
    let (mut seen, mut entries) = (BTreeSet::new(), Vec::new());
    let mut names = Vec::new();
    for item in items {
        let sent = item.required("Name", (1, 255))?;
        let name = host_name(&sent);
        let (code, detail) = match &name {
            None => (530, "Invalid attribute value"),
            Some(name) if !seen.insert(name.clone()) => (551, "Duplicate values"),
            Some(name) if !registered(desk, name) => (510, "The name server is not registered"),
            Some(_) => (200, "OK"),
        };
        entries.push(Entry::new(code, detail, json!({ "Name": sent })));
        names.extend(name);
    }
    if entries.iter().any(|entry| entry.code != 200) {
        entries.retain(|entry| entry.code != 200);
        return Err(Failure::Entries(entries));
    }
    let settings = Settings {
        name_servers: names,
        ..domain.settings.clone()
    };
    domain::store(desk, domain, settings.clone(), Part::Ties);
    Ok(match desk.dialect.ns_put {
        NsPut::List => Answer::Rows(name_servers(desk, &settings)),
        NsPut::Entries => Answer::Results(entries),
        NsPut::Empty => Answer::Rows(Vec::new()),
    })
}

fn host_name(name: &str) -> Option<String> {
    let name = rdata::absolute(name, Undotted::Complete)?;
    let name = name.trim_end_matches('.');
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '.';
    (name.contains('.') && name.chars().all(fits)).then(|| name.to_owned())
}

/// Tells whether a registry knows a host: those below a domain held here only if they were registered, others but `.invalid`.
fn registered(desk: &Desk<'_>, name: &str) -> bool {
    if desk.state.host(name).is_some() {
        return true;
    }
    !name.ends_with(".invalid") && superordinate(desk, name).is_none()
}

/// Finds the domain held here to which a host belongs.
fn superordinate<'a>(desk: &'a Desk<'_>, name: &str) -> Option<&'a Domain> {
    let suffixes = name.match_indices('.').map(|(at, _)| &name[at + 1..]);
    suffixes
        .filter_map(|suffix| desk.state.domain(suffix))
        .next()
}

/// `POST /api/NameServer`
pub(super) fn register(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let fields = call.fields()?;
    let sent = fields.required("Name", (1, 255))?;
    let (ip1, ip2) = (
        fields.required("Ip1", (1, 64))?,
        fields.text("Ip2", (0, 64))?,
    );
    let registry = fields.required("Registry", (1, 64))?;
    let name =
        host_name(&sent).ok_or_else(|| Failure::code(530, "Invalid attribute value: Name"))?;
    let ip2 = ip2.filter(|address| !address.is_empty());
    addresses(&ip1, ip2.as_deref())?;
    let domain = superordinate(desk, &name)
        .filter(|domain| desk.reachable(&call.user, &domain.holder))
        .cloned();
    let domain = domain.ok_or_else(|| Failure::code(510, "The object does not exist"))?;
    if domain.expires <= desk.now {
        return Err(Failure::code(
            570,
            "The status of the object forbids the operation",
        ));
    }
    if desk.state.host(&name).is_some() {
        let code = match desk.dialect.glue_exists {
            GlueExists::Put => 525,
            GlueExists::Post => 530,
        };
        return Err(Failure::code(code, "The object is already registered"));
    }
    let host = Host {
        id: desk.state.next_number(),
        name,
        holder: domain.holder,
        ip1,
        ip2,
        registry,
        registered: desk.now,
    };
    let answer = json(desk, &host);
    desk.commit(Change::Host(host));
    Ok(Answer::Object(answer))
}

/// `GET /api/NameServer/{id}`
pub(super) fn get(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let host = find(desk, call)?;
    Ok(Answer::Object(json(desk, &host)))
}

/// `PUT /api/NameServer/{id}`
pub(super) fn update(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut host = find(desk, call)?;
    let fields = call.fields()?;
    host.ip1 = fields.required("Ip1", (1, 64))?;
    host.ip2 = fields
        .text("Ip2", (0, 64))?
        .filter(|address| !address.is_empty());
    addresses(&host.ip1, host.ip2.as_deref())?;
    let answer = json(desk, &host);
    desk.commit(Change::Host(host));
    Ok(Answer::Object(answer))
}

/// `GET /api/NameServer/{name}/Check`
pub(super) fn check(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let registry = call
        .query("registry")
        .ok_or_else(|| Failure::code(400, "Bad request: registry"))?;
    let name = host_name(call.param("name"))
        .ok_or_else(|| Failure::code(530, "Invalid attribute value"))?;
    let available = desk.state.host(&name).is_none();
    Ok(Answer::Object(
        json!({ "Name": name, "Registry": registry, "Available": available }),
    ))
}

fn addresses(ip1: &str, ip2: Option<&str>) -> Result<(), Failure> {
    let valid = |text: &str| text.parse::<std::net::IpAddr>().is_ok();
    if valid(ip1) && ip2.is_none_or(valid) {
        Ok(())
    } else {
        Err(Failure::code(530, "Invalid attribute value: address"))
    }
}

fn find(desk: &Desk<'_>, call: &Call) -> Result<Host, Failure> {
    let id = call
        .number("id")
        .ok_or_else(|| Failure::model("id", "A number is expected."))?;
    let host = desk
        .state
        .hosts
        .get(&id)
        .filter(|host| desk.reachable(&call.user, &host.holder));
    host.cloned()
        .ok_or_else(|| Failure::not_found("The name server"))
}

fn json(desk: &Desk<'_>, host: &Host) -> Value {
    let Host {
        id,
        name,
        holder: _,
        ip1,
        ip2,
        registry,
        registered,
    } = host;
    json!({
        "Id": desk.decimal(*id),
        "Name": name,
        "Ip1": ip1,
        "Ip2": ip2,
        "Registries": [{ "Registry": registry, "Handle": format!("NS{id:06}"), "RegisterDate": desk.date(*registered) }],
    })
}
