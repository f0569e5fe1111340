//! What a long run reads again before it writes: one list at a time, and of what came, the step's own unit.
//!
//! Nothing here knows a clock or a provider.

use super::expand::origin;
use super::model::{Step, one_value};
use crate::model::{Address, Admitted, Attrs, Declared, Desired, Kind, Part, Wanted};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What one read brings: a zone with its records, a family of a domain, or an object by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct List {
    top: Address,
    /// Redirections hang below a domain as its own facets do, and are read without them.
    family: Kind,
}

impl List {
    /// The one that an object is in.
    pub fn of(address: &Address) -> Self {
        let holder = match address.kind {
            // Each answer is a request of its own, so that a list of them would never be read to its end.
            Kind::Autoresponder => None,
            Kind::Contact
            | Kind::Domain
            | Kind::Zone
            | Kind::Record
            | Kind::RedirectService
            | Kind::Redirect
            | Kind::Mail
            | Kind::Mailbox
            | Kind::Hosting
            | Kind::FtpUser
            | Kind::Database
            | Kind::Site
            | Kind::Wordpress
            | Kind::Certificate
            | Kind::NsKey => address.parent(),
        };
        let top = holder.unwrap_or_else(|| address.clone());
        let family = if address.kind == Kind::Redirect {
            Kind::Redirect
        } else {
            top.kind
        };
        Self { top, family }
    }

    /// The object below which it is read.
    pub fn top(&self) -> &Address {
        &self.top
    }
}

/// What some steps are about, as a desired side: what has to be read to compare them.
pub fn rereads<'a>(steps: impl Iterator<Item = &'a Step>) -> Admitted {
    let mut objects: BTreeMap<Address, BTreeMap<Part, Wanted>> = BTreeMap::new();
    for step in steps {
        let attrs = one_value(&step.before().overlaid(&step.after()));
        let parts = objects.entry(step.address.clone()).or_default();
        let part = parts.entry(step.part.clone()).or_insert_with(|| Wanted {
            part: step.part.clone(),
            attrs: Attrs::none(),
            needs: Box::new([]),
            origin: origin(step),
        });
        part.attrs = part.attrs.overlaid(&attrs);
    }
    let declared = |parts: BTreeMap<Part, Wanted>| Declared {
        parts: parts.into_values().collect(),
        rules: None,
        buy: None,
        renew_before: None,
        secrets: None,
    };
    let objects = objects.into_iter();
    Admitted::by_provider(Desired {
        objects: objects
            .map(|(address, parts)| (address, declared(parts)))
            .collect(),
        homes: Arc::default(),
    })
}
