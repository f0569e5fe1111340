//! Reading everything that accounts hold, whether or not the file names it: for `import` and `export`.

use super::connect::Connected;
use super::env::Env;
use super::exit::Exit;
use super::failure::Failure;
use crate::diag::Place;
use crate::model::dns::Apex;
use crate::model::{
    Account, Address, Admitted, Attrs, Declared, Desired, Kind, Live, Origin, Part, Roster, Value,
    Wanted, Wish,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which domains.
#[derive(Debug)]
pub(super) enum Chosen {
    /// Everything the accounts hold.
    All,
    /// These.
    Named(BTreeSet<Arc<str>>),
}

impl Chosen {
    /// Names as a person writes them.
    pub(super) fn named(names: &[String]) -> Result<Self, Failure> {
        let each = |name: &String| {
            let apex = Apex::parse(name).map_err(|error| {
                Failure::new(
                    Exit::Invalid,
                    "usage.domain",
                    format!("{name:?} is no domain name: {error}"),
                )
            })?;
            Ok(Arc::clone(apex.shared()))
        };
        names
            .iter()
            .map(each)
            .collect::<Result<_, _>>()
            .map(Self::Named)
    }
}

/// How much of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Every attribute.
    Everything,
    /// Zones and their records; nothing of the domain is asked for.
    Zones,
}

/// Reads the chosen domains, and says which they are.
pub(super) async fn read(
    (chosen, depth): (&Chosen, Depth),
    connected: &Connected,
    env: &Env,
) -> Result<(Live, BTreeSet<Arc<str>>), Failure> {
    let mut live = Live::default();
    let mut found = BTreeSet::new();
    for (account, provider) in &connected.providers {
        let roster = provider
            .roster()
            .await
            .map_err(|error| Failure::from(&error))?;
        let wanted = |name: &&Arc<str>| match chosen {
            Chosen::All => true,
            Chosen::Named(names) => names.contains(*name),
        };
        let domains: BTreeSet<_> = roster.domains.iter().filter(wanted).collect();
        let zones: BTreeSet<_> = roster.zones.iter().filter(wanted).collect();
        let families = match depth {
            Depth::Everything => families(account, &roster, wanted),
            Depth::Zones => BTreeMap::new(),
        };
        if domains.is_empty() && zones.is_empty() && families.is_empty() {
            continue;
        }
        let below = families.keys().map(|address| Arc::clone(&address.domain));
        found.extend(below);
        let desired = match depth {
            Depth::Everything => everything(account, (&domains, &zones), families),
            Depth::Zones => bare_zones(account, &zones),
        };
        let wish = Wish {
            desired: &desired,
            below: None,
            recorded: &[],
            open: &[],
            seen: None,
        };
        live.merge(
            provider
                .fetch(&wish)
                .await
                .map_err(|error| Failure::from(&error))?,
        );
        found.extend(domains.into_iter().chain(zones).cloned());
    }
    live.as_of = env.now();
    if let Chosen::Named(names) = chosen
        && let Some(missing) = names.difference(&found).next()
    {
        let message = format!("{missing} is in none of the file's accounts");
        return Err(Failure::new(Exit::Failed, "domain.not-owned", message)
            .help("look for a typing error, or for an account that the file does not name"));
    }
    Ok((live, found))
}

/// What hangs below domains beside their zones. That one of a family is named is enough for all of it to be
/// read, but for automatic answers, which are asked for one by one.
fn families(
    account: &Account,
    roster: &Roster,
    wanted: impl Fn(&&Arc<str>) -> bool,
) -> BTreeMap<Address, Declared> {
    let mut objects = BTreeMap::new();
    for (names, kind) in [
        (&roster.zones, Kind::RedirectService),
        (&roster.mails, Kind::Mail),
        (&roster.hostings, Kind::Hosting),
    ] {
        for domain in names.iter().filter(|name| wanted(name)) {
            let order = declared([("order", Attrs::none())]);
            objects.insert(Address::of(account, domain, kind), order);
        }
    }
    for (domain, local) in &roster.mailboxes {
        if !wanted(&domain) {
            continue;
        }
        for kind in [Kind::Mailbox, Kind::Autoresponder] {
            let address = Address {
                name: Arc::clone(local),
                ..Address::of(account, domain, kind)
            };
            objects.insert(address, declared([("", Attrs::none())]));
        }
    }
    objects
}

/// A desired side that names every attribute, so that all of them are read; its values mean nothing.
fn everything(
    account: &Account,
    (domains, zones): (&BTreeSet<&Arc<str>>, &BTreeSet<&Arc<str>>),
    mut objects: BTreeMap<Address, Declared>,
) -> Admitted {
    let bools = |names: &[&'static str]| {
        Attrs::new(
            names
                .iter()
                .map(|name| (*name, Value::bool(false)))
                .collect(),
        )
    };
    for domain in domains {
        let handles = ["admin", "billing", "tech"];
        let parts = [
            (
                "contacts",
                Attrs::new(
                    handles
                        .iter()
                        .map(|role| (*role, Value::text("")))
                        .collect(),
                ),
            ),
            (
                "delegation",
                Attrs::one("name_servers", Value::list::<&str>(&[])),
            ),
            ("order", Attrs::none()),
            (
                "settings",
                bools(&["auto_renew", "locked", "whois_privacy"]),
            ),
        ];
        objects.insert(Address::of(account, domain, Kind::Domain), declared(parts));
    }
    for zone in zones {
        let parts = [
            ("", Attrs::none()),
            ("dnssec", bools(&["dnssec"])),
            ("ttl", Attrs::one("ttl", Value::int(0))),
        ];
        objects.insert(Address::of(account, zone, Kind::Zone), declared(parts));
    }
    Admitted::by_provider(Desired {
        objects,
        homes: Arc::default(),
    })
}

/// The same of zones alone, without what an inferred call would have to tell.
fn bare_zones(account: &Account, zones: &BTreeSet<&Arc<str>>) -> Admitted {
    let parts = || {
        [
            ("", Attrs::none()),
            ("ttl", Attrs::one("ttl", Value::int(0))),
        ]
    };
    let objects = zones
        .iter()
        .map(|zone| (Address::of(account, zone, Kind::Zone), declared(parts())))
        .collect();
    Admitted::by_provider(Desired {
        objects,
        homes: Arc::default(),
    })
}

pub(super) fn declared<const N: usize>(parts: [(&str, Attrs); N]) -> Declared {
    let origin = || Origin {
        place: Place {
            file: "".into(),
            line: 0,
            column: 0,
        },
        via: None,
        note: None,
    };
    let each = |(part, attrs)| Wanted {
        part: Part::new(part),
        attrs,
        needs: Box::new([]),
        origin: origin(),
    };
    Declared {
        parts: parts.map(each).into(),
        rules: None,
        buy: None,
        renew_before: None,
        secrets: None,
    }
}
