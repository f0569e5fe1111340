//! The lease of a ledger in an object store: one object that says who holds it, renewed by a heartbeat, taken over by a
//! conditional write once it has run out.
//!
//! Two clocks matter and neither is the wall's. Whether another's lease has run out is told by the store's own times.
//! Whether this one may still be relied on is told by a monotonic clock: without an acknowledged heartbeat for 40 s
//! nothing is written any more, and nobody takes it over before 60 s. It does not know what is written.

use super::work::limited;
use super::{Account, Body, trouble};
use crate::ledger::error::LedgerError;
use crate::ledger::open::fresh_id;
use crate::ledger::store::{Holder, Lease, Standing};
use crate::model::Time;
use object_store::{PutMode, UpdateVersion};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// Between heartbeats.
const BEAT: Duration = Duration::from_secs(15);
/// Between attempts of a heartbeat that had no answer.
const AGAIN: Duration = Duration::from_secs(3);
/// Without an acknowledged heartbeat for so long, nothing is written.
const RELIED_ON: Duration = Duration::from_secs(40);
/// Without one for so long, somebody else may take it over.
const LASTS: u64 = 60;
/// What an object can say at most of how long it lasts.
const AT_MOST: u64 = 600;
const NAME: &str = "lock.json";

/// What the object says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Said {
    #[serde(default)]
    holder: Option<Holder>,
    /// Tells one holder's object from every other.
    #[serde(default)]
    token: String,
    /// Counts heartbeats: each object differs from the one before.
    #[serde(default)]
    beat: u64,
    /// How long it holds without another heartbeat.
    #[serde(default = "lasts")]
    seconds: u64,
    /// It was let go.
    #[serde(default)]
    free: bool,
}

fn lasts() -> u64 {
    LASTS
}

/// The object as it was found.
struct There {
    said: Said,
    at: Time,
    version: UpdateVersion,
}

impl There {
    fn of(body: Body) -> Self {
        // What cannot be read holds like any other, by nobody known, until its time is over.
        let said = serde_json::from_slice(&body.bytes).unwrap_or(Said {
            holder: None,
            token: String::new(),
            beat: 0,
            seconds: LASTS,
            free: false,
        });
        Self {
            said,
            at: body.at,
            version: body.version,
        }
    }

    fn holder(&self) -> Holder {
        self.said.holder.clone().unwrap_or_else(|| Holder {
            host: "an unknown machine".into(),
            pid: 0,
            url: None,
            since: self.at,
        })
    }

    fn has_run_out(&self, now: Time) -> bool {
        let seconds = self.said.seconds.min(AT_MOST);
        now.duration_since(self.at).as_secs() >= i64::try_from(seconds).unwrap_or(i64::MAX)
    }
}

/// Who holds an account's ledger. Nothing is written to find out: the time is the caller's.
pub(super) fn standing(account: &Account, now: Time) -> Result<Standing, LedgerError> {
    Ok(match account.get(NAME)?.map(There::of) {
        Some(there) if !there.said.free && !there.has_run_out(now) => {
            Standing::HeldBy(there.holder())
        }
        Some(_) | None => Standing::Free,
    })
}

/// Takes the lease, or says who has it.
pub(super) fn take(account: &Account, holder: &Holder) -> Result<Held, LedgerError> {
    let there = account.get(NAME)?.map(There::of);
    let mut from = None;
    let mode = match there {
        None => PutMode::Create,
        Some(there) if there.said.free => PutMode::Update(there.version),
        Some(there) if there.has_run_out(account.store_time()?) => {
            from = Some(there.holder());
            PutMode::Update(there.version)
        }
        Some(there) => return Err(LedgerError::Held(Box::new(there.holder()))),
    };
    let said = Said {
        holder: Some(holder.clone()),
        token: fresh_id(holder.since, holder.pid),
        beat: 0,
        seconds: LASTS,
        free: false,
    };
    let acknowledged = Instant::now();
    let Some(version) = account.put(NAME, bytes_of(&said), mode)? else {
        // Somebody was faster.
        let by = account.get(NAME)?.map(There::of);
        let by = by.map_or_else(|| holder.clone(), |there| there.holder());
        return Err(LedgerError::Held(Box::new(by)));
    };
    let state = Arc::new(Mutex::new(State {
        acknowledged,
        lost: false,
    }));
    let beating = beat(account.clone(), (said.clone(), version), Arc::clone(&state));
    let task = account.objects.work.beside(beating);
    Ok(Held {
        account: account.clone(),
        token: said.token,
        from,
        state,
        task,
    })
}

fn bytes_of(said: &Said) -> Vec<u8> {
    // Plain texts and numbers: it cannot fail, and an empty object would only hold until its time is over.
    serde_json::to_vec(said).unwrap_or_default()
}

#[derive(Debug)]
struct State {
    /// When the last request was begun that the store acknowledged.
    acknowledged: Instant,
    /// Somebody else has it.
    lost: bool,
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    // Each change is one assignment.
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Renews the lease until it is lost.
async fn beat(
    account: Account,
    (mut said, mut version): (Said, UpdateVersion),
    state: Arc<Mutex<State>>,
) {
    let mut pause = BEAT;
    loop {
        tokio::time::sleep(pause).await;
        let begun = Instant::now();
        said.beat += 1;
        let put = account.putting(NAME, bytes_of(&said), PutMode::Update(version.clone()));
        match limited(put).await {
            Ok(Ok(Some(next))) => {
                version = next;
                locked(&state).acknowledged = begun;
                pause = BEAT;
            }
            Ok(Ok(None)) => {
                // An earlier attempt may have been taken without our knowing.
                let there = limited(account.getting(NAME)).await;
                match there {
                    Ok(Ok(Some(body))) => {
                        let there = There::of(body);
                        if there.said.token != said.token || there.said.free {
                            locked(&state).lost = true;
                            return;
                        }
                        version = there.version;
                        pause = Duration::ZERO;
                    }
                    Ok(Ok(None)) => {
                        locked(&state).lost = true;
                        return;
                    }
                    Ok(Err(_)) | Err(_) => pause = AGAIN,
                }
            }
            Ok(Err(_)) | Err(_) => pause = AGAIN,
        }
    }
}

/// A lease that is held; dropping it lets it go.
#[derive(Debug)]
pub(super) struct Held {
    account: Account,
    token: String,
    from: Option<Holder>,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl Lease for Held {
    fn check(&self) -> Result<(), LedgerError> {
        let state = locked(&self.state);
        if state.lost || state.acknowledged.elapsed() >= RELIED_ON {
            return Err(LedgerError::Lost {
                name: self.account.shown(NAME),
            });
        }
        Ok(())
    }

    fn taken_from(&self) -> Option<&Holder> {
        self.from.as_ref()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.task.abort();
        // Nothing depends on it: what is not let go runs out. What is not ours any more is left alone.
        if let Ok(Some(body)) = self.account.get(NAME) {
            let mut there = There::of(body);
            if there.said.token == self.token {
                there.said.free = true;
                let _ =
                    self.account
                        .put(NAME, bytes_of(&there.said), PutMode::Update(there.version));
            }
        }
    }
}

/// Frees a lease that has run out; says who holds one that has not.
pub(super) fn release(account: &Account) -> Result<Option<Holder>, LedgerError> {
    let Some(mut there) = account.get(NAME)?.map(There::of) else {
        return Ok(None);
    };
    if there.said.free {
        return Ok(None);
    }
    let holder = there.holder();
    if !there.has_run_out(account.store_time()?) {
        return Err(LedgerError::Held(Box::new(holder)));
    }
    there.said.free = true;
    match account.put(NAME, bytes_of(&there.said), PutMode::Update(there.version))? {
        Some(_) => Ok(Some(holder)),
        None => Err(trouble(
            &account.shown(NAME),
            "lock",
            "somebody has just taken it",
        )),
    }
}
