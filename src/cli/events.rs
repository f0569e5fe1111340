//! `events`: the head of each account's message queue. Only with `--ack` anything is taken off, and nothing
//! before it lies on disk.

use super::args::Cli;
use super::args::commands::Events as Args;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Failure, Stop};
use super::session::{Session, block_on};
use super::{books, markets};
use crate::ledger::EventLog;
use crate::model::Account;
use crate::provider::Market;
use crate::render::events::{self, Received};

/// Most messages that one call takes off an account's queue: a server that never empties it is stopped.
const MOST: usize = 10_000;

/// Shows the heads of the queues, or empties them into the file.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    let audience = args.json.audience();
    let all = block_on(async {
        let session = Session::open(&cli.globals, audience, None, env).await?;
        let all = match args.ack {
            true => take_off(&session).await,
            false => heads(&session).await,
        };
        session.close().await;
        Ok(all?)
    })?;
    let text = match audience {
        Audience::Programs => events::json(&all),
        Audience::People => events::table(&all),
    };
    env.streams.out.text(&text);
    if let (true, Audience::People) = (all.is_empty(), audience) {
        env.streams.err.line("the queue is empty");
    }
    Ok(Exit::Done)
}

async fn heads(session: &Session) -> Result<Vec<Received>, Failure> {
    let mut all = Vec::new();
    for (account, market) in markets::of(&session.connected) {
        let message = market.message().await;
        let message = message.map_err(|error| Failure::from(&error))?;
        all.extend(message.map(|message| Received {
            account: account.clone(),
            message,
        }));
    }
    Ok(all)
}

async fn take_off(session: &Session) -> Result<Vec<Received>, Failure> {
    let markets = markets::of(&session.connected);
    if markets.is_empty() {
        return Ok(Vec::new());
    }
    let root = session.connected.ledgers.folder().ok_or_else(|| {
        let message = "the ledgers of this file are in an object store, and messages are kept in a folder only";
        Failure::new(Exit::Invalid, "events.no-folder", message.to_owned())
            .help("run `events --ack` with a file whose ledger is a folder; nothing was taken off the queue")
    })?;
    let mut kept = EventLog::open(root).map_err(|error| books::failure(&error))?;
    let mut all = Vec::new();
    for (account, market) in markets {
        let mut last = None;
        for _ in 0..MOST {
            let next = next(market, account, &mut kept).await?;
            let Some(received) = next else { break };
            let id = received.message.id.clone();
            if last.as_ref() == Some(&id) {
                let message = format!(
                    "the queue of account {account} still shows a message that was acknowledged; it is kept in {}",
                    kept.name()
                );
                return Err(Failure::new(Exit::Failed, "events.stuck", message)
                    .help("try again later, or ask the provider's support"));
            }
            last = Some(id);
            all.push(received);
        }
    }
    Ok(all)
}

/// Keeps the head of a queue, then takes it off.
async fn next(
    market: &dyn Market,
    account: &Account,
    kept: &mut EventLog,
) -> Result<Option<Received>, Failure> {
    let message = market.message().await;
    let Some(message) = message.map_err(|error| Failure::from(&error))? else {
        return Ok(None);
    };
    let received = Received {
        account: account.clone(),
        message,
    };
    let line = events::line(&received);
    kept.keep(&line).map_err(|error| books::failure(&error))?;
    let taken = market.acknowledge(&received.message).await;
    taken.map_err(|error| Failure::from(&error))?;
    Ok(Some(received))
}
