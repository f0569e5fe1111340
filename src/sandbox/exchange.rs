//! One exchange: a request is read, perhaps struck by a fault, carried out at the desk, kept, logged and answered.

use std::sync::{Arc, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Form, FromRequest as _, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use serde_json::{Value, json};

use super::clock;
use super::fault::Effect;
use super::log::{Fate, Seen, Site, without_secrets};
use super::rest::{at_desk, denied};
use super::route::{self, Found};
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
pub(super) struct Arrived {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) query: Pairs,
    pub(super) body: Bytes,
    /// The form that came to the token host.
    form: Pairs,
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
    let mut arrived = Arrived {
        method: parts.method,
        uri: parts.uri,
        headers: parts.headers,
        query,
        body,
        form: Pairs::new(),
    };
    if site == Site::Auth {
        arrived.form = form(&arrived).await;
    }
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
            carry_out(shared, site, &arrived, seen.number),
            Fate::Answered,
        ),
        Some(Effect::LostAnswer) => (
            carry_out(shared, site, &arrived, seen.number),
            Fate::AnswerLost,
        ),
        Some(Effect::HalfJson) => {
            let mut outgoing = carry_out(shared, site, &arrived, seen.number);
            outgoing.body.truncate(outgoing.body.len() / 2);
            (outgoing, Fate::Answered)
        }
        Some(Effect::EmptyBody) => {
            let outgoing = carry_out(shared, site, &arrived, seen.number);
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

/// Reads a form; what is not one is read as an empty one.
async fn form(arrived: &Arrived) -> Pairs {
    let mut request = Request::new(Body::from(arrived.body.clone()));
    *request.method_mut() = arrived.method.clone();
    *request.headers_mut() = arrived.headers.clone();
    match arrived.method {
        Method::POST => Form::<Pairs>::from_request(request, &())
            .await
            .map(|Form(pairs)| pairs)
            .unwrap_or_default(),
        _ => Pairs::new(),
    }
}

/// Keeps the names of a form, and the one value of it that is no secret.
fn form_without_secrets(form: &Pairs) -> Value {
    let kept = form.iter().map(|(name, value)| {
        let shown = if name == "grant_type" {
            value.as_str()
        } else {
            "***"
        };
        (name.clone(), Value::from(shown))
    });
    Value::Object(kept.collect())
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
        Site::Auth => Some(form_without_secrets(&arrived.form)),
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

fn carry_out(shared: &Shared, site: Site, arrived: &Arrived, number: u64) -> Outgoing {
    match site {
        Site::Auth => grant(shared, arrived),
        Site::Rest => {
            let mut core = shared.core();
            let spoken = at_desk(shared, &mut core, arrived, number);
            Outgoing::json(spoken.status, spoken.body.as_ref())
        }
    }
}

/// Answers on the token host, where a form is expected.
fn grant(shared: &Shared, arrived: &Arrived) -> Outgoing {
    if !arrived.uri.path().eq_ignore_ascii_case("/token") {
        return Outgoing {
            media: "text/html",
            ..Outgoing::json(404, None)
        };
    }
    let mut core = shared.core();
    if let Some(why) = &core.closed {
        return Outgoing::json(503, Some(&json!({ "Message": why })));
    }
    let Core { tokens, state, .. } = &mut *core;
    let (status, body) = tokens.grant(&arrived.form, (state, shared.logins), shared.clock.now());
    Outgoing::json(status, Some(&body))
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
