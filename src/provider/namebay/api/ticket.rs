//! Tickets: what is done for an order, one per object.
//!
//! A ticket volunteers the auth code (`Extensions`). It is read for one purpose: to be taken out of the texts that
//! people see, and is gone before anybody holds the ticket.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::lenient::{Known, Loose, Moment, Text, Whole};
use super::wire;
use crate::model::Secret;

wire! {
    /// A ticket. Its product may differ from the one ordered.
    Ticket {
        id: Text = "Id",
        handle: Text = "ObjectHandle",
        name: Text = "ObjectName",
        class: Text = "ClassName",
        state: Text = "TicketState",
        kind: Text = "OpType",
        status: Whole = "ObjectStatus",
        remark: Text = "Remark",
        requested: Moment = "RequestDate",
        processed: Moment = "LastProcessingDate",
        next: Moment = "NextProcessingDate",
        codes: Loose<Codes> = "Extensions",
    }
}

impl Ticket {
    /// The ticket without secrets: none is kept, and none is left in its texts.
    #[must_use]
    pub(in crate::provider::namebay) fn masked(mut self) -> Self {
        for secret in std::mem::take(&mut self.codes.0.0) {
            for text in [&mut self.remark, &mut self.state] {
                text.mask(secret.expose());
            }
        }
        self
    }
}

/// The auth codes of a ticket.
#[derive(Clone, Default)]
pub(in crate::provider::namebay) struct Codes(Vec<Secret>);

impl fmt::Debug for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl PartialEq for Codes {
    fn eq(&self, other: &Self) -> bool {
        let exposed = |codes: &Self| -> Vec<String> {
            codes
                .0
                .iter()
                .map(|code| code.expose().to_owned())
                .collect()
        };
        exposed(self) == exposed(other)
    }
}

impl Eq for Codes {}

impl<'de> Deserialize<'de> for Codes {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Codes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Codes, A::Error> {
                let known = || Known(&["AuthCode", "auth_info", "authInfo", "auth_code", "Pwd"]);
                let mut codes = Codes::default();
                while let Some(name) = object.next_key_seed(known())? {
                    if name.is_none() {
                        object.next_value::<IgnoredAny>()?;
                        continue;
                    }
                    let text: Text = object.next_value()?;
                    if !text.raw().is_empty() {
                        codes.0.push(Secret::new(text.raw().to_owned()));
                    }
                }
                Ok(codes)
            }
        }

        value.deserialize_map(Members)
    }
}
