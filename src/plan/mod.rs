//! The plan: data that leaves nothing to decide.
//!
//! Built from changes, ordered, reviewed, approved. What is shown, what is approved (by digest), what is
//! stored and what runs are the same bytes. Nothing here sends, prints or knows a provider.

pub mod file;
pub mod model;

pub use model::{
    Attribute, Binds, Blocked, BoundAccount, Consequence, CostSum, Exactness, Finding, Plan,
    PlanAction, PlanPending, PlanReads, Reasoned, Scope, ScopeId, Scoped, Step, StepCost, Summary,
};
