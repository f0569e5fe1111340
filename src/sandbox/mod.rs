//! A simulator of Namebay's two hosts, for runs without an account and for tests.
//!
//! It is written from `schema/namebay.openapi.yaml` and the contract behind it, and knows nothing of the client: not its
//! wire types, not its conversions. What the documents leave open is a switch of [`Dialect`]. Each family of calls has a
//! file of its own and works on the plain data of [`State`], through a desk that knows neither HTTP nor time.

mod account;
mod address;
mod agency;
mod autorenew;
mod autoresponder;
mod call;
mod cart;
mod catalogue;
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
mod fulfil;
mod hosting;
mod import;
mod log;
mod mailbox;
mod mailservice;
mod order;
mod ordering;
mod persist;
mod poll;
mod product;
mod provision;
mod purchase;
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
mod ticket;
mod tld;
mod token;
mod transfer;
mod wire;
mod wishes;
mod zone;

pub use call::Logins;
pub use dialect::{Dialect, DialectError, Reach};
pub use fault::{Effect, Fault, FaultError, Rule};
pub use log::{Fate, Log, Seen, Site};
pub use persist::StoreError;
pub use seed::Seed;
pub use serve::{Hook, Moment, Options, Running, Sandbox, SandboxError};
pub use state::{
    AutoResponder, Cart, Contact, Debit, Domain, FtpUser, Host, Hosting, Key, Lagging, Line,
    MailKind, MailService, Mailbox, Maker, Message, Order, OrderItem, OrderKind, Pending,
    PublicKey, Record, RedirectService, Redirection, RenewalRun, Role, Settings, Stage, Standing,
    State, Tax, User, Wish, Zone, ZoneView,
};
