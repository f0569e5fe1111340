//! One call of an API: where it goes, what it carries, and what it does there.
//!
//! Every value (of the path, the query, a header, the body) is kept as a secret: some are, and the type that cannot
//! be shown leaves nothing to forget. Knows no reqwest and no provider.

use std::fmt;

use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde::Serialize;
use url::Url;

use super::{Endpoint, Webhook};

/// The method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
}

/// What a request does at the provider, which decides whether it may be repeated blindly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It changes nothing that matters: every GET without side effects, and the request for a token.
    Read,
    /// It writes, and twice is the same as once.
    Idempotent,
    /// It makes something each time it arrives.
    Creating,
    /// It spends money each time it arrives.
    Paying,
}

/// What a request carries.
#[derive(Debug)]
pub enum Body {
    /// Nothing.
    Empty,
    /// A JSON text.
    Json(SecretSlice<u8>),
    /// An HTML form (`application/x-www-form-urlencoded`), in the order given.
    Form(Vec<(&'static str, SecretString)>),
}

/// Why a request cannot be put on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A name of the path template has no value.
    #[error("the path has no value for `{0}`")]
    NoValue(&'static str),
    /// A value would name another path: it is empty, `.` or `..`.
    #[error("the value of `{0}` in the path is empty or made of dots")]
    EvasiveValue(&'static str),
    /// The body could not be written as JSON.
    #[error("the body cannot be written as JSON")]
    Unwritable,
}

/// One call of an API.
#[derive(Debug)]
pub struct Request {
    line: Line,
    values: Vec<(&'static str, SecretString)>,
    query: Vec<(&'static str, SecretString)>,
    headers: Vec<(&'static str, SecretString)>,
    body: Body,
    flaw: Option<Flaw>,
    webhook: Option<Webhook>,
}

/// The part of a request that may be shown.
#[derive(Debug, Clone)]
struct Line {
    method: Method,
    endpoint: Endpoint,
    path: &'static str,
    label: &'static str,
    effect: Effect,
}

/// A request as messages may show it: what it is for, method, host, path template and names of parameters.
#[derive(Clone, Copy)]
pub struct Shown<'a>(&'a Request);

impl Request {
    /// Starts a reading request: `path` is a template such as `/api/Zone/{zone}/Record`, appended to the endpoint;
    /// `label` is what it is for, as in "list the records of a zone".
    pub fn get(endpoint: &Endpoint, path: &'static str, label: &'static str) -> Self {
        Self::new(Line {
            method: Method::Get,
            endpoint: endpoint.clone(),
            path,
            label,
            effect: Effect::Read,
        })
    }

    /// Starts a writing request; see [`Request::get`] for `path` and `label`.
    ///
    /// It counts as [`Effect::Creating`] after POST and as [`Effect::Idempotent`] otherwise, until
    /// [`Request::effect`] says what it is.
    pub fn write(
        method: Method,
        endpoint: &Endpoint,
        path: &'static str,
        label: &'static str,
    ) -> Self {
        let effect = match method {
            Method::Get | Method::Put | Method::Delete => Effect::Idempotent,
            Method::Post | Method::Patch => Effect::Creating,
        };
        Self::new(Line {
            method,
            endpoint: endpoint.clone(),
            path,
            label,
            effect,
        })
    }

    fn new(line: Line) -> Self {
        Self {
            line,
            values: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Body::Empty,
            flaw: None,
            webhook: None,
        }
    }

    /// Starts a POST to a webhook, whose address stands for endpoint, path and query.
    pub fn webhook(webhook: &Webhook, label: &'static str) -> Self {
        Self {
            webhook: Some(webhook.clone()),
            ..Self::write(Method::Post, &webhook.endpoint(), "", label)
        }
    }

    /// Says what the request does at the provider.
    pub fn effect(mut self, effect: Effect) -> Self {
        self.line.effect = effect;
        self
    }

    /// Gives `{name}` of the path template its value: one path segment, percent-encoded where needed.
    pub fn at(mut self, name: &'static str, value: impl Into<SecretString>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: &'static str, value: impl Into<SecretString>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: &'static str, value: impl Into<SecretString>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds `Authorization: Bearer` with this token.
    pub fn bearer(self, token: &SecretString) -> Self {
        self.header("authorization", format!("Bearer {}", token.expose_secret()))
    }

    /// Carries this value as JSON.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(text) => self.body = Body::Json(SecretSlice::from(text)),
            Err(_) => self.flaw = Some(Flaw::Unwritable),
        }
        self
    }

    /// Carries this JSON text, byte by byte.
    pub fn json_text(mut self, text: &str) -> Self {
        self.body = Body::Json(SecretSlice::from(text.as_bytes().to_vec()));
        self
    }

    /// Adds a field to the form that the request carries.
    pub fn field(mut self, name: &'static str, value: impl Into<SecretString>) -> Self {
        let field = (name, value.into());
        match &mut self.body {
            Body::Form(fields) => fields.push(field),
            Body::Empty | Body::Json(_) => self.body = Body::Form(vec![field]),
        }
        self
    }

    /// Returns the method.
    pub fn method(&self) -> Method {
        self.line.method
    }

    /// Returns the address that the request goes to.
    pub fn endpoint(&self) -> &Endpoint {
        &self.line.endpoint
    }

    /// Returns the path template.
    pub fn path(&self) -> &'static str {
        self.line.path
    }

    /// Returns what the request is for.
    pub fn label(&self) -> &'static str {
        self.line.label
    }

    /// Returns what the request does at the provider.
    pub fn does(&self) -> Effect {
        self.line.effect
    }

    /// Returns the headers that were added; names as they were given.
    pub fn headers(&self) -> &[(&'static str, SecretString)] {
        &self.headers
    }

    /// Returns what the request carries.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// Returns the request as messages may show it.
    pub fn shown(&self) -> Shown<'_> {
        Shown(self)
    }

    /// Returns the path and query with all values in it, as they are sent: a secret.
    pub fn target(&self) -> Result<SecretString, Flaw> {
        let url = self.url()?;
        Ok(SecretString::from(
            &url[url::Position::BeforePath..url::Position::AfterQuery],
        ))
    }

    /// Returns the whole address with all values in it, or why there is none.
    pub(super) fn url(&self) -> Result<Url, Flaw> {
        if let Some(flaw) = self.flaw {
            return Err(flaw);
        }
        if let Some(webhook) = &self.webhook {
            return Ok(webhook.url().clone());
        }
        let mut url = self.line.endpoint.base().clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
            for part in self.line.path.split('/').filter(|part| !part.is_empty()) {
                segments.push(
                    match part
                        .strip_prefix('{')
                        .and_then(|rest| rest.strip_suffix('}'))
                    {
                        Some(name) => self.value(name)?,
                        None => part,
                    },
                );
            }
        }
        if !self.query.is_empty() {
            let pairs = self
                .query
                .iter()
                .map(|(name, value)| (name, value.expose_secret()));
            url.query_pairs_mut().extend_pairs(pairs);
        }
        Ok(url)
    }

    /// A segment of dots would be resolved away, and the request would go to another resource.
    fn value(&self, name: &'static str) -> Result<&str, Flaw> {
        let (_, value) = self
            .values
            .iter()
            .find(|(given, _)| *given == name)
            .ok_or(Flaw::NoValue(name))?;
        match value.expose_secret() {
            "" | "." | ".." => Err(Flaw::EvasiveValue(name)),
            value => Ok(value),
        }
    }
}

impl<'a> Shown<'a> {
    /// Returns the method.
    pub fn method(self) -> Method {
        self.0.method()
    }

    /// Returns the host, with the port if it is not the scheme's own.
    pub fn host(self) -> &'a str {
        self.0.endpoint().host()
    }

    /// Returns the path template.
    pub fn path(self) -> &'static str {
        self.0.path()
    }

    /// Returns what the request is for.
    pub fn label(self) -> &'static str {
        self.0.label()
    }

    /// Returns what the request does at the provider.
    pub fn effect(self) -> Effect {
        self.0.does()
    }
}

impl Method {
    /// Returns the method as it is sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl Effect {
    /// Returns whether a request of this kind changes something.
    pub fn is_write(self) -> bool {
        match self {
            Self::Read => false,
            Self::Idempotent | Self::Creating | Self::Paying => true,
        }
    }

    /// Returns whether it may be sent again without knowing what became of it.
    pub fn may_repeat(self) -> bool {
        match self {
            Self::Read | Self::Idempotent => true,
            Self::Creating | Self::Paying => false,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Line {
            method,
            endpoint,
            path,
            label,
            effect: _,
        } = &self.0.line;
        write!(f, "{label} ({method} {}{path}", endpoint.host())?;
        for (place, (name, _)) in self.0.query.iter().enumerate() {
            write!(f, "{}{name}", if place == 0 { '?' } else { '&' })?;
        }
        f.write_str(")")
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(address: &str) -> Endpoint {
        Endpoint::parse(address).unwrap()
    }

    fn target(request: &Request) -> Result<String, Flaw> {
        request
            .target()
            .map(|target| target.expose_secret().to_owned())
    }

    #[test]
    fn values_fill_the_template_and_cannot_leave_their_place() {
        let api = endpoint("https://rest.namebay.com/v1/");
        let record = |zone: &str, id: &str| {
            Request::get(&api, "/api/Zone/{zone}/Record/{id}", "read a record")
                .at("zone", zone)
                .at("id", id)
        };
        assert_eq!(
            target(&record("AA1", "13")).unwrap(),
            "/v1/api/Zone/AA1/Record/13"
        );
        assert_eq!(
            target(&record("a/b?c#d%2F", "é 1")).unwrap(),
            "/v1/api/Zone/a%2Fb%3Fc%23d%252F/Record/%C3%A9%201"
        );
        assert_eq!(target(&record("AA1", "..")), Err(Flaw::EvasiveValue("id")));
        assert_eq!(target(&record("", "1")), Err(Flaw::EvasiveValue("zone")));
        let unfilled = Request::get(&api, "/api/Zone/{zone}", "read a zone");
        assert_eq!(target(&unfilled), Err(Flaw::NoValue("zone")));
    }

    #[test]
    fn the_query_is_encoded_in_order() {
        let request = Request::get(&endpoint("http://[::1]:9"), "/api/Zone", "list zones")
            .query("user", "AA1&x=2")
            .query("name", "a b+c");
        assert_eq!(
            target(&request).unwrap(),
            "/api/Zone?user=AA1%26x%3D2&name=a+b%2Bc"
        );
        assert_eq!(
            request.shown().to_string(),
            "list zones (GET [::1]:9/api/Zone?user&name)"
        );
    }

    #[test]
    fn what_is_unwritable_is_a_flaw() {
        let keyed_by_lists = std::collections::BTreeMap::from([(vec![1], 1)]);
        let request = Request::write(Method::Put, &endpoint("http://[::1]"), "/x", "change x")
            .json(&keyed_by_lists);
        assert_eq!(target(&request), Err(Flaw::Unwritable));
    }

    #[test]
    fn no_value_is_ever_shown() {
        let request = Request::write(
            Method::Post,
            &endpoint("https://h.example"),
            "/{a}/b",
            "write",
        )
        .at("a", "canary")
        .query("authcode", "canary")
        .header("x-key", "canary")
        .bearer(&SecretString::from("canary"))
        .json(&["canary"]);
        let form = Request::write(
            Method::Post,
            &endpoint("https://h.example"),
            "/token",
            "get a token",
        )
        .field("password", "canary");
        let said = format!(
            "{request:?} {request:#?} {} {:?} {form:?}",
            request.shown(),
            request.shown()
        );
        assert!(!said.contains("canary"), "{said}");
        assert!(
            said.contains("authcode") && said.contains("password"),
            "{said}"
        );
    }
}
