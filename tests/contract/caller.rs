//! A client of a few lines for the sandbox, which knows nothing of the product's own.

use std::io;

use bailiwick::sandbox::Running;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An answer as it came over the wire.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Heard {
    /// Gives the body as JSON; nothing is null.
    pub(crate) fn json(&self) -> Value {
        if self.text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&self.text).unwrap()
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Sends one request and reads the whole answer.
pub(crate) async fn send(
    url: &str,
    method: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> io::Result<Heard> {
    let (address, path) = url
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let mut stream = TcpStream::connect(address).await?;
    let mut request =
        format!("{method} /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8(answer).unwrap();
    let (head, text) = answer
        .split_once("\r\n\r\n")
        .ok_or(io::ErrorKind::UnexpectedEof)?;
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Ok(Heard {
        status,
        headers,
        text: text.to_owned(),
    })
}

/// Somebody who is logged in and acts for a user.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    base: String,
    token: String,
    user: String,
}

impl Caller {
    /// Logs in.
    pub(crate) async fn login(sandbox: &Running, user: &str) -> Self {
        let token = token(sandbox, user, "sandbox").await;
        assert_eq!(token.status, 200, "{token:?}");
        let token = token.json()["access_token"].as_str().unwrap().to_owned();
        Self {
            base: sandbox.base_url.clone(),
            token,
            user: user.to_owned(),
        }
    }

    /// Acts for somebody else.
    pub(crate) fn acting_for(&self, user: &str) -> Self {
        Self {
            user: user.to_owned(),
            ..self.clone()
        }
    }

    /// Sends a request; `null` sends no body.
    pub(crate) async fn try_call(
        &self,
        method: &str,
        path: &str,
        body: &Value,
    ) -> io::Result<Heard> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let url = format!("{}{path}{mark}user={}", self.base, self.user);
        let bearer = format!("Bearer {}", self.token);
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
        ];
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        send(
            &url,
            method,
            if body.is_null() {
                &headers[..1]
            } else {
                &headers
            },
            &text,
        )
        .await
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> Heard {
        self.try_call(method, path, &body).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Heard {
        self.call("GET", path, Value::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Heard {
        self.call("POST", path, body).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Heard {
        self.call("PUT", path, body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Heard {
        self.call("DELETE", path, Value::Null).await
    }

    /// Gives the handle of a domain.
    pub(crate) async fn handle(&self, name: &str) -> String {
        let found = self
            .get(&format!(
                "/api/OwnedProduct?object_class=domain&object_name={name}"
            ))
            .await
            .json();
        let handle = found[0].get("Handle").or_else(|| found[0].get("handle"));
        handle
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("no {name} in {found}"))
            .to_owned()
    }

    /// Creates a record of a host, a type and data.
    pub(crate) async fn record(&self, zone: &str, host: &str, typed: (&str, &str)) -> Heard {
        let body = json!({ "Host": host, "Type": typed.0, "Data": typed.1 });
        self.post(&format!("/api/Zone/{zone}/Record"), body).await
    }
}

/// Asks for a token.
pub(crate) async fn token(sandbox: &Running, user: &str, password: &str) -> Heard {
    let form = format!("username={user}&password={password}&grant_type=password");
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    send(
        &format!("{}/token", sandbox.auth_url),
        "POST",
        &headers,
        &form,
    )
    .await
    .unwrap()
}
