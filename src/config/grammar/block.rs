//! Blocks: tables whose keys are known, declared once for reading, merging and the schema.
//!
//! [`block!`] declares a struct; its fields say by their types how they are read and what happens when two
//! files, or two headers, hold parts of the same block. Reading consumes the spanned tree, so that it is
//! freed as the draft grows. Nothing here knows what a block means.

use super::value::{At, Key, Node, Value, whole};
use crate::config::said;
use crate::diag::{Diagnostic, Diagnostics, SourceId, Span};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, json};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::marker::PhantomData;
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

    fn lose(&mut self, key: &str) {
        self.lost.values = true;
        self.lost.keys.insert((self.header(), key.into()));
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
        let problem = Diagnostic::error(said::WRONG_TYPE, message);
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
        let number = match node.get_ref() {
            DeValue::Integer(_) => whole(node.get_ref()),
            other => match whole(other) {
                Some(number) => Some(number),
                None => return self.wrong_type(key, span, "a whole number", other),
            },
        };
        if let Some(number) = number.filter(|number| bounds.contains(number)) {
            return Some(number);
        }
        let (least, most) = (bounds.start(), bounds.end());
        let message = format!("`{}` takes a number from {least} to {most}", key.text);
        self.tell(Diagnostic::error(said::RANGE, message).at(span, ""));
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
    fn table<B: Block>(&mut self, key: Key<'_>, node: Node<'_>) -> Option<B> {
        let span = self.span(&node);
        match node.into_inner() {
            DeValue::Table(table) => {
                let mut block = B::default();
                self.below(key.text, |reader| reader.fill(&mut block, table));
                Some(block)
            }
            other => self.wrong_type(key, span, "a table", &other),
        }
    }

    /// Says which required keys a block lacks.
    fn require<B: Block>(&mut self, block: &B, span: Span, key: Key<'_>) -> bool {
        let missing = block.missing();
        let header = said::header(&[&self.path[..], &[key.text.into()]].concat());
        for name in &missing {
            if self.lost.holds(&header, name) {
                continue;
            }
            let message = format!("`{name}` is needed in each {}", key.text);
            self.tell(Diagnostic::error(said::MISSING_KEY, message).at(span, ""));
        }
        missing.is_empty()
    }
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

/// A table whose keys are known. Implemented by [`block!`].
pub(crate) trait Block: Default + 'static {
    /// Its name in the schema.
    const NAME: &'static str;
    /// What it is for.
    const ABOUT: &'static str;
    /// Keys that it cannot be without.
    const REQUIRED: &'static [&'static str];
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
    /// What a schema says of its keys.
    fn properties(generator: &mut SchemaGenerator, out: &mut Map<String, serde_json::Value>);
    /// Required keys that are not there.
    fn missing(&self) -> Vec<&'static str>;
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
        match node.into_inner() {
            DeValue::Array(items) => self.0 = reader.items(key, items),
            other => {
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
        if let Some(list) = super::value::OneOrMore::read(key, node, reader) {
            self.0 = list.0;
        }
    }

    fn merge(&mut self, other: Self, _: &str, _: &mut Merging<'_>) {
        self.0.extend(other.0);
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        super::value::OneOrMore::<T>::schema(generator)
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
        let table = match node.into_inner() {
            DeValue::Table(table) => table,
            other => {
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
        for (name, value) in other.0 {
            match self.0.iter().find(|(first, _)| first.value == name.value) {
                Some((first, _)) => {
                    merging.clash(&format!("{key}.{}", name.value), first.span, name.span)
                }
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
        let table = match node.into_inner() {
            DeValue::Table(table) => table,
            other => {
                reader.lost.blocks = true;
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
                    None => reader.lost.blocks = true,
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

/// Declares a block: `use values: Type` takes in the keys of another one; `field as "key"` renames.
macro_rules! block {
    (
        $(#[doc = $about:literal])+
        $name:ident $(requires $($required:ident)+)? {
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

            fn keys(out: &mut Vec<&'static str>) {
                $(<$base_type as $crate::config::grammar::block::Block>::keys(out);)?
                out.extend_from_slice(&[$($crate::config::grammar::block::key!($field $($key)?)),*]);
            }

            fn take<'i>(
                &mut self,
                key: $crate::config::grammar::value::Key<'_>,
                node: $crate::config::grammar::value::Node<'i>,
                reader: &mut $crate::config::grammar::block::Reader<'_>,
            ) -> Option<$crate::config::grammar::value::Node<'i>> {
                $(
                    if key.text == $crate::config::grammar::block::key!($field $($key)?) {
                        $crate::config::grammar::block::Field::read(&mut self.$field, key, node, reader);
                        return None;
                    }
                )*
                $(
                    let node = $crate::config::grammar::block::Block::take(&mut self.$base, key, node, reader)?;
                )?
                Some(node)
            }

            fn merge(&mut self, other: Self, merging: &mut $crate::config::grammar::block::Merging<'_>) {
                $($crate::config::grammar::block::Block::merge(&mut self.$base, other.$base, merging);)?
                $(
                    $crate::config::grammar::block::Field::merge(
                        &mut self.$field,
                        other.$field,
                        $crate::config::grammar::block::key!($field $($key)?),
                        merging,
                    );
                )*
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
                    $crate::config::grammar::block::Field::is_missing(&self.$required),
                )),+)?]
                .into_iter()
                .filter(|(_, missing): &(&'static str, bool)| *missing)
                .map(|(name, _)| name)
                .collect()
            }
        }
    };
}
pub(crate) use {block, key};
