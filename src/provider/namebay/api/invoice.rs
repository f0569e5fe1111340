//! Invoices: what was paid for. Their `Contents` are left out.

use super::lenient::{Exact, Moment, Text};
use super::{Calls, wire};
use crate::http::Request;

wire! {
    /// An invoice.
    Invoice {
        id: Text = "Id",
        transaction: Text = "TransactionId",
        date: Moment = "InvoiceDate",
        total: Exact = "TotalTTC",
    }
}

impl Calls {
    /// Lists invoices of transactions after a day, written `2025-02-21T00:00:00`.
    pub(in crate::provider::namebay) fn invoices_since(&self, date: &str) -> Request {
        self.get("/api/Invoice", "list invoices")
            .query("date_transaction", date)
    }

    /// Lists the invoices of one order.
    pub(in crate::provider::namebay) fn invoices_of(&self, transaction: &str) -> Request {
        self.get("/api/Invoice", "list the invoices of an order")
            .query("transactionId", transaction)
    }
}
