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

/// What is known below a domain of one family: redirections, mailboxes, or FTP users.
#[derive(Debug, Default)]
pub(super) struct Family {
    /// Those that are declared or recorded.
    pub(super) members: BTreeSet<Address>,
    /// True if the ledger has some that should be there.
    pub(super) recorded: bool,
}

/// The families that hang below a domain, by domain.
pub(super) type Families = BTreeMap<Arc<str>, Family>;

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
    /// Redirections and their services.
    pub(super) redirects: Families,
    /// Mail services and mailboxes.
    pub(super) mail: Families,
    /// Automatic answers.
    pub(super) answers: BTreeSet<Address>,
    /// Hostings and their FTP users.
    pub(super) hostings: Families,
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
            } else {
                scope.below(address, Known::Declared);
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
            } else if address.kind == Kind::Record {
                if !going.contains(address) {
                    scope.records_recorded.insert(name);
                }
            } else if going.contains(address) {
                scope.below(address, Known::Declared);
            } else {
                scope.below(address, Known::Recorded);
            }
        }
        scope
    }

    /// Takes in something of the families below a domain.
    fn below(&mut self, address: &Address, known: Known) {
        let families = match address.kind {
            Kind::RedirectService | Kind::Redirect => &mut self.redirects,
            Kind::Mail | Kind::Mailbox | Kind::Autoresponder => &mut self.mail,
            Kind::Hosting | Kind::FtpUser => &mut self.hostings,
            Kind::Contact
            | Kind::Domain
            | Kind::Zone
            | Kind::Record
            | Kind::Database
            | Kind::Site
            | Kind::Wordpress
            | Kind::Certificate
            | Kind::NsKey => return,
        };
        let family = families.entry(Arc::clone(&address.domain)).or_default();
        let member = match address.kind {
            Kind::Autoresponder => {
                self.answers.insert(address.clone());
                return;
            }
            Kind::Redirect | Kind::Mailbox | Kind::FtpUser => true,
            Kind::Contact
            | Kind::Domain
            | Kind::Zone
            | Kind::Record
            | Kind::RedirectService
            | Kind::Mail
            | Kind::Hosting
            | Kind::Database
            | Kind::Site
            | Kind::Wordpress
            | Kind::Certificate
            | Kind::NsKey => false,
        };
        if member {
            family.members.insert(address.clone());
            family.recorded |= known == Known::Recorded;
        }
    }
}

/// Why something is in the scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// The file names it, or it may be gone.
    Declared,
    /// The ledger holds it.
    Recorded,
}

fn is_below(address: &Address, top: &Address) -> bool {
    address == top
        || address
            .parent()
            .is_some_and(|parent| is_below(&parent, top))
}
