//! The real transport. The only file that knows reqwest.
//!
//! One attempt over HTTP/1.1, bounded in time and size; redirects are answers like any other, there are no cookies and
//! no retries of its own. Does not read the environment: the proxy and the certificates to trust come with
//! [`Settings`], and reqwest's own look at the environment is switched off.

use std::error::Error;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{NoProxy, redirect};
use secrecy::{ExposeSecret, SecretString};

use super::trust::{self, TrustStore};
use super::{Body, Fut, Headers, Method, Reason, Request, Response, SendError, Transport};

/// The largest body that is read.
const BODY_LIMIT: usize = 32 << 20;

/// What is set aside for a body because an answer announces it; more only as it comes.
const FIRST_BUFFER: usize = 1 << 20;

/// Connections that are kept for the next request, per host.
const IDLE_CONNECTIONS: usize = 10;

/// Shorter than servers commonly keep a connection: a write on one that is just being closed would leave a doubt.
const IDLE_TIME: Duration = Duration::from_secs(30);

/// Never to be reached through a proxy, whatever the settings say.
const LOOPBACK: &str = "localhost,127.0.0.0/8,::1";

/// How to reach providers.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The time for name resolution, TCP, proxy and TLS together.
    pub connect: Duration,
    /// The time for a whole attempt, up to the last byte of the answer.
    pub answer: Duration,
    /// Whose certificates are believed.
    pub trust: TrustStore,
    /// The proxy for https, if there is one; loopback addresses are always reached directly.
    pub proxy: Option<Proxy>,
}

/// A proxy for https.
#[derive(Debug, Clone)]
pub struct Proxy {
    /// Its address, as in `HTTPS_PROXY`; it may hold a user name and a password.
    pub address: SecretString,
    /// Hosts that are reached directly, as in `NO_PROXY`; may be empty.
    pub except: String,
}

/// The transport over real connections; it is set up when the first request is made.
pub struct Client {
    settings: Settings,
    // To loopback addresses in clear text: no certificates to read, which is most of the cost of setting one up, and
    // it works where the certificates to trust are unreadable.
    plain: OnceLock<Result<reqwest::Client, Reason>>,
    tls: OnceLock<Result<reqwest::Client, Reason>>,
}

impl Default for Settings {
    /// 10 s to connect, 30 s for the answer, the system's certificates, no proxy.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            trust: TrustStore::System,
            proxy: None,
        }
    }
}

impl Client {
    /// Makes a client; nothing is read or opened yet.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            plain: OnceLock::new(),
            tls: OnceLock::new(),
        }
    }

    fn inner(&self, request: &Request) -> Result<&reqwest::Client, Reason> {
        let inner = if request.endpoint().is_plain() {
            self.plain.get_or_init(|| build(&self.settings, None))
        } else {
            self.tls
                .get_or_init(|| build(&self.settings, Some(&self.settings.trust)))
        };
        inner.as_ref().map_err(Clone::clone)
    }

    async fn attempt(&self, request: &Request) -> Result<Response, SendError> {
        let inner = self.inner(request).map_err(SendError::NotSent)?;
        let request = outgoing(inner, request).map_err(SendError::NotSent)?;
        let mut answer = inner
            .execute(request)
            .await
            .map_err(|error| self.judge(error, None))?;
        let status = answer.status().as_u16();
        let too_large = || {
            SendError::OutcomeUnknown(Reason::TooLarge {
                status,
                limit: BODY_LIMIT,
            })
        };
        let announced = answer
            .content_length()
            .map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX));
        if announced > BODY_LIMIT {
            return Err(too_large());
        }
        let mut headers = Headers::default();
        for (name, value) in answer.headers() {
            headers.add(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
        }
        let mut body = Vec::with_capacity(announced.min(FIRST_BUFFER));
        while let Some(chunk) = answer
            .chunk()
            .await
            .map_err(|error| self.judge(error, Some(status)))?
        {
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response {
            status,
            headers,
            body,
        })
    }

    /// Says what an error means for the request: unless it is certain that nothing left, the outcome is unknown.
    fn judge(&self, error: reqwest::Error, status: Option<u16>) -> SendError {
        let error = error.without_url();
        let detail = causes(&error);
        if let Some(refused) = refused_certificate(&error) {
            return SendError::NotSent(Reason::Untrusted(refused));
        }
        if error.is_builder() {
            return SendError::NotSent(Reason::Malformed(detail));
        }
        if error.is_connect() {
            let slow = || format!("none within {:?}", self.settings.connect).into();
            return SendError::NotSent(Reason::Connect(if error.is_timeout() {
                slow()
            } else {
                detail
            }));
        }
        SendError::OutcomeUnknown(if error.is_timeout() {
            Reason::Timeout(self.settings.answer)
        } else {
            Reason::Broken { status, detail }
        })
    }
}

impl Transport for Client {
    fn send<'a>(&'a self, request: &'a Request) -> Fut<'a, Result<Response, SendError>> {
        Box::pin(self.attempt(request))
    }
}

fn build(settings: &Settings, trust: Option<&TrustStore>) -> Result<reqwest::Client, Reason> {
    let tls = trust
        .map_or_else(trust::none, TrustStore::tls)
        .map_err(Reason::Setup)?;
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let localhost = [
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
    ];
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("bailiwick/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .http1_only()
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .no_proxy()
        .connect_timeout(settings.connect.min(settings.answer))
        .timeout(settings.answer)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .pool_idle_timeout(IDLE_TIME)
        .resolve_to_addrs("localhost", &localhost);
    if let Some(proxy) = settings.proxy.as_ref().filter(|_| trust.is_some()) {
        let except = NoProxy::from_string(&format!("{},{LOOPBACK}", proxy.except));
        // reqwest's message would show the address.
        let https = reqwest::Proxy::https(proxy.address.expose_secret())
            .map_err(|_| Reason::Setup("HTTPS_PROXY is not an address".into()))?;
        builder = builder.proxy(https.no_proxy(except));
    }
    builder
        .build()
        .map_err(|error| Reason::Setup(causes(&error.without_url())))
}

fn outgoing(inner: &reqwest::Client, request: &Request) -> Result<reqwest::Request, Reason> {
    let url = request
        .url()
        .map_err(|flaw| Reason::Malformed(flaw.to_string().into()))?;
    let method = match request.method() {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut outgoing = inner.request(method, url);
    for (name, value) in request.headers() {
        let malformed =
            || Reason::Malformed(format!("the header `{name}` holds what headers cannot").into());
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| malformed())?;
        let mut value = HeaderValue::from_str(value.expose_secret()).map_err(|_| malformed())?;
        value.set_sensitive(true);
        outgoing = outgoing.header(name, value);
    }
    outgoing = match request.body() {
        Body::Empty => outgoing,
        Body::Json(text) => outgoing
            .header(CONTENT_TYPE, "application/json")
            .body(text.expose_secret().to_vec()),
        Body::Form(fields) => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (name, value.expose_secret()))
                .collect();
            outgoing.form(&fields)
        }
    };
    outgoing
        .build()
        .map_err(|error| Reason::Malformed(causes(&error.without_url())))
}

/// The causes below an error's own line, without those that only say that sending failed.
fn causes(error: &reqwest::Error) -> Box<str> {
    let mut said: Vec<String> = Vec::new();
    for text in chain(error).map(ToString::to_string) {
        let is_news = !text.starts_with("client error (")
            && !said.iter().any(|before| before.contains(&text));
        if is_news {
            said.push(text);
        }
    }
    if said.is_empty() {
        error.to_string().into()
    } else {
        said.join(": ").into()
    }
}

fn refused_certificate(error: &reqwest::Error) -> Option<Box<str>> {
    let mut tls = chain(error).filter_map(|cause| cause.downcast_ref::<rustls::Error>());
    let refused = tls.find(|error| matches!(error, rustls::Error::InvalidCertificate(_)))?;
    Some(refused.to_string().into())
}

/// An `io::Error` does not name what it wraps as its source, so it is looked into; no deeper than is sensible.
fn chain(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let mut next = error.source();
    let causes = std::iter::from_fn(move || {
        let cause = next?;
        next = match cause
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
        {
            Some(wrapped) => Some(wrapped),
            None => cause.source(),
        };
        Some(cause)
    });
    causes.take(12)
}
