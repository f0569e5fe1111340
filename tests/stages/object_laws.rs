//! What holds for every world of mailboxes, FTP users, redirections and their passwords.

use super::objects::*;
use super::world::*;
use bailiwick::model::*;
use bailiwick::plan::file;
use proptest::prelude::*;

/// One object on each side: what it says there, and which password.
#[derive(Debug, Clone)]
struct One {
    declared: Option<usize>,
    live: Option<usize>,
    recorded: Option<(usize, Option<usize>)>,
    forgotten: bool,
    /// Whether the file writes a password, and which its source gives now.
    written: Option<Option<usize>>,
    resend: bool,
}

const TEXTS: [&str; 2] = ["one", "two"];

fn one() -> impl Strategy<Value = One> {
    let text = || prop::option::of(0..TEXTS.len());
    (
        text(),
        text(),
        prop::option::of((0..TEXTS.len(), text())),
        prop::bool::weighted(0.2),
        prop::option::of(text()),
        prop::bool::weighted(0.2),
    )
        .prop_map(
            |(declared, live, recorded, forgotten, written, resend)| One {
                declared,
                live,
                recorded,
                forgotten,
                written,
                resend,
            },
        )
}

fn objects() -> [(Address, Option<Sent>); 4] {
    [
        (object(Kind::Mailbox, "info"), Some(Sent::OnChange)),
        (object(Kind::Autoresponder, "info"), None),
        (object(Kind::Redirect, "blog.example.com"), None),
        (object(Kind::FtpUser, "deploy"), Some(Sent::WithEach)),
    ]
}

fn sides_of(all: &[One]) -> Sides {
    let mut sides = Sides::with_services();
    sides.with_hosting();
    let text = |at: usize| attrs(&[("description", TEXTS[at])]);
    for ((address, sent), one) in objects().iter().zip(all) {
        if let Some(at) = one.declared {
            sides.want_object(address, text(at));
            if let (Some(sent), Some(source)) = (sent, one.written) {
                sides.want_secret(address, "password", *sent);
                match source {
                    Some(source) => sides.at_hand(address, "password", TEXTS[source]),
                    None => sides.lacking(address, "password"),
                }
            }
        }
        if let Some(at) = one.live {
            sides.see_object(address, text(at));
        }
        if let Some((at, print)) = one.recorded {
            let known = match (sent, print) {
                (Some(_), Some(of)) => with_print(text(at), "password", TEXTS[of]),
                _ => text(at),
            };
            sides.recall_object(address, known);
            let valued = address.kind.holds_value();
            sides.ledger.entries.get_mut(address).unwrap().forgotten = one.forgotten && valued;
        }
        if one.resend {
            sides.resend(&address.text());
        }
    }
    sides
}

fn worlds() -> impl Strategy<Value = Vec<One>> {
    prop::collection::vec(one(), 4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// B3 on values: carried out, a plan leaves nothing to send; what was blocked, and was not asked for once,
    /// stays blocked.
    #[test]
    fn carried_out_nothing_is_left_to_send(all in worlds()) {
        let sides = sides_of(&all);
        let plan = sides.plan();
        let after = sides.done(&plan);
        let again = after.plan();
        let blocked = |address: &Address| plan.blocked.iter().any(|held| held.address == *address);
        let left: Vec<_> = again.steps.iter().filter(|step| !blocked(&step.address)).collect();
        prop_assert!(left.is_empty(), "{left:?}");
        prop_assert!(again.summary.blocked <= plan.summary.blocked);
    }

    /// E12: what is only found gets no password, neither by adoption nor with a lost ledger.
    #[test]
    fn without_a_ledger_no_password_goes_to_what_is_there(all in worlds()) {
        let mut sides = sides_of(&all);
        sides.ledger = Default::default();
        sides.intent = Default::default();
        // What differs is written; that of an FTP user cannot go out without its password.
        let differs: Vec<Address> = objects()
            .iter()
            .zip(&all)
            .filter(|(_, one)| one.live != one.declared || one.live.is_none())
            .map(|((address, _), _)| address.clone())
            .collect();
        let plan = sides.plan();
        for step in plan.steps.iter().filter(|step| bailiwick::plan::sends(step.action)) {
            let secret = step.after().secret_names().next().is_some();
            prop_assert!(!secret || differs.contains(&step.address), "{}", step.address);
        }
    }

    /// H1: no fingerprint is in a plan; what is written of one is read back as it was.
    #[test]
    fn no_fingerprint_is_in_a_plan(all in worlds()) {
        let plan = sides_of(&all).plan();
        let json = file::write(&plan);
        prop_assert!(!json.contains("canary"));
        let back = file::read(&json).unwrap();
        prop_assert_eq!(file::write(&back), json);
        prop_assert_eq!(back.digest, plan.digest);
    }

    /// A fingerprint is lost only where the line of the password is, or the object.
    #[test]
    fn a_fingerprint_stays_as_long_as_its_line(all in worlds()) {
        let sides = sides_of(&all);
        let after = sides.done(&sides.plan());
        for ((address, _), one) in objects().iter().zip(&all) {
            let print = |sides: &Sides| {
                let part = sides.ledger.entries.get(address)?.part(&Part::object())?;
                part.attrs.print("password").cloned()
            };
            let written = one.declared.is_some() && one.written.is_some();
            if written && !one.forgotten && print(&sides).is_some() && after.ledger.entries.contains_key(address) {
                prop_assert!(print(&after).is_some(), "{address}");
            }
        }
    }
}
