//! The objects that a user owns, as the one list that turns a name into a handle. Domains only, so far.

use serde_json::{Value, json};

use super::call::{Answer, Call, Failure, Reply};
use super::desk::Desk;
use super::dialect::Expired;
use super::domain;
use super::state::{Domain, Role};
use super::zone;

/// `GET /api/OwnedProduct`
pub(super) fn list(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let class = call.query("object_class").unwrap_or("domain");
    if !class.eq_ignore_ascii_case("domain") {
        return Ok(Answer::List(Vec::new()));
    }
    let (name, status, reseller) = (
        call.query("object_name"),
        call.query("status"),
        call.query("reseller"),
    );
    let found = desk.state.domains.values().filter(|domain| {
        let (id, word) = status_of(desk, domain);
        desk.listed(&call.user, &domain.holder)
            && name.is_none_or(|name| zone::matches(&domain.name, name, desk.dialect.filter))
            && status
                .is_none_or(|status| status.eq_ignore_ascii_case(word) || status == id.to_string())
            && reseller.is_none_or(|reseller| desk.reseller_of(&domain.holder) == Some(reseller))
    });
    Ok(Answer::List(
        found.map(|domain| json(desk, domain, call)).collect(),
    ))
}

/// `GET /api/OwnedProduct/{handle}`
pub(super) fn get(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let domain = desk
        .domain(call, "handle")
        .map_err(|failure| match failure {
            Failure::Entries(entries) if entries.first().is_some_and(|entry| entry.code == 404) => {
                Failure::not_found("The object")
            }
            Failure::Entries(_) | Failure::Model { .. } | Failure::Framework(..) => failure,
        })?;
    Ok(Answer::Object(json(desk, &domain, call)))
}

fn status_of(desk: &Desk<'_>, domain: &Domain) -> (u64, &'static str) {
    match desk.dialect.expired {
        Expired::Expired if domain.expires <= desk.now => (2, "EXPIRED"),
        Expired::Registered | Expired::Expired => (1, "REGISTERED"),
    }
}

fn json(desk: &Desk<'_>, domain: &Domain, call: &Call) -> Value {
    let Domain {
        handle,
        name,
        holder,
        created,
        expires,
        product,
        ..
    } = domain;
    let (id, word) = status_of(desk, domain);
    let tied = Role::ALL.into_iter().filter(|role| {
        domain::role_of(desk, domain, *role)
            .is_some_and(|handle| handle == call.user || handle == *holder)
    });
    let tied: Vec<&str> = tied.map(Role::letter).collect();
    json!({
        "Handle": handle,
        "ParentHandle": Value::Null,
        "ResellerHandle": desk.reseller_of(holder),
        "Name": name,
        "Class": "domain",
        "StatusID": id,
        "Status": desk.state_word(word),
        "CreDate": desk.date(*created),
        "ExpDate": desk.date(*expires),
        "TransferInDate": Value::Null,
        "ProductId": product,
        "Quantity": 1,
        "ContactTypes": tied,
        "Products": [{
            "Id": product,
            "Name": " Enregistrement de nom de domaine ",
            "Type": "Domaine",
            "SubType": "Creation",
            "TransactionId": "NONE",
            "Active": false,
        }],
        "Children": Value::Null,
        "Error": Value::Null,
    })
}
