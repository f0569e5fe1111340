//! A9: hostile values, from the file, the server and names of files, are inert in every output; and none is lost.

use crate::render::support::{HOSTILE, assert_inert};
use crate::support::Transcript;
use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Effect, Fault, Rule, Seed};

const MORE: &[&str] = &[
    "=cmd|' /C calc'!A0",
    "$(touch x) `touch y` ${HOME} !!",
    "it's \"quoted\" \\ and 'so' on",
    "a\u{0}b",
    "::group::x\n::set-env name=PATH::x",
    "'; rm -rf / #",
    "%0A%0D::error::x",
    "}}{{ ${{ github.token }}",
];

fn values() -> impl Iterator<Item = &'static str> {
    HOSTILE.iter().chain(MORE).copied()
}

/// Every command that tells something, in every form that it has.
const COMMANDS: &[&[&str]] = &[
    &["plan"],
    &["plan", "--verbose"],
    &["plan", "--format", "markdown"],
    &["plan", "--format", "json"],
    &["drift"],
    &[
        "drift",
        "--include",
        "pending,unmanaged",
        "--format",
        "json",
    ],
    &["show", "zone.example.com"],
    &["show", "record.example.com/x/TXT"],
    &["show", "--resolved", "example.com"],
    &["validate"],
    &["validate", "--json"],
    &["outputs"],
    &["outputs", "--json"],
    &["outputs", "--env"],
    &["lock", "status"],
    &["lock", "status", "--json"],
    &["resolve"],
    &["import", "--all"],
    &["export", "example.com"],
];

fn inert(told: &Transcript, about: &str) {
    for text in [&told.stdout, &told.stderr] {
        // A master file has tabs between its fields.
        let text = &text.replace('\t', " ");
        let shown = std::panic::catch_unwind(|| assert_inert(text));
        assert!(shown.is_ok(), "{about}: {text}");
    }
}

fn everything(simulated: &Simulated, about: &str) {
    for command in COMMANDS {
        let told = simulated.call(command);
        inert(&told, &format!("{about} {command:?}"));
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// As a basic string of TOML, whatever it holds.
fn toml(text: &str) -> String {
    let of = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(of).collect::<String>())
}

#[test]
fn a9_values_of_the_server_are_inert_and_come_back_as_they_are() {
    for text in values() {
        let seed = Seed::empty()
            .user(USER)
            .zone("example.com")
            .hosting("example.com");
        let seed = seed.record("example.com", "x", ("TXT", &quoted(text)));
        let simulated = Simulated::new(seed, Dialect::default());
        simulated.file("[domain.\"example.com\".zone]\npurge = true\n");
        everything(&simulated, &format!("{text:?}"));

        // What import and export write is the same value: a plan of it has nothing to do.
        let import = simulated.call(&["import", "example.com"]);
        assert_eq!(import.status, Some(0), "{text:?} {import:?}");
        simulated.file(&import.stdout);
        let planned = simulated.plan();
        assert!(
            !planned.changes(),
            "{text:?}: {:?}\n{}",
            planned.steps(),
            import.stdout
        );
        let export = simulated.call(&["export", "example.com"]);
        assert_eq!(export.status, Some(0), "{text:?} {export:?}");
        simulated.scenario.file("x.zone", &export.stdout);
        simulated.file("[domain.\"example.com\".zone]\npurge = true\nfile = \"x.zone\"\n");
        let planned = simulated.plan();
        assert!(
            !planned.changes(),
            "{text:?}: {:?}\n{}",
            planned.steps(),
            export.stdout
        );
    }
}

#[test]
fn a9_values_of_the_file_are_inert_and_sent_as_they_are() {
    for text in values() {
        let seed = Seed::empty().user(USER).zone("example.com");
        let simulated = Simulated::new(seed, Dialect::default());
        let value = toml(text);
        simulated.file(&format!(
            "[template.t]\nrecords = [{{ host = \"t\", type = \"TXT\", data = {value} }}]\n\
             [domain.\"example.com\"]\nregistrar = \"external\"\nnote = {value}\n\
             [domain.\"example.com\".zone]\nuse = [\"t\"]\n\
             records = [{{ host = \"x\", type = \"TXT\", data = {value}, note = {value} }}]\n"
        ));
        everything(&simulated, &format!("{text:?}"));
        for apply in [
            &["apply", "--yes", "--verbose"][..],
            &["apply", "--yes", "--format", "json"],
        ] {
            let told = simulated.call(apply);
            inert(&told, &format!("{text:?} {apply:?}"));
        }
        everything(&simulated, &format!("{text:?} after"));
        // Wrong places: each is refused, and told inertly.
        for wrong in [
            format!("[domain.{value}.zone]\nrecords = []\n"),
            format!(
                "[domain.\"example.com\".zone]\nrecords = [{{ host = {value}, type = {value}, data = {value} }}]\n"
            ),
            format!("[domain.\"example.com\".mailbox.{value}]\nforward = [{value}]\n"),
            format!("[domain.\"example.com\".redirect.{value}]\nto = {value}\ntype = 4\n"),
            format!("[domain.\"example.com\".hosting.ftp_user.{value}]\ndir = {value}\n"),
            format!(
                "[guard]\nprotect = [{value}]\n[bailiwick]\ninclude = [{value}]\nrequires = {value}\n"
            ),
            format!("[{value}]\n{value} = {value}\n[group.{value}]\nuse = [{value}]\n"),
            format!("[domain.\"example.com\".zone]\nfile = {value}\n"),
            format!("[domain.\"example.com\".zone] {text}\n"),
        ] {
            simulated.file(&wrong);
            for command in [
                &["validate"][..],
                &["validate", "--json"],
                &["plan", "--format", "json"],
            ] {
                let told = simulated.call(command);
                inert(&told, &format!("{wrong} {command:?}"));
            }
        }
    }
}

#[test]
fn a9_what_the_server_says_of_an_error_is_inert() {
    for text in values() {
        let seed = Seed::empty().user(USER).zone("example.com");
        let simulated = Simulated::new(seed, Dialect::default());
        let said =
            serde_json::json!([{"Code": text, "Detail": text, "Data": text, "Message": text}]);
        for (on, status) in [
            ("POST /api/Zone/*/Record", 510),
            ("POST /api/Zone/*/Record", 400),
            ("GET /api/Zone/*/Record", 400),
            ("GET /api/Zone", 400),
            ("POST /token", 400),
        ] {
            simulated.file("[domain.\"example.com\".zone]\nrecords = [{ host = \"www\", type = \"A\", data = \"192.0.2.1\" }]\n");
            let effect = Effect::Status {
                status,
                body: said.to_string(),
                media: "application/json".to_owned(),
            };
            simulated
                .server
                .add_fault(Fault::new(Rule::every(on), effect));
            for command in [
                &["apply", "--yes", "--verbose"][..],
                &["apply", "--yes", "--format", "json"],
                &["plan"],
                &["plan", "--format", "json"],
                &["drift"],
            ] {
                let told = simulated.call(command);
                inert(&told, &format!("{text:?} {on} {command:?}"));
            }
        }
    }
}

/// Handles and names that the server made up stand in outputs, and a shell reads them as they are.
#[test]
fn a9_names_given_by_the_server_are_inert() {
    for text in values() {
        let seed = Seed::empty().user(USER).zone("example.com");
        let simulated = Simulated::new(seed, Dialect::default());
        let body = serde_json::json!([{"Handle": text, "Name": "example.com", "Class": "domain", "StatusID": 1},
            {"Handle": "ZO1", "Name": text, "Class": text}]);
        for on in ["GET /api/OwnedProduct", "GET /api/Zone"] {
            let effect = Effect::Status {
                status: 200,
                body: body.to_string(),
                media: "application/json".to_owned(),
            };
            simulated
                .server
                .add_fault(Fault::new(Rule::every(on), effect));
        }
        simulated.file("[domain.\"example.com\".zone]\n");
        everything(&simulated, &format!("{text:?}"));
    }
}

#[cfg(unix)]
#[test]
fn a9_names_of_files_are_inert() {
    for text in values().filter(|text| !text.contains(['\0', '/']) && text.len() < 100) {
        let simulated = Simulated::new(
            Seed::empty().user(USER).zone("example.com"),
            Dialect::default(),
        );
        let including = format!(
            "[bailiwick]\ninclude = [\"*/*.toml\"]\n{}",
            simulated.account()
        );
        simulated.scenario.file("bailiwick.toml", &including);
        let name = format!("{text}/{text}.toml");
        let zone = "[domain.\"example.com\".zone]\nrecords = [{ host = \"www\", type = \"A\", data = \"192.0.2.1\" }]\n";
        for body in [
            zone,
            "[domain.\"example.com\".zone]\nrecords = [{ host = 1 }]\nx = 1\n",
            "not toml",
        ] {
            simulated.scenario.file(&name, body);
            for command in COMMANDS {
                inert(&simulated.call(command), &format!("{text:?} {command:?}"));
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn a9_a_shell_reads_the_lines_of_outputs_as_they_are() {
    use bailiwick::ledger::Entry;
    use bailiwick::model::{Account, Address, Handle, Kind};
    use bailiwick::render::outputs;
    let name = "example.com".into();
    let address = Address::of(&Account::new("main"), &name, Kind::Zone);
    let texts = values().chain([
        "", " ", "a  b ", "~", "*", "-n", "\\", "\\\\n", "'", "''", "é",
    ]);
    for text in texts {
        let entry = Entry {
            handle: Some(Handle(text.into())),
            ..Entry::default()
        };
        let Ok(lines) = outputs::lines(&outputs::of([(&address, &entry)])) else {
            continue;
        };
        for shell in ["sh", "bash"] {
            let script = "eval \"$1\"; printf '%s|' \"$ZONE_EXAMPLE_COM_HANDLE\"";
            let said = std::process::Command::new(shell)
                .args(["-c", script, shell, &lines])
                .output();
            let said = said.expect("a shell");
            assert_eq!(
                String::from_utf8_lossy(&said.stdout),
                format!("{text}|"),
                "{shell} {lines}"
            );
        }
    }
}
