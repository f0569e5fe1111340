//! Orders, carts, messages and renewal runs, and the names that others hold; amounts are ten-thousandths of a euro.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What an item of an order does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderKind {
    /// Registers a domain.
    Creation,
    /// Renews a domain.
    Renewal,
    /// Transfers a domain in.
    Transfer,
    /// Gives a domain another registrant.
    OwnerChange,
    /// Buys a service.
    Service,
    /// Renews a service, or adds units to it.
    Extension,
}

/// How far the work on an item has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// It is worked on.
    Pending,
    /// It is carried out.
    Done,
    /// It has failed.
    Failed,
}

/// An item as a cart has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The number.
    pub number: u64,
    /// The product.
    pub product: u64,
    /// The period in years.
    pub period: u32,
    /// How many; how many more where something is extended.
    pub quantity: u32,
    /// Whether it acts on a service that is there.
    pub update: bool,
    /// The attributes as sent.
    pub attributes: BTreeMap<String, String>,
}

/// A stored cart of items that nobody has paid for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    /// The number.
    pub number: u64,
    /// The user for whom it is.
    pub user: String,
    /// The items.
    pub items: Vec<Wish>,
}

/// An item that was ordered and paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderItem {
    /// What was asked for; its number is that of the ticket too.
    pub wish: Wish,
    /// What it does.
    pub kind: OrderKind,
    /// The name of the object.
    pub name: String,
    /// The class of the object.
    pub class: String,
    /// The object, nothing as long as there is none.
    pub handle: Option<String>,
    /// The price of a unit and a year.
    pub unit_price: i64,
    /// The total before tax.
    pub total: i64,
    /// Units after an extension, and the days that were left before it.
    pub extended: Option<(u32, i64)>,
    /// How far it has come.
    pub stage: Stage,
}

/// An order; it was paid when it was made, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The transaction id.
    pub id: String,
    /// The number.
    pub number: u64,
    /// The user for whom it is.
    pub user: String,
    /// The user whose account was debited.
    pub payer: String,
    /// The address that came with it.
    pub ip: Option<String>,
    /// The total before tax.
    pub net: i64,
    /// The amount that was debited.
    pub gross: i64,
    /// When it was made.
    pub placed: Timestamp,
    /// How often its status was read.
    pub reads: u32,
    /// Whether an automatic renewal made it.
    pub automatic: bool,
    /// Whether it waits for a person, whatever the dialect.
    pub held: bool,
    /// The items.
    pub items: Vec<OrderItem>,
}

/// An amount that left an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debit {
    /// The transaction id.
    pub order: String,
    /// Whose account.
    pub payer: String,
    /// The amount in ten-thousandths of a euro.
    pub amount: i64,
    /// What was bought: kind and name of each item.
    pub items: Vec<(OrderKind, String)>,
}

/// A message of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The number.
    pub number: u64,
    /// The user whom it concerns.
    pub user: String,
    /// What it says.
    pub name: String,
    /// The handle of the object, empty where there is none.
    pub handle: String,
    /// The class of the object.
    pub class: String,
    /// The number of the ticket.
    pub ticket: u64,
    /// The status, 1 where all is well.
    pub status: u32,
    /// When it came.
    pub created: Timestamp,
}

/// A run of an automatic renewal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenewalRun {
    /// The number.
    pub number: u64,
    /// The user whose object it is.
    pub user: String,
    /// The domain.
    pub domain: String,
    /// `new`, `ready`, `pending`, `completed`, `failed` or `error`.
    pub status: String,
    /// Why it failed.
    pub detail: Option<String>,
    /// The order that it made.
    pub order: Option<String>,
}

/// What is true of a name that no account here holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Another registrar holds it.
    Registered {
        /// Its auth code.
        code: String,
        /// Whether it is locked against transfers.
        locked: bool,
        /// Its name servers.
        name_servers: Vec<String>,
    },
    /// The registry keeps it.
    Reserved,
    /// Nobody may register it.
    Forbidden,
}

/// Everything about orders and money.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in super::super) struct Commerce {
    pub(in super::super) orders: BTreeMap<String, Order>,
    pub(in super::super) carts: BTreeMap<u64, Cart>,
    pub(in super::super) messages: BTreeMap<u64, Message>,
    pub(in super::super) runs: BTreeMap<u64, RenewalRun>,
    pub(in super::super) names: BTreeMap<String, Standing>,
    /// Prices that differ from the catalogue's.
    pub(in super::super) prices: BTreeMap<u64, i64>,
    /// How often the auth code of a domain was asked for, by handle.
    pub(in super::super) codes_asked: BTreeMap<String, u32>,
}

/// One change of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in super::super) enum Traded {
    Order(Order),
    Cart(Cart),
    CartGone(u64),
    Message(Message),
    MessageGone(u64),
    Run(RenewalRun),
    Name(String, Option<Standing>),
    Price(u64, i64),
    CodeAsked(String, u32),
}

impl Commerce {
    /// Carries one change out and gives the highest number in it.
    pub(super) fn apply(&mut self, change: Traded) -> u64 {
        match change {
            Traded::Order(order) => {
                let items = order.items.iter().map(|item| item.wish.number).max();
                let number = order.number.max(items.unwrap_or(0));
                self.orders.insert(order.id.clone(), order);
                number
            }
            Traded::Cart(cart) => {
                let items = cart.items.iter().map(|item| item.number).max();
                let number = cart.number.max(items.unwrap_or(0));
                self.carts.insert(cart.number, cart);
                number
            }
            Traded::CartGone(number) => {
                self.carts.remove(&number);
                number
            }
            Traded::Message(message) => {
                let number = message.number;
                self.messages.insert(number, message);
                number
            }
            Traded::MessageGone(number) => {
                self.messages.remove(&number);
                number
            }
            Traded::Run(run) => {
                let number = run.number;
                self.runs.insert(number, run);
                number
            }
            Traded::Name(name, standing) => {
                match standing {
                    Some(standing) => self.names.insert(name, standing),
                    None => self.names.remove(&name),
                };
                0
            }
            Traded::Price(product, price) => {
                self.prices.insert(product, price);
                0
            }
            Traded::CodeAsked(handle, times) => {
                self.codes_asked.insert(handle, times);
                0
            }
        }
    }

    /// Writes the changes that make this out of nothing.
    pub(super) fn changes(&self) -> impl Iterator<Item = Traded> {
        let orders = self.orders.values().cloned().map(Traded::Order);
        let carts = self.carts.values().cloned().map(Traded::Cart);
        let messages = self.messages.values().cloned().map(Traded::Message);
        let runs = self.runs.values().cloned().map(Traded::Run);
        let names = self.names.clone().into_iter();
        let prices = self.prices.clone().into_iter();
        let codes = self.codes_asked.clone().into_iter();
        orders
            .chain(carts)
            .chain(messages)
            .chain(runs)
            .chain(names.map(|(name, standing)| Traded::Name(name, Some(standing))))
            .chain(prices.map(|(product, price)| Traded::Price(product, price)))
            .chain(codes.map(|(handle, times)| Traded::CodeAsked(handle, times)))
    }
}

impl super::State {
    /// Lists the orders in the order in which they were made.
    pub fn orders(&self) -> Vec<&Order> {
        let mut orders: Vec<&Order> = self.commerce.orders.values().collect();
        orders.sort_by_key(|order| order.number);
        orders
    }

    /// Lists what left the accounts, one entry per paying request that took effect.
    pub fn debits(&self) -> Vec<Debit> {
        let debits = self.orders().into_iter().map(|order| Debit {
            order: order.id.clone(),
            payer: order.payer.clone(),
            amount: order.gross,
            items: order
                .items
                .iter()
                .map(|item| (item.kind, item.name.clone()))
                .collect(),
        });
        debits.collect()
    }

    /// Adds up what left the accounts, in ten-thousandths of a euro.
    pub fn debited(&self) -> i64 {
        self.commerce.orders.values().map(|order| order.gross).sum()
    }

    /// Lists the messages of all queues by number.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.commerce.messages.values()
    }

    /// Counts the stored carts.
    pub fn stored_carts(&self) -> usize {
        self.commerce.carts.len()
    }

    /// Tells how often the auth codes of domains were asked for.
    pub fn codes_asked(&self) -> u32 {
        self.commerce.codes_asked.values().sum()
    }
}
