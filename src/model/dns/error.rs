//! Why record data cannot stand: which key is to blame, the reason, and what to write.
//!
//! It knows no file and no position; the caller attaches both.

use super::data::Field;
use super::name::NameError;

/// A value that the DNS would refuse, or that can be read in two ways.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct DataError {
    /// The key of the file to blame.
    pub field: Field,
    /// Which field of the presentation form, counted from 0.
    pub token: usize,
    /// What is wrong, and why.
    pub reason: String,
    /// What to write, where that can be said.
    pub write: Option<String>,
}

impl DataError {
    /// A reason, blamed on `data` as a whole.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            field: Field::Data,
            token: 0,
            reason: reason.into(),
            write: None,
        }
    }

    /// Adds what to write.
    #[must_use]
    pub fn write(mut self, write: impl Into<String>) -> Self {
        self.write = Some(write.into());
        self
    }

    /// Blames a field.
    #[must_use]
    pub fn of(mut self, field: Field, token: usize) -> Self {
        self.field = field;
        self.token = token;
        self
    }
}

impl From<NameError> for DataError {
    fn from(error: NameError) -> Self {
        Self {
            write: error.write(),
            ..Self::new(error.to_string())
        }
    }
}
