//! The yardstick: every file and every answer parsed into a tree, which is dropped again; nothing else.
//!
//! There are two for TOML: a plain table of values, and a tree that knows where each value stands. A program that
//! tells the line of each change, and all errors of a file, has to make the latter.

use crate::{meter, portfolio};
use std::path::Path;
use toml::de::DeTable;

/// Parses all there is. Words: `plain` or `spanned`, the folder, the answers.
pub(crate) fn child(words: &[&str]) {
    let [tree, folder, state] = words else {
        panic!("a tree, a folder and the answers: {words:?}")
    };
    let parse = match *tree {
        "plain" => plain,
        "spanned" => spanned,
        other => panic!("no such tree: {other}"),
    };
    let folder = Path::new(folder);
    let read = |path: &Path| std::fs::read_to_string(path).expect("the file can be read");
    let mut values = parse(&read(&portfolio::first_file(folder)));
    for path in files(&folder.join("zones")) {
        values += parse(&read(&path));
    }
    for path in files(&portfolio::answers(folder, state)) {
        let bytes = std::fs::read(path).expect("the answer can be read");
        let tree: serde_json::Value = serde_json::from_slice(&bytes).expect("it is JSON");
        values += tree.as_array().map_or(1, Vec::len);
    }
    assert!(values > 0, "something was parsed");
    meter::tell();
}

fn plain(text: &str) -> usize {
    let tree: toml::Table = toml::from_str(text).expect("it is TOML");
    tree.len()
}

/// The call with which the program reads its files.
fn spanned(text: &str) -> usize {
    let (tree, errors) = DeTable::parse_recoverable(text);
    assert!(errors.is_empty(), "it is TOML: {errors:?}");
    tree.get_ref().len()
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("the entry can be read").path())
        .collect();
    files.sort();
    files
}
