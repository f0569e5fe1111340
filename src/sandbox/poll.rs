//! The queue of messages: its head is read until somebody acknowledges it.

use serde_json::{Value, json};

use super::call::{Answer, Call, Failure, Reply};
use super::desk::Desk;
use super::dialect::{PollEmpty, PollView};
use super::fulfil;
use super::state::{Message, Traded};

/// Lists the messages that a user may see.
fn queue<'a>(desk: &'a Desk<'_>, call: &'a Call) -> impl Iterator<Item = &'a Message> {
    let messages = desk.state.commerce.messages.values();
    messages.filter(|message| match desk.dialect.poll_view {
        PollView::Own => message.user == call.user,
        PollView::All => desk.reachable(&call.user, &message.user),
    })
}

/// `GET /api/Poll`
pub(super) fn get(desk: &mut Desk<'_>, call: &Call) -> Reply {
    fulfil::look(desk);
    let count = queue(desk, call).count();
    let Some(message) = queue(desk, call).next() else {
        return match desk.dialect.poll_empty {
            PollEmpty::Null => Ok(Answer::Object(Value::Null)),
            PollEmpty::NoContent => Ok(Answer::Nothing),
            PollEmpty::Zero => Ok(Answer::Object(
                json!({ "Id": 0, "Count": 0, "Created": null, "Message": null, "Data": null }),
            )),
            PollEmpty::NotFound => Err(Failure::not_found("A message")),
        };
    };
    let Message {
        number,
        user: _,
        name,
        handle,
        class,
        ticket,
        status,
        created,
    } = message;
    let created = desk.date(*created);
    Ok(Answer::Object(json!({
        "Id": number,
        "Count": count,
        "Created": created,
        "Message": name,
        "Data": {
            "object_handle": handle,
            "object_class": class,
            "tickets_id": ticket,
            "statusId": status,
            "logDate": created,
            "old_object_handle": "",
        },
    })))
}

/// `PUT /api/Poll/{id}/Acknowledge`
pub(super) fn acknowledge(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let number = call.number("id");
    let found = queue(desk, call).find(|message| Some(message.number) == number);
    let number = found.map(|message| message.number);
    let number = number.ok_or_else(|| Failure::not_found("The message"))?;
    desk.trade(Traded::MessageGone(number));
    let left = queue(desk, call).count();
    Ok(Answer::Object(json!({ "Id": number, "Count": left })))
}
