//! Where one-time secrets go, and who can read them there: `[secrets]`, resolved.
//!
//! The only file that knows age. It encrypts and never decrypts; it writes no file.

use super::files;
use super::grammar::Secrets;
use super::grammar::value::{At, Text};
use super::said;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::model::Secret;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The place for secrets that a provider tells once.
#[derive(Debug, Clone)]
pub struct Sealing {
    /// The folder, below that of the first file.
    pub folder: PathBuf,
    /// As it is written in the file.
    pub written: Box<str>,
    /// Who can read them; at least one.
    pub recipients: Vec<Recipient>,
}

/// Somebody who can read what is sealed: the public half of a key.
#[derive(Clone)]
pub struct Recipient(Key);

#[derive(Clone)]
enum Key {
    Age(age::x25519::Recipient),
    Ssh(age::ssh::Recipient),
}

impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Key::Age(key) => write!(f, "{key}"),
            Key::Ssh(key) => write!(f, "{key}"),
        }
    }
}

/// Why a text names no recipient; it holds no part of the text, which may be a private key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecipientError {
    /// The private half.
    #[error("it is the private half of a key, which no file may hold")]
    Private,
    /// Neither form.
    #[error("it is no public key that age encrypts to")]
    Unknown,
}

impl std::str::FromStr for Recipient {
    type Err = RecipientError;

    fn from_str(text: &str) -> Result<Self, RecipientError> {
        let text = text.trim();
        if text.starts_with("AGE-SECRET-KEY-") || text.starts_with("-----BEGIN") {
            return Err(RecipientError::Private);
        }
        let key = if text.starts_with("ssh-") {
            text.parse().map(Key::Ssh).ok()
        } else {
            text.parse().map(Key::Age).ok()
        };
        key.map(Recipient).ok_or(RecipientError::Unknown)
    }
}

impl Sealing {
    /// The secret as an age file, for every recipient.
    pub fn seal(&self, secret: &Secret) -> std::io::Result<Vec<u8>> {
        let recipients = self.recipients.iter().map(|recipient| match &recipient.0 {
            Key::Age(key) => key as &dyn age::Recipient,
            Key::Ssh(key) => key as &dyn age::Recipient,
        });
        let encryptor =
            age::Encryptor::with_recipients(recipients).map_err(std::io::Error::other)?;
        let mut sealed = Vec::new();
        let mut writer = encryptor.wrap_output(&mut sealed)?;
        writer.write_all(secret.expose().as_bytes())?;
        writer.finish()?;
        Ok(sealed)
    }
}

/// Reads `[secrets]`; all that is wrong in it is told.
pub(super) fn resolve((root, at): (&Path, At<Secrets>), told: &mut Diagnostics) -> Option<Sealing> {
    let span = at.span;
    let Secrets {
        output,
        recipients,
        note: _,
    } = at.value;
    let folder = match output {
        Some(at) => folder(root, &at, told),
        None => {
            lacking("output", "output = \"secrets\"", span, told);
            None
        }
    };
    let wanted = recipients.map(|at| (at.span, at.value.0));
    let found = match wanted {
        Some((_, list)) if !list.is_empty() => readers(list, told),
        Some((span, _)) => {
            let message = "`recipients` names nobody, so nobody could read what is kept";
            told.push(
                Diagnostic::error(said::RECIPIENT, message)
                    .at(span, "")
                    .help(HOW),
            );
            None
        }
        None => {
            lacking("recipients", "recipients = [\"age1…\"]", span, told);
            None
        }
    };
    let ((folder, written), recipients) = (folder?, found?);
    Some(Sealing {
        folder,
        written,
        recipients,
    })
}

const HOW: &str =
    "write public keys: \"age1…\" (age-keygen tells it), \"ssh-ed25519 …\" or \"ssh-rsa …\"";

fn lacking(key: &str, write: &str, span: Span, told: &mut Diagnostics) {
    let message = format!("[secrets] has no `{key}`");
    told.push(
        Diagnostic::error(said::MISSING_KEY, message)
            .at(span, "")
            .help(format!("write {write}")),
    );
}

fn folder(root: &Path, at: &At<Text>, told: &mut Diagnostics) -> Option<(PathBuf, Box<str>)> {
    let problem = match files::join(root, &at.value) {
        Ok(_) if Path::new(&*at.value).is_absolute() => {
            "it leaves the folder of the first file".to_owned()
        }
        Ok(folder) => return Some((folder, at.value.clone())),
        Err(error) => error.to_string(),
    };
    let message = format!("`output` cannot be {:?}: {problem}", at.value);
    told.push(Diagnostic::error(said::PATH, message).at(at.span, ""));
    None
}

fn readers(list: Vec<At<Text>>, told: &mut Diagnostics) -> Option<Vec<Recipient>> {
    let wanted = list.len();
    let mut found = Vec::with_capacity(wanted);
    for at in list {
        match at.value.parse() {
            Ok(recipient) => found.push(recipient),
            Err(error) => {
                let message = format!("nothing can be encrypted to this recipient: {error}");
                told.push(
                    Diagnostic::error(said::RECIPIENT, message)
                        .at_masked(at.span, "")
                        .help(HOW),
                );
            }
        }
    }
    (found.len() == wanted).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SSH: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN alice@example.com";

    #[test]
    fn public_halves_are_recipients_and_nothing_else_is() {
        let identity = age::x25519::Identity::generate();
        let own = identity.to_public().to_string();
        assert_eq!(format!("{:?}", own.parse::<Recipient>().unwrap()), own);
        assert!(SSH.parse::<Recipient>().is_ok());
        for (text, error) in [
            ("AGE-SECRET-KEY-1QQQ", RecipientError::Private),
            (
                "-----BEGIN OPENSSH PRIVATE KEY-----",
                RecipientError::Private,
            ),
            ("age1qqq", RecipientError::Unknown),
            ("ssh-ed25519 AAAA", RecipientError::Unknown),
            ("ssh-dss AAAA", RecipientError::Unknown),
            ("", RecipientError::Unknown),
        ] {
            assert_eq!(text.parse::<Recipient>().unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn each_recipient_reads_what_was_sealed_and_nobody_else() {
        let (one, two) = (
            age::x25519::Identity::generate(),
            age::x25519::Identity::generate(),
        );
        let reader = |of: &age::x25519::Identity| of.to_public().to_string().parse().unwrap();
        let place = Sealing {
            folder: PathBuf::new(),
            written: "secrets".into(),
            recipients: vec![reader(&one), SSH.parse().unwrap(), reader(&two)],
        };
        let sealed = place.seal(&Secret::new("canary".into())).unwrap();
        for own in [&one, &two] {
            assert_eq!(age::decrypt(own, &sealed).unwrap(), b"canary");
        }
        assert!(age::decrypt(&age::x25519::Identity::generate(), &sealed).is_err());
        assert!(!sealed.windows(6).any(|bytes| bytes == b"canary"));
    }
}
