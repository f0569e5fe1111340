//! Live records as lines of `records`, and which of them no file can hold.
//!
//! What is written is read again here, the way the file is read, before it is written. What the file's own
//! checks would refuse becomes a comment with the reason, so that the rest stays usable. A record address
//! that a file names is the file's whole, and a text makes room for others of its kind; so a value that
//! cannot be written takes those with it that would otherwise end it. Nothing here decides what is live.

use super::text;
use crate::model::dns::check::{self, Entry};
use crate::model::dns::data::{self, Form};
use crate::model::dns::{Apex, DataError, FieldValue, Fields, Host, Reading, Rtype};
use crate::model::{Address, Seen};
use std::collections::BTreeMap;
use toml_edit::{Array, InlineTable, Value};

/// A value that is not written.
pub(super) struct Refused {
    /// Its host.
    pub(super) host: Box<str>,
    /// Its type.
    pub(super) rtype: Box<str>,
    /// Why.
    pub(super) reason: String,
}

/// The records of a zone, one line for each.
pub(super) struct Lines {
    /// The value of the key `records`; none if there is nothing to say at all.
    pub(super) array: Option<Array>,
    /// What stands in it as a comment only.
    pub(super) refused: Vec<Refused>,
}

/// Writes the records of a zone, the apex first, then by host and type.
pub(super) fn lines(apex: &Apex, objects: &[(&Address, &Seen)]) -> Lines {
    let entries = entries(objects);
    let mut spelled: Vec<Result<Spelled, String>> =
        entries.iter().map(|entry| spell(apex, entry)).collect();
    refuse_what_checks_refuse(apex, &entries, &mut spelled);
    refuse_what_would_end_others(&entries, &mut spelled);
    let mut array = Array::new();
    let mut refused = Vec::new();
    let mut comments = String::new();
    let mut at = 0;
    while at < entries.len() {
        let first = &spelled[at];
        let mut end = at + 1;
        match first {
            Ok(line) => {
                while end < entries.len()
                    && spelled[end].as_ref().is_ok_and(|next| line.takes_in(next))
                {
                    end += 1;
                }
                let all = spelled[at..end].iter().flatten();
                let mut value = Value::InlineTable(line.table(all.map(|one| &*one.fields.data)));
                let prefix = format!("{}\n  ", std::mem::take(&mut comments));
                value.decor_mut().set_prefix(prefix);
                array.push_formatted(value);
            }
            Err(reason) => {
                let entry = &entries[at];
                comments.push_str(&comment(entry, reason));
                refused.push(Refused {
                    host: entry.host.into(),
                    rtype: entry.rtype.into(),
                    reason: reason.clone(),
                });
            }
        }
        at = end;
    }
    array.set_trailing_comma(true);
    array.set_trailing(format!("{comments}\n"));
    Lines {
        array: (!entries.is_empty()).then_some(array),
        refused,
    }
}

/// The values of a zone that a file may own, each once, in the order in which they are written.
fn entries<'a>(objects: &[(&'a Address, &'a Seen)]) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry<'a>> = objects
        .iter()
        .filter_map(|(address, seen)| Some((address.host_and_type()?, seen)))
        .filter(|((host, rtype), _)| !is_the_providers(host, rtype))
        .flat_map(|((host, rtype), seen)| {
            seen.parts
                .iter()
                .filter(|part| part.owner.is_none())
                .map(move |part| Entry {
                    host,
                    rtype,
                    data: part.attrs.text("data").unwrap_or(&part.part.0),
                })
        })
        .collect();
    let key = |entry: &Entry<'a>| (entry.host != "@", entry.host, entry.rtype, entry.data);
    entries.sort_by(|one, other| key(one).cmp(&key(other)));
    entries.dedup();
    entries
}

/// What a file does not own by being imported: SOA, NS at the apex (a file that names some owns the set), and
/// what signing a zone makes.
fn is_the_providers(host: &str, rtype: &str) -> bool {
    matches!((host, rtype), (_, "SOA") | ("@", "NS")) || super::is_made_by_signing(rtype)
}

/// One value as a line of `records`.
pub(in crate::config) fn line(
    apex: &Apex,
    (host, rtype, data): (&str, &str, &str),
) -> Result<InlineTable, String> {
    let entry = Entry { host, rtype, data };
    let spelled = spell(apex, &entry)?;
    let all = std::iter::once(&*spelled.fields.data);
    Ok(spelled.table(all))
}

/// A value as the file spells it.
struct Spelled {
    host: String,
    rtype: String,
    fields: Fields<'static>,
}

impl Spelled {
    /// True if `next` can stand in the same line: texts never do, because each says something of its own.
    fn takes_in(&self, next: &Spelled) -> bool {
        self.host == next.host
            && self.rtype == next.rtype
            && self.fields.set == next.fields.set
            && !matches!(&*self.rtype, "TXT" | "SPF" | "TYPE16" | "TYPE99")
    }

    fn table<'t>(&self, data: impl Iterator<Item = &'t str>) -> InlineTable {
        let mut table = InlineTable::new();
        table.insert("host", text::value(&self.host));
        table.insert("type", text::value(&self.rtype));
        for (field, value) in &self.fields.set {
            let value = match value {
                FieldValue::Int(number) => Value::from(*number),
                FieldValue::Text(words) => text::value(words),
            };
            table.insert(field.name(), value);
        }
        let mut all: Vec<Value> = data.map(text::value).collect();
        let data = match all.pop() {
            Some(one) if all.is_empty() => one,
            last => all.into_iter().chain(last).collect::<Array>().into(),
        };
        table.insert("data", data);
        table
    }
}

/// Spells a value so that the file's reader makes the same of it; else says why there is no such spelling.
fn spell(apex: &Apex, entry: &Entry<'_>) -> Result<Spelled, String> {
    let host = spell_host(apex, entry.host)?;
    let said = |error: DataError| error.reason;
    let rtype = Rtype::parse(entry.rtype).map_err(said)?;
    if rtype.as_str() != entry.rtype {
        return Err(format!("its type is {rtype} in the file"));
    }
    let mut fields = data::to_fields(&rtype, entry.data);
    let word = fields.form.word(&rtype);
    fields.form = Form::of(&word);
    let read = data::from_fields(&rtype, &fields, Reading::person(apex)).map_err(|errors| {
        let reasons: Vec<String> = errors.into_iter().map(said).collect();
        reasons.join("; ")
    })?;
    if *read != *entry.data {
        return Err("its value cannot be written so that it stays the same".into());
    }
    Ok(Spelled {
        host,
        rtype: word,
        fields,
    })
}

/// A host that ends like the zone itself is written whole, so that it has one reading.
fn spell_host(apex: &Apex, host: &str) -> Result<String, String> {
    let whole = Host::from_canonical(host).absolute(apex);
    let mut why = String::new();
    for text in [host, &*whole] {
        match Host::from_person(apex, text) {
            Ok(read) if read.as_str() == host => return Ok(text.to_owned()),
            Ok(_) => "its host cannot be written so that it stays the same".clone_into(&mut why),
            Err(error) => why = error.to_string(),
        }
    }
    Err(why)
}

/// Refuses what the checks across a zone blame; what is left then passes them.
fn refuse_what_checks_refuse(
    apex: &Apex,
    entries: &[Entry<'_>],
    spelled: &mut [Result<Spelled, String>],
) {
    let (indices, readable): (Vec<usize>, Vec<Entry<'_>>) = entries
        .iter()
        .enumerate()
        .filter(|(at, _)| spelled[*at].is_ok())
        .map(|(at, entry)| (at, *entry))
        .unzip();
    for finding in check::zone(apex, &readable) {
        let blamed = &mut spelled[indices[finding.at]];
        if blamed.is_ok() {
            *blamed = Err(finding.reason);
        }
    }
}

/// Refuses the values that would end a refused one if they stood in the file without it.
fn refuse_what_would_end_others(entries: &[Entry<'_>], spelled: &mut [Result<Spelled, String>]) {
    let mut groups: BTreeMap<(&str, &str, Option<String>), Vec<usize>> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let kind = match (entry.rtype, version_word(entry.data)) {
            // An unknown text without a version stays beside a declared one.
            ("TXT", None) => continue,
            ("TXT", word) => word,
            (_, _) => None,
        };
        let group = groups.entry((entry.host, entry.rtype, kind)).or_default();
        group.push(at);
    }
    for ((_, rtype, kind), group) in groups {
        if group.iter().all(|&at| spelled[at].is_ok()) {
            continue;
        }
        let kind = kind.unwrap_or_else(|| rtype.to_owned());
        for at in group {
            if spelled[at].is_ok() {
                spelled[at] = Err(format!(
                    "a file that names it owns all {kind} of this host, and another one cannot be written"
                ));
            }
        }
    }
}

/// The version word that a text begins with (`v=spf1`), in lower case: one of a kind makes room for another.
fn version_word(text: &str) -> Option<String> {
    let word = text.split([' ', ';', '\t']).next()?;
    let lower = word.to_ascii_lowercase();
    lower.starts_with("v=").then_some(lower)
}

fn comment(entry: &Entry<'_>, reason: &str) -> String {
    format!(
        "\n  # left out: {} {} {} ({})",
        text::comment(entry.host),
        text::comment(entry.rtype),
        text::quoted(entry.data),
        text::comment(reason)
    )
}
