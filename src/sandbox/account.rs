//! Contacts as such, the prepaid account of one, and the defaults of a reseller.

use serde_json::{Value, json};

use super::call::{Answer, Call, Failure, Reply};
use super::desk::Desk;
use super::fields::Fields;
use super::state::{Change, Contact, User};

/// `GET /api/Contact/{handle}`
pub(super) fn get(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let contact = find(desk, call)?;
    Ok(Answer::Object(json(desk, &contact)))
}

/// `POST /api/Contact`
pub(super) fn create(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let fields = call.fields()?;
    let individual = fields.boolean("IsIndividual")?;
    individual
        .ok_or_else(|| Failure::model("IsIndividual", "The IsIndividual field is required."))?;
    let taken = desk.state.contacts.len() + desk.state.users.len();
    let free = (taken..).map(|number| format!("CC{:06}", 100_000 + number));
    let free = free
        .into_iter()
        .find(|handle| !desk.state.contacts.contains_key(handle))
        .unwrap_or_default();
    let contact = Contact {
        handle: free,
        organisation: fields.text("OrgName", (1, 150))?,
        first_name: fields.required("FirstName", (1, 150))?,
        last_name: fields.required("LastName", (1, 150))?,
        address: address(&fields)?,
        city: fields.required("City", (1, 150))?,
        postcode: fields.required("Pc", (1, 16))?,
        country: fields.required("Cc", (2, 2))?,
        mail: fields.required("MailAddress", (3, 150))?,
        registry_password: None,
    };
    let answer = json(desk, &contact);
    desk.commit(Change::Contact(contact));
    Ok(Answer::Object(answer))
}

/// Reads the address, which must not hold the words "bp" and "cedex".
fn address(fields: &Fields) -> Result<String, Failure> {
    let address = fields.required("Address", (1, 150))?;
    let barred = |word: &str| word.eq_ignore_ascii_case("bp") || word.eq_ignore_ascii_case("cedex");
    if address
        .split(|letter: char| !letter.is_alphanumeric())
        .any(barred)
    {
        return Err(Failure::model(
            "Address",
            "The field Address must match the regular expression.",
        ));
    }
    Ok(address)
}

/// `GET /api/Contact/{handle}/Account`
pub(super) fn balance(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let contact = find(desk, call)?;
    let (balance, credit) = (cents(user(desk, &contact.handle).balance), cents(0));
    let now = desk.date(desk.now);
    Ok(Answer::Object(json!({
        "Account": balance, "AuthorizedBank": credit, "LastUpdate": now, "VerifyAutoRenew": true,
    })))
}

/// `GET /api/Contact/Pack`
pub(super) fn pack(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let user = user(desk, &call.user);
    Ok(Answer::Object(
        json!({ "Autorenew": user.auto_renew, "Protected": user.protect }),
    ))
}

/// `PUT /api/Contact/Pack`
pub(super) fn set_pack(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut user = user(desk, &call.user);
    let fields = call.fields()?;
    user.auto_renew = fields.boolean("Autorenew")?.unwrap_or(user.auto_renew);
    user.protect = fields.boolean("Protected")?.unwrap_or(user.protect);
    desk.commit(Change::User(user.clone()));
    Ok(Answer::Object(
        json!({ "Autorenew": user.auto_renew, "Protected": user.protect }),
    ))
}

fn find(desk: &Desk<'_>, call: &Call) -> Result<Contact, Failure> {
    desk.contact(call.param("handle"))
        .ok_or_else(|| Failure::not_found("The contact"))
}

fn user(desk: &Desk<'_>, handle: &str) -> User {
    desk.state
        .users
        .get(handle)
        .cloned()
        .unwrap_or_else(|| super::seed::user(handle))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "balances of the sandbox are small"
)]
fn cents(amount: i64) -> Value {
    json!(amount as f64 / 100.0)
}

fn json(desk: &Desk<'_>, contact: &Contact) -> Value {
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
        registry_password,
    } = contact;
    let name = organisation
        .clone()
        .unwrap_or_else(|| format!("{first_name} {last_name}"));
    json!({
        "Handle": handle,
        "Name": name,
        "Entity": if organisation.is_some() { 1 } else { 2 },
        "OrgName": organisation,
        "LastName": last_name,
        "FirstName": first_name,
        "Address": address,
        "City": city,
        "Pc": postcode,
        "Cc": country,
        "MailAddress": mail,
        "CleTitulaire": registry_password,
        "IsActive": true,
        "Account": cents(user(desk, handle).balance),
        "AuthorizedBank": cents(0),
        "VerifyAutoRenew": true,
        "HasTva": true,
        "RateTva": 20.0,
        "Extension": Value::Null,
    })
}
