//! What was asked of the sandbox, in order, without secrets.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// Which of the two hosts was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Site {
    /// The token host.
    Auth,
    /// The REST host.
    Rest,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It was carried out (or refused) and answered.
    Answered,
    /// It was answered by a fault and not carried out.
    Faulted,
    /// The connection was closed before it was looked at.
    RequestLost,
    /// It was carried out, and the connection closed without an answer.
    AnswerLost,
}

/// One request.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Its number, from 1.
    pub number: u64,
    /// The host.
    pub site: Site,
    /// The method.
    pub method: String,
    /// The path as in the OpenAPI document, or as sent where no call is known.
    pub template: String,
    /// The path as sent.
    pub path: String,
    /// The names of the query parameters.
    pub query: Vec<String>,
    /// The value of the parameter `user`.
    pub user: Option<String>,
    /// The body without secrets; a form as an object of its names.
    pub body: Option<Value>,
    /// The HTTP status, nothing where no answer went out.
    pub status: Option<u16>,
    /// What became of it.
    pub fate: Fate,
}

impl Seen {
    /// Gives method and path template: `GET /api/Zone`.
    pub fn kind(&self) -> String {
        format!("{} {}", self.method, self.template)
    }

    /// Tells whether it may change something.
    pub fn is_write(&self) -> bool {
        self.site == Site::Rest && self.method != "GET"
    }
}

/// How many requests are kept; a server that runs for days forgets the oldest.
const KEPT: usize = 100_000;

/// The requests in order.
#[derive(Debug, Default)]
pub struct Log {
    entries: Mutex<VecDeque<Seen>>,
}

impl Log {
    pub(super) fn add(&self, seen: Seen) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() == KEPT {
            entries.pop_front();
        }
        entries.push_back(seen);
    }

    /// Lists the requests in the order in which they were answered, the last 100,000 of them.
    pub fn entries(&self) -> Vec<Seen> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().cloned().collect()
    }

    /// Lists the requests that may have changed something (not those whose request was lost).
    pub fn writes(&self) -> Vec<Seen> {
        let carried_out =
            |seen: &Seen| seen.is_write() && matches!(seen.fate, Fate::Answered | Fate::AnswerLost);
        self.entries().into_iter().filter(carried_out).collect()
    }

    /// Counts the requests of one kind: `GET /api/Zone`.
    pub fn count(&self, kind: &str) -> usize {
        self.counts().get(kind).copied().unwrap_or(0)
    }

    /// Counts the requests by kind.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for seen in self
            .entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
        {
            *counts.entry(seen.kind()).or_insert(0) += 1;
        }
        counts
    }

    /// Forgets what was asked so far; the numbers go on.
    pub fn clear(&self) {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// Replaces what must not be kept; bodies are a few levels deep, deeper ones are cut off.
pub(super) fn without_secrets(value: &Value, depth: u8) -> Value {
    const SECRET: [&str; 7] = [
        "password",
        "pwd",
        "userpwd",
        "authinfo",
        "auth_info",
        "authcode",
        "cletitulaire",
    ];
    match value {
        _ if depth == 0 => Value::Null,
        Value::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| without_secrets(item, depth - 1))
                .collect(),
        ),
        Value::Object(members) => {
            let kept = members.iter().map(|(key, value)| {
                let secret = SECRET.contains(&key.to_ascii_lowercase().as_str());
                (
                    key.clone(),
                    if secret {
                        Value::from("***")
                    } else {
                        without_secrets(value, depth - 1)
                    },
                )
            });
            Value::Object(kept.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}
