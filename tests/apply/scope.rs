//! A zone that is made and comes filled: what is in it ends as the file says, inside what was approved.

use super::support::{Does, Story, account, host, live_of, now, value, words, zone};
use bailiwick::apply::Ending;
use bailiwick::diag::Place;
use bailiwick::diff::{Intent, World, diff};
use bailiwick::ledger::Ledger;
use bailiwick::model::money::Money;
use bailiwick::model::{
    Account, Address, Admitted, Attrs, Declared, Desired, Kind, Need, Offers, Origin, Part, Prints,
    Rules, Unit, Value, Wanted, Write,
};
use bailiwick::plan::{Binds, Frame, Plan, PlanReads, build};
use std::collections::BTreeMap;

fn origin() -> Origin {
    Origin {
        place: Place {
            file: "a.toml".into(),
            line: 1,
            column: 1,
        },
        via: None,
        note: None,
    }
}

fn wanted(part: &str, attrs: Attrs, needs: Vec<Need>) -> Wanted {
    Wanted {
        part: Part::new(part),
        attrs,
        needs: needs.into(),
        origin: origin(),
    }
}

fn declared(parts: Vec<Wanted>) -> Declared {
    Declared {
        parts: parts.into(),
        rules: None,
        buy: None,
        renew_before: None,
        secrets: None,
    }
}

fn domain() -> Address {
    Address {
        kind: Kind::Domain,
        ..zone()
    }
}

/// A domain whose name servers move to a zone with three hosts.
fn file(purge: bool) -> Admitted {
    let object = Need::Unit(Unit::new(zone(), Part::object()));
    let mut all = BTreeMap::new();
    let mut top = declared(vec![
        wanted("", Attrs::none(), Vec::new()),
        wanted(
            "ttl",
            Attrs::one("ttl", Value::int(3600)),
            vec![object.clone()],
        ),
    ]);
    top.rules = Some(Box::new(Rules {
        purge,
        ignore: Box::new([]),
        gone: false,
    }));
    all.insert(zone(), top);
    for (name, text) in [("a", "192.0.2.1"), ("b", "192.0.2.2"), ("www", "192.0.2.3")] {
        all.insert(
            host(name),
            declared(vec![wanted(text, value(text), vec![object.clone()])]),
        );
    }
    let servers = Attrs::one("name_servers", Value::list(&["ns1.example."]));
    let delegation = wanted("delegation", servers, vec![Need::Inside(zone())]);
    all.insert(domain(), declared(vec![delegation]));
    Admitted::by_provider(Desired {
        objects: all,
        homes: Default::default(),
    })
}

fn planned(story: &Story, purge: bool) -> Plan {
    planned_with(story, story.ledger(), purge)
}

pub(super) fn planned_with(story: &Story, ledger: Ledger, purge: bool) -> Plan {
    let ledgers: BTreeMap<Account, Ledger> = BTreeMap::from([(account(), ledger)]);
    let live = with_domain(story);
    let desired = file(purge);
    let world = World {
        desired: &desired,
        ledgers: &ledgers,
        live: &live,
        intent: &Intent::default(),
        secrets: &Prints::default(),
    };
    let frame = Frame {
        tool: "t".into(),
        basis: "live".into(),
        binds: Binds::default(),
        reads: PlanReads::default(),
        limit: Money::zero("EUR"),
    };
    build(&world, diff(&world), &Offers::default(), frame).unwrap()
}

pub(super) fn with_domain(story: &Story) -> bailiwick::model::Live {
    let units = story.world().live.clone();
    let mut live = live_of(&units, &zone());
    live.objects.extend(live_of(&units, &domain()).objects);
    live
}

pub(super) fn story(script: impl Fn(&Write, u32) -> Does + Send + Sync + 'static) -> Story {
    let story = Story::new(script);
    let servers = Attrs::one("name_servers", Value::list(&["old.example."]));
    let unit = Unit::new(domain(), Part::new("delegation"));
    story.world().live.insert(unit, servers);
    story
}

pub(super) fn record(name: &str, text: &str) -> (Unit, Attrs) {
    (Unit::new(host(name), Part::new(text)), value(text))
}

async fn applied(story: &Story, purge: bool) -> super::support::Told {
    let plan = planned(story, purge);
    let ledgers = BTreeMap::from([(account(), story.ledger())]);
    let approved = bailiwick::plan::approve(
        plan,
        &ledgers,
        with_domain(story),
        bailiwick::plan::Consent::Given,
    )
    .unwrap();
    let mut events = Vec::new();
    let report =
        bailiwick::apply::run(approved, story.env(), &mut |event| events.push(event)).await;
    let wrong = story.world().wrong.clone();
    assert_eq!(wrong, Vec::<String>::new());
    super::support::Told { report, events }
}

/// Values of the zone's hosts, as they are live.
pub(super) fn hosts(story: &Story) -> Vec<String> {
    let world = story.world();
    let records = world
        .live
        .keys()
        .filter(|unit| unit.address.kind == Kind::Record);
    records
        .map(|unit| format!("{} {}", unit.address.name, unit.part.0))
        .collect()
}

fn last_write(story: &Story) -> Unit {
    story.world().writes.last().unwrap().1.unit.clone()
}

#[tokio::test(start_paused = true)]
async fn default_records_end_as_the_file_says() {
    let story = story(|_, _| Does::Takes);
    story.world().defaults = vec![
        record("a", "192.0.2.1"),
        record("www", "198.51.100.9"),
        record("mail", "198.51.100.9"),
        (
            Unit::new(zone(), Part::new("ttl")),
            Attrs::one("ttl", Value::int(600)),
        ),
    ];
    let told = applied(&story, false).await;
    assert!(told.applied(), "{:?}", told.report.rows);
    assert_eq!(
        hosts(&story),
        [
            "a/A 192.0.2.1",
            "b/A 192.0.2.2",
            "mail/A 198.51.100.9",
            "www/A 192.0.2.3"
        ],
        "what is not listed is left where the zone is not purged"
    );
    let sent = story.world().writes.len();
    assert_eq!(
        sent, 5,
        "the zone, its ttl, b, www and the delegation; a is there already"
    );
    assert_eq!(
        last_write(&story),
        Unit::new(domain(), Part::new("delegation"))
    );
    let ledger = story.ledger();
    assert!(ledger.entries[&zone()].made.is_some());
    assert!(ledger.entries.contains_key(&host("a")), "adopted");
    assert!(!ledger.entries.contains_key(&host("mail")));
    assert!(words(&told.events).contains(&"expanded 3".to_owned()));
    // And then there is nothing to do.
    let again = planned(&story, false);
    assert!(again.steps.is_empty(), "{:?}", again.steps);
}

#[tokio::test(start_paused = true)]
async fn in_a_purged_zone_nothing_else_stays_and_the_delegation_waits_for_it() {
    let story = story(|_, _| Does::Takes);
    story.world().defaults = vec![
        record("mail", "198.51.100.9"),
        record("ftp", "198.51.100.9"),
    ];
    let told = applied(&story, true).await;
    assert!(told.applied());
    assert_eq!(
        hosts(&story),
        ["a/A 192.0.2.1", "b/A 192.0.2.2", "www/A 192.0.2.3"]
    );
    assert_eq!(
        last_write(&story),
        Unit::new(domain(), Part::new("delegation"))
    );
    let delegation = told.report.rows.last().unwrap();
    assert_eq!(
        delegation.step.address,
        domain(),
        "the report keeps the order of the plan"
    );
    assert!(planned(&story, true).steps.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_appears_late_is_read_once_more_and_taken_over() {
    // The provider refuses what is there already.
    let story = story(|write, _| {
        if write.unit.address == host("b") {
            Does::Refuses
        } else {
            Does::Takes
        }
    });
    story.world().late = vec![record("b", "192.0.2.2")];
    let told = applied(&story, false).await;
    assert!(told.applied(), "{:?}", told.report.rows);
    assert_eq!(story.world().fetches.len(), 2);
    assert!(story.ledger().entries.contains_key(&host("b")));
    assert!(
        !words(&told.events)
            .iter()
            .any(|word| word.starts_with("failed"))
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_for_another_reason_fails_with_that_reason() {
    let story = story(|write, _| {
        if write.unit.address == host("b") {
            Does::Refuses
        } else {
            Does::Takes
        }
    });
    let told = applied(&story, false).await;
    let row = |address: &Address| {
        let rows = &told.report.rows;
        rows.iter()
            .find(|row| row.step.address == *address)
            .unwrap()
    };
    assert!(matches!(&row(&host("b")).ending, Ending::Failed(reason) if &*reason.code == "707"));
    assert_eq!(row(&host("www")).ending, Ending::Applied);
    let because = row(&host("b")).step.id;
    assert_eq!(row(&domain()).ending, Ending::Skipped { because });
    assert_eq!(story.world().fetches.len(), 2);
    let tries = story
        .world()
        .writes
        .iter()
        .filter(|(_, w)| w.unit.address == host("b"))
        .count();
    assert_eq!(tries, 1);
    assert!(story.ledger().open.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_subtree_that_cannot_be_read_is_stale_and_nothing_else() {
    // The zone is made, and then not there.
    let story = story(|write, _| {
        if write.unit.address == zone() {
            Does::Takes
        } else {
            Does::Refuses
        }
    });
    story.world().gone_after_made = true;
    let told = applied(&story, false).await;
    let mut stale = 0;
    for row in &told.report.rows {
        match &row.ending {
            Ending::Applied => assert_eq!(row.step.address, zone()),
            Ending::Failed(reason) => {
                assert_eq!(&*reason.code, "stale");
                stale += 1;
            }
            Ending::Skipped { .. } => assert_eq!(row.step.address, domain()),
            Ending::Unknown(_) | Ending::Pending | Ending::NotStarted(_) => {
                panic!("{:?}", row.ending)
            }
        }
    }
    assert_eq!(stale, 4);
}

#[tokio::test(start_paused = true)]
async fn a_zone_that_cannot_be_made_leaves_out_everything_below() {
    let story = story(|_, _| Does::Refuses);
    let told = applied(&story, false).await;
    let tally = told.report.tally();
    assert_eq!((tally.failed, tally.skipped), (1, 5));
    assert!(story.world().fetches.is_empty());
}

#[tokio::test(start_paused = true)]
async fn notes_are_in_the_ledger_before_anything_is_sent_and_an_old_zone_is_at_its_goal() {
    let story = story(|_, _| Does::Takes);
    assert!(applied(&story, false).await.applied());
    // A day later nothing is left to do, and a value that the ledger lost is adopted.
    let mut recorder = story.recorder();
    recorder
        .append(&[bailiwick::ledger::Record::Forgotten(host("a"))])
        .unwrap();
    recorder.finish().unwrap();
    let plan = planned(&story, false);
    assert_eq!(plan.steps.len(), 1);
    let mut live = with_domain(&story);
    for (later, made) in [(20, true), (30, true)] {
        live.as_of = now() + jiff::SignedDuration::from_hours(later);
        let ledgers = BTreeMap::from([(account(), story.ledger())]);
        let plan = if later == 20 {
            plan.clone()
        } else {
            planned(&story, false)
        };
        let approved = bailiwick::plan::approve(
            plan,
            &ledgers,
            live.clone(),
            bailiwick::plan::Consent::Given,
        )
        .unwrap();
        let report = bailiwick::apply::run(approved, story.env(), &mut |_| {}).await;
        assert!(report.rows.iter().all(|row| row.ending == Ending::Applied));
        let ledger = story.ledger();
        assert!(ledger.entries.contains_key(&host("a")));
        assert_eq!(ledger.entries[&zone()].made.is_some(), made && later == 20);
    }
}

#[tokio::test(start_paused = true)]
async fn a_guard_on_the_zone_holds_back_all_of_it_and_says_what_waits() {
    let story = story(|_, _| Does::Takes);
    let mut plan = planned(&story, false);
    plan.findings.push(bailiwick::plan::Finding {
        scope: bailiwick::plan::Scoped::Zone,
        address: Some(zone()),
        ..bailiwick::plan::Finding::failure("guard.share", "too much".into())
    });
    let told = story.run_in(story.env(), plan).await;
    assert!(told.report.rows.is_empty() && story.world().writes.is_empty());
    let blocked: Vec<(&Address, &str)> = told
        .report
        .blocked
        .iter()
        .map(|held| (&held.address, held.code))
        .collect();
    assert_eq!(
        blocked,
        [(&zone(), "guard.share"), (&domain(), "step.waits")]
    );
    let ledger = story.ledger();
    assert!(ledger.approved.is_empty(), "nothing of it ran");
}

#[tokio::test(start_paused = true)]
async fn a_zone_that_came_meanwhile_opens_its_scope_without_a_step() {
    let story = story(|_, _| Does::Takes);
    let mut plan = planned(&story, false);
    // As after an earlier run, whose pending write made the zone.
    let made = plan.scopes[0].after.take().unwrap();
    plan.steps.retain(|step| step.id != made);
    for step in &mut plan.steps {
        step.needs = step
            .needs
            .iter()
            .copied()
            .filter(|need| *need != made)
            .collect();
    }
    story
        .world()
        .live
        .insert(Unit::new(zone(), Part::object()), Attrs::none());
    let ledgers = BTreeMap::from([(account(), story.ledger())]);
    let live = with_domain(&story);
    let approved =
        bailiwick::plan::approve(plan, &ledgers, live, bailiwick::plan::Consent::Given).unwrap();
    let report = bailiwick::apply::run(approved, story.env(), &mut |_| {}).await;
    for row in &report.rows {
        assert_eq!(row.ending, Ending::Applied, "{}", row.step.address);
    }
    assert_eq!(
        hosts(&story),
        ["a/A 192.0.2.1", "b/A 192.0.2.2", "www/A 192.0.2.3"]
    );
    assert_eq!(
        last_write(&story),
        Unit::new(domain(), Part::new("delegation"))
    );
}
