//! The plan: data that leaves nothing to decide.
//!
//! Built from changes, ordered, reviewed, approved. What is shown, what is approved (by digest), what is
//! stored and what runs are the same bytes. Nothing here sends, prints or knows a provider.

pub mod approval;
mod approve;
pub mod bound;
mod build;
mod expand;
pub mod file;
pub mod model;
mod order;
mod reread;
mod review;
pub mod saved;
mod under_way;
mod waits;

pub use crate::model::Cause;
pub use approve::{Approved, Consent, Refusal, Stale, approve, difference};
pub use bound::bind;
pub use build::{Cycle, Frame, build, sends};
pub use expand::{Room, expand};
pub use model::{
    Attribute, Binds, Blocked, BoundAccount, Consequence, CostSum, Exactness, Finding, Plan,
    PlanAction, PlanPending, PlanReads, Scope, ScopeId, Scoped, Step, StepCost, Summary,
};
pub use reread::{List, rereads};
pub use review::{ambiguous, review};
