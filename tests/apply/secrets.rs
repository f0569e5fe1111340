//! Passwords on their way to a provider: at hand or not, lost on the way, and in nothing that is kept.

use super::support::{Does, Story, account, create, plan, zone};
use bailiwick::apply::{Ending, Secrets};
use bailiwick::ledger::StepId;
use bailiwick::model::{Address, Attrs, Cause, Data, Handle, Kind, Part, Secret, Unit, Value};
use bailiwick::plan::{Attribute, PlanAction, Step};
use std::sync::Arc;

/// Gives every secret but those of one object.
struct Vault(Option<&'static str>);

impl Secrets for Vault {
    fn value(&self, unit: &Unit, name: &str) -> Option<Secret> {
        let own = &unit.address.name;
        (self.0 != Some(&**own)).then(|| Secret::new(format!("value of {own} {name}")))
    }
}

fn mailbox(name: &str) -> Address {
    Address {
        name: name.into(),
        ..Address::of(&account(), &zone().domain, Kind::Mailbox)
    }
}

fn print(of: &str) -> Value {
    Value::Known(Data::Print(format!("$argon2id${of}").into()))
}

/// A step about a mailbox, or about what lives in it.
fn step(id: u32, address: Address, action: PlanAction, after: Attrs) -> Step {
    let attribute = |(name, value): (&'static str, &Value)| Attribute {
        name,
        before: None,
        after: Some(value.clone()),
        applied: None,
        secret: matches!(value.known(), Some(Data::Print(_))),
    };
    Step {
        address,
        part: Part::object(),
        action,
        reason: Cause::NewInFile,
        attributes: after.iter().map(attribute).collect(),
        ..create(id, &[])
    }
}

fn made(id: u32, name: &str) -> Step {
    let after = Attrs::new(vec![
        ("type", Value::text("pop")),
        ("password", print(name)),
        ("admin_password", print(name)),
    ]);
    step(id, mailbox(name), PlanAction::Create, after)
}

fn changed(id: u32, name: &str) -> Step {
    let after = Attrs::one("password", print("new"));
    step(id, mailbox(name), PlanAction::Update, after)
}

async fn run(story: &Story, vault: Vault, steps: Vec<Step>) -> super::support::Told {
    let mut env = story.env();
    env.secrets = Arc::new(vault);
    story.run_in(env, plan(steps)).await
}

fn recorded(story: &Story, name: &str) -> Option<Attrs> {
    let ledger = story.ledger();
    let entry = ledger.entries.get(&mailbox(name))?;
    Some(entry.part(&Part::object())?.attrs.clone())
}

#[tokio::test(start_paused = true)]
async fn values_go_out_in_the_order_of_their_names_and_their_fingerprints_are_kept() {
    let story = Story::new(|_, _| Does::Takes);
    let told = run(&story, Vault(None), vec![made(1, "info")]).await;
    assert!(told.applied());
    assert_eq!(
        story.world().secrets,
        [[
            "value of info admin_password".to_owned(),
            "value of info password".to_owned()
        ]]
    );
    let attrs = recorded(&story, "info").unwrap();
    assert_eq!(attrs.get("password"), Some(&print("info")));
    assert!(!format!("{:?} {:?}", story.ledger(), told.report).contains("value of"));
}

#[tokio::test(start_paused = true)]
async fn what_lacks_its_password_is_not_sent_and_the_rest_goes_on() {
    let story = Story::new(|_, _| Does::Takes);
    let steps = vec![made(1, "info"), made(2, "sales"), create(3, &[1])];
    let told = run(&story, Vault(Some("info")), steps).await;
    let Ending::Failed(reason) = told.ending(1) else {
        panic!("{:?}", told.ending(1));
    };
    assert_eq!(&*reason.code, "secret.missing");
    assert_eq!(told.ending(2), &Ending::Applied);
    assert_eq!(told.ending(3), &Ending::Skipped { because: StepId(1) });
    assert_eq!(story.world().writes.len(), 1);
    let ledger = story.ledger();
    assert!(ledger.open.is_empty() && ledger.doubts.is_empty());
    assert!(!ledger.entries.contains_key(&mailbox("info")));
}

/// No read shows a password, and setting it twice is setting it once.
#[tokio::test(start_paused = true)]
async fn a_password_whose_answer_is_lost_is_sent_once_more() {
    for lost in [Does::LosesAnswer, Does::LosesRequest] {
        let story = Story::new(move |_, attempt| match attempt {
            1 => lost.clone(),
            _ => Does::Takes,
        });
        let told = run(&story, Vault(None), vec![changed(1, "info")]).await;
        assert!(told.applied(), "{:?}", told.report.rows);
        assert_eq!(story.world().secrets.len(), 2);
        assert_eq!(
            recorded(&story, "info"),
            Some(Attrs::one("password", print("new")))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_password_that_is_lost_for_good_is_unknown_and_the_next_read_lets_it_be_sent_again() {
    let story = Story::new(|_, _| Does::LosesAnswer);
    let told = run(&story, Vault(None), vec![changed(1, "info")]).await;
    assert!(
        matches!(told.ending(1), Ending::Unknown(_)),
        "{:?}",
        told.ending(1)
    );
    let mut ledger = story.ledger();
    let unit = Unit::new(mailbox("info"), Part::object());
    assert!(ledger.open.contains_key(&unit));
    let mut live = bailiwick::model::Live::default();
    let seen = bailiwick::model::Seen {
        handle: Some(Handle("M1".into())),
        parts: Box::new([bailiwick::model::SeenPart {
            part: Part::object(),
            handle: None,
            attrs: Attrs::none(),
            owner: None,
        }]),
        ..Default::default()
    };
    live.objects.insert(mailbox("info"), seen);
    for record in bailiwick::ledger::settle(&ledger, &live) {
        ledger = bailiwick::ledger::note(ledger, &record);
    }
    assert!(ledger.open.is_empty());
    assert!(
        !ledger.entries.contains_key(&mailbox("info")),
        "nothing counts as sent"
    );
}

/// A created mailbox is proved by a read, and its password went with it.
#[tokio::test(start_paused = true)]
async fn a_mailbox_whose_answer_is_lost_is_found_and_made_once() {
    let story = Story::new(|_, attempt| match attempt {
        1 => Does::LosesAnswer,
        _ => Does::Takes,
    });
    let told = run(&story, Vault(None), vec![made(1, "info")]).await;
    assert!(told.applied());
    assert_eq!(story.world().secrets.len(), 1);
    assert!(
        recorded(&story, "info")
            .unwrap()
            .print("password")
            .is_some()
    );
}

/// What is written down ahead of its turn would not know yet what its mailbox is called.
#[tokio::test(start_paused = true)]
async fn an_automatic_answer_is_written_into_the_mailbox_that_the_run_made() {
    let story = Story::new(|_, _| Does::Takes);
    let answer = Address {
        kind: Kind::Autoresponder,
        ..mailbox("info")
    };
    let subject = Attrs::one("subject", Value::text("away"));
    let mut second = step(2, answer.clone(), PlanAction::Create, subject);
    second.needs = Box::new([StepId(1)]);
    let told = run(&story, Vault(None), vec![made(1, "info"), second]).await;
    assert!(told.applied());
    let world = story.world();
    let (_, write) = world.writes.last().unwrap();
    let unit = Unit::new(mailbox("info"), Part::object());
    assert_eq!(write.unit.address, answer);
    assert_eq!(write.within, Some(Handle(format!("h-{unit}").into())));
}
