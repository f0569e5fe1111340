//! A saved plan: read back, held against the world of now, and made ready to run.
//!
//! What stands in the file and does not fit ends with 6 and names what it is; only a file that cannot be read at
//! all is a mistake of the command line (3). How a run goes is not known here.

use super::args::flags::{Consents, Running, Targets};
use super::books;
use super::connect::Connected;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Failure, Stop};
use super::planning::{self, Wanted};
use crate::ledger::{Ledger, Locked};
use crate::model::{Account, Live, Time, Unit};
use crate::plan::file::{self, Unreadable};
use crate::plan::{Plan, Stale, bound, saved};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// More than a plan of a million steps needs.
const MOST_BYTES: u64 = 1 << 30;

/// Reads a plan that was saved; offline.
pub(super) fn open(path: &Path, env: &Env) -> Result<Plan, Failure> {
    let at = env.folder.join(path);
    let unreadable = |why: String| {
        let message = format!("the plan {} cannot be read: {why}", path.display());
        Failure::new(Exit::Invalid, "plan.unreadable", message)
            .help("make one: bailiwick plan --out FILE")
    };
    let opened = std::fs::File::open(&at).map_err(|error| unreadable(error.to_string()))?;
    let mut bytes = Vec::new();
    let read = opened.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(unreadable("it is larger than 1 GiB".into()));
    }
    let foreign = |_| Unreadable::Foreign {
        why: "it is not UTF-8 text".into(),
    };
    let read = String::from_utf8(bytes)
        .map_err(foreign)
        .and_then(|text| file::read(&text));
    let plan = read.map_err(|error| {
        let code = match &error {
            Unreadable::Foreign { .. } => "plan.foreign",
            Unreadable::Newer { .. } => "plan.newer",
            Unreadable::Truncated => "plan.truncated",
            Unreadable::Malformed { .. } => "plan.malformed",
            Unreadable::Edited { .. } => "plan.edited",
        };
        Failure::new(Exit::Stale, code, format!("{}: {error}", path.display())).help(AGAIN)
    })?;
    if let Some(why) = bound::edited(&plan) {
        let message = format!("{} was edited after it was made: {why}", path.display());
        return Err(Failure::new(Exit::Stale, "plan.edited", message).help(AGAIN));
    }
    Ok(plan)
}

const AGAIN: &str = "nothing was changed; plan again, and look at the new plan";

fn stale(code: &str, what: impl Into<String>) -> Failure {
    Failure::new(Exit::Stale, code, what).help(AGAIN)
}

/// Refuses flags that change steps: the plan has its steps already.
pub(super) fn refuse_flags(targets: &Targets, consents: &Consents) -> Result<(), Failure> {
    let Targets { target, exclude } = targets;
    let Consents {
        allow_cost: _,
        allow_destroy,
        allow_share: _,
        allow_rebuy,
        resend,
        import_zone,
        replace_zone,
    } = consents;
    let given = [
        ("--target", target.is_empty()),
        ("--exclude", exclude.is_empty()),
        ("--allow-destroy", allow_destroy.is_empty()),
        ("--allow-rebuy", allow_rebuy.is_empty()),
        ("--resend", resend.is_empty()),
        ("--import-zone", import_zone.is_empty()),
        ("--replace-zone", replace_zone.is_empty()),
    ];
    let Some((flag, _)) = given.into_iter().find(|(_, empty)| !empty) else {
        return Ok(());
    };
    let message = format!("{flag} changes the steps, and a saved plan has its steps already");
    Err(
        Failure::new(Exit::Invalid, "usage.saved-plan", message).help(format!(
            "give it to the plan: bailiwick plan --out FILE {flag} …"
        )),
    )
}

/// What can be said of a plan before anything is sent.
pub(super) fn check(plan: &Plan, running: &Running, now: Time) -> Result<(), Failure> {
    if plan.tool != planning::TOOL {
        let (made, own) = (&plan.tool, planning::TOOL);
        return Err(stale(
            "plan.tool",
            format!("the plan was made by {made}, and this is {own}"),
        ));
    }
    if plan.basis != "live" {
        return Err(stale(
            "plan.basis",
            "the plan was made of a snapshot, not of what is live: it cannot be applied",
        ));
    }
    if let Some(expected) = running.expect.as_ref().filter(|own| **own != plan.digest) {
        return Err(unexpected(&plan.digest, expected));
    }
    if let Some(most) = running.max_age {
        let most = jiff::SignedDuration::try_from(most).unwrap_or(jiff::SignedDuration::MAX);
        let made: Option<Time> = plan.created.parse().ok();
        // One from the future is as far from now.
        if made.is_none_or(|made| now.duration_since(made).abs() > most) {
            let message = format!(
                "the plan was made at {}, longer ago than --max-age allows",
                plan.created
            );
            return Err(stale("plan.too-old", message));
        }
    }
    Ok(())
}

/// That another plan was approved.
pub(super) fn unexpected(digest: &str, expected: &str) -> Failure {
    stale(
        "plan.unexpected",
        format!("the plan's digest is {digest}, and {expected} is expected"),
    )
}

/// A plan that may be weighed, and what it runs with.
pub(super) struct Held {
    /// With its secrets, and the findings of now.
    pub(super) plan: Plan,
    /// What it touches, as it is now.
    pub(super) live: Live,
    /// The ledgers of its accounts.
    pub(super) locked: BTreeMap<Account, Locked>,
}

/// Holds a plan against configuration, accounts and ledgers, then reads what it touches and nothing else.
pub(super) async fn hold(
    mut plan: Plan,
    wanted: &mut Wanted,
    (connected, first_file): (&Connected, &str),
    env: &mut Env,
) -> Result<Held, Stop> {
    let accounts = saved::accounts(&plan);
    same_accounts(&plan, connected)?;
    let mut locked = books::lock_only(|own| accounts.contains(own), connected, env)?;
    for (account, locked) in &locked {
        let own = plan.binds.ledger.get(account.as_str()).map(String::as_str);
        if own != Some(&*locked.ledger().id) {
            let message = format!(
                "the ledger of account {account} is another one than the plan was made with: it was deleted and \
                 made anew, or lies elsewhere"
            );
            return Err(stale("plan.ledger", message).into());
        }
    }
    let reconfigured = bound::reconfigured(&plan, &wanted.admitted, &wanted.guards);
    if !reconfigured.is_empty() {
        return Err(stale("plan.config", some(&reconfigured)).into());
    }
    let ledgers = known(&locked);
    planning::refuse_ambiguous(wanted, ledgers.values())?;
    let resent = saved::resent(&plan);
    let again = |unit: &Unit| resent.contains(unit);
    wanted.secrets = wanted
        .passwords
        .prints(|account| ledgers.get(account), again, env);
    let touched = saved::touched(&plan, &wanted.admitted, &ledgers);
    let ledger_of = |account: &Account| ledgers.get(account);
    let live = planning::read_only(&touched, (connected, wanted), ledger_of, env)
        .await
        .map_err(|error| Failure::from(&error))?;
    wanted.arrived = books::arrived(&locked, &live);
    let books = books::of_locked(&mut locked, &live, first_file);
    saved::recall_secrets(&mut plan, &wanted.secrets, &known(&locked))
        .map_err(|list| changed(&list))?;
    let later = bound::sent_since(&plan, &ledgers);
    if !later.is_empty() {
        return Err(changed(&later).into());
    }
    plan.findings = planning::weigh(&plan, wanted, &live, books);
    Ok(Held { plan, live, locked })
}

fn same_accounts(plan: &Plan, connected: &Connected) -> Result<(), Failure> {
    let accounts = saved::accounts(plan);
    for account in &accounts {
        let of = |list: &[crate::plan::BoundAccount]| {
            list.iter()
                .find(|bound| bound.label == account.as_str())
                .cloned()
        };
        let (made, own) = (of(&plan.binds.accounts), of(&connected.bound));
        let (Some(made), Some(own)) = (made, own) else {
            let message = format!("the file has no account {account} any more");
            return Err(stale("plan.account", message));
        };
        for (what, made, own) in [
            ("provider", made.provider, own.provider),
            ("endpoint", made.endpoint, own.endpoint),
            ("user", made.user, own.user),
        ] {
            if made != own {
                let message = format!(
                    "the {what} of account {account} was {made} when the plan was made, and is {own} now"
                );
                return Err(stale("plan.account", message));
            }
        }
    }
    Ok(())
}

/// The ledgers that are held.
pub(super) fn known(locked: &BTreeMap<Account, Locked>) -> BTreeMap<Account, Ledger> {
    locked
        .iter()
        .map(|(account, locked)| (account.clone(), locked.ledger().clone()))
        .collect()
}

/// That what is live does not fit the steps any more.
pub(super) fn changed(list: &[Stale]) -> Failure {
    let texts: Vec<String> = list
        .iter()
        .map(|stale| format!("{}: {}", stale.unit, stale.what))
        .collect();
    let message = format!("what is live changed since the plan: {}", some(&texts));
    stale("plan.stale", message)
}

/// The first of many; a message is no list.
fn some(texts: &[String]) -> String {
    const MOST: usize = 20;
    let mut text = texts[..texts.len().min(MOST)].join("; ");
    if texts.len() > MOST {
        text.push_str(&format!("; and {} more", texts.len() - MOST));
    }
    text
}
