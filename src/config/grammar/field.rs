//! What stands behind the keys of a block: single values, lists that add up, tables, and blocks below.
//!
//! The type of a field says how it is read and what happens when two files, or two headers, hold parts of
//! the same block.

use super::block::{Block, Described};
use super::reader::Reader;
use super::value::{At, Key, Node, OneOrMore, Value, as_array, as_table};
use crate::config::said;
use crate::diag::{Diagnostic, Diagnostics, Span};
use schemars::{Schema, SchemaGenerator, json_schema};
use std::collections::BTreeMap;

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

    fn below(&mut self, key: &str, merge: impl FnOnce(&mut Self)) {
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

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", "items": T::schema(generator) })
    }

    fn is_missing(&self) -> bool {
        self.0.is_empty()
    }
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

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        OneOrMore::<T>::schema(generator)
    }

    fn is_missing(&self) -> bool {
        self.0.is_empty()
    }
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

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Described<B>>()
    }

    fn is_missing(&self) -> bool {
        self.0.is_none()
    }
}

/// A block under a name that people give (`[account.main]`).
#[derive(Debug, Clone)]
pub(crate) struct Called<B> {
    /// The name, unquoted.
    pub(crate) name: At<Box<str>>,
    /// The block.
    pub(crate) block: B,
}

/// Blocks under names that people give.
#[derive(Debug, Clone)]
pub(crate) struct Named<B>(pub(crate) Vec<Called<B>>);

impl<B> Default for Named<B> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<B: Block> Field for Named<B> {
    fn read(&mut self, key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) {
        let span = reader.span(&node);
        let table = match as_table(node.into_inner()) {
            Ok(table) => table,
            Err(other) => {
                reader.lose_block();
                let _: Option<bool> = reader.wrong_type(key, span, "a table", &other);
                return;
            }
        };
        self.0.reserve(table.len());
        reader.below(key.text, |reader| {
            for (name, node) in table {
                let name = At {
                    span: reader.span(&name),
                    value: Box::from(&**name.get_ref()),
                };
                let key = Key {
                    text: &name.value,
                    span: name.span,
                };
                match reader.table(key, node) {
                    Some(block) => self.0.push(Called { name, block }),
                    None => reader.lose_block(),
                }
            }
        });
    }

    fn merge(&mut self, other: Self, _: &str, _: &mut Merging<'_>) {
        // Names have a canonical form that only their owner knows: equal ones are joined when resolved.
        self.0.extend(other.0);
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let block = generator.subschema_for::<Described<B>>();
        json_schema!({ "type": "object", "additionalProperties": block })
    }

    fn is_missing(&self) -> bool {
        self.0.is_empty()
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
}
