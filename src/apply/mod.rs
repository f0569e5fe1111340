//! Carrying out an approved plan. One task owns the run; nothing here knows how it is shown.
//!
//! `schedule` says what may start, `lanes` what must not run side by side; both are pure. `run` is the loop that
//! owns everything; `notes`, `perform`, `deferred`, `fresh` and `gate` are what it does with notes, steps, scopes,
//! what was read long ago, and logins that do not answer.

mod deferred;
pub mod env;
pub mod event;
mod fresh;
mod gate;
pub mod interrupt;
mod lanes;
mod notes;
mod perform;
pub mod report;
mod run;
pub mod schedule;
mod sealed;

pub use env::{Clock, Env, Keeping, NoPlace, NoSecrets, OnFailure, Secrets};
pub use event::Event;
pub use interrupt::{Interrupt, Interrupter, Urgency};
pub use report::{Ending, Report, Row};
pub use run::{Tell, run};
