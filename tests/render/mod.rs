//! What is shown and saved: plans, reports, problems and progress.

mod alike;
mod diagnostics;
mod file;
mod human;
mod markdown;
mod outputs;
mod progress;
mod report;
mod support;
