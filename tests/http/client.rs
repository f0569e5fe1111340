//! The real client over real sockets on loopback: bounds, redirects, TLS, and what is certain about a failure.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use bailiwick::http::{
    BodyError, Client, Endpoint, Method, Proxy, Reason, Request, Response, SendError, Settings,
    Transport, TrustStore,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Serves connections one after another; each gets the bytes that `answer` writes. Tells what was asked.
fn serve(answer: impl Fn(&mut TcpStream) + Send + 'static) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (asked, received) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            if asked.send(read_request(&mut stream)).is_err() {
                return;
            }
            answer(&mut stream);
        }
    });
    (port, received)
}

/// Reads up to the end of the head, and the body that it announces.
fn read_request(stream: &mut impl Read) -> String {
    let (mut text, mut byte) = (Vec::new(), [0]);
    while !text.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        text.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&text).to_ascii_lowercase();
    let length = head
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.lines().next());
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).unwrap();
    text.extend(body);
    String::from_utf8(text).unwrap()
}

fn serve_text(answer: &'static str) -> (u16, Receiver<String>) {
    serve(move |stream| stream.write_all(answer.as_bytes()).unwrap())
}

fn read(address: &str) -> Request {
    Request::get(
        &Endpoint::parse(address).unwrap(),
        "/api/{thing}",
        "read a thing",
    )
    .at("thing", "canary")
    .query("authcode", "canary")
    .header("x-key", "canary")
}

async fn ask(port: u16) -> Result<Response, SendError> {
    Client::new(Settings::default())
        .send(&read(&format!("http://127.0.0.1:{port}")))
        .await
}

#[tokio::test]
async fn requests_arrive_as_they_were_made() {
    let (port, asked) = serve_text(
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Seen: Yes\r\nConnection: close\r\n\r\n{}",
    );
    let client = Client::new(Settings::default());
    let api = Endpoint::parse(&format!("http://localhost:{port}/v2")).unwrap();
    let form = Request::write(Method::Post, &api, "/token", "get a token")
        .field("username", "jane & co")
        .field("password", "ü=1");
    let answer = client.send(&form).await.unwrap();
    assert_eq!(
        (
            answer.status,
            answer.headers.get("x-seen"),
            answer.body.as_slice()
        ),
        (200, Some("Yes"), &b"{}"[..])
    );
    let text = asked.recv().unwrap();
    assert!(text.starts_with("POST /v2/token HTTP/1.1\r\n"), "{text}");
    assert!(
        text.contains("content-type: application/x-www-form-urlencoded\r\n"),
        "{text}"
    );
    assert!(
        text.ends_with("\r\n\r\nusername=jane+%26+co&password=%C3%BC%3D1"),
        "{text}"
    );

    let change = Request::write(Method::Put, &api, "/api/Zone/{zone}", "change a zone")
        .at("zone", "A/1")
        .query("user", "U 1")
        .header("authorization", "Bearer t")
        .json(&serde_json::json!({"Ttl": 3600}));
    client.send(&change).await.unwrap();
    let text = asked.recv().unwrap();
    assert!(
        text.starts_with("PUT /v2/api/Zone/A%2F1?user=U+1 HTTP/1.1\r\n"),
        "{text}"
    );
    assert!(
        text.contains("authorization: Bearer t\r\n")
            && text.contains("accept: application/json\r\n"),
        "{text}"
    );
    assert!(text.contains("user-agent: bailiwick/"), "{text}");
    assert!(text.ends_with("\r\n\r\n{\"Ttl\":3600}"), "{text}");
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    for status in [300, 301, 302, 307, 308] {
        let (port, asked) = serve(move |stream| {
            let answer = format!(
                "HTTP/1.1 {status} Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            stream.write_all(answer.as_bytes()).unwrap();
        });
        assert_eq!(ask(port).await.unwrap().status, status);
        assert_eq!(asked.try_iter().count(), 1);
    }
}

#[tokio::test]
async fn failures_before_sending_are_told_from_those_after() {
    let closed = TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let not_sent = ask(closed).await.unwrap_err();
    assert!(
        matches!(not_sent, SendError::NotSent(Reason::Connect(_))),
        "{not_sent:?}"
    );

    let (port, _asked) = serve(|_| {});
    let silent = ask(port).await.unwrap_err();
    assert!(
        matches!(
            silent,
            SendError::OutcomeUnknown(Reason::Broken { status: None, .. })
        ),
        "{silent:?}"
    );

    let (port, _asked) = serve_text("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{\"Id\": 1");
    let cut = ask(port).await.unwrap_err();
    assert!(
        matches!(
            cut,
            SendError::OutcomeUnknown(Reason::Broken {
                status: Some(200),
                ..
            })
        ),
        "{cut:?}"
    );

    let (port, _asked) = serve_text("220 smtp.example ESMTP\r\n");
    let other = ask(port).await.unwrap_err();
    assert!(
        matches!(other, SendError::OutcomeUnknown(Reason::Broken { .. })),
        "{other:?}"
    );

    let (port, _asked) = serve(|stream| drop(stream.read(&mut [0])));
    let limit = Duration::from_millis(100);
    let client = Client::new(Settings {
        answer: limit,
        ..Settings::default()
    });
    let late = client
        .send(&read(&format!("http://127.0.0.1:{port}")))
        .await
        .unwrap_err();
    assert_eq!(late, SendError::OutcomeUnknown(Reason::Timeout(limit)));

    let bad_header = read(&format!("http://127.0.0.1:{port}")).header("x-key", "canary\r\nx: y");
    let malformed = client.send(&bad_header).await.unwrap_err();
    assert!(
        matches!(malformed, SendError::NotSent(Reason::Malformed(_))),
        "{malformed:?}"
    );

    for error in [not_sent, silent, cut, other, late, malformed] {
        let said = format!("{error} {error:?}");
        assert!(!said.contains("canary"), "{said}");
    }
}

#[tokio::test]
async fn bodies_are_bounded_announced_or_not() {
    let (port, _asked) = serve_text("HTTP/1.1 200 OK\r\nContent-Length: 33554433\r\n\r\n[");
    let announced = ask(port).await.unwrap_err();
    assert_eq!(
        announced,
        SendError::OutcomeUnknown(Reason::TooLarge {
            status: 200,
            limit: 32 << 20
        })
    );

    let (port, _asked) = serve(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let piece = [
            b"100000\r\n".to_vec(),
            vec![b' '; 1 << 20],
            b"\r\n".to_vec(),
        ]
        .concat();
        while stream.write_all(&piece).is_ok() {}
    });
    let endless = ask(port).await.unwrap_err();
    assert_eq!(
        endless,
        SendError::OutcomeUnknown(Reason::TooLarge {
            status: 200,
            limit: 32 << 20
        })
    );
}

#[tokio::test]
async fn pages_and_halves_are_answers_that_cannot_be_read() {
    let (port, _asked) = serve_text(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>Maintenance</html>",
    );
    let page = ask(port).await.unwrap();
    assert!(page.is_markup());
    assert_eq!(page.json::<serde_json::Value>(), Err(BodyError::Markup));
    let (port, _asked) = serve_text("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[{\"Id\": 1");
    assert_eq!(
        ask(port).await.unwrap().json::<serde_json::Value>(),
        Err(BodyError::Cut(9))
    );
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/tls")
        .join(name)
}

/// Answers over TLS, with a certificate for `localhost` alone, from an authority of the tests.
fn serve_tls() -> u16 {
    let certificate = CertificateDer::from_pem_file(data("leaf.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(data("leaf.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let session = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut tls = rustls::StreamOwned::new(session, stream.unwrap());
            if read_request(&mut tls).starts_with("GET") {
                tls.write_all(
                    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]",
                )
                .unwrap();
                tls.conn.send_close_notify();
                let _ = tls.flush();
            }
        }
    });
    port
}

fn named(file: PathBuf) -> Settings {
    Settings {
        trust: TrustStore::Named {
            file: Some(file),
            folders: Vec::new(),
        },
        ..Settings::default()
    }
}

#[tokio::test]
async fn certificates_are_verified_against_the_store_that_is_named() {
    let port = serve_tls();
    let own = read(&format!("https://localhost:{port}"));
    assert_eq!(
        Client::new(named(data("ca.pem")))
            .send(&own)
            .await
            .unwrap()
            .body,
        b"[]"
    );

    let stranger = Client::new(Settings::default())
        .send(&own)
        .await
        .unwrap_err();
    assert!(
        matches!(stranger, SendError::NotSent(Reason::Untrusted(_))),
        "{stranger:?}"
    );

    let other_name = read(&format!("https://127.0.0.1:{port}"));
    let mistaken = Client::new(named(data("ca.pem")))
        .send(&other_name)
        .await
        .unwrap_err();
    assert!(
        matches!(mistaken, SendError::NotSent(Reason::Untrusted(_))),
        "{mistaken:?}"
    );

    for unusable in ["missing.pem", "leaf.key"] {
        let refused = Client::new(named(data(unusable)))
            .send(&own)
            .await
            .unwrap_err();
        assert!(
            matches!(refused, SendError::NotSent(Reason::Setup(_))),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn clear_text_to_loopback_needs_no_certificates() {
    let (port, _asked) = serve_text("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let client = Client::new(named(data("missing.pem")));
    assert_eq!(
        client
            .send(&read(&format!("http://127.0.0.1:{port}")))
            .await
            .unwrap()
            .status,
        200
    );
}

#[tokio::test]
async fn the_proxy_is_for_the_world_and_never_for_loopback() {
    let (port, asked) = serve_text(
        "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    let proxy = |except: &str| Settings {
        proxy: Some(Proxy {
            address: format!("http://me:canary@127.0.0.1:{port}").into(),
            except: except.into(),
        }),
        ..named(data("ca.pem"))
    };
    let world = read("https://rest.example.invalid");
    let refused = Client::new(proxy("")).send(&world).await.unwrap_err();
    assert!(
        matches!(refused, SendError::NotSent(Reason::Connect(_))),
        "{refused:?}"
    );
    assert!(!format!("{refused} {refused:?} {:?}", proxy("")).contains("canary"));
    let text = asked.recv().unwrap();
    assert!(
        text.starts_with("CONNECT rest.example.invalid:443 HTTP/1.1\r\n"),
        "{text}"
    );
    assert!(
        !text.contains("/api/"),
        "nothing of the request itself: {text}"
    );

    let tls = serve_tls();
    let own = read(&format!("https://localhost:{tls}"));
    assert_eq!(Client::new(proxy("")).send(&own).await.unwrap().status, 200);
    let other_name = read(&format!("https://127.0.0.1:{tls}"));
    let mistaken = Client::new(proxy("")).send(&other_name).await.unwrap_err();
    assert!(
        matches!(mistaken, SendError::NotSent(Reason::Untrusted(_))),
        "{mistaken:?}"
    );
    assert_eq!(asked.try_iter().count(), 0, "loopback is reached directly");

    let bad = Settings {
        proxy: Some(Proxy {
            address: "http://canary:x y@[".into(),
            except: String::new(),
        }),
        ..Settings::default()
    };
    let unusable = Client::new(bad).send(&world).await.unwrap_err();
    assert_eq!(
        unusable,
        SendError::NotSent(Reason::Setup("HTTPS_PROXY is not an address".into()))
    );
}

/// An answer that never ends, wherever: it is given up after a bounded number of bytes, not when the memory is full.
#[tokio::test]
async fn heads_chunks_and_trailers_without_end_are_bounded() {
    const HEAD: &str = "HTTP/1.1 200 OK\r\n";
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (begin, again) in [
        ("HTTP/1.1 200 ", "OKOKOKOK"),
        (HEAD, "X-Many: headers\r\n"),
        ("HTTP/1.1 200 OK\r\nX-Long: ", "xxxxxxxxxxxxxxxx"),
        ("HTTP/1.1 200 OK\r\nX", "xxxxxxxxxxxxxxxx"),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
            "extension",
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1",
            "0000000000000000",
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            "X-Trailer: x\r\n",
        ),
    ] {
        let (port, _asked) = serve(move |stream| {
            let piece = again.repeat(1024).into_bytes();
            let _ = stream.write_all(begin.as_bytes());
            while stream.write_all(&piece).is_ok() {}
        });
        let endless = ask(port).await;
        assert!(
            matches!(
                endless,
                Err(SendError::OutcomeUnknown(Reason::Broken { .. }))
            ),
            "{begin:?} {again:?}: {endless:?}"
        );
    }
    // Chunks of one byte are read as long as they come; the end of the stream ends them.
    let (port, _asked) = serve(move |stream| {
        let _ = stream.write_all(CHUNKED.as_bytes());
        let _ = stream.write_all("1\r\n \r\n".repeat(10_000).as_bytes());
    });
    let cut = ask(port).await;
    assert!(
        matches!(cut, Err(SendError::OutcomeUnknown(Reason::Broken { .. }))),
        "{cut:?}"
    );
}

/// What is not asked for is not unpacked: a few KiB stay a few KiB.
#[tokio::test]
async fn compression_is_neither_asked_for_nor_undone() {
    const BOMB: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03";
    for encoding in ["gzip", "deflate", "br", "zstd"] {
        let (port, asked) = serve(move |stream| {
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {}\r\n\r\n",
                BOMB.len()
            );
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(BOMB);
        });
        let answer = ask(port).await.unwrap();
        assert_eq!(answer.body, BOMB);
        let sent = asked.recv().unwrap().to_ascii_lowercase();
        assert!(!sent.contains("accept-encoding"), "{sent}");
    }
}

/// A byte every five seconds keeps a connection alive and no request: the time is for the whole answer.
#[tokio::test(start_paused = true)]
async fn an_answer_that_drips_is_given_up() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    for head in [
        "HTTP/1.1 200 OK\r\nX-Slow: ",
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
    ] {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .unwrap();
        let port = listener.local_addr().unwrap().port();
        let drip = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 1 << 12]).await;
            let _ = stream.write_all(head.as_bytes()).await;
            while stream.write_all(b"H").await.is_ok() {
                tokio::time::sleep(Duration::from_secs(5)).await;
            }
        });
        let begun = tokio::time::Instant::now();
        let given_up = ask(port).await;
        assert_eq!(
            given_up,
            Err(SendError::OutcomeUnknown(Reason::Timeout(
                Duration::from_secs(30)
            ))),
            "{head:?}"
        );
        assert!(begun.elapsed() <= Duration::from_secs(31), "{head:?}");
        drip.abort();
    }
}
