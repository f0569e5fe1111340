//! Messages of a provider's queue, a line or a JSON object each, and the line that keeps one.
//!
//! Knows no provider and no file; names that nobody documented are shown as they are, escaped.

use super::escape::{inert, shorten};
use crate::model::Account;
use crate::model::market::Message;
use crate::plan::file::text::to_text;
use serde::Serialize;

/// Most characters of a word that a provider says.
const TEXT: usize = 300;

/// A message, and the account whose queue held it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Whose queue.
    pub account: Account,
    /// What it held.
    pub message: Message,
}

#[derive(Serialize)]
struct Form<'a> {
    id: &'a str,
    account: &'a str,
    message: &'a str,
    object: Option<&'a str>,
    at: Option<String>,
}

#[derive(Serialize)]
struct Kept<'a> {
    id: &'a str,
    account: &'a str,
    message: &'a str,
    object: Option<&'a str>,
    class: Option<&'a str>,
    ticket: Option<&'a str>,
    status: Option<i64>,
    at: Option<String>,
}

/// A list of messages.
pub fn json(all: &[Received]) -> String {
    let forms: Vec<Form<'_>> = all
        .iter()
        .map(|Received { account, message }| Form {
            id: &message.id,
            account: account.as_str(),
            message: &message.name,
            object: message.object.as_deref(),
            at: message.at.map(|at| at.to_string()),
        })
        .collect();
    to_text(&forms)
}

/// One line of JSON with all that is known of a message, to be kept.
pub fn line(received: &Received) -> String {
    let Received { account, message } = received;
    let Message {
        id,
        name,
        object,
        class,
        ticket,
        status,
        at,
    } = message;
    let kept = Kept {
        id,
        account: account.as_str(),
        message: name,
        object: object.as_deref(),
        class: class.as_deref(),
        ticket: ticket.as_deref(),
        status: *status,
        at: at.map(|at| at.to_string()),
    };
    let mut line = serde_json::to_string(&kept).unwrap_or_default();
    line.push('\n');
    line
}

/// A line a message.
pub fn table(all: &[Received]) -> String {
    let line = |Received { account, message }: &Received| {
        let at = message.at.map_or_else(String::new, |at| format!("{at}  "));
        let class = message.class.as_deref().map_or_else(String::new, said);
        let object = match &message.object {
            Some(object) => format!("  {class} {}", said(object)),
            None => String::new(),
        };
        let shown = format!(
            "{}  {}  {at}{}{object}",
            inert(account.as_str()),
            said(&message.id),
            said(&message.name)
        );
        format!("{}\n", shown.trim_end())
    };
    all.iter().map(line).collect()
}

fn said(text: &str) -> String {
    shorten(&inert(text), TEXT).into_owned()
}
