//! `apply`: the plan is made under the lock, or was saved before; shown, asked about, approved and carried out.

use super::args::Cli;
use super::args::commands::Apply as Args;
use super::args::commands::ApplyFlags;
use super::args::flags::Format;
use super::books::{self, Arrived};
use super::connect::Connected;
use super::env::Env;
use super::exit::{self, Exit, PendingIs};
use super::failure::{Audience, Failure, Stop};
use super::planning::Wanted;
use super::running::{self, Run};
use super::sealed::SealedFolder;
use super::session::{Session, block_on, listen};
use super::signals::{Signal, Signals};
use super::{approvals, notifying, opening, planning, reports, saved};
use crate::apply::{Keeping, NoPlace, Report};
use crate::config::Loaded;
use crate::ledger::{Ledger, Locked};
use crate::model::{Account, Live};
use crate::plan::{self, Approved, Consent, Plan, Refusal};
use crate::render::{View, human, json, outcome};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Reads again what is older than this when the answer comes.
const FRESH: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

/// Makes the plan, asks, carries it out, and tells what came of it.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    let flags = &args.flags;
    let audience = match flags.format {
        Format::Human => Audience::People,
        Format::Json => Audience::Programs,
    };
    let saved = match &args.plan {
        Some(path) => Some(checked(path, flags, env)?),
        None if flags.running.max_age.is_some() => {
            let message = "--max-age is about a saved plan, and none is named";
            let failure = Failure::new(Exit::Invalid, "usage.max-age", message);
            return Err(failure
                .help("name it: bailiwick apply FILE --max-age 1h")
                .into());
        }
        None => None,
    };
    let approval = saved.is_some() || flags.running.expect.is_some();
    if !approval && !flags.running.yes && !env.can_ask() {
        let failure = Failure::new(
            Exit::Refused,
            "apply.unconfirmed",
            "nobody is there to confirm the plan",
        );
        return Err(failure
            .help("without a terminal, say it before: bailiwick apply --yes")
            .into());
    }
    let pending = if flags.running.pending_ok {
        PendingIs::Fine
    } else {
        PendingIs::Told
    };
    let (report, exit) = block_on(async {
        let mut signals = listen(env)?;
        let mut session =
            Session::open(&cli.globals, audience, Some(flags.running.parallelism), env).await?;
        let mut arrived = Arrived::new();
        let asked = Asked {
            cli,
            flags,
            saved,
            audience,
            arrived: &mut arrived,
        };
        let done = carry_out(asked, &mut session, &mut signals, env).await;
        let outside = (&mut signals, &mut *env);
        let told = match done {
            Ok((mut report, signal)) => {
                let exit = exit::of_report(&report, pending, signal);
                let ended = (&mut report, exit);
                notifying::of_report((&session, &arrived), ended, outside).await;
                Ok((report, exit))
            }
            Err(Stop::Failed(failure)) => {
                notifying::of_failure(&session, &failure, outside).await;
                Err(Stop::Failed(failure))
            }
            Err(told @ Stop::Told(_)) => Err(told),
        };
        session.close().await;
        told
    })?;
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

/// The plan stands above it: of its findings only those that refused something are said once more, beside what was kept.
fn beside_plan(report: &Report) -> Report {
    let mut report = report.clone();
    report.findings.retain(|finding| {
        finding.severity == crate::diag::Severity::Error
            || ["secret.kept", "secret.not-kept"].contains(&finding.code)
    });
    report
}

type Ended = (Report, Option<Signal>);

/// What is to be done, and how.
struct Asked<'a> {
    cli: &'a Cli,
    flags: &'a ApplyFlags,
    saved: Option<Plan>,
    audience: Audience,
    /// Gets what was pending and is done.
    arrived: &'a mut Arrived,
}

/// Reads a saved plan, and looks at what can be told of it alone.
fn checked(path: &Path, flags: &ApplyFlags, env: &Env) -> Result<Plan, Failure> {
    saved::refuse_flags(&flags.targets, &flags.consents)?;
    let plan = saved::open(path, env)?;
    saved::check(&plan, &flags.running, env.now())?;
    Ok(plan)
}

async fn carry_out(
    asked: Asked<'_>,
    session: &mut Session,
    signals: &mut Signals,
    env: &mut Env,
) -> Result<Ended, Stop> {
    let Asked {
        cli,
        flags,
        saved,
        audience,
        arrived,
    } = asked;
    let Session { opened, connected } = session;
    let given = (&flags.targets, &flags.consents);
    let mut wanted = planning::admit(&mut opened.loaded, connected, given, env)?;
    if wanted.told.has_errors() {
        return Err(Stop::Told(opening::refuse(
            &wanted.told,
            &opened.sources,
            audience,
            env,
        )));
    }
    opening::show(&wanted.told, &opened.sources, env);
    let first_file = books::first_file(&opened.loaded, connected);
    let once = saved.is_some();
    let made = match saved {
        Some(plan) => {
            held(
                plan,
                &mut wanted,
                (connected, &first_file, flags),
                (signals, env),
            )
            .await?
        }
        None => planned(&mut wanted, (connected, &first_file, flags), (signals, env)).await?,
    };
    *arrived = std::mem::take(&mut wanted.arrived);
    let Ready {
        plan,
        live,
        locked,
        consent,
    } = match made {
        Made::Ready(ready) => *ready,
        Made::NotRun(plan) => return Ok((running::not_run(*plan), None)),
        Made::Interrupted(plan, signal) => {
            return Ok((running::interrupted(*plan), Some(signal)));
        }
    };
    // What came while the plan was made and nobody listened counts before the first write.
    if let Some(signal) = signals.arrived().await {
        return Ok((running::interrupted(plan), Some(signal)));
    }
    // What a guard holds back is approved too, once the guard lets it go.
    approvals::keep(&plan, &locked, connected);
    let once = once.then(|| approvals::id(&plan));
    let approved = approve(plan, &saved::known(&locked), (live, consent))?;
    let run = Run {
        approved,
        secrets: wanted.passwords,
        keeping: keeping(&opened.loaded, connected),
        locked,
        first_file,
        flags,
        globals: &cli.globals,
    };
    let (mut report, signal) = running::run(run, connected, signals, env).await?;
    // What a guard held back, or what was cut off, may still go on.
    if let Some(id) = once.filter(|_| approvals::is_whole(&report))
        && let Err(error) = approvals::spend(&id, connected)
    {
        let text = format!(
            "that this plan was applied could not be noted: {error}. Do not apply it again"
        );
        report
            .findings
            .push(plan::Finding::told("plan.not-noted", None, text));
    }
    Ok((report, signal))
}

/// Where secrets go that are told once; in the sandbox, below its folder.
fn keeping(loaded: &Loaded, connected: &Connected) -> Arc<dyn Keeping> {
    let sandbox = connected.sandbox.as_ref();
    let ledgers = sandbox.and(connected.ledgers.folder());
    let instead = ledgers.map(|ledgers| ledgers.with_file_name("secrets"));
    match &loaded.sealing {
        Some(sealing) => Arc::new(SealedFolder::new(sealing, instead)),
        None => Arc::new(NoPlace),
    }
}

/// A plan, and whether it goes on.
enum Made {
    Ready(Box<Ready>),
    NotRun(Box<Plan>),
    Interrupted(Box<Plan>, Signal),
}

/// A plan to which somebody said yes.
struct Ready {
    plan: Plan,
    live: Live,
    locked: BTreeMap<Account, Locked>,
    consent: Consent,
}

/// A saved plan, shown and held against the world of now.
async fn held(
    plan: Plan,
    wanted: &mut Wanted,
    (connected, first_file, flags): (&Connected, &str, &ApplyFlags),
    (signals, env): (&mut Signals, &mut Env),
) -> Result<Made, Stop> {
    let held = tokio::select! {
        held = saved::hold(plan, wanted, (connected, first_file), env) => held?,
        signal = signals.next() => return Err(Failure::interrupted(signal).into()),
    };
    let saved::Held {
        mut plan,
        live,
        locked,
    } = held;
    approvals::refuse_spent(&plan, &locked, connected)?;
    if flags.format == Format::Human {
        show(&plan, flags, env);
    }
    if plan.steps.is_empty() || refused_whole(&plan) {
        return Ok(Made::NotRun(Box::new(plan)));
    }
    // Only a part was read: that nothing is left to do elsewhere is not known.
    plan.complete = false;
    Ok(Made::Ready(Box::new(Ready {
        plan,
        live,
        locked,
        consent: Consent::ByDigest,
    })))
}

/// A plan made under the lock, shown and asked about.
async fn planned(
    wanted: &mut Wanted,
    (connected, first_file, flags): (&Connected, &str, &ApplyFlags),
    (signals, env): (&mut Signals, &mut Env),
) -> Result<Made, Stop> {
    let mut locked = books::lock(connected, env)?;
    planning::refuse_ambiguous(wanted, locked.values().map(Locked::ledger))?;
    let ledger_of = |account: &Account| locked.get(account).map(Locked::ledger);
    planning::make_comparable(wanted, ledger_of, env);
    let live = tokio::select! {
        read = planning::read(wanted, connected, |account| locked.get(account).map(Locked::ledger), env) => read.map_err(|error| Failure::from(&error))?,
        signal = signals.next() => return Err(Failure::interrupted(signal).into()),
    };
    wanted.arrived = books::arrived(&locked, &live);
    let books = books::of_locked(&mut locked, &live, first_file);
    let mut plan = planning::plan(wanted, &live, books, connected)?;
    show(&plan, flags, env);
    let consent = match &flags.running.expect {
        Some(expected) if *expected == plan.digest => Consent::ByDigest,
        Some(expected) if approvals::goes_on(expected, &plan, &locked, connected) => {
            // It is the rest of that plan: when it is done, that one is finished.
            plan.digest.clone_from(expected);
            Consent::ByDigest
        }
        Some(expected) => return Err(saved::unexpected(&plan.digest, expected).into()),
        None => Consent::Given,
    };
    let idle = plan.steps.is_empty() && !locked.values().any(has_something_to_note);
    if idle || refused_whole(&plan) {
        return Ok(Made::NotRun(Box::new(plan)));
    }
    if consent == Consent::Given {
        match confirmed(&plan, flags, signals, env).await {
            Answer::Yes => {}
            Answer::Signal(signal) => return Ok(Made::Interrupted(Box::new(plan), signal)),
            Answer::No => {
                let text = "not confirmed; nothing was changed";
                return Err(Failure::new(Exit::Refused, "apply.unconfirmed", text).into());
            }
        }
    }
    let live = match env.now().duration_since(live.as_of) > FRESH {
        true => {
            let ledger_of = |account: &Account| locked.get(account).map(Locked::ledger);
            tokio::select! {
                read = planning::read(wanted, connected, ledger_of, env) => again(read)?,
                signal = signals.next() => return Ok(Made::Interrupted(Box::new(plan), signal)),
            }
        }
        false => live,
    };
    Ok(Made::Ready(Box::new(Ready {
        plan,
        live,
        locked,
        consent,
    })))
}

fn again(read: Result<Live, crate::provider::ProviderError>) -> Result<Live, Failure> {
    read.map_err(|error| Failure::from(&error))
}

/// With `--format json` stdout holds only the report; a plan that is asked about goes to stderr.
fn show(plan: &Plan, flags: &ApplyFlags, env: &mut Env) {
    let view = View::of(plan);
    match flags.format {
        Format::Human => {
            let style = env.streams.out.style();
            env.streams.out.text(&human::plan(&view, style));
        }
        Format::Json if !flags.running.yes && flags.running.expect.is_none() => {
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

/// What came instead of the next thing to do.
enum Answer {
    Yes,
    No,
    Signal(Signal),
}

/// What changes nothing at a provider needs no answer.
async fn confirmed(
    plan: &Plan,
    flags: &ApplyFlags,
    signals: &mut Signals,
    env: &mut Env,
) -> Answer {
    if flags.running.yes || !plan.changes {
        return Answer::Yes;
    }
    let Some(answer) = env.question("\nCarry this out? Only \"yes\" does. ") else {
        return Answer::No;
    };
    tokio::select! {
        answer = tokio::task::spawn_blocking(answer) => match answer {
            Ok(Some(text)) if text.trim() == "yes" => Answer::Yes,
            Ok(_) | Err(_) => Answer::No,
        },
        signal = signals.next() => Answer::Signal(signal),
    }
}

fn approve(
    plan: Plan,
    ledgers: &BTreeMap<Account, Ledger>,
    (live, consent): (Live, Consent),
) -> Result<Approved, Failure> {
    plan::approve(plan, ledgers, live, consent).map_err(|refusal| match refusal {
        Refusal::Guard(findings) => {
            let texts: Vec<&str> = findings.iter().map(|finding| &*finding.message).collect();
            Failure::new(Exit::Refused, "apply.refused", texts.join("; "))
        }
        Refusal::Stale(stale) => saved::changed(&stale),
    })
}
