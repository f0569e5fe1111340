//! Which step may start, and which is left out: needs, and lanes of writes that must not run side by side.
//!
//! Pure, and incremental: each step and each need is looked at a bounded number of times, whatever the size
//! of the plan. It knows no provider, no journal and no time.

use super::lanes::{LaneId, Lanes, Written};
use super::report::{Ending, Row};
use crate::ledger::StepId;
use crate::model::{Account, Reason};
use crate::plan::{Exactness, Step};
use crate::provider::Key;
use std::collections::{BTreeMap, BTreeSet};

/// A step's place in a [`Schedule`].
pub type At = usize;

/// Where a step stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Something that it needs has not ended.
    Waiting,
    /// It can start as soon as its lane is free.
    Ready,
    /// Nothing stops it but that its scope is not decided yet.
    Parked,
    /// It is being sent, or looked up.
    Running,
    /// It is over.
    Ended(Ending),
}

/// One step of a run.
#[derive(Debug, Clone)]
pub struct Run {
    /// As it is to be done, or was.
    pub step: Step,
    /// Where it stands.
    pub state: State,
    /// True if its start is in the journal.
    pub journaled: bool,
    lane: LaneId,
    /// What it needs and what has not ended.
    open: BTreeSet<At>,
    /// What needs it.
    dependents: Vec<At>,
    /// Where its row stands in the report.
    place: (usize, usize),
}

/// All steps of a run.
#[derive(Debug, Default)]
pub struct Schedule {
    runs: Vec<Run>,
    known: BTreeMap<StepId, At>,
    lanes: Lanes,
    looked_at: usize,
}

impl Schedule {
    /// Takes in the steps of a plan, each with the key of its lane.
    pub fn new(steps: Vec<Step>, key: impl Fn(&Step) -> Key) -> Self {
        let mut schedule = Self::default();
        let count = steps.len();
        for (place, step) in steps.into_iter().enumerate() {
            let key = key(&step);
            schedule.add(step, key, (place, usize::MAX));
        }
        for at in 0..count {
            schedule.link(at);
        }
        schedule
    }

    /// One of them.
    pub fn run(&self, at: At) -> &Run {
        &self.runs[at]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Finds one by its number.
    pub fn find(&self, id: StepId) -> Option<At> {
        self.known.get(&id).copied()
    }

    /// The highest number given.
    pub fn last_id(&self) -> StepId {
        self.known.last_key_value().map_or(StepId(0), |(id, _)| *id)
    }

    /// How many steps of an account have not ended.
    pub fn left(&self, account: &Account) -> usize {
        self.lanes.left(account)
    }

    /// How often steps and needs were looked at; the tests hold it to be linear.
    pub fn looked_at(&self) -> usize {
        self.looked_at
    }

    /// Starts up to `free` steps that need nothing more and whose lanes are free, first ones first, of those
    /// accounts that may be written to.
    pub fn ready(&mut self, free: usize, may: impl Fn(&Account) -> bool) -> Vec<At> {
        let mut started = Vec::new();
        while started.len() < free
            && let Some((at, lane)) = self.lanes.first(&may)
        {
            self.leave_queue(at);
            self.lanes.seize(lane);
            self.runs[at].state = State::Running;
            started.push(at);
        }
        started
    }

    /// Up to `most` steps of an account that will start soon and are not in the journal, such as `fit`; from
    /// now on they count as journaled. Steps of lanes that are at work come first, each lane in turn.
    pub fn ahead(
        &mut self,
        account: &Account,
        most: usize,
        fit: impl Fn(&Step) -> bool,
    ) -> Vec<At> {
        let (runs, looked_at) = (&self.runs, &mut self.looked_at);
        let taken = self.lanes.ahead(account, most, |at| {
            *looked_at += 1;
            fit(&runs[at].step)
        });
        for at in &taken {
            self.runs[*at].journaled = true;
        }
        taken
    }

    /// Notes that the start of a running step is in the journal.
    pub fn journaled(&mut self, at: At) {
        self.runs[at].journaled = true;
    }

    /// Puts a running step back, to be started again.
    pub fn again(&mut self, at: At) {
        self.lanes.release(self.runs[at].lane);
        self.enter_queue(at);
    }

    /// Takes a step that has not ended out of what can start, until [`Schedule::decide`] says what it is now.
    pub fn park(&mut self, at: At) {
        match self.runs[at].state {
            State::Running => self.lanes.release(self.runs[at].lane),
            State::Ready => self.leave_queue(at),
            State::Waiting | State::Parked | State::Ended(_) => {}
        }
        self.runs[at].state = State::Parked;
    }

    /// Notes that the start of a step is no longer open in the journal.
    pub fn unjournaled(&mut self, at: At) {
        self.runs[at].journaled = false;
        if self.runs[at].state == State::Ready {
            self.lanes.unwritten(self.runs[at].lane, at);
        }
    }

    /// Ends a step. What can no longer be done because of it is left out, and returned with the number of
    /// the step that stopped it.
    pub fn end(&mut self, at: At, ending: Ending) -> Vec<(At, StepId)> {
        self.end_all(vec![(at, ending)])
    }

    /// Ends several at once, so that none of them counts as left out because of another.
    pub fn end_all(&mut self, endings: Vec<(At, Ending)>) -> Vec<(At, StepId)> {
        let mut ended = Vec::new();
        for (at, ending) in endings {
            self.close(at, ending);
            ended.push(at);
        }
        self.blocked(ended)
    }

    /// Passes on what ended: what waited for it is ready, or left out. Each need is passed once.
    fn blocked(&mut self, mut ended: Vec<At>) -> Vec<(At, StepId)> {
        let mut left_out = Vec::new();
        while let Some(at) = ended.pop() {
            let because = stopped_by(&self.runs[at]);
            for next in std::mem::take(&mut self.runs[at].dependents) {
                self.looked_at += 1;
                if matches!(self.runs[next].state, State::Ended(_) | State::Running) {
                    continue;
                }
                match because {
                    None => {
                        self.runs[next].open.remove(&at);
                        if self.runs[next].state == State::Waiting {
                            self.rouse(next);
                        }
                    }
                    Some(because) => {
                        self.close(next, Ending::Skipped { because });
                        left_out.push((next, because));
                        ended.push(next);
                    }
                }
            }
        }
        left_out.sort_unstable_by_key(|(at, _)| *at);
        left_out
    }

    /// Steps that have not begun, of the accounts asked for.
    pub fn not_begun(&self, of: impl Fn(&Account) -> bool) -> Vec<At> {
        let waits = |run: &Run| match run.state {
            State::Waiting | State::Ready | State::Parked => of(&run.step.address.account),
            State::Running | State::Ended(_) => false,
        };
        (0..self.runs.len())
            .filter(|at| waits(&self.runs[*at]))
            .collect()
    }

    /// Says what a scope's steps are now. Steps of a known number replace it, unless that has begun; others
    /// are new, stand before `before` in the report, and are waited for by what waits for `instead_of`.
    /// Returns where they stand, and what can no longer be done because something it needs did not end well.
    pub fn decide(
        &mut self,
        steps: Vec<Step>,
        instead_of: &[At],
        key: impl Fn(&Step) -> Key,
    ) -> (Vec<At>, Vec<(At, StepId)>) {
        let first = instead_of.iter().map(|at| self.runs[*at].place.0).min();
        let place = first.unwrap_or(self.runs.len());
        let own: BTreeSet<At> = instead_of.iter().copied().collect();
        let waiting: BTreeSet<At> = instead_of
            .iter()
            .flat_map(|at| self.runs[*at].dependents.iter().copied())
            .filter(|at| !own.contains(at) && self.runs[*at].state == State::Waiting)
            .collect();
        let mut decided = Vec::new();
        for step in steps {
            let key = key(&step);
            match self.find(step.id) {
                Some(at) if own.contains(&at) => {
                    self.runs[at].lane = self.lanes.of(&step.address.account, key);
                    self.runs[at].step = step;
                    decided.push(at);
                }
                Some(_) => {}
                None => {
                    let at = self.add(step, key, (place, self.runs.len()));
                    for next in &waiting {
                        self.runs[*next].open.insert(at);
                        self.runs[at].dependents.push(*next);
                    }
                    decided.push(at);
                }
            }
        }
        for at in &decided {
            self.runs[*at].state = State::Waiting;
        }
        let mut left_out = Vec::new();
        for at in &decided {
            if let Some(because) = self.link(*at) {
                left_out.push((*at, because));
            }
        }
        let endings = left_out
            .iter()
            .map(|(at, because)| (*at, Ending::Skipped { because: *because }))
            .collect();
        left_out.extend(self.end_all(endings));
        (decided, left_out)
    }

    /// The rows of the report, in order of the plan.
    pub fn into_rows(self) -> Vec<Row> {
        let mut runs = self.runs;
        runs.sort_by_key(|run| run.place);
        runs.into_iter()
            .map(|run| Row {
                ending: match run.state {
                    State::Ended(ending) => ending,
                    State::Waiting | State::Ready | State::Parked | State::Running => {
                        Ending::NotStarted(Reason::ours("step.waits", "it never came to its turn"))
                    }
                },
                step: run.step,
            })
            .collect()
    }

    fn add(&mut self, step: Step, key: Key, place: (usize, usize)) -> At {
        let lane = self.lanes.of(&step.address.account, key);
        let at = self.runs.len();
        self.lanes.opened(lane);
        self.known.insert(step.id, at);
        self.runs.push(Run {
            step,
            state: State::Waiting,
            journaled: false,
            lane,
            open: BTreeSet::new(),
            dependents: Vec::new(),
            place,
        });
        at
    }

    /// Ties a step to what it needs and what has not ended; a number that no step has never does. Returns
    /// the step that stops it, if one that it needs has ended, and not well.
    fn link(&mut self, at: At) -> Option<StepId> {
        for need in self.runs[at].step.needs.clone() {
            self.looked_at += 1;
            let need = self.find(need).unwrap_or(at);
            match &self.runs[need].state {
                State::Ended(Ending::Applied) => {}
                State::Ended(_) => return stopped_by(&self.runs[need]),
                State::Waiting | State::Ready | State::Parked | State::Running => {
                    if self.runs[at].open.insert(need) && need != at {
                        self.runs[need].dependents.push(at);
                    }
                }
            }
        }
        self.rouse(at);
        None
    }

    /// Lets a step that needs nothing more start, or wait for its scope.
    fn rouse(&mut self, at: At) {
        let run = &self.runs[at];
        if !run.open.is_empty() || !crate::plan::sends(run.step.action) {
            return;
        }
        match run.step.kind {
            Exactness::Exact => self.enter_queue(at),
            Exactness::Deferred => self.runs[at].state = State::Parked,
        }
    }

    fn enter_queue(&mut self, at: At) {
        let run = &mut self.runs[at];
        run.state = State::Ready;
        self.lanes.enter(run.lane, at, run.written());
    }

    fn leave_queue(&mut self, at: At) {
        self.looked_at += 1;
        let run = &self.runs[at];
        self.lanes.leave(run.lane, at, run.written());
    }

    fn close(&mut self, at: At, ending: Ending) {
        match self.runs[at].state {
            State::Ended(_) => return,
            State::Running => self.lanes.release(self.runs[at].lane),
            State::Ready => self.leave_queue(at),
            State::Waiting | State::Parked => {}
        }
        self.lanes.closed(self.runs[at].lane);
        self.runs[at].state = State::Ended(ending);
    }
}

impl Run {
    fn written(&self) -> Written {
        if self.journaled {
            Written::Yes
        } else {
            Written::No
        }
    }
}

/// Which step stopped what needs this one; `None` if it ended well.
fn stopped_by(run: &Run) -> Option<StepId> {
    match &run.state {
        State::Ended(Ending::Applied) => None,
        State::Ended(Ending::Skipped { because }) => Some(*because),
        State::Ended(
            Ending::Failed(_) | Ending::Unknown(_) | Ending::Pending | Ending::NotStarted(_),
        )
        | State::Waiting
        | State::Ready
        | State::Parked
        | State::Running => Some(run.step.id),
    }
}
