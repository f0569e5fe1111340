//! Secrets that a provider tells once: a place before the request, kept before the step counts, or said to be lost.

use super::support::{Does, Story, Told, account, create, plan, zone};
use bailiwick::apply::{Ending, Keeping};
use bailiwick::ledger::StepId;
use bailiwick::model::{Address, Attrs, Data, Kind, Part, Secret, Value};
use bailiwick::plan::{Attribute, Step};
use std::sync::{Arc, Mutex};

const CANARY: &str = "canary-told-once";

/// What a place was asked, and what it does.
#[derive(Default)]
struct Place {
    calls: Mutex<Vec<String>>,
    no_room: bool,
    breaks: bool,
}

impl Place {
    fn note(&self, what: &str, address: &Address, name: &str) {
        let line = format!("{what} {address} {name}");
        self.calls.lock().unwrap().push(line);
    }

    fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }
}

impl Keeping for Place {
    fn reserve(&self, address: &Address, name: &str) -> Result<(), Box<str>> {
        self.note("reserve", address, name);
        if self.no_room {
            Err("the disk is full".into())
        } else {
            Ok(())
        }
    }

    fn keep(&self, address: &Address, name: &str, secret: &Secret) -> Result<Box<str>, Box<str>> {
        assert_eq!(secret.expose(), CANARY);
        self.note("keep", address, name);
        if self.breaks {
            Err("the disk is gone".into())
        } else {
            Ok("secrets/x.age".into())
        }
    }

    fn release(&self, address: &Address, name: &str) {
        self.note("release", address, name);
    }
}

fn database() -> Address {
    Address {
        name: "shop".into(),
        ..Address::of(&account(), &zone().domain, Kind::Database)
    }
}

/// Makes a database; with a password of the file, or without.
fn made(id: u32, password: bool) -> Step {
    let print = Value::Known(Data::Print("$argon2id$x".into()));
    let mut after = vec![("type", Value::text("mysql"))];
    after.extend(password.then_some(("password", print)));
    let attribute = |(name, value): (&'static str, Value)| Attribute {
        name,
        before: None,
        applied: None,
        secret: matches!(value.known(), Some(Data::Print(_))),
        after: Some(value),
    };
    Step {
        address: database(),
        part: Part::object(),
        attributes: after.into_iter().map(attribute).collect(),
        ..create(id, &[])
    }
}

fn story(does: Does) -> Story {
    let story = Story::new(move |_, _| does.clone());
    story.world().tells = vec![("password", CANARY)];
    story
}

async fn run(story: &Story, place: &Arc<Place>, steps: Vec<Step>) -> Told {
    let mut env = story.env();
    env.keeping = place.clone();
    story.run_in(env, plan(steps)).await
}

fn failure(told: &Told, id: u32) -> (&str, &str) {
    let Ending::Failed(reason) = told.ending(id) else {
        panic!("{:?}", told.ending(id));
    };
    (&reason.code, &reason.text)
}

fn codes(told: &Told) -> Vec<&str> {
    let findings = told.report.findings.iter();
    findings.map(|finding| finding.code).collect()
}

/// Neither the ledger, with its journal, nor the report or an event holds it.
fn nothing_holds_it(story: &Story, told: &Told) {
    let held = format!("{:?} {:?} {:?}", story.ledger(), told.report, told.events);
    assert!(!held.contains(CANARY), "{held}");
}

#[tokio::test(start_paused = true)]
async fn its_place_is_reserved_before_the_request_and_it_is_kept_before_the_step_is_done() {
    let (story, place) = (story(Does::Takes), Arc::new(Place::default()));
    let told = run(&story, &place, vec![made(1, false)]).await;
    assert!(told.applied(), "{:?}", told.report.rows);
    let of = |what: &str| format!("{what} {} password", database());
    assert_eq!(place.calls(), [of("reserve"), of("keep")]);
    assert_eq!(codes(&told), ["secret.kept"]);
    assert!(story.ledger().entries.contains_key(&database()));
    nothing_holds_it(&story, &told);
}

#[tokio::test(start_paused = true)]
async fn without_a_place_it_is_not_sent_and_the_rest_goes_on() {
    let full = Arc::new(Place {
        no_room: true,
        ..Place::default()
    });
    let story = story(Does::Takes);
    let steps = || vec![made(1, false), create(2, &[1])];
    let told = run(&story, &full, steps()).await;
    assert_eq!(failure(&told, 1).0, "secret.no-place");
    assert!(failure(&told, 1).1.contains("the disk is full"));
    assert_eq!(told.ending(2), &Ending::Skipped { because: StepId(1) });
    // A run that was given none.
    let told = story.run(steps()).await;
    assert_eq!(failure(&told, 1).0, "secret.no-place");
    assert!(story.world().writes.is_empty() && story.ledger().open.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_was_made_and_whose_secret_is_lost_is_in_the_ledger_and_has_not_ended_well() {
    let broken = || {
        Arc::new(Place {
            breaks: true,
            ..Place::default()
        })
    };
    // It cannot be written; the answer does not hold it; the answer is lost and a look finds the object.
    let silent = story(Does::Takes);
    silent.world().tells.clear();
    for (story, place, why) in [
        (story(Does::Takes), broken(), "the disk is gone"),
        (silent, Arc::default(), "did not hold it"),
        (story(Does::LosesAnswer), Arc::default(), "was lost"),
    ] {
        let told = run(&story, &place, vec![made(1, false), create(2, &[1])]).await;
        let (code, text) = failure(&told, 1);
        assert_eq!(code, "secret.not-kept");
        assert!(text.contains(why) && text.contains("--resend"), "{text}");
        assert_eq!(told.ending(2), &Ending::Skipped { because: StepId(1) });
        assert!(story.ledger().entries.contains_key(&database()), "{why}");
        assert_eq!(story.world().writes.len(), 1, "{why}");
        let released = place.calls().iter().any(|call| call.starts_with("release"));
        assert!(!released, "its reservation says that it is missing");
        nothing_holds_it(&story, &told);
    }
}

#[tokio::test(start_paused = true)]
async fn one_of_something_that_is_not_finished_is_kept_or_told_to_be_lost() {
    for (breaks, code) in [(false, "secret.kept"), (true, "secret.not-kept")] {
        let place = Arc::new(Place {
            breaks,
            ..Place::default()
        });
        let story = story(Does::Pends);
        let told = run(&story, &place, vec![made(1, false)]).await;
        assert_eq!(told.ending(1), &Ending::Pending);
        assert_eq!(codes(&told), [code]);
        nothing_holds_it(&story, &told);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_request_gives_its_place_up() {
    let (story, place) = (story(Does::Refuses), Arc::new(Place::default()));
    let told = run(&story, &place, vec![made(1, false)]).await;
    assert_ne!(failure(&told, 1).0, "secret.not-kept");
    let of = |what: &str| format!("{what} {} password", database());
    assert_eq!(place.calls(), [of("reserve"), of("release")]);
    assert_eq!(codes(&told), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_password_of_the_file_needs_no_place() {
    let (story, place) = (story(Does::Takes), Arc::new(Place::default()));
    let mut env = story.env();
    env.keeping = place.clone();
    struct Vault;
    impl bailiwick::apply::Secrets for Vault {
        fn value(&self, _: &bailiwick::model::Unit, _: &str) -> Option<Secret> {
            Some(Secret::new("own".into()))
        }
    }
    env.secrets = Arc::new(Vault);
    let told = story.run_in(env, plan(vec![made(1, true)])).await;
    assert!(told.applied());
    assert_eq!(place.calls(), [""; 0]);
    let kept = story.ledger();
    let entry = kept.entries[&database()].part(&Part::object()).unwrap();
    assert_ne!(entry.attrs, Attrs::none());
    nothing_holds_it(&story, &told);
}
