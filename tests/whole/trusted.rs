//! H5, H6: whatever part of the file asks for it, nothing outside is read, run or sent to without a word from outside.

use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::Seed;
use std::os::unix::fs::symlink;

const BOX: &str = "[domain.\"example.com\".mailbox.info]\npassword = PASSWORD\n";
const USER_OF_FTP: &str = "[domain.\"example.com\".hosting.ftp_user.deploy]\npassword = PASSWORD\n";
const ADMIN: &str = "[domain.\"example.com\".hosting]\nadmin_password = PASSWORD\n";
const BY_GROUP: &str = "[group.g]\ndomains = [\"example.com\"]\nmailbox.info.password = PASSWORD\n";

fn simulated() -> Simulated {
    let seed = Seed::empty().user(USER).zone("example.com");
    Simulated::new(seed.hosting("example.com"), Default::default())
}

fn refused(simulated: &Simulated, said: &str, about: &str) {
    for arguments in [
        &["validate"][..],
        &["plan"],
        &["drift"],
        &["apply", "--yes"],
        &["import", "--all"],
        &["outputs"],
        &["lock", "status"],
    ] {
        let told = simulated.call(arguments);
        assert_eq!(told.status, Some(3), "{about} {arguments:?} {told:?}");
        assert!(told.stderr.contains(said), "{about} {arguments:?} {told:?}");
    }
    assert!(simulated.log().entries().is_empty(), "{about}");
}

#[test]
fn h6_a_command_or_a_file_elsewhere_is_not_used_wherever_it_is_written() {
    let simulated = simulated();
    let folder = simulated.scenario.folder().to_owned();
    let touched = folder.join("touched");
    let command = format!("{{ command = [\"touch\", {touched:?}] }}");
    // A pipe that somebody opens waits for a writer: this test would hang.
    let outside = std::env::temp_dir().join(format!("bailiwick-outside-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&outside);
    std::fs::create_dir_all(&outside).expect("a folder");
    let pipe = outside.join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    symlink(&pipe, folder.join("link")).expect("a link");
    symlink(&outside, folder.join("linked")).expect("a link");
    let sources = [
        command,
        format!("{{ file = {pipe:?} }}"),
        "{ file = \"link\" }".to_owned(),
        "{ file = \"linked/pipe\" }".to_owned(),
    ];
    for source in &sources {
        for block in [BOX, USER_OF_FTP, ADMIN, BY_GROUP] {
            let block = block.replace("PASSWORD", source);
            simulated.scenario.file("more/more.toml", "");
            simulated.file(&block);
            refused(&simulated, "--trust", &block);
            // The same through an include; a link leaves the folder of the file it stands in all the same.
            let including = format!(
                "[bailiwick]\ninclude = [\"more/*.toml\"]\n{}",
                simulated.account()
            );
            let block = block.replace("\"link", "\"../link");
            simulated.scenario.file("more/more.toml", &block);
            simulated.scenario.file("bailiwick.toml", &including);
            let said = if block.contains("../") {
                ".."
            } else {
                "--trust"
            };
            refused(&simulated, said, &block);
        }
    }
    assert!(!touched.exists());
    std::fs::remove_dir_all(&outside).expect("gone");
}

#[test]
fn h6_an_endpoint_of_any_account_counts() {
    let simulated = simulated();
    for (from, to) in [
        (
            "base_url = \"http://127.0.0.1",
            "base_url = \"https://evil.example",
        ),
        (
            "auth_url = \"http://127.0.0.1",
            "auth_url = \"https://evil.example",
        ),
    ] {
        let other = simulated
            .account()
            .replace("[account.main]", "[account.other]")
            .replace(from, to);
        let file = format!("{}{other}", simulated.account());
        simulated.scenario.file("bailiwick.toml", &file);
        refused(&simulated, "evil.example", to);
    }
}

#[test]
fn h5_no_include_and_no_master_file_leaves_by_a_link() {
    let simulated = simulated();
    let folder = simulated.scenario.folder().to_owned();
    let outside = std::env::temp_dir().join(format!("bailiwick-beside-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&outside);
    std::fs::create_dir_all(outside.join("below")).expect("a folder");
    for name in ["x.toml", "x.zone", "below/x.toml", "below/x.zone"] {
        symlink("/etc/hostname", outside.join(name)).expect("a link");
    }
    symlink(&outside, folder.join("away")).expect("a link");
    symlink(outside.join("x.toml"), folder.join("one.toml")).expect("a link");
    symlink(outside.join("x.zone"), folder.join("one.zone")).expect("a link");
    for include in [
        "away/*.toml",
        "*/x.toml",
        "away/**/*.toml",
        "one.toml",
        "o*.toml",
    ] {
        let file = format!(
            "[bailiwick]\ninclude = [{include:?}]\n{}",
            simulated.account()
        );
        simulated.scenario.file("bailiwick.toml", &file);
        let told = simulated.call(&["plan"]);
        let leaves = told.stderr.contains("leaves the folder") || include == "*/x.toml";
        assert!(
            leaves && !told.stderr.contains("syntax"),
            "{include} {told:?}"
        );
        assert!(
            include == "*/x.toml" || told.status == Some(3),
            "{include} {told:?}"
        );
    }
    simulated.log().clear();
    for zone in ["away/x.zone", "one.zone", "away/*.zone", "inner.zone"] {
        simulated.scenario.file("inner.zone", "$INCLUDE one.zone\n");
        simulated.file(&format!("[domain.\"example.com\".zone]\nfile = {zone:?}\n"));
        let told = simulated.call(&["plan"]);
        assert_eq!(told.status, Some(3), "{zone} {told:?}");
        assert!(told.stderr.contains("through a link"), "{zone} {told:?}");
    }
    assert!(simulated.log().entries().is_empty());
    std::fs::remove_dir_all(&outside).expect("gone");
}

#[test]
fn h6_a_file_outside_the_folder_is_neither_read_nor_quoted_unless_it_is_trusted() {
    let simulated = simulated();
    let outside = std::env::temp_dir().join(format!("bailiwick-read-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&outside);
    std::fs::create_dir_all(&outside).expect("a folder");
    let secret = outside.join("environ");
    let text = "TOKEN=canary-outside-1\nOTHER=canary-outside-2\n";
    std::io::Write::write_all(
        &mut std::fs::File::create(&secret).expect("a file"),
        text.as_bytes(),
    )
    .expect("text");
    let zone = "[domain.\"example.com\".zone]\n";
    for (about, body) in [
        ("a master file", format!("{zone}file = {secret:?}\n")),
        (
            "a glob",
            format!("{zone}file = \"{}/*\"\n", outside.display()),
        ),
    ] {
        simulated.file(&body);
        refused(&simulated, "--trust file", about);
        for words in [
            &["validate"][..],
            &["validate", "--json"],
            &["plan", "--format", "json"],
        ] {
            let told = simulated.call(words);
            assert!(
                !format!("{told:?}").contains("canary-outside"),
                "{about} {told:?}"
            );
        }
    }
    let include = format!(
        "[bailiwick]\ninclude = [{secret:?}]\n{}",
        simulated.account()
    );
    simulated.scenario.file("bailiwick.toml", &include);
    refused(&simulated, "--trust file", "an include");
    let told = simulated.call(&["validate", "--json"]);
    assert!(!format!("{told:?}").contains("canary-outside"), "{told:?}");

    // Trusted from outside it is read; an absolute path into the folder itself needs no trust.
    let records = outside.join("good.zone");
    let text = "www 300 IN A 192.0.2.7\n";
    std::io::Write::write_all(
        &mut std::fs::File::create(&records).expect("a file"),
        text.as_bytes(),
    )
    .expect("text");
    simulated.file(&format!("{zone}file = {records:?}\n"));
    assert_eq!(
        simulated.call(&["--trust", "file", "validate"]).status,
        Some(0)
    );
    let own = simulated.scenario.folder().join("own.zone");
    simulated.scenario.file("own.zone", text);
    simulated.file(&format!("{zone}file = {own:?}\n"));
    assert_eq!(simulated.call(&["validate"]).status, Some(0));
    let _ = std::fs::remove_dir_all(&outside);
}
