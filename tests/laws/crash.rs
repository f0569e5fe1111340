//! D4: whatever is lost on the way, the next runs reach the goal, and nothing is made twice.

use super::cases;
use super::portfolio::{NAMES, Portfolio, portfolio};
use crate::support::simulated::Simulated;
use bailiwick::sandbox::{Effect, Fault, Rule};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What goes wrong, and at which writing request.
type Mishap = (Effect, &'static str, u64);

fn mishaps() -> impl Strategy<Value = Vec<Mishap>> {
    let effect = prop_oneof![
        Just(Effect::LostAnswer),
        Just(Effect::LostRequest),
        Just(Effect::HalfJson),
        Just(Effect::EmptyBody),
        Just(Fault::html(502)),
        Just(Fault::html(200)),
        Just(Effect::Unauthorized),
    ];
    let method = prop::sample::select(vec!["POST", "PUT", "DELETE"]);
    prop::collection::vec((effect, method, 1..5u64), 1..3)
}

/// The records and FTP users that stand more than once; of other things the server takes no second.
fn doubles(simulated: &Simulated) -> Vec<String> {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for name in NAMES {
        for (host, rtype, data) in simulated.records(name) {
            let record = format!("{host}.{name} {rtype} {data}");
            *count.entry(record).or_default() += 1;
        }
    }
    let state = simulated.state();
    for name in NAMES {
        let hosting = state.hosting(name);
        for user in hosting
            .into_iter()
            .flat_map(|hosting| hosting.users.values())
        {
            let label = user.full_name.as_deref().unwrap_or_default();
            *count.entry(format!("{name} {label}")).or_default() += 1;
        }
    }
    count.retain(|_, number| *number > 1);
    count.into_keys().collect()
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn d4_whatever_is_lost_the_next_run_reaches_the_goal_and_nothing_is_made_twice(
        portfolio in portfolio(),
        mishaps in mishaps(),
    ) {
        let mut dialect = portfolio.dialect.clone();
        // A server that takes the same record again shows what was sent twice.
        dialect.set("duplicates", "accepted").expect("a switch");
        // Without a call that lists redirections or FTP users, nobody can look one up whose answer is lost.
        let files = portfolio.domains.iter().filter_map(|sketch| sketch.file.as_ref());
        let mut served = files.filter_map(|file| file.served.as_ref());
        if served.any(|served| !served.redirects.is_empty() || !served.users.is_empty()) {
            dialect.set("inferred", "exist").expect("a switch");
        }
        let simulated = Portfolio { dialect, ..portfolio }.start();
        for (effect, method, nth) in mishaps {
            let rule = Rule::nth(&format!("{method} /api/**"), nth);
            simulated.server.add_fault(Fault::new(rule, effect));
        }
        let first = simulated.apply();
        prop_assert!([0, 1, 4, 5, 8, 9].contains(&first.exit()), "{:?}", first.told);
        prop_assert_eq!(doubles(&simulated), Vec::<String>::new(), "after the first run");
        simulated.server.clear_faults();
        let second = simulated.apply();
        prop_assert!(matches!(second.exit(), 0 | 5), "{:?}", second.told);
        for list in ["failed", "skipped", "unknown", "pending", "not_started"] {
            prop_assert_eq!(second.rows(list), Vec::<String>::new(), "{}", list);
        }
        prop_assert_eq!(doubles(&simulated), Vec::<String>::new(), "after the second run");
        prop_assert_eq!(simulated.plan().steps(), Vec::<String>::new());
    }
}
