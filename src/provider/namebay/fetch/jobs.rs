//! Reads that hang below single objects, run beside each other. Puts nothing together.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::model::{Kind, Reason};
use crate::provider::ProviderError;

use super::super::api::domain::{Contact, Domain, NameServer};
use super::super::api::hosting::FtpUser;
use super::super::api::mail::AutoResponder;
use super::super::api::redirection::{RedirectService, Redirection};
use super::super::api::zone::{DnsSec, NsKey, Record};
use super::super::errors::Fault;
use super::super::session::{List, Session};
use super::assemble::Table;

/// So many objects in a row without an answer, and the API counts as gone.
const SILENT_LIMIT: usize = 3;

/// So many objects are read at a time; how many requests go out at once is the link's to say.
const AT_ONCE: usize = 16;

/// A read that hangs below an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Job {
    Settings(Arc<str>, Box<str>),
    Contacts(Arc<str>, Box<str>),
    Servers(Arc<str>, Box<str>),
    Records(Arc<str>, Box<str>),
    DnsSec(Arc<str>, Box<str>),
    Keys(Arc<str>, Box<str>),
    Redirections(Arc<str>, Box<str>),
    RedirectServices(Arc<str>, Box<str>),
    /// One redirection that the ledger has and the list lacks, by its handle.
    Redirection(Arc<str>, Box<str>, Box<str>),
    /// Of a mailbox, by the name before the `@`.
    Answer(Arc<str>, Box<str>, Arc<str>),
    Users(Arc<str>, Box<str>),
}

/// What it brought.
#[derive(Debug)]
pub(super) enum Got {
    Settings(Domain),
    Contacts(Vec<Contact>),
    Servers(Vec<NameServer>),
    Records(List<Record>),
    Zone(Table),
    DnsSec(DnsSec),
    Keys(Vec<NsKey>),
    Redirections(List<Redirection>),
    Redirection(Option<Redirection>),
    RedirectServices(List<RedirectService>),
    Answer(List<AutoResponder>),
    Users(List<FtpUser>),
}

impl Job {
    async fn run(&self, session: &Session) -> Result<Got, Fault> {
        Ok(match self {
            Job::Settings(_, handle) => {
                Got::Settings(session.object(|calls| calls.domain(handle)).await?)
            }
            Job::Contacts(_, handle) => {
                Got::Contacts(session.list(|calls| calls.contacts(handle)).await?.items())
            }
            Job::Servers(_, handle) => {
                let servers = session.list(|calls| calls.name_servers(handle)).await?;
                Got::Servers(servers.items())
            }
            Job::Records(_, handle) => {
                Got::Records(session.list(|calls| calls.records(handle)).await?)
            }
            Job::DnsSec(_, handle) => {
                Got::DnsSec(session.object(|calls| calls.dnssec(handle)).await?)
            }
            Job::Keys(_, handle) => {
                Got::Keys(session.list(|calls| calls.keys(handle)).await?.items())
            }
            Job::Redirections(_, zone) => {
                Got::Redirections(session.list(|calls| calls.redirections(zone)).await?)
            }
            Job::Redirection(_, zone, handle) => {
                let read = session
                    .list(|calls| calls.redirection(zone, handle))
                    .await?;
                Got::Redirection(read.items().into_iter().next())
            }
            Job::RedirectServices(_, zone) => {
                Got::RedirectServices(session.list(|calls| calls.redirect_services(zone)).await?)
            }
            Job::Answer(_, mailbox, _) => Got::Answer(
                session
                    .perhaps(|calls| calls.autoresponder(mailbox))
                    .await?,
            ),
            Job::Users(_, hosting) => {
                Got::Users(session.list(|calls| calls.ftp_users(hosting)).await?)
            }
        })
    }

    /// The domain or zone.
    pub(super) fn name(&self) -> &Arc<str> {
        match self {
            Job::Settings(name, _)
            | Job::Contacts(name, _)
            | Job::Servers(name, _)
            | Job::Records(name, _)
            | Job::DnsSec(name, _)
            | Job::Keys(name, _)
            | Job::Redirections(name, _)
            | Job::Redirection(name, _, _)
            | Job::RedirectServices(name, _)
            | Job::Answer(name, _, _)
            | Job::Users(name, _) => name,
        }
    }

    /// The object that fails with it, and the part that alone is unreadable where the call does not exist.
    pub(super) fn object(&self) -> (Kind, Option<&'static str>) {
        match self {
            Job::Settings(..) => (Kind::Domain, None),
            Job::Contacts(..) => (Kind::Domain, None),
            Job::Servers(..) => (Kind::Domain, Some("delegation")),
            Job::Records(..) => (Kind::Zone, None),
            Job::DnsSec(..) => (Kind::Zone, Some("dnssec")),
            Job::Keys(..) => (Kind::Domain, None),
            Job::Redirections(..) => (Kind::RedirectService, None),
            Job::Redirection(..) => (Kind::RedirectService, None),
            Job::RedirectServices(..) => (Kind::RedirectService, Some("order")),
            Job::Answer(..) => (Kind::Autoresponder, Some("")),
            Job::Users(..) => (Kind::Hosting, None),
        }
    }
}

/// What the reads below objects brought.
pub(super) type Brought = BTreeMap<Job, Result<Got, Fault>>;

/// Runs reads beside each other; ends early if the login is refused or nobody answers any more. What comes is condensed
/// at once, so that only few answers are held as they came.
pub(super) async fn run(
    session: &Session,
    jobs: Vec<Job>,
    condense: impl Fn(&Job, Got) -> Got,
) -> Result<Brought, ProviderError> {
    let mut jobs = jobs.into_iter();
    let mut running = JoinSet::new();
    let mut brought = Brought::new();
    let mut silent = 0;
    loop {
        while running.len() < AT_ONCE
            && let Some(job) = jobs.next()
        {
            let session = session.clone();
            running.spawn(async move {
                let result = job.run(&session).await;
                (job, result)
            });
        }
        let Some(joined) = running.join_next().await else {
            break;
        };
        let (job, result) = match joined {
            Ok(done) => done,
            Err(error) => {
                let text = format!("reading was broken off: {error}");
                return Err(ProviderError::Unavailable(Reason::ours(
                    "read.broken",
                    text,
                )));
            }
        };
        match &result {
            Err(Fault::Credentials(reason)) => {
                return Err(ProviderError::Credentials(reason.clone()));
            }
            Err(Fault::NotSent(reason) | Fault::Silent(reason)) => {
                silent += 1;
                if silent >= SILENT_LIMIT {
                    return Err(ProviderError::Unavailable(reason.clone()));
                }
            }
            Ok(_) | Err(Fault::Refused(_) | Fault::Nonsense(_)) => silent = 0,
        }
        let result = result.map(|got| condense(&job, got));
        brought.insert(job, result);
    }
    // Where nothing at all was answered, it is not the objects that fail.
    if silent > 0 && silent == brought.len() {
        let reason = brought.values().find_map(|result| match result {
            Err(Fault::NotSent(reason) | Fault::Silent(reason)) => Some(reason.clone()),
            Ok(_) | Err(Fault::Credentials(_) | Fault::Refused(_) | Fault::Nonsense(_)) => None,
        });
        if let Some(reason) = reason {
            return Err(ProviderError::Unavailable(reason));
        }
    }
    Ok(brought)
}
