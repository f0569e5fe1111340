//! From what was read to a reviewed plan: the pure stages in their order, and what a run has to say beside
//! them (a lost ledger, another first file, an apply that goes on).

use super::args::flags::{Consents, Targets};
use super::books::{self, Book};
use super::connect::Connected;
use super::credentials::Unset;
use super::env::Env;
use super::exit::Exit;
use super::failure::Failure;
use super::last_seen;
use super::passwords::{self, Passwords, Sources};
use crate::config::{self, GroupNames, LedgerRoot, Loaded};
use crate::diag::{Diagnostics, Severity};
use crate::diff::{Intent, World, diff};
use crate::ledger::{Found, Ledger};
use crate::model::pattern::Pattern;
use crate::model::{
    Account, Address, Admitted, Guards, Handle, LastSeen, LedgerLasts, Live, Offers, Pending,
    Prints, Unit, Wish, Write,
};
use crate::plan::{self, Binds, Finding, Frame, Plan, PlanReads, Scoped};
use crate::provider::ProviderError;
use crate::sandbox::Running;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What makes plans, and carries out those of its own version alone.
pub(super) const TOOL: &str = concat!("bailiwick ", env!("CARGO_PKG_VERSION"));

/// What the file and the command line want, admitted by the providers.
#[derive(Debug)]
pub(super) struct Wanted {
    /// In canonical form.
    pub(super) admitted: Admitted,
    /// What was asked for.
    pub(super) intent: Intent,
    /// Limits and consents, those of the command line included.
    pub(super) guards: Guards,
    /// The secrets of the file's objects, as far as they are at hand.
    pub(super) passwords: Arc<Passwords>,
    /// What is known of them; filled in once the ledgers are open.
    pub(super) secrets: Prints,
    /// What the providers cannot do.
    pub(super) told: Diagnostics,
    /// What the providers remember; an apply reads everything, so that it has nothing here.
    pub(super) seen: last_seen::Known,
    /// What was pending and is done; filled in by an apply, before its ledgers take it in.
    pub(super) arrived: books::Arrived,
}

/// Has each provider admit its account's part of the file, and reads the secrets of its objects.
pub(super) fn admit(
    loaded: &mut Loaded,
    connected: &Connected,
    asked: (&Targets, &Consents),
    env: &mut Env,
) -> Result<Wanted, Failure> {
    let unset = match connected.sandbox {
        Some(_) => Unset::MadeUp,
        None => Unset::Refused,
    };
    let chosen = |account: &Account| connected.providers.contains_key(account);
    let passwords = passwords::read(&loaded.secrets, chosen, (Sources::All, unset), env);
    if let Some(signal) = env.interrupted() {
        return Err(Failure::interrupted(signal));
    }
    let mut told = Diagnostics::default();
    let mut admitted = Admitted::default();
    for (account, provider) in &connected.providers {
        let own = loaded.desired.take_account(account);
        admitted = admitted.merged(provider.admit(own, &mut told));
    }
    for problem in passwords.judge(passwords::NAMEBAY).sorted() {
        told.push(problem.clone());
    }
    let (targets, consents) = asked;
    let groups = &loaded.groups;
    let mut guards = loaded.guards.clone();
    let destroy = in_groups(&consents.allow_destroy, groups)?;
    guards.destroy.extend(destroy);
    guards
        .share
        .extend(in_groups(&consents.allow_share, groups)?);
    guards.ledger = lasts(&loaded.ledger, connected.sandbox.as_ref(), env);
    let today = env.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let holding = guards
        .allow
        .iter()
        .filter(|allow| allow.until.is_none_or(|until| today <= until));
    let destroy = holding
        .flat_map(|allow| &allow.destroy)
        .chain(&guards.destroy)
        .cloned()
        .collect();
    let intent = Intent {
        targets: in_groups(&targets.target, groups)?,
        excludes: in_groups(&targets.exclude, groups)?,
        destroy,
        resend: in_groups(&consents.resend, groups)?,
    };
    Ok(Wanted {
        admitted,
        intent,
        guards,
        passwords: Arc::new(passwords),
        secrets: Prints::default(),
        told,
        seen: last_seen::Known::new(),
        arrived: books::Arrived::new(),
    })
}

/// Whether the next run finds the ledger: a CI job's folder goes with the job, unless the file says that it stays. The
/// sandbox's ledger lasts as long as the sandbox.
fn lasts(ledger: &LedgerRoot, sandbox: Option<&Running>, env: &Env) -> LedgerLasts {
    match env.is_ci() && !ledger.durable && sandbox.is_none() {
        true => LedgerLasts::EndsWithRun,
        false => LedgerLasts::BeyondTheRun,
    }
}

/// Patterns of the command line, `group.NAME` with the domains it stands for.
fn in_groups(patterns: &[Pattern], groups: &GroupNames) -> Result<Vec<Pattern>, Failure> {
    patterns
        .iter()
        .map(|pattern| {
            config::pattern_of_groups(pattern.clone(), groups)
                .map_err(|error| Failure::new(Exit::Invalid, "group.unknown", error.to_string()))
        })
        .collect()
}

/// Makes the secrets comparable with what the ledgers hold of them.
pub(super) fn make_comparable<'a>(
    wanted: &mut Wanted,
    ledger_of: impl Fn(&Account) -> Option<&'a Ledger>,
    env: &Env,
) {
    let resend = &wanted.intent.resend;
    let again = |unit: &Unit| resend.iter().any(|pattern| pattern.matches(&unit.address));
    wanted.secrets = wanted.passwords.prints(ledger_of, again, env);
}

/// Refuses consents whose star may be a name (exit 3), before anything is sent.
pub(super) fn refuse_ambiguous<'a>(
    wanted: &Wanted,
    ledgers: impl Iterator<Item = &'a Ledger>,
) -> Result<(), Failure> {
    // Most files give no consent, and a portfolio has many names.
    let names = LazyCell::new(|| {
        let known = ledgers.flat_map(|ledger| ledger.entries.keys());
        let all = wanted.admitted.objects().keys().chain(known);
        all.flat_map(|address| [address.text(), address.full_text()])
            .collect::<BTreeSet<String>>()
    });
    let guards = &wanted.guards;
    let of_file = guards
        .allow
        .iter()
        .flat_map(|allow| allow.destroy.iter().chain(&allow.share));
    let all = of_file.chain(&guards.destroy).chain(&guards.share);
    let found = plan::ambiguous(all, |text| names.contains(text));
    let Some(first) = found.first().map(|pattern| Pattern::as_str(pattern)) else {
        return Ok(());
    };
    Err(Failure::new(
        Exit::Invalid,
        "consent.ambiguous",
        format!("{first:?} gives consent and can be read in two ways: its star is also the name of an object"),
    )
    .help(format!(
        "write {:?} for that object alone, or {:?} for all of them",
        first.replace('*', "\\*"),
        first.replace('*', "**")
    )))
}

/// Reads what is live, all accounts at once.
pub(super) async fn read<'a>(
    wanted: &Wanted,
    connected: &Connected,
    ledger_of: impl Fn(&Account) -> Option<&'a Ledger>,
    env: &Env,
) -> Result<Live, ProviderError> {
    let memories = connected
        .providers
        .keys()
        .map(|account| Memory::of(account, ledger_of(account), |_| true))
        .collect();
    ask(&wanted.admitted, memories, (connected, wanted), env).await
}

/// Reads what is live of some objects.
pub(super) async fn read_only<'a>(
    touched: &BTreeSet<Address>,
    (connected, wanted): (&Connected, &Wanted),
    ledger_of: impl Fn(&Account) -> Option<&'a Ledger>,
    env: &Env,
) -> Result<Live, ProviderError> {
    let own = |address: &Address| touched.contains(address);
    let desired = wanted.admitted.only(own);
    let accounts: BTreeSet<&Account> = touched.iter().map(|address| &address.account).collect();
    let memories = accounts
        .into_iter()
        .map(|account| Memory::of(account, ledger_of(account), own))
        .collect();
    ask(&desired, memories, (connected, wanted), env).await
}

/// What a provider has to know of an account's ledger to read it.
struct Memory<'a> {
    account: &'a Account,
    recorded: Vec<(Address, Option<Handle>)>,
    open: Vec<(Write, Option<Pending>)>,
}

impl<'a> Memory<'a> {
    fn of(account: &'a Account, ledger: Option<&Ledger>, own: impl Fn(&Address) -> bool) -> Self {
        let mut recorded = ledger.map(Ledger::recorded).unwrap_or_default();
        recorded.retain(|(address, _)| own(address));
        Self {
            account,
            recorded,
            open: ledger.map(Ledger::under_way).unwrap_or_default(),
        }
    }
}

async fn ask(
    desired: &Admitted,
    memories: Vec<Memory<'_>>,
    (connected, wanted): (&Connected, &Wanted),
    env: &Env,
) -> Result<Live, ProviderError> {
    let nothing = LastSeen::default();
    let wishes: Vec<(&Account, Wish)> = memories
        .iter()
        .map(
            |Memory {
                 account,
                 recorded,
                 open,
             }| {
                (
                    *account,
                    Wish {
                        desired,
                        below: None,
                        recorded,
                        open,
                        seen: Some(wanted.seen.get(*account).unwrap_or(&nothing)),
                    },
                )
            },
        )
        .collect();
    let reads = wishes.iter().filter_map(|(account, wish)| {
        let provider = connected.providers.get(*account)?;
        Some(provider.fetch(wish))
    });
    let mut live = Live::default();
    let mut failed: Option<ProviderError> = None;
    for one in futures_util::future::join_all(reads).await {
        match one {
            Ok(one) => live.merge(one),
            // A refused login goes before one that does not answer, whichever stands first.
            Err(error) if failed.is_none() || Exit::from(&error) == Exit::Credentials => {
                failed = Some(error);
            }
            Err(_) => {}
        }
    }
    if let Some(error) = failed {
        return Err(error);
    }
    live.as_of = env.now();
    live.reads.requests = usize::try_from(connected.wire.counts().total()).unwrap_or(usize::MAX);
    Ok(live)
}

/// Compares, builds and reviews.
pub(super) fn plan(
    wanted: &Wanted,
    live: &Live,
    books: BTreeMap<Account, Book>,
    connected: &Connected,
) -> Result<Plan, Failure> {
    let intent = &wanted.intent;
    let mut targets: Vec<String> = intent
        .targets
        .iter()
        .map(|pattern| pattern.as_str().to_owned())
        .collect();
    targets.extend(
        intent
            .excludes
            .iter()
            .map(|pattern| format!("!{}", pattern.as_str())),
    );
    targets.sort_unstable();
    let frame = Frame {
        tool: TOOL.to_owned(),
        basis: "live".to_owned(),
        binds: Binds {
            config: String::new(),
            ledger: books
                .iter()
                // What is not there yet has no name that a second plan would find again.
                .filter(|(_, book)| book.found == Found::Here)
                .map(|(account, book)| (account.to_string(), book.ledger.id.to_string()))
                .collect(),
            accounts: connected.bound.clone(),
            targets,
        },
        reads: PlanReads {
            accounts: connected.providers.len(),
            domains: live.reads.domains,
            records: live.reads.records,
            requests: live.reads.requests,
        },
        limit: wanted.guards.max_cost.clone(),
    };
    let told = beside(&books, live);
    let ledgers = own_ledgers(books, wanted);
    let world = World {
        desired: &wanted.admitted,
        ledgers: &ledgers,
        live,
        intent,
        secrets: &wanted.secrets,
    };
    let mut plan = plan::build(&world, diff(&world), &Offers::default(), frame)
        .map_err(|cycle| Failure::new(Exit::Failed, "plan.cycle", cycle.to_string()))?;
    let found = plan::review(&plan, &world, &wanted.guards);
    plan.findings.extend(found);
    plan.findings.extend(told);
    sort(&mut plan.findings);
    Ok(plan)
}

/// The findings that hold for a saved plan in the world of now.
pub(super) fn weigh(
    plan: &Plan,
    wanted: &Wanted,
    live: &Live,
    books: BTreeMap<Account, Book>,
) -> Vec<Finding> {
    let told = beside(&books, live);
    let ledgers = own_ledgers(books, wanted);
    let world = World {
        desired: &wanted.admitted,
        ledgers: &ledgers,
        live,
        intent: &wanted.intent,
        secrets: &wanted.secrets,
    };
    let mut found = plan::review(plan, &world, &wanted.guards);
    found.extend(told);
    let mut found = plan::saved::weigh(plan, found, &wanted.guards, live.as_of);
    sort(&mut found);
    found
}

fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (a.severity, a.scope, a.code, &a.address).cmp(&(b.severity, b.scope, b.code, &b.address))
    });
}

/// The ledgers of a run, each as far as its file may use it.
fn own_ledgers(books: BTreeMap<Account, Book>, wanted: &Wanted) -> BTreeMap<Account, Ledger> {
    let own = |book: Book| own_part(book.ledger, book.other_file.as_deref(), wanted);
    books
        .into_iter()
        .map(|(account, book)| (account, own(book)))
        .collect()
}

/// Of a ledger that another first file wrote, only what this file declares: nothing else is forgotten or
/// deleted.
pub(super) fn own_part(mut ledger: Ledger, other_file: Option<&str>, wanted: &Wanted) -> Ledger {
    if other_file.is_some() {
        ledger
            .entries
            .retain(|address, _| wanted.admitted.objects().contains_key(address));
    }
    ledger
}

/// What is told beside the changes.
fn beside(books: &BTreeMap<Account, Book>, live: &Live) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut tell = |code, severity, address: Option<Address>, message: String| {
        findings.push(Finding {
            code,
            severity,
            scope: Scoped::Plan,
            address,
            message,
            source: None,
        });
    };
    for (account, book) in books {
        if book.found == Found::Lost {
            tell(
                "ledger.lost",
                Severity::Warning,
                None,
                format!(
                    "the ledger of account {account} is gone. What is live and declared is adopted anew; what was \
                     applied last, forgotten objects and writes left open are not known any more"
                ),
            );
        }
        if let Some(other) = &book.other_file {
            tell(
                "ledger.other-file",
                Severity::Warning,
                None,
                format!(
                    "the ledger of account {account} was written by runs of {other:?}: what only that file declared \
                     is left alone here. Give each configuration a ledger of its own, or apply the one file"
                ),
            );
        }
        if let Some(holder) = &book.taken_from {
            tell(
                "ledger.taken-over",
                Severity::Notice,
                None,
                format!(
                    "the ledger of account {account} was held by {holder}, which gave no sign of life for longer \
                     than its lease; it was taken over"
                ),
            );
        }
        if book.held {
            tell(
                "ledger.applying",
                Severity::Notice,
                None,
                format!(
                    "an apply of account {account} is under way: what is live may change while you read this"
                ),
            );
        }
    }
    for (code, address, message) in &live.notes {
        tell(code, Severity::Notice, address.clone(), message.clone());
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::{Options, Sandbox, Seed};
    use std::path::Path;

    #[tokio::test]
    async fn only_a_ci_jobs_own_folder_ends_with_the_run() {
        let options = Options::default().seed(Seed::empty());
        let sandbox = Sandbox::start(options).await.unwrap();
        let here = Path::new(".");
        // An object store counts as durable where the file is read.
        for (ci, durable, running) in [
            (None, false, None),
            (None, true, None),
            (Some(""), false, None),
            (Some("true"), true, None),
            (Some("true"), false, Some(&sandbox)),
            (Some("true"), false, None),
        ] {
            let set = ci.map(|value| ("CI".to_owned(), value.to_owned()));
            let now = "2026-08-01T12:00:00Z".parse().unwrap();
            let sealed = Env::of_test(here, set.into_iter().collect(), now);
            let ledger = LedgerRoot {
                folder: here.into(),
                remote: None,
                durable,
            };
            let ends = (ci, durable, running.is_some()) == (Some("true"), false, false);
            let expected = match ends {
                true => LedgerLasts::EndsWithRun,
                false => LedgerLasts::BeyondTheRun,
            };
            let told = lasts(&ledger, running, &sealed.env);
            assert_eq!(told, expected, "{ci:?} {durable} {}", running.is_some());
        }
        sandbox.stop().await;
    }
}
