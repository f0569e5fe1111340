//! Progress for logs.

use super::super::outcome::named;
use super::super::style::{Style, Tone};
use super::{Course, Reading, Teller, reading};
use crate::apply::Event;
use crate::plan::file::Names;
use std::io::Write;
use std::time::Duration;

/// A line is due after this much silence: with a tick each second, never more than 10 s pass.
const SILENCE: Duration = Duration::from_secs(9);

/// Plain lines, for logs: what failed at once, otherwise one at least every 10 s.
pub struct Lines<W> {
    out: W,
    style: Style,
    course: Course,
    every: Every,
    now: Duration,
    last: Duration,
    reading: Option<(usize, usize)>,
}

/// Which steps get a line of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Every {
    /// Those that did not end well.
    #[default]
    Trouble,
    /// All (`--verbose`).
    Step,
}

impl<W: Write + Send> Lines<W> {
    /// Writes to `out` (standard error, as a rule); that it cannot be written to ends nothing.
    pub fn new(out: W, style: Style, every: Every) -> Self {
        Self {
            out,
            style,
            course: Course::default(),
            every,
            now: Duration::ZERO,
            last: Duration::ZERO,
            reading: None,
        }
    }

    /// Names addresses as the plan does.
    #[must_use]
    pub fn named(mut self, names: Names) -> Self {
        self.course.names = names;
        self
    }

    fn line(&mut self, tone: Tone, text: &str) {
        self.last = self.now;
        let line = self.style.paint(tone, text);
        // Progress that nobody reads is no reason to stop writing to a provider.
        let _ = writeln!(self.out, "{line}");
        let _ = self.out.flush();
    }
}

impl<W: Write + Send> Teller for Lines<W> {
    fn tell(&mut self, event: &Event) {
        self.reading = None;
        let told = self.course.take(event);
        if let Some((tone, text)) = told {
            self.line(tone, &text);
        } else if let (Every::Step, Event::Done { step }) = (self.every, event) {
            let text = format!("done: {}", named(step, &self.course.names));
            self.line(Tone::Plain, &text);
        }
    }

    fn tick(&mut self, elapsed: Duration) {
        self.now = elapsed;
        if elapsed.saturating_sub(self.last) < SILENCE {
            return;
        }
        let text = match self.reading {
            Some((domains, of)) => reading(domains, of),
            None if self.course.steps == 0 => return,
            None => self.course.line(),
        };
        self.line(Tone::Plain, &text);
    }
}

impl<W: Write + Send> Reading for Lines<W> {
    fn read(&mut self, domains: usize, of: usize) {
        let first = self.reading.is_none();
        self.reading = Some((domains, of));
        if first {
            self.line(Tone::Plain, &reading(domains, of));
        }
    }
}
