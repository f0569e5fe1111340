//! Orders that were taken.

use super::lenient::{Exact, Loose, Many, Text, Whole, Yes};
use super::{Calls, wire};
use crate::http::Request;
use crate::provider::namebay::errors::Entry;

wire! {
    /// An order that was taken. Its `OpState` is left out: it is 1 whatever became of the order.
    Transaction {
        id: Text = "TransactionID",
        moved_to: Text = "TransferTransactionID",
        net: Exact = "Total_HT",
        total: Exact = "Total_TTC",
        currency: Text = "Currency",
        lines: Many<Loose<Line>> = "OpDetails",
        auto_renew: Yes = "AutoRenew",
        errors: Many<Loose<Entry>> = "Errors",
    }
}

wire! {
    /// One line of it. The product may differ from the one ordered.
    Line {
        product: Whole = "ProduitID",
        net: Exact = "Total_HT",
        packs: Many<Loose<Pack>> = "OpDetailPacks",
    }
}

wire! {
    /// One component of a line.
    Pack {
        objects: Many<Loose<Object>> = "CartItems",
    }
}

wire! {
    /// What a line acts on. `Attributes` are left out: they may hold an auth code.
    Object {
        name: Text = "Name",
        handle: Text = "Handle",
        class: Text = "Class",
    }
}

impl Calls {
    /// Reads an order.
    pub(in crate::provider::namebay) fn transaction(&self, id: &str) -> Request {
        self.get("/api/Transaction/{transaction}", "read an order")
            .at("transaction", id)
    }

    /// Lists what is done for an order.
    pub(in crate::provider::namebay) fn tickets(&self, transaction: &str) -> Request {
        self.get(
            "/api/Transaction/{transaction}/Ticket",
            "list the tickets of an order",
        )
        .at("transaction", transaction)
    }
}
