//! Whether a provider is still answering, so that a run does not pile up doubts.
//!
//! Only keeps count: who holds back what while the gate is shut is [`super::Link`]'s, when to probe is the run's.

use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

/// So many attempts in a row without a usable answer shut the gate.
const STREAK: u32 = 3;

/// Whether new writes go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// The provider answers.
    Open,
    /// The provider has stopped answering.
    Shut {
        /// When the last of the attempts that shut it ended.
        since: Instant,
    },
}

/// Counts attempts in a row without a usable answer.
#[derive(Debug)]
pub struct Breaker(Mutex<State>);

#[derive(Debug)]
struct State {
    streak: u32,
    gate: Gate,
}

impl Breaker {
    /// Makes one whose gate is open.
    pub fn new() -> Self {
        Self(Mutex::new(State {
            streak: 0,
            gate: Gate::Open,
        }))
    }

    /// Returns whether the gate is open.
    pub fn gate(&self) -> Gate {
        self.state().gate
    }

    /// Notes a usable answer, and returns the gate if that opened it.
    pub fn answered(&self) -> Option<Gate> {
        let mut state = self.state();
        let before = std::mem::replace(
            &mut *state,
            State {
                streak: 0,
                gate: Gate::Open,
            },
        );
        (before.gate != Gate::Open).then_some(Gate::Open)
    }

    /// Notes an attempt without a usable answer, and returns the gate if that shut it.
    pub fn unanswered(&self) -> Option<Gate> {
        let mut state = self.state();
        state.streak = state.streak.saturating_add(1);
        if state.streak != STREAK {
            return None;
        }
        state.gate = Gate::Shut {
            since: Instant::now(),
        };
        Some(state.gate)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Breaker {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_in_a_row_shut_it_and_one_answer_opens_it() {
        let breaker = Breaker::new();
        for _ in 0..5 {
            assert_eq!(breaker.unanswered(), None);
            assert_eq!(breaker.unanswered(), None);
            assert_eq!(breaker.answered(), None);
        }
        assert_eq!(breaker.unanswered(), None);
        assert_eq!(breaker.unanswered(), None);
        let shut = breaker.unanswered();
        assert!(matches!(shut, Some(Gate::Shut { .. })));
        assert_eq!(breaker.unanswered(), None, "told once");
        assert_eq!(Some(breaker.gate()), shut, "since the third");
        assert_eq!(breaker.answered(), Some(Gate::Open));
        assert_eq!(breaker.gate(), Gate::Open);
    }
}
