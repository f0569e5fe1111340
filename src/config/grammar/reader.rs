//! Reading the spanned tree: where in the file we are, what was wrong, and what was lost by it.
//!
//! The tree is consumed as it is read, so that it is freed as the draft grows. Each way of being wrong has
//! its one wording here; nothing is known of what a key means.

use super::block::Block;
use super::value::{At, Key, Node, Value, as_table, whole};
use crate::config::said;
use crate::diag::{Diagnostic, Diagnostics, SourceId, Span};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// Reads one file: where we are in it, and what was wrong so far.
pub(crate) struct Reader<'a> {
    source: SourceId,
    told: &'a mut Diagnostics,
    path: Vec<Box<str>>,
    lost: Lost,
}

/// What could not be decoded and has been told: it is there, so nobody may say that it is missing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lost {
    /// True if a whole block was lost, whose name others may use.
    pub(crate) blocks: bool,
    /// True if some value was.
    pub(crate) values: bool,
    /// Files that are no TOML.
    pub(crate) broken: BTreeSet<SourceId>,
    keys: BTreeSet<(String, Box<str>)>,
}

impl Lost {
    /// True if a key of a block is there and could not be read.
    pub(crate) fn holds(&self, header: &str, key: &str) -> bool {
        self.values && self.keys.contains(&(header.to_owned(), key.into()))
    }

    /// True if something of a group could not be read: it may be any key of its domains.
    pub(crate) fn in_groups(&self) -> bool {
        self.values
            && self
                .keys
                .iter()
                .any(|(header, _)| header.starts_with("[group."))
    }

    /// Takes in what another file lost.
    pub(crate) fn extend(&mut self, other: Lost) {
        self.blocks |= other.blocks;
        self.values |= other.values;
        self.broken.extend(other.broken);
        self.keys.extend(other.keys);
    }
}

impl<'a> Reader<'a> {
    /// Starts at the top of a file.
    pub(crate) fn new(source: SourceId, told: &'a mut Diagnostics) -> Self {
        Self {
            source,
            told,
            path: Vec::new(),
            lost: Lost::default(),
        }
    }

    /// What was lost on the way.
    pub(crate) fn finish(self) -> Lost {
        self.lost
    }

    /// Notes that a key is there and could not be read.
    pub(crate) fn lose(&mut self, key: &str) {
        self.lost.values = true;
        self.lost.keys.insert((self.header(), key.into()));
    }

    /// Notes that a block was lost, whose name others may use.
    pub(crate) fn lose_block(&mut self) {
        self.lost.blocks = true;
    }

    /// The place of something spanned.
    pub(crate) fn span<T>(&self, spanned: &Spanned<T>) -> Span {
        let range = spanned.span();
        Span {
            source: self.source,
            start: range.start as u32,
            end: range.end as u32,
        }
    }

    /// Adds a problem.
    pub(crate) fn tell(&mut self, problem: Diagnostic) {
        self.lost.values = true;
        self.told.push(problem);
    }

    /// Says that a value is of another type than it should be.
    pub(crate) fn wrong_type<T>(
        &mut self,
        key: Key<'_>,
        span: Span,
        wanted: &str,
        found: &DeValue<'_>,
    ) -> Option<T> {
        let message = format!("`{}` takes {wanted}; this is {}", key.text, named(found));
        let problem = Diagnostic::error(said::WRONG_TYPE, message).help(example(key.text, wanted));
        self.tell(if said::is_secret_key(key.text) {
            problem.at_masked(span, "")
        } else {
            problem.at(span, "")
        });
        None
    }

    /// Reads a whole number within bounds.
    pub(crate) fn number(
        &mut self,
        key: Key<'_>,
        node: &Node<'_>,
        bounds: RangeInclusive<i64>,
    ) -> Option<i64> {
        let span = self.span(node);
        let number = whole(node.get_ref());
        if number.is_none() && !node.get_ref().is_integer() {
            return self.wrong_type(key, span, "a whole number", node.get_ref());
        }
        if let Some(number) = number.filter(|number| bounds.contains(number)) {
            return Some(number);
        }
        let (least, most) = (bounds.start(), bounds.end());
        let message = format!("`{}` takes a number from {least} to {most}", key.text);
        let help = format!("write it like {} = {least}", key.text);
        self.tell(
            Diagnostic::error(said::RANGE, message)
                .at(span, "")
                .help(help),
        );
        None
    }

    /// Reads the items of a list; each that is wrong is told and left out.
    pub(crate) fn items<T: Value>(&mut self, key: Key<'_>, items: DeArray<'_>) -> Vec<At<T>> {
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            let span = self.span(&item);
            if let Some(value) = T::read(key, item, self) {
                out.push(At { span, value });
            }
        }
        out
    }

    /// Says that a key is none of the block, and gives back the nearest that is.
    pub(crate) fn unknown<'k>(
        &mut self,
        key: Key<'_>,
        value: Span,
        known: &[&'k str],
    ) -> Option<&'k str> {
        let place = said::header(&self.path);
        let near = said::nearest(key.text, known.iter().copied());
        let message = format!("`{}` is no key of {place}", key.text);
        let mut problem = Diagnostic::error(said::UNKNOWN_KEY, message).at(key.span, "");
        // A misspelt `password` still has a password behind it.
        let secret = said::is_secret_key(key.text) || near.is_some_and(said::is_secret_key);
        if secret || said::holds_secrets(&self.path) {
            problem = problem.at_masked(value, "");
        }
        if let Some(near) = near {
            self.lose(near);
        }
        let path = std::mem::take(&mut self.path);
        let help = match (near, &path[..]) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, [domain, name]) if &**domain == "domain" && !name.contains('.') => {
                self.lost.keys.insert(("[domain]".to_owned(), name.clone()));
                format!(
                    "names with dots are quoted: [domain.\"{name}.{}\"]",
                    key.text
                )
            }
            (None, _) => format!("known here: {}", said::listed(known.iter())),
        };
        self.path = path;
        self.tell(problem.help(help));
        near
    }

    /// Reads what is below a key, with the key on the path.
    pub(crate) fn below<T>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(key.into());
        let out = read(self);
        self.path.pop();
        out
    }

    /// The path of the block that is read, as it is written in a header.
    pub(crate) fn header(&self) -> String {
        said::header(&self.path)
    }

    /// Reads a table into a block.
    pub(crate) fn fill<B: Block>(&mut self, block: &mut B, table: DeTable<'_>) {
        for (key, node) in table {
            let span = self.span(&key);
            let name = key.into_inner();
            let key = Key { text: &name, span };
            if let Some(node) = block.take(key, node, self) {
                let value = self.span(&node);
                let mut known = Vec::new();
                B::keys(&mut known);
                self.unknown(key, value, &known);
            }
        }
    }

    /// Reads a node that must be a table into a new block.
    pub(crate) fn table<B: Block>(&mut self, key: Key<'_>, node: Node<'_>) -> Option<B> {
        let span = self.span(&node);
        match as_table(node.into_inner()) {
            Ok(table) => {
                let mut block = B::default();
                self.below(key.text, |reader| reader.fill(&mut block, table));
                Some(block)
            }
            Err(other) => self.wrong_type(key, span, "a table", &other),
        }
    }

    /// Says which required keys a block lacks.
    pub(crate) fn require<B: Block>(&mut self, block: &B, span: Span, key: Key<'_>) -> bool {
        let missing = block.missing();
        let header = said::header(&[&self.path[..], &[key.text.into()]].concat());
        for name in &missing {
            if self.lost.holds(&header, name) {
                continue;
            }
            let message = format!("`{name}` is needed in each {}", key.text);
            self.tell(
                Diagnostic::error(said::MISSING_KEY, message)
                    .at(span, "")
                    .help(format!("add {name} = …")),
            );
        }
        missing.is_empty()
    }
}

/// What to write in the place of a value of another type.
fn example(key: &str, wanted: &str) -> String {
    let value = match wanted {
        "text in quotes" => "\"…\"",
        "a whole number" => "1",
        "true or false" => "true",
        "a list in [ ]" => "[…]",
        "a table" => "{ … }, or a header of its own",
        other => return format!("write {other}"),
    };
    format!("write it like {key} = {value}")
}

fn named(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
