//! What writes of redirections, mailboxes, their answers and FTP users have in common: secrets, what was there before,
//! and what an answer comes to.

use serde::de::DeserializeOwned;

use crate::http::Response;
use crate::model::{Action, Handle, Outcome, Pending, Reason, Secret, Write};

use super::super::api::lenient::Listed;
use super::super::errors::{Fault, Refusal};
use super::super::look;
use super::super::look::families::{self, Found, plain};
use super::super::session::Session;
use super::domain::PAUSES;
use super::{accepted, advice, done, refused};

/// One write on its way.
pub(super) struct Sending<'a> {
    pub(super) session: &'a Session,
    pub(super) write: &'a Write,
    /// In the order of the names that stand for secrets in `write.after`.
    pub(super) secrets: &'a [Secret],
}

impl<'a> Sending<'a> {
    /// The value of a secret.
    pub(super) fn secret(&self, name: &str) -> Option<&'a str> {
        let names = self.write.after.secret_names();
        let mut pairs = names.zip(self.secrets);
        pairs
            .find(|(given, _)| *given == name)
            .map(|(_, secret)| secret.expose())
    }

    /// True if the write carries nothing but secrets.
    fn is_sealed(&self) -> bool {
        self.write.action == Action::Update && plain(&self.write.after).is_empty()
    }

    /// Says what an accepted write came to: as it was answered, else as it is read.
    pub(super) async fn verified(&self, answered: Option<Found>) -> Outcome {
        let wanted = plain(&self.write.after);
        let settled = answered.map(|found| families::settled(found, &wanted));
        match settled {
            // An answer may show less than there is.
            Some(Outcome::Refused(_)) | None if !self.is_sealed() => {}
            Some(Outcome::Pending(pending)) => return self.awaited(pending).await,
            Some(outcome) => return outcome,
            None => return done(self.write.handle.clone()),
        }
        match families::find(self.session, self.write).await {
            Ok(Some(found)) => families::settled(found, &wanted),
            Ok(None) => accepted(Outcome::NotSent(Reason::ours("write.unseen", ""))),
            // What cannot be read was accepted, and more cannot be said.
            Err(Fault::Refused(refusal)) if refusal.is_no_call() => {
                settled.unwrap_or_else(|| done(self.write.handle.clone()))
            }
            Err(fault) => Outcome::Unknown(fault.reason()),
        }
    }

    /// Waits a little for what Namebay still works on.
    async fn awaited(&self, pending: Pending) -> Outcome {
        for pause in PAUSES {
            tokio::time::sleep(pause).await;
            match look::look(self.session, self.write, Some(&pending)).await {
                Outcome::Pending(_) | Outcome::Unknown(_) | Outcome::NotSent(_) => {}
                ended @ (Outcome::Done { .. } | Outcome::Refused(_)) => return ended,
            }
        }
        Outcome::Pending(pending)
    }

    /// What a deletion came to; what is gone is done.
    pub(super) async fn gone(&self, answer: Result<Response, Fault>) -> Result<Outcome, Fault> {
        match answer {
            Ok(_) => Ok(done(None)),
            Err(Fault::Refused(refusal)) if refusal.is_nothing() || refusal.code() == 510 => {
                Ok(done(None))
            }
            // Not Namebay's own 404: it may be gone, or the call may not exist.
            Err(Fault::Refused(refusal)) if refusal.is_no_call() => {
                match families::find(self.session, self.write).await {
                    Ok(None) => Ok(done(None)),
                    Ok(Some(_)) | Err(_) => Err(Fault::Refused(refusal)),
                }
            }
            Err(fault) => Err(fault),
        }
    }

    /// What to tell of a refusal.
    pub(super) fn refusal(&self, refusal: &Refusal) -> Outcome {
        Outcome::Refused(advice::reason(self.write, refusal))
    }
}

/// The object in an answer, if there is one.
pub(super) fn one<T: DeserializeOwned>(response: &Response) -> Option<T> {
    match response.json::<Listed<T>>() {
        Ok(Listed::One(read)) => Some(read),
        Ok(Listed::List(mut list)) if list.len() == 1 => list.pop(),
        Ok(Listed::List(_) | Listed::Null) | Err(_) => None,
    }
}

/// A fault of a read that comes before a write: nothing was written.
pub(super) fn unread(fault: Fault) -> Fault {
    match fault {
        Fault::Silent(reason) | Fault::Nonsense(reason) => Fault::NotSent(reason),
        fault @ (Fault::Credentials(_) | Fault::NotSent(_) | Fault::Refused(_)) => fault,
    }
}

/// The object that is to be changed is not there.
pub(super) fn vanished(handle: Option<&Handle>) -> Outcome {
    let name = handle.map_or("", |handle| &*handle.0);
    refused(
        "write.vanished",
        format!("{name} is not there any more, so that nothing was sent. Plan again"),
    )
}
