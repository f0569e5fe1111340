//! Import: what is live becomes a file, and the file wants nothing else than what is live.

mod examples;
mod export;
mod families;
mod laws;
mod reading;
mod stories;
