//! `lock`: who holds the ledgers. Nobody is asked, no credentials are needed, and no lock is taken.
//!
//! Releasing never means taking from somebody: a folder's lock ends with its process, and a lease in an object store is
//! freed only once it has run out.

use super::args::Cli;
use super::args::commands::Lock as Args;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Failure, Stop};
use super::{books, connect, opening};
use crate::ledger::{LedgerKey, Root, Standing};
use crate::model::Account;
use crate::render::locks;
use std::collections::BTreeMap;

/// Tells who holds each ledger, or looks for a lock to release.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    match args {
        Args::Status { account, json } => {
            let audience = match json.json {
                true => Audience::Programs,
                false => Audience::People,
            };
            let (standings, _) = standings(cli, (account.as_deref(), audience), env)?;
            let text = match audience {
                Audience::Programs => locks::json(&standings),
                Audience::People => locks::table(&standings),
            };
            env.streams.out.text(&text);
            // Whatever it tells.
            Ok(Exit::Done)
        }
        Args::Release { account } => {
            let asked = (account.as_deref(), Audience::People);
            let (standings, (keys, root)) = standings(cli, asked, env)?;
            let wanted = |account: &Account| standings.contains_key(account);
            let freed = books::release(wanted, (&keys, &root)).map_err(|failure| {
                failure.help(match root.folder() {
                    Some(_) => {
                        "the lock of a folder is freed when its process ends, however it ends: end that process, or \
                         let it finish"
                    }
                    None => {
                        "a lease is free 60 s after its process has ended: end that process, or let it finish"
                    }
                })
            })?;
            env.streams.out.text(&locks::released(&freed));
            Ok(Exit::Done)
        }
    }
}

/// Whose ledgers there are, and where.
type Ledgers = (BTreeMap<Account, LedgerKey>, Root);

fn standings(
    cli: &Cli,
    (account, audience): (Option<&str>, Audience),
    env: &mut Env,
) -> Result<(BTreeMap<Account, Standing>, Ledgers), Stop> {
    let opened = opening::open(&cli.globals, audience, env)?;
    let (keys, root) = connect::ledgers(&cli.globals, &opened.loaded, env)?;
    let all = books::standings((&keys, &root))?;
    let Some(asked) = account else {
        return Ok((all, (keys, root)));
    };
    let own: BTreeMap<_, _> = all
        .into_iter()
        .filter(|(account, _)| account.as_str() == asked)
        .collect();
    if own.is_empty() {
        let known: Vec<&str> = keys.keys().map(Account::as_str).collect();
        let message = format!("the file names no account {asked:?}");
        let failure = Failure::new(Exit::Invalid, "account.unknown", message);
        return Err(failure
            .help(format!("it names: {}", known.join(", ")))
            .into());
    }
    Ok((own, (keys, root)))
}
