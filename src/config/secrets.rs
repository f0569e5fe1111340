//! Secrets by reference: whose they are and where they are fetched.
//!
//! Fetching them is the command line's business, which alone knows the environment; nothing here holds a
//! value.

use crate::diag::Span;
use std::path::PathBuf;

/// Where a secret is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// An environment variable.
    Env(String),
    /// A file.
    File {
        /// Where it is.
        path: PathBuf,
        /// As the configuration has it.
        written: PathBuf,
    },
    /// What a command prints, run in the folder of the file that names it.
    Command {
        /// The program and its arguments; never empty.
        argv: Vec<String>,
        /// Where it runs.
        folder: PathBuf,
    },
}

impl SecretSource {
    /// Where the value comes from, as the file has it: what a saved plan is bound to.
    pub(super) fn words(&self) -> Box<str> {
        match self {
            Self::Env(name) => format!("env {name}"),
            Self::File { path: _, written } => format!("file {}", written.display()),
            // Each argument on its own: where one ends is part of what is run.
            Self::Command { argv, folder: _ } => format!("command {argv:?}"),
        }
        .into()
    }
}

/// A secret of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretRef {
    /// Whose it is, for people: `password of account main`.
    pub what: Box<str>,
    /// The line.
    pub span: Span,
    /// Where the value is.
    pub source: SecretSource,
}
