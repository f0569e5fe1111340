//! Secrets by reference: where they are fetched, and the rules of fetching them.
//!
//! This module decides what counts as a value; it reads neither the environment nor files and starts no
//! process. Who does implements [`SecretReader`].

use crate::diag::Span;
use crate::model::Secret;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The most a secret may hold, in bytes.
pub const MOST_BYTES: usize = 64 * 1024;
/// The longest a secret command may run.
pub const MOST_TIME: Duration = Duration::from_secs(10);

/// Where a secret is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// An environment variable.
    Env(Box<str>),
    /// A file.
    File {
        /// Where it is.
        path: PathBuf,
        /// As the file has it.
        written: PathBuf,
    },
    /// What a command prints, run in the folder of the file that names it.
    Command {
        /// The program and its arguments.
        argv: Vec<Box<str>>,
        /// Where it runs.
        folder: PathBuf,
    },
}

/// A secret of the file: whose it is, where it is written, where its value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretRef {
    /// `password of account main`.
    pub what: Box<str>,
    /// The line.
    pub span: Span,
    /// Where the value is.
    pub source: SecretSource,
}

/// Why a secret has no value. No message holds any of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The variable is not set, the file is not there.
    #[error("{0}")]
    NotThere(String),
    /// It could not be read, or the command failed.
    #[error("{0}")]
    Failed(String),
    /// Nothing in it.
    #[error("it is empty")]
    Empty,
    /// Too much in it.
    #[error("it is longer than 64 KiB")]
    TooLong,
    /// The command took too long.
    #[error("the command did not end within 10 s")]
    TooSlow,
    /// Not UTF-8.
    #[error("it is not text in UTF-8")]
    NotText,
}

/// Reads the environment, files and commands. A reader stops at [`MOST_BYTES`] + 2 bytes and [`MOST_TIME`].
pub trait SecretReader {
    /// The value of a variable; `None` if it is not set.
    fn env(&self, name: &str) -> Option<Vec<u8>>;
    /// The bytes of a file.
    fn file(&self, path: &Path) -> Result<Vec<u8>, SecretError>;
    /// What a command prints.
    fn command(&self, argv: &[Box<str>], folder: &Path) -> Result<Vec<u8>, SecretError>;
}

/// Fetches a secret: without its final newline, not empty, not longer than allowed.
pub fn read(source: &SecretSource, reader: &dyn SecretReader) -> Result<Secret, SecretError> {
    let bytes = match source {
        SecretSource::Env(name) => reader
            .env(name)
            .ok_or_else(|| SecretError::NotThere(format!("the variable {name} is not set")))?,
        SecretSource::File { path, .. } => reader.file(path)?,
        SecretSource::Command { argv, folder } => reader.command(argv, folder)?,
    };
    let text = String::from_utf8(bytes).map_err(|_| SecretError::NotText)?;
    let value = text
        .strip_suffix("\r\n")
        .or_else(|| text.strip_suffix('\n'))
        .unwrap_or(&text);
    if value.len() > MOST_BYTES {
        return Err(SecretError::TooLong);
    }
    if value.is_empty() {
        return Err(SecretError::Empty);
    }
    let length = value.len();
    let mut text = text;
    text.truncate(length);
    Ok(Secret::new(text))
}
