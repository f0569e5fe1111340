//! The whole product, binary last: crashes, answers that make no sense, exit codes, guards, secrets, examples.

mod answers;
mod bounds;
mod crash;
pub(crate) mod drift;
mod examples;
mod exits;
#[cfg(unix)]
mod files;
mod groups;
mod guards;
mod import;
mod lock;
mod notify;
mod outputs;
mod requests;
mod resolve;
mod saved;
mod secrets;
