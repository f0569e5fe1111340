//! `check`: whether names that are in no file can be registered or transferred, and what a year costs.
//!
//! It reads nothing but what is asked for, orders nothing, and never asks for a new auth code.

use super::args::Cli;
use super::args::commands::Check as Args;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Failure, Stop};
use super::markets;
use super::session::{Session, block_on};
use crate::model::Secret;
use crate::model::dns::Apex;
use crate::model::market::{Availability, Checked};
use crate::provider::{ProviderError, Question};
use crate::render::catalogue::{self, Answered};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The variable that holds the auth code where the flag names none.
const AUTH_CODE: &str = "AUTH_CODE";

/// Asks about each name, in the order given.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    let audience = args.json.audience();
    let (mut names, mut seen) = (Vec::new(), BTreeSet::new());
    for name in &args.names {
        let name = apex(name)?;
        if seen.insert(Arc::clone(&name)) {
            names.push(name);
        }
    }
    let code = match &args.transfer {
        Some(variable) => Some(auth_code(variable.as_deref().unwrap_or(AUTH_CODE), env)?),
        None => None,
    };
    let all = block_on(async {
        let session = Session::open(&cli.globals, audience, None, env).await?;
        let all = ask(&session, &names, code.as_ref()).await;
        session.close().await;
        Ok(all?)
    })?;
    let text = match audience {
        Audience::Programs => catalogue::checked_json(&all),
        Audience::People => catalogue::checked_table(&all),
    };
    env.streams.out.text(&text);
    Ok(Exit::Done)
}

/// Availability is the same for each account of a provider, and so the first of the file is asked.
async fn ask(
    session: &Session,
    names: &[Arc<str>],
    code: Option<&Secret>,
) -> Result<Vec<Answered>, Failure> {
    let (account, market) = markets::all(&session.connected, "check")?[0];
    let question = code.map_or(Question::Free, Question::Transferable);
    let mut all = Vec::new();
    for name in names {
        let checked = market.check(name, question).await;
        let checked = match checked {
            Ok(checked) => checked,
            Err(error @ ProviderError::Credentials(_)) => return Err(Failure::from(&error)),
            // One name that is not answered does not lose the others.
            Err(error) => Checked {
                name: (**name).into(),
                availability: Some(Availability::Unknown(error.reason().text.clone())),
                transfer: None,
                price: None,
            },
        };
        all.push(Answered {
            account: account.clone(),
            checked,
        });
    }
    Ok(all)
}

fn apex(name: &str) -> Result<Arc<str>, Failure> {
    let read = Apex::parse(name).map_err(|error| {
        let message = format!("{name:?} is no domain name: {error}");
        Failure::new(Exit::Invalid, "usage.domain", message)
    })?;
    let name = read.shared();
    if !name.contains('.') {
        let message =
            format!("{name:?} is a TLD or a single word, and no name that could be registered");
        return Err(Failure::new(Exit::Invalid, "usage.domain", message)
            .help(format!("write it with its TLD: {name}.com")));
    }
    Ok(Arc::clone(name))
}

fn auth_code(variable: &str, env: &Env) -> Result<Secret, Failure> {
    let value = env.variable(variable).filter(|value| !value.is_empty());
    value.map(Secret::new).ok_or_else(|| {
        let message =
            format!("the variable {variable} is not set, so there is no auth code to ask with");
        Failure::new(Exit::Invalid, "usage.auth-code", message)
            .help("set it, or name another one: --transfer=ENV")
    })
}
