//! The lists of an account, by canonical name; pure but for the choice to read.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Reason;
use crate::provider::ProviderError;

use super::super::api::account::OwnedProduct;
use super::super::api::zone::Zone;
use super::super::convert;
use super::super::errors::Fault;
use super::super::session::List;

/// Reads only where that is wanted.
pub(super) async fn when<T>(wanted: bool, reading: impl Future<Output = T>) -> Option<T> {
    if wanted { Some(reading.await) } else { None }
}

/// A 404 for a list means "none", but not where the ledger knows of some.
pub(super) fn listed_or_refused<T>(
    list: Result<List<T>, Fault>,
    recorded: bool,
) -> Result<Vec<T>, ProviderError> {
    match list.map_err(Fault::for_account)? {
        List::Items(items) => Ok(items),
        List::Nothing if recorded => Err(ProviderError::Answer(Reason {
            status: Some(404),
            code: "404".into(),
            text: "the account is answered to hold nothing of this kind (404), and the ledger knows some: the right to see \
                   them may be missing, or `user` may name another customer"
                .into(),
        })),
        List::Nothing => Ok(Vec::new()),
    }
}

/// What is held of a class (`domain` is the one that goes without saying), by name. A name that is listed twice is the
/// one that is registered, else the one that ends last.
pub(in crate::provider::namebay) fn held(
    list: &[OwnedProduct],
    wanted: &str,
) -> BTreeMap<Arc<str>, OwnedProduct> {
    let mut held: BTreeMap<Arc<str>, OwnedProduct> = BTreeMap::new();
    for product in list {
        let class = product.class.word().unwrap_or("domain");
        let is_wanted = class.eq_ignore_ascii_case(wanted);
        let Some(name) = convert::domain_name(&product.name).filter(|_| is_wanted) else {
            continue;
        };
        let rank = |product: &OwnedProduct| {
            let handle = product.handle.word().map(str::to_owned);
            (product.status.0 == Some(1), product.expires.0, handle)
        };
        match held.get(&name) {
            Some(other) if rank(other) >= rank(product) => {}
            Some(_) | None => {
                held.insert(name, product.clone());
            }
        }
    }
    held
}

/// Zones by name; of two with one name the one with the smaller handle.
pub(in crate::provider::namebay) fn by_name(list: Vec<Zone>) -> BTreeMap<Arc<str>, Zone> {
    let mut zones: BTreeMap<Arc<str>, Zone> = BTreeMap::new();
    for zone in list {
        let Some(name) = convert::domain_name(&zone.name) else {
            continue;
        };
        match zones.get(&name) {
            Some(other) if other.handle.word() <= zone.handle.word() => {}
            Some(_) | None => {
                zones.insert(name, zone);
            }
        }
    }
    zones
}
