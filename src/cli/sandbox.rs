//! `sandbox serve`: the simulator as a server of its own, for other clients.

use super::args::commands::Serve;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Failure, Stop};
use super::session::{block_on, listen};
use crate::sandbox::{Dialect, Fault, Options, Sandbox};

/// Serves until it is interrupted. `BAILIWICK_SANDBOX_FAULTS` may hold faults as JSON, for tests of clients.
pub(super) fn serve(args: &Serve, env: &mut Env) -> Result<Exit, Stop> {
    let mut options = Options::at(env.now()).dialect(dialect(args)?);
    if let Some(folder) = &args.data {
        options = options.folder(env.folder.join(folder));
    }
    options.listen = args.listen;
    if let Some(faults) = env.variable("BAILIWICK_SANDBOX_FAULTS") {
        options.faults = Fault::parse(&faults).map_err(|error| {
            Failure::new(
                Exit::Invalid,
                "sandbox.faults",
                format!("BAILIWICK_SANDBOX_FAULTS: {error}"),
            )
        })?;
    }
    if !args.listen.ip().is_loopback() {
        return Err(Failure::new(
            Exit::Invalid,
            "sandbox.listen",
            "the sandbox listens on loopback addresses only",
        )
        .help("any login is taken, so nobody else may reach it: use 127.0.0.1 or [::1]")
        .into());
    }
    block_on(async {
        let started = Sandbox::start(options).await;
        let mut running = started
            .map_err(|error| Failure::new(Exit::Failed, "sandbox.start", error.to_string()))?;
        let mut signals = listen(env)?;
        env.streams.out.line(&format!(
            "base_url = \"{}\"\nauth_url = \"{}\"",
            running.base_url, running.auth_url
        ));
        env.streams.err.line("any login is taken; Ctrl-C ends it");
        tokio::select! {
            () = running.wait() => {}
            _ = signals.next() => {}
        }
        running.stop().await;
        Ok(Exit::Done)
    })
}

/// What `--sandbox` speaks: `BAILIWICK_SANDBOX_DIALECT` may hold switches, NAME=VALUE with blanks between
/// them, for stories that vary what the contract leaves open.
pub(super) fn spoken(env: &Env) -> Result<Dialect, Failure> {
    let mut dialect = Dialect::default();
    let pairs = env
        .variable("BAILIWICK_SANDBOX_DIALECT")
        .unwrap_or_default();
    for pair in pairs.split_whitespace() {
        dialect.set_pair(pair).map_err(|error| {
            let message = format!("BAILIWICK_SANDBOX_DIALECT: {error}");
            Failure::new(Exit::Invalid, "sandbox.dialect", message)
        })?;
    }
    Ok(dialect)
}

fn dialect(args: &Serve) -> Result<Dialect, Failure> {
    let mut dialect = Dialect::default();
    for switch in &args.dialect {
        dialect.set(&switch.name, &switch.value).map_err(|error| {
            Failure::new(Exit::Invalid, "sandbox.dialect", error.to_string())
                .help(format!("the switches are: {}", Dialect::names().join(", ")))
        })?;
    }
    Ok(dialect)
}
