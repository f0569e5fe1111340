//! The HTTP layer as a whole: a login over a scripted transport in virtual time, and the real client over real sockets.

mod client;
mod link;
