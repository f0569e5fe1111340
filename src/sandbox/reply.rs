//! Makes status and body out of what a family answered, as the dialect has it.

use serde_json::{Map, Number, Value, json};

use super::call::{Answer, Entry, Failure, Reply};
use super::dialect::{
    Codes, Delete, Dialect, Empty, Extras, Invalid, Keys, Lot, Mixed, Numbers, Order,
};

/// Status and body of an answer; nothing is an empty body.
pub(super) struct Spoken {
    pub(super) status: u16,
    pub(super) body: Option<Value>,
}

/// Spells a number that the documents call decimal: `37.0`.
#[expect(
    clippy::cast_precision_loss,
    reason = "numbers of the sandbox are small"
)]
pub(super) fn decimal(number: u64) -> Value {
    Number::from_f64(number as f64).map_or(Value::Null, Value::Number)
}

/// Speaks in a dialect; `turn` numbers the request, for lists whose order changes.
pub(super) fn speak(reply: Reply, dialect: &Dialect, turn: u64) -> Spoken {
    match reply {
        Ok(answer) => succeed(answer, dialect, turn),
        Err(failure) => fail(failure, dialect),
    }
}

fn succeed(answer: Answer, dialect: &Dialect, turn: u64) -> Spoken {
    let (status, body) = match answer {
        Answer::Object(value) => (200, Some(value)),
        Answer::List(items) if items.is_empty() && dialect.empty == Empty::NotFound => {
            return fail(Failure::not_found("What you look for"), dialect);
        }
        Answer::List(items) => (200, Some(Value::Array(ordered(items, dialect, turn)))),
        Answer::Rows(items) => (200, Some(Value::Array(items))),
        Answer::Results(entries) => return results(&entries, dialect),
        Answer::Nothing => (204, None),
        Answer::Deleted(value) => match dialect.delete {
            Delete::NoContent => (204, None),
            Delete::Empty => (200, None),
            Delete::Object => (200, Some(value)),
            Delete::True => (200, Some(json!(true))),
        },
    };
    let body = body.map(|mut body| {
        match dialect.numbers {
            Numbers::Documented => {}
            Numbers::Integer => renumber(&mut body, &whole),
            Numbers::Decimal => renumber(&mut body, &|number| number.as_u64().map(decimal)),
        }
        shape(body, dialect)
    });
    Spoken { status, body }
}

fn results(entries: &[Entry], dialect: &Dialect) -> Spoken {
    let failed = entries
        .iter()
        .find(|entry| !matches!(entry.code, 200 | 204));
    let every = entries.iter().all(|entry| !matches!(entry.code, 200 | 204));
    let status = match (failed, dialect.mixed) {
        (None, Mixed::Ok | Mixed::Failure) => 200,
        (Some(_), Mixed::Ok) if !every => 200,
        (Some(entry), Mixed::Ok | Mixed::Failure) => status_of(entry.code, dialect),
    };
    let body = Value::Array(entries.iter().map(Entry::json).collect());
    Spoken {
        status,
        body: Some(shape(body, dialect)),
    }
}

fn fail(failure: Failure, dialect: &Dialect) -> Spoken {
    let (status, body) = match failure {
        Failure::Entries(entries) => {
            let status = entries
                .first()
                .map_or(500, |entry| status_of(entry.code, dialect));
            let body = Value::Array(entries.iter().map(Entry::json).collect());
            (status, shape(body, dialect))
        }
        Failure::Model { member, reason } => match dialect.invalid {
            Invalid::ModelState => (
                400,
                json!({ "Message": "The request is invalid.", "ModelState": { member: [reason] } }),
            ),
            Invalid::Array => {
                let entry = Entry::new(400, &format!("{member}: {reason}"), Value::Null);
                (400, shape(json!([entry.json()]), dialect))
            }
        },
        Failure::Framework(status, body) => (status, body),
    };
    Spoken {
        status,
        body: Some(body),
    }
}

fn status_of(code: u16, dialect: &Dialect) -> u16 {
    match dialect.codes {
        Codes::BadRequest if code == 300 || code >= 510 => 400,
        Codes::Ok if code == 300 || code >= 510 => 200,
        Codes::Status | Codes::BadRequest | Codes::Ok => code,
    }
}

fn ordered(mut items: Vec<Value>, dialect: &Dialect, turn: u64) -> Vec<Value> {
    match dialect.order {
        Order::Stored => {}
        Order::Reversed => items.reverse(),
        Order::Shuffled => {
            let mut lot = Lot::new(dialect.seed ^ turn.rotate_left(17));
            for at in (1..items.len()).rev() {
                items.swap(at, lot.below(at + 1));
            }
        }
    }
    items
}

/// Replaces numbers; answers of the sandbox are a few levels deep, so recursion is bounded.
fn renumber(value: &mut Value, with: &dyn Fn(&Number) -> Option<Value>) {
    match value {
        Value::Number(number) => {
            if let Some(other) = with(number) {
                *value = other;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| renumber(item, with)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|member| renumber(member, with)),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is whole, positive and small"
)]
fn whole(number: &Number) -> Option<Value> {
    let float = number
        .as_f64()
        .filter(|float| float.fract() == 0.0 && (0.0..9e15).contains(float))?;
    Some(json!(float as u64))
}

/// Gives the members the letter case of the dialect, and adds those that no document lists.
fn shape(value: Value, dialect: &Dialect) -> Value {
    let value = match dialect.keys {
        Keys::Pascal => value,
        Keys::Camel => camel(value),
    };
    match (dialect.extras, value) {
        (Extras::None, value) => value,
        (Extras::Some, Value::Array(items)) => {
            Value::Array(items.into_iter().map(extended).collect())
        }
        (Extras::Some, value) => extended(value),
    }
}

fn extended(value: Value) -> Value {
    let Value::Object(mut members) = value else {
        return value;
    };
    members.insert("Messenger".to_owned(), Value::Null);
    members.insert("Trace".to_owned(), json!({ "Node": "W3", "Ids": [1, 2] }));
    Value::Object(members)
}

fn camel(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(camel).collect()),
        Value::Object(members) => {
            let renamed = members.into_iter().map(|(key, value)| {
                let mut letters = key.chars();
                let first = letters.next().map(|letter| letter.to_ascii_lowercase());
                (
                    first.into_iter().chain(letters).collect::<String>(),
                    camel(value),
                )
            });
            Value::Object(renamed.collect::<Map<_, _>>())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}
