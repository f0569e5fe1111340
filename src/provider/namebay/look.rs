//! Finds out what became of a write, by reading.
//!
//! Every write of the kinds here can be settled that way: a record by its value or id, a zone by its name, a facet by
//! its attributes, what hangs below a domain by its name.

pub(super) mod families;

use crate::model::dns::{Apex, Rtype};
use crate::model::{
    Action, Address, Attrs, Handle, Kind, Outcome, Pending, Reason, Unit, Value, Write,
};

use super::api::domain::{Contact, Domain, NameServer};
use super::api::zone::{DnsSec, Record, Zone};
use super::errors::Fault;
use super::session::Session;
use super::{convert, fetch, spelling};

/// Reads what a write was about, and says what came of it.
pub(super) async fn look(session: &Session, write: &Write, pending: Option<&Pending>) -> Outcome {
    let Unit { address, part } = &write.unit;
    let result = match (address.kind, part.is_object()) {
        (Kind::Record, _) => table(session, write)
            .await
            .map(|table| in_table(write, &table)),
        (Kind::Zone, true) => zone(session, &write.unit).await,
        (Kind::Redirect | Kind::Mailbox | Kind::Autoresponder | Kind::FtpUser, _) => {
            families::look(session, write, pending).await
        }
        (Kind::Domain | Kind::Zone, _) => facet(session, write)
            .await
            .map(|live| in_facet(write, &live)),
        // What the provider names is found by nothing that was written: its absence would prove nothing either.
        (
            Kind::Contact
            | Kind::RedirectService
            | Kind::Mail
            | Kind::Hosting
            | Kind::Database
            | Kind::Site
            | Kind::Wordpress
            | Kind::Certificate
            | Kind::NsKey,
            _,
        ) => Ok(Outcome::Unknown(Reason::ours(
            "look.none",
            "no look-up tells what became of it",
        ))),
    };
    result.unwrap_or_else(unreadable)
}

/// A look that brings nothing leaves the write as unknown as it was.
fn unreadable(fault: Fault) -> Outcome {
    Outcome::Unknown(fault.reason())
}

fn done(handle: Option<&str>) -> Outcome {
    Outcome::Done {
        handle: handle.map(|handle| Handle(handle.into())),
        outputs: Attrs::none(),
    }
}

fn not_taken(text: &str) -> Outcome {
    Outcome::NotSent(Reason::ours("look.absent", text))
}

/// The records of the zone that a write goes to.
pub(super) async fn table(session: &Session, write: &Write) -> Result<Vec<Record>, Fault> {
    let zone = write.within.as_ref().map_or("", |zone| &*zone.0);
    Ok(session.list(|calls| calls.records(zone)).await?.items())
}

/// Says what came of a record's write, from the zone's records.
pub(super) fn in_table(write: &Write, table: &[Record]) -> Outcome {
    let Some((host, rtype)) = write.unit.address.host_and_type() else {
        return not_taken("this is no record");
    };
    let apex = Apex::from_canonical(write.unit.address.domain.clone());
    let seen = spelling::Seen::of(&apex, table);
    let before = write.before.text("data");
    let after = write.after.text("data");
    let known = |value: &str| Some(value) == before || Some(value) == after;
    // All live values at the address, with their ids.
    let values: Vec<convert::Read> = table
        .iter()
        .filter_map(|record| {
            convert::record(&apex, &seen, record, &|_, _, value| known(value)).ok()
        })
        .filter(|read| read.host.as_str() == host && read.rtype.as_str() == rtype)
        .collect();
    let with = |value: Option<&str>| values.iter().find(|read| Some(&*read.data) == value);
    let own_id = write.handle.as_ref().map(|id| &*id.0);
    let by_id = own_id.and_then(|id| values.iter().find(|read| read.id.as_deref() == Some(id)));
    match write.action {
        Action::Create => match with(after) {
            Some(read) => done(read.id.as_deref()),
            None => not_taken("the record is not there"),
        },
        Action::Update => match (by_id, with(after)) {
            (Some(read), _) if Some(&*read.data) == after => done(own_id),
            (None, Some(read)) => done(read.id.as_deref()),
            (Some(_) | None, _) => not_taken("the record does not have the new value"),
        },
        Action::Delete => match (own_id, by_id, with(before)) {
            (Some(_), Some(_), _) | (None, _, Some(_)) => not_taken("the record is still there"),
            (Some(_), None, _) | (None, _, None) => done(None),
        },
    }
}

/// Finds a zone by its name.
pub(super) async fn zone(session: &Session, unit: &Unit) -> Result<Outcome, Fault> {
    let name = &unit.address.domain;
    let zones: Vec<Zone> = session.list(|calls| calls.zones_named(name)).await?.items();
    let found = fetch::by_name(zones).remove(name);
    Ok(match found.as_ref().and_then(|zone| zone.handle.word()) {
        Some(handle) => done(Some(handle)),
        None => not_taken("the zone is not there"),
    })
}

fn in_facet(write: &Write, live: &Attrs) -> Outcome {
    if shows(live, &write.after) {
        done(write.handle.as_ref().map(|handle| &*handle.0))
    } else {
        not_taken("the old value still stands")
    }
}

/// True if everything wanted is there.
pub(super) fn shows(live: &Attrs, wanted: &Attrs) -> bool {
    wanted
        .iter()
        .all(|(name, value)| live.get(name) == Some(value))
}

/// Reads the facet that a write changes.
pub(super) async fn facet(session: &Session, write: &Write) -> Result<Attrs, Fault> {
    let handle = write.handle.as_ref().map_or("", |handle| &*handle.0);
    let part = &*write.unit.part.0;
    Ok(match (write.unit.address.kind, part) {
        (Kind::Domain, "settings") => {
            let domain: Domain = session.object(|calls| calls.domain(handle)).await?;
            convert::settings(&domain)
        }
        (Kind::Domain, "contacts") => {
            let list: Vec<Contact> = session.list(|calls| calls.contacts(handle)).await?.items();
            convert::contacts(&list)
        }
        (Kind::Domain, "delegation") => {
            let list: Vec<NameServer> = session
                .list(|calls| calls.name_servers(handle))
                .await?
                .items();
            let names = convert::name_servers(list.iter().filter_map(|server| server.name.word()));
            Attrs::one("name_servers", Value::list(&names))
        }
        (Kind::Zone, "ttl") => {
            let zone: Zone = session.object(|calls| calls.zone(handle)).await?;
            zone.ttl
                .0
                .map_or(Attrs::none(), |ttl| Attrs::one("ttl", Value::int(ttl)))
        }
        (Kind::Zone, "dnssec") => {
            let state: DnsSec = session.object(|calls| calls.dnssec(handle)).await?;
            let wanted = state.wanted.0;
            wanted.map_or(Attrs::none(), |yes| Attrs::one("dnssec", Value::bool(yes)))
        }
        _ => Attrs::none(),
    })
}

/// The type and value that a record's write is about.
pub(super) fn subject(address: &Address) -> Option<(&str, Rtype)> {
    let (host, rtype) = address.host_and_type()?;
    Some((host, Rtype::parse(rtype).ok()?))
}
