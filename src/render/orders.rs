//! What is under way at a provider, a line or a JSON object each. Knows no provider.

use super::escape::{inert, shorten};
use super::style::{columns, pad};
use crate::model::{Address, On, Outcome, Time, Unit};
use crate::plan::file::Names;
use crate::plan::file::text::to_text;
use serde::Serialize;

/// Most characters of what a provider says.
const TEXT: usize = 300;

/// One write that was accepted and had not finished, or whose outcome was not known, and what is known now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnderWay {
    /// What it is about.
    pub unit: Unit,
    /// What identifies it at the provider, if it was accepted.
    pub order: Option<Box<str>>,
    /// When it was sent.
    pub since: Time,
    /// What the provider says of it now.
    pub outcome: Outcome,
}

impl UnderWay {
    /// True while waiting longer can bring something: it is worked on, and no person has to act first.
    pub fn moves(&self) -> bool {
        match &self.outcome {
            Outcome::Pending(pending) => match pending.on {
                On::Provider | On::Dns | On::Time { .. } => true,
                On::Person { .. } => false,
            },
            Outcome::Done { .. }
            | Outcome::Refused(_)
            | Outcome::NotSent(_)
            | Outcome::Unknown(_) => false,
        }
    }

    fn state(&self) -> String {
        match &self.outcome {
            Outcome::Pending(pending) => match &pending.on {
                On::Provider => format!("the provider works on it: {}", pending.goal),
                On::Person { .. } => format!("it waits for a person: {}", pending.goal),
                On::Dns => format!("it waits for the DNS: {}", pending.goal),
                On::Time { until } => format!("it waits until {until}: {}", pending.goal),
            },
            Outcome::Done { .. } => "done".into(),
            Outcome::Refused(reason) => format!("refused: {}", reason.text),
            Outcome::NotSent(_) => "it was not taken".into(),
            Outcome::Unknown(reason) => format!("not known: {}", reason.text),
        }
    }

    fn action(&self, names: &Names) -> Option<String> {
        match &self.outcome {
            Outcome::Pending(pending) => match &pending.on {
                On::Person { what, place } => Some(format!("{what} ({place})")),
                On::Provider | On::Dns | On::Time { .. } => None,
            },
            Outcome::Done { .. } | Outcome::Refused(_) | Outcome::NotSent(_) => {
                Some("bailiwick apply takes it in".into())
            }
            Outcome::Unknown(_) => Some(format!(
                "look at the provider's panel, then bailiwick resolve '{}' --happened or --did-not-happen",
                names.text(&self.unit.address)
            )),
        }
    }
}

#[derive(Serialize)]
struct Form {
    address: String,
    order: Option<String>,
    since: String,
    state: String,
    action: Option<String>,
}

/// A list of them.
pub fn json(all: &[UnderWay]) -> String {
    let names = names(all);
    let forms: Vec<Form> = all
        .iter()
        .map(|one| Form {
            address: names.text(&one.unit.address),
            order: one.order.as_ref().map(|order| order.to_string()),
            since: one.since.to_string(),
            state: one.state(),
            action: one.action(&names),
        })
        .collect();
    to_text(&forms)
}

/// A line each, and below it what a person has to do.
pub fn table(all: &[UnderWay], now: Time) -> String {
    let names = names(all);
    let name = |one: &UnderWay| {
        let address = names.text(&one.unit.address);
        match one.unit.part.is_object() {
            true => inert(&address).into_owned(),
            false => inert(&format!("{address} ({})", one.unit.part.0)).into_owned(),
        }
    };
    let rows: Vec<String> = all.iter().map(name).collect();
    let width = rows
        .iter()
        .map(|row| columns(row))
        .max()
        .unwrap_or_default();
    let mut text = String::new();
    for (row, one) in rows.iter().zip(all) {
        let order = match &one.order {
            Some(order) => format!("order {}  ", shorten(&inert(order), TEXT)),
            None => String::new(),
        };
        text.push_str(&format!(
            "{row}{}  {order}for {}  {}\n",
            pad(row, width),
            age(one.since, now),
            shorten(&inert(&one.state()), TEXT)
        ));
        if let Some(action) = one.action(&names) {
            text.push_str(&format!("    to do: {}\n", shorten(&inert(&action), TEXT)));
        }
    }
    text
}

fn names(all: &[UnderWay]) -> Names {
    let addresses: Vec<&Address> = all.iter().map(|one| &one.unit.address).collect();
    Names::among(addresses)
}

/// How long ago, in the largest unit that fits.
fn age(since: Time, now: Time) -> String {
    let seconds = now.as_second().saturating_sub(since.as_second()).max(0);
    let (count, unit) = match seconds {
        0..=59 => (seconds, "second"),
        60..=3_599 => (seconds / 60, "minute"),
        3_600..=86_399 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    match count {
        1 => format!("1 {unit}"),
        _ => format!("{count} {unit}s"),
    }
}
