//! B4: what `import --all` writes is valid, and its plan is empty, under every dialect.

use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{AutoResponder, Dialect, Options, Pending, Seed};

/// Redirections, mailboxes and FTP users, odd ones among them.
fn served(seed: Seed) -> Seed {
    let zone = "example.com";
    seed.redirect_service(zone, 5)
        .redirection(zone, "blog.example.com", "https://blog.example.net/")
        .redirection(zone, "old.example.com", "https://example.net/old")
        .adjust_redirection("old.example.com", |redirection| {
            redirection.active = false;
            redirection.title = Some("An \"old\" one".to_owned());
        })
        .mail_service(zone, 5)
        .mailbox("info@example.com")
        .adjust_mailbox("info@example.com", |mailbox| {
            mailbox.alias = vec!["hello@example.com".to_owned()];
            mailbox.responder = Some(AutoResponder {
                active: false,
                subject: Some("Away".to_owned()),
                message: Some("Back\non Monday".to_owned()),
                start: Some(Seed::START),
                ..AutoResponder::default()
            });
        })
        .mailbox("stuck@example.com")
        .adjust_mailbox("stuck@example.com", |mailbox| {
            mailbox.pending = Pending::Stuck;
        })
        .mail_alias("all@example.com", &["a@example.net", "b@example.net"])
        .hosting(zone)
        .ftp_user(zone, Some("deploy"), "deploy")
        .ftp_user(zone, Some("twin"), "one")
        .ftp_user(zone, Some("twin"), "two")
        .ftp_user(zone, None, "nameless")
}

fn dialects() -> impl Iterator<Item = Dialect> {
    std::iter::once(Dialect::default()).chain((1..40).map(Dialect::random))
}

fn seed() -> Seed {
    let zone = "example.com";
    let seed = Seed::empty()
        .user(USER)
        .domain(USER, "no-zone.example")
        .zone(zone)
        .record(zone, "@", ("A", "192.0.2.1"))
        .record(zone, "@", ("AAAA", "2001:db8::1"))
        .record(zone, "@", ("MX", "10 mx1.example.net."))
        .record(zone, "@", ("MX", "20 mx2.example.net."))
        .record(zone, "@", ("TXT", "\"v=spf1 mx -all\""))
        .record(zone, "_dmarc", ("TXT", "\"v=DMARC1; p=none\""))
        .record(zone, "www", ("CNAME", "example.com."))
        .record(zone, "*.dev", ("A", "192.0.2.7"))
        .record(zone, "_sip._tcp", ("SRV", "10 5 5060 sip.example.net."))
        .record(zone, "@", ("CAA", "0 issue \"letsencrypt.org\""))
        .record(
            zone,
            "_443._tcp",
            (
                "TLSA",
                "3 1 1 0d6fce13c2b1a8f3e4d5968778695a4b3c2d1e0f0d6fce13c2b1a8f3e4d59687",
            ),
        )
        .record(zone, "sub", ("NS", "ns1.example.net."));
    served(seed)
}

#[test]
fn b4_a_plan_of_what_import_writes_is_empty_under_every_dialect() {
    for dialect in dialects() {
        let simulated = Simulated::new(seed(), dialect.clone());
        simulated.file("");
        let told = simulated.call(&["import", "--all"]);
        assert_eq!(told.status, Some(0), "{dialect}: {told:?}");
        simulated.file(&told.stdout);
        let valid = simulated.call(&["validate"]);
        assert_eq!(
            valid.status,
            Some(0),
            "{dialect}: {valid:?}\n{}",
            told.stdout
        );
        let planned = simulated.plan();
        assert!(
            !planned.changes(),
            "{dialect}: {:?}\n{}",
            planned.steps(),
            told.stdout
        );
        assert!(
            planned.blocked().is_empty(),
            "{dialect}: {:?}",
            planned.blocked()
        );
        // What was exported says the same when it is read back.
        let zone = simulated.call(&["export", "example.com"]);
        assert_eq!(zone.status, Some(0), "{dialect}: {zone:?}");
        simulated.scenario.file("example.com.zone", &zone.stdout);
        simulated
            .file("[domain.\"example.com\".zone]\nfile = \"example.com.zone\"\npurge = true\n");
        let planned = simulated.plan();
        assert!(
            !planned.changes(),
            "{dialect}: {:?}\n{}",
            planned.steps(),
            zone.stdout
        );
    }
}

#[test]
fn b4_what_import_writes_into_a_folder_plans_the_same_and_a_second_run_adds_only_what_is_new() {
    for dialect in dialects().take(6) {
        let simulated = Simulated::new(seed(), dialect.clone());
        simulated.file("");
        let told = simulated.call(&["import", "--all", "--out-dir", "domains"]);
        assert_eq!(told.status, Some(0), "{dialect}: {told:?}");
        let included = "[bailiwick]\ninclude = [\"domains/*.toml\"]\n";
        simulated.file(included);
        let planned = simulated.plan();
        assert!(!planned.changes(), "{dialect}: {:?}", planned.steps());
        assert_eq!(planned.blocked(), Vec::<String>::new(), "{dialect}");

        let held = |simulated: &Simulated| {
            let folder = simulated.scenario.folder().join("domains");
            let files = std::fs::read_dir(folder).expect("the folder");
            let texts = files.map(|file| {
                let path = file.expect("an entry").path();
                let text = std::fs::read_to_string(&path).expect("a file");
                (path, text)
            });
            texts.collect::<std::collections::BTreeMap<_, _>>()
        };
        let before = held(&simulated);
        let all = |seed: Seed| seed.zone("late.example").mailbox("info@late.example");
        simulated.server.edit(all).expect("no folder, no failure");
        let told = simulated.call(&["import", "--all", "--out-dir", "domains"]);
        assert_eq!(told.status, Some(0), "{dialect}: {told:?}");
        let after = held(&simulated);
        assert_eq!(after.len(), before.len() + 1, "{dialect}: {told:?}");
        for (path, text) in &before {
            assert_eq!(after.get(path), Some(text), "{dialect}: {}", path.display());
        }
        let planned = simulated.plan();
        assert!(!planned.changes(), "{dialect}: {:?}", planned.steps());
        assert_eq!(planned.blocked(), Vec::<String>::new(), "{dialect}");
    }
}

/// E12: a server that tells passwords sees none of them in the file that is written, nor in its plan.
#[test]
fn e12_neither_an_imported_file_nor_its_plan_holds_a_password() {
    let mut options = Options::default().seed(seed());
    options.dialect = Dialect::with("mail-secret", "told").expect("a switch");
    options.canary = Some("canary-81b3".to_owned());
    let simulated = Simulated::with(options);
    simulated.file("");
    let told = simulated.call(&["import", "--all"]);
    assert_eq!(told.status, Some(0), "{told:?}");
    simulated.file(&told.stdout);
    let planned = simulated.plan();
    assert!(!planned.changes(), "{:?}", planned.steps());
    for text in [
        &told.stdout,
        &told.stderr,
        &planned.told.stdout,
        &planned.told.stderr,
    ] {
        assert!(!text.contains("canary-81b3"), "{text}");
    }
    // Each password is a line to fill in.
    for name in ["INFO", "DEPLOY", "STUCK"] {
        let line = format!("# password = {{ env = \"{name}_EXAMPLE_COM_PASSWORD\" }}");
        assert!(told.stdout.contains(&line), "{line}\n{}", told.stdout);
    }
}
