//! Zones, their records and their DNSSEC state.

use serde::Serialize;

use super::lenient::{Text, Whole, Yes};
use super::{Calls, wire};
use crate::http::{Method, Request};

wire! {
    /// A hosted zone.
    Zone {
        handle: Text = "Handle",
        name: Text = "Name",
        ttl: Whole = "Ttl",
        primary: Text = "SoaPrimaryNs",
        person: Text = "SoaRespPerson",
        serial: Text = "SoaSerial",
        refresh: Whole = "SoaRefresh",
        retry: Whole = "SoaRetry",
        expire: Whole = "SoaExpire",
        minimum: Whole = "SoaMinimum",
    }
}

wire! {
    /// A record as it is answered. `DateCreated` is left out: it moves with each write and says nothing.
    Record {
        id: Text = "Id",
        host: Text = "Host",
        rtype: Text = "Type",
        data: Text = "Data",
        weight: Whole = "Weight",
        naptr_preference: Text = "NaptrPreference",
        naptr_flag: Text = "NaptrFlag",
        naptr_regexp: Text = "NaptrRegExp",
    }
}

wire! {
    /// Whether a hosted zone is, or is to be, signed.
    DnsSec {
        wanted: Yes = "IsSec",
        signed: Yes = "IsSign",
    }
}

wire! {
    /// A key at the registry, of a domain whose zone is hosted elsewhere.
    NsKey {
        tag: Text = "KeyTag",
        active: Yes = "Active",
    }
}

/// A record as it is written; members that the type does not use are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::provider::namebay) struct RecordInput {
    /// Relative to the zone.
    pub(in crate::provider::namebay) host: String,
    /// The value.
    pub(in crate::provider::namebay) data: String,
    /// The type.
    #[serde(rename = "Type")]
    pub(in crate::provider::namebay) rtype: String,
    /// Left out, null (which clears it), or a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) weight: Option<Option<i64>>,
    /// The second number of a NAPTR.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) naptr_preference: Option<Option<String>>,
    /// Its flags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) naptr_flag: Option<Option<String>>,
    /// Its expression.
    #[serde(rename = "NaptrRegExp", skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) naptr_regexp: Option<Option<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NewZone<'a> {
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct UpdateZone<'a> {
    name: &'a str,
    ttl: i64,
}

/// Spelled as in the guide, the only source of this call.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DnsSecUpdate {
    is_sec: bool,
}

impl Calls {
    /// Lists the account's zones.
    pub(in crate::provider::namebay) fn zones(&self) -> Request {
        self.get("/api/Zone", "list zones")
    }

    /// Lists the zones of one name; whether the filter is exact is not documented.
    pub(in crate::provider::namebay) fn zones_named(&self, name: &str) -> Request {
        self.get("/api/Zone", "list zones").query("name", name)
    }

    /// Reads one zone.
    pub(in crate::provider::namebay) fn zone(&self, zone: &str) -> Request {
        self.get("/api/Zone/{zone_handle}", "read a zone")
            .at("zone_handle", zone)
    }

    /// Makes a zone.
    pub(in crate::provider::namebay) fn create_zone(&self, name: &str) -> Request {
        self.write(Method::Post, "/api/Zone", "create a zone")
            .json(&NewZone { name })
    }

    /// Sets a zone's TTL; `name` must be the zone's own.
    pub(in crate::provider::namebay) fn set_ttl(
        &self,
        zone: &str,
        name: &str,
        ttl: i64,
    ) -> Request {
        self.write(
            Method::Put,
            "/api/Zone/{zone_handle}",
            "set the TTL of a zone",
        )
        .at("zone_handle", zone)
        .json(&UpdateZone { name, ttl })
    }

    /// Reads a zone's DNSSEC state; inferred, no page documents it.
    pub(in crate::provider::namebay) fn dnssec(&self, zone: &str) -> Request {
        self.get(
            "/api/Zone/{zone_handle}/DnsSec",
            "read the DNSSEC state of a zone",
        )
        .at("zone_handle", zone)
    }

    /// Turns signing on or off.
    pub(in crate::provider::namebay) fn set_dnssec(&self, zone: &str, is_sec: bool) -> Request {
        self.write(
            Method::Put,
            "/api/Zone/{zone_handle}/DnsSec",
            "set the DNSSEC state of a zone",
        )
        .at("zone_handle", zone)
        .json(&DnsSecUpdate { is_sec })
    }

    /// Lists the keys of a domain whose zone is elsewhere; `domain` is its handle.
    pub(in crate::provider::namebay) fn keys(&self, domain: &str) -> Request {
        self.get(
            "/api/Zone/{zone_handle}/NsKey",
            "list the DNSSEC keys of a domain",
        )
        .at("zone_handle", domain)
    }

    /// Lists a zone's records.
    pub(in crate::provider::namebay) fn records(&self, zone: &str) -> Request {
        self.get(
            "/api/Zone/{zone_handle}/Record",
            "list the records of a zone",
        )
        .at("zone_handle", zone)
    }

    /// Makes a record.
    pub(in crate::provider::namebay) fn create_record(
        &self,
        zone: &str,
        record: &RecordInput,
    ) -> Request {
        self.write(
            Method::Post,
            "/api/Zone/{zone_handle}/Record",
            "create a record",
        )
        .at("zone_handle", zone)
        .json(record)
    }

    /// Replaces a record.
    pub(in crate::provider::namebay) fn update_record(
        &self,
        zone: &str,
        id: &str,
        record: &RecordInput,
    ) -> Request {
        self.write(
            Method::Put,
            "/api/Zone/{zone_handle}/Record/{id}",
            "update a record",
        )
        .at("zone_handle", zone)
        .at("id", id)
        .json(record)
    }

    /// Deletes a record.
    pub(in crate::provider::namebay) fn delete_record(&self, zone: &str, id: &str) -> Request {
        self.write(
            Method::Delete,
            "/api/Zone/{zone_handle}/Record/{id}",
            "delete a record",
        )
        .at("zone_handle", zone)
        .at("id", id)
    }
}
