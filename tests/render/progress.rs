//! What is told while it happens.

use super::support::{HOSTILE, assert_inert, hostile_plan, maximal};
use bailiwick::apply::Event;
use bailiwick::ledger::StepId;
use bailiwick::model::{Account, Reason};
use bailiwick::plan::Step;
use bailiwick::render::Style;
use bailiwick::render::progress::{Every, Lines, Live, Reading, Teller};
use indicatif::{ProgressDrawTarget, TermLike};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A text that a teller writes and a test reads.
#[derive(Debug, Clone, Default)]
struct Sheet(Arc<Mutex<String>>);

impl Sheet {
    fn text(&self) -> String {
        self.0.lock().expect("nobody panicked").clone()
    }

    fn add(&self, text: &str) {
        self.0.lock().expect("nobody panicked").push_str(text);
    }
}

impl Write for Sheet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.add(std::str::from_utf8(bytes).expect("text"));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TermLike for Sheet {
    fn width(&self) -> u16 {
        120
    }
    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn write_line(&self, text: &str) -> io::Result<()> {
        self.add(text);
        self.add("\n");
        Ok(())
    }
    fn write_str(&self, text: &str) -> io::Result<()> {
        self.add(text);
        Ok(())
    }
    fn clear_line(&self) -> io::Result<()> {
        Ok(())
    }
    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}

fn story(steps: &[Step], text: &str) -> Vec<Event> {
    let step = |at: usize| steps[at].clone();
    let reason = || Reason {
        status: Some(500),
        code: "710".into(),
        text: text.into(),
    };
    vec![
        Event::Begun { steps: 7 },
        Event::Started { step: step(0) },
        Event::Started { step: step(1) },
        Event::Done { step: step(0) },
        Event::Failed {
            step: step(1),
            reason: reason(),
        },
        Event::Skipped {
            step: step(6),
            because: StepId(2),
        },
        Event::Started { step: step(4) },
        Event::Unknown {
            step: step(4),
            reason: reason(),
        },
        Event::Pending { step: step(5) },
        Event::Expanded {
            top: step(2).address,
            steps: 9,
        },
        Event::Held {
            account: Account::new("main"),
        },
        Event::Started { step: step(3) },
        Event::Interrupted,
    ]
}

#[test]
fn lines_tell_trouble_at_once_and_never_keep_silent_for_ten_seconds() {
    let sheet = Sheet::default();
    let mut lines = Lines::new(sheet.clone(), Style::default(), Every::Trouble);
    for event in story(&maximal().steps, "the zone is locked") {
        let before = sheet.text();
        lines.tell(&event);
        if let Event::Failed { .. } = event {
            assert_eq!(
                sheet.text().strip_prefix(&before),
                Some(
                    "failed: record.example.com/www/A 192.0.2.1 → 192.0.2.7: HTTP 500, code 710: the zone is locked\n"
                )
            );
        }
        assert_ne!(
            sheet.text() == before,
            !matches!(event, Event::Started { .. } | Event::Done { .. }),
            "{event:?}"
        );
    }
    let told = sheet.text().lines().count();
    for second in 1..=60 {
        lines.tick(Duration::from_secs(second));
    }
    let text = sheet.text();
    let ticks: Vec<&str> = text.lines().skip(told).collect();
    assert_eq!(ticks.len(), 6, "{text}");
    assert_eq!(
        ticks[0],
        "1 of 9 done, 1 failed, 1 skipped, 1 unknown, 1 pending; waiting for account main to answer; \
         under way: record.example.com/old/CNAME legacy.example.net."
    );
    lines.tell(&Event::Freed {
        account: Account::new("main"),
    });
    lines.tick(Duration::from_secs(68));
    assert!(sheet.text().ends_with("account main answers again\n"));
}

#[test]
fn each_step_gets_a_line_where_that_is_asked_for() {
    let sheet = Sheet::default();
    let mut lines = Lines::new(sheet.clone(), Style::default(), Every::Step);
    lines.tell(&Event::Done {
        step: maximal().steps[1].clone(),
    });
    assert_eq!(
        sheet.text(),
        "done: record.example.com/www/A 192.0.2.1 → 192.0.2.7\n"
    );
}

#[test]
fn reading_is_told() {
    let sheet = Sheet::default();
    let mut lines = Lines::new(sheet.clone(), Style::default(), Every::Trouble);
    lines.read(0, 25);
    for second in 1..=10 {
        lines.read(second as usize, 25);
        lines.tick(Duration::from_secs(second));
    }
    assert_eq!(
        sheet.text(),
        "reading: 0 of 25 domains\nreading: 9 of 25 domains\n"
    );
}

#[test]
fn the_block_shows_what_runs_and_prints_what_failed() {
    let sheet = Sheet::default();
    let target = ProgressDrawTarget::term_like(Box::new(sheet.clone()));
    let mut live = Live::new(target, Style::default());
    live.read(3, 25);
    for event in story(&maximal().steps, "the zone is locked") {
        live.tell(&event);
        live.tick(Duration::from_secs(1));
    }
    live.end();
    let text = sheet.text();
    assert!(text.contains("code 710: the zone is locked"), "{text}");
    assert!(text.contains("1 of 9 done"), "{text}");
    assert!(text.contains("record.example.com/old/CNAME"), "{text}");
}

#[test]
fn hostile_names_and_answers_are_inert() {
    for text in HOSTILE {
        let sheet = Sheet::default();
        let mut lines = Lines::new(sheet.clone(), Style::default(), Every::Step);
        let block = Sheet::default();
        let target = ProgressDrawTarget::term_like(Box::new(block.clone()));
        let mut live = Live::new(target, Style::default());
        for event in story(&hostile_plan(text).steps, text) {
            lines.tell(&event);
            live.tell(&event);
        }
        lines.tick(Duration::from_secs(60));
        live.end();
        assert_inert(&sheet.text());
        assert_inert(&block.text());
    }
}
