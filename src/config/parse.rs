//! Text to spanned trees: reads the files of a configuration and finds all that is no TOML.
//!
//! It knows how TOML breaks, and nothing of what the keys mean but for `include`. Each tree is decoded and
//! dropped before the next file is read, because a tree is two thirds of the memory.

use super::broken::Broken;
use super::files::{self, FileError, Files, Found, MOST_BYTES, MOST_FILES};
use super::grammar::Document;
use super::grammar::reader::{Lost, Reader};
use super::grammar::value::At;
use super::said;
use super::trust::{self, Trusted, Untrusted};
use crate::diag::{Diagnostic, Diagnostics, SourceId, Sources, Span};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// One file, decoded.
pub(crate) struct Draft {
    /// Its text.
    pub(crate) source: SourceId,
    /// The folder in which its paths start.
    pub(crate) folder: PathBuf,
    /// What it says.
    pub(crate) document: Document,
}

/// All files of a configuration.
pub(crate) struct Drafts {
    /// In the order in which they were read; the first is the first file.
    pub(crate) files: Vec<Draft>,
    /// Where the first file is.
    pub(crate) first: PathBuf,
    /// False if a file, or a block, could not be read: then no name is said to be unknown.
    pub(crate) whole: bool,
    /// What could not be decoded.
    pub(crate) lost: Lost,
    /// What was not read, because nobody outside the file has named it.
    pub(crate) untrusted: Vec<Untrusted>,
}

/// Reads the configuration at a path, a file or a folder.
pub(crate) fn read(
    (files, trusted): (&dyn Files, &Trusted),
    path: &Path,
    sources: &mut Sources,
    told: &mut Diagnostics,
) -> Option<Drafts> {
    let (first, others) = match entry_points(files, path) {
        Ok(found) => found,
        Err(error) => {
            let message = format!("{}: {error}", path.display());
            told.push(
                Diagnostic::error(said::UNREADABLE, message)
                    .help("write --config FILE, the file or folder that has your portfolio"),
            );
            return None;
        }
    };
    let root = first.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let mut reading = Reading {
        files,
        root,
        sources,
        told,
        seen: BTreeSet::new(),
        bytes: 0,
        drafts: Vec::new(),
        whole: true,
        lost: Lost::default(),
        trusted,
        untrusted: Vec::new(),
    };
    reading.file(&first, None);
    reading.includes();
    for other in others {
        reading.file(&other, None);
    }
    let (drafts, lost, untrusted) = (reading.drafts, reading.lost, reading.untrusted);
    Some(Drafts {
        files: drafts,
        first,
        whole: reading.whole && !lost.blocks,
        lost,
        untrusted,
    })
}

/// The first file and, in a folder, the others.
fn entry_points(files: &dyn Files, path: &Path) -> Result<(PathBuf, Vec<PathBuf>), FileError> {
    if !files.look(path)?.is_folder {
        return Ok((path.to_path_buf(), Vec::new()));
    }
    let mut names: Vec<String> = files
        .list(path)?
        .into_iter()
        .filter(|entry| entry.kind == files::EntryKind::File)
        .map(|entry| entry.name)
        .filter(|name| name.ends_with(".toml") && !name.starts_with('.'))
        .collect();
    if names.is_empty() {
        return Err(FileError::System("the folder holds no *.toml".to_owned()));
    }
    let first = names
        .iter()
        .position(|name| name == "bailiwick.toml")
        .unwrap_or(0);
    let first = path.join(names.remove(first));
    Ok((first, names.iter().map(|name| path.join(name)).collect()))
}

struct Reading<'a> {
    files: &'a dyn Files,
    root: PathBuf,
    sources: &'a mut Sources,
    told: &'a mut Diagnostics,
    seen: BTreeSet<PathBuf>,
    bytes: u64,
    drafts: Vec<Draft>,
    whole: bool,
    lost: Lost,
    trusted: &'a Trusted,
    /// What is not read, because nobody outside the file has named it.
    untrusted: Vec<Untrusted>,
}

impl Reading<'_> {
    fn refuse(&mut self, problem: Diagnostic, by: Option<Span>) {
        self.whole = false;
        self.told.push(match by {
            Some(span) => problem.at(span, ""),
            None => problem,
        });
    }

    /// Reads and decodes one file, unless it was read before.
    fn file(&mut self, path: &Path, by: Option<Span>) {
        self.reached(path, self.files.look(path), by);
    }

    fn reached(&mut self, path: &Path, looked: Result<Found, FileError>, by: Option<Span>) {
        let name = shown(&self.root, path);
        let real = match looked {
            Ok(found) => found.real,
            Err(error) => {
                let message = format!("{name}: {error}");
                return self.refuse(Diagnostic::error(said::UNREADABLE, message), by);
            }
        };
        if !self.seen.insert(real) {
            return;
        }
        if self.seen.len() > MOST_FILES {
            if self.seen.len() == MOST_FILES + 1 {
                let message = format!("there are more than {MOST_FILES} files");
                self.refuse(Diagnostic::error(said::TOO_LARGE, message), by);
            }
            return;
        }
        let text = match self.files.read(path, MOST_BYTES - self.bytes) {
            Ok(text) => text,
            Err(FileError::TooLarge { .. }) => {
                let most = MOST_BYTES / 1024 / 1024;
                let message = format!("with {name} the files hold more than {most} MiB");
                return self.refuse(Diagnostic::error(said::TOO_LARGE, message), by);
            }
            Err(error) => {
                let message = format!("{name}: {error}");
                return self.refuse(Diagnostic::error(said::UNREADABLE, message), by);
            }
        };
        self.bytes += text.len() as u64;
        let source = self.sources.add(&name, text);
        let (document, lost) = decode(source, self.sources, self.told);
        match lost {
            Some(lost) => self.lost.extend(lost),
            None => {
                self.whole = false;
                self.lost.broken.insert(source);
            }
        }
        self.drafts.push(Draft {
            source,
            folder: path.parent().map_or_else(PathBuf::new, Path::to_path_buf),
            document,
        });
    }

    /// Reads what the first file includes.
    fn includes(&mut self) {
        let Some(first) = self.drafts.first() else {
            return;
        };
        let folder = first.folder.clone();
        let patterns: Vec<At<Box<str>>> = first
            .document
            .bailiwick
            .0
            .as_ref()
            .and_then(|block| block.value.include.as_ref())
            .map(|list| list.value.0.clone())
            .unwrap_or_default();
        for pattern in patterns {
            let outside = trust::outside((self.files, &folder), &pattern);
            if let Some(thing) = outside.filter(|thing| !self.trusted.holds(thing)) {
                self.untrusted.push(thing);
                self.whole = false;
                continue;
            }
            match reach(self.files, &folder, &pattern.value) {
                Ok(found) if found.is_empty() && !files::is_glob(&pattern.value) => {
                    let message = format!("{} is not there", pattern.value);
                    self.told
                        .push(Diagnostic::warning(said::UNREADABLE, message).at(pattern.span, ""));
                }
                Ok(found) => {
                    for (path, looked) in found {
                        self.reached(&path, looked, Some(pattern.span));
                    }
                }
                Err(problem) => self.refuse(*problem, Some(pattern.span)),
            }
        }
    }
}

/// The files that a path or glob of a file in `folder` names, sorted.
pub(crate) fn expand(
    files: &dyn Files,
    folder: &Path,
    text: &str,
) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    let found = reach(files, folder, text)?;
    Ok(found.into_iter().map(|(path, _)| path).collect())
}

/// A path, and what it leads to.
type Reached = (PathBuf, Result<Found, FileError>);

/// The same, each with what it leads to: following links is most of what a small file costs, so it is done once.
fn reach(files: &dyn Files, folder: &Path, text: &str) -> Result<Vec<Reached>, Box<Diagnostic>> {
    let path = files::join(folder, text)
        .map_err(|error| Diagnostic::error(said::PATH, format!("{text:?}: {error}")))?;
    let looked = |path: PathBuf| {
        let found = files.look(&path);
        (path, found)
    };
    let found: Vec<_> = if files::is_glob(text) {
        let paths = files::glob(files, &path)
            .map_err(|error| Diagnostic::error(said::UNREADABLE, format!("{text:?}: {error}")))?;
        paths.into_iter().map(looked).collect()
    } else {
        let found = looked(path);
        found.1.is_ok().then_some(found).into_iter().collect()
    };
    // An absolute path may lead anywhere.
    let home = match Path::new(text).is_absolute() {
        true => None,
        false => files::home(files, folder),
    };
    let outside = |(_, looked): &&Reached| match (&home, looked) {
        (Some(home), Ok(found)) => !found.real.starts_with(home),
        (Some(_) | None, Err(_)) | (None, Ok(_)) => false,
    };
    match found.iter().find(outside) {
        Some((path, _)) => {
            let message = format!(
                "{} leaves the folder of its file through a link",
                shown(folder, path)
            );
            Err(Box::new(Diagnostic::error(said::PATH, message)))
        }
        None => Ok(found),
    }
}

/// A path as people see it: relative to the folder of the first file, with `/`.
pub(crate) fn shown(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/")
}

/// Decodes one file and says what was lost; nothing about that if it is no TOML.
fn decode(source: SourceId, sources: &Sources, told: &mut Diagnostics) -> (Document, Option<Lost>) {
    let text = sources.text(source);
    let (tree, errors) = DeTable::parse_recoverable(text);
    let tree = tree.into_inner();
    let mut document = Document::default();
    if errors.is_empty() {
        let mut reader = Reader::new(source, told);
        reader.fill(&mut document, tree);
        let lost = reader.finish();
        return (document, Some(lost));
    }
    let broken = Broken::new(source, text, &tree);
    let (lines, cascade) = broken.tell(&tree, &errors, told);
    // What a closed syntax error leaves can be read on; behind an open bracket all is guesswork.
    if !cascade {
        let mut found = Diagnostics::default();
        Reader::new(source, &mut found).fill(&mut document, tree);
        for problem in found.sorted() {
            let line = problem
                .labels
                .first()
                .map(|label| sources.place(label.span).line);
            if line.is_none_or(|line| !lines.contains(&line)) {
                told.push(problem.clone());
            }
        }
    }
    (document, None)
}
