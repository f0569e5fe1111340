//! The REST host behind the wire: route, token, user, body, family, and the journal.

use axum::http::{HeaderMap, Method, Uri, header};
use serde_json::{Value, json};

use super::call::{Call, Failure, Logins};
use super::desk::Desk;
use super::dialect::{Foreign, Inferred};
use super::exchange::Arrived;
use super::reply::{self, Spoken};
use super::route::{self, Access, Found, Source};
use super::serve::{Core, Shared};

/// The body of a 401, which is not the documented array.
pub(super) fn denied() -> Value {
    json!({ "Message": "Authorization has been denied for this request." })
}

/// Answers on the REST host: route, token, user, body, family, journal.
pub(super) fn at_desk(shared: &Shared, core: &mut Core, arrived: &Arrived, number: u64) -> Spoken {
    let dialect = core.dialect.clone();
    let spoken = |failure: Failure| reply::speak(Err(failure), &dialect, number);
    if let Some(why) = &core.closed {
        return spoken(Failure::message(503, why));
    }
    let method = arrived.method.as_str();
    let (route, params) = match route::find(method, arrived.uri.path()) {
        Found::Route(route, params) => (route, params),
        Found::OtherMethod(_) => return spoken(other_method(method)),
        Found::Nothing => return spoken(no_resource(&arrived.uri)),
    };
    match (route.source, dialect.inferred) {
        (Source::Documented, _) | (Source::Inferred, Inferred::Exist) => {}
        (Source::Inferred, Inferred::NotFound) => return spoken(no_resource(&arrived.uri)),
        (Source::Inferred, Inferred::NotAllowed) => return spoken(other_method(method)),
        (Source::Inferred, Inferred::NotImplemented) => {
            return spoken(Failure::message(501, "Not implemented."));
        }
    }
    let now = shared.clock.now();
    let login = bearer(&arrived.headers)
        .and_then(|token| core.tokens.login(token, now))
        .map(str::to_owned);
    let login = match (login, route.access) {
        (Some(login), Access::Token | Access::Open) => login,
        (None, Access::Open) => String::new(),
        (None, Access::Token) => return spoken(Failure::Framework(401, denied())),
    };
    let call = match user(core, shared.logins, &login, arrived).and_then(|user| {
        Ok(Call {
            params,
            query: arrived.query.clone(),
            body: body(arrived)?,
            user,
        })
    }) {
        Ok(call) => call,
        Err(failure) => return spoken(failure),
    };
    let Core {
        state,
        folder,
        closed,
        ..
    } = core;
    let mut desk = Desk {
        state,
        dialect: &dialect,
        now,
        logins: shared.logins,
        changes: Vec::new(),
    };
    let answer = (route.carry_out)(&mut desk, &call);
    let changes = desk.changes;
    if let (Some(folder), false) = (folder.as_mut(), changes.is_empty())
        && let Err(error) = folder.append(&changes)
    {
        // What was changed is not kept, so nothing may be answered that depends on it.
        let why = error.to_string();
        *closed = Some(why.clone());
        return spoken(Failure::message(500, &why));
    }
    reply::speak(answer, &dialect, number)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Settles for whom a request acts: the parameter `user`, else who logged in.
fn user(core: &Core, logins: Logins, login: &str, arrived: &Arrived) -> Result<String, Failure> {
    let named = arrived
        .query
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case("user"))
        .map(|(_, value)| value.as_str());
    let named = named.filter(|user| !user.is_empty()).unwrap_or(login);
    let mine = named == login
        || core
            .state
            .users
            .get(named)
            .is_some_and(|user| user.reseller.as_deref() == Some(login));
    match (logins, core.dialect.foreign) {
        (Logins::Any, _) => Ok(named.to_owned()),
        (Logins::Listed, _) if mine => Ok(named.to_owned()),
        (Logins::Listed, Foreign::NotFound) => Err(Failure::not_found("The user")),
        (Logins::Listed, Foreign::Unauthorized) => Err(Failure::Framework(401, denied())),
    }
}

/// Reads the body as JSON; nothing is null.
fn body(arrived: &Arrived) -> Result<Value, Failure> {
    if arrived.body.is_empty() || arrived.method == Method::GET {
        return Ok(Value::Null);
    }
    let media = arrived
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|media| media.to_str().ok())
        .unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    if !(media.eq_ignore_ascii_case("application/json") || media.eq_ignore_ascii_case("text/json"))
    {
        let told = format!(
            "The request entity's media type '{media}' is not supported for this resource."
        );
        return Err(Failure::message(415, &told));
    }
    serde_json::from_slice(&arrived.body)
        .map_err(|error| Failure::model("body", &error.to_string()))
}

fn no_resource(uri: &Uri) -> Failure {
    let told = format!(
        "No HTTP resource was found that matches the request URI '{}'.",
        uri.path()
    );
    Failure::Framework(
        404,
        json!({ "Message": told, "MessageDetail": "No type was found that matches the controller." }),
    )
}

fn other_method(method: &str) -> Failure {
    Failure::message(
        405,
        &format!("The requested resource does not support http method '{method}'."),
    )
}
