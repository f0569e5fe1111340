//! Passwords: when one is sent, when its fingerprint is only noted, and what is told where it is not at hand.
//!
//! Nothing here knows a value. A secret goes out when its object is made, when its source has changed since
//! it was sent, and when somebody asks for it; what was merely found is never sent.

use super::World;
use super::change::{Held, Note};
use super::walk::Case;
use crate::model::{
    Attrs, Cause, Data, Declared, Print, Sent, Severity, Unit, Value, Wanted, WantedSecret,
};
use std::sync::Arc;

/// What the secrets of one part come to.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    /// Fingerprints that stand for what the object has, as far as is known: noted, not sent.
    pub(super) noted: Attrs,
    /// Of all that are at hand.
    all: Attrs,
    /// Of those whose source changed, or that somebody asks for.
    sent: Attrs,
    cause: Option<Cause>,
    /// Each change of the part carries them.
    with_each: bool,
    /// The first that is not at hand or not written.
    lacking: Option<Lack>,
    /// One that is not at hand was asked for.
    asked: Option<Lack>,
    /// What is told if nothing is sent.
    notes: Vec<Note>,
}

/// A secret that would be needed.
#[derive(Debug, Clone)]
struct Lack {
    name: &'static str,
    /// Why it is not at hand; `None` where the file does not write it.
    why: Option<Box<str>>,
    held: Held,
}

/// What a write carries.
pub(super) struct Carried {
    pub(super) prints: Attrs,
    /// Why it is there, if for no other reason than the secret.
    pub(super) cause: Option<Cause>,
}

/// Looks at the secrets of a part. `recorded`: what the ledger knows of it, if it is ours.
pub(super) fn of_part(
    world: &World,
    case: &Case,
    (declared, wanted): (&Declared, &Wanted),
    recorded: &Attrs,
) -> Secrets {
    let mut found = Secrets::default();
    let all = declared.secrets.as_deref().unwrap_or_default();
    for secret in all.iter().filter(|secret| secret.part == wanted.part) {
        found.with_each |= secret.sent == Sent::WithEach;
        found.look_at(world, case, (secret, wanted), recorded);
    }
    found
}

/// True if the file writes a secret of that name for the part of a name.
pub(super) fn is_written(declared: &Declared, wanted: &Wanted, name: &str) -> bool {
    let all = declared.secrets.as_deref().unwrap_or_default();
    all.iter()
        .any(|secret| secret.part == wanted.part && secret.name == name && secret.origin.is_some())
}

impl Secrets {
    fn look_at(
        &mut self,
        world: &World,
        case: &Case,
        (secret, wanted): (&WantedSecret, &Wanted),
        recorded: &Attrs,
    ) {
        let name = secret.name;
        let unit = Unit::new(case.address.clone(), wanted.part.clone());
        let lack = |why: Option<Box<str>>| Lack {
            name,
            why,
            held: Held {
                address: case.address.clone(),
                code: "secret.missing",
                reason: String::new(),
                origin: Some(secret.origin.as_ref().unwrap_or(&wanted.origin).clone()),
            },
        };
        let note = |code, message| Note {
            code,
            severity: Severity::Notice,
            address: case.address.clone(),
            message,
            origin: secret.origin.clone(),
        };
        let known = recorded.print(name);
        if secret.origin.is_none() {
            self.lacking.get_or_insert_with(|| lack(None));
            return;
        }
        let resend = world
            .intent
            .resend
            .iter()
            .any(|pattern| pattern.matches(case.address));
        let print = match world.secrets.get(&unit, name) {
            Some(Print::Of(print)) => print,
            unread => {
                let why: Box<str> = match unread {
                    Some(Print::Lacking(why)) => why.clone(),
                    Some(Print::Of(_)) | None => "it was not read".into(),
                };
                add(&mut self.noted, name, known);
                self.lacking.get_or_insert_with(|| lack(Some(why.clone())));
                if resend {
                    self.asked = Some(lack(Some(why.clone())));
                }
                self.notes.push(note(
                    "secret.not-at-hand",
                    format!(
                        "{name} is compared with nothing, because it is not at hand: {why}. Whether it has changed \
                         cannot be told here"
                    ),
                ));
                return;
            }
        };
        add(&mut self.all, name, Some(print));
        add(&mut self.noted, name, known.or(Some(print)));
        match known {
            _ if resend => {
                add(&mut self.sent, name, Some(print));
                self.cause = Some(Cause::Resend);
            }
            Some(known) if known != print => {
                add(&mut self.sent, name, Some(print));
                self.cause.get_or_insert(Cause::SecretChanged);
            }
            Some(_) => {}
            None => self.notes.push(note(
                "secret.not-comparable",
                format!(
                    "{name} cannot be compared: the provider shows none and the ledger has no fingerprint of it. \
                     Nothing is sent; the file's is noted, so that its next change is. To send it now: bailiwick \
                     apply --resend '{}'",
                    case.address
                ),
            )),
        }
    }

    /// What a create carries: all of them.
    pub(super) fn for_create(&self) -> Result<Carried, Box<Held>> {
        match &self.lacking {
            Some(lack) => Err(lack.to_held("it cannot be made without it")),
            None => Ok(Carried {
                prints: self.all.clone(),
                cause: None,
            }),
        }
    }

    /// What a change of other attributes carries.
    pub(super) fn for_update(&self) -> Result<Carried, Box<Held>> {
        match &self.lacking {
            Some(lack) if self.with_each => {
                Err(lack.to_held("its provider takes no change without it"))
            }
            Some(_) | None if self.with_each => Ok(Carried {
                prints: self.all.clone(),
                cause: None,
            }),
            Some(_) | None => self.alone(),
        }
    }

    /// What is sent although nothing else changes; often nothing.
    pub(super) fn alone(&self) -> Result<Carried, Box<Held>> {
        match &self.asked {
            Some(lack) => Err(lack.to_held("it cannot be sent again")),
            None => Ok(Carried {
                prints: self.sent.clone(),
                cause: self.cause,
            }),
        }
    }

    /// What is to be told beside a write that carries these.
    pub(super) fn told(self, carried: &Attrs) -> Vec<Note> {
        // What is sent needs no word about not being compared.
        if carried.is_empty() {
            self.notes
        } else {
            Vec::new()
        }
    }
}

impl Lack {
    fn to_held(&self, what: &str) -> Box<Held> {
        let name = self.name;
        let reason = match &self.why {
            None => format!(
                "the file names no {name}, and {what}: write {name} = {{ env = \"NAME\" }} (or file, or command) in \
                 its block"
            ),
            Some(why) => format!("its {name} is not at hand, and {what}: {why}"),
        };
        Box::new(Held {
            reason,
            ..self.held.clone()
        })
    }
}

fn add(attrs: &mut Attrs, name: &'static str, print: Option<&Arc<str>>) {
    if let Some(print) = print {
        let one = Attrs::one(name, Value::Known(Data::Print(print.clone())));
        *attrs = attrs.overlaid(&one);
    }
}
