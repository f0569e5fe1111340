//! `resolve`: settles writes whose outcome is not known, by a look-up or by a person's word; through the journal,
//! under the lock. It writes nothing at a provider.

use super::args::Cli;
use super::args::commands::Resolve as Args;
use super::books;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Failure, Stop};
use super::inventory;
use super::session::{Session, reading};
use crate::ledger::{Begin, Ledger, Locked, Open, Record, Recorder, StepId};
use crate::model::{
    Account, Action, Address, Admitted, Attrs, Desired, Handle, Kind, Outcome, Part, Reason, Unit,
    Wish, Write,
};
use crate::provider::Provider;
use crate::render::settled::{self, Settled};

/// Settles what is asked for, and tells what is known now.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    let audience = match args.json.json {
        true => Audience::Programs,
        false => Audience::People,
    };
    let all = reading(env, async |env| {
        let session = Session::open(&cli.globals, audience, None, env).await?;
        let all = settle(&session, args, env).await;
        session.close().await;
        all
    })?;
    let text = match audience {
        Audience::Programs => settled::json(&all),
        Audience::People => settled::lines(&all),
    };
    env.streams.out.text(&text);
    Ok(Exit::first(all.iter().map(|one| match &one.outcome {
        Some(Outcome::Unknown(_)) => Exit::Unknown,
        Some(Outcome::Pending(_)) => Exit::Pending,
        Some(Outcome::Done { .. } | Outcome::Refused(_) | Outcome::NotSent(_)) | None => Exit::Done,
    })))
}

async fn settle(session: &Session, args: &Args, env: &Env) -> Result<Vec<Settled>, Stop> {
    let connected = &session.connected;
    let mut locked = books::lock(connected, env)?;
    let only = match &args.address {
        Some(address) => Some(named(address, locked.values().map(Locked::ledger))?),
        None => None,
    };
    let first_file = books::first_file(&session.opened.loaded, connected);
    let mut all = Vec::new();
    let accounts: Vec<Account> = locked.keys().cloned().collect();
    for account in accounts {
        if only.as_ref().is_some_and(|only| only.account != account) {
            continue;
        }
        let Some(own) = locked.remove(&account) else {
            continue;
        };
        let provider = &*connected.providers[&account];
        let (told, records) = match &only {
            None => looked_up(own.ledger(), provider).await,
            Some(address) if args.gone => gone(address, own.ledger(), (provider, env)).await?,
            Some(address) => said(address, own.ledger(), (args, provider)).await?,
        };
        all.extend(told);
        if records.is_empty() {
            continue;
        }
        let begin = Begin {
            at: env.now(),
            pid: std::process::id(),
            first_file: &first_file,
        };
        keep(own, begin, records).map_err(|error| books::failure(&error))?;
    }
    Ok(all)
}

/// Makes it durable as a run of its own.
fn keep(
    locked: Locked,
    begin: Begin<'_>,
    mut records: Vec<Record>,
) -> Result<(), crate::ledger::LedgerError> {
    records.push(Record::Closed { finished: false });
    let mut recorder = Recorder::begin(locked, begin)?;
    recorder.append(&records)?;
    recorder.finish().map(|_| ())
}

type Found = (Vec<Settled>, Vec<Record>);

/// Asks for everything that is under way.
async fn looked_up(ledger: &Ledger, provider: &dyn Provider) -> Found {
    let (mut told, mut records) = (Vec::new(), Vec::new());
    for open in under_way(ledger) {
        let outcome = provider.look(&open.write, open.pending.as_ref()).await;
        let unit = open.write.unit.clone();
        if !matches!(outcome, Outcome::Unknown(_)) {
            records.push(Record::Arrived {
                unit: unit.clone(),
                outcome: outcome.clone(),
            });
        }
        let outcome = Some(outcome);
        told.push(Settled { unit, outcome });
    }
    (told, records)
}

/// Takes a person's word for each write in doubt of one object.
async fn said(
    address: &Address,
    ledger: &Ledger,
    (args, provider): (&Args, &dyn Provider),
) -> Result<Found, Failure> {
    let in_doubt = ledger.open.values().chain(ledger.doubts.values());
    let own: Vec<&Open> = in_doubt
        .filter(|open| open.write.unit.address == *address)
        .collect();
    if own.is_empty() {
        let message = format!("nothing is in doubt at {address}");
        return Err(Failure::new(Exit::Invalid, "resolve.nothing", message)
            .help("bailiwick resolve --look tells all that is under way"));
    }
    let (mut told, mut records) = (Vec::new(), Vec::new());
    for open in own {
        let unit = open.write.unit.clone();
        let outcome = match &args.happened {
            Some(Some(handle)) => Outcome::Done {
                handle: Some(Handle(handle.as_str().into())),
                outputs: Attrs::none(),
            },
            Some(None) => found_by_name(open, provider).await?,
            None => Outcome::NotSent(Reason::ours(
                "resolve.did-not-happen",
                "somebody said that it did not take effect",
            )),
        };
        records.push(Record::Arrived {
            unit: unit.clone(),
            outcome: outcome.clone(),
        });
        let outcome = Some(outcome);
        told.push(Settled { unit, outcome });
    }
    Ok((told, records))
}

/// What happened has a handle, which a look-up by name tells; nothing is taken on trust without it.
async fn found_by_name(open: &Open, provider: &dyn Provider) -> Result<Outcome, Failure> {
    let outcome = provider.look(&open.write, open.pending.as_ref()).await;
    match outcome {
        Outcome::Done { .. } | Outcome::Pending(_) => Ok(outcome),
        Outcome::Refused(reason) | Outcome::NotSent(reason) | Outcome::Unknown(reason) => {
            let address = &open.write.unit.address;
            let message = format!("{address} is not found by its name: {}", reason.text);
            Err(
                Failure::new(Exit::Unknown, "resolve.not-found", message).help(
                    "look at the provider's panel, and name what it is called there: --happened HANDLE; or say \
                     --did-not-happen",
                ),
            )
        }
    }
}

/// Lets go of an object that was recorded and is no longer there, so that the file may make it again.
async fn gone(
    address: &Address,
    ledger: &Ledger,
    (provider, env): (&dyn Provider, &Env),
) -> Result<Found, Failure> {
    if !ledger.entries.contains_key(address) {
        let message =
            format!("the ledger does not know {address}, so there is nothing to let go of");
        return Err(Failure::new(Exit::Invalid, "resolve.nothing", message));
    }
    if let Some(open) = under_way(ledger).find(|open| open.write.unit.address == *address) {
        let message = format!(
            "a write of {address}, begun {}, is not settled yet",
            open.since
        );
        return Err(Failure::new(Exit::Unknown, "resolve.open", message)
            .help("say --happened or --did-not-happen of it first"));
    }
    absent(address, provider).await?;
    let unit = Unit::new(address.clone(), Part::object());
    // Forgetting alone would keep what holds data from ever being made again: it has ended as a deletion does.
    let records = match address.kind.holds_value() {
        false => vec![Record::Forgotten(address.clone())],
        true => {
            let step = StepId(1);
            let write = Write {
                unit: unit.clone(),
                action: Action::Delete,
                before: Attrs::none(),
                after: Attrs::none(),
                handle: None,
                within: None,
                order: None,
            };
            let at = env.now();
            let outcome = Outcome::Done {
                handle: None,
                outputs: Attrs::none(),
            };
            vec![
                Record::Started { step, write, at },
                Record::Ended { step, outcome },
            ]
        }
    };
    let outcome = None;
    Ok((vec![Settled { unit, outcome }], records))
}

/// Reads an object that somebody says is gone; fails where it is still there, or where nothing shows that it is not.
async fn absent(address: &Address, provider: &dyn Provider) -> Result<(), Failure> {
    let name = address.full_text();
    let unread = |why: &str| {
        let message = format!("{name} cannot be read, so nothing shows that it is gone: {why}");
        Failure::new(Exit::Failed, "resolve.unread", message)
            .help("nothing was settled; say it again once the provider can be read")
    };
    if !is_read(address.kind) {
        return Err(unread("this version does not read objects of its kind"));
    }
    let mut desired = Desired::default();
    let declared = inventory::declared([("", Attrs::none())]);
    desired.objects.insert(address.clone(), declared);
    let wish = Wish {
        desired: &Admitted::by_provider(desired),
        below: Some(address),
        // That the ledger knows it is what is doubted: a list without it is an answer here, and no failure.
        recorded: &[],
        open: &[],
        seen: None,
    };
    let live = provider.fetch(&wish).await;
    let live = live.map_err(|error| Failure::from(&error))?;
    if live.objects.contains_key(address) {
        let message = format!("{name} is still there, so it is not let go of");
        return Err(Failure::new(Exit::Invalid, "resolve.still-there", message).help(
            "nothing was settled; take it out of the file if bailiwick is to leave it alone or delete it, or delete \
             it in the provider's panel first",
        ));
    }
    let family = (address.account.clone(), address.kind);
    if live.unreadable.contains(&family) {
        return Err(unread("the provider does not offer that call here"));
    }
    match live.failed.first() {
        Some((_, reason)) => Err(unread(&reason.text)),
        None => Ok(()),
    }
}

/// True if a list of the provider shows whether an object of the kind is there.
fn is_read(kind: Kind) -> bool {
    match kind {
        Kind::Domain
        | Kind::Zone
        | Kind::Record
        | Kind::RedirectService
        | Kind::Redirect
        | Kind::Mail
        | Kind::Mailbox
        | Kind::Autoresponder
        | Kind::Hosting
        | Kind::FtpUser => true,
        Kind::Contact
        | Kind::Database
        | Kind::Site
        | Kind::Wordpress
        | Kind::Certificate
        | Kind::NsKey => false,
    }
}

fn under_way(ledger: &Ledger) -> impl Iterator<Item = &Open> {
    let places = [&ledger.open, &ledger.doubts, &ledger.pending];
    places.into_iter().flat_map(|place| place.values())
}

/// The object of that name that a ledger knows something of.
fn named<'a>(text: &str, ledgers: impl Iterator<Item = &'a Ledger>) -> Result<Address, Failure> {
    let mut found: Vec<&Address> = ledgers
        .flat_map(|ledger| {
            let open = under_way(ledger).map(|open| &open.write.unit.address);
            ledger.entries.keys().chain(open)
        })
        .filter(|address| address.text() == text || address.full_text() == text)
        .collect();
    found.sort();
    found.dedup();
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Failure::new(
            Exit::Invalid,
            "resolve.nothing",
            format!("no ledger knows anything of {text}"),
        )),
        [first, ..] => {
            let message = format!("{text} is in more than one account");
            let help = format!("name the account as well, such as {}", first.full_text());
            Err(Failure::new(Exit::Invalid, "resolve.ambiguous", message).help(help))
        }
    }
}
