//! What was read more than a minute ago is read again before it is written to: a list at a time, and only when
//! a step of it comes to its turn.
//!
//! What a step expects is what was read, with what this run did itself since: only its own unit is compared,
//! and not one that the run has written to. A difference is stale, for that object alone.

use super::gate::Answers;
use super::perform::{Came, Job};
use super::report::Ending;
use super::run::Owner;
use super::schedule::{At, Schedule, State};
use crate::ledger::part_after;
use crate::model::{Account, Action, Address, Kind, Live, Part, Reason, Unit, Write};
use crate::plan::{List, Step, difference, rereads, sends};
use crate::provider::{Gate, ProviderError};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::Instant;

/// How long what was read counts as what is there.
const FRESH: Duration = Duration::from_secs(60);
/// A list that cannot be read is asked for so often in a row.
const READS: u8 = 3;

/// The lists that the steps of a run are in.
#[derive(Debug)]
pub(super) struct Lists {
    /// How old everything was when the run began,
    age: Duration,
    /// and when that was.
    begun: Instant,
    known: BTreeMap<List, Known>,
    /// Up to which step they are taken in.
    taken_in: usize,
    /// How many steps wait for one.
    waiting: usize,
    /// What this run sent a write to.
    written: BTreeSet<Unit>,
    /// Objects that this run makes or destroys.
    made: BTreeSet<Address>,
}

#[derive(Debug, Default)]
struct Known {
    /// When it was read last in this run.
    read: Option<Instant>,
    /// It is being read for these.
    waiting: Vec<At>,
    reading: bool,
    /// Reads that failed, in a row, and the last of them.
    failed: u8,
    failure: Option<Reason>,
    /// Its steps; those that have ended go with each read.
    steps: Vec<At>,
}

/// What is to be done with a step that comes to its turn.
enum Turn {
    /// What was read of its object is as it was expected,
    Fresh,
    /// is different,
    Stale(&'static str),
    /// is too old,
    Old,
    /// or cannot be had.
    Unread(Reason),
}

impl Lists {
    /// Of a run that begins now with what was read so long ago.
    pub(super) fn new(age: Duration) -> Self {
        Self {
            age,
            begun: Instant::now(),
            known: BTreeMap::new(),
            taken_in: 0,
            waiting: 0,
            written: BTreeSet::new(),
            made: BTreeSet::new(),
        }
    }

    /// Takes in the steps that were added since the last time.
    pub(super) fn take_in(&mut self, schedule: &Schedule) {
        for at in self.taken_in..schedule.len() {
            let step = &schedule.run(at).step;
            if sends(step.action) {
                let known = self.known.entry(List::of(&step.address)).or_default();
                known.steps.push(at);
            }
        }
        self.taken_in = schedule.len();
    }

    /// Notes that the list of a step was read just now.
    pub(super) fn was_read(&mut self, step: &Step) {
        let known = self.known.entry(List::of(&step.address)).or_default();
        known.read = Some(Instant::now());
    }

    /// Notes what is being sent: of that, a difference is ours.
    pub(super) fn sent(&mut self, write: &Write) {
        let Unit { address, part } = &write.unit;
        let renames = match write.action {
            Action::Create | Action::Delete => part.is_object() && address.kind != Kind::Record,
            Action::Update => false,
        };
        if renames {
            self.made.insert(address.clone());
        }
        for part in [part, &part_after(write)] {
            self.written.insert(base(address, part));
        }
    }

    /// How many steps wait for a list; each takes a place for requests.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }

    /// True if this run made or destroyed what a step's object is, or is in.
    fn is_ours(&self, address: &Address) -> bool {
        let mut up = Some(address.clone());
        while let Some(own) = up {
            let within = own.service();
            if self.made.contains(&own) || within.is_some_and(|own| self.made.contains(&own)) {
                return true;
            }
            up = own.parent();
        }
        false
    }

    fn age(&self, known: &Known) -> Duration {
        match known.read {
            Some(read) => read.elapsed(),
            None => self.age + self.begun.elapsed(),
        }
    }
}

/// Equal members of a set are told apart by their number among each other, which moves when one of them goes.
fn base(address: &Address, part: &Part) -> Unit {
    let part = match part.0.rsplit_once(" #") {
        Some((base, _)) if address.kind == Kind::Record => Part::new(base),
        Some(_) | None => part.clone(),
    };
    Unit::new(address.clone(), part)
}

impl Owner<'_> {
    /// Of steps that come to their turn, those that can be sent. For others their list is read again first, and
    /// they keep their place and their lane until it came.
    pub(super) fn fresh(&mut self, starting: Vec<At>) -> Vec<At> {
        let mut fresh = Vec::with_capacity(starting.len());
        for at in starting {
            match self.turn(at) {
                Turn::Fresh => {
                    self.write_anew(at);
                    fresh.push(at);
                }
                Turn::Stale(what) => {
                    let text = format!("{what} since the plan was made; plan again");
                    self.fail(at, Reason::ours("stale", text));
                }
                Turn::Old => self.wait_for_list(at),
                Turn::Unread(reason) => self.fail(at, reason),
            }
        }
        fresh
    }

    fn turn(&self, at: At) -> Turn {
        let step = &self.schedule.run(at).step;
        let ours = self
            .lists
            .written
            .contains(&base(&step.address, &step.part))
            || !self.scopes.holds(at) && self.lists.is_ours(&step.address);
        let known = self.lists.known.get(&List::of(&step.address));
        let Some(known) = known.filter(|_| !ours) else {
            return Turn::Fresh;
        };
        if self.lists.age(known) > FRESH {
            let given_up = known.failure.clone().filter(|_| known.failed >= READS);
            return given_up.map_or(Turn::Old, Turn::Unread);
        }
        // What was read before the run was compared when the plan was approved.
        let again = known
            .read
            .and_then(|_| difference(step, self.approved.live()));
        again.map_or(Turn::Fresh, Turn::Stale)
    }

    /// What was written down ahead names the object as it was called then.
    fn write_anew(&mut self, at: At) {
        let Some(sending) = self.sending.get(&at) else {
            return;
        };
        let now = self.approved.write(&self.schedule.run(at).step);
        if now.is_some_and(|now| now.handle != sending.write.handle) {
            let text = "it is called otherwise since it was read again";
            self.withdraw(at, &Reason::ours("step.again", text));
        }
    }

    fn fail(&mut self, at: At, reason: Reason) {
        self.withdraw(at, &reason);
        self.end(at, Ending::Failed(reason));
    }

    fn wait_for_list(&mut self, at: At) {
        let list = List::of(&self.schedule.run(at).step.address);
        self.lists.waiting += 1;
        let known = self.lists.known.entry(list.clone()).or_default();
        known.waiting.push(at);
        if known.reading {
            return;
        }
        known.reading = true;
        let schedule = &self.schedule;
        let over = |at: &At| matches!(schedule.run(*at).state, State::Ended(_));
        known.steps.retain(|at| !over(at));
        let wanted = rereads(known.steps.iter().map(|at| &schedule.run(*at).step));
        let top = list.top().clone();
        let Some(login) = self.logins.get(&top.account) else {
            return;
        };
        let read = self.reading(login, (wanted, top));
        self.spawn(Job::Refresh(list), async move { Came::Read(read.await) });
    }

    /// Takes in what was read again. Its steps come to their turn once more, and are compared then.
    pub(super) fn refreshed(&mut self, list: &List, result: Result<Live, ProviderError>) {
        let account = &list.top().account;
        let waits = self.logins.get(account).is_some_and(|login| {
            login.answers != Answers::Gone && login.provider.gate() == Gate::Shut
        });
        let Some(known) = self.lists.known.get_mut(list) else {
            return;
        };
        known.reading = false;
        let waiting = std::mem::take(&mut known.waiting);
        self.lists.waiting -= waiting.len();
        let failure = match result {
            Ok(live) => match live.failed.first() {
                Some((_, reason)) => Some(reason.clone()),
                None => {
                    let steps = known.steps.iter();
                    let addresses = steps.map(|at| &self.schedule.run(*at).step.address);
                    // Its notes are not told again: the plan has.
                    self.approved.renew(addresses, live);
                    None
                }
            },
            Err(error) => Some(error.reason().clone()),
        };
        let Some(reason) = failure else {
            known.failed = 0;
            // When it came, and not when it was asked for: a list that takes long would never be fresh.
            known.read = Some(Instant::now());
            return self.come_again(waiting);
        };
        let text = format!(
            "it was read more than {} s ago and cannot be read again: {}",
            FRESH.as_secs(),
            reason.text
        );
        let reason = Reason {
            text: text.into(),
            ..reason
        };
        known.failed += 1;
        known.failure = Some(reason.clone());
        let given_up = known.failed >= READS;
        if self.stop.is_some() || waits && !given_up {
            return self.come_again(waiting);
        }
        for at in waiting {
            self.fail(at, reason.clone());
        }
    }

    fn come_again(&mut self, waiting: Vec<At>) {
        for at in waiting {
            self.schedule.again(at);
        }
    }

    /// Lets steps of some accounts not wait any longer for what is being read.
    pub(super) fn put_back(&mut self, of: impl Fn(&Account) -> bool) {
        let lists = self.lists.known.iter_mut();
        let waiting: Vec<At> = lists
            .filter(|(list, _)| of(&list.top().account))
            .flat_map(|(_, known)| std::mem::take(&mut known.waiting))
            .collect();
        self.lists.waiting -= waiting.len();
        self.come_again(waiting);
    }
}
