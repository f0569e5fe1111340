//! The wall between the layers: which module may import which, which crate is named where, and the shape
//! of files. The table is that of the architecture page in `src/lib.rs`.
//!
//! It reads the source as text; what stands in strings, comments and tests does not count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each top-level module with those it may import.
const LAYERS: [(&str, &[&str]); 14] = [
    ("diag", &[]),
    ("model", &["diag"]),
    ("http", &[]),
    ("sandbox", &["http"]),
    ("config", &["diag", "model"]),
    ("ledger", &["model"]),
    ("provider", &["diag", "model", "http"]),
    ("diff", &["model", "ledger"]),
    ("plan", &["diag", "model", "ledger", "diff"]),
    ("drift", &["diag", "model", "ledger", "diff"]),
    ("apply", &["model", "ledger", "provider", "diff", "plan"]),
    (
        "render",
        &["diag", "model", "ledger", "diff", "plan", "drift", "apply"],
    ),
    ("notify", &["http", "drift", "plan", "apply", "render"]),
    (
        "cli",
        &[
            "diag", "model", "http", "sandbox", "config", "ledger", "provider", "diff", "plan",
            "drift", "apply", "render", "notify",
        ],
    ),
];

/// Crates that are named below these paths alone.
const CRATES: [(&str, &[&str]); 13] = [
    ("age", &["config/"]),
    ("petgraph", &["plan/"]),
    ("similar", &["render/"]),
    ("reqwest", &["http/"]),
    ("rustls", &["http/", "ledger/objects.rs"]),
    ("governor", &["http/"]),
    ("backon", &["http/"]),
    ("axum", &["sandbox/"]),
    ("toml", &["config/"]),
    ("toml_edit", &["config/"]),
    ("clap", &["cli/"]),
    ("indicatif", &["render/", "cli/"]),
    ("annotate_snippets", &["render/"]),
];

/// One file of `src`.
struct Source {
    /// Relative to `src`, with `/`.
    name: String,
    /// As it stands.
    text: String,
    /// Without comments, strings and the tests at its end.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of src") {
            let path: PathBuf = entry.expect("an entry of src").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a source file");
            let name = path.strip_prefix(&root).expect("below src");
            let name = name.to_string_lossy().replace('\\', "/");
            let code = strip(without_tests(&text));
            Source { name, text, code }
        })
        .collect()
}

/// What stands before the tests at the end of a file.
fn without_tests(text: &str) -> &str {
    let end = text.match_indices("#[cfg(").find_map(|(at, _)| {
        let line = text[at..].lines().next().unwrap_or("");
        let starts_line = at == 0 || text[..at].ends_with('\n');
        let next = text[at..].lines().nth(1).unwrap_or("");
        (starts_line && line.contains("test") && next.starts_with("mod tests")).then_some(at)
    });
    &text[..end.unwrap_or(text.len())]
}

/// Replaces comments, strings and character literals by blanks.
fn strip(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skip = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_string(rest) {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = hashes + 2;
            rest[start..]
                .find(&end)
                .map_or(rest.len(), |at| start + at + end.len())
        } else if c == '"' {
            quoted(rest, '"')
        } else if c == '\'' && is_character(rest) {
            quoted(rest, '\'')
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        code.push(' ');
        rest = &rest[skip..];
    }
    code
}

fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

/// A character literal, not a lifetime.
fn is_character(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    chars.next() == Some('\\') || chars.next() == Some('\'')
}

fn quoted(rest: &str, end: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if c == end && !escaped {
            return at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    rest.len()
}

/// The first names of the paths in `a::b, {c, d::e}` — of a group, those of its members.
fn heads(path: &str) -> Vec<String> {
    let path = path.trim_start();
    let Some(group) = path.strip_prefix('{') else {
        return vec![
            path.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect(),
        ];
    };
    let mut names = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.extend(heads(&group[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Paths that begin with `word::`, not as the end of a longer word or of `$word`.
fn paths<'a>(code: &'a str, word: &str) -> impl Iterator<Item = &'a str> {
    let needle = format!("{word}::");
    let length = needle.len();
    let starts: Vec<usize> = code
        .match_indices(&needle)
        .filter(|(at, _)| {
            let before = code[..*at].chars().next_back();
            !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$' || c == ':')
        })
        .map(|(at, _)| at + length)
        .collect();
    starts.into_iter().map(move |at| &code[at..])
}

/// The top-level modules that a file names.
fn imports(source: &Source) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = paths(&source.code, "crate").flat_map(heads).collect();
    // `super::` that climbs to the top.
    let depth = source.name.trim_end_matches("/mod.rs").split('/').count();
    for path in paths(&source.code, "super") {
        let mut climbed = 1;
        let mut rest = path;
        while let Some(after) = rest.strip_prefix("super::") {
            climbed += 1;
            rest = after;
        }
        if climbed >= depth {
            found.extend(heads(rest));
        }
    }
    found
}

fn module(source: &Source) -> &str {
    let first = source.name.split('/').next().unwrap_or("");
    first.trim_end_matches(".rs")
}

#[test]
fn imports_only_point_up() {
    let table: BTreeMap<&str, &[&str]> = LAYERS.into_iter().collect();
    let mut wrong = Vec::new();
    for source in sources() {
        let own = module(&source);
        if matches!(own, "lib" | "main") {
            continue;
        }
        let Some(allowed) = table.get(own) else {
            wrong.push(format!("{}: the module {own} has no layer", source.name));
            continue;
        };
        for name in imports(&source) {
            if table.contains_key(name.as_str()) && name != own && !allowed.contains(&name.as_str())
            {
                wrong.push(format!("{}: {own} may not import {name}", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn providers_do_not_know_each_other() {
    let sources = sources();
    let folders: BTreeSet<&str> = sources
        .iter()
        .filter_map(|source| Some(source.name.strip_prefix("provider/")?.split_once('/')?.0))
        .collect();
    for source in &sources {
        for folder in &folders {
            let own = source.name.starts_with(&format!("provider/{folder}/"));
            if source.name.starts_with("provider/") && !own && source.name != "provider/mod.rs" {
                let names = source.code.contains(&format!("{folder}::"));
                assert!(!names, "{} names {folder}", source.name);
            }
        }
    }
}

#[test]
fn each_crate_is_named_in_its_one_place() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (name, places) in CRATES {
            let named = paths(&source.code, name).next().is_some();
            if named && !places.iter().any(|place| source.name.starts_with(place)) {
                wrong.push(format!("{}: names {name}", source.name));
            }
        }
        let pure = ["diff", "plan", "drift", "model", "diag", "config", "render"];
        if pure.contains(&module(&source)) {
            for word in ["tokio::", "async fn", ".await"] {
                if source.code.contains(word) {
                    wrong.push(format!(
                        "{}: {word} in a module that is synchronous",
                        source.name
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut wrong = Vec::new();
    let mut lengths = Vec::new();
    for source in sources() {
        let length = without_tests(&source.text).lines().count();
        lengths.push(length);
        if length > 600 {
            wrong.push(format!("{}: {length} lines, more than 600", source.name));
        }
        if !source.text.starts_with("//!") {
            wrong.push(format!("{}: does not open with //!", source.name));
        }
        if source.text.contains("#[allow(") {
            wrong.push(format!("{}: #[allow(; use #[expect(", source.name));
        }
        let command = source.name.starts_with("cli/commands/");
        if command && length > 120 {
            wrong.push(format!("{}: {length} lines, more than 120", source.name));
        }
        if source.name == "main.rs" && length > 15 {
            wrong.push("main.rs: more than 15 lines".into());
        }
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median < 250, "the median file has {median} lines");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_imports_sees_what_it_must() {
    let source = |name: &str, text: &str| Source {
        name: name.into(),
        text: text.into(),
        code: strip(without_tests(text)),
    };
    let text = "use crate::{diag::{A, B}, plan::Step, model};\nfn f() { crate::ledger::x(\"crate::http::y\") }\n\
                // crate::cli::z\nuse super::super::render::View; use super::near::Thing;\n\
                #[cfg(test)]\nmod tests { use crate::apply::Q; }\n";
    let found = imports(&source("config/resolve/x.rs", text));
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, ["diag", "ledger", "model", "plan"]);
    let found = imports(&source("config/x.rs", text));
    assert!(found.contains("render"), "{found:?}");
    assert!(imports(&source("diff.rs", "use super::ledger::L;")).contains("ledger"));
}

/// Every code that a program may meet is listed in `schema/codes.json`, with a sentence.
#[test]
fn every_code_is_listed() {
    let listed: serde_json::Value =
        serde_json::from_str(include_str!("../schema/codes.json")).unwrap();
    let listed: BTreeSet<&str> = listed
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let areas: BTreeSet<&str> = listed
        .iter()
        .filter_map(|code| Some(code.split_once('.')?.0))
        .collect();
    let is_file = |word: &str| ["json", "jsonl", "com", "toml", "zone", "txt"].contains(&word);
    let mut missing = BTreeSet::new();
    // The sandbox names open questions of the contract in the same form.
    for source in sources()
        .into_iter()
        .filter(|source| !source.name.starts_with("sandbox/"))
    {
        let (path, text) = (&source.name, without_tests(&source.text));
        for word in text.split('"').skip(1).step_by(2) {
            let Some((area, rest)) = word.split_once('.') else {
                continue;
            };
            let plain = |text: &str| {
                !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
            };
            if plain(area)
                && plain(rest)
                && areas.contains(area)
                && !is_file(rest)
                && !listed.contains(word)
            {
                missing.insert(format!("{word} ({path})"));
            }
        }
    }
    assert!(missing.is_empty(), "not in schema/codes.json: {missing:#?}");
    for code in bailiwick::config::CODES {
        assert!(
            listed.contains(code.id),
            "{} is not in schema/codes.json",
            code.id
        );
    }
}
