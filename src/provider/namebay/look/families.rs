//! What hangs below a domain beside its zone, looked up one at a time: redirections, mailboxes and their answers, FTP
//! users.
//!
//! A password cannot be read, so that a write of nothing else is proved by no look; it may be sent again, because that
//! changes nothing the second time.

use crate::model::{
    Action, Address, Attrs, Data, Handle, Kind, On, Outcome, Pending, Reason, Write,
};

use super::super::api::hosting::FtpUser;
use super::super::api::lenient::Text;
use super::super::api::mail::{AutoResponder, MailBox};
use super::super::api::redirection::Redirection;
use super::super::api::zone::Zone;
use super::super::convert::{hosting, mail, redirect};
use super::super::errors::Fault;
use super::super::fetch;
use super::super::session::Session;
use super::{not_taken, shows};

/// One object as it is, for the write that is about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::provider::namebay) struct Found {
    /// What Namebay calls it.
    pub(in crate::provider::namebay) handle: Option<Handle>,
    /// What it has, spelled as the write does.
    pub(in crate::provider::namebay) attrs: Attrs,
    /// What Namebay named of it.
    pub(in crate::provider::namebay) outputs: Attrs,
    /// Namebay still works on it.
    pub(in crate::provider::namebay) pending: bool,
}

/// What a write wants, without secrets.
pub(in crate::provider::namebay) fn plain(attrs: &Attrs) -> Attrs {
    let shown = attrs
        .iter()
        .filter(|(_, value)| !matches!(value.known(), Some(Data::Print(_))));
    Attrs::new(shown.map(|(name, value)| (name, value.clone())).collect())
}

/// Finds out what became of a write.
pub(super) async fn look(
    session: &Session,
    write: &Write,
    pending: Option<&Pending>,
) -> Result<Outcome, Fault> {
    // Of one that is under way, the handle is known from its answer.
    let named = pending.filter(|_| write.handle.is_none()).map(|pending| {
        let handle = Some(Handle(pending.order.clone()));
        Write {
            handle,
            ..write.clone()
        }
    });
    let found = find(session, named.as_ref().unwrap_or(write)).await?;
    Ok(came(write, found, pending))
}

/// What a write came to, from what is found.
fn came(write: &Write, found: Option<Found>, pending: Option<&Pending>) -> Outcome {
    let wanted = plain(&write.after);
    match (write.action, found, pending) {
        (_, Some(found), Some(pending)) if found.pending => Outcome::Pending(pending.clone()),
        // It need not be listed before it is finished.
        (Action::Create, None, Some(pending)) => Outcome::Pending(pending.clone()),
        (Action::Create, None, None) => not_taken("it is not there"),
        (Action::Create, Some(found), _) => settled(found, &wanted),
        (Action::Update, Some(found), Some(_)) => settled(found, &wanted),
        (Action::Update, Some(_), None) if wanted.is_empty() => {
            not_taken("a password cannot be read, so that nothing tells whether it was taken")
        }
        (Action::Update, Some(found), None) if shows(&found.attrs, &wanted) => done(found),
        (Action::Update, ..) => not_taken("it does not have the new values"),
        (Action::Delete, None, _) => Outcome::Done {
            handle: None,
            outputs: Attrs::none(),
        },
        (Action::Delete, Some(_), _) => not_taken("it is still there"),
    }
}

/// What a write that was taken came to, from what is there now.
pub(in crate::provider::namebay) fn settled(found: Found, wanted: &Attrs) -> Outcome {
    let Found {
        handle,
        attrs,
        pending,
        ..
    } = &found;
    if let (true, Some(handle)) = (pending, handle) {
        return Outcome::Pending(Pending {
            on: On::Provider,
            order: handle.0.clone(),
            goal: "changed".into(),
        });
    }
    if shows(attrs, wanted) {
        return done(found);
    }
    let other: Vec<&str> = wanted
        .iter()
        .filter(|(name, value)| attrs.get(name) != Some(value))
        .map(|(name, _)| name)
        .collect();
    let text = format!(
        "Namebay took it and has other values now than were sent, in {}. Plan again to see them",
        other.join(", ")
    );
    Outcome::Refused(Reason::ours("write.altered", text))
}

fn done(found: Found) -> Outcome {
    Outcome::Done {
        handle: found.handle,
        outputs: found.outputs,
    }
}

/// Reads the object that a write is about.
pub(in crate::provider::namebay) async fn find(
    session: &Session,
    write: &Write,
) -> Result<Option<Found>, Fault> {
    match write.unit.address.kind {
        Kind::Redirect => a_redirection(session, write).await,
        Kind::Mailbox => a_mailbox(session, write).await,
        Kind::Autoresponder => an_answer(session, write).await,
        Kind::FtpUser => a_user(session, write).await,
        Kind::Contact
        | Kind::Domain
        | Kind::Zone
        | Kind::Record
        | Kind::RedirectService
        | Kind::Mail
        | Kind::Hosting
        | Kind::Database
        | Kind::Site
        | Kind::Wordpress
        | Kind::Certificate
        | Kind::NsKey => Ok(None),
    }
}

/// The handle of the zone that holds a domain's redirections: as it was read, else the domain's own, which is the same,
/// else looked up.
pub(in crate::provider::namebay) async fn zone_handle(
    session: &Session,
    write: &Write,
) -> Result<Option<Box<str>>, Fault> {
    let name = &write.unit.address.domain;
    let known = session.login().memory(|memory| memory.handle(name));
    if let Some(handle) = known.or_else(|| write.within.as_ref().map(|handle| handle.0.clone())) {
        return Ok(Some(handle));
    }
    let zones: Vec<Zone> = session.list(|calls| calls.zones_named(name)).await?.items();
    let zone = fetch::by_name(zones).remove(name);
    Ok(zone.and_then(|zone| zone.handle.word().map(Into::into)))
}

async fn a_redirection(session: &Session, write: &Write) -> Result<Option<Found>, Fault> {
    let Some(zone) = zone_handle(session, write).await? else {
        return Ok(None);
    };
    let list: Vec<Redirection> = session
        .list(|calls| calls.redirections(&zone))
        .await?
        .items();
    let Address { domain, name, .. } = &write.unit.address;
    let own = |read: &&Redirection| {
        redirect::origin(domain, read.origin.raw()).is_some_and(|origin| origin == *name)
    };
    Ok(list.iter().find(own).map(redirection))
}

/// A redirection as it was answered.
pub(in crate::provider::namebay) fn redirection(read: &Redirection) -> Found {
    Found {
        handle: handle(&read.handle),
        attrs: redirect::redirection(read),
        outputs: Attrs::none(),
        pending: false,
    }
}

async fn a_mailbox(session: &Session, write: &Write) -> Result<Option<Found>, Fault> {
    let Address { domain, name, .. } = &write.unit.address;
    let list = match &write.handle {
        Some(handle) => session.list(|calls| calls.mailbox(&handle.0)).await?,
        None => {
            let address = format!("{name}@{domain}");
            session.list(|calls| calls.mailboxes_at(&address)).await?
        }
    };
    // What a filter leaves over may be more than what was asked for.
    let own = |read: &&MailBox| {
        mail::place(&read.address).is_some_and(|(at, local)| at == *domain && local == *name)
    };
    let list: Vec<MailBox> = list.items();
    Ok(list.iter().find(own).map(|read| mailbox(read, write)))
}

/// A mailbox as it was answered.
pub(in crate::provider::namebay) fn mailbox(read: &MailBox, write: &Write) -> Found {
    Found {
        handle: handle(&read.handle),
        attrs: mail::respelled(&mail::mailbox(read), &write.after),
        outputs: Attrs::none(),
        pending: mail::is_pending(&read.state),
    }
}

async fn an_answer(session: &Session, write: &Write) -> Result<Option<Found>, Fault> {
    let Some(handle) = write.within.as_ref() else {
        return Ok(None);
    };
    let list = session
        .perhaps(|calls| calls.autoresponder(&handle.0))
        .await?
        .items();
    let found = list.first().filter(|read| {
        !mail::is_blank(read)
            || (write.action != Action::Delete && shows(&answer(read, write).attrs, &write.after))
    });
    Ok(found.map(|read| answer(read, write)))
}

/// The automatic answer of a mailbox as it was answered.
pub(in crate::provider::namebay) fn answer(read: &AutoResponder, write: &Write) -> Found {
    Found {
        handle: None,
        attrs: mail::respelled(&mail::autoresponder(read), &write.after),
        outputs: Attrs::none(),
        pending: false,
    }
}

async fn a_user(session: &Session, write: &Write) -> Result<Option<Found>, Fault> {
    let Some(within) = write.within.as_ref() else {
        return Ok(None);
    };
    let list: Vec<FtpUser> = session
        .list(|calls| calls.ftp_users(&within.0))
        .await?
        .items();
    let top = list.iter().find(|read| hosting::is_admin(&within.0, read));
    let top = top.and_then(|admin| admin.dir.word());
    let found = one_user(&list, write).map_err(|reason| Fault::Nonsense(*reason))?;
    Ok(found.map(|read| user(read, write, top)))
}

/// The user of a list that a write is about: by its id, else by its label where only one has it.
pub(in crate::provider::namebay) fn one_user<'a>(
    list: &'a [FtpUser],
    write: &Write,
) -> Result<Option<&'a FtpUser>, Box<Reason>> {
    if let Some(id) = &write.handle {
        return Ok(list.iter().find(|read| read.id.word() == Some(&id.0)));
    }
    let hosting_handle = write.within.as_ref().map_or("", |handle| &*handle.0);
    let name = &write.unit.address.name;
    let mut own = list
        .iter()
        .filter(|read| hosting::label(hosting_handle, read).is_some_and(|label| label == *name));
    match (own.next(), own.next()) {
        (found, None) => Ok(found),
        (_, Some(_)) => Err(Box::new(Reason::ours(
            "ftp_user.twice",
            "two FTP users have this full name, so that neither can be told from the other",
        ))),
    }
}

/// An FTP user as it was answered; its directory as the write has it, below the hosting's `top`.
pub(in crate::provider::namebay) fn user(
    read: &FtpUser,
    write: &Write,
    top: Option<&str>,
) -> Found {
    Found {
        handle: handle(&read.id),
        attrs: hosting::user(read, Some(&write.after), top),
        outputs: hosting::outputs(read),
        pending: false,
    }
}

fn handle(text: &Text) -> Option<Handle> {
    text.word().map(|handle| Handle(handle.into()))
}
