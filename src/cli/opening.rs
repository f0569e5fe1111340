//! Reading the configuration: every problem of it told at once, trust asked for, and nothing sent.

use super::args::flags::Globals;
use super::credentials::Unset;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Failure, Stop};
use super::passwords;
use super::remembered::Remembered;
use crate::config::{self, Disk, Loaded, Loading, Trusted, Untrusted};
use crate::diag::{Diagnostics, Severity, Sources};
use crate::model::dns::Apex;
use crate::render::{self, json};
use std::path::{Path, PathBuf};

/// A configuration without errors.
#[derive(Debug)]
pub(super) struct Opened {
    /// What it says.
    pub(super) loaded: Loaded,
    /// Its texts.
    pub(super) sources: Sources,
}

/// Reads the file or folder that `--config` names; what is missing in trust is among its problems, after a
/// person at a terminal was asked.
pub(super) fn read(globals: &Globals, env: &mut Env) -> Result<Loading, Failure> {
    read_showing(globals, None, env)
}

/// The same, and shows a domain.
pub(super) fn read_showing(
    globals: &Globals,
    domain: Option<&Apex>,
    env: &mut Env,
) -> Result<Loading, Failure> {
    let path = at(globals, env);
    let mut trusted = Trusted::default();
    for word in globals.trust.iter().cloned().chain(env.trusted()) {
        trusted.add(&word);
    }
    let read = config::load_showing((&Disk, &path), &trusted, domain);
    // Only where nothing else is wrong: else the answer would be about something that changes anyway.
    let only_trust = read.told.count(Severity::Error) == read.untrusted.len();
    if read.untrusted.is_empty() || !only_trust {
        return Ok(read);
    }
    for missing in &read.untrusted {
        if !asked(missing, &path, env)? {
            return Ok(read);
        }
        trusted.add_thing(&missing.what);
    }
    Ok(config::load_showing((&Disk, &path), &trusted, domain))
}

/// Reads it for a command that goes on only without errors.
pub(super) fn open(globals: &Globals, audience: Audience, env: &mut Env) -> Result<Opened, Stop> {
    let mut read = read(globals, env)?;
    if read.told.has_errors() {
        // Without errors they are read once, with those that a command prints.
        judge(&mut read, env);
    }
    match read.loaded {
        Some(loaded) if !read.told.has_errors() => {
            show(&read.told, &read.sources, env);
            Ok(Opened {
                loaded,
                sources: read.sources,
            })
        }
        Some(_) | None => Err(Stop::Told(refuse(&read.told, &read.sources, audience, env))),
    }
}

/// Holds those passwords that are at hand to the provider's rule. One that is not set is not missed, and none is made
/// up; no command is run.
pub(super) fn judge(read: &mut Loading, env: &mut Env) {
    let how = (passwords::Sources::WithoutCommands, Unset::Refused);
    let passwords = passwords::read(&read.secrets, |_| true, how, env);
    for problem in passwords.judge(passwords::NAMEBAY).sorted() {
        read.told.push(problem.clone());
    }
}

/// Where the configuration is.
pub(super) fn at(globals: &Globals, env: &Env) -> PathBuf {
    env.folder.join(&globals.config)
}

/// Tells all problems, and ends with 3.
pub(super) fn refuse(
    told: &Diagnostics,
    sources: &Sources,
    audience: Audience,
    env: &mut Env,
) -> Exit {
    let errors = told.count(Severity::Error);
    let message = match errors {
        1 => "the configuration has an error; nothing was sent".to_owned(),
        _ => format!("the configuration has {errors} errors; nothing was sent"),
    };
    match audience {
        Audience::Programs => {
            let failure = json::Failure {
                code: "config.invalid".into(),
                message,
                exit: Exit::Invalid.code(),
            };
            env.streams
                .out
                .text(&json::failure(&failure, told, sources));
        }
        Audience::People => {
            show(told, sources, env);
            env.streams.err.line(&message);
        }
    }
    Exit::Invalid
}

/// Shows problems to people.
pub(super) fn show(told: &Diagnostics, sources: &Sources, env: &mut Env) {
    if told.is_empty() {
        return;
    }
    let style = env.streams.err.style();
    env.streams
        .err
        .text(&render::diagnostics::problems(told, sources, style));
}

/// On a terminal the first use asks, and remembers outside the repository.
fn asked(missing: &Untrusted, first_file: &Path, env: &mut Env) -> Result<bool, Failure> {
    let mut remembered = Remembered::open(env.state_folder().as_deref());
    let first_file = first_file
        .canonicalize()
        .unwrap_or_else(|_| first_file.to_owned());
    if remembered.holds(&first_file, &missing.what) {
        return Ok(true);
    }
    let question = format!(
        "{}\nThe file asks for this, and a change to the file could ask for anything. Trust it here from now on? [y/N] ",
        render::escape::inert(&missing.what)
    );
    let yes = env
        .ask(&question)
        .is_some_and(|answer| matches!(answer.trim(), "y" | "Y" | "yes"));
    if yes {
        remembered.remember(&first_file, &missing.what)?;
    }
    Ok(yes)
}
