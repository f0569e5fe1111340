//! The desired-state file: what is understood, what is refused and in which words.

mod canary;
mod families;
mod files;
mod groups;
mod groups_law;
mod messages;
mod portfolio;
mod sealing;
mod support;
mod trust;
mod whole_grammar;
