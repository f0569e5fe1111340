//! The outside of a run: variables, folder, streams, clock and signals. The only reader of the environment.
//!
//! A test gives its own. Nothing below `cli` looks outside by itself.

use super::args::flags::Color;
use super::signals::{self, Beside, Signal, Signals};
use super::streams::{Input, Kind, Memory, Output, Streams, Wish};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Everything that a run may see of the outside.
pub struct Env {
    /// Stdout and stderr.
    pub streams: Streams,
    /// Stdin.
    pub input: Input,
    /// What file names on the command line are relative to.
    pub folder: PathBuf,
    variables: Variables,
    clock: Clock,
    signals: Arrival,
    interrupted: Arc<OnceLock<Signal>>,
}

type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

enum Variables {
    Process,
    Given(BTreeMap<String, String>),
}

enum Arrival {
    /// From the system, once a runtime is there.
    Process,
    /// From a test.
    Given(Option<Signals>),
}

impl Env {
    /// That of this process.
    pub fn of_process() -> Self {
        let variables = Variables::Process;
        let wish = wish(&variables);
        let (out, err, input) = (std::io::stdout(), std::io::stderr(), std::io::stdin());
        let (out_kind, err_kind, in_kind) = (Kind::of(&out), Kind::of(&err), Kind::of(&input));
        Self {
            streams: Streams {
                out: Output::new(Box::new(out), out_kind, wish),
                err: Output::new(Box::new(err), err_kind, wish),
            },
            input: Input::new(Box::new(std::io::BufReader::new(input)), in_kind),
            folder: std::env::current_dir().unwrap_or_default(),
            variables,
            clock: Arc::new(process_clock),
            signals: Arrival::Process,
            interrupted: Arc::default(),
        }
    }

    /// One without a terminal, whose output is kept and whose clock stands still.
    pub fn of_test(folder: &Path, variables: BTreeMap<String, String>, now: Timestamp) -> Sealed {
        let (out, err) = (Memory::default(), Memory::default());
        let variables = Variables::Given(variables);
        let mut streams = Streams {
            out: Output::to_memory(&out),
            err: Output::to_memory(&err),
        };
        streams.out.wish(wish(&variables));
        streams.err.wish(wish(&variables));
        let env = Self {
            streams,
            input: Input::nobody(),
            folder: folder.to_owned(),
            variables,
            clock: Arc::new(move || now),
            signals: Arrival::Given(None),
            interrupted: Arc::default(),
        };
        Sealed { env, out, err }
    }

    /// Lets a test send signals.
    pub fn with_signals(&mut self, signals: Signals) {
        self.signals = Arrival::Given(Some(signals));
    }

    /// The value of a variable; one that is empty, or no text, counts as not set.
    pub fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name)
    }

    /// True where `CI` is set.
    pub fn is_ci(&self) -> bool {
        self.variable("CI").is_some()
    }

    /// The words of `BAILIWICK_TRUST`.
    pub fn trusted(&self) -> Vec<String> {
        let words = self.variable("BAILIWICK_TRUST").unwrap_or_default();
        words
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// The folder for what is remembered between runs and belongs to no repository (XDG state home).
    pub fn state_folder(&self) -> Option<PathBuf> {
        let absolute = |name| {
            self.variable(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        absolute("XDG_STATE_HOME")
            .or_else(|| absolute("LOCALAPPDATA"))
            .or_else(|| Some(absolute("HOME")?.join(".local/state")))
            .map(|base| base.join("bailiwick"))
    }

    /// What the time is. A run asks once and keeps the answer.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Applies `--color`, which overrules the environment.
    pub fn color(&mut self, color: Color) {
        let wish = match color {
            Color::Auto => return,
            Color::Always => Wish::Always,
            Color::Never => Wish::Never,
        };
        self.streams.out.wish(wish);
        self.streams.err.wish(wish);
    }

    /// The signals of this run, from now on. Called inside a runtime, once.
    pub fn signals(&mut self) -> std::io::Result<Signals> {
        let (sender, by_hand) = Signals::by_hand();
        match &mut self.signals {
            Arrival::Given(given) => Ok(given.take().unwrap_or(by_hand)),
            Arrival::Process => {
                signals::listen(&sender)?;
                Ok(by_hand)
            }
        }
    }

    /// Listens for signals of the process while this thread waits for another process. What comes is kept, for
    /// [`Env::interrupted`], and told.
    pub(super) fn beside(
        &self,
        tell: impl FnOnce() + Send + 'static,
    ) -> std::io::Result<Option<Beside>> {
        let kept = Arc::clone(&self.interrupted);
        match self.signals {
            Arrival::Given(_) => Ok(None),
            Arrival::Process => Beside::listen(move |signal| {
                kept.get_or_init(|| signal);
                tell();
            })
            .map(Some),
        }
    }

    /// The signal that came while a process was waited for.
    pub fn interrupted(&self) -> Option<Signal> {
        self.interrupted.get().copied()
    }

    /// True if there is somebody at a terminal.
    pub fn can_ask(&self) -> bool {
        self.input.kind() == Kind::Terminal
    }

    /// The clock, for what runs on its own.
    pub fn clock(&self) -> Arc<dyn Fn() -> Timestamp + Send + Sync> {
        Arc::clone(&self.clock)
    }

    /// Puts a question at a terminal and gives what waits for its answer, so that it can wait beside signals;
    /// `None` without a terminal. Nothing can be asked afterwards.
    pub fn question(
        &mut self,
        question: &str,
    ) -> Option<impl FnOnce() -> Option<String> + Send + use<>> {
        if self.input.kind() == Kind::Plain {
            return None;
        }
        self.streams.err.text(question);
        let mut input = std::mem::replace(&mut self.input, Input::nobody());
        Some(move || input.line())
    }

    /// Asks a question on stderr; `None` where nobody can answer.
    pub fn ask(&mut self, question: &str) -> Option<String> {
        if self.input.kind() == Kind::Plain {
            return None;
        }
        self.streams.err.text(question);
        self.input.line()
    }
}

impl std::fmt::Debug for Env {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Env")
            .field("streams", &self.streams)
            .field("input", &self.input)
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

/// An environment for a test, with what is written to it.
#[derive(Debug)]
pub struct Sealed {
    /// The environment.
    pub env: Env,
    /// What stdout gets.
    pub out: Memory,
    /// What stderr gets.
    pub err: Memory,
}

impl Variables {
    fn get(&self, name: &str) -> Option<String> {
        let value = match self {
            Variables::Process => process_variable(name).and_then(|value| value.into_string().ok()),
            Variables::Given(given) => given.get(name).cloned(),
        };
        value.filter(|value| !value.is_empty())
    }
}

fn wish(variables: &Variables) -> Wish {
    if variables.get("NO_COLOR").is_some() {
        Wish::Never
    } else if variables.get("CLICOLOR_FORCE").as_deref() == Some("1") {
        Wish::Always
    } else if variables.get("TERM").as_deref() == Some("dumb") {
        Wish::Dumb
    } else {
        Wish::Unsaid
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
fn process_variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that looks at the clock"
)]
fn process_clock() -> Timestamp {
    Timestamp::now()
}
