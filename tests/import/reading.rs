//! Live worlds by hand, and what a file says of them when it is loaded and compared.

use bailiwick::config::write::{AccountsInFile, Written, domains};
use bailiwick::config::{self, Entry, FileError, Files, Found, Trusted};
use bailiwick::diag::Severity;
use bailiwick::diff::{Act, Changes, Intent, World, diff};
use bailiwick::model::{
    Account, Address, Admitted, Attrs, Desired, Kind, Live, Part, Prints, Seen, SeenPart, Value,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files in memory by their whole path.
pub(super) struct Memory(pub(super) BTreeMap<PathBuf, String>);

impl Files for Memory {
    fn read(&self, path: &Path, _: u64) -> Result<String, FileError> {
        self.0.get(path).cloned().ok_or(FileError::Missing)
    }

    fn list(&self, _: &Path) -> Result<Vec<Entry>, FileError> {
        Ok(Vec::new())
    }

    fn look(&self, path: &Path) -> Result<Found, FileError> {
        let real = path.to_path_buf();
        let is_folder = !self.0.contains_key(path);
        Ok(Found { real, is_folder })
    }
}

const ACCOUNTS: [(&str, &str); 2] = [("main", "AA111111"), ("other", "AA222222")];

/// The accounts that stand in the file already.
pub(super) fn head(accounts: AccountsInFile) -> String {
    let count = match accounts {
        AccountsInFile::One => 1,
        AccountsInFile::Several => 2,
    };
    ACCOUNTS[..count]
        .iter()
        .map(|(label, user)| {
            format!(
                "[account.{label}]\nprovider = \"namebay\"\nuser = \"{user}\"\nusername = \"u\"\n\
                 password = {{ env = \"P\" }}\n\n"
            )
        })
        .collect()
}

/// What a file wants; every problem of it fails the test.
pub(super) fn load(files: Memory) -> Desired {
    let loading = config::load(&files, Path::new("/c/bailiwick.toml"), &Trusted::default());
    let errors: Vec<String> = loading
        .told
        .sorted()
        .into_iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| format!("{}: {}", problem.code.id, problem.message))
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    loading.loaded.expect("a file without errors").desired
}

/// Imports every domain of a live world, and loads what was written.
pub(super) fn imported(live: &Live, accounts: AccountsInFile) -> (Written, Desired) {
    let chosen: BTreeSet<Arc<str>> = live
        .objects
        .keys()
        .map(|address| Arc::clone(&address.domain))
        .collect();
    let written = domains(live, &chosen, accounts);
    let text = format!("{}{}", head(accounts), written.text);
    let file = (PathBuf::from("/c/bailiwick.toml"), text);
    let desired = load(Memory(BTreeMap::from([file])));
    (written, desired)
}

/// What would have to be done, and what would be blocked; an adoption is no change.
pub(super) fn changes(desired: Desired, live: &Live) -> Vec<String> {
    let desired = Admitted::by_provider(desired);
    let ledgers = BTreeMap::new();
    let world = World {
        desired: &desired,
        ledgers: &ledgers,
        live,
        intent: &Intent::default(),
        secrets: &Prints::default(),
    };
    let Changes { list, held, .. } = diff(&world);
    let list = list
        .into_iter()
        .filter(|change| change.act != Act::Adopt)
        .map(|change| format!("{:?} {}", change.act, change.unit));
    let held = held
        .into_iter()
        .map(|held| format!("{} {}: {}", held.code, held.address, held.reason));
    list.chain(held).collect()
}

pub(super) fn account(label: &str) -> Account {
    Account::new(label)
}

/// Adds a part to an object.
pub(super) fn see(live: &mut Live, address: Address, part: &str, attrs: Attrs) {
    let seen = live.objects.entry(address).or_default();
    let mut parts = std::mem::take(&mut seen.parts).into_vec();
    let at = parts.partition_point(|other| *other.part.0 <= *part);
    parts.insert(
        at,
        SeenPart {
            part: Part::new(part),
            handle: None,
            attrs,
            owner: None,
        },
    );
    *seen = Seen {
        parts: parts.into(),
        ..std::mem::take(seen)
    };
}

/// Adds a domain that is held, with nothing read of it yet.
pub(super) fn see_domain(live: &mut Live, label: &str, domain: &Arc<str>) -> Address {
    let address = Address::of(&account(label), domain, Kind::Domain);
    see(live, address.clone(), "order", Attrs::none());
    address
}

/// Adds a zone.
pub(super) fn see_zone(live: &mut Live, label: &str, domain: &Arc<str>) -> Address {
    let address = Address::of(&account(label), domain, Kind::Zone);
    see(live, address.clone(), "", Attrs::none());
    address
}

/// Adds a value: `see_record(live, zone, "www", "A", "192.0.2.1")`.
pub(super) fn see_record(live: &mut Live, zone: &Address, (host, rtype, data): (&str, &str, &str)) {
    let address = Address::record(&zone.account, &zone.domain, host, rtype);
    see(live, address, data, Attrs::one("data", Value::text(data)));
}
