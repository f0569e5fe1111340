//! What may be sent again, when, and what to make of an attempt that may not.
//!
//! A pure function of (effect, what the attempt came to, the delay that would be next): no clock, no transport.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use super::{Effect, Reason, Response, SendError, Verdict, Why};

/// How often and how patiently requests are repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Attempts in all; 0 counts as 1.
    pub attempts: u32,
    /// The pause before the second attempt; each further one is twice as long, and each gets up to as much again at random.
    pub first: Duration,
    /// The longest such pause.
    pub longest: Duration,
    /// The longest that a provider may ask to wait (`Retry-After`); beyond, the request fails.
    pub max_wait: Duration,
}

/// What to do after an attempt.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// This is the result.
    Settle(Result<Response, SendError>),
    /// Try again after a pause; the error stands if that is no longer possible.
    Again {
        pause: Duration,
        why: Why,
        last: SendError,
    },
}

impl Default for Retry {
    /// Four attempts, 0.5 s doubling to 8 s, at most 60 s for the provider.
    fn default() -> Self {
        Self {
            attempts: 4,
            first: Duration::from_millis(500),
            longest: Duration::from_secs(8),
            max_wait: Duration::from_secs(60),
        }
    }
}

impl Retry {
    /// Returns the pauses before the second and further attempts.
    pub(super) fn pauses(&self) -> ExponentialBackoff {
        ExponentialBuilder::new()
            .with_min_delay(self.first)
            .with_max_delay(self.longest)
            .with_max_times(self.attempts.saturating_sub(1) as usize)
            .with_jitter()
            .build()
    }

    /// Decides what follows an attempt; `pause` is the next of [`Retry::pauses`], none after the last attempt.
    ///
    /// 429 says that the request was not taken, so that any may be repeated; everything else that may pass is repeated
    /// only if twice is the same as once.
    pub(super) fn next(&self, effect: Effect, attempt: Attempt, pause: Option<Duration>) -> Next {
        let (response, why) = match attempt {
            Attempt::Lost(error) => {
                return match pause {
                    Some(pause) if effect.may_repeat() && error.reason().is_passing() => {
                        Next::Again {
                            pause,
                            why: Why::NoAnswer,
                            last: error,
                        }
                    }
                    Some(_) | None => Next::Settle(Err(error)),
                };
            }
            Attempt::Answered(response, _) if response.status == 429 => (response, Why::Busy),
            Attempt::Answered(response, Verdict::Trouble) => (response, Why::Trouble),
            Attempt::Answered(response, Verdict::Answer) => return Next::Settle(Ok(response)),
        };
        let status = response.status;
        let asked = response.retry_after();
        let (failed, reason): (fn(Reason) -> SendError, _) = match why {
            Why::Busy => (SendError::NotSent, Reason::Busy),
            Why::Trouble | Why::NoAnswer => (
                SendError::OutcomeUnknown,
                Reason::Trouble {
                    status,
                    page: response.is_markup(),
                },
            ),
        };
        if why == Why::Trouble && !effect.may_repeat() {
            return Next::Settle(Err(failed(reason)));
        }
        if let Some(asked) = asked.filter(|asked| *asked > self.max_wait) {
            return Next::Settle(Err(failed(Reason::Wait {
                status,
                asked,
                most: self.max_wait,
            })));
        }
        let last = failed(reason);
        match pause {
            Some(pause) => Next::Again {
                pause: pause.max(asked.unwrap_or_default()),
                why,
                last,
            },
            None => Next::Settle(Err(last)),
        }
    }
}

/// What an attempt came to.
#[derive(Debug)]
pub(super) enum Attempt {
    /// An answer, and what the provider's judge says of it.
    Answered(Response, Verdict),
    /// None.
    Lost(SendError),
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(2);
    const ALL: [Effect; 4] = [
        Effect::Read,
        Effect::Idempotent,
        Effect::Creating,
        Effect::Paying,
    ];

    fn after(effect: Effect, attempt: Attempt) -> Next {
        Retry::default().next(effect, attempt, Some(PAUSE))
    }

    fn busy(seconds: u32) -> Attempt {
        let answer = Response::new(429, "").header("retry-after", &seconds.to_string());
        Attempt::Answered(answer, Verdict::Answer)
    }

    #[test]
    fn creating_and_paying_are_repeated_after_429_only() {
        let trouble = || Attempt::Answered(Response::new(502, ""), Verdict::Trouble);
        let lost = || Attempt::Lost(SendError::OutcomeUnknown(Reason::Timeout(PAUSE)));
        let unsent = || Attempt::Lost(SendError::NotSent(Reason::Connect("refused".into())));
        for effect in ALL {
            let repeats = |attempt| matches!(after(effect, attempt), Next::Again { .. });
            let safe = effect.may_repeat();
            assert_eq!(
                [repeats(trouble()), repeats(lost()), repeats(unsent())],
                [safe; 3],
                "{effect:?}"
            );
            assert!(repeats(busy(1)), "{effect:?}");
        }
    }

    #[test]
    fn an_answer_is_handed_over_whatever_its_status() {
        for effect in ALL {
            for status in [200, 300, 302, 404, 500, 525, 740] {
                let next = after(
                    effect,
                    Attempt::Answered(Response::new(status, "[]"), Verdict::Answer),
                );
                assert_eq!(next, Next::Settle(Ok(Response::new(status, "[]"))));
            }
        }
    }

    #[test]
    fn retry_after_is_obeyed_up_to_a_bound() {
        for (asked, expected) in [
            (0, PAUSE),
            (1, PAUSE),
            (30, Duration::from_secs(30)),
            (60, Duration::from_secs(60)),
        ] {
            let last = SendError::NotSent(Reason::Busy);
            let again = Next::Again {
                pause: expected,
                why: Why::Busy,
                last,
            };
            assert_eq!(after(Effect::Paying, busy(asked)), again);
        }
        let (asked, most) = (Duration::from_secs(61), Duration::from_secs(60));
        assert_eq!(
            after(Effect::Paying, busy(61)),
            Next::Settle(Err(SendError::NotSent(Reason::Wait {
                status: 429,
                asked,
                most
            })))
        );
        let closed = Response::new(503, "").header("retry-after", "61");
        assert_eq!(
            after(
                Effect::Idempotent,
                Attempt::Answered(closed, Verdict::Trouble)
            ),
            Next::Settle(Err(SendError::OutcomeUnknown(Reason::Wait {
                status: 503,
                asked,
                most
            })))
        );
    }

    #[test]
    fn what_does_not_pass_is_not_repeated() {
        for reason in [
            Reason::Malformed("x".into()),
            Reason::Setup("x".into()),
            Reason::Untrusted("x".into()),
            Reason::TooLarge {
                status: 200,
                limit: 1,
            },
        ] {
            let error = SendError::NotSent(reason);
            assert_eq!(
                after(Effect::Read, Attempt::Lost(error.clone())),
                Next::Settle(Err(error))
            );
        }
    }

    #[test]
    fn pauses_double_with_jitter_and_end() {
        let pauses: Vec<_> = Retry {
            attempts: 8,
            ..Retry::default()
        }
        .pauses()
        .collect();
        assert_eq!(pauses.len(), 7);
        for (pause, base) in pauses.iter().zip([500, 1000, 2000, 4000, 8000, 8000, 8000]) {
            let base = Duration::from_millis(base);
            assert!(
                *pause >= base && *pause <= 2 * base,
                "{pause:?} for {base:?}"
            );
        }
        assert_eq!(
            Retry {
                attempts: 0,
                ..Retry::default()
            }
            .pauses()
            .count(),
            0
        );
    }
}
