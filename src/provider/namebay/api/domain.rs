//! Domains that are held: settings, contacts, name servers.

use std::sync::Arc;

use serde::Serialize;

use super::lenient::{Moment, Text, Yes};
use super::{Calls, wire};
use crate::http::{Method, Request};

wire! {
    /// A domain. `AuthInfo` and `NameCode` are left out: they are secrets that come unasked.
    Domain {
        handle: Text = "Handle",
        name: Text = "Name",
        status: Text = "Status",
        expires: Moment = "Expires",
        whois_privacy: Yes = "HasAnonymousWhois",
        auto_renew: Yes = "AutoRenew",
    }
}

wire! {
    /// Who is tied to a domain, and as what.
    Contact {
        handle: Text = "Handle",
        role: Text = "Type",
    }
}

wire! {
    /// A name server of a domain; the item's shape is inferred.
    NameServer {
        name: Text = "Name",
    }
}

/// What `PUT Domain` changes; only what is given is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::provider::namebay) struct UpdateDomain {
    /// The word that locks or unlocks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) status: Option<&'static str>,
    /// Whether whois shows the registry's own data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) has_anonymous_whois: Option<bool>,
    /// Whether Namebay renews.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) auto_renew: Option<bool>,
}

/// A contact for a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::provider::namebay) struct Assign<'a> {
    /// The contact.
    pub(in crate::provider::namebay) handle: &'a str,
    /// The role: A, T or B.
    #[serde(rename = "Type")]
    pub(in crate::provider::namebay) role: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Server<'a> {
    name: &'a str,
}

impl Calls {
    /// Lists the domains whose reseller the account's customer is; at least one filter is required.
    pub(in crate::provider::namebay) fn domains(&self) -> Request {
        self.get("/api/Domain", "list domains")
            .query("contact", self.user())
    }

    /// Reads one domain.
    pub(in crate::provider::namebay) fn domain(&self, handle: &str) -> Request {
        self.get("/api/Domain/{handle}", "read a domain")
            .at("handle", handle)
    }

    /// Changes settings.
    pub(in crate::provider::namebay) fn set_domain(
        &self,
        handle: &str,
        update: &UpdateDomain,
    ) -> Request {
        self.write(
            Method::Put,
            "/api/Domain/{handle}",
            "set a domain's settings",
        )
        .at("handle", handle)
        .json(update)
    }

    /// Lists a domain's contacts.
    pub(in crate::provider::namebay) fn contacts(&self, handle: &str) -> Request {
        self.get(
            "/api/Domain/{handle}/Contact",
            "list the contacts of a domain",
        )
        .at("handle", handle)
    }

    /// Assigns contacts; roles left out stay as they are.
    pub(in crate::provider::namebay) fn set_contacts(
        &self,
        handle: &str,
        roles: &[Assign<'_>],
    ) -> Request {
        self.write(
            Method::Put,
            "/api/Domain/{handle}/Contact",
            "set the contacts of a domain",
        )
        .at("handle", handle)
        .json(&roles)
    }

    /// Lists a domain's name servers; inferred, no page documents it.
    pub(in crate::provider::namebay) fn name_servers(&self, handle: &str) -> Request {
        self.get(
            "/api/Domain/{handle}/NameServer",
            "list the name servers of a domain",
        )
        .at("handle", handle)
    }

    /// Replaces a domain's name servers.
    pub(in crate::provider::namebay) fn set_name_servers(
        &self,
        handle: &str,
        names: &[Arc<str>],
    ) -> Request {
        let servers: Vec<Server<'_>> = names.iter().map(|name| Server { name }).collect();
        self.write(
            Method::Put,
            "/api/Domain/{handle}/NameServer",
            "set the name servers of a domain",
        )
        .at("handle", handle)
        .json(&servers)
    }
}
