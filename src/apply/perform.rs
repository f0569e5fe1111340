//! Sending steps, and what becomes of each: done, refused, not sent, taken, or not known and looked up.

use super::event::Event;
use super::gate::Answers;
use super::report::Ending;
use super::run::Owner;
use super::schedule::{At, State};
use super::sealed::told_once;
use crate::ledger::{Record, needs_doubt, only_secrets};
use crate::model::{Account, Answer, Attrs, Handle, Kind, Live, Outcome, Reason, Secret, Write};
use crate::plan::{Finding, List, ScopeId, Step};
use crate::provider::{Gate, ProviderError};
use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;
use tokio::task::{Id, JoinError};

/// Steps of one account that one writing of the journal begins; with their endings they fill a segment.
const AHEAD: usize = 64;
/// A write that certainly was not taken is sent so often in all.
const SENDS: u8 = 2;
/// A step that could not be sent while its login did not answer waits so often for it.
const WAITS: u8 = 3;
/// A doubt is looked up so often while the login answers, and no further.
const LOOKS: u8 = 3;
/// The pause before a doubt is looked up again.
const PAUSE: Duration = Duration::from_secs(5);

/// Something under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Job {
    Perform(At),
    Look(At),
    Read(ScopeId),
    Refresh(List),
    Probe(Account),
}

impl Job {
    /// True for what takes one of the places for requests; what is read again has that of a step that waits.
    pub(super) fn sends(&self) -> bool {
        match self {
            Job::Perform(_) | Job::Look(_) | Job::Read(_) => true,
            Job::Refresh(_) => false,
            Job::Probe(_) => false,
        }
    }
}

/// What came of it.
pub(super) enum Came {
    Performed(Answer),
    Looked(Outcome),
    Read(Result<Live, ProviderError>),
    Probed(Gate),
}

/// A request that is in the journal.
pub(super) struct Sending {
    pub(super) write: Write,
    /// How often it was sent,
    sent: u8,
    /// held back,
    waited: u8,
    /// and looked up.
    looked: u8,
    /// Why its outcome is, or was, not known.
    doubt: Option<Reason>,
    /// The secrets that its answer alone tells and that have not come.
    pub(super) awaited: Vec<&'static str>,
}

impl Sending {
    /// Why a step that waits to be sent once more has failed, if it is not.
    pub(super) fn failure(&self) -> Option<Reason> {
        self.doubt.clone().filter(|_| self.sent > 0)
    }
}

impl Owner<'_> {
    pub(super) fn spawn(&mut self, job: Job, work: impl Future<Output = Came> + Send + 'static) {
        let id = self.jobs.spawn(work).id();
        self.at_work.insert(id, job);
    }

    /// How many requests may still be sent at the same time.
    pub(super) fn places(&self) -> usize {
        let taken = self.at_work.values().filter(|job| job.sends()).count();
        let taken = taken + self.lists.waiting();
        self.env.parallelism.get().saturating_sub(taken)
    }

    /// Starts what can be started.
    pub(super) fn start(&mut self) {
        while self.stop.is_none() {
            let logins = &self.logins;
            let open = |account: &Account| {
                logins
                    .get(account)
                    .is_some_and(|login| login.may_be_written())
            };
            let places = self.places();
            let starting = self.schedule.ready(places, open);
            if starting.is_empty() {
                return;
            }
            let mut by_account: BTreeMap<Account, Vec<At>> = BTreeMap::new();
            for at in starting {
                let account = self.schedule.run(at).step.address.account.clone();
                by_account.entry(account).or_default().push(at);
            }
            for (account, starting) in by_account {
                let fresh = self.fresh(starting);
                if !fresh.is_empty() {
                    self.send(&account, fresh);
                }
            }
        }
    }

    /// Writes down what is to be sent, with what follows soon and a read would prove, and sends it.
    fn send(&mut self, account: &Account, starting: Vec<At>) {
        let mut records = Vec::new();
        let mut fresh = Vec::new();
        let mut sent = Vec::new();
        // Also of what stands in the journal already: another may hold the ledger by now.
        if !self.still_held(account) {
            for at in starting {
                self.schedule.again(at);
            }
            return;
        }
        for at in starting {
            if self.schedule.run(at).journaled {
                sent.push(at);
            } else if let Some(record) = self.write_down(at) {
                records.push(record);
                fresh.push(at);
            }
        }
        if !records.is_empty() {
            let approved = &self.approved;
            // A read proves whether such a step took effect, so it may be written down before it starts.
            let proves = |step: &Step| {
                let write = approved.write(step);
                // What it lives in may still have to be made, and is only then known by its handle.
                let placed = |write: &Write| write.within.is_some() || step.needs.is_empty();
                // A place for what is told once is reserved just before.
                write.is_some_and(|write| {
                    !needs_doubt(&write) && placed(&write) && !told_once(&write)
                })
            };
            let ahead = self
                .schedule
                .ahead(account, AHEAD.saturating_sub(records.len()), proves);
            records.extend(ahead.iter().filter_map(|at| self.write_down(*at)));
            if !self.append(account, &records) {
                for at in ahead {
                    self.sending.remove(&at);
                    self.schedule.unjournaled(at);
                }
                for at in fresh {
                    self.sending.remove(&at);
                    self.schedule.again(at);
                }
                for at in sent {
                    self.schedule.again(at);
                }
                return;
            }
        }
        for at in fresh {
            self.schedule.journaled(at);
            sent.push(at);
        }
        for at in sent {
            self.perform(account, at);
        }
    }

    /// The record of a start. A step that cannot be written as a request fails.
    fn write_down(&mut self, at: At) -> Option<Record> {
        let step = &self.schedule.run(at).step;
        let whole = |write: &Write| write.after.iter().all(|(_, value)| value.known().is_some());
        let Some(write) = self.approved.write(step).filter(whole) else {
            let text = "it hangs on a value that no step of this run brings; plan again";
            self.end(at, Ending::Failed(Reason::ours("stale", text)));
            return None;
        };
        let lacking = self.secrets_of(&write).err();
        if let Some(reason) = lacking {
            self.end(at, Ending::Failed(reason));
            return None;
        }
        let id = step.id;
        let awaited = match self.reserve(&write) {
            Ok(awaited) => awaited,
            Err(reason) => {
                self.end(at, Ending::Failed(reason));
                return None;
            }
        };
        let record = Record::Started {
            step: id,
            write: write.clone(),
            at: (self.env.clock)(),
        };
        let known = self.sending.remove(&at);
        self.sending.insert(
            at,
            Sending {
                write,
                sent: known.as_ref().map_or(0, |known| known.sent),
                waited: known.as_ref().map_or(0, |known| known.waited),
                looked: 0,
                doubt: known.and_then(|known| known.doubt),
                awaited,
            },
        );
        Some(record)
    }

    /// The values that go with a write, in the order of their names.
    fn secrets_of(&self, write: &Write) -> Result<Vec<Secret>, Reason> {
        let value = |name| {
            let value = self.env.secrets.value(&write.unit, name);
            value.ok_or_else(|| {
                let text = format!("its {name} is not at hand, so nothing was sent");
                Reason::ours("secret.missing", text)
            })
        };
        write.after.secret_names().map(value).collect()
    }

    fn perform(&mut self, account: &Account, at: At) {
        let Some(sending) = self.sending.get(&at) else {
            return;
        };
        let secrets = match self.secrets_of(&sending.write) {
            Ok(secrets) => secrets,
            Err(reason) => {
                let ending = Ending::Failed(reason.clone());
                return self.conclude(at, Outcome::NotSent(reason), ending);
            }
        };
        let (Some(sending), Some(login)) = (self.sending.get_mut(&at), self.logins.get(account))
        else {
            return;
        };
        sending.sent += 1;
        self.lists.sent(&sending.write);
        let (provider, write) = (login.provider.clone(), sending.write.clone());
        let step = self.schedule.run(at).step.clone();
        (self.tell)(Event::Started { step });
        self.spawn(Job::Perform(at), async move {
            Came::Performed(provider.perform(&write, &secrets).await)
        });
    }

    /// Takes in what came back.
    pub(super) fn came(&mut self, came: Result<(Id, Came), JoinError>) {
        let id = match &came {
            Ok((id, _)) => *id,
            Err(error) => error.id(),
        };
        let Some(job) = self.at_work.remove(&id) else {
            return;
        };
        let broken = || {
            Reason::ours(
                "internal",
                "the request ended in an error of ours (a panic)",
            )
        };
        match (job, came) {
            (Job::Perform(at), Ok((_, Came::Performed(answer)))) => self.answered(at, answer),
            (Job::Perform(at), _) => self.answered(at, Outcome::Unknown(broken()).into()),
            (Job::Look(at), Ok((_, Came::Looked(outcome)))) => self.looked(at, outcome),
            (Job::Look(at), _) => self.looked(at, Outcome::Unknown(broken())),
            (Job::Read(scope), Ok((_, Came::Read(result)))) => self.read(scope, result),
            (Job::Read(scope), _) => {
                self.read(scope, Err(ProviderError::Answer(broken())));
            }
            (Job::Refresh(list), Ok((_, Came::Read(result)))) => self.refreshed(&list, result),
            (Job::Refresh(list), _) => {
                self.refreshed(&list, Err(ProviderError::Answer(broken())));
            }
            (Job::Probe(account), Ok((_, Came::Probed(gate)))) => self.probed(&account, gate),
            (Job::Probe(account), _) => self.probed(&account, Gate::Shut),
        }
    }

    fn answered(&mut self, at: At, answer: Answer) {
        let Answer { outcome, sealed } = answer;
        let told = !sealed.is_empty();
        let lost = self.keep(at, sealed);
        let done = matches!(outcome, Outcome::Done { .. });
        // Of what is done, the ending says it.
        if let Some(reason) = lost.as_ref().filter(|_| told && !done) {
            let address = self.schedule.run(at).step.address.clone();
            let text = String::from(reason.text.clone());
            self.findings
                .push(Finding::told("secret.not-kept", Some(address), text));
        }
        match outcome {
            Outcome::Done { handle, outputs } => self.done(at, (handle, outputs), lost),
            Outcome::Refused(reason) => {
                if !self.decide_again(at, &reason) {
                    self.conclude(at, Outcome::Refused(reason.clone()), Ending::Failed(reason));
                }
            }
            Outcome::NotSent(reason) => self.not_sent(at, reason),
            Outcome::Pending(pending) => {
                self.conclude(at, Outcome::Pending(pending), Ending::Pending);
            }
            Outcome::Unknown(reason) => self.doubt(at, reason),
        }
    }

    /// It is there, which is noted even where a secret of it is lost; such a step has not ended well.
    fn done(&mut self, at: At, (handle, outputs): (Option<Handle>, Attrs), lost: Option<Reason>) {
        let address = self.schedule.run(at).step.address.clone();
        // Of a record set, each value has a name of its own.
        if let Some(handle) = handle.clone().filter(|_| address.kind != Kind::Record) {
            self.approved.learn(&address, handle);
        }
        let ending = lost.map_or(Ending::Applied, Ending::Failed);
        self.conclude(at, Outcome::Done { handle, outputs }, ending);
    }

    /// What was not sent because the login stopped answering waits until it does.
    fn not_sent(&mut self, at: At, reason: Reason) {
        let account = self.account(at);
        let login = self.logins.get(&account);
        let held = login.is_some_and(|login| {
            login.answers != Answers::Gone && login.provider.gate() == Gate::Shut
        });
        match self.sending.get_mut(&at) {
            Some(sending) if held && sending.waited < WAITS => {
                sending.waited += 1;
                sending.sent -= 1;
                self.schedule.again(at);
            }
            Some(_) | None => {
                let ending = Ending::Failed(reason.clone());
                self.conclude(at, Outcome::NotSent(reason), ending);
            }
        }
    }

    fn doubt(&mut self, at: At, reason: Reason) {
        let account = self.account(at);
        if let Some(sending) = self.sending.get_mut(&at) {
            sending.doubt = Some(reason);
        }
        match self.logins.get_mut(&account) {
            Some(login) if login.answers != Answers::Gone => login.doubts.push_back(at),
            Some(_) | None => self.unknown(at),
        }
    }

    /// Looks up what is not known, of each login one at a time: while nobody knows whether it answers, one
    /// question is enough.
    pub(super) fn look_up(&mut self) {
        let accounts: Vec<Account> = self.logins.keys().cloned().collect();
        for account in accounts {
            let places = self.places();
            let Some(login) = self.logins.get_mut(&account) else {
                continue;
            };
            if places == 0 || !login.answers() || login.looking.is_some() {
                continue;
            }
            let Some(at) = login.doubts.pop_front() else {
                continue;
            };
            let Some(sending) = self.sending.get_mut(&at) else {
                continue;
            };
            login.looking = Some(at);
            sending.looked += 1;
            let pause = (sending.looked > 1).then_some(PAUSE);
            let (provider, write) = (login.provider.clone(), sending.write.clone());
            self.spawn(Job::Look(at), async move {
                if let Some(pause) = pause {
                    tokio::time::sleep(pause).await;
                }
                Came::Looked(provider.look(&write, None).await)
            });
        }
    }

    fn looked(&mut self, at: At, outcome: Outcome) {
        let account = self.account(at);
        let Some(login) = self.logins.get_mut(&account) else {
            return;
        };
        login.looking = None;
        let shut = login.provider.gate() == Gate::Shut;
        let (sent, looked, provable) = match self.sending.get(&at) {
            Some(sending) => (sending.sent, sending.looked, !needs_doubt(&sending.write)),
            None => return,
        };
        // No read shows a password, and setting it twice is setting it once.
        let blind = self
            .sending
            .get(&at)
            .is_some_and(|known| only_secrets(&known.write));
        match outcome {
            Outcome::Done { handle, outputs } => {
                let lost = self.never_came(at);
                self.done(at, (handle, outputs), lost);
            }
            Outcome::Pending(pending) => {
                self.conclude(at, Outcome::Pending(pending), Ending::Pending);
            }
            Outcome::Refused(reason) => {
                self.conclude(at, Outcome::Refused(reason.clone()), Ending::Failed(reason));
            }
            Outcome::Unknown(_) if blind && !shut && sent < SENDS && self.stop.is_none() => {
                let text = Reason::ours(
                    "net.not-taken",
                    "no read shows it, and it does no harm twice",
                );
                self.ride(at, Outcome::NotSent(text));
                self.schedule.again(at);
                self.schedule.unjournaled(at);
            }
            Outcome::NotSent(_) if provable && sent < SENDS && self.stop.is_none() => {
                let text = Reason::ours("net.not-taken", "a look showed that it was not taken");
                self.ride(at, Outcome::NotSent(text));
                self.schedule.again(at);
                self.schedule.unjournaled(at);
            }
            Outcome::NotSent(reason) => {
                let first = self.sending.get(&at).and_then(|known| known.doubt.clone());
                let ending = Ending::Failed(first.unwrap_or_else(|| reason.clone()));
                self.conclude(at, Outcome::NotSent(reason), ending);
            }
            Outcome::Unknown(_) if looked < LOOKS || (shut && looked < 2 * LOOKS) => {
                login.doubts.push_front(at);
            }
            Outcome::Unknown(_) => self.unknown(at),
        }
    }

    /// Ends a step of which nobody knows what became of it.
    pub(super) fn unknown(&mut self, at: At) {
        let known = self.sending.get(&at).and_then(|known| known.doubt.clone());
        let reason = known
            .unwrap_or_else(|| Reason::ours("interrupted", "the run ended before the answer came"));
        self.conclude(
            at,
            Outcome::Unknown(reason.clone()),
            Ending::Unknown(reason),
        );
    }

    /// Ends, at the end of the run, what was sent and has no answer.
    pub(super) fn end_unanswered(&mut self) {
        let running = |at: &At| self.schedule.run(*at).state == State::Running;
        let open: Vec<At> = self.sending.keys().copied().filter(running).collect();
        for at in open {
            self.unknown(at);
        }
    }

    /// Records how a step ended, and ends it. What no read would tell again is durable first.
    fn conclude(&mut self, at: At, outcome: Outcome, ending: Ending) {
        let names = self
            .sending
            .get(&at)
            .is_some_and(|known| needs_doubt(&known.write) || told_once(&known.write));
        if let Outcome::Refused(_) | Outcome::NotSent(_) = &outcome {
            self.release(at);
        }
        let at_once = names || matches!(outcome, Outcome::Pending(_));
        self.ride(at, outcome);
        if at_once {
            let account = self.account(at);
            self.append(&account, &[]);
        }
        self.end(at, ending);
    }

    pub(super) fn account(&self, at: At) -> Account {
        self.schedule.run(at).step.address.account.clone()
    }
}
