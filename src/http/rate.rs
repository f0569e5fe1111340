//! How many requests a login sends in which time.
//!
//! Knows tokio's clock and no request; the pauses that a provider asks for are kept here too, because they are for all
//! requests of a login.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::time::Instant;

use super::Endpoint;

/// A number of requests in a time, written `5/1s`; twice as many may go at once after a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    count: NonZeroU32,
    per: Duration,
}

/// Why a rate cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a rate is written as in \"5/1s\": a number of requests, and a time in ms, s, m or h")]
pub struct RateError;

/// The pace of one login.
pub(super) struct Pace {
    limiter: Option<RateLimiter<NotKeyed, InMemoryState, TokioClock, NoOpMiddleware<Duration>>>,
    clock: TokioClock,
    paused_until: Mutex<Instant>,
}

/// tokio's clock, which tests can pause, as governor wants it.
#[derive(Clone)]
struct TokioClock(Instant);

impl Rate {
    /// Makes a rate of `count` requests per `per`; none if that is no time, or more than a year.
    pub fn new(count: NonZeroU32, per: Duration) -> Option<Self> {
        const YEAR: Duration = Duration::from_secs(366 * 24 * 3600);
        let each = per / count.get();
        (!each.is_zero() && per <= YEAR).then_some(Self { count, per })
    }

    /// A rate of so many requests a second.
    pub const fn a_second(count: NonZeroU32) -> Self {
        Self {
            count,
            per: Duration::from_secs(1),
        }
    }

    /// Returns the rate to keep at an address: what is configured, else the usual one, but none at a loopback address.
    pub fn at(endpoint: &Endpoint, configured: Option<Self>, usual: Self) -> Option<Self> {
        configured.or_else(|| (!endpoint.is_loopback()).then_some(usual))
    }

    fn quota(self) -> Option<Quota> {
        let burst = self.count.saturating_mul(NonZeroU32::MIN.saturating_add(1));
        Quota::with_period(self.per / self.count.get()).map(|quota| quota.allow_burst(burst))
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let (count, per) = text.split_once('/').ok_or(RateError)?;
        let unit = per
            .find(|digit: char| !digit.is_ascii_digit())
            .ok_or(RateError)?;
        let (number, unit) = per.split_at(unit);
        let number: u32 = number.parse().map_err(|_| RateError)?;
        let unit = match unit {
            "ms" => Duration::from_millis(1),
            "s" => Duration::from_secs(1),
            "m" => Duration::from_secs(60),
            "h" => Duration::from_secs(3600),
            _ => return Err(RateError),
        };
        if !count.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(RateError);
        }
        Self::new(count.parse().map_err(|_| RateError)?, unit * number).ok_or(RateError)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:?}", self.count, self.per)
    }
}

impl Pace {
    pub(super) fn new(rate: Option<Rate>) -> Self {
        let clock = TokioClock(Instant::now());
        let limiter = rate
            .and_then(Rate::quota)
            .map(|quota| RateLimiter::direct_with_clock(quota, clock.clone()));
        Self {
            limiter,
            paused_until: Mutex::new(clock.0),
            clock,
        }
    }

    /// Waits until one more request may go, and counts it.
    pub(super) async fn ready(&self) {
        loop {
            let paused_until = *self
                .paused_until
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if Instant::now() < paused_until {
                tokio::time::sleep_until(paused_until).await;
                continue;
            }
            match self.limiter.as_ref().map(RateLimiter::check) {
                None | Some(Ok(())) => return,
                Some(Err(early)) => {
                    tokio::time::sleep(early.wait_time_from(self.clock.now())).await
                }
            }
        }
    }

    /// Lets no request go for a while.
    pub(super) fn pause(&self, pause: Duration) {
        let mut until = self
            .paused_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *until = (*until).max(Instant::now().checked_add(pause).unwrap_or(*until));
    }
}

impl Clock for TokioClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_and_written() {
        for good in ["5/1s", "1/250ms", "100/60s"] {
            assert_eq!(good.parse::<Rate>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "5",
            "5/s",
            "5/1",
            "0/1s",
            "5/0s",
            "-1/1s",
            "+5/1s",
            "5/1.5s",
            "5/1d",
            "4000000000/1ms",
            "5/4294967295h",
        ] {
            assert_eq!(bad.parse::<Rate>(), Err(RateError), "{bad}");
        }
    }

    #[test]
    fn loopback_is_not_slowed_down_unless_asked_for() {
        let (usual, own) = ("5/1s".parse().unwrap(), "1/1s".parse().unwrap());
        let local = Endpoint::parse("http://127.0.0.1:1").unwrap();
        let remote = Endpoint::parse("https://rest.namebay.com").unwrap();
        assert_eq!(Rate::at(&local, None, usual), None);
        assert_eq!(Rate::at(&local, Some(own), usual), Some(own));
        assert_eq!(Rate::at(&remote, None, usual), Some(usual));
        assert_eq!(Rate::at(&remote, Some(own), usual), Some(own));
    }

    #[tokio::test(start_paused = true)]
    async fn bursts_of_ten_then_five_a_second() {
        let pace = Pace::new(Some("5/1s".parse().unwrap()));
        let began = Instant::now();
        for _ in 0..10 {
            pace.ready().await;
        }
        assert_eq!(began.elapsed(), Duration::ZERO);
        for _ in 0..20 {
            pace.ready().await;
        }
        let took = began.elapsed();
        assert!(
            took >= Duration::from_millis(3990) && took <= Duration::from_millis(4100),
            "{took:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_is_for_everybody_and_the_longest_counts() {
        let pace = Pace::new(None);
        let began = Instant::now();
        pace.pause(Duration::from_secs(20));
        pace.pause(Duration::from_secs(5));
        pace.ready().await;
        assert!(began.elapsed() >= Duration::from_secs(20));
    }
}
