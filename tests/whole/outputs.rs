//! `outputs` asks nobody: no request, no credentials, no lock; and what is not there is never an empty answer.

use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Seed};
use serde_json::Value;
use std::fs::File;
use std::path::{Path, PathBuf};

const ZONES: &str = "[domain.\"example.com\"]\nregistrar = \"external\"\n[domain.\"example.com\".zone]\n\
                     [domain.\"example.org\"]\nregistrar = \"external\"\n[domain.\"example.org\".zone]\n";

fn applied() -> Simulated {
    let seed = Seed::empty()
        .user(USER)
        .zone("example.com")
        .zone("example.org");
    let simulated = Simulated::new(seed, Dialect::default());
    simulated.file(ZONES);
    assert_eq!(simulated.apply().exit(), 0);
    simulated.log().clear();
    simulated
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry").path())
        .flat_map(|path| match path.is_dir() {
            true => files(&path),
            false => vec![path],
        })
        .collect()
}

#[test]
fn it_asks_nobody_and_waits_for_no_lock() {
    let simulated = applied();
    let names: Vec<PathBuf> = files(simulated.scenario.folder());
    let lock = names
        .iter()
        .find(|path| path.file_name().is_some_and(|name| name == "lock"))
        .unwrap_or_else(|| panic!("no lock among {names:?}"));
    let held = File::options().write(true).open(lock).expect("the lock");
    held.lock().expect("nobody holds it");
    let before: Vec<_> = names.iter().map(std::fs::read).map(Result::ok).collect();
    // A variable that is empty counts as not set.
    let mut without = applied();
    without.scenario.variable("NAMEBAY_PASSWORD", "");
    for simulated in [&simulated, &without] {
        let told = simulated.call(&["outputs", "zone.EXAMPLE.com", "--env"]);
        assert_eq!((told.status, told.stderr.as_str()), (Some(0), ""));
        assert!(
            told.stdout.starts_with("ZONE_EXAMPLE_COM_HANDLE='"),
            "{told:?}"
        );
        assert_eq!(told.stdout.lines().count(), 1);
        assert!(simulated.requests().is_empty());
    }
    let after: Vec<_> = names.iter().map(std::fs::read).map(Result::ok).collect();
    assert_eq!(before, after);
    assert_eq!(files(simulated.scenario.folder()), names);
}

#[test]
fn what_names_nothing_is_an_error_in_every_form() {
    let simulated = applied();
    for (arguments, exit, code) in [
        (&["zone.example.net"][..], 3, "outputs.unknown"),
        (&["zone.example.com", "mailbox.*"], 3, "outputs.unknown"),
        (&["record.example.com/www/A"], 1, "outputs.none"),
    ] {
        if exit == 1 {
            simulated.file(&ZONES.replacen(
                "zone]\n",
                "zone]\nrecords = [{ host = \"www\", type = \"A\", data = \"192.0.2.1\" }]\n",
                1,
            ));
        }
        let told = simulated.call(&[&["outputs", "--json"], arguments].concat());
        assert_eq!(told.status, Some(exit), "{told:?}");
        let json: Value = serde_json::from_str(&told.stdout).expect("JSON");
        assert_eq!(json["error"]["code"], code);
        let told = simulated.call(&[&["outputs", "--env"], arguments].concat());
        assert_eq!((told.status, told.stdout.as_str()), (Some(exit), ""));
        assert!(told.stderr.starts_with("error: "), "{told:?}");
    }
    assert!(simulated.requests().is_empty());
}
