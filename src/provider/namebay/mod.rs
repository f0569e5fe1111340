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
mod api;
mod convert;
mod errors;
mod fetch;
mod limits;
mod login;
mod look;
mod memory;
mod perform;
mod session;
mod spelling;

pub use login::{Credentials, Hosts, Login};

use std::num::NonZeroU32;
use std::sync::Arc;

use crate::diag::Diagnostics;
use crate::http;
use crate::model::{
    Account, Admitted, Answer, Desired, Kind, Live, Offers, Outcome, Pending, Roster, Secret, Unit,
    Wish, Write,
};

use super::{Fut, Gate, Key, Provider, ProviderError};
use errors::Fault;
use session::Session;

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
        let (owned, zones) = tokio::join!(
            session.list(|calls| calls.owned_domains()),
            session.list(|calls| calls.zones())
        );
        Ok(Roster {
            domains: fetch::held(owned?.items()).into_keys().collect(),
            zones: fetch::by_name(zones?.items()).into_keys().collect(),
            ..Roster::default()
        })
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

    fn perform<'a>(&'a self, write: &'a Write, _secrets: &'a [Secret]) -> Fut<'a, Answer> {
        Box::pin(async move { perform::perform(&self.session(), write).await.into() })
    }

    fn look<'a>(&'a self, write: &'a Write, _pending: Option<&'a Pending>) -> Fut<'a, Outcome> {
        Box::pin(async move { look::look(&self.session(), write).await })
    }

    /// A zone and its records are written one after another, and so are the facets of a domain.
    fn key(&self, unit: &Unit) -> Key {
        let kind = if unit.address.kind == Kind::Record {
            Kind::Zone
        } else {
            unit.address.kind
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
