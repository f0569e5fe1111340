//! Patterns over addresses, and over the domains of a group, as `--target`, `protect` and `[[allow]]` take them.

use super::address::Address;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A pattern: an unescaped `*` matches any run of characters, also `/`; `\*` is a star.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pattern {
    text: Box<str>,
    tokens: Box<[Token]>,
    /// Of a group: its domains, instead of a text.
    domains: Option<Arc<BTreeSet<Arc<str>>>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Token {
    Run,
    Text(Box<str>),
}

impl Pattern {
    /// Reads a pattern; every text is one.
    pub fn new(text: &str) -> Self {
        let mut tokens = Vec::new();
        let mut literal = String::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match c {
                '*' => {
                    if !literal.is_empty() {
                        tokens.push(Token::Text(std::mem::take(&mut literal).into()));
                    }
                    if tokens.last() != Some(&Token::Run) {
                        tokens.push(Token::Run);
                    }
                }
                // An escape stays in the text, because addresses are written with it.
                '\\' => {
                    literal.push('\\');
                    literal.extend(chars.next());
                }
                _ => literal.push(c),
            }
        }
        if !literal.is_empty() {
            tokens.push(Token::Text(literal.into()));
        }
        Self {
            text: text.into(),
            tokens: tokens.into(),
            domains: None,
        }
    }

    /// The same pattern, standing for all that hangs under these domains.
    #[must_use]
    pub fn of_domains(self, domains: Arc<BTreeSet<Arc<str>>>) -> Self {
        Self {
            domains: Some(domains),
            ..self
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True if it names this object, with or without its account.
    pub fn matches(&self, address: &Address) -> bool {
        match &self.domains {
            Some(domains) => domains.contains(&address.domain),
            None => self.matches_text(&address.text()) || self.matches_text(&address.full_text()),
        }
    }

    /// True if it has no star that stands for something else: it names one object.
    pub fn is_literal(&self) -> bool {
        self.domains.is_none() && !self.tokens.contains(&Token::Run)
    }

    /// True if some star is a single unescaped one and the text, with its stars read as stars, is `text`.
    pub fn reads_literally_as(&self, text: &str) -> bool {
        self.domains.is_none()
            && !self.is_literal()
            && !self.text.contains("**")
            && self.text.replace('*', "\\*") == text
    }

    /// Matches a text, in time linear in it for each run.
    pub fn matches_text(&self, text: &str) -> bool {
        let mut rest = text;
        let mut free = false;
        for (at, token) in self.tokens.iter().enumerate() {
            match token {
                Token::Run => free = true,
                Token::Text(literal) if !free => match rest.strip_prefix(&**literal) {
                    Some(after) => rest = after,
                    None => return false,
                },
                Token::Text(literal) => {
                    if at + 1 == self.tokens.len() {
                        return rest.ends_with(&**literal);
                    }
                    match rest.find(&**literal) {
                        Some(found) => rest = &rest[found + literal.len()..],
                        None => return false,
                    }
                    free = false;
                }
            }
        }
        free || rest.is_empty()
    }
}
