//! Problems in the files.

use super::file::assert_valid;
use super::support::{HOSTILE, assert_inert};
use bailiwick::diag::{Code, Diagnostic, Diagnostics, Sources, Span};
use bailiwick::render::{Colour, Style, diagnostics, json};
use serde_json::Value as Json;

const TWICE: Code = Code {
    id: "record.duplicate",
    title: "a value comes twice",
};
const SECRET: Code = Code {
    id: "secret.literal",
    title: "a secret is written in the file",
};
const KEY: Code = Code {
    id: "key.unknown",
    title: "no such key",
};

const TEXT: &str = "[account.main]\n\
    password = \"hunter2\"; usr = \"x\"\n\
    \n\
    [domain.\"é.example\"]\n\
    a = 1\n\
    a = 2\n";

fn span(sources: &Sources, id: bailiwick::diag::SourceId, of: &str, nth: usize) -> Span {
    let (start, found) = sources
        .text(id)
        .match_indices(of)
        .nth(nth)
        .expect("it is in the text");
    Span {
        source: id,
        start: start as u32,
        end: (start + found.len()) as u32,
    }
}

fn example() -> (Diagnostics, Sources) {
    let mut sources = Sources::default();
    let id = sources.add("shop.toml", TEXT.into());
    let mut told = Diagnostics::default();
    told.push(
        Diagnostic::error(TWICE, "`a` is 1 here and 2 there")
            .at(span(&sources, id, "a = 2", 0), "and here")
            .at(span(&sources, id, "a = 1", 0), "first here")
            .help("keep one of them"),
    );
    told.push(
        Diagnostic::error(SECRET, "`password` holds its value")
            .at_masked(span(&sources, id, "\"hunter2\"", 0), "")
            .help("write password = { env = \"NAME\" }"),
    );
    told.push(
        Diagnostic::warning(KEY, "`usr` is not a key of [account.main]")
            .at(span(&sources, id, "usr", 0), "did you mean `user`?"),
    );
    told.push(Diagnostic::notice(KEY, "no file is to blame"));
    (told, sources)
}

#[test]
fn problems_for_people() {
    let (told, sources) = example();
    let shown = diagnostics::problems(&told, &sources, Style::default());
    assert!(!shown.contains("hunter2"));
    assert_eq!(diagnostics::count(&told), "2 errors, 1 warning, 1 notice");
    insta::assert_snapshot!(shown);
}

#[test]
fn colour_adds_escapes_and_nothing_else() {
    let (told, sources) = example();
    let style = Style {
        colour: Colour::Yes,
        ..Style::default()
    };
    let coloured = diagnostics::problems(&told, &sources, style);
    assert!(coloured.contains('\u{1b}'));
    assert!(!coloured.contains("hunter2"));
    let plain = diagnostics::problems(&told, &sources, Style::default());
    assert!(!plain.contains('\u{1b}'));
    assert_eq!(console::strip_ansi_codes(&coloured), plain);
}

#[test]
fn problems_for_programs() {
    let (told, sources) = example();
    let text = json::validate(&told, &sources);
    assert_valid("validate", &text);
    let value: Json = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["valid"], false);
    let all = value["diagnostics"].as_array().expect("a list");
    assert_eq!(all.len(), 4);
    assert_eq!(all[0]["file"], Json::Null);
    assert_eq!(all[1]["code"], "secret.literal");
    assert_eq!(all[1]["line"], 2);
    assert_eq!(all[1]["column"], 12);
    assert_eq!(all[3]["help"], "keep one of them");

    let failure = json::Failure {
        code: "config.invalid".into(),
        message: "the configuration is invalid".into(),
        exit: 3,
    };
    let text = json::failure(&failure, &told, &sources);
    let value: Json = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["error"]["exit"], 3);
    assert_eq!(value["error"]["code"], "config.invalid");
    assert_eq!(value["diagnostics"].as_array().map(Vec::len), Some(4));
    assert!(!text.contains("hunter2"));

    let valid = json::validate(&Diagnostics::default(), &sources);
    assert_valid("validate", &valid);
    assert_eq!(
        serde_json::from_str::<Json>(&valid).expect("JSON"),
        serde_json::json!({"valid": true, "diagnostics": []})
    );
}

#[test]
fn hostile_files_are_inert() {
    for hostile in HOSTILE {
        let mut sources = Sources::default();
        let text = format!("key = \"{hostile}\" # {hostile}\n{hostile} = 1");
        let id = sources.add(hostile, text.clone());
        let mut told = Diagnostics::default();
        for (start, end) in [
            (0, 3),
            (7, text.len()),
            (text.len(), text.len()),
            (8, 9),
            (9000, 9001),
        ] {
            let span = Span {
                source: id,
                start: start as u32,
                end: end as u32,
            };
            told.push(
                Diagnostic::error(KEY, *hostile)
                    .at(span, *hostile)
                    .help(*hostile),
            );
        }
        assert_inert(&diagnostics::problems(&told, &sources, Style::default()));
        assert_inert(&json::validate(&told, &sources));
        for problem in told.sorted() {
            assert_inert(&diagnostics::one_line(problem, &sources));
        }
    }
}

#[test]
fn a_masked_value_is_in_no_line_that_any_problem_shows() {
    let mut sources = Sources::default();
    let text = "key = { a = \"one\", password = \"\"\"hunter\n2hunter\"\"\", b = 2 }\n";
    let id = sources.add("a.toml", text.into());
    let mut told = Diagnostics::default();
    let secret = span(&sources, id, "\"\"\"hunter\n2hunter\"\"\"", 0);
    told.push(Diagnostic::error(SECRET, "a literal").at_masked(secret, "here"));
    for part in ["a", "one", "hunter", "\n", "2h", "b = 2", "key"] {
        told.push(Diagnostic::error(KEY, "near").at(span(&sources, id, part, 0), "this"));
    }
    let shown = diagnostics::problems(&told, &sources, Style::default());
    assert!(!shown.contains("hunter"), "{shown}");
    assert!(shown.contains("password = ***"), "{shown}");
}

#[test]
fn of_a_long_line_only_the_part_around_is_shown() {
    let mut sources = Sources::default();
    let text = format!("{}NEEDLE{}", "é".repeat(5000), "ü".repeat(5000));
    let id = sources.add("a.toml", text);
    let mut told = Diagnostics::default();
    told.push(Diagnostic::error(KEY, "long").at(span(&sources, id, "NEEDLE", 0), "this"));
    let shown = diagnostics::problems(&told, &sources, Style::default());
    assert!(shown.contains("NEEDLE"));
    assert!(shown.contains("a.toml:1:5001"), "{shown}");
    assert!(shown.len() < 2000, "{}", shown.len());
}
