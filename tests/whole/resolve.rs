//! `resolve`: a doubt that was put into a ledger is settled by a word or a look, durably, and under the lock.

use crate::render::file::assert_valid;
use crate::support::Transcript;
use crate::support::simulated::{Simulated, USER};
use bailiwick::ledger::{
    Begin, Entry, Folder, Holder, Ledger, LedgerKey, Opening, Record, Recorder, StepId, lock, open,
};
use bailiwick::model::*;
use bailiwick::sandbox::{Dialect, Seed};
use serde_json::Value as Json;
use std::sync::Arc;

const FILE: &str = "[domain.\"example.com\".zone]\nrecords = [{ host = \"www\", type = \"A\", data = \"192.0.2.1\" }]\n";

fn account() -> Account {
    Account::new("main")
}

fn address(kind: Kind, name: &str) -> Address {
    Address {
        name: name.into(),
        ..Address::of(&account(), &Arc::from("example.com"), kind)
    }
}

fn create(address: Address, part: &str, after: Attrs) -> Write {
    Write {
        unit: Unit::new(address, Part::new(part)),
        action: Action::Create,
        before: Attrs::none(),
        after,
        handle: None,
        within: None,
        order: None,
    }
}

/// An account whose ledger was made by an apply, and what else a run left in it.
struct Left {
    simulated: Simulated,
    store: Folder,
    key: LedgerKey,
}

impl Left {
    fn new(records: &[Record]) -> Self {
        Self::seeded(Seed::empty().user(USER).zone("example.com"), records)
    }

    fn seeded(seed: Seed, records: &[Record]) -> Self {
        let simulated = Simulated::new(seed, Dialect::default());
        simulated.file(FILE);
        assert_eq!(simulated.apply().exit(), 0);
        let root = simulated.scenario.folder().join(".bailiwick");
        let folders = std::fs::read_dir(&root).unwrap().filter_map(Result::ok);
        let mut ledgers = folders.filter_map(|entry| {
            let text = std::fs::read_to_string(entry.path().join("ledger.json")).ok()?;
            serde_json::from_str::<Json>(&text).ok()
        });
        let document = ledgers.next().expect("a ledger");
        let key: LedgerKey = serde_json::from_value(document["key"].clone()).unwrap();
        let left = Self {
            store: Folder::new(&root, &key),
            simulated,
            key,
        };
        let account = account();
        let holder = Holder {
            host: "h".into(),
            pid: 1,
            url: None,
            since: Time::default(),
        };
        let locked = lock(
            Box::new(left.store.clone()),
            &left.opening(&account),
            &holder,
        );
        let begin = Begin {
            at: "2026-08-01T10:00:00Z".parse().unwrap(),
            pid: 1,
            first_file: "bailiwick.toml",
        };
        let mut recorder = Recorder::begin(locked.unwrap(), begin).unwrap();
        recorder.append(records).unwrap();
        recorder
            .append(&[Record::Closed { finished: false }])
            .unwrap();
        recorder.finish().unwrap();
        left.simulated.log().clear();
        left
    }

    fn opening<'a>(&'a self, account: &'a Account) -> Opening<'a> {
        Opening {
            account,
            key: &self.key,
            fresh_id: "fresh",
        }
    }

    fn ledger(&self) -> Ledger {
        let account = account();
        open(&self.store, &self.opening(&account)).unwrap().ledger
    }

    fn resolve(&self, arguments: &[&str]) -> Transcript {
        let mut all = vec!["resolve", "--json"];
        all.extend(arguments);
        let told = self.simulated.call(&all);
        if !told.stdout.contains("\"error\"") {
            assert_valid("resolve", &told.stdout);
        }
        told
    }
}

/// A database has a name that the provider gives: only somebody can tell.
fn doubt() -> Vec<Record> {
    vec![Record::Started {
        step: StepId(1),
        write: create(address(Kind::Database, "shop"), "", Attrs::none()),
        at: "2026-08-01T10:00:00Z".parse().unwrap(),
    }]
}

const SHOP: &str = "database.example.com/shop";

#[test]
fn a_doubt_is_settled_by_a_word_and_asks_nobody() {
    let left = Left::new(&doubt());
    assert_eq!(left.ledger().doubts.len(), 1);
    let told = left.resolve(&[SHOP, "--did-not-happen"]);
    assert_eq!(told.status, Some(0), "{told:?}");
    let json: Json = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(json[0]["outcome"], "did-not-happen");
    assert!(
        left.ledger().doubts.is_empty()
            && !left
                .ledger()
                .entries
                .contains_key(&address(Kind::Database, "shop"))
    );
    assert!(left.simulated.log().entries().is_empty());
    // It is settled: there is nothing left to say about it.
    assert_eq!(left.resolve(&[SHOP, "--did-not-happen"]).status, Some(3));

    let left = Left::new(&doubt());
    let told = left.resolve(&[SHOP, "--happened", "DB42"]);
    assert_eq!(told.status, Some(0), "{told:?}");
    let ledger = left.ledger();
    let entry = &ledger.entries[&address(Kind::Database, "shop")];
    assert_eq!(entry.handle, Some(Handle("DB42".into())));
    assert!(ledger.doubts.is_empty());
}

#[test]
fn what_nobody_can_prove_stays_in_doubt_and_ends_with_9() {
    let left = Left::new(&doubt());
    assert_eq!(left.resolve(&["--look"]).status, Some(9));
    assert_eq!(left.resolve(&[SHOP, "--happened"]).status, Some(9));
    assert_eq!(left.ledger().doubts.len(), 1);
}

#[test]
fn a_look_settles_what_it_proves() {
    let data = Attrs::one("data", Value::text("192.0.2.1"));
    let mut there = create(address(Kind::Record, "www/A"), "192.0.2.1", data);
    let records = |write: Write| {
        vec![Record::Started {
            step: StepId(1),
            write,
            at: Time::default(),
        }]
    };
    let zone = Left::new(&[]).ledger().entries[&address(Kind::Zone, "")]
        .handle
        .clone();
    there.within = zone;
    let left = Left::new(&records(there));
    assert_eq!(left.ledger().open.len(), 1);
    let told = left.resolve(&["--look"]);
    assert_eq!(told.status, Some(0), "{told:?}");
    assert!(told.stdout.contains("\"done\""), "{told:?}");
    assert!(left.ledger().open.is_empty());
    let nothing = left.simulated.call(&["resolve", "--look"]);
    assert_eq!(nothing.stdout, "Nothing is in doubt.\n");
}

#[test]
fn what_is_gone_is_let_go_of_so_that_the_file_may_make_it_again() {
    let mailbox = address(Kind::Mailbox, "info");
    let entry = Entry {
        handle: Some(Handle("M1".into())),
        ..Entry::default()
    };
    let left = Left::new(&[Record::Adopted {
        address: mailbox.clone(),
        entry,
    }]);
    assert!(left.ledger().entries.contains_key(&mailbox));
    let told = left.resolve(&["mailbox.info@example.com", "--gone"]);
    assert_eq!(told.status, Some(0), "{told:?}");
    assert!(!left.ledger().entries.contains_key(&mailbox));
    assert_eq!(
        left.resolve(&["mailbox.info@example.com", "--gone"]).status,
        Some(3)
    );
}

#[test]
fn what_is_still_there_or_cannot_be_read_is_not_let_go_of() {
    let known = |kind, name: &str| Record::Adopted {
        address: address(kind, name),
        entry: Entry::default(),
    };
    let seed = Seed::empty()
        .user(USER)
        .zone("example.com")
        .mail_service("example.com", 5)
        .mailbox("info@example.com");
    let records = [
        known(Kind::Mailbox, "info"),
        known(Kind::Mailbox, "sales"),
        known(Kind::Database, "shop"),
    ];
    let left = Left::seeded(seed, &records);
    let entries = left.ledger().entries;
    for (object, exit, code) in [
        ("mailbox.info@example.com", 3, "resolve.still-there"),
        ("zone.example.com", 3, "resolve.still-there"),
        (SHOP, 1, "resolve.unread"),
    ] {
        let told = left.resolve(&[object, "--gone"]);
        assert_eq!(told.status, Some(exit), "{told:?}");
        assert!(told.stdout.contains(code), "{told:?}");
        assert_eq!(left.ledger().entries, entries, "{object}");
    }
    let log = left.simulated.log().entries();
    assert!(!log.is_empty(), "nothing was read");
    let told = left.resolve(&["mailbox.sales@example.com", "--gone"]);
    assert_eq!(told.status, Some(0), "{told:?}");
}

#[test]
fn while_a_run_holds_the_ledger_nothing_is_settled() {
    let left = Left::new(&doubt());
    let lock = super::lock::held(&left.simulated);
    assert_eq!(left.resolve(&[SHOP, "--did-not-happen"]).status, Some(7));
    drop(lock);
    assert_eq!(left.ledger().doubts.len(), 1);
}
