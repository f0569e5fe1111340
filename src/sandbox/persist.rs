//! Keeps the state in a folder: a snapshot written by rename, and a journal of the changes since then.
//!
//! Every answered write stands in the journal before its answer goes out, so that a killed process loses nothing that it
//! answered; the next start reads both, writes a new snapshot and begins an empty journal. Rows set whole objects: to
//! read one twice does no harm, and a journal that outlived its snapshot is one such case.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use super::state::{Change, State};

/// Why a folder cannot hold the data of a sandbox.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has it.
    #[error("the sandbox folder {} is in use by another process", .0.display())]
    Busy(PathBuf),
    /// A file cannot be read or written.
    #[error("the sandbox file {path} cannot be used: {1}", path = .0.display())]
    File(PathBuf, #[source] io::Error),
    /// A row of a file cannot be understood.
    #[error("the sandbox file {path} is damaged in line {1}: {2}; delete its folder to start again", path = .0.display())]
    Damaged(PathBuf, usize, #[source] serde_json::Error),
}

/// An open folder; the lock on it ends with this value, also where the process is killed.
#[derive(Debug)]
pub(super) struct Folder {
    journal: File,
    journal_path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Opens a folder, makes it where it is missing, and reads the state; nothing where it holds none yet.
    pub(super) fn open(path: &Path) -> Result<(Self, Option<State>), StoreError> {
        std::fs::create_dir_all(path).map_err(|error| StoreError::File(path.to_owned(), error))?;
        let lock = lock(path)?;
        // It holds what clients send, passwords too, and may lie in somebody's repository.
        let ignored = path.join(".gitignore");
        let mut ignoring = OpenOptions::new();
        match ignoring.create_new(true).write(true).open(&ignored) {
            Ok(mut file) => file.write_all(b"*\n"),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
        .map_err(|error| StoreError::File(ignored, error))?;
        let snapshot = path.join("sandbox.json");
        let journal_path = path.join("sandbox.journal");
        let mut state = State::default();
        let begun = replay(&snapshot, &mut state)?;
        replay(&journal_path, &mut state)?;
        let state = begun.then_some(state);
        if let Some(state) = &state {
            write_snapshot(&snapshot, state)?;
        }
        let journal = private(
            OpenOptions::new().create(true).truncate(false).write(true),
            &journal_path,
        )?;
        let mut folder = Self {
            journal,
            journal_path,
            _lock: lock,
        };
        folder.empty_journal()?;
        Ok((folder, state))
    }

    /// Writes the first state.
    pub(super) fn begin(&mut self, state: &State) -> Result<(), StoreError> {
        write_snapshot(&self.journal_path.with_file_name("sandbox.json"), state)
    }

    /// Writes a state that did not come about by requests.
    pub(super) fn restart(&mut self, state: &State) -> Result<(), StoreError> {
        self.begin(state)?;
        self.empty_journal()
    }

    /// Adds the changes of one request, as one line.
    pub(super) fn append(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        let write = |journal: &mut File| -> io::Result<()> {
            let mut line = serde_json::to_vec(changes)?;
            line.push(b'\n');
            journal.write_all(&line)
        };
        write(&mut self.journal).map_err(|error| StoreError::File(self.journal_path.clone(), error))
    }

    fn empty_journal(&mut self) -> Result<(), StoreError> {
        let empty = |journal: &mut File| -> io::Result<()> {
            journal.set_len(0)?;
            journal.rewind()
        };
        empty(&mut self.journal).map_err(|error| StoreError::File(self.journal_path.clone(), error))
    }
}

fn lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join("sandbox.lock");
    let file = private(
        OpenOptions::new().create(true).truncate(false).write(true),
        &path,
    )?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Busy(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(StoreError::File(path, error)),
    }
}

/// Reads the rows of a file into the state; tells whether there was one.
///
/// A last line without an end was never answered and does not count.
fn replay(path: &Path, state: &mut State) -> Result<bool, StoreError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(StoreError::File(path.to_owned(), error)),
    };
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        reader
            .read_until(b'\n', &mut line)
            .map_err(|error| StoreError::File(path.to_owned(), error))?;
        if line.last() != Some(&b'\n') {
            break;
        }
        let changes: Vec<Change> = serde_json::from_slice(&line)
            .map_err(|error| StoreError::Damaged(path.to_owned(), number, error))?;
        for change in changes {
            state.apply(change);
        }
    }
    Ok(true)
}

fn write_snapshot(path: &Path, state: &State) -> Result<(), StoreError> {
    let temporary = path.with_extension("json.new");
    let write = || -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(true).write(true);
        let mut file = BufWriter::new(private_io(&mut options, &temporary)?);
        for change in state.changes() {
            serde_json::to_writer(&mut file, &[change])?;
            file.write_all(b"\n")?;
        }
        file.into_inner()
            .map_err(|error| error.into_error())?
            .sync_all()?;
        std::fs::rename(&temporary, path)
    };
    write().map_err(|error| StoreError::File(path.to_owned(), error))
}

fn private(options: &mut OpenOptions, path: &Path) -> Result<File, StoreError> {
    private_io(options, path).map_err(|error| StoreError::File(path.to_owned(), error))
}

/// Opens a file that only its owner may read.
fn private_io(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}
