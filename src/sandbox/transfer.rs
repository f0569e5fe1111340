//! Whether a domain can be transferred, and the auth code that lets one go.

use serde_json::{Value, json};

use super::call::{Answer, Call, Entry, Failure, Reply};
use super::desk::Desk;
use super::dialect::Authcode;
use super::state::{OrderKind, Stage, Standing, Traded};

/// `GET /api/Domain/{domain}/Transferable`
pub(super) fn transferable(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let name = call
        .param("domain")
        .trim_end_matches('.')
        .to_ascii_lowercase();
    let code = call.query("authcode");
    let orders = desk.state.commerce.orders.values();
    let under_way = orders.flat_map(|order| &order.items).any(|item| {
        item.kind == OrderKind::Transfer && item.stage == Stage::Pending && item.name == name
    });
    let here = desk
        .state
        .domain(&name)
        .filter(|domain| desk.reachable(&call.user, &domain.holder));
    let standing = desk.state.commerce.names.get(&name);
    let (possible, status, message) = match (here, standing) {
        (Some(domain), _) if domain.settings.locked => (false, "lock", "This domain is locked"),
        (Some(_), _) => (true, "ok", "This domain is transferable"),
        (None, Some(Standing::Registered { .. })) if under_way => (
            false,
            "pending transfer",
            "A transfer of this domain is under way",
        ),
        (None, Some(Standing::Registered { locked: true, .. })) => {
            (false, "lock", "This domain is locked")
        }
        (None, Some(Standing::Registered { code: own, .. })) if code != Some(own) => {
            (false, "ok", "The auth code is not valid")
        }
        (None, Some(Standing::Registered { .. })) => (true, "ok", "This domain is transferable"),
        (None, Some(Standing::Reserved | Standing::Forbidden) | None) => {
            return Err(Failure::not_found("The domain"));
        }
    };
    let created = here.map(|domain| desk.date(domain.created));
    Ok(Answer::Object(json!({
        "IsTransferable": possible,
        "InTransfer": under_way,
        "ValidDate": true,
        "Status": desk.state_word(status),
        "Handle": here.map(|domain| domain.handle.as_str()),
        "Name": name,
        "Direction": if here.is_some() { "Out" } else { "In" },
        "Created": created.unwrap_or_else(|| json!("2020-12-08T00:00:00")),
        "Message": message,
    })))
}

/// `GET /api/Domain/{handle}/Authcode`: it asks the registry, which is noted.
pub(super) fn authcode(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let domain = desk.domain(call, "handle")?;
    let times = desk.state.commerce.codes_asked.get(&domain.handle).copied();
    desk.trade(Traded::CodeAsked(
        domain.handle.clone(),
        times.unwrap_or(0) + 1,
    ));
    let code = domain
        .auth_info
        .ok_or_else(|| Failure::code(558, "The TLD has no auth code"))?;
    let answer = |code: Value, errors: Vec<Value>, message: Value| json!({ "Authcode": code, "AuthcodeExpires": Value::Null, "Errors": errors, "Message": message });
    let sent = "The auth code was sent to the owner";
    match desk.dialect.authcode {
        Authcode::Told => Ok(Answer::Object(answer(json!(code), Vec::new(), Value::Null))),
        Authcode::NoContent => Ok(Answer::Nothing),
        Authcode::Inside => {
            let entry = Entry::new(204, sent, Value::Null).json();
            Ok(Answer::Object(answer(
                Value::Null,
                vec![entry],
                json!(sent),
            )))
        }
        Authcode::Issued => Err(Failure::code(525, "The auth code was issued already")),
    }
}
