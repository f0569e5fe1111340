//! Who is told of a drift or an apply: the webhook's secrets are fetched, what was told last is remembered beside the
//! ledgers, and a notification that does not arrive is told and fails nothing.
//!
//! A `drift` that was asked to notify reads the secrets before anything is sent; an `apply` only once there is
//! something to tell, so that whoever applies by hand needs no webhook. What is said is made by `notify`.

use super::books::{self, Arrived};
use super::connect::{self, Connected};
use super::credentials;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Failure, Stop};
use super::opening;
use super::session::Session;
use super::signals::Signals;
use crate::apply::Report;
use crate::config::{Loaded, NotifyConf, NotifyForm, NotifyOn};
use crate::diag::{Code, Diagnostic, Diagnostics, Severity};
use crate::drift::{self, Counted, Drift};
use crate::http::{Client, Settings, Webhook};
use crate::ledger::Store;
use crate::model::{Account, Address};
use crate::notify::{self, ATTEMPT_TIME, Done, Event, Form, Memory, Notifier};
use crate::plan::{self, Scoped};
use crate::render::json;
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};

/// Where it is remembered, in the cache beside each ledger: by first file, since several may share an account.
const NAME: &str = "notified.json";

const SANDBOX: &str = "under --sandbox nobody is notified";

const WEBHOOK: Code = Code {
    id: "notify.webhook",
    title: "The address of a webhook cannot be used",
};

/// A webhook that can be told.
pub(super) struct Ready {
    client: Client,
    webhook: Webhook,
    key: Option<SecretString>,
}

impl Ready {
    fn new(conf: &NotifyConf, loaded: &Loaded, env: &Env) -> Result<Self, Box<Diagnostic>> {
        let address = credentials::of(&conf.webhook, env)?;
        let webhook = Webhook::parse(address.expose()).map_err(|error| {
            let message = format!("the {} cannot be used: {error}", conf.webhook.what);
            let problem = Diagnostic::error(WEBHOOK, message).at(conf.webhook.span, "");
            Box::new(problem.help("mend what the reference points at"))
        })?;
        let key = match &conf.key {
            Some(key) => Some(SecretString::from(credentials::of(key, env)?.expose())),
            None => None,
        };
        let settings = Settings {
            answer: ATTEMPT_TIME,
            ..connect::settings(loaded, env)
        };
        Ok(Self {
            client: Client::new(settings),
            webhook,
            key,
        })
    }

    async fn deliver(&self, body: &str) -> Result<(), String> {
        let notifier = Notifier {
            transport: &self.client,
            webhook: self.webhook.clone(),
            key: self.key.clone(),
        };
        let delivered = notifier.deliver(body).await;
        delivered.map_err(|undelivered| undelivered.to_string())
    }
}

/// Whom `drift --notify-on-change` tells; nobody in the sandbox. Nothing has been sent yet.
pub(super) fn listener(
    session: &Session,
    audience: Audience,
    env: &mut Env,
) -> Result<Option<Ready>, Stop> {
    let Session { opened, connected } = session;
    let refuse = |message: &str, help: &str| {
        Stop::from(Failure::new(Exit::Invalid, "notify.none", message).help(help))
    };
    let conf = opened.loaded.notify.as_ref().ok_or_else(|| {
        refuse(
            "--notify-on-change tells the webhook of [notify], and the file has none",
            "write [notify] with webhook = { env = \"HOOK_URL\" } in the first file",
        )
    })?;
    let told = [NotifyOn::Drift, NotifyOn::Recovered, NotifyOn::Expiry];
    if !told.iter().any(|on| conf.on.contains(on)) {
        return Err(refuse(
            "--notify-on-change would tell nothing: `on` of [notify] names nothing that a drift tells",
            "name \"drift\", \"recovered\" or \"expiry\" in `on`, or take `on` out",
        ));
    }
    if connected.sandbox.is_some() {
        return Ok(None);
    }
    Ready::new(conf, &opened.loaded, env)
        .map(Some)
        .map_err(|problem| {
            let mut told = Diagnostics::default();
            told.push(*problem);
            Stop::Told(opening::refuse(&told, &opened.sources, audience, env))
        })
}

/// Tells of a drift what is news, and remembers it if it arrived; otherwise the next run tells it again.
pub(super) async fn of_drift(
    session: &Session,
    ready: Option<&Ready>,
    (drift, counted): (Drift, &Counted),
) -> Drift {
    let Session { opened, connected } = session;
    let (Some(conf), Some(ready)) = (&opened.loaded.notify, ready) else {
        let nobody = said("notify.sandbox", Severity::Notice, SANDBOX.to_owned());
        return drift.telling([nobody]);
    };
    let first_file = books::first_file(&opened.loaded, connected);
    let known = Known::read(connected, &first_file);
    let before = known.any();
    let (mut events, after) = before.of_drift(&drift, counted);
    events.retain(|event| conf.on.contains(&on(*event)));
    if !events.is_empty() {
        let body = notify::of_drift(form(conf), &events, (&drift, counted));
        if let Err(why) = ready.deliver(&body).await {
            return drift.telling([said("notify.failed", Severity::Warning, why)]);
        }
    }
    let kept = known.keep(connected, |memory| {
        memory.drift.clone_from(&after.drift);
        memory.expiry.clone_from(&after.expiry);
    });
    match kept {
        Ok(()) => drift,
        Err(why) => drift.telling([said("notify.forgotten", Severity::Warning, why)]),
    }
}

/// Says on stderr what became of the notification.
pub(super) fn say_of_drift(drift: &Drift, env: &mut Env) {
    for finding in &drift.findings {
        if finding.code.starts_with("notify.") {
            say(finding.severity, &finding.message, env);
        }
    }
}

/// Tells of an apply that it failed, or that what was pending is done.
pub(super) async fn of_report(
    (session, arrived): (&Session, &Arrived),
    (report, exit): (&mut Report, Exit),
    (signals, env): (&mut Signals, &mut Env),
) {
    let Session { opened, connected } = session;
    let Some(conf) = &opened.loaded.notify else {
        return;
    };
    let first_file = books::first_file(&opened.loaded, connected);
    let known = Known::read(connected, &first_file);
    let nothing = Arrived::new();
    let arrived = match conf.on.contains(&NotifyOn::PendingDone) {
        true => arrived,
        false => &nothing,
    };
    let news = known.news(arrived);
    report.findings.extend(news.iter().map(|address| {
        let message = "what was pending at the provider is done".to_owned();
        plan::Finding {
            scope: Scoped::Object,
            address: Some(address.clone()),
            ..found("notify.pending-done", Severity::Notice, message)
        }
    }));
    let mut events = BTreeSet::new();
    if is_failure(exit) && conf.on.contains(&NotifyOn::Failed) {
        events.insert(Event::Failed);
    }
    if !news.is_empty() {
        events.insert(Event::PendingDone);
    }
    let body = || notify::of_report(form(conf), &events, (report, exit.code()));
    let told = match events.is_empty() {
        true => Told::Delivered,
        false => tell(session, conf, body(), (signals, env)).await,
    };
    let finding = match told {
        Told::Delivered => {
            let kept = known.keep_done(connected, arrived, Memory::having_told);
            kept.err()
                .map(|why| found("notify.forgotten", Severity::Warning, why))
        }
        Told::Nobody => Some(found(
            "notify.sandbox",
            Severity::Notice,
            SANDBOX.to_owned(),
        )),
        Told::Failed(why) => {
            // If that fails too, it is lost: the ledger has noted it.
            let _ = known.keep_done(connected, arrived, Memory::owing);
            Some(found("notify.failed", Severity::Warning, why))
        }
    };
    if let Some(finding) = finding {
        say(finding.severity, &finding.message, env);
        report.findings.push(finding);
    }
}

/// Tells of an apply that ended before there was a report.
pub(super) async fn of_failure(
    session: &Session,
    failure: &Failure,
    (signals, env): (&mut Signals, &mut Env),
) {
    let on = |conf: &&NotifyConf| conf.on.contains(&NotifyOn::Failed);
    let Some(conf) = session.opened.loaded.notify.as_ref().filter(on) else {
        return;
    };
    if !is_failure(failure.exit) {
        return;
    }
    let failure = json::Failure {
        code: failure.code.to_string(),
        message: failure.sentence(),
        exit: failure.exit.code(),
    };
    let body = notify::of_failure(form(conf), &failure);
    match tell(session, conf, body, (signals, env)).await {
        Told::Delivered => {}
        Told::Nobody => say(Severity::Notice, SANDBOX, env),
        Told::Failed(why) => say(Severity::Warning, &why, env),
    }
}

/// What became of a notification.
enum Told {
    Delivered,
    Nobody,
    Failed(String),
}

/// Tells the webhook of an apply; a signal ends the wait.
async fn tell(
    session: &Session,
    conf: &NotifyConf,
    body: String,
    (signals, env): (&mut Signals, &mut Env),
) -> Told {
    if session.connected.sandbox.is_some() {
        return Told::Nobody;
    }
    let ready = match Ready::new(conf, &session.opened.loaded, env) {
        Ok(ready) => ready,
        Err(problem) => {
            let message = problem.message;
            return Told::Failed(format!("the webhook of [notify] was not told: {message}"));
        }
    };
    tokio::select! {
        delivered = ready.deliver(&body) => match delivered {
            Ok(()) => Told::Delivered,
            Err(why) => Told::Failed(why),
        },
        _ = signals.next() => {
            Told::Failed("the webhook of [notify] was not told: a signal ended the wait".to_owned())
        }
    }
}

/// True for those ends that somebody who did not watch has to know of. What a guard refused, a plan that is stale, a
/// ledger that is held and a run that was stopped are told to whoever asked.
fn is_failure(exit: Exit) -> bool {
    match exit {
        Exit::Failed | Exit::Credentials | Exit::Partly | Exit::Unknown => true,
        Exit::Done
        | Exit::Changes
        | Exit::Invalid
        | Exit::Refused
        | Exit::Stale
        | Exit::Locked
        | Exit::Pending
        | Exit::Stopped(_) => false,
    }
}

fn form(conf: &NotifyConf) -> Form {
    match conf.form {
        NotifyForm::Json => Form::Json,
        NotifyForm::Slack => Form::Slack,
        NotifyForm::Teams => Form::Teams,
    }
}

fn on(event: Event) -> NotifyOn {
    match event {
        Event::Drift => NotifyOn::Drift,
        Event::Recovered => NotifyOn::Recovered,
        Event::Expiry => NotifyOn::Expiry,
        Event::Failed => NotifyOn::Failed,
        Event::PendingDone => NotifyOn::PendingDone,
    }
}

fn said(code: &'static str, severity: Severity, message: String) -> drift::Finding {
    drift::Finding {
        code,
        severity,
        address: None,
        message,
        origin: None,
    }
}

fn found(code: &'static str, severity: Severity, message: String) -> plan::Finding {
    plan::Finding {
        code,
        severity,
        scope: Scoped::Plan,
        address: None,
        message,
        source: None,
    }
}

fn say(severity: Severity, message: &str, env: &mut Env) {
    let line = format!("{}: {message}", severity.word());
    env.streams.err.line(&line);
}

/// What was told last, by account.
struct Known<'a> {
    first_file: &'a str,
    memories: BTreeMap<Account, Memory>,
}

/// What one cache holds, by first file; what cannot be read is forgotten, so that it is told once more.
type Kept = BTreeMap<Box<str>, Memory>;

impl<'a> Known<'a> {
    fn read(connected: &Connected, first_file: &'a str) -> Self {
        let memories = connected.keys.keys().filter_map(|account| {
            let memory = kept(&*store(connected, account)?).remove(first_file)?;
            Some((account.clone(), memory))
        });
        Self {
            first_file,
            memories: memories.collect(),
        }
    }

    /// A drift is of all accounts, and kept beside each: one that comes anew knows nothing.
    fn any(&self) -> Memory {
        self.memories.values().next().cloned().unwrap_or_default()
    }

    /// Those of what has arrived that were not told yet.
    fn news(&self, arrived: &Arrived) -> Vec<Address> {
        let nothing = Memory::default();
        let of = |(account, done): (&Account, &Done)| {
            let memory = self.memories.get(account).unwrap_or(&nothing);
            let news = memory.news(done).into_values();
            news.filter_map(|address| Address::parse(&address, account))
                .collect::<Vec<_>>()
        };
        arrived.iter().flat_map(of).collect()
    }

    fn keep(&self, connected: &Connected, change: impl Fn(&mut Memory)) -> Result<(), String> {
        connected
            .keys
            .keys()
            .try_for_each(|account| self.change(connected, account, |memory| change(memory)))
    }

    fn keep_done(
        &self,
        connected: &Connected,
        arrived: &Arrived,
        after: fn(&Memory, &Done) -> Memory,
    ) -> Result<(), String> {
        arrived.iter().try_for_each(|(account, done)| {
            self.change(connected, account, |memory| *memory = after(memory, done))
        })
    }

    /// Writes only what has changed.
    fn change(
        &self,
        connected: &Connected,
        account: &Account,
        change: impl FnOnce(&mut Memory),
    ) -> Result<(), String> {
        let before = self.memories.get(account).cloned().unwrap_or_default();
        let mut after = before.clone();
        change(&mut after);
        let Some(store) = store(connected, account).filter(|_| after != before) else {
            return Ok(());
        };
        let mut all = kept(&*store);
        all.insert(self.first_file.into(), after);
        let bytes = serde_json::to_vec(&all).map_err(|error| error.to_string());
        let written =
            bytes.and_then(|bytes| store.cache(NAME, &bytes).map_err(|error| error.to_string()));
        written.map_err(|error| {
            format!(
                "what was told cannot be written down, so that the next run tells it again: {error}"
            )
        })
    }
}

fn kept(store: &dyn Store) -> Kept {
    let bytes = store.cached(NAME).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn store(connected: &Connected, account: &Account) -> Option<Box<dyn Store>> {
    let key = connected.keys.get(account)?;
    Some(connected.ledgers.store(key))
}
