//! The desk at which the families work: the state, the dialect, the time, and what they all look up.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::call::{Call, Failure, Logins};
use super::clock;
use super::dialect::{Dialect, Nulls, ResellerView, States, Texts};
use super::fields::Fields;
use super::state::{Change, Contact, Domain, Role, Served, State, Traded, User, Zone};

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

    /// Carries a change of a service out and notes it.
    pub(super) fn serve(&mut self, change: Served) {
        self.commit(Change::Served(Box::new(change)));
    }

    /// Carries a change of orders and money out and notes it.
    pub(super) fn trade(&mut self, change: Traded) {
        self.commit(Change::Traded(Box::new(change)));
    }

    /// Gives a user; who is not known is made up.
    pub(super) fn user(&self, handle: &str) -> User {
        let known = self.state.users.get(handle).cloned();
        known.unwrap_or_else(|| super::seed::user(handle))
    }

    /// Spells a text that may not be set; nothing is a member that is left out.
    pub(super) fn text(&self, text: Option<&str>) -> Option<Value> {
        match (text, self.dialect.texts) {
            (Some(text), _) => Some(json!(text)),
            (None, Texts::Null) => Some(Value::Null),
            (None, Texts::Empty) => Some(json!("")),
            (None, Texts::Absent) => None,
        }
    }

    /// Tells whether a partial request says something about a member; null may be as good as nothing.
    pub(super) fn told(&self, fields: &Fields, name: &str) -> bool {
        fields.get(name).is_some() || (fields.has(name) && self.dialect.nulls == Nulls::Clears)
    }

    /// Sets a text that a partial request names; the empty one clears it.
    pub(super) fn set_text(
        &self,
        fields: &Fields,
        name: &str,
        text: &mut Option<String>,
    ) -> Result<(), Failure> {
        if self.told(fields, name) {
            *text = fields
                .text(name, (0, 4096))?
                .filter(|text| !text.is_empty());
        }
        Ok(())
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
