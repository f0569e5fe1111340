//! Secrets: values that can be used and not shown, and what may be known of them instead.
//!
//! A value is read by the command line and goes to the provider alone. Everything between, plan and ledger
//! included, knows a secret by its salted fingerprint, its [`Print`].

use super::address::{Part, Unit};
use super::work::Origin;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A value that no output may hold: it cannot be displayed or serialised, and is wiped when dropped.
///
/// ```compile_fail,E0277
/// let secret = bailiwick::model::Secret::new("x".to_owned());
/// format!("{secret}");
/// ```
///
/// ```compile_fail,E0277
/// let secret = bailiwick::model::Secret::new("x".to_owned());
/// serde_json::to_string(&secret);
/// ```
///
/// Its `Debug` says that it is one, and nothing more:
///
/// ```
/// let secret = bailiwick::model::Secret::new("x".to_owned());
/// assert_eq!(format!("{secret:?}"), "(secret)");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes a value in.
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// The value, for the one place that sends it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

/// When a secret goes to the provider, once its object is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// When its source has changed.
    OnChange,
    /// With each change of its part, because the provider takes none without it.
    WithEach,
}

/// A secret that an object takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedSecret {
    /// The part whose write carries it.
    pub part: Part,
    /// The key of the file: `password`.
    pub name: &'static str,
    /// When it is sent; the provider's to say.
    pub sent: Sent,
    /// Where its value comes from, in words that hold no value (`env INFO_PASSWORD`); nothing where the file does not
    /// write it. A plan is bound to it.
    pub source: Box<str>,
    /// The line; `None` where the file does not write it and the object cannot be made without it.
    pub origin: Option<Origin>,
}

/// What is known of a secret of the file in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Print {
    /// Its salted fingerprint (argon2id, PHC form).
    Of(Arc<str>),
    /// It is not at hand, and why: `INFO_PASSWORD is not set`. Holds no part of a value.
    Lacking(Box<str>),
}

/// The secrets of the file, by the unit that carries each and its key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prints(pub BTreeMap<(Unit, &'static str), Print>);

impl Prints {
    /// What is known of a secret; `None` where the file has none.
    pub fn get(&self, unit: &Unit, name: &'static str) -> Option<&Print> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&(unit.clone(), name))
    }
}
