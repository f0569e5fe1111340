//! What is shown and saved: plans, reports, problems and progress.

mod file;
mod human;
mod support;
