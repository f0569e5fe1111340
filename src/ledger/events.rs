//! The messages of providers' queues, kept below the ledgers' root before they are taken off: a line each, only
//! ever added to. It does not know what a line says.

use super::error::LedgerError;
use super::folder::{make_folder, private, shown};
use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

const FILE: &str = "events.jsonl";
/// Longest line that is read; a longer one is none of ours.
const LINE: u64 = 1 << 20;

/// The file, held by this process alone until it is dropped.
#[derive(Debug)]
pub struct EventLog {
    file: File,
    path: PathBuf,
    /// What it holds, so that a message that was kept before a crash is not kept twice.
    lines: BTreeSet<String>,
}

impl EventLog {
    /// Opens it, and makes it where it is not there; held by another process, it is an error. What a crash left
    /// half-written is cut off: its message was never taken off the queue.
    pub fn open(root: &Path) -> Result<Self, LedgerError> {
        make_folder(root)?;
        let path = root.join(FILE);
        let name = shown(&path);
        let failed = |error| LedgerError::io(&shown(&path), "write")(error);
        let mut options = private();
        options.read(true).append(true).create(true);
        let mut file = options.open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LedgerError::Busy { name }),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let (lines, whole) = whole_lines(&file).map_err(failed)?;
        file.set_len(whole).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        Ok(Self { file, path, lines })
    }

    /// What it is called in messages.
    pub fn name(&self) -> String {
        shown(&self.path)
    }

    /// Adds a line (which ends with its line break) unless it is there; it lies on disk when this returns.
    pub fn keep(&mut self, line: &str) -> Result<(), LedgerError> {
        if self.lines.contains(line) {
            return Ok(());
        }
        let written = self.file.write_all(line.as_bytes());
        written
            .and_then(|()| self.file.sync_all())
            .map_err(LedgerError::io(&self.name(), "write"))?;
        self.lines.insert(line.to_owned());
        Ok(())
    }
}

/// The lines that end as lines do, and how many bytes they take.
fn whole_lines(file: &File) -> std::io::Result<(BTreeSet<String>, u64)> {
    use std::io::Read as _;
    let mut reader = BufReader::new(file);
    let (mut lines, mut whole) = (BTreeSet::new(), 0);
    loop {
        let mut line = Vec::new();
        let read = (&mut reader).take(LINE).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok((lines, whole));
        }
        let ended = line.ends_with(b"\n");
        if !ended && (read as u64) < LINE {
            return Ok((lines, whole));
        }
        whole += read as u64;
        if let (true, Ok(line)) = (ended, String::from_utf8(line)) {
            lines.insert(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("bailiwick-events-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        folder
    }

    fn text(folder: &Path) -> String {
        std::fs::read_to_string(folder.join(FILE)).expect("the file is there")
    }

    #[test]
    fn a_message_is_kept_once_and_what_a_crash_cut_off_is_kept_again() {
        let folder = folder("once");
        let mut log = EventLog::open(&folder).expect("opens");
        log.keep("{\"id\":\"1\"}\n").expect("keeps");
        log.keep("{\"id\":\"1\"}\n").expect("keeps");
        drop(log);
        let mut torn = File::options()
            .append(true)
            .open(folder.join(FILE))
            .expect("opens");
        torn.write_all(b"{\"id\":\"2").expect("writes");
        drop(torn);
        let mut log = EventLog::open(&folder).expect("opens");
        log.keep("{\"id\":\"1\"}\n").expect("keeps");
        log.keep("{\"id\":\"2\"}\n").expect("keeps");
        assert_eq!(text(&folder), "{\"id\":\"1\"}\n{\"id\":\"2\"}\n");
        std::fs::remove_dir_all(&folder).expect("removes");
    }

    #[test]
    fn two_processes_do_not_take_messages_off_at_once() {
        let folder = folder("busy");
        let first = EventLog::open(&folder).expect("opens");
        let second = EventLog::open(&folder);
        assert!(
            matches!(second, Err(LedgerError::Busy { .. })),
            "{second:?}"
        );
        drop(first);
        EventLog::open(&folder).expect("opens");
        std::fs::remove_dir_all(&folder).expect("removes");
    }
}
