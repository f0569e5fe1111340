//! Files that a command writes: whole or not at all, and readable by their owner alone; a device or a pipe is
//! written into. What is in them is not known here.

use super::exit::Exit;
use super::failure::Failure;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What to do where a file of that name is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    /// Leave it, and fail.
    Keep,
    /// Put the new one in its place.
    Replace,
}

/// Writes a file under a temporary name beside it, then gives it its own, mode 0600.
pub(super) fn write(path: &Path, text: &str, existing: Existing) -> Result<(), Failure> {
    let kept = || {
        let message = format!(
            "{} is there already and was not written over",
            path.display()
        );
        Failure::new(Exit::Invalid, "output.exists", message).help("--force writes over it")
    };
    let failed = |error: io::Error| {
        let message = format!("{} cannot be written: {error}", path.display());
        Failure::new(Exit::Failed, "output.failed", message)
    };
    if is_device(path) {
        // Nothing in it can be lost or half-written, and it must not be replaced by a file.
        let opened = std::fs::File::options().write(true).open(path);
        return opened
            .and_then(|mut device| device.write_all(text.as_bytes()))
            .map_err(failed);
    }
    // What a link points at is replaced, not the link.
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if existing == Existing::Keep && path.symlink_metadata().is_ok() {
        return Err(kept());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let unfinished = unfinished(path);
    let written = fill(&unfinished, text).and_then(|()| match existing {
        Existing::Replace => std::fs::rename(&unfinished, path),
        // A link fails where the name has been taken since; a rename would not.
        Existing::Keep => std::fs::hard_link(&unfinished, path),
    });
    if written.is_err() || existing == Existing::Keep {
        // What is left of an attempt is of no use; that it stays harms nobody.
        let _ = std::fs::remove_file(&unfinished);
    }
    match written {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(kept()),
        other => other.map_err(failed),
    }
}

/// True for `/dev/stdout`, a named pipe and the like.
fn is_device(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

fn unfinished(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}", std::process::id()))
}

fn fill(path: &Path, text: &str) -> io::Result<()> {
    let mut options = std::fs::File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
