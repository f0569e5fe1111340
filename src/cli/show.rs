//! `show`: a saved plan as it was printed, or what the file says of a domain after templates, groups and
//! defaults (`--resolved`); offline.

use super::args::Cli;
use super::args::commands::Show as Args;
use super::args::flags::PlanFormat;
use super::args::not_yet::not_yet;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Failure, Stop};
use super::{opening, saved};
use crate::config;
use crate::model::Kind;
use crate::model::dns::Apex;
use crate::render::{View, human, json, markdown};
use std::path::Path;

/// Prints a plan, or a domain's block; needs no credentials and sends nothing.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    let Some(name) = &args.resolved else {
        return match &args.what {
            Some(what) if env.folder.join(what).is_file() => saved_plan(what, args.format, env),
            Some(what) if !is_address(what) => {
                Ok(saved::open(Path::new(what), env).map(|_| Exit::Done)?)
            }
            Some(_) | None => Err(not_yet("showing what is live").into()),
        };
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

/// Prints what `plan` printed when it saved the plan.
fn saved_plan(path: &str, format: PlanFormat, env: &mut Env) -> Result<Exit, Stop> {
    let plan = saved::open(Path::new(path), env)?;
    let text = match format {
        PlanFormat::Human => human::plan(&View::of(&plan), env.streams.out.style()),
        PlanFormat::Json => json::plan(&plan),
        PlanFormat::Markdown => markdown::plan(&View::of(&plan)),
        PlanFormat::Html | PlanFormat::Dot | PlanFormat::Mermaid => {
            return Err(not_yet("this format of plan").into());
        }
    };
    env.streams.out.text(&text);
    Ok(Exit::Done)
}

/// True for what begins with a kind; anything else is meant as a file.
fn is_address(text: &str) -> bool {
    let kind = text.split_once('.').map(|(kind, _)| kind);
    kind.is_some_and(|kind| Kind::ALL.iter().any(|known| known.word() == kind))
}
