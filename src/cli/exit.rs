//! The one place that decides exit codes: the table of every command, and which of several holds.
//!
//! 2 never means an error, 1 is never said where something was changed. Texts are not made here.

use super::signals::Signal;
use crate::apply::{Ending, Report};
use crate::diag::Severity;
use crate::plan::{Blocked, Plan};
use crate::provider::ProviderError;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to do.
    Done,
    /// An error (API, network, internal); nothing was changed.
    Failed,
    /// Changes or drift are there (only with `--detailed-exitcode`).
    Changes,
    /// Usage or configuration invalid; no request was sent.
    Invalid,
    /// Credentials were refused.
    Credentials,
    /// A guard refused, or nobody confirmed.
    Refused,
    /// The saved plan is stale, or `--expect` does not match.
    Stale,
    /// The ledger is locked by someone else.
    Locked,
    /// Something changed and something failed.
    Partly,
    /// A request may or may not have taken effect.
    Unknown,
    /// Applied as far as possible; the rest is pending at the provider.
    Pending,
    /// Interrupted before anything was changed.
    Stopped(Signal),
}

impl Exit {
    /// All of them, the first that holds first. `Invalid` ends a command before any other can arise;
    /// a signal counts only where nothing was changed and nothing is unknown.
    pub const PRECEDENCE: [Exit; 13] = [
        Exit::Invalid,
        Exit::Unknown,
        Exit::Partly,
        Exit::Stopped(Signal::Terminate),
        Exit::Stopped(Signal::Interrupt),
        Exit::Stale,
        Exit::Locked,
        Exit::Credentials,
        Exit::Refused,
        Exit::Failed,
        Exit::Pending,
        Exit::Changes,
        Exit::Done,
    ];

    /// The number that the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Changes => 2,
            Exit::Invalid => 3,
            Exit::Credentials => 4,
            Exit::Refused => 5,
            Exit::Stale => 6,
            Exit::Locked => 7,
            Exit::Partly => 8,
            Exit::Unknown => 9,
            Exit::Pending => 10,
            Exit::Stopped(Signal::Interrupt) => 130,
            Exit::Stopped(Signal::Terminate) => 143,
        }
    }

    /// Of two that hold, the one that is told.
    #[must_use]
    pub fn and(self, other: Exit) -> Exit {
        let rank = |exit: Exit| Self::PRECEDENCE.iter().position(|held| *held == exit);
        if rank(self) <= rank(other) {
            self
        } else {
            other
        }
    }

    /// Of all that hold, the one that is told; `Done` if none does.
    pub fn first(held: impl IntoIterator<Item = Exit>) -> Exit {
        held.into_iter().fold(Exit::Done, Exit::and)
    }
}

impl From<&ProviderError> for Exit {
    fn from(error: &ProviderError) -> Exit {
        match error {
            ProviderError::Credentials(_) => Exit::Credentials,
            ProviderError::Unavailable(_) | ProviderError::Answer(_) => Exit::Failed,
        }
    }
}

/// Whether 2 is wanted for changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// 0 whatever the plan holds.
    Plain,
    /// `--detailed-exitcode`.
    Detailed,
}

/// How `plan` ends: what `apply` would refuse, doubt or wait for is told, not counted.
pub fn of_plan(plan: &Plan, detail: Detail) -> Exit {
    match detail {
        Detail::Detailed if plan.changes => Exit::Changes,
        Detail::Detailed | Detail::Plain => Exit::Done,
    }
}

/// Whether pending work is as good as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PendingIs {
    /// 10.
    Told,
    /// `--pending-ok`: 0.
    Fine,
}

/// Why a blocked object waits, as far as exit codes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wait {
    /// A doubt must be settled.
    Doubt,
    /// An order, a person or the DNS.
    Pending,
    /// Somebody must decide.
    Decision,
}

/// Reads it off the code of a blocked object, which the planner gives.
fn wait(blocked: &Blocked) -> Wait {
    match blocked.code.split_once('.').map_or("", |(area, _)| area) {
        "doubt" => Wait::Doubt,
        "pending" => Wait::Pending,
        _ => Wait::Decision,
    }
}

/// How `apply` ends once it ran, and with which signal it was interrupted.
pub fn of_report(report: &Report, pending: PendingIs, signal: Option<Signal>) -> Exit {
    let mut held = Vec::new();
    let changed = report.changed_something();
    let waits = match pending {
        PendingIs::Told => Exit::Pending,
        PendingIs::Fine => Exit::Done,
    };
    for row in &report.rows {
        held.push(match &row.ending {
            // What is skipped has its cause in another row.
            Ending::Applied | Ending::Skipped { .. } => Exit::Done,
            Ending::Unknown(_) => Exit::Unknown,
            Ending::Pending => waits,
            Ending::Failed(_) | Ending::NotStarted(_) if changed => Exit::Partly,
            Ending::Failed(reason) if &*reason.code == "stale" => Exit::Stale,
            Ending::Failed(_) => Exit::Failed,
            Ending::NotStarted(_) => match signal.filter(|_| report.interrupted) {
                Some(signal) => Exit::Stopped(signal),
                None => Exit::Failed,
            },
        });
    }
    held.extend(report.blocked.iter().map(|blocked| match wait(blocked) {
        Wait::Doubt => Exit::Unknown,
        Wait::Pending => waits,
        Wait::Decision => Exit::Refused,
    }));
    let refused = |severity| match severity {
        Severity::Error => Exit::Refused,
        Severity::Warning | Severity::Notice => Exit::Done,
    };
    held.extend(
        report
            .findings
            .iter()
            .map(|finding| refused(finding.severity)),
    );
    Exit::first(held)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_exit() -> impl Strategy<Value = Exit> {
        proptest::sample::select(Exit::PRECEDENCE.to_vec())
    }

    #[test]
    fn every_code_is_its_own() {
        let codes: std::collections::BTreeSet<u8> =
            Exit::PRECEDENCE.iter().map(|exit| exit.code()).collect();
        assert_eq!(codes.len(), Exit::PRECEDENCE.len());
        let order: Vec<u8> = Exit::PRECEDENCE.iter().map(|exit| exit.code()).collect();
        assert_eq!(order, [3, 9, 8, 143, 130, 6, 7, 4, 5, 1, 10, 2, 0]);
    }

    proptest! {
        #[test]
        fn the_first_of_the_order_holds_however_they_are_joined(
            held in proptest::collection::vec(any_exit(), 0..6),
            other in proptest::collection::vec(any_exit(), 0..6),
        ) {
            let all = Exit::first(held.iter().chain(&other).copied());
            let expected = Exit::PRECEDENCE.into_iter().find(|exit| held.contains(exit) || other.contains(exit));
            prop_assert_eq!(all, expected.unwrap_or(Exit::Done));
            prop_assert_eq!(Exit::first(held.clone()).and(Exit::first(other.clone())), all);
            prop_assert_eq!(Exit::first(other).and(Exit::first(held)), all);
        }
    }
}
