//! The command line: what can be written on it, and what of it has no effect yet.
//!
//! The whole of it is read from the start, so that a flag is never silently ignored: what a later release
//! brings is named in `not_yet`. Nothing here runs anything or looks at the environment.

pub mod commands;
pub mod flags;
pub(super) mod not_yet;
pub mod values;

use super::exit::Exit;
use super::failure::Failure;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use flags::Globals;
use std::ffi::OsString;

/// Domains, DNS zones and records as code.
///
/// A TOML file says what shall be; bailiwick compares it with what is live at the provider, shows a plan,
/// and carries it out.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "bailiwick",
    version,
    disable_help_subcommand = true,
    after_help = "\
Examples:
  bailiwick --sandbox apply --yes     try it against a simulator; no account is needed
  bailiwick validate                  check the file, offline
  bailiwick plan                      show what would change
  bailiwick apply                     show it, ask, and do it

Exit codes:
  0 done, or nothing to do            5 refused by a guard      9 outcome unknown
  1 error; nothing was changed        6 plan stale             10 the rest is pending
  2 changes (--detailed-exitcode)     7 ledger locked
  3 usage or file invalid             8 partly applied
  4 credentials refused"
)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub globals: Globals,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Check the file, offline.
    Validate(flags::AsJson),
    /// Show what would change.
    Plan(Box<commands::Plan>),
    /// Show what would change, ask, and carry it out.
    Apply(Box<commands::Apply>),
    /// Compare the file, what was last applied and what is live.
    Drift(commands::Drift),
    /// Show what the file says of a domain after templates, groups and defaults.
    Show(commands::Show),
    /// Write the TOML that describes what is live.
    Import(commands::Import),
    /// Write the live zone as an RFC 1035 master file.
    Export(commands::Export),
    /// List the account's catalogue with prices.
    Products(commands::Products),
    /// Ask whether names are free, and their price.
    Check(commands::Check),
    /// Plan and apply a renewal now.
    #[command(hide = true)]
    Renew(Box<commands::Renew>),
    /// Tell what is under way at the provider.
    Orders(commands::Orders),
    /// Read the provider's message queue.
    Events(commands::Events),
    /// Tell what the provider named: handles, logins, hosts.
    Outputs(commands::Outputs),
    /// Settle an operation whose outcome is unknown.
    Resolve(commands::Resolve),
    /// Tell who holds the ledger, or free it.
    #[command(subcommand)]
    Lock(commands::Lock),
    /// Write down what is live and what the ledger holds, for `plan --live`.
    #[command(hide = true)]
    Snapshot(commands::Snapshot),
    /// Print the dependency graph of the plan.
    #[command(hide = true)]
    Graph(commands::Graph),
    /// Work with reports.
    #[command(subcommand, hide = true)]
    Report(commands::Report),
    /// Check credentials, clock, endpoints, limits and balance.
    #[command(hide = true)]
    Doctor(commands::Doctor),
    /// Write a first file.
    #[command(hide = true)]
    Init,
    /// Run the simulator by itself.
    #[command(subcommand)]
    Sandbox(commands::Sandbox),
    /// Print the JSON Schema of the file.
    Schema,
    /// Print a completion script.
    Completions(commands::Completions),
    /// Print the manual page.
    Man,
}

/// What reading the arguments comes to.
#[derive(Debug)]
pub enum Read {
    /// A command to run.
    Run(Box<Cli>),
    /// Help or the version was asked for: the text, plain and with colour.
    Told(clap::builder::StyledStr),
    /// They make no sense.
    Refused(Failure),
}

/// Reads the arguments; the first is the program's name.
pub fn read(arguments: &[OsString]) -> Read {
    let matches = match Cli::command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) if !error.use_stderr() => return Read::Told(error.render()),
        Err(error) => return Read::Refused(refused(&error)),
    };
    let mut cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return Read::Refused(refused(&error)),
    };
    cli.globals.trust = trusted(arguments);
    match cli.conflict().or_else(|| cli.not_yet()) {
        Some(failure) => Read::Refused(failure),
        None => Read::Run(Box::new(cli)),
    }
}

/// The whole command, for completions and the manual page.
pub fn command() -> clap::Command {
    Cli::command()
}

/// True if the arguments ask for JSON on stdout, whether or not they make sense as a whole.
pub fn wants_json(arguments: &[OsString]) -> bool {
    let mut before = "";
    for argument in words(arguments) {
        if argument == "--json"
            || argument == "--format=json"
            || (before == "--format" && argument == "json")
        {
            return true;
        }
        before = argument;
    }
    false
}

/// True if the command is `validate`, whether or not the arguments make sense as a whole.
pub(super) fn is_validate(arguments: &[OsString]) -> bool {
    words(arguments).any(|word| word == "validate")
}

/// What stands after each `--trust`. Clap keeps only the last level's values of a global option that
/// stands both before and after the command; an option's value never begins with a dash there, so that
/// reading the words once more finds all of them.
fn trusted(arguments: &[OsString]) -> Vec<String> {
    let mut found = Vec::new();
    let mut words = words(arguments);
    while let Some(word) = words.next() {
        if word == "--trust" {
            found.extend(words.next().map(str::to_owned));
        } else if let Some(value) = word.strip_prefix("--trust=") {
            found.push(value.to_owned());
        }
    }
    found
}

/// The arguments that are text, up to `--`.
fn words(arguments: &[OsString]) -> impl Iterator<Item = &str> {
    arguments
        .iter()
        .skip(1)
        .map(|argument| argument.to_str().unwrap_or(""))
        .take_while(|argument| *argument != "--")
}

impl Cli {
    /// Clap looks for conflicts on each level by itself; these may stand on two.
    fn conflict(&self) -> Option<Failure> {
        (self.globals.quiet && self.globals.verbose).then(|| {
            Failure::new(
                Exit::Invalid,
                "usage.conflict",
                "--quiet and --verbose exclude each other",
            )
        })
    }
}

/// The failure that clap's error is; its first paragraph is the message.
fn refused(error: &clap::Error) -> Failure {
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let (message, rest) = text.split_once("\n\n").unwrap_or((text, ""));
    let message = if message.is_empty() || text.starts_with("Domains") {
        "a command is needed"
    } else {
        message.trim_end()
    };
    Failure::new(Exit::Invalid, "usage.invalid", message).help(rest.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    fn run(line: &str) -> Cli {
        match read(&arguments(line)) {
            Read::Run(cli) => *cli,
            other @ (Read::Told(_) | Read::Refused(_)) => panic!("{line}: {other:?}"),
        }
    }

    fn refusal(line: &str) -> Failure {
        match read(&arguments(line)) {
            Read::Refused(failure) => failure,
            other @ (Read::Told(_) | Read::Run(_)) => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn the_definition_holds_together() {
        command().debug_assert();
    }

    #[test]
    fn global_options_stand_before_or_after_the_command() {
        for line in [
            "bailiwick --config a --sandbox=b --trust x --trust y plan",
            "bailiwick plan --config a --sandbox=b --trust x --trust y",
            "bailiwick --config a --trust x plan --trust=y --sandbox=b",
        ] {
            let globals = run(line).globals;
            assert_eq!(globals.config.to_str(), Some("a"), "{line}");
            assert_eq!(globals.sandbox, Some(Some("b".into())), "{line}");
            assert_eq!(globals.trust, ["x", "y"], "{line}");
        }
        assert_eq!(run("bailiwick --sandbox plan").globals.sandbox, Some(None));
        assert_eq!(run("bailiwick plan").globals.sandbox, None);
    }

    #[test]
    fn a_wrong_command_line_is_one_sentence_and_exit_3() {
        for line in [
            "bailiwick",
            "bailiwick plam",
            "bailiwick plan --frobnicate",
            "bailiwick plan --format yaml",
            "bailiwick apply --patience soon",
            "bailiwick apply --parallelism 0",
            "bailiwick import",
            "bailiwick import --all example.com",
            "bailiwick --quiet plan --verbose",
            "bailiwick resolve domain.example.com",
        ] {
            let failure = refusal(line);
            assert_eq!(failure.exit, Exit::Invalid, "{line}");
            assert!(
                !failure.message.is_empty() && !failure.message.contains("\n\n"),
                "{line}"
            );
        }
    }

    #[test]
    fn json_is_recognised_before_the_arguments_make_sense() {
        for line in [
            "b plan --format json --oops",
            "b --oops plan --format=json",
            "b validate --json",
        ] {
            assert!(wants_json(&arguments(line)), "{line}");
        }
        for line in ["b plan", "b plan --format human", "b import -- --json"] {
            assert!(!wants_json(&arguments(line)), "{line}");
        }
    }
}
