//! `validate`: the file, offline.

use super::args::Cli;
use super::args::flags::AsJson;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Failure, Stop};
use super::opening;
use crate::diag::{Code, Diagnostic, Diagnostics, Sources};
use crate::render::json;

/// Checks everything that can be checked without the provider; runs no command and sends nothing.
pub(super) fn run(cli: &Cli, args: &AsJson, env: &mut Env) -> Result<Exit, Stop> {
    let mut read = opening::read(&cli.globals, env)?;
    opening::judge(&mut read, env);
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
    let domains = counted(loaded.desired.homes.len(), "domain");
    let objects = counted(loaded.desired.objects.len(), "object");
    env.streams.out.line(&format!(
        "The configuration is valid: {domains}, {objects}."
    ));
    Ok(exit)
}

/// `validate` keeps its form where its own arguments make no sense.
pub(super) fn refused(failure: &Failure, audience: Audience, env: &mut Env) -> Exit {
    match audience {
        Audience::People => failure.tell(audience, &mut env.streams),
        Audience::Programs => {
            let mut told = Diagnostics::default();
            let problem = Diagnostic::error(USAGE, failure.message.clone());
            told.push(match &failure.help {
                Some(help) => problem.help(help.clone()),
                None => problem,
            });
            env.streams
                .out
                .text(&json::validate(&told, &Sources::default()));
            failure.exit
        }
    }
}

const USAGE: Code = Code {
    id: "usage.invalid",
    title: "The command line makes no sense",
};

fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
