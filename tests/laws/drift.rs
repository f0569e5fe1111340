//! B3, F3: after an apply there is no drift; asking for it only reads, and writes nothing anywhere.

use super::cases;
use super::portfolio::portfolio;
use crate::whole::drift::{compared, everything, only_reads};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn b3_after_an_apply_drift_is_empty(portfolio in portfolio()) {
        let simulated = portfolio.start();
        let applied = simulated.apply();
        simulated.log().clear();
        let before = everything(&simulated);
        let drift = compared(&simulated, &[]);
        prop_assert_eq!(drift.told.status, Some(0), "{:?}", drift.told);
        prop_assert_eq!(&drift.json["drift"], false, "{}", drift.json);
        if applied.blocked().is_empty() {
            let left: Vec<_> = drift.lines().into_iter().filter(|l| !l.starts_with("unmanaged")).collect();
            prop_assert_eq!(left, Vec::<String>::new());
        }
        // A file that names nothing asks for nothing.
        let names_some = portfolio.domains.iter().any(|sketch| sketch.file.is_some());
        prop_assert!(only_reads(&simulated) || !names_some);
        prop_assert_eq!(everything(&simulated), before);
    }
}
