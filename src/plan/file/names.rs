//! Address texts as they stand in outputs: with `@ACCOUNT` only where the text alone would not do.

use crate::model::{Account, Address, Kind};
use crate::plan::Plan;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Knows which addresses of one output need their account.
#[derive(Debug, Clone, Default)]
pub struct Names {
    twice: BTreeSet<(Arc<str>, Kind, Arc<str>)>,
}

impl Names {
    /// Of everything that a plan names.
    pub fn of(plan: &Plan) -> Self {
        let steps = plan.steps.iter().map(|step| &step.address);
        let blocked = plan.blocked.iter().map(|blocked| &blocked.address);
        let scopes = plan.scopes.iter().map(|scope| &scope.top);
        let pending = plan.pending.iter().map(|pending| &pending.address);
        let findings = plan.findings.iter().filter_map(|f| f.address.as_ref());
        Self::among(
            steps
                .chain(blocked)
                .chain(scopes)
                .chain(pending)
                .chain(&plan.unmanaged)
                .chain(findings),
        )
    }

    /// Of these addresses.
    pub fn among<'a>(addresses: impl IntoIterator<Item = &'a Address>) -> Self {
        let mut first: BTreeMap<(&Arc<str>, Kind, &str), &Account> = BTreeMap::new();
        let mut twice = BTreeSet::new();
        for address in addresses {
            let key = (&address.domain, address.kind, &*address.name);
            let account = first.entry(key).or_insert(&address.account);
            if **account != address.account {
                twice.insert(key_of(address));
            }
        }
        Self { twice }
    }

    /// True if it stands in two accounts.
    pub fn ambiguous(&self, address: &Address) -> bool {
        !self.twice.is_empty() && self.twice.contains(&key_of(address))
    }

    /// The text of an address.
    ///
    /// A text that by itself ends like its account is written with it as well, so that reading can always
    /// take it off.
    pub fn text(&self, address: &Address) -> String {
        let text = address.text();
        let ends_alike = text
            .strip_suffix(address.account.as_str())
            .is_some_and(|rest| rest.ends_with('@'));
        if ends_alike || self.ambiguous(address) {
            format!("{text}@{}", address.account)
        } else {
            text
        }
    }
}

fn key_of(address: &Address) -> (Arc<str>, Kind, Arc<str>) {
    (
        Arc::clone(&address.domain),
        address.kind,
        address.name.clone(),
    )
}

/// Reads a text back, with the account and the domain that stand beside it.
pub(super) fn read(text: &str, account: &str, domain: &str) -> Option<Address> {
    let label = Account::new(account);
    let plain = text
        .strip_suffix(account)
        .and_then(|rest| rest.strip_suffix('@'))
        .unwrap_or(text);
    let mut address = Address::parse(plain, &label)?;
    if address.kind == Kind::Certificate {
        address.domain = domain.into();
    }
    // Nothing may be lost between the text and what it names.
    (*address.domain == *domain && address.text() == plain).then_some(address)
}
