//! `outputs`: what the provider named, from the ledgers; nobody is asked, and no credentials are needed.

use super::args::Cli;
use super::args::commands::Outputs as Args;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Failure, Stop};
use super::opening::Opened;
use super::{books, connect, opening};
use crate::ledger::{Found, Opened as Known};
use crate::model::pattern::Pattern;
use crate::model::{Account, Address};
use crate::render::outputs::{self, Named, NoLines};
use std::collections::BTreeMap;

/// Prints what the ledgers hold of the objects that are asked for, or of all.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    let audience = match args.json.json {
        true => Audience::Programs,
        false => Audience::People,
    };
    let opened = opening::open(&cli.globals, audience, env)?;
    let (keys, root) = connect::ledgers(&cli.globals, &opened.loaded, env)?;
    let known = books::opened((&keys, &root), env)?;
    for pattern in &args.addresses {
        found(pattern, &known, &opened)?;
    }
    tell_missing(&known, env);
    let asked = |address: &Address| {
        let mut patterns = args.addresses.iter();
        args.addresses.is_empty() || patterns.any(|pattern| pattern.matches(address))
    };
    let entries = known.values().flat_map(|known| &known.ledger.entries);
    let all = outputs::of(entries.filter(|(address, entry)| !entry.forgotten && asked(address)));
    let text = match (args.json.json, args.env) {
        (true, _) => outputs::json(&all),
        (false, true) => lines(&all)?,
        (false, false) => outputs::table(&all, env.streams.out.style()),
    };
    env.streams.out.text(&text);
    Ok(Exit::Done)
}

/// An empty answer must not look like an object without outputs.
fn tell_missing(known: &BTreeMap<Account, Known>, env: &mut Env) {
    for (account, known) in known {
        let what = match known.found {
            Found::Here => continue,
            Found::Fresh => "has no ledger yet: nothing was applied",
            Found::Lost => {
                "has lost its ledger: what the provider named is known after the next apply"
            }
        };
        let line = format!("notice: account {account} {what}");
        env.streams.err.line(&crate::render::escape::inert(&line));
    }
}

/// Refuses a pattern that names nothing.
fn found(
    pattern: &Pattern,
    known: &BTreeMap<Account, Known>,
    opened: &Opened,
) -> Result<(), Failure> {
    let recorded = || known.values().flat_map(|known| known.ledger.entries.keys());
    if recorded().any(|address| pattern.matches(address)) {
        return Ok(());
    }
    let asked = pattern.as_str();
    let declared = || opened.loaded.desired.objects.keys();
    if declared().any(|address| pattern.matches(address)) {
        let message = format!(
            "the ledger knows nothing of {asked}: it is in the file and was not applied yet"
        );
        return Err(Failure::new(Exit::Failed, "outputs.none", message).help("run bailiwick apply"));
    }
    let message = format!("neither the file nor the ledger knows {asked}");
    let help = match nearest(asked, recorded().chain(declared())) {
        Some(near) => format!("did you mean {near}?"),
        None => "bailiwick outputs shows all that there are".into(),
    };
    Err(Failure::new(Exit::Invalid, "outputs.unknown", message).help(help))
}

/// Most edits between what was asked for and what may be meant.
const EDITS: usize = 3;

fn nearest<'a>(asked: &str, known: impl Iterator<Item = &'a Address>) -> Option<String> {
    known
        .map(Address::text)
        // Comparing costs the product of both lengths.
        .filter(|text| text.len().abs_diff(asked.len()) <= EDITS)
        .map(|text| (strsim::damerau_levenshtein(asked, &text), text))
        .filter(|(edits, _)| *edits <= EDITS)
        .min()
        .map(|(_, text)| text)
}

fn lines(all: &[Named]) -> Result<String, Failure> {
    outputs::lines(all).map_err(|error| match &error {
        NoLines::SameName { .. } => {
            Failure::new(Exit::Invalid, "outputs.same-name", error.to_string())
                .help("name the objects that are wanted, or use --json")
        }
        NoLines::Unprintable(..) => {
            Failure::new(Exit::Failed, "outputs.unprintable", error.to_string())
                .help("use --json, which shows it escaped")
        }
    })
}
