//! Who holds the ledgers, a line or a JSON object each. Knows no lock.

use super::escape::inert;
use super::style::{columns, pad};
use crate::ledger::{Holder, Standing};
use crate::model::Account;
use crate::plan::file::text::to_text;
use serde::Serialize;
use std::collections::BTreeMap;

type Standings = BTreeMap<Account, Standing>;

#[derive(Serialize)]
struct Form<'a> {
    account: &'a str,
    held: bool,
    by: Option<String>,
    host: Option<&'a str>,
    pid: Option<u32>,
    url: Option<&'a str>,
    since: Option<String>,
}

/// A list of accounts, with who holds each.
pub fn json(standings: &Standings) -> String {
    let all: Vec<Form<'_>> = standings
        .iter()
        .map(|(account, standing)| {
            let holder = match standing {
                Standing::Free => None,
                Standing::HeldBy(holder) => Some(holder),
            };
            Form {
                account: account.as_str(),
                held: holder.is_some(),
                by: holder.map(|holder| format!("process {} on {}", holder.pid, holder.host)),
                host: holder.map(|holder| &*holder.host),
                pid: holder.map(|holder| holder.pid),
                url: holder.and_then(|holder| holder.url.as_deref()),
                since: holder.map(|holder| holder.since.to_string()),
            }
        })
        .collect();
    to_text(&all)
}

/// A line for each account.
pub fn table(standings: &Standings) -> String {
    lines(standings, |standing| match standing {
        Standing::Free => "free".into(),
        Standing::HeldBy(holder) => format!("held by {holder}"),
    })
}

/// What was freed, and what there was to free nothing of.
pub fn released(freed: &BTreeMap<Account, Option<Holder>>) -> String {
    lines(freed, |freed| {
        match freed {
        Some(holder) => format!("freed: it was held by {holder}, and had run out"),
        None => {
            "free: there is no lock to release (a process that ends, however it ends, frees its own)"
                .into()
        }
    }
    })
}

fn lines<T>(all: &BTreeMap<Account, T>, of: impl Fn(&T) -> String) -> String {
    let labels = all.keys().map(|account| columns(account.as_str()));
    let widest = labels.max().unwrap_or(0);
    let line = |(account, one): (&Account, &T)| {
        let label = inert(account.as_str()).into_owned();
        let rest = of(one);
        format!("{label}{}  {}\n", pad(&label, widest), inert(&rest))
    };
    all.iter().map(line).collect()
}
