//! What `plan`, `apply`, `import` and `export` begin with: a runtime, the configuration, the accounts.

use super::args::flags::Globals;
use super::connect::{self, Connected};
use super::credentials::{self, Unset};
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Failure, Stop};
use super::opening::{self, Opened};
use super::signals::Signals;
use std::num::NonZeroUsize;

/// Requests at once in all, where nobody says otherwise.
const PARALLELISM: NonZeroUsize = NonZeroUsize::MIN.saturating_add(7);

/// A configuration and its accounts.
pub(super) struct Session {
    /// What the file says.
    pub(super) opened: Opened,
    /// Whom to ask.
    pub(super) connected: Connected,
}

impl Session {
    /// Reads the file and connects; nothing has been sent yet.
    pub(super) async fn open(
        globals: &Globals,
        audience: Audience,
        parallelism: Option<u16>,
        env: &mut Env,
    ) -> Result<Self, Stop> {
        let opened = opening::open(globals, audience, env)?;
        if opened.loaded.accounts.is_empty() {
            return Err(
                Failure::new(Exit::Invalid, "account.none", "the file names no account")
                    .help("write one: [account.main] with provider, user, username and password")
                    .into(),
            );
        }
        let parallelism = parallelism
            .map(usize::from)
            .and_then(NonZeroUsize::new)
            .unwrap_or(PARALLELISM);
        let unset = match globals.sandbox {
            Some(_) => Unset::MadeUp,
            None => Unset::Refused,
        };
        let credentials = credentials::read(&opened.loaded, unset, env);
        if let Some(signal) = env.interrupted() {
            return Err(Failure::interrupted(signal).into());
        }
        let credentials = credentials
            .map_err(|told| Stop::Told(opening::refuse(&told, &opened.sources, audience, env)))?;
        let terms = (credentials, parallelism);
        let connected = connect::connect(globals, &opened.loaded, terms, env).await?;
        Ok(Self { opened, connected })
    }

    /// Ends what runs in the background.
    pub(super) async fn close(self) {
        if let Some(sandbox) = self.connected.sandbox {
            sandbox.stop().await;
        }
    }
}

/// Runs the asynchronous part of a command that changes nothing, to its end or until a signal arrives.
pub(super) fn reading<T>(
    env: &mut Env,
    run: impl AsyncFnOnce(&mut Env) -> Result<T, Stop>,
) -> Result<T, Stop> {
    block_on(async {
        let mut signals = listen(env)?;
        tokio::select! {
            done = run(env) => done,
            signal = signals.next() => Err(Failure::interrupted(signal).into()),
        }
    })
}

/// The signals of this run, from now on.
pub(super) fn listen(env: &mut Env) -> Result<Signals, Failure> {
    env.signals().map_err(|error| {
        let message = format!("signals cannot be listened to: {error}");
        Failure::new(Exit::Failed, "signals", message)
    })
}

/// Runs a command's asynchronous part to its end, on this thread.
pub(super) fn block_on<T>(run: impl Future<Output = Result<T, Stop>>) -> Result<T, Stop> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::new(
                Exit::Failed,
                "runtime.start",
                format!("the runtime cannot be started: {error}"),
            )
        })?;
    let result = runtime.block_on(run);
    // A thread may still wait for an answer at the terminal that nobody needs any more.
    runtime.shutdown_background();
    result
}
