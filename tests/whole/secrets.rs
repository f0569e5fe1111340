//! H1, H6, A7, A9: no secret in any output, nothing sent where nobody trusts, hostile values inert.

use crate::support::simulated::{PASSWORD, Simulated, USER};
use bailiwick::sandbox::{Dialect, Options, Seed};
use std::path::Path;

const CANARY: &str = "canary-5c1e77";

fn everything_below(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap().filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            everything_below(&path, found);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            found.push((
                path.display().to_string(),
                String::from_utf8_lossy(&bytes).into_owned(),
            ));
        }
    }
}

#[test]
fn h1_no_secret_of_ours_or_the_servers_is_found_in_any_output_or_file() {
    let mut options = Options::default().seed(Seed::empty().user(USER).zone("example.com"));
    options.canary = Some(CANARY.to_owned());
    let simulated = Simulated::with(options);
    simulated.file(
        "[domain.\"example.com\"]\nlocked = false\nadmin = \"AA111111\"\nname_servers = [\"dns1.namebay.com\", \"dns2.namebay.com\"]\n\
         [domain.\"example.com\".zone]\nttl = 300\nrecords = [{ host = \"www\", type = \"A\", data = \"192.0.2.1\" }]\n",
    );
    let mut said = Vec::new();
    for arguments in [
        vec![
            "plan",
            "--verbose",
            "--report",
            "json=plan.json",
            "--report",
            "markdown=plan.md",
        ],
        vec![
            "apply",
            "--yes",
            "--verbose",
            "--report",
            "json=report.json",
        ],
        vec!["import", "--all", "--out", "import.toml"],
        vec!["export", "example.com", "--out", "example.zone"],
        vec!["plan", "--format", "json", "--verbose"],
    ] {
        let told = simulated.scenario.run(&arguments);
        assert_eq!(told.status, Some(0), "{told:?}");
        said.push((format!("{arguments:?}"), told.stdout + &told.stderr));
    }
    everything_below(simulated.scenario.folder(), &mut said);
    assert!(said.iter().any(|(name, _)| name.ends_with("ledger.json")));
    for (name, text) in &said {
        assert!(
            !text.contains(PASSWORD) && !text.contains(CANARY),
            "a secret stands in {name}: {text}"
        );
    }
}

const MAIL_CANARY: &str = "mail-canary#41";
const FTP_CANARY: &str = "ftp-canary#42x";
const NEXT_CANARY: &str = "next-canary#43";
const FAMILIES: &str = r#"
[domain."example.com".mailbox.info]
password = { env = "BOX_PW" }
[domain."example.com".mailbox.old]
password = { env = "BOX_PW" }
[domain."example.com".hosting]
admin_password = { file = "admin.pw" }
[domain."example.com".hosting.ftp_user.deploy]
dir = "deploy"
password = { file = "ftp.pw" }
"#;

fn with_families() -> Simulated {
    let seed = Seed::empty().user(USER).zone("example.com");
    let seed = seed.mailbox("old@example.com").hosting("example.com");
    let mut options = Options::default().seed(seed);
    options.canary = Some(CANARY.to_owned());
    options.dialect = Dialect::with("mail-secret", "told").expect("a switch");
    let mut simulated = Simulated::with(options);
    simulated.scenario.variable("BOX_PW", MAIL_CANARY);
    simulated.scenario.file("ftp.pw", FTP_CANARY);
    simulated.scenario.file("admin.pw", FTP_CANARY);
    simulated.file(FAMILIES);
    simulated
}

/// H1 for passwords of objects, from a variable and from a file, and for those that the server tells.
#[test]
fn h1_no_password_of_a_mailbox_or_an_ftp_user_is_found_in_any_output_or_file() {
    let mut simulated = with_families();
    let mut said = Vec::new();
    let run = |simulated: &Simulated, arguments: &[&str], said: &mut Vec<(String, String)>| {
        let told = simulated.scenario.run(arguments);
        assert_eq!(told.status, Some(0), "{told:?}");
        said.push((format!("{arguments:?}"), told.stdout + &told.stderr));
    };
    for arguments in [
        &["plan", "--verbose", "--format", "markdown"][..],
        &[
            "plan",
            "--report",
            "json=plan.json",
            "--report",
            "markdown=plan.md",
        ],
        &[
            "apply",
            "--yes",
            "--verbose",
            "--report",
            "json=report.json",
        ],
        &["import", "--all", "--out", "import.toml"],
        &["show", "--resolved", "example.com"],
    ] {
        run(&simulated, arguments, &mut said);
    }
    simulated.scenario.variable("BOX_PW", NEXT_CANARY);
    for arguments in [
        &["plan", "--format", "json", "--verbose"][..],
        &["apply", "--yes", "--verbose", "--resend", "ftp_user.**"],
    ] {
        run(&simulated, arguments, &mut said);
    }
    let state = simulated.state();
    let password = |address: &str| {
        state
            .mailbox(address)
            .and_then(|found| found.password.clone())
    };
    assert_eq!(password("info@example.com").as_deref(), Some(NEXT_CANARY));
    everything_below(simulated.scenario.folder(), &mut said);
    assert!(
        said.iter()
            .any(|(name, _)| name.ends_with("journal.jsonl") || name.ends_with("plan.json"))
    );
    for (name, text) in said.iter().filter(|(name, _)| !name.ends_with(".pw")) {
        for canary in [PASSWORD, CANARY, MAIL_CANARY, FTP_CANARY, NEXT_CANARY] {
            assert!(!text.contains(canary), "{canary} stands in {name}: {text}");
        }
    }
}

#[test]
fn b8_a_changed_password_is_shown_without_its_value_and_one_that_is_missing_is_told() {
    let mut simulated = with_families();
    let adopted = simulated.plan();
    let not_comparable = "notice secret.not-comparable mailbox.old@example.com";
    assert!(
        adopted.findings().iter().any(|line| line == not_comparable),
        "{:?}",
        adopted.findings()
    );
    assert_eq!(simulated.apply().exit(), 0);
    let state = simulated.state();
    let old = state.mailbox("old@example.com").expect("it is there");
    assert_ne!(
        old.password.as_deref(),
        Some(MAIL_CANARY),
        "what was found is not sent"
    );
    assert!(!simulated.plan().changes());
    assert_eq!(simulated.plan().findings(), Vec::<String>::new());

    // Asked for, it is sent; the other one has not changed.
    simulated.requests();
    let sent = simulated.apply_with(&["--resend", "mailbox.old@example.com"]);
    assert_eq!(sent.rows("applied"), ["update mailbox.old@example.com"]);
    assert_eq!(simulated.log().writes().len(), 1);
    let state = simulated.state();
    let old = state.mailbox("old@example.com").expect("it is there");
    assert_eq!(old.password.as_deref(), Some(MAIL_CANARY));

    simulated.scenario.variable("BOX_PW", NEXT_CANARY);
    let planned = simulated.plan();
    let both = [
        "update mailbox.info@example.com",
        "update mailbox.old@example.com",
    ];
    assert_eq!(planned.steps(), both);
    let attribute = &planned.json["steps"][0]["attributes"][0];
    assert_eq!(attribute["secret"], true, "{}", planned.json);
    assert!(attribute["before"].is_null() && attribute["after"].is_null());

    // A run that has no such variable compares with nothing, and says so.
    let text = FAMILIES.replace("BOX_PW", "NOT_SET");
    simulated.file(&text);
    let planned = simulated.plan();
    assert_eq!(planned.steps(), Vec::<String>::new());
    let lines = [
        "notice secret.not-at-hand mailbox.info@example.com",
        "notice secret.not-at-hand mailbox.old@example.com",
    ];
    assert_eq!(planned.findings(), lines);
    let third = "[domain.\"example.com\".mailbox.third]\npassword = { env = \"NOT_SET\" }\n";
    simulated.file(&format!("{text}{third}"));
    let planned = simulated.plan();
    assert_eq!(
        planned.blocked(),
        ["secret.missing mailbox.third@example.com"]
    );
}

#[test]
fn h6_what_the_file_alone_asks_for_causes_no_request_and_no_process() {
    let simulated = Simulated::new(Seed::empty().user(USER), Default::default());
    let account = simulated.account();
    let touched = simulated.scenario.folder().join("touched");
    let command = format!(
        "{{ command = [\"touch\", {:?}] }}",
        touched.display().to_string()
    );
    let secret = "{ env = \"NAMEBAY_PASSWORD\" }";
    for file in [
        account.replace(
            "base_url = \"http://127.0.0.1",
            "base_url = \"https://evil.example",
        ),
        account.replace(secret, &command),
        account.replace(secret, "{ file = \"/etc/hostname\" }"),
        format!("[bailiwick]\nledger = \"s3://bucket/prefix\"\n{account}"),
    ] {
        simulated.scenario.file("bailiwick.toml", &file);
        for arguments in [&["validate"][..], &["plan"], &["apply", "--yes"]] {
            let told = simulated.scenario.run(arguments);
            assert_eq!(told.status, Some(3), "{arguments:?} {told:?}");
        }
    }
    assert!(simulated.log().entries().is_empty() && !touched.exists());
}

#[test]
fn a9_hostile_values_of_the_server_are_inert_in_every_output() {
    let hostile = "\u{1b}[31mred\u{202e}evil\u{200b} ::error::x ```` <script> | @everyone";
    let seed = Seed::empty().user(USER).zone("example.com");
    let seed = seed.record("example.com", "x", ("TXT", &format!("\"{hostile}\"")));
    let simulated = Simulated::new(seed, Default::default());
    simulated.file("[domain.\"example.com\".zone]\npurge = true\nrecords = [{ host = \"www\", type = \"A\", data = \"192.0.2.1\" }]\n");
    for format in ["human", "markdown", "json"] {
        let told = simulated.scenario.run(&["plan", "--format", format]);
        assert_eq!(told.status, Some(0), "{told:?}");
        for text in [&told.stdout, &told.stderr] {
            assert!(
                !text.contains(['\u{1b}', '\u{202e}', '\u{200b}']),
                "{format}: {text}"
            );
            assert!(
                !text.lines().any(|line| line.trim_start().starts_with("::")),
                "{format}: {text}"
            );
        }
    }
}
