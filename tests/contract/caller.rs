//! A client of a few lines for the sandbox, which knows nothing of the product's own.

use std::io;

use bailiwick::sandbox::Running;
use serde_json::{Value, json};

use super::openapi::{Exchange, NAMEBAY, Reading};
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

/// Gives a member whatever the case of its first letter.
pub(crate) fn member<'a>(value: &'a Value, name: &str) -> &'a Value {
    let small = name[..1].to_lowercase() + &name[1..];
    value
        .get(name)
        .or_else(|| value.get(small))
        .unwrap_or(&Value::Null)
}

/// Gives the code of the first entry of an error array, 0 where there is none.
pub(crate) fn code(heard: &Heard) -> u64 {
    let body: Value = serde_json::from_str(&heard.text).unwrap_or_default();
    member(body.get(0).unwrap_or(&Value::Null), "Code")
        .as_f64()
        .map_or(0, |code| code as u64)
}

/// Somebody who is logged in and acts for a user; every answer is held to the OpenAPI document.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    base: String,
    token: String,
    user: String,
    reading: Reading,
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
            reading: Reading::Lenient,
        }
    }

    /// Holds answers to the exact members and letters of the document.
    pub(crate) fn exactly(self) -> Self {
        Self {
            reading: Reading::Exact,
            ..self
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
        let for_nobody = path.contains("/Availability") || path.contains("/TldDetails");
        let user = if for_nobody {
            String::new()
        } else {
            format!("{mark}user={}", self.user)
        };
        let url = format!("{}{path}{user}", self.base);
        let bearer = format!("Bearer {}", self.token);
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
        ];
        let (headers, text) = if body.is_null() {
            (&headers[..1], String::new())
        } else {
            (&headers[..], body.to_string())
        };
        let heard = send(&url, method, headers, &text).await?;
        self.check(method, path, &heard);
        Ok(heard)
    }

    /// Sends a request without a body whose answer may be anything.
    pub(crate) async fn unchecked(&self, method: &str, path: &str) -> Heard {
        let url = format!("{}{path}?user={}", self.base, self.user);
        let bearer = format!("Bearer {}", self.token);
        send(&url, method, &[("Authorization", &bearer)], "")
            .await
            .unwrap()
    }

    fn check(&self, method: &str, path: &str, heard: &Heard) {
        let response = (!heard.text.is_empty()).then(|| heard.json());
        let path = path.split('?').next().unwrap();
        let (status, response) = (heard.status, response.as_ref());
        let exchange = Exchange {
            method,
            path,
            query: &[],
            request: None,
            status,
            response,
        };
        NAMEBAY
            .check_response(&exchange, self.reading)
            .unwrap_or_else(|problem| panic!("{problem}"));
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
        self.owned("domain", name).await
    }

    /// Gives the handle of an object of a class.
    pub(crate) async fn owned(&self, class: &str, name: &str) -> String {
        let path = format!("/api/OwnedProduct?object_class={class}&object_name={name}");
        let found = self.get(&path).await.json();
        let objects = found.as_array().into_iter().flatten();
        let found = objects
            .into_iter()
            .find(|object| member(object, "Name") == name && member(object, "Class") == class);
        let found = found.unwrap_or_else(|| panic!("no {class} {name} is owned"));
        member(found, "Handle").as_str().unwrap().to_owned()
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
