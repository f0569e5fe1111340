//! A transport that answers from a script, for tests of what stands above it.
//!
//! It knows no socket and no clock but tokio's; it makes requests fail exactly as [`super::Client`] would when they
//! cannot be put on the wire.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::time::Instant;

use super::{Body, Effect, Fut, Method, Reason, Request, Response, SendError, Transport};

/// What the script does with a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Answers.
    Answer(Response),
    /// Fails.
    Fail(SendError),
    /// Takes its time first.
    After(Duration, Box<Reply>),
}

/// A request that the script got, with all its values: for tests only.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The method.
    pub method: Method,
    /// The host, with its port if that is not the usual one.
    pub host: String,
    /// The path and query as sent.
    pub target: String,
    /// The headers that were added.
    pub headers: Vec<(&'static str, String)>,
    /// The body: a JSON text, or `name=value` lines of a form.
    pub body: String,
    /// What the request does.
    pub effect: Effect,
    /// When it arrived.
    pub at: Instant,
}

/// A transport that answers from a script.
pub struct Script {
    answer: Box<dyn Fn(&Sent) -> Reply + Send + Sync>,
    sent: Mutex<Vec<Sent>>,
}

impl Script {
    /// Answers each request as a function says.
    pub fn new(answer: impl Fn(&Sent) -> Reply + Send + Sync + 'static) -> Self {
        Self {
            answer: Box::new(answer),
            sent: Mutex::default(),
        }
    }

    /// Answers requests in the order of a list; what comes after its end cannot be sent.
    pub fn of(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies = Mutex::new(replies.into_iter().collect::<VecDeque<_>>());
        Self::new(move |_| {
            let next = replies
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop_front();
            next.unwrap_or_else(|| {
                Reply::Fail(SendError::NotSent(Reason::Setup(
                    "the script is at its end".into(),
                )))
            })
        })
    }

    /// Returns what was sent so far.
    pub fn sent(&self) -> Vec<Sent> {
        self.sent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Reply {
    /// Answers with a status and a body.
    pub fn answer(status: u16, body: &str) -> Self {
        Self::Answer(Response::new(status, body))
    }
}

impl Transport for Script {
    fn send<'a>(&'a self, request: &'a Request) -> Fut<'a, Result<Response, SendError>> {
        Box::pin(async move {
            let sent = Sent::of(request)?;
            let mut reply = (self.answer)(&sent);
            self.sent
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(sent);
            loop {
                reply = match reply {
                    Reply::Answer(response) => return Ok(response),
                    Reply::Fail(error) => return Err(error),
                    Reply::After(pause, then) => {
                        tokio::time::sleep(pause).await;
                        *then
                    }
                };
            }
        })
    }
}

impl Sent {
    fn of(request: &Request) -> Result<Self, SendError> {
        let target = request
            .target()
            .map_err(|flaw| SendError::NotSent(Reason::Malformed(flaw.to_string().into())))?;
        let body = match request.body() {
            Body::Empty => String::new(),
            Body::Json(text) => String::from_utf8_lossy(text.expose_secret()).into_owned(),
            Body::Form(fields) => {
                let lines: Vec<_> = fields
                    .iter()
                    .map(|(name, value)| format!("{name}={}", value.expose_secret()))
                    .collect();
                lines.join("\n")
            }
        };
        Ok(Self {
            method: request.method(),
            host: request.endpoint().host().to_owned(),
            target: target.expose_secret().to_owned(),
            headers: request
                .headers()
                .iter()
                .map(|(name, value)| (*name, value.expose_secret().to_owned()))
                .collect(),
            body,
            effect: request.does(),
            at: Instant::now(),
        })
    }
}
