//! Secrets by reference: where each is fetched, and what has to be trusted for that.
//!
//! Accounts and objects are treated alike. No secret value is known here.

use super::super::files;
use super::super::grammar::secret::Reference;
use super::super::grammar::value::At;
use super::super::said;
use super::super::secrets::{SecretRef, SecretSource};
use super::super::trust;
use super::Desk;
use super::domain::Resolving;
use crate::diag::{Diagnostic, Span};
use crate::model::{Address, Declared, Part, Sent, Unit, WantedSecret};
use std::sync::Arc;

/// Where a secret is fetched, with what has to be trusted for it.
pub(super) fn source(
    what: &str,
    span: Span,
    reference: Reference,
    desk: &mut Desk<'_>,
) -> Option<SecretRef> {
    let folder = desk.folder(span).to_path_buf();
    let refuse = |desk: &mut Desk<'_>, at: Span, why: &str| {
        let message = format!("the {what} cannot be fetched: {why}");
        desk.error(Diagnostic::error(said::SECRET_SOURCE, message).at_masked(at, ""));
    };
    let source = match reference {
        Reference::Env(At { value, .. }) if is_variable(&value) => SecretSource::Env(value.into()),
        Reference::Env(At { span, .. }) => {
            refuse(desk, span, "this is no name of a variable");
            return None;
        }
        Reference::File(At { span, value }) => match files::join(&folder, &value) {
            Ok(path) => SecretSource::File {
                path,
                written: (&*value).into(),
            },
            Err(error) => {
                refuse(desk, span, &error.to_string());
                return None;
            }
        },
        Reference::Command(At { value, .. }) => SecretSource::Command {
            argv: value.into_iter().map(String::from).collect(),
            folder: folder.clone(),
        },
    };
    let secret = SecretRef {
        what: what.into(),
        span,
        source,
    };
    let untrusted = trust::secret(desk.files, &folder, &secret);
    desk.untrusted.extend(untrusted);
    Some(secret)
}

fn is_variable(text: &str) -> bool {
    text.chars().next().is_some_and(|c| !c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl Resolving<'_, '_> {
    /// Takes in the secret of an object, and says in the object that it takes one.
    pub(super) fn secret(
        &mut self,
        (address, object): (&Address, &mut Declared),
        name: &'static str,
        written: At<Reference>,
        note: Option<&Arc<str>>,
    ) {
        let At { span, value } = written;
        let what = format!("{} of {address}", name.replace('_', " "));
        let Some(secret) = source(&what, span, value, self.desk) else {
            return;
        };
        let part = Part::object();
        let wanted = WantedSecret {
            part: part.clone(),
            name,
            sent: Sent::OnChange,
            source: secret.source.words(),
            origin: Some(self.desk.origin(span, None, note)),
        };
        object.secrets = Some(Box::new([wanted]));
        let unit = Unit::new(address.clone(), part);
        self.desk.secrets.insert((unit, name), secret);
    }
}
