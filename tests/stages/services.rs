//! Services that are there, are not, hold too little, and what they bring beside the file.

use super::objects::*;
use super::world::*;
use bailiwick::model::*;
use bailiwick::plan::{Consent, approve};
use std::collections::BTreeMap;

#[test]
fn what_lives_in_a_service_that_is_not_there_is_told_and_the_rest_goes_on() {
    let mut sides = Sides::new();
    sides.want("www/A", &["192.0.2.1"]);
    sides.declare(object(Kind::Mail, ""), "order", Attrs::none(), vec![]);
    sides.declare(object(Kind::Hosting, ""), "order", Attrs::none(), vec![]);
    let (mailbox, answer) = (
        object(Kind::Mailbox, "info"),
        object(Kind::Autoresponder, "info"),
    );
    sides
        .want_object(&mailbox, attrs(&[("type", "alias")]))
        .want_object(&answer, attrs(&[("subject", "away")]))
        .want_object(&object(Kind::FtpUser, "deploy"), Attrs::none())
        .want_object(&object(Kind::FtpUser, "(admin)"), Attrs::none())
        .want_object(
            &object(Kind::Redirect, "blog.example.com"),
            attrs(&[("to", "https://x.example/")]),
        );
    let plan = sides.plan();
    assert_eq!(
        sent(&plan),
        ["create record.example.com/www/A data (new-in-file)"]
    );
    assert_eq!(
        held(&plan),
        [
            "redirect.example.com/blog.example.com redirect.no-service",
            "mail.example.com service.not-there",
            "mailbox.info@example.com mailbox.no-service",
            "hosting.example.com service.not-there",
            "ftp_user.example.com/(admin) service.not-there",
            "ftp_user.example.com/deploy ftp_user.no-hosting",
        ]
    );
    // A family that cannot be read is not said to be missing.
    sides
        .live
        .unreadable
        .insert((account(), Kind::RedirectService));
    let plan = sides.plan();
    assert!(!held(&plan).iter().any(|held| held.contains("redirect")));
}

#[test]
fn services_are_adopted_and_none_is_a_find() {
    let mut sides = Sides::with_services();
    assert!(sides.plan().unmanaged.is_empty());
    sides.declare(object(Kind::Mail, ""), "order", Attrs::none(), vec![]);
    let plan = sides.plan();
    assert_eq!(sent(&plan), Vec::<String>::new());
    assert!(held(&plan).is_empty());
}

#[test]
fn a_capacity_is_never_changed_here() {
    let mail = object(Kind::Mail, "");
    let declared = |count| {
        let mut sides = Sides::with_services();
        let five = Attrs::one("mailboxes", Value::int(5));
        sides.see_part(&mail, "capacity", five);
        let wanted = Attrs::one("mailboxes", Value::int(count));
        sides.declare(mail.clone(), "capacity", wanted, vec![]);
        sides.declare(mail.clone(), "order", Attrs::none(), vec![]);
        sides.plan()
    };
    let above = declared(6);
    assert_eq!(held(&above), ["mail.example.com service.capacity"]);
    let reason = &above.blocked[0].reason;
    assert!(reason.contains("live 5, declared 6"), "{reason}");
    let below = declared(4);
    assert_eq!(told(&below), ["service.capacity-below"]);
    let equal = declared(5);
    assert!(told(&equal).is_empty());
    for plan in [above, below, equal] {
        assert_eq!(sent(&plan), Vec::<String>::new());
    }
}

#[test]
fn a_capacity_that_cannot_be_read_is_told_and_never_set() {
    let mail = object(Kind::Mail, "");
    let mut sides = Sides::with_services();
    let wanted = Attrs::one("mailboxes", Value::int(5));
    sides.declare(mail.clone(), "capacity", wanted, vec![]);
    sides.declare(mail.clone(), "order", Attrs::none(), vec![]);
    let unit = Unit::new(mail, Part::new("capacity"));
    sides.live.unreadable_units.insert(unit);
    let plan = sides.plan();
    assert_eq!(told(&plan), ["facet.unreadable"]);
    assert_eq!(sent(&plan), Vec::<String>::new());
}

#[test]
fn a_service_that_could_not_be_read_holds_what_lives_in_it_down_to_the_automatic_answer() {
    let mut sides = Sides::new();
    let (mailbox, answer) = (
        object(Kind::Mailbox, "info"),
        object(Kind::Autoresponder, "info"),
    );
    let redirect = object(Kind::Redirect, "blog.example.com");
    sides
        .want_object(&mailbox, attrs(&[("type", "alias")]))
        .want_object(&answer, attrs(&[("subject", "away")]))
        .want_object(&redirect, attrs(&[("to", "https://x.example/")]));
    for kind in [Kind::Mail, Kind::RedirectService] {
        let reason = Reason::ours("net.timeout", "no answer");
        sides.live.failed.push((object(kind, ""), reason));
    }
    let plan = sides.plan();
    assert_eq!(sent(&plan), Vec::<String>::new());
    assert_eq!(
        held(&plan),
        [
            "redirect.example.com/blog.example.com read.failed",
            "mailbox.info@example.com read.failed",
            "autoresponder.info@example.com read.failed",
        ]
    );
}

#[test]
fn an_automatic_answer_comes_after_the_mailbox_that_the_same_plan_makes() {
    let mut sides = Sides::with_services();
    let (mailbox, answer) = (
        object(Kind::Mailbox, "info"),
        object(Kind::Autoresponder, "info"),
    );
    sides
        .want_object(&mailbox, attrs(&[("type", "alias")]))
        .want_object(&answer, attrs(&[("subject", "away")]));
    let plan = sides.plan();
    assert_eq!(
        sent(&plan),
        [
            "create mailbox.info@example.com type (new-in-file)",
            "create autoresponder.info@example.com subject (new-in-file)",
        ]
    );
    assert_eq!(plan.steps[1].needs.as_ref(), [plan.steps[0].id]);
    // It is written into what the mailbox is called once it is there.
    let ledgers = BTreeMap::from([(account(), sides.ledger.clone())]);
    let mut approved = approve(plan.clone(), &ledgers, sides.live.clone(), Consent::Given).unwrap();
    assert_eq!(approved.write(&plan.steps[1]).unwrap().within, None);
    let mail = approved.write(&plan.steps[0]).unwrap().within;
    assert_eq!(mail, Some(Handle("h-mail.example.com".into())));
    approved.learn(&mailbox, Handle("M7".into()));
    let within = approved.write(&plan.steps[1]).unwrap().within;
    assert_eq!(within, Some(Handle("M7".into())));
    settled(&sides.done(&plan));
    // Without the mailbox there is no answer.
    sides
        .intent
        .excludes
        .push(pattern::Pattern::new("mailbox.*"));
    assert_eq!(sent(&sides.plan()), Vec::<String>::new());
}

#[test]
fn a_redirection_is_written_into_the_zone_and_not_into_the_service_that_sells_it() {
    let mut sides = Sides::with_services();
    let redirect = object(Kind::Redirect, "blog.example.com");
    sides.want_object(&redirect, attrs(&[("to", "https://x.example/")]));
    let plan = sides.plan();
    let ledgers = BTreeMap::from([(account(), sides.ledger.clone())]);
    let approved = approve(plan.clone(), &ledgers, sides.live.clone(), Consent::Given).unwrap();
    let within = approved.write(&plan.steps[0]).unwrap().within;
    assert_eq!(within, Some(Handle("DO1".into())));
}

/// Marks the values of a live address as brought by a redirection.
fn owned(sides: &mut Sides, name: &str) {
    let redirect = object(Kind::Redirect, "blog.example.com");
    let seen = sides.live.objects.get_mut(&record(name)).unwrap();
    for part in &mut seen.parts {
        part.owner = Some(Box::new(redirect.clone()));
    }
}

#[test]
fn records_that_a_redirection_brings_are_left_alone() {
    let mut sides = Sides::with_services();
    let redirect = object(Kind::Redirect, "blog.example.com");
    let to = attrs(&[("to", "https://x.example/")]);
    sides
        .want_object(&redirect, to.clone())
        .see_object(&redirect, to.clone())
        .recall_object(&redirect, to);
    sides.declare_zone(true);
    sides
        .want("www/A", &["192.0.2.1"])
        .see("www/A", &["192.0.2.1"])
        .see("blog/A", &["198.51.100.7"]);
    owned(&mut sides, "blog/A");
    let plan = sides.plan();
    assert_eq!(sent(&plan), Vec::<String>::new());
    assert!(plan.unmanaged.is_empty());
    assert!(
        told(&plan).is_empty(),
        "no share of them: {:?}",
        told(&plan)
    );

    // A declared address keeps it too, and both names are told.
    sides.want("blog/A", &["192.0.2.9"]);
    let plan = sides.plan();
    assert_eq!(
        sent(&plan),
        ["update record.example.com/blog/A data (new-in-file)"]
    );
    assert_eq!(told(&plan), ["redirect.beside-record"]);

    // One that the file declared goes with its line, whatever stands at its name.
    sides.desired.remove(&record("blog/A"));
    sides.recall("blog/A");
    assert_eq!(
        sent(&sides.plan()),
        ["delete record.example.com/blog/A (not-in-file)"]
    );
}
