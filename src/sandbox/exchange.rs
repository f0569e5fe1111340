//! One exchange: a request is read, perhaps struck by a fault, carried out at the desk, kept, logged and answered.

use std::sync::{Arc, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Form, FromRequest as _, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use serde_json::{Value, json};

use super::call::{Call, Desk, Failure, Logins};
use super::clock;
use super::dialect::{Foreign, Inferred};
use super::fault::Effect;
use super::log::{Fate, Seen, Site, without_secrets};
use super::reply::{self, Spoken};
use super::route::{self, Access, Found, Source};
use super::serve::{Core, Moment, Shared};
use super::wire::Cut;

/// The largest body that is read, in bytes.
const LARGEST: usize = 16 << 20;

type Pairs = Vec<(String, String)>;

/// Answers a request to the REST host.
pub(super) async fn rest(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request<Body>,
) -> Response<Body> {
    exchange(&shared, Site::Rest, &cut, request).await
}

/// Answers a request to the token host.
pub(super) async fn auth(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request<Body>,
) -> Response<Body> {
    exchange(&shared, Site::Auth, &cut, request).await
}

/// A request that was read.
struct Arrived {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    query: Pairs,
    body: Bytes,
}

/// What goes out.
struct Outgoing {
    status: u16,
    media: &'static str,
    body: Vec<u8>,
    retry_after: Option<u64>,
}

impl Outgoing {
    fn json(status: u16, body: Option<&Value>) -> Self {
        let body = body.map(Value::to_string).unwrap_or_default().into_bytes();
        Self {
            status,
            media: "application/json; charset=utf-8",
            body,
            retry_after: None,
        }
    }
}

async fn exchange(
    shared: &Shared,
    site: Site,
    cut: &Cut,
    request: Request<Body>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        let told = json!({ "Message": "The request is too large." });
        return respond(shared, Outgoing::json(413, Some(&told)));
    };
    let query = Query::<Pairs>::try_from_uri(&parts.uri)
        .map(|Query(pairs)| pairs)
        .unwrap_or_default();
    let arrived = Arrived {
        method: parts.method,
        uri: parts.uri,
        headers: parts.headers,
        query,
        body,
    };
    let mut seen = first_look(shared, site, &arrived);
    if let Some(hook) = &shared.hook {
        hook(Moment::Arrived, &seen).await;
    }
    let struck = shared
        .faults
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .strike(&seen.method, &seen.path);
    if let Some(Effect::Delay(pause)) = &struck {
        tokio::time::sleep(*pause).await;
    }
    let (outgoing, fate) = match &struck {
        None | Some(Effect::Delay(_) | Effect::LateAnswer(_)) => (
            carry_out(shared, site, &arrived, seen.number).await,
            Fate::Answered,
        ),
        Some(Effect::LostAnswer) => (
            carry_out(shared, site, &arrived, seen.number).await,
            Fate::AnswerLost,
        ),
        Some(Effect::HalfJson) => {
            let mut outgoing = carry_out(shared, site, &arrived, seen.number).await;
            outgoing.body.truncate(outgoing.body.len() / 2);
            (outgoing, Fate::Answered)
        }
        Some(Effect::EmptyBody) => {
            let outgoing = carry_out(shared, site, &arrived, seen.number).await;
            (
                Outgoing {
                    body: Vec::new(),
                    ..outgoing
                },
                Fate::Answered,
            )
        }
        Some(Effect::LostRequest) => (Outgoing::json(500, None), Fate::RequestLost),
        Some(Effect::Throttle(seconds)) => {
            let told = json!({ "Message": "Too many requests." });
            let outgoing = Outgoing {
                retry_after: Some(*seconds),
                ..Outgoing::json(429, Some(&told))
            };
            (outgoing, Fate::Faulted)
        }
        Some(Effect::Unauthorized) => (Outgoing::json(401, Some(&denied())), Fate::Faulted),
        Some(Effect::Status {
            status,
            body,
            media,
        }) => {
            let media = if media.starts_with("text/html") {
                "text/html; charset=utf-8"
            } else {
                "application/json"
            };
            let outgoing = Outgoing {
                status: *status,
                media,
                body: body.clone().into_bytes(),
                retry_after: None,
            };
            (outgoing, Fate::Faulted)
        }
    };
    seen.fate = fate;
    seen.status = matches!(fate, Fate::Answered | Fate::Faulted).then_some(outgoing.status);
    shared.log.add(seen.clone());
    if let Some(hook) = &shared.hook {
        hook(Moment::Done, &seen).await;
    }
    if let Some(Effect::LateAnswer(pause)) = &struck {
        tokio::time::sleep(*pause).await;
    }
    if matches!(fate, Fate::RequestLost | Fate::AnswerLost) {
        cut.cut();
    }
    respond(shared, outgoing)
}

fn first_look(shared: &Shared, site: Site, arrived: &Arrived) -> Seen {
    let number = {
        let mut core = shared.core();
        core.count += 1;
        core.count
    };
    let path = arrived.uri.path().to_owned();
    let method = arrived.method.as_str();
    let template = match (site, route::find(method, &path)) {
        (Site::Rest, Found::Route(route, _)) => route.template.to_owned(),
        (Site::Rest, Found::OtherMethod(template)) => template.to_owned(),
        (Site::Rest, Found::Nothing) | (Site::Auth, _) => path.clone(),
    };
    let body: Option<Value> = match site {
        Site::Rest => serde_json::from_slice(&arrived.body).ok(),
        Site::Auth => None,
    };
    let user = arrived
        .query
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case("user"));
    Seen {
        number,
        site,
        method: method.to_owned(),
        template,
        path,
        query: arrived.query.iter().map(|(key, _)| key.clone()).collect(),
        user: user.map(|(_, value)| value.clone()),
        body: body.map(|body| without_secrets(&body, 8)),
        status: None,
        fate: Fate::Answered,
    }
}

async fn carry_out(shared: &Shared, site: Site, arrived: &Arrived, number: u64) -> Outgoing {
    match site {
        Site::Auth => grant(shared, arrived).await,
        Site::Rest => {
            let mut core = shared.core();
            let spoken = at_desk(shared, &mut core, arrived, number);
            Outgoing::json(spoken.status, spoken.body.as_ref())
        }
    }
}

/// Answers on the token host, where a form is expected.
async fn grant(shared: &Shared, arrived: &Arrived) -> Outgoing {
    if !arrived.uri.path().eq_ignore_ascii_case("/token") {
        return Outgoing {
            media: "text/html",
            ..Outgoing::json(404, None)
        };
    }
    let mut request = Request::new(Body::from(arrived.body.clone()));
    *request.method_mut() = arrived.method.clone();
    *request.headers_mut() = arrived.headers.clone();
    let form = match arrived.method.as_str() {
        "POST" => Form::<Pairs>::from_request(request, &())
            .await
            .map(|Form(pairs)| pairs)
            .unwrap_or_default(),
        _ => Pairs::new(),
    };
    let mut core = shared.core();
    if let Some(why) = &core.closed {
        return Outgoing::json(503, Some(&json!({ "Message": why })));
    }
    let Core { tokens, state, .. } = &mut *core;
    let (status, body) = tokens.grant(&form, (state, shared.logins), shared.clock.now());
    Outgoing::json(status, Some(&body))
}

fn denied() -> Value {
    json!({ "Message": "Authorization has been denied for this request." })
}

/// Answers on the REST host: route, token, user, body, family, journal.
fn at_desk(shared: &Shared, core: &mut Core, arrived: &Arrived, number: u64) -> Spoken {
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

fn respond(shared: &Shared, outgoing: Outgoing) -> Response<Body> {
    let Outgoing {
        status,
        media,
        body,
        retry_after,
    } = outgoing;
    let empty = body.is_empty();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if !empty {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(date) = HeaderValue::from_str(&clock::http_date(shared.clock.now())) {
        headers.insert(header::DATE, date);
    }
    if let Some(seconds) = retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
