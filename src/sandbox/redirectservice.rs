//! The services that allow a number of redirections of a zone.

use serde_json::{Value, json};

use super::call::{Answer, Call, Failure, Reply};
use super::desk::Desk;
use super::redirection;
use super::state::{RedirectService, Served, Zone};

/// `GET /api/Zone/{zone_handle}/RedirectService`
pub(super) fn list(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let zone = desk.zone(call, 404)?;
    let found = services(desk, &zone).map(|service| json(desk, &zone, service));
    Ok(Answer::List(found.collect()))
}

/// `GET /api/Zone/{zone_handle}/RedirectService/{handle}`
pub(super) fn get(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let zone = desk.zone(call, 404)?;
    let service = find(desk, call, &zone)?;
    Ok(Answer::Object(json(desk, &zone, &service)))
}

/// `PUT /api/Zone/{zone_handle}/RedirectService/{handle}`
pub(super) fn update(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let zone = desk.zone(call, 404)?;
    let mut service = find(desk, call, &zone)?;
    let auto_renew = call.fields()?.boolean("AutoRenew")?;
    service.auto_renew = auto_renew.unwrap_or(service.auto_renew);
    let answer = json(desk, &zone, &service);
    desk.serve(Served::RedirectService(service));
    Ok(Answer::Object(answer))
}

fn services<'a>(desk: &'a Desk<'_>, zone: &Zone) -> impl Iterator<Item = &'a RedirectService> {
    let all = desk.state.services.redirect_services.values();
    let name = zone.name.clone();
    all.filter(move |service| service.domain == name)
}

fn find(desk: &Desk<'_>, call: &Call, zone: &Zone) -> Result<RedirectService, Failure> {
    let handle = call.param("handle").to_ascii_uppercase();
    let found = services(desk, zone).find(|service| service.handle == handle);
    found
        .cloned()
        .ok_or_else(|| Failure::not_found("The redirect service"))
}

/// Checks that a service still has room: 511 where all have expired, 513 where all are full or there is none.
pub(super) fn room(desk: &Desk<'_>, zone: &Zone) -> Result<(), Failure> {
    let (mut running, mut units) = (true, 0);
    for service in services(desk, zone) {
        running &= service.expires > desk.now;
        if service.expires > desk.now {
            units += service.units as usize;
        }
    }
    match (redirection::of_zone(desk, zone).count() < units, running) {
        (true, _) => Ok(()),
        (false, true) => Err(Failure::code(513, "The quota is exceeded")),
        (false, false) => Err(Failure::code(511, "The object has expired")),
    }
}

/// Writes a service; redirections fill the services of a zone in the order of their handles.
fn json(desk: &Desk<'_>, zone: &Zone, service: &RedirectService) -> Value {
    let before: u64 = services(desk, zone)
        .filter(|other| other.handle < service.handle)
        .map(|other| u64::from(other.units))
        .sum();
    let all = redirection::of_zone(desk, zone).count() as u64;
    let used = all.saturating_sub(before).min(u64::from(service.units));
    let status = if service.expires <= desk.now {
        "expired"
    } else {
        "active"
    };
    json!({
        "Handle": service.handle,
        "Name": service.domain,
        "Status": desk.state_word(status),
        "ProductId": 1036,
        "Unit": service.units,
        "AvailableRedirect": u64::from(service.units) - used,
        "UsedRedirect": used,
        "Created": desk.date(service.created),
        "Expires": desk.date(service.expires),
        "AutoRenew": service.auto_renew,
    })
}
