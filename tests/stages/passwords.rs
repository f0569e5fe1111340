//! When a password goes out, when only its fingerprint is noted, and what is told of one that is not at hand.

use super::objects::*;
use super::world::*;
use bailiwick::model::*;
use bailiwick::plan::{Plan, PlanAction, file};

fn mailbox() -> Address {
    object(Kind::Mailbox, "info")
}

fn ftp_user() -> Address {
    object(Kind::FtpUser, "deploy")
}

const POP: &[(&str, &str)] = &[("type", "pop")];
const DIR: &[(&str, &str)] = &[("dir", "/www")];

/// A declared mailbox whose password is `a`.
fn declared() -> Sides {
    let mut sides = Sides::with_services();
    sides.want_object(&mailbox(), attrs(POP));
    sides.want_secret(&mailbox(), "password", Sent::OnChange);
    sides.at_hand(&mailbox(), "password", "a");
    sides
}

/// The same, live and made by us.
fn made() -> Sides {
    let mut sides = declared();
    sides
        .see_object(&mailbox(), attrs(POP))
        .recall_object(&mailbox(), with_print(attrs(POP), "password", "a"));
    sides
}

/// A declared FTP user, live and made by us.
fn uploading() -> Sides {
    let mut sides = Sides::with_services();
    sides.with_hosting();
    sides
        .want_object(&ftp_user(), attrs(DIR))
        .see_object(&ftp_user(), attrs(DIR))
        .recall_object(&ftp_user(), with_print(attrs(DIR), "password", "a"));
    sides.want_secret(&ftp_user(), "password", Sent::WithEach);
    sides.at_hand(&ftp_user(), "password", "a");
    sides
}

fn recorded(sides: &Sides, address: &Address) -> Option<String> {
    let part = sides.ledger.entries.get(address)?.part(&Part::object())?;
    part.attrs.print("password").map(|print| print.to_string())
}

/// H1 and B8: no form of the plan holds a fingerprint, and a secret is null on both sides.
fn shows_nothing(plan: &Plan) {
    let json = file::write(plan);
    assert!(!json.contains("canary"), "{json}");
    for attribute in plan.steps.iter().flat_map(|step| &step.attributes) {
        assert_eq!(attribute.secret, attribute.name == "password");
    }
    let back = file::read(&json).unwrap();
    assert_eq!(file::write(&back), json);
}

#[test]
fn one_that_is_made_takes_its_password_and_then_nothing_is_left() {
    let sides = declared();
    let plan = sides.plan();
    assert_eq!(
        sent(&plan),
        ["create mailbox.info@example.com password,type (new-in-file)"]
    );
    shows_nothing(&plan);
    let after = sides.done(&plan);
    assert_eq!(recorded(&after, &mailbox()), Some(print("a").to_string()));
    settled(&after);
}

#[test]
fn one_that_cannot_be_made_without_a_password_says_which_key_to_write() {
    let mut sides = declared();
    sides.lacking(&mailbox(), "password");
    let plan = sides.plan();
    assert_eq!(held(&plan), ["mailbox.info@example.com secret.missing"]);
    assert!(plan.blocked[0].reason.contains("THE_PASSWORD is not set"));
    let secrets = sides.desired.get_mut(&mailbox()).unwrap();
    secrets.secrets.as_mut().unwrap()[0].origin = None;
    let plan = sides.plan();
    assert_eq!(held(&plan), ["mailbox.info@example.com secret.missing"]);
    let reason = &plan.blocked[0].reason;
    assert!(reason.contains("password = { env"), "{reason}");
    // Live, it needs none.
    sides.see_object(&mailbox(), attrs(POP));
    let plan = sides.plan();
    assert!(held(&plan).is_empty() && told(&plan).is_empty());
}

#[test]
fn a_source_that_changed_is_sent_and_shown_as_changed() {
    let mut sides = made();
    settled(&sides);
    sides.at_hand(&mailbox(), "password", "b");
    let plan = sides.plan();
    assert_eq!(
        sent(&plan),
        ["update mailbox.info@example.com password (secret-changed)"]
    );
    assert!(plan.steps[0].consequences.is_empty());
    shows_nothing(&plan);
    let after = sides.done(&plan);
    assert_eq!(recorded(&after, &mailbox()), Some(print("b").to_string()));
    let part = after.ledger.entries[&mailbox()].part(&Part::object());
    assert_eq!(part.unwrap().attrs.text("type"), Some("pop"));
    settled(&after);
}

#[test]
fn what_is_found_gets_no_password_and_its_next_change_does() {
    let mut sides = declared();
    sides.see_object(&mailbox(), attrs(POP));
    let plan = sides.plan();
    assert_eq!(sent(&plan), Vec::<String>::new());
    assert_eq!(told(&plan), ["secret.not-comparable"]);
    let message = &plan.findings[0].message;
    assert!(
        message.contains("--resend 'mailbox.info@example.com'"),
        "{message}"
    );
    shows_nothing(&plan);
    let mut after = sides.done(&plan);
    assert_eq!(recorded(&after, &mailbox()), Some(print("a").to_string()));
    settled(&after);
    after.at_hand(&mailbox(), "password", "b");
    assert_eq!(
        sent(&after.plan()),
        ["update mailbox.info@example.com password (secret-changed)"]
    );
    // A line that came later is the same; so is a forgotten one that comes back.
    let mut later = made();
    later.recall_object(&mailbox(), attrs(POP));
    assert_eq!(told(&later.plan()), ["secret.not-comparable"]);
    let mut back = made();
    back.ledger.entries.get_mut(&mailbox()).unwrap().forgotten = true;
    back.at_hand(&mailbox(), "password", "b");
    let plan = back.plan();
    assert_eq!(sent(&plan), Vec::<String>::new());
    assert_eq!(told(&plan), ["secret.not-comparable"]);
}

#[test]
fn one_that_is_asked_for_is_sent_whatever_is_known() {
    let mut found = declared();
    found.see_object(&mailbox(), attrs(POP));
    for mut sides in [made(), found] {
        sides.resend("mailbox.*");
        let plan = sides.plan();
        assert_eq!(
            sent(&plan),
            ["update mailbox.info@example.com password (resend)"]
        );
        assert_eq!(plan.steps[0].consequences[0].code, "replaces-password");
        assert!(told(&plan).is_empty());
        let after = sides.done(&plan);
        assert_eq!(recorded(&after, &mailbox()), Some(print("a").to_string()));
        settled(&after);
        sides.lacking(&mailbox(), "password");
        assert_eq!(
            held(&sides.plan()),
            ["mailbox.info@example.com secret.missing"]
        );
    }
}

#[test]
fn asking_for_what_has_no_password_is_told() {
    let mut sides = made();
    sides.resend("mailbox.infos@example.com");
    let plan = sides.plan();
    assert_eq!(sent(&plan), Vec::<String>::new());
    assert_eq!(told(&plan), ["secret.none-to-resend"]);
}

#[test]
fn one_that_is_not_at_hand_is_compared_with_nothing_and_kept_in_mind() {
    let mut sides = made();
    sides.lacking(&mailbox(), "password");
    let plan = sides.plan();
    assert!(plan.steps.is_empty());
    assert_eq!(told(&plan), ["secret.not-at-hand"]);
    // Other changes go out without it.
    sides.want_object(&mailbox(), Attrs::none());
    let declared = sides.desired.get_mut(&mailbox()).unwrap();
    declared.parts = Box::new([Wanted {
        attrs: attrs(&[("type", "pop"), ("name", "Info")]),
        ..declared.parts[0].clone()
    }]);
    let plan = sides.plan();
    assert_eq!(
        sent(&plan),
        ["update mailbox.info@example.com name (edited-in-file)"]
    );
    let after = sides.done(&plan);
    assert_eq!(recorded(&after, &mailbox()), Some(print("a").to_string()));
    assert!(after.plan().steps.is_empty());
}

#[test]
fn where_the_provider_takes_no_change_without_it_each_change_carries_it_and_says_so() {
    let mut sides = uploading();
    settled(&sides);
    sides.see_object(&ftp_user(), attrs(&[("dir", "/old")]));
    let plan = sides.plan();
    assert_eq!(
        sent(&plan),
        ["update ftp_user.example.com/deploy dir,password (changed-outside)"]
    );
    assert_eq!(plan.steps[0].consequences[0].code, "replaces-password");
    shows_nothing(&plan);
    settled(&sides.done(&plan));
    sides.lacking(&ftp_user(), "password");
    assert_eq!(
        held(&sides.plan()),
        ["ftp_user.example.com/deploy secret.missing"]
    );
    // Its own change is what was meant.
    let mut sides = uploading();
    sides.at_hand(&ftp_user(), "password", "b");
    let plan = sides.plan();
    assert_eq!(
        sent(&plan),
        ["update ftp_user.example.com/deploy password (secret-changed)"]
    );
    assert!(plan.steps[0].consequences.is_empty());
}

#[test]
fn the_hostings_own_user_takes_a_password_and_nothing_else() {
    let own = object(Kind::FtpUser, "(admin)");
    for listed in [true, false] {
        let mut sides = Sides::with_services();
        sides.with_hosting();
        sides.want_object(&own, Attrs::none());
        if listed {
            sides.see_object(&own, Attrs::none());
        }
        sides.want_secret(&own, "admin_password", Sent::WithEach);
        sides.at_hand(&own, "admin_password", "a");
        let plan = sides.plan();
        assert_eq!(sent(&plan), Vec::<String>::new());
        assert_eq!(told(&plan), ["secret.not-comparable"]);
        let mut after = sides.done(&plan);
        settled(&after);
        after.at_hand(&own, "admin_password", "b");
        let plan = after.plan();
        assert_eq!(
            sent(&plan),
            ["update ftp_user.example.com/(admin) admin_password (secret-changed)"]
        );
        if listed {
            settled(&after.done(&plan));
        }
    }
}

#[test]
fn a_password_whose_line_goes_is_released_once_and_its_fingerprint_with_it() {
    let mut sides = made();
    sides.desired.get_mut(&mailbox()).unwrap().secrets = None;
    let plan = sides.plan();
    assert_eq!(told(&plan), ["attribute.released"]);
    assert!(
        plan.steps
            .iter()
            .all(|step| step.action == PlanAction::Adopt)
    );
    let after = sides.done(&plan);
    assert_eq!(recorded(&after, &mailbox()), None);
    settled(&after);
}

#[test]
fn the_digest_is_that_of_a_change_and_not_of_the_secret() {
    let digest = |of: &str| {
        let mut sides = made();
        sides.at_hand(&mailbox(), "password", of);
        sides.plan().digest
    };
    assert_eq!(digest("b"), digest("c"));
    assert_ne!(digest("a"), digest("b"));
}

/// A secret that its provider tells once needs a place, unless the file sets its own.
#[test]
fn what_tells_a_secret_once_is_held_back_without_a_place_with_what_needs_it() {
    for (kind, name) in [
        (Kind::Database, "password"),
        (Kind::Wordpress, "admin_password"),
    ] {
        let mut sides = Sides::with_services();
        sides.with_hosting();
        let object = object(kind, "shop");
        sides.want_object(&object, attrs(&[("type", "x")]));
        sides.want_object(&ftp_user(), attrs(DIR));
        sides.want_secret(&ftp_user(), "password", Sent::OnChange);
        sides.at_hand(&ftp_user(), "password", "a");
        let found = |sides: &Sides| {
            let plan = sides.plan();
            let findings = plan.findings.into_iter();
            findings
                .filter(|finding| finding.code == "secret.no-place")
                .collect::<Vec<_>>()
        };
        let [finding] = &found(&sides)[..] else {
            panic!("{:?}", found(&sides));
        };
        assert_eq!(finding.address.as_ref(), Some(&object));
        assert!(finding.message.contains("[secrets]") && finding.message.contains(name));
        assert!(finding.source.is_some());

        // Its object alone does not run.
        let plan = sides.plan();
        let ledgers = std::collections::BTreeMap::from([(account(), sides.ledger.clone())]);
        let consent = bailiwick::plan::Consent::Given;
        let approved = bailiwick::plan::approve(plan, &ledgers, sides.live.clone(), consent);
        let approved = approved.expect("the rest may run");
        let left: Vec<Kind> = approved
            .plan()
            .steps
            .iter()
            .map(|step| step.address.kind)
            .collect();
        assert_eq!(left, [Kind::FtpUser]);
        assert_eq!(approved.refused()[0].code, "secret.no-place");

        // A place, or a value of the file's own, lets it go.
        let mut placed = sides.clone();
        placed.guards.keeps_secrets = true;
        assert_eq!(found(&placed), []);
        sides.want_secret(&object, name, Sent::OnChange);
        sides.at_hand(&object, name, "b");
        assert_eq!(found(&sides), []);
    }
}
