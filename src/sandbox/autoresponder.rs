//! Auto-responders: the answer that a mailbox gives by itself, as a dictionary of which each request sets a part.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::call::{Answer, Call, Failure, Reply, object};
use super::desk::Desk;
use super::dialect::{ResponderDelete, ResponderFinish, ResponderKeys, ResponderNone};
use super::fields::Fields;
use super::mailbox;
use super::state::{AutoResponder, Mailbox, Served};

/// The time of Paris, in which the provider lives.
fn paris() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC)
}

/// `GET /api/Mail/{handle}/AutoResponder`
pub(super) fn get(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let (mailbox, _) = mailbox::find(desk, call)?;
    match (&mailbox.responder, desk.dialect.responder_none) {
        (Some(responder), _) => Ok(Answer::Object(json(desk, &mailbox, responder))),
        (None, ResponderNone::NotFound) => Err(Failure::not_found("The auto-responder")),
        (None, ResponderNone::Null) => Ok(Answer::Object(Value::Null)),
        (None, ResponderNone::Empty) => Ok(Answer::Object(json!({}))),
        (None, ResponderNone::Inactive) => {
            let none = AutoResponder::default();
            Ok(Answer::Object(json(desk, &mailbox, &none)))
        }
    }
}

/// `PUT /api/Mail/{handle}/AutoResponder`: only what is sent is set.
pub(super) fn set(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let (mut mailbox, _) = mailbox::find(desk, call)?;
    let mut responder = mailbox.responder.clone().unwrap_or_default();
    let fields = understood(desk, &call.body)?;
    if let Err(failure) = read(desk, &fields, &mut responder) {
        let address = json!(mailbox::address_out(desk, &mailbox));
        return mailbox::inside(desk, failure, vec![("MailAddress", Some(address))]);
    }
    let answer = json(desk, &mailbox, &responder);
    mailbox.responder = Some(responder);
    desk.serve(Served::Mailbox(mailbox));
    Ok(Answer::Object(answer))
}

/// `DELETE /api/Mail/{handle}/AutoResponder`
pub(super) fn delete(desk: &mut Desk<'_>, call: &Call) -> Reply {
    match desk.dialect.responder_delete {
        ResponderDelete::Exists => {}
        ResponderDelete::NotFound => {
            let told = "No HTTP resource was found that matches the request URI.";
            return Err(Failure::message(404, told));
        }
        ResponderDelete::NotAllowed => {
            let told = "The requested resource does not support http method 'DELETE'.";
            return Err(Failure::message(405, told));
        }
    }
    let (mut mailbox, _) = mailbox::find(desk, call)?;
    let gone = mailbox.responder.take();
    let gone = gone.ok_or_else(|| Failure::not_found("The auto-responder"))?;
    let answer = json(desk, &mailbox, &gone);
    desk.serve(Served::Mailbox(mailbox));
    Ok(Answer::Deleted(answer))
}

/// Keeps the keys that the dialect sees; a dictionary knows no others and tells of none.
fn understood(desk: &Desk<'_>, body: &Value) -> Result<Fields, Failure> {
    let members = body
        .as_object()
        .ok_or_else(|| Failure::model("body", "An object is expected."))?;
    let first = |key: &str| key.chars().next().unwrap_or_default();
    let seen = members
        .iter()
        .filter(|(key, _)| match desk.dialect.responder_keys {
            ResponderKeys::Any => true,
            ResponderKeys::Small => **key == key.to_ascii_lowercase(),
            ResponderKeys::Pascal => first(key).is_ascii_uppercase(),
        });
    let seen: Map<String, Value> = seen
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    Fields::read(&Value::Object(seen))
        .ok_or_else(|| Failure::model("body", "An object is expected."))
}

fn read(desk: &Desk<'_>, fields: &Fields, responder: &mut AutoResponder) -> Result<(), Failure> {
    responder.active = fields.boolean("active")?.unwrap_or(responder.active);
    let texts = [
        ("subject", &mut responder.subject),
        ("message", &mut responder.message),
        ("forward", &mut responder.forward),
    ];
    for (name, text) in texts {
        if fields.has(name) {
            *text = fields
                .text(name, (0, 65_536))?
                .filter(|text| !text.is_empty());
        }
    }
    let end = match desk.dialect.responder_finish {
        ResponderFinish::Midnight => Time::midnight(),
        ResponderFinish::DayEnd => Time::constant(23, 59, 59, 0),
    };
    if fields.has("start") {
        responder.start = moment(fields, "start", Time::midnight())?;
    }
    if fields.has("finish") {
        responder.finish = moment(fields, "finish", end)?;
    }
    let backwards = responder
        .start
        .zip(responder.finish)
        .is_some_and(|(start, finish)| finish < start);
    if backwards {
        return Err(Failure::code(530, "Invalid attribute value: finish"));
    }
    Ok(())
}

/// Reads a moment in the provider's time; null and 0 are none, a day alone has the given time.
fn moment(fields: &Fields, name: &str, of_day: Time) -> Result<Option<Timestamp>, Failure> {
    let invalid = || Failure::code(530, &format!("Invalid attribute value: {name}"));
    let text = match fields.get(name) {
        None => return Ok(None),
        Some(Value::Number(number)) if number.as_f64() == Some(0.0) => return Ok(None),
        Some(Value::String(text)) if matches!(text.trim(), "" | "0") => return Ok(None),
        Some(Value::String(text)) => text.trim(),
        Some(
            Value::Number(_) | Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_),
        ) => {
            return Err(invalid());
        }
    };
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Ok(Some(exact));
    }
    let local: DateTime = match text.parse::<Date>() {
        Ok(date) if !text.contains('T') => date.to_datetime(of_day),
        Ok(_) | Err(_) => text.parse().map_err(|_| invalid())?,
    };
    let zoned = local.to_zoned(paris()).map_err(|_| invalid())?;
    Ok(Some(zoned.timestamp()))
}

fn json(desk: &Desk<'_>, mailbox: &Mailbox, responder: &AutoResponder) -> Value {
    let date = |time: Option<Timestamp>| {
        time.map_or(Value::Null, |time| {
            let local = time.to_zoned(paris());
            json!(local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
        })
    };
    object(vec![
        ("ObjectHandle", Some(json!(mailbox.handle))),
        ("Active", Some(json!(responder.active))),
        (
            "MailAddress",
            Some(json!(mailbox::address_out(desk, mailbox))),
        ),
        ("Forward", desk.text(responder.forward.as_deref())),
        ("Message", desk.text(responder.message.as_deref())),
        ("Subject", desk.text(responder.subject.as_deref())),
        ("Start", Some(date(responder.start))),
        ("Finish", Some(date(responder.finish))),
        ("Errors", Some(json!([]))),
    ])
}
