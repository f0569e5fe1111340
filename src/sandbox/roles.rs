//! Contacts of a domain by role.

use serde_json::{Value, json};

use super::call::{Answer, Call, Entry, Failure, Reply};
use super::desk::Desk;
use super::dialect::{ContactPut, OwnerRole};
use super::domain::{self, Part};
use super::state::{Contact, Domain, Role, Settings};

/// `GET /api/Domain/{handle}/Contact`
pub(super) fn list(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let domain = desk.domain(call, "handle")?;
    let settings = domain::seen(desk, &domain);
    Ok(Answer::List(contacts(desk, &domain, &settings)))
}

/// Writes the contacts of a domain, one per role.
pub(super) fn contacts(desk: &Desk<'_>, domain: &Domain, settings: &Settings) -> Vec<Value> {
    let shown = Domain {
        settings: settings.clone(),
        ..domain.clone()
    };
    let held = Role::ALL.into_iter().filter_map(|role| {
        let handle = domain::role_of(desk, &shown, role)?;
        let contact = desk.contact(&handle)?;
        Some(json(&contact, role))
    });
    held.collect()
}

/// `PUT /api/Domain/{handle}/Contact`: roles that are left out stay.
pub(super) fn update(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let domain = desk.domain(call, "handle")?;
    let mut settings = domain.settings.clone();
    let mut entries = Vec::new();
    for item in call.items()? {
        let handle = item.required("Handle", (1, 64))?;
        let letter = item.required("Type", (1, 1))?;
        let role = Role::from_letter(&letter).filter(|role| *role != Role::Reseller);
        let role =
            role.ok_or_else(|| Failure::model("Type", "The field Type must match A|B|T|O."))?;
        let (code, detail) = match (role, desk.dialect.owner_role, desk.contact(&handle)) {
            (Role::Owner, OwnerRole::Refused, _) => {
                (572, "The operation is not allowed for this TLD")
            }
            (_, _, None) => (
                404,
                "The contact does not exist or you do not have permission on it",
            ),
            (_, _, Some(_)) => {
                settings.contacts.insert(role, handle);
                (200, "OK")
            }
        };
        entries.push(Entry::new(code, detail, item.sent));
    }
    let done = entries.iter().all(|entry| entry.code == 200);
    domain::store(desk, domain.clone(), settings.clone(), Part::Ties);
    Ok(match desk.dialect.contact_put {
        ContactPut::Empty if done => Answer::Rows(Vec::new()),
        ContactPut::Contacts if done => Answer::Rows(contacts(desk, &domain, &settings)),
        ContactPut::Entries | ContactPut::Empty | ContactPut::Contacts => Answer::Results(entries),
    })
}

fn json(contact: &Contact, role: Role) -> Value {
    let Contact {
        handle,
        organisation,
        first_name,
        last_name,
        address,
        city,
        postcode,
        country,
        mail,
        ..
    } = contact;
    json!({
        "Handle": handle,
        "RegName": Value::Null,
        "Type": role.letter(),
        "Entity": if organisation.is_some() { 1 } else { 2 },
        "OrgName": organisation,
        "LastName": last_name,
        "FirstName": first_name,
        "Address": address,
        "City": city,
        "Pc": postcode,
        "Cc": country,
        "MailAddress": mail,
    })
}
