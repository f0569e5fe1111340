//! What a run gets from outside: whom to ask, where to write, when to stop, and what time it is.

use super::interrupt::Interrupt;
use crate::ledger::Recorder;
use crate::model::{Account, Address, Secret, Time, Unit};
use crate::provider::Provider;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

/// What follows the first failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnFailure {
    /// What does not need the failed step goes on.
    #[default]
    GoOn,
    /// Nothing new starts (`--fail-fast`).
    Stop,
}

/// The values of the file's secrets, for the one place that sends them.
pub trait Secrets: Send + Sync {
    /// The value that a unit takes under a key; `None` if it is not at hand.
    fn value(&self, unit: &Unit, name: &str) -> Option<Secret>;
}

/// No secret is at hand.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSecrets;

impl Secrets for NoSecrets {
    fn value(&self, _: &Unit, _: &str) -> Option<Secret> {
        None
    }
}

/// The place of secrets that a provider tells once.
pub trait Keeping: Send + Sync {
    /// Makes sure, before the request goes out, that the secret can be written.
    fn reserve(&self, address: &Address, name: &str) -> Result<(), Box<str>>;

    /// Writes the secret, and returns once it is durable; where it stands then.
    fn keep(&self, address: &Address, name: &str, secret: &Secret) -> Result<Box<str>, Box<str>>;

    /// Gives a reservation up: nothing came of the request.
    fn release(&self, address: &Address, name: &str);
}

/// Nothing is kept.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPlace;

impl NoPlace {
    const WHY: &str = "nothing says where: write [secrets] with output and recipients";
}

impl Keeping for NoPlace {
    fn reserve(&self, _: &Address, _: &str) -> Result<(), Box<str>> {
        Err(Self::WHY.into())
    }

    fn keep(&self, _: &Address, _: &str, _: &Secret) -> Result<Box<str>, Box<str>> {
        Err(Self::WHY.into())
    }

    fn release(&self, _: &Address, _: &str) {}
}

/// Tells the time; the run has none of its own.
pub type Clock = Arc<dyn Fn() -> Time + Send + Sync>;

/// The outside of a run.
pub struct Env {
    /// Each account's provider.
    pub providers: BTreeMap<Account, Arc<dyn Provider>>,
    /// Each account's journal, begun.
    pub journals: BTreeMap<Account, Recorder>,
    /// How many requests may be under way at once.
    pub parallelism: NonZeroUsize,
    /// How long a provider that does not answer is waited for.
    pub patience: Duration,
    /// What follows the first failure.
    pub on_failure: OnFailure,
    /// Asks the run to stop.
    pub interrupt: Interrupt,
    /// For the journal.
    pub clock: Clock,
    /// What is sent and never written down.
    pub secrets: Arc<dyn Secrets>,
    /// Where goes what is told once.
    pub keeping: Arc<dyn Keeping>,
}

impl Env {
    /// Eight requests at once, five minutes of patience, and nobody who interrupts.
    pub fn new(clock: Clock) -> Self {
        Self {
            providers: BTreeMap::new(),
            journals: BTreeMap::new(),
            parallelism: const { NonZeroUsize::new(8).expect("eight is not zero") },
            patience: Duration::from_secs(300),
            on_failure: OnFailure::default(),
            interrupt: Interrupt::never(),
            clock,
            secrets: Arc::new(NoSecrets),
            keeping: Arc::new(NoPlace),
        }
    }

    /// Adds an account.
    #[must_use]
    pub fn with(
        mut self,
        account: &Account,
        provider: Arc<dyn Provider>,
        journal: Recorder,
    ) -> Self {
        self.providers.insert(account.clone(), provider);
        self.journals.insert(account.clone(), journal);
        self
    }
}
