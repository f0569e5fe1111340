//! Progress on a terminal; the one place that knows `indicatif`.

use super::super::style::Style;
use super::{Course, NAMED, Reading, Teller, reading};
use crate::apply::Event;
use crate::ledger::StepId;
use crate::plan::file::Names;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::time::Duration;

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
