//! What every provider can do, and the errors of doing it.
//!
//! A provider is a folder: its wire types, its conversion to the model, its limits. It knows no plan, no
//! ledger and no other provider.

pub mod namebay;

use crate::diag::Diagnostics;
use crate::model::market::{Checked, Message, Product, ProductFilter};
use crate::model::{
    Admitted, Answer, Desired, LastSeen, Live, Offers, Outcome, Pending, Reason, Roster, Secret,
    Unit, Wish, Write,
};
use std::future::Future;
use std::pin::Pin;

/// A boxed future, since the trait is used as an object.
pub type Fut<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What two writes share that must not run at the same time (a zone's handle, say).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub Box<str>);

/// Whether new writes may be sent to a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// They may.
    Open,
    /// Three attempts in a row got no usable answer.
    Shut,
}

/// Why reading, or preparing, failed for a whole account.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The credentials were refused (exit 4).
    #[error("{}", .0.text)]
    Credentials(Reason),
    /// No usable answer (exit 1).
    #[error("{}", .0.text)]
    Unavailable(Reason),
    /// An answer that makes no sense (exit 1).
    #[error("{}", .0.text)]
    Answer(Reason),
}

impl ProviderError {
    /// What was said.
    pub fn reason(&self) -> &Reason {
        match self {
            ProviderError::Credentials(reason)
            | ProviderError::Unavailable(reason)
            | ProviderError::Answer(reason) => reason,
        }
    }
}

/// One account at one provider, ready to be asked.
pub trait Provider: Send + Sync {
    /// Brings the account's part of the file into canonical form, fills in needs, and tells what this
    /// provider cannot do.
    fn admit(&self, desired: Desired, told: &mut Diagnostics) -> Admitted;
    /// Reads what is live.
    fn fetch<'a>(&'a self, wish: &'a Wish<'a>) -> Fut<'a, Result<Live, ProviderError>>;
    /// Names what the account holds.
    fn roster(&self) -> Fut<'_, Result<Roster, ProviderError>>;
    /// Asks for prices and availability.
    fn quote<'a>(&'a self, orders: &'a [Write]) -> Fut<'a, Result<Offers, ProviderError>>;
    /// Sends one write.
    fn perform<'a>(&'a self, write: &'a Write, secrets: &'a [Secret]) -> Fut<'a, Answer>;
    /// Finds out what became of one, by reading. `NotSent` says that it certainly was not taken (it may be
    /// sent again); where nothing is proved, or the look itself brings no answer, it stays `Unknown`.
    fn look<'a>(&'a self, write: &'a Write, pending: Option<&'a Pending>) -> Fut<'a, Outcome>;
    /// What its writes taught since it was read, to be remembered for later runs.
    fn learned(&self) -> LastSeen {
        LastSeen::default()
    }
    /// What may not run beside other writes of the same key.
    fn key(&self, unit: &Unit) -> Key;
    /// Whether new writes may be sent.
    fn gate(&self) -> Gate;
    /// Asks one cheap question.
    fn probe(&self) -> Fut<'_, Gate>;
    /// What it sells and tells beside the objects, where it has such calls.
    fn market(&self) -> Option<&dyn Market> {
        None
    }
}

/// A provider's catalogue, its availability check and its message queue: asked by a person, never by a plan.
pub trait Market: Send + Sync {
    /// Lists products with their prices for this account.
    fn products<'a>(
        &'a self,
        wanted: &'a ProductFilter,
    ) -> Fut<'a, Result<Vec<Product>, ProviderError>>;
    /// Asks whether a name (an A-label) can be registered, or with an auth code, transferred. The call that
    /// makes a new auth code is never used.
    fn check<'a>(
        &'a self,
        name: &'a str,
        question: Question<'a>,
    ) -> Fut<'a, Result<Checked, ProviderError>>;
    /// Reads the message at the head of the queue; `None` where it is empty. It stays there.
    fn message(&self) -> Fut<'_, Result<Option<Message>, ProviderError>>;
    /// Takes a message off the queue.
    fn acknowledge<'a>(&'a self, message: &'a Message) -> Fut<'a, Result<(), ProviderError>>;
}

/// What is asked about a name.
#[derive(Debug, Clone, Copy)]
pub enum Question<'a> {
    /// Whether it is free.
    Free,
    /// Whether it can be transferred, with this auth code.
    Transferable(&'a Secret),
}
