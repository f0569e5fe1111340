//! Blocks under names that people give: `[domain."example.com".mailbox.info]`. Which names are equal is said by the
//! block that is named; equal ones are joined once all parts are there.

use super::block::{Block, Described};
use super::field::{Field, Merging, Taken};
use super::inherit::{Inheriting, Source};
use super::reader::Reader;
use super::value::{At, Key, Node, as_table};
use super::written::Written;
use crate::model::dns::name;
use schemars::{Schema, SchemaGenerator, json_schema};
use std::collections::BTreeMap;

/// A block under a name that people give (`[account.main]`).
#[derive(Debug, Clone)]
pub(crate) struct Called<B> {
    /// The name, unquoted.
    pub(crate) name: At<Box<str>>,
    /// The block.
    pub(crate) block: B,
}

/// How names that people give are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// By their owner, which also says whether a second block of one name is a part or an error.
    Apart,
    /// As they are written.
    Label,
    /// The part of a mail address before the @, in lower case.
    Local,
    /// A name of the DNS, in its canonical form.
    Name,
}

impl Naming {
    /// The form in which equal names are equal.
    pub(crate) fn canonical(self, text: &str) -> String {
        match self {
            Naming::Apart | Naming::Label => text.to_owned(),
            Naming::Local => text.to_lowercase(),
            // What is no name is told where it is used.
            Naming::Name => name::full(text).map_or_else(|_| text.to_lowercase(), Into::into),
        }
    }
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
        // Equal names are joined once all parts are there.
        self.0.extend(other.0);
    }

    fn settle(&mut self, key: &str, merging: &mut Merging<'_>) {
        if self.0.is_empty() || B::NAMING == Naming::Apart {
            return;
        }
        merging.below(key, |merging| {
            let mut known: BTreeMap<String, usize> = BTreeMap::new();
            let mut joined: Vec<Called<B>> = Vec::with_capacity(self.0.len());
            for called in std::mem::take(&mut self.0) {
                // One name in two spellings is no part: who owns the names says that there are two.
                let name = String::from(&*called.name.value);
                match known.get(&name) {
                    Some(at) => merging.below(&name, |merging| {
                        joined[*at].block.merge(called.block, merging);
                    }),
                    None => {
                        known.insert(name, joined.len());
                        joined.push(called);
                    }
                }
            }
            for called in &mut joined {
                let name = called.name.value.clone();
                merging.below(&name, |merging| called.block.settle(merging));
            }
            self.0 = joined;
        });
    }

    fn inherit(&mut self, from: &[Source<'_, Self>], key: &str, inheriting: &mut Inheriting<'_>) {
        if from.iter().all(|source| source.value.0.is_empty()) {
            return;
        }
        let mut found: BTreeMap<String, Taken<'_, B>> = BTreeMap::new();
        for source in from {
            for called in &source.value.0 {
                if let Some(name) = inheriting.name(source.from, &called.name) {
                    let canonical = B::NAMING.canonical(&name.value);
                    let taken = found.entry(canonical).or_insert_with(|| Taken {
                        name,
                        parts: Vec::new(),
                    });
                    taken.parts.push((source.from, &called.block));
                }
            }
        }
        let take = |block: &mut B, taken: &Taken<'_, B>, inheriting: &mut Inheriting<'_>| {
            let blocks: Vec<Source<'_, B>> = taken
                .parts
                .iter()
                .map(|&(from, value)| Source { from, value })
                .collect();
            inheriting.below(key, |inheriting| {
                inheriting.below(&taken.name.value, |inheriting| {
                    block.inherit(&blocks, inheriting);
                });
            });
        };
        for called in &mut self.0 {
            if let Some(taken) = found.remove(&B::NAMING.canonical(&called.name.value)) {
                take(&mut called.block, &taken, inheriting);
            }
        }
        for taken in found.into_values() {
            let mut block = B::default();
            take(&mut block, &taken, inheriting);
            let name = taken.name;
            self.0.push(Called { name, block });
        }
    }

    fn fill(&mut self, filling: &mut Inheriting<'_>) {
        for called in &mut self.0 {
            filling.at(&mut called.name);
            called.block.fill(filling);
        }
    }

    fn written(&self) -> Option<Written> {
        let entry = |called: &Called<B>| {
            let keys = At {
                span: called.name.span,
                value: called.block.written(),
            };
            (called.name.value.clone(), keys)
        };
        (!self.0.is_empty()).then(|| Written::Blocks(self.0.iter().map(entry).collect()))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let block = generator.subschema_for::<Described<B>>();
        json_schema!({ "type": "object", "additionalProperties": block })
    }

    fn is_missing(&self) -> bool {
        self.0.is_empty()
    }
}
