//! Carrying out an approved plan. One task owns the run; nothing here knows how it is shown.
//!
//! `schedule` says what may start; `run` is the loop that owns everything; `perform`, `deferred` and `gate`
//! are what it does with steps, scopes and logins that do not answer.

mod deferred;
pub mod env;
pub mod event;
mod gate;
pub mod interrupt;
mod lanes;
mod perform;
pub mod report;
mod run;
pub mod schedule;

pub use env::{Clock, Env, OnFailure};
pub use event::Event;
pub use interrupt::{Interrupt, Interrupter, Urgency};
pub use report::{Ending, Report, Row};
pub use run::{Tell, run};
