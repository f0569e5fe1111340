//! What must be named from outside the file before it is used.
//!
//! A pull request can change the file; it cannot change what the person or the runner trusts. So where
//! credentials go and what is executed is decided here twice: by the file, and by words from outside it.

use super::files::{self, Files};
use super::grammar::value::At;
use super::said;
use super::secrets::{SecretRef, SecretSource};
use crate::diag::{Diagnostic, Span};
use std::collections::BTreeSet;
use std::path::Path;

/// What is trusted from outside the file: the words of `BAILIWICK_TRUST` and `--trust` (host names,
/// `command`, `file`, `ledger`), and single things that a person was asked about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trusted {
    words: BTreeSet<String>,
    things: BTreeSet<String>,
}

impl Trusted {
    /// Adds words, separated by commas.
    pub fn add(&mut self, text: &str) {
        let words = text.split(',').map(|word| word.trim().to_lowercase());
        self.words.extend(words.filter(|word| !word.is_empty()));
    }

    /// Adds one thing, in the words in which it was asked about ([`Untrusted::what`]).
    pub fn add_thing(&mut self, what: &str) {
        self.things.insert(what.to_owned());
    }

    /// True if a thing is trusted.
    pub fn holds(&self, thing: &Untrusted) -> bool {
        self.words.contains(&thing.word) || self.things.contains(&thing.what)
    }
}

/// Something of the file that nobody outside it has named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untrusted {
    /// The word that would trust it.
    pub word: String,
    /// What the file wants, in words that hold all of it that matters.
    pub what: String,
    /// The line.
    pub span: Span,
}

impl Untrusted {
    /// The error that it is until it is trusted.
    pub fn diagnostic(&self) -> Diagnostic {
        let word = &self.word;
        Diagnostic::error(said::TRUST, self.what.as_str())
            .at(self.span, "")
            .help(format!(
                "if this is meant, say so outside the file: BAILIWICK_TRUST={word} or --trust {word}"
            ))
    }
}

/// Hosts of the providers; what is below them is theirs too.
const OWN: [&str; 3] = ["namebay.com", "combell.com", "combell.nl"];

/// What an endpoint needs to be trusted.
pub(crate) fn endpoint(what: &str, url: &url::Url, span: Span) -> Option<Untrusted> {
    let host = url.host_str()?.trim_end_matches('.').to_lowercase();
    let own = OWN.iter().any(|own| {
        host.strip_suffix(own)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    });
    (!own && !is_loopback(url)).then(|| Untrusted {
        what: format!("{what} would send credentials to {host}, which is not the provider's own"),
        word: host,
        span,
    })
}

/// True if an address leads to this machine.
pub(crate) fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// What a secret's source needs to be trusted. A relative path that leads out of its folder through a link
/// counts as absolute.
pub(crate) fn secret(files: &dyn Files, folder: &Path, secret: &SecretRef) -> Option<Untrusted> {
    let (word, what) = match &secret.source {
        SecretSource::Env(_) => return None,
        SecretSource::File { path, written } => {
            if !written.is_absolute() && !files::leaves(files, folder, path) {
                return None;
            }
            ("file", format!("would be read from {}", path.display()))
        }
        SecretSource::Command { argv, .. } => {
            ("command", format!("would be fetched by running {argv:?}"))
        }
    };
    Some(Untrusted {
        word: word.to_owned(),
        what: format!("the {} {what}", secret.what),
        span: secret.span,
    })
}

/// What a file of the configuration needs that an absolute path names outside its folder: problems show lines of what
/// is read, and a change to the file could ask for any.
pub(crate) fn outside(
    (files, folder): (&dyn Files, &Path),
    text: &At<Box<str>>,
) -> Option<Untrusted> {
    let path = Path::new(&*text.value);
    if !path.is_absolute() {
        return None;
    }
    // Up to the first wildcard; what cannot be looked at counts as outside.
    let fixed: std::path::PathBuf = path
        .components()
        .take_while(|part| !files::is_glob(&part.as_os_str().to_string_lossy()))
        .collect();
    let inside = match (files::home(files, folder), files.look(&fixed)) {
        (Some(home), Ok(found)) => found.real.starts_with(home),
        (Some(_) | None, Err(_)) | (None, Ok(_)) => false,
    };
    (!inside).then(|| Untrusted {
        word: "file".to_owned(),
        what: format!(
            "{:?} would be read, which is outside the folder of the file",
            text.value
        ),
        span: text.span,
    })
}

/// What a remote ledger needs to be trusted.
pub(crate) fn ledger(text: &str, span: Span) -> Untrusted {
    Untrusted {
        word: "ledger".to_owned(),
        what: format!("the ledger would be kept at {text:?}, outside this machine"),
        span,
    }
}
