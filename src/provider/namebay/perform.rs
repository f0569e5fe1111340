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
//! - The word that unlocks is `Active`, then `ok`; the one that locks is `protected`, then `lock`.
//! - A deletion of what is gone is done.

use std::time::Duration;

use crate::model::dns::{Apex, Host, Rtype};
use crate::model::{Action, Attrs, Data, Handle, Kind, Outcome, Reason, Write};

use super::api::domain::{Assign, UpdateDomain};
use super::api::lenient::Listed;
use super::api::zone::{DnsSec, Record, RecordInput, Zone};
use super::errors::{Entry, Fault, Refusal};
use super::session::Session;
use super::spelling::Differs;
use super::{convert, look};

/// The pauses before what was written is read back.
const PAUSES: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// How many spellings of one record are tried.
const SPELLINGS: usize = 4;

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

// Records

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

async fn record(session: &Session, write: &Write) -> Result<Outcome, Fault> {
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
            && differs != Some(*altered)
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
                        session.login().memory(|memory| {
                            memory.learn(target.zone, |seen| {
                                seen.keep(&spelling, &target.host, &target.rtype);
                                if let Some(record) = &answer {
                                    seen.learn_text(record, value);
                                }
                            });
                        });
                        return Ok(done(id.map(Handle)));
                    }
                    Came::Nothing => return Ok(accepted(look::look(session, write).await)),
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
                return Ok(match look::look(session, write).await {
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

fn came(target: &Target<'_>, seen: super::spelling::Seen, answer: Option<&Record>) -> Came {
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

async fn delete_record(session: &Session, write: &Write) -> Result<Outcome, Fault> {
    let (Some(zone), Some(id)) = (write.within.as_ref(), handle(write)) else {
        return Ok(lacks("the record's id"));
    };
    match session.send(|calls| calls.delete_record(&zone.0, id)).await {
        Ok(_) => Ok(done(None)),
        Err(Fault::Refused(refusal)) if refusal.is_nothing() => Ok(done(None)),
        // Not Namebay's own 404: the record may be gone, or the call may not exist.
        Err(Fault::Refused(refusal)) if refusal.is_no_call() => {
            Ok(match look::look(session, write).await {
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

// Zones

async fn create_zone(session: &Session, write: &Write) -> Result<Outcome, Fault> {
    let name = &write.unit.address.domain;
    match session.send(|calls| calls.create_zone(name)).await {
        Ok(response) => {
            let made = response
                .json::<Listed<Zone>>()
                .ok()
                .and_then(|answer| match answer {
                    Listed::One(zone) => zone.handle.word().map(|handle| Handle(handle.into())),
                    Listed::List(_) | Listed::Null => None,
                });
            match made {
                Some(handle) => Ok(done(Some(handle))),
                None => Ok(accepted(look::zone(session, &write.unit).await?)),
            }
        }
        Err(Fault::Refused(refusal)) if refusal.code() == 707 => {
            Ok(match look::zone(session, &write.unit).await? {
                found @ Outcome::Done { .. } => found,
                Outcome::Refused(_)
                | Outcome::NotSent(_)
                | Outcome::Unknown(_)
                | Outcome::Pending(_) => {
                    let mut reason = refusal.reason();
                    reason.text = format!(
                        "{}, but not in this account: look for it under another customer (`user`)",
                        reason.text
                    )
                    .into();
                    Outcome::Refused(reason)
                }
            })
        }
        Err(fault) => Err(fault),
    }
}

async fn ttl(session: &Session, write: &Write) -> Result<Outcome, Fault> {
    let (Some(zone), Some(Data::Int(ttl))) = (handle(write), write.after.data("ttl")) else {
        return Ok(lacks("the zone's handle"));
    };
    let name = &write.unit.address.domain;
    let response = match session.send(|calls| calls.set_ttl(zone, name, *ttl)).await {
        // The name must be the zone's own to the letter, which is not always its canonical form.
        Err(Fault::Refused(refusal)) if refusal.code() == 552 => {
            let own: Zone = session.object(|calls| calls.zone(zone)).await?;
            let own = own.name.raw();
            if convert_name(own) != Some(name.clone()) || own == &**name {
                return Err(Fault::Refused(refusal));
            }
            session.send(|calls| calls.set_ttl(zone, own, *ttl)).await?
        }
        other => other?,
    };
    let shown = match response.json::<Listed<Zone>>() {
        Ok(Listed::One(answer)) => answer.ttl.0,
        Ok(Listed::List(_) | Listed::Null) | Err(_) => None,
    };
    Ok(match shown {
        Some(shown) if shown != *ttl => refused(
            "write.altered",
            format!("Namebay set the TTL to {shown} where {ttl} was sent"),
        ),
        Some(_) | None => done(write.handle.clone()),
    })
}

fn convert_name(name: &str) -> Option<std::sync::Arc<str>> {
    Apex::parse(name.trim())
        .ok()
        .map(|apex| apex.shared().clone())
}

async fn dnssec(session: &Session, write: &Write) -> Result<Outcome, Fault> {
    let (Some(zone), Some(wanted)) = (handle(write), look::yes(&write.after, "dnssec")) else {
        return Ok(lacks("the zone's handle"));
    };
    let response = session.send(|calls| calls.set_dnssec(zone, wanted)).await?;
    let shown = match response.json::<Listed<DnsSec>>() {
        Ok(Listed::One(state)) => state.wanted.0,
        Ok(Listed::List(_) | Listed::Null) | Err(_) => None,
    };
    Ok(match shown {
        Some(shown) if shown != wanted => refused(
            "write.altered",
            format!("Namebay answers that signing is {shown} where {wanted} was sent"),
        ),
        Some(_) | None => done(write.handle.clone()),
    })
}

// Domains

/// The words that a status is set with, the likeliest first.
fn words(locked: bool) -> [&'static str; 2] {
    if locked {
        ["protected", "lock"]
    } else {
        ["Active", "ok"]
    }
}

async fn settings(session: &Session, write: &Write) -> Result<Outcome, Fault> {
    let Some(domain) = handle(write) else {
        return Ok(lacks("the domain's handle"));
    };
    let locked = look::yes(&write.after, "locked");
    let first = UpdateDomain {
        status: locked.map(|locked| words(locked)[0]),
        has_anonymous_whois: look::yes(&write.after, "whois_privacy"),
        auto_renew: look::yes(&write.after, "auto_renew"),
    };
    let mut refusals: Vec<(&'static str, Reason)> = Vec::new();
    match session.send(|calls| calls.set_domain(domain, &first)).await {
        Ok(_) => {}
        Err(Fault::Refused(refusal)) => refusals = per_setting(&refusal, &first),
        Err(fault) => return Err(fault),
    }
    let of_word = refusals.iter().position(|(name, reason)| {
        *name == "locked" && matches!(&*reason.code, "400" | "530" | "550" | "572")
    });
    if let (Some(at), Some(locked)) = (of_word, locked) {
        let second = UpdateDomain {
            status: Some(words(locked)[1]),
            ..UpdateDomain::default()
        };
        match session
            .send(|calls| calls.set_domain(domain, &second))
            .await
        {
            Ok(_) => {
                refusals.remove(at);
            }
            Err(Fault::Refused(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    match refusals.as_slice() {
        [] => {
            until_shown(session, write).await;
            Ok(done(write.handle.clone()))
        }
        [(_, first), ..] => {
            let kept: Vec<&str> = write
                .after
                .iter()
                .map(|(name, _)| name)
                .filter(|name| refusals.iter().all(|(refused, _)| refused != name))
                .collect();
            let names: Vec<&str> = refusals.iter().map(|(name, _)| *name).collect();
            let mut text = format!("{} was refused: {}", names.join(", "), first.text);
            if !kept.is_empty() {
                text.push_str(&format!(". {} was accepted", kept.join(", ")));
            }
            Ok(Outcome::Refused(Reason {
                text: text.into(),
                ..first.clone()
            }))
        }
    }
}

/// Which of the settings that were sent were refused; all, where the answer does not tell them apart.
fn per_setting(refusal: &Refusal, sent: &UpdateDomain) -> Vec<(&'static str, Reason)> {
    let UpdateDomain {
        status,
        has_anonymous_whois,
        auto_renew,
    } = sent;
    let names: Vec<&'static str> = [
        status.map(|_| "locked"),
        has_anonymous_whois.map(|_| "whois_privacy"),
        auto_renew.map(|_| "auto_renew"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let by_place = refusal.entries.len() == names.len();
    let mut refused: Vec<(&'static str, Reason)> = Vec::new();
    for (place, entry) in refusal.entries.iter().enumerate() {
        if entry.is_done() {
            continue;
        }
        let reason = Refusal {
            entries: vec![entry.clone()],
            ..refusal.clone()
        }
        .reason();
        let named = setting(entry).filter(|name| names.contains(name));
        match named.or(by_place.then(|| names[place])) {
            Some(name) => refused.push((name, reason)),
            None => {
                return names
                    .into_iter()
                    .map(|name| (name, reason.clone()))
                    .collect();
            }
        }
    }
    if refused.is_empty() {
        let reason = refusal.reason();
        return names
            .into_iter()
            .map(|name| (name, reason.clone()))
            .collect();
    }
    refused
}

/// The setting that a result names; loosely, since the reference garbles one of the names.
fn setting(entry: &Entry) -> Option<&'static str> {
    let name = entry.property()?.to_ascii_lowercase();
    if name.contains("status") {
        Some("locked")
    } else if name.contains("whois") {
        Some("whois_privacy")
    } else if name.contains("renew") {
        Some("auto_renew")
    } else {
        None
    }
}

async fn contacts(session: &Session, write: &Write) -> Result<Outcome, Fault> {
    let Some(domain) = handle(write) else {
        return Ok(lacks("the domain's handle"));
    };
    let roles: Vec<Assign<'_>> = convert::ROLES
        .iter()
        .filter_map(|(name, role)| {
            let handle = write.after.text(name)?;
            Some(Assign { handle, role })
        })
        .collect();
    session
        .send(|calls| calls.set_contacts(domain, &roles))
        .await?;
    until_shown(session, write).await;
    Ok(done(write.handle.clone()))
}

async fn delegation(session: &Session, write: &Write) -> Result<Outcome, Fault> {
    let (Some(domain), Some(Data::List(names))) = (handle(write), write.after.data("name_servers"))
    else {
        return Ok(lacks("the domain's handle"));
    };
    session
        .send(|calls| calls.set_name_servers(domain, names))
        .await?;
    until_shown(session, write).await;
    Ok(done(write.handle.clone()))
}

/// Waits a little for an accepted facet to show; what cannot be read is not waited for.
async fn until_shown(session: &Session, write: &Write) {
    for pause in PAUSES {
        tokio::time::sleep(pause).await;
        match look::facet(session, write).await {
            Ok(live) if look::shows(&live, &write.after) => return,
            Ok(_) => {}
            Err(_) => return,
        }
    }
}
