//! Mailboxes and addresses that forward: list, create, change in part, delete.

use serde_json::{Value, json};

use super::address;
use super::call::{Answer, Call, Entry, Failure, Reply, object};
use super::desk::Desk;
use super::dialect::{
    MailAddress, MailErrors, MailLists, MailMove, MailPassword, MailSecret, MailboxState, StateCase,
};
use super::fields::Fields;
use super::mailservice;
use super::state::{MailKind, MailService, Mailbox, Pending, Served};

/// How many reads show a mailbox as pending, where a dialect lets it be so.
const PENDING_READS: u32 = 2;
/// What stands in `CreDate` of every answer of the guide.
const NO_DATE: &str = "0001-01-01T00:00:00";

/// The operation that an answer tells of, as `Etat` numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    Read = 0,
    Created = 1,
    Updated = 2,
    Deleted = 3,
}

/// `GET /api/Mail`
pub(super) fn list(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let (address, handle) = (call.query("address"), call.query("objectHandle"));
    let (service, domain) = (call.query("serviceHandle"), call.query("domHandle"));
    let same = |wanted: Option<&str>, is: &str| wanted.is_none_or(|w| w.eq_ignore_ascii_case(is));
    let all = desk.state.services.mailboxes.values();
    let found = all.filter_map(|mailbox| {
        let of = desk.state.services.mail_services.get(&mailbox.service)?;
        // A handle reaches what its user may act on; the lists hold one's own.
        let named = handle.is_some() || service.is_some() || domain.is_some();
        let mine = match named {
            true => desk.reachable(&call.user, &of.holder),
            false => desk.listed(&call.user, &of.holder),
        };
        let fits = mine
            && same(address, &mailbox.address)
            && same(handle, &mailbox.handle)
            && same(service, &mailbox.service)
            && same(domain, &of.domain_handle);
        fits.then(|| (mailbox.clone(), of.clone()))
    });
    let found: Vec<(Mailbox, MailService)> = found.collect();
    let mut shown = Vec::new();
    for (mailbox, service) in found {
        shown.push(json(desk, (&mailbox, &service), Done::Read));
        count_read(desk, mailbox);
    }
    Ok(Answer::List(shown))
}

/// Counts a read of a mailbox that is pending for some.
fn count_read(desk: &mut Desk<'_>, mailbox: Mailbox) {
    let Pending::Reads(left) = mailbox.pending else {
        return;
    };
    let pending = match left {
        0 | 1 => Pending::Not,
        more => Pending::Reads(more - 1),
    };
    desk.serve(Served::Mailbox(Mailbox { pending, ..mailbox }));
}

/// `POST /api/Mail`
pub(super) fn create(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let fields = call.fields()?;
    let handle = fields.required("ServiceHandle", (1, 64))?;
    fields.required("UserType", (1, 8))?;
    fields.required("UserMailAddress", (1, 320))?;
    let number = desk.state.next_number();
    let mut mailbox = Mailbox {
        handle: format!("MB{:06}", 100_000 + number),
        number,
        service: String::new(),
        address: String::new(),
        sent_address: None,
        kind: kind(&fields)?.unwrap_or(MailKind::Box),
        user_name: None,
        password: None,
        description: None,
        catch_all: false,
        forwards: false,
        forward: Vec::new(),
        alias: Vec::new(),
        pending: Pending::Not,
        responder: None,
    };
    if mailbox.kind == MailKind::Box {
        fields.required("UserName", (1, 150))?;
        fields.required("UserPwd", (1, 150))?;
    }
    let made = mailservice::find(desk, &call.user, &handle).and_then(|service| {
        mailservice::room(desk, &service, mailbox.kind)?;
        mailbox.service = service.handle.clone();
        read(desk, &service, &fields, &mut mailbox)?;
        Ok(service)
    });
    match made {
        Ok(service) => store(desk, mailbox, &service, Done::Created),
        Err(failure) => refused(desk, failure, &fields),
    }
}

/// `PUT /api/Mail/{handle}`
pub(super) fn update(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let (mut mailbox, service) = find(desk, call)?;
    let fields = call.fields()?;
    let old = mailbox.clone();
    let was = mailbox.kind;
    mailbox.kind = kind(&fields)?.unwrap_or(was);
    let read = match mailbox.kind == was {
        true => Ok(()),
        false => mailservice::room(desk, &service, mailbox.kind),
    }
    .and_then(|()| read(desk, &service, &fields, &mut mailbox))
    .and_then(|()| moved(desk, &old, &mut mailbox));
    match read {
        Ok(()) => store(desk, mailbox, &service, Done::Updated),
        Err(failure) => refused(desk, failure, &fields),
    }
}

/// Refuses another address or another type, or drops it, where the dialect has it so.
fn moved(desk: &Desk<'_>, old: &Mailbox, mailbox: &mut Mailbox) -> Result<(), Failure> {
    if (old.kind, &old.address) == (mailbox.kind, &mailbox.address) {
        return Ok(());
    }
    match desk.dialect.mail_move {
        MailMove::Changed => Ok(()),
        MailMove::Refused => Err(Failure::code(550, "Parameter value policy error")),
        MailMove::Ignored => {
            mailbox.kind = old.kind;
            mailbox.address.clone_from(&old.address);
            mailbox.sent_address.clone_from(&old.sent_address);
            Ok(())
        }
    }
}

/// `DELETE /api/Mail/{handle}`: answers what is gone, as in the guide.
pub(super) fn delete(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let (mailbox, service) = find(desk, call)?;
    let gone = json(desk, (&mailbox, &service), Done::Deleted);
    desk.serve(Served::MailboxGone(mailbox.handle));
    Ok(Answer::Object(gone))
}

/// Finds a mailbox by handle for the user of the call, with its service.
pub(super) fn find(desk: &Desk<'_>, call: &Call) -> Result<(Mailbox, MailService), Failure> {
    let handle = call.param("handle").to_ascii_uppercase();
    let services = &desk.state.services;
    let found = services.mailboxes.get(&handle).and_then(|mailbox| {
        let service = services.mail_services.get(&mailbox.service)?;
        let mine = desk.reachable(&call.user, &service.holder);
        mine.then(|| (mailbox.clone(), service.clone()))
    });
    found.ok_or_else(|| Failure::not_found("The mailbox"))
}

fn store(desk: &mut Desk<'_>, mut mailbox: Mailbox, service: &MailService, done: Done) -> Reply {
    mailbox.pending = match desk.dialect.mailbox_state {
        MailboxState::Completed => Pending::Not,
        MailboxState::Pending => Pending::Reads(PENDING_READS),
    };
    let answer = json(desk, (&mailbox, service), done);
    desk.serve(Served::Mailbox(mailbox));
    Ok(Answer::Object(answer))
}

/// Refuses in the way of the dialect: with the array, or with 200 and the array inside.
fn refused(desk: &Desk<'_>, failure: Failure, fields: &Fields) -> Reply {
    let members = ["ServiceHandle", "UserType", "UserName", "UserMailAddress"];
    let sent = members.map(|name| (name, fields.get(name).cloned().or(Some(Value::Null))));
    inside(desk, failure, sent.to_vec())
}

/// Puts a refusal inside an object, where the dialect has it so.
pub(super) fn inside(
    desk: &Desk<'_>,
    failure: Failure,
    mut members: Vec<(&str, Option<Value>)>,
) -> Reply {
    match (failure, desk.dialect.mail_errors) {
        (Failure::Entries(entries), MailErrors::Inside)
            if entries.iter().all(|entry| entry.code >= 510) =>
        {
            let entries: Vec<Value> = entries.iter().map(Entry::json).collect();
            members.push(("ObjectHandle", Some(Value::Null)));
            members.push(("Errors", Some(json!(entries))));
            Ok(Answer::Object(object(members)))
        }
        (failure, MailErrors::Array | MailErrors::Inside) => Err(failure),
    }
}

fn kind(fields: &Fields) -> Result<Option<MailKind>, Failure> {
    let word = fields.text("UserType", (1, 8))?;
    word.map(|word| {
        [MailKind::Box, MailKind::Alias]
            .into_iter()
            .find(|kind| kind.word().eq_ignore_ascii_case(&word))
            .ok_or_else(|| Failure::model("UserType", "The field UserType must match pop|alias."))
    })
    .transpose()
}

/// Takes over what a request says: 530 for values, 551 where an address is taken.
fn read(
    desk: &Desk<'_>,
    service: &MailService,
    fields: &Fields,
    mailbox: &mut Mailbox,
) -> Result<(), Failure> {
    if let Some(sent) = fields.text("UserMailAddress", (1, 320))? {
        let address = address::own(&sent, service);
        mailbox.address = address.ok_or_else(|| invalid("UserMailAddress"))?;
        mailbox.sent_address = Some(sent);
    }
    desk.set_text(fields, "UserName", &mut mailbox.user_name)?;
    desk.set_text(fields, "UserDescription", &mut mailbox.description)?;
    if let Some(password) = fields.text("UserPwd", (0, 150))? {
        if !strong(&password, desk.dialect.mail_password) {
            return Err(invalid("UserPwd"));
        }
        mailbox.password = Some(password);
    }
    mailbox.catch_all = fields.boolean("IsCatchAll")?.unwrap_or(mailbox.catch_all);
    mailbox.forwards = fields.boolean("IsRedir")?.unwrap_or(mailbox.forwards);
    address::set_list(desk, fields, ("Forward", None), &mut mailbox.forward)?;
    address::set_list(desk, fields, ("Alias", Some(service)), &mut mailbox.alias)?;
    let leads = !mailbox.forward.is_empty();
    if !leads && (mailbox.kind == MailKind::Alias || mailbox.forwards) {
        return Err(invalid("Forward"));
    }
    address::free(desk, mailbox)
}

pub(super) fn invalid(member: &str) -> Failure {
    Failure::code(530, &format!("Invalid attribute value: {member}"))
}

fn strong(password: &str, rule: MailPassword) -> bool {
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    match rule {
        MailPassword::Any => !password.is_empty(),
        MailPassword::Checked => {
            password.chars().count() >= 8
                && has(char::is_alphabetic)
                && has(|letter| letter.is_ascii_digit())
                && has(|letter| !letter.is_alphanumeric())
        }
    }
}

fn cased(desk: &Desk<'_>, address: &str) -> String {
    match desk.dialect.mail_address {
        MailAddress::AsSent => address.to_owned(),
        MailAddress::Lower => address.to_ascii_lowercase(),
    }
}

/// Gives the address of a mailbox as answers have it.
pub(super) fn address_out(desk: &Desk<'_>, mailbox: &Mailbox) -> String {
    cased(
        desk,
        mailbox.sent_address.as_ref().unwrap_or(&mailbox.address),
    )
}

fn state_out(desk: &Desk<'_>, mailbox: &Mailbox, done: Done) -> Value {
    let pending = mailbox.pending != Pending::Not && done != Done::Deleted;
    desk.state_word(match (pending, desk.dialect.state_case) {
        (true, StateCase::Capital) => "Pending",
        (true, StateCase::Small) => "pending",
        (false, StateCase::Capital) => "Completed",
        (false, StateCase::Small) => "completed",
    })
}

fn json(desk: &Desk<'_>, of: (&Mailbox, &MailService), done: Done) -> Value {
    let (mailbox, service) = of;
    let list = |items: &[String]| match desk.dialect.mail_lists {
        MailLists::Null if items.is_empty() => Value::Null,
        MailLists::Null | MailLists::Empty => items.iter().map(|item| cased(desk, item)).collect(),
    };
    let password = match desk.dialect.mail_secret {
        MailSecret::Absent => None,
        MailSecret::Null => Some(Value::Null),
        MailSecret::Told => Some(json!(mailbox.password)),
    };
    object(vec![
        ("ServiceHandle", Some(json!(mailbox.service))),
        ("ObjectHandle", Some(json!(mailbox.handle))),
        ("DomHandle", Some(json!(service.domain_handle))),
        ("UserType", Some(json!(mailbox.kind.word()))),
        ("UserName", desk.text(mailbox.user_name.as_deref())),
        ("UserPwd", password),
        ("UserDescription", desk.text(mailbox.description.as_deref())),
        ("UserMailAddress", Some(json!(address_out(desk, mailbox)))),
        ("IsCatchAll", Some(json!(mailbox.catch_all))),
        ("IsRedir", Some(json!(mailbox.forwards))),
        ("Forward", Some(list(&mailbox.forward))),
        ("Alias", Some(list(&mailbox.alias))),
        ("Etat", Some(json!(done as u8))),
        ("State", Some(state_out(desk, mailbox, done))),
        ("CreDate", Some(json!(NO_DATE))),
        ("Errors", Some(json!([]))),
    ])
}
