//! `import`: the TOML that describes what is live, in one text or as a file for each domain. A plan of it is
//! empty.

use super::args::Cli;
use super::args::commands::Import as Args;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Failure, Stop};
use super::files::{self, Existing};
use super::inventory::{self, Chosen, Depth};
use super::output;
use super::session::{Session, reading};
use crate::config::write::{self, AccountsInFile, Written};
use crate::model::Live;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// What was read, and what the file has already.
struct Inventory {
    live: Live,
    domains: BTreeSet<Arc<str>>,
    accounts: AccountsInFile,
    /// Domains that stand in the configuration.
    known: BTreeSet<Arc<str>>,
}

/// Reads the chosen domains and writes their blocks.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    let chosen = if args.all {
        Chosen::All
    } else {
        Chosen::named(&args.domains)?
    };
    let inventory = reading(env, async |env| {
        let session = Session::open(&cli.globals, Audience::People, None, env).await?;
        let inventory = take(&session, &chosen, env).await;
        session.close().await;
        Ok(inventory?)
    })?;
    match &args.out_dir {
        Some(folder) => {
            let existing = if args.into.force {
                Existing::Replace
            } else {
                Existing::Keep
            };
            let folder = env.folder.join(folder);
            fill(&folder, &inventory, existing, env)?;
        }
        None => {
            let Inventory {
                live,
                domains,
                accounts,
                known: _,
            } = &inventory;
            let written = write::domains(live, domains, *accounts);
            tell(&written, env);
            output::give(&args.into, &written.text, env)?;
        }
    }
    Ok(Exit::Done)
}

async fn take(session: &Session, chosen: &Chosen, env: &Env) -> Result<Inventory, Failure> {
    let (live, domains) =
        inventory::read((chosen, Depth::Everything), &session.connected, env).await?;
    let accounts = match session.connected.providers.len() {
        1 => AccountsInFile::One,
        _ => AccountsInFile::Several,
    };
    let homes = &session.opened.loaded.desired.homes;
    Ok(Inventory {
        live,
        domains,
        accounts,
        known: homes.keys().cloned().collect(),
    })
}

fn tell(written: &Written, env: &mut Env) {
    for left_out in &written.left_out {
        let (what, reason) = (&left_out.what, &left_out.reason);
        let line = format!("notice: {what} stands in a comment only: {reason}");
        env.streams.err.line(&crate::render::escape::inert(&line));
    }
}

/// Writes a file for each domain. One that is there, and a domain that the configuration holds elsewhere,
/// stay as they are: a second run adds what is new.
fn fill(
    folder: &Path,
    inventory: &Inventory,
    existing: Existing,
    env: &mut Env,
) -> Result<(), Failure> {
    let Inventory {
        live,
        domains,
        accounts,
        known,
    } = inventory;
    std::fs::create_dir_all(folder).map_err(|error| {
        let message = format!("{} cannot be made: {error}", folder.display());
        Failure::new(Exit::Failed, "output.failed", message)
    })?;
    let (mut made, mut left) = (0, 0);
    for (domain, written) in write::each(live, domains, *accounts) {
        if !is_file_name(domain) {
            let line = format!("notice: {domain} has no file: its name can be none");
            env.streams.err.line(&crate::render::escape::inert(&line));
            continue;
        }
        let path = folder.join(format!("{domain}.toml"));
        let there = path.symlink_metadata().ok();
        if there.as_ref().is_some_and(std::fs::Metadata::is_symlink) {
            let line = format!(
                "notice: {} is a link, and is not written through",
                path.display()
            );
            env.streams.err.line(&crate::render::escape::inert(&line));
            left += 1;
            continue;
        }
        // What stands in another file of the configuration would stand there twice.
        let keep = match existing {
            Existing::Keep => there.is_some() || known.contains(domain),
            Existing::Replace => there.is_none() && known.contains(domain),
        };
        if keep {
            left += 1;
            continue;
        }
        tell(&written, env);
        files::write(&path, &written.text, existing)?;
        made += 1;
    }
    let line = format!(
        "{made} {} written to {}, {left} left as {} there already.",
        if made == 1 { "file" } else { "files" },
        folder.display(),
        if left == 1 { "it is" } else { "they are" },
    );
    env.streams.err.line(&line);
    Ok(())
}

/// True for a name that cannot lead out of a folder, whatever a server says.
fn is_file_name(domain: &str) -> bool {
    let usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    domain.len() <= 253 && domain.chars().all(usual) && !domain.starts_with('.')
}
