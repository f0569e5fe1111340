//! A configuration in memory, and its problems as one line of text each.

use bailiwick::config::{self, Entry, EntryKind, FileError, Files, Found, Loaded, Trusted};
use bailiwick::diag::{Diagnostic, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Files by path, below `/conf`.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    files: BTreeMap<PathBuf, String>,
}

impl Memory {
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(name, text)| (Path::new("/conf").join(name), (*text).to_owned()));
        Self {
            files: files.collect(),
        }
    }

    pub(crate) fn add(&mut self, name: &str, text: String) {
        self.files.insert(Path::new("/conf").join(name), text);
    }
}

impl Files for Memory {
    fn read(&self, path: &Path, most: u64) -> Result<String, FileError> {
        let text = self.files.get(path).ok_or(FileError::Missing)?;
        if text.len() as u64 > most {
            return Err(FileError::TooLarge { most });
        }
        Ok(text.clone())
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, FileError> {
        let mut found = BTreeSet::new();
        for path in self.files.keys() {
            let Ok(below) = path.strip_prefix(folder) else {
                continue;
            };
            let mut parts = below.components();
            if let Some(first) = parts.next() {
                let kind = match parts.next() {
                    None => EntryKind::File,
                    Some(_) => EntryKind::Folder,
                };
                let name = first.as_os_str().to_string_lossy().into_owned();
                found.insert(Entry { name, kind });
            }
        }
        match found.is_empty() {
            true => Err(FileError::Missing),
            false => Ok(found.into_iter().collect()),
        }
    }

    fn look(&self, path: &Path) -> Result<Found, FileError> {
        let is_folder = !self.files.contains_key(path);
        if is_folder && !self.files.keys().any(|file| file.starts_with(path)) {
            return Err(FileError::Missing);
        }
        Ok(Found {
            real: path.to_path_buf(),
            is_folder,
        })
    }
}

/// An account, for files that are about something else.
pub(crate) const ACCOUNT: &str = r#"
[account.main]
provider = "namebay"
user     = "AA111111"
username = { env = "NAMEBAY_USERNAME" }
password = { env = "NAMEBAY_PASSWORD" }
"#;

/// `file:line:column code message`, with `| help` and `+ other places`, masked values aside.
pub(crate) fn line(problem: &Diagnostic, sources: &Sources) -> String {
    let mut out = String::new();
    let mut labels = problem.labels.iter();
    if let Some(first) = labels.next() {
        let place = sources.place(first.span);
        out += &format!("{}:{}:{} ", place.file, place.line, place.column);
    }
    out += &format!("{} {}", problem.code.id, problem.message);
    if let Some(help) = &problem.help {
        out += &format!(" | {help}");
    }
    for label in labels {
        let place = sources.place(label.span);
        out += &format!(" + {}:{} {}", place.file, place.line, label.text);
    }
    out
}

/// Loads files; the first of them is the configuration.
pub(crate) fn load(files: &[(&str, &str)]) -> (Option<Loaded>, Vec<String>) {
    load_trusting(files, &Trusted::default())
}

pub(crate) fn load_trusting(
    files: &[(&str, &str)],
    trusted: &Trusted,
) -> (Option<Loaded>, Vec<String>) {
    let memory = Memory::of(files);
    let first = Path::new("/conf").join(files[0].0);
    let loading = config::load(&memory, &first, trusted);
    let lines = loading
        .told
        .sorted()
        .into_iter()
        .map(|problem| line(problem, &loading.sources))
        .collect();
    (loading.loaded, lines)
}

/// The problems of one file that begins with an account.
pub(crate) fn problems(text: &str) -> Vec<String> {
    // The account stands behind, so that lines count from the text.
    let text = format!("{text}{ACCOUNT}");
    load(&[("bailiwick.toml", &text)]).1
}
