//! Secrets by reference: where a value is to be fetched, never the value.
//!
//! Everything told about such a place is told with the value masked, because what people write there by
//! mistake is the secret itself.

use super::inherit::Inheriting;
use super::reader::Reader;
use super::value::{At, Key, Node, Text, Value};
use crate::config::said;
use crate::diag::{Diagnostic, Span};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use toml::de::DeValue;

/// Where a secret is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reference {
    /// An environment variable.
    Env(At<Text>),
    /// A file.
    File(At<Text>),
    /// What a command prints.
    Command(At<Vec<Text>>),
}

const HELP: &str =
    "write { env = \"NAME\" }, { file = \"path\" } or { command = [\"program\", \"argument\"] }";

fn refuse(key: Key<'_>, span: Span, reader: &mut Reader<'_>, why: &str) {
    let message = format!("`{}` {why}", key.text);
    reader.tell(
        Diagnostic::error(said::SECRET_FORM, message)
            .at_masked(span, "")
            .help(HELP),
    );
}

fn command(node: Node<'_>) -> Option<Vec<Text>> {
    let DeValue::Array(words) = node.into_inner() else {
        return None;
    };
    let words: Option<Vec<Text>> = words
        .into_iter()
        .map(|word| match word.into_inner() {
            DeValue::String(text) => Some(text.into()),
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => None,
        })
        .collect();
    words.filter(|words| !words.is_empty())
}

impl Value for Reference {
    fn read(key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let span = reader.span(&node);
        let table = match node.into_inner() {
            DeValue::Table(table) => table,
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_) => {
                let message = format!(
                    "`{}` is a secret, and its value stands in the file, for all to read",
                    key.text
                );
                reader.tell(
                    Diagnostic::error(said::SECRET_LITERAL, message)
                        .at_masked(span, "")
                        .help(format!(
                            "{HELP}; change the secret if it was ever committed"
                        )),
                );
                return None;
            }
        };
        let mut entries = table.into_iter();
        let (Some((name, node)), None) = (entries.next(), entries.next()) else {
            refuse(key, span, reader, "names one source, no more and no less");
            return None;
        };
        let inner = reader.span(&node);
        let read = match (&**name.get_ref(), node.get_ref()) {
            ("env", DeValue::String(text)) => Some(Reference::Env(At {
                span: inner,
                value: Box::from(&**text),
            })),
            ("file", DeValue::String(text)) => Some(Reference::File(At {
                span: inner,
                value: Box::from(&**text),
            })),
            ("command", DeValue::Array(_)) => {
                command(node).map(|value| Reference::Command(At { span: inner, value }))
            }
            _ => None,
        };
        if read.is_none() {
            refuse(key, span, reader, "is none of the ways to fetch a secret");
        }
        read
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<SecretSchema>()
    }

    /// Secrets take no placeholder: `{x}` may be part of a command.
    fn fill(&mut self, _: Span, _: &mut Inheriting<'_>) {}

    fn written(&self) -> toml_edit::Value {
        let (key, value) = match self {
            Reference::Env(name) => ("env", name.value.written()),
            Reference::File(path) => ("file", path.value.written()),
            Reference::Command(words) => {
                let words: toml_edit::Array = words.value.iter().map(Value::written).collect();
                ("command", words.into())
            }
        };
        let mut table = toml_edit::InlineTable::new();
        table.insert(key, value);
        table.into()
    }
}

struct SecretSchema;

impl JsonSchema for SecretSchema {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let text = json_schema!({ "type": "string" });
        let one = |name: &str, schema: Schema| {
            json_schema!({
                "type": "object",
                "properties": { name: schema },
                "required": [name],
                "additionalProperties": false,
            })
        };
        json_schema!({
            "description": "Where a secret is fetched; never the secret.",
            "anyOf": [
                one("env", text.clone()),
                one("file", text.clone()),
                one("command", json_schema!({ "type": "array", "items": text, "minItems": 1 })),
            ]
        })
    }
}

/// A value that may be written, or fetched like a secret (`username`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Written in the file.
    Literal(Text),
    /// Fetched.
    Fetched(Reference),
}

impl Value for Shown {
    fn read(key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        if let DeValue::String(text) = node.get_ref() {
            return Some(Shown::Literal(Box::from(&**text)));
        }
        Reference::read(key, node, reader).map(Shown::Fetched)
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string" }, Reference::schema(generator)] })
    }

    fn fill(&mut self, _: Span, _: &mut Inheriting<'_>) {}

    fn written(&self) -> toml_edit::Value {
        match self {
            Shown::Literal(text) => text.written(),
            Shown::Fetched(reference) => reference.written(),
        }
    }
}
