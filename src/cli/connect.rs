//! From accounts to providers: the sandbox if it is asked for, logins, and one provider an account.
//!
//! Accounts of one login share its token, rate limit and breaker. Nothing is sent here.

use super::args::flags::Globals;
use super::env::Env;
use super::exit::Exit;
use super::failure::Failure;
use crate::config::{AccountConf, Loaded, ProviderKind};
use crate::http::{
    Client, Endpoint, Link, Proxy, Rate, Retry, Settings, Terms, TrustStore, Watch, Wire,
};
use crate::ledger::{LedgerKey, Root};
use crate::model::Account;
use crate::plan::BoundAccount;
use crate::provider::Provider;
use crate::provider::namebay::{self, Credentials, Hosts, Login, Namebay};
use crate::sandbox::{Options, Running, Sandbox};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

/// What the endpoint of the sandbox is called, and where its ledgers lie in its folder.
const SANDBOX: &str = "sandbox";
const LEDGER: &str = "ledger";

/// Everything a command needs to talk to the accounts of a file.
pub(super) struct Connected {
    /// By account.
    pub(super) providers: BTreeMap<Account, Arc<dyn Provider>>,
    /// Whose ledger each has.
    pub(super) keys: BTreeMap<Account, LedgerKey>,
    /// What a plan is bound to.
    pub(super) bound: Vec<BoundAccount>,
    /// Counts requests.
    pub(super) wire: Wire,
    /// Where ledgers live.
    pub(super) ledgers: Root,
    /// Where a running sandbox is, to be stopped at the end.
    pub(super) sandbox: Option<Running>,
}

/// Makes logins and providers; starts the sandbox first if it is asked for.
pub(super) async fn connect(
    globals: &Globals,
    loaded: &Loaded,
    (mut credentials, parallelism): (BTreeMap<Account, Credentials>, NonZeroUsize),
    env: &Env,
) -> Result<Connected, Failure> {
    let sandbox = match &globals.sandbox {
        Some(folder) => Some(start(folder.as_ref(), loaded, env).await?),
        None => None,
    };
    let wire = Wire::new(Arc::new(Client::new(settings(loaded, env))), parallelism);
    let wire = match globals.verbose {
        true => wire.watched_by(watch()),
        false => wire,
    };
    let mut logins: BTreeMap<Account, Arc<Login>> = BTreeMap::new();
    let mut providers: BTreeMap<Account, Arc<dyn Provider>> = BTreeMap::new();
    let mut keys = BTreeMap::new();
    let mut bound = Vec::new();
    for (label, account) in &loaded.accounts {
        let hosts = hosts(account, sandbox.as_ref().map(|(running, _)| running))?;
        let endpoint = match &sandbox {
            // Its port differs from run to run.
            Some(_) => SANDBOX.to_owned(),
            None => hosts.api.host().to_owned(),
        };
        let login = match logins.get(&account.login) {
            Some(login) => Arc::clone(login),
            None => {
                let Some(credentials) = credentials.remove(&account.login) else {
                    // Each login's are read before, or nothing comes this far.
                    continue;
                };
                let link = Link::new(wire.clone(), terms(loaded, account, &hosts));
                let login = Arc::new(Login::new(link, hosts, credentials));
                logins.insert(account.login.clone(), Arc::clone(&login));
                login
            }
        };
        match account.provider {
            ProviderKind::Namebay => {
                providers.insert(
                    label.clone(),
                    Arc::new(Namebay::new(login, label.clone(), account.user.to_string())),
                );
            }
        }
        keys.insert(label.clone(), key(account, &endpoint));
        bound.push(BoundAccount {
            label: label.to_string(),
            provider: account.provider.word().into(),
            endpoint,
            user: account.user.to_string(),
        });
    }
    let (sandbox, ledgers) = match sandbox {
        Some((running, folder)) => (Some(running), Root::Folder(folder.join(LEDGER))),
        None => (None, root(loaded, env)?),
    };
    Ok(Connected {
        providers,
        keys,
        bound,
        wire,
        ledgers,
        sandbox,
    })
}

/// Whose ledgers there are, and where: what can be known without credentials and without a sandbox that runs.
pub(super) fn ledgers(
    globals: &Globals,
    loaded: &Loaded,
    env: &Env,
) -> Result<(BTreeMap<Account, LedgerKey>, Root), Failure> {
    let mut keys = BTreeMap::new();
    for (label, account) in &loaded.accounts {
        let endpoint = match &globals.sandbox {
            Some(_) => SANDBOX.to_owned(),
            None => hosts(account, None)?.api.host().to_owned(),
        };
        keys.insert(label.clone(), key(account, &endpoint));
    }
    let root = match &globals.sandbox {
        Some(asked) => Root::Folder(folder(asked.as_ref(), loaded, env).join(LEDGER)),
        None => root(loaded, env)?,
    };
    Ok((keys, root))
}

/// The root that the file names; nothing is asked yet.
fn root(loaded: &Loaded, env: &Env) -> Result<Root, Failure> {
    match &loaded.ledger.remote {
        None => Ok(Root::Folder(loaded.ledger.folder.clone())),
        Some(address) => remote(address, env),
    }
}

#[cfg(feature = "object-store")]
fn remote(address: &str, env: &Env) -> Result<Root, Failure> {
    let settings = STORE_VARIABLES
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), env.variable(name)?)))
        .collect();
    let objects = crate::ledger::Objects::open(address, settings, env.clock());
    objects.map(Root::Objects).map_err(|error| {
        let message = format!("the ledger at {address:?} cannot be used: {error}");
        Failure::new(Exit::Invalid, "ledger.store", message)
            .help("set the variables that the store's own tools read, such as AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    })
}

#[cfg(not(feature = "object-store"))]
fn remote(address: &str, _: &Env) -> Result<Root, Failure> {
    // The file was refused before.
    let message = format!("the ledger at {address:?} cannot be used: built without object stores");
    Err(Failure::new(Exit::Invalid, "ledger.store", message))
}

/// What an object store is reached and logged in with.
#[cfg(feature = "object-store")]
const STORE_VARIABLES: [&str; 25] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_VIRTUAL_HOSTED_STYLE_REQUEST",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "GOOGLE_SERVICE_ACCOUNT",
    "GOOGLE_SERVICE_ACCOUNT_PATH",
    "GOOGLE_SERVICE_ACCOUNT_KEY",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "AZURE_STORAGE_ACCOUNT_NAME",
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_SAS_TOKEN",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_TENANT_ID",
    "AZURE_FEDERATED_TOKEN_FILE",
];

fn key(account: &AccountConf, endpoint: &str) -> LedgerKey {
    LedgerKey {
        provider: account.provider.word().into(),
        endpoint: endpoint.into(),
        user: account.user.clone(),
    }
}

/// Where the sandbox keeps its data.
fn folder(asked: Option<&PathBuf>, loaded: &Loaded, env: &Env) -> PathBuf {
    match asked {
        Some(folder) => env.folder.join(folder),
        None => loaded.folder.join(".bailiwick").join("sandbox"),
    }
}

async fn start(
    asked: Option<&PathBuf>,
    loaded: &Loaded,
    env: &Env,
) -> Result<(Running, PathBuf), Failure> {
    let folder = folder(asked, loaded, env);
    let options = Options::at(env.now()).dialect(super::sandbox::spoken(env)?);
    let running = Sandbox::start(options.folder(&folder)).await;
    let failed = |error: crate::sandbox::SandboxError| {
        Failure::new(Exit::Failed, "sandbox.start", error.to_string()).help(
            "use another folder with --sandbox=FOLDER, or end the other run that uses this one",
        )
    };
    Ok((running.map_err(failed)?, folder))
}

/// How anything outside is reached: certificates, proxy, patience.
pub(super) fn settings(loaded: &Loaded, env: &Env) -> Settings {
    let file = env.variable("SSL_CERT_FILE").map(PathBuf::from);
    let folders: Vec<PathBuf> = env
        .variable("SSL_CERT_DIR")
        .map(PathBuf::from)
        .into_iter()
        .collect();
    let trust = match file.is_none() && folders.is_empty() {
        true => TrustStore::System,
        false => TrustStore::Named { file, folders },
    };
    let either = |upper: &str, lower: &str| env.variable(upper).or_else(|| env.variable(lower));
    let proxy = either("HTTPS_PROXY", "https_proxy").map(|address| Proxy {
        address: address.into(),
        except: either("NO_PROXY", "no_proxy").unwrap_or_default(),
    });
    Settings {
        answer: loaded.http.timeout,
        trust,
        proxy,
        ..Settings::default()
    }
}

fn hosts(account: &AccountConf, sandbox: Option<&Running>) -> Result<Hosts, Failure> {
    let (api, auth) = match sandbox {
        Some(running) => (&*running.base_url, &*running.auth_url),
        None => (&*account.base_url, &*account.auth_url),
    };
    let parse = |address: &str| {
        Endpoint::parse(address).map_err(|error| {
            Failure::new(
                Exit::Invalid,
                "account.endpoint",
                format!("account {}: {error}", account.label),
            )
        })
    };
    Ok(Hosts {
        api: parse(api)?,
        auth: parse(auth)?,
    })
}

fn terms(loaded: &Loaded, account: &AccountConf, hosts: &Hosts) -> Terms {
    let configured = account
        .rate_limit
        .as_ref()
        .and_then(|limit| Rate::new(std::num::NonZeroU32::new(limit.requests)?, limit.per));
    let retry = Retry {
        attempts: loaded.http.attempts,
        max_wait: loaded.http.max_wait,
        ..Retry::default()
    };
    match account.provider {
        ProviderKind::Namebay => {
            Login::terms(Rate::at(&hosts.api, configured, namebay::USUAL_RATE), retry)
        }
    }
}

/// `--verbose`: each attempt on stderr, without a value that was sent or received.
fn watch() -> Watch {
    Arc::new(|told| {
        use std::io::Write;
        let line = super::trace::line(told);
        // Whoever does not read stderr misses it; nothing else depends on it.
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    })
}
