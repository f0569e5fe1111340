//! The file's side in Namebay's canonical form and order; pure.
//!
//! Order: a zone that exists is filled before its domain is delegated to it, while a zone is only made for a domain that
//! has Namebay's name servers (714). Both needs are stated; where they meet in one plan, the planner lets the making of
//! the zone come after the delegation. A domain that the file delegates elsewhere is the exception: its zone has to be
//! made while the domain still points here. Redirections come after both; mailboxes, answers and FTP users after what
//! they hang below.

mod families;

use std::collections::BTreeSet;

use crate::diag::Diagnostics;
use crate::model::{
    Account, Address, Admitted, Attrs, Data, Desired, Kind, Need, Part, Unit, Value, Wanted,
};

use super::{convert, limits};

/// Brings an account's part of the file into canonical form, and tells what Namebay cannot hold.
pub(super) fn admit(mut desired: Desired, told: &mut Diagnostics) -> Admitted {
    let mut told = limits::Told::new(told);
    let mut objects = std::mem::take(&mut desired.objects);
    let mut file = File::default();
    for (address, declared) in &objects {
        match address.kind {
            Kind::Domain => {}
            Kind::RedirectService | Kind::Mail | Kind::Mailbox | Kind::Hosting => {
                file.tops.insert(address.clone());
                continue;
            }
            Kind::Contact
            | Kind::Zone
            | Kind::Record
            | Kind::Redirect
            | Kind::Autoresponder
            | Kind::FtpUser
            | Kind::Database
            | Kind::Site
            | Kind::Wordpress
            | Kind::Certificate
            | Kind::NsKey => continue,
        }
        for wanted in &declared.parts {
            let unit = Unit::new(address.clone(), wanted.part.clone());
            if leaves(&canonical(&wanted.attrs)) {
                file.leaving.insert(unit.clone());
            }
            file.domains.insert(unit);
        }
    }
    for (address, declared) in &mut objects {
        for wanted in &mut declared.parts {
            // Records come in their canonical form, and there are many of them.
            if address.kind == Kind::Domain {
                wanted.attrs = canonical(&wanted.attrs);
            } else if address.kind != Kind::Record {
                families::canonical(address.kind, &mut wanted.attrs);
            }
            limits::check(address, wanted, &mut told);
            wanted.needs = needs(address, wanted, &desired, &file);
        }
        families::secrets(address, declared);
    }
    told.finish();
    desired.objects = objects;
    Admitted::by_provider(desired)
}

/// What the file says of the account's domains, for the order of writes.
#[derive(Default)]
struct File {
    /// The parts that it declares.
    domains: BTreeSet<Unit>,
    /// Those that delegate to servers that are not Namebay's.
    leaving: BTreeSet<Unit>,
    /// What others hang below: services, hostings and mailboxes.
    tops: BTreeSet<Address>,
}

/// True for name servers of which none is Namebay's own; in canonical order one that is comes first.
fn leaves(attrs: &Attrs) -> bool {
    let names = attrs.list("name_servers").unwrap_or_default();
    names
        .first()
        .is_some_and(|first| !convert::is_own_server(first))
}

fn canonical(attrs: &Attrs) -> Attrs {
    let one = |name: &'static str, value: &Value| {
        let value = match (name, value) {
            ("name_servers", Value::Known(Data::List(names))) => {
                Value::list(&convert::name_servers(names))
            }
            ("admin" | "billing" | "tech", Value::Known(Data::Text(handle))) => {
                Value::text(&convert::contact(handle))
            }
            _ => value.clone(),
        };
        (name, value)
    };
    if !attrs
        .iter()
        .any(|(name, _)| matches!(name, "name_servers" | "admin" | "billing" | "tech"))
    {
        return attrs.clone();
    }
    Attrs::new(attrs.iter().map(|(name, value)| one(name, value)).collect())
}

fn needs(address: &Address, wanted: &Wanted, desired: &Desired, file: &File) -> Box<[Need]> {
    let mut needs = wanted.needs.to_vec();
    let home = || desired.homes.get(&address.domain);
    let of_domain = |part: &str| {
        let account: &Account = home()?.domain.as_ref()?;
        let unit = Unit::new(
            Address::of(account, &address.domain, Kind::Domain),
            Part::new(part),
        );
        // Of another account only the file as a whole knows the parts; a need that nothing writes is none.
        (*account != address.account || file.domains.contains(&unit)).then_some(Need::Unit(unit))
    };
    if address.kind == Kind::Domain && &*wanted.part.0 == "delegation" {
        let zone = home().and_then(|home| home.zone.as_ref());
        needs.extend(
            zone.map(|account| Need::Inside(Address::of(account, &address.domain, Kind::Zone))),
        );
    }
    if address.kind == Kind::Zone && wanted.part.is_object() {
        let stays = |need: &Need| match need {
            Need::Unit(unit) => !file.leaving.contains(unit),
            Need::Inside(_) => true,
        };
        needs.extend(of_domain("delegation").filter(stays));
        needs.extend(of_domain("order"));
    }
    let signs = wanted.attrs.data("dnssec") == Some(&Data::Bool(true));
    if address.kind == Kind::Zone && &*wanted.part.0 == "dnssec" && signs {
        needs.extend(of_domain("delegation"));
    }
    if address.kind == Kind::Redirect {
        // Namebay takes one only for a domain that has its name servers (714).
        needs.extend(of_domain("delegation"));
        let zone = home().and_then(|home| home.zone.as_ref());
        needs.extend(zone.map(|account| {
            let zone = Address::of(account, &address.domain, Kind::Zone);
            Need::Unit(Unit::new(zone, Part::object()))
        }));
    }
    needs.extend(
        families::top(address)
            .filter(|unit| file.tops.contains(&unit.address))
            .map(Need::Unit),
    );
    needs.dedup();
    needs.into()
}
