//! What a provider sells, whether a name is free, and what its message queue tells: answers to a person's
//! question, no part of a plan.

use super::money::{Cost, Money};
use super::world::Time;

/// Which products are asked for, in the provider's own words; nothing said: all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProductFilter {
    /// The type (`domaine`).
    pub kind: Option<Box<str>>,
    /// The subtype (`creation`).
    pub subtype: Option<Box<str>>,
    /// The TLD, without a dot before it.
    pub tld: Option<Box<str>>,
}

/// One product of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// What an order calls it.
    pub id: i64,
    /// Its label, in the provider's language.
    pub name: Box<str>,
    /// Its type, as the provider writes it.
    pub kind: Box<str>,
    /// Its subtype.
    pub subtype: Box<str>,
    /// The TLDs that it is for, without dots, sorted.
    pub tlds: Box<[Box<str>]>,
    /// The price of one unit for this account, before tax; `None` where it is not told.
    pub unit_price: Option<Money>,
    /// Whether it can be ordered, where that is told.
    pub active: Option<bool>,
    /// What an order of it may or must say.
    pub attributes: Box<[Asked]>,
}

/// One attribute that a product asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its name in an order.
    pub name: Box<str>,
    /// Whether it is needed, or has a default that is.
    pub mandatory: bool,
    /// Fewest characters.
    pub min: Option<u32>,
    /// Most characters.
    pub max: Option<u32>,
}

/// Whether a name can be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Availability {
    /// It can.
    Free,
    /// Somebody has it.
    Taken,
    /// Nobody may have it, and why where that is said.
    Forbidden(Option<Box<str>>),
    /// It is kept for somebody, and for whom where that is said.
    Reserved(Option<Box<str>>),
    /// The provider said something that is not documented; it counts as not available.
    Unknown(Box<str>),
}

/// Whether a name can be transferred to this account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transferability {
    /// It can.
    Yes,
    /// It cannot, and why where that is said.
    No(Option<Box<str>>),
    /// A transfer is under way.
    UnderWay,
}

/// What is known of a name that is in no file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The name, as an A-label.
    pub name: Box<str>,
    /// Whether it can be registered; `None` where its transfer was asked about.
    pub availability: Option<Availability>,
    /// Whether it can be transferred; `None` where that was not asked.
    pub transfer: Option<Transferability>,
    /// What a year of it costs, tax in; `None` where it is not for sale here.
    pub price: Option<Cost>,
}

/// A message at the head of the provider's queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What the queue calls it.
    pub id: Box<str>,
    /// Its name, as the provider writes it; the list of them is open.
    pub name: Box<str>,
    /// What the provider calls the object that it is about.
    pub object: Option<Box<str>>,
    /// The object's class.
    pub class: Option<Box<str>>,
    /// The ticket that it ends, if it does.
    pub ticket: Option<Box<str>>,
    /// The state that it tells, as a number without a documented meaning.
    pub status: Option<i64>,
    /// When it was written.
    pub at: Option<Time>,
}
