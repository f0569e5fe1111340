//! The ledger: laws of its state machine and of its journal, and stories on disk.

#![cfg(test)]

mod any;
mod disk;
mod laws;
mod notes;
#[cfg(feature = "object-store")]
mod objects;
mod rough;
mod schema;
mod settle;

use bailiwick::ledger::{Begin, Holder, LedgerKey, Opening};
use bailiwick::model::{Account, Address, Attrs, Kind, Time, Value};
use std::sync::Arc;

const ID: &str = "0123456789abcdef0123456789abcdef";

fn account() -> Account {
    Account::new("main")
}

fn key() -> LedgerKey {
    LedgerKey {
        provider: "namebay".into(),
        endpoint: "api.namebay.com".into(),
        user: "ACME-1".into(),
    }
}

/// Opens what is given for the account and key of these tests.
fn opening<'a>(account: &'a Account, key: &'a LedgerKey) -> Opening<'a> {
    Opening {
        account,
        key,
        fresh_id: ID,
    }
}

fn time(second: i64) -> Time {
    Time::from_second(1_700_000_000 + second).expect("within range")
}

fn holder() -> Holder {
    Holder {
        host: "ci-7".into(),
        pid: 4711,
        url: Some("https://ci.example/jobs/9".into()),
        since: time(0),
    }
}

fn begin() -> Begin<'static> {
    Begin {
        at: time(1),
        pid: 4711,
        first_file: "bailiwick.toml",
    }
}

fn domain(name: &str) -> Arc<str> {
    name.into()
}

fn www() -> Address {
    Address::record(&account(), &domain("example.com"), "www", "A")
}

fn zone() -> Address {
    Address::of(&account(), &domain("example.com"), Kind::Zone)
}

fn data(text: &str) -> Attrs {
    Attrs::one("data", Value::text(text))
}
