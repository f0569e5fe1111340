//! The desired-state file: what is understood, what is refused and in which words.

mod messages;
mod portfolio;
mod support;
mod whole_grammar;
