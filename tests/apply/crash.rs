//! Killed at any moment: the next run settles what is open by reading, and reaches the goal.

use super::scope::{hosts, planned_with, record, story, with_domain};
use super::support::{Does, Story, account, begin, made_twice};
use bailiwick::apply::{Ending, Env, Report};
use bailiwick::ledger::{Ledger, Recorder};
use bailiwick::plan::{Consent, approve};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Reads, settles, plans and applies, as the command does; `None` if it was killed.
async fn run(story: &Story, killed_after: Option<Duration>) -> Option<Report> {
    // What a killed run was sending is over.
    story.world().running.clear();
    let mut locked = story.locked(Box::new(story.store.clone()));
    locked.settle(&with_domain(story));
    let ledger: Ledger = locked.ledger().clone();
    let plan = planned_with(story, ledger.clone(), true);
    let ledgers = BTreeMap::from([(account(), ledger)]);
    let approved = approve(plan, &ledgers, with_domain(story), Consent::Given).unwrap();
    let recorder = Recorder::begin(locked, begin()).unwrap();
    let env = Env::new(Arc::new(super::support::now));
    let env = env.with(&account(), story.fake.clone(), recorder);
    let mut quiet = |_| {};
    let run = bailiwick::apply::run(approved, env, &mut quiet);
    match killed_after {
        Some(after) => tokio::time::timeout(after, run).await.ok(),
        None => Some(run.await),
    }
}

#[tokio::test(start_paused = true)]
async fn killed_at_any_moment_the_next_run_reaches_the_goal_and_makes_nothing_twice() {
    for eager in [false, true] {
        for moment in 0..22 {
            let story = story(|_, _| Does::Takes);
            {
                let mut world = story.world();
                world.eager = eager;
                world.defaults = vec![
                    record("a", "192.0.2.1"),
                    record("www", "198.51.100.9"),
                    record("mail", "198.51.100.9"),
                ];
            }
            // Twice, the second time while it repairs what the first one left.
            let after = Duration::from_millis(50 * moment + 25);
            run(&story, Some(after)).await;
            run(&story, Some(after / 2)).await;
            let report = run(&story, None).await.unwrap();
            for row in &report.rows {
                assert_eq!(
                    row.ending,
                    Ending::Applied,
                    "{moment}: {}",
                    row.step.address
                );
            }
            assert_eq!(
                hosts(&story),
                ["a/A 192.0.2.1", "b/A 192.0.2.2", "www/A 192.0.2.3"]
            );
            assert!(made_twice(&story).is_empty(), "{moment}");
            assert_eq!(story.world().wrong, Vec::<String>::new());
            let ledger = story.ledger();
            assert!(ledger.open.is_empty() && ledger.running.is_none());
            assert!(planned_with(&story, ledger, true).steps.is_empty());
        }
    }
}
