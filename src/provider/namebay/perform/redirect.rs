//! Makes, replaces and deletes redirections.

use crate::model::{Action, Attrs, Outcome, Value};

use super::super::api::redirection::Redirection;
use super::super::convert::redirect;
use super::super::errors::Fault;
use super::super::look::families;
use super::family::{Sending, one, unread, vanished};
use super::{handle, lacks, refused};

/// Writes a redirection.
pub(super) async fn redirection(sending: &Sending<'_>) -> Result<Outcome, Fault> {
    let Sending { session, write, .. } = sending;
    let origin = &write.unit.address.name;
    let Some(zone) = families::zone_handle(session, write)
        .await
        .map_err(unread)?
    else {
        let text = format!(
            "the zone of {} is not in this account, so that it has no redirections. Write the zone, or name the account \
             that has it",
            write.unit.address.domain
        );
        return Ok(refused("redirect.no-zone", text));
    };
    let zone = &*zone;
    let sent = match (write.action, handle(write)) {
        (Action::Delete, Some(own)) => {
            let answer = session
                .send(|calls| calls.delete_redirection(zone, own))
                .await;
            return sending.gone(answer).await;
        }
        (Action::Create, _) => {
            // What is made works, unless the file switches it off; what a server takes for left out is not documented.
            let works = Attrs::one("active", Value::bool(true));
            let Some(input) = redirect::redirection_input(origin, &works.overlaid(&write.after))
            else {
                return Ok(lacks("where it leads to, or its type,"));
            };
            session
                .send(|calls| calls.create_redirection(zone, &input))
                .await
        }
        (Action::Update, Some(own)) => {
            // Whether a member that is left out is cleared is not documented: all of them are sent.
            let read = session
                .list::<Redirection>(|calls| calls.redirection(zone, own))
                .await;
            let now = match read.map_err(unread)?.items().into_iter().next() {
                Some(read) => redirect::redirection(&read),
                None => return Ok(vanished(write.handle.as_ref())),
            };
            // A text that is not set stays unset without being sent.
            let set = |(_, value): &(&'static str, &Value)| **value != Value::text("");
            let now = now.iter().filter(set);
            let now = Attrs::new(now.map(|(name, value)| (name, value.clone())).collect());
            let Some(input) = redirect::redirection_input(origin, &now.overlaid(&write.after))
            else {
                return Ok(lacks("where it leads to, or its type,"));
            };
            session
                .send(|calls| calls.update_redirection(zone, own, &input))
                .await
        }
        (Action::Update | Action::Delete, None) => return Ok(lacks("the redirection's handle")),
    };
    match sent {
        Ok(response) => {
            let read = one::<Redirection>(&response).filter(|read| read.handle.word().is_some());
            Ok(sending
                .verified(read.as_ref().map(families::redirection))
                .await)
        }
        Err(Fault::Refused(refusal)) if refusal.code() == 525 && write.action == Action::Create => {
            Ok(match families::find(session, write).await {
                Ok(Some(found)) => match families::settled(found, &write.after) {
                    made @ Outcome::Done { .. } => made,
                    Outcome::Refused(_)
                    | Outcome::NotSent(_)
                    | Outcome::Unknown(_)
                    | Outcome::Pending(_) => refused(
                        "525",
                        format!(
                            "a redirection of {origin} exists meanwhile, with other values. Plan again"
                        ),
                    ),
                },
                Ok(None) => refused(
                    "525",
                    format!(
                        "Namebay holds a redirection of {origin} that it does not list, probably an inactive one. Switch \
                         it on or delete it in Namebay's panel, and plan again"
                    ),
                ),
                Err(_) => sending.refusal(&refusal),
            })
        }
        Err(fault) => Err(fault),
    }
}
