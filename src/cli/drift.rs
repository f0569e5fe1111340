//! `drift`: what differs between the file, what was applied last and what is live. It sends only reads, takes no
//! lock and writes nothing but the reports it is asked for, and what it told somebody.

use super::args::Cli;
use super::args::commands::{Drift as Args, DriftClass};
use super::args::flags::{Consents, Format, Targets};
use super::env::Env;
use super::exit::{self, Detail, Exit};
use super::failure::{Audience, Failure, Stop};
use super::session::{Session, reading};
use super::{books, last_seen, notifying, opening, planning, reports};
use crate::diff::World;
use crate::drift::{self, Class, Counted, Drift, Finding, Memory};
use crate::ledger::Ledger;
use crate::model::{Account, Live, Severity};
use crate::render;
use std::collections::BTreeMap;

/// Compares, shows it, and says whether there is drift.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    let audience = match args.format {
        Format::Human => Audience::People,
        Format::Json => Audience::Programs,
    };
    let counted = Counted::with(args.include.iter().map(|class| match class {
        DriftClass::Pending => Class::Pending,
        DriftClass::Unmanaged => Class::Unmanaged,
    }));
    let drift = reading(env, async |env| {
        let mut session = Session::open(&cli.globals, audience, None, env).await?;
        let drift = match args.notify_on_change {
            true => make_and_tell(&mut session, &counted, (audience, env)).await,
            false => make(&mut session, audience, env).await,
        };
        session.close().await;
        drift
    })?;
    let text = match args.format {
        Format::Human => render::drift::human(&drift, &counted, env.streams.out.style()),
        Format::Json => render::drift::json(&drift, &counted),
    };
    env.streams.out.text(&text);
    reports::of_drift(&args.reports, (&drift, &counted), env)?;
    let detail = if args.detailed_exitcode {
        Detail::Detailed
    } else {
        Detail::Plain
    };
    Ok(exit::of_drift(&drift, &counted, detail))
}

/// Compares, and tells the webhook what is news. Who is to be told is looked at first.
async fn make_and_tell(
    session: &mut Session,
    counted: &Counted,
    (audience, env): (Audience, &mut Env),
) -> Result<Drift, Stop> {
    let listener = notifying::listener(session, audience, env)?;
    let drift = make(session, audience, env).await?;
    let before = drift.findings.len();
    let drift = notifying::of_drift(session, listener.as_ref(), (drift, counted)).await;
    // People read it among the findings; what programs read may lie in a file.
    if audience == Audience::Programs && drift.findings.len() > before {
        notifying::say_of_drift(&drift, env);
    }
    Ok(drift)
}

async fn make(session: &mut Session, audience: Audience, env: &mut Env) -> Result<Drift, Stop> {
    let Session { opened, connected } = session;
    let (targets, consents) = (Targets::default(), Consents::default());
    let loaded = &mut opened.loaded;
    let mut wanted = planning::admit(loaded, connected, (&targets, &consents), env)?;
    if wanted.told.has_errors() {
        let (told, sources) = (&wanted.told, &opened.sources);
        return Err(Stop::Told(opening::refuse(told, sources, audience, env)));
    }
    opening::show(&wanted.told, &opened.sources, env);
    let mut before = books::read(connected, env)?;
    let known = |account: &Account| before.get(account).map(|opened| &opened.ledger);
    planning::make_comparable(&mut wanted, known, env);
    // What spares reads is used; keeping it is left to those that may write.
    wanted.seen = last_seen::known(connected);
    let live = planning::read(&wanted, connected, known, env)
        .await
        .map_err(|error| Failure::from(&error))?;
    let mut after = books::read(connected, env)?;
    let first_file = books::first_file(&opened.loaded, connected);
    let mut findings = provider_says(&live);
    let mut memories = BTreeMap::new();
    let mut ledgers: BTreeMap<Account, Ledger> = BTreeMap::new();
    for (account, before) in &mut before {
        before.settle(&live);
        if let Some(after) = after.get_mut(account) {
            after.settle(&live);
            memories.insert(account.clone(), Memory::of(before, after));
        }
        let other = before.other_file(&first_file).map(str::to_owned);
        findings.extend(other.as_deref().map(|other| of_other(account, other)));
        let ledger = std::mem::take(&mut before.ledger);
        ledgers.insert(
            account.clone(),
            planning::own_part(ledger, other.as_deref(), &wanted),
        );
    }
    let world = World {
        desired: &wanted.admitted,
        ledgers: &ledgers,
        live: &live,
        intent: &wanted.intent,
        secrets: &wanted.secrets,
    };
    Ok(drift::compare(&world, &memories).telling(findings))
}

fn of_other(account: &Account, other: &str) -> Finding {
    Finding {
        code: "ledger.other-file",
        severity: Severity::Warning,
        address: None,
        message: format!(
            "the ledger of account {account} was written by runs of {other:?}: what only that file declared is not \
             compared here"
        ),
        origin: None,
    }
}

fn provider_says(live: &Live) -> Vec<Finding> {
    let notes = live.notes.iter();
    let each = notes.map(|(code, address, message)| Finding {
        code,
        severity: Severity::Notice,
        address: address.clone(),
        message: message.clone(),
        origin: None,
    });
    each.collect()
}
