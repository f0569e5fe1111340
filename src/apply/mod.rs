//! Carrying out an approved plan. One task owns the run; nothing here knows how it is shown.

pub mod event;
pub mod report;

pub use event::Event;
pub use report::{Ending, Report, Row};
