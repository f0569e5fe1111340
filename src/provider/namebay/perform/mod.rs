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
//! - Of a redirection and an FTP user all members are sent, those that stay included, since a member that is left out may
//!   be cleared; of a mailbox and its answer only what changes, as the guide does. What comes back otherwise than it was
//!   sent is read once more, and then told (`write.altered`).
//! - A mailbox whose state is pending is waited for: nothing is sent to it until it is completed.

mod advice;
mod domain;
mod family;
mod ftp;
mod mail;
mod record;
mod redirect;
mod zone;

use crate::model::{Action, Attrs, Handle, Kind, Outcome, Reason, Secret, Write};

use super::marks;
use super::session::Session;
use domain::{contacts, delegation, settings};
use family::Sending;
use record::{delete_record, record};
use zone::{create_zone, dnssec, ttl};

/// Sends a write; `secrets` stand in the order of their names in `write.after`.
pub(super) async fn perform(session: &Session, write: &Write, secrets: &[Secret]) -> Outcome {
    let sending = Sending {
        session,
        write,
        secrets,
    };
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
        (Kind::Redirect, "", _) => redirect::redirection(&sending).await,
        (Kind::Mailbox, "", _) => mail::mailbox(&sending).await,
        (Kind::Autoresponder, "", _) => mail::answer(&sending).await,
        (Kind::FtpUser, "", _) => ftp::user(&sending).await,
        _ => Ok(refused(
            "write.unsupported",
            format!("Namebay has no call for this: {}", write.unit),
        )),
    };
    let outcome = result.unwrap_or_else(|fault| advice::outcome(write, fault));
    marks::check(session, write, &outcome).await;
    outcome
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
