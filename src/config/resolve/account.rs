//! Accounts: who logs in where, as whom, and which share a login.
//!
//! Each [`AccountConf`] is complete in itself; that some of them share credentials, a token, a rate limit
//! and a breaker shows in equal `login`. No secret value is known here.

use super::super::grammar::field::Named;
use super::super::grammar::secret::Shown;
use super::super::grammar::value::{At, Text};
use super::super::grammar::{self, Provider};
use super::super::said;
use super::super::secrets::{SecretRef, SecretSource};
use super::super::trust;
use super::quantity::{self, RateLimit};
use super::{Desk, secret, twice};
use crate::diag::{Diagnostic, Place, Span};
use crate::model::Account;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Which provider's API an account speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProviderKind {
    /// Namebay.
    Namebay,
}

impl ProviderKind {
    /// The word of the file.
    pub fn word(self) -> &'static str {
        match self {
            ProviderKind::Namebay => "namebay",
        }
    }

    /// True if each record can have a TTL of its own.
    pub fn has_record_ttl(self) -> bool {
        match self {
            ProviderKind::Namebay => false,
        }
    }

    /// True for a mail exchanger of the provider's own. Its documents name none, so that everything below its
    /// name counts.
    pub(crate) fn takes_mail_at(self, name: &str) -> bool {
        let own = match self {
            ProviderKind::Namebay => "namebay.com",
        };
        name.strip_suffix(own)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            ProviderKind::Namebay => "Namebay",
        }
    }
}

/// The name of a login: in the file, or fetched like a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserName {
    /// As it is written.
    Written(Box<str>),
    /// Where it is fetched.
    Fetched(SecretRef),
}

/// One account, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountConf {
    /// Its label.
    pub label: Account,
    /// Its provider.
    pub provider: ProviderKind,
    /// The handle acted for.
    pub user: Box<str>,
    /// The account whose login it uses; its own label if it has one itself.
    pub login: Account,
    /// The login's name.
    pub username: UserName,
    /// The login's password.
    pub password: SecretRef,
    /// Where tokens are asked for, without a final slash.
    pub auth_url: Box<str>,
    /// The API, without a final slash.
    pub base_url: Box<str>,
    /// Where it is not the provider's usual one.
    pub rate_limit: Option<RateLimit>,
    /// Sent with orders.
    pub ip_address: Option<IpAddr>,
    /// Its header.
    pub place: Place,
}

impl AccountConf {
    /// The environment variables that its secrets come from.
    pub fn env_names(&self) -> Vec<&str> {
        self.secrets()
            .filter_map(|secret| match &secret.source {
                SecretSource::Env(name) => Some(name.as_str()),
                SecretSource::File { .. } | SecretSource::Command { .. } => None,
            })
            .collect()
    }

    /// Its secrets by reference.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretRef> {
        let username = match &self.username {
            UserName::Fetched(secret) => Some(secret),
            UserName::Written(_) => None,
        };
        username.into_iter().chain([&self.password])
    }

    /// True if its API is on this machine.
    pub fn is_loopback(&self) -> bool {
        url::Url::parse(&self.base_url).is_ok_and(|url| trust::is_loopback(&url))
    }
}

/// How an account logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// With credentials of its own.
    Own,
    /// With another account's.
    Shares,
}

type Labels = BTreeMap<Box<str>, (Span, Way)>;

/// The accounts of a configuration.
pub(crate) struct Accounts {
    /// The complete ones.
    pub(crate) confs: BTreeMap<Account, AccountConf>,
    /// All that are written.
    pub(crate) labels: Labels,
}

const AUTH_URL: &str = "https://auth.namebay.com";
const BASE_URL: &str = "https://rest.namebay.com";

/// Resolves `[account.…]`.
pub(crate) fn resolve(accounts: Named<grammar::Account>, desk: &mut Desk<'_>) -> Accounts {
    let mut labels = Labels::new();
    let mut own = Vec::new();
    let mut sharing = Vec::new();
    for called in accounts.0 {
        let label = called.name;
        if let Some((first, _)) = labels.get(&label.value) {
            let problem = twice("account", &label, *first);
            desk.error(problem);
            continue;
        }
        let way = match &called.block.login {
            None => Way::Own,
            Some(_) => Way::Shares,
        };
        labels.insert(label.value.clone(), (label.span, way));
        if !is_label(&label.value) {
            let message = format!("{:?} cannot be the label of an account", label.value);
            desk.error(
                Diagnostic::error(said::NAME, message)
                    .at(label.span, "")
                    .help("write letters, digits, - and _"),
            );
        }
        match way {
            Way::Own => own.push((label, called.block)),
            Way::Shares => sharing.push((label, called.block)),
        }
    }
    let mut confs = BTreeMap::new();
    for (label, block) in own {
        if let Some(conf) = login(&label, block, desk) {
            confs.insert(conf.label.clone(), conf);
        }
    }
    let direct: BTreeMap<Account, AccountConf> = confs.clone();
    for (label, block) in sharing {
        if let Some(conf) = shared(&label, block, (&labels, &direct), desk) {
            confs.insert(conf.label.clone(), conf);
        }
    }
    distinct(&confs, &labels, desk);
    Accounts { confs, labels }
}

fn is_label(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// An account with credentials of its own.
fn login(label: &At<Text>, block: grammar::Account, desk: &mut Desk<'_>) -> Option<AccountConf> {
    let grammar::Account {
        provider,
        login: _,
        user,
        username,
        password,
        api_key,
        api_secret,
        auth_url,
        base_url,
        version,
        signing_case,
        rate_limit,
        ip_address,
        note: _,
    } = block;
    let header = said::header(&["account", &label.value]);
    let lacks = |key: &str, about: &str| {
        Diagnostic::error(said::ACCOUNT, format!("{header} has no `{key}`"))
            .at(label.span, "")
            .help(about)
    };
    match provider.map(|at| at.value.0) {
        Some(Provider::Namebay) => {}
        // Refused as not supported yet.
        Some(Provider::Combell) => return None,
        None if desk.is_lost(&header, "provider", label.span) => return None,
        None => {
            let about = "write provider = \"namebay\", or login = the label of the account whose login it uses";
            desk.error(lacks("provider", about));
            return None;
        }
    }
    let foreign = [
        ("api_key", api_key.map(|at| at.span)),
        ("api_secret", api_secret.map(|at| at.span)),
        ("version", version.map(|at| at.span)),
        ("signing_case", signing_case.map(|at| at.span)),
    ];
    for (key, span) in foreign {
        if let Some(span) = span {
            let message =
                format!("`{key}` of {header} belongs to Combell; this account is at Namebay");
            desk.error(Diagnostic::error(said::ACCOUNT, message).at(span, ""));
        }
    }
    let user = handle(user, (&header, label.span), desk, || {
        lacks(
            "user",
            "write the handle acted for, such as user = \"AA111111\"",
        )
    });
    let who = |key: &str| format!("{key} of account {}", label.value);
    let username = match username {
        Some(At {
            value: Shown::Literal(text),
            ..
        }) if !text.is_empty() => Some(UserName::Written(text)),
        Some(At {
            span,
            value: Shown::Fetched(reference),
        }) => secret::source(&who("username"), span, reference, desk).map(UserName::Fetched),
        None if desk.is_lost(&header, "username", label.span) => None,
        Some(At { .. }) | None => {
            desk.error(lacks(
                "username",
                "write username = { env = \"NAMEBAY_USERNAME\" }",
            ));
            None
        }
    };
    let password = match password {
        Some(at) => secret::source(&who("password"), at.span, at.value, desk),
        None if desk.is_lost(&header, "password", label.span) => None,
        None => {
            desk.error(lacks(
                "password",
                "write password = { env = \"NAMEBAY_PASSWORD\" }",
            ));
            None
        }
    };
    let auth_url = endpoint(("auth_url", AUTH_URL), auth_url, label, desk);
    let base_url = endpoint(("base_url", BASE_URL), base_url, label, desk);
    let rate_limit = rate_limit.and_then(|at| quantity::written_rate(&at, desk.told));
    let ip_address = ip_address.and_then(|at| address(&at, desk));
    let account = Account::new(&label.value);
    Some(AccountConf {
        login: account.clone(),
        label: account,
        provider: ProviderKind::Namebay,
        user: user?,
        username: username?,
        password: password?,
        auth_url: auth_url?,
        base_url: base_url?,
        rate_limit,
        ip_address,
        place: desk.sources.place(label.span),
    })
}

/// An account that uses the login of another one.
fn shared(
    label: &At<Text>,
    block: grammar::Account,
    (labels, direct): (&Labels, &BTreeMap<Account, AccountConf>),
    desk: &mut Desk<'_>,
) -> Option<AccountConf> {
    let header = said::header(&["account", &label.value]);
    let login = block.login?;
    let taken = [
        ("provider", block.provider.map(|at| at.span)),
        ("username", block.username.map(|at| at.span)),
        ("password", block.password.map(|at| at.span)),
        ("api_key", block.api_key.map(|at| at.span)),
        ("api_secret", block.api_secret.map(|at| at.span)),
        ("auth_url", block.auth_url.map(|at| at.span)),
        ("base_url", block.base_url.map(|at| at.span)),
        ("version", block.version.map(|at| at.span)),
        ("signing_case", block.signing_case.map(|at| at.span)),
        ("rate_limit", block.rate_limit.map(|at| at.span)),
    ];
    for (key, span) in taken {
        if let Some(span) = span {
            let message = format!(
                "`{key}` of {header} comes from account {}, whose login it uses",
                login.value
            );
            desk.error(
                Diagnostic::error(said::LOGIN, message)
                    .at(span, "")
                    .help(format!("take out `{key}`, or `login`")),
            );
        }
    }
    let about = "write the handle of the customer, such as user = \"AA222222\"";
    let user = handle(block.user, (&header, label.span), desk, || {
        Diagnostic::error(said::ACCOUNT, format!("{header} has no `user`"))
            .at(label.span, "")
            .help(about)
    });
    let ip_address = block.ip_address.and_then(|at| address(&at, desk));
    if let Some(conf) = direct.get(&Account::new(&login.value)) {
        return Some(AccountConf {
            label: Account::new(&label.value),
            user: user?,
            ip_address: ip_address.or(conf.ip_address),
            place: desk.sources.place(label.span),
            ..conf.clone()
        });
    }
    let problem = match labels.get(&login.value) {
        Some(_) if login.value == label.value => {
            let message = format!("{header} names itself as its login");
            Diagnostic::error(said::LOGIN, message).at(login.span, "")
        }
        Some((span, Way::Shares)) => {
            let message = format!(
                "account {} has no credentials of its own: it uses a login itself",
                login.value
            );
            Diagnostic::error(said::LOGIN, message)
                .at(login.span, "")
                .at(*span, "this one")
                .help("name the account that holds the credentials")
        }
        // What is wrong with it has been told.
        Some((_, Way::Own)) => return None,
        None if desk.whole => {
            let known = labels.keys().map(|label| &**label);
            let message = format!("there is no account {:?}", login.value);
            Diagnostic::error(said::ACCOUNT_UNKNOWN, message)
                .at(login.span, "")
                .help(said::one_of(&login.value, known))
        }
        None => return None,
    };
    desk.error(problem);
    None
}

/// Two accounts may not be one customer at one endpoint: they would share a ledger.
fn distinct(confs: &BTreeMap<Account, AccountConf>, labels: &Labels, desk: &mut Desk<'_>) {
    let mut seen: BTreeMap<(&str, String), &Account> = BTreeMap::new();
    for conf in confs.values() {
        let key = (&*conf.base_url, conf.user.to_ascii_uppercase());
        let Some(first) = seen.insert(key, &conf.label) else {
            continue;
        };
        let message = format!(
            "accounts {first} and {} are both {} at {}",
            conf.label, conf.user, conf.base_url
        );
        let mut problem = Diagnostic::error(said::ACCOUNT_TWICE, message)
            .help("keep one of them; a domain names its account by that label");
        for (label, text) in [(&conf.label, "here"), (first, "and here")] {
            if let Some((span, _)) = labels.get(label.as_str()) {
                problem = problem.at(*span, text);
            }
        }
        desk.error(problem);
    }
}

fn handle(
    user: Option<At<Text>>,
    (header, span): (&str, Span),
    desk: &mut Desk<'_>,
    missing: impl FnOnce() -> Diagnostic,
) -> Option<Box<str>> {
    match user {
        Some(at) if super::is_handle(&at.value) => Some(at.value),
        Some(at) => {
            let message = format!("`user` cannot be {:?}", at.value);
            desk.error(Diagnostic::error(said::ACCOUNT, message).at(at.span, ""));
            None
        }
        None if desk.is_lost(header, "user", span) => None,
        None => {
            desk.error(missing());
            None
        }
    }
}

fn address(at: &At<Text>, desk: &mut Desk<'_>) -> Option<IpAddr> {
    let parsed = at.value.parse().ok();
    if parsed.is_none() {
        let message = format!("`ip_address` cannot be {:?}: it is no address", at.value);
        desk.error(Diagnostic::error(said::ACCOUNT, message).at(at.span, ""));
    }
    parsed
}

/// Reads an endpoint: https, or http to this machine, and nothing in it but host, port and path.
fn endpoint(
    (key, default): (&str, &str),
    written: Option<At<Text>>,
    label: &At<Text>,
    desk: &mut Desk<'_>,
) -> Option<Box<str>> {
    let Some(at) = written else {
        return Some(default.into());
    };
    let (url, why) = match url::Url::parse(&at.value) {
        Err(error) => (None, Some(error.to_string())),
        Ok(url) => {
            let why = refused(&url, &at.value);
            (Some(url), why.map(str::to_owned))
        }
    };
    if let Some(why) = why {
        // An address may carry credentials, so it is not quoted and its line is masked.
        let message = format!("`{key}` of account {} cannot be this: {why}", label.value);
        desk.error(
            Diagnostic::error(said::ENDPOINT, message)
                .at_masked(at.span, "")
                .help(format!("write an address such as \"{default}\"")),
        );
        return None;
    }
    let url = url?;
    let what = format!("`{key}` of account {}", label.value);
    desk.untrusted.extend(trust::endpoint(&what, &url, at.span));
    Some(url.as_str().trim_end_matches('/').into())
}

/// Why an address cannot be used. The parser mends what browsers mend; here it is refused.
fn refused(url: &url::Url, written: &str) -> Option<&'static str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let host = url.host_str().unwrap_or("");
    if host.is_empty() || !host.chars().all(plain) || !written.contains("://") {
        Some("it names no host")
    } else if written.contains('@') || !url.username().is_empty() || url.password().is_some() {
        Some("credentials are no part of an address")
    } else if url.query().is_some() || url.fragment().is_some() {
        Some("an endpoint ends with its path, before any ? or #")
    } else {
        match url.scheme() {
            "https" => None,
            "http" if trust::is_loopback(url) => None,
            "http" => Some(
                "http is for addresses of this machine only; elsewhere credentials go over https",
            ),
            _ => Some("only https is spoken"),
        }
    }
}
