//! Contacts as such, the prepaid account of one, and the defaults of a reseller.

use serde_json::{Value, json};

use super::call::{Answer, Call, Failure, Reply};
use super::desk::Desk;
use super::dialect::TaxRate;
use super::fields::Fields;
use super::state::{Change, Contact, Tax};

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
        organisation: latin(&fields, "OrgName")?,
        first_name: required_latin(&fields, "FirstName")?,
        last_name: required_latin(&fields, "LastName")?,
        address: address(&fields)?,
        city: fields.required("City", (1, 150))?,
        postcode: fields.required("Pc", (1, 16))?,
        country: fields.required("Cc", (2, 2))?,
        mail: fields.required("MailAddress", (3, 150))?,
        registry_password: None,
        tax: Tax::Usual,
    };
    let answer = json(desk, &contact);
    desk.commit(Change::Contact(contact));
    Ok(Answer::Object(answer))
}

/// Reads the address, which must not hold the words "bp" and "cedex".
fn address(fields: &Fields) -> Result<String, Failure> {
    let address = required_latin(fields, "Address")?;
    let barred = |word: &str| word.eq_ignore_ascii_case("bp") || word.eq_ignore_ascii_case("cedex");
    if address.contains('@')
        || address
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
    let user = desk.user(&contact.handle);
    let balance = money(user.balance * 100 - user.spent);
    let credit = money(user.credit * 100);
    let now = desk.date(desk.now);
    Ok(Answer::Object(json!({
        "Account": balance, "AuthorizedBank": credit, "LastUpdate": now, "VerifyAutoRenew": true,
    })))
}

/// `GET /api/Contact/Pack`
pub(super) fn pack(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let user = desk.user(&call.user);
    Ok(Answer::Object(
        json!({ "Autorenew": user.auto_renew, "Protected": user.protect }),
    ))
}

/// `PUT /api/Contact/Pack`
pub(super) fn set_pack(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut user = desk.user(&call.user);
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

/// Writes an amount of ten-thousandths of a euro.
#[expect(
    clippy::cast_precision_loss,
    reason = "amounts of the sandbox are small"
)]
pub(super) fn money(amount: i64) -> Value {
    json!(amount as f64 / 10_000.0)
}

fn rate(desk: &Desk<'_>, tax: Tax) -> Value {
    let tenths = f64::from(tax.rate());
    match desk.dialect.tax_rate {
        TaxRate::Percent => json!(tenths / 10.0),
        TaxRate::Fraction => json!(tenths / 1000.0),
        TaxRate::Absent => Value::Null,
    }
}

/// Reads a text of the alphabet that names and addresses of contacts have.
fn latin(fields: &Fields, name: &str) -> Result<Option<String>, Failure> {
    const MORE: &str =
        "áàâäãåçéèêëíìîïñóòôöõúùûüýÿæœÁÀÂÄÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕÚÙÛÜÝŸÆŒß .!#$%'()*+,:;=-?&@[]/^_`|}{";
    let text = fields.text(name, (1, 150))?;
    let fits = |letter: char| letter.is_ascii_alphanumeric() || MORE.contains(letter);
    match text {
        Some(text) if !text.chars().all(fits) => {
            let told = format!("The field {name} must match the regular expression.");
            Err(Failure::model(name, &told))
        }
        text => Ok(text),
    }
}

fn required_latin(fields: &Fields, name: &str) -> Result<String, Failure> {
    let missing = || Failure::model(name, &format!("The {name} field is required."));
    latin(fields, name)?.ok_or_else(missing)
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
        tax,
    } = contact;
    let name = organisation
        .clone()
        .unwrap_or_else(|| format!("{first_name} {last_name}"));
    let user = desk.user(handle);
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
        "Account": money(user.balance * 100 - user.spent),
        "AuthorizedBank": money(user.credit * 100),
        "VerifyAutoRenew": true,
        "HasTva": *tax != Tax::None,
        "RateTva": rate(desk, *tax),
        "Extension": Value::Null,
    })
}
