//! Mailboxes and their automatic answers between what Namebay says and the model; pure.

use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::model::dns::name;
use crate::model::{Attrs, Value};

use super::super::api::lenient::Text;
use super::super::api::mail::{AutoResponder, AutoResponderInput, MailBox, MailBoxInput};

/// The time of Monaco and Paris, where Namebay's servers are; written out, so that no table of zones is needed.
const LOCAL: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

/// An address with its domain in canonical form; what is none stays as it is.
pub(in crate::provider::namebay) fn address(text: &str) -> String {
    let text = text.trim();
    match text.rsplit_once('@') {
        Some((local, domain)) => match name::full(domain) {
            Ok(domain) => format!("{local}@{domain}"),
            Err(_) => format!("{local}@{}", domain.to_ascii_lowercase()),
        },
        None => text.to_owned(),
    }
}

/// A list of addresses, sorted, each once.
pub(in crate::provider::namebay) fn addresses<'a>(
    list: impl IntoIterator<Item = &'a str>,
) -> Vec<String> {
    let mut list: Vec<String> = list
        .into_iter()
        .map(address)
        .filter(|text| !text.is_empty())
        .collect();
    list.sort();
    list.dedup();
    list
}

/// The domain and local part of a mailbox's address, lower case.
pub(in crate::provider::namebay) fn place(text: &Text) -> Option<(Arc<str>, Arc<str>)> {
    let address = address(text.word()?);
    let (local, domain) = address.rsplit_once('@')?;
    (!local.is_empty()).then(|| (domain.into(), local.to_lowercase().into()))
}

/// True for a mailbox that only forwards.
pub(in crate::provider::namebay) fn is_alias(read: &MailBox) -> bool {
    kind(read) == "alias"
}

/// True while Namebay still works on it.
pub(in crate::provider::namebay) fn is_pending(state: &Text) -> bool {
    state
        .word()
        .is_some_and(|state| state.eq_ignore_ascii_case("pending"))
}

fn kind(read: &MailBox) -> String {
    read.kind.word().unwrap_or("pop").to_ascii_lowercase()
}

/// A mailbox's attributes. What is not set is empty or off; addresses that a mailbox has and does not forward to are
/// not its `forward`.
pub(in crate::provider::namebay) fn mailbox(read: &MailBox) -> Attrs {
    let forwards = is_alias(read) || read.redirected.0 != Some(false);
    let forward = match forwards {
        true => addresses(read.forward.0.iter().map(Text::raw)),
        false => Vec::new(),
    };
    Attrs::new(vec![
        ("type", Value::text(&kind(read))),
        ("name", Value::text(read.name.raw().trim())),
        ("description", Value::text(read.description.raw().trim())),
        (
            "aliases",
            Value::list(&addresses(read.aliases.0.iter().map(Text::raw))),
        ),
        ("forward", Value::list(&forward)),
        ("catch_all", Value::bool(read.catch_all.0.unwrap_or(false))),
    ])
}

/// What is sent for these attributes; `alias` says what the mailbox is, or will be.
pub(in crate::provider::namebay) fn mailbox_input(attrs: &Attrs, alias: bool) -> MailBoxInput<'_> {
    let list = |name: &str| -> Option<Vec<&str>> {
        attrs
            .list(name)
            .map(|list| list.iter().map(|item| &**item).collect())
    };
    let forward = list("forward");
    MailBoxInput {
        user_type: attrs.text("type"),
        user_name: attrs.text("name"),
        user_description: attrs.text("description"),
        is_catch_all: attrs.yes("catch_all"),
        // An alias does nothing but forward.
        is_redir: forward.as_ref().filter(|_| !alias).map(|to| !to.is_empty()),
        forward,
        alias: list("aliases"),
        ..MailBoxInput::default()
    }
}

/// The local day of a moment, as the file writes it; year 1 means none.
pub(in crate::provider::namebay) fn day(text: &Text) -> Option<String> {
    let text = text.word()?;
    let date: Date = match text.parse::<Timestamp>() {
        Ok(moment) => {
            let local = TimeZone::posix(LOCAL).unwrap_or(TimeZone::UTC);
            Zoned::new(moment, local).date()
        }
        Err(_) => text.parse::<DateTime>().ok()?.date(),
    };
    (date.year() > 1).then(|| date.to_string())
}

/// The attributes of an automatic answer; days that are not set are left out.
pub(in crate::provider::namebay) fn autoresponder(read: &AutoResponder) -> Attrs {
    let mut attrs = vec![
        ("active", Value::bool(read.active.0.unwrap_or(false))),
        ("subject", Value::text(&lines(read.subject.raw()))),
        ("message", Value::text(&lines(read.message.raw()))),
        ("forward", Value::text(&address(read.forward.raw()))),
    ];
    for (name, day) in [("start", day(&read.start)), ("finish", day(&read.finish))] {
        attrs.extend(day.map(|day| (name, Value::text(&day))));
    }
    Attrs::new(attrs)
}

/// A text with its lines ended in one way.
pub(in crate::provider::namebay) fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// True for an answer that says nothing and is off: Namebay may show one where none was ever set.
pub(in crate::provider::namebay) fn is_blank(read: &AutoResponder) -> bool {
    let silent = [&read.subject, &read.message, &read.forward]
        .iter()
        .all(|text| text.word().is_none());
    let undated = [&read.start, &read.finish]
        .iter()
        .all(|text| day(text).is_none());
    silent && undated && read.active.0 != Some(true)
}

/// What is sent for these attributes.
pub(in crate::provider::namebay) fn autoresponder_input(attrs: &Attrs) -> AutoResponderInput<'_> {
    AutoResponderInput {
        start: attrs.text("start"),
        finish: attrs.text("finish"),
        active: attrs.yes("active"),
        subject: attrs.text("subject"),
        message: attrs.text("message"),
        forward: attrs.text("forward"),
    }
}

/// Live addresses in the file's spelling, where they differ in nothing but case: a server may not keep it.
pub(in crate::provider::namebay) fn respelled(live: &Attrs, wanted: &Attrs) -> Attrs {
    let respell = |name: &'static str, value: &Value| -> Option<Value> {
        match name {
            "aliases" | "forward" => {}
            _ => return None,
        }
        if let (Some(live), Some(wanted)) = (live.list(name), wanted.list(name)) {
            let mut list: Vec<&str> = live
                .iter()
                .map(|item| {
                    let same = wanted.iter().find(|other| other.eq_ignore_ascii_case(item));
                    &**same.unwrap_or(item)
                })
                .collect();
            list.sort_unstable();
            list.dedup();
            return Some(Value::list(&list));
        }
        let (live, wanted) = (live.text(name)?, wanted.text(name)?);
        live.eq_ignore_ascii_case(wanted)
            .then(|| Value::text(wanted))
            .filter(|new| new != value)
    };
    Attrs::new(
        live.iter()
            .map(|(name, value)| (name, respell(name, value).unwrap_or_else(|| value.clone())))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_server() {
        for (text, expected) in [
            ("2025-03-30T00:00:00+01:00", Some("2025-03-30")),
            ("2025-04-04T00:00:00+02:00", Some("2025-04-04")),
            ("2025-04-03T22:00:00Z", Some("2025-04-04")),
            ("2025-12-19T23:00:00Z", Some("2025-12-20")),
            ("2026-12-20T00:00:00", Some("2026-12-20")),
            ("2026-12-20", Some("2026-12-20")),
            ("0001-01-01T00:00:00", None),
            ("0001-01-01T00:00:00Z", None),
            ("0", None),
            ("", None),
        ] {
            let read: Text = serde_json::from_value(text.into()).unwrap();
            assert_eq!(day(&read).as_deref(), expected, "{text}");
        }
    }
}
