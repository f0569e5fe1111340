//! The run itself, with what stands around it: journals begun, progress shown, signals passed on.

use super::args::commands::ApplyFlags;
use super::args::flags::Globals;
use super::books;
use super::connect::Connected;
use super::env::Env;
use super::failure::Failure;
use super::last_seen;
use super::signals::{Signal, Signals};
use super::streams::Output;
use crate::apply::{self, Ending, Interrupt, OnFailure, Report, Row};
use crate::ledger::{Begin, Locked, Recorder};
use crate::model::{Account, Reason};
use crate::plan::{Approved, Plan, sends};
use crate::render::progress::{Every, Lines, Live, Teller};
use std::collections::BTreeMap;
use std::io::Write;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long an API that does not answer is waited for, at a terminal and elsewhere.
const PATIENCE: [Duration; 2] = [Duration::from_secs(30 * 60), Duration::from_secs(5 * 60)];

/// What is to be carried out.
pub(super) struct Run<'a> {
    /// What may run.
    pub(super) approved: Approved,
    /// What is sent and never written down.
    pub(super) secrets: Arc<dyn apply::Secrets>,
    /// Where goes what is told once.
    pub(super) keeping: Arc<dyn apply::Keeping>,
    /// The ledgers, held.
    pub(super) locked: BTreeMap<Account, Locked>,
    /// What the first file is called in them.
    pub(super) first_file: String,
    /// How.
    pub(super) flags: &'a ApplyFlags,
    /// How much is told.
    pub(super) globals: &'a Globals,
}

/// What is told of a plan of which nothing runs.
pub(super) fn not_run(plan: Plan) -> Report {
    not_started(
        plan,
        &Reason::ours("guard", "a guard refuses the whole plan"),
    )
}

/// What is told of a plan whose run was interrupted before it began.
pub(super) fn interrupted(plan: Plan) -> Report {
    let reason = Reason::ours("interrupted", "the run was interrupted");
    Report {
        interrupted: true,
        ..not_started(plan, &reason)
    }
}

fn not_started(plan: Plan, reason: &Reason) -> Report {
    let row = |step| Row {
        ending: Ending::NotStarted(reason.clone()),
        step,
    };
    Report {
        digest: plan.digest,
        rows: plan
            .steps
            .into_iter()
            .filter(|step| sends(step.action))
            .map(row)
            .collect(),
        blocked: plan.blocked,
        findings: plan.findings,
        ..Report::default()
    }
}

/// Carries it out; the first signal stops it softly, the second at once.
pub(super) async fn run(
    run: Run<'_>,
    connected: &Connected,
    signals: &mut Signals,
    env: &mut Env,
) -> Result<(Report, Option<Signal>), Failure> {
    last_seen::forget(connected, run.approved.plan());
    let (interrupter, interrupt) = Interrupt::new();
    let clock = env.clock();
    let mut outside = apply::Env::new(clock);
    let begin = Begin {
        at: env.now(),
        pid: std::process::id(),
        first_file: &run.first_file,
    };
    for (account, locked) in run.locked {
        let journal = Recorder::begin(locked, begin).map_err(|error| books::failure(&error))?;
        let leave = journal.leave();
        connected.wire.writes_need(Arc::new(move || {
            leave().map_err(|error| error.to_string().into())
        }));
        outside = outside.with(
            &account,
            Arc::clone(&connected.providers[&account]),
            journal,
        );
    }
    let running = &run.flags.running;
    outside.interrupt = interrupt;
    outside.secrets = run.secrets;
    outside.keeping = run.keeping;
    outside.parallelism =
        NonZeroUsize::new(running.parallelism.into()).unwrap_or(outside.parallelism);
    outside.patience = running
        .patience
        .unwrap_or(PATIENCE[usize::from(!env.streams.err.live())]);
    outside.on_failure = if running.fail_fast {
        OnFailure::Stop
    } else {
        OnFailure::GoOn
    };
    let screen = Mutex::new(Screen::new(run.globals, &mut env.streams.err));
    let shown = || screen.lock().unwrap_or_else(PoisonError::into_inner);
    let mut tell = |event| shown().tell(|teller| teller.tell(&event));
    let mut work = std::pin::pin!(apply::run(run.approved, outside, &mut tell));
    let started = tokio::time::Instant::now();
    let mut beat = tokio::time::interval(Duration::from_secs(1));
    let mut caught = None;
    let report = loop {
        tokio::select! {
            report = &mut work => break report,
            _ = beat.tick() => shown().tell(|teller| teller.tick(started.elapsed())),
            signal = signals.next() => {
                caught.get_or_insert(signal);
                interrupter.interrupt();
            }
        }
    };
    last_seen::learn(connected);
    Ok((report, caught))
}

/// Where progress is shown.
struct Screen<'a> {
    teller: Option<Box<dyn Teller + Send>>,
    lines: Buffer,
    err: &'a mut Output,
}

impl<'a> Screen<'a> {
    fn new(globals: &Globals, err: &'a mut Output) -> Self {
        let lines = Buffer::default();
        let style = err.style();
        let every = if globals.verbose {
            Every::Step
        } else {
            Every::Trouble
        };
        let teller: Option<Box<dyn Teller + Send>> = match (globals.quiet, err.live()) {
            (true, _) => None,
            (false, true) => Some(Box::new(Live::new(
                indicatif::ProgressDrawTarget::stderr(),
                style,
            ))),
            (false, false) => Some(Box::new(Lines::new(lines.clone(), style, every))),
        };
        Self { teller, lines, err }
    }

    fn tell(&mut self, what: impl FnOnce(&mut dyn Teller)) {
        let Some(teller) = &mut self.teller else {
            return;
        };
        what(&mut **teller);
        let text = self.lines.take();
        if !text.is_empty() {
            self.err.text(&text);
        }
    }
}

/// Lines on their way to a stream.
#[derive(Debug, Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
