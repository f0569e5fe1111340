//! Planning: it only reads, says the same in every order, and its three ways of saying "changes" agree.

use super::cases;
use super::portfolio::portfolio;
use bailiwick::sandbox::{Dialect, Site};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(48))]

    /// B1.
    #[test]
    fn b1_a_plan_sends_only_get_and_asks_for_a_token(portfolio in portfolio()) {
        let simulated = portfolio.start();
        let planned = simulated.plan();
        prop_assert!(matches!(planned.told.status, Some(0 | 2)), "{:?}", planned.told);
        for seen in simulated.requests() {
            let allowed = match seen.site {
                Site::Auth => seen.method == "POST" && seen.path == "/token",
                Site::Rest => seen.method == "GET",
            };
            prop_assert!(allowed, "{}", seen.kind());
        }
    }

    /// B2: whatever the order of lists, the digest is the same; same file, same answers: the same bytes but
    /// for `created`.
    #[test]
    fn b2_the_same_in_any_order_has_the_same_digest(portfolio in portfolio(), seed in any::<u64>()) {
        let simulated = portfolio.start();
        let first = simulated.plan();
        let again = simulated.plan();
        if portfolio.dialect.get("order") != Some("shuffled") {
            let differ: Vec<_> = first.told.stdout.lines().zip(again.told.stdout.lines())
                .filter(|(one, two)| one != two && !one.contains("\"created\": "))
                .collect();
            prop_assert_eq!(differ, vec![]);
        }
        for order in ["stored", "reversed", "shuffled"] {
            let mut dialect = Dialect { seed, ..portfolio.dialect.clone() };
            dialect.set("order", order).expect("a switch");
            simulated.server.set_dialect(dialect);
            let other = simulated.plan();
            prop_assert_eq!(first.digest(), other.digest(), "{} {:?} {:?}", order, first.steps(), other.steps());
        }
    }

    /// A4.
    #[test]
    fn a4_exit_2_is_changes_is_a_summary_that_is_not_zero(portfolio in portfolio()) {
        let simulated = portfolio.start();
        for _ in 0..2 {
            let planned = simulated.plan();
            let counted: u64 = ["create", "update", "replace", "delete"]
                .iter()
                .map(|name| planned.summary(name))
                .sum();
            let sends = planned.steps().iter().any(|step| {
                ["create ", "update ", "delete "].iter().any(|action| step.starts_with(action))
            });
            let exit = planned.told.status;
            prop_assert_eq!((exit == Some(2), planned.changes(), sends), (counted > 0, counted > 0, counted > 0), "{:?}", planned.told);
            prop_assert!(matches!(exit, Some(0 | 2)));
            simulated.apply();
        }
    }
}
