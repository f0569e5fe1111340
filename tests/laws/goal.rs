//! Applying: the goal is reached, once, and the server holds what the file says.

use super::cases;
use super::portfolio::{NAMES, Portfolio, portfolio};
use crate::support::simulated::Simulated;
use bailiwick::model::dns::{Apex, Reading, Rtype, data};
use bailiwick::sandbox::{Maker, State};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// One form for what the test writes and what the server keeps, each in a spelling of its own.
fn canonical(zone: &str, rtype: &str, text: &str) -> String {
    let apex = Apex::parse(zone).unwrap();
    let rtype = Rtype::parse(rtype).unwrap();
    if rtype.is_text() {
        return text.to_owned();
    }
    data::parse(&rtype, text, Reading::server(&apex)).map_or(text.to_owned(), String::from)
}

/// What the server holds at the addresses that the file declares is what it says, unless an address is
/// blocked; texts that nobody knows may stand beside.
///
/// Records that came with a redirection are no part of this; they stand as long as it does.
fn holds(
    portfolio: &Portfolio,
    simulated: &Simulated,
    blocked: &[String],
) -> Result<(), TestCaseError> {
    for (sketch, name) in portfolio.domains.iter().zip(NAMES) {
        let Some(zone) = sketch.file.as_ref().and_then(|file| file.zone.as_ref()) else {
            continue;
        };
        let mut live: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        let state = simulated.state();
        let records = state.zone(name).map(|zone| {
            let own = zone.raw().into_iter().cloned();
            own.filter(|record| record.maker != Maker::Redirection)
                .collect::<Vec<_>>()
        });
        for record in records.unwrap_or_default() {
            let data = canonical(name, &record.rtype, &record.data);
            live.entry((record.host, record.rtype))
                .or_default()
                .insert(data);
        }
        let mut wanted: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        for rr in &zone.records {
            let at = (rr.host().to_owned(), rr.sample().rtype.to_owned());
            wanted.entry(at).or_default().insert(canonical(
                name,
                rr.sample().rtype,
                rr.sample().live,
            ));
        }
        for ((host, rtype), values) in &wanted {
            let address = format!("record.{name}/{}/{rtype}", host.replace('*', "\\*"));
            if blocked
                .iter()
                .any(|line| line.ends_with(&address) || line.ends_with(&format!("zone.{name}")))
            {
                continue;
            }
            let found = live
                .get(&(host.clone(), rtype.clone()))
                .cloned()
                .unwrap_or_default();
            let fits = match rtype.as_str() {
                "TXT" if !zone.purge => values.is_subset(&found),
                _ => *values == found,
            };
            prop_assert!(fits, "{address}: wanted {values:?}, live {found:?}");
        }
        if zone.purge && blocked.is_empty() {
            let extra: Vec<_> = live
                .keys()
                .filter(|at| !wanted.contains_key(at))
                .filter(|(host, rtype)| rtype != "SOA" && (host != "@" || rtype != "NS"))
                // A type that neither the tool nor the file knows is never purged.
                .filter(|(_, rtype)| bailiwick::model::dns::is_known_type(rtype))
                .collect();
            prop_assert!(extra.is_empty(), "{name} is purged, and holds {extra:?}");
        }
    }
    Ok(())
}

/// Beside zones: what the file writes is so, and no redirection of it has lost its record.
fn serves(
    portfolio: &Portfolio,
    state: (&State, &State),
    blocked: &[String],
) -> Result<(), TestCaseError> {
    for (sketch, name) in portfolio.domains.iter().zip(NAMES) {
        let wanted = sketch.file.as_ref().and_then(|file| file.served.as_ref());
        let differs = wanted.map(|served| served.differs(name, state, blocked));
        prop_assert_eq!(differs.unwrap_or_default(), Vec::<String>::new());
        let after = state.1;
        // Where no call lists redirections, nobody can tell their records from others.
        let is_listed = portfolio.dialect.get("inferred") == Some("exist");
        let Some(zone) = after.zone(name).filter(|_| is_listed) else {
            continue;
        };
        // One that the file does not name may lose its record to a purge: the file is then the whole zone.
        let named: BTreeSet<String> = wanted
            .iter()
            .flat_map(|served| &served.redirects)
            .map(|redirect| redirect.origin(name))
            .collect();
        let redirections = after.redirections(name);
        for redirection in redirections
            .into_iter()
            .filter(|it| named.contains(&it.origin))
        {
            let lost = redirection
                .record
                .filter(|id| zone.raw().iter().all(|record| record.id != *id));
            prop_assert_eq!(lost, None, "the record of {:?} is gone", redirection);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(96))]

    /// B3, D12: after an apply nothing is left to do but what is blocked, a second apply writes nothing, and
    /// the server holds what the file says.
    #[test]
    fn b3_after_an_apply_the_plan_is_empty(portfolio in portfolio()) {
        let simulated = portfolio.start();
        let first = simulated.state();
        let before = simulated.plan();
        let applied = simulated.apply();
        for list in ["failed", "skipped", "unknown", "pending", "not_started"] {
            prop_assert_eq!(applied.rows(list), Vec::<String>::new(), "{} {}", list, applied.told.stderr);
        }
        let expected = if before.blocked().is_empty() { 0 } else { 5 };
        prop_assert_eq!(applied.exit(), expected, "{:?}", applied.told);
        simulated.log().clear();
        let after = simulated.plan();
        prop_assert_eq!(after.steps(), Vec::<String>::new());
        prop_assert!(!after.changes());
        prop_assert_eq!(after.told.status, Some(0));
        simulated.apply();
        prop_assert_eq!(simulated.log().writes().len(), 0);
        holds(&portfolio, &simulated, &after.blocked())?;
        serves(&portfolio, (&first, &simulated.state()), &after.blocked())?;
    }
}
