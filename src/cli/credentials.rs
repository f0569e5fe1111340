//! The secrets of logins, each read once; all that are missing are told at once, with their lines.
//!
//! Where they come from is the file's to say; how they are read is `secrets`' to know.

use super::env::Env;
use super::secrets;
use crate::config::{AccountConf, Loaded, SecretRef, SecretSource, UserName};
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::model::{Account, Secret};
use crate::provider::namebay::Credentials;
use std::collections::BTreeMap;

/// What a secret is in the sandbox where it is not set.
const SANDBOX_SECRET: &str = "sandbox";

const MISSING: Code = Code {
    id: "secret.missing",
    title: "A secret is not set",
};
const UNREADABLE: Code = Code {
    id: "secret.unreadable",
    title: "A secret cannot be read",
};

/// What becomes of a secret that is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unset {
    /// It is an error.
    Refused,
    /// It gets a fixed value, which is said once.
    MadeUp,
}

/// Reads the credentials of each login, by its label.
pub(super) fn read(
    loaded: &Loaded,
    unset: Unset,
    env: &mut Env,
) -> Result<BTreeMap<Account, Credentials>, Diagnostics> {
    let mut reader = Reader {
        unset,
        made_up: false,
        told: Diagnostics::default(),
        env,
    };
    let mut all = BTreeMap::new();
    for (label, account) in loaded
        .accounts
        .iter()
        .filter(|(label, account)| account.login == **label)
    {
        if let Some(credentials) = reader.login(account) {
            all.insert(label.clone(), credentials);
        }
    }
    let Reader {
        made_up, told, env, ..
    } = reader;
    if told.has_errors() {
        return Err(told);
    }
    if made_up {
        env.streams
            .err
            .line("notice: secrets that are not set have the value \"sandbox\" here");
    }
    Ok(all)
}

struct Reader<'a> {
    unset: Unset,
    made_up: bool,
    told: Diagnostics,
    env: &'a mut Env,
}

impl Reader<'_> {
    fn login(&mut self, account: &AccountConf) -> Option<Credentials> {
        let username = match &account.username {
            UserName::Written(name) => Some(Secret::new(name.to_string())),
            UserName::Fetched(secret) => self.secret(secret),
        };
        // Read whatever came of the first: all that is missing is told in one run.
        let password = self.secret(&account.password);
        Some(Credentials {
            username: username?,
            password: password?,
        })
    }

    fn secret(&mut self, secret: &SecretRef) -> Option<Secret> {
        match (of(secret, self.env), self.unset) {
            (Ok(value), _) => Some(value),
            (Err(problem), Unset::MadeUp) if problem.code == MISSING => {
                self.made_up = true;
                Some(Secret::new(SANDBOX_SECRET.to_owned()))
            }
            (Err(problem), _) => {
                self.told.push(*problem);
                None
            }
        }
    }
}

/// Reads one secret of the file, or says why it cannot be had.
pub(super) fn of(secret: &SecretRef, env: &Env) -> Result<Secret, Box<Diagnostic>> {
    let what = &secret.what;
    match secrets::fetch(&secret.source, env) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => {
            let message = match &secret.source {
                SecretSource::Env(name) => {
                    format!("the {what} is in the variable {name}, which is not set")
                }
                SecretSource::File { .. } | SecretSource::Command { .. } => {
                    format!("the {what} is not there")
                }
            };
            let problem = Diagnostic::error(MISSING, message).at(secret.span, "");
            let help = "set it, or try it without an account: bailiwick --sandbox …";
            Err(Box::new(problem.help(help)))
        }
        Err(error) => {
            let message = format!("the {what} cannot be read: {error}");
            let problem = Diagnostic::error(UNREADABLE, message).at(secret.span, "");
            Err(Box::new(
                problem.help("mend the reference, or what it points at"),
            ))
        }
    }
}
