//! Lanes: writes of one key go one after another, those of different keys side by side.
//!
//! Queues that are kept, never searched. They hold places in a schedule and know nothing of the steps there.

use super::schedule::At;
use crate::model::Account;
use crate::provider::Key;
use std::collections::{BTreeMap, BTreeSet};

/// Names a lane.
pub(super) type LaneId = usize;

/// Whether the start of a step is in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    Yes,
    No,
}

/// Writes of one key of one account.
#[derive(Debug, Default)]
struct Lane {
    login: usize,
    ready: BTreeSet<At>,
    /// Of these, the ones whose start is not in the journal.
    fresh: BTreeSet<At>,
    busy: bool,
    /// Under which step it is listed as idle.
    listed: Option<At>,
}

#[derive(Debug)]
struct Login {
    name: Account,
    /// Lanes that could start something, by the first step that waits in them.
    idle: BTreeSet<(At, LaneId)>,
    busy: BTreeSet<LaneId>,
    /// Steps that have not ended.
    left: usize,
    /// Steps that wait and are in the journal.
    ahead: usize,
}

/// All lanes of a run.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    lanes: Vec<Lane>,
    of: BTreeMap<(Account, Key), LaneId>,
    logins: Vec<Login>,
}

impl Lanes {
    /// The lane of a key.
    pub(super) fn of(&mut self, account: &Account, key: Key) -> LaneId {
        let known = self.logins.iter().position(|login| login.name == *account);
        let login = known.unwrap_or(self.logins.len());
        if known.is_none() {
            self.logins.push(Login {
                name: account.clone(),
                idle: BTreeSet::new(),
                busy: BTreeSet::new(),
                left: 0,
                ahead: 0,
            });
        }
        let lanes = &mut self.lanes;
        *self.of.entry((account.clone(), key)).or_insert_with(|| {
            lanes.push(Lane {
                login,
                ..Lane::default()
            });
            lanes.len() - 1
        })
    }

    /// Counts a step that has not ended.
    pub(super) fn opened(&mut self, lane: LaneId) {
        self.login(lane).left += 1;
    }

    /// Counts a step that has ended.
    pub(super) fn closed(&mut self, lane: LaneId) {
        self.login(lane).left -= 1;
    }

    /// How many steps of an account have not ended.
    pub(super) fn left(&self, account: &Account) -> usize {
        let login = self.logins.iter().find(|login| login.name == *account);
        login.map_or(0, |login| login.left)
    }

    /// The first step that could start, of the accounts that may be written to.
    pub(super) fn first(&self, may: impl Fn(&Account) -> bool) -> Option<(At, LaneId)> {
        let logins = self.logins.iter();
        let heads = logins.filter_map(|login| Some((*login.idle.first()?, &login.name)));
        let open = heads.filter(|(_, name)| may(name));
        open.map(|(head, _)| head).min()
    }

    /// Lets a step wait for its lane.
    pub(super) fn enter(&mut self, lane: LaneId, at: At, written: Written) {
        self.lanes[lane].ready.insert(at);
        match written {
            Written::Yes => self.login(lane).ahead += 1,
            Written::No => {
                self.lanes[lane].fresh.insert(at);
            }
        }
        self.list(lane);
    }

    /// Takes a step out of those that wait.
    pub(super) fn leave(&mut self, lane: LaneId, at: At, written: Written) {
        self.lanes[lane].ready.remove(&at);
        match written {
            Written::Yes => self.login(lane).ahead -= 1,
            Written::No => {
                self.lanes[lane].fresh.remove(&at);
            }
        }
        self.list(lane);
    }

    /// Notes that the start of a step that waits is no longer in the journal.
    pub(super) fn unwritten(&mut self, lane: LaneId, at: At) {
        self.login(lane).ahead -= 1;
        self.lanes[lane].fresh.insert(at);
    }

    /// Closes a lane for others.
    pub(super) fn seize(&mut self, lane: LaneId) {
        self.lanes[lane].busy = true;
        self.login(lane).busy.insert(lane);
        self.list(lane);
    }

    /// Opens it again.
    pub(super) fn release(&mut self, lane: LaneId) {
        self.lanes[lane].busy = false;
        self.login(lane).busy.remove(&lane);
        self.list(lane);
    }

    /// Steps of an account that wait, are not in the journal and `fit`, until `most` of them wait that are in
    /// it; from now on these count as being there. Lanes that are at work come first, each in turn: what
    /// waits in them starts next.
    pub(super) fn ahead(
        &mut self,
        account: &Account,
        most: usize,
        mut fit: impl FnMut(At) -> bool,
    ) -> Vec<At> {
        let Some(login) = self.logins.iter().position(|login| login.name == *account) else {
            return Vec::new();
        };
        let room = most.saturating_sub(self.logins[login].ahead);
        let mut taken = Vec::new();
        let mut turn: Vec<LaneId> = self.logins[login].busy.iter().copied().collect();
        while taken.len() < room && !turn.is_empty() {
            turn.retain(|lane| {
                let next = self.next_fresh(*lane, &mut fit);
                taken.extend(next);
                next.is_some()
            });
        }
        // Of idle lanes, no more than `most` have everything in the journal already.
        let idle = self.logins[login].idle.iter().map(|(_, lane)| *lane);
        for lane in idle.take(room + most).collect::<Vec<_>>() {
            while taken.len() < room
                && let Some(next) = self.next_fresh(lane, &mut fit)
            {
                taken.push(next);
            }
        }
        self.logins[login].ahead += taken.len();
        taken
    }

    fn next_fresh(&mut self, lane: LaneId, fit: &mut impl FnMut(At) -> bool) -> Option<At> {
        let fresh = &mut self.lanes[lane].fresh;
        std::iter::from_fn(|| fresh.pop_first()).find(|at| fit(*at))
    }

    fn login(&mut self, lane: LaneId) -> &mut Login {
        &mut self.logins[self.lanes[lane].login]
    }

    /// Keeps a lane listed under the first step that waits in it, while it is free.
    fn list(&mut self, id: LaneId) {
        let lane = &mut self.lanes[id];
        let idle = &mut self.logins[lane.login].idle;
        if let Some(old) = lane.listed.take() {
            idle.remove(&(old, id));
        }
        if let Some(first) = lane.ready.first().copied().filter(|_| !lane.busy) {
            idle.insert((first, id));
            lane.listed = Some(first);
        }
    }
}
