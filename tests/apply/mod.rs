//! Carrying out a plan against a scripted provider, on a paused clock: what starts, in which order, what is
//! journaled before it is sent, and what is done when answers fail to come.

mod crash;
mod gone;
#[cfg(feature = "object-store")]
mod lease;
mod long;
mod outage;
mod scope;
mod sealed;
mod secrets;
mod stops;
mod support;
mod work;
