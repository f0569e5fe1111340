//! `completions` and `man`: what the definition of the command line says about itself.

use super::args::{self, commands::Completions};
use super::env::Env;
use super::exit::Exit;
use super::failure::Failure;

/// Prints a completion script.
pub(super) fn completions(completions: &Completions, env: &mut Env) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(
        completions.shell,
        &mut args::command(),
        "bailiwick",
        &mut script,
    );
    env.streams.out.text(&String::from_utf8_lossy(&script));
    Exit::Done
}

/// Prints the manual page, then one for each command, as one text for `man -l -`.
pub(super) fn man(env: &mut Env) -> Result<Exit, Failure> {
    let mut pages = Vec::new();
    let mut whole = args::command();
    // Fills in the names "bailiwick plan" and the like.
    whole.build();
    let mut open = vec![whole];
    while let Some(command) = open.pop() {
        let below: Vec<clap::Command> = command
            .get_subcommands()
            .filter(|below| !below.is_hide_set() && below.get_name() != "help")
            .cloned()
            .collect();
        clap_mangen::Man::new(command)
            .source(concat!("bailiwick ", env!("CARGO_PKG_VERSION")))
            .render(&mut pages)
            .map_err(|error| Failure::new(Exit::Failed, "output.failed", error.to_string()))?;
        open.extend(below.into_iter().rev());
    }
    env.streams.out.text(&String::from_utf8_lossy(&pages));
    Ok(Exit::Done)
}

/// Prints the JSON Schema of the file.
pub(super) fn schema(env: &mut Env) -> Exit {
    env.streams.out.json(&crate::config::schema());
    Exit::Done
}
