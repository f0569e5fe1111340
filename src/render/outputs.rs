//! What the provider named, as a table for people, JSON for programs, and lines for a shell.
//!
//! Knows what a ledger holds of an object, and no secret: a fingerprint among the outputs is left out.

use super::escape::inert;
use super::style::{Style, Tone, columns, pad};
use crate::ledger::Entry;
use crate::model::{Address, Data};
use crate::plan::file::Names;
use crate::plan::file::text::to_text;
use serde::Serialize;
use std::collections::BTreeMap;

/// The field of what the provider calls the object itself.
const HANDLE: &str = "handle";

/// What the provider named of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The object; with its account where two have one of that name.
    pub address: String,
    /// Whose it is.
    pub account: String,
    /// What the provider calls it.
    pub handle: Option<String>,
    /// Everything else that it named.
    pub outputs: BTreeMap<&'static str, Data>,
}

/// Why there are no lines for a shell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoLines {
    /// One variable cannot be two outputs.
    #[error("{name} would be both {first} and {second}")]
    SameName {
        /// The variable.
        name: String,
        /// An output.
        first: String,
        /// Another one.
        second: String,
    },
    /// A value that a terminal or a log would obey, or that is no line.
    #[error("{0} holds characters that cannot stand in a line: {1}")]
    Unprintable(String, String),
}

/// What is known of these objects, by address; of which nothing was named is left out.
pub fn of<'a>(known: impl IntoIterator<Item = (&'a Address, &'a Entry)>) -> Vec<Named> {
    let mut known: Vec<(&Address, &Entry)> = known.into_iter().collect();
    known.sort_by_key(|(address, _)| {
        let Address {
            account,
            domain,
            kind,
            name,
        } = address;
        (domain, *kind, name, account)
    });
    let names = Names::among(known.iter().map(|(address, _)| *address));
    known
        .into_iter()
        .map(|(address, entry)| Named {
            address: names.text(address),
            account: address.account.to_string(),
            handle: entry.handle.as_ref().map(|handle| handle.0.to_string()),
            outputs: entry
                .outputs
                .iter()
                .filter_map(|(name, value)| Some((name, value.known()?)))
                .filter(|(_, data)| !matches!(data, Data::Print(_)))
                .map(|(name, data)| (name, data.clone()))
                .collect(),
        })
        .filter(|named| named.handle.is_some() || !named.outputs.is_empty())
        .collect()
}

impl Named {
    /// Everything that was named, the handle first.
    fn fields(&self) -> impl Iterator<Item = (&str, String)> {
        let handle = self.handle.iter().map(|handle| (HANDLE, handle.clone()));
        let outputs = self.outputs.iter();
        handle.chain(outputs.map(|(name, data)| (*name, plain(data))))
    }
}

/// A value as it is, to be made inert where it is shown.
fn plain(data: &Data) -> String {
    match data {
        Data::Text(text) => text.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(yes) => yes.to_string(),
        Data::List(items) => items.join(","),
        Data::Print(_) => String::new(),
    }
}

/// A table: address, field, value, one field a line.
pub fn table(all: &[Named], style: Style) -> String {
    let rows: Vec<[String; 3]> = all
        .iter()
        .flat_map(|named| {
            named.fields().map(|(field, value)| {
                [
                    inert(&named.address).into_owned(),
                    field.to_owned(),
                    inert(&value).into_owned(),
                ]
            })
        })
        .collect();
    let widest = |at: usize| rows.iter().map(|row| columns(&row[at])).max().unwrap_or(0);
    let (addresses, fields) = (widest(0), widest(1));
    let mut text = String::new();
    for [address, field, value] in &rows {
        text.push_str(&format!(
            "{address}{}  {}{}  {value}\n",
            pad(address, addresses),
            style.paint(Tone::Quiet, field),
            pad(field, fields),
        ));
    }
    text
}

/// A list of objects with what was named of each.
pub fn json(all: &[Named]) -> String {
    to_text(all)
}

/// Lines of `NAME='value'` that a POSIX shell reads as they are; all of them, or none.
pub fn lines(all: &[Named]) -> Result<String, NoLines> {
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    let mut text = String::new();
    for named in all {
        for (field, value) in named.fields() {
            let name = variable(&named.address, field);
            let said = format!("{field} of {}", named.address);
            // Escaped or left out it would be another value.
            if inert(&value) != value {
                return Err(NoLines::Unprintable(said, inert(&value).into_owned()));
            }
            text.push_str(&format!("{name}='{}'\n", value.replace('\'', r"'\''")));
            if let Some(first) = taken.insert(name.clone(), said.clone()) {
                return Err(NoLines::SameName {
                    name,
                    first,
                    second: said,
                });
            }
        }
    }
    Ok(text)
}

/// `FTP_USER_EXAMPLE_COM_DEPLOY_LOGIN`.
fn variable(address: &str, field: &str) -> String {
    let of = |c: char| match c.to_ascii_uppercase() {
        upper if upper.is_ascii_alphanumeric() => upper,
        _ => '_',
    };
    address
        .chars()
        .chain(['_'])
        .chain(field.chars())
        .map(of)
        .collect()
}
