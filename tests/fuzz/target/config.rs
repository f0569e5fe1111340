//! The configuration: several files from memory, parsed, decoded, resolved, admitted by the provider, and told.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use bailiwick::config::{self, Entry, EntryKind, FileError, Files, Found, Trusted};
use bailiwick::diag::Diagnostics;
use bailiwick::provider::Provider;
use bailiwick::render::{Style, diagnostics};

use super::{assert_inert, came_to};

/// `\n=== NAME\n` begins another file.
const NEXT: &str = "\n=== ";

/// Reads a configuration.
pub(super) fn run(input: &[u8]) -> u64 {
    let files = InMemory::of(input);
    let mut trusted = Trusted::default();
    if input.len().is_multiple_of(2) {
        trusted.add("command,file,ledger");
    }
    let mut loading = config::load(&files, Path::new("/c/bailiwick.toml"), &trusted);
    let mut told: BTreeSet<&str> = loading
        .told
        .sorted()
        .iter()
        .map(|told| told.code.id)
        .collect();
    if loading.untrusted.is_empty() {
        told.insert("trusted");
    } else {
        assert!(loading.loaded.is_none() && loading.secrets.is_empty());
    }
    if input.len().is_multiple_of(4) {
        let shown = diagnostics::problems(&loading.told, &loading.sources, Style::default());
        // A code frame keeps its own indentation and nothing else.
        assert_inert(&shown);
    }
    let mut kinds = BTreeSet::new();
    let mut later = Diagnostics::default();
    if let Some(loaded) = loading.loaded.take() {
        assert!(!loading.told.has_errors());
        let admitted = super::wire::namebay().admit(loaded.desired, &mut later);
        kinds.extend(admitted.objects().keys().map(|address| address.kind));
        told.extend(later.sorted().iter().map(|told| told.code.id));
        assert_inert(&diagnostics::problems(
            &later,
            &loading.sources,
            Style::default(),
        ));
    } else {
        assert!(loading.told.has_errors());
    }
    came_to((told, kinds))
}

struct InMemory(BTreeMap<PathBuf, Result<String, FileError>>);

impl InMemory {
    fn of(input: &[u8]) -> Self {
        let text = String::from_utf8_lossy(input);
        let mut files = BTreeMap::new();
        let mut name = "bailiwick.toml";
        let mut rest = &*text;
        loop {
            let (text, then) = match rest.split_once(NEXT) {
                Some((text, then)) => (text, Some(then)),
                None => (rest, None),
            };
            files.insert(Path::new("/c").join(name), Ok(text.to_owned()));
            let Some((next, then)) = then.map(|then| then.split_once('\n').unwrap_or((then, "")))
            else {
                break;
            };
            (name, rest) = (next, then);
        }
        let not_text = FileError::NotText { line: 1, column: 1 };
        files.entry("/c/odd.toml".into()).or_insert(Err(not_text));
        Self(files)
    }
}

impl Files for InMemory {
    fn read(&self, path: &Path, most: u64) -> Result<String, FileError> {
        let text = self
            .0
            .get(path)
            .cloned()
            .unwrap_or(Err(FileError::Missing))?;
        match text.len() as u64 > most {
            true => Err(FileError::TooLarge { most }),
            false => Ok(text),
        }
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, FileError> {
        let mut found = BTreeSet::new();
        for path in self.0.keys() {
            let mut parts = match path.strip_prefix(folder) {
                Ok(below) => below.components(),
                Err(_) => continue,
            };
            if let Some(first) = parts.next() {
                let name = first.as_os_str().to_string_lossy().into_owned();
                let kind = match parts.next() {
                    None => EntryKind::File,
                    Some(_) => EntryKind::Folder,
                };
                found.insert(Entry { name, kind });
            }
        }
        Ok(found.into_iter().collect())
    }

    fn look(&self, path: &Path) -> Result<Found, FileError> {
        let is_folder = !self.0.contains_key(path);
        if is_folder && !self.0.keys().any(|file| file.starts_with(path)) {
            return Err(FileError::Missing);
        }
        Ok(Found {
            real: path.to_path_buf(),
            is_folder,
        })
    }
}
