//! What happens on the wire, told to whoever wants to know: `--verbose`, and tests that count requests.
//!
//! Holds no value that was sent or received.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{Effect, Gate, Method, Request, SendError, Shown};

/// Somebody who is told what happens on the wire.
pub type Watch = Arc<dyn Fn(&Told<'_>) + Send + Sync>;

/// Something that happened on the wire.
#[derive(Debug)]
pub enum Told<'a> {
    /// An attempt was answered.
    Answered {
        /// The request.
        request: Shown<'a>,
        /// Which attempt it was, from 1.
        attempt: u32,
        /// The status of the answer.
        status: u16,
        /// How long it took.
        took: Duration,
    },
    /// An attempt failed.
    Failed {
        /// The request.
        request: Shown<'a>,
        /// Which attempt it was, from 1.
        attempt: u32,
        /// Why.
        error: &'a SendError,
        /// How long it took.
        took: Duration,
    },
    /// A request waits before its next attempt.
    Waiting {
        /// The request.
        request: Shown<'a>,
        /// Which attempt comes next.
        attempt: u32,
        /// How long it waits.
        pause: Duration,
        /// Why.
        why: Why,
    },
    /// The gate for writes was shut, or opened again.
    Gate(Gate),
}

/// Why a request is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The provider gets too many requests (429).
    Busy,
    /// The provider is in trouble (5xx without an answer of its own in it).
    Trouble,
    /// There was no answer.
    NoAnswer,
}

/// How many attempts were made, by method, path template and effect.
#[derive(Debug, Default)]
pub struct Counts(Mutex<BTreeMap<(Method, &'static str, Effect), u64>>);

impl Counts {
    /// Counts one attempt.
    pub(super) fn note(&self, request: &Request) {
        let key = (request.method(), request.path(), request.does());
        *self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(key)
            .or_default() += 1;
    }

    /// Returns all counts so far.
    pub fn all(&self) -> BTreeMap<(Method, &'static str, Effect), u64> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Returns the attempts so far of one effect.
    pub fn of(&self, effect: Effect) -> u64 {
        self.all()
            .iter()
            .filter(|((_, _, counted), _)| *counted == effect)
            .map(|(_, count)| count)
            .sum()
    }

    /// Returns the attempts so far.
    pub fn total(&self) -> u64 {
        self.all().values().sum()
    }
}
