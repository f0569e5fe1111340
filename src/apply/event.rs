//! What happens during a run, as values: a new event does not compile until every teller tells it.

use crate::ledger::StepId;
use crate::model::{Account, Address, Reason};
use crate::plan::Step;

/// One thing that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// The run starts, with this many steps that send something.
    Begun {
        /// How many.
        steps: usize,
    },
    /// A step is about to be sent.
    Started {
        /// The step.
        step: Step,
    },
    /// It is done.
    Done {
        /// The step.
        step: Step,
    },
    /// It failed; told at once.
    Failed {
        /// The step.
        step: Step,
        /// Why.
        reason: Reason,
    },
    /// Nobody knows what became of it.
    Unknown {
        /// The step.
        step: Step,
        /// Why.
        reason: Reason,
    },
    /// It was taken and is not finished.
    Pending {
        /// The step.
        step: Step,
    },
    /// It is left out because of another one.
    Skipped {
        /// The step.
        step: Step,
        /// The one that failed.
        because: StepId,
    },
    /// A scope's subtree was read and its steps decided; they replace the deferred ones.
    Expanded {
        /// Whose.
        top: Address,
        /// How many steps there are now.
        steps: usize,
    },
    /// A login does not answer; writes to it are held back.
    Held {
        /// Which account.
        account: Account,
    },
    /// It answers again.
    Freed {
        /// Which account.
        account: Account,
    },
    /// The run was asked to stop: nothing new starts.
    Interrupted,
}
