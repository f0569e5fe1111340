//! The grammar as a whole: what the reader takes, the schema takes, and the other way round.

use super::support::{Memory, line};
use bailiwick::config::{self, Trusted};
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::json;
use std::path::Path;
use std::sync::OnceLock;

/// Every block and key, as the grammar is fixed.
const WHOLE: &str = include_str!("whole.toml");

/// The codes of problems that the schema can see too.
const DECODING: [&str; 8] = [
    "config.syntax",
    "config.duplicate-key",
    "config.unknown-key",
    "config.missing-key",
    "config.wrong-type",
    "config.word",
    "config.range",
    "config.secret-literal",
];

fn refusals(text: &str) -> Vec<String> {
    let memory = Memory::of(&[("bailiwick.toml", text)]);
    let first = Path::new("/conf/bailiwick.toml");
    let loading = config::load(&memory, first, &Trusted::default());
    loading
        .told
        .sorted()
        .into_iter()
        .filter(|told| DECODING.contains(&told.code.id) || told.code.id == "config.secret-form")
        .map(|told| line(told, &loading.sources))
        .collect()
}

fn validator() -> &'static Validator {
    static VALIDATOR: OnceLock<Validator> = OnceLock::new();
    VALIDATOR.get_or_init(|| jsonschema::validator_for(&config::schema()).expect("a schema"))
}

/// The JSON that an editor sees; JSON has no dates, so they are text.
fn json_of(value: &toml::Value) -> serde_json::Value {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(yes) => json!(yes),
        toml::Value::Datetime(moment) => json!(moment.to_string()),
        toml::Value::Array(items) => items.iter().map(json_of).collect(),
        toml::Value::Table(table) => serde_json::Value::Object(
            table
                .iter()
                .map(|(key, value)| (key.clone(), json_of(value)))
                .collect(),
        ),
    }
}

fn parsed(text: &str) -> toml::Value {
    toml::Value::Table(text.parse().expect("TOML"))
}

#[test]
fn every_block_and_key_is_read() {
    assert_eq!(refusals(WHOLE), [""; 0]);
    let errors: Vec<String> = validator()
        .iter_errors(&json_of(&parsed(WHOLE)))
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert_eq!(errors, [""; 0]);
}

#[test]
fn the_schema_that_is_checked_in_is_the_one_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/bailiwick.schema.json");
    let text = std::fs::read_to_string(path).expect("the schema");
    let checked_in: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert!(
        checked_in == config::schema(),
        "write it again: cargo run -- schema > schema/bailiwick.schema.json"
    );
}

#[test]
fn every_key_of_the_schema_tells_what_it_is_for() {
    let schema = config::schema();
    let blocks = schema["$defs"].as_object().expect("definitions");
    for (name, block) in blocks {
        for (key, property) in block["properties"].as_object().into_iter().flatten() {
            let about = property["description"].as_str().unwrap_or_default();
            assert!(!about.is_empty(), "{name}.{key}");
        }
    }
}

#[test]
fn examples_are_taken_by_both() {
    let validator = validator();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "toml") {
                let text = std::fs::read_to_string(&path).expect("a file");
                assert!(validator.is_valid(&json_of(&parsed(&text))), "{path:?}");
                assert_eq!(refusals(&text), [""; 0], "{path:?}");
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
}

#[test]
fn snippets_are_taken_or_refused_by_both() {
    let snippets = [
        ("", true),
        ("[account.a]", true),
        ("account = 1", false),
        ("[account.a]\nprovider = \"other\"", false),
        ("[account.a]\npassword = \"x\"", false),
        ("[account.a]\npassword = { env = \"X\" }", true),
        (
            "[account.a]\npassword = { env = \"X\", file = \"y\" }",
            false,
        ),
        ("[account.a]\npassword = { command = [] }", false),
        ("[account.a]\npassword = { command = [\"a\", 1] }", false),
        ("[account.a]\nusername = \"x\"", true),
        ("[account.a]\nusername = 1", false),
        ("[bailiwick]\nledger = \"x\"", true),
        ("[bailiwick]\nledger = { path = \"x\" }", true),
        ("[bailiwick]\nledger = { durable = true }", false),
        ("[bailiwick]\ninclude = \"x\"", false),
        ("[defaults]\nzone.ttl = 60", true),
        ("[defaults]\nzone.records = []", false),
        ("[defaults]\nzone.ttl = 60.0", true),
        ("[defaults]\nzone.ttl = 60.5", false),
        ("[defaults]\nzone.ttl = -1", false),
        ("[defaults]\nhosting.ftp_user.dir = \"x\"", true),
        ("[guard]\nmax_delete_percent = 100", true),
        ("[guard]\nmax_delete_percent = 101", false),
        ("[[allow]]\nuntil = 2026-12-31", true),
        ("[[allow]]\nuntil = \"2026-12-31\"", true),
        ("[[allow]]\nuntil = \"soon\"", false),
        ("[[allow]]\nuntil = 2026-12-31T00:00:00Z", false),
        ("[allow]\ndestroy = []", false),
        ("[[moved]]\nfrom = \"a\"", false),
        (
            "[notify]\nwebhook = { env = \"A\" }\non = [\"drift\"]",
            true,
        ),
        ("[notify]\non = [\"drift\"]", false),
        (
            "[notify]\nwebhook = { env = \"A\" }\non = [\"never\"]",
            false,
        ),
        (
            "[template.a]\nrecords = [{ host = \"a\", type = \"A\", data = \"x\" }]",
            true,
        ),
        (
            "[template.a]\nrecords = [{ host = \"a\", type = \"A\" }]",
            false,
        ),
        (
            "[template.a]\nrecords = [{ host = [\"a\"], type = \"A\", data = [\"x\"] }]",
            true,
        ),
        (
            "[template.a]\nrecords = [{ host = \"a\", type = [\"A\"], data = \"x\" }]",
            false,
        ),
        (
            "[template.a]\nrecords = [{ host = \"a\", type = \"A\", data = \"x\", flags = 0 }]",
            true,
        ),
        (
            "[template.a]\nrecords = [{ host = \"a\", type = \"A\", data = \"x\", flags = \"U\" }]",
            true,
        ),
        (
            "[template.a]\nrecords = [{ host = \"a\", type = \"A\", data = \"x\", flags = true }]",
            false,
        ),
        (
            "[template.a]\nrecords = [{ host = \"a\", type = \"A\", data = \"x\", port = 65536 }]",
            false,
        ),
        ("[template.a]\nrecords = { host = \"a\" }", false),
        ("[group.a]\ndomains = [\"x\"]\nlocked = true", true),
        ("[group.a]\ngroups = []", false),
        ("[domain.\"a.b\"]\nlocked = \"yes\"", false),
        (
            "[domain.\"a.b\"]\norder = { a = 1, b = \"x\", c = true }",
            true,
        ),
        ("[domain.\"a.b\"]\norder = { a = [] }", false),
        (
            "[domain.\"a.b\"]\nglue = { \"ns.a.b\" = \"192.0.2.1\" }",
            false,
        ),
        ("[domain.\"a.b\".mailbox.x]\nautoresponder = false", true),
        ("[domain.\"a.b\".mailbox.x]\nautoresponder = true", false),
        (
            "[domain.\"a.b\".mailbox.x]\nautoresponder = { subject = \"x\" }",
            true,
        ),
        (
            "[domain.\"a.b\".mailbox.x]\nautoresponder = { start = 2026-12-20, finish = \"2026-12-21\" }",
            true,
        ),
        (
            "[domain.\"a.b\".mailbox.x]\nautoresponder = { starts = 2026-12-20 }",
            false,
        ),
        ("[domain.\"a.b\".mailbox.x]\naliases = \"y@a.b\"", false),
        ("[domain.\"a.b\".mailbox.x]\ntype = \"imap\"", false),
        ("[domain.\"a.b\".mailbox.x]\npassword = \"x\"", false),
        ("[domain.\"a.b\".redirect.\"a.b\"]\ntype = 6", true),
        ("[domain.\"a.b\".redirect.\"a.b\"]\ntype = 7", false),
        ("[domain.\"a.b\".hosting]\nadmin_password = \"x\"", false),
        ("[domain.\"a.b\".hosting.ftp_user.x]\npassword = 1", false),
        ("[domain.\"a.b\".certificate.x]\nproduct = 1", true),
        (
            "[domain.\"a.b\".certificate.x]\nproduct = \"standard\"",
            true,
        ),
        ("[domain.\"a.b\".certificate.x]\nproduct = \"other\"", false),
        ("[domain.\"a.b\".zone]\nfile = \"x\"", true),
        ("[domain.\"a.b\".zone]\nfile = [\"x\", \"y\"]", true),
        ("[domain.\"a.b\".zone]\nfile = 1", false),
        (
            "[domain.\"a.b\".zone]\nignore = [{ host = \"x\", reason = \"y\" }]",
            true,
        ),
        ("[domain.\"a.b\".zone]\nignore = [{ host = \"x\" }]", false),
    ];
    let validator = validator();
    for (snippet, taken) in snippets {
        let refusals = refusals(snippet);
        assert_eq!(
            refusals.is_empty(),
            taken,
            "the reader: {snippet}\n{refusals:?}"
        );
        assert_eq!(
            validator.is_valid(&json_of(&parsed(snippet))),
            taken,
            "the schema: {snippet}"
        );
    }
}

/// All places of a document, each as the keys and indices that lead to it.
fn places(value: &toml::Value, at: &mut Vec<String>, out: &mut Vec<Vec<String>>) {
    out.push(at.clone());
    let mut below = |key: String, value: &toml::Value, out: &mut Vec<Vec<String>>| {
        at.push(key);
        places(value, at, out);
        at.pop();
    };
    for (key, value) in value.as_table().into_iter().flatten() {
        below(key.clone(), value, out);
    }
    for (index, value) in value.as_array().into_iter().flatten().enumerate() {
        below(index.to_string(), value, out);
    }
}

fn at<'v>(value: &'v mut toml::Value, place: &[String]) -> &'v mut toml::Value {
    place
        .iter()
        .fold(value, |value, key| match value.is_array() {
            true => &mut value[key.parse::<usize>().expect("an index")],
            false => &mut value[key.as_str()],
        })
}

/// What stands there instead; dates are left out, because JSON cannot tell them from text.
fn replacements() -> Vec<toml::Value> {
    let inline = |text: &str| parsed(text).get("x").cloned().expect("x");
    vec![
        inline("x = 'text'"),
        inline("x = ''"),
        inline("x = 'standard'"),
        inline("x = 0"),
        inline("x = 3"),
        inline("x = -1"),
        inline("x = 300"),
        inline("x = 9000000000"),
        inline("x = 2.0"),
        inline("x = 2.5"),
        inline("x = true"),
        inline("x = false"),
        inline("x = []"),
        inline("x = ['a']"),
        inline("x = [1]"),
        inline("x = [{}]"),
        inline("x = {}"),
        inline("x = { a = 1 }"),
        inline("x = { env = 'A' }"),
        inline("x = { path = 'a' }"),
        inline("x = { host = 'a', type = 'A', data = 'b' }"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn reader_and_schema_agree_on_any_change(
        place in any::<prop::sample::Index>(),
        change in any::<prop::sample::Index>(),
    ) {
        let mut document = parsed(WHOLE);
        let mut all = Vec::new();
        places(&document, &mut Vec::new(), &mut all);
        let mut place = place.get(&all).clone();
        let replacements = replacements();
        let change = change.index(replacements.len() + 2);
        match (place.pop(), replacements.get(change)) {
            // The document itself is a table, whatever comes.
            (None, _) => {}
            (Some(key), Some(value)) => {
                place.push(key);
                *at(&mut document, &place) = value.clone();
            }
            (Some(key), None) => {
                let within = at(&mut document, &place);
                if let Some(table) = within.as_table_mut() {
                    let value = table.remove(&key).expect("a value");
                    if change > replacements.len() {
                        table.insert(format!("{key}_"), value);
                    }
                } else if let Some(items) = within.as_array_mut() {
                    items.remove(key.parse::<usize>().expect("an index"));
                }
            }
        }
        let text = toml::to_string(&document).expect("TOML");
        let refusals = refusals(&text);
        let valid = validator().is_valid(&json_of(&document));
        prop_assert_eq!(refusals.is_empty(), valid, "{}\n{:?}", text, refusals);
    }
}
