//! The whole product, binary last: crashes, answers that make no sense, exit codes, guards, secrets, examples.

mod answers;
mod bounds;
#[cfg(unix)]
mod codes;
mod crash;
#[cfg(unix)]
mod disk;
pub(crate) mod drift;
mod examples;
mod exits;
#[cfg(unix)]
mod files;
mod groups;
mod guards;
mod hostile;
mod import;
mod killed;
mod lock;
mod market;
mod notify;
#[cfg(feature = "object-store")]
mod objects;
mod outputs;
mod requests;
mod resolve;
mod saved;
mod secrets;
#[cfg(unix)]
mod signals;
#[cfg(all(unix, feature = "object-store"))]
mod takeover;
mod trusted;
