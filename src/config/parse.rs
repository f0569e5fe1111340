//! Text to spanned trees: reads the files of a configuration and finds all that is no TOML.
//!
//! It knows how TOML breaks, and nothing of what the keys mean but for `include`. Each tree is decoded and
//! dropped before the next file is read, because a tree is two thirds of the memory.

use super::files::{self, FileError, Files, MOST_BYTES, MOST_FILES};
use super::grammar::Document;
use super::grammar::block::{Lost, Reader};
use super::grammar::value::{At, Node};
use super::said;
use crate::diag::{Diagnostic, Diagnostics, SourceId, Sources, Span};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

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
}

/// Reads the configuration at a path, a file or a folder.
pub(crate) fn read(
    files: &dyn Files,
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
                    .help("write --config FILE, or `bailiwick init` for a first file"),
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
    };
    reading.file(&first, None);
    reading.includes();
    for other in others {
        reading.file(&other, None);
    }
    let (drafts, lost) = (reading.drafts, reading.lost);
    Some(Drafts {
        files: drafts,
        first,
        whole: reading.whole && !lost.blocks,
        lost,
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
        let name = shown(&self.root, path);
        let real = match self.files.look(path) {
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
            match expand(self.files, &folder, &pattern.value) {
                Ok(found) if found.is_empty() && !files::is_glob(&pattern.value) => {
                    let message = format!("{} is not there", pattern.value);
                    self.told
                        .push(Diagnostic::warning(said::UNREADABLE, message).at(pattern.span, ""));
                }
                Ok(found) => {
                    for path in found {
                        self.file(&path, Some(pattern.span));
                    }
                }
                Err(problem) => self.refuse(problem, Some(pattern.span)),
            }
        }
    }
}

/// The files that a path or glob of a file in `folder` names, sorted.
pub(crate) fn expand(
    files: &dyn Files,
    folder: &Path,
    text: &str,
) -> Result<Vec<PathBuf>, Diagnostic> {
    let path = files::join(folder, text)
        .map_err(|error| Diagnostic::error(said::PATH, format!("{text:?}: {error}")))?;
    let found = if files::is_glob(text) {
        files::glob(files, &path)
            .map_err(|error| Diagnostic::error(said::UNREADABLE, format!("{text:?}: {error}")))?
    } else if files.look(&path).is_ok() {
        vec![path]
    } else {
        Vec::new()
    };
    let outside =
        |path: &&PathBuf| !Path::new(text).is_absolute() && files::leaves(files, folder, path);
    match found.iter().find(outside) {
        Some(path) => {
            let message = format!(
                "{} leaves the folder of its file through a link",
                shown(folder, path)
            );
            Err(Diagnostic::error(said::PATH, message))
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
    let broken = Broken { source, text };
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

/// A text that is no TOML.
struct Broken<'a> {
    source: SourceId,
    text: &'a str,
}

impl Broken<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span {
            source: self.source,
            start: start as u32,
            end: end as u32,
        }
    }

    fn line_start(&self, at: usize) -> usize {
        self.text.as_bytes()[..at.min(self.text.len())]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |newline| newline + 1)
    }

    fn line_at(&self, start: usize) -> &str {
        let rest = self.text.get(start..).unwrap_or("");
        rest.split('\n').next().unwrap_or("")
    }

    /// Tells the errors, sorted and without those that follow from others; gives back their lines, and
    /// true if some were left out for that reason.
    fn tell(
        &self,
        tree: &DeTable<'_>,
        errors: &[toml::de::Error],
        told: &mut Diagnostics,
    ) -> (BTreeSet<u32>, bool) {
        let mut errors: Vec<(usize, usize, &str)> = errors
            .iter()
            .map(|error| {
                let span = error.span().unwrap_or(0..0);
                (span.start, span.end, error.message())
            })
            .collect();
        errors.sort();
        let unclosed = errors
            .iter()
            .any(|(at, _, message)| message.starts_with("unclosed") && self.rest_is_blank(*at));
        let opener = if unclosed { last_opened(tree) } else { None };
        let mut lines = BTreeSet::new();
        let mut cascade = unclosed;
        let mut damaged_to = 0;
        for (start, end, message) in errors {
            if opener.is_some_and(|opener| start >= opener) {
                break;
            }
            if start < damaged_to {
                cascade = true;
                continue;
            }
            damaged_to = self.next_statement(start);
            lines.insert(self.line_number(start));
            told.push(self.problem(start, end, message));
        }
        if let Some(opener) = opener {
            let message = "this bracket is never closed";
            told.push(self.masked(
                opener,
                Diagnostic::error(said::SYNTAX, message).at(self.span(opener, opener + 1), ""),
            ));
        }
        (lines, cascade)
    }

    fn line_number(&self, at: usize) -> u32 {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        before.iter().filter(|byte| **byte == b'\n').count() as u32 + 1
    }

    fn rest_is_blank(&self, at: usize) -> bool {
        self.text
            .get(at..)
            .is_none_or(|rest| rest.trim().is_empty())
    }

    /// Where the damage of an error ends: the next line that begins, unindented, a header or a key.
    fn next_statement(&self, at: usize) -> usize {
        let mut start = self.line_start(at);
        loop {
            start += self.line_at(start).len() + 1;
            if start >= self.text.len() {
                return self.text.len() + 1;
            }
            let line = self.line_at(start);
            let key = line
                .split_once('=')
                .is_some_and(|(key, _)| !key.trim().is_empty() && !key.contains(['{', '[', ',']));
            let begins = !line.starts_with([' ', '\t', ']', '}', ',', '{', '#']);
            if begins && (line.starts_with('[') || key) {
                return start;
            }
        }
    }

    fn problem(&self, start: usize, end: usize, message: &str) -> Diagnostic {
        if message == "duplicate key" {
            let key = self.text.get(start..end).unwrap_or("");
            let problem = Diagnostic::error(
                said::DUPLICATE_KEY,
                format!("{key} stands here a second time; one of them has to go"),
            )
            .at(self.span(start, end), "again here");
            let problem = match self.earlier(start, key) {
                Some(first) => problem.at(self.span(first, first + key.len()), "first here"),
                None => problem,
            };
            return self.masked(start, problem);
        }
        let line = self.line_at(self.line_start(start));
        let text = if line.trim_end().ends_with('=') {
            "there is no value after the `=`"
        } else {
            message
        };
        let problem = Diagnostic::error(said::SYNTAX, text);
        self.masked(start, problem.at(self.span(start, end.max(start)), ""))
    }

    /// Adds the mask where the line assigns a secret.
    fn masked(&self, at: usize, problem: Diagnostic) -> Diagnostic {
        let start = self.line_start(at);
        let line = self.line_at(start);
        let secret = line.split_once('=').filter(|(key, _)| {
            key.split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(said::is_secret_key)
        });
        match secret {
            Some((key, value)) => {
                let from = start + key.len() + 1;
                problem.at_masked(self.span(from, from + value.len()), "")
            }
            None => problem,
        }
    }

    /// Where a key that is defined twice was defined first, as far as lines tell.
    fn earlier(&self, at: usize, key: &str) -> Option<usize> {
        let start = self.line_start(at);
        let line = self.line_at(start);
        if line.trim_start().starts_with('[') {
            let header = |line: &str| line.split('#').next().map(|head| head.replace(' ', ""));
            let wanted = header(line.trim());
            let mut from = 0;
            for earlier in self.text.get(..start)?.split_inclusive('\n') {
                if header(earlier.trim()) == wanted {
                    return earlier.find(key).map(|column| from + column);
                }
                from += earlier.len();
            }
            return None;
        }
        let within = self.text.get(start..at)?;
        if let Some(column) = assigned(within, key) {
            return Some(start + column);
        }
        let mut end = start;
        while end > 0 {
            let from = self.line_start(end - 1);
            let earlier = self.text.get(from..end)?;
            if earlier.trim_start().starts_with('[') {
                return self.in_earlier_block(from, key);
            }
            if let Some(column) = assigned(earlier, key) {
                return Some(from + column);
            }
            end = from;
        }
        None
    }

    /// Where a key was defined under an earlier header that is the same as the one at `header`.
    fn in_earlier_block(&self, header: usize, key: &str) -> Option<usize> {
        let name = self.line_at(header).trim().trim_matches(['[', ']']);
        let mut from = self.line_start(self.earlier(header + 1, name)?);
        loop {
            from += self.line_at(from).len() + 1;
            let line = self.line_at(from);
            if from >= header || line.trim_start().starts_with('[') {
                return None;
            }
            if let Some(column) = assigned(line, key) {
                return Some(from + column);
            }
        }
    }
}

/// The column at which a line assigns a key.
fn assigned(line: &str, key: &str) -> Option<usize> {
    line.match_indices(key)
        .map(|(column, _)| column)
        .find(|column| {
            let before = line[..*column].chars().next_back();
            let after = line[column + key.len()..].trim_start();
            before.is_none_or(|c| c.is_whitespace() || c == '{' || c == ',')
                && after.starts_with('=')
        })
}

/// Where the bracket stands that was opened last among those that are open at the end.
fn last_opened(tree: &DeTable<'_>) -> Option<usize> {
    let mut open: Vec<&Node<'_>> = tree.values().collect();
    let mut furthest: Option<(usize, usize)> = None;
    while let Some(node) = open.pop() {
        let is_bracket = match node.get_ref() {
            DeValue::Array(items) => {
                open.extend(items.iter());
                true
            }
            DeValue::Table(table) => {
                open.extend(table.values());
                true
            }
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => false,
        };
        let reach = (node.span().end, node.span().start);
        if is_bracket && furthest.is_none_or(|before| reach > before) {
            furthest = Some(reach);
        }
    }
    furthest.map(|(_, start)| start)
}
