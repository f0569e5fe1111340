//! A simulator of Namebay's two hosts, for runs without an account and for tests.
//!
//! It is written from `schema/namebay.openapi.yaml` and the contract behind it, and knows nothing of the client: not its
//! wire types, not its conversions. What the documents leave open is a switch of [`Dialect`]. Each family of calls has a
//! file of its own and works on the plain data of [`State`], through a desk that knows neither HTTP nor time.

mod account;
mod address;
mod agency;
mod autoresponder;
mod call;
mod clock;
mod delegation;
mod demo;
mod desk;
pub mod dialect;
mod dnssec;
mod domain;
mod exchange;
mod fault;
mod fields;
mod hosting;
mod import;
mod log;
mod mailbox;
mod mailservice;
mod persist;
mod product;
mod provision;
mod rdata;
mod record;
mod redirection;
mod redirectservice;
mod reply;
mod rest;
mod roles;
mod route;
mod seed;
mod serve;
mod spelling;
mod state;
mod tld;
mod token;
mod wire;
mod zone;

pub use call::Logins;
pub use dialect::{Dialect, DialectError, Reach};
pub use fault::{Effect, Fault, FaultError, Rule};
pub use log::{Fate, Log, Seen, Site};
pub use persist::StoreError;
pub use seed::Seed;
pub use serve::{Hook, Moment, Options, Running, Sandbox, SandboxError};
pub use state::{
    AutoResponder, Contact, Domain, FtpUser, Host, Hosting, Key, Lagging, Line, MailKind,
    MailService, Mailbox, Maker, Pending, PublicKey, Record, RedirectService, Redirection, Role,
    Settings, State, User, Zone, ZoneView,
};
