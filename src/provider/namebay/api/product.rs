//! The catalogue: what can be ordered, for how much, and what each product asks for.

use super::filled::Filled;
use super::lenient::{Exact, Loose, Many, Text, Whole, Yes};
use super::{Calls, wire};
use crate::http::Request;

wire! {
    /// A product. The shapes of promotions and discounts are not documented, so that only their presence is read.
    Product {
        id: Whole = "Id",
        name: Text = "Name",
        price: Exact = "Pu",
        kind: Text = "Type",
        subtype: Text = "SubType",
        attributes: Many<Loose<Attribute>> = "Attributes",
        trustee: Yes = "TrusteeProduct",
        tlds: Many<Loose<Tld>> = "Tlds",
        promotions: Filled = "Promotions",
        discounts: Filled = "Discounts",
        active: Yes = "Active",
    }
}

wire! {
    /// What a product asks for. A numbered family is written `ns(n)`; where a default is named, it may be left out.
    Attribute {
        name: Text = "Name",
        mandatory: Yes = "Mandatory",
        default: Text = "DefaultAttribute",
        mode: Whole = "Mode",
        min_length: Whole = "MinLength",
        max_length: Whole = "MaxLength",
    }
}

wire! {
    /// A TLD that a product is for.
    Tld {
        name: Text = "Name",
        registry: Text = "Registry_id",
    }
}

/// Which products are listed; what is not given is not asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::provider::namebay) struct Shelf<'a> {
    /// The type: `domaine`.
    pub(in crate::provider::namebay) kind: Option<&'a str>,
    /// The sub-type: `creation`.
    pub(in crate::provider::namebay) subtype: Option<&'a str>,
    /// The TLD, without a dot.
    pub(in crate::provider::namebay) tld: Option<&'a str>,
}

impl Calls {
    /// Lists products with the customer's prices.
    pub(in crate::provider::namebay) fn products(&self, shelf: Shelf<'_>) -> Request {
        let filters = [
            ("type", shelf.kind),
            ("subtype", shelf.subtype),
            ("tldname", shelf.tld),
        ];
        filters
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .fold(
                self.get("/api/Product", "list products"),
                |call, (name, value)| call.query(name, value),
            )
    }
}
