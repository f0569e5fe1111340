//! Records, `{ host = "www", type = "A", data = "192.0.2.1" }`: read by hand, because there are many.
//!
//! What all records have is kept in place; the fields of a few types, and `ttl` and `note`, in one small
//! slice that most records do not have. Which field belongs to which type is the DNS's business.

use super::inherit::Inheriting;
use super::reader::Reader;
use super::value::{At, Key, Node, OneOrMore, Shared, Text, TypeName, Value, as_table};
use crate::config::said;
use crate::diag::{Diagnostic, Span};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, json};
use std::borrow::Cow;
use std::ops::RangeInclusive;
use toml::de::DeValue;

/// One record as it is written: its values at its hosts.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// From `{` to `}`.
    pub(crate) span: Span,
    /// One host or several.
    pub(crate) host: OneOrMore<Shared>,
    /// The type.
    pub(crate) rtype: At<TypeName>,
    /// One value or several.
    pub(crate) data: OneOrMore<Shared>,
    /// Other fields, in the order in which they are written.
    pub(crate) fields: Box<[Field]>,
}

/// A field that only some types have.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// Its key.
    pub(crate) name: &'static str,
    /// The place of its value.
    pub(crate) span: Span,
    /// Its value.
    pub(crate) value: FieldValue,
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FieldValue {
    /// A number.
    Number(i64),
    /// Text.
    Text(Text),
}

enum Shape {
    Number(RangeInclusive<i64>),
    Text,
    Either(RangeInclusive<i64>),
}

const OCTET: RangeInclusive<i64> = 0..=0xFF;
const SHORT: RangeInclusive<i64> = 0..=0xFFFF;

/// The fields beside `host`, `type` and `data`.
const FIELDS: &[(&str, Shape, &str)] = &[
    ("flags", Shape::Either(OCTET), "CAA: a number. NAPTR: text."),
    (
        "matching",
        Shape::Number(OCTET),
        "TLSA: how the certificate is matched.",
    ),
    (
        "note",
        Shape::Text,
        "Sent nowhere; shown beside its change.",
    ),
    ("order", Shape::Number(SHORT), "NAPTR: which comes first."),
    ("port", Shape::Number(SHORT), "SRV: the port."),
    (
        "preference",
        Shape::Number(SHORT),
        "NAPTR: which of one order comes first.",
    ),
    (
        "priority",
        Shape::Number(SHORT),
        "MX and SRV: the lowest is tried first.",
    ),
    ("regexp", Shape::Text, "NAPTR: the rewriting rule."),
    (
        "selector",
        Shape::Number(OCTET),
        "TLSA: what of the certificate is matched.",
    ),
    ("service", Shape::Text, "NAPTR: the service."),
    ("tag", Shape::Text, "CAA: `issue`, `issuewild`, `iodef`."),
    (
        "ttl",
        Shape::Number(0..=0x7FFF_FFFF),
        "Seconds, where the provider has a TTL per record.",
    ),
    (
        "usage",
        Shape::Number(OCTET),
        "TLSA: how the certificate is used.",
    ),
    (
        "weight",
        Shape::Number(SHORT),
        "SRV: the share among equal priorities.",
    ),
];

const COMMON: [&str; 3] = ["data", "host", "type"];

impl Record {
    /// The field of that name.
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Value for Record {
    fn read(key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let span = reader.span(&node);
        let table = match as_table(node.into_inner()) {
            Ok(table) => table,
            Err(other) => {
                const WANTED: &str =
                    "records such as { host = \"www\", type = \"A\", data = \"192.0.2.1\" }";
                return reader.wrong_type(key, span, WANTED, &other);
            }
        };
        let mut host: Option<OneOrMore<Shared>> = None;
        let mut rtype: Option<At<TypeName>> = None;
        let mut data: Option<OneOrMore<Shared>> = None;
        let mut fields = Vec::new();
        let mut wrong = false;
        let mut given = [false; COMMON.len()];
        for (name, node) in table {
            let key = Key {
                text: &name.get_ref()[..],
                span: reader.span(&name),
            };
            match key.text {
                "host" => {
                    given[1] = true;
                    host = OneOrMore::read(key, node, reader);
                }
                "type" => {
                    given[2] = true;
                    let span = reader.span(&node);
                    rtype = TypeName::read(key, node, reader).map(|value| At { span, value });
                }
                "data" => {
                    given[0] = true;
                    data = OneOrMore::read(key, node, reader);
                }
                _ => match field(key, node, reader) {
                    Ok(field) => fields.push(field),
                    Err(meant) => {
                        wrong = true;
                        let meant = COMMON.iter().position(|name| Some(*name) == meant);
                        if let Some(at) = meant {
                            given[at] = true;
                        }
                    }
                },
            }
        }
        for (name, _) in COMMON.iter().zip(given).filter(|(_, given)| !given) {
            let message = format!("`{name}` is needed in each record");
            reader.tell(
                Diagnostic::error(said::MISSING_KEY, message)
                    .at(span, "")
                    .help(format!("add {name} = \"…\"")),
            );
        }
        if wrong {
            return None;
        }
        Some(Record {
            span,
            host: host?,
            rtype: rtype?,
            data: data?,
            fields: fields.into(),
        })
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<RecordSchema>()
    }

    fn fill(&mut self, span: Span, filling: &mut Inheriting<'_>) {
        self.host.fill(span, filling);
        filling.at(&mut self.rtype);
        self.data.fill(span, filling);
        for field in &mut self.fields {
            match &mut field.value {
                FieldValue::Number(_) => {}
                FieldValue::Text(text) => filling.text(text, field.span),
            }
        }
    }

    fn written(&self) -> toml_edit::Value {
        let mut table = toml_edit::InlineTable::new();
        table.insert("host", self.host.written());
        table.insert("type", self.rtype.value.written());
        for field in &self.fields {
            table.insert(
                field.name,
                match &field.value {
                    FieldValue::Number(number) => (*number).into(),
                    FieldValue::Text(text) => text.written(),
                },
            );
        }
        table.insert("data", self.data.written());
        table.into()
    }
}

/// Reads a field; of one that is unknown, gives back what was probably meant.
fn field(
    key: Key<'_>,
    node: Node<'_>,
    reader: &mut Reader<'_>,
) -> Result<Field, Option<&'static str>> {
    let span = reader.span(&node);
    let Some((name, shape, _)) = FIELDS.iter().find(|(name, _, _)| *name == key.text) else {
        let known: Vec<&'static str> = COMMON
            .into_iter()
            .chain(FIELDS.iter().map(|(name, _, _)| *name))
            .collect();
        return Err(reader.below("records", |reader| reader.unknown(key, span, &known)));
    };
    let is_text = matches!(node.get_ref(), DeValue::String(_));
    let value = match shape {
        Shape::Number(bounds) => reader
            .number(key, &node, bounds.clone())
            .map(FieldValue::Number),
        Shape::Either(bounds) if !is_text => reader
            .number(key, &node, bounds.clone())
            .map(FieldValue::Number),
        Shape::Text | Shape::Either(_) => Text::read(key, node, reader).map(FieldValue::Text),
    };
    match value {
        Some(value) => Ok(Field { name, span, value }),
        None => Err(None),
    }
}

struct RecordSchema;

impl JsonSchema for RecordSchema {
    fn schema_name() -> Cow<'static, str> {
        "Record".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut properties = Map::new();
        let mut add = |name: &str, about: &str, mut schema: Schema| {
            schema.insert("description".to_owned(), json!(about));
            properties.insert(name.to_owned(), schema.to_value());
        };
        let texts = OneOrMore::<Text>::schema(generator);
        add(
            "host",
            "Below the zone; `@` is the apex. Several: the same at each.",
            texts.clone(),
        );
        add(
            "type",
            "A, AAAA, CNAME, MX, TXT, …; any other in presentation form.",
            Text::schema(generator),
        );
        add(
            "data",
            "The value, or several. TXT: the text itself.",
            texts,
        );
        for (name, shape, about) in FIELDS {
            let number = |bounds: &RangeInclusive<i64>| json_schema!({ "type": "integer", "minimum": bounds.start(), "maximum": bounds.end() });
            let schema = match shape {
                Shape::Number(bounds) => number(bounds),
                Shape::Text => Text::schema(generator),
                Shape::Either(bounds) => {
                    json_schema!({ "anyOf": [number(bounds), { "type": "string" }] })
                }
            };
            add(name, about, schema);
        }
        json_schema!({
            "description": "All values of one host and type, or some of them.",
            "type": "object",
            "properties": properties,
            "required": ["host", "type", "data"],
            "additionalProperties": false,
        })
    }
}
