//! What a person has trusted on a terminal, kept outside every repository, so that a change to the file
//! cannot trust itself. It does not decide what must be trusted; `config` does.

use super::failure::Failure;
use super::files::{self, Existing};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The answers given so far, by configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    path: Option<PathBuf>,
    /// What was trusted, in the words of the question, by the absolute name of the first file.
    answers: BTreeMap<String, BTreeSet<String>>,
}

impl Remembered {
    /// Reads them from the state folder. What cannot be read was never answered.
    pub fn open(state: Option<&Path>) -> Self {
        let path = state.map(|folder| folder.join("trusted.json"));
        let answers = path
            .as_ref()
            .and_then(|path| std::fs::read_to_string(path).ok())
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        Self { path, answers }
    }

    /// True if exactly this was trusted for this configuration.
    pub fn holds(&self, first_file: &Path, what: &str) -> bool {
        self.answers
            .get(&*first_file.to_string_lossy())
            .is_some_and(|known| known.contains(what))
    }

    /// Keeps an answer; without a state folder, for this run only.
    pub fn remember(&mut self, first_file: &Path, what: &str) -> Result<(), Failure> {
        self.answers
            .entry(first_file.to_string_lossy().into_owned())
            .or_default()
            .insert(what.to_owned());
        let Some(path) = &self.path else {
            return Ok(());
        };
        let text = serde_json::json!(self.answers);
        files::write(path, &format!("{text:#}\n"), Existing::Replace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_holds_for_its_file_and_its_words_alone() {
        let state = std::env::temp_dir().join(format!("bailiwick-state-{}", std::process::id()));
        let file = Path::new("/home/a/bailiwick.toml");
        let mut asked = Remembered::open(Some(&state));
        assert!(!asked.holds(file, "run pass"));
        asked
            .remember(file, "run pass")
            .expect("a folder for state");
        let again = Remembered::open(Some(&state));
        assert_eq!(again, asked);
        assert!(again.holds(file, "run pass"));
        assert!(!again.holds(file, "run curl"));
        assert!(!again.holds(Path::new("/home/b/bailiwick.toml"), "run pass"));
        std::fs::remove_dir_all(&state).expect("the folder");
    }
}
