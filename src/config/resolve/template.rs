//! Templates: records shared by zones, by name, and how often each is used. Their records are read where a zone
//! uses them.

use super::super::grammar::Template;
use super::super::grammar::field::Named;
use super::super::grammar::value::At;
use super::super::placeholder::Vars;
use super::super::said;
use super::record::{Records, Written as Source};
use super::{Desk, twice};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::model::dns::Apex;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The templates of a configuration, with how often each is used.
pub(crate) struct Templates {
    blocks: BTreeMap<Box<str>, Written>,
}

struct Written {
    span: Span,
    block: Template,
    used: usize,
}

impl Templates {
    /// Takes them in by name.
    pub(crate) fn gather(templates: Named<Template>, desk: &mut Desk<'_>) -> Self {
        let mut blocks: BTreeMap<Box<str>, Written> = BTreeMap::new();
        for called in templates.0 {
            let name = called.name;
            if let Some(first) = blocks.get(&name.value) {
                let problem = twice("template", &name, first.span);
                desk.error(problem);
                continue;
            }
            let written = Written {
                span: name.span,
                block: called.block,
                used: 0,
            };
            blocks.insert(name.value, written);
        }
        Self { blocks }
    }

    /// Counts a use of a template; tells if there is none of that name.
    pub(crate) fn take(&mut self, name: &At<Box<str>>, desk: &mut Desk<'_>) -> bool {
        if let Some(written) = self.blocks.get_mut(&name.value) {
            written.used += 1;
            return true;
        }
        if desk.whole {
            let message = format!("there is no template {:?}", name.value);
            let known = self.blocks.keys().map(|name| &**name);
            let problem = Diagnostic::error(said::TEMPLATE_UNKNOWN, message).at(name.span, "");
            let problem = if self.blocks.is_empty() {
                problem.help(format!("write [template.{}]", said::quoted(&name.value)))
            } else {
                problem.help(said::one_of(&name.value, known))
            };
            desk.error(problem);
        }
        false
    }

    /// A template that was taken.
    pub(crate) fn block(&self, name: &str) -> Option<&Template> {
        self.blocks.get(name).map(|written| &written.block)
    }

    /// Tells which are used by no zone, and what is wrong in them all the same.
    pub(crate) fn tell_unused(&self, desk: &mut Desk<'_>) {
        let unused = self.blocks.iter().filter(|(_, written)| written.used == 0);
        for (name, written) in unused {
            if desk.whole && !desk.lost.values {
                let message = format!("no zone uses template.{name}");
                let help =
                    format!("write templates = [{name:?}] under a zone or group, or take it out");
                desk.error(
                    Diagnostic::warning(said::TEMPLATE_UNUSED, message)
                        .at(written.span, "")
                        .help(help),
                );
            }
            let mut told = Diagnostics::default();
            check(name, &written.block, &mut told);
            for problem in told.into_items() {
                // What placeholders stand for is the zone's affair.
                if problem.code != said::PLACEHOLDER {
                    desk.error(problem);
                }
            }
        }
    }

    /// Each name with the number of zones that use it.
    pub(crate) fn used(self) -> BTreeMap<Box<str>, usize> {
        self.blocks
            .into_iter()
            .map(|(name, written)| (name, written.used))
            .collect()
    }
}

/// Reads records for a domain like any other.
fn check(name: &str, block: &Template, told: &mut Diagnostics) {
    let Ok(apex) = Apex::parse("example.com") else {
        return;
    };
    let dashed = apex.dashed();
    let vars = Vars::new(apex.as_str(), &dashed);
    let mut values = Vec::new();
    let mut reading = Records {
        apex: &apex,
        written: Source::Template {
            name,
            vars: &vars,
            used: None,
            via: &Arc::from([]),
        },
        line: &|_| String::new(),
        told,
        out: &mut values,
    };
    for record in &block.records.0 {
        reading.read(&record.value);
    }
}
