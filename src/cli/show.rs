//! `show --resolved`: what the file says of a domain after templates, groups and defaults; offline.

use super::args::Cli;
use super::args::commands::Show as Args;
use super::args::flags::PlanFormat;
use super::args::not_yet::not_yet;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Failure, Stop};
use super::opening;
use crate::config;
use crate::model::dns::Apex;

/// Prints a domain's block; needs no credentials and sends nothing.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    let Some(name) = &args.resolved else {
        return Err(not_yet("showing a plan or what is live").into());
    };
    if args.format != PlanFormat::Human {
        return Err(not_yet("--format of show --resolved").into());
    }
    let apex = Apex::parse(name).map_err(|error| {
        let failure = Failure::new(Exit::Invalid, "usage.domain", error.to_string());
        failure.help(error.write().unwrap_or_default())
    })?;
    let read = opening::read_showing(&cli.globals, Some(&apex), env)?;
    let Some(loaded) = read.loaded.filter(|_| !read.told.has_errors()) else {
        let exit = opening::refuse(&read.told, &read.sources, Audience::People, env);
        return Err(Stop::Told(exit));
    };
    opening::show(&read.told, &read.sources, env);
    let Some(text) = read.shown else {
        let message = format!("the file has no domain {}", apex.as_str());
        let failure = Failure::new(Exit::Invalid, "domain.unknown", message);
        return Err(match config::near_domain(&loaded, &apex) {
            Some(near) => failure.help(format!("did you mean {near}?")).into(),
            None => failure.into(),
        });
    };
    env.streams.out.text(&text);
    Ok(Exit::Done)
}
