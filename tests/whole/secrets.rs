//! H1, H6, A7, A9: no secret in any output, nothing sent where nobody trusts, hostile values inert.

use crate::support::simulated::{PASSWORD, Simulated, USER};
use bailiwick::sandbox::{Options, Seed};
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
