//! One zone: its records from the block, from templates and from master files, joined and checked.

use super::super::grammar::domain;
use super::super::grammar::field::{Inline, Keyed};
use super::super::grammar::value::{At, Text};
use super::super::said;
use super::account::ProviderKind;
use super::domain::{Resolving, declared};
use super::record::{Records, Value, Written, name_problem};
use super::{Desk, group, quantity};
use crate::diag::{Diagnostic, Diagnostics, SourceId, Span};
use crate::model::dns::check::{self, Entry, Finding, Rule};
use crate::model::dns::{Apex, Host};
use crate::model::pattern::Pattern;
use crate::model::{
    self, Account, Address, Attrs, Declared, Ignore, Kind, Part, Rules, Via, Wanted,
};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What came of reading templates.
struct Taken {
    /// The first place of a TTL in them.
    passed: Option<Passed>,
    reading: Reading,
}

/// Whether all records of templates could be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Whole,
    Broken,
}

/// A TTL that the provider cannot hold for one record.
#[derive(Clone, Copy)]
pub(super) struct Passed {
    /// Where it is written, or where what writes it is used.
    pub(super) span: Span,
}

impl Resolving<'_, '_> {
    /// Resolves the zone. Without an account it is checked all the same.
    pub(super) fn zone(
        &mut self,
        zone: At<domain::Zone>,
        account: Option<&Account>,
        (vars, domain): (&Keyed<Text>, SourceId),
    ) {
        let At { span, value: zone } = zone;
        // What a group gives is filled in for the domain, from the defaults of the file that names it.
        let defaults = match self.desk.through.via(span) {
            Some(_) => domain,
            None => span.source,
        };
        let domain::Zone {
            values,
            ignore,
            templates,
            except,
            file,
            records,
            note,
        } = zone;
        let provider = account
            .and_then(|account| self.accounts.confs.get(account))
            .map(|conf| conf.provider);
        let single_ttl = provider.filter(|provider| !provider.has_record_ttl());
        let ttl = self.zone_value(&values.ttl, span, |zone| zone.ttl.as_ref());
        let dnssec = self.zone_value(&values.dnssec, span, |zone| zone.dnssec.as_ref());
        let purge = self.zone_value(&values.purge, span, |zone| zone.purge.as_ref());

        let mut found = Vec::new();
        self.own(&records.0, single_ttl, &mut found);
        drop(records);
        let taken = self.templates(&templates.0, (vars, defaults), &mut found);
        let zone_ttl = ttl.map(|at| at.value.0);
        let passed = taken.passed.or(super::master::read(
            self.desk,
            self.apex,
            (&file.0, zone_ttl),
            &mut found,
        ));
        self.leave_out(except.0, taken.reading, &mut found);
        if let (Some(provider), Some(passed)) = (single_ttl, passed) {
            let message = format!(
                "{} has one TTL per zone; those of templates and master files are passed over in {}",
                provider.title(),
                self.apex
            );
            let notice = Diagnostic::notice(said::RECORD_TTL, message).at(passed.span, "");
            self.desk.error(notice);
        }
        self.check(&found);

        let rules = Rules {
            purge: purge.is_some_and(|at| at.value),
            ignore: self.ignored(ignore.0),
            gone: false,
        };
        let Some(account) = account else {
            return;
        };
        let note = note.map(|at| Arc::from(&*at.value));
        let mut parts = vec![self.wanted("", Attrs::none(), span, note.as_ref())];
        if let Some(at) = dnssec {
            let attrs = Attrs::one("dnssec", model::Value::bool(at.value));
            parts.push(self.wanted("dnssec", attrs, at.span, note.as_ref()));
        }
        if let Some(at) = ttl {
            let attrs = Attrs::one("ttl", model::Value::int(at.value.0));
            parts.push(self.wanted("ttl", attrs, at.span, note.as_ref()));
        }
        let mut object = declared(parts);
        object.rules = (rules != Rules::default()).then(|| Box::new(rules));
        let address = Address::of(account, self.apex.shared(), Kind::Zone);
        self.objects.push((address, object));
        self.sets(account, found);
    }

    fn zone_value<T: Copy>(
        &self,
        own: &Option<At<T>>,
        span: Span,
        of: impl Fn(&domain::ZoneValues) -> Option<&At<T>>,
    ) -> Option<At<T>> {
        self.desk
            .nearest(own, span.source, |defaults| {
                of(&defaults.zone.0.as_ref()?.value)
            })
            .copied()
    }

    /// The records of the block itself.
    fn own(
        &mut self,
        records: &[At<super::super::grammar::record::Record>],
        single_ttl: Option<ProviderKind>,
        found: &mut Vec<Value>,
    ) {
        found.reserve(records.len());
        let desk = &mut *self.desk;
        let mut reading = Records {
            apex: self.apex,
            written: Written::Here,
            line: &|_| String::new(),
            told: desk.told,
            out: found,
        };
        for At { value: record, .. } in records {
            let from = reading.out.len();
            reading.read(record);
            for value in &mut reading.out[from..] {
                value.via = desk.through.via(value.span).cloned();
            }
            if let (Some(provider), Some(ttl)) = (single_ttl, record.field("ttl")) {
                let message = format!(
                    "{} has one TTL per zone, so a record cannot have its own",
                    provider.title()
                );
                let help = format!(
                    "take it out, or write ttl under {}",
                    said::header(&["domain", self.apex.as_str(), "zone"])
                );
                reading.told.push(
                    Diagnostic::error(said::RECORD_TTL, message)
                        .at(ttl.span, "")
                        .help(help),
                );
            }
        }
    }

    /// The records of templates.
    fn templates(
        &mut self,
        names: &[At<Text>],
        (own, source): (&Keyed<Text>, SourceId),
        found: &mut Vec<Value>,
    ) -> Taken {
        let mut used = BTreeSet::new();
        let names: Vec<&At<Text>> = names
            .iter()
            .filter(|name| used.insert(&*name.value))
            .filter(|name| self.templates.take(name, self.desk))
            .collect();
        let dashed = self.apex.dashed();
        let desk = &*self.desk;
        let vars = group::vars_of(self.apex, &dashed, (own, source), desk);
        let sources = &*desk.sources;
        let line = |span: Span| {
            let place = sources.place(span);
            format!("{}:{}", place.file, place.line)
        };
        let mut told = Diagnostics::default();
        let mut passed = None;
        for name in &names {
            let Some(block) = self.templates.block(&name.value) else {
                continue;
            };
            let place = sources.place(name.span);
            let own = Via {
                name: format!("template.{}", name.value).into(),
                file: place.file,
                line: place.line,
            };
            let outer = desk.through.via(name.span).map_or(&[][..], |via| via);
            let via = outer.iter().cloned().chain([own]).collect();
            let mut reading = Records {
                apex: self.apex,
                written: Written::Template {
                    name: &name.value,
                    vars: &vars,
                    used: Some(name.span),
                    via: &via,
                },
                line: &line,
                told: &mut told,
                out: found,
            };
            for At { value: record, .. } in &block.records.0 {
                reading.read(record);
                if record.field("ttl").is_some() {
                    passed = passed.or(Some(Passed { span: name.span }));
                }
            }
        }
        let reading = match told.has_errors() {
            true => Reading::Broken,
            false => Reading::Whole,
        };
        for problem in told.into_items() {
            self.desk.error(problem);
        }
        Taken { passed, reading }
    }

    /// Leaves out what `except` names of what came through groups and templates.
    fn leave_out(&mut self, except: Vec<At<Text>>, reading: Reading, values: &mut Vec<Value>) {
        if except.is_empty() {
            return;
        }
        let names: BTreeSet<String> = values
            .iter()
            .filter(|value| value.via.is_some())
            .map(set_name)
            .collect();
        for at in except {
            let Some(pattern) = self.exception(&at) else {
                continue;
            };
            if names.iter().any(|name| pattern.matches_text(name)) {
                let goes =
                    |value: &Value| value.via.is_some() && pattern.matches_text(&set_name(value));
                values.retain(|value| !goes(value));
                self.desk.excepts.insert(at.span, None);
            } else if self.desk.whole && !self.desk.lost.values && reading == Reading::Whole {
                let problem = self.idle(&at, &names);
                // One of a group leaves something out if it does so in one of its domains.
                self.desk.excepts.entry(at.span).or_insert(Some(problem));
            }
        }
    }

    fn idle(&self, at: &At<Text>, names: &BTreeSet<String>) -> Diagnostic {
        let message = format!(
            "{:?} leaves nothing out: no template or group of {} has such a record",
            at.value, self.apex
        );
        let problem = Diagnostic::error(said::EXCEPT, message).at(at.span, "");
        match said::nearest(&at.value, names.iter().map(String::as_str)) {
            Some(near) => problem.help(format!("did you mean \"{near}\"?")),
            None if names.is_empty() => problem.help("take it out"),
            None => problem.help(format!("take it out; they have {}", said::listed(names))),
        }
    }

    /// `host/TYPE` as a pattern over [`set_name`].
    fn exception(&mut self, at: &At<Text>) -> Option<Pattern> {
        let Some((host, rtype)) = at.value.rsplit_once('/') else {
            let message = format!("{:?} names no record", at.value);
            let help = format!("write host/type, such as \"{}/*\"", at.value);
            self.desk.error(
                Diagnostic::error(said::EXCEPT, message)
                    .at(at.span, "")
                    .help(help),
            );
            return None;
        };
        let host = self.host_pattern(host, at.span, said::EXCEPT)?;
        Some(Pattern::new(&format!(
            "{host}/{}",
            rtype.to_ascii_uppercase()
        )))
    }

    /// A host in a pattern, canonical as far as its stars allow.
    fn host_pattern(&mut self, text: &str, span: Span, code: crate::diag::Code) -> Option<String> {
        if text.contains(['*', '\\']) {
            let text = text.to_lowercase();
            let below = format!(".{}", self.apex);
            return Some(
                text.strip_suffix(&below)
                    .map_or(text.clone(), str::to_owned),
            );
        }
        match Host::from_person(self.apex, text) {
            Ok(host) => Some(host.as_str().to_owned()),
            Err(error) => {
                self.desk.error(name_problem(code, &error, "").at(span, ""));
                None
            }
        }
    }

    fn ignored(&mut self, list: Vec<At<Inline<domain::Ignore>>>) -> Box<[Ignore]> {
        let mut out = Vec::with_capacity(list.len());
        for At {
            span,
            value: Inline(ignore),
        } in list
        {
            let (Some(host), Some(reason)) = (ignore.host, ignore.reason) else {
                continue;
            };
            let Some(pattern) = self.host_pattern(&host.value, host.span, said::NAME) else {
                continue;
            };
            let until = match &ignore.until {
                Some(at) => match quantity::written_day(at, self.desk.told) {
                    Some(day) => Some(day),
                    None => continue,
                },
                None => None,
            };
            out.push(Ignore {
                host: pattern.into(),
                rtype: ignore
                    .rtype
                    .map_or_else(|| "*".to_owned(), |at| at.value.to_ascii_uppercase())
                    .into(),
                reason: reason.value,
                until,
                origin: self.desk.origin(span, None, None),
            });
        }
        out.into()
    }

    /// What the values of a zone forbid each other.
    fn check(&mut self, found: &[Value]) {
        let entries: Vec<Entry<'_>> = found
            .iter()
            .map(|value| Entry {
                host: &value.host,
                rtype: value.rtype.as_str(),
                data: &value.data,
            })
            .collect();
        for finding in check::zone(self.apex, &entries) {
            let problem = collision(&finding, found, self.apex, self.desk);
            self.desk.error(problem);
        }
    }

    /// One object for each host and type.
    fn sets(&mut self, account: &Account, mut found: Vec<Value>) {
        found.sort_by(|a, b| (&a.host, &a.rtype, &a.data).cmp(&(&b.host, &b.rtype, &b.data)));
        let domain = self.apex.shared();
        let mut found = found.into_iter().peekable();
        while let Some(first) = found.next() {
            let address = Address::record(account, domain, &first.host, first.rtype.as_str());
            let (host, rtype) = (Arc::clone(&first.host), first.rtype.clone());
            let mut parts = vec![self.member(first)];
            while let Some(next) = found.next_if(|next| next.host == host && next.rtype == rtype) {
                // A value that comes twice has been told.
                if parts.last().is_none_or(|last| *last.part.0 != *next.data) {
                    parts.push(self.member(next));
                }
            }
            let object: Declared = declared(parts);
            self.objects.push((address, object));
        }
    }

    fn member(&self, value: Value) -> Wanted {
        let origin = self
            .desk
            .origin(value.span, value.via.as_ref(), value.note.as_ref());
        Wanted {
            part: Part(value.data.clone()),
            attrs: Attrs::one("data", model::Value::Known(model::Data::Text(value.data))),
            needs: Box::default(),
            origin,
        }
    }
}

/// Host and type as patterns see them: a star of the name is escaped.
fn set_name(value: &Value) -> String {
    format!("{}/{}", value.host.replace('*', "\\*"), value.rtype)
}

/// Two values that cannot stand together, or one that cannot stand at all.
fn collision(finding: &Finding, found: &[Value], apex: &Apex, desk: &Desk<'_>) -> Diagnostic {
    let code = match finding.rule {
        Rule::Duplicate => said::RECORD_TWICE,
        Rule::CnameAtApex
        | Rule::CnameBeside
        | Rule::TwoCnames
        | Rule::CnameLoop
        | Rule::TargetIsCname
        | Rule::NullMxBeside
        | Rule::CaaValue
        | Rule::TwoSpf
        | Rule::SpfLookups => said::ZONE,
    };
    let at = &found[finding.at];
    let other = finding.other.map(|index| &found[index]);
    if let (Rule::Duplicate | Rule::CnameBeside | Rule::TwoCnames | Rule::TwoSpf, Some(other)) =
        (finding.rule, other)
    {
        // What came through a template or group is named first: it is what can be left out.
        let pair = match (&at.via, &other.via) {
            (Some(_), None | Some(_)) => Some((at, other)),
            (None, Some(_)) => Some((other, at)),
            (None, None) => None,
        };
        if let Some((shared, own)) = pair {
            let name = format!("{}/{}", shared.host.replace('*', "\\*"), shared.rtype);
            let name = if name.contains('\\') {
                format!("'{name}'")
            } else {
                format!("\"{name}\"")
            };
            let write = match &own.via {
                None => format!("to keep yours: except = [{name}]"),
                Some(_) if own.rtype == shared.rtype => "take one of them out".to_owned(),
                Some(_) => format!("to keep the other: except = [{name}]"),
            };
            let message = format!(
                "{} {} ({}) beside {} ({}); {write}",
                shared.host,
                shared.rtype,
                written_in(shared, desk),
                own.rtype,
                written_in(own, desk),
            );
            return Diagnostic::error(code, message)
                .at(own.span, format!("in {apex}"))
                .at(shared.span, "");
        }
    }
    let mut problem = Diagnostic::error(code, finding.reason.clone()).at(at.span, "");
    if let Some(other) = other {
        problem = problem.at(other.span, "and this");
    }
    match &finding.write {
        Some(write) => problem.help(write.clone()),
        None => problem,
    }
}

fn written_in(value: &Value, desk: &Desk<'_>) -> String {
    let line = desk.line(value.span);
    match value.via.as_deref().and_then(<[Via]>::last) {
        Some(via) => format!("{}, {line}", via.name),
        None => line,
    }
}
