//! Tellers: what happens, as it happens, for a terminal or for a log.
//!
//! They hear events and how much time has gone by; they have no clock of their own and decide nothing. What
//! failed is told at once; the table at the end is `outcome`'s.

mod lines;
mod live;

pub use lines::{Every, Lines};
pub use live::Live;

use super::escape::inert;
use super::outcome::{named, said};
use super::style::Tone;
use super::view::count;
use crate::apply::Event;
use crate::ledger::StepId;
use crate::model::{Account, Reason};
use crate::plan::Step;
use crate::plan::file::Names;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

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
                // Notes alone are written at once.
                (*steps > 0).then(|| {
                    (
                        Tone::Plain,
                        format!("Applying {}.", count(*steps, "change")),
                    )
                })
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

fn reading(domains: usize, of: usize) -> String {
    format!("reading: {domains} of {}", count(of, "domain"))
}
