//! How addresses and attributes are written down.
//!
//! Addresses are written without their account, because a ledger belongs to one; attribute names are read
//! back through the model's table of them.

use crate::model::{Account, Address, Attrs, Data, Kind, Later, Value, attrs};
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A text that should be an address and is none.
#[derive(Debug)]
pub(in crate::ledger) struct NoAddress(String);

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no address", self.0)
    }
}

/// Reads addresses of one account; neighbours of one domain share its name.
pub(in crate::ledger) struct Reader {
    account: Account,
    domain: Arc<str>,
}

impl Reader {
    pub(in crate::ledger) fn new(account: &Account) -> Self {
        Self {
            account: account.clone(),
            domain: "".into(),
        }
    }

    pub(in crate::ledger) fn address(&mut self, text: &str) -> Result<Address, NoAddress> {
        self.parse(text).ok_or_else(|| NoAddress(text.to_owned()))
    }

    fn parse(&mut self, text: &str) -> Option<Address> {
        let word = Kind::Certificate.word();
        let certificate = text
            .strip_prefix(word)
            .and_then(|rest| rest.strip_prefix('.'));
        let mut address = if let Some(rest) = certificate {
            let (domain, name) = rest.split_once('/')?;
            let mut address = Address::parse(&format!("{word}.{name}"), &self.account)?;
            address.domain = domain.into();
            address
        } else {
            Address::parse(text, &self.account)?
        };
        if *address.domain == *self.domain {
            address.domain = Arc::clone(&self.domain);
        } else {
            self.domain = Arc::clone(&address.domain);
        }
        Some(address)
    }
}

/// The text of an address, as everywhere; of a certificate, whose text does not tell its domain,
/// `certificate.DOMAIN/NAME`.
pub(in crate::ledger) fn address_text(address: &Address) -> Box<str> {
    let text = address.text();
    match (address.kind, text.split_once('.')) {
        (Kind::Certificate, Some((word, name))) => {
            format!("{word}.{}/{name}", address.domain).into()
        }
        (_, Some(_) | None) => text.into(),
    }
}

/// Attributes, as an object by name.
#[derive(Debug, Default)]
pub(in crate::ledger) struct AttrsJson(Vec<(&'static str, ValueJson)>);

#[derive(Debug)]
enum ValueJson {
    Known(Data),
    Later(Box<LaterJson>),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LaterJson {
    of: Box<str>,
    field: Box<str>,
    append: Box<str>,
}

impl AttrsJson {
    pub(in crate::ledger) fn of(attrs: &Attrs) -> Self {
        let value = |value: &Value| match value {
            Value::Known(data) => ValueJson::Known(data.clone()),
            Value::Later(later) => ValueJson::Later(Box::new(LaterJson {
                of: address_text(&later.of),
                field: later.field.into(),
                append: later.append.clone(),
            })),
        };
        Self(attrs.iter().map(|(name, v)| (name, value(v))).collect())
    }

    /// The same, with texts that equal this one shared with it: a record's value is its part's name.
    pub(in crate::ledger) fn sharing(mut self, text: &Arc<str>) -> Self {
        for (_, value) in &mut self.0 {
            if let ValueJson::Known(Data::Text(own)) = value
                && **own == **text
            {
                *own = Arc::clone(text);
            }
        }
        self
    }

    pub(in crate::ledger) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(in crate::ledger) fn read(self, reader: &mut Reader) -> Result<Attrs, NoAddress> {
        let mut list = Vec::with_capacity(self.0.len());
        for (name, value) in self.0 {
            let value = match value {
                ValueJson::Known(data) => Value::Known(data),
                ValueJson::Later(later) => Value::Later(Box::new(Later {
                    of: reader.address(&later.of)?,
                    field: attrs::name(&later.field).ok_or(NoAddress(later.field.into()))?,
                    append: later.append,
                })),
            };
            list.push((name, value));
        }
        Ok(Attrs::new(list))
    }
}

impl Serialize for AttrsJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for AttrsJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = AttrsJson;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of attributes")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<AttrsJson, A::Error> {
                // Most have one, and a vector would begin with room for four.
                let mut list: Vec<(&'static str, ValueJson)> = Vec::with_capacity(1);
                while let Some(key) = map.next_key::<String>()? {
                    let name = attrs::name(&key)
                        .ok_or_else(|| de::Error::custom(format!("unknown attribute {key:?}")))?;
                    if list.iter().any(|(known, _)| *known == name) {
                        return Err(de::Error::custom(format!("attribute {key:?} twice")));
                    }
                    list.push((name, map.next_value()?));
                }
                Ok(AttrsJson(list))
            }
        }
        deserializer.deserialize_map(Names)
    }
}

impl Serialize for ValueJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            ValueJson::Known(Data::Text(text)) => serializer.serialize_str(text),
            ValueJson::Known(Data::Int(number)) => serializer.serialize_i64(*number),
            ValueJson::Known(Data::Bool(yes)) => serializer.serialize_bool(*yes),
            ValueJson::Known(Data::List(items)) => serializer.collect_seq(items),
            ValueJson::Known(Data::Print(print)) => serializer.collect_map([("print", print)]),
            ValueJson::Later(later) => serializer.collect_map([("later", later)]),
        }
    }
}

impl<'de> Deserialize<'de> for ValueJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = ValueJson;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, a whole number, yes or no, a list of texts, a later value, or the fingerprint of a secret")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ValueJson, E> {
                Ok(ValueJson::Known(Data::Text(text.into())))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<ValueJson, E> {
                Ok(ValueJson::Known(Data::Int(number)))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<ValueJson, E> {
                i64::try_from(number)
                    .map(|number| ValueJson::Known(Data::Int(number)))
                    .map_err(|_| de::Error::custom("a number that is too large"))
            }

            fn visit_bool<E: de::Error>(self, yes: bool) -> Result<ValueJson, E> {
                Ok(ValueJson::Known(Data::Bool(yes)))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<ValueJson, A::Error> {
                let mut items: Vec<Arc<str>> = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(ValueJson::Known(Data::List(items.into())))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ValueJson, A::Error> {
                match map.next_key::<String>()?.as_deref() {
                    Some("later") => Ok(ValueJson::Later(map.next_value()?)),
                    Some("print") => Ok(ValueJson::Known(Data::Print(map.next_value()?))),
                    Some(_) | None => Err(de::Error::custom(
                        "an object that is neither a later value nor the fingerprint of a secret",
                    )),
                }
            }
        }
        deserializer.deserialize_any(Any)
    }
}
