//! The command line: reads arguments and environment, calls the stages in order, shows what they return,
//! and decides how the process ends. The only module that knows the environment.

mod apply;
mod approvals;
pub mod args;
mod books;
mod check;
mod connect;
mod credentials;
mod drift;
pub mod env;
mod events;
pub mod exit;
mod export;
pub mod failure;
mod files;
mod import;
mod inventory;
mod last_seen;
mod lock;
mod manual;
mod markets;
mod notifying;
mod opening;
mod orders;
mod output;
mod outputs;
mod panics;
mod passwords;
mod plan;
mod planning;
mod prints;
mod products;
pub mod remembered;
mod reports;
mod resolve;
mod running;
mod sandbox;
mod saved;
mod sealed;
pub mod secrets;
mod session;
mod show;
pub mod signals;
pub mod streams;
mod trace;
mod validate;

use args::commands::Sandbox;
use args::not_yet::not_yet;
use args::{Cli, Command, Read};
use env::Env;
use exit::Exit;
use failure::{Audience, Failure, Stop};
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs the command line of this process and returns the code to end with.
pub fn run() -> u8 {
    panics::quieten();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let mut env = Env::of_process();
    // The hook has told it. Whether something was changed is in the journal, which the next run reads.
    catch_unwind(AssertUnwindSafe(|| main(&arguments, &mut env)))
        .unwrap_or(Exit::Failed)
        .code()
}

/// Runs one command line, program name first, in an environment.
pub fn main(arguments: &[OsString], env: &mut Env) -> Exit {
    let audience = match args::wants_json(arguments) {
        true => Audience::Programs,
        false => Audience::People,
    };
    let cli = match args::read(arguments) {
        Read::Run(cli) => cli,
        Read::Told(text) => {
            let text = match env.streams.out.colour() {
                true => text.ansi().to_string(),
                false => text.to_string(),
            };
            env.streams.out.line(&text);
            return end(Exit::Done, env);
        }
        Read::Refused(failure) if args::is_validate(arguments) => {
            return validate::refused(&failure, audience, env);
        }
        Read::Refused(failure) => return failure.tell(audience, &mut env.streams),
    };
    env.color(cli.globals.color);
    let exit = match dispatch(&cli, env) {
        Ok(exit) => exit,
        Err(Stop::Failed(failure)) => failure.tell(audience, &mut env.streams),
        Err(Stop::Told(exit)) => exit,
    };
    end(exit, env)
}

/// A result that could not be written is an error, whatever else is true.
fn end(exit: Exit, env: &mut Env) -> Exit {
    let Some(error) = env.streams.out.failure() else {
        return exit;
    };
    let failure = Failure::new(
        Exit::Failed,
        "output.failed",
        format!("the result cannot be written to stdout: {error}"),
    );
    exit.and(failure.tell(Audience::People, &mut env.streams))
}

fn dispatch(cli: &Cli, env: &mut Env) -> Result<Exit, Stop> {
    match &cli.command {
        Command::Completions(completions) => Ok(manual::completions(completions, env)),
        Command::Man => Ok(manual::man(env)?),
        Command::Validate(args) => validate::run(cli, args, env),
        Command::Plan(args) => plan::run(cli, args, env),
        Command::Apply(args) => apply::run(cli, args, env),
        Command::Import(args) => import::run(cli, args, env),
        Command::Export(args) => export::run(cli, args, env),
        Command::Outputs(args) => outputs::run(cli, args, env),
        Command::Sandbox(Sandbox::Serve(args)) => sandbox::serve(args, env),
        Command::Schema => Ok(manual::schema(env)),
        Command::Drift(args) => drift::run(cli, args, env),
        Command::Show(args) => show::run(cli, args, env),
        Command::Products(args) => products::run(cli, args, env),
        Command::Check(args) => check::run(cli, args, env),
        Command::Renew(_) => later("renew"),
        Command::Orders(args) => orders::run(cli, args, env),
        Command::Events(args) => events::run(cli, args, env),
        Command::Resolve(args) => resolve::run(cli, args, env),
        Command::Lock(args) => lock::run(cli, args, env),
        Command::Snapshot(_) => later("snapshot"),
        Command::Graph(_) => later("graph"),
        Command::Report(_) => later("report"),
        Command::Doctor(_) => later("doctor"),
        Command::Init => later("init"),
    }
}

/// A command that a later release brings.
fn later(name: &str) -> Result<Exit, Stop> {
    Err(not_yet(&format!("the command {name}")).into())
}
