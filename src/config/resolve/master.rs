//! Master files of a zone: reached, bounded, read, and their lines given places.
//!
//! What a master file means is `model::dns::masterfile`'s business; this is its way to files.

use super::super::files::{self, FileError};
use super::super::grammar::value::{At, Text};
use super::super::{parse, said, trust};
use super::Desk;
use super::record::Value;
use super::zone::Passed;
use crate::diag::{Diagnostic, SourceId, Span};
use crate::model::Via;
use crate::model::dns::Apex;
use crate::model::dns::masterfile::{self, Include, Included, MasterFile, Ttl};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reads the master files of a zone; gives back the first TTL that is another one than the zone's.
pub(super) fn read(
    desk: &mut Desk<'_>,
    apex: &Apex,
    (names, ttl): (&[At<Text>], Option<i64>),
    found: &mut Vec<Value>,
) -> Option<Passed> {
    let mut seen = BTreeSet::new();
    let mut passed = None;
    for name in names {
        let folder = desk.folder(name.span).to_path_buf();
        let written = At {
            span: name.span,
            value: (*name.value).into(),
        };
        let outside = trust::outside((desk.files, &folder), &written);
        if let Some(thing) = outside.filter(|thing| !desk.trusted.holds(thing)) {
            desk.untrusted.push(thing);
            continue;
        }
        let paths = match parse::expand(desk.files, &folder, &name.value) {
            Ok(paths) => paths,
            Err(problem) => {
                desk.lost(problem.at(name.span, ""));
                continue;
            }
        };
        if paths.is_empty() {
            let message = format!("there is no file {:?}", name.value);
            desk.lost(Diagnostic::error(said::UNREADABLE, message).at(name.span, ""));
        }
        for path in paths {
            let real = desk.files.look(&path).map(|found| found.real);
            if seen.insert(real.unwrap_or_else(|_| path.clone())) {
                let other = file(desk, apex, (&path, name.span), found, ttl);
                passed = passed.or(other);
            }
        }
    }
    passed
}

/// The source of each file that was read.
type Ids = BTreeMap<Arc<str>, SourceId>;

/// A text that was read, and where from.
struct Page {
    name: Arc<str>,
    text: Arc<str>,
}

fn file(
    desk: &mut Desk<'_>,
    apex: &Apex,
    (path, by): (&Path, Span),
    found: &mut Vec<Value>,
    ttl: Option<i64>,
) -> Option<Passed> {
    desk.master_files += 1;
    if desk.master_files > files::MOST_FILES {
        if desk.master_files == files::MOST_FILES + 1 {
            let message = format!("there are more than {} master files", files::MOST_FILES);
            desk.lost(Diagnostic::error(said::TOO_LARGE, message).at(by, ""));
        }
        return None;
    }
    let name: Arc<str> = parse::shown(&desk.root, path).into();
    let text: Arc<str> = match desk.files.read(path, files::MOST_BYTES) {
        Ok(text) => text.into(),
        Err(error) => {
            let code = match error {
                FileError::TooLarge { .. } => said::TOO_LARGE,
                FileError::Missing
                | FileError::NotAFile
                | FileError::NotText { .. }
                | FileError::System(_) => said::UNREADABLE,
            };
            desk.lost(Diagnostic::error(code, format!("{name}: {error}")).at(by, ""));
            return None;
        }
    };
    let mut including = Including {
        desk,
        top: path.parent().map_or_else(PathBuf::new, Path::to_path_buf),
        paths: BTreeMap::from([(Arc::clone(&name), path.to_path_buf())]),
        by: BTreeMap::new(),
        pages: vec![Page {
            name: Arc::clone(&name),
            text: Arc::clone(&text),
        }],
    };
    let read = masterfile::read(apex, &name, &text, &mut |include| including.read(include));
    let pages = std::mem::take(&mut including.pages);
    drop(including);
    let mut ids = BTreeMap::new();
    for page in pages {
        let id = desk.sources.add(&page.name, page.text.as_ref().to_owned());
        ids.insert(page.name, id);
    }
    let via = desk.through.via(by).cloned();
    take(desk, read, (&ids, via.as_ref()), (found, ttl))
}

/// Turns what was read into values and problems.
fn take(
    desk: &mut Desk<'_>,
    read: MasterFile,
    (ids, via): (&Ids, Option<&Arc<[Via]>>),
    (found, ttl): (&mut Vec<Value>, Option<i64>),
) -> Option<Passed> {
    let span = |at: &masterfile::At| {
        ids.get(&at.file).map(|source| Span {
            source: *source,
            start: at.start,
            end: at.end,
        })
    };
    for problem in read.errors {
        let mut told = Diagnostic::error(said::MASTER_FILE, problem.error.to_string());
        if let Some(span) = span(&problem.at) {
            told = told.at(span, "");
        }
        desk.lost(match problem.error.write {
            Some(write) => told.help(write),
            None => told,
        });
    }
    let mut passed = None;
    found.reserve(read.records.len());
    for record in read.records {
        let Some(span) = span(&record.at) else {
            continue;
        };
        let own = match record.ttl {
            Ttl::Written(seconds) | Ttl::Inherited(seconds) => Some(i64::from(seconds)),
            Ttl::Unknown => None,
        };
        if passed.is_none() && own.is_some_and(|own| Some(own) != ttl) {
            passed = Some(Passed { span });
        }
        found.push(Value {
            host: record.host.as_str().into(),
            rtype: record.rtype,
            data: record.data.into(),
            span,
            via: via.cloned(),
            note: None,
        });
    }
    passed
}

/// Answers `$INCLUDE`: the same folder or below, nothing else.
struct Including<'a, 'd> {
    desk: &'a mut Desk<'d>,
    top: PathBuf,
    paths: BTreeMap<Arc<str>, PathBuf>,
    /// The file that included each last: from the one that is read, the way up to the first.
    by: BTreeMap<Arc<str>, Arc<str>>,
    pages: Vec<Page>,
}

impl Including<'_, '_> {
    fn read(&mut self, include: Include<'_>) -> Result<Included, String> {
        let from = self.paths.get(include.from).unwrap_or(&self.top);
        let folder = from.parent().unwrap_or(Path::new(""));
        if Path::new(include.path).is_absolute() {
            return Err("a master file includes what is in its folder or below".to_owned());
        }
        let path = files::join(folder, include.path).map_err(|error| error.to_string())?;
        if files::leaves(self.desk.files, &self.top, &path) {
            return Err("it leaves the folder of its file through a link".to_owned());
        }
        let name: Arc<str> = parse::shown(&self.desk.root, &path).into();
        self.refuse_cycle(include.from, &name)?;
        self.desk.master_files += 1;
        if self.desk.master_files > files::MOST_FILES {
            return Err(format!(
                "there are more than {} master files",
                files::MOST_FILES
            ));
        }
        let text: Arc<str> = self
            .desk
            .files
            .read(&path, files::MOST_BYTES)
            .map_err(|error| error.to_string())?
            .into();
        self.by.insert(Arc::clone(&name), Arc::from(include.from));
        if self.paths.insert(Arc::clone(&name), path).is_none() {
            self.pages.push(Page {
                name: Arc::clone(&name),
                text: Arc::clone(&text),
            });
        }
        Ok(Included { file: name, text })
    }

    /// Says no to a file that is being read already.
    fn refuse_cycle(&self, from: &str, name: &str) -> Result<(), String> {
        let mut way = vec![from];
        while way.last().is_some_and(|last| *last != name) {
            match way.last().and_then(|last| self.by.get(*last)) {
                Some(above) => way.push(above),
                None => return Ok(()),
            }
        }
        way.reverse();
        way.push(name);
        Err(format!("it includes itself: {}", way.join(" → ")))
    }
}
