//! Redirections, mailboxes, their answers and FTP users of the file: in Namebay's form, with what they hang below and
//! what they take that is never shown; pure.

use crate::model::{Address, Attrs, Data, Declared, Kind, Part, Sent, Unit, Value, WantedSecret};

use super::super::convert::{hosting, mail, redirect};

/// Brings attributes into canonical form.
pub(super) fn canonical(kind: Kind, attrs: &mut Attrs) {
    let reform: fn(&str, &Value) -> Option<Value> = match kind {
        Kind::Redirect => redirection,
        Kind::Mailbox => mailbox,
        Kind::Autoresponder => answer,
        Kind::FtpUser => user,
        Kind::Contact
        | Kind::Domain
        | Kind::Zone
        | Kind::Record
        | Kind::RedirectService
        | Kind::Mail
        | Kind::Hosting
        | Kind::Database
        | Kind::Site
        | Kind::Wordpress
        | Kind::Certificate
        | Kind::NsKey => return,
    };
    let one = |(name, value): (&'static str, &Value)| {
        (name, reform(name, value).unwrap_or_else(|| value.clone()))
    };
    *attrs = Attrs::new(attrs.iter().map(one).collect());
}

fn text(value: &Value) -> Option<&str> {
    match value.known()? {
        Data::Text(text) => Some(text),
        Data::Int(_) | Data::Bool(_) | Data::List(_) | Data::Print(_) => None,
    }
}

fn redirection(name: &str, value: &Value) -> Option<Value> {
    match name {
        "to" => Some(Value::text(&redirect::destination(text(value)?))),
        "title" | "keywords" | "description" => Some(Value::text(text(value)?.trim())),
        _ => None,
    }
}

fn mailbox(name: &str, value: &Value) -> Option<Value> {
    match (name, value.known()?) {
        ("aliases" | "forward", Data::List(list)) => Some(Value::list(&mail::addresses(
            list.iter().map(|item| &**item),
        ))),
        ("type", _) => Some(Value::text(&text(value)?.to_ascii_lowercase())),
        ("name" | "description", _) => Some(Value::text(text(value)?.trim())),
        _ => None,
    }
}

fn answer(name: &str, value: &Value) -> Option<Value> {
    match name {
        "forward" => Some(Value::text(&mail::address(text(value)?))),
        "subject" | "message" => Some(Value::text(&mail::lines(text(value)?))),
        _ => None,
    }
}

fn user(name: &str, value: &Value) -> Option<Value> {
    match name {
        "dir" => Some(Value::text(&hosting::dir(text(value)?))),
        "description" => Some(Value::text(text(value)?.trim())),
        _ => None,
    }
}

/// What an object hangs below: a service, a hosting, a mailbox.
pub(super) fn top(address: &Address) -> Option<Unit> {
    if address.kind == Kind::Autoresponder {
        return Some(Unit::new(address.parent()?, Part::object()));
    }
    Some(Unit::new(address.service()?, Part::new("order")))
}

/// Says when secrets are sent, and which are missing for an object to be made: an FTP user takes no change without its
/// password, and neither it nor a mailbox is made without one.
pub(super) fn secrets(address: &Address, declared: &mut Declared) {
    let gone = declared.rules.as_ref().is_some_and(|rules| rules.gone);
    let (sent, needs_one) = match address.kind {
        Kind::FtpUser => (Sent::WithEach, &*address.name != hosting::ADMIN),
        Kind::Mailbox => {
            let whole = declared.parts.iter().find(|part| part.part.is_object());
            let kind = whole.and_then(|whole| whole.attrs.text("type"));
            (Sent::OnChange, kind.is_none_or(|kind| kind == "pop"))
        }
        Kind::Contact
        | Kind::Domain
        | Kind::Zone
        | Kind::Record
        | Kind::RedirectService
        | Kind::Redirect
        | Kind::Mail
        | Kind::Autoresponder
        | Kind::Hosting
        | Kind::Database
        | Kind::Site
        | Kind::Wordpress
        | Kind::Certificate
        | Kind::NsKey => return,
    };
    let mut secrets = declared.secrets.take().unwrap_or_default().into_vec();
    for secret in &mut secrets {
        secret.sent = sent;
    }
    if needs_one && !gone && secrets.iter().all(|secret| secret.name != "password") {
        secrets.push(WantedSecret {
            part: Part::object(),
            name: "password",
            sent,
            source: "".into(),
            origin: None,
        });
    }
    declared.secrets = (!secrets.is_empty()).then(|| secrets.into());
}
