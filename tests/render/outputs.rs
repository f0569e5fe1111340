//! What the provider named, for people, programs and shells.

use super::file::assert_valid;
use super::support::{HOSTILE, address, assert_inert};
use bailiwick::ledger::Entry;
use bailiwick::model::{Account, Address, Attrs, Data, Handle, Kind, Value};
use bailiwick::render::outputs::{self, NoLines};
use bailiwick::render::{Colour, Style};
use std::collections::BTreeMap;

fn entry(handle: Option<&str>, outputs: &[(&'static str, &str)]) -> Entry {
    let outputs = outputs
        .iter()
        .map(|(name, text)| (*name, Value::text(text)));
    Entry {
        handle: handle.map(|handle| Handle(handle.into())),
        outputs: Attrs::new(outputs.collect()),
        ..Entry::default()
    }
}

fn known() -> BTreeMap<Address, Entry> {
    let deploy = [("login", "de'ploy"), ("host", "ftp.example.net")];
    [
        (
            address(Kind::FtpUser, "example.com", "deploy"),
            entry(Some("12"), &deploy),
        ),
        (
            address(Kind::Zone, "example.org", ""),
            entry(Some("ZO7"), &[]),
        ),
        (
            address(Kind::Mailbox, "example.com", "info"),
            entry(Some("M1"), &[]),
        ),
        (
            address(Kind::Record, "example.com", "www/A"),
            entry(None, &[]),
        ),
    ]
    .into()
}

#[test]
fn each_form_tells_the_same() {
    let mut known = known();
    let mut print = known.values().next().cloned().expect("an entry");
    print.outputs = print.outputs.overlaid(&Attrs::one(
        "password",
        Value::Known(Data::Print("$argon2id$canary".into())),
    ));
    let first = known.keys().next().cloned().expect("an address");
    known.insert(first, print);
    let all = outputs::of(&known);
    let table = outputs::table(&all, Style::default());
    assert_eq!(
        table,
        "mailbox.info@example.com     handle  M1\n\
         ftp_user.example.com/deploy  handle  12\n\
         ftp_user.example.com/deploy  host    ftp.example.net\n\
         ftp_user.example.com/deploy  login   de'ploy\n\
         zone.example.org             handle  ZO7\n"
    );
    let lines = outputs::lines(&all).expect("lines");
    assert_eq!(
        lines,
        "MAILBOX_INFO_EXAMPLE_COM_HANDLE='M1'\n\
         FTP_USER_EXAMPLE_COM_DEPLOY_HANDLE='12'\n\
         FTP_USER_EXAMPLE_COM_DEPLOY_HOST='ftp.example.net'\n\
         FTP_USER_EXAMPLE_COM_DEPLOY_LOGIN='de'\\''ploy'\n\
         ZONE_EXAMPLE_ORG_HANDLE='ZO7'\n"
    );
    let json = outputs::json(&all);
    assert_valid("outputs", &json);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json[1]["outputs"]["login"], "de'ploy");
    assert!(!format!("{table}{lines}{json}").contains("canary"));
    let painted = outputs::table(
        &all,
        Style {
            colour: Colour::Yes,
            ..Style::default()
        },
    );
    assert_eq!(console::strip_ansi_codes(&painted), table);
}

#[test]
fn hostile_outputs_are_inert_and_never_in_a_line() {
    for text in HOSTILE {
        let mut known = known();
        known.insert(
            address(Kind::FtpUser, "example.com", text),
            entry(Some(text), &[("login", text)]),
        );
        let all = outputs::of(&known);
        assert_inert(&outputs::table(&all, Style::default()));
        let json = outputs::json(&all);
        assert_inert(&json);
        assert_valid("outputs", &json);
        match outputs::lines(&all) {
            Ok(lines) => {
                assert_inert(&lines);
                let names = lines.lines().map(|line| line.split_once('=').expect("="));
                for (name, value) in names {
                    let of = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
                    assert!(name.chars().all(of), "{name}");
                    let inner = value[1..value.len() - 1].replace(r"'\''", "");
                    assert!(value.starts_with('\'') && value.ends_with('\''), "{value}");
                    assert!(!inner.contains('\''), "{value}");
                }
            }
            Err(NoLines::Unprintable(_, shown)) => assert_inert(&shown),
            Err(NoLines::SameName { .. }) => panic!("{text}"),
        }
    }
}

#[test]
fn two_outputs_of_one_name_are_refused_and_two_accounts_are_told_apart() {
    let mut known = known();
    let other = address(Kind::FtpUser, "example-com", "deploy");
    known.insert(other, entry(Some("13"), &[]));
    assert_eq!(
        outputs::lines(&outputs::of(&known)),
        Err(NoLines::SameName {
            name: "FTP_USER_EXAMPLE_COM_DEPLOY_HANDLE".into(),
            first: "handle of ftp_user.example-com/deploy".into(),
            second: "handle of ftp_user.example.com/deploy".into(),
        })
    );
    let mut known = self::known();
    let mut twin = address(Kind::Zone, "example.org", "");
    twin.account = Account::new("acme");
    known.insert(twin, entry(Some("ZO8"), &[]));
    let lines = outputs::lines(&outputs::of(&known)).expect("lines");
    assert!(
        lines.contains("ZONE_EXAMPLE_ORG_ACME_HANDLE='ZO8'\n"),
        "{lines}"
    );
    assert!(
        lines.contains("ZONE_EXAMPLE_ORG_MAIN_HANDLE='ZO7'\n"),
        "{lines}"
    );
}
