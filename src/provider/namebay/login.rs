//! One login at Namebay: its token, and the way every call takes.
//!
//! The token is kept in memory alone. All accounts that share the login share it, with the pace and the gate of its
//! [`Link`]. It is renewed before it expires, and once when a call is answered 401; calls that need one at the same
//! time wait for the same request. Credentials that were refused are not tried a second time, so that a typing error
//! does not lock anybody out. Knows no zone and no domain.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use crate::http::{self, Endpoint, Gate, Link, Rate, Request, Response, Retry, SendError, Terms};
use crate::model::{Reason, Secret};

use super::api::account;
use super::errors::{self, Entry, Fault, Refusal, Said};
use super::memory::Memory;

/// The longest time before its end at which a token is renewed.
const MARGIN: Duration = Duration::from_secs(300);
/// The life of a token that does not say (Namebay's live 14 days).
const LIFE: Duration = Duration::from_secs(3600);

/// Who logs in.
pub struct Credentials {
    /// The login's name.
    pub username: Secret,
    /// Its password.
    pub password: Secret,
}

/// Where the calls go.
pub struct Hosts {
    /// The API: `/api/…` is appended.
    pub api: Endpoint,
    /// Where tokens come from: `/token` is appended.
    pub auth: Endpoint,
}

/// One login, shared by the accounts that use it.
pub struct Login {
    link: Link,
    hosts: Hosts,
    credentials: Credentials,
    token: tokio::sync::Mutex<State>,
    /// How many attempts to get a token failed.
    failures: AtomicU64,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// How many tokens there were.
    turns: u64,
    refused: Option<Reason>,
    /// Why the last attempt to get one failed.
    failed: Option<Reason>,
}

struct Token {
    text: SecretString,
    renew_at: Instant,
}

impl Login {
    /// Makes a login; nothing is sent before the first call.
    pub fn new(link: Link, hosts: Hosts, credentials: Credentials) -> Self {
        Self {
            link,
            hosts,
            credentials,
            token: tokio::sync::Mutex::default(),
            failures: AtomicU64::new(0),
            memory: Mutex::default(),
        }
    }

    /// Returns the terms for the login's link: the pace and patience given, and Namebay's idea of an answer.
    pub fn terms(rate: Option<Rate>, retry: Retry) -> Terms {
        Terms {
            rate,
            retry,
            judge: errors::judge,
        }
    }

    /// Returns whether new writes go out.
    pub fn gate(&self) -> Gate {
        self.link.gate()
    }

    /// Returns the address of the API.
    pub(super) fn api(&self) -> &Endpoint {
        &self.hosts.api
    }

    /// Uses what was learned of this server.
    pub(super) fn memory<T>(&self, using: impl FnOnce(&mut Memory) -> T) -> T {
        using(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sends a call with the token and returns an answer that says yes. `make` is called again after a 401, which
    /// says that the call was not taken, whatever it does.
    pub(super) async fn call(
        &self,
        make: impl Fn() -> Request + Send + Sync,
        sealed: &[Secret],
    ) -> Result<Response, Fault> {
        let (mut token, turn) = self.token(None).await?;
        let (mut request, mut response) = self.send(make().bearer(&token)).await?;
        if response.status == 401 {
            (token, _) = self.token(Some(turn)).await?;
            (request, response) = self.send(make().bearer(&token)).await?;
        }
        match errors::said(&response) {
            Said::Yes => Ok(response),
            Said::No(shape, mut entries) => {
                self.mask(&mut entries, Some(&token));
                for entry in &mut entries {
                    sealed.iter().for_each(|secret| entry.mask(secret.expose()));
                }
                Err(Fault::Refused(Refusal {
                    status: response.status,
                    shape,
                    entries,
                    request: request.shown().to_string().into(),
                }))
            }
            Said::Nothing(why) => {
                // Words that were cut may end in a piece of what was sent.
                let why = match sealed {
                    [] => &*why,
                    [..] => "no usable answer; its words are not shown, because a secret was sent",
                };
                Err(Fault::Silent(errors::unusable(
                    &request.shown().to_string(),
                    response.status,
                    why,
                )))
            }
        }
    }

    async fn send(&self, request: Request) -> Result<(Request, Response), Fault> {
        match self.link.send(&request).await {
            Ok(response) => Ok((request, response)),
            Err(failure) => Err(errors::fault(&failure)),
        }
    }

    /// The token, and its turn; a new one if the one of `spent` was refused, or the time is near.
    async fn token(&self, spent: Option<u64>) -> Result<(SecretString, u64), Fault> {
        let failures = self.failures.load(Ordering::Relaxed);
        let mut state = self.token.lock().await;
        if let Some(reason) = &state.refused {
            return Err(Fault::Credentials(reason.clone()));
        }
        // Whoever waited for an attempt that failed has its answer; only later calls try again.
        if let Some(reason) = &state.failed
            && self.failures.load(Ordering::Relaxed) != failures
        {
            return Err(Fault::NotSent(reason.clone()));
        }
        let turn = state.turns;
        if let Some(token) = &state.token
            && spent != Some(turn)
            && Instant::now() < token.renew_at
        {
            return Ok((token.text.clone(), turn));
        }
        state.token = None;
        match self.fetch_token().await {
            Ok(token) => {
                let text = token.text.clone();
                state.token = Some(token);
                state.turns += 1;
                Ok((text, state.turns))
            }
            Err(fault) => {
                if let Fault::Credentials(reason) = &fault {
                    state.refused = Some(reason.clone());
                }
                state.failed = Some(fault.reason());
                self.failures.fetch_add(1, Ordering::Relaxed);
                Err(fault)
            }
        }
    }

    async fn fetch_token(&self) -> Result<Token, Fault> {
        let asked_at = Instant::now();
        let Credentials { username, password } = &self.credentials;
        let request = account::token(&self.hosts.auth, username, password);
        let shown = request.shown().to_string();
        // Whatever goes wrong here, the call that wanted the token was not sent.
        let response = match self.link.send(&request).await {
            Ok(response) => response,
            Err(mut failure) => {
                failure.error = SendError::NotSent(failure.error.reason().clone());
                return Err(errors::fault(&failure));
            }
        };
        match errors::said(&response) {
            Said::Yes => {}
            Said::Nothing(why) => {
                return Err(Fault::NotSent(errors::unusable(
                    &shown,
                    response.status,
                    &why,
                )));
            }
            Said::No(_, mut entries) => {
                self.mask(&mut entries, None);
                let refused = matches!(response.status, 400 | 401 | 403);
                let reason = refused_token(&shown, response.status, &entries);
                return Err(if refused {
                    Fault::Credentials(reason)
                } else {
                    Fault::NotSent(reason)
                });
            }
        }
        let answer: account::Token = response.json().map_err(|error: http::BodyError| {
            Fault::NotSent(errors::unusable(
                &shown,
                response.status,
                &error.to_string(),
            ))
        })?;
        let life = answer.expires_in.0.map_or(LIFE, |seconds| {
            Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
        });
        // Bounded, since a clock cannot be added to without end.
        let life = life.min(Duration::from_secs(400 * 86_400));
        let margin = MARGIN.min(life / 10);
        Ok(Token {
            text: SecretString::from(answer.access_token.0.expose()),
            renew_at: asked_at + (life - margin),
        })
    }

    /// A server may repeat what it was sent.
    fn mask(&self, entries: &mut [Entry], token: Option<&SecretString>) {
        let Credentials { username, password } = &self.credentials;
        for entry in entries {
            entry.mask(password.expose());
            entry.mask(username.expose());
            if let Some(token) = token {
                entry.mask(token.expose_secret());
            }
        }
    }
}

fn refused_token(shown: &str, status: u16, entries: &[Entry]) -> Reason {
    let said = entries
        .iter()
        .find_map(Entry::said)
        .map_or(String::new(), |said| format!(" ({said})"));
    Reason {
        status: Some(status),
        code: "auth.refused".into(),
        text: format!(
            "{shown}: the login is refused{said}. Look at username and password of the account, and at the variables or \
             files they come from"
        )
        .into(),
    }
}
