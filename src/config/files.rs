//! The files a configuration consists of: how they are reached, bounded and named.
//!
//! [`Files`] is the only way to them, so that a configuration can be read from memory. A relative path
//! starts at the file it stands in and never leaves that folder, neither by `..` nor through a link.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// The most that all TOML files together may hold, in bytes; a master file may hold as much by itself.
pub const MOST_BYTES: u64 = 16 * 1024 * 1024;
/// The most files a configuration may consist of.
pub const MOST_FILES: usize = 2_000;
/// The most folder entries that globs look at.
const MOST_ENTRIES: usize = 200_000;

/// Where files are read from.
pub trait Files {
    /// The text of a file of at most `most` bytes.
    fn read(&self, path: &Path, most: u64) -> Result<String, FileError>;
    /// What is in a folder, sorted by name.
    fn list(&self, folder: &Path) -> Result<Vec<Entry>, FileError>;
    /// What a path leads to.
    fn look(&self, path: &Path) -> Result<Found, FileError>;
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
}

/// What stands in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A file, or a link to one.
    File,
    /// A folder.
    Folder,
    /// A link to a folder; `**` does not follow it.
    LinkedFolder,
}

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The path without links, equal for all ways to one file.
    pub real: PathBuf,
    /// True for a folder.
    pub is_folder: bool,
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// There is none.
    #[error("there is no such file")]
    Missing,
    /// A folder, a device, a pipe.
    #[error("it is not a file")]
    NotAFile,
    /// More than allowed.
    #[error("it is larger than {most} bytes")]
    TooLarge {
        /// What is allowed.
        most: u64,
    },
    /// Not UTF-8.
    #[error("it is not text in UTF-8: byte {column} of line {line} is not")]
    NotText {
        /// The line of the first byte that is wrong, from 1.
        line: usize,
        /// Its place in that line, in bytes, from 1.
        column: usize,
    },
    /// What the system said.
    #[error("{0}")]
    System(String),
}

impl From<std::io::Error> for FileError {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::NotFound {
            FileError::Missing
        } else {
            FileError::System(error.to_string())
        }
    }
}

/// The file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path, most: u64) -> Result<String, FileError> {
        // Asked before opening: a pipe would be waited for.
        let about = std::fs::metadata(path)?;
        if !about.is_file() {
            return Err(FileError::NotAFile);
        }
        let file = std::fs::File::open(path)?;
        let size = usize::try_from(about.len().min(most)).unwrap_or_default();
        let mut bytes = Vec::with_capacity(size + 1);
        file.take(most + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            return Err(FileError::TooLarge { most });
        }
        String::from_utf8(bytes).map_err(|error| {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let newline = before.iter().rposition(|byte| *byte == b'\n');
            FileError::NotText {
                line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
                column: before.len() - newline.map_or(0, |at| at + 1) + 1,
            }
        })
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, FileError> {
        let mut out = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let kind = entry.file_type()?;
            let leads = if kind.is_symlink() {
                std::fs::metadata(entry.path()).map(|found| found.is_dir())
            } else {
                Ok(kind.is_dir())
            };
            let kind = match (leads, kind.is_symlink()) {
                (Ok(true), true) => EntryKind::LinkedFolder,
                (Ok(true), false) => EntryKind::Folder,
                // A dangling link is told when it is read.
                (Ok(false) | Err(_), _) => EntryKind::File,
            };
            out.push(Entry { name, kind });
            if out.len() > MOST_ENTRIES {
                return Err(FileError::System("the folder is too large".to_owned()));
            }
        }
        out.sort();
        Ok(out)
    }

    fn look(&self, path: &Path) -> Result<Found, FileError> {
        let real = std::fs::canonicalize(path)?;
        let is_folder = std::fs::metadata(&real)?.is_dir();
        Ok(Found { real, is_folder })
    }
}

/// Why a path of the file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PathError {
    /// It climbs.
    #[error("a path may not leave the folder of its file by `..`")]
    Climbs,
    /// It is empty or holds what no file name holds.
    #[error("this is no path")]
    Form,
}

/// Where a path of a file in `folder` leads: below it, or as written if absolute.
pub(crate) fn join(folder: &Path, text: &str) -> Result<PathBuf, PathError> {
    if text.trim().is_empty() || text.contains('\0') {
        return Err(PathError::Form);
    }
    let path = Path::new(text);
    let climbs = |part: Component<'_>| part == Component::ParentDir;
    if !path.is_absolute() && path.components().any(climbs) {
        return Err(PathError::Climbs);
    }
    Ok(folder.join(path))
}

/// True if `path` leads out of `folder` through a link. An absolute path is not asked.
pub(crate) fn leaves(files: &dyn Files, folder: &Path, path: &Path) -> bool {
    match (home(files, folder), files.look(path)) {
        (Some(home), Ok(found)) => !found.real.starts_with(home),
        (Some(_) | None, Err(_)) | (None, Ok(_)) => false,
    }
}

/// A folder without links; the empty path is the folder we are in.
pub(crate) fn home(files: &dyn Files, folder: &Path) -> Option<PathBuf> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    files.look(folder).ok().map(|found| found.real)
}

/// True if the text has a wildcard.
pub(crate) fn is_glob(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// The files that a glob names, sorted; `*` and `?` stay within a name, `**` is any run of folders.
/// Hidden names are matched only by a pattern that begins with a dot.
pub(crate) fn glob(files: &dyn Files, pattern: &Path) -> Result<Vec<PathBuf>, FileError> {
    let mut found = vec![PathBuf::new()];
    let mut looked = 0;
    let parts: Vec<Component<'_>> = pattern.components().collect();
    for (at, part) in parts.iter().enumerate() {
        let last = at + 1 == parts.len();
        let text = part.as_os_str().to_string_lossy();
        let mut next = Vec::new();
        for base in found {
            if text == "**" {
                runs(files, base, &mut next, &mut looked)?;
            } else if !is_glob(&text) {
                let path = base.join(part);
                if !last || files.look(&path).is_ok_and(|found| !found.is_folder) {
                    next.push(path);
                }
            } else {
                for entry in entries(files, &base, &mut looked)? {
                    let fits = (entry.kind == EntryKind::File) == last;
                    if fits && matches(&text, &entry.name) {
                        next.push(base.join(&entry.name));
                    }
                }
            }
        }
        found = next;
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn entries(files: &dyn Files, base: &Path, looked: &mut usize) -> Result<Vec<Entry>, FileError> {
    let folder = if base.as_os_str().is_empty() {
        Path::new(".")
    } else {
        base
    };
    let entries = match files.list(folder) {
        Ok(entries) => entries,
        Err(FileError::Missing | FileError::NotAFile) => Vec::new(),
        Err(error) => return Err(error),
    };
    *looked += entries.len();
    if *looked > MOST_ENTRIES {
        return Err(FileError::System(format!(
            "the pattern looks at more than {MOST_ENTRIES} names"
        )));
    }
    Ok(entries)
}

fn runs(
    files: &dyn Files,
    base: PathBuf,
    out: &mut Vec<PathBuf>,
    looked: &mut usize,
) -> Result<(), FileError> {
    let mut open = vec![base];
    while let Some(folder) = open.pop() {
        for entry in entries(files, &folder, looked)? {
            if entry.kind == EntryKind::Folder && !entry.name.starts_with('.') {
                open.push(folder.join(&entry.name));
            }
        }
        out.push(folder);
    }
    Ok(())
}

/// True if a name fits a pattern of `*` and `?`; in time linear in both for each star.
fn matches(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p, n));
            p += 1;
        } else if p < pattern.len() && (pattern[p] == '?' || pattern[p] == name[n]) {
            p += 1;
            n += 1;
        } else if let Some((at, taken)) = star {
            p = at + 1;
            n = taken + 1;
            star = Some((at, taken + 1));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_patterns() {
        for (pattern, name, fits) in [
            ("*.toml", "a.toml", true),
            ("*.toml", ".toml", false),
            ("*.toml", "a.tom", false),
            ("a*b*c", "aXbXbc", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*", ".hidden", false),
            (".*", ".hidden", true),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }

    #[test]
    fn a_path_does_not_climb() {
        let home = Path::new("conf");
        assert_eq!(join(home, "a/../../b"), Err(PathError::Climbs));
        assert_eq!(join(home, ""), Err(PathError::Form));
        assert_eq!(join(home, "zones/a.zone"), Ok("conf/zones/a.zone".into()));
        assert_eq!(join(home, "/etc/a.zone"), Ok("/etc/a.zone".into()));
    }
}
