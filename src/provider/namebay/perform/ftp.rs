//! Makes, changes and deletes FTP users. No write but a deletion goes without a password.

use crate::model::{Action, Outcome};

use super::super::api::hosting::{FtpUser, FtpUserInput};
use super::super::convert::hosting;
use super::super::errors::Fault;
use super::super::look::families;
use super::family::{Sending, one, unread, vanished};
use super::{handle, lacks, refused};

/// Writes an FTP user.
pub(super) async fn user(sending: &Sending<'_>) -> Result<Outcome, Fault> {
    let Sending {
        session,
        write,
        secrets,
    } = sending;
    let name = &*write.unit.address.name;
    let own = name == hosting::ADMIN;
    let Some(within) = write.within.as_ref().map(|handle| &*handle.0) else {
        return Ok(lacks("the hosting's handle"));
    };
    if own && write.action != Action::Update {
        return Ok(refused(
            "ftp_user.own",
            "the hosting's own user is made and deleted with the hosting alone",
        ));
    }
    if write.action == Action::Delete {
        let Some(id) = handle(write) else {
            return Ok(lacks("the user's id"));
        };
        let answer = session
            .send(|calls| calls.delete_ftp_user(within, id))
            .await;
        return sending.gone(answer).await;
    }
    let key = if own { "admin_password" } else { "password" };
    let Some(password) = sending.secret(key) else {
        return Ok(lacks("the password"));
    };
    let wanted = write.after.text("dir");
    let is_below = wanted.is_none_or(|dir| !dir.starts_with('/'));
    // What a change leaves out may be lost, and where the hosting's directory is, its own user tells.
    let list: Option<Vec<FtpUser>> = match write.action == Action::Update || is_below {
        true => match session.list(|calls| calls.ftp_users(within)).await {
            Ok(list) => Some(list.items()),
            Err(Fault::Refused(refusal)) if refusal.is_no_call() => None,
            Err(fault) => return Err(unread(fault)),
        },
        false => None,
    };
    let users = list.as_deref().unwrap_or_default();
    let top = users.iter().find(|read| hosting::is_admin(within, read));
    let top = top.and_then(|admin| admin.dir.word());
    let now = match (write.action, handle(write)) {
        (Action::Update, Some(id)) => users.iter().find(|read| read.id.word() == Some(id)),
        (Action::Create | Action::Update | Action::Delete, _) => None,
    };
    if write.action == Action::Update && list.is_some() && now.is_none() {
        return Ok(vanished(write.handle.as_ref()));
    }
    let dir = match (wanted, now) {
        (Some(dir), _) => hosting::absolute(dir, top),
        (None, Some(now)) => now.dir.word().map(str::to_owned),
        (None, None) if write.action == Action::Create => hosting::absolute(".", top),
        (None, None) => None,
    };
    if dir.is_none() && (wanted.is_some() || write.action == Action::Create) {
        return Ok(refused(
            "ftp_user.dir",
            "the hosting's directory is not known, so that nothing was sent. Write `dir` with its whole path",
        ));
    }
    let full_name = match now {
        Some(now) => now.full_name.word(),
        None if own || (write.action == Action::Update && hosting::is_nameless(name)) => None,
        None => Some(name),
    };
    let description = now.and_then(|now| now.description.word());
    let input = FtpUserInput {
        pwd: password,
        full_name,
        description: write.after.text("description").or(description),
        dir: dir.as_deref(),
    };
    let sent = match (write.action, handle(write)) {
        (Action::Update, Some(id)) => {
            session
                .send_sealed(|calls| calls.update_ftp_user(within, id, &input), secrets)
                .await
        }
        (Action::Update, None) => return Ok(lacks("the user's id")),
        (Action::Create | Action::Delete, _) => {
            session
                .send_sealed(|calls| calls.create_ftp_user(within, &input), secrets)
                .await
        }
    };
    let read = one::<FtpUser>(&sent?).filter(|read| read.id.word().is_some());
    let found = read.map(|read| families::user(&read, write, top));
    Ok(sending.verified(found).await)
}
