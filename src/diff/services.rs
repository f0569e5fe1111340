//! Services and hostings: what lives in which, what is not there, and what cannot be raised here.
//!
//! None of them is made or ended by this version. What lives in one that is not there is told by itself, so
//! that everything else can go on.

use super::World;
use super::change::{Changes, Held, Note};
use super::walk::Case;
use crate::model::{Address, Attrs, Kind, Origin, Part, Seen, SeenPart, Severity, Unit, Wanted};

/// The name of a hosting's own FTP user.
const OWN_USER: &str = "(admin)";

/// True for the FTP user that a hosting brings: it is never made and never deleted.
pub(super) fn is_own_user(address: &Address) -> bool {
    address.kind == Kind::FtpUser && &*address.name == OWN_USER
}

/// True for what is ordered, or comes with what is.
pub(super) fn comes_with_an_order(address: &Address) -> bool {
    matches!(
        address.kind,
        Kind::Domain | Kind::Mail | Kind::RedirectService | Kind::Hosting
    ) || is_own_user(address)
}

/// True for what holds value and can be destroyed by a request.
pub(super) fn can_be_destroyed(address: &Address) -> bool {
    address.kind == Kind::Mailbox
}

/// True for what is told only where the file or the ledger names it.
pub(super) fn is_nobodys_business(address: &Address) -> bool {
    comes_with_an_order(address) || address.kind == Kind::Zone
}

/// Why a declared object that is not there cannot be made: what it lives in is not there either.
pub(super) fn lacking(world: &World, case: &Case) -> Option<Held> {
    let service = case.address.service().filter(|_| case.seen.is_none())?;
    let live = world.live;
    let family = (service.account.clone(), service.kind);
    let order = Unit::new(service.clone(), Part::new("order"));
    // What could not be read may well be there; the provider refuses by itself.
    if live.objects.contains_key(&service)
        || live.unreadable.contains(&family)
        || live.unreadable_units.contains(&order)
        || live.failed.iter().any(|(address, _)| *address == service)
    {
        return None;
    }
    let (code, what) = if service.kind == Kind::RedirectService {
        ("redirect.no-service", "service for redirections")
    } else if service.kind == Kind::Mail {
        ("mailbox.no-service", "mail service")
    } else if is_own_user(case.address) {
        return None;
    } else {
        ("ftp_user.no-hosting", "hosting")
    };
    Some(Held {
        address: case.address.clone(),
        code,
        reason: format!(
            "it cannot be made, because this account has no {what} of {}: order it in the provider's panel (this \
             version orders none), or write the account that has it",
            service.domain
        ),
        origin: first_line(case),
    })
}

/// That a declared service is not there.
pub(super) fn not_there(address: &Address) -> String {
    let what = if address.kind == Kind::RedirectService {
        "service for redirections"
    } else if address.kind == Kind::Mail {
        "mail service"
    } else if is_own_user(address) {
        return "its hosting names no user of its own in this account".to_owned();
    } else {
        "hosting"
    };
    format!(
        "this account has no {what} of {}, and this version orders none: order it in the provider's panel, write \
         the account that has it, or remove the block",
        address.domain
    )
}

/// What a declared capacity comes to.
pub(super) enum Capacity {
    /// It is what is live, or nothing is known of that.
    Same,
    /// It is higher, which needs an order.
    Above(Held),
    /// It is lower, or cannot be read; nothing is done about it.
    Told(Note),
    /// The service itself is not there.
    Unknown,
}

/// True for the part that says how much a service holds.
pub(super) fn is_capacity(part: &Part) -> bool {
    &*part.0 == "capacity"
}

/// Compares a declared capacity with the live one; it is never changed here.
pub(super) fn capacity(case: &Case, wanted: &Wanted, seen: Option<&SeenPart>) -> Capacity {
    let Some(seen) = seen else {
        let names: Vec<&str> = wanted.attrs.iter().map(|(name, _)| name).collect();
        return match case.seen {
            // That the service is not there is told for its own part.
            None => Capacity::Unknown,
            Some(_) => Capacity::Told(Note {
                code: "facet.unreadable",
                severity: Severity::Warning,
                address: case.address.clone(),
                message: format!(
                    "{} cannot be read at this provider, so it is compared with nothing",
                    names.join(", ")
                ),
                origin: Some(wanted.origin.clone()),
            }),
        };
    };
    for (name, _) in wanted.attrs.iter() {
        let (Some(file), Some(live)) = (wanted.attrs.int(name), seen.attrs.int(name)) else {
            return Capacity::Unknown;
        };
        let address = case.address.clone();
        let origin = Some(wanted.origin.clone());
        if file > live {
            let reason = format!(
                "{name}: raising it is not supported by this version; live {live}, declared {file}. Raise it in \
                 the provider's panel, or write {name} = {live}"
            );
            return Capacity::Above(Held {
                address,
                code: "service.capacity",
                reason,
                origin,
            });
        }
        if file < live {
            return Capacity::Told(Note {
                code: "service.capacity-below",
                severity: Severity::Notice,
                address,
                message: format!(
                    "{name}: live {live}, declared {file}; a capacity is never lowered. Write {name} = {live}"
                ),
                origin,
            });
        }
    }
    Capacity::Same
}

/// Tells where the file declares an address record at the host of a redirection: both answer for one name.
pub(super) fn beside_records(world: &World, changes: &mut Changes) {
    let objects = world.desired.objects();
    for (address, declared) in objects {
        if address.kind != Kind::Redirect {
            continue;
        }
        let home = world.desired.homes().get(&address.domain);
        let Some(zone) = home.and_then(|home| home.zone.as_ref()) else {
            continue;
        };
        let host = match address.name.strip_suffix(&*address.domain) {
            Some("") => "@",
            Some(host) => host.strip_suffix('.').unwrap_or(host),
            None => continue,
        };
        let record = ["A", "AAAA", "CNAME"]
            .map(|rtype| Address::record(zone, &address.domain, host, rtype))
            .into_iter()
            .find(|record| objects.contains_key(record));
        if let Some(record) = record {
            changes.notes.push(Note {
                code: "redirect.beside-record",
                severity: Severity::Warning,
                address: address.clone(),
                message: format!(
                    "the file declares {record} at the same name: whoever follows it never reaches the redirection. \
                     Remove one of the two"
                ),
                origin: declared.parts.first().map(|wanted| wanted.origin.clone()),
            });
        }
    }
}

/// True if nothing but the hosting has to be there for an object to be.
pub(super) fn stands_with_its_hosting(world: &World, address: &Address) -> bool {
    is_own_user(address)
        && address
            .service()
            .is_some_and(|hosting| world.live.objects.contains_key(&hosting))
}

/// Refuses to make a mail alias of a mailbox, which would lose what lies in it, unless its end is allowed by name.
pub(super) fn ends_a_mailbox(
    world: &World,
    (case, wanted): (&Case, &Wanted),
    seen: Option<&SeenPart>,
) -> Result<(), Box<Held>> {
    let address = case.address;
    let ends = address.kind == Kind::Mailbox
        && wanted.attrs.text("type") == Some("alias")
        && seen.is_some_and(|seen| seen.attrs.text("type") == Some("pop"));
    let mut consents = world.intent.destroy.iter();
    if !ends || consents.any(|pattern| pattern.matches(address)) {
        return Ok(());
    }
    Err(Box::new(Held {
        address: address.clone(),
        code: "mailbox.type",
        reason: format!(
            "type: it is a mailbox and holds mail, and an alias keeps none, so it is not made one. To do it and lose what \
             lies in it: --allow-destroy '{address}', or an [[allow]] with destroy"
        ),
        origin: Some(wanted.origin.clone()),
    }))
}

/// Waits with a change of a mailbox that the provider still works on: it takes none before that is done.
pub(super) fn still_made(world: &World, (case, wanted): (&Case, &Wanted)) -> Result<(), Box<Held>> {
    let address = case.address;
    let mut notes = world.live.notes.iter();
    let busy = address.kind == Kind::Mailbox
        && notes.any(|(code, about, _)| *code == BUSY && about.as_ref() == Some(address));
    if !busy {
        return Ok(());
    }
    Err(Box::new(Held {
        address: address.clone(),
        code: BUSY,
        reason: "the provider still works on it and takes no change before that is done; nothing is sent. Apply \
                 again later"
            .to_owned(),
        origin: Some(wanted.origin.clone()),
    }))
}

/// The code of what a provider says of a mailbox that it still works on.
const BUSY: &str = "mailbox.pending";

/// A value at a host that another object brought, and that is none of ours.
pub(super) fn is_anothers(seen: &SeenPart, ours: bool) -> bool {
    seen.owner.is_some() && !ours
}

/// The live attributes of an object itself.
pub(super) fn of_object(seen: Option<&Seen>) -> Attrs {
    seen.and_then(|seen| seen.part(&Part::object()))
        .map_or(Attrs::none(), |part| part.attrs.clone())
}

fn first_line(case: &Case) -> Option<Origin> {
    let declared = case.declared?;
    declared.parts.first().map(|wanted| wanted.origin.clone())
}
