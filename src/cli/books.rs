//! The ledgers of a run: opened to read for `plan`, locked for `apply`.

use super::connect::Connected;
use super::env::Env;
use super::exit::Exit;
use super::failure::Failure;
use crate::config::Loaded;
use crate::ledger::{
    self, Found, Holder, Ledger, LedgerError, LedgerKey, Locked, Opening, Record, Root, Standing,
    Store,
};
use crate::model::{Account, Live, Outcome};
use std::collections::BTreeMap;
use std::path::Path;

/// One account's ledger, as far as a plan has to know.
#[derive(Debug)]
pub(super) struct Book {
    /// What it knows.
    pub(super) ledger: Ledger,
    /// Whether it was there.
    pub(super) found: Found,
    /// Somebody is applying.
    pub(super) held: bool,
    /// Whose lease had run out and was taken over.
    pub(super) taken_from: Option<Holder>,
    /// The first file of the runs that wrote it, where that is another one.
    pub(super) other_file: Option<Box<str>>,
}

/// What the file is called in the ledger: its name beside the ledger's folder or in an object store, else its whole path.
pub(super) fn first_file(loaded: &Loaded, connected: &Connected) -> String {
    let own = loaded
        .first_file
        .canonicalize()
        .unwrap_or_else(|_| loaded.first_file.clone());
    // Runners that share an object store have their own folders.
    let beside = match connected.ledgers.folder() {
        Some(folder) => folder.starts_with(&loaded.folder),
        None => true,
    };
    match own.file_name().filter(|_| beside) {
        Some(name) => name.to_string_lossy().into_owned(),
        None => own.to_string_lossy().replace('\\', "/"),
    }
}

/// Opens all of them to read; takes no lock and writes nothing.
pub(super) fn read(
    connected: &Connected,
    env: &Env,
) -> Result<BTreeMap<Account, ledger::Opened>, Failure> {
    opened((&connected.keys, &connected.ledgers), env)
}

/// The same, and makes those that are not there yet (their ids, nothing else), so that a plan can be bound to
/// them.
pub(super) fn establish(
    connected: &Connected,
    env: &Env,
) -> Result<BTreeMap<Account, ledger::Opened>, Failure> {
    let each = |(account, store, fresh): (&Account, Box<dyn Store>, String)| {
        let opening = Opening {
            account,
            key: &connected.keys[account],
            fresh_id: &fresh,
        };
        let made = ledger::establish(&*store, &opening).map_err(|error| failure(&error))?;
        Ok((account.clone(), made))
    };
    stores((&connected.keys, &connected.ledgers), env)
        .map(each)
        .collect()
}

/// The same of ledgers that are only named.
pub(super) fn opened(
    (keys, root): (&BTreeMap<Account, LedgerKey>, &Root),
    env: &Env,
) -> Result<BTreeMap<Account, ledger::Opened>, Failure> {
    let each = |(account, store, fresh): (&Account, Box<dyn Store>, String)| {
        let opening = Opening {
            account,
            key: &keys[account],
            fresh_id: &fresh,
        };
        let opened = ledger::open(&*store, &opening).map_err(|error| failure(&error))?;
        Ok((account.clone(), opened))
    };
    stores((keys, root), env).map(each).collect()
}

/// Who holds each of them.
pub(super) fn standings(
    (keys, root): (&BTreeMap<Account, LedgerKey>, &Root),
) -> Result<BTreeMap<Account, Standing>, Failure> {
    let each = |(account, key): (&Account, &LedgerKey)| {
        let standing = root.store(key).standing();
        let standing = standing.map_err(|error| failure(&error))?;
        Ok((account.clone(), standing))
    };
    keys.iter().map(each).collect()
}

/// Frees those that nobody holds any more, and tells whose they were.
pub(super) fn release(
    wanted: impl Fn(&Account) -> bool,
    (keys, root): (&BTreeMap<Account, LedgerKey>, &Root),
) -> Result<BTreeMap<Account, Option<Holder>>, Failure> {
    let own = keys.iter().filter(|(account, _)| wanted(account));
    let each = |(account, key): (&Account, &LedgerKey)| {
        let freed = root.store(key).release();
        let freed = freed.map_err(|error| failure(&error))?;
        Ok((account.clone(), freed))
    };
    own.map(each).collect()
}

/// Locks all of them; a held one is refused at once.
pub(super) fn lock(connected: &Connected, env: &Env) -> Result<BTreeMap<Account, Locked>, Failure> {
    lock_only(|_| true, connected, env)
}

/// Locks some of them.
pub(super) fn lock_only(
    wanted: impl Fn(&Account) -> bool,
    connected: &Connected,
    env: &Env,
) -> Result<BTreeMap<Account, Locked>, Failure> {
    let holder = Holder {
        host: hostname(env),
        pid: std::process::id(),
        url: job(env),
        since: env.now(),
    };
    let each = |(account, store, fresh): (&Account, Box<dyn Store>, String)| {
        let opening = Opening {
            account,
            key: &connected.keys[account],
            fresh_id: &fresh,
        };
        let locked = ledger::lock(store, &opening, &holder).map_err(|error| failure(&error))?;
        Ok((account.clone(), locked))
    };
    stores((&connected.keys, &connected.ledgers), env)
        .filter(|(account, _, _)| wanted(account))
        .map(each)
        .collect()
}

fn stores<'a>(
    (keys, root): (&'a BTreeMap<Account, LedgerKey>, &'a Root),
    env: &Env,
) -> impl Iterator<Item = (&'a Account, Box<dyn Store>, String)> {
    let now = env.now();
    keys.iter().map(move |(account, key)| {
        let fresh = ledger::fresh_id(now, std::process::id());
        (account, root.store(key), fresh)
    })
}

/// Where the run can be watched, if it is a CI job that says so.
fn job(env: &Env) -> Option<String> {
    let github = || {
        let server = env.variable("GITHUB_SERVER_URL")?;
        let repository = env.variable("GITHUB_REPOSITORY")?;
        let run = env.variable("GITHUB_RUN_ID")?;
        Some(format!("{server}/{repository}/actions/runs/{run}"))
    };
    let url = env
        .variable("CI_JOB_URL")
        .or_else(|| env.variable("BUILD_URL"));
    url.or_else(github)
}

fn hostname(env: &Env) -> String {
    let name = env.variable("HOSTNAME");
    name.or_else(|| std::fs::read_to_string(Path::new("/etc/hostname")).ok())
        .map(|name| name.trim().to_owned())
        .unwrap_or_else(|| "unknown".to_owned())
}

/// What a plan has to know of ledgers that were opened, after what the read proves.
pub(super) fn of_opened(
    opened: BTreeMap<Account, ledger::Opened>,
    live: &Live,
    first_file: &str,
) -> BTreeMap<Account, Book> {
    let each = |(account, mut opened): (Account, ledger::Opened)| {
        opened.settle(live);
        let book = Book {
            found: opened.found,
            held: opened.standing != Standing::Free,
            taken_from: None,
            other_file: opened.other_file(first_file).map(Box::from),
            ledger: opened.ledger,
        };
        (account, book)
    };
    opened.into_iter().map(each).collect()
}

/// What is done that ledgers held as pending, by account: the address, by words that are its own as long as it is
/// pending.
pub(super) type Arrived = BTreeMap<Account, BTreeMap<Box<str>, Box<str>>>;

/// What a read proves done of what locked ledgers hold as pending; asked before they take that in.
pub(super) fn arrived(locked: &BTreeMap<Account, Locked>, live: &Live) -> Arrived {
    let of = |ledger: &Ledger| {
        let records = match ledger.pending.is_empty() {
            true => Vec::new(),
            false => ledger::settle(ledger, live),
        };
        let done = records.into_iter().filter_map(|record| {
            let Record::Arrived {
                unit,
                outcome: Outcome::Done { .. },
            } = record
            else {
                return None;
            };
            let since = ledger.pending.get(&unit)?.since;
            let address = unit.address.text();
            let words = format!("{address} {} {since}", unit.part.0);
            Some((words.into(), address.into()))
        });
        done.collect()
    };
    locked
        .iter()
        .map(|(account, locked)| (account.clone(), of(locked.ledger())))
        .collect()
}

/// The same of locked ones; what the read proves becomes durable when the run begins.
pub(super) fn of_locked(
    locked: &mut BTreeMap<Account, Locked>,
    live: &Live,
    first_file: &str,
) -> BTreeMap<Account, Book> {
    let each = |(account, locked): (&Account, &mut Locked)| {
        locked.settle(live);
        let book = Book {
            ledger: locked.ledger().clone(),
            found: locked.found(),
            held: false,
            taken_from: locked.taken_from().cloned(),
            other_file: locked.other_file(first_file).map(Box::from),
        };
        (account.clone(), book)
    };
    locked.iter_mut().map(each).collect()
}

/// A ledger's problem, with the code that it ends with; its text says what to do.
pub(super) fn failure(error: &LedgerError) -> Failure {
    let (exit, code) = match error {
        LedgerError::Held(_) => (Exit::Locked, "ledger.locked"),
        LedgerError::Newer { .. } => (Exit::Failed, "ledger.newer"),
        LedgerError::Foreign { .. } => (Exit::Failed, "ledger.foreign"),
        LedgerError::Truncated { .. } => (Exit::Failed, "ledger.truncated"),
        LedgerError::Edited { .. } => (Exit::Failed, "ledger.edited"),
        LedgerError::Lost { .. } => (Exit::Failed, "ledger.gone"),
        LedgerError::Busy { .. } => (Exit::Failed, "ledger.busy"),
        LedgerError::Io { .. } => (Exit::Failed, "ledger.io"),
    };
    Failure::new(exit, code, error.to_string())
}
