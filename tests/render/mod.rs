//! What is shown and saved: plans, reports, problems and progress.

mod alike;
mod diagnostics;
pub(crate) mod file;
mod human;
mod markdown;
mod outputs;
mod progress;
mod report;
pub(crate) mod support;
