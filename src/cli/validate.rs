//! `validate`: the file, offline.

use super::args::Cli;
use super::args::flags::AsJson;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Stop};
use super::opening;
use crate::render::json;

/// Checks everything that can be checked without the provider; runs no command and sends nothing.
pub(super) fn run(cli: &Cli, args: &AsJson, env: &mut Env) -> Result<Exit, Stop> {
    let read = opening::read(&cli.globals, env)?;
    let valid = !read.told.has_errors();
    let exit = if valid { Exit::Done } else { Exit::Invalid };
    if args.json {
        env.streams
            .out
            .text(&json::validate(&read.told, &read.sources));
        return Ok(exit);
    }
    if !valid {
        return Ok(opening::refuse(
            &read.told,
            &read.sources,
            Audience::People,
            env,
        ));
    }
    opening::show(&read.told, &read.sources, env);
    let Some(loaded) = &read.loaded else {
        return Ok(Exit::Invalid);
    };
    let domains = loaded.desired.homes.len();
    let objects = loaded.desired.objects.len();
    env.streams.out.line(&format!(
        "The configuration is valid: {domains} domains, {objects} objects."
    ));
    Ok(exit)
}
