//! Names that are not held: whether they are free or can be moved here, and the rules of their TLD.

use super::lenient::{Loose, Many, Moment, Text, Whole, Yes};
use super::{Calls, wire};
use crate::http::{Effect, Method, Request};
use crate::model::Secret;

wire! {
    /// Whether a name is free. One page shows `code` alone, without the object around it.
    Availability {
        name: Text = "Name",
        status: Text = "Status",
        verdict: Loose<Verdict> = "AvailabilityResponse",
        code: Whole = "code",
        catchable: Yes = "Catchable",
        error: Text = "Error",
        forbidden: Yes = "Forbidden",
        reserved: Yes = "Reserved",
        forbidden_reason: Text = "ForbiddenReason",
        reserved_reason: Text = "ReservedReason",
    }
}

wire! {
    /// The registry's verdict: 1 is free; of the other numbers none is documented.
    Verdict {
        code: Whole = "code",
    }
}

wire! {
    /// Whether a domain can be transferred. Which way is `Direction`.
    Transferable {
        name: Text = "Name",
        handle: Text = "Handle",
        transferable: Yes = "IsTransferable",
        under_way: Yes = "InTransfer",
        valid_date: Yes = "ValidDate",
        status: Text = "Status",
        direction: Text = "Direction",
        created: Moment = "Created",
        message: Text = "Message",
    }
}

wire! {
    /// The rules of a TLD.
    TldDetails {
        name: Text = "tldName",
        registry: Text = "registry_id",
        owner_countries: Many<Text> = "ValidOwnerCountries",
        renew_start: Whole = "RenewStart",
        min_period: Whole = "minRegistrationPeriod",
        max_period: Whole = "maxRegistrationPeriod",
        min_renewal: Whole = "minRenewPeriod",
        max_renewal: Whole = "maxRenewPeriod",
        min_length: Whole = "minLength",
        max_length: Whole = "maxLength",
        renewable: Yes = "renewAble",
        transferable: Yes = "transferAble",
        needs_zone: Yes = "isZoneRequired",
        has_auth_code: Yes = "hasAuthInfo",
        has_lock: Yes = "isStatusUpdateAble",
    }
}

impl Calls {
    /// Asks whether a name is free.
    pub(in crate::provider::namebay) fn availability(&self, domain: &str) -> Request {
        self.get_for_all(
            "/api/Domain/{domain}/Availability",
            "ask whether a domain is free",
        )
        .at("domain", domain)
    }

    /// Asks the same of several names: a POST that changes nothing.
    pub(in crate::provider::namebay) fn availabilities(&self, domains: &[&str]) -> Request {
        Request::write(
            Method::Post,
            &self.api,
            "/api/Domain/Availability",
            "ask which domains are free",
        )
        .effect(Effect::Read)
        .json(&domains)
    }

    /// Asks whether a domain can be transferred in. The code is in the address, where nothing shows it.
    pub(in crate::provider::namebay) fn transferable(
        &self,
        domain: &str,
        code: &Secret,
    ) -> Request {
        self.get(
            "/api/Domain/{domain}/Transferable",
            "ask whether a domain can be transferred",
        )
        .at("domain", domain)
        .query("authcode", code.expose())
    }

    /// Reads the rules of a domain's TLD.
    pub(in crate::provider::namebay) fn tld_details(&self, domain: &str) -> Request {
        self.get_for_all("/api/Domain/TldDetails", "read the rules of a TLD")
            .query("domain", domain)
    }
}
