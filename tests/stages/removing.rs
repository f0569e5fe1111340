//! What goes with its line, what stays, and what only consent destroys.

use super::objects::*;
use super::world::*;
use bailiwick::ledger::{Open, StepId};
use bailiwick::model::*;
use bailiwick::plan::{Consent, Plan, PlanAction, Refusal, approve};
use std::collections::BTreeMap;

fn redirect() -> Address {
    object(Kind::Redirect, "blog.example.com")
}

fn mailbox() -> Address {
    object(Kind::Mailbox, "sales")
}

fn answer() -> Address {
    object(Kind::Autoresponder, "sales")
}

fn ftp_user(name: &str) -> Address {
    object(Kind::FtpUser, name)
}

fn forgotten(plan: &Plan) -> Vec<String> {
    let steps = plan.steps.iter();
    let forgets = steps.filter(|step| step.action == PlanAction::Forget);
    forgets.map(|step| step.address.to_string()).collect()
}

/// A live object that a run of ours made, and whose line is gone.
fn without_line(address: &Address) -> Sides {
    let mut sides = Sides::with_services();
    let own = attrs(&[("description", "mine")]);
    sides
        .see_object(address, own.clone())
        .recall_object(address, own);
    sides
}

#[test]
fn a_redirection_goes_with_its_line_while_its_domain_stands() {
    let sides = without_line(&redirect());
    let plan = sides.plan();
    assert_eq!(
        sent(&plan),
        ["delete redirect.example.com/blog.example.com (not-in-file)"]
    );
    assert_eq!(
        plan.steps[0].before(),
        attrs(&[("description", "mine")]),
        "what is expected to be there"
    );
    let after = sides.done(&plan);
    assert!(!after.ledger.entries.contains_key(&redirect()));
    settled(&after);

    let mut sides = without_line(&redirect());
    sides.homes.clear();
    let plan = sides.plan();
    assert_eq!(forgotten(&plan), ["redirect.example.com/blog.example.com"]);
    assert_eq!(sent(&plan), Vec::<String>::new());
}

#[test]
fn an_ftp_user_goes_with_its_line_while_the_hosting_stands_and_the_hostings_own_never() {
    let hosting = object(Kind::Hosting, "");
    let mut sides = without_line(&ftp_user("deploy"));
    assert_eq!(forgotten(&sides.plan()), ["ftp_user.example.com/deploy"]);
    sides.declare(hosting.clone(), "order", Attrs::none(), vec![]);
    assert_eq!(
        sent(&sides.plan()),
        ["delete ftp_user.example.com/deploy (not-in-file)"]
    );
    let mut own = without_line(&ftp_user("(admin)"));
    own.declare(hosting, "order", Attrs::none(), vec![]);
    assert_eq!(sent(&own.plan()), Vec::<String>::new());
    own.ledger.entries.remove(&ftp_user("(admin)"));
    assert!(
        own.plan().unmanaged.is_empty(),
        "it is no find of anybody's"
    );
}

#[test]
fn a_mailbox_is_kept_and_named_with_the_flag_that_destroys_it() {
    let sides = without_line(&mailbox());
    let plan = sides.plan();
    assert_eq!(forgotten(&plan), ["mailbox.sales@example.com"]);
    assert_eq!(told(&plan), ["object.forgotten"]);
    let message = &plan.findings[0].message;
    assert!(
        message.contains("--allow-destroy 'mailbox.sales@example.com'"),
        "{message}"
    );
    let mut after = sides.done(&plan);
    settled(&after);
    assert!(after.ledger.entries[&mailbox()].forgotten);

    // Forgotten or not, consent destroys what was ours.
    for sides in [&mut without_line(&mailbox()), &mut after] {
        sides.consent("mailbox.sales@example.com");
        let plan = sides.plan();
        assert_eq!(
            sent(&plan),
            ["delete mailbox.sales@example.com (not-in-file)"]
        );
        let after = sides.done(&plan);
        assert!(!after.ledger.entries.contains_key(&mailbox()));
    }
    // What was never ours is destroyed by no consent, and neither is a service.
    let mut strange = without_line(&mailbox());
    strange.ledger.entries.remove(&mailbox());
    strange.consent("**");
    assert_eq!(sent(&strange.plan()), Vec::<String>::new());
    let mut service = without_line(&object(Kind::Mail, ""));
    service.consent("**");
    assert_eq!(sent(&service.plan()), Vec::<String>::new());
    assert_eq!(forgotten(&service.plan()), ["mail.example.com"]);
}

#[test]
fn protection_refuses_only_its_object() {
    let other = object(Kind::Redirect, "shop.example.com");
    let mut sides = without_line(&redirect());
    sides
        .see_object(&other, Attrs::none())
        .recall_object(&other, Attrs::none());
    let pattern = "redirect.example.com/blog.*";
    sides.guards.protect.push(pattern::Pattern::new(pattern));
    let plan = sides.plan();
    assert_eq!(told(&plan), ["guard.protected"]);
    let ledgers = BTreeMap::from([(account(), sides.ledger.clone())]);
    let mut approved = approve(plan, &ledgers, sides.live.clone(), Consent::Given).unwrap();
    assert_eq!(approved.refused()[0].address, redirect());
    let left: Vec<Address> = approved
        .take_steps()
        .into_iter()
        .map(|step| step.address)
        .collect();
    assert_eq!(left, [other]);
    sides.consent("redirect.example.com/blog.example.com");
    assert!(told(&sides.plan()).is_empty());
}

#[test]
fn an_automatic_answer_is_left_alone_without_its_line_and_removed_by_false() {
    let mut sides = without_line(&answer());
    sides.see_object(&mailbox(), Attrs::none());
    sides.recall_object(&mailbox(), Attrs::none());
    sides.want_object(&mailbox(), Attrs::none());
    let plan = sides.plan();
    assert_eq!(forgotten(&plan), ["autoresponder.sales@example.com"]);
    assert_eq!(told(&plan), ["object.forgotten"]);
    assert!(plan.findings[0].message.contains("autoresponder = false"));

    let gone = |sides: &mut Sides| {
        sides.want_object(&answer(), Attrs::none());
        let rules = Rules {
            gone: true,
            ..Rules::default()
        };
        sides.desired.get_mut(&answer()).unwrap().rules = Some(Box::new(rules));
    };
    for recorded in [true, false] {
        let mut sides = sides.clone();
        if !recorded {
            sides.ledger.entries.remove(&answer());
        }
        gone(&mut sides);
        let plan = sides.plan();
        assert_eq!(
            sent(&plan),
            ["delete autoresponder.sales@example.com (edited-in-file)"]
        );
        settled(&sides.done(&plan));
    }
    // Gone already: at most a note.
    sides.live.objects.remove(&answer());
    gone(&mut sides);
    let plan = sides.plan();
    assert_eq!(forgotten(&plan), ["autoresponder.sales@example.com"]);
    assert!(told(&plan).is_empty());
    settled(&sides.done(&plan));
    // What cannot be read is not said to be gone.
    sides
        .live
        .unreadable
        .insert((account(), Kind::Autoresponder));
    assert_eq!(
        held(&sides.plan()),
        ["autoresponder.sales@example.com object.unreadable"]
    );
}

#[test]
fn a_mailbox_that_is_gone_is_never_made_a_second_time() {
    let mut sides = Sides::with_services();
    sides
        .want_object(&mailbox(), attrs(&[("type", "alias")]))
        .recall_object(&mailbox(), attrs(&[("type", "alias")]));
    let plan = sides.plan();
    assert_eq!(held(&plan), ["mailbox.sales@example.com object.missing"]);
    assert_eq!(sent(&plan), Vec::<String>::new());
    // A redirection costs and holds nothing.
    let mut sides = Sides::with_services();
    sides
        .want_object(&redirect(), attrs(&[("to", "https://x.example/")]))
        .recall_object(&redirect(), attrs(&[("to", "https://x.example/")]));
    assert_eq!(
        sent(&sides.plan()),
        ["create redirect.example.com/blog.example.com to (missing)"]
    );
}

/// An alias keeps no mail: a mailbox that becomes one is as good as destroyed.
#[test]
fn a_mailbox_becomes_an_alias_only_where_its_end_is_allowed_by_name() {
    let mut sides = Sides::with_services();
    sides
        .want_object(&mailbox(), attrs(&[("type", "alias")]))
        .see_object(&mailbox(), attrs(&[("type", "pop")]))
        .recall_object(&mailbox(), attrs(&[("type", "pop")]));
    let plan = sides.plan();
    assert_eq!(held(&plan), ["mailbox.sales@example.com mailbox.type"]);
    assert_eq!(sent(&plan), Vec::<String>::new());
    sides.consent("mailbox.sales@example.com");
    let plan = sides.plan();
    assert_eq!(held(&plan), Vec::<String>::new());
    assert_eq!(
        sent(&plan),
        ["update mailbox.sales@example.com type (edited-in-file)"]
    );
}

/// A line that is new was edited; where nothing was applied yet, the difference was made elsewhere.
#[test]
fn a_new_line_of_an_object_of_ours_is_an_edit() {
    let mut sides = Sides::with_services();
    sides
        .want_object(
            &redirect(),
            attrs(&[("to", "https://x.example/"), ("title", "New")]),
        )
        .see_object(
            &redirect(),
            attrs(&[("to", "https://x.example/"), ("title", "")]),
        )
        .recall_object(&redirect(), attrs(&[("to", "https://x.example/")]));
    assert_eq!(
        sent(&sides.plan()),
        ["update redirect.example.com/blog.example.com title (edited-in-file)"]
    );
    sides.ledger.entries.remove(&redirect());
    assert_eq!(
        sent(&sides.plan()),
        ["update redirect.example.com/blog.example.com title (changed-outside)"]
    );
}

/// A creation that nothing can look up is not sent a second time.
#[test]
fn what_no_read_can_settle_waits_for_a_word() {
    let mut sides = Sides::with_services();
    sides.with_hosting();
    sides.want_object(&ftp_user("deploy"), attrs(&[("dir", "/www")]));
    sides.want_secret(&ftp_user("deploy"), "password", Sent::WithEach);
    sides.at_hand(&ftp_user("deploy"), "password", "a");
    let unit = Unit::new(ftp_user("deploy"), Part::object());
    sides.live.unreadable_units.insert(unit.clone());
    let plan = sides.plan();
    assert_eq!(sent(&plan).len(), 1, "nobody has tried yet");
    let write = Write {
        unit: unit.clone(),
        action: Action::Create,
        before: Attrs::none(),
        after: attrs(&[("dir", "/www")]),
        handle: None,
        within: None,
        order: None,
    };
    let open = Open {
        step: StepId::NO_RUN,
        write,
        since: sides.live.as_of,
        pending: None,
    };
    sides.ledger.open.insert(unit, open);
    let plan = sides.plan();
    assert_eq!(held(&plan), ["ftp_user.example.com/deploy unit.doubt"]);
    assert_eq!(sent(&plan), Vec::<String>::new());
}

/// C3: what is under way is told with what a person has to do, waits, and makes a plan of before stale.
#[test]
fn what_is_under_way_is_told_under_pending_and_nothing_is_sent_for_it() {
    let mut sides = Sides::with_services();
    sides.want_object(&redirect(), attrs(&[("to", "https://a.example/")]));
    let before = sides.plan();
    assert_eq!(sent(&before).len(), 1);
    assert!(before.pending.is_empty());
    let unit = Unit::new(redirect(), Part::object());
    let open = Open {
        step: StepId::NO_RUN,
        write: Write {
            unit: unit.clone(),
            action: Action::Create,
            before: Attrs::none(),
            after: attrs(&[("to", "https://a.example/")]),
            handle: None,
            within: None,
            order: None,
        },
        since: sides.live.as_of,
        pending: Some(Pending {
            on: On::Person {
                what: "confirm it".into(),
                place: "the mail to the owner".into(),
            },
            order: "T-1".into(),
            goal: "changed".into(),
        }),
    };
    sides.ledger.pending.insert(unit, open);
    let plan = sides.plan();
    assert_eq!(sent(&plan), Vec::<String>::new());
    assert_eq!(
        held(&plan),
        ["redirect.example.com/blog.example.com unit.pending"]
    );
    let told = &plan.pending[0];
    assert_eq!(
        (&*told.order, &*told.goal, told.action.as_deref()),
        ("T-1", "changed", Some("confirm it (the mail to the owner)"))
    );
    let text = bailiwick::render::json::plan(&plan);
    assert_eq!(
        bailiwick::plan::file::read(&text).unwrap().pending,
        plan.pending
    );
    let ledgers = BTreeMap::from([(account(), sides.ledger.clone())]);
    let stale = approve(before, &ledgers, sides.live.clone(), Consent::ByDigest);
    assert!(matches!(stale, Err(Refusal::Stale(_))), "{stale:?}");
}

/// What is forgotten and costs money says when it costs next.
#[test]
fn the_notice_of_what_is_forgotten_names_its_next_renewal() {
    let hosting = object(Kind::Hosting, "");
    let mut sides = without_line(&hosting);
    let seen = sides.live.objects.get_mut(&hosting).unwrap();
    seen.expires = Some("2027-05-08T00:00:00Z".parse().unwrap());
    let message = |sides: &Sides| sides.plan().findings[0].message.clone();
    assert!(message(&sides).contains("ends on 2027-05-08 unless it is renewed"));
    let entry = sides.ledger.entries.get_mut(&hosting).unwrap();
    entry.parts[0].attrs = Attrs::one("auto_renew", Value::bool(true));
    assert!(message(&sides).contains("renews itself, next before it ends on 2027-05-08"));
}

/// B7: what may not change in place is part of the address (a mailbox's name and domain, a redirection's
/// origin, an FTP user's label), so that another one is another object, and nothing is ever replaced.
#[test]
fn changes_are_made_in_place_with_what_differs_alone() {
    let mut sides = Sides::with_services();
    let (old, new) = (
        attrs(&[("to", "https://a.example/"), ("title", "A")]),
        attrs(&[("to", "https://b.example/"), ("title", "A")]),
    );
    sides
        .want_object(&redirect(), new)
        .see_object(&redirect(), old.clone())
        .recall_object(&redirect(), old);
    let plan = sides.plan();
    assert_eq!(
        sent(&plan),
        ["update redirect.example.com/blog.example.com to (edited-in-file)"]
    );
    assert_eq!(plan.summary.replace, 0);
    settled(&sides.done(&plan));
}
