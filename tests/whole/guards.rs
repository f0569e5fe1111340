//! E6–E9, E18: what is protected stays, and what nobody may have meant is refused in its scope.

use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Seed};

fn many(zone: &str, count: usize) -> String {
    let hosts: Vec<String> = (0..count).map(|at| format!("\"h{at}\"")).collect();
    format!(
        "[domain.\"{zone}\".zone]\nrecords = [{{ host = [{}], type = \"A\", data = \"192.0.2.1\" }}]\n",
        hosts.join(", ")
    )
}

fn applied(file: &str) -> Simulated {
    let seed = Seed::empty()
        .user(USER)
        .zone("example.com")
        .zone("example.org");
    let simulated = Simulated::new(seed, Dialect::default());
    simulated.file(file);
    let applied = simulated.apply();
    assert_eq!(applied.exit(), 0, "{}", applied.told.stdout);
    simulated
}

#[test]
fn e6_protection_holds_when_the_line_is_gone_and_e7_refuses_only_its_object() {
    let guard = "[guard]\nprotect = [\"domain.*\", \"record.example.com/h1/*\"]\n";
    let simulated = applied(&format!("{guard}{}", many("example.com", 4)));
    simulated.file(&format!(
        "{guard}{}",
        many("example.com", 1).replace("192.0.2.1", "192.0.2.2")
    ));
    let applied = simulated.apply_with(&["--allow-share", "zone.example.com"]);
    assert_eq!(applied.exit(), 5);
    assert_eq!(
        applied.blocked(),
        ["guard.protected record.example.com/h1/A"]
    );
    let left: Vec<String> = simulated
        .records("example.com")
        .into_iter()
        .filter(|r| r.1 == "A")
        .map(|r| r.0)
        .collect();
    assert_eq!(left, ["h0", "h1"]);
    assert_eq!(
        simulated
            .apply_with(&["--allow-destroy", "record.example.com/h1/*"])
            .exit(),
        0
    );
}

#[test]
fn e8_too_large_a_share_holds_its_zone_and_lets_the_other_go_on() {
    let simulated = applied(&format!(
        "{}{}",
        many("example.com", 9),
        many("example.org", 2)
    ));
    simulated.file(&format!(
        "{}{}",
        many("example.com", 3),
        many("example.org", 3)
    ));
    let refused = simulated.apply();
    assert_eq!(refused.exit(), 5);
    assert_eq!(refused.blocked(), ["guard.share zone.example.com"]);
    assert_eq!(
        refused.rows("applied"),
        ["create record.example.org/h2/A 192.0.2.1"]
    );
    let until = "until = 2099-01-01";
    let allow = format!("[[allow]]\nshare = [\"zone.example.com\"]\nreason = \"t\"\n{until}\n");
    simulated.file(&format!(
        "{allow}{}{}",
        many("example.com", 3),
        many("example.org", 3)
    ));
    assert_eq!(simulated.apply().exit(), 0);
    // It has been used, and is told to be no longer needed.
    assert_eq!(simulated.plan().findings(), ["notice allow.unused"]);
    simulated.file(&format!(
        "{}{}{}",
        allow.replace("2099", "2020"),
        many("example.com", 3),
        many("example.org", 3)
    ));
    assert_eq!(simulated.plan().findings(), ["warning allow.expired"]);
}

#[test]
fn e8_an_emptied_file_and_an_emptied_zone_are_refused() {
    let purge = many("example.com", 2).replace("zone]", "zone]\npurge = true");
    let simulated = applied(&purge);
    simulated.file("[domain.\"example.org\".zone]\nttl = 300\n");
    let refused = simulated.apply();
    assert_eq!(refused.exit(), 5);
    assert!(
        simulated
            .plan()
            .findings()
            .contains(&"error guard.emptied-file".to_owned())
    );
    simulated.file("[domain.\"example.com\".zone]\npurge = true\n");
    let refused = simulated.apply();
    assert_eq!(
        (refused.exit(), refused.blocked()),
        (5, vec!["guard.emptied-zone zone.example.com".to_owned()])
    );
    assert_eq!(
        simulated
            .records("example.com")
            .iter()
            .filter(|r| r.1 == "A")
            .count(),
        2
    );
}

#[test]
fn e8_many_zones_and_apex_name_servers() {
    let simulated = applied(&format!(
        "{}{}",
        many("example.com", 1),
        many("example.org", 1)
    ));
    let edited = format!("{}{}", many("example.com", 2), many("example.org", 2));
    simulated.file(&format!("[guard]\nmax_zones = 1\n{edited}"));
    assert_eq!(simulated.apply().exit(), 5);
    assert_eq!(
        simulated.apply_with(&["--allow-share", "zone.**"]).exit(),
        0
    );
    let listed = Dialect::with("apex-records", "soa-ns").expect("a switch");
    simulated.server.set_dialect(listed);
    let apex = "[domain.\"example.com\".zone]\nrecords = [{ host = \"@\", type = \"NS\", data = [\"ns1.example.net.\", \"ns2.example.net.\"] }, { host = [\"h0\", \"h1\"], type = \"A\", data = \"192.0.2.1\" }]\n";
    simulated.file(&format!("{apex}{}", many("example.org", 2)));
    let refused = simulated.apply();
    assert_eq!(
        (refused.exit(), refused.blocked()),
        (5, vec!["guard.apex-ns zone.example.com".to_owned()])
    );
}

#[test]
fn e9_a_block_that_goes_is_forgotten_whole_and_nothing_is_deleted() {
    let simulated = applied(&format!(
        "{}{}",
        many("example.com", 3),
        many("example.org", 1)
    ));
    let before = simulated.records("example.com");
    simulated.file(&many("example.org", 1));
    let planned = simulated.plan();
    assert!(!planned.changes());
    assert_eq!(planned.summary("forget"), 5);
    simulated.requests();
    assert_eq!(simulated.apply().exit(), 0);
    assert!(simulated.log().writes().is_empty());
    assert_eq!(simulated.records("example.com"), before);
    assert_eq!(simulated.plan().summary("forget"), 0);
}

#[test]
fn e18_the_delegation_of_a_signed_zone_is_refused_and_its_records_go_on() {
    let signed = "[domain.\"example.com\".zone]\ndnssec = true\n";
    let simulated = applied(signed);
    let moved =
        "[domain.\"example.com\"]\nname_servers = [\"ns1.example.net\", \"ns2.example.net\"]\n";
    let record = "records = [{ host = \"www\", type = \"A\", data = \"192.0.2.1\" }]\n";
    simulated.file(&format!("{moved}{signed}{record}"));
    let refused = simulated.apply();
    assert_eq!(refused.exit(), 5, "{}", refused.told.stdout);
    assert_eq!(
        refused.blocked(),
        ["guard.signed-delegation domain.example.com"]
    );
    assert!(
        refused
            .rows("applied")
            .iter()
            .any(|row| row.starts_with("create record.example.com/www/A"))
    );
}

const DOMAIN: &str = "[domain.\"example.com\"]\n";
const REDIRECT: &str = "[domain.\"example.com\".redirect.\"blog.example.com\"]\nto = \"https://example.net/\"\ntype = 4\n";
const MAILBOXES: &str = r#"[domain."example.com".mail]
[domain."example.com".mailbox.info]
password = { env = "BOX_PW" }
autoresponder = { subject = "Away", message = "Back on Monday." }
"#;
const HOSTING: &str = "[domain.\"example.com\".hosting]\n";
const USERS: &str = r#"[domain."example.com".hosting.ftp_user.deploy]
dir = "deploy"
password = { env = "FTP_PW" }
[domain."example.com".hosting.ftp_user.ci]
dir = "ci"
password = { env = "FTP_PW" }
"#;

/// An account with a redirection, a mailbox and two FTP users that a file has made.
fn served(file: &str) -> Simulated {
    let seed = Seed::empty().user(USER).redirect_service("example.com", 5);
    let seed = seed.mail_service("example.com", 5).hosting("example.com");
    let seed = seed.zone("example.org");
    let mut simulated = Simulated::new(seed, Dialect::default());
    simulated
        .scenario
        .variable("BOX_PW", "box#2026-pw")
        .variable("FTP_PW", "ftp#2026-pw");
    simulated.file(file);
    let applied = simulated.apply();
    assert_eq!(applied.exit(), 0, "{}", applied.told.stdout);
    simulated
}

#[test]
fn e9_a_mailbox_whose_line_goes_is_forgotten_and_destroyed_only_with_consent() {
    let whole = format!("{DOMAIN}{MAILBOXES}");
    for consent in [false, true] {
        let simulated = served(&whole);
        simulated.file(&format!("{DOMAIN}[domain.\"example.com\".mail]\n"));
        let more: &[&str] = match consent {
            true => &["--allow-destroy", "mailbox.info@example.com"],
            false => &[],
        };
        let planned = simulated.plan_with(more);
        assert_eq!(planned.changes(), consent, "{:?}", planned.steps());
        if !consent {
            let told = planned.findings();
            let about = told
                .iter()
                .any(|line| line.ends_with("mailbox.info@example.com"));
            assert!(about, "{told:?}");
        }
        simulated.requests();
        let applied = simulated.apply_with(more);
        assert_eq!(applied.exit(), 0, "{}", applied.told.stdout);
        let is_there = simulated.state().mailbox("info@example.com").is_some();
        assert_eq!(is_there, !consent);
        assert_eq!(simulated.log().writes().len(), usize::from(consent));
        assert_eq!(simulated.plan().steps(), Vec::<String>::new());
    }
}

#[test]
fn e9_redirections_and_ftp_users_whose_lines_go_are_deleted_and_a_protected_one_refuses_only_itself()
 {
    let simulated = served(&format!("{DOMAIN}{REDIRECT}{HOSTING}{USERS}"));
    let guard = "[guard]\nprotect = [\"ftp_user.example.com/ci\"]\n";
    simulated.file(&format!("{guard}{DOMAIN}{HOSTING}"));
    let applied = simulated.apply();
    assert_eq!(applied.exit(), 5, "{}", applied.told.stdout);
    assert_eq!(
        applied.blocked(),
        ["guard.protected ftp_user.example.com/ci"]
    );
    let state = simulated.state();
    assert!(state.redirections("example.com").is_empty());
    let hosting = state.hosting("example.com").expect("it is never deleted");
    let names: Vec<_> = hosting
        .users
        .values()
        .map(|user| user.full_name.as_deref())
        .collect();
    assert_eq!(names, [None, Some("ci")], "its own user stays too");
    let allowed = simulated.apply_with(&["--allow-destroy", "ftp_user.example.com/ci"]);
    assert_eq!(allowed.exit(), 0, "{}", allowed.told.stdout);
    assert_eq!(simulated.plan().steps(), Vec::<String>::new());
}

#[test]
fn e9_a_name_that_leaves_its_group_and_a_block_that_goes_take_nothing_with_them() {
    let whole = format!("{DOMAIN}{REDIRECT}{MAILBOXES}{HOSTING}{USERS}");
    let zone = "[domain.\"example.com\".zone]\nrecords = [{ host = \"h0\", type = \"A\", data = \"192.0.2.1\" }]\n";
    let whole = format!("{whole}{zone}");
    let name = "[domain.\"example.com\"]\n";
    let group = |domains: &str| {
        let head = format!("[group.g]\ndomains = [{domains}]\n");
        let text = whole.replacen(name, &head, 1);
        text.replace("domain.\"example.com\"", "group.g")
            .replace("blog.example.com", "blog.{domain}")
    };
    let rest = many("example.org", 1);
    for (with, without) in [
        (whole.clone(), String::new()),
        (group("\"example.com\""), group("")),
    ] {
        let simulated = served(&format!("{with}{rest}"));
        let before = simulated.state();
        simulated.file(&format!("{without}{rest}"));
        let planned = simulated.plan();
        assert!(!planned.changes(), "{:?}", planned.steps());
        assert!(planned.summary("forget") >= 7, "{}", planned.json);
        simulated.requests();
        let applied = simulated.apply();
        assert_eq!(applied.exit(), 0, "{}", applied.told.stdout);
        assert!(simulated.log().writes().is_empty());
        let after = simulated.state();
        assert_eq!(before.mailboxes().count(), after.mailboxes().count());
        assert_eq!(before.hosting("example.com"), after.hosting("example.com"));
        assert_eq!(
            before.redirections("example.com"),
            after.redirections("example.com")
        );
        assert_eq!(simulated.plan().summary("forget"), 0);
    }
}
