//! Answers that do not come: looked up, never sent twice, held back until the login answers again.

use super::support::{Does, Story, account, apart, create, is, made_twice, plan, sent, words};
use bailiwick::apply::{Ending, Env};
use bailiwick::model::Account;
use std::sync::Arc;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_looked_up_and_nothing_is_made_twice() {
    let story = Story::new(|write, _| {
        if is(write, 2) {
            Does::LosesAnswer
        } else {
            Does::Takes
        }
    });
    let told = story
        .run(vec![create(1, &[]), create(2, &[]), create(3, &[2])])
        .await;
    assert!(told.applied());
    assert_eq!(sent(&story), vec![1, 2, 3]);
    assert_eq!(story.world().looks.len(), 1);
    assert!(made_twice(&story).is_empty());
    assert_eq!(story.ledger().entries.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_lost_request_is_sent_once_more_after_a_look() {
    let story = Story::new(|write, attempt| {
        if is(write, 2) && attempt == 1 {
            Does::LosesRequest
        } else {
            Does::Takes
        }
    });
    let told = story
        .run(vec![create(1, &[]), create(2, &[]), create(3, &[])])
        .await;
    assert!(told.applied());
    assert_eq!(sent(&story), vec![1, 2, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn what_is_lost_twice_has_failed_with_the_first_reason() {
    let story = Story::new(|write, _| {
        if is(write, 2) {
            Does::LosesRequest
        } else {
            Does::Takes
        }
    });
    let told = story
        .run(vec![create(1, &[]), create(2, &[]), create(3, &[])])
        .await;
    assert!(matches!(told.ending(2), Ending::Failed(reason) if &*reason.code == "net.timeout"));
    assert_eq!(sent(&story), vec![1, 2, 2, 3]);
    assert_eq!(told.ending(3), &Ending::Applied);
    assert!(story.ledger().open.is_empty());
}

/// 200 steps; the provider is gone after `after` writes, for ten minutes.
async fn gone(after: usize, patience: Duration, one_zone: bool) -> (Story, super::support::Told) {
    let story = Story::new(|_, _| Does::Takes);
    story.world().goes = Some((after, 10 * MINUTE));
    let mut env = story.env();
    env.patience = patience;
    let steps = (1..=200)
        .map(|id| {
            if one_zone {
                create(id, &[])
            } else {
                apart(id, &[])
            }
        })
        .collect();
    let told = story.run_in(env, plan(steps)).await;
    (story, told)
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_is_gone_for_ten_minutes_is_waited_for() {
    for (after, one_zone) in [
        (0, true),
        (60, true),
        (199, true),
        (0, false),
        (60, false),
        (195, false),
    ] {
        let (story, told) = gone(after, 30 * MINUTE, one_zone).await;
        assert!(told.applied(), "{after}: {:?}", told.report.tally());
        assert!(made_twice(&story).is_empty());
        let world = story.world();
        let since = world.writes[after].0;
        let until = world.gone_until.unwrap();
        let inside = |at: &tokio::time::Instant| *at >= since && *at < until;
        let in_flight = if one_zone { 1 } else { 8 };
        let writes = world.writes.iter().filter(|(at, _)| inside(at)).count();
        let looks = world.looks.iter().filter(|(at, _)| inside(at)).count();
        let probes = world.probes.iter().filter(|at| inside(at)).count();
        assert!(
            writes + looks <= in_flight + 4,
            "{after}: {writes} and {looks}"
        );
        assert!((1..=15).contains(&probes), "{probes} probes");
        // Once it is back, doubts are looked up before anything is written.
        let first_write = world.writes.iter().find(|(at, _)| *at >= until);
        let looked = world.looks.iter().filter(|(at, _)| *at >= until).count();
        assert!(looked >= 1);
        if let Some((first, _)) = first_write {
            assert!(
                world
                    .looks
                    .iter()
                    .filter(|(at, _)| *at >= until)
                    .all(|(at, _)| at < first)
            );
        }
        let words = words(&told.events);
        assert_eq!(words.iter().filter(|word| *word == "held").count(), 1);
        assert_eq!(words.iter().filter(|word| *word == "freed").count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn beyond_patience_the_rest_is_not_started() {
    let (story, told) = gone(60, 5 * MINUTE, true).await;
    let tally = told.report.tally();
    assert_eq!(
        (tally.created, tally.unknown, tally.not_started),
        (60, 1, 139)
    );
    assert!(matches!(
        told.ending(200),
        Ending::NotStarted(reason) if &*reason.code == "provider.gone"
    ));
    let world = story.world();
    let waited = *world.probes.last().unwrap() - world.probes[0];
    assert!(waited <= 5 * MINUTE);
    drop(world);
    let ledger = story.ledger();
    assert_eq!(ledger.open.len(), 1, "the next read settles it");
    assert_eq!(ledger.entries.len(), 60);
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_sent_waits_for_the_provider_too() {
    // No connection for the first eight, which are under way at once.
    let story = Story::new(|write, attempt| {
        let early = (1..=8).any(|id| is(write, id));
        if early && attempt == 1 {
            Does::Unreachable
        } else {
            Does::Takes
        }
    });
    let told = story.run((1..=20).map(|id| apart(id, &[])).collect()).await;
    // Only the third attempt shuts the gate: what failed before it has failed.
    let tally = told.report.tally();
    assert!(tally.failed <= 2 && tally.created >= 18, "{tally:?}");
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_gone_does_not_stop_another() {
    let other = Account::new("other");
    let here = Story::new(|_, _| Does::Takes);
    let there = Story::of(&other, |_, _| Does::Takes);
    here.world().goes = Some((3, 60 * MINUTE));
    let env = Env {
        patience: MINUTE,
        ..Env::new(Arc::new(super::support::now))
    };
    let env = env
        .with(&account(), here.fake.clone(), here.recorder())
        .with(&other, there.fake.clone(), there.recorder());
    let mut steps: Vec<_> = (1..=20).map(|id| create(id, &[])).collect();
    for id in 21..=40 {
        let mut step = create(id, if id == 40 { &[20] } else { &[] });
        step.address.account = other.clone();
        steps.push(step);
    }
    let told = here.run_in(env, plan(steps)).await;
    let tally = told.report.tally();
    assert_eq!(
        (
            tally.created,
            tally.unknown,
            tally.not_started,
            tally.skipped
        ),
        (3 + 19, 1, 16, 1)
    );
    assert_eq!(there.ledger().entries.len(), 19);
}
