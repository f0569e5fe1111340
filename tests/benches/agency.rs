//! A large portfolio from a short file: eight hundred domains in groups, and a thousand passwords.

use crate::meter;
use crate::table::{self, Limit};
use bailiwick::cli;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// How often each is measured; the middle counts.
const ROUNDS: usize = 5;
const DOMAINS: usize = 800;
const GROUPS: usize = 8;
const PASSWORDS: usize = 1_000;

/// No part of these figures is about memory.
const ANY: f64 = f64::INFINITY;

/// Measures both.
pub(crate) fn drive(folder: &Path) {
    println!("\na file for many domains, each command as a whole");
    let groups = folder.join("groups");
    write(&groups, &grouped());
    let passwords = folder.join("passwords");
    write(&passwords, &secretive());
    for (name, folder, words, cpu) in [
        (
            "validate, 800 domains in 8 groups",
            &groups,
            "validate",
            0.3,
        ),
        (
            "plan, 1,000 passwords of their own",
            &passwords,
            "plan",
            15.0,
        ),
    ] {
        let costs: Vec<meter::Cost> = (0..ROUNDS)
            .map(|_| {
                let told = meter::child(&["agency", words], folder);
                told.last().expect("a child tells its cost").1
            })
            .collect();
        let limit = Limit { cpu, peak: ANY };
        table::line(name, meter::median(&costs), Some(limit));
    }
}

/// Runs a command in the sandbox, every password at hand. Words: the command.
pub(crate) fn child(words: &[&str]) {
    let words: Vec<OsString> = ["bailiwick", "--sandbox"]
        .iter()
        .chain(words)
        .map(OsString::from)
        .collect();
    let variables = (0..PASSWORDS)
        .map(|number| (format!("PASSWORD_{number}"), format!("Bench-{number}!")))
        .collect::<BTreeMap<String, String>>();
    let now = bailiwick::model::Time::constant(1_785_585_600, 0);
    let mut sealed = cli::env::Env::of_test(&PathBuf::from("."), variables, now);
    let exit = cli::main(&words, &mut sealed.env);
    assert_eq!(exit.code(), 0, "{}{}", sealed.out.text(), sealed.err.text());
    meter::tell();
}

const ACCOUNT: &str = "[account.main]\nprovider = \"namebay\"\nuser = \"AA111111\"\nusername = \"AA111111\"\n\
     password = { env = \"NAMEBAY_PASSWORD\" }\n\n";

/// Each group has a template of ten records, a redirection and an address.
fn grouped() -> String {
    let mut text = ACCOUNT.to_owned();
    for group in 0..GROUPS {
        let mut add = |line: String| writeln!(text, "{line}").expect("a String takes everything");
        add(format!("[template.t{group}]\nrecords = ["));
        for host in 0..10 {
            add(format!(
                "  {{ host = \"h{host}\", type = \"TXT\", data = \"{{domain}} {group}\" }},"
            ));
        }
        add(format!("]\n[group.g{group}]\ndomains = ["));
        for domain in (group..DOMAINS).step_by(GROUPS) {
            add(format!("  \"domain-{domain}.example\","));
        }
        add(format!(
            "]\n[group.g{group}.zone]\ntemplates = [\"t{group}\"]"
        ));
        add(format!(
            "[group.g{group}.redirect.\"old.{{domain}}\"]\nto = \"https://www.{{domain}}/\"\ntype = 4"
        ));
        add(format!(
            "[group.g{group}.mailbox.info]\ntype = \"alias\"\nforward = [\"a@example.net\"]\n"
        ));
    }
    text
}

fn secretive() -> String {
    let mut text = ACCOUNT.to_owned();
    for number in 0..PASSWORDS {
        writeln!(
            text,
            "[domain.\"example.com\".mailbox.m{number}]\npassword = {{ env = \"PASSWORD_{number}\" }}\n"
        )
        .expect("a String takes everything");
    }
    text
}

#[expect(
    clippy::disallowed_methods,
    reason = "a bench's own file needs no care"
)]
fn write(folder: &Path, text: &str) {
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(folder.join("bailiwick.toml"), text).expect("a file");
}
