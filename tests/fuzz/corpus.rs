//! What the targets begin with: the project's own examples, and the inputs that once broke a law.
//!
//! It opens files below the project alone, and knows no target but by its name.

use std::path::{Path, PathBuf};

/// Inputs of a target: `seeds/TARGET/*`, and for some what stands in the examples. Sorted, so that runs repeat.
pub(crate) fn seeds(target: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds = below(&folder(target));
    match target {
        "config" => {
            for name in [
                "examples/zone",
                "examples/zone/domains",
                "examples/agency",
                "examples/agency/customers",
                "examples/public",
                "tests/config/whole.toml",
            ] {
                seeds.extend(below(&root.join(name)));
            }
        }
        "master-file" => {
            for name in ["examples/zone/domains/zones", "examples/public/zones"] {
                seeds.extend(below(&root.join(name)));
            }
        }
        "wire" => {
            let guide = root.join("tests/contract/guide.json");
            let guide = std::fs::read(guide).expect("the guide's examples");
            let guide: serde_json::Value = serde_json::from_slice(&guide).expect("JSON");
            for example in guide.as_array().into_iter().flatten() {
                if let Some(answer) = example.get("response").filter(|answer| !answer.is_null()) {
                    for call in 0..super::target::CALLS {
                        seeds
                            .push(format!("{}a{answer}", super::target::letter(call)).into_bytes());
                    }
                }
            }
        }
        _ => {}
    }
    seeds.retain(|seed| seed.len() <= 16 << 10);
    seeds
}

/// Where the inputs of a target are.
pub(crate) fn folder(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz/seeds")
        .join(target)
}

/// The content of a file, or of each file of a folder, by name.
fn below(path: &Path) -> Vec<Vec<u8>> {
    if path.is_file() {
        return vec![std::fs::read(path).expect("a seed")];
    }
    let mut paths: Vec<PathBuf> = std::fs::read_dir(path)
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).expect("a seed"))
        .collect()
}
