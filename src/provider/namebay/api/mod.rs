//! The calls of Namebay's REST API that are used, and what they carry: one file per family.
//!
//! Answers are read leniently (names of members in any case, unknown members passed over, any member missing or null);
//! requests are spelled as the reference spells them. What Namebay volunteers and nobody asked for (`AuthInfo`,
//! `NameCode`, a contact's `Pwd`) has no member here, so that it goes no further than the answer's bytes.
//! Nothing here knows the model.

pub(super) mod account;
pub(super) mod autorenew;
pub(super) mod availability;
pub(super) mod basket;
pub(super) mod contact;
pub(super) mod domain;
pub(super) mod filled;
pub(super) mod glue;
pub(super) mod hosting;
pub(super) mod invoice;
pub(super) mod lenient;
pub(super) mod mail;
pub(super) mod message;
pub(super) mod product;
pub(super) mod redirection;
pub(super) mod ticket;
pub(super) mod transaction;
pub(super) mod zone;

use std::sync::Arc;

use crate::http::{Endpoint, Method, Request};

/// Makes a type that reads an object leniently: `field: Type = "Member"`.
macro_rules! wire {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $type:ty = $member:literal),* $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub(in crate::provider::namebay) struct $name {
            $($(#[$doc])* pub(in crate::provider::namebay) $field: $type,)*
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
                struct Members;

                impl<'de> ::serde::de::Visitor<'de> for Members {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(concat!("an object ", stringify!($name)))
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut object: A,
                    ) -> Result<$name, A::Error> {
                        use $crate::provider::namebay::api::lenient::Known;
                        let mut read = $name::default();
                        while let Some(name) = object.next_key_seed(Known(&[$($member),*]))? {
                            match name {
                                $(Some($member) => read.$field = object.next_value()?,)*
                                Some(_) | None => {
                                    object.next_value::<::serde::de::IgnoredAny>()?;
                                }
                            }
                        }
                        Ok(read)
                    }
                }

                value.deserialize_map(Members)
            }
        }
    };
}
pub(in crate::provider::namebay) use wire;

/// Where the calls of one account go: the API's address and the customer acted for.
#[derive(Clone)]
pub(super) struct Calls {
    api: Endpoint,
    user: Arc<str>,
}

impl Calls {
    /// Directs calls.
    pub(super) fn new(api: &Endpoint, user: &str) -> Self {
        Self {
            api: api.clone(),
            user: user.into(),
        }
    }

    /// Returns the customer acted for.
    pub(super) fn user(&self) -> &str {
        &self.user
    }

    fn get(&self, path: &'static str, label: &'static str) -> Request {
        Request::get(&self.api, path, label).query("user", &*self.user)
    }

    /// A reading call that knows no `user`.
    fn get_for_all(&self, path: &'static str, label: &'static str) -> Request {
        Request::get(&self.api, path, label)
    }

    fn write(&self, method: Method, path: &'static str, label: &'static str) -> Request {
        Request::write(method, &self.api, path, label).query("user", &*self.user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Body, Effect};
    use crate::model::Secret;
    use secrecy::ExposeSecret;

    /// Each call of orders, contacts and the catalogue goes where the contract says, with `user` where it lists it.
    #[test]
    fn calls_go_where_the_contract_says() {
        let api = Endpoint::parse("https://rest.namebay.com").unwrap();
        let calls = Calls::new(&api, "AA111111");
        let code = Secret::new("Auth&7421".to_owned());
        let shelf = product::Shelf {
            kind: Some("domaine"),
            subtype: Some("creation"),
            tld: Some("com"),
        };
        let addresses = glue::Addresses {
            ip1: "192.0.2.53",
            ip2: None,
        };
        let host = glue::NewGlue {
            name: "ns1.example.com",
            ip1: "192.0.2.53",
            ip2: Some("2001:db8::53"),
            registry: "verisign",
        };
        let (user, read, again, new) = (
            "user=AA111111",
            Effect::Read,
            Effect::Idempotent,
            Effect::Creating,
        );
        for (call, effect, line) in [
            (
                calls.products(shelf),
                read,
                "GET /api/Product?USER&type=domaine&subtype=creation&tldname=com",
            ),
            (
                calls.products(product::Shelf::default()),
                read,
                "GET /api/Product?USER",
            ),
            (
                calls.owned_named("domain", "example.com"),
                read,
                "GET /api/OwnedProduct?USER&object_class=domain&object_name=example.com",
            ),
            (
                calls.owned_one("DO1"),
                read,
                "GET /api/OwnedProduct/DO1?USER",
            ),
            (
                calls.funds("AA2"),
                read,
                "GET /api/Contact/AA2/Account?USER",
            ),
            (calls.pack(), read, "GET /api/Contact/Pack?USER"),
            (calls.person("AA2"), read, "GET /api/Contact/AA2?USER"),
            (
                calls.create_person(&contact::NewPerson::default()),
                new,
                "POST /api/Contact?USER",
            ),
            (
                calls.transaction("NBAY-1"),
                read,
                "GET /api/Transaction/NBAY-1?USER",
            ),
            (
                calls.tickets("NBAY-1"),
                read,
                "GET /api/Transaction/NBAY-1/Ticket?USER",
            ),
            (calls.message(), read, "GET /api/Poll?USER"),
            (
                calls.acknowledge("33"),
                again,
                "PUT /api/Poll/33/Acknowledge?USER",
            ),
            (
                calls.invoices_since("2025-02-21T00:00:00"),
                read,
                "GET /api/Invoice?USER&date_transaction=2025-02-21T00%3A00%3A00",
            ),
            (
                calls.invoices_of("NBAY-1"),
                read,
                "GET /api/Invoice?USER&transactionId=NBAY-1",
            ),
            (
                calls.renewal_runs(),
                read,
                "GET /api/AutoRenew?USER&object_class=domain",
            ),
            (
                calls.renewal_run("DO1"),
                read,
                "GET /api/AutoRenew?USER&object_handle=DO1&latest=true",
            ),
            (
                calls.availability("example.com"),
                read,
                "GET /api/Domain/example.com/Availability",
            ),
            (
                calls.availabilities(&["a.com", "b.com"]),
                read,
                "POST /api/Domain/Availability [\"a.com\",\"b.com\"]",
            ),
            (
                calls.transferable("example.com", &code),
                read,
                "GET /api/Domain/example.com/Transferable?USER&authcode=Auth%267421",
            ),
            (
                calls.tld_details("example.com"),
                read,
                "GET /api/Domain/TldDetails?domain=example.com",
            ),
            (
                calls.create_glue(&host),
                new,
                "POST /api/NameServer?USER {\"Name\":\"ns1.example.com\",\"Ip1\":\"192.0.2.53\",\
                 \"Ip2\":\"2001:db8::53\",\"Registry\":\"verisign\"}",
            ),
            (calls.glue("7"), read, "GET /api/NameServer/7?USER"),
            (
                calls.set_glue("7", &addresses),
                again,
                "PUT /api/NameServer/7?USER {\"Ip1\":\"192.0.2.53\"}",
            ),
        ] {
            let target = call.target().unwrap();
            let mut sent = format!("{} {}", call.method(), target.expose_secret());
            if let Body::Json(body) = call.body()
                && call.path() != "/api/Contact"
            {
                sent += &format!(" {}", String::from_utf8_lossy(body.expose_secret()));
            }
            assert_eq!(sent, line.replace("USER", user));
            assert_eq!(call.does(), effect, "{line}");
            assert!(!format!("{call:?} {}", call.shown()).contains("7421"));
        }
    }

    /// Whatever stands in place of a value, an object is read, and what makes no sense counts as not given.
    #[test]
    fn odd_answers_are_read() {
        fn odd<T: for<'de> serde::Deserialize<'de> + Default + PartialEq + std::fmt::Debug>(
            names: &[&str],
        ) {
            for value in ["null", "{}", "[]", "[[{}]]", "{\"a\": {}}"] {
                let members: Vec<String> = names
                    .iter()
                    .map(|name| format!("\"{}\": {value}", name.to_uppercase()))
                    .collect();
                let text = format!("{{\"Unheard\": {value}, {}}}", members.join(", "));
                let read: T = crate::http::decode(text.as_bytes()).unwrap();
                if value == "null" {
                    assert_eq!(read, T::default());
                }
            }
        }
        odd::<account::Funds>(&["Account", "AuthorizedBank", "LastUpdate"]);
        odd::<account::Pack>(&["Autorenew", "Protected"]);
        odd::<account::Holding>(&["Handle", "StatusID", "ExpDate", "Products"]);
        odd::<autorenew::Run>(&["Id", "Status", "TotalTtc"]);
        odd::<glue::Glue>(&["Id", "Ip1", "Registries"]);
        odd::<invoice::Invoice>(&["Id", "InvoiceDate", "TotalTTC"]);
        odd::<contact::Person>(&["Handle", "HasTva", "RateTva", "CleTitulaire"]);
        odd::<product::Product>(&["Id", "Pu", "Attributes", "Tlds"]);
        odd::<basket::Envelope>(&["Panier", "OriginalPanierId"]);
        odd::<transaction::Transaction>(&["TransactionID", "OpDetails", "Errors"]);
        odd::<ticket::Ticket>(&["Id", "TicketState", "Extensions", "Logs"]);
        odd::<message::Message>(&["Id", "Message", "Data"]);
        odd::<availability::Availability>(&["Status", "AvailabilityResponse", "Error"]);
        odd::<availability::TldDetails>(&["minRegistrationPeriod", "ValidOwnerCountries"]);
    }
}
