//! The members of an object of a request, checked as the model has them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::call::Failure;

/// The members of an object of a request; their letter case does not count.
pub(super) struct Fields {
    members: BTreeMap<String, Value>,
    /// The object as it came, for errors that repeat it.
    pub(super) sent: Value,
}

impl Fields {
    pub(super) fn read(value: &Value) -> Option<Self> {
        let object = value.as_object()?;
        let members = object
            .iter()
            .map(|(key, value)| (key.to_ascii_lowercase(), value.clone()))
            .collect();
        Some(Self {
            members,
            sent: value.clone(),
        })
    }

    /// Gives a member that is there and not null.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.members
            .get(&name.to_ascii_lowercase())
            .filter(|value| !value.is_null())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(&name.to_ascii_lowercase())
    }

    /// Gives a text of `min` to `max` characters, nothing where it is absent.
    pub(super) fn text(
        &self,
        name: &str,
        length: (usize, usize),
    ) -> Result<Option<String>, Failure> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => {
                return Err(Failure::model(name, "A string is expected."));
            }
        };
        let (min, max) = length;
        if (min..=max).contains(&text.chars().count()) {
            Ok(Some(text))
        } else {
            Err(Failure::model(
                name,
                &format!("The length must be between {min} and {max}."),
            ))
        }
    }

    pub(super) fn required(&self, name: &str, length: (usize, usize)) -> Result<String, Failure> {
        self.text(name, length)?
            .ok_or_else(|| Failure::model(name, &format!("The {name} field is required.")))
    }

    /// Gives a whole number, also where it is written `10.0` or `"10"`.
    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, Failure> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let number = match value {
            Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
            Value::String(text) => text.parse().ok(),
            Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        number
            .map(Some)
            .ok_or_else(|| Failure::model(name, "A whole number is expected."))
    }

    pub(super) fn boolean(&self, name: &str) -> Result<Option<bool>, Failure> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        value
            .as_bool()
            .map(Some)
            .ok_or_else(|| Failure::model(name, "true or false is expected."))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the number is whole and was found to be small"
)]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
}
