//! One login at one provider: its pace, its patience, and its gate.
//!
//! Puts the pieces of this layer together around a [`Transport`]. Knows neither reqwest nor any provider: whether an
//! answer is one is asked of a [`Judge`].

use std::num::NonZeroUsize;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::{Mutex, Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::rate::Pace;
use super::retry::{Attempt, Next};
use super::{
    Breaker, Counts, Failure, Gate, Rate, Reason, Request, Response, Retry, SendError, Told,
    Transport, Watch,
};

/// What a provider says of an answer; never asked about 429, which this layer understands.
pub type Judge = fn(&Response) -> Verdict;

/// Whether an answer is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The provider understood the request and answered, be it with a refusal.
    Answer,
    /// Something on the way or behind it failed: what became of the request is not known.
    Trouble,
}

/// Says whether a run may still write, or why it may not any more; asked before each writing request is sent.
pub type Leave = Arc<dyn Fn() -> Result<(), Box<str>> + Send + Sync>;

/// What all logins of a run share: the transport, the places for requests at once, who is asked and who is told.
#[derive(Clone)]
pub struct Wire {
    transport: Arc<dyn Transport>,
    places: Arc<Semaphore>,
    counts: Arc<Counts>,
    leaves: Arc<RwLock<Vec<Leave>>>,
    watch: Option<Watch>,
}

/// The terms on which requests of a login go out.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// The pace, if there is a limit.
    pub rate: Option<Rate>,
    /// How often and how patiently requests are repeated.
    pub retry: Retry,
    /// What the provider says of an answer.
    pub judge: Judge,
}

/// One login at one provider.
pub struct Link {
    wire: Wire,
    terms: Terms,
    pace: Pace,
    breaker: Breaker,
    // Whoever has the turn waits for the pace and then for a place. Without it, requests that wait for a place would
    // already have been counted by the pace, and would go all at once when places come free.
    turn: Mutex<()>,
}

impl Wire {
    /// Makes one over a transport, for so many requests at once in all.
    pub fn new(transport: Arc<dyn Transport>, parallelism: NonZeroUsize) -> Self {
        let places = parallelism.get().min(Semaphore::MAX_PERMITS);
        Self {
            transport,
            places: Arc::new(Semaphore::new(places)),
            counts: Arc::default(),
            leaves: Arc::default(),
            watch: None,
        }
    }

    /// Tells this one what happens.
    #[must_use]
    pub fn watched_by(mut self, watch: Watch) -> Self {
        self.watch = Some(watch);
        self
    }

    /// Sends nothing but reads any more, on all logins, once this one or an earlier one says so.
    pub fn writes_need(&self, leave: Leave) {
        let mut leaves = self.leaves.write().unwrap_or_else(PoisonError::into_inner);
        leaves.push(leave);
    }

    /// Whether all that were named allow a write.
    fn may_write(&self) -> Result<(), Reason> {
        let leaves = self.leaves.read().unwrap_or_else(PoisonError::into_inner);
        let asked = leaves.iter().try_for_each(|leave| leave());
        asked.map_err(Reason::Withdrawn)
    }

    /// Returns the counts of what was sent.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    fn tell(&self, told: &Told<'_>) {
        if let Some(watch) = &self.watch {
            watch(told);
        }
    }
}

impl Link {
    /// Opens a link for one login.
    pub fn new(wire: Wire, terms: Terms) -> Self {
        Self {
            pace: Pace::new(terms.rate),
            wire,
            terms,
            breaker: Breaker::new(),
            turn: Mutex::new(()),
        }
    }

    /// Returns whether new writes go out.
    pub fn gate(&self) -> Gate {
        self.breaker.gate()
    }

    /// Sends a request, again where that is safe, and returns the answer.
    ///
    /// What comes back is an answer ([`Verdict::Answer`]) with any status but 429, a refusal too; everything else is a
    /// failure that says whether the request may have been carried out.
    pub async fn send(&self, request: &Request) -> Result<Response, Failure> {
        let mut pauses = self.terms.retry.pauses();
        let mut attempts = 0;
        let mut in_doubt = false;
        let mut before = None;
        let settled = loop {
            let place = match self.enter(request).await {
                Ok(place) => place,
                Err(reason) => {
                    break Err(match before {
                        Some(last) if reason == Reason::Held => last,
                        Some(_) | None => SendError::NotSent(reason),
                    });
                }
            };
            attempts += 1;
            let attempt = self.attempt(request, attempts).await;
            drop(place);
            let doubtful = leaves_doubt(&attempt);
            match self
                .terms
                .retry
                .next(request.does(), attempt, pauses.next())
            {
                Next::Settle(result) => break result,
                Next::Again { pause, why, last } => {
                    if why == super::Why::Busy {
                        self.pace.pause(pause);
                    }
                    in_doubt |= doubtful;
                    before = Some(last);
                    self.wire.tell(&Told::Waiting {
                        request: request.shown(),
                        attempt: attempts + 1,
                        pause,
                        why,
                    });
                    tokio::time::sleep(pause).await;
                }
            }
        };
        settled.map_err(|error| Failure {
            error: match error {
                // The last attempt was not sent, but one before it may have been carried out.
                SendError::NotSent(reason) if in_doubt => SendError::OutcomeUnknown(reason),
                SendError::NotSent(_) | SendError::OutcomeUnknown(_) => error,
            },
            request: request.shown().to_string().into(),
            attempts,
        })
    }

    /// Waits until a request may go, or says why it may not.
    async fn enter(&self, request: &Request) -> Result<SemaphorePermit<'_>, Reason> {
        let may = || match (request.does().is_write(), self.gate()) {
            (false, Gate::Open | Gate::Shut { .. }) => Ok(()),
            (true, Gate::Open) => self.wire.may_write(),
            (true, Gate::Shut { .. }) => Err(Reason::Held),
        };
        let _turn = self.turn.lock().await;
        may()?;
        self.pace.ready().await;
        let place = self
            .wire
            .places
            .acquire()
            .await
            .expect("nobody closes the semaphore");
        // The wait may have been long: the gate may have been shut, and this process may have stood still meanwhile.
        may()?;
        Ok(place)
    }

    async fn attempt(&self, request: &Request, attempt: u32) -> Attempt {
        self.wire.counts.note(request);
        let began = Instant::now();
        let result = self.wire.transport.send(request).await;
        let (request, took) = (request.shown(), began.elapsed());
        match &result {
            Ok(response) => {
                self.wire.tell(&Told::Answered {
                    request,
                    attempt,
                    status: response.status,
                    took,
                });
            }
            Err(error) => self.wire.tell(&Told::Failed {
                request,
                attempt,
                error,
                took,
            }),
        }
        let attempt = match result {
            // A provider that complains about the number of requests is there.
            Ok(response) if response.status == 429 => Attempt::Answered(response, Verdict::Answer),
            Ok(response) => {
                let verdict = (self.terms.judge)(&response);
                Attempt::Answered(response, verdict)
            }
            Err(error) => Attempt::Lost(error),
        };
        let turned = match &attempt {
            Attempt::Answered(_, Verdict::Answer) => self.breaker.answered(),
            Attempt::Answered(_, Verdict::Trouble) => self.breaker.unanswered(),
            Attempt::Lost(error) if error.reason().blames_provider() => self.breaker.unanswered(),
            Attempt::Lost(_) => None,
        };
        if let Some(gate) = turned {
            self.wire.tell(&Told::Gate(gate));
        }
        attempt
    }
}

fn leaves_doubt(attempt: &Attempt) -> bool {
    match attempt {
        Attempt::Answered(_, Verdict::Answer) => false,
        Attempt::Answered(_, Verdict::Trouble) => true,
        Attempt::Lost(error) => error.is_unknown(),
    }
}
