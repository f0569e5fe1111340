//! Texts that are no TOML: each thing that is wrong told once, where it is, with what follows from it left out.
//!
//! The parser recovers and goes on, so that one open bracket makes a dozen errors; here they become one. A
//! line that may show a secret is shown without it.

use super::grammar::value::Node;
use super::said;
use crate::diag::{Diagnostic, Diagnostics, SourceId, Span};
use std::collections::BTreeSet;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// Errors that are told of one file; one with more was never TOML. Each may cost a look over the whole text.
const MOST_ERRORS: usize = 100;

/// A text that is no TOML.
pub(super) struct Broken<'a> {
    source: SourceId,
    text: &'a str,
    /// Where values of secrets stand, as far as the tree tells.
    secrets: Vec<Range<usize>>,
}

impl<'a> Broken<'a> {
    /// Looks at a text and what could be made of it.
    pub(super) fn new(source: SourceId, text: &'a str, tree: &DeTable<'_>) -> Self {
        Self {
            source,
            text,
            secrets: secrets(tree),
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span {
            source: self.source,
            start: start as u32,
            end: end as u32,
        }
    }

    fn line_start(&self, at: usize) -> usize {
        self.text.as_bytes()[..at.min(self.text.len())]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |newline| newline + 1)
    }

    fn line_at(&self, start: usize) -> &str {
        let rest = self.text.get(start..).unwrap_or("");
        rest.split('\n').next().unwrap_or("")
    }

    /// Tells the errors, sorted and without those that follow from others; gives back their lines, and
    /// true if some were left out for that reason.
    pub(super) fn tell(
        &self,
        tree: &DeTable<'_>,
        errors: &[toml::de::Error],
        told: &mut Diagnostics,
    ) -> (BTreeSet<u32>, bool) {
        let mut errors: Vec<(usize, usize, &str)> = errors
            .iter()
            .map(|error| {
                let span = error.span().unwrap_or_else(|| self.deepest_key());
                let message = match error.message() {
                    "recursion limit" => "a key is nested too deeply",
                    message => message,
                };
                (span.start, span.end, message)
            })
            .collect();
        errors.sort();
        let unclosed = errors
            .iter()
            .filter(|(at, _, message)| message.starts_with("unclosed") && self.rest_is_blank(*at))
            .count();
        let opener = last_opened(tree, unclosed);
        let mut lines = BTreeSet::new();
        let mut cascade = unclosed > 0;
        let mut damaged_to = 0;
        let count = errors.len();
        for (at, (start, end, message)) in errors.into_iter().enumerate() {
            if opener.is_some_and(|opener| start >= opener) {
                break;
            }
            if start < damaged_to {
                cascade = true;
                continue;
            }
            if lines.len() == MOST_ERRORS {
                let message = format!("there are up to {} more of these", count - at);
                let here = self.span(start, end.max(start));
                told.push(
                    self.masked(start, Diagnostic::error(said::SYNTAX, message).at(here, "")),
                );
                return (lines, true);
            }
            damaged_to = self.next_statement(start);
            lines.insert(self.line_number(start));
            told.push(self.problem(start, end, message));
        }
        if let Some(opener) = opener {
            let message = "this bracket is never closed";
            told.push(self.masked(
                opener,
                Diagnostic::error(said::SYNTAX, message).at(self.span(opener, opener + 1), ""),
            ));
        }
        (lines, cascade)
    }

    /// The key with the most dots: the parser says of one that it is too deep, and not of which.
    fn deepest_key(&self) -> Range<usize> {
        let mut start = 0;
        let mut found = (0, 0..0);
        for line in self.text.split_inclusive('\n') {
            let end = line.find('=').unwrap_or(line.len());
            let key = line[..end].trim_end();
            let dots = key.bytes().filter(|byte| *byte == b'.').count();
            if dots > found.0 {
                let indent = key.len() - key.trim_start().len();
                found = (dots, start + indent..start + key.len());
            }
            start += line.len();
        }
        found.1
    }

    fn line_number(&self, at: usize) -> u32 {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        before.iter().filter(|byte| **byte == b'\n').count() as u32 + 1
    }

    fn rest_is_blank(&self, at: usize) -> bool {
        self.text
            .get(at..)
            .is_none_or(|rest| rest.trim().is_empty())
    }

    /// Where the damage of an error ends: the next line that begins, unindented, a header or a key.
    fn next_statement(&self, at: usize) -> usize {
        let mut start = self.line_start(at);
        loop {
            start += self.line_at(start).len() + 1;
            if start >= self.text.len() {
                return self.text.len() + 1;
            }
            let line = self.line_at(start);
            let key = line
                .split_once('=')
                .is_some_and(|(key, _)| !key.trim().is_empty() && !key.contains(['{', '[', ',']));
            let begins = !line.starts_with([' ', '\t', ']', '}', ',', '{', '#']);
            if begins && (line.starts_with('[') || key) {
                return start;
            }
        }
    }

    fn problem(&self, start: usize, end: usize, message: &str) -> Diagnostic {
        if message == "duplicate key" {
            let key = self.text.get(start..end).unwrap_or("");
            let problem = Diagnostic::error(
                said::DUPLICATE_KEY,
                format!("{key} stands here a second time; one of them has to go"),
            )
            .at(self.span(start, end), "again here");
            let problem = match self.earlier(start, key) {
                Some(first) => self.masked(
                    first,
                    problem.at(self.span(first, first + key.len()), "first here"),
                ),
                None => problem,
            };
            return self.masked(start, problem);
        }
        let line = self.line_at(self.line_start(start));
        let text = if line.trim_end().ends_with('=') {
            "there is no value after the `=`"
        } else {
            message
        };
        let problem = Diagnostic::error(said::SYNTAX, text);
        self.masked(start, problem.at(self.span(start, end.max(start)), ""))
    }

    /// Adds the mask where the line shows a secret: what stands behind the key of one, and what the tree
    /// knows to be the value of one.
    fn masked(&self, at: usize, problem: Diagnostic) -> Diagnostic {
        let start = self.line_start(at);
        let line = self.line_at(start);
        let end = start + line.len();
        let key = line.split_once('=').map(|(key, _)| key);
        let letters: String = key
            .unwrap_or("")
            .chars()
            .filter(|c| c.is_alphabetic())
            .collect();
        if said::is_secret_key(&letters) || self.is_among_secrets(start) {
            let from = start + key.map_or(0, str::len);
            return problem.at_masked(self.span(from, end), "");
        }
        let mut word = 0;
        for (at, _) in line.match_indices(|c: char| !c.is_alphanumeric() && c != '_') {
            if said::is_secret_key(&line[word..at]) {
                return problem.at_masked(self.span(start + at, end), "");
            }
            word = at + line[at..].chars().next().map_or(1, char::len_utf8);
        }
        match self
            .secrets
            .iter()
            .find(|value| value.start <= end && start <= value.end)
        {
            Some(value) => problem.at_masked(self.span(value.start.max(start), end), ""),
            None => problem,
        }
    }

    /// True if the header above a line is that of a block full of secrets.
    fn is_among_secrets(&self, start: usize) -> bool {
        let before = self.text.get(..start).unwrap_or("");
        let header = before
            .lines()
            .rev()
            .map(str::trim_start)
            .find(|line| line.starts_with('['));
        header.is_some_and(|header| {
            let keys: Vec<&str> = header
                .split(['[', ']', '"', '\'', '.', ' '])
                .filter(|key| !key.is_empty())
                .collect();
            said::holds_secrets(&keys) || keys.contains(&"mailbox") || keys.contains(&"hosting")
        })
    }

    /// Where a key that is defined twice was defined first, as far as lines tell.
    fn earlier(&self, at: usize, key: &str) -> Option<usize> {
        let start = self.line_start(at);
        let line = self.line_at(start);
        if line.trim_start().starts_with('[') {
            let header = |line: &str| line.split('#').next().map(|head| head.replace(' ', ""));
            let wanted = header(line.trim());
            let mut from = 0;
            for earlier in self.text.get(..start)?.split_inclusive('\n') {
                let earlier_line = earlier.trim();
                if earlier_line.starts_with('[') && header(earlier_line) == wanted {
                    return earlier.find(key).map(|column| from + column);
                }
                from += earlier.len();
            }
            return None;
        }
        let within = self.text.get(start..at)?;
        if let Some(column) = assigned(within, key) {
            return Some(start + column);
        }
        let mut end = start;
        while end > 0 {
            let from = self.line_start(end - 1);
            let earlier = self.text.get(from..end)?;
            if earlier.trim_start().starts_with('[') {
                return self.in_earlier_block(from, key);
            }
            if let Some(column) = assigned(earlier, key) {
                return Some(from + column);
            }
            end = from;
        }
        None
    }

    /// Where a key was defined under an earlier header that is the same as the one at `header`.
    fn in_earlier_block(&self, header: usize, key: &str) -> Option<usize> {
        let name = self.line_at(header).trim().trim_matches(['[', ']']);
        let mut from = self.line_start(self.earlier(header + 1, name)?);
        loop {
            from += self.line_at(from).len() + 1;
            let line = self.line_at(from);
            if from >= header || line.trim_start().starts_with('[') {
                return None;
            }
            if let Some(column) = assigned(line, key) {
                return Some(from + column);
            }
        }
    }
}

/// The column at which a line assigns a key.
fn assigned(line: &str, key: &str) -> Option<usize> {
    line.match_indices(key)
        .map(|(column, _)| column)
        .find(|column| {
            let before = line[..*column].chars().next_back();
            let after = line[column + key.len()..].trim_start();
            before.is_none_or(|c| c.is_whitespace() || c == '{' || c == ',')
                && after.starts_with('=')
        })
}

/// Where the bracket stands that was opened last among those, `count` in number, that are open at the end.
fn last_opened(tree: &DeTable<'_>, count: usize) -> Option<usize> {
    let mut open: Vec<&Node<'_>> = tree.values().collect();
    let mut reaching: Vec<(usize, usize)> = Vec::new();
    while let Some(node) = open.pop() {
        let is_bracket = match node.get_ref() {
            DeValue::Array(items) => {
                open.extend(items.iter());
                true
            }
            DeValue::Table(table) => {
                open.extend(table.values());
                true
            }
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => false,
        };
        if is_bracket {
            reaching.push((node.span().end, node.span().start));
        }
    }
    let end = reaching.iter().map(|(end, _)| *end).max()?;
    reaching.retain(|(reach, _)| *reach == end);
    reaching.sort_unstable();
    // They stand in each other; what is closed at the very end stands innermost.
    let innermost = count.min(reaching.len()).checked_sub(1)?;
    Some(reaching[innermost].1)
}

/// Where values of secrets stand.
fn secrets(tree: &DeTable<'_>) -> Vec<Range<usize>> {
    let mut open: Vec<&DeTable<'_>> = vec![tree];
    let mut found = Vec::new();
    while let Some(table) = open.pop() {
        for (key, node) in table.iter() {
            if let DeValue::Table(inner) = node.get_ref() {
                open.push(inner);
            } else if said::is_secret_key(key.get_ref()) {
                found.push(node.span());
            }
        }
    }
    found
}
