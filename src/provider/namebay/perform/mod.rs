//! Sends one write.
//!
//! Nothing that makes something is sent twice without knowing that the first was refused; what became of a write
//! without a usable answer is for `look` to say.
//!
//! Decisions where the contract is silent:
//! - A record that comes back as another value than was sent is put right under its id in the server's other spelling
//!   (see [`super::spelling`]), and if none fits the write counts as refused (`write.altered`): it is told, not hidden.
//! - Settings, contacts and name servers may lag behind the answer, because they go through a ticket. They are read back
//!   at once and after 1, 2 and 4 s; after that the write counts as done, since it was accepted, and the next plan shows
//!   what still differs.
//! - The word that unlocks is `Active`, then `Unprotected`, then `ok`; the one that locks is `protected`, then `lock`.
//! - A deletion of what is gone is done.

mod domain;
mod record;
mod zone;

use crate::model::{Action, Attrs, Handle, Kind, Outcome, Reason, Write};

use super::errors::Fault;
use super::session::Session;
use domain::{contacts, delegation, settings};
use record::{delete_record, record};
use zone::{create_zone, dnssec, ttl};

/// Sends a write.
pub(super) async fn perform(session: &Session, write: &Write) -> Outcome {
    let result = match (write.unit.address.kind, &*write.unit.part.0, write.action) {
        (Kind::Record, _, Action::Create | Action::Update) => record(session, write).await,
        (Kind::Record, _, Action::Delete) => delete_record(session, write).await,
        (Kind::Zone, "", Action::Create) => create_zone(session, write).await,
        (Kind::Zone, "ttl", Action::Create | Action::Update) => ttl(session, write).await,
        (Kind::Zone, "dnssec", Action::Create | Action::Update) => dnssec(session, write).await,
        (Kind::Domain, "settings", Action::Create | Action::Update) => {
            settings(session, write).await
        }
        (Kind::Domain, "contacts", Action::Create | Action::Update) => {
            contacts(session, write).await
        }
        (Kind::Domain, "delegation", Action::Create | Action::Update) => {
            delegation(session, write).await
        }
        _ => Ok(refused(
            "write.unsupported",
            format!("Namebay has no call for this: {}", write.unit),
        )),
    };
    result.unwrap_or_else(Fault::outcome)
}

fn done(handle: Option<Handle>) -> Outcome {
    Outcome::Done {
        handle,
        outputs: Attrs::none(),
    }
}

fn refused(code: &str, text: impl Into<String>) -> Outcome {
    Outcome::Refused(Reason::ours(code, text))
}

fn lacks(what: &str) -> Outcome {
    refused(
        "write.incomplete",
        format!("{what} is not known, so that nothing was sent"),
    )
}

/// The handle of the object that is written to.
fn handle(write: &Write) -> Option<&str> {
    write.handle.as_ref().map(|handle| &*handle.0)
}

/// What was accepted and does not show has not failed; a later look may find it.
fn accepted(looked: Outcome) -> Outcome {
    match looked {
        Outcome::NotSent(_) => Outcome::Unknown(Reason::ours(
            "write.unseen",
            "Namebay accepted it, and a look does not show it yet",
        )),
        Outcome::Done { .. } | Outcome::Refused(_) | Outcome::Unknown(_) | Outcome::Pending(_) => {
            looked
        }
    }
}
