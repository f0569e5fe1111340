//! Starts and stops the two hosts, and lets a test look at and change what they know.
//!
//! It does not know what a call does, nor how one exchange goes; see `exchange`.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::serve::Listener as _;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::call::Logins;
use super::clock::Clock;
use super::dialect::Dialect;
use super::exchange;
use super::fault::{Fault, Faults};
use super::log::{Log, Seen};
use super::persist::{Folder, StoreError};
use super::seed::Seed;
use super::state::State;
use super::token::Tokens;
use super::wire::{Cut, Port};

/// When a hook is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The request was read, nothing was done.
    Arrived,
    /// It was carried out, nothing was answered.
    Done,
}

/// Is called, and waited for, at each moment of each request; a test can stop a client there.
pub type Hook =
    Arc<dyn Fn(Moment, &Seen) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// How a sandbox is to be.
#[derive(Clone)]
pub struct Options {
    /// What it knows at its first start; a folder that holds data already goes before it.
    pub seed: Seed,
    /// How it answers the open questions of the contract.
    pub dialect: Dialect,
    /// Where it keeps its data; nothing means in memory.
    pub folder: Option<PathBuf>,
    /// Where the REST host listens; the token host takes the next port. Port 0 stands for two free ones.
    pub listen: SocketAddr,
    /// Who may log in.
    pub logins: Logins,
    /// How long a token is valid.
    pub token_lifetime: Duration,
    /// Its time at the start.
    pub now: Timestamp,
    /// A text that stands in everything secret that it volunteers: tokens, codes, registry and mailbox passwords.
    pub canary: Option<String>,
    /// What goes wrong from the start.
    pub faults: Vec<Fault>,
    /// Is called at each moment of each request.
    pub hook: Option<Hook>,
}

impl Options {
    /// Gives the usual options at a time: the demo portfolio, in memory, on free loopback ports, for any login.
    pub fn at(now: Timestamp) -> Self {
        Self {
            seed: Seed::demo(now),
            dialect: Dialect::default(),
            folder: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            logins: Logins::Any,
            token_lifetime: Duration::from_secs(1_209_600),
            now,
            canary: None,
            faults: Vec::new(),
            hook: None,
        }
    }

    /// Replaces the seed.
    pub fn seed(self, seed: Seed) -> Self {
        Self { seed, ..self }
    }

    /// Replaces the dialect.
    pub fn dialect(self, dialect: Dialect) -> Self {
        Self { dialect, ..self }
    }

    /// Keeps the data in a folder.
    pub fn folder(self, folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: Some(folder.into()),
            ..self
        }
    }
}

impl Default for Options {
    /// Gives the usual options at a fixed time, so that tests repeat.
    fn default() -> Self {
        Self::at(Seed::START)
    }
}

/// Why a sandbox does not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// An address cannot be listened on.
    #[error("the sandbox cannot listen on {0}: {1}")]
    Listen(SocketAddr, #[source] io::Error),
    /// Its folder cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What all exchanges share.
pub(super) struct Shared {
    pub(super) core: Mutex<Core>,
    pub(super) faults: Mutex<Faults>,
    pub(super) log: Log,
    pub(super) clock: Clock,
    pub(super) logins: Logins,
    pub(super) hook: Option<Hook>,
}

/// What one exchange at a time works on.
pub(super) struct Core {
    pub(super) state: State,
    pub(super) dialect: Dialect,
    pub(super) tokens: Tokens,
    pub(super) folder: Option<Folder>,
    /// Requests so far, of both hosts.
    pub(super) count: u64,
    /// Why nothing is answered any more: stopped, or the data cannot be kept.
    pub(super) closed: Option<String>,
}

impl Shared {
    pub(super) fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The simulator; `start` is the way in.
#[derive(Debug)]
pub struct Sandbox;

impl Sandbox {
    /// Starts both hosts on the current tokio runtime.
    pub async fn start(options: Options) -> Result<Running, SandboxError> {
        let Options {
            seed,
            dialect,
            folder,
            listen,
            logins,
            token_lifetime,
            now,
            canary,
            faults,
            hook,
        } = options;
        let (folder, state) = match folder {
            None => (None, seed.planted(canary.as_deref())),
            Some(path) => {
                let (mut folder, kept) = Folder::open(&path)?;
                let state = match kept {
                    Some(state) => state,
                    None => {
                        let state = seed.planted(canary.as_deref());
                        folder.begin(&state)?;
                        state
                    }
                };
                (Some(folder), state)
            }
        };
        let (rest, auth) = ports(listen).await?;
        let mut set = Faults::default();
        faults.into_iter().for_each(|fault| set.add(fault));
        let core = Core {
            state,
            dialect,
            tokens: Tokens::new(token_lifetime, canary),
            folder,
            count: 0,
            closed: None,
        };
        let shared = Arc::new(Shared {
            core: Mutex::new(core),
            faults: Mutex::new(set),
            log: Log::default(),
            clock: Clock::start(now),
            logins,
            hook,
        });
        let url = |port: &Port| port.local_addr().map(|address| format!("http://{address}"));
        let base_url = url(&rest).map_err(|error| SandboxError::Listen(listen, error))?;
        let auth_url = url(&auth).map_err(|error| SandboxError::Listen(listen, error))?;
        let (stop, stopped) = watch::channel(());
        let rest_router = Router::new()
            .fallback(exchange::rest)
            .with_state(Arc::clone(&shared));
        let auth_router = Router::new()
            .fallback(exchange::auth)
            .with_state(Arc::clone(&shared));
        let tasks = vec![
            serve(rest, rest_router, stopped.clone()),
            serve(auth, auth_router, stopped),
        ];
        Ok(Running {
            auth_url,
            base_url,
            shared,
            stop: Some(stop),
            tasks,
        })
    }
}

async fn ports(listen: SocketAddr) -> Result<(Port, Port), SandboxError> {
    let bind = async |address: SocketAddr| {
        let listener = TcpListener::bind(address).await;
        listener
            .map(Port)
            .map_err(|error| SandboxError::Listen(address, error))
    };
    let next = match listen.port() {
        0 => 0,
        u16::MAX => u16::MAX - 1,
        port => port + 1,
    };
    Ok((
        bind(listen).await?,
        bind(SocketAddr::new(listen.ip(), next)).await?,
    ))
}

fn serve(port: Port, router: Router, mut stopped: watch::Receiver<()>) -> JoinHandle<()> {
    let service = router.into_make_service_with_connect_info::<Cut>();
    let until = async move {
        // An error means that the sender is gone, which ends the server too.
        let _ = stopped.changed().await;
    };
    tokio::spawn(async move {
        // The error type of axum's server is never constructed for listeners that retry.
        let _ = axum::serve(port, service)
            .with_graceful_shutdown(until)
            .await;
    })
}

/// A sandbox that runs; it ends with this value.
pub struct Running {
    /// The address to which `/token` is appended.
    pub auth_url: String,
    /// The address to which `/api/…` is appended.
    pub base_url: String,
    shared: Arc<Shared>,
    stop: Option<watch::Sender<()>>,
    tasks: Vec<JoinHandle<()>>,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running")
            .field("auth_url", &self.auth_url)
            .field("base_url", &self.base_url)
            .finish()
    }
}

impl Running {
    /// Gives the log of requests.
    pub fn log(&self) -> &Log {
        &self.shared.log
    }

    /// Gives a copy of what the sandbox knows, for assertions.
    pub fn state(&self) -> State {
        self.shared.core().state.clone()
    }

    /// Changes what it knows behind everybody's back, as a colleague in a web console would.
    pub fn edit(&self, change: impl FnOnce(Seed) -> Seed) -> Result<(), StoreError> {
        let mut core = self.shared.core();
        let seed = Seed::of(std::mem::take(&mut core.state), self.shared.clock.now());
        core.state = change(seed).state;
        let Core { state, folder, .. } = &mut *core;
        folder
            .as_mut()
            .map_or(Ok(()), |folder| folder.restart(state))
    }

    /// Speaks in another dialect from now on.
    pub fn set_dialect(&self, dialect: Dialect) {
        self.shared.core().dialect = dialect;
    }

    /// Adds a fault.
    pub fn add_fault(&self, fault: Fault) {
        self.shared
            .faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .add(fault);
    }

    /// Removes every fault.
    pub fn clear_faults(&self) {
        self.shared
            .faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// Puts its clock forward.
    pub fn advance(&self, by: Duration) {
        self.shared.clock.advance(by);
    }

    /// Takes every token back, as an expiry does.
    pub fn forget_tokens(&self) {
        self.shared.core().tokens.forget();
    }

    /// Waits until the server ends by itself, which it does not: for `sandbox serve`, raced against a signal.
    pub async fn wait(&mut self) {
        for task in &mut self.tasks {
            // A task that was aborted has ended too.
            let _ = task.await;
        }
    }

    /// Stops both hosts and gives the folder back; connections that are idle are closed.
    pub async fn stop(mut self) {
        self.close();
        for task in std::mem::take(&mut self.tasks) {
            if tokio::time::timeout(Duration::from_secs(1), task)
                .await
                .is_err()
            {
                return;
            }
        }
    }

    fn close(&mut self) {
        let mut core = self.shared.core();
        core.closed = Some("The sandbox has stopped.".to_owned());
        core.folder = None;
        drop(core);
        drop(self.stop.take());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.close();
    }
}
