//! The run: one task that owns everything and decides after each thing that came back.
//!
//! Begin (what is approved and the notes go into the journal), work until nothing is left to start or to wait
//! for, finish (the report, whatever happened). Its parts stand in `notes`, `perform`, `deferred`, `fresh` and `gate`.

use super::deferred::Scopes;
use super::env::{Env, OnFailure};
use super::event::Event;
use super::fresh::Lists;
use super::gate::Login;
use super::interrupt::Urgency;
use super::perform::{Came, Job, Sending};
use super::report::{Ending, Report};
use super::schedule::{At, Schedule};
use crate::ledger::{Ledger, LedgerError, Record, StepId};
use crate::model::{Account, Outcome, Reason};
use crate::plan::{Approved, Finding, Step, sends};
use crate::provider::Key;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;
use tokio::task::{Id, JoinSet};
use tokio::time::Instant;

/// How long requests that are being sent may go on after an interruption.
const GRACE: Duration = Duration::from_secs(5);

/// Who is told what happens.
pub type Tell<'a> = &'a mut (dyn FnMut(Event) + Send);

/// Carries out what was approved, and tells what came of it, in every ending.
pub async fn run(approved: Approved, env: Env, tell: Tell<'_>) -> Report {
    let mut owner = Owner::new(approved, env, tell);
    owner.begin();
    owner.work().await;
    owner.finish()
}

/// Why nothing new starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stop {
    /// A step failed, and `--fail-fast`.
    Failed,
    /// The journal cannot be written.
    Journal,
    /// A person, or the system, asked; what is being sent has time until then.
    Interrupted(Instant),
}

pub(super) struct Owner<'t> {
    pub(super) approved: Approved,
    pub(super) env: Env,
    pub(super) tell: Tell<'t>,
    pub(super) schedule: Schedule,
    pub(super) logins: BTreeMap<Account, Login>,
    pub(super) scopes: Scopes,
    pub(super) lists: Lists,
    /// What was written down to be sent and has not ended.
    pub(super) sending: BTreeMap<At, Sending>,
    pub(super) jobs: JoinSet<Came>,
    pub(super) at_work: HashMap<Id, Job>,
    pub(super) stop: Option<Stop>,
    pub(super) findings: Vec<Finding>,
}

impl<'t> Owner<'t> {
    fn new(mut approved: Approved, mut env: Env, tell: Tell<'t>) -> Self {
        let steps = approved.take_steps();
        let mut logins = BTreeMap::new();
        for (account, journal) in std::mem::take(&mut env.journals) {
            if let Some(provider) = env.providers.get(&account) {
                logins.insert(account, Login::new(provider.clone(), journal));
            }
        }
        let scopes = Scopes::new(&approved.plan().scopes, &steps);
        let schedule = Schedule::new(steps, |step| key(&logins, step));
        let age = (env.clock)().duration_since(approved.live().as_of);
        let mut lists = Lists::new(age.try_into().unwrap_or_default());
        lists.take_in(&schedule);
        Self {
            approved,
            env,
            tell,
            schedule,
            logins,
            scopes,
            lists,
            sending: BTreeMap::new(),
            jobs: JoinSet::new(),
            at_work: HashMap::new(),
            stop: None,
            findings: Vec::new(),
        }
    }

    async fn work(&mut self) {
        loop {
            self.watch_gates();
            if !self.interrupted() {
                self.look_up();
            }
            if self.stop.is_none() {
                self.read_scopes();
                self.start();
            }
            if self.nothing_to_wait_for() {
                return;
            }
            if !self.at_work.values().any(Job::sends) && self.lists.waiting() == 0 {
                self.flush();
            }
            let until = match self.stop {
                Some(Stop::Interrupted(until)) => Some(until),
                Some(Stop::Failed | Stop::Journal) | None => None,
            };
            tokio::select! {
                biased;
                urgency = self.env.interrupt.next() => self.interrupt(urgency),
                () = grace(until) => return,
                Some(came) = self.jobs.join_next_with_id() => self.came(came),
            }
        }
    }

    /// True once nothing under way could change the end of a step.
    fn nothing_to_wait_for(&self) -> bool {
        let counts = |job: &Job| match job {
            Job::Perform(_) | Job::Look(_) => true,
            Job::Read(_) | Job::Refresh(_) => self.stop.is_none(),
            Job::Probe(account) => {
                !self.interrupted() && self.logins.get(account).is_some_and(Login::is_held)
            }
        };
        !self.at_work.values().any(counts)
    }

    pub(super) fn interrupted(&self) -> bool {
        match self.stop {
            Some(Stop::Interrupted(_)) => true,
            Some(Stop::Failed | Stop::Journal) | None => false,
        }
    }

    fn interrupt(&mut self, urgency: Urgency) {
        if !self.interrupted() {
            (self.tell)(Event::Interrupted);
        }
        let until = match urgency {
            Urgency::Soon => Instant::now() + GRACE,
            Urgency::Now => Instant::now(),
        };
        self.stop = Some(Stop::Interrupted(until));
    }

    /// Ends what has not ended, closes the journals, and reports.
    fn finish(mut self) -> Report {
        self.jobs.abort_all();
        self.put_back(|_| true);
        self.end_unanswered();
        let (code, text) = match &self.stop {
            Some(Stop::Failed) => (
                "fail-fast",
                "an earlier step failed, and --fail-fast was given",
            ),
            Some(Stop::Journal) => (
                "ledger.write",
                "the journal could not be written, and nothing is sent that is not in it",
            ),
            Some(Stop::Interrupted(_)) => ("interrupted", "the run was interrupted"),
            None => ("step.waits", "what it waits for did not come to an end"),
        };
        self.end_rest(|_| true, &Reason::ours(code, text));
        let plan = self.approved.plan();
        let interrupted = self.interrupted();
        let (digest, mut blocked) = (plan.digest.clone(), plan.blocked.clone());
        blocked.extend_from_slice(self.approved.refused());
        let mut findings = plan.findings.clone();
        let whole = self.approved.refused().is_empty();
        let rows = std::mem::take(&mut self.schedule).into_rows();
        let finished = whole && rows.iter().all(|row| row.ending == Ending::Applied);
        let mut touched: BTreeSet<&Account> = BTreeSet::new();
        touched.extend(rows.iter().map(|row| &row.step.address.account));
        for (account, login) in std::mem::take(&mut self.logins) {
            let mut journal = login.journal;
            if touched.contains(&account) {
                journal.ride(Record::Closed { finished });
            }
            if let Err(error) = journal.finish() {
                let found = unwritten(&error);
                if !self.findings.contains(&found) {
                    self.findings.push(found);
                }
            }
        }
        findings.append(&mut self.findings);
        Report {
            digest,
            rows,
            blocked,
            findings,
            interrupted,
            ..Report::default()
        }
    }

    /// Ends a step, tells it, and what can no longer be done because of it.
    pub(super) fn end(&mut self, at: At, ending: Ending) {
        self.end_each(vec![(at, ending)]);
    }

    /// Ends several, so that none of them counts as left out because of another.
    pub(super) fn end_each(&mut self, endings: Vec<(At, Ending)>) {
        let mut applied = Vec::new();
        for (at, ending) in &endings {
            self.sending.remove(at);
            let bad = matches!(ending, Ending::Failed(_) | Ending::Unknown(_));
            if bad && self.env.on_failure == OnFailure::Stop && self.stop.is_none() {
                self.stop = Some(Stop::Failed);
            }
            if *ending == Ending::Applied {
                applied.push(*at);
            }
            self.tell_ending(self.schedule.run(*at).step.clone(), ending);
        }
        self.end_all(endings);
        for at in applied {
            self.scope_may_be_due(at);
        }
    }

    fn tell_ending(&mut self, step: Step, ending: &Ending) {
        let event = match ending {
            Ending::Applied => Event::Done { step },
            Ending::Failed(reason) => Event::Failed {
                step,
                reason: reason.clone(),
            },
            Ending::Unknown(reason) => Event::Unknown {
                step,
                reason: reason.clone(),
            },
            Ending::Pending => Event::Pending { step },
            Ending::Skipped { because } => Event::Skipped {
                step,
                because: *because,
            },
            // Nothing happened; the report lists it.
            Ending::NotStarted(_) => return,
        };
        (self.tell)(event);
    }

    /// Ends several as [`Owner::end_each`] does, but quietly: notes, and what never began.
    pub(super) fn end_all(&mut self, endings: Vec<(At, Ending)>) {
        let left_out = self.schedule.end_all(endings);
        self.tell_left_out(left_out);
    }

    pub(super) fn tell_left_out(&mut self, left_out: Vec<(At, StepId)>) {
        for (at, because) in left_out {
            let step = self.schedule.run(at).step.clone();
            self.withdraw(
                at,
                &Reason::ours("step.skipped", "what it needs did not end well"),
            );
            (self.tell)(Event::Skipped { step, because });
        }
    }

    /// Ends everything of some accounts that has not begun.
    pub(super) fn end_rest(&mut self, of: impl Fn(&Account) -> bool, reason: &Reason) {
        let mut failed = Vec::new();
        let mut endings = Vec::new();
        for at in self.schedule.not_begun(of) {
            let sent = self.sending.get(&at).and_then(Sending::failure);
            let failure = sent.or_else(|| self.scopes.refusal(at));
            self.withdraw(at, reason);
            match failure {
                Some(failure) => failed.push((at, Ending::Failed(failure))),
                None => endings.push((at, Ending::NotStarted(reason.clone()))),
            }
        }
        self.end_each(failed);
        self.end_all(endings);
    }

    /// Notes that a step whose start stands in the journal is not sent.
    pub(super) fn withdraw(&mut self, at: At, reason: &Reason) {
        self.release(at);
        if self.sending.remove(&at).is_some() && self.schedule.run(at).journaled {
            self.schedule.unjournaled(at);
            self.ride(at, Outcome::NotSent(reason.clone()));
        }
    }

    pub(super) fn ledger(&self, account: &Account) -> &Ledger {
        static NONE: std::sync::LazyLock<Ledger> = std::sync::LazyLock::new(Ledger::default);
        match self.logins.get(account) {
            Some(login) => login.journal.ledger(),
            None => &NONE,
        }
    }

    /// Takes in how a step ended; it becomes durable later.
    pub(super) fn ride(&mut self, at: At, outcome: Outcome) {
        let step = &self.schedule.run(at).step;
        if let Some(login) = self.logins.get_mut(&step.address.account) {
            login.journal.ride(Record::Ended {
                step: step.id,
                outcome,
            });
        }
    }

    /// Makes records durable; where that fails, nothing new starts. True if they are.
    pub(super) fn append(&mut self, account: &Account, records: &[Record]) -> bool {
        let Some(login) = self.logins.get_mut(account) else {
            return false;
        };
        let Err(error) = login.journal.append(records) else {
            return true;
        };
        if self.stop != Some(Stop::Journal) {
            self.findings.push(unwritten(&error));
        }
        if !self.interrupted() {
            self.stop = Some(Stop::Journal);
        }
        false
    }

    /// True as long as the lock of an account's ledger can be relied on; otherwise nothing new starts.
    pub(super) fn still_held(&mut self, account: &Account) -> bool {
        let Some(Err(error)) = self.logins.get(account).map(|login| login.journal.check()) else {
            return true;
        };
        if self.stop != Some(Stop::Journal) {
            self.findings.push(unwritten(&error));
        }
        if !self.interrupted() {
            self.stop = Some(Stop::Journal);
        }
        false
    }

    fn flush(&mut self) {
        let accounts: Vec<Account> = self.logins.keys().cloned().collect();
        for account in accounts {
            self.append(&account, &[]);
        }
    }
}

pub(super) fn key(logins: &BTreeMap<Account, Login>, step: &Step) -> Key {
    match logins.get(&step.address.account) {
        Some(login) if sends(step.action) => login.provider.key(&step.unit()),
        Some(_) | None => Key("".into()),
    }
}

async fn grace(until: Option<Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until).await,
        None => std::future::pending().await,
    }
}

fn unwritten(error: &LedgerError) -> Finding {
    Finding::failure("ledger.write", error.to_string())
}
