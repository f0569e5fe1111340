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

const LOCATION_CANARY: &str = "location-canary-9d";
const SERVER_CANARY: &str = "server-text-canary-3b";
const COMMAND_CANARY: &str = "cmd-canary#44xy";

/// H1 where the other commands pass, and H3: a token, which holds the server's canary, is in no file either.
#[test]
fn h1_h3_no_secret_is_found_after_drift_resolve_lock_show_outputs_and_saved_plans() {
    let mut simulated = with_families();
    let script = simulated.scenario.folder().join("tell.pw");
    simulated.scenario.file("tell.pw", COMMAND_CANARY);
    let command = format!(
        "{{ command = [\"cat\", {:?}] }}",
        script.display().to_string()
    );
    let text = FAMILIES.replacen("{ env = \"BOX_PW\" }", &command, 1);
    simulated.file(&text);
    simulated.scenario.variable("BAILIWICK_TRUST", "command");
    let mut said = Vec::new();
    for (exits, arguments) in [
        (&[0][..], &["plan", "--verbose", "--out", "saved.json"][..]),
        (&[0], &["show", "saved.json"]),
        (
            &[0],
            &[
                "apply",
                "saved.json",
                "--verbose",
                "--report",
                "json=r.json",
            ],
        ),
        (&[0], &["drift", "--verbose", "--format", "json"]),
        (&[0], &["outputs", "--json"]),
        (&[0], &["lock", "status"]),
        (&[0, 1, 2, 3, 5], &["resolve", "mailbox.info@example.com"]),
        (&[0], &["validate"]),
        (&[0], &["show", "--resolved", "example.com"]),
        (&[0], &["import", "--all", "--out-dir", "imported"]),
        // What nobody trusts, and what is no command.
        (&[3], &["plan", "--such-flag"]),
    ] {
        let told = simulated.scenario.run(arguments);
        let status = told.status.expect("no signal");
        assert!(exits.contains(&status), "{arguments:?} {told:?}");
        said.push((format!("{arguments:?}"), told.stdout + &told.stderr));
    }
    let state = simulated.state();
    let made = state.mailbox("info@example.com").expect("it was made");
    assert_eq!(made.password.as_deref(), Some(COMMAND_CANARY));
    everything_below(simulated.scenario.folder(), &mut said);
    nothing_planted_in(&said);
}

fn nothing_planted_in(said: &[(String, String)]) {
    let all = [
        PASSWORD,
        CANARY,
        MAIL_CANARY,
        FTP_CANARY,
        NEXT_CANARY,
        COMMAND_CANARY,
    ];
    for (name, text) in said.iter().filter(|(name, _)| !name.ends_with(".pw")) {
        for canary in all {
            assert!(!text.contains(canary), "{canary} stands in {name}: {text}");
        }
    }
}

/// H1 where the server breaks off, answers half, answers nonsense, or refuses.
#[test]
fn h1_no_secret_is_found_where_connections_break_and_answers_are_nonsense() {
    use bailiwick::sandbox::{Effect, Fault, Rule};
    let effects = [
        Effect::LostRequest,
        Effect::LostAnswer,
        Effect::HalfJson,
        Effect::EmptyBody,
        Effect::Unauthorized,
        Fault::html(500),
    ];
    for effect in effects {
        for on in ["POST /token", "GET /**", "POST /api/**"] {
            // A write whose answer is lost is looked up after a pause.
            let lost = matches!(effect, Effect::LostRequest | Effect::LostAnswer);
            if lost && on == "POST /api/**" {
                continue;
            }
            let simulated = with_families();
            simulated.file(&format!("[http]\nattempts = 1\n{FAMILIES}"));
            let fault = Fault::new(Rule::every(on), effect.clone());
            simulated.server.add_fault(fault);
            let mut said = Vec::new();
            for arguments in [
                &["plan", "--verbose"][..],
                &["apply", "--yes", "--verbose", "--report", "json=r.json"],
            ] {
                let told = simulated.call(arguments);
                said.push((
                    format!("{effect:?} {on} {arguments:?}"),
                    told.stdout + &told.stderr,
                ));
            }
            // Each request that fits is met by the fault.
            let (method, path) = on.split_once(' ').expect("a call");
            let path = path.trim_end_matches('*');
            let mut met = simulated.requests().into_iter();
            assert!(
                met.any(|seen| seen.method == method && seen.path.starts_with(path)),
                "{effect:?} {on} was never met"
            );
            everything_below(simulated.scenario.folder(), &mut said);
            nothing_planted_in(&said);
        }
    }
}

/// A server that asks to go elsewhere, at an address that holds a secret, is neither followed nor quoted.
#[test]
fn h1_the_address_of_a_redirect_is_in_no_output() {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let asked_for = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = std::sync::Arc::clone(&asked_for);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked);
            let _ = write!(
                stream,
                "HTTP/1.1 302 Found\r\nlocation: https://elsewhere.example/?code={LOCATION_CANARY}\r\n\
                 set-cookie: s={SERVER_CANARY}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            );
        }
    });
    let simulated = with_families();
    let text = format!("{}{FAMILIES}", simulated.account());
    let text = text.replace(
        &simulated.server.auth_url.to_string(),
        &format!("http://127.0.0.1:{port}"),
    );
    simulated.scenario.file("bailiwick.toml", &text);
    let mut said = Vec::new();
    for arguments in [&["plan", "--verbose"][..], &["apply", "--yes", "--verbose"]] {
        let told = simulated.call(arguments);
        assert_ne!(told.status, Some(0), "{told:?}");
        said.push((format!("{arguments:?}"), told.stdout + &told.stderr));
    }
    assert!(asked_for.load(std::sync::atomic::Ordering::SeqCst) >= 2);
    everything_below(simulated.scenario.folder(), &mut said);
    nothing_planted_in(&said);
    for (name, text) in &said {
        for canary in [LOCATION_CANARY, SERVER_CANARY] {
            assert!(!text.contains(canary), "{canary} stands in {name}: {text}");
        }
    }
}

/// H1: what is known of a secret, and of all that holds one, shows nothing where it is printed for developers.
#[test]
fn h1_no_debug_output_shows_a_secret() {
    use bailiwick::model::{Answer, Outcome, Reason, Secret};
    let answer = Answer {
        outcome: Outcome::NotSent(Reason::ours("x", "y")),
        sealed: vec![("password", Secret::new(CANARY.to_owned()))],
    };
    let text = format!("{answer:?} {answer:#?}");
    assert!(
        text.contains("(secret)") && !text.contains(CANARY),
        "{text}"
    );
}
