//! Records to values: names and data made canonical, each value with the line that wrote it.
//!
//! What the data of a type must look like is `model::dns`'s business; here its problems get their places.

use super::super::grammar::record::{FieldValue, Record};
use super::super::grammar::value::{At, Shared, TypeName};
use super::super::placeholder::Vars;
use super::super::said;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::model::Via;
use crate::model::dns::data::{self, Form};
use crate::model::dns::{self, Apex, DataError, Field, Fields, Host, NameError, Reading, Rtype};
use std::borrow::Cow;
use std::sync::Arc;

/// One value of a zone.
pub(crate) struct Value {
    /// Host, canonical, relative.
    pub(crate) host: Arc<str>,
    /// Type.
    pub(crate) rtype: Rtype,
    /// Data, canonical.
    pub(crate) data: Arc<str>,
    /// The line that wrote it.
    pub(crate) span: Span,
    /// The group and the template it came through.
    pub(crate) via: Option<Arc<[Via]>>,
    /// The file's own words beside it.
    pub(crate) note: Option<Arc<str>>,
}

/// Where records come from.
pub(crate) enum Written<'a> {
    /// The zone's own block.
    Here,
    /// A template.
    Template {
        /// Its name.
        name: &'a str,
        /// What its placeholders stand for.
        vars: &'a Vars<'a>,
        /// Where it is used, if it is.
        used: Option<Span>,
        /// The same, for the values.
        via: &'a Arc<[Via]>,
    },
}

impl Written<'_> {
    fn via(&self) -> Option<Arc<[Via]>> {
        match self {
            Written::Here => None,
            Written::Template { via, .. } => Some(Arc::clone(via)),
        }
    }
}

/// Reads the records of one zone.
pub(crate) struct Records<'a> {
    pub(crate) apex: &'a Apex,
    pub(crate) written: Written<'a>,
    /// A line as `file:line`.
    pub(crate) line: &'a dyn Fn(Span) -> String,
    pub(crate) told: &'a mut Diagnostics,
    pub(crate) out: &'a mut Vec<Value>,
}

impl Records<'_> {
    /// Reads one record: each of its values at each of its hosts. All that is wrong is told.
    pub(crate) fn read(&mut self, record: &Record) {
        let rtype = self.rtype(&record.rtype);
        // Nearly every record has one host, and a list without others takes no room.
        let mut hosts = record.host.all().iter();
        let first = hosts.find_map(|host| self.host(host));
        let others: Vec<Arc<str>> = hosts.filter_map(|host| self.host(host)).collect();
        if record.data.all().is_empty() || record.host.all().is_empty() {
            let message = "an empty list is no record";
            self.tell(Diagnostic::error(said::RECORD, message).at(record.span, ""));
        }
        let Some(rtype) = rtype else {
            return;
        };
        let note: Option<Arc<str>> = record.field("note").and_then(|field| match &field.value {
            FieldValue::Text(text) => Some(Arc::from(&**text)),
            FieldValue::Number(_) => None,
        });
        let Some(fields) = self.fields(record, &rtype) else {
            return;
        };
        let via = self.written.via();
        for at in record.data.all() {
            let Some(data) = self.data(record, &rtype, &fields, at) else {
                continue;
            };
            let hosts = first.iter().chain(&others);
            self.out.extend(hosts.map(|host| Value {
                host: Arc::clone(host),
                rtype: rtype.clone(),
                data: Arc::clone(&data),
                span: at.span,
                via: via.clone(),
                note: note.clone(),
            }));
        }
    }

    /// Fills in placeholders, where there are any to be filled in.
    fn fill<'t>(&mut self, text: &'t str, span: Span) -> Option<Cow<'t, str>> {
        let Written::Template { name, vars, .. } = &self.written else {
            return Some(Cow::Borrowed(text));
        };
        match vars.fill(text) {
            Ok(filled) => Some(filled),
            Err(unset) => {
                let mut known: Vec<&str> = vars.names().collect();
                known.sort_unstable();
                let message = format!(
                    "{{{unset}}} in template.{name} ({}) is not set for {}; known: {}",
                    (self.line)(span),
                    self.apex,
                    known.join(", ")
                );
                let mut problem = Diagnostic::error(said::PLACEHOLDER, message).at(span, "");
                if let Some(near) = said::nearest(unset, vars.names()) {
                    problem = problem.help(format!("did you mean {{{near}}}?"));
                }
                self.tell(problem);
                None
            }
        }
    }

    fn rtype(&mut self, at: &At<TypeName>) -> Option<Rtype> {
        let text = self.fill(&at.value, at.span)?;
        match Rtype::parse(&text) {
            Ok(rtype) if rtype.as_str() == "SOA" => {
                let message = "the SOA is the provider's own; a file does not write it";
                self.tell(Diagnostic::error(said::RECORD, message).at(at.span, ""));
                None
            }
            Ok(rtype) => Some(rtype),
            Err(error) => {
                self.wrong(at.span, &error);
                None
            }
        }
    }

    fn host(&mut self, at: &At<Shared>) -> Option<Arc<str>> {
        let text = self.fill(&at.value, at.span)?;
        if Host::is_plain(self.apex, &text) {
            return Some(as_written(text, at));
        }
        match Host::from_person(self.apex, &text) {
            Ok(host) => Some(host.as_str().into()),
            Err(error) => {
                let problem = name_problem(said::RECORD, &error, "host: ");
                self.tell(problem.at(at.span, ""));
                None
            }
        }
    }

    /// The keys beside `data`.
    fn fields<'r>(&mut self, record: &'r Record, rtype: &Rtype) -> Option<Fields<'r>> {
        let mut fields = Fields::default();
        let numbered = |text: &str| {
            let digits = text
                .get(..4)
                .filter(|word| word.eq_ignore_ascii_case("TYPE"));
            digits.is_some() && text[4..].parse::<u16>().is_ok()
        };
        if rtype.is_text() && numbered(record.rtype.value.trim()) {
            fields.form = Form::Numbered;
        }
        for written in &record.fields {
            let Some(field) = Field::BESIDE_DATA
                .into_iter()
                .find(|field| field.name() == written.name)
            else {
                continue;
            };
            let value = match &written.value {
                FieldValue::Number(number) => dns::FieldValue::Int(*number),
                FieldValue::Text(text) => dns::FieldValue::Text(self.fill(text, written.span)?),
            };
            fields.set.push((field, value));
        }
        Some(fields)
    }

    fn data(
        &mut self,
        record: &Record,
        rtype: &Rtype,
        fields: &Fields<'_>,
        at: &At<Shared>,
    ) -> Option<Arc<str>> {
        let text = self.fill(&at.value, at.span)?;
        if fields.set.is_empty() && fields.form == Form::Named && data::is_plain(rtype, &text) {
            return Some(as_written(text, at));
        }
        let reading = Reading::person(self.apex);
        let fields = Fields {
            form: fields.form,
            data: Cow::Borrowed(&text),
            set: fields.set.clone(),
        };
        let errors = match data::from_fields(rtype, &fields, reading) {
            Ok(data) => return Some(data.into()),
            Err(errors) => errors,
        };
        for error in errors {
            let span = match error.field {
                Field::Data => Some(at.span),
                Field::Priority
                | Field::Weight
                | Field::Port
                | Field::Flags
                | Field::Tag
                | Field::Order
                | Field::Preference
                | Field::Service
                | Field::Regexp
                | Field::Usage
                | Field::Selector
                | Field::Matching => record.field(error.field.name()).map(|field| field.span),
            };
            let span = span.unwrap_or(record.span);
            match ambiguous(&text, &error, reading) {
                Some(name) => {
                    self.tell(name_problem(said::RECORD, &name, "").at(span, ""));
                }
                None => {
                    self.wrong(span, &error);
                }
            }
        }
        None
    }

    fn wrong(&mut self, span: Span, error: &DataError) {
        let problem = Diagnostic::error(said::RECORD, error.to_string()).at(span, "");
        self.tell(match &error.write {
            Some(write) => problem.help(write.clone()),
            None => problem,
        });
    }

    /// Tells a problem; of a template, also where it is used.
    fn tell(&mut self, problem: Diagnostic) {
        self.told.push(match &self.written {
            Written::Here | Written::Template { used: None, .. } => problem,
            Written::Template {
                used: Some(used), ..
            } => problem.at(*used, format!("used here, for {}", self.apex)),
        });
    }
}

/// A text that is canonical: what was written, unless something was filled in.
fn as_written(text: Cow<'_, str>, at: &At<Shared>) -> Arc<str> {
    match text {
        Cow::Borrowed(_) => Arc::clone(&at.value),
        Cow::Owned(filled) => filled.into(),
    }
}

/// The name in a value that can be read in two ways, if that is what is wrong with it.
fn ambiguous(data: &str, error: &DataError, reading: Reading<'_>) -> Option<NameError> {
    let word = data.split_ascii_whitespace().nth(error.token);
    [Some(data), word]
        .into_iter()
        .flatten()
        .find_map(|text| reading.target(text).err())
        .filter(|name| matches!(name, NameError::Ambiguous { .. }))
        .filter(|name| name.to_string() == error.reason)
}

/// A name that cannot stand, with what to write.
pub(crate) fn name_problem(
    code: crate::diag::Code,
    error: &NameError,
    context: &str,
) -> Diagnostic {
    if let NameError::Ambiguous { name, full, below } = error {
        return Diagnostic::error(
            code,
            format!("\"{name}\": write \"{full}\" or, if meant below this zone, \"{below}\""),
        );
    }
    let problem = Diagnostic::error(code, format!("{context}{error}"));
    match error.write() {
        Some(write) => problem.help(write),
        None => problem,
    }
}
