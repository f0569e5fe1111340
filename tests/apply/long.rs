//! C6: in a long run what was read more than a minute ago is read again, and what changed meanwhile is left alone.

use super::support::{Does, Fake, Story, Told, apart, create, host, plan, sent, value, words};
use bailiwick::apply::Ending;
use bailiwick::ledger::StepId;
use bailiwick::model::{Data, Fingerprint, Part, Unit, Value};
use bailiwick::plan::{PlanAction, Step};
use std::sync::Arc;
use std::time::Duration;

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn old(id: u32) -> String {
    format!("198.51.100.{}", id % 250)
}

/// As it is before the run.
fn unit(id: u32) -> Unit {
    Unit::new(host(&format!("h{id}")), Part::new(&old(id)))
}

/// Changes what [`unit`] is.
fn update(id: u32, needs: &[u32]) -> Step {
    let mut step = create(id, needs);
    step.action = PlanAction::Update;
    step.part = Part::new(&old(id));
    step.prior = Some(Fingerprint::of(&unit(id), &value(&old(id))));
    let before = Data::List(Box::new([old(id).into()]));
    step.attributes[0].before = Some(Value::Known(before));
    step
}

/// A provider that takes that long for each answer, and holds what the updates change.
fn slow(takes: Duration, ids: impl Iterator<Item = u32>) -> Story {
    let story = Story::new(|_, _| Does::Takes).slow(takes);
    let there = ids.map(|id| (unit(id), value(&old(id))));
    story.world().live.extend(there);
    story
}

/// Somebody does something after a while.
fn meanwhile(story: &Story, after: Duration, act: impl FnOnce(&Fake) + Send + 'static) {
    let fake: Arc<Fake> = story.fake.clone();
    tokio::spawn(async move {
        tokio::time::sleep(after).await;
        act(&fake);
    });
}

fn failed(told: &Told) -> Vec<(u32, String)> {
    let rows = told.report.rows.iter();
    rows.filter_map(|row| match &row.ending {
        Ending::Failed(reason) => Some((row.step.id.0, reason.code.to_string())),
        Ending::Applied
        | Ending::Skipped { .. }
        | Ending::Unknown(_)
        | Ending::Pending
        | Ending::NotStarted(_) => None,
    })
    .collect()
}

#[tokio::test(start_paused = true)]
async fn what_somebody_changed_meanwhile_is_stale_and_nothing_else() {
    // The first half changes what is there, the second makes something.
    let needs = |id: u32| match id {
        90 | 170 => vec![80],
        180 => vec![150],
        _ => vec![],
    };
    let step = |id: u32| match id {
        1..=100 => update(id, &needs(id)),
        _ => create(id, &needs(id)),
    };
    let story = slow(seconds(2), 1..=100);
    meanwhile(&story, seconds(70), |fake| {
        let mut world = fake.world();
        // One that was done already, one that was not, one that goes, and one that is made by others.
        world.live.insert(unit(3), value("203.0.113.3"));
        world.live.insert(unit(80), value("203.0.113.80"));
        world.live.remove(&unit(81));
        let made = Unit::new(host("h150"), Part::new("192.0.2.150"));
        world.live.insert(made, value("192.0.2.150"));
    });
    let told = story.run((1..=200).map(step).collect()).await;
    let stale = |id| (id, "stale".to_owned());
    assert_eq!(failed(&told), [stale(80), stale(81), stale(150)]);
    for (id, because) in [(90, 80), (170, 80), (180, 150)] {
        let because = StepId(because);
        assert_eq!(told.ending(id), &Ending::Skipped { because });
    }
    let left: Vec<u32> = vec![80, 81, 90, 150, 170, 180];
    let expected: Vec<u32> = (1..=200).filter(|id| !left.contains(id)).collect();
    assert_eq!(sent(&story), expected);
    assert_eq!(told.report.tally().failed, 3);
    let reads = story.world().fetches.len();
    assert!((5..=7).contains(&reads), "{reads} reads in 400 s");
    let ledger = story.ledger();
    assert!(ledger.open.is_empty(), "what was written down is settled");
    assert!(told.events.len() > 390 && words(&told.events).contains(&"failed 80".into()));
}

#[tokio::test(start_paused = true)]
async fn a_run_of_less_than_a_minute_reads_nothing_more() {
    let story = slow(Duration::from_millis(290), 1..=200);
    let told = story
        .run((1..=200).map(|id| update(id, &[])).collect())
        .await;
    assert!(told.applied());
    assert!(story.world().fetches.is_empty());
}

#[tokio::test(start_paused = true)]
async fn two_thousand_steps_of_a_zone_in_ten_minutes_take_ten_reads() {
    let story = slow(Duration::from_millis(300), 0..0);
    let told = story
        .run((1..=2_000).map(|id| create(id, &[])).collect())
        .await;
    assert!(told.applied());
    let reads = story.world().fetches.len();
    assert!((9..=10).contains(&reads), "{reads}");
}

#[tokio::test(start_paused = true)]
async fn each_of_many_zones_is_read_once_and_places_are_kept() {
    let story = slow(seconds(4), 0..0);
    let told = story
        .run((1..=240).map(|id| apart(id, &[])).collect())
        .await;
    assert!(told.applied());
    let world = story.world();
    assert_eq!(world.most_at_once, 8);
    // Eight at once for a minute; each of the others is read before it is written.
    let reads = world.fetches.len();
    assert!((112..=120).contains(&reads), "{reads}");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_cannot_be_read_costs_the_step_that_waits_and_in_the_end_all_of_it() {
    let story = slow(seconds(1), 0..0);
    story.world().unreadable = 1;
    let told = story
        .run((1..=100).map(|id| create(id, &[])).collect())
        .await;
    let code = "no-sense".to_owned();
    assert_eq!(failed(&told), [(62, code.clone())]);
    assert_eq!(sent(&story).len(), 99);
    assert_eq!(story.world().fetches.len(), 2);
    assert!(story.ledger().open.is_empty());

    let story = slow(seconds(1), 0..0);
    story.world().unreadable = 100;
    let told = story
        .run((1..=100).map(|id| create(id, &[])).collect())
        .await;
    let expected: Vec<(u32, String)> = (62..=100).map(|id| (id, code.clone())).collect();
    assert_eq!(failed(&told), expected);
    assert_eq!(story.world().fetches.len(), 3);
    assert!(story.ledger().open.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_read_without_an_answer_waits_until_the_login_answers_again() {
    let story = slow(seconds(2), 1..=60);
    // While the last write before the read is under way.
    meanwhile(&story, Duration::from_millis(61_000), |fake| {
        let until = tokio::time::Instant::now() + seconds(100);
        fake.world().gone_until = Some(until);
    });
    let told = story
        .run((1..=60).map(|id| update(id, &[])).collect())
        .await;
    assert!(told.applied(), "{:?}", failed(&told));
    let words = words(&told.events);
    for once in ["held", "freed"] {
        assert_eq!(words.iter().filter(|word| *word == once).count(), 1);
    }
    assert!(story.world().looks.is_empty(), "no write was in doubt");
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_list_is_not_started_when_the_run_is_interrupted() {
    use bailiwick::apply::Interrupt;
    let story = slow(seconds(2), 1..=60);
    let mut env = story.env();
    let (interrupter, interrupt) = Interrupt::new();
    env.interrupt = interrupt;
    meanwhile(&story, seconds(63), move |_| interrupter.interrupt());
    let steps = (1..=60).map(|id| update(id, &[])).collect();
    let told = story.run_in(env, plan(steps)).await;
    assert_eq!(sent(&story).len(), 31);
    for id in 32..=60 {
        let ending = told.ending(id);
        assert!(
            matches!(ending, Ending::NotStarted(reason) if &*reason.code == "interrupted"),
            "{id}: {ending:?}"
        );
    }
    assert!(story.ledger().open.is_empty());
}
