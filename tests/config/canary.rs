//! A secret that somebody wrote into the file is shown to nobody, however broken the file is.

use super::support::Memory;
use bailiwick::config::{self, Trusted};
use bailiwick::render::{Style, diagnostics};
use std::path::Path;

const CANARY: &str = "canary7391";

const FILE: &str = r#"
[account.main]
provider = "namebay"
user = "AA111111"
username = { env = "NAMEBAY_USERNAME" }
password = "canary7391"

[account.other]
provider = "namebay"
user = "BB111111"
username = "u"
password = { value = "canary7391" }
auth_url = "https://u:canary7391@namebay.com"

[domain."example.com".mailbox.info]
password = """
canary7391"""

[domain."example.com".zone]
records = [ { host = "www", type = "A", data = "192.0.2.1" } ]
"#;

fn shown(text: &str) -> String {
    let memory = Memory::of(&[("bailiwick.toml", text)]);
    let first = Path::new("/conf/bailiwick.toml");
    let loading = config::load(&memory, first, &Trusted::default());
    assert!(loading.loaded.is_none());
    diagnostics::problems(&loading.told, &loading.sources, Style::default())
}

#[test]
fn as_it_stands() {
    let shown = shown(FILE);
    assert!(!shown.contains(CANARY), "{shown}");
    assert_eq!(shown.matches("config.secret-literal").count(), 2);
}

/// Every place and every change: the file is small enough for all of them.
#[test]
fn with_any_character_gone_or_too_many() {
    const MORE: [char; 12] = [
        '"', '=', '[', ']', '{', '}', '\n', '\\', '#', ',', 'é', '\'',
    ];
    for (at, _) in FILE.char_indices() {
        let mut texts = Vec::new();
        let mut less = FILE.to_owned();
        less.remove(at);
        texts.push(less);
        for more in MORE {
            let mut text = FILE.to_owned();
            text.insert(at, more);
            texts.push(text);
        }
        for text in texts {
            // A canary that was hit itself is another text.
            let shown = shown(&text);
            assert!(!shown.contains(CANARY), "{text}\n{shown}");
        }
    }
}
