//! The token, and what an account holds (`OwnedProduct`).

use serde::Deserialize;

use super::lenient::{Exact, Loose, Many, Moment, Text, Whole, Yes};
use super::{Calls, wire};
use crate::http::{Effect, Endpoint, Method, Request};
use crate::model::Secret;

/// Asks the auth host for a token (guide, "Authentication").
///
/// It is a POST that changes nothing, so that it may be repeated.
pub(in crate::provider::namebay) fn token(
    auth: &Endpoint,
    username: &Secret,
    password: &Secret,
) -> Request {
    Request::write(Method::Post, auth, "/token", "ask for a token")
        .effect(Effect::Read)
        .field("username", username.expose())
        .field("password", password.expose())
        .field("grant_type", "password")
}

/// A text that goes straight into a [`Secret`].
#[derive(Debug, Clone)]
pub(in crate::provider::namebay) struct Sealed(pub(in crate::provider::namebay) Secret);

impl<'de> Deserialize<'de> for Sealed {
    fn deserialize<D: serde::Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        String::deserialize(value).map(|text| Self(Secret::new(text)))
    }
}

/// The answer of the auth host.
///
/// The spelling is OAuth's (RFC 6749, 5.1), which knows no other case.
#[derive(Debug, Deserialize)]
pub(in crate::provider::namebay) struct Token {
    /// The token.
    pub(in crate::provider::namebay) access_token: Sealed,
    /// Its life in seconds.
    #[serde(default)]
    pub(in crate::provider::namebay) expires_in: Whole,
}

wire! {
    /// Something that the account holds.
    OwnedProduct {
        handle: Text = "Handle",
        name: Text = "Name",
        class: Text = "Class",
        status: Whole = "StatusID",
        expires: Moment = "ExpDate",
    }
}

wire! {
    /// Something that the account holds, as an order is followed by it.
    Holding {
        handle: Text = "Handle",
        name: Text = "Name",
        class: Text = "Class",
        status: Whole = "StatusID",
        status_word: Text = "Status",
        created: Moment = "CreDate",
        expires: Moment = "ExpDate",
        product: Whole = "ProductId",
        products: Many<Loose<Bought>> = "Products",
    }
}

wire! {
    /// By which order something came. The transaction may be `NONE`.
    Bought {
        product: Whole = "Id",
        transaction: Text = "TransactionId",
    }
}

wire! {
    /// The prepaid account of a customer.
    Funds {
        balance: Exact = "Account",
        credit: Exact = "AuthorizedBank",
        at: Moment = "LastUpdate",
        verifies: Yes = "VerifyAutoRenew",
    }
}

wire! {
    /// What a reseller's new products get unasked.
    Pack {
        auto_renew: Yes = "Autorenew",
        protected: Yes = "Protected",
    }
}

impl Calls {
    /// Lists what the account holds of one class under one name; whether the filter is exact is not documented.
    pub(in crate::provider::namebay) fn owned_named(
        &self,
        class: &'static str,
        name: &str,
    ) -> Request {
        self.owned(Some(class)).query("object_name", name)
    }

    /// Reads one thing that the account holds.
    pub(in crate::provider::namebay) fn owned_one(&self, handle: &str) -> Request {
        self.get("/api/OwnedProduct/{handle}", "read what is held")
            .at("handle", handle)
    }

    /// Reads the prepaid account of a customer.
    pub(in crate::provider::namebay) fn funds(&self, handle: &str) -> Request {
        self.get("/api/Contact/{handle}/Account", "read the balance")
            .at("handle", handle)
    }

    /// Reads what new products get unasked.
    pub(in crate::provider::namebay) fn pack(&self) -> Request {
        self.get("/api/Contact/Pack", "read the account's defaults")
    }

    /// Lists what the account holds: all of it, or what is of one class.
    pub(in crate::provider::namebay) fn owned(&self, class: Option<&'static str>) -> Request {
        let all = self.get("/api/OwnedProduct", "list what is held");
        match class {
            Some(class) => all.query("object_class", class),
            None => all,
        }
    }
}
