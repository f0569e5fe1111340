//! Name servers below a domain, with their addresses at the registry.

use serde::Serialize;

use super::lenient::{Loose, Many, Text};
use super::{Calls, wire};
use crate::http::{Method, Request};

wire! {
    /// A name server at registries.
    Glue {
        id: Text = "Id",
        name: Text = "Name",
        first: Text = "Ip1",
        second: Text = "Ip2",
        registries: Many<Loose<Registry>> = "Registries",
    }
}

wire! {
    /// A registry that knows it.
    Registry {
        id: Text = "Registry",
        handle: Text = "Handle",
    }
}

/// The addresses of a name server; the second is left out where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::provider::namebay) struct Addresses<'a> {
    /// The first address.
    pub(in crate::provider::namebay) ip1: &'a str,
    /// The second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) ip2: Option<&'a str>,
}

/// A name server that is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::provider::namebay) struct NewGlue<'a> {
    /// The host.
    pub(in crate::provider::namebay) name: &'a str,
    /// Its first address.
    pub(in crate::provider::namebay) ip1: &'a str,
    /// Its second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) ip2: Option<&'a str>,
    /// The registry's id, as `TldDetails` names it.
    pub(in crate::provider::namebay) registry: &'a str,
}

impl Calls {
    /// Registers a name server.
    pub(in crate::provider::namebay) fn create_glue(&self, glue: &NewGlue<'_>) -> Request {
        self.write(Method::Post, "/api/NameServer", "register a name server")
            .json(glue)
    }

    /// Reads a name server.
    pub(in crate::provider::namebay) fn glue(&self, id: &str) -> Request {
        self.get("/api/NameServer/{id}", "read a name server")
            .at("id", id)
    }

    /// Changes its addresses.
    pub(in crate::provider::namebay) fn set_glue(
        &self,
        id: &str,
        addresses: &Addresses<'_>,
    ) -> Request {
        self.write(
            Method::Put,
            "/api/NameServer/{id}",
            "set the addresses of a name server",
        )
        .at("id", id)
        .json(addresses)
    }
}
