//! Makes, changes and deletes mailboxes, and sets their automatic answers.

use crate::model::{Action, Outcome};

use super::super::api::mail::{AutoResponder, MailBox};
use super::super::convert::mail;
use super::super::errors::Fault;
use super::super::look::families;
use super::super::memory::Mailbox;
use super::family::{Sending, one, unread, vanished};
use super::{handle, lacks, refused};

/// Writes a mailbox.
pub(super) async fn mailbox(sending: &Sending<'_>) -> Result<Outcome, Fault> {
    let Sending {
        session,
        write,
        secrets,
    } = sending;
    let password = sending.secret("password");
    if password.is_none() && write.after.secret_names().next().is_some() {
        return Ok(lacks("the password"));
    }
    let sent = match (write.action, handle(write)) {
        (Action::Delete, Some(own)) => {
            let answer = session.send(|calls| calls.delete_mailbox(own)).await;
            return sending.gone(answer).await;
        }
        (Action::Create, _) => {
            let Some(service) = write.within.as_ref() else {
                return Ok(lacks("the mail service's handle"));
            };
            let kind = write.after.text("type").unwrap_or("pop");
            let alias = kind == "alias";
            if !alias && password.is_none() {
                return Ok(lacks("the password"));
            }
            let local = &*write.unit.address.name;
            let address = format!("{local}@{}", write.unit.address.domain);
            let mut input = mail::mailbox_input(&write.after, alias);
            input.service_handle = Some(&service.0);
            input.user_type = Some(kind);
            input.user_mail_address = Some(&address);
            input.user_name = input.user_name.or((!alias).then_some(local));
            input.user_pwd = password;
            session
                .send_sealed(|calls| calls.create_mailbox(&input), secrets)
                .await
        }
        (Action::Update, Some(own)) => {
            let known = session.login().memory(|memory| memory.mailbox(own));
            if known.is_some_and(|known| known.pending) {
                return Ok(refused(
                    "mailbox.pending",
                    "Namebay still works on the mailbox, so that nothing was sent. Apply again later",
                ));
            }
            let alias = match (write.after.text("type"), known) {
                (Some(kind), _) => kind == "alias",
                (None, Some(Mailbox { alias, .. })) => alias,
                // Only where mail goes is written differently for an alias.
                (None, None) if write.after.get("forward").is_none() => false,
                (None, None) => match families::find(session, write).await.map_err(unread)? {
                    Some(found) => found.attrs.text("type") == Some("alias"),
                    None => return Ok(vanished(write.handle.as_ref())),
                },
            };
            let mut input = mail::mailbox_input(&write.after, alias);
            input.user_pwd = password;
            session
                .send_sealed(|calls| calls.update_mailbox(own, &input), secrets)
                .await
        }
        (Action::Update | Action::Delete, None) => return Ok(lacks("the mailbox's handle")),
    };
    let read = one::<MailBox>(&sent?).filter(|read| read.handle.word().is_some());
    let found = read.map(|read| families::mailbox(&read, write));
    Ok(sending.verified(found).await)
}

/// Sets or removes the automatic answer of a mailbox.
pub(super) async fn answer(sending: &Sending<'_>) -> Result<Outcome, Fault> {
    let Sending { session, write, .. } = sending;
    let Some(mailbox) = write.within.as_ref() else {
        return Ok(lacks("the mailbox's handle"));
    };
    if write.action == Action::Delete {
        let answer = session
            .send(|calls| calls.delete_autoresponder(&mailbox.0))
            .await;
        return sending.gone(answer).await;
    }
    let input = mail::autoresponder_input(&write.after);
    let response = session
        .send(|calls| calls.set_autoresponder(&mailbox.0, &input))
        .await?;
    let read = one::<AutoResponder>(&response).filter(|read| read.active.0.is_some());
    let found = read.map(|read| families::answer(&read, write));
    Ok(sending.verified(found).await)
}
