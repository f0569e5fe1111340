//! D3, D7, A6, A8: a signal at any moment, with a server that holds an answer back; a reader that went away.

use crate::support::Transcript;
use crate::support::simulated::{Simulated, USER};
use bailiwick::cli::signals::{Sender, Signal, Signals};
use bailiwick::cli::streams::{Input, Kind};
use bailiwick::sandbox::{Dialect, Moment, Options, Seed, Seen};
use serde_json::Value as Json;
use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

const FILE: &str = "[domain.\"example.com\".zone]\nrecords = [{ host = [\"a\", \"b\", \"c\"], type = \"A\", data = \"192.0.2.1\" }]\n";

fn seed() -> Seed {
    Seed::empty().user(USER).zone("example.com")
}

/// A server that holds one request back until it is let go.
pub(super) struct Holding {
    pub(super) simulated: Simulated,
    waiting: mpsc::Receiver<()>,
    go: watch::Sender<bool>,
}

impl Holding {
    pub(super) fn at(
        moment: Moment,
        which: impl Fn(&Seen) -> bool + Send + Sync + 'static,
    ) -> Self {
        let holding = Self::over(seed(), moment, which);
        holding.simulated.file(FILE);
        holding
    }

    /// Over what the seed holds, and without a file.
    pub(super) fn over(
        seed: Seed,
        moment: Moment,
        which: impl Fn(&Seen) -> bool + Send + Sync + 'static,
    ) -> Self {
        let (reached, waiting) = mpsc::channel();
        let (go, gone) = watch::channel(false);
        let reached = Mutex::new(reached);
        let mut options = Options::default().seed(seed);
        options.hook = Some(Arc::new(move |now, seen| {
            let held = now == moment && which(seen) && !*gone.borrow();
            if held {
                // The test may have failed already.
                let _ = reached.lock().unwrap().send(());
            }
            let mut gone = gone.clone();
            Box::pin(async move {
                if held {
                    let _ = gone.wait_for(|go| *go).await;
                }
            })
        }));
        Self {
            simulated: Simulated::with(options),
            waiting,
            go,
        }
    }

    /// The program, once its request is held.
    pub(super) fn run(&self, line: &[&str]) -> Child {
        let child = self.simulated.scenario.command(line).spawn().unwrap();
        self.waiting
            .recv_timeout(Duration::from_secs(60))
            .expect("the request comes");
        child
    }

    /// Lets the request go, and holds no other.
    pub(super) fn let_go(&self) {
        self.go.send_replace(true);
    }
}

pub(super) fn send(signal: &str, child: &Child) {
    let kill = Command::new("kill")
        .args(["-s", signal, &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
}

/// The exit code, and what stood on stdout as JSON.
fn told(child: Child) -> (Option<i32>, Json, String) {
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let json = serde_json::from_str(&stdout)
        .unwrap_or_else(|error| panic!("no JSON ({error}): {stdout}\n{stderr}"));
    (output.status.code(), json, stderr)
}

/// The rows of a list, but for what is only noted.
fn count(report: &Json, list: &str) -> usize {
    let rows = report[list].as_array().expect("a list");
    rows.iter().filter(|row| row["action"] != "adopt").count()
}

fn reaches_its_goal(simulated: &Simulated) {
    let again = simulated.scenario.run(&["apply", "--yes"]);
    assert_eq!(again.status, Some(0), "{again:?}");
    let mut own = simulated.records("example.com");
    own.retain(|(_, rtype, _)| rtype == "A");
    assert_eq!(own.len(), 3, "{own:?}");
    let plan = simulated.scenario.run(&["plan", "--detailed-exitcode"]);
    assert_eq!(plan.status, Some(0), "{plan:?}");
}

const APPLY: [&str; 6] = ["apply", "--yes", "--format", "json", "--parallelism", "1"];

#[test]
fn d7_what_is_being_sent_gets_five_seconds_and_a_second_signal_none() {
    for (first, second) in [("TERM", None), ("INT", Some("TERM"))] {
        let holding = Holding::at(Moment::Done, Seen::is_write);
        let child = holding.run(&APPLY);
        let began = Instant::now();
        send(first, &child);
        if let Some(second) = second {
            send(second, &child);
        }
        let (status, report, stderr) = told(child);
        let took = began.elapsed();
        // Whether the first write was taken is not known, so 9 goes before 130.
        assert_eq!(status, Some(9), "{report}");
        assert_eq!(report["exit"], 9);
        assert_eq!(count(&report, "unknown"), 1, "{report}");
        assert_eq!(count(&report, "not_started"), 2, "{report}");
        for list in ["applied", "failed", "skipped", "pending"] {
            assert_eq!(count(&report, list), 0, "{list}: {report}");
        }
        assert!(!stderr.contains("panic"), "{stderr}");
        match second {
            None => assert!(took >= Duration::from_millis(4_900), "{took:?}"),
            Some(_) => assert!(took < Duration::from_secs(4), "{took:?}"),
        }
        // The lock is free, although nobody let the request go.
        let status = holding.simulated.scenario.run(&["lock", "status"]);
        assert_eq!(status.stdout, "main  free\n");
        holding.let_go();
        reaches_its_goal(&holding.simulated);
        assert_eq!(holding.simulated.log().writes().len(), 3, "each once");
    }
}

#[test]
fn d7_an_answer_that_comes_in_time_counts_and_nothing_new_starts() {
    let holding = Holding::at(Moment::Done, Seen::is_write);
    let child = holding.run(&APPLY);
    send("INT", &child);
    // What it says on stderr shows that it has heard; only then comes the answer.
    let mut child = child;
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("nterrupt") {
        line.clear();
        assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "it says so");
    }
    holding.let_go();
    let (status, report, _) = told(child);
    assert_eq!(status, Some(8), "{report}");
    assert_eq!(
        (count(&report, "applied"), count(&report, "not_started")),
        (1, 2)
    );
    assert_eq!(holding.simulated.log().writes().len(), 1);
    reaches_its_goal(&holding.simulated);
}

#[test]
fn d7_while_reading_a_signal_ends_every_command_and_leaves_no_file() {
    let lines: [&[&str]; 6] = [
        &["plan", "--format", "json", "--out", "plan.json"],
        &["drift", "--format", "json"],
        &["apply", "--yes", "--format", "json"],
        &["import", "--all", "--out", "all.toml"],
        &["export", "example.com", "--out", "zone"],
        &["plan", "--out", "plan.json"],
    ];
    let holding = Holding::at(Moment::Arrived, |seen| seen.path == "/token");
    for (at, line) in lines.into_iter().enumerate() {
        let (signal, code) = [("INT", 130), ("TERM", 143)][at % 2];
        let child = holding.run(line);
        send(signal, &child);
        if line.contains(&"json") {
            let (status, error, _) = told(child);
            assert_eq!(status, Some(code), "{line:?}");
            assert_eq!(error["error"]["code"], "interrupted", "{line:?}: {error}");
            assert_eq!(error["error"]["exit"], code, "{line:?}: {error}");
        } else {
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(code), "{line:?}");
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert!(stderr.contains("interrupted"), "{line:?}: {stderr}");
            assert!(output.stdout.is_empty(), "{line:?}");
        }
        for file in ["plan.json", "all.toml", "zone"] {
            assert!(!holding.simulated.scenario.folder().join(file).exists());
        }
    }
    holding.let_go();
    reaches_its_goal(&holding.simulated);
}

#[test]
fn d7_a_secret_command_ends_with_the_program() {
    for line in [
        &["plan", "--format", "json"][..],
        &["apply", "--yes", "--format", "json"],
    ] {
        let simulated = Simulated::new(seed(), Dialect::default());
        let own = simulated.account().replace(
            "{ env = \"NAMEBAY_PASSWORD\" }",
            "{ command = [\"sh\", \"-c\", \"echo $$ > said; exec sleep 600\"] }",
        );
        simulated
            .scenario
            .file("bailiwick.toml", &format!("{own}{FILE}"));
        let said = simulated.scenario.folder().join("said");
        assert!(
            Command::new("mkfifo")
                .arg(&said)
                .status()
                .unwrap()
                .success()
        );
        let mut line = line.to_vec();
        line.extend(["--trust", "command"]);
        let child = simulated.scenario.command(&line).spawn().unwrap();
        // Comes once the command runs.
        let process = std::fs::read_to_string(&said).unwrap();
        let began = Instant::now();
        send("TERM", &child);
        let (status, error, _) = told(child);
        assert_eq!(status, Some(143), "{error}");
        assert_eq!(error["error"]["code"], "interrupted");
        assert!(began.elapsed() < Duration::from_secs(5));
        let there = Command::new("kill")
            .args(["-0", process.trim()])
            .stderr(std::process::Stdio::null())
            .status();
        assert!(!there.unwrap().success(), "the command still runs");
        assert!(simulated.log().entries().is_empty());
    }
}

/// Somebody at a terminal who sends a signal instead of an answer.
struct Silent {
    sender: Sender,
    signal: Signal,
    until: mpsc::Receiver<()>,
}

impl Read for Silent {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        self.sender.send(self.signal);
        // Ends with the test.
        let _ = self.until.recv();
        Ok(0)
    }
}

/// An apply that is interrupted when it asks.
pub(super) fn at_the_question(signal: Signal) -> (Simulated, Transcript) {
    let simulated = Simulated::new(seed(), Dialect::default());
    simulated.file(FILE);
    let (_until, held) = mpsc::channel();
    let (sender, signals) = Signals::by_hand();
    let mut sealed = simulated.scenario.env();
    let silent = Silent {
        sender,
        signal,
        until: held,
    };
    sealed.env.input = Input::new(Box::new(BufReader::new(silent)), Kind::Terminal);
    sealed.env.with_signals(signals);
    let told = simulated
        .scenario
        .call_in(sealed, &["apply", "--format", "json"]);
    (simulated, told)
}

#[test]
fn d7_a_signal_at_the_question_leaves_a_whole_report_and_sends_nothing() {
    for (signal, code) in [(Signal::Interrupt, 130), (Signal::Terminate, 143)] {
        let (simulated, told) = at_the_question(signal);
        assert_eq!(told.status, Some(code), "{told:?}");
        let report: Json = serde_json::from_str(&told.stdout).unwrap();
        assert_eq!(report["exit"], code);
        assert_eq!(count(&report, "not_started"), 3, "{report}");
        assert_eq!(report["not_started"][0]["code"], "interrupted", "{report}");
        assert!(simulated.log().writes().is_empty());
        reaches_its_goal(&simulated);
    }
}

#[test]
fn a8_a_reader_that_went_away_ends_nothing_and_is_no_error() {
    for (line, code) in [
        (&["plan"][..], 0),
        (&["plan", "--detailed-exitcode", "--format", "json"], 2),
        (&["apply", "--yes"], 0),
    ] {
        let holding = Holding::at(Moment::Arrived, |seen| seen.path == "/token");
        let mut child = holding.run(line);
        drop(child.stdout.take());
        holding.let_go();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{line:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            !stderr.contains("panic") && !stderr.contains("error"),
            "{line:?}: {stderr}"
        );
        reaches_its_goal(&holding.simulated);
    }
    let simulated = Simulated::new(seed(), Dialect::default());
    simulated.file(FILE);
    let program = simulated.scenario.command(&[]);
    let piped = Command::new("sh")
        .args(["-c", "\"$0\" plan | head -1"])
        .arg(program.get_program())
        .current_dir(simulated.scenario.folder())
        .env("NAMEBAY_PASSWORD", crate::support::simulated::PASSWORD)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(piped.stderr).unwrap(), "");
    assert_eq!(
        piped.stdout.iter().filter(|byte| **byte == b'\n').count(),
        1
    );
}
