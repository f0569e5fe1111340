//! What runs, in which order, and what stands in the ledger afterwards.

use super::support::{Does, Story, apart, create, is, plan, sent, words};
use bailiwick::apply::Ending;
use bailiwick::apply::schedule::{Schedule, State};
use bailiwick::ledger::StepId;
use bailiwick::plan::Step;
use bailiwick::provider::Key;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

fn paused() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn independent_branches_go_on_and_dependants_name_what_failed() {
    let story = Story::new(|write, _| {
        if is(write, 1) {
            Does::Refuses
        } else {
            Does::Takes
        }
    });
    let told = story
        .run(vec![
            create(1, &[]),
            create(2, &[1]),
            create(3, &[2]),
            create(4, &[]),
            create(5, &[4]),
            create(6, &[5, 3]),
        ])
        .await;
    assert_eq!(sent(&story), vec![1, 4, 5]);
    let Ending::Failed(reason) = told.ending(1) else {
        panic!("{:?}", told.ending(1));
    };
    assert_eq!((reason.status, &*reason.code), (Some(400), "707"));
    for id in [2, 3, 6] {
        assert_eq!(told.ending(id), &Ending::Skipped { because: StepId(1) });
    }
    assert_eq!(
        words(&told.events),
        [
            "begun 6",
            "started 1",
            "failed 1",
            "skipped 2 by 1",
            "skipped 3 by 1",
            "skipped 6 by 1",
            "started 4",
            "done 4",
            "started 5",
            "done 5"
        ]
    );
    let tally = told.report.tally();
    assert_eq!((tally.created, tally.failed, tally.skipped), (2, 1, 3));
    let ledger = story.ledger();
    assert_eq!(ledger.entries.len(), 2);
    assert!(ledger.open.is_empty() && ledger.running.is_none());
    assert!(
        ledger.approved.contains("sha256:a"),
        "something is left of it"
    );
}

#[tokio::test(start_paused = true)]
async fn a_run_without_a_fault_finishes_its_plan() {
    let story = Story::new(|_, _| Does::Takes);
    let told = story
        .run((1..=200).map(|id| create(id, &[])).collect())
        .await;
    assert!(told.applied());
    let ledger = story.ledger();
    assert_eq!(ledger.entries.len(), 200);
    assert!(ledger.approved.is_empty());
    assert!(made_handles(&ledger));
}

fn made_handles(ledger: &bailiwick::ledger::Ledger) -> bool {
    let parts = ledger.entries.values().flat_map(|entry| entry.parts.iter());
    parts.into_iter().all(|part| part.handle.is_some())
}

#[tokio::test(start_paused = true)]
async fn what_pends_is_kept_and_what_needs_it_is_left_out() {
    let story = Story::new(|write, _| {
        if is(write, 1) {
            Does::Pends
        } else {
            Does::Takes
        }
    });
    let told = story
        .run(vec![create(1, &[]), create(2, &[1]), create(3, &[])])
        .await;
    assert_eq!(told.ending(1), &Ending::Pending);
    assert_eq!(told.ending(2), &Ending::Skipped { because: StepId(1) });
    assert_eq!(told.ending(3), &Ending::Applied);
    assert_eq!(story.ledger().pending.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn different_keys_run_side_by_side_and_no_more_than_allowed() {
    for most in [1, 3, 8] {
        let story = Story::new(|_, _| Does::Takes);
        let mut env = story.env();
        env.parallelism = NonZeroUsize::new(most).unwrap();
        let steps = (1..=40).map(|id| apart(id, &[])).collect();
        assert!(story.run_in(env, plan(steps)).await.applied());
        assert_eq!(story.world().most_at_once, most);
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_a_provider_is_an_unknown_outcome_and_no_end() {
    let story = Story::new(|write, attempt| {
        if is(write, 2) && attempt == 1 {
            Does::Breaks
        } else {
            Does::Takes
        }
    });
    let told = story
        .run(vec![create(1, &[]), apart(2, &[]), create(3, &[])])
        .await;
    assert!(told.applied(), "{:?}", told.report.rows);
}

#[tokio::test(start_paused = true)]
async fn needs_that_no_step_can_meet_never_start() {
    let story = Story::new(|_, _| Does::Takes);
    let told = story
        .run(vec![
            create(1, &[2]),
            create(2, &[1]),
            create(3, &[99]),
            create(4, &[]),
        ])
        .await;
    assert_eq!(sent(&story), vec![4]);
    for id in [1, 2, 3] {
        assert!(matches!(told.ending(id), Ending::NotStarted(_)));
    }
}

/// Each step may need earlier ones; some are refused, some lose their answer.
fn plans() -> impl Strategy<Value = (Vec<Vec<u32>>, Vec<u8>, Vec<u8>, usize)> {
    (1_u32..30).prop_flat_map(|count| {
        let needs: Vec<_> = (1..=count)
            .map(|id| {
                prop::collection::vec(1..=id, 0..3).prop_map(move |needs| {
                    needs
                        .into_iter()
                        .filter(|need| *need < id)
                        .collect::<Vec<u32>>()
                })
            })
            .collect();
        let fates = prop::collection::vec(0_u8..6, count as usize);
        let zones = prop::collection::vec(0_u8..4, count as usize);
        (needs, fates, zones, 1_usize..9)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn needs_come_first_keys_are_kept_and_nothing_is_made_twice(
        (needs, fates, zones, most) in plans()
    ) {
        paused().block_on(async {
            let steps: Vec<Step> = needs
                .iter()
                .zip(&zones)
                .enumerate()
                .map(|(at, (needs, zone))| {
                    super::support::create_in(&format!("z{zone}.example"), at as u32 + 1, needs)
                })
                .collect();
            let doomed = fates.clone();
            let story = Story::new(move |write, attempt| {
                let (host, _) = write.unit.address.host_and_type().unwrap();
                let at: usize = host[1..].parse().unwrap();
                match (doomed[at - 1], attempt) {
                    (0, _) => Does::Refuses,
                    (1, _) => Does::LosesAnswer,
                    (2, 1) => Does::LosesRequest,
                    _ => Does::Takes,
                }
            });
            let mut env = story.env();
            env.parallelism = NonZeroUsize::new(most).unwrap();
            let told = story.run_in(env, plan(steps)).await;
            let at_once = story.world().most_at_once;
            assert!(at_once <= most);
            assert!(super::support::made_twice(&story).is_empty());
            // What ran had everything it needs; what did not run names a step that failed and that it needs.
            let ended: BTreeMap<u32, &Ending> =
                told.report.rows.iter().map(|row| (row.step.id.0, &row.ending)).collect();
            let mut above: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
            for (at, needs) in needs.iter().enumerate() {
                let mut all: BTreeSet<u32> = needs.iter().copied().collect();
                for need in needs {
                    all.extend(above[need].clone());
                }
                above.insert(at as u32 + 1, all);
            }
            let order = sent(&story);
            for id in order.iter() {
                for need in &needs[*id as usize - 1] {
                    assert_eq!(ended[need], &Ending::Applied);
                    let place = |id| order.iter().position(|sent| sent == id);
                    assert!(place(need) < place(id));
                }
            }
            for (id, ending) in ended {
                match ending {
                    Ending::Applied => assert_ne!(fates[id as usize - 1], 0),
                    Ending::Failed(_) => assert_eq!(fates[id as usize - 1], 0),
                    Ending::Skipped { because } => {
                        assert!(above[&id].contains(&because.0));
                        assert_eq!(fates[because.0 as usize - 1], 0);
                    }
                    Ending::Unknown(_) | Ending::Pending | Ending::NotStarted(_) => {
                        panic!("{id}: {ending:?}")
                    }
                }
            }
            assert!(story.ledger().open.is_empty());
        });
    }
}

/// How often steps are looked at until all are done, with a failure every hundred steps.
fn looked_at(count: u32, zones: u32) -> usize {
    let steps = (1..=count)
        .map(|id| {
            let needs: Vec<u32> = if id > zones {
                vec![id - zones]
            } else {
                Vec::new()
            };
            super::support::create_in(&format!("z{}.example", id % zones), id, &needs)
        })
        .collect();
    let mut schedule = Schedule::new(steps, |step| Key((*step.address.domain).into()));
    let account = super::support::account();
    let mut at_work = std::collections::VecDeque::new();
    loop {
        at_work.extend(schedule.ready(8 - at_work.len(), |_| true));
        schedule.ahead(&account, 64, |_| true);
        let Some(at) = at_work.pop_front() else {
            break;
        };
        let ending = match at % 100 {
            99 => Ending::Failed(super::support::reason("no")),
            _ => Ending::Applied,
        };
        schedule.end(at, ending);
    }
    let over = |at| matches!(schedule.run(at).state, State::Ended(_));
    assert!((0..schedule.len()).all(over));
    schedule.looked_at()
}

#[test]
fn the_work_of_the_schedule_is_linear() {
    for zones in [1, 8, 500] {
        let (thousand, two, ten) = (
            looked_at(1_000, zones),
            looked_at(2_000, zones),
            looked_at(10_000, zones),
        );
        assert!(
            two * 10 <= thousand * 25,
            "{zones} zones: {thousand}, {two}"
        );
        assert!(ten <= two * 6, "{zones} zones: {two}, {ten}");
    }
}

#[tokio::test(start_paused = true)]
async fn segments_are_written_for_many_steps_at_once() {
    let story = Story::new(|_, _| Does::Takes);
    let counted = super::stops::Counted::new(story.store.clone());
    let mut env = story.env();
    drop(env.journals.remove(&story.account));
    let recorder = story.recorder_over(Box::new(counted.clone()));
    env.journals.insert(story.account.clone(), recorder);
    let steps = (1..=320).map(|id| create(id, &[])).collect();
    assert!(story.run_in(env, plan(steps)).await.applied());
    assert!(counted.segments() <= 8, "{}", counted.segments());
}
