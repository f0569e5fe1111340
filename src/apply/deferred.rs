//! Scopes: once an object that comes filled is made, what is below it is read and its steps are decided.
//!
//! A difference, or a read that fails, is stale for that subtree alone. A refusal inside a scope is looked
//! at once more: what the provider put there may have come late.

use super::event::Event;
use super::gate::{Answers, Login};
use super::perform::{Came, Job};
use super::report::Ending;
use super::run::{Owner, key};
use super::schedule::{At, State};
use crate::ledger::StepId;
use crate::model::{Account, Address, Admitted, Handle, Live, Outcome, Reason, Wish};
use crate::plan::{Exactness, Finding, PlanAction, Room, Scope, ScopeId, Step, expand, sends};
use crate::provider::{Gate, ProviderError};
use std::collections::{BTreeMap, BTreeSet};

/// A subtree whose login does not answer is read again so often.
const READS: u8 = 3;

/// The scopes of a run.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    areas: BTreeMap<ScopeId, Area>,
    /// In which scope a step is.
    of: BTreeMap<At, ScopeId>,
    /// Which scopes a step opens.
    after: BTreeMap<At, Vec<ScopeId>>,
    /// To be read.
    due: BTreeSet<ScopeId>,
}

#[derive(Debug)]
struct Area {
    scope: Scope,
    /// As they were approved.
    listed: Vec<Step>,
    members: Vec<At>,
    stage: Stage,
    reads: u8,
    /// Refused, and not yet decided again.
    refused: BTreeMap<At, Reason>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Closed,
    Decided,
    /// To be decided a second time.
    Again,
    DecidedAgain,
}

impl Scopes {
    pub(super) fn new(scopes: &[Scope], steps: &[Step]) -> Self {
        let ids: BTreeMap<StepId, At> = steps
            .iter()
            .enumerate()
            .map(|(at, step)| (step.id, at))
            .collect();
        let mut all = Self::default();
        for scope in scopes {
            if let Some(at) = scope.after.and_then(|after| ids.get(&after)) {
                all.after.entry(*at).or_default().push(scope.id);
            }
            all.areas.insert(
                scope.id,
                Area {
                    scope: scope.clone(),
                    listed: Vec::new(),
                    members: Vec::new(),
                    stage: Stage::Closed,
                    reads: 0,
                    refused: BTreeMap::new(),
                },
            );
        }
        for (at, step) in steps.iter().enumerate() {
            let deferred = step.scope.filter(|_| step.kind == Exactness::Deferred);
            if let Some(area) = deferred.and_then(|id| all.areas.get_mut(&id)) {
                all.of.insert(at, area.scope.id);
                area.listed.push(step.clone());
                area.members.push(at);
            }
        }
        all
    }

    /// True for a step of a scope: what it expects was read after its object was made.
    pub(super) fn holds(&self, at: At) -> bool {
        self.of.contains_key(&at)
    }

    /// Why a step was refused that was to be decided again.
    pub(super) fn refusal(&self, at: At) -> Option<Reason> {
        self.areas.get(self.of.get(&at)?)?.refused.get(&at).cloned()
    }
}

impl Owner<'_> {
    /// Opens the scopes whose object no step of this run makes, and that is there.
    pub(super) fn scopes_at_start(&mut self) {
        let live = self.approved.live();
        let there = self.scopes.areas.values().filter(|area| {
            area.scope.after.is_none() && live.objects.contains_key(&area.scope.top)
        });
        let due: Vec<ScopeId> = there.map(|area| area.scope.id).collect();
        self.scopes.due.extend(due);
    }

    pub(super) fn scope_may_be_due(&mut self, at: At) {
        let opened = self.scopes.after.remove(&at);
        self.scopes.due.extend(opened.into_iter().flatten());
    }

    /// Reads what is below the objects that were made, as far as there are places.
    pub(super) fn read_scopes(&mut self) {
        let mut read = Vec::new();
        let mut over = Vec::new();
        let mut places = self.places();
        for id in &self.scopes.due {
            if places == 0 {
                break;
            }
            let Some(area) = self.scopes.areas.get(id) else {
                continue;
            };
            let is = |at: &At, wanted: fn(&State) -> bool| wanted(&self.schedule.run(*at).state);
            let ended = |state: &State| matches!(state, State::Ended(_));
            // One without steps is there for what the provider put into it: it is read once.
            let decided = !area.members.is_empty() || area.reads > 0;
            if decided && area.members.iter().all(|at| is(at, ended)) {
                over.push(*id);
                continue;
            }
            let login = self.logins.get(&area.scope.top.account);
            let answers = login.is_some_and(super::gate::Login::may_be_written);
            let running = |state: &State| *state == State::Running;
            if answers && !area.members.iter().any(|at| is(at, running)) {
                places -= 1;
                read.push(*id);
            }
        }
        for id in over {
            self.scopes.due.remove(&id);
        }
        for id in read {
            self.scopes.due.remove(&id);
            self.read_below(id);
        }
    }

    fn read_below(&mut self, id: ScopeId) {
        let Some(area) = self.scopes.areas.get(&id) else {
            return;
        };
        let top = area.scope.top.clone();
        let Some(login) = self.logins.get(&top.account) else {
            return;
        };
        let read = self.reading(login, (self.room(area).wanted(), top));
        self.spawn(Job::Read(id), async move { Came::Read(read.await) });
    }

    /// Reads what is wanted below an object, as far as the ledger or this run knows of it.
    pub(super) fn reading(
        &self,
        login: &Login,
        (wanted, top): (Admitted, Address),
    ) -> impl Future<Output = Result<Live, ProviderError>> + Send + use<> {
        let provider = login.provider.clone();
        let ledger = login.journal.ledger();
        let known = |address: &Address| {
            let handle = self.approved.handle(address).cloned();
            let recorded = ledger.entries.contains_key(address) || handle.is_some();
            recorded.then(|| (address.clone(), handle))
        };
        let recorded: Vec<(Address, Option<Handle>)> =
            wanted.objects().keys().filter_map(known).collect();
        async move {
            let wish = Wish {
                desired: &wanted,
                below: Some(&top),
                recorded: &recorded,
                open: &[],
                seen: None,
            };
            provider.fetch(&wish).await
        }
    }

    fn room<'a>(&self, area: &'a Area) -> Room<'a> {
        Room {
            scope: &area.scope,
            listed: &area.listed,
            last: self.schedule.last_id(),
        }
    }

    /// Decides a scope's steps from what was read.
    pub(super) fn read(&mut self, id: ScopeId, result: Result<Live, ProviderError>) {
        let Some(area) = self.scopes.areas.get_mut(&id) else {
            return;
        };
        area.reads += 1;
        let account = area.scope.top.account.clone();
        let live = match result {
            Ok(live) => live,
            Err(error) => {
                let waits = self.logins.get(&account).is_some_and(|login| {
                    login.answers != Answers::Gone && login.provider.gate() == Gate::Shut
                });
                if waits && area.reads < READS {
                    self.scopes.due.insert(id);
                } else {
                    let Reason { status, text, .. } = error.reason();
                    let text = format!("{} cannot be read: {text}", area.scope.top);
                    self.stale(
                        id,
                        &Reason {
                            status: *status,
                            ..Reason::ours("stale", text)
                        },
                    );
                }
                return;
            }
        };
        let told = live.notes.iter().cloned();
        self.findings
            .extend(told.map(|(code, address, text)| Finding::told(code, address, text)));
        let area = &self.scopes.areas[&id];
        match expand(&self.room(area), &live, self.ledger(&account)) {
            Ok(steps) => {
                self.approved.take_in(live);
                self.decided(id, &account, steps);
                self.lists.take_in(&self.schedule);
                let members = self.scopes.areas.get(&id).map(|area| &*area.members);
                for at in members.unwrap_or_default() {
                    self.lists.was_read(&self.schedule.run(*at).step);
                }
            }
            Err(reason) => self.stale(id, &reason),
        }
    }

    fn decided(&mut self, id: ScopeId, account: &Account, steps: Vec<Step>) {
        let Some(area) = self.scopes.areas.get_mut(&id) else {
            return;
        };
        area.stage = match area.stage {
            Stage::Closed => Stage::Decided,
            Stage::Decided | Stage::Again | Stage::DecidedAgain => Stage::DecidedAgain,
        };
        let refused = std::mem::take(&mut area.refused);
        let schedule = &self.schedule;
        let over = |at: &At| match schedule.run(*at).state {
            State::Ended(_) | State::Running => true,
            State::Waiting | State::Ready | State::Parked => false,
        };
        let open: Vec<At> = area
            .members
            .iter()
            .copied()
            .filter(|at| !over(at))
            .collect();
        let mut missing: BTreeSet<At> = open.iter().copied().collect();
        let mut failed = Vec::new();
        let mut now = Vec::new();
        for step in steps {
            let Some(at) = schedule.find(step.id) else {
                now.push(step);
                continue;
            };
            if !missing.remove(&at) {
                continue;
            }
            match refused.get(&at) {
                Some(reason) if same_request(&schedule.run(at).step, &step) => {
                    failed.push((at, Ending::Failed(reason.clone())));
                }
                Some(_) | None => now.push(step),
            }
        }
        // What is as it shall be already, and what was to go first and is gone.
        let listed: BTreeMap<StepId, &Step> =
            area.listed.iter().map(|step| (step.id, step)).collect();
        now.extend(missing.into_iter().map(|at| {
            let step = &schedule.run(at).step;
            Step {
                action: PlanAction::Adopt,
                kind: Exactness::Exact,
                ..listed.get(&step.id).copied().unwrap_or(step).clone()
            }
        }));
        (self.tell)(Event::Expanded {
            top: area.scope.top.clone(),
            steps: now.iter().filter(|step| sends(step.action)).count(),
        });
        let logins = &self.logins;
        let (members, left_out) = self.schedule.decide(now, &open, |step| key(logins, step));
        area.members
            .extend(members.iter().filter(|at| !open.contains(at)));
        for at in &members {
            self.scopes.of.insert(*at, id);
        }
        self.tell_left_out(left_out);
        let notes: Vec<At> = members
            .into_iter()
            .filter(|at| self.schedule.run(*at).step.action == PlanAction::Adopt)
            .filter(|at| !matches!(self.schedule.run(*at).state, State::Ended(_)))
            .collect();
        let records = self.noted(account, &notes);
        if let Some(login) = self.logins.get_mut(account) {
            for record in records {
                login.journal.ride(record);
            }
        }
        self.end_all(notes.into_iter().map(|at| (at, Ending::Applied)).collect());
        self.end_each(failed);
    }

    /// What a scope would have done cannot be done any more.
    fn stale(&mut self, id: ScopeId, reason: &Reason) {
        let Some(area) = self.scopes.areas.get_mut(&id) else {
            return;
        };
        let refused = std::mem::take(&mut area.refused);
        let members = area.members.clone();
        let mut endings = Vec::new();
        for at in members {
            match self.schedule.run(at).state {
                State::Ended(_) | State::Running => continue,
                State::Waiting | State::Ready | State::Parked => {}
            }
            self.withdraw(at, reason);
            let reason = refused.get(&at).unwrap_or(reason);
            endings.push((at, Ending::Failed(reason.clone())));
        }
        self.end_each(endings);
    }

    /// Keeps a refused step of a scope to be decided once more, with what has not begun there. False where
    /// that was done already, or the step is in none.
    pub(super) fn decide_again(&mut self, at: At, reason: &Reason) -> bool {
        let Some(id) = self.scopes.of.get(&at).copied() else {
            return false;
        };
        let Some(area) = self.scopes.areas.get_mut(&id) else {
            return false;
        };
        match area.stage {
            Stage::Decided | Stage::Again if self.stop.is_none() => area.stage = Stage::Again,
            Stage::Closed | Stage::Decided | Stage::Again | Stage::DecidedAgain => return false,
        }
        area.refused.insert(at, reason.clone());
        let members = area.members.clone();
        self.ride(at, Outcome::Refused(reason.clone()));
        self.sending.remove(&at);
        self.schedule.unjournaled(at);
        self.schedule.park(at);
        for at in members {
            match self.schedule.run(at).state {
                State::Ready | State::Waiting => {
                    self.withdraw(at, &Reason::ours("step.again", "it is decided again first"));
                    self.schedule.park(at);
                }
                State::Parked | State::Running | State::Ended(_) => {}
            }
        }
        self.scopes.due.insert(id);
        true
    }
}

/// True if two steps would send the same.
fn same_request(a: &Step, b: &Step) -> bool {
    a.action == b.action && a.part == b.part && a.before() == b.before() && a.after() == b.after()
}
