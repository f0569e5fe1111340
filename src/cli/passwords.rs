//! The secrets of objects: read once from each source, held until they are sent, known elsewhere by their
//! fingerprints.
//!
//! One that is not at hand is no error here: a plan does without it and says so.

use super::credentials::Unset;
use super::env::Env;
use super::prints::{self, Salt};
use super::secrets;
use crate::config::{SecretRef, SecretSource};
use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::ledger::{self, Ledger};
use crate::model::{Account, Kind, Print, Prints, Secret, Unit};
use crate::provider::namebay;
use std::cell::LazyCell;
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
pub(super) const NAMEBAY: Rule = namebay::password_problem;

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

/// Where the file says that the secrets of objects are.
type References = BTreeMap<(Unit, &'static str), SecretRef>;

/// Reads the secrets of those accounts that `chosen` names.
pub(super) fn read(
    references: &References,
    chosen: impl Fn(&Account) -> bool,
    (sources, unset): (Sources, Unset),
    env: &mut Env,
) -> Passwords {
    let mut found = Passwords::default();
    let mut met: BTreeMap<String, Result<usize, Box<str>>> = BTreeMap::new();
    let mut made_up = false;
    for ((unit, name), secret) in references {
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
    /// What is sent again gets a new salt, so that the ledger tells that it was.
    pub(super) fn prints<'a>(
        &self,
        ledger_of: impl Fn(&Account) -> Option<&'a Ledger>,
        again: impl Fn(&Unit) -> bool,
        env: &Env,
    ) -> Prints {
        let anew = LazyCell::new(|| fresh(env));
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
            let own = match again(unit) {
                true => Some(anew.clone()),
                false => own,
            };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::Secrets;
    use crate::ledger::{Entry, EntryPart};
    use crate::model::{Address, Attrs, Data, Part, Value};
    use std::path::Path;
    use std::sync::Arc;

    const NOW: jiff::Timestamp = jiff::Timestamp::UNIX_EPOCH;

    fn account() -> Account {
        Account::new("main")
    }

    fn mailbox(name: &str) -> Unit {
        let domain = Arc::from("example.com");
        let address = Address {
            name: name.into(),
            ..Address::of(&account(), &domain, Kind::Mailbox)
        };
        Unit::new(address, Part::object())
    }

    fn reference(source: SecretSource) -> SecretRef {
        let source_id = crate::diag::Sources::default().add("t.toml", String::new());
        SecretRef {
            what: "password of info@example.com".into(),
            span: Span {
                source: source_id,
                start: 0,
                end: 0,
            },
            source,
        }
    }

    fn of_variables(list: &[(&str, &str)]) -> References {
        let each = list.iter().map(|(name, variable)| {
            let source = SecretSource::Env((*variable).to_owned());
            ((mailbox(name), "password"), reference(source))
        });
        each.collect()
    }

    fn env(list: &[(&str, &str)]) -> super::super::env::Sealed {
        let set = list.iter();
        let set = set.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Env::of_test(Path::new("/"), set.collect(), NOW)
    }

    fn printed(prints: &Prints, name: &str) -> Arc<str> {
        match prints.get(&mailbox(name), "password") {
            Some(Print::Of(print)) => print.clone(),
            other => panic!("{name}: {other:?}"),
        }
    }

    #[test]
    fn each_source_is_read_once_and_what_is_not_set_is_no_error() {
        let references = of_variables(&[("a", "ONE"), ("b", "ONE"), ("c", "TWO"), ("d", "NONE")]);
        let mut sealed = env(&[("ONE", "canary-1"), ("TWO", "canary-2")]);
        let how = (Sources::All, Unset::Refused);
        let found = read(&references, |_| true, how, &mut sealed.env);
        assert_eq!(found.values.len(), 2);
        let value = |name: &str| found.value(&mailbox(name), "password");
        assert_eq!(value("b").expect("a value").expose(), "canary-1");
        assert!(value("d").is_none() && value("x").is_none());
        assert!(found.value(&mailbox("a"), "admin_password").is_none());
        assert!(!format!("{found:?}").contains("canary"));
        let prints = found.prints(|_| None, |_| false, &sealed.env);
        assert_eq!(printed(&prints, "a"), printed(&prints, "b"));
        assert_ne!(printed(&prints, "a"), printed(&prints, "c"));
        let lacking = prints.get(&mailbox("d"), "password");
        assert_eq!(lacking, Some(&Print::Lacking("NONE is not set".into())));
        let none = read(&references, |_| false, how, &mut sealed.env);
        assert!(none.known.is_empty());
    }

    #[test]
    fn a_secret_is_compared_under_the_salt_that_the_ledger_has_for_it() {
        let references = of_variables(&[("a", "ONE"), ("b", "ONE"), ("c", "ONE")]);
        let mut sealed = env(&[("ONE", "canary-1")]);
        let how = (Sources::All, Unset::Refused);
        let found = read(&references, |_| true, how, &mut sealed.env);
        let first = found.prints(|_| None, |_| false, &sealed.env);
        let again = found.prints(|_| None, |_| false, &sealed.env);
        assert_ne!(printed(&first, "a"), printed(&again, "a"), "another salt");
        let mut ledger = Ledger::default();
        for (name, prints) in [("a", &first), ("b", &again)] {
            let print = Value::Known(Data::Print(printed(prints, name)));
            let part = EntryPart {
                part: Part::object(),
                handle: None,
                attrs: Attrs::one("password", print),
                owner: None,
            };
            let entry = Entry {
                parts: Box::new([part]),
                ..Entry::default()
            };
            ledger.entries.insert(mailbox(name).address, entry);
        }
        let now = found.prints(|_| Some(&ledger), |_| false, &sealed.env);
        assert_eq!(printed(&now, "a"), printed(&first, "a"));
        assert_eq!(printed(&now, "b"), printed(&again, "b"));
        // A new one shares a salt that is there.
        assert_eq!(printed(&now, "c"), printed(&first, "a"));
        // One that is sent again is another one afterwards.
        let sent = found.prints(|_| Some(&ledger), |unit| *unit == mailbox("a"), &sealed.env);
        assert_ne!(printed(&sent, "a"), printed(&first, "a"));
        assert_eq!(printed(&sent, "b"), printed(&again, "b"));
    }

    #[test]
    fn one_outside_the_rule_is_told_without_a_part_of_it() {
        let references = of_variables(&[("a", "ONE"), ("b", "TWO"), ("c", "NONE")]);
        let mut sealed = env(&[("ONE", "canary"), ("TWO", "canary-two")]);
        let how = (Sources::WithoutCommands, Unset::Refused);
        let found = read(&references, |_| true, how, &mut sealed.env);
        let rule: Rule = |_, value| (value.len() < 8).then_some("it has fewer than 8 characters");
        let told = found.judge(rule);
        assert_eq!(told.count(crate::diag::Severity::Error), 1);
        let text = format!("{told:?}");
        assert!(
            text.contains("fewer than 8") && !text.contains("canary"),
            "{text}"
        );
    }

    #[test]
    fn no_command_runs_where_none_may_and_the_sandbox_makes_one_up() {
        let command = SecretSource::Command {
            argv: vec!["/nowhere/pass".into()],
            folder: "/".into(),
        };
        let mut references = of_variables(&[("a", "NONE")]);
        references.insert((mailbox("b"), "password"), reference(command));
        let mut sealed = env(&[]);
        let how = (Sources::WithoutCommands, Unset::MadeUp);
        let found = read(&references, |_| true, how, &mut sealed.env);
        assert_eq!(found.known.len(), 1);
        let made_up = found.value(&mailbox("a"), "password").expect("a value");
        assert_eq!(made_up.expose(), SANDBOX_PASSWORD);
        for kind in [Kind::Mailbox, Kind::FtpUser] {
            assert_eq!(NAMEBAY(kind, SANDBOX_PASSWORD), None, "{kind:?}");
        }
        assert_eq!(sealed.err.text().matches(SANDBOX_PASSWORD).count(), 1);
        let how = (Sources::All, Unset::MadeUp);
        let found = read(&references, |_| true, how, &mut sealed.env);
        let prints = found.prints(|_| None, |_| false, &sealed.env);
        let lacking = prints.get(&mailbox("b"), "password");
        assert!(
            matches!(lacking, Some(Print::Lacking(why)) if why.contains("cannot be started")),
            "{lacking:?}"
        );
    }
}
