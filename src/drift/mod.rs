//! What differs between the file, what was applied last and what is live, and since when: changed behind our
//! back, edited and not applied, both, known to nobody, or gone.
//!
//! Pure. It decides nothing about what is to be done: which units differ is said by [`diff`](crate::diff), here
//! they are named. It knows no provider, no clock, no format.

mod compare;
mod memory;
mod table;

pub use compare::compare;
pub use memory::Memory;
pub use table::{Side, cell};

use crate::model::{Address, Attrs, Digesting, Origin, Severity, Value};
use std::collections::BTreeSet;

/// What a difference is. Each is exactly one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Changed behind our back.
    Drift,
    /// The file was edited, and that was not applied.
    Pending,
    /// Both.
    Conflict,
    /// Live, and known to neither file nor ledger.
    Unmanaged,
    /// Applied, declared, and gone.
    Missing,
}

impl Class {
    /// All of them, in the order in which they are told.
    pub const ALL: [Class; 5] = [
        Class::Missing,
        Class::Conflict,
        Class::Drift,
        Class::Pending,
        Class::Unmanaged,
    ];

    /// The word in every format.
    pub fn word(self) -> &'static str {
        match self {
            Class::Drift => "drift",
            Class::Pending => "pending",
            Class::Conflict => "conflict",
            Class::Unmanaged => "unmanaged",
            Class::Missing => "missing",
        }
    }
}

/// One attribute on the three sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The key of the file.
    pub name: &'static str,
    /// What the file says.
    pub file: Option<Value>,
    /// What was applied last.
    pub applied: Option<Value>,
    /// What is live.
    pub live: Option<Value>,
    /// It stands for a secret, of which no side is told.
    pub secret: bool,
}

/// What differs at one address in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The object.
    pub address: Address,
    /// In which way.
    pub class: Class,
    /// By name; empty where all there is to say is that it is there or not.
    pub attributes: Vec<Difference>,
}

/// Something that is told beside the differences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// `drift.no-ledger` and the like.
    pub code: &'static str,
    /// An error: the object could not be read, so nothing is known of it.
    pub severity: Severity,
    /// What it is about, if about one object.
    pub address: Option<Address>,
    /// In words.
    pub message: String,
    /// The line, where the file has one.
    pub origin: Option<Origin>,
}

/// Everything that differs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drift {
    /// In order of address and class.
    pub items: Vec<Item>,
    /// Errors first.
    pub findings: Vec<Finding>,
    /// An apply is or was under way: what it writes is not among the items.
    pub applying: bool,
}

/// Which classes count: drift, conflict and missing always, others if they are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted(BTreeSet<Class>);

impl Counted {
    /// The usual ones, and these.
    pub fn with(more: impl IntoIterator<Item = Class>) -> Self {
        let usual = [Class::Drift, Class::Conflict, Class::Missing];
        Self(usual.into_iter().chain(more).collect())
    }

    /// True if this class counts.
    pub fn has(&self, class: Class) -> bool {
        self.0.contains(&class)
    }
}

impl Drift {
    /// The same, telling more.
    #[must_use]
    pub fn telling(mut self, more: impl IntoIterator<Item = Finding>) -> Self {
        self.findings.extend(more);
        self.findings.sort_by(|a, b| {
            (a.severity, a.code, &a.address).cmp(&(b.severity, b.code, &b.address))
        });
        self
    }

    /// The items that count.
    pub fn counted<'a>(&'a self, counted: &'a Counted) -> impl Iterator<Item = &'a Item> {
        self.items.iter().filter(|item| counted.has(item.class))
    }

    /// True if anything could not be read.
    pub fn unread(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    }

    /// `sha256:` and 64 hex digits over what counts: the same for the same differences, whatever the order of
    /// answers and the time.
    pub fn fingerprint(&self, counted: &Counted) -> String {
        let mut digest = Digesting::default();
        for item in self.counted(counted) {
            digest.address(&item.address);
            digest.text(item.class.word());
            for difference in &item.attributes {
                let Difference {
                    name,
                    file,
                    applied,
                    live,
                    secret,
                } = difference;
                digest.text(name);
                // Fingerprints of secrets are salted anew with each ledger.
                let sides = if *secret {
                    [&None; 3]
                } else {
                    [file, applied, live]
                };
                for side in sides {
                    match side {
                        Some(value) => digest.part("is", &Attrs::one(name, value.clone())),
                        None => digest.text("none"),
                    }
                }
            }
        }
        digest.finish()
    }
}
