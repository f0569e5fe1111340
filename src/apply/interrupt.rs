//! Asking a run to stop. It does not know who asks (a signal, a test) nor what the run does about it.

use tokio::sync::watch;

/// How urgently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Nothing new starts; what is being sent may come to its end.
    Soon,
    /// At once.
    Now,
}

/// The side that asks.
#[derive(Debug, Clone)]
pub struct Interrupter(watch::Sender<u32>);

/// The side that is asked.
#[derive(Debug)]
pub struct Interrupt {
    asked: watch::Receiver<u32>,
    heard: u32,
}

impl Interrupter {
    /// Asks, the first time softly.
    pub fn interrupt(&self) {
        self.0.send_modify(|count| *count = count.saturating_add(1));
    }
}

impl Interrupt {
    /// A pair.
    pub fn new() -> (Interrupter, Self) {
        let (sender, asked) = watch::channel(0);
        (Interrupter(sender), Self { asked, heard: 0 })
    }

    /// One that is never asked.
    pub fn never() -> Self {
        Self::new().1
    }

    /// Waits until it is asked again. May be dropped and called again.
    pub async fn next(&mut self) -> Urgency {
        let heard = self.heard;
        match self.asked.wait_for(|count| *count > heard).await {
            Ok(count) => {
                self.heard = *count;
                if *count > 1 {
                    Urgency::Now
                } else {
                    Urgency::Soon
                }
            }
            // Nobody is left who could ask.
            Err(_) => std::future::pending().await,
        }
    }
}
