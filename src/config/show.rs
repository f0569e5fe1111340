//! `show --resolved`: one domain as the file says it after templates, groups and defaults, as TOML of one block,
//! each key with its origin as a comment.
//!
//! What is printed says the same when it is loaded in the file's place. Secrets are shown as their references.
//! What is live is not known here.

use super::grammar::Defaults;
use super::grammar::block::Block;
use super::grammar::domain::{Domain, DomainValues, Registrar};
use super::grammar::field::Called;
use super::grammar::inherit::{Inheriting, Source};
use super::grammar::value::{At, OneOf};
use super::grammar::written::{Keys, Written};
use super::write::{record, text};
use crate::diag::{SourceId, Span};
use crate::model::dns::Apex;
use crate::model::{Desired, Kind, Origin};
use std::collections::BTreeSet;
use toml_edit::{Array, DocumentMut, Item, Table, Value};

/// The block of a domain with the defaults of its files filled in, and where those stand.
pub(super) struct Completed {
    /// Without what records came from.
    keys: Keys,
    /// Values that are defaults.
    defaults: BTreeSet<Span>,
    /// Its first line.
    span: Span,
}

/// Completes a domain's block from the defaults of the file each block stands in, then of the first file.
pub(super) fn complete<'d>(
    block: &Domain,
    span: Span,
    defaults: &dyn Fn(SourceId) -> Vec<&'d Defaults>,
) -> Completed {
    let mut block = block.clone();
    let mut taking = Taking {
        defaults,
        inheriting: Inheriting::defaults(),
    };
    taking.domain(&mut block.values, span);
    if let Some(at) = &mut block.zone.0 {
        // All of it stands in the records.
        at.value.templates.0.clear();
        at.value.except.0.clear();
        at.value.file.0.clear();
        at.value.records.0.clear();
        let span = at.span;
        taking.block(&mut at.value.values, span, |of| {
            Some(&of.zone.0.as_deref()?.value)
        });
    }
    if let Some(at) = &mut block.redirect_service.0 {
        let span = at.span;
        taking.block(&mut at.value.values, span, |of| {
            Some(&of.redirect_service.0.as_deref()?.value)
        });
    }
    for Called { name, block } in &mut block.redirect.0 {
        taking.block(&mut block.values, name.span, |of| {
            Some(&of.redirect.0.as_deref()?.value)
        });
    }
    if let Some(at) = &mut block.mail.0 {
        let span = at.span;
        taking.block(&mut at.value.values, span, |of| {
            Some(&of.mail.0.as_deref()?.value)
        });
    }
    for Called { name, block } in &mut block.mailbox.0 {
        taking.block(&mut block.values, name.span, |of| {
            Some(&of.mailbox.0.as_deref()?.value)
        });
    }
    if let Some(at) = &mut block.hosting.0 {
        let span = at.span;
        let hosting = |of: &'d Defaults| Some(&of.hosting.0.as_deref()?.value);
        taking.block(&mut at.value.values, span, |of| Some(&hosting(of)?.values));
        for Called { name, block } in &mut at.value.ftp_user.0 {
            taking.block(&mut block.values, name.span, |of| {
                Some(&hosting(of)?.ftp_user.0.as_deref()?.value)
            });
        }
        for Called { name, block } in &mut at.value.database.0 {
            taking.block(&mut block.values, name.span, |of| {
                Some(&hosting(of)?.database.0.as_deref()?.value)
            });
        }
        for Called { name, block } in &mut at.value.wordpress.0 {
            taking.block(&mut block.values, name.span, |of| {
                Some(&hosting(of)?.wordpress.0.as_deref()?.value)
            });
        }
    }
    for Called { name, block } in &mut block.certificate.0 {
        taking.block(&mut block.values, name.span, |of| {
            Some(&of.certificate.0.as_deref()?.value)
        });
    }
    // They have been filled in.
    block.vars.0.clear();
    let spans = taking.inheriting.spans.into_iter();
    Completed {
        keys: block.written(),
        defaults: spans.map(|(span, _)| span).collect(),
        span,
    }
}

struct Taking<'a, 'd> {
    defaults: &'a dyn Fn(SourceId) -> Vec<&'d Defaults>,
    inheriting: Inheriting<'a>,
}

impl<'d> Taking<'_, 'd> {
    fn block<V: Block>(
        &mut self,
        own: &mut V,
        span: Span,
        of: impl Fn(&'d Defaults) -> Option<&'d V>,
    ) {
        let found: Vec<Source<'_, V>> = (self.defaults)(span.source)
            .into_iter()
            .filter_map(of)
            .map(|value| Source { from: 0, value })
            .collect();
        own.inherit(&found, &mut self.inheriting);
    }

    /// Settings are no defaults of a domain that is registered elsewhere.
    fn domain(&mut self, values: &mut DomainValues, span: Span) {
        let own = values.clone();
        self.block(values, span, |of| Some(&of.values));
        let external = |at: &At<OneOf<Registrar>>| at.value == OneOf(Registrar::External);
        if values.registrar.as_ref().is_some_and(external) {
            *values = DomainValues {
                account: values.account.take(),
                registrar: values.registrar.take(),
                ..own
            };
        }
    }
}

/// A domain as TOML, without its records; the keys behind its header.
pub(super) fn table(completed: &Completed, origin: &dyn Fn(Span) -> Origin) -> Table {
    let writing = Writing {
        origin,
        defaults: &completed.defaults,
    };
    writing.table(&completed.keys, completed.span)
}

struct Writing<'a> {
    origin: &'a dyn Fn(Span) -> Origin,
    defaults: &'a BTreeSet<Span>,
}

impl Writing<'_> {
    fn comment(&self, span: Span) -> String {
        let shown = comment(&(self.origin)(span));
        match self.defaults.contains(&span) {
            true => shown.replacen("# ", "# defaults, ", 1),
            false => shown,
        }
    }

    fn table(&self, keys: &Keys, span: Span) -> Table {
        let mut table = Table::new();
        table
            .decor_mut()
            .set_suffix(format!(" {}", self.comment(span)));
        for (key, written) in keys {
            match written {
                Written::Value(at) => self.value(&mut table, key, at),
                Written::List(items) => {
                    let items = items
                        .iter()
                        .map(|at| (at.value.clone(), self.comment(at.span)));
                    table.insert(key, Item::Value(listed(items).into()));
                }
                Written::Keyed(entries) => {
                    let mut inner = Table::new();
                    for (name, at) in entries {
                        self.value(&mut inner, name, at);
                    }
                    table.insert(key, Item::Table(inner));
                }
                Written::Block(at) => {
                    table.insert(key, Item::Table(self.table(&at.value, at.span)));
                }
                Written::Blocks(blocks) => {
                    let mut inner = Table::new();
                    inner.set_implicit(true);
                    for (name, at) in blocks {
                        let block = Item::Table(self.table(&at.value, at.span));
                        inner.insert_formatted(&text::keyed(name), block);
                    }
                    table.insert(key, Item::Table(inner));
                }
            }
        }
        table
    }

    fn value(&self, table: &mut Table, key: &str, at: &At<Value>) {
        let mut value = at.value.clone();
        value
            .decor_mut()
            .set_suffix(format!(" {}", self.comment(at.span)));
        table.insert_formatted(&text::keyed(key), Item::Value(value));
    }
}

/// The TOML of a domain: its table, and its records as they are wanted.
pub(super) fn text(apex: &Apex, mut table: Table, desired: &Desired) -> String {
    let sets = desired
        .objects
        .iter()
        .filter(|(address, _)| address.kind == Kind::Record && address.domain == *apex.shared());
    let mut records = Vec::new();
    for (address, object) in sets {
        let Some((host, rtype)) = address.host_and_type() else {
            continue;
        };
        for wanted in &object.parts {
            // What came of the file is read again as it is; nothing else gets here.
            if let Ok(mut line) = record::line(apex, (host, rtype, &wanted.part.0)) {
                if let Some(note) = &wanted.origin.note {
                    line.insert("note", text::value(note));
                }
                records.push((Value::InlineTable(line), comment(&wanted.origin)));
            }
        }
    }
    if let Some(zone) = table.get_mut("zone").and_then(Item::as_table_mut)
        && !records.is_empty()
    {
        let records = listed(records.into_iter());
        zone.insert("records", Item::Value(records.into()));
    }
    let mut domains = Table::new();
    domains.set_implicit(true);
    domains.insert_formatted(&text::keyed(apex.as_str()), Item::Table(table));
    let mut document = DocumentMut::new();
    document.insert("domain", Item::Table(domains));
    document.to_string()
}

/// `# group.parked, template.google-mail, t.toml:9`
fn comment(origin: &Origin) -> String {
    let via = origin.via.iter().flat_map(|via| via.iter());
    let mut words: Vec<String> = via.map(|via| via.name.to_string()).collect();
    words.push(format!("{}:{}", origin.place.file, origin.place.line));
    text::comment(&format!("# {}", words.join(", ")))
}

/// A list, an item a line, each with its comment behind the comma.
fn listed(items: impl Iterator<Item = (Value, String)>) -> Array {
    let mut array = Array::new();
    let mut above = String::new();
    for (mut value, comment) in items {
        value.decor_mut().set_prefix(format!("{above}\n  "));
        value.decor_mut().set_suffix("");
        array.push_formatted(value);
        above = format!(" {comment}");
    }
    array.set_trailing_comma(true);
    array.set_trailing(format!("{above}\n"));
    array
}
