//! What the file no longer names, or says shall be gone: deleted, forgotten, told, or left alone.

use super::World;
use super::change::{Act, Change, Changes, Note};
use super::decide::{Decl, Obs, Policy, Recd, Verdict, Why, decide};
use super::services;
use super::walk::{Case, hold, open};
use crate::model::{Address, Attrs, Cause, Kind, Part, Severity, Unit};

/// Decides about an object that shall not be there, or that nobody declares.
pub(super) fn undeclared_object(
    world: &World,
    case: &Case,
    policy: &Policy,
    changes: &mut Changes,
) {
    changes.compared += 1;
    let decl = match case.declared {
        Some(_) => Decl::Gone,
        None => Decl::No,
    };
    let recd = match case.entry {
        Some(entry) if entry.forgotten => Recd::Forgotten,
        Some(_) => Recd::Yes,
        None => Recd::No,
    };
    let family = (case.address.account.clone(), case.address.kind);
    let obs = match case.seen {
        Some(_) => Obs::Differs,
        // Of what nobody declares, a note in the ledger is all there is to end.
        None if decl == Decl::Gone && world.live.unreadable.contains(&family) => Obs::Unreadable,
        None => Obs::Absent,
    };
    let (doubt, pending) = open(world, case.address, &Part::object());
    match decide((decl, recd, obs, doubt, pending), policy) {
        Verdict::Forget => {
            changes.list.push(forget(case.address));
            if obs != Obs::Absent {
                changes.notes.extend(farewell(case, policy.parent_stands));
            }
        }
        Verdict::Unmanaged if services::is_nobodys_business(case.address) => {}
        Verdict::Unmanaged => changes.unmanaged.push(case.address.clone()),
        Verdict::Blocked(why) => {
            let (code, reason) = why_not(case.address, why);
            hold(changes, case, code, &reason);
        }
        Verdict::Delete => changes.list.push(destroy(case)),
        Verdict::Keep if decl == Decl::Gone => changes.unchanged += 1,
        Verdict::Keep | Verdict::Create | Verdict::Adopt | Verdict::Update => {}
    }
}

/// The object goes, with everything that was read of it as what is expected to be there.
fn destroy(case: &Case) -> Change {
    let wanted = case.declared.and_then(|declared| declared.parts.first());
    Change {
        act: Act::Delete,
        before: services::of_object(case.seen),
        there: case
            .seen
            .is_some_and(|seen| seen.part(&Part::object()).is_some()),
        reason: match wanted {
            Some(_) => Cause::EditedInFile,
            None => Cause::NotInFile,
        },
        origin: wanted.map(|wanted| wanted.origin.clone()),
        ..forget(case.address)
    }
}

/// What is told of something that stays and is no longer followed.
fn farewell(case: &Case, parent_stands: bool) -> Option<Note> {
    let address = case.address;
    let message = if services::can_be_destroyed(address) && parent_stands {
        format!(
            "it is no longer in the file and is kept, because it holds data; to delete it: --allow-destroy \
             '{address}', or an [[allow]] with destroy"
        )
    } else if services::can_be_destroyed(address) {
        "it is no longer in the file and is kept, because it holds data; it is no longer managed"
            .to_owned()
    } else if address.kind == Kind::Autoresponder && parent_stands {
        "it is no longer in the file: it is left as it is, answers on and is no longer managed; to remove it: \
         autoresponder = false"
            .to_owned()
    } else if address.kind.holds_value() {
        let goes_on = renewal(case).unwrap_or_else(|| "what it costs goes on".to_owned());
        format!("it is no longer in the file: it is left as it is and no longer managed; {goes_on}")
    } else {
        return None;
    };
    Some(Note {
        code: "object.forgotten",
        severity: Severity::Notice,
        address: address.clone(),
        message,
        origin: None,
    })
}

/// When it ends or renews itself, where that was read.
fn renewal(case: &Case) -> Option<String> {
    let seen = case.seen?;
    let day = seen.expires?.to_zoned(jiff::tz::TimeZone::UTC).date();
    let renews = seen
        .parts
        .iter()
        .find_map(|part| part.attrs.yes("auto_renew"))
        .or_else(|| {
            let known = case.entry?.parts.iter();
            known
                .into_iter()
                .find_map(|part| part.attrs.yes("auto_renew"))
        });
    Some(match renews {
        Some(true) => format!("it renews itself, next before it ends on {day}"),
        Some(false) | None => format!("it ends on {day} unless it is renewed"),
    })
}

/// A note that an object is no longer ours.
pub(super) fn forget(address: &Address) -> Change {
    Change {
        unit: Unit::new(address.clone(), Part::object()),
        act: Act::Forget,
        before: Attrs::none(),
        after: Attrs::none(),
        applied: Attrs::none(),
        there: false,
        reason: Cause::NotInFile,
        origin: None,
        needs: Vec::new(),
        below_new: None,
    }
}

/// Code and words of something that is not done.
pub(super) fn why_not(address: &Address, why: Why) -> (&'static str, String) {
    match why {
        Why::Doubt => (
            "unit.doubt",
            format!("an earlier write may or may not have taken effect; settle it with: bailiwick resolve {address}"),
        ),
        Why::Pending => ("unit.pending", "an earlier order is still under way; nothing is sent until it ends".to_owned()),
        Why::Missing => (
            "object.missing",
            "it was there at the last apply and is gone; it is never made a second time by itself. Look at the \
             provider's panel first"
                .to_owned(),
        ),
        Why::NotThere if address.kind != Kind::Domain => {
            ("service.not-there", super::services::not_there(address))
        }
        Why::NotThere => (
            "domain.not-owned",
            format!(
                "{} is not in this account. If it is registered elsewhere and only its zone is here, write \
                 registrar = \"external\"; if it is misspelt, mend the name; if it belongs to another login, write \
                 its account",
                address.domain
            ),
        ),
        Why::Unreadable => ("object.unreadable", "the provider has no call to read it, so nothing is sent".to_owned()),
    }
}
