//! Single values: what may stand behind a key, read from the spanned tree and described for the schema.
//!
//! A value is checked here as far as a JSON Schema can check it: its type, its words, its range. Whether a
//! text is a name, an amount or a date that exists is asked later, when everything has been read.

use super::inherit::Inheriting;
use super::reader::Reader;
use crate::config::said;
use crate::config::write::text;
use crate::diag::{Diagnostic, Span};
use crate::model::dns::Rtype;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::json;
use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeArray, DeInteger, DeString, DeTable, DeValue};

/// A node of the spanned tree.
pub(crate) type Node<'i> = Spanned<DeValue<'i>>;

/// A value and the place it was written at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct At<T> {
    /// Where.
    pub(crate) span: Span,
    /// What.
    pub(crate) value: T,
}

/// A key and the place it was written at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key<'a> {
    /// The key, unquoted.
    pub(crate) text: &'a str,
    /// Where.
    pub(crate) span: Span,
}

/// What can stand behind a key.
pub(crate) trait Value: Sized + Clone {
    /// Reads it; `None` if it is something else, which has then been told.
    fn read(key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) -> Option<Self>;
    /// What a JSON Schema says of it.
    fn schema(generator: &mut SchemaGenerator) -> Schema;
    /// Fills in its placeholders, once it was copied from a group.
    fn fill(&mut self, span: Span, filling: &mut Inheriting<'_>);
    /// The value as TOML.
    fn written(&self) -> toml_edit::Value;
}

/// Text.
pub(crate) type Text = Box<str>;

/// Text that goes on as it is written, as hosts and values of records mostly do.
pub(crate) type Shared = Arc<str>;

/// The type of a record, mostly one of a few.
pub(crate) type TypeName = Cow<'static, str>;

/// The ways to hold text.
pub(crate) trait Holds: Deref<Target = str> + From<String> + Clone {
    /// Takes over what was written.
    fn hold(text: DeString<'_>) -> Self;
}

impl Holds for Text {
    fn hold(text: DeString<'_>) -> Self {
        text.into()
    }
}

impl Holds for Shared {
    fn hold(text: DeString<'_>) -> Self {
        (&*text).into()
    }
}

impl Holds for TypeName {
    fn hold(text: DeString<'_>) -> Self {
        match Rtype::common(&text) {
            Some(word) => Cow::Borrowed(word),
            None => Cow::Owned(text.into_owned()),
        }
    }
}

impl<T: Holds> Value for T {
    fn read(key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let span = reader.span(&node);
        match as_text(node.into_inner()) {
            Ok(text) => Some(T::hold(text)),
            Err(other) => reader.wrong_type(key, span, "text in quotes", &other),
        }
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }

    fn fill(&mut self, span: Span, filling: &mut Inheriting<'_>) {
        filling.text(self, span);
    }

    fn written(&self) -> toml_edit::Value {
        text::value(self)
    }
}

impl Value for bool {
    fn read(key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let span = reader.span(&node);
        match as_flag(node.into_inner()) {
            Ok(yes) => Some(yes),
            Err(other) => reader.wrong_type(key, span, "true or false", &other),
        }
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "boolean" })
    }

    fn fill(&mut self, _: Span, _: &mut Inheriting<'_>) {}

    fn written(&self) -> toml_edit::Value {
        (*self).into()
    }
}

/// A whole number from `MIN` to `MAX`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Whole<const MIN: i64, const MAX: i64>(pub(crate) i64);

/// A number of things.
pub(crate) type Count = Whole<0, 0xFFFF_FFFF>;
/// A number of seconds a record may be kept (RFC 2181, 8).
pub(crate) type Seconds = Whole<0, 0x7FFF_FFFF>;
/// Sixteen bits.
pub(crate) type Short = Whole<0, 0xFFFF>;
/// Eight bits.
pub(crate) type Octet = Whole<0, 0xFF>;

/// The text of a node, or the node back.
pub(crate) fn as_text<'i>(value: DeValue<'i>) -> Result<DeString<'i>, DeValue<'i>> {
    match value {
        DeValue::String(text) => Ok(text),
        other @ (DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_)) => Err(other),
    }
}

/// The truth of a node, or the node back.
fn as_flag<'i>(value: DeValue<'i>) -> Result<bool, DeValue<'i>> {
    match value.as_bool() {
        Some(yes) => Ok(yes),
        None => Err(value),
    }
}

/// The items of a node, or the node back.
pub(crate) fn as_array<'i>(value: DeValue<'i>) -> Result<DeArray<'i>, DeValue<'i>> {
    match value {
        DeValue::Array(items) => Ok(items),
        other @ (DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Table(_)) => Err(other),
    }
}

/// The table of a node, or the node back.
pub(crate) fn as_table<'i>(value: DeValue<'i>) -> Result<DeTable<'i>, DeValue<'i>> {
    match value {
        DeValue::Table(table) => Ok(table),
        other @ (DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)) => Err(other),
    }
}

/// The number that is written, where it is one; a fraction that is whole counts.
pub(crate) fn whole(value: &DeValue<'_>) -> Option<i64> {
    match value {
        DeValue::Integer(number) => integer(number),
        DeValue::Float(number) => {
            let number: f64 = number.as_str().parse().ok()?;
            let exact = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0;
            exact.then_some(number as i64)
        }
        DeValue::String(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => None,
    }
}

fn integer(number: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

impl<const MIN: i64, const MAX: i64> Value for Whole<MIN, MAX> {
    fn read(key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        reader.number(key, &node, MIN..=MAX).map(Whole)
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }

    fn fill(&mut self, _: Span, _: &mut Inheriting<'_>) {}

    fn written(&self) -> toml_edit::Value {
        self.0.into()
    }
}

/// A day, as it is written; whether the calendar has it is asked later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Day(pub(crate) Box<str>);

impl Value for Day {
    fn read(key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        const WANTED: &str = "a day such as 2026-12-31";
        let span = reader.span(&node);
        let value = node.into_inner();
        let text = match value.as_datetime() {
            Some(moment) if moment.time.is_none() => Some(moment.to_string()),
            Some(_) => None,
            None => value
                .as_str()
                .filter(|text| has_the_form_of_a_day(text))
                .map(str::to_owned),
        };
        match text {
            Some(text) => Some(Day(text.into())),
            None => reader.wrong_type(key, span, WANTED, &value),
        }
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
    }

    fn fill(&mut self, _: Span, _: &mut Inheriting<'_>) {}

    fn written(&self) -> toml_edit::Value {
        match self.0.parse::<toml_edit::Datetime>() {
            Ok(day) => day.into(),
            // The calendar is asked later; as text it comes back as it is.
            Err(_) => text::value(&self.0),
        }
    }
}

fn has_the_form_of_a_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// A list that is one value: it is replaced as a whole, not added to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct List<T>(pub(crate) Vec<At<T>>);

impl<T: Value> Value for List<T> {
    fn read(key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let span = reader.span(&node);
        match as_array(node.into_inner()) {
            Ok(items) => Some(List(reader.items(key, items))),
            Err(other) => reader.wrong_type(key, span, "a list in [ ]", &other),
        }
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", "items": T::schema(generator) })
    }

    fn fill(&mut self, _: Span, filling: &mut Inheriting<'_>) {
        self.0.iter_mut().for_each(|item| filling.at(item));
    }

    fn written(&self) -> toml_edit::Value {
        let items = self.0.iter().map(|item| item.value.written());
        items.collect::<toml_edit::Array>().into()
    }
}

/// One value, or a list of them. One stands in place, because nearly every record has one host and one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OneOrMore<T> {
    /// Written without a list.
    One(At<T>),
    /// A list.
    More(Vec<At<T>>),
}

impl<T> OneOrMore<T> {
    /// All of them.
    pub(crate) fn all(&self) -> &[At<T>] {
        match self {
            OneOrMore::One(one) => std::slice::from_ref(one),
            OneOrMore::More(list) => list,
        }
    }

    /// All of them, as a list.
    pub(crate) fn into_list(self) -> Vec<At<T>> {
        match self {
            OneOrMore::One(one) => vec![one],
            OneOrMore::More(list) => list,
        }
    }
}

impl<T: Value> Value for OneOrMore<T> {
    fn read(key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let span = reader.span(&node);
        if matches!(node.get_ref(), DeValue::Array(_)) {
            let DeValue::Array(items) = node.into_inner() else {
                return None;
            };
            return Some(OneOrMore::More(reader.items(key, items)));
        }
        let value = T::read(key, node, reader)?;
        Some(OneOrMore::One(At { span, value }))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let one = T::schema(generator);
        json_schema!({ "anyOf": [one.clone(), { "type": "array", "items": one }] })
    }

    fn fill(&mut self, _: Span, filling: &mut Inheriting<'_>) {
        match self {
            OneOrMore::One(one) => filling.at(one),
            OneOrMore::More(list) => list.iter_mut().for_each(|item| filling.at(item)),
        }
    }

    fn written(&self) -> toml_edit::Value {
        match self.all() {
            [one] => one.value.written(),
            all => {
                let items = all.iter().map(|item| item.value.written());
                items.collect::<toml_edit::Array>().into()
            }
        }
    }
}

/// A text, number or yes-or-no, for tables whose keys a provider's product decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scalar {
    /// Text.
    Text(Box<str>),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
}

impl Value for Scalar {
    fn read(key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        const WANTED: &str = "text in quotes, a whole number, true or false";
        let span = reader.span(&node);
        let value = node.into_inner();
        match (whole(&value), value.as_str(), value.as_bool()) {
            (Some(number), _, _) => Some(Scalar::Number(number)),
            (_, Some(text), _) => Some(Scalar::Text(text.into())),
            (_, _, Some(yes)) => Some(Scalar::Flag(yes)),
            (None, None, None) => reader.wrong_type(key, span, WANTED, &value),
        }
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "integer", "boolean"] })
    }

    fn fill(&mut self, span: Span, filling: &mut Inheriting<'_>) {
        match self {
            Scalar::Text(text) => filling.text(text, span),
            Scalar::Number(_) | Scalar::Flag(_) => {}
        }
    }

    fn written(&self) -> toml_edit::Value {
        match self {
            Scalar::Text(text) => text.written(),
            Scalar::Number(number) => (*number).into(),
            Scalar::Flag(yes) => (*yes).into(),
        }
    }
}

/// One of a few words.
pub(crate) trait Word: Sized + Copy + PartialEq + 'static {
    /// Each word with its meaning.
    const WORDS: &'static [(&'static str, Self)];
}

/// A value that is one of a few words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OneOf<W>(pub(crate) W);

impl<W: Word> Value for OneOf<W> {
    fn read(key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let span = reader.span(&node);
        let names = W::WORDS.iter().map(|(name, _)| *name);
        match as_text(node.into_inner()) {
            Ok(text) => {
                if let Some((_, word)) = W::WORDS.iter().find(|(name, _)| *name == text) {
                    return Some(OneOf(*word));
                }
                let problem =
                    Diagnostic::error(said::WORD, format!("`{}` cannot be {text:?}", key.text))
                        .at(span, "")
                        .help(said::one_of(&text, names));
                reader.tell(problem);
                None
            }
            Err(other) => {
                let wanted = said::listed(names.map(|name| format!("\"{name}\"")));
                reader.wrong_type(key, span, &wanted, &other)
            }
        }
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = W::WORDS.iter().map(|(name, _)| *name).collect();
        json_schema!({ "enum": json!(words) })
    }

    fn fill(&mut self, _: Span, _: &mut Inheriting<'_>) {}

    fn written(&self) -> toml_edit::Value {
        let own = W::WORDS.iter().find(|(_, word)| *word == self.0);
        text::value(own.map_or("", |(name, _)| name))
    }
}

/// Declares an enumeration whose variants are words of the file.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $crate::config::grammar::value::Word for $name {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, $name::$variant),)+];
        }
    };
}
pub(crate) use words;
