//! Changes what a domain has: settings, contacts, name servers; all of them may lag behind their answer.

use std::time::Duration;

use crate::model::{Data, Outcome, Reason, Write};

use super::super::api::domain::{Assign, UpdateDomain};
use super::super::errors::{Entry, Fault, Refusal};
use super::super::session::Session;
use super::super::{convert, look};
use super::{done, handle, lacks};

/// The pauses before what was written is read back.
pub(super) const PAUSES: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// The words that a status is set with, the likeliest first.
fn words(locked: bool) -> &'static [&'static str] {
    if locked {
        &["protected", "lock"]
    } else {
        &["Active", "Unprotected", "ok"]
    }
}

/// Changes settings.
pub(super) async fn settings(session: &Session, write: &Write) -> Result<Outcome, Fault> {
    let Some(domain) = handle(write) else {
        return Ok(lacks("the domain's handle"));
    };
    let locked = write.after.yes("locked");
    let first = UpdateDomain {
        status: locked.map(|locked| words(locked)[0]),
        has_anonymous_whois: write.after.yes("whois_privacy"),
        auto_renew: write.after.yes("auto_renew"),
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
        for word in &words(locked)[1..] {
            let other = UpdateDomain {
                status: Some(word),
                ..UpdateDomain::default()
            };
            match session.send(|calls| calls.set_domain(domain, &other)).await {
                Ok(_) => {
                    refusals.remove(at);
                    break;
                }
                Err(Fault::Refused(_)) => {}
                Err(fault) => return Err(fault),
            }
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

/// Assigns contacts.
pub(super) async fn contacts(session: &Session, write: &Write) -> Result<Outcome, Fault> {
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

/// Replaces the name servers.
pub(super) async fn delegation(session: &Session, write: &Write) -> Result<Outcome, Fault> {
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
