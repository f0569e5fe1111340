//! The token host: a password grant gives a bearer token, and the tokens that were given.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::call::Logins;
use super::clock::http_date;
use super::state::State;

/// The tokens that are valid, in memory only: a restart forgets them.
#[derive(Debug)]
pub(super) struct Tokens {
    given: BTreeMap<String, (String, Timestamp)>,
    count: u64,
    lifetime: Duration,
    /// Stands in every token, so that a test can look for it where it must not be.
    canary: Option<String>,
}

impl Tokens {
    pub(super) fn new(lifetime: Duration, canary: Option<String>) -> Self {
        Self {
            given: BTreeMap::new(),
            count: 0,
            lifetime,
            canary,
        }
    }

    /// Gives the login that a valid token belongs to.
    pub(super) fn login(&self, token: &str, now: Timestamp) -> Option<&str> {
        self.given
            .get(token)
            .filter(|(_, until)| *until > now)
            .map(|(login, _)| login.as_str())
    }

    /// Takes every token back.
    pub(super) fn forget(&mut self) {
        self.given.clear();
    }

    /// Answers a request for a token: status and body.
    pub(super) fn grant(
        &mut self,
        form: &[(String, String)],
        who: (&State, Logins),
        now: Timestamp,
    ) -> (u16, Value) {
        let field = |name: &str| {
            let found = form.iter().find(|(key, _)| key == name);
            found.map_or("", |(_, value)| value.as_str())
        };
        let refused =
            |error: &str, told: &str| (400, json!({ "error": error, "error_description": told }));
        if field("grant_type") != "password" {
            return refused("unsupported_grant_type", "The grant type is not supported.");
        }
        let (state, logins) = who;
        let (login, password) = (field("username"), field("password"));
        let welcome = match logins {
            Logins::Any => !login.is_empty() && !password.is_empty(),
            Logins::Listed => state
                .users
                .get(login)
                .is_some_and(|user| user.password == password),
        };
        if !welcome {
            return refused("invalid_grant", "The user name or password is incorrect.");
        }
        self.count += 1;
        self.given.retain(|_, (_, until)| *until > now);
        let until = now.checked_add(self.lifetime).unwrap_or(Timestamp::MAX);
        let token = self.token(login, now);
        self.given.insert(token.clone(), (login.to_owned(), until));
        (
            200,
            json!({
                "access_token": token,
                "token_type": "bearer",
                "expires_in": self.lifetime.as_secs().saturating_sub(1),
                "userName": login,
                "audience": "namebay_1",
                ".issued": http_date(now),
                ".expires": http_date(until),
            }),
        )
    }

    fn token(&self, login: &str, now: Timestamp) -> String {
        let seed = format!(
            "{login} {} {} {}",
            self.count,
            now.as_nanosecond(),
            std::process::id()
        );
        let digest: String = Sha256::digest(seed)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self.canary.as_ref().map_or_else(
            || digest.clone(),
            |canary| format!("{canary}-token-{digest}"),
        )
    }
}
