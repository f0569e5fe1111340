//! The call that orders (`Panier`), and what it answers.
//!
//! Attributes of an order may hold an auth code, so that what is sent can be shown to nobody and what is answered of
//! them has no member.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::lenient::{Exact, Loose, Many, Text, Whole};
use super::transaction::Transaction;
use super::{Calls, wire};
use crate::http::{Effect, Method, Request};
use crate::model::Secret;
use crate::provider::namebay::basket::Consent;
use crate::provider::namebay::errors::Entry;

wire! {
    /// What an order answers: what was ordered, and what was only stored.
    Envelope {
        stored: Option<Loose<Stored>> = "Panier",
        transaction: Option<Loose<Transaction>> = "Transaction",
    }
}

wire! {
    /// A basket that is stored: nothing of it is bought.
    Stored {
        id: Whole = "Id",
        total: Exact = "Total_TTC",
        currency: Text = "Currency",
        errors: Many<Loose<Entry>> = "Errors",
    }
}

/// What an order sends.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::provider::namebay) struct Basket<'a> {
    /// Who orders, as an address.
    pub(in crate::provider::namebay) ip_address: &'a str,
    /// What is ordered.
    pub(in crate::provider::namebay) items: Vec<Item<'a>>,
}

/// One line of an order. There is no `IsUpdate`: it would make a domain's renewal another request.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::provider::namebay) struct Item<'a> {
    /// The product.
    #[serde(rename = "ProduitID")]
    pub(in crate::provider::namebay) product: i64,
    /// Years.
    pub(in crate::provider::namebay) period: u32,
    /// How many.
    pub(in crate::provider::namebay) quantity: u32,
    /// What makes it an order.
    #[serde(rename = "Confirm")]
    pub(in crate::provider::namebay) consent: Consent,
    /// What the product asks for.
    pub(in crate::provider::namebay) attributes: &'a BTreeMap<Box<str>, Given>,
}

/// What an attribute is given.
#[derive(Debug, Clone)]
pub(in crate::provider::namebay) enum Given {
    /// Something that may be shown.
    Plain(Box<str>),
    /// An auth code.
    Sealed(Secret),
}

impl Given {
    /// The text, for the request alone.
    pub(in crate::provider::namebay) fn expose(&self) -> &str {
        match self {
            Given::Plain(text) => text,
            Given::Sealed(secret) => secret.expose(),
        }
    }
}

impl Serialize for Given {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl Calls {
    /// Orders, and pays.
    pub(in crate::provider::namebay) fn order(&self, basket: &Basket<'_>) -> Request {
        self.write(Method::Post, "/api/Panier", "order")
            .effect(Effect::Paying)
            .json(basket)
    }
}
