//! `plan`: what would change. It sends only reads, and writes nothing but the reports it is asked for
//! and, beside a ledger, what spares the next one some reads.

use super::args::Cli;
use super::args::commands::Plan as Args;
use super::args::flags::PlanFormat;
use super::books;
use super::env::Env;
use super::exit::{self, Detail, Exit};
use super::failure::{Audience, Failure, Stop};
use super::last_seen;
use super::planning;
use super::session::{Session, block_on};
use super::{opening, reports};
use crate::model::Account;
use crate::plan::Plan;
use crate::render::{View, human, json, markdown};

/// Makes the plan, shows it, and says whether there is something to do.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    let audience = audience(args.format);
    let plan = block_on(async {
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
    let ledgers = books::read(connected, env)?;
    planning::refuse_ambiguous(&wanted, ledgers.values().map(|opened| &opened.ledger))?;
    let known = |account: &Account| ledgers.get(account).map(|opened| &opened.ledger);
    planning::make_comparable(&mut wanted, known, env);
    wanted.seen = last_seen::known(connected);
    let live = planning::read(&wanted, connected, known, env)
        .await
        .map_err(|error| Failure::from(&error))?;
    last_seen::keep(connected, &wanted.seen, &live.seen);
    let first_file = books::first_file(&opened.loaded, connected);
    let books = books::of_opened(ledgers, &live, &first_file);
    Ok(planning::plan(&wanted, &live, books, connected)?)
}
