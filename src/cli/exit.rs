//! The one place that decides exit codes: the table of every command, and which of several holds.
//!
//! 2 never means an error, 1 is never said where something was changed. Texts are not made here.

use super::signals::Signal;
use crate::apply::{Ending, Report};
use crate::diag::Severity;
use crate::drift::{Counted, Drift};
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
    let unread = plan.blocked.iter().any(|entry| held(entry) == Held::Unread);
    match detail {
        _ if unread => Exit::Failed,
        Detail::Detailed if plan.changes => Exit::Changes,
        Detail::Detailed | Detail::Plain => Exit::Done,
    }
}

/// How `drift` ends: what could not be read is an error, not "no drift".
pub fn of_drift(drift: &Drift, counted: &Counted, detail: Detail) -> Exit {
    match detail {
        _ if drift.unread() => Exit::Failed,
        Detail::Detailed if drift.counted(counted).next().is_some() => Exit::Changes,
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

/// What holds a blocked object back, as far as exit codes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    /// It could not be read.
    Unread,
    /// A doubt, which must be settled.
    Doubt,
    /// An order, a person or the DNS.
    Pending,
    /// Another blocked object, which tells the reason.
    Other,
    /// Somebody must decide.
    Decision,
}

/// Reads it off the code that the planner gives.
fn held(blocked: &Blocked) -> Held {
    match blocked.code {
        "read.failed" => Held::Unread,
        "unit.doubt" => Held::Doubt,
        "unit.pending" | "mailbox.pending" => Held::Pending,
        "step.waits" => Held::Other,
        _ => Held::Decision,
    }
}

/// How `apply` ends once it ran, and with which signal it was interrupted.
pub fn of_report(report: &Report, pending: PendingIs, signal: Option<Signal>) -> Exit {
    let mut all = Vec::new();
    let changed = report.changed_something();
    let waits = match pending {
        PendingIs::Told => Exit::Pending,
        PendingIs::Fine => Exit::Done,
    };
    for row in &report.rows {
        all.push(match &row.ending {
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
    let failed = if changed { Exit::Partly } else { Exit::Failed };
    all.extend(report.blocked.iter().map(|entry| match held(entry) {
        Held::Unread => failed,
        Held::Doubt => Exit::Unknown,
        Held::Pending => waits,
        Held::Other => Exit::Done,
        Held::Decision => Exit::Refused,
    }));
    all.extend(
        report
            .findings
            .iter()
            .map(|finding| match finding.severity {
                Severity::Error => Exit::Refused,
                Severity::Warning | Severity::Notice => Exit::Done,
            }),
    );
    Exit::first(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::Row;
    use crate::ledger::StepId;
    use crate::model::{Account, Address, Part, Reason};
    use crate::plan::{Cause, Exactness, PlanAction, Step};
    use proptest::prelude::*;

    fn any_exit() -> impl Strategy<Value = Exit> {
        proptest::sample::select(Exit::PRECEDENCE.to_vec())
    }

    fn row(action: PlanAction, ending: Ending) -> Row {
        let account = Account::new("main");
        let step = Step {
            id: StepId(1),
            address: Address::record(&account, &"example.com".into(), "www", "A"),
            part: Part("".into()),
            action,
            kind: Exactness::Exact,
            scope: None,
            reason: Cause::NewInFile,
            needs: [].into(),
            source: None,
            attributes: [].into(),
            cost: None,
            prior: None,
            consequences: [].into(),
            note: None,
            via: [].into(),
        };
        Row { step, ending }
    }

    fn failed(code: &str) -> Ending {
        Ending::Failed(Reason::ours(code, "no"))
    }

    fn blocked(code: &'static str) -> Blocked {
        Blocked {
            address: row(PlanAction::Create, Ending::Applied).step.address,
            code,
            reason: String::new(),
            source: None,
        }
    }

    /// What a run comes to: endings of updates, codes of blocked objects.
    fn ended(endings: &[Ending], held_back: &[&'static str]) -> Exit {
        let report = Report {
            rows: endings
                .iter()
                .map(|ending| row(PlanAction::Update, ending.clone()))
                .collect(),
            blocked: held_back.iter().map(|code| blocked(code)).collect(),
            interrupted: true,
            ..Report::default()
        };
        of_report(&report, PendingIs::Told, Some(Signal::Interrupt))
    }

    #[test]
    fn a_report_ends_by_what_was_changed_and_what_was_not() {
        let done = || Ending::Applied;
        let never = || Ending::NotStarted(Reason::ours("run.interrupted", "interrupted"));
        let unknown = || Ending::Unknown(Reason::ours("net.timeout", "no answer"));
        let table: [(&[Ending], &[&'static str], Exit); 17] = [
            (&[], &[], Exit::Done),
            (&[done()], &[], Exit::Done),
            (&[failed("400")], &[], Exit::Failed),
            (&[done(), failed("400")], &[], Exit::Partly),
            (&[failed("stale")], &[], Exit::Stale),
            (&[failed("stale"), failed("400")], &[], Exit::Stale),
            (&[done(), failed("stale")], &[], Exit::Partly),
            (&[done(), failed("400"), unknown()], &[], Exit::Unknown),
            (&[never()], &[], Exit::Stopped(Signal::Interrupt)),
            (
                &[failed("400"), never()],
                &[],
                Exit::Stopped(Signal::Interrupt),
            ),
            (&[done(), never()], &[], Exit::Partly),
            (&[unknown(), never()], &[], Exit::Unknown),
            (&[done(), Ending::Pending], &[], Exit::Pending),
            (&[failed("400"), Ending::Pending], &[], Exit::Partly),
            (
                &[done()],
                &["domain.not-owned", "step.waits"],
                Exit::Refused,
            ),
            (&[done()], &["unit.pending", "step.waits"], Exit::Pending),
            (&[done()], &["unit.doubt", "object.missing"], Exit::Unknown),
        ];
        for (endings, held_back, exit) in table {
            assert_eq!(ended(endings, held_back), exit, "{endings:?} {held_back:?}");
        }
        assert_eq!(ended(&[done()], &["read.failed"]), Exit::Partly);
        assert_eq!(ended(&[], &["read.failed"]), Exit::Failed);
    }

    #[test]
    fn adopting_and_forgetting_change_nothing() {
        let report = Report {
            rows: vec![
                row(PlanAction::Adopt, Ending::Applied),
                row(PlanAction::Update, failed("400")),
            ],
            ..Report::default()
        };
        assert_eq!(of_report(&report, PendingIs::Told, None), Exit::Failed);
        let pending = Report {
            rows: vec![row(PlanAction::Update, Ending::Pending)],
            ..Report::default()
        };
        assert_eq!(of_report(&pending, PendingIs::Told, None), Exit::Pending);
        assert_eq!(of_report(&pending, PendingIs::Fine, None), Exit::Done);
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
