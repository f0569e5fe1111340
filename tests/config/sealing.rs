//! `[secrets]`: where one-time secrets go and who reads them there.

use super::support::{load, problems};

const ACCOUNT: &str = "\n[account.main]\nprovider = \"namebay\"\nuser = \"AA111111\"\nusername = \"AA111111\"\npassword = { env = \"P\" }\n";
const AGE: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
const SSH: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN alice";

fn block(output: &str, recipients: &str) -> String {
    format!("[secrets]\noutput = {output}\nrecipients = {recipients}\n")
}

#[test]
fn a_folder_below_the_files_own_and_everybody_who_reads_there() {
    let text = block("\"kept/here\"", &format!("[{AGE:?}, {SSH:?}]"));
    let (loaded, told) = load(&[("bailiwick.toml", &format!("{text}{ACCOUNT}"))]);
    assert_eq!(told, Vec::<String>::new());
    let loaded = loaded.expect("no errors");
    assert!(loaded.guards.keeps_secrets);
    let place = loaded.sealing.expect("a place");
    assert_eq!(place.folder, loaded.folder.join("kept/here"));
    assert_eq!(place.recipients.len(), 2);
    let (loaded, _) = load(&[("bailiwick.toml", ACCOUNT)]);
    let loaded = loaded.expect("no errors");
    assert!(loaded.sealing.is_none() && !loaded.guards.keeps_secrets);
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_without_a_key() {
    let one = format!("[{AGE:?}]");
    let own = "AGE-SECRET-KEY-1CANARY";
    for (text, starts) in [
        (
            block("\"../x\"", &one),
            "bailiwick.toml:2:10 config.path `output` cannot be \"../x\"",
        ),
        (
            block("\"/var/x\"", &one),
            "bailiwick.toml:2:10 config.path `output` cannot be \"/var/x\": it leaves",
        ),
        (block("\"\"", &one), "bailiwick.toml:2:10 config.path"),
        (
            block("\"x\"", "[]"),
            "bailiwick.toml:3:14 config.recipient `recipients` names nobody",
        ),
        (
            block("\"x\"", &format!("[{AGE:?}, \"age1x\"]")),
            "bailiwick.toml:3:81 config.recipient",
        ),
        (
            block("\"x\"", &format!("[{own:?}]")),
            "bailiwick.toml:3:15 config.recipient",
        ),
        (
            "[secrets]\noutput = \"x\"\n".to_owned(),
            "bailiwick.toml:1:2 config.missing-key [secrets] has no `recipients`",
        ),
        (
            format!("[secrets]\nrecipients = {one}\n"),
            "bailiwick.toml:1:2 config.missing-key [secrets] has no `output`",
        ),
    ] {
        let told = problems(&text);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with(starts), "{} is not {starts}", told[0]);
        assert!(!told[0].contains("CANARY"), "{}", told[0]);
    }
}
