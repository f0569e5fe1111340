//! `import`: the TOML that describes what is live. A plan of it is empty.

use super::args::Cli;
use super::args::commands::Import as Args;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Failure, Stop};
use super::inventory::{self, Chosen, Depth};
use super::output;
use super::session::{Session, block_on};
use crate::config::write::{self, AccountsInFile, Written};

/// Reads the chosen domains and writes their blocks.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    let chosen = if args.all {
        Chosen::All
    } else {
        Chosen::named(&args.domains)?
    };
    let written = block_on(async {
        let session = Session::open(&cli.globals, Audience::People, None, env).await?;
        let written = make(&session, &chosen, env).await;
        session.close().await;
        Ok(written?)
    })?;
    for left_out in &written.left_out {
        let (what, reason) = (&left_out.what, &left_out.reason);
        let line = format!("notice: {what} stands in a comment only: {reason}");
        env.streams.err.line(&crate::render::escape::inert(&line));
    }
    output::give(&args.into, &written.text, env)?;
    Ok(Exit::Done)
}

async fn make(session: &Session, chosen: &Chosen, env: &Env) -> Result<Written, Failure> {
    let (live, domains) =
        inventory::read((chosen, Depth::Everything), &session.connected, env).await?;
    let accounts = match session.connected.providers.len() {
        1 => AccountsInFile::One,
        _ => AccountsInFile::Several,
    };
    Ok(write::domains(&live, &domains, accounts))
}
