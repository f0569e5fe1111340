//! Web redirections of a zone, and the capacity that is bought for them.

use serde::Serialize;

use super::lenient::{Moment, Text, Whole, Yes};
use super::{Calls, wire};
use crate::http::{Method, Request};

wire! {
    /// A redirection as it is answered.
    Redirection {
        handle: Text = "Handle",
        origin: Text = "UrlOrigin",
        destination: Text = "UrlDestination",
        kind: Whole = "Type",
        active: Yes = "Active",
        relative: Yes = "Relative",
        title: Text = "Title",
        keywords: Text = "MetaKeyword",
        description: Text = "MetaDescription",
    }
}

wire! {
    /// Bought capacity for redirections.
    RedirectService {
        handle: Text = "Handle",
        unit: Whole = "Unit",
        expires: Moment = "Expires",
    }
}

/// A redirection as it is written; what is left out is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::provider::namebay) struct RedirectionInput {
    /// The full name that is redirected.
    pub(in crate::provider::namebay) url_origin: String,
    /// Where to.
    pub(in crate::provider::namebay) url_destination: String,
    /// The type, 0 to 6.
    #[serde(rename = "Type")]
    pub(in crate::provider::namebay) kind: i64,
    /// Whether it works.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) active: Option<bool>,
    /// The title of a frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) title: Option<String>,
    /// Its keywords.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) meta_keyword: Option<String>,
    /// Its description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) meta_description: Option<String>,
    /// Whether the path is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) relative: Option<bool>,
}

const LIST: &str = "/api/Zone/{zone_handle}/Redirection";
const ONE: &str = "/api/Zone/{zone_handle}/Redirection/{handle}";

impl Calls {
    /// Lists a zone's redirections; inferred, no page documents it.
    pub(in crate::provider::namebay) fn redirections(&self, zone: &str) -> Request {
        self.get(LIST, "list the redirections of a zone")
            .at("zone_handle", zone)
    }

    /// Reads one redirection.
    pub(in crate::provider::namebay) fn redirection(&self, zone: &str, handle: &str) -> Request {
        self.get(ONE, "read a redirection")
            .at("zone_handle", zone)
            .at("handle", handle)
    }

    /// Makes a redirection.
    pub(in crate::provider::namebay) fn create_redirection(
        &self,
        zone: &str,
        input: &RedirectionInput,
    ) -> Request {
        self.write(Method::Post, LIST, "create a redirection")
            .at("zone_handle", zone)
            .json(input)
    }

    /// Replaces a redirection.
    pub(in crate::provider::namebay) fn update_redirection(
        &self,
        zone: &str,
        handle: &str,
        input: &RedirectionInput,
    ) -> Request {
        self.write(Method::Put, ONE, "update a redirection")
            .at("zone_handle", zone)
            .at("handle", handle)
            .json(input)
    }

    /// Deletes a redirection.
    pub(in crate::provider::namebay) fn delete_redirection(
        &self,
        zone: &str,
        handle: &str,
    ) -> Request {
        self.write(Method::Delete, ONE, "delete a redirection")
            .at("zone_handle", zone)
            .at("handle", handle)
    }

    /// Lists the redirect services of a zone.
    pub(in crate::provider::namebay) fn redirect_services(&self, zone: &str) -> Request {
        self.get(
            "/api/Zone/{zone_handle}/RedirectService",
            "list the redirect services of a zone",
        )
        .at("zone_handle", zone)
    }
}
