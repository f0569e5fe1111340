//! What is decided for a zone, one situation a test.

use super::world::*;
use bailiwick::diag::Severity;
use bailiwick::model::*;
use bailiwick::plan::{Plan, PlanAction, sends};

/// Steps that send something, as `act address before → after (reason)`.
fn told(plan: &Plan) -> Vec<String> {
    let side = |attrs: Attrs| match attrs.data("data").or(attrs.data("name_servers")) {
        Some(Data::List(items)) => items.join(" "),
        _ => "·".to_owned(),
    };
    plan.steps
        .iter()
        .filter(|step| sends(step.action))
        .map(|step| {
            let act = match step.action {
                PlanAction::Create => "create",
                PlanAction::Update => "update",
                PlanAction::Delete => "delete",
                PlanAction::Adopt | PlanAction::Forget => unreachable!(),
            };
            format!(
                "{act} {} {} → {} ({})",
                step.address,
                side(step.before()),
                side(step.after()),
                step.reason.word()
            )
        })
        .collect()
}

fn codes(plan: &Plan) -> Vec<&'static str> {
    plan.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn one_record_more_is_created_and_the_rest_is_adopted() {
    let mut sides = Sides::new();
    sides
        .want("www/A", &["192.0.2.1"])
        .want("@/A", &["192.0.2.2"])
        .see("@/A", &["192.0.2.2"]);
    let plan = sides.plan();
    assert_eq!(
        told(&plan),
        ["create record.example.com/www/A · → 192.0.2.1 (new-in-file)"]
    );
    assert_eq!(
        (plan.summary.create, plan.summary.adopt, plan.changes),
        (1, 2, true)
    );
    assert!(sides.carried_out(&plan).plan().steps.is_empty());
}

#[test]
fn a_value_that_changes_is_one_update_whoever_changed_it() {
    let mut edited = Sides::new();
    edited
        .see("www/A", &["192.0.2.1"])
        .recall("www/A")
        .want("www/A", &["192.0.2.7"]);
    assert_eq!(
        told(&edited.plan()),
        ["update record.example.com/www/A 192.0.2.1 → 192.0.2.7 (edited-in-file)"]
    );

    let mut outside = Sides::new();
    outside
        .see("www/A", &["192.0.2.9"])
        .applied("www/A", "192.0.2.1", "1")
        .want("www/A", &["192.0.2.1"]);
    assert_eq!(
        told(&outside.plan()),
        ["update record.example.com/www/A 192.0.2.9 → 192.0.2.1 (changed-outside)"]
    );

    let mut both = Sides::new();
    both.see("www/A", &["192.0.2.9"])
        .applied("www/A", "192.0.2.1", "1")
        .want("www/A", &["192.0.2.7"]);
    assert_eq!(
        told(&both.plan()),
        ["update record.example.com/www/A 192.0.2.9 → 192.0.2.7 (both)"]
    );
}

#[test]
fn a_declared_address_is_the_files_whole_but_a_foreign_text_stays_beside() {
    let mut sides = Sides::new();
    sides
        .see("@/A", &["192.0.2.1", "192.0.2.9"])
        .want("@/A", &["192.0.2.1"]);
    sides
        .see("@/TXT", &["v=spf1 -all", "google=1"])
        .want("@/TXT", &["v=spf1 mx -all", "mine"]);
    let plan = sides.plan();
    assert_eq!(
        told(&plan),
        [
            "update record.example.com/@/A 192.0.2.9 → · (changed-outside)",
            "update record.example.com/@/TXT v=spf1 -all → mine (changed-outside)",
            "update record.example.com/@/TXT · → v=spf1 mx -all (new-in-file)",
        ]
    );
    assert_eq!(codes(&plan), ["record.beside"]);
}

#[test]
fn what_nobody_declared_is_told_and_left_and_purged_only_where_asked() {
    let mut sides = Sides::new();
    sides
        .want("www/A", &["192.0.2.1"])
        .see("www/A", &["192.0.2.1"])
        .see("old/A", &["192.0.2.9"]);
    sides
        .see("@/NS", &["dns1.example.net."])
        .see("@/SOA", &["x"]);
    let plan = sides.plan();
    assert!(told(&plan).is_empty());
    assert_eq!(
        plan.unmanaged
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["record.example.com/old/A"]
    );
    sides.declare_zone(true);
    assert_eq!(
        told(&sides.plan()),
        ["delete record.example.com/old/A 192.0.2.9 → · (not-in-file)"]
    );
}

#[test]
fn a_cname_makes_room_before_it_comes_and_is_blocked_by_a_stranger() {
    let mut sides = Sides::new();
    sides
        .see("www/A", &["192.0.2.1"])
        .recall("www/A")
        .want("www/CNAME", &["example.net."]);
    let plan = sides.plan();
    assert_eq!(
        told(&plan),
        [
            "delete record.example.com/www/A 192.0.2.1 → · (not-in-file)",
            "create record.example.com/www/CNAME · → example.net. (new-in-file)",
        ]
    );
    assert_eq!(plan.steps[1].needs.as_ref(), [plan.steps[0].id]);

    let mut sides = Sides::new();
    sides
        .see("www/A", &["192.0.2.1"])
        .want("www/CNAME", &["example.net."]);
    let plan = sides.plan();
    assert!(told(&plan).is_empty());
    assert_eq!(
        plan.blocked
            .iter()
            .map(|held| held.code)
            .collect::<Vec<_>>(),
        ["record.no-room"]
    );
}

#[test]
fn the_delegation_comes_last_but_first_where_the_zone_must_be_made() {
    let name_servers = Address::of(&account(), &domain(), Kind::Domain);
    let declare = |sides: &mut Sides| {
        let list = Value::list(&["dns1.namebay.com", "dns2.namebay.com"]);
        let needs = vec![Need::Inside(zone())];
        sides.declare(
            name_servers.clone(),
            "delegation",
            Attrs::one("name_servers", list),
            needs,
        );
        let list = Value::list(&["ns1.old.example"]);
        let part = SeenPart {
            part: Part::new("delegation"),
            handle: None,
            attrs: Attrs::one("name_servers", list),
            owner: None,
        };
        let seen = Seen {
            handle: Some(Handle("DO1".into())),
            parts: Box::new([part]),
            ..Seen::default()
        };
        sides.live.objects.insert(name_servers.clone(), seen);
    };
    let mut sides = Sides::new();
    sides.want("www/A", &["192.0.2.1"]);
    declare(&mut sides);
    let last = told(&sides.plan()).pop().unwrap();
    assert_eq!(
        last,
        "update domain.example.com ns1.old.example → dns1.namebay.com dns2.namebay.com (changed-outside)"
    );

    // The zone is not there, and the provider makes it only after the delegation.
    sides.live.objects.remove(&zone());
    let unit = Unit::new(name_servers.clone(), Part::new("delegation"));
    sides.desired.get_mut(&zone()).unwrap().parts[0].needs = Box::new([Need::Unit(unit)]);
    let plan = sides.plan();
    let order: Vec<String> = plan
        .steps
        .iter()
        .map(|step| step.address.to_string())
        .collect();
    assert_eq!(
        order,
        [
            "domain.example.com",
            "zone.example.com",
            "record.example.com/www/A"
        ]
    );
    assert_eq!(plan.steps[0].consequences[0].code, "dns-outage");
    assert_eq!(plan.scopes[0].after, Some(plan.steps[1].id));
}

#[test]
fn a_domain_that_is_not_owned_blocks_what_needs_it_and_nothing_else() {
    let mut sides = Sides::new();
    let domain = Address::of(&account(), &domain(), Kind::Domain);
    sides.declare(domain.clone(), "order", Attrs::none(), vec![]);
    sides.declare(
        domain.clone(),
        "settings",
        Attrs::one("locked", Value::bool(true)),
        vec![],
    );
    sides.want("www/A", &["192.0.2.1"]);
    let plan = sides.plan();
    assert_eq!(
        told(&plan),
        ["create record.example.com/www/A · → 192.0.2.1 (new-in-file)"]
    );
    assert_eq!(
        plan.blocked
            .iter()
            .map(|held| held.code)
            .collect::<Vec<_>>(),
        ["domain.not-owned"]
    );

    sides.live.objects.remove(&zone());
    let unit = Unit::new(domain, Part::new("order"));
    sides.desired.get_mut(&zone()).unwrap().parts[0].needs = Box::new([Need::Unit(unit)]);
    let plan = sides.plan();
    assert!(told(&plan).is_empty());
    assert_eq!(
        plan.blocked
            .iter()
            .map(|held| held.code)
            .collect::<Vec<_>>(),
        ["domain.not-owned", "step.waits"]
    );
}

#[test]
fn a_zone_block_that_goes_is_forgotten_whole_and_nothing_is_deleted() {
    let mut sides = Sides::new();
    sides
        .see("www/A", &["192.0.2.1"])
        .recall("www/A")
        .see("@/A", &["192.0.2.2"])
        .recall("@/A");
    sides.ledger.entries.insert(zone(), Default::default());
    sides.desired.clear();
    let plan = sides.plan();
    assert!(told(&plan).is_empty());
    assert_eq!(plan.summary.forget, 3);
    assert!(codes(&plan).contains(&"guard.emptied-file"));
}

#[test]
fn guards_look_at_shares_apex_name_servers_protection_and_emptied_zones() {
    let mut sides = Sides::new();
    for at in 0..5 {
        let name = format!("h{at}/A");
        sides.see(&name, &["192.0.2.1"]).recall(&name);
    }
    sides
        .want("h0/A", &["192.0.2.1"])
        .want("h1/A", &["192.0.2.1"]);
    assert_eq!(codes(&sides.plan()), ["guard.share"]);
    sides
        .guards
        .share
        .push(pattern::Pattern::new("zone.example.com"));
    assert!(codes(&sides.plan()).is_empty());

    sides
        .guards
        .protect
        .push(pattern::Pattern::new("record.example.com/h4/A"));
    let plan = sides.plan();
    assert_eq!(codes(&plan), ["guard.protected"]);
    assert!(
        plan.findings
            .iter()
            .all(|finding| finding.severity == Severity::Error)
    );
    sides
        .guards
        .destroy
        .push(pattern::Pattern::new("record.example.com/h4/*"));
    assert!(codes(&sides.plan()).is_empty());

    let mut apex = Sides::new();
    apex.see("@/NS", &["dns1.example.net.", "dns2.example.net."])
        .want("@/NS", &["dns1.example.net."]);
    assert_eq!(codes(&apex.plan()), ["guard.apex-ns"]);

    let mut emptied = Sides::new();
    emptied.see("www/A", &["192.0.2.1"]).declare_zone(true);
    assert_eq!(codes(&emptied.plan()), ["guard.emptied-zone"]);
}

#[test]
fn equal_values_under_two_ids_are_one_and_go_together() {
    let mut sides = Sides::new();
    sides
        .see("www/A", &["192.0.2.1", "192.0.2.1"])
        .want("www/A", &["192.0.2.1"]);
    assert!(told(&sides.plan()).is_empty());
    sides.desired.remove(&record("www/A"));
    sides.recall("www/A");
    let plan = sides.plan();
    assert_eq!(told(&plan).len(), 2);
    assert!(sides.carried_out(&plan).plan().steps.is_empty());
}

#[test]
fn targets_bring_what_they_need_and_tell_what_they_leave_out() {
    let mut sides = Sides::new();
    sides
        .see("www/A", &["192.0.2.1"])
        .recall("www/A")
        .want("www/CNAME", &["example.net."]);
    sides
        .want("a/A", &["192.0.2.1"])
        .want("b/A", &["192.0.2.1"]);
    sides
        .intent
        .targets
        .push(pattern::Pattern::new("record.example.com/www/CNAME"));
    let plan = sides.plan();
    assert_eq!(told(&plan).len(), 2);
    assert_eq!((plan.complete, plan.left_out), (false, 2));
    // What is needed is excluded, so what needs it is left out too.
    sides
        .intent
        .excludes
        .push(pattern::Pattern::new("record.example.com/www/A"));
    let plan = sides.plan();
    assert!(told(&plan).is_empty());
    assert_eq!(plan.left_out, 4);
}

#[test]
fn a_released_attribute_is_told_once() {
    let mut sides = Sides::new();
    let mut entry = bailiwick::ledger::Entry::default();
    let part = |name: &str, attrs: Attrs| bailiwick::ledger::EntryPart {
        part: Part::new(name),
        handle: None,
        attrs,
        owner: None,
    };
    entry.parts = Box::new([
        part("", Attrs::none()),
        part("ttl", Attrs::one("ttl", Value::int(300))),
    ]);
    sides.ledger.entries.insert(zone(), entry);
    let plan = sides.plan();
    assert_eq!(codes(&plan), ["attribute.released"]);
    assert!(!plan.changes);
}
