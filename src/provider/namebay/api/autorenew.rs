//! Automatic renewals that run: Namebay's own orders. Running one again is left out, because it may spend money.

use super::lenient::{Exact, Text, Whole};
use super::{Calls, wire};
use crate::http::Request;

wire! {
    /// A run: new, ready, pending, completed, failed or error.
    Run {
        id: Text = "Id",
        transaction: Text = "TransactionId",
        handle: Text = "ObjectHandle",
        class: Text = "Class",
        status: Text = "Status",
        detail: Text = "Detail",
        product: Whole = "ProduitId",
        period: Whole = "Period",
        total: Exact = "TotalTtc",
    }
}

impl Calls {
    /// Lists the runs of domains.
    pub(in crate::provider::namebay) fn renewal_runs(&self) -> Request {
        self.get("/api/AutoRenew", "list automatic renewals")
            .query("object_class", "domain")
    }

    /// Lists the latest run of one object.
    pub(in crate::provider::namebay) fn renewal_run(&self, handle: &str) -> Request {
        self.get("/api/AutoRenew", "read the latest automatic renewal")
            .query("object_handle", handle)
            .query("latest", "true")
    }
}
