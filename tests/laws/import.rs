//! B4: what import writes is valid and wants no change; what export writes plans nothing when read back.

use super::cases;
use super::portfolio::{NAMES, portfolio};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn b4_an_imported_portfolio_is_valid_and_its_plan_is_empty(portfolio in portfolio()) {
        let simulated = portfolio.start();
        let imported = simulated.call(&["import", "--all"]);
        prop_assert_eq!(imported.status, Some(0), "{:?}", imported);
        simulated.file(&imported.stdout);
        let valid = simulated.call(&["validate"]);
        prop_assert_eq!(valid.status, Some(0), "{}\n{}", valid.stderr, imported.stdout);
        let planned = simulated.plan();
        prop_assert!(!planned.changes(), "{:?}\n{}", planned.steps(), imported.stdout);
        prop_assert_eq!(planned.blocked(), Vec::<String>::new(), "{}", imported.stdout);
        for (sketch, name) in portfolio.domains.iter().zip(NAMES) {
            if !sketch.zone {
                continue;
            }
            let exported = simulated.call(&["export", name]);
            prop_assert_eq!(exported.status, Some(0), "{:?}", exported);
            simulated.scenario.file("zone.txt", &exported.stdout);
            simulated.file(&format!(
                "[domain.\"{name}\".zone]\nfile = \"zone.txt\"\npurge = true\n"
            ));
            let planned = simulated.plan();
            prop_assert!(!planned.changes(), "{:?}\n{}", planned.steps(), exported.stdout);
        }
    }
}
