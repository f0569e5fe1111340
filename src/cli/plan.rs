//! `plan`: what would change. It sends only reads, and writes nothing but the files it is asked for
//! and, beside a ledger, what spares the next one some reads; a ledger that a saved plan can be bound to is made.

use super::args::Cli;
use super::args::commands::Plan as Args;
use super::args::flags::PlanFormat;
use super::args::values::{ReportKind, ReportTo};
use super::books;
use super::env::Env;
use super::exit::{self, Detail, Exit};
use super::failure::{Audience, Failure, Stop};
use super::files::{self, Existing};
use super::last_seen;
use super::planning;
use super::session::{Session, reading};
use super::{opening, reports};
use crate::ledger::{Entry, Ledger, Opened};
use crate::model::Account;
use crate::plan::{self, Plan};
use crate::render::{View, human, json, markdown};
use std::collections::BTreeMap;

/// Makes the plan, shows it, and says whether there is something to do.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    let audience = audience(args.format);
    let plan = reading(env, async |env| {
        let mut session = Session::open(&cli.globals, audience, None, env).await?;
        let plan = make(&mut session, args, audience, env).await;
        session.close().await;
        plan
    })?;
    let text = match args.format {
        PlanFormat::Human => human::plan(&View::of(&plan), env.streams.out.style()),
        PlanFormat::Json => json::plan(&plan),
        PlanFormat::Markdown => markdown::plan(&View::of(&plan)),
        PlanFormat::Html | PlanFormat::Dot | PlanFormat::Mermaid => {
            return Err(super::args::not_yet::not_yet("this format of plan").into());
        }
    };
    if let Some(path) = &args.out {
        files::write(
            &env.folder.join(path),
            &json::plan(&plan),
            Existing::Replace,
        )?;
    }
    env.streams.out.text(&text);
    reports::of_plan(&args.reports, &plan, env)?;
    let detail = if args.detailed_exitcode {
        Detail::Detailed
    } else {
        Detail::Plain
    };
    Ok(exit::of_plan(&plan, detail))
}

fn audience(format: PlanFormat) -> Audience {
    match format {
        PlanFormat::Json => Audience::Programs,
        PlanFormat::Human
        | PlanFormat::Markdown
        | PlanFormat::Html
        | PlanFormat::Dot
        | PlanFormat::Mermaid => Audience::People,
    }
}

async fn make(
    session: &mut Session,
    args: &Args,
    audience: Audience,
    env: &mut Env,
) -> Result<Plan, Stop> {
    let Session { opened, connected } = session;
    let mut wanted = planning::admit(
        &mut opened.loaded,
        connected,
        (&args.targets, &args.consents),
        env,
    )?;
    if wanted.told.has_errors() {
        return Err(Stop::Told(opening::refuse(
            &wanted.told,
            &opened.sources,
            audience,
            env,
        )));
    }
    opening::show(&wanted.told, &opened.sources, env);
    let ledgers = match args.out {
        Some(_) => books::establish(connected, env)?,
        None => books::read(connected, env)?,
    };
    planning::refuse_ambiguous(&wanted, ledgers.values().map(|opened| &opened.ledger))?;
    let known = |account: &Account| ledgers.get(account).map(|opened| &opened.ledger);
    planning::make_comparable(&mut wanted, known, env);
    wanted.seen = last_seen::known(connected);
    let live = planning::read(&wanted, connected, known, env)
        .await
        .map_err(|error| Failure::from(&error))?;
    last_seen::keep(connected, &wanted.seen, &live.seen);
    let first_file = books::first_file(&opened.loaded, connected);
    let ids: BTreeMap<String, String> = ledgers
        .iter()
        .map(|(account, opened)| (account.to_string(), opened.ledger.id.to_string()))
        .collect();
    let sent = match is_written_down(args) {
        true => with_secrets(&ledgers),
        false => BTreeMap::new(),
    };
    let books = books::of_opened(ledgers, &live, &first_file);
    let mut plan = planning::plan(&wanted, &live, books, connected)?;
    if args.out.is_some() {
        // All of them are there now.
        plan.binds.ledger = ids;
    }
    if is_written_down(args) {
        plan::bind(&mut plan, (&wanted.admitted, &wanted.guards), &sent);
    }
    Ok(plan)
}

/// Of each ledger, what holds a fingerprint: that alone is bound to.
fn with_secrets(ledgers: &BTreeMap<Account, Opened>) -> BTreeMap<Account, Ledger> {
    let secret = |entry: &Entry| {
        let mut parts = entry.parts.iter();
        parts.any(|part| part.attrs.secret_names().next().is_some())
    };
    let of = |ledger: &Ledger| {
        let entries = ledger.entries.iter().filter(|(_, entry)| secret(entry));
        entries
            .map(|(address, entry)| (address.clone(), entry.clone()))
            .collect()
    };
    let each = ledgers.iter().map(|(account, opened)| {
        let ledger = Ledger {
            entries: of(&opened.ledger),
            ..Ledger::default()
        };
        (account.clone(), ledger)
    });
    each.collect()
}

/// True if the plan leaves the process as data.
fn is_written_down(args: &Args) -> bool {
    let json = |report: &ReportTo| report.kind == ReportKind::Json;
    args.out.is_some() || args.format == PlanFormat::Json || args.reports.report.iter().any(json)
}
