//! What is known of top-level domains, and whether a name is free.

use serde_json::{Value, json};

use super::call::{Answer, Call, Failure, Reply};
use super::desk::Desk;
use super::dialect::AvailabilityWords;
use super::rdata::{self, Undotted};
use super::state::Standing;

/// The rules of one top-level domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tld {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) anonymous_whois: bool,
    pub(super) lockable: bool,
    pub(super) country: bool,
}

impl Tld {
    /// Gives the rules for a domain name; country codes hide nobody, `.eu` and `.be` know no lock.
    pub(super) fn of(domain: &str) -> Self {
        let name = domain.rsplit('.').next().unwrap_or_default().to_owned();
        let id = match name.as_str() {
            "com" => 1,
            "net" => 2,
            "org" => 3,
            "fr" => 5,
            "eu" => 6,
            "example" => 90,
            _ => 100 + name.bytes().map(u64::from).sum::<u64>(),
        };
        let country = name.len() == 2;
        let lockable = !matches!(name.as_str(), "eu" | "be");
        Self {
            id,
            name,
            anonymous_whois: !country,
            lockable,
            country,
        }
    }
}

/// `GET /api/Domain/TldDetails`
pub(super) fn details(_desk: &mut Desk<'_>, call: &Call) -> Reply {
    let name = call
        .query("domain")
        .and_then(|name| rdata::absolute(name, Undotted::Complete));
    let name = name.ok_or_else(|| Failure::code(404, "The TLD is not known"))?;
    let tld = Tld::of(name.trim_end_matches('.'));
    Ok(Answer::Object(json!({
        "Country": "",
        "CountryEN": "",
        "ChildId": Value::Null,
        "ValidOwnerCountries": Value::Null,
        "RenewStart": 15,
        "Errors": [],
        "tldName": tld.name,
        "id": tld.id,
        "minRegistrationPeriod": 1,
        "minRenewPeriod": 1,
        "maxRegistrationPeriod": 10,
        "maxRenewPeriod": 9,
        "minLength": 2,
        "maxLength": 63,
        "explicitRenew": true,
        "renewAble": true,
        "isUpdatable": true,
        "isZoneRequired": false,
        "isIndividualRegistration": true,
        "isUpdateFree": true,
        "hasSrs": false,
        "isCctld": tld.country,
        "isThinRegistry": false,
        "transferAble": true,
        "hasRegistrationDoc": false,
        "hasAuthInfo": true,
        "isStatusUpdateAble": tld.lockable,
        "hasUpdateDoc": false,
        "hasTransferDoc": false,
        "isLocalRegistration": false,
        "isAutomated": true,
        "TldCategory": 1,
        "IsTop": false,
        "commentList": Value::Null,
    })))
}

/// `GET /api/Domain/{domain}/Availability`
pub(super) fn available(desk: &mut Desk<'_>, call: &Call) -> Reply {
    one(desk, call.param("domain"))
}

/// `GET /api/Domain/Availability`
pub(super) fn available_by_query(desk: &mut Desk<'_>, call: &Call) -> Reply {
    one(desk, call.query("domain").unwrap_or_default())
}

/// `POST /api/Domain/Availability`
pub(super) fn available_in_bulk(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let names = call
        .body
        .as_array()
        .and_then(|names| names.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
    let names = names.ok_or_else(|| Failure::model("body", "A list of names is expected."))?;
    Ok(Answer::Rows(
        names
            .into_iter()
            .map(|name| availability(desk, name))
            .collect(),
    ))
}

fn one(desk: &Desk<'_>, name: &str) -> Reply {
    if name.contains('.') {
        Ok(Answer::Object(availability(desk, name)))
    } else {
        Err(Failure::code(400, "Bad request: domain"))
    }
}

fn availability(desk: &Desk<'_>, name: &str) -> Value {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let standing = desk.state.commerce.names.get(&name);
    let free = desk.state.domain(&name).is_none() && standing.is_none();
    let (reserved, forbidden) = match standing {
        Some(Standing::Reserved) => (true, false),
        Some(Standing::Forbidden) => (false, true),
        Some(Standing::Registered { .. }) | None => (false, false),
    };
    let taken = match desk.dialect.availability_words {
        AvailabilityWords::Known => "UnAvailablePerDomainCheck",
        AvailabilityWords::DropZone => "UnAvailableInDropZone",
        AvailabilityWords::Other => "RegistryHold",
    };
    json!({
        "Name": name,
        "Status": if free { "AvailablePerDomainCheck" } else { taken },
        "Notices": "none",
        "AvailabilityResponse": { "code": if free { 1 } else { 0 }, "notices": 1 },
        "Catchable": false,
        "CatchableTld": false,
        "Error": Value::Null,
        "Forbidden": forbidden,
        "Reserved": reserved,
        "ForbiddenReason": forbidden.then_some("The registry forbids this name"),
        "ReservedReason": reserved.then_some("The registry keeps this name"),
    })
}
