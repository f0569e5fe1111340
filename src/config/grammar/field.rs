//! What stands behind the keys of a block: single values, lists that add up, tables, and blocks below.
//!
//! The type of a field says how it is read and what happens when two files, or two headers, hold parts of
//! the same block.

use super::block::{Block, Described};
use super::inherit::{Inheriting, Source};
use super::reader::Reader;
use super::value::{At, Key, Node, OneOrMore, Value, as_array, as_table};
use super::written::{self, Written};
use crate::config::said;
use crate::diag::{Diagnostic, Diagnostics, Span};
use schemars::{Schema, SchemaGenerator, json_schema};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) use super::named::{Called, Named, Naming};

/// Joins parts of one block: what was written twice is told, with both places.
pub(crate) struct Merging<'a> {
    /// What was wrong.
    pub(crate) told: &'a mut Diagnostics,
    /// The header of the block.
    pub(crate) path: Vec<Box<str>>,
}

impl Merging<'_> {
    fn clash(&mut self, key: &str, first: Span, second: Span) {
        let message = format!(
            "`{key}` of {} is written twice; one value is written once, even if both are equal",
            said::header(&self.path)
        );
        self.told.push(
            Diagnostic::error(said::WRITTEN_TWICE, message)
                .at(second, "again here")
                .at(first, "first here"),
        );
    }

    pub(super) fn below(&mut self, key: &str, merge: impl FnOnce(&mut Self)) {
        self.path.push(key.into());
        merge(self);
        self.path.pop();
    }
}

/// What stands behind a key of a block.
pub(crate) trait Field: Default {
    /// Reads it.
    fn read(&mut self, key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>);
    /// Joins the same key of another part.
    fn merge(&mut self, other: Self, key: &str, merging: &mut Merging<'_>);
    /// Joins what was written under equal names, once all parts are there.
    fn settle(&mut self, _key: &str, _merging: &mut Merging<'_>) {}
    /// Takes over what is not written from the same key of other blocks, the nearest first.
    fn inherit(&mut self, from: &[Source<'_, Self>], key: &str, inheriting: &mut Inheriting<'_>);
    /// Fills in what was copied from a group.
    fn fill(&mut self, filling: &mut Inheriting<'_>);
    /// What is written there, if anything.
    fn written(&self) -> Option<Written>;
    /// What a schema says of it.
    fn schema(generator: &mut SchemaGenerator) -> Schema;
    /// True if nothing stands there.
    fn is_missing(&self) -> bool;
}

/// A single value.
pub(crate) type One<T> = Option<At<T>>;

impl<T: Value> Field for One<T> {
    fn read(&mut self, key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) {
        let span = reader.span(&node);
        *self = T::read(key, node, reader).map(|value| At { span, value });
        if self.is_none() {
            reader.lose(key.text);
        }
    }

    fn merge(&mut self, other: Self, key: &str, merging: &mut Merging<'_>) {
        match (&self, other) {
            (Some(first), Some(second)) => merging.clash(key, first.span, second.span),
            (None, second) => *self = second,
            (Some(_), None) => {}
        }
    }

    fn inherit(&mut self, from: &[Source<'_, Self>], key: &str, inheriting: &mut Inheriting<'_>) {
        let written = from
            .iter()
            .filter_map(|source| Some((source.from, source.value.as_ref()?)));
        inheriting.single(self, written, key);
    }

    fn fill(&mut self, filling: &mut Inheriting<'_>) {
        if let Some(at) = self {
            filling.at(at);
        }
    }

    fn written(&self) -> Option<Written> {
        self.as_ref().map(|at| {
            Written::Value(At {
                span: at.span,
                value: at.value.written(),
            })
        })
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        T::schema(generator)
    }

    fn is_missing(&self) -> bool {
        self.is_none()
    }
}

/// A list that adds up over the parts of a block.
#[derive(Debug, Clone)]
pub(crate) struct Sum<T>(pub(crate) Vec<At<T>>);

impl<T> Default for Sum<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Value> Field for Sum<T> {
    fn read(&mut self, key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) {
        let span = reader.span(&node);
        match as_array(node.into_inner()) {
            Ok(items) => self.0 = reader.items(key, items),
            Err(other) => {
                let _: Option<T> = reader.wrong_type(key, span, "a list in [ ]", &other);
            }
        }
    }

    fn merge(&mut self, other: Self, _: &str, _: &mut Merging<'_>) {
        self.0.extend(other.0);
    }

    fn inherit(&mut self, from: &[Source<'_, Self>], _: &str, inheriting: &mut Inheriting<'_>) {
        for source in from {
            let items = source.value.0.iter();
            self.0
                .extend(items.map(|at| inheriting.copy(source.from, at)));
        }
    }

    fn fill(&mut self, filling: &mut Inheriting<'_>) {
        self.0.iter_mut().for_each(|at| filling.at(at));
    }

    fn written(&self) -> Option<Written> {
        listed(&self.0)
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", "items": T::schema(generator) })
    }

    fn is_missing(&self) -> bool {
        self.0.is_empty()
    }
}

fn listed<T: Value>(items: &[At<T>]) -> Option<Written> {
    let list: Vec<At<toml_edit::Value>> = items
        .iter()
        .map(|at| At {
            span: at.span,
            value: at.value.written(),
        })
        .collect();
    (!list.is_empty()).then_some(Written::List(list))
}

/// A list that adds up, or a single member of it.
#[derive(Debug, Clone)]
pub(crate) struct SumOrOne<T>(pub(crate) Vec<At<T>>);

impl<T> Default for SumOrOne<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Value> Field for SumOrOne<T> {
    fn read(&mut self, key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) {
        if let Some(list) = OneOrMore::read(key, node, reader) {
            self.0 = list.into_list();
        }
    }

    fn merge(&mut self, other: Self, _: &str, _: &mut Merging<'_>) {
        self.0.extend(other.0);
    }

    fn inherit(&mut self, from: &[Source<'_, Self>], _: &str, inheriting: &mut Inheriting<'_>) {
        for source in from {
            let items = source.value.0.iter();
            self.0
                .extend(items.map(|at| inheriting.copy(source.from, at)));
        }
    }

    fn fill(&mut self, filling: &mut Inheriting<'_>) {
        self.0.iter_mut().for_each(|at| filling.at(at));
    }

    fn written(&self) -> Option<Written> {
        listed(&self.0)
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        OneOrMore::<T>::schema(generator)
    }

    fn is_missing(&self) -> bool {
        self.0.is_empty()
    }
}

/// What several groups say under one name.
pub(super) struct Taken<'a, T> {
    pub(super) name: At<Box<str>>,
    pub(super) parts: Vec<(usize, &'a T)>,
}

/// A table with free keys, joined key by key.
#[derive(Debug, Clone)]
pub(crate) struct Keyed<T>(pub(crate) Vec<(At<Box<str>>, At<T>)>);

impl<T> Default for Keyed<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Value> Field for Keyed<T> {
    fn read(&mut self, key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) {
        let span = reader.span(&node);
        let table = match as_table(node.into_inner()) {
            Ok(table) => table,
            Err(other) => {
                let _: Option<T> = reader.wrong_type(key, span, "a table", &other);
                return;
            }
        };
        for (name, node) in table {
            let at = At {
                span: reader.span(&name),
                value: Box::from(&**name.get_ref()),
            };
            let span = reader.span(&node);
            let name = Key {
                text: &at.value,
                span: at.span,
            };
            if let Some(value) = T::read(name, node, reader) {
                self.0.push((at, At { span, value }));
            }
        }
    }

    fn merge(&mut self, other: Self, key: &str, merging: &mut Merging<'_>) {
        let known: BTreeMap<Box<str>, Span> = self
            .0
            .iter()
            .map(|(name, _)| (name.value.clone(), name.span))
            .collect();
        for (name, value) in other.0 {
            match known.get(&name.value) {
                Some(first) => merging.clash(&format!("{key}.{}", name.value), *first, name.span),
                None => self.0.push((name, value)),
            }
        }
    }

    fn inherit(&mut self, from: &[Source<'_, Self>], key: &str, inheriting: &mut Inheriting<'_>) {
        if from.iter().all(|source| source.value.0.is_empty()) {
            return;
        }
        let own: BTreeSet<Box<str>> = self.0.iter().map(|(name, _)| name.value.clone()).collect();
        let mut found: BTreeMap<Box<str>, Taken<'_, At<T>>> = BTreeMap::new();
        for source in from {
            for (name, value) in &source.value.0 {
                if let Some(name) = inheriting.name(source.from, name)
                    && !own.contains(&name.value)
                {
                    let taken = found.entry(name.value.clone()).or_insert_with(|| Taken {
                        name,
                        parts: Vec::new(),
                    });
                    taken.parts.push((source.from, value));
                }
            }
        }
        inheriting.below(key, |inheriting| {
            for (text, Taken { name, parts }) in found {
                let mut value = None;
                inheriting.single(&mut value, parts.into_iter(), &text);
                self.0.extend(value.map(|value| (name, value)));
            }
        });
    }

    fn fill(&mut self, filling: &mut Inheriting<'_>) {
        for (name, value) in &mut self.0 {
            filling.at(name);
            filling.at(value);
        }
    }

    fn written(&self) -> Option<Written> {
        let entry = |(name, at): &(At<Box<str>>, At<T>)| {
            let value = At {
                span: at.span,
                value: at.value.written(),
            };
            (name.value.clone(), value)
        };
        (!self.0.is_empty()).then(|| Written::Keyed(self.0.iter().map(entry).collect()))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": T::schema(generator) })
    }

    fn is_missing(&self) -> bool {
        self.0.is_empty()
    }
}

/// A block of its own below this one; it exists when its header, or one below it, is written.
#[derive(Debug, Clone)]
pub(crate) struct Sub<B>(pub(crate) Option<Box<At<B>>>);

impl<B> Default for Sub<B> {
    fn default() -> Self {
        Self(None)
    }
}

impl<B: Block> Field for Sub<B> {
    fn read(&mut self, key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) {
        self.0 = reader.table(key, node).map(|value| {
            Box::new(At {
                span: key.span,
                value,
            })
        });
    }

    fn merge(&mut self, other: Self, key: &str, merging: &mut Merging<'_>) {
        match (&mut self.0, other.0) {
            (Some(first), Some(second)) => {
                merging.below(key, |merging| first.value.merge(second.value, merging));
            }
            (None, second) => self.0 = second,
            (Some(_), None) => {}
        }
    }

    fn settle(&mut self, key: &str, merging: &mut Merging<'_>) {
        if let Some(at) = &mut self.0 {
            merging.below(key, |merging| at.value.settle(merging));
        }
    }

    fn inherit(&mut self, from: &[Source<'_, Self>], key: &str, inheriting: &mut Inheriting<'_>) {
        let written: Vec<(usize, &At<B>)> = from
            .iter()
            .filter_map(|source| Some((source.from, source.value.0.as_deref()?)))
            .collect();
        let Some((first, at)) = written.first() else {
            return;
        };
        if self.0.is_none() {
            inheriting.note(*first, at.span);
        }
        let own = self.0.get_or_insert_with(|| {
            Box::new(At {
                span: at.span,
                value: B::default(),
            })
        });
        let blocks: Vec<Source<'_, B>> = written
            .iter()
            .map(|(from, at)| Source {
                from: *from,
                value: &at.value,
            })
            .collect();
        inheriting.below(key, |inheriting| own.value.inherit(&blocks, inheriting));
    }

    fn fill(&mut self, filling: &mut Inheriting<'_>) {
        if let Some(at) = &mut self.0 {
            at.value.fill(filling);
        }
    }

    fn written(&self) -> Option<Written> {
        self.0.as_ref().map(|at| {
            Written::Block(At {
                span: at.span,
                value: at.value.written(),
            })
        })
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Described<B>>()
    }

    fn is_missing(&self) -> bool {
        self.0.is_none()
    }
}

/// A table in the place of a value, such as `{ host = "www", type = "A" }`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inline<B>(pub(crate) B);

impl<B: Block> Value for Inline<B> {
    fn read(key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let span = reader.span(&node);
        let block: B = reader.table(key, node)?;
        reader.require(&block, span, key).then_some(Inline(block))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Described<B>>()
    }

    fn fill(&mut self, _: Span, filling: &mut Inheriting<'_>) {
        self.0.fill(filling);
    }

    fn written(&self) -> toml_edit::Value {
        written::inline(self.0.written())
    }
}
