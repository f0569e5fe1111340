//! What came of a run.

use crate::ledger::StepId;
use crate::model::{Address, Reason};
use crate::plan::{Blocked, Finding, PlanAction, Step};

/// How one step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Done.
    Applied,
    /// Refused, not sent, or stale (code `stale`).
    Failed(Reason),
    /// Left out because that one did not end well.
    Skipped {
        /// The step that did not.
        because: StepId,
    },
    /// Nobody knows.
    Unknown(Reason),
    /// Taken and not finished.
    Pending,
    /// Never begun: interrupted, the API gone, or `--fail-fast`.
    NotStarted(Reason),
}

/// One step with its ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The step as it ran.
    pub step: Step,
    /// How it ended.
    pub ending: Ending,
}

/// Everything that a run has to say at its end, in every ending.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Of the plan.
    pub digest: String,
    /// In order of the plan; what deferred steps became stands in their place. Notes (adopt, forget) too.
    pub rows: Vec<Row>,
    /// Held back, from the plan.
    pub blocked: Vec<Blocked>,
    /// From the plan, and found while applying.
    pub findings: Vec<Finding>,
    /// The run was interrupted.
    pub interrupted: bool,
    /// What was announced, booked, and the currency.
    pub cost: ReportCost,
}

/// Money of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportCost {
    /// By the plan.
    pub announced: String,
    /// By the provider.
    pub booked: String,
    /// Three letters.
    pub currency: String,
}

impl Default for ReportCost {
    fn default() -> Self {
        Self {
            announced: "0.00".into(),
            booked: "0.00".into(),
            currency: "EUR".into(),
        }
    }
}

/// The numbers of the last line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Steps that created something.
    pub created: usize,
    /// Steps that changed something.
    pub changed: usize,
    /// Steps that destroyed something.
    pub destroyed: usize,
    /// Failed.
    pub failed: usize,
    /// Skipped.
    pub skipped: usize,
    /// Unknown.
    pub unknown: usize,
    /// Pending.
    pub pending: usize,
    /// Not started.
    pub not_started: usize,
}

impl Report {
    /// Counts addresses of applied steps once each (by the strongest action), and other rows one by one.
    pub fn tally(&self) -> Tally {
        use std::collections::BTreeMap;
        let mut tally = Tally::default();
        let mut applied: BTreeMap<&Address, PlanAction> = BTreeMap::new();
        for row in &self.rows {
            match &row.ending {
                Ending::Applied => {
                    let seen = applied.entry(&row.step.address).or_insert(row.step.action);
                    *seen = stronger(*seen, row.step.action);
                }
                Ending::Failed(_) => tally.failed += 1,
                Ending::Skipped { .. } => tally.skipped += 1,
                Ending::Unknown(_) => tally.unknown += 1,
                Ending::Pending => tally.pending += 1,
                Ending::NotStarted(_) => tally.not_started += 1,
            }
        }
        for action in applied.values() {
            match action {
                PlanAction::Create => tally.created += 1,
                PlanAction::Update => tally.changed += 1,
                PlanAction::Delete => tally.destroyed += 1,
                PlanAction::Adopt | PlanAction::Forget => {}
            }
        }
        tally
    }

    /// True if something was changed at a provider.
    pub fn changed_something(&self) -> bool {
        self.rows.iter().any(|row| {
            matches!(row.ending, Ending::Applied | Ending::Pending)
                && matches!(
                    row.step.action,
                    PlanAction::Create | PlanAction::Update | PlanAction::Delete
                )
        })
    }
}

fn stronger(a: PlanAction, b: PlanAction) -> PlanAction {
    let rank = |action: PlanAction| match action {
        PlanAction::Delete => 0,
        PlanAction::Create => 1,
        PlanAction::Update => 2,
        PlanAction::Adopt => 3,
        PlanAction::Forget => 4,
    };
    if rank(a) <= rank(b) { a } else { b }
}
