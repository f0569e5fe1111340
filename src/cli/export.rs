//! `export`: the live zone as an RFC 1035 master file.

use super::args::Cli;
use super::args::commands::Export as Args;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Failure, Stop};
use super::inventory::{self, Chosen, Depth};
use super::output;
use super::session::{Session, reading};
use crate::config::write::{self, Written};
use crate::model::Kind;

/// Reads one zone and writes it down.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    let chosen = Chosen::named(std::slice::from_ref(&args.domain))?;
    let written = reading(env, async |env| {
        let session = Session::open(&cli.globals, Audience::People, None, env).await?;
        let written = make(&session, &chosen, &args.domain, env).await;
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

async fn make(
    session: &Session,
    chosen: &Chosen,
    domain: &str,
    env: &Env,
) -> Result<Written, Failure> {
    let (live, _) = inventory::read((chosen, Depth::Zones), &session.connected, env).await?;
    if let Some((address, reason)) = live.failed.first() {
        let message = format!("{address} could not be read: {}", reason.text);
        return Err(Failure::new(Exit::Failed, "read.failed", message));
    }
    let zone = live
        .objects
        .keys()
        .find(|address| address.kind == Kind::Zone);
    zone.and_then(|zone| write::master_file(&live, zone))
        .ok_or_else(|| {
            let message = format!("the accounts of the file host no zone of {domain}");
            Failure::new(Exit::Failed, "zone.missing", message)
                .help("the domain may be in the account all the same, with its zone elsewhere")
        })
}
