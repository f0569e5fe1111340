//! Delivery: a few attempts, each bounded in time, and a word of what went wrong that shows nothing of the address.
//!
//! It has no clock but tokio's, and does not know what is delivered. A receiver that answered too late may get the
//! same body again.

use super::signature::{HEADER, sign};
use crate::http::{Reason, Request, Response, SendError, Transport, Webhook};
use secrecy::SecretString;
use std::fmt;
use std::time::Duration;

/// How often a delivery is tried.
pub const ATTEMPTS: u32 = 3;

/// How long one attempt may take.
pub const ATTEMPT_TIME: Duration = Duration::from_secs(10);

/// The pause before the second attempt; before the third it is twice as long.
const PAUSE: Duration = Duration::from_millis(500);

/// The longest pause that a receiver may ask for.
const LONGEST: Duration = Duration::from_secs(10);

/// Where notifications go.
pub struct Notifier<'a> {
    /// The way there; it follows no redirect.
    pub transport: &'a dyn Transport,
    /// The address.
    pub webhook: Webhook,
    /// Signs, where there is one.
    pub key: Option<SecretString>,
}

/// Why a notification did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undelivered {
    /// How often it was tried.
    pub attempts: u32,
    /// What came of the last attempt.
    pub why: Why,
}

/// What came of an attempt. It holds nothing that a library said, because that may name the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// An answer with this status, which is not a good one.
    Status(u16),
    /// No connection.
    Unreachable,
    /// The certificate is not trusted.
    Untrusted,
    /// No answer in time.
    Late,
    /// The connection broke before the answer was there, or the answer is none.
    Broken,
    /// The request cannot be made: the address, or the settings for certificates and proxy.
    Impossible,
}

impl Notifier<'_> {
    /// Delivers a body: three attempts, of which each may take ten seconds.
    pub async fn deliver(&self, body: &str) -> Result<(), Undelivered> {
        let mut request = Request::webhook(&self.webhook, "notify").json_text(body);
        if let Some(key) = &self.key {
            request = request.header(HEADER, sign(key, body.as_bytes()));
        }
        let mut pause = PAUSE;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let attempt = self.transport.send(&request);
            let (why, asked) = match tokio::time::timeout(ATTEMPT_TIME, attempt).await {
                Ok(Ok(response)) if response.is_success() => return Ok(()),
                Ok(Ok(response)) => (Why::Status(response.status), asked(&response)),
                Ok(Err(error)) => (Why::of(&error), Duration::ZERO),
                Err(_) => (Why::Late, Duration::ZERO),
            };
            if attempts == ATTEMPTS || !why.is_passing() {
                return Err(Undelivered { attempts, why });
            }
            tokio::time::sleep(pause.max(asked)).await;
            pause *= 2;
        }
    }
}

fn asked(response: &Response) -> Duration {
    response.retry_after().unwrap_or_default().min(LONGEST)
}

impl Why {
    fn of(error: &SendError) -> Self {
        match error.reason() {
            Reason::Connect(_) => Why::Unreachable,
            Reason::Untrusted(_) => Why::Untrusted,
            Reason::Timeout(_) => Why::Late,
            Reason::Broken { .. } | Reason::TooLarge { .. } => Why::Broken,
            Reason::Trouble { status, .. } | Reason::Wait { status, .. } => Why::Status(*status),
            Reason::Busy => Why::Status(429),
            Reason::Malformed(_) | Reason::Setup(_) | Reason::Held | Reason::Withdrawn(_) => {
                Why::Impossible
            }
        }
    }

    /// True if another attempt may fare better.
    fn is_passing(self) -> bool {
        match self {
            Why::Status(status) => matches!(status, 408 | 425 | 429 | 500..),
            Why::Unreachable | Why::Late | Why::Broken => true,
            Why::Untrusted | Why::Impossible => false,
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Status(status @ 300..400) => write!(
                f,
                "it answers with status {status}, a redirect, and none is followed"
            ),
            Why::Status(status) => write!(f, "it answers with status {status}"),
            Why::Unreachable => f.write_str("there is no connection to it"),
            Why::Untrusted => f.write_str("its certificate is not trusted"),
            Why::Late => write!(f, "no answer within {ATTEMPT_TIME:?}"),
            Why::Broken => f.write_str("the connection broke before the answer was complete"),
            Why::Impossible => f.write_str("the request cannot be made"),
        }
    }
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the webhook of [notify] was not told: {}", self.why)?;
        if self.attempts > 1 {
            write!(f, ", after {} attempts", self.attempts)?;
        }
        Ok(())
    }
}

impl std::error::Error for Undelivered {}
