//! Makes zones, and sets what a zone has: its TTL and whether it is signed.

use std::sync::Arc;

use crate::model::dns::Apex;
use crate::model::{Data, Handle, Outcome, Write};

use super::super::api::lenient::Listed;
use super::super::api::zone::{DnsSec, Zone};
use super::super::errors::Fault;
use super::super::look;
use super::super::session::Session;
use super::{accepted, done, handle, lacks, refused};

/// Makes a zone, or finds the one that is there.
pub(super) async fn create_zone(session: &Session, write: &Write) -> Result<Outcome, Fault> {
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

/// Sets a zone's TTL.
pub(super) async fn ttl(session: &Session, write: &Write) -> Result<Outcome, Fault> {
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

fn convert_name(name: &str) -> Option<Arc<str>> {
    Apex::parse(name.trim())
        .ok()
        .map(|apex| apex.shared().clone())
}

/// Switches signing.
pub(super) async fn dnssec(session: &Session, write: &Write) -> Result<Outcome, Fault> {
    let (Some(zone), Some(wanted)) = (handle(write), write.after.yes("dnssec")) else {
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
