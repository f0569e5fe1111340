//! Members whose shape no document tells: only whether anything stands there is read.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Whether anything stands there, of members whose shape no document tells: not null, not empty, not `false`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::provider::namebay) struct Filled(pub(in crate::provider::namebay) bool);

impl<'de> Deserialize<'de> for Filled {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        struct Anything;

        impl<'de> Visitor<'de> for Anything {
            type Value = bool;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_unit<E>(self) -> Result<bool, E> {
                Ok(false)
            }

            fn visit_bool<E>(self, yes: bool) -> Result<bool, E> {
                Ok(yes)
            }

            fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
                Ok(true)
            }

            fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
                Ok(true)
            }

            fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
                Ok(true)
            }

            fn visit_str<E>(self, text: &str) -> Result<bool, E> {
                Ok(!text.trim().is_empty())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
                let mut any = false;
                while list.next_element::<IgnoredAny>()?.is_some() {
                    any = true;
                }
                Ok(any)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<bool, A::Error> {
                let mut any = false;
                while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                    any = true;
                }
                Ok(any)
            }
        }

        value.deserialize_any(Anything).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn something_is_not_nothing() {
        for (json, filled) in [
            ("null", false),
            ("[]", false),
            ("{}", false),
            ("\" \"", false),
            ("[null]", true),
            ("{\"a\": 1}", true),
            ("0", true),
        ] {
            assert_eq!(
                serde_json::from_str::<Filled>(json).unwrap().0,
                filled,
                "{json}"
            );
        }
    }
}
