//! `orders`: what is under way at the providers, as the ledgers and the providers tell it. It takes no lock, and
//! writes neither provider nor ledger: the next apply takes in what has ended.

use super::args::Cli;
use super::args::commands::Orders as Args;
use super::books;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Failure, Stop};
use super::session::{Session, block_on};
use crate::ledger::Open;
use crate::model::Account;
use crate::render::orders::{self, UnderWay};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long `--follow` waits before it asks again: doubling, from the first to the last.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LAST_WAIT: Duration = Duration::from_secs(15);

/// Tells what is under way; with `--follow`, whenever something of it changes, until nothing moves any more.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    let audience = args.json.audience();
    block_on(async {
        let session = Session::open(&cli.globals, audience, None, env).await?;
        let followed = follow(&session, (args, audience), env).await;
        session.close().await;
        Ok(followed?)
    })?;
    // Whatever it tells.
    Ok(Exit::Done)
}

async fn follow(
    session: &Session,
    (args, audience): (&Args, Audience),
    env: &mut Env,
) -> Result<(), Failure> {
    let open = under_way(session, env)?;
    let mut wait = FIRST_WAIT;
    let mut told: Option<Vec<UnderWay>> = None;
    loop {
        let all = ask(session, &open).await;
        let last = !args.follow || !all.iter().any(UnderWay::moves);
        // A program gets one list, the last; a person each that tells something new.
        let shown = match audience {
            Audience::Programs => last.then(|| orders::json(&all)),
            Audience::People => {
                (told.as_ref() != Some(&all)).then(|| orders::table(&all, env.now()))
            }
        };
        if let Some(text) = shown {
            env.streams.out.text(&text);
        }
        if last {
            if all.is_empty() && audience == Audience::People {
                env.streams.err.line("nothing is under way");
            }
            return Ok(());
        }
        told = Some(all);
        tokio::time::sleep(wait).await;
        wait = LAST_WAIT.min(wait * 2);
    }
}

/// What the ledgers hold open, by account.
fn under_way(session: &Session, env: &Env) -> Result<BTreeMap<Account, Vec<Open>>, Failure> {
    let known = books::read(&session.connected, env)?;
    let of = |ledger: &crate::ledger::Ledger| {
        let places = [&ledger.pending, &ledger.doubts, &ledger.open];
        places
            .into_iter()
            .flat_map(|place| place.values().cloned())
            .collect()
    };
    Ok(known
        .into_iter()
        .map(|(account, known)| (account, of(&known.ledger)))
        .collect())
}

async fn ask(session: &Session, open: &BTreeMap<Account, Vec<Open>>) -> Vec<UnderWay> {
    let mut all = Vec::new();
    for (account, open) in open {
        let Some(provider) = session.connected.providers.get(account) else {
            continue;
        };
        for one in open {
            let outcome = provider.look(&one.write, one.pending.as_ref()).await;
            all.push(UnderWay {
                unit: one.write.unit.clone(),
                order: one.pending.as_ref().map(|pending| pending.order.clone()),
                since: one.since,
                outcome,
            });
        }
    }
    all.sort_by(|a, b| a.unit.cmp(&b.unit));
    all
}
