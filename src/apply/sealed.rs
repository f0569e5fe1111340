//! One-time secrets in a run: a place before the request, a file before the step counts as done.
//!
//! A secret goes from the answer to its place and nowhere else. What its place is, is not known here.

use super::perform::Sending;
use super::run::Owner;
use super::schedule::At;
use crate::model::{Address, Reason, Secret, Severity, Write};
use crate::plan::Finding;

/// True for a request whose answer alone tells a secret.
pub(super) fn told_once(write: &Write) -> bool {
    !write.one_time_secrets().is_empty()
}

impl Owner<'_> {
    /// Reserves the places of what the answer will tell; without them nothing is sent.
    pub(super) fn reserve(&self, write: &Write) -> Result<Vec<&'static str>, Reason> {
        let address = &write.unit.address;
        let awaited = write.one_time_secrets();
        for (at, name) in awaited.iter().enumerate() {
            let Err(why) = self.env.keeping.reserve(address, name) else {
                continue;
            };
            for earlier in &awaited[..at] {
                self.env.keeping.release(address, earlier);
            }
            let text = format!(
                "its {name} is told once and could not be kept, so nothing was sent: {why}"
            );
            return Err(Reason::ours("secret.no-place", text));
        }
        Ok(awaited)
    }

    /// Keeps what an answer told; why the step has not ended well, if some of it is lost.
    pub(super) fn keep(&mut self, at: At, sealed: Vec<(&'static str, Secret)>) -> Option<Reason> {
        let address = self.schedule.run(at).step.address.clone();
        let mut lost = None;
        for (name, secret) in sealed {
            // The file's own password is what counts then.
            let replaced = self.sending.get(&at).is_some_and(|sending| {
                let mut own = sending.write.after.secret_names();
                own.any(|own| own == name)
            });
            if replaced {
                continue;
            }
            match self.env.keeping.keep(&address, name, &secret) {
                Ok(place) => {
                    if let Some(sending) = self.sending.get_mut(&at) {
                        sending.awaited.retain(|awaited| *awaited != name);
                    }
                    self.findings.push(kept(&address, name, &place));
                }
                Err(why) => {
                    let why = format!("it was told and could not be written: {why}");
                    lost.get_or_insert_with(|| not_kept(name, &why));
                }
            }
        }
        lost.or_else(|| {
            let awaited = self.sending.get(&at)?.awaited.first()?;
            Some(not_kept(awaited, "the answer did not hold it"))
        })
    }

    /// Of a step that a look found done: the answer that would have told its secrets is lost.
    pub(super) fn never_came(&self, at: At) -> Option<Reason> {
        let awaited = self.sending.get(&at)?.awaited.first()?;
        Some(not_kept(awaited, "the answer that told it was lost"))
    }

    /// Gives the places up of what was not sent or refused.
    pub(super) fn release(&self, at: At) {
        let Some(Sending { write, awaited, .. }) = self.sending.get(&at) else {
            return;
        };
        for name in awaited {
            self.env.keeping.release(&write.unit.address, name);
        }
    }
}

fn kept(address: &Address, name: &str, place: &str) -> Finding {
    Finding {
        severity: Severity::Notice,
        ..Finding::told(
            "secret.kept",
            Some(address.clone()),
            format!(
                "its {name}, which the provider tells once, stands in {place}: age --decrypt --identity KEYFILE {place}"
            ),
        )
    }
}

fn not_kept(name: &str, why: &str) -> Reason {
    let text = format!(
        "it was made, and nobody has its {name}, which the provider tells once: {why}. Set a new one: write {name} = \
         {{ env = \"NAME\" }} in its block and apply with --resend, or reset it in the provider's web interface"
    );
    Reason::ours("secret.not-kept", text)
}
