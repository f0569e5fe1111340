//! What is to be read of an account: what the file declares, and what the ledger knows. Reads nothing itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Account, Action, Address, Attrs, Data, Kind, Wish};

/// What a domain's facets need.
#[derive(Debug, Default)]
pub(super) struct Facets {
    pub(super) settings: Attrs,
    pub(super) contacts: bool,
    pub(super) delegation: Option<Data>,
}

/// What is to be read of an account.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) domains: BTreeMap<Arc<str>, Facets>,
    /// Zones that are declared or recorded, and whether they are declared, and with DNSSEC.
    pub(super) zones: BTreeMap<Arc<str>, (bool, bool)>,
    pub(super) domains_recorded: bool,
    pub(super) zones_recorded: bool,
    /// Zones that the ledger has records of.
    pub(super) records_recorded: BTreeSet<Arc<str>>,
}

impl Scope {
    pub(super) fn of(account: &Account, wish: &Wish<'_>) -> Self {
        let mut scope = Self::default();
        let wanted = |address: &Address| {
            address.account == *account && wish.below.is_none_or(|top| is_below(address, top))
        };
        for (address, declared) in wish.desired.objects() {
            if !wanted(address) {
                continue;
            }
            let attrs = |part: &str| {
                let found = declared.parts.iter().find(|wanted| &*wanted.part.0 == part);
                found.map(|wanted| &wanted.attrs)
            };
            let name = Arc::clone(&address.domain);
            if address.kind == Kind::Domain {
                let facets = Facets {
                    settings: attrs("settings").cloned().unwrap_or_default(),
                    contacts: attrs("contacts").is_some(),
                    delegation: attrs("delegation")
                        .and_then(|attrs| attrs.data("name_servers"))
                        .cloned(),
                };
                scope.domains.insert(name, facets);
            } else if address.kind == Kind::Zone {
                scope.zones.insert(name, (true, attrs("dnssec").is_some()));
            } else if address.kind == Kind::Record {
                scope.zones.entry(name).or_default().0 = true;
            }
        }
        // A deletion whose end is not known may well be the reason why a list is empty.
        let going: BTreeSet<&Address> = wish
            .open
            .iter()
            .filter(|(write, _)| write.action == Action::Delete)
            .map(|(write, _)| &write.unit.address)
            .collect();
        for (address, _) in wish.recorded.iter().filter(|(address, _)| wanted(address)) {
            let name = Arc::clone(&address.domain);
            if address.kind == Kind::Domain {
                scope.domains.entry(name).or_default();
                scope.domains_recorded = true;
            } else if address.kind == Kind::Zone {
                scope.zones.entry(name).or_default();
                scope.zones_recorded = true;
            } else if address.kind == Kind::Record && !going.contains(address) {
                scope.records_recorded.insert(name);
            }
        }
        scope
    }
}

fn is_below(address: &Address, top: &Address) -> bool {
    address == top
        || address
            .parent()
            .is_some_and(|parent| is_below(&parent, top))
}
