//! stdout, stderr and stdin: where text goes, whether in colour, and what happens when nobody reads it.
//!
//! stdout holds the result of a command and nothing else. A reader that went away (`| head -1`) is no
//! error: what is left to say is dropped, and the work goes on. Nothing here knows what is said.

use crate::render::escape::inert;
use std::io::{self, BufRead, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Whether a stream is a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person looks at it.
    Terminal,
    /// A file, a pipe, a test.
    Plain,
}

impl Kind {
    /// The kind of a stream of the process.
    pub fn of(stream: &impl io::IsTerminal) -> Self {
        if stream.is_terminal() {
            Kind::Terminal
        } else {
            Kind::Plain
        }
    }
}

/// What the environment says about colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// `NO_COLOR`, or `--color never`.
    Never,
    /// `CLICOLOR_FORCE=1`, or `--color always`.
    Always,
    /// `TERM=dumb`: a terminal that can do nothing.
    Dumb,
    /// Nothing.
    Unsaid,
}

/// Stdout and stderr of a run.
#[derive(Debug)]
pub struct Streams {
    /// The result.
    pub out: Output,
    /// Everything else.
    pub err: Output,
}

/// One stream to write to.
pub struct Output {
    sink: Box<dyn Write + Send>,
    kind: Kind,
    wish: Wish,
    state: State,
}

#[derive(Debug)]
enum State {
    Open,
    /// Nobody reads any more.
    Gone,
    /// A disk that is full, and the like.
    Failed(io::Error),
}

impl Output {
    /// A stream over any writer.
    pub fn new(sink: Box<dyn Write + Send>, kind: Kind, wish: Wish) -> Self {
        Self {
            sink,
            kind,
            wish,
            state: State::Open,
        }
    }

    /// A stream that a test can read.
    pub fn to_memory(memory: &Memory) -> Self {
        Self::new(Box::new(memory.clone()), Kind::Plain, Wish::Unsaid)
    }

    /// Lets the command line overrule the environment.
    pub fn wish(&mut self, wish: Wish) {
        self.wish = wish;
    }

    /// True if colour is to be used.
    pub fn colour(&self) -> bool {
        match (self.wish, self.kind) {
            (Wish::Always, Kind::Terminal | Kind::Plain) | (Wish::Unsaid, Kind::Terminal) => true,
            (Wish::Never | Wish::Dumb, Kind::Terminal | Kind::Plain)
            | (Wish::Unsaid, Kind::Plain) => false,
        }
    }

    /// True if a block may be drawn over and over: a terminal that can.
    pub fn live(&self) -> bool {
        self.kind == Kind::Terminal && self.wish != Wish::Dumb
    }

    /// Whether it is a terminal.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// How text may be dressed for it.
    pub fn style(&self) -> crate::render::Style {
        let usual = crate::render::Style::default();
        let width = match self.kind {
            Kind::Terminal => usize::from(console::Term::stdout().size().1).max(40),
            Kind::Plain => usual.width,
        };
        let colour = match self.colour() {
            true => crate::render::Colour::Yes,
            false => crate::render::Colour::No,
        };
        crate::render::Style { colour, width }
    }

    /// Writes a text as it stands.
    pub fn text(&mut self, text: &str) {
        let State::Open = self.state else { return };
        let written = self
            .sink
            .write_all(text.as_bytes())
            .and_then(|()| self.sink.flush());
        if let Err(error) = written {
            self.state = if error.kind() == io::ErrorKind::BrokenPipe {
                State::Gone
            } else {
                State::Failed(error)
            };
        }
    }

    /// Writes a text and ends the line.
    pub fn line(&mut self, text: &str) {
        self.text(&format!("{}\n", text.trim_end_matches('\n')));
    }

    /// Writes a JSON value, for people to read too.
    pub fn json(&mut self, value: &serde_json::Value) {
        self.line(&format!("{value:#}"));
    }

    /// Why nothing could be written, unless it is only that nobody reads any more.
    pub fn failure(&self) -> Option<&io::Error> {
        match &self.state {
            State::Open | State::Gone => None,
            State::Failed(error) => Some(error),
        }
    }
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output")
            .field("kind", &self.kind)
            .field("wish", &self.wish)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// A writer whose text can be read afterwards.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<Vec<u8>>>);

impl Memory {
    /// What was written so far.
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where answers come from.
pub struct Input {
    source: Box<dyn BufRead + Send>,
    kind: Kind,
}

impl Input {
    /// Answers from any reader.
    pub fn new(source: Box<dyn BufRead + Send>, kind: Kind) -> Self {
        Self { source, kind }
    }

    /// Nobody there.
    pub fn nobody() -> Self {
        Self::new(Box::new(io::empty()), Kind::Plain)
    }

    /// Whether somebody can answer.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// One line, without its end; `None` at the end of the input.
    pub fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.source.read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim_end_matches(['\n', '\r']).to_owned()),
        }
    }
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// A text with everything escaped that a terminal or a CI runner would obey instead of show; line ends stay.
pub fn escaped(text: &str) -> String {
    // A server's text may begin a line here: each is looked at by itself.
    let lines: Vec<_> = text.split('\n').map(inert).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Breaking(io::ErrorKind);

    impl Write for Breaking {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_went_away_is_no_failure_and_a_full_disk_is() {
        for (kind, fails) in [
            (io::ErrorKind::BrokenPipe, false),
            (io::ErrorKind::StorageFull, true),
        ] {
            let mut out = Output::new(Box::new(Breaking(kind)), Kind::Plain, Wish::Unsaid);
            out.line("one");
            out.line("two");
            assert_eq!(out.failure().is_some(), fails, "{kind:?}");
        }
    }

    #[test]
    fn colour_is_for_terminals_unless_somebody_says_otherwise() {
        let colour = |kind, wish| Output::new(Box::new(io::sink()), kind, wish).colour();
        assert!(colour(Kind::Terminal, Wish::Unsaid));
        assert!(colour(Kind::Plain, Wish::Always));
        for wish in [Wish::Never, Wish::Dumb] {
            assert!(!colour(Kind::Terminal, wish));
            assert!(!colour(Kind::Plain, wish));
        }
        assert!(!colour(Kind::Plain, Wish::Unsaid));
    }
}
