//! The open questions of the contract as typed switches: what the simulated server does where the documents are silent.
//!
//! Each switch answers one doubt of `schema/namebay.openapi.yaml` (`x-doubts`) and each of its values is one possible
//! answer. It does not know how a value is carried out; that is up to the family that asks.

#[macro_use]
mod declare;
mod orders;
mod services;
mod switches;
mod zones;

use std::fmt;

pub use orders::*;
pub use services::*;
pub use switches::Dialect;
pub use zones::*;

/// The name or the value of a switch was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DialectError {
    /// There is no switch of this name.
    #[error("the sandbox has no dialect switch `{0}`")]
    Name(String),
    /// The switch has no such value.
    #[error("dialect switch `{name}` cannot be `{value}`; it is one of {known}")]
    Value {
        /// The switch.
        name: &'static str,
        /// What was asked for.
        value: String,
        /// What there is.
        known: String,
    },
    /// The text is not of the form NAME=VALUE.
    #[error("`{0}` is not of the form NAME=VALUE")]
    Form(String),
}

/// How far a random choice of switches goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Only readings under which a correct client reaches its goal in one run.
    Workable,
    /// Every reading, those too that refuse what a client had reason to send, or that lag behind.
    Every,
}

/// One value of a switch, and whether a correct client can reach its goal under it in one run.
struct Choice {
    word: &'static str,
    workable: bool,
}

const fn workable(word: &'static str) -> Choice {
    Choice {
        word,
        workable: true,
    }
}

const fn adverse(word: &'static str) -> Choice {
    Choice {
        word,
        workable: false,
    }
}

/// What is known about one switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// The name that `Dialect::set` takes.
    pub name: &'static str,
    /// The doubt of the OpenAPI document that it answers.
    pub doubt: &'static str,
    /// Its values, the default first.
    pub values: Vec<&'static str>,
}

/// A small fixed generator (splitmix64), so that a seed means the same dialect for ever.
pub(super) struct Lot(u64);

impl Lot {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound.max(1) as u64)).unwrap_or(0)
    }
}

fn pick<T: Copy>(choices: &[(T, Choice)], draw: u64, reach: Reach) -> T {
    let open = |choice: &Choice| match reach {
        Reach::Workable => choice.workable,
        Reach::Every => true,
    };
    let count = choices.iter().filter(|(_, choice)| open(choice)).count();
    let index = usize::try_from(draw % (count.max(1) as u64)).unwrap_or(0);
    let drawn = choices.iter().filter(|(_, choice)| open(choice)).nth(index);
    drawn.map_or(choices[0].0, |(value, _)| *value)
}

impl Dialect {
    /// Draws a dialect under which a correct client reaches its goal in one run.
    pub fn random(seed: u64) -> Self {
        Self::draw(seed, Reach::Workable)
    }

    /// Sets one switch from the form NAME=VALUE that the command line takes.
    pub fn set_pair(&mut self, pair: &str) -> Result<(), DialectError> {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| DialectError::Form(pair.to_owned()))?;
        self.set(name.trim(), value.trim())
    }

    /// Gives the default dialect with one switch set, for tests that vary one thing.
    pub fn with(name: &str, value: &str) -> Result<Self, DialectError> {
        let mut dialect = Self::default();
        dialect.set(name, value)?;
        Ok(dialect)
    }
}

impl fmt::Display for Dialect {
    /// Writes the switches that differ from the default as NAME=VALUE, so that a failing test can be repeated.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let usual = Self::default();
        let mut told = false;
        for name in Self::names() {
            if let Some(word) = self.get(name).filter(|word| usual.get(name) != Some(*word)) {
                let gap = if told { " " } else { "" };
                write!(f, "{gap}{name}={word}")?;
                told = true;
            }
        }
        if told { Ok(()) } else { f.write_str("default") }
    }
}
