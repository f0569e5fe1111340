//! A ledger in a folder.
//!
//! Every file is written under another name, forced to disk and renamed, readable by its owner alone; the
//! folder's own entry is forced to disk too. A kill, or a full disk, at any moment leaves the old or the new
//! file, never half of one. It does not know what it stores.

use super::error::LedgerError;
use super::store::{Holder, Lease, LedgerKey, Put, RunId, Standing, Store};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

const DOCUMENT: &str = "ledger.json";
const JOURNAL: &str = "journal";
const CACHE: &str = "cache";
/// Says that a document was written here once.
const MADE: &str = "made";
const LOCK: &str = "lock";
const HOLDER: &str = "lock.json";
/// What a write that was interrupted leaves behind.
const UNFINISHED: &str = ".tmp";

/// One account's folder below a root.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
    path: PathBuf,
}

impl Folder {
    /// The folder of an account; nothing is made before something is written.
    pub fn new(root: &Path, key: &LedgerKey) -> Self {
        Self {
            root: root.to_owned(),
            path: root.join(key.folder_name()),
        }
    }

    fn at(&self, item: &str) -> PathBuf {
        self.path.join(item)
    }

    /// Makes a folder; with the account's own comes a `.gitignore` in the root, so that nobody commits a
    /// ledger by accident.
    fn make(&self, path: &Path) -> Result<(), LedgerError> {
        if path.is_dir() {
            return Ok(());
        }
        let fresh = !self.path.is_dir();
        make_folder(path)?;
        if fresh {
            put_new(&self.root.join(".gitignore"), b"*\n")?;
        }
        Ok(())
    }

    fn holder(&self) -> Result<Option<Holder>, LedgerError> {
        let bytes = read(&self.at(HOLDER))?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// Removes what interrupted writes left; to be called by who holds the lock.
    fn tidy(&self) -> Result<(), LedgerError> {
        for path in entries(&self.path)? {
            let unfinished = file_name(&path).is_some_and(|name| name.ends_with(UNFINISHED));
            if unfinished && path.is_file() {
                remove(&path)?;
            }
        }
        Ok(())
    }

    /// Leaves a sign that there was a document, so that one that is gone is told from one that never was.
    fn mark(&self) -> Result<(), LedgerError> {
        let path = self.at(MADE);
        if path.exists() {
            Ok(())
        } else {
            replace(&path, b"")
        }
    }

    fn run(&self, run: &RunId) -> PathBuf {
        self.at(JOURNAL).join(run.as_str())
    }
}

impl Store for Folder {
    fn name(&self, item: &str) -> String {
        shown(&self.at(item))
    }

    fn used(&self) -> Result<bool, LedgerError> {
        let journal = !entries(&self.at(JOURNAL))?.is_empty();
        Ok(journal || self.at(MADE).exists())
    }

    fn document(&self) -> Result<Option<Vec<u8>>, LedgerError> {
        read(&self.at(DOCUMENT))
    }

    fn put_document(&self, bytes: &[u8]) -> Result<(), LedgerError> {
        self.make(&self.path)?;
        replace(&self.at(DOCUMENT), bytes)?;
        self.mark()
    }

    fn put_first_document(&self, bytes: &[u8]) -> Result<Put, LedgerError> {
        self.make(&self.path)?;
        let path = self.at(DOCUMENT);
        let unfinished = write_beside(&path, bytes)?;
        // A link, unlike a rename, does not replace what another process has put there meanwhile.
        let linked = std::fs::hard_link(&unfinished, &path);
        let put = match linked {
            Ok(()) => Ok(Put::Written),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Put::Exists),
            Err(_) if path.exists() => Ok(Put::Exists),
            // A file system without links.
            Err(_) => std::fs::rename(&unfinished, &path)
                .map(|()| Put::Written)
                .map_err(LedgerError::io(&shown(&path), "write")),
        };
        if unfinished.exists() {
            remove(&unfinished)?;
        }
        sync_folder(&self.path)?;
        self.mark()?;
        put
    }

    fn segments(&self) -> Result<Vec<(RunId, u32)>, LedgerError> {
        let mut found = Vec::new();
        for path in entries(&self.at(JOURNAL))? {
            let Some(run) = file_name(&path).and_then(|name| RunId::parse(&name)) else {
                continue;
            };
            for segment in entries(&path)? {
                if let Some(number) = file_name(&segment).and_then(|name| name.parse().ok()) {
                    found.push((run.clone(), number));
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn segment(&self, run: &RunId, number: u32) -> Result<Option<Vec<u8>>, LedgerError> {
        read(&self.run(run).join(segment_name(number)))
    }

    fn put_segment(&self, run: &RunId, number: u32, bytes: &[u8]) -> Result<Put, LedgerError> {
        let folder = self.run(run);
        if !folder.is_dir() {
            self.make(&folder)?;
            sync_folder(&self.at(JOURNAL))?;
            sync_folder(&self.path)?;
        }
        let put = put_new(&folder.join(segment_name(number)), bytes)?;
        sync_folder(&folder)?;
        Ok(put)
    }

    fn remove_run(&self, run: &RunId) -> Result<(), LedgerError> {
        let folder = self.run(run);
        let mut segments = entries(&folder)?;
        // The last ones first: what a kill leaves is then the beginning of the run, never a gap in it.
        segments.sort();
        for path in segments.iter().rev() {
            remove(path)?;
        }
        match std::fs::remove_dir(&folder) {
            Ok(()) => sync_folder(&self.at(JOURNAL)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(LedgerError::io(&shown(&folder), "remove")(error)),
        }
    }

    fn standing(&self) -> Result<Standing, LedgerError> {
        // Who holds the lock says so beside it: without that file the lock need not be touched, and asking
        // does not get in the way of somebody who takes it.
        let Some(holder) = self.holder()? else {
            return Ok(Standing::Free);
        };
        let path = self.at(LOCK);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Standing::Free),
            Err(error) => return Err(LedgerError::io(&shown(&path), "read")(error)),
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(Standing::Free),
            Err(TryLockError::WouldBlock) => Ok(Standing::HeldBy(holder)),
            Err(TryLockError::Error(error)) => Err(LedgerError::io(&shown(&path), "lock")(error)),
        }
    }

    fn lock(&self, holder: &Holder) -> Result<Box<dyn Lease>, LedgerError> {
        self.make(&self.path)?;
        let path = self.at(LOCK);
        let file = private()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(LedgerError::io(&shown(&path), "write"))?;
        if !taken(&file).map_err(LedgerError::io(&shown(&path), "lock"))? {
            let unknown = || Holder {
                host: "an unknown machine".into(),
                pid: 0,
                url: None,
                since: holder.since,
            };
            let by = self.holder()?.unwrap_or_else(unknown);
            return Err(LedgerError::Held(Box::new(by)));
        }
        self.tidy()?;
        let text = serde_json::to_vec(holder)
            .map_err(|error| LedgerError::io(&self.name(HOLDER), "write")(error.into()))?;
        replace(&self.at(HOLDER), &text)?;
        Ok(Box::new(Held {
            file,
            path,
            who: self.at(HOLDER),
        }))
    }

    fn cached(&self, name: &str) -> Option<Vec<u8>> {
        read(&self.at(CACHE).join(name)).ok().flatten()
    }

    fn cache(&self, name: &str, bytes: &[u8]) -> Result<(), LedgerError> {
        let folder = self.at(CACHE);
        self.make(&folder)?;
        replace(&folder.join(name), bytes)
    }
}

/// Takes a lock at once or not at all. Who asks for the standing of a lock that a killed run left holds it
/// for some microseconds; a few attempts tell that from a run that goes on.
fn taken(file: &File) -> std::io::Result<bool> {
    for attempt in 0..4 {
        if attempt > 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(false)
}

/// The lock of a folder: the system frees it when the process ends, however it ends.
#[derive(Debug)]
struct Held {
    file: File,
    path: PathBuf,
    who: PathBuf,
}

impl Lease for Held {
    /// Somebody may have removed the folder under this run, and another run made it anew.
    #[cfg(unix)]
    fn check(&self) -> Result<(), LedgerError> {
        use std::os::unix::fs::MetadataExt as _;
        let ours = self.file.metadata();
        let there = std::fs::metadata(&self.path);
        match (ours, there) {
            (Ok(a), Ok(b)) if (a.dev(), a.ino()) == (b.dev(), b.ino()) => Ok(()),
            (Ok(_) | Err(_), Ok(_) | Err(_)) => Err(LedgerError::Lost {
                name: shown(&self.path),
            }),
        }
    }

    #[cfg(not(unix))]
    fn check(&self) -> Result<(), LedgerError> {
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Nothing depends on either: a name without a lock is taken for what it is, and closing the file
        // frees the lock.
        if self.check().is_ok() {
            let _ = std::fs::remove_file(&self.who);
        }
        let _ = self.file.unlock();
    }
}

fn segment_name(number: u32) -> String {
    format!("{number:06}")
}

pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn file_name(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_str()?.to_owned())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, LedgerError> {
    let failed = || LedgerError::io(&shown(folder), "read");
    let list = match std::fs::read_dir(folder) {
        Ok(list) => list,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed()(error)),
    };
    list.map(|entry| entry.map(|entry| entry.path()).map_err(failed()))
        .collect()
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, LedgerError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(LedgerError::io(&shown(path), "read")(error)),
    }
}

fn remove(path: &Path) -> Result<(), LedgerError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(LedgerError::io(&shown(path), "remove")(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Replaces a file, wholly or not at all.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), LedgerError> {
    let unfinished = write_beside(path, bytes)?;
    std::fs::rename(&unfinished, path).map_err(LedgerError::io(&shown(path), "write"))?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Writes a file that must not exist; what a failure leaves of it is removed.
fn put_new(path: &Path, bytes: &[u8]) -> Result<Put, LedgerError> {
    let mut file = match private().write(true).create_new(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(Put::Exists),
        Err(error) => return Err(LedgerError::io(&shown(path), "write")(error)),
    };
    if let Err(error) = file.write_all(bytes).and_then(|()| file.sync_all()) {
        remove(path)?;
        return Err(LedgerError::io(&shown(path), "write")(error));
    }
    Ok(Put::Written)
}

/// Writes a file under a name of its own beside `path`, forced to disk.
fn write_beside(path: &Path, bytes: &[u8]) -> Result<PathBuf, LedgerError> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}-{count}{UNFINISHED}", std::process::id()));
    let beside = PathBuf::from(name);
    // A process of the same number may have died here.
    remove(&beside)?;
    put_new(&beside, bytes)?;
    Ok(beside)
}

#[cfg(unix)]
pub(super) fn private() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

#[cfg(not(unix))]
pub(super) fn private() -> OpenOptions {
    OpenOptions::new()
}

pub(super) fn make_folder(path: &Path) -> Result<(), LedgerError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder
        .create(path)
        .map_err(LedgerError::io(&shown(path), "write"))
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> Result<(), LedgerError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(LedgerError::io(&shown(path), "write"))
}

/// Elsewhere a folder cannot be opened as a file; renaming is durable there as far as it can be.
#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> Result<(), LedgerError> {
    Ok(())
}
