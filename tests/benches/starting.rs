//! How soon the program is there: `--version`, help, and the first request of a plan, beside an empty process.
//!
//! Elapsed time, since that is what a person feels; in turn, so that a busy machine slows all of them.

use crate::portfolio::{self, Size};
use std::io::Read as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const ROUNDS: usize = 101;

const BINARY: &str = env!("CARGO_BIN_EXE_bailiwick");

/// Measures starts.
pub(crate) fn drive(folder: &Path) {
    println!("\nstart, elapsed, the middle of {ROUNDS} in turn");
    let folder = folder.join("start");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let api = format!("http://{}", listener.local_addr().expect("a port"));
    let size = Size {
        zones: 1,
        records: 10,
        split: false,
    };
    portfolio::write_files(&folder, size, (&api, &api));
    let own = std::env::current_exe().expect("this program has a name");
    let mut nothing = Command::new(own);
    nothing.args(["child", "nothing"]);
    let empty = Command::new("/bin/true");
    let mut version = Command::new(BINARY);
    version.arg("--version");
    let mut help = Command::new(BINARY);
    help.arg("--help");
    let mut long_help = Command::new(BINARY);
    long_help.args(["plan", "--help"]);
    let mut plan = Command::new(BINARY);
    plan.arg("plan")
        .current_dir(&folder)
        .env("NAMEBAY_PASSWORD", "bench");
    let mut all = [
        ("an empty process (/bin/true)", empty, false),
        ("the library linked, nothing done", nothing, false),
        ("--version", version, false),
        ("--help", help, false),
        ("plan --help", long_help, false),
        ("plan, to its first request", plan, true),
    ];
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); all.len()];
    for _ in 0..ROUNDS {
        for (at, (_, command, asks)) in all.iter_mut().enumerate() {
            let listener = asks.then_some(&listener);
            times[at].push(once(command, listener));
        }
    }
    for ((name, ..), mut times) in all.iter().zip(times) {
        times.sort_unstable();
        let middle = times[times.len() / 2].as_secs_f64() * 1e3;
        println!("  {name:<44} {middle:>8.2} ms");
    }
    println!("  at most: --version and help 2 ms beside an empty process, the first request 15 ms");
}

#[expect(
    clippy::disallowed_methods,
    reason = "elapsed time is what is measured"
)]
fn once(command: &mut Command, listener: Option<&TcpListener>) -> Duration {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let began = std::time::Instant::now();
    let mut child = command.spawn().expect("the program starts");
    let Some(listener) = listener else {
        child.wait().expect("it ends");
        return began.elapsed();
    };
    let (mut stream, _) = listener.accept().expect("it connects");
    let _ = stream.read(&mut [0; 16]).expect("it asks");
    let took = began.elapsed();
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    took
}
