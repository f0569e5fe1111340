//! Why a command did not do what it was asked to: one error, told to people on stderr or to programs on
//! stdout. It does not know how problems in a file are shown; that is `render`'s.

use super::exit::Exit;
use super::signals::Signal;
use super::streams::{Streams, escaped};
use crate::plan::file::text::to_text;
use crate::provider::ProviderError;

/// The end of a command that cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The code to end with.
    pub exit: Exit,
    /// `area.word`, a stable name.
    pub code: Box<str>,
    /// What is wrong, and why; without secrets.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// Why a command ends before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// Still to be told.
    Failed(Failure),
    /// Told already.
    Told(Exit),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Stop::Failed(failure)
    }
}

/// Who reads the error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// A person: text on stderr.
    People,
    /// A program: JSON on stdout.
    Programs,
}

impl Failure {
    /// A failure that ends the command with this code.
    pub fn new(exit: Exit, code: &str, message: impl Into<String>) -> Self {
        Self {
            exit,
            code: code.into(),
            message: message.into(),
            help: None,
        }
    }

    /// The end of a command that was interrupted before anything was changed.
    pub fn interrupted(signal: Signal) -> Self {
        let text = "interrupted; nothing was changed at a provider";
        Self::new(Exit::Stopped(signal), "interrupted", text)
    }

    /// Adds what to do; an empty text adds nothing.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        let help = help.into();
        self.help = (!help.is_empty()).then_some(help);
        self
    }

    /// Tells it, and says how to end.
    pub fn tell(&self, audience: Audience, streams: &mut Streams) -> Exit {
        match audience {
            Audience::Programs => streams.out.text(&to_text(&self.json())),
            Audience::People => {
                let red = console::Style::new().red().bold();
                let word = red.force_styling(streams.err.colour()).apply_to("error");
                let message = escaped(&self.message);
                streams.err.line(&format!("{word}: {message}"));
                if let Some(help) = &self.help {
                    streams.err.line(&format!("\n{}", escaped(help)));
                }
            }
        }
        self.exit
    }

    /// What is wrong and what to do, where a form has no member for the latter and a log shows the message alone.
    pub(super) fn sentence(&self) -> String {
        match &self.help {
            None => self.message.clone(),
            Some(help) => format!("{}; {help}", self.message),
        }
    }

    fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "error": {
                "code": self.code,
                "message": self.sentence(),
                "exit": self.exit.code(),
            },
            "diagnostics": [],
        })
    }
}

impl From<&ProviderError> for Failure {
    fn from(error: &ProviderError) -> Self {
        let reason = error.reason();
        Self::new(Exit::from(error), &reason.code, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::streams::{Memory, Output};

    fn told(failure: &Failure, audience: Audience) -> (Exit, String, String) {
        let (out, err) = (Memory::default(), Memory::default());
        let exit = failure.tell(
            audience,
            &mut Streams {
                out: Output::to_memory(&out),
                err: Output::to_memory(&err),
            },
        );
        (exit, out.text(), err.text())
    }

    #[test]
    fn people_read_it_on_stderr_and_programs_on_stdout() {
        let failure =
            Failure::new(Exit::Locked, "ledger.locked", "held by \u{1b}[31mx").help("wait");
        let (exit, out, err) = told(&failure, Audience::People);
        assert_eq!(exit, Exit::Locked);
        assert_eq!(out, "");
        assert_eq!(err, "error: held by \\u{1b}[31mx\n\nwait\n");
        let (_, out, err) = told(&failure, Audience::Programs);
        assert_eq!(err, "");
        let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!(json["error"]["code"], "ledger.locked");
        assert_eq!(json["error"]["exit"], 7);
        assert_eq!(json["error"]["message"], "held by \u{1b}[31mx; wait");
    }
}
