//! Contacts, which are customers too.

use serde::Serialize;

use super::lenient::{Exact, Text, Yes};
use super::{Calls, wire};
use crate::http::{Method, Request};

wire! {
    /// A contact. `CleTitulaire`, `Password`, papers and birthday are left out: they are nobody's business here.
    Person {
        handle: Text = "Handle",
        organisation: Text = "OrgName",
        last_name: Text = "LastName",
        first_name: Text = "FirstName",
        address: Text = "Address",
        city: Text = "City",
        postcode: Text = "Pc",
        country: Text = "Cc",
        mail: Text = "MailAddress",
        taxed: Yes = "HasTva",
        tax: Exact = "RateTva",
    }
}

/// A contact that is made. The members for a phone number are not documented.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::provider::namebay) struct NewPerson<'a> {
    /// 1: an organisation; 2: an individual. The same as `is_individual`, in another word.
    pub(in crate::provider::namebay) entity: u8,
    /// The organisation.
    #[serde(rename = "OrgName", skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) organisation: Option<&'a str>,
    /// The last name, of an organisation too.
    pub(in crate::provider::namebay) last_name: &'a str,
    /// The first name.
    pub(in crate::provider::namebay) first_name: &'a str,
    /// Street and number.
    pub(in crate::provider::namebay) address: &'a str,
    /// The town.
    pub(in crate::provider::namebay) city: &'a str,
    /// The postcode.
    #[serde(rename = "Pc")]
    pub(in crate::provider::namebay) postcode: &'a str,
    /// The country, in two letters.
    #[serde(rename = "Cc")]
    pub(in crate::provider::namebay) country: &'a str,
    /// The mail address.
    #[serde(rename = "MailAddress")]
    pub(in crate::provider::namebay) mail: &'a str,
    /// Whether it is a person.
    pub(in crate::provider::namebay) is_individual: bool,
}

impl Calls {
    /// Reads a contact.
    pub(in crate::provider::namebay) fn person(&self, handle: &str) -> Request {
        self.get("/api/Contact/{handle}", "read a contact")
            .at("handle", handle)
    }

    /// Makes a contact.
    pub(in crate::provider::namebay) fn create_person(&self, person: &NewPerson<'_>) -> Request {
        self.write(Method::Post, "/api/Contact", "create a contact")
            .json(person)
    }
}
