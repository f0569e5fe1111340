//! Ctrl-C and SIGTERM, as values that a run waits for. What is done about them is the run's business.

use tokio::sync::mpsc;

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
