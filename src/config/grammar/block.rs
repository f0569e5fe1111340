//! Blocks: tables whose keys are known, declared once for reading, merging and the schema.
//!
//! [`block!`] declares a struct; its fields say by their types (`field`) how they are read and joined. Nothing
//! here knows what a block means.

use super::field::{Field, Merging, Naming};
use super::inherit::{Inheriting, Source};
use super::reader::Reader;
use super::value::{Key, Node};
use super::written::Keys;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, json};
use std::borrow::Cow;
use std::marker::PhantomData;

/// A table whose keys are known. Implemented by [`block!`].
pub(crate) trait Block: Default + Clone + 'static {
    /// Its name in the schema.
    const NAME: &'static str;
    /// What it is for.
    const ABOUT: &'static str;
    /// Keys that it cannot be without.
    const REQUIRED: &'static [&'static str];
    /// How the names of such blocks are compared, where they have names.
    const NAMING: Naming;
    /// All its keys.
    fn keys(out: &mut Vec<&'static str>);
    /// Reads the value of a key, or gives it back if the key is none of its own.
    fn take<'i>(
        &mut self,
        key: Key<'_>,
        node: Node<'i>,
        reader: &mut Reader<'_>,
    ) -> Option<Node<'i>>;
    /// Joins another part of the same block.
    fn merge(&mut self, other: Self, merging: &mut Merging<'_>);
    /// Joins what was written under equal names, once all parts are there.
    fn settle(&mut self, merging: &mut Merging<'_>);
    /// Takes over what is not written from the same block of others, the nearest first.
    fn inherit(&mut self, from: &[Source<'_, Self>], inheriting: &mut Inheriting<'_>);
    /// Fills in what was copied from a group.
    fn fill(&mut self, filling: &mut Inheriting<'_>);
    /// What is written in it.
    fn written(&self) -> Keys;
    /// What a schema says of its keys.
    fn properties(generator: &mut SchemaGenerator, out: &mut Map<String, serde_json::Value>);
    /// Required keys that are not there.
    fn missing(&self) -> Vec<&'static str>;
}

/// A block as the schema generator wants it.
pub(crate) struct Described<B>(PhantomData<B>);

impl<B: Block> JsonSchema for Described<B> {
    fn schema_name() -> Cow<'static, str> {
        B::NAME.into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut properties = Map::new();
        B::properties(generator, &mut properties);
        let mut schema = json_schema!({
            "description": B::ABOUT,
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
        });
        if !B::REQUIRED.is_empty() {
            schema.insert("required".to_owned(), json!(B::REQUIRED));
        }
        schema
    }
}

/// Joins the lines of a documentation comment.
pub(crate) fn about(lines: &[&str]) -> String {
    lines
        .iter()
        .map(|line| line.trim())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The schema of one key, with its description.
pub(crate) fn property<F: Field>(
    generator: &mut SchemaGenerator,
    lines: &[&str],
) -> serde_json::Value {
    let mut schema = F::schema(generator);
    schema.insert("description".to_owned(), json!(about(lines)));
    schema.to_value()
}

/// The key of a field: its own name, unless another one is given.
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}

/// How names of a block are compared; unless it is said, their owner does it.
macro_rules! naming {
    () => {
        $crate::config::grammar::field::Naming::Apart
    };
    ($naming:ident) => {
        $crate::config::grammar::field::Naming::$naming
    };
}

/// Declares a block: `use values: Type` takes in the keys of another one; `field as "key"` renames.
macro_rules! block {
    (
        $(#[doc = $about:literal])+
        $name:ident $(requires $($required:ident)+)? $(named $naming:ident)? {
            $(use $base:ident: $base_type:ty,)?
            $($(#[doc = $doc:literal])+ $field:ident $(as $key:literal)?: $type:ty,)*
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, Default)]
        pub(crate) struct $name {
            $(#[doc = "Its single values."] pub(crate) $base: $base_type,)?
            $($(#[doc = $doc])+ pub(crate) $field: $type,)*
        }

        impl $crate::config::grammar::block::Block for $name {
            const NAME: &'static str = stringify!($name);
            const ABOUT: &'static str = concat!($($about),+).trim_ascii();
            const REQUIRED: &'static [&'static str] = &[$($(stringify!($required)),+)?];

            const NAMING: $crate::config::grammar::field::Naming =
                $crate::config::grammar::block::naming!($($naming)?);

            fn keys(out: &mut Vec<&'static str>) {
                $(<$base_type as $crate::config::grammar::block::Block>::keys(out);)?
                out.extend_from_slice(&[$($crate::config::grammar::block::key!($field $($key)?)),*]);
            }

            fn take<'i>(
                &mut self,
                key: $crate::config::grammar::value::Key<'_>,
                node: $crate::config::grammar::value::Node<'i>,
                reader: &mut $crate::config::grammar::reader::Reader<'_>,
            ) -> Option<$crate::config::grammar::value::Node<'i>> {
                $(
                    if key.text == $crate::config::grammar::block::key!($field $($key)?) {
                        $crate::config::grammar::field::Field::read(&mut self.$field, key, node, reader);
                        return None;
                    }
                )*
                $(
                    let node = $crate::config::grammar::block::Block::take(&mut self.$base, key, node, reader)?;
                )?
                Some(node)
            }

            fn merge(&mut self, other: Self, merging: &mut $crate::config::grammar::field::Merging<'_>) {
                $($crate::config::grammar::block::Block::merge(&mut self.$base, other.$base, merging);)?
                $(
                    $crate::config::grammar::field::Field::merge(
                        &mut self.$field,
                        other.$field,
                        $crate::config::grammar::block::key!($field $($key)?),
                        merging,
                    );
                )*
            }

            fn settle(&mut self, merging: &mut $crate::config::grammar::field::Merging<'_>) {
                $(<$base_type as $crate::config::grammar::block::Block>::settle(&mut self.$base, merging);)?
                $(
                    $crate::config::grammar::field::Field::settle(
                        &mut self.$field,
                        $crate::config::grammar::block::key!($field $($key)?),
                        merging,
                    );
                )*
            }

            fn inherit(
                &mut self,
                from: &[$crate::config::grammar::inherit::Source<'_, Self>],
                inheriting: &mut $crate::config::grammar::inherit::Inheriting<'_>,
            ) {
                $(
                    let parts = $crate::config::grammar::inherit::parts(from, |block: &Self| &block.$base);
                    $crate::config::grammar::block::Block::inherit(&mut self.$base, &parts, inheriting);
                )?
                $(
                    let parts = $crate::config::grammar::inherit::parts(from, |block: &Self| &block.$field);
                    $crate::config::grammar::field::Field::inherit(
                        &mut self.$field,
                        &parts,
                        $crate::config::grammar::block::key!($field $($key)?),
                        inheriting,
                    );
                )*
            }

            fn fill(&mut self, filling: &mut $crate::config::grammar::inherit::Inheriting<'_>) {
                $($crate::config::grammar::block::Block::fill(&mut self.$base, filling);)?
                $(filling.field(&mut self.$field);)*
            }

            fn written(&self) -> $crate::config::grammar::written::Keys {
                let mut out = Vec::new();
                $(out.extend($crate::config::grammar::block::Block::written(&self.$base));)?
                $(
                    if let Some(written) = $crate::config::grammar::field::Field::written(&self.$field) {
                        out.push(($crate::config::grammar::block::key!($field $($key)?), written));
                    }
                )*
                out
            }

            fn properties(
                generator: &mut schemars::SchemaGenerator,
                out: &mut serde_json::Map<String, serde_json::Value>,
            ) {
                $(<$base_type as $crate::config::grammar::block::Block>::properties(generator, out);)?
                $(
                    out.insert(
                        $crate::config::grammar::block::key!($field $($key)?).to_owned(),
                        $crate::config::grammar::block::property::<$type>(generator, &[$($doc),+]),
                    );
                )*
            }

            fn missing(&self) -> Vec<&'static str> {
                [$($((
                    stringify!($required),
                    $crate::config::grammar::field::Field::is_missing(&self.$required),
                )),+)?]
                .into_iter()
                .filter(|(_, missing): &(&'static str, bool)| *missing)
                .map(|(name, _)| name)
                .collect()
            }
        }
    };
}
pub(crate) use {block, key, naming};
