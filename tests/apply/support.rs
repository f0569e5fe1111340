//! A provider that does what a test says, plans made by hand, and a ledger in memory.

use bailiwick::apply::{self, Ending, Env, Event, Report};
use bailiwick::diag::Diagnostics;
use bailiwick::ledger::{
    Begin, Holder, Ledger, LedgerKey, Locked, Memory, Opened, Opening, Recorder, StepId, Store,
    lock, only_secrets, open,
};
use bailiwick::model::{
    Account, Action, Address, Admitted, Answer, Attrs, Cause, Data, Desired, Handle, Kind, Live,
    Offers, Outcome, Part, Pending, Reason, Roster, Secret, Seen, SeenPart, Time, Unit, Value,
    Wish, Write,
};
use bailiwick::plan::{
    Approved, Attribute, Binds, Consent, CostSum, Exactness, Plan, PlanAction, PlanReads, Step,
    Summary, approve,
};
use bailiwick::provider::{Fut, Gate, Key, Provider, ProviderError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::time::Instant;

pub(super) const ZONE: &str = "example.com";

/// What the provider does with a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Does {
    /// It is done and answered.
    Takes,
    /// It is done, and the answer is lost.
    LosesAnswer,
    /// Nothing is done, and there is no answer.
    LosesRequest,
    /// It says no.
    Refuses,
    /// It takes it, and is not finished.
    Pends,
    /// The request does not leave.
    Unreachable,
    /// It panics.
    Breaks,
}

type Script = Box<dyn Fn(&Write, u32) -> Does + Send + Sync>;

/// Everything that is there, was asked, and went wrong.
#[derive(Default)]
pub(super) struct World {
    pub(super) live: BTreeMap<Unit, Attrs>,
    /// Each write that arrived, with the number of the attempt.
    pub(super) writes: Vec<(Instant, Write)>,
    pub(super) looks: Vec<(Instant, Unit)>,
    /// The values that came with each write.
    pub(super) secrets: Vec<Vec<String>>,
    pub(super) probes: Vec<Instant>,
    pub(super) fetches: Vec<Address>,
    /// So many of the next reads are refused.
    pub(super) unreadable: usize,
    pub(super) most_at_once: usize,
    pub(super) created: BTreeMap<Unit, u32>,
    pub(super) running: Vec<Key>,
    attempts: BTreeMap<Unit, u32>,
    streak: u32,
    /// Nothing is answered until then.
    pub(super) gone_until: Option<Instant>,
    /// It is gone after so many writes, for so long.
    pub(super) goes: Option<(usize, Duration)>,
    /// What appears in a zone when it is made.
    pub(super) defaults: Vec<(Unit, Attrs)>,
    /// What appears in it when it was read so often.
    pub(super) late: Vec<(Unit, Attrs)>,
    /// A write takes effect when it arrives, and not just before it is answered.
    pub(super) eager: bool,
    /// A zone that is made cannot be found.
    pub(super) gone_after_made: bool,
    /// What an answer tells once, of what is done.
    pub(super) tells: Vec<(&'static str, &'static str)>,
    pub(super) wrong: Vec<String>,
}

pub(super) struct Fake {
    world: Mutex<World>,
    script: Script,
    store: Memory,
    takes: Duration,
    account: Account,
}

impl Fake {
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    fn gone(&self) -> bool {
        let mut world = self.world();
        if let Some((after, how_long)) = world.goes
            && world.writes.len() > after
        {
            world.gone_until = Some(Instant::now() + how_long);
            world.goes = None;
        }
        world.gone_until.is_some_and(|until| Instant::now() < until)
    }

    fn attempt(&self, answered: bool) {
        let mut world = self.world();
        world.streak = if answered { 0 } else { world.streak + 1 };
    }

    fn carry_out(&self, write: &Write) -> Option<Handle> {
        let mut world = self.world();
        let part = match write.after.text("data") {
            Some(text) => Part::new(text),
            None => write.unit.part.clone(),
        };
        let unit = Unit::new(write.unit.address.clone(), part);
        match write.action {
            Action::Create => {
                *world.created.entry(unit.clone()).or_default() += 1;
                world.live.insert(unit.clone(), write.after.clone());
                if write.unit.address.kind == Kind::Zone {
                    let defaults = world.defaults.clone();
                    world.live.extend(defaults);
                }
            }
            Action::Update => {
                world.live.remove(&write.unit);
                world.live.insert(unit.clone(), write.after.clone());
            }
            Action::Delete => {
                world.live.remove(&write.unit);
            }
        }
        Some(Handle(format!("h-{unit}").into()))
    }

    async fn performed(&self, write: &Write) -> Outcome {
        // Reading the journal whole is slow: after the first ones, one write in ten is looked at.
        let count = self.world().writes.len();
        let looks = count < 40 || count.is_multiple_of(10);
        let opened = looks.then(|| open(&self.store, &opening(&self.account)).unwrap());
        let key = self.key(&write.unit);
        let attempt = {
            let mut world = self.world();
            let durable = |opened: Opened| opened.ledger.open.contains_key(&write.unit);
            if !opened.is_none_or(durable) {
                world
                    .wrong
                    .push(format!("{} is not in the journal", write.unit));
            }
            if world.running.contains(&key) {
                world.wrong.push(format!("{key:?} twice at once"));
            }
            world.running.push(key.clone());
            world.most_at_once = world.most_at_once.max(world.running.len());
            world.writes.push((Instant::now(), write.clone()));
            let attempt = world.attempts.entry(write.unit.clone()).or_default();
            *attempt += 1;
            *attempt
        };
        let does = if self.gone() {
            Does::LosesRequest
        } else {
            (self.script)(write, attempt)
        };
        let eager = self.world().eager && does == Does::Takes;
        let early = eager.then(|| self.carry_out(write));
        tokio::time::sleep(self.takes).await;
        self.world().running.retain(|running| *running != key);
        self.attempt(!matches!(
            does,
            Does::LosesAnswer | Does::LosesRequest | Does::Unreachable
        ));
        match does {
            Does::Takes => Outcome::Done {
                handle: early.unwrap_or_else(|| self.carry_out(write)),
                outputs: Attrs::none(),
            },
            Does::LosesAnswer => {
                self.carry_out(write);
                Outcome::Unknown(reason("net.timeout"))
            }
            Does::LosesRequest => Outcome::Unknown(reason("net.timeout")),
            Does::Refuses => Outcome::Refused(Reason {
                status: Some(400),
                ..reason("707")
            }),
            Does::Pends => Outcome::Pending(pending()),
            Does::Unreachable => Outcome::NotSent(reason("net.connect")),
            Does::Breaks => panic!("the fake breaks"),
        }
    }
}

pub(super) fn pending() -> Pending {
    Pending {
        on: bailiwick::model::On::Provider,
        order: "T1".into(),
        goal: "changed".into(),
    }
}

pub(super) fn reason(code: &str) -> Reason {
    Reason::ours(code, format!("said the fake: {code}"))
}

impl Provider for Fake {
    fn admit(&self, desired: Desired, _: &mut Diagnostics) -> Admitted {
        Admitted::by_provider(desired)
    }

    fn fetch<'a>(&'a self, wish: &'a Wish<'a>) -> Fut<'a, Result<Live, ProviderError>> {
        Box::pin(async move {
            let top = wish.below.unwrap();
            self.world().fetches.push(top.clone());
            tokio::time::sleep(self.takes).await;
            if self.gone() {
                // A read is tried several times before it is given up.
                (0..4).for_each(|_| self.attempt(false));
                return Err(ProviderError::Unavailable(reason("net.timeout")));
            }
            self.attempt(true);
            let left = self.world().unreadable.checked_sub(1);
            if let Some(left) = left {
                self.world().unreadable = left;
                return Err(ProviderError::Answer(reason("no-sense")));
            }
            let mut world = self.world();
            let live = if world.gone_after_made {
                Live::default()
            } else {
                live_of(&world.live, top)
            };
            let late = std::mem::take(&mut world.late);
            world.live.extend(late);
            Ok(live)
        })
    }

    fn roster(&self) -> Fut<'_, Result<Roster, ProviderError>> {
        Box::pin(async { Ok(Roster::default()) })
    }

    fn quote<'a>(&'a self, _: &'a [Write]) -> Fut<'a, Result<Offers, ProviderError>> {
        Box::pin(async { Ok(Offers::default()) })
    }

    fn perform<'a>(&'a self, write: &'a Write, secrets: &'a [Secret]) -> Fut<'a, Answer> {
        let values = secrets.iter().map(|secret| secret.expose().to_owned());
        self.world().secrets.push(values.collect());
        Box::pin(async move {
            let outcome = self.performed(write).await;
            let mut answer = Answer::from(outcome);
            if matches!(answer.outcome, Outcome::Done { .. } | Outcome::Pending(_)) {
                let told = self.world().tells.clone();
                let sealed = told.iter();
                answer.sealed = sealed
                    .map(|(name, value)| (*name, Secret::new((*value).to_owned())))
                    .collect();
            }
            answer
        })
    }

    fn look<'a>(&'a self, write: &'a Write, _: Option<&'a Pending>) -> Fut<'a, Outcome> {
        Box::pin(async move {
            self.world()
                .looks
                .push((Instant::now(), write.unit.clone()));
            let gone = self.gone();
            tokio::time::sleep(self.takes).await;
            self.attempt(!gone);
            if gone {
                return Outcome::Unknown(reason("net.timeout"));
            }
            if only_secrets(write) {
                return Outcome::Unknown(reason("not-shown"));
            }
            let part = write.after.text("data").map(Part::new);
            let unit = Unit::new(
                write.unit.address.clone(),
                part.unwrap_or_else(|| write.unit.part.clone()),
            );
            if self.world().live.contains_key(&unit) {
                Outcome::Done {
                    handle: Some(Handle("looked".into())),
                    outputs: Attrs::none(),
                }
            } else {
                Outcome::NotSent(reason("not-there"))
            }
        })
    }

    fn key(&self, unit: &Unit) -> Key {
        Key(format!("zone {}", unit.address.domain).into())
    }

    fn gate(&self) -> Gate {
        if self.world().streak >= 3 {
            Gate::Shut
        } else {
            Gate::Open
        }
    }

    fn probe(&self) -> Fut<'_, Gate> {
        Box::pin(async move {
            self.world().probes.push(Instant::now());
            let gone = self.gone();
            self.attempt(!gone);
            self.gate()
        })
    }
}

/// What lies in a zone, as a read brings it.
pub(super) fn live_of(units: &BTreeMap<Unit, Attrs>, top: &Address) -> Live {
    let mut objects: BTreeMap<Address, Seen> = BTreeMap::new();
    for (unit, attrs) in units {
        if unit.address != *top && unit.address.parent().as_ref() != Some(top) {
            continue;
        }
        let seen = objects.entry(unit.address.clone()).or_default();
        seen.handle = (unit.address == *top).then(|| Handle("z".into()));
        let mut parts = std::mem::take(&mut seen.parts).into_vec();
        parts.push(SeenPart {
            part: unit.part.clone(),
            handle: Some(Handle(format!("h-{unit}").into())),
            attrs: attrs.clone(),
            owner: None,
        });
        parts.sort_by(|a, b| a.part.cmp(&b.part));
        seen.parts = parts.into();
    }
    Live {
        as_of: now(),
        objects,
        ..Live::default()
    }
}

pub(super) fn now() -> Time {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

pub(super) fn account() -> Account {
    Account::new("main")
}

pub(super) fn begin() -> Begin<'static> {
    Begin {
        at: now(),
        pid: 1,
        first_file: "bailiwick.toml",
    }
}

fn opening(account: &Account) -> Opening<'_> {
    static KEY: std::sync::LazyLock<LedgerKey> = std::sync::LazyLock::new(|| LedgerKey {
        provider: "fake".into(),
        endpoint: "rest.example".into(),
        user: "A-1".into(),
    });
    Opening {
        account,
        key: &KEY,
        fresh_id: "0123456789abcdef0123456789abcdef",
    }
}

/// A run to be made.
pub(super) struct Story {
    pub(super) fake: Arc<Fake>,
    pub(super) store: Memory,
    pub(super) account: Account,
}

impl Story {
    pub(super) fn new(script: impl Fn(&Write, u32) -> Does + Send + Sync + 'static) -> Self {
        Self::of(&account(), script)
    }

    pub(super) fn of(
        account: &Account,
        script: impl Fn(&Write, u32) -> Does + Send + Sync + 'static,
    ) -> Self {
        let store = Memory::new();
        let fake = Arc::new(Fake {
            world: Mutex::default(),
            script: Box::new(script),
            store: store.clone(),
            takes: Duration::from_millis(100),
            account: account.clone(),
        });
        Self {
            fake,
            store,
            account: account.clone(),
        }
    }

    /// Answers take that long.
    pub(super) fn slow(mut self, takes: Duration) -> Self {
        Arc::get_mut(&mut self.fake).unwrap().takes = takes;
        self
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.fake.world()
    }

    /// The ledger as the next run would find it.
    pub(super) fn ledger(&self) -> Ledger {
        open(&self.store, &opening(&self.account)).unwrap().ledger
    }

    pub(super) fn recorder(&self) -> Recorder {
        self.recorder_over(Box::new(self.store.clone()))
    }

    pub(super) fn recorder_over(&self, store: Box<dyn Store>) -> Recorder {
        Recorder::begin(self.locked(store), begin()).unwrap()
    }

    pub(super) fn locked(&self, store: Box<dyn Store>) -> Locked {
        let holder = Holder {
            host: "here".into(),
            pid: 1,
            url: None,
            since: now(),
        };
        lock(store, &opening(&self.account), &holder).unwrap()
    }

    pub(super) fn env(&self) -> Env {
        Env::new(Arc::new(now)).with(&self.account, self.fake.clone(), self.recorder())
    }

    pub(super) fn approved(&self, plan: Plan) -> Approved {
        let live = {
            let world = self.world();
            live_of(&world.live, &zone())
        };
        let ledgers = BTreeMap::from([(self.account.clone(), self.ledger())]);
        approve(plan, &ledgers, live, Consent::Given).unwrap()
    }

    /// Runs steps with everything as it usually is.
    pub(super) async fn run(&self, steps: Vec<Step>) -> Told {
        self.run_in(self.env(), plan(steps)).await
    }

    pub(super) async fn run_in(&self, env: Env, plan: Plan) -> Told {
        let mut events = Vec::new();
        let approved = self.approved(plan);
        let report = apply::run(approved, env, &mut |event| events.push(event)).await;
        let wrong = self.world().wrong.clone();
        assert_eq!(wrong, Vec::<String>::new());
        Told { report, events }
    }
}

/// What came of a run.
pub(super) struct Told {
    pub(super) report: Report,
    pub(super) events: Vec<Event>,
}

impl Told {
    pub(super) fn ending(&self, id: u32) -> &Ending {
        let row = self
            .report
            .rows
            .iter()
            .find(|row| row.step.id == StepId(id));
        &row.unwrap().ending
    }

    pub(super) fn applied(&self) -> bool {
        let rows = &self.report.rows;
        rows.iter().all(|row| row.ending == Ending::Applied)
    }
}

/// One word for each event.
pub(super) fn words(events: &[Event]) -> Vec<String> {
    let word = |event: &Event| match event {
        Event::Begun { steps } => format!("begun {steps}"),
        Event::Started { step } => format!("started {}", step.id.0),
        Event::Done { step } => format!("done {}", step.id.0),
        Event::Failed { step, .. } => format!("failed {}", step.id.0),
        Event::Unknown { step, .. } => format!("unknown {}", step.id.0),
        Event::Pending { step } => format!("pending {}", step.id.0),
        Event::Skipped { step, because } => format!("skipped {} by {}", step.id.0, because.0),
        Event::Expanded { steps, .. } => format!("expanded {steps}"),
        Event::Held { .. } => "held".into(),
        Event::Freed { .. } => "freed".into(),
        Event::Interrupted => "interrupted".into(),
    };
    events.iter().map(word).collect()
}

pub(super) fn zone() -> Address {
    Address::of(&account(), &ZONE.into(), Kind::Zone)
}

pub(super) fn host(name: &str) -> Address {
    Address::record(&account(), &ZONE.into(), name, "A")
}

/// An A record's value.
pub(super) fn value(text: &str) -> Attrs {
    Attrs::one("data", Value::text(text))
}

/// Makes an A record `h<id>` in the zone `domain`.
pub(super) fn create_in(domain: &str, id: u32, needs: &[u32]) -> Step {
    let data = format!("192.0.2.{}", id % 250);
    Step {
        id: StepId(id),
        address: Address::record(&account(), &domain.into(), &format!("h{id}"), "A"),
        part: Part::new(&data),
        action: PlanAction::Create,
        kind: Exactness::Exact,
        scope: None,
        reason: Cause::NewInFile,
        needs: needs.iter().map(|id| StepId(*id)).collect(),
        source: None,
        attributes: Box::new([Attribute {
            name: "data",
            before: None,
            after: Some(Value::Known(Data::List(Box::new([data.into()])))),
            applied: None,
            secret: false,
        }]),
        cost: None,
        prior: None,
        consequences: Box::new([]),
        note: None,
        via: Box::new([]),
    }
}

/// Makes an A record in the one zone.
pub(super) fn create(id: u32, needs: &[u32]) -> Step {
    create_in(ZONE, id, needs)
}

/// Makes an A record in a zone of its own.
pub(super) fn apart(id: u32, needs: &[u32]) -> Step {
    create_in(&format!("z{id}.example"), id, needs)
}

pub(super) fn plan(steps: Vec<Step>) -> Plan {
    Plan {
        tool: "bailiwick".into(),
        created: now().to_string(),
        basis: "live".into(),
        digest: "sha256:a".into(),
        changes: true,
        complete: true,
        left_out: 0,
        binds: Binds::default(),
        summary: Summary::default(),
        cost: CostSum {
            now: "0.00".into(),
            yearly: "0.00".into(),
            currency: "EUR".into(),
            limit: "0.00".into(),
            unknown: 0,
        },
        reads: PlanReads::default(),
        steps,
        blocked: Vec::new(),
        scopes: Vec::new(),
        pending: Vec::new(),
        unmanaged: Vec::new(),
        findings: Vec::new(),
    }
}

/// The numbers in the hosts of the writes, in order.
pub(super) fn sent(story: &Story) -> Vec<u32> {
    let world = story.world();
    let number = |write: &Write| -> u32 {
        let (host, _) = write.unit.address.host_and_type().unwrap();
        host.trim_start_matches('h').parse().unwrap()
    };
    world
        .writes
        .iter()
        .map(|(_, write)| number(write))
        .collect()
}

/// True for the record with that number.
pub(super) fn is(write: &Write, id: u32) -> bool {
    *write.unit.address.name == *format!("h{id}/A")
}

/// How often each thing was made.
pub(super) fn made_twice(story: &Story) -> BTreeSet<Unit> {
    let world = story.world();
    let twice = world.created.iter().filter(|(_, count)| **count > 1);
    twice.map(|(unit, _)| unit.clone()).collect()
}

/// A run begun in another store than the story's own.
#[cfg(feature = "object-store")]
pub(super) fn recorder_in(story: &Story, store: Box<dyn Store>, key: &LedgerKey) -> Recorder {
    let holder = Holder {
        host: "here".into(),
        pid: 1,
        url: None,
        since: now(),
    };
    let opening = Opening {
        key,
        ..opening(&story.account)
    };
    Recorder::begin(lock(store, &opening, &holder).unwrap(), begin()).unwrap()
}
