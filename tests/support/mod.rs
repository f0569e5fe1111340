//! What scenarios need: a folder of their own, files in it, the program run in it, and its transcript.
//!
//! A scenario runs the real binary, with an empty environment, or calls the library with an environment of
//! its own, which is faster by the start of a process.

pub(crate) mod simulated;

use bailiwick::cli::env::{Env, Sealed};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder, the files in it, and the variables that a run sees.
pub(crate) struct Scenario {
    folder: PathBuf,
    variables: BTreeMap<String, String>,
}

/// What one run said, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Transcript {
    /// The exit code; `None`: ended by a signal.
    pub(crate) status: Option<i32>,
    /// The result.
    pub(crate) stdout: String,
    /// Everything else.
    pub(crate) stderr: String,
}

impl Scenario {
    /// An empty folder, which is removed with the scenario.
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("bailiwick-test-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder for the scenario");
        // What is compared with outputs must not go through a link.
        let folder = folder.canonicalize().expect("its real name");
        Self {
            folder,
            variables: BTreeMap::new(),
        }
    }

    /// Where it is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Sets a variable for all later runs.
    pub(crate) fn variable(&mut self, name: &str, value: &str) -> &mut Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// Writes a file, with the folders it needs.
    #[expect(clippy::disallowed_methods, reason = "a test's own file needs no care")]
    pub(crate) fn file(&self, name: &str, text: &str) -> &Self {
        let path = self.folder.join(name);
        let above = path.parent().expect("a file lies in a folder");
        std::fs::create_dir_all(above).expect("the file's folder");
        std::fs::write(path, text).expect("the file");
        self
    }

    /// The real program, ready to be started by the test itself.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bailiwick"));
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .env("HOME", &self.folder)
            .envs(&self.variables)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the real program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Transcript {
        let output = self
            .command(arguments)
            .output()
            .expect("the program starts");
        Transcript {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }

    /// An environment for a call of the library.
    pub(crate) fn env(&self) -> Sealed {
        self.env_at("2026-08-01T12:00:00Z".parse().expect("a moment"))
    }

    /// The same at another time.
    pub(crate) fn env_at(&self, now: jiff::Timestamp) -> Sealed {
        Env::of_test(&self.folder, self.variables.clone(), now)
    }

    /// Runs the same command line in this process.
    pub(crate) fn call(&self, arguments: &[&str]) -> Transcript {
        self.call_in(self.env(), arguments)
    }

    /// Runs it in an environment that the test made.
    pub(crate) fn call_in(&self, mut sealed: Sealed, arguments: &[&str]) -> Transcript {
        let words: Vec<OsString> = std::iter::once("bailiwick")
            .chain(arguments.iter().copied())
            .map(OsString::from)
            .collect();
        let exit = bailiwick::cli::main(&words, &mut sealed.env);
        Transcript {
            status: Some(exit.code().into()),
            stdout: sealed.out.text(),
            stderr: sealed.err.text(),
        }
    }
}

impl Drop for Scenario {
    fn drop(&mut self) {
        // A folder that is left behind harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
