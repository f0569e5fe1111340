//! The yardstick: every file and every answer parsed into a tree, which is dropped again; nothing else.

use crate::{meter, portfolio};
use std::path::Path;

/// Parses all there is. Words: the folder, the answers.
pub(crate) fn child(words: &[&str]) {
    let [folder, state] = words else {
        panic!("a folder and the answers: {words:?}")
    };
    let folder = Path::new(folder);
    let mut values = parse_toml(&portfolio::first_file(folder));
    for path in files(&folder.join("zones")) {
        values += parse_toml(&path);
    }
    for path in files(&portfolio::answers(folder, state)) {
        let bytes = std::fs::read(path).expect("the answer can be read");
        let tree: serde_json::Value = serde_json::from_slice(&bytes).expect("it is JSON");
        values += tree.as_array().map_or(1, Vec::len);
    }
    assert!(values > 0, "something was parsed");
    meter::tell();
}

fn parse_toml(path: &Path) -> usize {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    let tree: toml::Table = toml::from_str(&text).expect("it is TOML");
    tree.len()
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("the entry can be read").path())
        .collect();
    files.sort();
    files
}
