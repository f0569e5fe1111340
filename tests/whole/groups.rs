//! Groups end to end: shown, targeted, and what becomes of a domain that leaves one.

use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Seed};

const GROUP: &str = r#"[template.web]
records = [ { host = "www", type = "A", data = "192.0.2.1" } ]
[group.parked]
domains = ["example.com", "example.net"]
[group.parked.zone]
templates = ["web"]
records = [ { host = "@", type = "TXT", data = "{domain}" } ]
[group.other]
domains = ["example.net"]
"#;

fn simulated() -> Simulated {
    let seed = Seed::empty().user(USER);
    let seed = seed.zone("example.com").zone("example.net");
    let simulated = Simulated::new(seed, Dialect::default());
    simulated.file(&format!("{GROUP}[defaults]\nregistrar = \"external\"\n"));
    simulated
}

#[test]
fn a_domain_is_shown_offline_and_an_unknown_one_is_guessed() {
    let simulated = simulated();
    let shown = simulated.call(&["show", "--resolved", "Example.COM."]);
    assert_eq!(shown.status, Some(0), "{shown:?}");
    let line = r#"data = "192.0.2.1" }, # group.parked, template.web, bailiwick.toml:"#;
    assert!(shown.stdout.contains(line), "{}", shown.stdout);
    let unknown = simulated.call(&["show", "--resolved", "exmaple.com"]);
    assert_eq!(unknown.status, Some(3), "{unknown:?}");
    assert!(
        unknown.stderr.contains("did you mean example.com?"),
        "{unknown:?}"
    );
    let later = simulated.call(&["show", "zone.example.com"]);
    assert_eq!(later.status, Some(3), "{later:?}");
    assert!(simulated.log().entries().is_empty());
}

#[test]
fn a_group_is_a_target() {
    let simulated = simulated();
    let all = simulated.plan_with(&["--target", "group.parked"]);
    assert_eq!(all.summary("create"), 4);
    let rest = simulated.plan_with(&["--exclude", "group.o*"]);
    assert_eq!(rest.summary("create"), 2);
    let unknown = simulated.call(&["plan", "--target", "group.prked"]);
    assert_eq!(unknown.status, Some(3), "{unknown:?}");
    assert!(
        unknown.stderr.contains("did you mean group.parked?"),
        "{unknown:?}"
    );
}

#[test]
fn a_name_that_leaves_its_only_group_is_forgotten_and_one_with_a_block_loses_the_groups_records() {
    let simulated = simulated();
    assert_eq!(simulated.apply().exit(), 0);
    assert_eq!(simulated.plan().summary("create"), 0);
    let left = GROUP.replace("\"example.com\", ", "");
    let defaults = "[defaults]\nregistrar = \"external\"\n";
    simulated.file(&format!("{left}{defaults}"));
    let forgotten = simulated.plan();
    assert_eq!(forgotten.summary("delete"), 0, "{}", forgotten.json);
    // The zone and its two record sets.
    assert_eq!(forgotten.summary("forget"), 3, "{}", forgotten.json);

    let own = "[domain.\"example.com\".zone]\nrecords = [ { host = \"a\", type = \"A\", data = \"192.0.2.2\" } ]\n";
    simulated.file(&format!("{left}{defaults}{own}"));
    let kept = simulated.plan();
    assert_eq!(kept.summary("create"), 1, "{}", kept.json);
    assert_eq!(kept.summary("delete"), 2, "{}", kept.json);
}
