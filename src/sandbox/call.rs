//! One request as the families see it, what they answer, and the desk at which they work.
//!
//! It does not know HTTP; `serve` makes a `Call` out of a request and `reply` a response out of an `Answer`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::clock;
use super::dialect::{Dialect, ResellerView, States};
use super::state::{Change, Contact, Domain, Role, State, Zone};

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

/// The members of an object of a request; their letter case does not count.
pub(super) struct Fields {
    members: BTreeMap<String, Value>,
    /// The object as it came, for errors that repeat it.
    pub(super) sent: Value,
}

impl Fields {
    fn read(value: &Value) -> Option<Self> {
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

/// The place at which a call is carried out: the state, how to speak, and the time.
pub(super) struct Desk<'a> {
    pub(super) state: &'a mut State,
    pub(super) dialect: &'a Dialect,
    pub(super) now: Timestamp,
    pub(super) logins: Logins,
    /// What was changed, for the journal.
    pub(super) changes: Vec<Change>,
}

impl Desk<'_> {
    /// Carries a change out and notes it.
    pub(super) fn commit(&mut self, change: Change) {
        self.changes.push(change.clone());
        self.state.apply(change);
    }

    pub(super) fn date(&self, time: Timestamp) -> Value {
        Value::String(clock::date(time, self.dialect.dates))
    }

    /// Spells a number that the documents call decimal.
    pub(super) fn decimal(&self, number: u64) -> Value {
        super::reply::decimal(number)
    }

    /// Spells a word of state.
    pub(super) fn state_word(&self, word: &str) -> Value {
        match self.dialect.states {
            States::Trimmed => json!(word),
            States::Padded => json!(format!(" {word}")),
        }
    }

    /// Tells whether a user's lists hold an object of this holder.
    pub(super) fn listed(&self, user: &str, holder: &str) -> bool {
        holder == user
            || match self.dialect.reseller_view {
                ResellerView::Own => false,
                ResellerView::All => self.reseller_of(holder) == Some(user),
            }
    }

    /// Tells whether a user may reach an object of this holder by its handle.
    pub(super) fn reachable(&self, user: &str, holder: &str) -> bool {
        holder == user || self.reseller_of(holder) == Some(user)
    }

    pub(super) fn reseller_of(&self, holder: &str) -> Option<&str> {
        self.state.users.get(holder)?.reseller.as_deref()
    }

    /// Finds a domain by handle for the user of the call: 404 where there is none, 300 where there are several.
    pub(super) fn domain(&self, call: &Call, param: &str) -> Result<Domain, Failure> {
        let handle = call.param(param).to_ascii_uppercase();
        let found = self
            .state
            .domains
            .get(&handle)
            .filter(|domain| self.reachable(&call.user, &domain.holder));
        let domain = found.ok_or_else(|| Failure::not_found("The domain"))?;
        if domain.ambiguous {
            return Err(Failure::code(300, "Several objects match this handle"));
        }
        Ok(domain.clone())
    }

    /// Finds a zone by handle for the user of the call; `missing` is the code where there is none.
    pub(super) fn zone(&self, call: &Call, missing: u16) -> Result<Zone, Failure> {
        let handle = call.param("zone_handle").to_ascii_uppercase();
        let found = self
            .state
            .zones
            .get(&handle)
            .filter(|zone| self.reachable(&call.user, &zone.holder));
        let zone = found.ok_or_else(|| {
            Failure::code(
                missing,
                "The zone does not exist or you do not have permission on it",
            )
        })?;
        if self
            .state
            .domains
            .get(&handle)
            .is_some_and(|domain| domain.ambiguous)
        {
            return Err(Failure::code(300, "Several objects match this handle"));
        }
        Ok(zone.clone())
    }

    /// Finds a contact; where any login is taken, any handle is somebody.
    pub(super) fn contact(&self, handle: &str) -> Option<Contact> {
        let known = self.state.contacts.get(handle).cloned();
        let looks_so = handle.len() >= 3 && handle.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match self.logins {
            Logins::Any if looks_so => known.or_else(|| Some(super::seed::somebody(handle))),
            Logins::Any | Logins::Listed => known,
        }
    }

    /// Tells whether a user is owner, administrative or technical contact, or reseller of a domain (712 otherwise).
    pub(super) fn may_edit(&self, user: &str, domain: &Domain) -> bool {
        let roles = [Role::Owner, Role::Admin, Role::Tech, Role::Reseller];
        let holds = roles.iter().any(|role| {
            domain
                .settings
                .contacts
                .get(role)
                .is_some_and(|handle| handle == user)
        });
        holds || self.reseller_of(&domain.holder) == Some(user)
    }
}

/// Makes an object out of members, without those that are nothing.
pub(super) fn object(members: Vec<(&str, Option<Value>)>) -> Value {
    let present = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(present.collect::<Map<_, _>>())
}
