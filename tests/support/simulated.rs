//! A scenario whose account lives in a sandbox of this process: the real client over a real socket, and a
//! server that a test can look into.
//!
//! The servers of all tests share one thread; a command runs on the thread of its test, so that it may block.

use super::{Scenario, Transcript};
use bailiwick::sandbox::{Dialect, Log, Options, Running, Sandbox, Seed, Seen, State};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::cell::Cell;
use std::sync::{OnceLock, mpsc};
use tokio::runtime::Handle;

/// The user of the account.
pub(crate) const USER: &str = "AA111111";
/// The password that the account's variable holds.
pub(crate) const PASSWORD: &str = "pw-canary-7f3a91";

/// An account in a sandbox, and a folder with a file for it.
pub(crate) struct Simulated {
    /// The folder, and the program in it.
    pub(crate) scenario: Scenario,
    /// The server.
    pub(crate) server: Running,
    /// Minutes that have gone by since the start; each command takes one.
    minutes: Cell<i64>,
}

impl Simulated {
    /// Starts a server that speaks a dialect and knows what the seed holds.
    pub(crate) fn new(seed: Seed, dialect: Dialect) -> Self {
        Self::with(Options::default().seed(seed).dialect(dialect))
    }

    /// Starts a server with options.
    pub(crate) fn with(options: Options) -> Self {
        let (sender, started) = mpsc::channel();
        servers().spawn(async move {
            // The receiver waits below; it is gone only if this test has failed already.
            let _ = sender.send(Sandbox::start(options).await);
        });
        let server = started.recv().expect("the servers' thread runs");
        let mut scenario = Scenario::new();
        scenario.variable("NAMEBAY_PASSWORD", PASSWORD);
        Self {
            scenario,
            server: server.expect("a sandbox in memory starts"),
            minutes: Cell::new(0),
        }
    }

    /// The account's block, which points at the server.
    pub(crate) fn account(&self) -> String {
        format!(
            "[account.main]\nprovider = \"namebay\"\nuser = \"{USER}\"\nusername = \"{USER}\"\n\
             password = {{ env = \"NAMEBAY_PASSWORD\" }}\nauth_url = \"{}\"\nbase_url = \"{}\"\n\n",
            self.server.auth_url, self.server.base_url
        )
    }

    /// Writes the file: the account, then what the test wants.
    pub(crate) fn file(&self, body: &str) -> &Self {
        let text = format!("{}{body}", self.account());
        self.scenario.file("bailiwick.toml", &text);
        self
    }

    /// Runs a command in this process, a minute after the last one.
    pub(crate) fn call(&self, arguments: &[&str]) -> Transcript {
        self.minutes.set(self.minutes.get() + 1);
        self.call_at(self.minutes.get(), arguments)
    }

    /// Runs a command in this process, so many minutes after the start.
    pub(crate) fn call_at(&self, minutes: i64, arguments: &[&str]) -> Transcript {
        let sealed = self.scenario.env_at(moment(minutes));
        self.scenario.call_in(sealed, arguments)
    }

    /// Plans; what it says as JSON, and the exit code of `--detailed-exitcode`.
    pub(crate) fn plan(&self) -> Planned {
        self.plan_with(&[])
    }

    /// Plans with further arguments.
    pub(crate) fn plan_with(&self, more: &[&str]) -> Planned {
        let mut arguments = vec!["plan", "--format", "json", "--detailed-exitcode"];
        arguments.extend(more);
        let told = self.call(&arguments);
        let json = serde_json::from_str(&told.stdout)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {told:?}"));
        let planned = Planned { json, told };
        let refused = planned.json.get("error").is_some();
        assert!(!refused, "{}\n{}", planned.json, planned.told.stderr);
        planned
    }

    /// Applies; the report as JSON.
    pub(crate) fn apply(&self) -> Applied {
        self.apply_with(&[])
    }

    /// Applies with further arguments.
    pub(crate) fn apply_with(&self, more: &[&str]) -> Applied {
        let mut arguments = vec!["apply", "--yes", "--format", "json"];
        arguments.extend(more);
        let told = self.call(&arguments);
        let json = serde_json::from_str(&told.stdout)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {told:?}"));
        let applied = Applied { json, told };
        let refused = applied.json.get("error").is_some();
        assert!(!refused, "{}\n{}", applied.json, applied.told.stderr);
        applied
    }

    /// What was asked.
    pub(crate) fn log(&self) -> &Log {
        self.server.log()
    }

    /// The requests since the last call of this, in order.
    pub(crate) fn requests(&self) -> Vec<Seen> {
        let requests = self.log().entries();
        self.log().clear();
        requests
    }

    /// What the server knows.
    pub(crate) fn state(&self) -> State {
        self.server.state()
    }

    /// The records of a zone as the server keeps them: host, type and data, sorted.
    pub(crate) fn records(&self, zone: &str) -> Vec<(String, String, String)> {
        let state = self.state();
        let Some(view) = state.zone(zone) else {
            return Vec::new();
        };
        let mut records: Vec<_> = view
            .raw()
            .into_iter()
            .map(|record| {
                (
                    record.host.clone(),
                    record.rtype.clone(),
                    record.data.clone(),
                )
            })
            .collect();
        records.sort();
        records
    }
}

/// A plan.
#[derive(Debug)]
pub(crate) struct Planned {
    /// What stdout held.
    pub(crate) json: Value,
    /// How it was told.
    pub(crate) told: Transcript,
}

impl Planned {
    /// `changes`.
    pub(crate) fn changes(&self) -> bool {
        self.json["changes"].as_bool().expect("changes")
    }

    /// The digest.
    pub(crate) fn digest(&self) -> &str {
        self.json["digest"].as_str().expect("a digest")
    }

    /// A number of the summary.
    pub(crate) fn summary(&self, name: &str) -> u64 {
        self.json["summary"][name].as_u64().expect("a number")
    }

    /// Action, address and part of each step.
    pub(crate) fn steps(&self) -> Vec<String> {
        lines(&self.json["steps"], &["action", "address", "part"])
    }

    /// Code and address of each blocked object.
    pub(crate) fn blocked(&self) -> Vec<String> {
        lines(&self.json["blocked"], &["code", "address"])
    }

    /// Severity, code and address of each finding.
    pub(crate) fn findings(&self) -> Vec<String> {
        lines(&self.json["findings"], &["severity", "code", "address"])
    }
}

/// An apply.
#[derive(Debug)]
pub(crate) struct Applied {
    /// The report.
    pub(crate) json: Value,
    /// How it was told.
    pub(crate) told: Transcript,
}

impl Applied {
    /// The exit code.
    pub(crate) fn exit(&self) -> i32 {
        self.told.status.expect("it was not killed")
    }

    /// Action, address, part, code and text of each row of a list.
    pub(crate) fn rows(&self, list: &str) -> Vec<String> {
        lines(
            &self.json[list],
            &["action", "address", "part", "code", "text"],
        )
    }

    /// Code and address of each blocked object.
    pub(crate) fn blocked(&self) -> Vec<String> {
        lines(&self.json["blocked"], &["code", "address"])
    }
}

fn lines(list: &Value, members: &[&str]) -> Vec<String> {
    let list = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    list.iter()
        .map(|item| {
            let words: Vec<&str> = members
                .iter()
                .filter_map(|name| item[*name].as_str())
                .filter(|word| !word.is_empty())
                .collect();
            words.join(" ")
        })
        .collect()
}

/// So many minutes after the sandbox's start.
pub(crate) fn moment(minutes: i64) -> Timestamp {
    Seed::START + SignedDuration::from_mins(minutes)
}

/// The thread of all servers.
fn servers() -> &'static Handle {
    static SERVERS: OnceLock<Handle> = OnceLock::new();
    SERVERS.get_or_init(|| {
        let (sender, handle) = mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            sender
                .send(runtime.handle().clone())
                .expect("somebody waits");
            runtime.block_on(std::future::pending::<()>());
        });
        handle.recv().expect("a handle")
    })
}
