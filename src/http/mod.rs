//! Talking HTTP to a provider, carefully: what may be repeated is repeated, what may not never is.
//!
//! From the bottom up:
//! - an [`Endpoint`] is an address that credentials may be sent to; a [`Request`] is one call below it;
//! - a [`Transport`] makes one attempt and says what came of it: a [`Response`], or a [`SendError`] that tells
//!   *not sent* from *sent, and what happened is unknown*; [`Client`] is the real one, [`script::Script`] the one of tests;
//! - a [`Link`] is one login: it keeps the [`Rate`], repeats by [`Retry`], and shuts its [`Gate`] for writes when the
//!   provider no longer answers.
//!
//! This layer imports nothing else of the crate. It knows no provider: whether an answer with status 5xx is an answer
//! is told by a [`Judge`]. It does not read the environment (see [`Settings`]), has no clock but tokio's, and shows no
//! value that was sent or received: messages hold the method, the host, the path *template* and names of parameters.

mod breaker;
mod client;
mod endpoint;
mod error;
mod json;
mod link;
mod rate;
mod request;
mod response;
mod retry;
pub mod script;
mod trust;
mod watch;

use std::pin::Pin;

pub use breaker::{Breaker, Gate};
pub use client::{Client, Proxy, Settings};
pub use endpoint::{Endpoint, EndpointError, Webhook};
pub use error::{Failure, Reason, SendError};
pub use json::{BodyError, DEPTH_LIMIT, decode};
pub use link::{Judge, Leave, Link, Terms, Verdict, Wire};
pub use rate::{Rate, RateError};
pub use request::{Body, Effect, Flaw, Method, Request, Shown};
pub use response::{Headers, Response};
pub use retry::Retry;
pub use trust::TrustStore;
pub use watch::{Counts, Told, Watch, Why};

/// A boxed future, as the methods of asynchronous traits return it.
pub type Fut<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The way a request takes to the provider.
pub trait Transport: Send + Sync {
    /// Makes one attempt, bounded in time and size; repeats nothing and follows no redirect.
    fn send<'a>(&'a self, request: &'a Request) -> Fut<'a, Result<Response, SendError>>;
}
