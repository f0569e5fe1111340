//! What redirections, mailboxes and FTP users have in common: the block above them, its account and capacity,
//! and names that mean the same.

use super::super::grammar::block::Block;
use super::super::grammar::field::{Called, Merging, Named};
use super::super::grammar::value::{At, Count, Text};
use super::super::said;
use super::domain::{Resolving, declared};
use crate::diag::{Diagnostic, Span};
use crate::model::{Account, Address, Attrs, Kind, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a domain and its zone live, for what hangs below them.
pub(super) struct Living {
    /// The account that holds the domain.
    pub(super) domain: Option<Account>,
    /// The account that hosts the zone.
    pub(super) zone: Option<Account>,
    /// The account that is written, where the domain is registered elsewhere.
    pub(super) elsewhere: Option<Option<At<Text>>>,
}

/// How names of a family are told apart, and what two of one name are called.
pub(super) struct Naming {
    /// The key of the family: `mailbox`.
    pub(super) key: &'static str,
    /// The form in which equal names are equal.
    pub(super) canonical: fn(&str) -> String,
    /// Two of one name: `two mailboxes of one address`.
    pub(super) two: &'static str,
    /// The code of that.
    pub(super) code: crate::diag::Code,
}

impl Resolving<'_, '_> {
    /// Joins parts that several files write under one name; one name in two spellings is an error.
    pub(super) fn joined<B: Block>(&mut self, naming: &Naming, list: Named<B>) -> Vec<Called<B>> {
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        let mut joined: Vec<Called<B>> = Vec::with_capacity(list.0.len());
        for called in list.0 {
            let name = (naming.canonical)(&called.name.value);
            let Some(first) = known.get(&name).map(|at| &mut joined[*at]) else {
                known.insert(name, joined.len());
                joined.push(called);
                continue;
            };
            if first.name.value == called.name.value {
                let path = ["domain", self.apex.as_str(), naming.key, &called.name.value];
                let mut merging = Merging {
                    told: self.desk.told,
                    path: path.map(Into::into).into(),
                };
                first.block.merge(called.block, &mut merging);
                continue;
            }
            let message = format!(
                "{:?} and {:?} are {}",
                first.name.value, called.name.value, naming.two
            );
            let problem = Diagnostic::error(naming.code, message)
                .at(called.name.span, "again here")
                .at(first.name.span, "first here");
            self.desk.error(problem);
        }
        joined
    }

    /// The account of a family: of its block, else the domain's.
    pub(super) fn account_below(
        &mut self,
        own: Option<At<Text>>,
        living: &Living,
        span: Span,
    ) -> Option<Account> {
        match (&own, &living.domain, &living.elsewhere) {
            (Some(_), _, _) => self.account(own.as_ref(), span),
            (None, Some(account), _) => Some(account.clone()),
            (None, None, Some(written)) => self.account(written.as_ref(), span),
            // That the domain has none has been told.
            (None, None, None) => None,
        }
    }

    /// A service or hosting: that it is wanted, and how much it has to hold.
    pub(super) fn bought(
        &mut self,
        kind: Kind,
        account: Option<&Account>,
        (span, capacity): (Span, Option<(&'static str, At<Count>)>),
        note: Option<At<Text>>,
    ) {
        let Some(account) = account else {
            return;
        };
        let note: Option<Arc<str>> = note.map(|at| Arc::from(&*at.value));
        let mut parts = Vec::new();
        if let Some((key, at)) = capacity {
            let attrs = Attrs::one(key, Value::int(at.value.0));
            parts.push(self.wanted("capacity", attrs, at.span, note.as_ref()));
        }
        parts.push(self.wanted("order", Attrs::none(), span, note.as_ref()));
        let address = Address::of(account, self.apex.shared(), kind);
        self.objects.push((address, declared(parts)));
    }

    /// Tells that more is declared than the declared capacity holds.
    pub(super) fn within(
        &mut self,
        (what, key): (&str, &str),
        capacity: Option<At<Count>>,
        members: &[Span],
    ) {
        let Some(at) = capacity else {
            return;
        };
        let most = usize::try_from(at.value.0).unwrap_or(usize::MAX);
        let Some(first) = members.get(most) else {
            return;
        };
        let message = format!(
            "the file has {} {what} of {}, and `{key}` is {most}",
            members.len(),
            self.apex
        );
        let problem = Diagnostic::error(said::CAPACITY, message)
            .at(at.span, "")
            .at(*first, "the first beyond it")
            .help(format!(
                "write the `{key}` that the service has, or fewer {what}"
            ));
        self.desk.error(problem);
    }
}

/// The text, or what is wrong with one that no line can show.
pub(super) fn has_controls(text: &str) -> bool {
    text.chars().any(char::is_control)
}
