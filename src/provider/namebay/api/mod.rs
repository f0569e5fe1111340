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
