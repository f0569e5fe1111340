//! Taking over what other blocks say: a domain's block from its groups, any block from `[defaults]`.
//!
//! The types of the fields say what is taken over and what adds up (`field`); here is what that collects on its
//! way: values filled in, where they came from, values on which two groups differ. It does not know groups,
//! only their numbers, and tells nothing itself.

use super::field::Field;
use super::value::{At, Holds, Value};
use crate::config::placeholder::Vars;
use crate::config::said;
use crate::diag::Span;

/// A block, or a part of one, that another takes over.
#[derive(Debug)]
pub(crate) struct Source<'a, T> {
    /// The number of the group.
    pub(crate) from: usize,
    /// What it says.
    pub(crate) value: &'a T,
}

/// The same part of each source.
pub(crate) fn parts<'a, T, P>(
    from: &[Source<'a, T>],
    part: impl Fn(&'a T) -> &'a P,
) -> Vec<Source<'a, P>> {
    from.iter()
        .map(|source| Source {
            from: source.from,
            value: part(source.value),
        })
        .collect()
}

/// What holds where two sources say different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Neither: it is noted as a clash.
    Agree,
    /// The first.
    First,
}

/// A value that two groups write differently, or the second of which there may be one.
#[derive(Debug)]
pub(crate) struct Clash {
    /// The keys of the block below the domain, and of the value.
    pub(crate) path: Vec<Box<str>>,
    /// Both: the group, the place, and the value as it is written.
    pub(crate) both: [(usize, Span, String); 2],
}

/// A placeholder that nothing is known of.
#[derive(Debug)]
pub(crate) struct Unset {
    /// The group.
    pub(crate) from: usize,
    /// The text that holds it.
    pub(crate) span: Span,
    /// Its name.
    pub(crate) name: Box<str>,
}

/// One block takes over from others.
pub(crate) struct Inheriting<'a> {
    rule: Rule,
    vars: Option<&'a Vars<'a>>,
    from: usize,
    path: Vec<Box<str>>,
    /// Every place that was taken over, with its group.
    pub(crate) spans: Vec<(Span, usize)>,
    /// What groups do not agree on.
    pub(crate) clashes: Vec<Clash>,
    /// What cannot be filled in.
    pub(crate) unset: Vec<Unset>,
}

impl<'a> Inheriting<'a> {
    /// From groups, with placeholders where there is something for them to stand for.
    pub(crate) fn groups(vars: Option<&'a Vars<'a>>) -> Self {
        Self::new(Rule::Agree, vars)
    }

    /// From defaults, the nearest first; their text is literal.
    pub(crate) fn defaults() -> Self {
        Self::new(Rule::First, None)
    }

    fn new(rule: Rule, vars: Option<&'a Vars<'a>>) -> Self {
        Self {
            rule,
            vars,
            from: 0,
            path: Vec::new(),
            spans: Vec::new(),
            clashes: Vec::new(),
            unset: Vec::new(),
        }
    }

    /// A copy of a value of a group, filled in.
    pub(crate) fn copy<T: Value>(&mut self, from: usize, at: &At<T>) -> At<T> {
        let mut copy = at.clone();
        self.from = from;
        self.at(&mut copy);
        copy
    }

    /// A copy of a name of a group, filled in; none if it cannot be.
    pub(crate) fn name(&mut self, from: usize, at: &At<Box<str>>) -> Option<At<Box<str>>> {
        let known = self.unset.len();
        let copy = self.copy(from, at);
        (self.unset.len() == known).then_some(copy)
    }

    /// Notes where a block of a group stands.
    pub(crate) fn note(&mut self, from: usize, span: Span) {
        self.spans.push((span, from));
    }

    /// Fills in a value that was copied.
    pub(crate) fn at<T: Value>(&mut self, at: &mut At<T>) {
        self.spans.push((at.span, self.from));
        at.value.fill(at.span, self);
    }

    /// Fills in a field of a block that was copied.
    pub(crate) fn field<F: Field>(&mut self, field: &mut F) {
        field.fill(self);
    }

    /// Fills in a text that was copied.
    pub(crate) fn text(&mut self, text: &mut impl Holds, span: Span) {
        let Some(vars) = self.vars else {
            return;
        };
        match vars.fill(text) {
            Ok(std::borrow::Cow::Borrowed(_)) => {}
            Ok(std::borrow::Cow::Owned(filled)) => *text = filled.into(),
            Err(name) => self.unset.push(Unset {
                from: self.from,
                span,
                name: name.into(),
            }),
        }
    }

    /// Takes a value over unless it is written; notes on what sources differ.
    pub(crate) fn single<'v, T: Value + 'v>(
        &mut self,
        own: &mut Option<At<T>>,
        from: impl Iterator<Item = (usize, &'v At<T>)>,
        key: &str,
    ) {
        // As a default it is a length; written, it is the consent to buy.
        let is_consent = self.rule == Rule::First && key == "period";
        if own.is_some() || is_consent {
            return;
        }
        let mut first: Option<(usize, At<T>)> = None;
        for (number, at) in from {
            match &first {
                None => first = Some((number, self.copy(number, at))),
                // Notes are for people: those of the first group are as good as another's.
                Some(_) if self.rule == Rule::First || key == "note" => break,
                Some((one, kept)) => {
                    let (one, kept) = (*one, (kept.span, kept.value.written().to_string()));
                    let other = self.copy(number, at);
                    self.compare(key, (one, kept), (number, &other));
                }
            }
        }
        *own = first.map(|(_, at)| at);
    }

    fn compare<T: Value>(
        &mut self,
        key: &str,
        (one, kept): (usize, (Span, String)),
        (number, other): (usize, &At<T>),
    ) {
        let text = other.value.written().to_string();
        if text == kept.1 {
            return;
        }
        let mut path = self.path.clone();
        path.push(key.into());
        let shown = |text: String| match said::is_secret_key(key) {
            true => "one source".to_owned(),
            false => text.trim().to_owned(),
        };
        self.clashes.push(Clash {
            path,
            both: [
                (one, kept.0, shown(kept.1)),
                (number, other.span, shown(text)),
            ],
        });
    }

    /// Takes over what is below a key.
    pub(crate) fn below(&mut self, key: &str, take: impl FnOnce(&mut Self)) {
        self.path.push(key.into());
        take(self);
        self.path.pop();
    }
}
