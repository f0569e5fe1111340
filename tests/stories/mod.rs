//! Stories: transcripts that are run. Each `*.txt` beside this file is one test.
//!
//! ```text
//! # What the story tells, at its top.
//! > file bailiwick.toml
//! (the file, up to the next line that begins with "> " and a word known here, or with "$ ")
//! > remove old.toml
//! > variable NAMEBAY_PASSWORD=x
//! > dialect apex=empty
//! (how `--sandbox` answers an open question of the contract from here on; may be repeated)
//!
//! $ bailiwick plan --detailed-exitcode
//! (stdout; within a line [..] stands for anything, a line ... for any lines)
//! 2> (a line of stderr)
//! [exit 2]
//! ```
//!
//! `STORIES=write cargo test stories` writes down what was said; lines that still fit keep their wildcards.

mod transcript;

use crate::support::Scenario;
use transcript::{Block, Story};

/// A test for each story.
macro_rules! stories {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                run(stringify!($name));
            }
        )*
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

stories! {
    bad_file
    cname_room
    first_run
    ftp_user
    groups
    guarded
    mailbox
    not_owned
    outputs
    redirect
    saved_plan
    usage
}

#[test]
fn every_story_is_run() {
    let mut found: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder of stories")
        .filter_map(|entry| {
            let name = entry.expect("an entry").file_name().into_string().ok()?;
            Some(name.strip_suffix(".txt")?.to_owned())
        })
        .collect();
    found.sort();
    assert_eq!(found, NAMES);
}

fn folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories")
}

fn run(name: &str) {
    let path = folder().join(format!("{name}.txt"));
    let text = std::fs::read_to_string(&path).expect("the story");
    let mut story = Story::parse(&text);
    let mut scenario = Scenario::new();
    let mut wrong = Vec::new();
    let mut dialect: Vec<&str> = Vec::new();
    for block in &mut story.blocks {
        match block {
            Block::File { name, text } => {
                scenario.file(name, text);
            }
            Block::Remove(name) => {
                std::fs::remove_file(scenario.folder().join(&*name)).expect("a file to remove");
            }
            Block::Variable { name, value } => {
                scenario.variable(name, value);
            }
            Block::Dialect(pair) => {
                dialect.push(pair);
                scenario.variable("BAILIWICK_SANDBOX_DIALECT", &dialect.join(" "));
            }
            Block::Run { line, expected } => {
                let words = transcript::words(line);
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                assert_eq!(words.first(), Some(&"bailiwick"), "{line}");
                let said = transcript::said(&scenario.run(&words[1..]));
                if !transcript::fits(expected, &said) {
                    let differs = transcript::difference(expected, &said);
                    wrong.push(format!("$ {line}\n{differs}"));
                    *expected = transcript::rewritten(expected, &said);
                }
            }
        }
    }
    if wrong.is_empty() {
        return;
    }
    if writes() {
        // Through the scenario's own way of writing files, which takes an absolute name as it stands.
        scenario.file(&path.to_string_lossy(), &story.text());
        return;
    }
    panic!("{name}.txt tells something else:\n\n{}", wrong.join("\n"));
}

#[expect(
    clippy::disallowed_methods,
    reason = "how a person tells the test to write"
)]
fn writes() -> bool {
    std::env::var_os("STORIES").is_some_and(|word| word == "write")
}
