//! Namebay: its REST API as a [`Provider`].
//!
//! - `api`: the calls and what they carry; `errors`: what an answer says;
//! - [`Login`]: the token, shared by the accounts that log in with the same name; `session`: asking for one account;
//! - `convert`, `spelling`: between what Namebay says and the model, and how it wants records written;
//! - `admit`, `limits`: the file in Namebay's form, and what it cannot hold;
//! - `fetch`, `perform`, `look`: reading, writing, and finding out what became of a write.
//!
//! Nothing outside this folder knows that a zone has its domain's handle, that an error may come with status 200, or
//! that the TTL belongs to the zone.

mod admit;
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "the calls and members that only orders use; nothing orders yet"
    )
)]
mod api;
mod availability;
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "what orders and quotes are made of; nothing orders yet"
    )
)]
mod basket;
mod catalogue;
mod convert;
mod errors;
mod fetch;
mod limits;
mod login;
mod look;
mod market;
mod marks;
mod memory;
mod perform;
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "what orders and quotes are made of; nothing orders yet"
    )
)]
mod progress;
mod session;
mod spelling;

pub use limits::password_problem;
pub use login::{Credentials, Hosts, Login};

use std::num::NonZeroU32;
use std::sync::Arc;

use crate::diag::Diagnostics;
use crate::http;
use crate::model::{
    Account, Address, Admitted, Answer, Desired, Kind, LastSeen, Live, Offers, Outcome, Pending,
    Roster, Secret, Unit, Wish, Write,
};

use super::{Fut, Gate, Key, Market, Provider, ProviderError};
use api::mail::{MailBox, MailService};
use errors::Fault;
use marks::Mark;
use session::{List, Session};

/// The pace where the file does not say otherwise: five requests a second. The contract names no limit.
pub const USUAL_RATE: http::Rate = http::Rate::a_second(NonZeroU32::MIN.saturating_add(4));

/// One account at Namebay: a customer acted for by a login.
pub struct Namebay {
    login: Arc<Login>,
    account: Account,
    user: String,
}

impl Namebay {
    /// Makes an account; `user` is the handle of the customer acted for.
    pub fn new(login: Arc<Login>, account: Account, user: String) -> Self {
        Self {
            login,
            account,
            user,
        }
    }

    fn session(&self) -> Session {
        Session::new(&self.login, &self.user)
    }

    async fn names(&self) -> Result<Roster, Fault> {
        let session = self.session();
        let (owned, zones, services, boxes) = tokio::join!(
            session.list(|calls| calls.owned(None)),
            session.list(|calls| calls.zones()),
            session.list::<MailService>(|calls| calls.mail_services()),
            session.list::<MailBox>(|calls| calls.mailboxes())
        );
        let owned = owned?.items();
        let services = some_of(services)?;
        let boxes = some_of(boxes)?;
        Ok(Roster {
            domains: fetch::held(&owned, "domain").into_keys().collect(),
            zones: fetch::by_name(zones?.items()).into_keys().collect(),
            hostings: fetch::held(&owned, "hosting").into_keys().collect(),
            mails: services
                .iter()
                .filter_map(|service| convert::domain_name(&service.name))
                .collect(),
            mailboxes: boxes
                .iter()
                .filter_map(|mailbox| convert::mail::place(&mailbox.address))
                .collect(),
        })
    }
}

/// The items of a list; none where there is no such call, since then nothing of the kind can be managed.
fn some_of<T>(list: Result<List<T>, Fault>) -> Result<Vec<T>, Fault> {
    match list {
        Ok(list) => Ok(list.items()),
        Err(Fault::Refused(refusal)) if refusal.is_no_call() => Ok(Vec::new()),
        Err(fault) => Err(fault),
    }
}

impl Provider for Namebay {
    fn admit(&self, desired: Desired, told: &mut Diagnostics) -> Admitted {
        admit::admit(desired, told)
    }

    fn fetch<'a>(&'a self, wish: &'a Wish<'a>) -> Fut<'a, Result<Live, ProviderError>> {
        Box::pin(fetch::fetch(&self.account, self.session(), wish))
    }

    fn roster(&self) -> Fut<'_, Result<Roster, ProviderError>> {
        Box::pin(async { self.names().await.map_err(Fault::for_account) })
    }

    fn quote<'a>(&'a self, _orders: &'a [Write]) -> Fut<'a, Result<Offers, ProviderError>> {
        Box::pin(async { Ok(Offers::default()) })
    }

    fn perform<'a>(&'a self, write: &'a Write, secrets: &'a [Secret]) -> Fut<'a, Answer> {
        Box::pin(async move {
            let session = self.session();
            perform::perform(&session, write, secrets).await.into()
        })
    }

    fn look<'a>(&'a self, write: &'a Write, pending: Option<&'a Pending>) -> Fut<'a, Outcome> {
        Box::pin(async move { look::look(&self.session(), write, pending).await })
    }

    fn learned(&self) -> LastSeen {
        let moved = self.login.memory(|memory| memory.moved(&self.account));
        let mark = |(zone, handle): (Address, Box<str>)| {
            let mark = Mark {
                handle,
                ..Mark::default()
            };
            Some((zone.full_text().into(), mark.text()?))
        };
        LastSeen {
            marks: moved.into_iter().filter_map(mark).collect(),
        }
    }

    /// A zone with its records and redirections is written one after another, and so are the facets of a domain, the
    /// mailboxes of a service and the users of a hosting.
    fn key(&self, unit: &Unit) -> Key {
        let kind = match unit.address.kind {
            // A redirection brings records into the zone.
            Kind::Record | Kind::Redirect => Kind::Zone,
            Kind::Mailbox | Kind::Autoresponder => Kind::Mail,
            Kind::FtpUser | Kind::Database | Kind::Site | Kind::Wordpress => Kind::Hosting,
            own @ (Kind::Contact
            | Kind::Domain
            | Kind::Zone
            | Kind::RedirectService
            | Kind::Mail
            | Kind::Hosting
            | Kind::Certificate
            | Kind::NsKey) => own,
        };
        let Account(account) = &unit.address.account;
        Key(format!("{account}/{}/{}", kind.word(), unit.address.domain).into())
    }

    fn gate(&self) -> Gate {
        match self.login.gate() {
            http::Gate::Open => Gate::Open,
            http::Gate::Shut { .. } => Gate::Shut,
        }
    }

    fn market(&self) -> Option<&dyn Market> {
        Some(self)
    }

    fn probe(&self) -> Fut<'_, Gate> {
        Box::pin(async {
            // Whatever is answered, the gate has heard it; a name that nobody has keeps the answer short.
            let session = self.session();
            let _ = session
                .send(|calls| calls.zones_named("probe.invalid"))
                .await;
            self.gate()
        })
    }
}
