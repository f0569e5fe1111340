//! Where requests to an object store are carried out: on a thread of their own, so that whoever owns a run can wait for
//! one as for a disk, and heartbeats go on meanwhile.

use std::future::Future;
use std::io;
use std::sync::mpsc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// How long one request may take, its repetitions included: well below what a lease lasts.
const LONGEST: Duration = Duration::from_secs(20);

/// Carries out requests.
#[derive(Debug, Clone)]
pub(super) enum Work {
    /// On a thread of its own.
    Thread(Handle),
    /// At once, of a store in memory; heartbeats are the caller's runtime's.
    Here,
}

impl Work {
    /// Starts the thread; it ends with the process.
    pub(super) fn thread() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let handle = runtime.handle().clone();
        std::thread::Builder::new()
            .name("ledger".into())
            .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
        Ok(Self::Thread(handle))
    }

    /// Waits for a request.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        request: impl Future<Output = T> + Send + 'static,
    ) -> io::Result<T> {
        match self {
            Self::Here => {
                let done = futures_util::FutureExt::now_or_never(request);
                done.ok_or_else(|| io::Error::other("the store in memory did not answer at once"))
            }
            Self::Thread(handle) => {
                let (sender, receiver) = mpsc::sync_channel(1);
                handle.spawn(async move {
                    // Who waits is gone only if it has panicked.
                    let _ = sender.send(limited(request).await);
                });
                receiver
                    .recv()
                    .map_err(|_| io::Error::other("the thread of the ledger has ended"))?
            }
        }
    }

    /// Lets something go on beside everything else.
    pub(super) fn beside(&self, task: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        match self {
            Self::Thread(handle) => handle.spawn(task),
            Self::Here => tokio::spawn(task),
        }
    }
}

/// A request that is given up when it takes too long.
pub(super) async fn limited<T>(request: impl Future<Output = T>) -> io::Result<T> {
    tokio::time::timeout(LONGEST, request).await.map_err(|_| {
        io::Error::new(
            io::ErrorKind::TimedOut,
            "the object store did not answer within 20 s",
        )
    })
}
