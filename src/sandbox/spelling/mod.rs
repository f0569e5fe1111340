//! Records between the neutral form and the API: how requests may spell them and how answers do.

mod read;
mod write;

use serde_json::{Value, json};

use super::call::{Failure, object};
use super::dialect::{Apex, Dialect, Unset};
use super::fields::Fields;
use super::state::{Record, Zone};

pub(super) use read::{data_in, host_in};
pub(super) use write::record_out;

/// The writable members of a record, as the API has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spelt {
    pub(super) host: String,
    pub(super) data: String,
    pub(super) rtype: String,
    pub(super) weight: Option<i64>,
    pub(super) preference: Option<String>,
    pub(super) flag: Option<String>,
    pub(super) regexp: Option<String>,
}

impl Spelt {
    /// Reads the members of a request.
    pub(super) fn read(fields: &Fields, dialect: &Dialect) -> Result<Self, Failure> {
        let shortest = if dialect.apex == Apex::Empty { 0 } else { 1 };
        let number_or_text = |name: &str| fields.text(name, (0, 4096));
        Ok(Self {
            host: fields.required("Host", (shortest, 200))?,
            data: fields.required("Data", (1, 4096))?,
            rtype: fields.required("Type", (1, 8))?.trim().to_ascii_uppercase(),
            weight: fields.integer("Weight")?,
            preference: number_or_text("NaptrPreference")?,
            flag: number_or_text("NaptrFlag")?,
            regexp: number_or_text("NaptrRegExp")?,
        })
    }
}

/// Writes the members of a record that the dialect and the record have.
pub(super) fn members(spelt: &Spelt, unset: Unset) -> Vec<(&'static str, Option<Value>)> {
    let number = |value: Option<i64>| match (value, unset) {
        (Some(value), _) => Some(json!(value)),
        (None, Unset::Null) => Some(Value::Null),
        (None, Unset::Zero) => Some(json!(0)),
        (None, Unset::Absent) => None,
    };
    let text = |value: &Option<String>, zero: &str| match (value, unset) {
        (Some(value), _) => Some(json!(value)),
        (None, Unset::Null) => Some(Value::Null),
        (None, Unset::Zero) => Some(json!(zero)),
        (None, Unset::Absent) => None,
    };
    vec![
        ("Host", Some(json!(spelt.host))),
        ("Data", Some(json!(spelt.data))),
        ("Type", Some(json!(spelt.rtype))),
        ("Weight", number(spelt.weight)),
        ("NaptrPreference", text(&spelt.preference, "0")),
        ("NaptrFlag", text(&spelt.flag, "")),
        ("NaptrRegExp", text(&spelt.regexp, "")),
    ]
}

/// Writes a record as an answer has it.
pub(super) fn json(record: &Record, zone: &Zone, dialect: &Dialect, date: Value) -> Value {
    let spelt = record_out(record, zone, dialect);
    let mut all = members(&spelt, dialect.unset);
    all.push(("Id", Some(json!(record.id))));
    all.push(("ZoneId", Some(json!(zone.number))));
    all.push(("DateCreated", Some(date)));
    object(all)
}
