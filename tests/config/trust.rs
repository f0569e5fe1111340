//! What has to be named from outside the file: nothing else makes a configuration usable.

use super::support::load_trusting;
use bailiwick::config::Trusted;

fn file(account: &str) -> String {
    format!("[account.main]\nprovider = \"namebay\"\nuser = \"AA1\"\nusername = \"u\"\n{account}")
}

#[test]
fn each_thing_needs_its_word() {
    let env = "password = { env = \"P\" }\n";
    for (account, word) in [
        (
            "password = { command = [\"pass\", \"show\"] }\n".to_owned(),
            "command",
        ),
        (
            "password = { file = \"/run/secrets/p\" }\n".to_owned(),
            "file",
        ),
        (
            format!("{env}base_url = \"https://mock.example.org:8443/x\"\n"),
            "mock.example.org",
        ),
        (
            format!("{env}auth_url = \"https://MOCK.example.org.\"\n"),
            "mock.example.org",
        ),
        (
            format!("{env}base_url = \"https://namebay.com.example.org\"\n"),
            "namebay.com.example.org",
        ),
        (
            format!("{env}base_url = \"https://xnamebay.com\"\n"),
            "xnamebay.com",
        ),
        (
            format!("{env}base_url = \"https://192.0.2.1\"\n"),
            "192.0.2.1",
        ),
    ] {
        let text = file(&account);
        let files = [("bailiwick.toml", text.as_str())];
        let (loaded, lines) = load_trusting(&files, &Trusted::default());
        assert!(loaded.is_none(), "{text}");
        assert_eq!(lines.len(), 1, "{lines:?}");
        let help = format!("say so outside the file: BAILIWICK_TRUST={word} or --trust {word}");
        assert!(lines[0].ends_with(&help), "{}", lines[0]);
        let mut trusted = Trusted::default();
        trusted.add("other, , host.example");
        assert!(load_trusting(&files, &trusted).0.is_none(), "{text}");
        trusted.add(&format!("x,{word}"));
        let (loaded, lines) = load_trusting(&files, &trusted);
        assert!(loaded.is_some(), "{lines:?}");
    }
}

#[test]
fn what_needs_no_word() {
    for account in [
        "password = { env = \"P\" }\n",
        "password = { file = \"secrets/p\" }\n",
        "password = { env = \"P\" }\nbase_url = \"https://rest.ote.namebay.com\"\n",
        "password = { env = \"P\" }\nbase_url = \"http://127.0.0.1:8080\"\nauth_url = \"http://[::1]:1\"\n",
        "password = { env = \"P\" }\nbase_url = \"http://localhost:8080\"\n",
    ] {
        let text = file(account);
        let (loaded, lines) = load_trusting(&[("bailiwick.toml", &text)], &Trusted::default());
        assert!(loaded.is_some(), "{lines:?}");
    }
}

#[test]
fn a_remote_ledger_is_asked_about_first() {
    let text = format!(
        "{}[bailiwick]\nledger = \"s3://a/b\"\n",
        file("password = { env = \"P\" }\n")
    );
    let files = [("bailiwick.toml", text.as_str())];
    let codes = |trusted: &Trusted| -> Vec<String> {
        let (_, lines) = load_trusting(&files, trusted);
        lines
            .iter()
            .map(|line| line.split(' ').nth(1).unwrap_or_default().to_owned())
            .collect()
    };
    assert!(codes(&Trusted::default()).contains(&"config.trust".to_owned()));
    let mut trusted = Trusted::default();
    trusted.add("ledger");
    let rest: &[&str] = match cfg!(feature = "object-store") {
        true => &[],
        false => &["config.not-supported-yet"],
    };
    assert_eq!(codes(&trusted), rest);
    // What it is for: it outlives a CI job.
    let (loaded, _) = load_trusting(&files, &trusted);
    let durable = loaded.map(|loaded| loaded.ledger.durable);
    assert_eq!(durable, cfg!(feature = "object-store").then_some(true));
}

#[test]
fn an_answer_trusts_one_thing() {
    let text = file("password = { command = [\"pass\", \"show\"] }\n");
    let other = file("password = { command = [\"curl\", \"x\"] }\n");
    let mut trusted = Trusted::default();
    trusted
        .add_thing("the password of account main would be fetched by running [\"pass\", \"show\"]");
    assert!(
        load_trusting(&[("bailiwick.toml", &text)], &trusted)
            .0
            .is_some()
    );
    assert!(
        load_trusting(&[("bailiwick.toml", &other)], &trusted)
            .0
            .is_none()
    );
}
