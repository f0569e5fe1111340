//! Ctrl-C and SIGTERM, as values that a run waits for. What is done about them is the run's business.

use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot};

/// Somebody wants the process to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

/// The signals that arrive, in order.
#[derive(Debug)]
pub struct Signals {
    arrived: mpsc::UnboundedReceiver<Signal>,
    /// Keeps the channel open where nothing ever arrives.
    _open: mpsc::UnboundedSender<Signal>,
}

/// Sends signals to a run: the process's handlers, or a test.
#[derive(Debug, Clone)]
pub struct Sender(mpsc::UnboundedSender<Signal>);

impl Sender {
    /// Lets a signal arrive; a run that is over does not hear it.
    pub fn send(&self, signal: Signal) {
        // The receiver is gone only when the run is over.
        let _ = self.0.send(signal);
    }
}

impl Signals {
    /// Signals that arrive only through the sender.
    pub fn by_hand() -> (Sender, Self) {
        let (sender, arrived) = mpsc::unbounded_channel();
        let signals = Self {
            arrived,
            _open: sender.clone(),
        };
        (Sender(sender), signals)
    }

    /// One that has arrived by now, if any; gives the runtime a chance to say so.
    pub async fn arrived(&mut self) -> Option<Signal> {
        // The system tells the runtime, which tells the listening task, which tells this.
        for _ in 0..3 {
            tokio::task::yield_now().await;
            if let Ok(signal) = self.arrived.try_recv() {
                return Some(signal);
            }
        }
        None
    }

    /// Waits for the next one; never ends where none arrives. May be dropped and called again.
    pub async fn next(&mut self) -> Signal {
        match self.arrived.recv().await {
            Some(signal) => signal,
            // Cannot be: the channel holds a sender of its own.
            None => std::future::pending().await,
        }
    }
}

/// Has the signals of the process sent on, from now until the runtime ends. From here on they no longer
/// end the process by themselves. Called inside a runtime.
pub fn listen(sender: &Sender) -> std::io::Result<()> {
    let sender = sender.clone();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    Some(()) = interrupt.recv() => sender.send(Signal::Interrupt),
                    Some(()) = terminate.recv() => sender.send(Signal::Terminate),
                    else => break,
                }
            }
        });
    }
    #[cfg(not(unix))]
    {
        let mut interrupt = tokio::signal::windows::ctrl_c()?;
        tokio::spawn(async move {
            while let Some(()) = interrupt.recv().await {
                sender.send(Signal::Interrupt);
            }
        });
    }
    Ok(())
}

/// Signals that are listened for in a thread of its own, while the caller's waits for something else.
#[derive(Debug)]
pub(super) struct Beside {
    /// Ends the thread when it is dropped.
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Beside {
    /// Listens from when this returns; the first signal is told.
    pub(super) fn listen(tell: impl FnOnce(Signal) + Send + 'static) -> std::io::Result<Self> {
        let (end, ended) = oneshot::channel();
        let (ready, listens) = std::sync::mpsc::channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                let (sender, mut signals) = Signals::by_hand();
                // The other side waits for it.
                let _ = ready.send(listen(&sender));
                tokio::select! {
                    signal = signals.next() => tell(signal),
                    _ = ended => {}
                }
            });
        });
        let listens = listens.recv().map_err(std::io::Error::other).flatten();
        listens.map(|()| Self {
            end: Some(end),
            thread: Some(thread),
        })
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // A panic in there is shown by the hook; what was waited for goes on without signals.
            let _ = thread.join();
        }
    }
}
