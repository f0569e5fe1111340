//! Holding writes back while a login does not answer, and asking now and then whether it does.

use super::event::Event;
use super::perform::{Came, Job};
use super::run::{Owner, Stop};
use super::schedule::At;
use crate::ledger::Recorder;
use crate::model::{Account, Reason};
use crate::provider::{Gate, Provider};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The pause before the first probe; each further one is twice as long.
const FIRST: Duration = Duration::from_secs(5);
/// The longest pause between probes.
const LONGEST: Duration = Duration::from_secs(60);

/// One account in a run.
pub(super) struct Login {
    pub(super) provider: Arc<dyn Provider>,
    pub(super) journal: Recorder,
    pub(super) answers: Answers,
    /// Sent without a usable answer, and to be looked up before anything else is written.
    pub(super) doubts: VecDeque<At>,
    /// One of them is being looked up.
    pub(super) looking: Option<At>,
}

/// Whether a login answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answers {
    /// As far as is known.
    Yes,
    /// Writes are held back: it is asked again after `pause`, and given up at `until`.
    Held { until: Instant, pause: Duration },
    /// It was given up.
    Gone,
}

impl Login {
    pub(super) fn new(provider: Arc<dyn Provider>, journal: Recorder) -> Self {
        Self {
            provider,
            journal,
            answers: Answers::Yes,
            doubts: VecDeque::new(),
            looking: None,
        }
    }

    pub(super) fn answers(&self) -> bool {
        self.answers == Answers::Yes
    }

    pub(super) fn is_held(&self) -> bool {
        match self.answers {
            Answers::Held { .. } => true,
            Answers::Yes | Answers::Gone => false,
        }
    }

    /// True if new writes may be sent.
    pub(super) fn may_be_written(&self) -> bool {
        self.answers() && self.looking.is_none() && self.doubts.is_empty()
    }
}

impl Owner<'_> {
    /// Compares what the providers say of their gates with what is known here.
    pub(super) fn watch_gates(&mut self) {
        if self.interrupted() {
            return;
        }
        let accounts: Vec<Account> = self.logins.keys().cloned().collect();
        for account in accounts {
            let Some(login) = self.logins.get(&account) else {
                continue;
            };
            let concerns = match self.stop {
                None => self.schedule.left(&account) > 0,
                Some(Stop::Failed | Stop::Journal | Stop::Interrupted(_)) => {
                    !login.doubts.is_empty()
                }
            };
            match (login.answers, login.provider.gate()) {
                (Answers::Yes, Gate::Shut) if concerns => self.hold(&account),
                (Answers::Held { .. }, Gate::Open) => self.free(&account),
                (Answers::Held { .. }, Gate::Shut) if !concerns => self.let_be(&account),
                (Answers::Yes | Answers::Held { .. } | Answers::Gone, _) => {}
            }
        }
    }

    fn hold(&mut self, account: &Account) {
        (self.tell)(Event::Held {
            account: account.clone(),
        });
        let until = Instant::now() + self.env.patience;
        self.probe_after(account, until, FIRST);
    }

    fn probe_after(&mut self, account: &Account, until: Instant, pause: Duration) {
        let Some(login) = self.logins.get_mut(account) else {
            return;
        };
        login.answers = Answers::Held { until, pause };
        let provider = login.provider.clone();
        let when = until.min(Instant::now() + pause);
        self.spawn(Job::Probe(account.clone()), async move {
            tokio::time::sleep_until(when).await;
            Came::Probed(provider.probe().await)
        });
    }

    pub(super) fn probed(&mut self, account: &Account, gate: Gate) {
        let answers = self.logins.get(account).map(|login| login.answers);
        let Some(Answers::Held { until, pause }) = answers else {
            return;
        };
        match gate {
            Gate::Open => self.free(account),
            Gate::Shut if Instant::now() >= until => self.give_up(account),
            Gate::Shut => self.probe_after(account, until, LONGEST.min(pause * 2)),
        }
    }

    /// Asks no more: nothing is left that would be sent or looked up.
    fn let_be(&mut self, account: &Account) {
        if let Some(login) = self.logins.get_mut(account) {
            login.answers = Answers::Yes;
        }
    }

    fn free(&mut self, account: &Account) {
        if let Some(login) = self.logins.get_mut(account) {
            login.answers = Answers::Yes;
            (self.tell)(Event::Freed {
                account: account.clone(),
            });
        }
    }

    fn give_up(&mut self, account: &Account) {
        let Some(login) = self.logins.get_mut(account) else {
            return;
        };
        login.answers = Answers::Gone;
        let doubts = std::mem::take(&mut login.doubts);
        self.put_back(|of| of == account);
        for at in doubts {
            self.unknown(at);
        }
        let text = format!(
            "the provider stopped answering, and did not answer again within {} s",
            self.env.patience.as_secs()
        );
        self.end_rest(|of| of == account, &Reason::ours("provider.gone", text));
    }
}
