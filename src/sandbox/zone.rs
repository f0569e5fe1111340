//! Zones: list, create, read, time-to-live, contacts; and what a new zone holds.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::call::{Answer, Call, Failure, Reply};
use super::clock;
use super::desk::Desk;
use super::dialect::{Defaults, Delegation, Dialect, Filter, Outside, Serial};
use super::seed::Seed;
use super::state::{Change, Domain, Maker, NAME_SERVERS, Record, Zone};

/// `GET /api/Zone`
pub(super) fn list(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let name = call.query("name");
    let zones = desk
        .state
        .zones
        .values()
        .filter(|zone| desk.listed(&call.user, &zone.holder));
    let zones =
        zones.filter(|zone| name.is_none_or(|name| matches(&zone.name, name, desk.dialect.filter)));
    Ok(Answer::List(
        zones.map(|zone| json(zone, desk.dialect)).collect(),
    ))
}

/// `POST /api/Zone`
pub(super) fn create(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let name = call.fields()?.required("Name", (1, 255))?;
    let domain = domain_of_new(desk, call, &name)?;
    if desk.dialect.delegation == Delegation::Checked && !domain.delegated_here() {
        return Err(Failure::code(
            714,
            "The primary name server of the domain is not Namebay's",
        ));
    }
    let zone = new_zone(&domain, desk.state.next_number(), desk.now);
    desk.commit(Change::Zone(Box::new(zone.clone())));
    let mut records = provider_records(&zone, NAME_SERVERS.map(str::to_owned).as_slice());
    if desk.dialect.defaults == Defaults::Parking {
        records.extend(parking());
    }
    fill(desk, &zone, records);
    Ok(Answer::Object(json(&zone, desk.dialect)))
}

/// Finds the domain for which a zone is to be made, and checks all but its delegation.
pub(super) fn domain_of_new(desk: &Desk<'_>, call: &Call, name: &str) -> Result<Domain, Failure> {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let domain = match desk.state.domain(&name) {
        Some(domain) if desk.reachable(&call.user, &domain.holder) => domain.clone(),
        None if desk.dialect.outside == Outside::Made => registered_elsewhere(desk, call, &name)?,
        Some(_) | None => return Err(Failure::not_found("The domain")),
    };
    if domain.ambiguous {
        return Err(Failure::code(300, "Several objects match this name"));
    }
    if !desk.may_edit(&call.user, &domain) {
        return Err(Failure::code(
            712,
            "You do not have permission on the domain",
        ));
    }
    if !domain.advanced_dns {
        return Err(Failure::code(
            713,
            "Advanced DNS Management is not active for this domain",
        ));
    }
    if desk.state.zones.contains_key(&domain.handle) {
        return Err(Failure::code(707, "The zone already exists"));
    }
    Ok(domain)
}

/// A domain that another registrar holds and that is delegated here; it is no object of any account.
fn registered_elsewhere(desk: &Desk<'_>, call: &Call, name: &str) -> Result<Domain, Failure> {
    if desk.state.zones.values().any(|zone| zone.name == name) {
        return Err(Failure::code(707, "The zone already exists"));
    }
    let seed = Seed::empty_at(desk.now).domain(&call.user, name);
    let domain = seed.state.domain(name).cloned();
    let domain = domain.ok_or_else(|| Failure::not_found("The domain"))?;
    Ok(Domain {
        handle: format!("ZO{:06}", 100_000 + desk.state.next_number()),
        ..domain
    })
}

/// `GET /api/Zone/{zone_handle}`
pub(super) fn get(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let zone = desk.zone(call, 404)?;
    Ok(Answer::Object(json(&zone, desk.dialect)))
}

/// `PUT /api/Zone/{zone_handle}`
pub(super) fn update(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let fields = call.fields()?;
    let name = fields.required("Name", (1, 255))?;
    let ttl = fields.integer("Ttl")?;
    let mut zone = writable(desk, call)?;
    if !name.trim_end_matches('.').eq_ignore_ascii_case(&zone.name) {
        return Err(Failure::code(
            552,
            "The object name and the handle do not match",
        ));
    }
    if let Some(ttl) = ttl {
        let in_range = u32::try_from(ttl).ok().filter(|ttl| *ttl <= 2_147_483_647);
        zone.ttl = in_range.ok_or_else(|| {
            Failure::model("Ttl", "The field Ttl must be between 0 and 2147483647.")
        })?;
        touch(desk, &mut zone);
    }
    Ok(Answer::Object(json(&zone, desk.dialect)))
}

/// Finds a zone that is to be written as a whole: 702, 703, 712, 713.
pub(super) fn writable(desk: &Desk<'_>, call: &Call) -> Result<Zone, Failure> {
    let zone = desk.zone(call, 702)?;
    if let Some(domain) = desk.state.domains.get(&zone.handle) {
        if !desk.may_edit(&call.user, domain) {
            return Err(Failure::code(
                712,
                "You do not have permission on the domain",
            ));
        }
        if !domain.advanced_dns {
            return Err(Failure::code(
                713,
                "Advanced DNS Management is not active for this domain",
            ));
        }
        if domain.expires <= desk.now {
            return Err(Failure::code(703, "The zone is inactive"));
        }
    }
    Ok(zone)
}

/// `GET /api/Zone/{zone_handle}/Contact`
pub(super) fn contacts(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let zone = desk.zone(call, 404)?;
    let domain = desk.state.domains.get(&zone.handle).cloned();
    let contacts = domain.map(|domain| super::roles::contacts(desk, &domain, &domain.settings));
    Ok(Answer::List(contacts.unwrap_or_default()))
}

/// Tells whether a name passes a filter.
pub(super) fn matches(name: &str, wanted: &str, filter: Filter) -> bool {
    let wanted = wanted.to_ascii_lowercase();
    match filter {
        Filter::Exact => name == wanted,
        Filter::Prefix => name.starts_with(&wanted),
        Filter::Substring => name.contains(&wanted),
        Filter::Ignored => true,
    }
}

/// Notes that a zone was written.
pub(super) fn touch(desk: &mut Desk<'_>, zone: &mut Zone) {
    zone.writes += 1;
    zone.written = desk.now;
    desk.commit(Change::Zone(Box::new(zone.clone())));
}

/// Makes a zone with the provider's usual values.
pub(super) fn new_zone(domain: &Domain, number: u64, now: Timestamp) -> Zone {
    Zone {
        handle: domain.handle.clone(),
        number,
        name: domain.name.clone(),
        holder: domain.holder.clone(),
        primary: NAME_SERVERS[0].to_owned(),
        person: format!("hostmaster@{}", domain.name),
        refresh: 10_800,
        retry: 600,
        expire: 1_209_600,
        minimum: 3_600,
        ttl: 36_000,
        writes: 0,
        created: now,
        written: now,
        secure: false,
        signed: None,
    }
}

/// Host, type, data and maker of a record that is to be.
pub(super) type Draft = (String, String, String, Maker);

/// Gives SOA and NS of a zone.
pub(super) fn provider_records(zone: &Zone, name_servers: &[String]) -> Vec<Draft> {
    let person = zone.person.replacen('@', ".", 1);
    let Zone {
        primary,
        refresh,
        retry,
        expire,
        minimum,
        ..
    } = zone;
    let soa = format!("{primary}. {person}. 1 {refresh} {retry} {expire} {minimum}");
    let apex =
        |rtype: &str, data: String| ("@".to_owned(), rtype.to_owned(), data, Maker::Provider);
    let name_servers = name_servers.iter().map(|name| {
        apex(
            "NS",
            format!("{}.", name.trim_end_matches('.').to_ascii_lowercase()),
        )
    });
    [apex("SOA", soa)].into_iter().chain(name_servers).collect()
}

/// Gives the records of a zone that nobody has filled.
pub(super) fn parking() -> Vec<Draft> {
    let record = |host: &str, rtype: &str, data: &str| {
        (
            host.to_owned(),
            rtype.to_owned(),
            data.to_owned(),
            Maker::Client,
        )
    };
    vec![
        record("@", "A", "198.51.100.80"),
        record("www", "A", "198.51.100.80"),
        record("@", "MX", "10 mail.namebay.com."),
    ]
}

/// Gives a zone its records, in place of those that it had.
pub(super) fn fill(desk: &mut Desk<'_>, zone: &Zone, drafts: Vec<Draft>) {
    let first = desk.state.next_number();
    let records = (first..)
        .zip(drafts)
        .map(|(id, (host, rtype, data, maker))| Record {
            id,
            host,
            rtype,
            data,
            maker,
            sent_host: None,
            sent_data: None,
            written: desk.now,
        });
    let records = records.collect();
    desk.commit(Change::Filled {
        zone: zone.handle.clone(),
        records,
    });
}

/// Writes a zone as an answer has it.
pub(super) fn json(zone: &Zone, dialect: &Dialect) -> Value {
    let serial = match dialect.serial {
        Serial::Minute => clock::serial_text(zone.written),
        Serial::Second => zone.written.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Serial::Counter => (2_025_041_600 + zone.writes).to_string(),
        Serial::Never => clock::serial_text(zone.created),
    };
    json!({
        "Handle": zone.handle,
        "Name": zone.name,
        "SoaExpire": zone.expire,
        "SoaMinimum": zone.minimum,
        "SoaPrimaryNs": zone.primary,
        "SoaSerial": serial,
        "SoaRefresh": zone.refresh,
        "SoaRespPerson": zone.person,
        "SoaRetry": zone.retry,
        "Ttl": zone.ttl,
    })
}
