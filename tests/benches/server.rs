//! A server of prepared answers, in a process of its own so that what it costs is not the client's.

use crate::portfolio;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A process that serves; it is ended with this value.
pub(crate) struct Serving {
    child: Child,
    /// Where the API answers.
    pub(crate) api: String,
    /// Where tokens are given.
    pub(crate) auth: String,
}

impl Serving {
    /// Starts this program as a server, and waits until it says where it listens.
    pub(crate) fn start(words: &[&str]) -> Self {
        let own = std::env::current_exe().expect("this program has a name");
        let mut child = Command::new(own)
            .arg("child")
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let out = child.stdout.take().expect("its output is piped");
        let mut lines = BufReader::new(out).lines();
        let mut next = || {
            let line = lines.next().expect("the server says where it listens");
            line.expect("the server's line can be read")
        };
        let (api, auth) = (next(), next());
        Self { child, api, auth }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves the answers of a folder.
pub(crate) fn child(words: &[&str]) {
    let [answers] = words else {
        panic!("the answers: {words:?}")
    };
    let answers = PathBuf::from(answers);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("a port");
        println!("http://{address}\nhttp://{address}");
        let router = Router::new().fallback(answer).with_state(answers);
        axum::serve(listener, router)
            .await
            .expect("the server runs");
    });
}

async fn answer(State(answers): State<PathBuf>, uri: Uri) -> Response {
    match read(&answers, uri.path()) {
        Some(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A prepared answer.
pub(crate) fn read(answers: &Path, path: &str) -> Option<Vec<u8>> {
    std::fs::read(portfolio::answer(answers, path)).ok()
}
