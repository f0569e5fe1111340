//! Writes records, in one spelling after the other where a server is particular.

use crate::model::dns::{Apex, Host, Rtype};
use crate::model::{Action, Handle, Outcome, Write};

use super::super::api::lenient::Listed;
use super::super::api::zone::{Record, RecordInput};
use super::super::errors::Fault;
use super::super::session::Session;
use super::super::spelling::{self, Differs};
use super::super::{convert, look};
use super::{accepted, done, handle, lacks, refused};

/// How many spellings of one record are tried.
const SPELLINGS: usize = 6;

/// A record on its way.
struct Target<'a> {
    apex: Apex,
    host: Host,
    rtype: Rtype,
    value: &'a str,
    zone: &'a str,
}

/// What an answer says of the record that was sent.
enum Came {
    /// It is as it was sent.
    Same,
    /// Something of it is different.
    Altered(Differs, String),
    /// Nothing.
    Nothing,
}

/// Makes or changes a record, in the spelling that the server takes.
pub(super) async fn record(session: &Session, write: &Write) -> Result<Outcome, Fault> {
    let (Some((host, rtype)), Some(value), Some(zone)) = (
        look::subject(&write.unit.address),
        write.after.text("data"),
        write.within.as_ref(),
    ) else {
        return Ok(lacks("the record's zone"));
    };
    let target = Target {
        apex: Apex::from_canonical(write.unit.address.domain.clone()),
        host: Host::from_canonical(host),
        rtype,
        value,
        zone: &zone.0,
    };
    let mut id: Option<Box<str>> = handle(write).map(Into::into);
    if write.action == Action::Update && id.is_none() {
        return Ok(lacks("the record's id"));
    }
    let seen = session.login().memory(|memory| memory.zone(&zone.0));
    let first = seen.spelling(&target.rtype, value);
    let others = first.others(&target.host, &target.rtype, value);
    let mut sent: Vec<RecordInput> = Vec::new();
    let mut wrong: Option<(Option<Differs>, Outcome)> = None;
    for (differs, spelling) in std::iter::once((None, first)).chain(
        others
            .into_iter()
            .map(|(differs, spelling)| (Some(differs), spelling)),
    ) {
        // After a value came back altered, only a spelling that could mend it is tried.
        if let Some((Some(altered), _)) = &wrong
            && !differs.is_some_and(|differs| differs == *altered || differs == Differs::Both)
        {
            continue;
        }
        let input = spelling.write(&target.apex, &target.host, &target.rtype, value);
        if sent.contains(&input) {
            continue;
        }
        if sent.len() == SPELLINGS {
            break;
        }
        let answered = send_record(session, &target, id.as_deref(), &input).await;
        sent.push(input);
        match answered {
            Ok(answer) => {
                if let Some(new) = answer.as_ref().and_then(|record| record.id.word()) {
                    id = Some(new.into());
                }
                match came(&target, seen, answer.as_ref()) {
                    Came::Same => {
                        let place = (&target.host, &target.rtype);
                        session.login().memory(|memory| {
                            memory.learn(target.zone, |seen| seen.keep(&spelling, place, value));
                        });
                        return Ok(done(id.map(Handle)));
                    }
                    Came::Nothing => return Ok(accepted(look::look(session, write, None).await)),
                    Came::Altered(what, text) => {
                        wrong = Some((Some(what), refused("write.altered", text)));
                    }
                }
            }
            Err(Fault::Refused(refusal)) if refusal.is_about_spelling() => {
                wrong = wrong.or(Some((None, Outcome::Refused(refusal.reason()))));
            }
            // It exists: made by an earlier attempt, or by somebody else meanwhile.
            Err(Fault::Refused(refusal)) if refusal.code() == 525 && id.is_none() => {
                return Ok(match look::look(session, write, None).await {
                    found @ Outcome::Done { .. } => found,
                    Outcome::Refused(_)
                    | Outcome::NotSent(_)
                    | Outcome::Unknown(_)
                    | Outcome::Pending(_) => Outcome::Refused(refusal.reason()),
                });
            }
            Err(fault) => return wrong.map_or(Err(fault), |(_, outcome)| Ok(outcome)),
        }
    }
    Ok(wrong.map_or_else(|| lacks("a spelling"), |(_, outcome)| outcome))
}

/// Sends a record; the answer's record, if there is one in it.
async fn send_record(
    session: &Session,
    target: &Target<'_>,
    id: Option<&str>,
    input: &RecordInput,
) -> Result<Option<Record>, Fault> {
    let response = session
        .send(|calls| match id {
            Some(id) => calls.update_record(target.zone, id, input),
            None => calls.create_record(target.zone, input),
        })
        .await?;
    Ok(match response.json::<Listed<Record>>() {
        Ok(Listed::One(record)) if record.rtype.word().is_some() => Some(record),
        Ok(Listed::List(mut records)) if records.len() == 1 => {
            records.pop().filter(|record| record.rtype.word().is_some())
        }
        Ok(Listed::One(_) | Listed::List(_) | Listed::Null) | Err(_) => None,
    })
}

fn came(target: &Target<'_>, seen: spelling::Seen, answer: Option<&Record>) -> Came {
    let Some(record) = answer else {
        return Came::Nothing;
    };
    let known = |_: &Host, _: &Rtype, value: &str| value == target.value;
    let read = match convert::record(&target.apex, &seen, record, &known) {
        Ok(read) => read,
        Err(flaw) => return Came::Altered(Differs::Host, flaw),
    };
    let Target {
        host, rtype, value, ..
    } = target;
    if read.host != *host || read.rtype != *rtype {
        let text = format!(
            "Namebay took the record as {} {} where {host} {rtype} was sent",
            read.host, read.rtype
        );
        return Came::Altered(Differs::Host, text);
    }
    if *read.data != **value {
        let text = format!(
            "Namebay took the value as {:?} where {value:?} was sent",
            read.data
        );
        return Came::Altered(Differs::Data, text);
    }
    Came::Same
}

/// Deletes a record.
pub(super) async fn delete_record(session: &Session, write: &Write) -> Result<Outcome, Fault> {
    let (Some(zone), Some(id)) = (write.within.as_ref(), handle(write)) else {
        return Ok(lacks("the record's id"));
    };
    match session.send(|calls| calls.delete_record(&zone.0, id)).await {
        Ok(_) => Ok(done(None)),
        Err(Fault::Refused(refusal)) if refusal.is_nothing() => Ok(done(None)),
        // Not Namebay's own 404: the record may be gone, or the call may not exist.
        Err(Fault::Refused(refusal)) if refusal.is_no_call() => {
            Ok(match look::look(session, write, None).await {
                gone @ Outcome::Done { .. } => gone,
                Outcome::Refused(_)
                | Outcome::NotSent(_)
                | Outcome::Unknown(_)
                | Outcome::Pending(_) => Outcome::Refused(refusal.reason()),
            })
        }
        Err(fault) => Err(fault),
    }
}
