//! Templates: records shared by zones, with placeholders that each zone fills in.
//!
//! A placeholder is `{name}` with a name of `a-z0-9-`; `%{` begins a macro of SPF and stays. What is filled
//! in is not looked at again, so that text can hold braces.

use super::super::grammar::Template;
use super::super::grammar::field::Named;
use super::super::grammar::value::At;
use super::super::said;
use super::{Desk, twice};
use crate::diag::{Diagnostic, Span};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The templates of a configuration, with how often each is used.
pub(crate) struct Templates {
    blocks: BTreeMap<Box<str>, Written>,
    /// Problems of template lines that have been told: once, not once for each zone.
    told: BTreeSet<(&'static str, Span)>,
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
        Self {
            blocks,
            told: BTreeSet::new(),
        }
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

    /// True the first time that a kind of problem is told of a template's line.
    pub(crate) fn first_time(&mut self, id: &'static str, span: Span) -> bool {
        self.told.insert((id, span))
    }

    /// Each name with the number of zones that use it.
    pub(crate) fn used(self) -> BTreeMap<Box<str>, usize> {
        self.blocks
            .into_iter()
            .map(|(name, written)| (name, written.used))
            .collect()
    }
}

/// What placeholders stand for in one zone.
pub(crate) struct Vars<'a> {
    values: BTreeMap<&'a str, &'a str>,
}

impl<'a> Vars<'a> {
    /// The zone's own first, then those given later where a name is not known yet.
    pub(crate) fn new(domain: &'a str, dashed: &'a str) -> Self {
        Self {
            values: BTreeMap::from([("domain", domain), ("domain-dashed", dashed)]),
        }
    }

    /// Adds one, unless the name is known.
    pub(crate) fn add(&mut self, name: &'a str, value: &'a str) {
        self.values.entry(name).or_insert(value);
    }

    /// The names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> + Clone {
        self.values.keys().copied()
    }

    /// Fills a text in; the name of a placeholder that is not set otherwise.
    pub(crate) fn fill<'t>(&self, text: &'t str) -> Result<Cow<'t, str>, &'t str> {
        let mut out = String::new();
        let mut rest = text;
        let mut copied = false;
        while let Some((before, name, after)) = placeholder(rest) {
            let value = self.values.get(name).ok_or(name)?;
            out.push_str(before);
            out.push_str(value);
            rest = after;
            copied = true;
        }
        if !copied {
            return Ok(Cow::Borrowed(text));
        }
        out.push_str(rest);
        Ok(Cow::Owned(out))
    }
}

/// The first placeholder: what stands before it, its name, what stands after it.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(at) = text[from..].find('{') {
        let open = from + at;
        let name = &text[open + 1..];
        let end = name
            .find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'))
            .unwrap_or(name.len());
        let closed = end > 0 && name[end..].starts_with('}');
        if closed && !text[..open].ends_with('%') {
            return Some((&text[..open], &name[..end], &name[end + 1..]));
        }
        from = open + 1;
    }
    None
}

/// True if a name can be that of a placeholder.
pub(crate) fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in_once() {
        let mut vars = Vars::new("example.com", "example-com");
        vars.add("a", "{domain}");
        vars.add("domain", "never");
        for (text, filled) in [
            ("{domain}", "example.com"),
            ("x.{domain-dashed}.y", "x.example-com.y"),
            ("{a}{a}", "{domain}{domain}"),
            (
                "v=spf1 exists:%{i}._spf.{domain} -all",
                "v=spf1 exists:%{i}._spf.example.com -all",
            ),
            ("{}", "{}"),
            ("{Domain}", "{Domain}"),
            ("{{domain}}", "{example.com}"),
            ("{domain", "{domain"),
            ("é{domain}é", "éexample.comé"),
        ] {
            assert_eq!(vars.fill(text).as_deref(), Ok(filled));
        }
        assert_eq!(vars.fill("{domain} {b}"), Err("b"));
    }
}
