//! The secrets of objects: read once from each source, held until they are sent, known elsewhere by their
//! fingerprints.
//!
//! One that is not at hand is no error here: a plan does without it and says so.

use super::credentials::Unset;
use super::env::Env;
use super::prints::{self, Salt};
use super::secrets;
use crate::config::{Loaded, SecretRef, SecretSource};
use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::ledger::{self, Ledger};
use crate::model::{Account, Kind, Print, Prints, Secret, Unit};
use std::collections::BTreeMap;

/// What the password of an object is in the sandbox where it is not set; it fits each provider's rule.
const SANDBOX_PASSWORD: &str = "Sandbox-1";

const RULE: Code = Code {
    id: "password.rule",
    title: "A password is outside the provider's rule",
};

/// Says what is wrong with a password of an object, without a part of it.
pub(super) type Rule = fn(Kind, &str) -> Option<&'static str>;

/// That of the one provider that takes passwords.
pub(super) const NAMEBAY: Rule = |_, _| None;

/// What was read. Nothing but [`crate::apply`] asks it for a value.
#[derive(Debug, Default)]
pub(super) struct Passwords {
    values: Vec<Secret>,
    /// Each with the place of its value, or why there is none.
    known: BTreeMap<(Unit, &'static str), Result<usize, Box<str>>>,
    /// Whose they are and where they stand, for what is told.
    lines: BTreeMap<(Unit, &'static str), (Box<str>, Span)>,
}

impl crate::apply::Secrets for Passwords {
    fn value(&self, unit: &Unit, name: &str) -> Option<Secret> {
        let from = self.known.range((unit.clone(), "")..);
        let (_, known) = from
            .take_while(|((other, _), _)| other == unit)
            .find(|((_, own), _)| *own == name)?;
        self.values.get(*known.as_ref().ok()?).cloned()
    }
}

/// Which sources are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sources {
    /// All of them.
    All,
    /// Those that need no process.
    WithoutCommands,
}

/// Reads the secrets of those accounts that `chosen` names.
pub(super) fn read(
    loaded: &Loaded,
    chosen: impl Fn(&Account) -> bool,
    (sources, unset): (Sources, Unset),
    env: &mut Env,
) -> Passwords {
    let mut found = Passwords::default();
    let mut met: BTreeMap<String, Result<usize, Box<str>>> = BTreeMap::new();
    let mut made_up = false;
    for ((unit, name), secret) in &loaded.secrets {
        let runs = matches!(secret.source, SecretSource::Command { .. });
        if !chosen(&unit.address.account) || (runs && sources == Sources::WithoutCommands) {
            continue;
        }
        let known = met
            .entry(format!("{:?}", secret.source))
            .or_insert_with(|| match (fetched(secret, env), unset) {
                (Ok(Some(value)), _) => Ok(found.keep(value)),
                (Ok(None), Unset::MadeUp) => {
                    made_up = true;
                    Ok(found.keep(Secret::new(SANDBOX_PASSWORD.to_owned())))
                }
                (Ok(None), Unset::Refused) => Err(not_set(secret)),
                (Err(why), _) => Err(why),
            })
            .clone();
        let key = (unit.clone(), *name);
        found
            .lines
            .insert(key.clone(), (secret.what.clone(), secret.span));
        found.known.insert(key, known);
    }
    if made_up {
        env.streams.err.line(&format!(
            "notice: passwords of objects that are not set have the value {SANDBOX_PASSWORD:?} here"
        ));
    }
    found
}

fn fetched(secret: &SecretRef, env: &Env) -> Result<Option<Secret>, Box<str>> {
    secrets::fetch(&secret.source, env).map_err(|error| error.to_string().into())
}

fn not_set(secret: &SecretRef) -> Box<str> {
    match &secret.source {
        SecretSource::Env(name) => format!("{name} is not set").into(),
        SecretSource::File { .. } | SecretSource::Command { .. } => "it is not there".into(),
    }
}

impl Passwords {
    fn keep(&mut self, value: Secret) -> usize {
        self.values.push(value);
        self.values.len() - 1
    }

    /// Tells which are outside the provider's rule, with their lines and without their values.
    pub(super) fn judge(&self, rule: Rule) -> Diagnostics {
        let mut told = Diagnostics::default();
        for ((unit, name), known) in &self.known {
            let value = known.as_ref().ok().and_then(|at| self.values.get(*at));
            let problem = value.and_then(|value| rule(unit.address.kind, value.expose()));
            let line = self.lines.get(&(unit.clone(), *name));
            if let (Some(problem), Some((what, span))) = (problem, line) {
                let message = format!("the {what} is not one that the provider takes: {problem}");
                told.push(
                    Diagnostic::error(RULE, message)
                        .at(*span, "")
                        .help("set another one where it comes from; nothing was sent"),
                );
            }
        }
        told
    }

    /// What is known of each: its fingerprint under the salt that the ledger has for it, or why there is none.
    pub(super) fn prints<'a>(
        &self,
        ledger_of: impl Fn(&Account) -> Option<&'a Ledger>,
        env: &Env,
    ) -> Prints {
        let mut common: BTreeMap<&Account, Salt> = BTreeMap::new();
        let mut salts: BTreeMap<&(Unit, &'static str), (usize, Salt)> = BTreeMap::new();
        for (key, known) in &self.known {
            let Ok(at) = known else {
                continue;
            };
            let (unit, name) = key;
            let account = &unit.address.account;
            let ledger = ledger_of(account);
            let own = ledger
                .and_then(|ledger| ledger.entries.get(&unit.address))
                .and_then(|entry| entry.part(&unit.part))
                .and_then(|part| part.attrs.print(name))
                .and_then(|print| Salt::of(print));
            let salt = own.unwrap_or_else(|| {
                let shared = || ledger.and_then(any_salt).unwrap_or_else(|| fresh(env));
                common.entry(account).or_insert_with(shared).clone()
            });
            salts.insert(key, (*at, salt));
        }
        let made = prints::all(&self.values, salts.values().cloned());
        let each = self.known.iter().map(|(key, known)| {
            let print = match known {
                Err(why) => Print::Lacking(why.clone()),
                Ok(_) => match salts.get(key).and_then(|salted| made.get(salted)) {
                    Some(print) => Print::Of(print.clone()),
                    None => Print::Lacking("it has no fingerprint".into()),
                },
            };
            (key.clone(), print)
        });
        Prints(each.collect())
    }
}

/// The salt of the first fingerprint in a ledger, so that equal secrets cost one computation.
fn any_salt(ledger: &Ledger) -> Option<Salt> {
    let parts = ledger.entries.values().flat_map(|entry| entry.parts.iter());
    parts
        .flat_map(|part| {
            let names = part.attrs.secret_names();
            names.filter_map(|name| part.attrs.print(name))
        })
        .find_map(|print| Salt::of(print))
}

fn fresh(env: &Env) -> Salt {
    Salt::new(&ledger::fresh_id(env.now(), std::process::id()))
}
