//! The ledger in a real object store: moto's S3, and real processes that race for it.

use crate::support::Transcript;
use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Seed};
use std::io::Read as _;
use std::process::{Child, Command, Stdio};

/// What somebody wrote who named a key is written over only by who names one, whichever.
const NAMED: &str = "Authorization: AWS4-HMAC-SHA256 Credential=k/20260801/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";

/// A server that is ended with the test.
pub(super) struct Moto(Child, u16);

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Moto {
    /// Starts one with a bucket; `None`, and says so, where there is no moto.
    pub(super) fn start() -> Option<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|free| free.local_addr())
            .expect("a free port")
            .port();
        #[expect(
            clippy::disallowed_methods,
            reason = "where a test's server is, is not the program's"
        )]
        let path = std::env::var("BAILIWICK_TEST_MOTO").unwrap_or_else(|_| "moto_server".into());
        let started = Command::new(&path)
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(child) = started else {
            let line = "skipped: no moto_server (pip install 'moto[server]', or name it in BAILIWICK_TEST_MOTO)";
            #[expect(clippy::print_stderr, reason = "a test that did nothing has to say so")]
            {
                eprintln!("{line}");
            }
            return None;
        };
        let mut moto = Self(child, port);
        // It answers when it answers: what asks is a connection, not a clock.
        for _ in 0..2_000_000 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                assert!(moto.ask("PUT", "/bucket", "").starts_with("HTTP/1.1 200"));
                return Some(moto);
            }
            let ended = moto.0.try_wait().expect("the server's state");
            assert!(ended.is_none(), "{path} ended by itself: {ended:?}");
            std::thread::yield_now();
        }
        panic!("{path} does not listen");
    }

    /// Sends a request; the whole answer.
    pub(super) fn ask(&self, method: &str, path: &str, body: &str) -> String {
        use std::io::Write as _;
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.1)).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{NAMED}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }
}

/// Where the lease of the account is; its folder's name holds the port as `%3A…`.
pub(super) fn place(simulated: &Simulated) -> String {
    let host = simulated.server.base_url.split('/').nth(2).unwrap();
    let host = host.replace(':', "%253A");
    format!("/bucket/team/namebay-{host}-{USER}/lock.json")
}

fn lease(seconds: u32) -> String {
    format!(
        r#"{{"holder":{{"host":"builder","pid":4242,"url":"https://ci.example/7","since":"2026-08-01T11:00:00Z"}},"token":"t","beat":1,"seconds":{seconds}}}"#
    )
}

fn simulated(moto: &Moto) -> Simulated {
    let seed = Seed::empty().user(USER).zone("example.com");
    let mut simulated = Simulated::new(seed, Dialect::default());
    reach(moto, &mut simulated);
    let hosts: Vec<String> = (0..20).map(|at| format!("\"h{at}\"")).collect();
    simulated.file(&format!(
        "[bailiwick]\nledger = \"s3://bucket/team\"\n[domain.\"example.com\".zone]\nrecords = [{{ host = [{}], type = \"A\", data = \"192.0.2.1\" }}]\n",
        hosts.join(", ")
    ));
    simulated
}

/// Sets what the program needs to know of the server.
pub(super) fn reach(moto: &Moto, simulated: &mut Simulated) {
    let endpoint = format!("http://127.0.0.1:{}", moto.1);
    for (name, value) in [
        ("AWS_ENDPOINT_URL", &*endpoint),
        ("AWS_ACCESS_KEY_ID", "canary-key-5d1"),
        ("AWS_SECRET_ACCESS_KEY", "canary-secret-5d1"),
        ("AWS_REGION", "eu-west-3"),
        ("BAILIWICK_TRUST", "ledger"),
    ] {
        simulated.scenario.variable(name, value);
    }
}

pub(super) fn ended(child: Child) -> Transcript {
    let output = child.wait_with_output().unwrap();
    Transcript {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn posts(simulated: &Simulated) -> usize {
    let entries = simulated.requests();
    entries.iter().filter(|seen| seen.method == "POST").count()
}

#[test]
fn two_processes_race_for_the_lease_one_wins_and_nothing_is_doubled() {
    let Some(moto) = Moto::start() else { return };
    let simulated = simulated(&moto);
    let apply = || {
        let mut command = simulated.scenario.command(&["apply", "--yes"]);
        command.spawn().unwrap()
    };
    let (one, two) = (apply(), apply());
    let told = [ended(one), ended(two)];
    let mut codes: Vec<_> = told.iter().map(|told| told.status).collect();
    codes.sort_unstable();
    // The second may come when the first has ended: then it finds nothing to do.
    assert!(
        codes == [Some(0), Some(7)] || codes == [Some(0), Some(0)],
        "{told:?}"
    );
    assert_eq!(
        simulated
            .records("example.com")
            .iter()
            .filter(|record| record.1 == "A")
            .count(),
        20
    );
    let again = simulated.scenario.run(&["plan", "--detailed-exitcode"]);
    assert_eq!(again.status, Some(0), "{again:?}");
    for told in &told {
        assert!(!format!("{told:?}").contains("canary"), "{told:?}");
    }
    assert!(!simulated.scenario.folder().join(".bailiwick").exists());
}

#[test]
fn g3_a_lease_that_lasts_is_told_and_refused() {
    let Some(moto) = Moto::start() else { return };
    let simulated = simulated(&moto);
    assert!(
        moto.ask("PUT", &place(&simulated), &lease(600))
            .starts_with("HTTP/1.1 200")
    );
    let status = simulated.scenario.run(&["lock", "status"]);
    assert!(
        status
            .stdout
            .starts_with("main  held by process 4242 on builder"),
        "{status:?}"
    );
    let refused = simulated.scenario.run(&["apply", "--yes"]);
    assert_eq!(refused.status, Some(7), "{refused:?}");
    assert_eq!(simulated.scenario.run(&["lock", "release"]).status, Some(7));
    let plan = simulated.scenario.run(&["plan"]);
    assert!(
        plan.status == Some(0) && plan.stdout.contains("under way"),
        "{plan:?}"
    );
}

#[test]
fn g3_a_lease_that_has_run_out_is_taken_over() {
    let Some(moto) = Moto::start() else { return };
    let simulated = simulated(&moto);
    let before = posts(&simulated);
    let put = moto.ask("PUT", &place(&simulated), &lease(0));
    assert!(put.starts_with("HTTP/1.1 200"), "{put}");
    let taken = simulated.scenario.run(&["apply", "--yes"]);
    assert_eq!(taken.status, Some(0), "{taken:?}");
    assert!(taken.stdout.contains("it was taken over"), "{taken:?}");
    assert!(posts(&simulated) > before);
    let status = simulated.scenario.run(&["lock", "status"]);
    assert_eq!(status.stdout, "main  free\n");
}
