//! The room that a CNAME needs: it stands alone at its host.
//!
//! What goes at that host goes first; what stays leaves no room. Only the fates of one zone's addresses are
//! known here.

use super::change::{Act, Held};
use super::records::{Fate, Zone, never_written, with_own_parts};
use super::walk::Case;
use crate::model::{Kind, Need};
use std::collections::BTreeMap;

/// A CNAME stands alone at its host. What goes there goes first; what stays leaves no room.
pub(super) fn make_room(zone: &Zone, cases: &[Case], fates: &mut [Fate]) {
    let parts = || cases.iter().map(|case| case.address.host_and_type());
    let mut hosts: BTreeMap<&str, Vec<usize>> = parts()
        .flatten()
        .filter(|(_, rtype)| *rtype == "CNAME")
        .map(|(host, _)| (host, Vec::new()))
        .collect();
    for (at, part) in parts().enumerate() {
        if let Some(all) = part.and_then(|(host, _)| hosts.get_mut(host)) {
            all.push(at);
        }
    }
    let is_cname = |at: usize| matches!(cases[at].address.host_and_type(), Some((_, "CNAME")));
    for all in hosts.values().filter(|all| all.len() > 1) {
        for &at in all {
            let comes = |fate: &Fate| {
                fate.changes
                    .iter()
                    .any(|change| !change.after.is_empty() && change.act != Act::Adopt)
            };
            if !comes(&fates[at]) {
                continue;
            }
            let others = all
                .iter()
                .copied()
                .filter(|&other| other != at && (is_cname(at) || is_cname(other)));
            let mut first: Vec<Need> = Vec::new();
            let mut in_the_way = None;
            for other in others {
                if cases[other].declared.is_some() {
                    continue;
                }
                if zone.made {
                    clear(zone, &cases[other], &mut fates[other]);
                }
                let stays = !fates[other].stays.is_empty()
                    || kept_silently(zone, &cases[other], &fates[other]);
                if stays {
                    in_the_way = Some(other);
                }
                let going = fates[other]
                    .changes
                    .iter()
                    .filter(|change| change.after.is_empty() && change.act != Act::Forget);
                first.extend(going.map(|change| Need::Unit(change.unit.clone())));
            }
            match in_the_way {
                Some(other) => no_room(&cases[at], &cases[other], &mut fates[at]),
                None => {
                    for change in fates[at]
                        .changes
                        .iter_mut()
                        .filter(|change| change.act != Act::Adopt)
                    {
                        change.needs.extend(first.iter().cloned());
                    }
                }
            }
        }
    }
}

/// In a zone that we made, what the provider put in the way of a declared record goes.
fn clear(zone: &Zone, case: &Case, fate: &mut Fate) {
    if fate.stays.is_empty() || never_written(case.address) {
        return;
    }
    for (part, seen) in with_own_parts(&std::mem::take(&mut fate.stays)) {
        fate.changes
            .push(zone.leaving(case, seen, part, Act::Delete, None));
    }
}

fn kept_silently(zone: &Zone, case: &Case, fate: &Fate) -> bool {
    let deleted = fate
        .changes
        .iter()
        .filter(|change| change.after.is_empty())
        .count();
    zone.live
        && case
            .seen
            .is_some_and(|seen| seen.parts.len() > deleted && case.address.kind == Kind::Record)
        && fate.changes.iter().all(|change| change.act != Act::Delete)
}

fn no_room(case: &Case, other: &Case, fate: &mut Fate) {
    let origin = case
        .declared
        .and_then(|declared| declared.parts.first())
        .map(|wanted| wanted.origin.clone());
    fate.changes.clear();
    fate.held = Some(Held {
        address: case.address.clone(),
        code: "record.no-room",
        reason: format!(
            "{} is live at the same host and known to neither file nor ledger, and a CNAME stands alone: write it \
             into the file, delete it at the provider, or set purge = true for the zone",
            other.address
        ),
        origin,
    });
}
