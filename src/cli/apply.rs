//! `apply`: the plan is made under the lock, shown, asked about, approved and carried out.

use super::args::Cli;
use super::args::commands::Apply as Args;
use super::args::commands::ApplyFlags;
use super::args::flags::Format;
use super::books;
use super::env::Env;
use super::exit::{self, Exit, PendingIs};
use super::failure::{Audience, Failure, Stop};
use super::running::{self, Run};
use super::session::{Session, block_on};
use super::signals::{Signal, Signals};
use super::{opening, planning, reports};
use crate::apply::Report;
use crate::ledger::{Ledger, Locked};
use crate::model::{Account, Live};
use crate::plan::{self, Approved, Consent, Plan, Refusal};
use crate::render::{View, human, json, outcome};
use std::collections::BTreeMap;

/// Reads again what is older than this when the answer comes.
const FRESH: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

/// Makes the plan, asks, carries it out, and tells what came of it.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    let flags = &args.flags;
    let audience = match flags.format {
        Format::Human => Audience::People,
        Format::Json => Audience::Programs,
    };
    if !flags.running.yes && !env.can_ask() {
        let failure = Failure::new(
            Exit::Refused,
            "apply.unconfirmed",
            "nobody is there to confirm the plan",
        );
        return Err(failure
            .help("without a terminal, say it before: bailiwick apply --yes")
            .into());
    }
    let (report, signal) = block_on(async {
        let mut signals = env.signals().map_err(|error| {
            Failure::new(
                Exit::Failed,
                "signals",
                format!("signals cannot be listened to: {error}"),
            )
        })?;
        let mut session =
            Session::open(&cli.globals, audience, Some(flags.running.parallelism), env).await?;
        let done = carry_out(cli, flags, audience, (&mut session, &mut signals), env).await;
        session.close().await;
        done
    })?;
    let pending = if flags.running.pending_ok {
        PendingIs::Fine
    } else {
        PendingIs::Told
    };
    let exit = exit::of_report(&report, pending, signal);
    match flags.format {
        Format::Human => {
            let style = env.streams.out.style();
            env.streams
                .out
                .text(&outcome::report(&beside_plan(&report), style));
        }
        Format::Json => env.streams.out.text(&json::report(&report, exit.code())),
    }
    reports::of_apply(&flags.reports, &report, exit.code(), env)?;
    Ok(exit)
}

/// The plan stands above it: of its findings only those that refused something are said once more.
fn beside_plan(report: &Report) -> Report {
    let mut report = report.clone();
    report
        .findings
        .retain(|finding| finding.severity == crate::diag::Severity::Error);
    report
}

type Ended = (Report, Option<Signal>);

async fn carry_out(
    cli: &Cli,
    flags: &ApplyFlags,
    audience: Audience,
    (session, signals): (&mut Session, &mut Signals),
    env: &mut Env,
) -> Result<Ended, Stop> {
    let Session { opened, connected } = session;
    let asked = (&flags.targets, &flags.consents);
    let mut wanted = planning::admit(&mut opened.loaded, connected, asked, env)?;
    if wanted.told.has_errors() {
        return Err(Stop::Told(opening::refuse(
            &wanted.told,
            &opened.sources,
            audience,
            env,
        )));
    }
    opening::show(&wanted.told, &opened.sources, env);
    let mut locked = books::lock(connected, env)?;
    planning::refuse_ambiguous(&wanted, locked.values().map(Locked::ledger))?;
    let ledger_of = |account: &Account| locked.get(account).map(Locked::ledger);
    planning::make_comparable(&mut wanted, ledger_of, env);
    let live = tokio::select! {
        read = planning::read(&wanted, connected, |account| locked.get(account).map(Locked::ledger), env) => read.map_err(|error| Failure::from(&error))?,
        signal = signals.next() => return Err(Stop::Told(Exit::Stopped(signal))),
    };
    let first_file = books::first_file(&opened.loaded, connected);
    let books = books::of_locked(&mut locked, &live, &first_file);
    let plan = planning::plan(&wanted, &live, books, connected)?;
    show(&plan, flags, env);
    let idle = plan.steps.is_empty() && !locked.values().any(has_something_to_note);
    if idle || refused_whole(&plan) {
        return Ok((running::not_run(plan), None));
    }
    if !confirmed(&plan, flags, signals, env).await? {
        let failure = Failure::new(
            Exit::Refused,
            "apply.unconfirmed",
            "not confirmed; nothing was changed",
        );
        return Err(failure.into());
    }
    let live = match env.now().duration_since(live.as_of) > FRESH {
        true => {
            let ledger_of = |account: &Account| locked.get(account).map(Locked::ledger);
            again(planning::read(&wanted, connected, ledger_of, env).await)?
        }
        false => live,
    };
    let approved = approve(plan, &known(&locked), live)?;
    let run = Run {
        approved,
        secrets: wanted.passwords,
        locked,
        first_file,
        flags,
        globals: &cli.globals,
    };
    running::run(run, connected, signals, env)
        .await
        .map_err(Stop::from)
}

fn again(read: Result<Live, crate::provider::ProviderError>) -> Result<Live, Failure> {
    read.map_err(|error| Failure::from(&error))
}

fn known(locked: &BTreeMap<Account, Locked>) -> BTreeMap<Account, Ledger> {
    locked
        .iter()
        .map(|(account, locked)| (account.clone(), locked.ledger().clone()))
        .collect()
}

/// With `--format json` stdout holds only the report; a plan that is asked about goes to stderr.
fn show(plan: &Plan, flags: &ApplyFlags, env: &mut Env) {
    let view = View::of(plan);
    match flags.format {
        Format::Human => {
            let style = env.streams.out.style();
            env.streams.out.text(&human::plan(&view, style));
        }
        Format::Json if !flags.running.yes => {
            let style = env.streams.err.style();
            env.streams.err.text(&human::plan(&view, style));
        }
        Format::Json => {}
    }
}

/// What an earlier run left in the journal, and zones of ours that may be at their goal by now.
fn has_something_to_note(locked: &Locked) -> bool {
    locked.crashed()
        || locked
            .ledger()
            .entries
            .values()
            .any(|entry| entry.made.is_some())
}

fn refused_whole(plan: &Plan) -> bool {
    plan.findings.iter().any(|finding| {
        finding.severity == crate::diag::Severity::Error && finding.scope == plan::Scoped::Plan
    })
}

/// What changes nothing at a provider needs no answer.
async fn confirmed(
    plan: &Plan,
    flags: &ApplyFlags,
    signals: &mut Signals,
    env: &mut Env,
) -> Result<bool, Stop> {
    if flags.running.yes || !plan.changes {
        return Ok(true);
    }
    let Some(answer) = env.question("\nCarry this out? Only \"yes\" does. ") else {
        return Ok(false);
    };
    tokio::select! {
        answer = tokio::task::spawn_blocking(answer) => {
            Ok(matches!(answer, Ok(Some(text)) if text.trim() == "yes"))
        }
        signal = signals.next() => Err(Stop::Told(Exit::Stopped(signal))),
    }
}

fn approve(
    plan: Plan,
    ledgers: &BTreeMap<Account, Ledger>,
    live: Live,
) -> Result<Approved, Failure> {
    plan::approve(plan, ledgers, live, Consent::Given).map_err(|refusal| match refusal {
        Refusal::Guard(findings) => {
            let texts: Vec<&str> = findings.iter().map(|finding| &*finding.message).collect();
            Failure::new(Exit::Refused, "apply.refused", texts.join("; "))
        }
        Refusal::Stale(stale) => {
            let texts: Vec<String> = stale
                .iter()
                .map(|stale| format!("{}: {}", stale.unit, stale.what))
                .collect();
            Failure::new(
                Exit::Stale,
                "plan.stale",
                format!("what is live changed since the plan: {}", texts.join("; ")),
            )
            .help("nothing was changed; run it again and look at the new plan")
        }
    })
}
