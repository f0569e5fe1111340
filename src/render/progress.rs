//! Tellers: what happens, as it happens, for a terminal or for a log.
//!
//! They hear events and how much time has gone by; they have no clock of their own and decide nothing. What
//! failed is told at once; the table at the end is `outcome`'s.

use super::escape::inert;
use super::outcome::{named, said};
use super::style::{Style, Tone};
use super::view::count;
use crate::apply::Event;
use crate::ledger::StepId;
use crate::model::{Account, Reason};
use crate::plan::Step;
use crate::plan::file::Names;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::time::Duration;

/// A line is due after this much silence: with a tick each second, never more than 10 s pass.
const SILENCE: Duration = Duration::from_secs(9);

/// Running steps that a live block, or a line, names.
const NAMED: usize = 4;

/// Hears what happens in a run.
pub trait Teller: Send {
    /// Something happened.
    fn tell(&mut self, event: &Event);

    /// So much time has gone by since the start; to be called each second.
    fn tick(&mut self, _elapsed: Duration) {}

    /// The run is over; a live block goes away.
    fn end(&mut self) {}
}

/// Hears how far reading has come.
pub trait Reading: Send {
    /// So many domains are read, of so many.
    fn read(&mut self, domains: usize, of: usize);
}

/// How far a run has come.
#[derive(Debug, Default)]
struct Course {
    names: Names,
    steps: usize,
    done: usize,
    failed: usize,
    skipped: usize,
    unknown: usize,
    pending: usize,
    running: BTreeMap<StepId, String>,
    held: BTreeSet<Account>,
}

impl Course {
    /// Takes an event in; what is worth a line of its own is returned.
    fn take(&mut self, event: &Event) -> Option<(Tone, String)> {
        match event {
            Event::Begun { steps } => {
                self.steps = *steps;
                Some((
                    Tone::Plain,
                    format!("Applying {}.", count(*steps, "change")),
                ))
            }
            Event::Started { step } => {
                self.running.insert(step.id, named(step, &self.names));
                None
            }
            Event::Done { step } => {
                self.running.remove(&step.id);
                self.done += 1;
                None
            }
            Event::Failed { step, reason } => {
                self.running.remove(&step.id);
                self.failed += 1;
                Some((Tone::Bad, self.ended("failed", step, reason)))
            }
            Event::Unknown { step, reason } => {
                self.running.remove(&step.id);
                self.unknown += 1;
                Some((Tone::Bad, self.ended("unknown", step, reason)))
            }
            Event::Pending { step } => {
                self.running.remove(&step.id);
                self.pending += 1;
                let named = named(step, &self.names);
                Some((Tone::Changed, format!("pending: {named}")))
            }
            Event::Skipped { step, because } => {
                self.skipped += 1;
                let named = named(step, &self.names);
                let text = format!("skipped: {named}, because of step {}", because.0);
                Some((Tone::Kept, text))
            }
            Event::Expanded { top, steps } => {
                self.steps = *steps;
                let top = self.names.text(top);
                let text = format!(
                    "{} is there: {} in all.",
                    inert(&top),
                    count(*steps, "change")
                );
                Some((Tone::Plain, text))
            }
            Event::Held { account } => {
                self.held.insert(account.clone());
                let account = inert(account.as_str());
                let text = format!("account {account} does not answer: writes to it wait");
                Some((Tone::Changed, text))
            }
            Event::Freed { account } => {
                self.held.remove(account);
                let account = inert(account.as_str());
                Some((Tone::Plain, format!("account {account} answers again")))
            }
            Event::Interrupted => Some((
                Tone::Changed,
                "interrupted: nothing new starts, what is under way is waited for".into(),
            )),
        }
    }

    fn ended(&self, how: &str, step: &Step, reason: &Reason) -> String {
        format!("{how}: {}: {}", named(step, &self.names), said(reason))
    }

    fn ended_steps(&self) -> usize {
        self.done + self.failed + self.skipped + self.unknown + self.pending
    }

    /// `12 of 41 done, 1 failed; under way: …`.
    fn line(&self) -> String {
        let mut line = format!("{} of {} done", self.done, self.steps);
        for (number, word) in [
            (self.failed, "failed"),
            (self.skipped, "skipped"),
            (self.unknown, "unknown"),
            (self.pending, "pending"),
        ] {
            if number > 0 {
                line.push_str(&format!(", {number} {word}"));
            }
        }
        for account in &self.held {
            let account = inert(account.as_str());
            line.push_str(&format!("; waiting for account {account} to answer"));
        }
        if !self.running.is_empty() {
            line.push_str("; under way: ");
            line.push_str(&some(self.running.values()));
        }
        line
    }
}

fn some<'a>(mut names: impl ExactSizeIterator<Item = &'a String>) -> String {
    let all = names.len();
    let named: Vec<&str> = names.by_ref().take(NAMED).map(String::as_str).collect();
    match all.saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

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

fn reading(domains: usize, of: usize) -> String {
    format!("reading: {domains} of {}", count(of, "domain"))
}

/// One live block on a terminal: a bar, and what is under way; what failed is printed above it at once.
pub struct Live {
    block: MultiProgress,
    bar: ProgressBar,
    below: BTreeMap<StepId, ProgressBar>,
    style: Style,
    course: Course,
}

impl Live {
    /// Draws to a target (`ProgressDrawTarget::stderr()`, as a rule).
    pub fn new(target: ProgressDrawTarget, style: Style) -> Self {
        let block = MultiProgress::with_draw_target(target);
        let bar = block.add(ProgressBar::new(0));
        bar.set_style(template("{bar:24} {msg}"));
        Self {
            block,
            bar,
            below: BTreeMap::new(),
            style,
            course: Course::default(),
        }
    }

    /// Names addresses as the plan does.
    #[must_use]
    pub fn named(mut self, names: Names) -> Self {
        self.course.names = names;
        self
    }

    fn draw(&mut self) {
        self.bar.set_length(self.course.steps as u64);
        self.bar.set_position(self.course.ended_steps() as u64);
        let mut counts = self.course.line();
        if let Some((short, _)) = counts.split_once("; under way: ") {
            counts = short.to_owned();
        }
        let hidden = self.course.running.len().saturating_sub(self.below.len());
        if hidden > 0 {
            counts.push_str(&format!(", {hidden} more under way"));
        }
        self.bar.set_message(counts);
    }

    fn running(&mut self) {
        let course = &self.course;
        let block = &self.block;
        self.below.retain(|id, bar| {
            let runs = course.running.contains_key(id);
            if !runs {
                bar.finish_and_clear();
                block.remove(bar);
            }
            runs
        });
        for (id, name) in &course.running {
            if self.below.len() >= NAMED {
                break;
            }
            self.below.entry(*id).or_insert_with(|| {
                let bar = block.add(ProgressBar::new_spinner());
                bar.set_style(template("  {spinner} {msg}"));
                bar.set_message(name.clone());
                bar
            });
        }
    }
}

impl Teller for Live {
    fn tell(&mut self, event: &Event) {
        let told = self.course.take(event);
        let begun = matches!(event, Event::Begun { .. });
        if let Some((tone, text)) = told.filter(|_| !begun) {
            // A terminal that is gone ends nothing.
            let _ = self.block.println(self.style.paint(tone, text));
        }
        self.running();
        self.draw();
    }

    fn tick(&mut self, _: Duration) {
        self.bar.tick();
        for bar in self.below.values() {
            bar.tick();
        }
    }

    fn end(&mut self) {
        for bar in self.below.values() {
            bar.finish_and_clear();
        }
        self.bar.finish_and_clear();
        let _ = self.block.clear();
    }
}

impl Reading for Live {
    fn read(&mut self, domains: usize, of: usize) {
        self.bar.set_length(of as u64);
        self.bar.set_position(domains as u64);
        self.bar.set_message(reading(domains, of));
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.end();
    }
}

fn template(text: &str) -> ProgressStyle {
    ProgressStyle::with_template(text)
        .expect("the template is a literal of this file")
        .progress_chars("━╸ ")
}
