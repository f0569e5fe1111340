//! The file's side in Namebay's canonical form and order; pure.
//!
//! Order: a zone that exists is filled before its domain is delegated to it, while a zone is only made for a domain that
//! has Namebay's name servers (714). Both needs are stated; where they meet in one plan, the planner lets the making of
//! the zone come after the delegation.

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
    let domain_units: BTreeSet<Unit> = objects
        .iter()
        .filter(|(address, _)| address.kind == Kind::Domain)
        .flat_map(|(address, declared)| {
            let parts = declared.parts.iter();
            parts.map(|wanted| Unit::new(address.clone(), wanted.part.clone()))
        })
        .collect();
    for (address, declared) in &mut objects {
        for wanted in &mut declared.parts {
            wanted.attrs = canonical(&wanted.attrs);
            limits::check(address, wanted, &mut told);
            wanted.needs = needs(address, wanted, &desired, &domain_units);
        }
    }
    told.finish();
    desired.objects = objects;
    Admitted::by_provider(desired)
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

fn needs(
    address: &Address,
    wanted: &Wanted,
    desired: &Desired,
    domain_units: &BTreeSet<Unit>,
) -> Box<[Need]> {
    let mut needs = wanted.needs.to_vec();
    let home = desired.homes.get(&address.domain);
    let of_domain = |part: &str| {
        let account: &Account = home.and_then(|home| home.domain.as_ref())?;
        let unit = Unit::new(
            Address::of(account, &address.domain, Kind::Domain),
            Part::new(part),
        );
        // Of another account only the file as a whole knows the parts; a need that nothing writes is none.
        (*account != address.account || domain_units.contains(&unit)).then_some(Need::Unit(unit))
    };
    if address.kind == Kind::Domain && &*wanted.part.0 == "delegation" {
        let zone = home.and_then(|home| home.zone.as_ref());
        needs.extend(
            zone.map(|account| Need::Inside(Address::of(account, &address.domain, Kind::Zone))),
        );
    }
    if address.kind == Kind::Zone && wanted.part.is_object() {
        needs.extend(of_domain("delegation"));
        needs.extend(of_domain("order"));
    }
    let signs = wanted.attrs.data("dnssec") == Some(&Data::Bool(true));
    if address.kind == Kind::Zone && &*wanted.part.0 == "dnssec" && signs {
        needs.extend(of_domain("delegation"));
    }
    needs.dedup();
    needs.into()
}
