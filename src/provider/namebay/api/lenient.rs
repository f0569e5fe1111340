//! Values as Namebay spells them: a number as `37.0`, `78` or `"78"`, a date with or without a zone, anything as null.
//!
//! One field that cannot be read must not cost the whole answer, so whatever is not understood counts as not given;
//! whoever needs the value says so. Nothing here knows which object a value belongs to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};

/// A text, or a number or truth value written as one; blanks around it are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::provider::namebay) struct Text(pub(in crate::provider::namebay) Option<Box<str>>);

impl Text {
    /// Returns the text as it came; empty if there is none.
    pub(in crate::provider::namebay) fn raw(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// Returns the text without the blanks that Namebay puts around some, if anything is left.
    pub(in crate::provider::namebay) fn word(&self) -> Option<&str> {
        Some(self.raw().trim()).filter(|word| !word.is_empty())
    }

    /// Puts `(secret)` in place of a secret; a text that holds it in another spelling is not kept at all.
    pub(in crate::provider::namebay) fn mask(&mut self, secret: &str) {
        if secret.is_empty() || self.0.is_none() {
            return;
        }
        let text = self.raw().replace(secret, "(secret)");
        let hides = spellings(secret)
            .iter()
            .any(|spelling| text.to_lowercase().contains(&spelling.to_lowercase()));
        self.0 = Some(if hides {
            "(secret)".into()
        } else {
            text.into()
        });
    }
}

/// How a server may repeat a secret: as it is, in an address, in a page, in JSON, and in base64. Short ones are left
/// out, since a part of every other text would be taken for one.
fn spellings(secret: &str) -> Vec<String> {
    const SHORT: usize = 4;
    if secret.chars().count() < SHORT {
        return Vec::new();
    }
    let address: String = secret
        .bytes()
        .map(
            |byte| match byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
                true => char::from(byte).to_string(),
                false => format!("%{byte:02X}"),
            },
        )
        .collect();
    let entities = [
        ('&', "&amp;"),
        ('<', "&lt;"),
        ('>', "&gt;"),
        ('"', "&quot;"),
        ('\'', "&#39;"),
    ];
    let page = secret.chars().fold(String::new(), |mut out, c| {
        match entities.iter().find(|(plain, _)| *plain == c) {
            Some((_, entity)) => out.push_str(entity),
            None => out.push(c),
        }
        out
    });
    let json = serde_json::Value::from(secret).to_string();
    let json = json.trim_matches('"').to_owned();
    let whole = STANDARD_NO_PAD.encode(secret);
    // The last two letters depend on what follows in a longer text.
    let base64 = whole[..whole.len() - 2].to_owned();
    vec![secret.to_owned(), address, page, json, base64]
}

/// A whole number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::provider::namebay) struct Whole(pub(in crate::provider::namebay) Option<i64>);

/// A decimal number, exactly as written: one of more digits than a binary fraction keeps counts as not given, because an
/// amount that may be another is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::provider::namebay) struct Exact(pub(in crate::provider::namebay) Option<Decimal>);

/// Yes or no.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::provider::namebay) struct Yes(pub(in crate::provider::namebay) Option<bool>);

/// A moment; without a zone it is taken as UTC (the contract leaves the zone open), and year 1 means none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::provider::namebay) struct Moment(pub(in crate::provider::namebay) Option<Timestamp>);

/// An object where any JSON may stand; everything else counts as an empty one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::provider::namebay) struct Loose<T>(pub(in crate::provider::namebay) T);

/// Any number of values: a list, one alone, or none where nothing or anything else stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::provider::namebay) struct Many<T>(pub(in crate::provider::namebay) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// A list, one object in place of a list of one, or null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::provider::namebay) enum Listed<T> {
    /// A list.
    List(Vec<T>),
    /// One object.
    One(T),
    /// Null.
    Null,
}

/// A member's name in any case, as the one of the known names that it is.
pub(in crate::provider::namebay) struct Known(
    pub(in crate::provider::namebay) &'static [&'static str],
);

impl<'de> DeserializeSeed<'de> for Known {
    type Value = Option<&'static str>;

    fn deserialize<D: Deserializer<'de>>(self, name: D) -> Result<Self::Value, D::Error> {
        name.deserialize_str(self)
    }
}

impl Visitor<'_> for Known {
    type Value = Option<&'static str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        let known = self.0.iter().copied();
        Ok(known
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(name)))
    }
}

/// Any single value of JSON, with lists and objects passed over.
enum Scalar {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Box<str>),
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::None)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(yes))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar::Int(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
        Ok(i64::try_from(number).map_or(Scalar::None, Scalar::Int))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar, E> {
        Ok(Scalar::Float(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalar, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Scalar, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::None)
    }
}

/// A fraction that is none, as the number it is; beyond 2^53 neighbours could no longer be told apart.
fn narrowed(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked to be whole and small enough"
    )]
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Ok(Self(match value.deserialize_any(Any)? {
            Scalar::None => None,
            Scalar::Bool(yes) => Some(yes.to_string().into()),
            Scalar::Int(number) => Some(number.to_string().into()),
            Scalar::Float(number) => Some(match narrowed(number) {
                Some(whole) => whole.to_string().into(),
                None => number.to_string().into(),
            }),
            Scalar::Text(text) => Some(text),
        }))
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Ok(Self(match value.deserialize_any(Any)? {
            Scalar::None | Scalar::Bool(_) => None,
            Scalar::Int(number) => Some(number),
            Scalar::Float(number) => narrowed(number),
            Scalar::Text(text) => {
                let text = text.trim();
                text.parse().ok().or_else(|| narrowed(text.parse().ok()?))
            }
        }))
    }
}

/// A binary fraction keeps fifteen digits of any decimal one; its shortest spelling is then what was written.
fn exact(number: f64) -> Option<Decimal> {
    const KEPT: usize = 15;
    let text = number.to_string();
    let digits = text.trim_start_matches(['-', '0', '.']);
    let digits = digits.bytes().filter(u8::is_ascii_digit).count();
    (digits <= KEPT).then(|| Decimal::from_str_exact(&text).ok())?
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Ok(Self(match value.deserialize_any(Any)? {
            Scalar::None | Scalar::Bool(_) => None,
            Scalar::Int(number) => Some(number.into()),
            Scalar::Float(number) => exact(number),
            Scalar::Text(text) => Decimal::from_str_exact(text.trim()).ok(),
        }))
    }
}

impl<'de> Deserialize<'de> for Yes {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Ok(Self(match value.deserialize_any(Any)? {
            Scalar::None => None,
            Scalar::Bool(yes) => Some(yes),
            Scalar::Int(number) => Some(number != 0),
            Scalar::Float(number) => Some(number != 0.0),
            Scalar::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" => Some(true),
                "false" | "0" | "no" => Some(false),
                _ => None,
            },
        }))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Ok(Self(match value.deserialize_any(Any)? {
            Scalar::Text(text) => moment(text.trim()),
            Scalar::None | Scalar::Bool(_) | Scalar::Int(_) | Scalar::Float(_) => None,
        }))
    }
}

fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(zoned) = text.parse::<Timestamp>() {
        return (zoned.to_zoned(TimeZone::UTC).year() > 1).then_some(zoned);
    }
    let local: DateTime = text.parse().ok()?;
    let stamp = local.to_zoned(TimeZone::UTC).ok()?.timestamp();
    (local.year() > 1).then_some(stamp)
}

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Loose<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        struct Object<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for Object<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_unit<E>(self) -> Result<T, E> {
                Ok(T::default())
            }

            fn visit_bool<E>(self, _: bool) -> Result<T, E> {
                Ok(T::default())
            }

            fn visit_i64<E>(self, _: i64) -> Result<T, E> {
                Ok(T::default())
            }

            fn visit_u64<E>(self, _: u64) -> Result<T, E> {
                Ok(T::default())
            }

            fn visit_f64<E>(self, _: f64) -> Result<T, E> {
                Ok(T::default())
            }

            fn visit_str<E>(self, _: &str) -> Result<T, E> {
                Ok(T::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<T, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(T::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(object))
            }
        }

        value
            .deserialize_any(Object(std::marker::PhantomData))
            .map(Self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        struct Values<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Values<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("values")
            }

            fn visit_unit<E>(self) -> Result<Vec<T>, E> {
                Ok(Vec::new())
            }

            fn visit_bool<E>(self, _: bool) -> Result<Vec<T>, E> {
                Ok(Vec::new())
            }

            fn visit_i64<E>(self, _: i64) -> Result<Vec<T>, E> {
                Ok(Vec::new())
            }

            fn visit_u64<E>(self, _: u64) -> Result<Vec<T>, E> {
                Ok(Vec::new())
            }

            fn visit_f64<E>(self, _: f64) -> Result<Vec<T>, E> {
                Ok(Vec::new())
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Vec<T>, E> {
                T::deserialize(text.into_deserializer()).map(|one| vec![one])
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(items)
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Vec<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(object)).map(|one| vec![one])
            }
        }

        value
            .deserialize_any(Values(std::marker::PhantomData))
            .map(Self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Listed<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        struct List<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
            type Value = Listed<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_unit<E>(self) -> Result<Listed<T>, E> {
                Ok(Listed::Null)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Listed<T>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(Listed::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Listed<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(object)).map(Listed::One)
            }
        }

        value.deserialize_any(List(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: for<'de> Deserialize<'de>>(json: &str) -> T {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_secret_is_taken_out_however_it_is_spelled() {
        const SECRET: &str = "Canary\"!<pw";
        let masked = |text: &str| {
            let mut text = Text(Some(text.into()));
            text.mask(SECRET);
            text.raw().to_owned()
        };
        assert_eq!(masked("bad Canary\"!<pw here"), "bad (secret) here");
        for spelled in [
            "Canary%22%21%3Cpw",
            "canary%22%21%3cpw",
            "Canary&quot;!&lt;pw",
            "Canary\\\"!<pw",
            "CANARY\"!<PW",
            "Q2FuYXJ5IiE8cHc=",
        ] {
            assert_eq!(
                masked(&format!("bad {spelled} here")),
                "(secret)",
                "{spelled}"
            );
        }
        assert_eq!(masked("another password"), "another password");
    }

    #[test]
    fn numbers_come_in_many_spellings() {
        for (json, number) in [
            ("37", Some(37)),
            ("37.0", Some(37)),
            ("\"78\"", Some(78)),
            ("\" 78.0 \"", Some(78)),
            ("-1", Some(-1)),
            ("null", None),
            ("\"\"", None),
            ("0.5", None),
            ("1e300", None),
            ("18446744073709551615", None),
            ("[1, {}]", None),
            ("{\"a\": [1]}", None),
            ("true", None),
        ] {
            assert_eq!(read::<Whole>(json).0, number, "{json}");
        }
    }

    #[test]
    fn amounts_are_exact_or_none() {
        for (json, amount) in [
            ("12.0", Some("12")),
            ("14.88", Some("14.88")),
            ("20.4840", Some("20.484")),
            ("0.1", Some("0.1")),
            ("-3", Some("-3")),
            ("\" 17.0700 \"", Some("17.07")),
            ("\"14,88\"", None),
            ("\"14.88 EUR\"", None),
            ("0.12345678901234567", None),
            ("1e300", None),
            ("\"0.00000000000000000000000000001\"", None),
            ("null", None),
            ("true", None),
            ("[12.0]", None),
        ] {
            let amount: Option<Decimal> = amount.map(|amount| amount.parse().unwrap());
            assert_eq!(read::<Exact>(json).0, amount, "{json}");
        }
    }

    #[test]
    fn ids_are_texts_whatever_they_are_sent_as() {
        for (json, id) in [
            ("13", Some("13")),
            ("13.0", Some("13")),
            ("\"13\"", Some("13")),
            ("\" WaitingUrlMetaCheck\"", Some("WaitingUrlMetaCheck")),
            ("false", Some("false")),
            ("\"  \"", None),
            ("null", None),
            ("[]", None),
        ] {
            assert_eq!(read::<Text>(json).word(), id, "{json}");
        }
        assert_eq!(read::<Text>("\" kept \"").raw(), " kept ");
    }

    #[test]
    fn truth_has_words_too() {
        for (json, yes) in [
            ("true", Some(true)),
            ("\"False\"", Some(false)),
            ("1", Some(true)),
            ("0.0", Some(false)),
            ("null", None),
            ("\"perhaps\"", None),
        ] {
            assert_eq!(read::<Yes>(json).0, yes, "{json}");
        }
    }

    #[test]
    fn many_may_be_one_or_none() {
        for (json, texts) in [
            ("[\"a\", null, 3, {}]", &["a", "", "3", ""][..]),
            ("\"a\"", &["a"]),
            ("null", &[]),
            ("false", &[]),
        ] {
            let Many(read) = read::<Many<Text>>(json);
            let read: Vec<&str> = read.iter().map(Text::raw).collect();
            assert_eq!(read, texts, "{json}");
        }
    }

    #[test]
    fn dates_have_a_zone_or_none_and_up_to_seven_digits() {
        for (text, stamp) in [
            ("2025-02-21T00:00:00", Some("2025-02-21T00:00:00Z")),
            ("2025-02-21", Some("2025-02-21T00:00:00Z")),
            ("2025-03-26T16:15:45.85", Some("2025-03-26T16:15:45.85Z")),
            (
                "2025-04-16T13:34:02.1733333",
                Some("2025-04-16T13:34:02.1733333Z"),
            ),
            (
                "2025-12-13T16:31:55.1899869+01:00",
                Some("2025-12-13T15:31:55.1899869Z"),
            ),
            ("2025-12-13T16:31:55Z", Some("2025-12-13T16:31:55Z")),
            ("0001-01-01T00:00:00", None),
            ("0001-01-01T00:00:00Z", None),
            ("Apr 16 2025 11:37AM", None),
            ("", None),
        ] {
            let said = read::<Moment>(&format!("\"{text}\"")).0;
            assert_eq!(said, stamp.map(|stamp| stamp.parse().unwrap()), "{text}");
        }
        assert_eq!(read::<Moment>("null").0, None);
    }
}
