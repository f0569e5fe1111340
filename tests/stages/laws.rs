//! What holds for every world: carried out, a plan leaves nothing to do, and no order of anything shows.

use super::world::*;
use bailiwick::plan::{PlanAction, sends};
use proptest::prelude::*;
use std::collections::BTreeSet;

const HOSTS: [&str; 3] = ["@", "www", "a"];
const TYPES: [&str; 4] = ["A", "TXT", "CNAME", "NS"];

fn values(rtype: &str) -> &'static [&'static str] {
    match rtype {
        "A" => &["192.0.2.1", "192.0.2.2", "192.0.2.3"],
        "TXT" => &["v=spf1 -all", "v=spf1 mx -all", "mine"],
        _ => &["one.example.", "two.example."],
    }
}

/// One side: for each address some of its values. CNAMEs stand alone, as the offline checks demand.
fn side() -> impl Strategy<Value = Vec<(String, Vec<&'static str>)>> {
    let address = (0..HOSTS.len(), 0..TYPES.len());
    proptest::collection::vec((address, proptest::bits::u8::between(0, 3)), 0..7).prop_map(|rows| {
        let mut seen = BTreeSet::new();
        let mut side: Vec<(String, Vec<&'static str>)> = Vec::new();
        for ((host, rtype), bits) in rows {
            let (host, rtype) = (HOSTS[host], TYPES[rtype]);
            let cname_beside = side.iter().any(|(name, _)| {
                let (other, kind) = name.rsplit_once('/').unwrap();
                other == host && (kind == "CNAME" || rtype == "CNAME")
            });
            if (rtype == "CNAME" && host == "@") || cname_beside || !seen.insert((host, rtype)) {
                continue;
            }
            let mut chosen: Vec<_> = values(rtype)
                .iter()
                .enumerate()
                .filter(|(at, _)| bits & (1 << at) != 0)
                .map(|(_, value)| *value)
                .collect();
            if rtype == "CNAME" {
                chosen.truncate(1);
            }
            if !chosen.is_empty() {
                side.push((format!("{host}/{rtype}"), chosen));
            }
        }
        side
    })
}

fn sides() -> impl Strategy<Value = Sides> {
    (
        side(),
        side(),
        proptest::collection::vec(any::<bool>(), 8),
        any::<bool>(),
    )
        .prop_map(|(file, live, known, purge)| {
            let mut sides = Sides::new();
            sides.declare_zone(purge);
            for (name, values) in &file {
                sides.want(name, values);
            }
            for ((name, values), known) in live.iter().zip(known) {
                sides.see(name, values);
                if known {
                    sides.recall(name);
                }
            }
            sides
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// B3 on values: what is blocked stays blocked, and everything else is at its goal.
    #[test]
    fn carried_out_a_plan_leaves_nothing_to_do(sides in sides()) {
        let plan = sides.plan();
        let after = sides.carried_out(&plan);
        let again = after.plan();
        let rest: Vec<String> = again.steps.iter().map(|step| format!("{:?} {} {}", step.action, step.address, step.part.0)).collect();
        prop_assert!(rest.is_empty(), "{rest:?}");
        prop_assert_eq!(again.summary.blocked, plan.summary.blocked);
    }

    /// Steps stand in an order that keeps every need, numbered as they stand.
    #[test]
    fn needs_come_first(sides in sides()) {
        let plan = sides.plan();
        let mut done = BTreeSet::new();
        for (at, step) in plan.steps.iter().enumerate() {
            prop_assert_eq!(step.id.0 as usize, at + 1);
            prop_assert!(step.needs.iter().all(|need| done.contains(need)));
            done.insert(step.id);
        }
    }

    /// What neither file nor ledger names is not deleted unless the zone is purged, and is never the apex's
    /// name servers.
    #[test]
    fn strangers_are_left_alone(sides in sides()) {
        let plan = sides.plan();
        let purge = sides.desired[&zone()].rules.as_ref().is_some_and(|rules| rules.purge);
        for step in plan.steps.iter().filter(|step| step.action == PlanAction::Delete) {
            let known = sides.ledger.entries.contains_key(&step.address);
            prop_assert!(known || purge, "{}", step.address);
            prop_assert!(step.address.host_and_type() != Some(("@", "NS")));
        }
    }

    /// `changes` says what the summary says (A4).
    #[test]
    fn the_summary_and_the_flag_agree(sides in sides()) {
        let plan = sides.plan();
        let s = plan.summary;
        prop_assert_eq!(plan.changes, s.create + s.update + s.replace + s.delete > 0);
        prop_assert_eq!(plan.changes, plan.steps.iter().any(|step| sends(step.action)));
    }
}
