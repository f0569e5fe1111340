//! One request as the families see it, and what they answer.
//!
//! It does not know HTTP; `rest` makes a `Call` out of a request and `reply` a response out of an `Answer`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::fields::Fields;

/// Who may log in, and as whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Logins {
    /// Any login with any password, for any user; who is not known starts empty.
    #[default]
    Any,
    /// Only the users of the seed with their passwords, for themselves and their customers.
    Listed,
}

/// A request whose sender is known and whose route was found.
pub(super) struct Call {
    /// The parts of the path that stand for something.
    pub(super) params: BTreeMap<&'static str, String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Value,
    /// The handle for which the sender acts.
    pub(super) user: String,
}

impl Call {
    pub(super) fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    /// Gives the number in the path, written `13` or `13.0`.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        let text = self.param(name);
        text.split_once('.')
            .map_or(text, |(whole, zeros)| {
                if zeros.bytes().all(|b| b == b'0') {
                    whole
                } else {
                    text
                }
            })
            .parse()
            .ok()
    }

    /// Gives a query parameter that is there and not empty.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        let found = self
            .query
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// Reads the body as one object.
    pub(super) fn fields(&self) -> Result<Fields, Failure> {
        Fields::read(&self.body).ok_or_else(|| Failure::model("body", "An object is expected."))
    }

    /// Reads the body as a list of objects that is not empty.
    pub(super) fn items(&self) -> Result<Vec<Fields>, Failure> {
        let items = self.body.as_array().filter(|items| !items.is_empty());
        let items = items
            .ok_or_else(|| Failure::model("body", "A list with at least one item is expected."))?;
        let read = items.iter().map(Fields::read).collect::<Option<Vec<_>>>();
        read.ok_or_else(|| Failure::model("body", "A list of objects is expected."))
    }
}

/// A success.
#[derive(Debug)]
pub(super) enum Answer {
    Object(Value),
    /// A list call; what an empty one gives is a matter of dialect.
    List(Vec<Value>),
    /// A list that is the answer of a write and may be empty.
    Rows(Vec<Value>),
    /// Results per part of the request, some of which may be failures.
    Results(Vec<Entry>),
    /// 204 without a body.
    Nothing,
    /// The object that is gone.
    Deleted(Value),
}

/// One entry of the documented error array, which tells of successes too.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) code: u16,
    pub(super) detail: String,
    pub(super) data: Value,
}

impl Entry {
    pub(super) fn new(code: u16, detail: &str, data: Value) -> Self {
        Self {
            code,
            detail: detail.to_owned(),
            data,
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({ "Code": self.code, "Detail": self.detail, "Data": self.data })
    }
}

/// A refusal.
#[derive(Debug)]
pub(super) enum Failure {
    /// The documented array.
    Entries(Vec<Entry>),
    /// A request that the model forbids: member and reason.
    Model { member: String, reason: String },
    /// A body that does not come from the application: an object, not an array.
    Framework(u16, Value),
}

impl Failure {
    pub(super) fn code(code: u16, detail: &str) -> Self {
        Self::Entries(vec![Entry::new(code, detail, Value::Null)])
    }

    pub(super) fn model(member: &str, reason: &str) -> Self {
        Self::Model {
            member: member.to_owned(),
            reason: reason.to_owned(),
        }
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::code(
            404,
            &format!("{what} does not exist or you do not have permission on it"),
        )
    }

    pub(super) fn message(status: u16, message: &str) -> Self {
        Self::Framework(status, json!({ "Message": message }))
    }
}

pub(super) type Reply = Result<Answer, Failure>;

/// Makes an object out of members, without those that are nothing.
pub(super) fn object(members: Vec<(&str, Option<Value>)>) -> Value {
    let present = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(present.collect::<Map<_, _>>())
}
