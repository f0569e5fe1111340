//! The Namebay provider against scripted answers: its requests, its reading of answers, its outcomes.
//!
//! Answers are written by hand from the contract; nothing here knows the simulator.

mod account;
mod admit;
mod families;
mod family_writes;
mod guide;
mod last_seen;
mod login;
mod refusals;
mod spelling;
mod writes;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use bailiwick::diag::{Diagnostics, Place};
use bailiwick::http::script::{Reply, Script, Sent};
use bailiwick::http::{Endpoint, Link, Method, Retry, Wire};
use bailiwick::model::{
    Account, Action, Address, Admitted, Attrs, Declared, Desired, Handle, Home, Kind, Live, Origin,
    Outcome, Part, Secret, Unit, Value, Wanted, Wish, Write,
};
use bailiwick::provider::namebay::{Credentials, Hosts, Login, Namebay};
use bailiwick::provider::{Provider, ProviderError};

use crate::contract::openapi::{Exchange, NAMEBAY};

/// The token's answer, as the guide shows it.
const TOKEN: &str = r#"{"access_token": "example-access-token-0001", "token_type": "bearer", "expires_in": 1209599,
    "userName": "AA111111", "audience": "namebay_1", ".issued": "Tue, 02 Aug 2022 08:20:38 GMT",
    ".expires": "Tue, 16 Aug 2022 08:20:38 GMT"}"#;

/// A Namebay account whose server is a function.
struct Scene {
    script: Arc<Script>,
    login: Arc<Login>,
    namebay: Namebay,
}

impl Scene {
    /// Answers calls of the API as a function of method and target says; tokens are given out.
    fn new(answer: impl Fn(&str, &Sent) -> Reply + Send + Sync + 'static) -> Self {
        Self::with_auth(|_| Reply::answer(200, TOKEN), answer)
    }

    /// The auth host answers as a function says, too.
    fn with_auth(
        auth: impl Fn(&Sent) -> Reply + Send + Sync + 'static,
        answer: impl Fn(&str, &Sent) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let script = Arc::new(Script::new(move |sent| {
            if sent.host == "auth.namebay.com" {
                auth(sent)
            } else {
                answer(&line(sent), sent)
            }
        }));
        let wire = Wire::new(script.clone(), NonZeroUsize::new(4).unwrap());
        let link = Link::new(wire, Login::terms(None, Retry::default()));
        let hosts = Hosts {
            api: Endpoint::parse("https://rest.namebay.com").unwrap(),
            auth: Endpoint::parse("https://auth.namebay.com").unwrap(),
        };
        let credentials = Credentials {
            username: Secret::new("AA111111".to_owned()),
            password: Secret::new("Example#2025a".to_owned()),
        };
        let login = Arc::new(Login::new(link, hosts, credentials));
        let namebay = Namebay::new(Arc::clone(&login), main(), "AA111111".to_owned());
        Self {
            script,
            login,
            namebay,
        }
    }

    /// Answers from a table of `GET /api/…` (without `user`) to bodies with status 200; all else is no call.
    fn serving(table: &[(&'static str, &str)]) -> Self {
        let table: BTreeMap<&str, String> = table
            .iter()
            .map(|(line, body)| (*line, (*body).to_owned()))
            .collect();
        Self::new(move |line, _| match table.get(line) {
            Some(body) => Reply::answer(200, body),
            None => Reply::answer(404, "<html>no such page</html>"),
        })
    }

    /// What was asked of the API so far, without tokens.
    fn asked(&self) -> Vec<String> {
        self.calls().iter().map(line).collect()
    }

    fn calls(&self) -> Vec<Sent> {
        let mut sent = self.script.sent();
        sent.retain(|sent| sent.host == "rest.namebay.com");
        sent
    }

    fn tokens(&self) -> usize {
        self.script.sent().len() - self.calls().len()
    }

    async fn fetch(&self, desired: Desired) -> Result<Live, ProviderError> {
        let desired = self.admit(desired);
        self.namebay.fetch(&wish(&desired, &[])).await
    }

    fn admit(&self, desired: Desired) -> Admitted {
        let mut told = Diagnostics::default();
        let admitted = self.namebay.admit(desired, &mut told);
        assert!(!told.has_errors(), "{told:?}");
        admitted
    }

    async fn perform(&self, write: &Write) -> Outcome {
        self.namebay.perform(write, &[]).await.outcome
    }
}

/// Every request of every test is one that the document allows.
impl Drop for Scene {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            for sent in self.script.sent() {
                assert_allowed(&sent);
            }
        }
    }
}

fn assert_allowed(sent: &Sent) {
    let (path, query) = sent.target.split_once('?').unwrap_or((&sent.target, ""));
    let query: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let body = match &*sent.body {
        "" => None,
        form if sent.host == "auth.namebay.com" => Some(form.lines().map(field).collect()),
        text => Some(json(text)),
    };
    let exchange = Exchange {
        method: sent.method.as_str(),
        path,
        query: &query,
        request: body.as_ref(),
        status: 200,
        response: None,
    };
    NAMEBAY.check_request(&exchange).unwrap();
}

fn field(line: &str) -> (String, serde_json::Value) {
    let (name, value) = line.split_once('=').unwrap();
    (name.to_owned(), value.into())
}

/// `GET /api/Zone`, with the query but without `user`, which every call has to have but those that the contract
/// gives none.
fn line(sent: &Sent) -> String {
    let target = sent.target.replacen("user=AA111111", "", 1);
    let for_all = ["/Availability", "/TldDetails"];
    let takes_none = for_all.iter().any(|call| sent.target.contains(call));
    assert_eq!(target == sent.target, takes_none, "user in {}", sent.target);
    let target = target.replace("?&", "?");
    format!("{} {}", sent.method, target.trim_end_matches('?'))
}

fn main() -> Account {
    Account::new("main")
}

fn name() -> Arc<str> {
    "example.com".into()
}

fn wish<'a>(desired: &'a Admitted, recorded: &'a [(Address, Option<Handle>)]) -> Wish<'a> {
    Wish {
        desired,
        below: None,
        recorded,
        open: &[],
        seen: None,
    }
}

fn origin() -> Origin {
    Origin {
        place: Place {
            file: "bailiwick.toml".into(),
            line: 7,
            column: 1,
        },
        via: None,
        note: None,
    }
}

fn domain() -> Address {
    Address::of(&main(), &name(), Kind::Domain)
}

fn zone() -> Address {
    Address::of(&main(), &name(), Kind::Zone)
}

fn record(host: &str, rtype: &str) -> Address {
    Address::record(&main(), &name(), host, rtype)
}

/// The file's side: each address with its parts and their attributes.
fn desired(objects: &[(Address, &[(&str, Attrs)])]) -> Desired {
    let declared = |parts: &[(&str, Attrs)]| Declared {
        parts: parts
            .iter()
            .map(|(part, attrs)| Wanted {
                part: Part::new(part),
                attrs: attrs.clone(),
                needs: Box::new([]),
                origin: origin(),
            })
            .collect(),
        rules: None,
        buy: None,
        renew_before: None,
        secrets: None,
    };
    let mut homes: BTreeMap<Arc<str>, Home> = BTreeMap::new();
    for (address, _) in objects {
        let home = homes.entry(address.domain.clone()).or_default();
        if address.kind == Kind::Domain {
            home.domain = Some(address.account.clone());
        } else {
            home.zone = Some(address.account.clone());
        }
    }
    Desired {
        objects: objects
            .iter()
            .map(|(address, parts)| (address.clone(), declared(parts)))
            .collect(),
        homes: Arc::new(homes),
    }
}

fn data(text: &str) -> Attrs {
    Attrs::one("data", Value::text(text))
}

/// All live values of the zone's records: `host TYPE value`, by address and value.
fn values(live: &Live) -> Vec<String> {
    let records = live
        .objects
        .iter()
        .filter(|(address, _)| address.kind == Kind::Record);
    let values = records.flat_map(|(address, seen)| {
        let (host, rtype) = address.host_and_type().unwrap();
        seen.parts.iter().map(move |part| {
            assert_eq!(part.attrs.text("data"), Some(&*part.part.0));
            format!("{host} {rtype} {}", part.part.0)
        })
    });
    values.collect()
}

/// A write of a record in the zone `DO100001`.
fn record_write(address: Address, (before, after): (Option<&str>, Option<&str>)) -> Write {
    let action = match (before, after) {
        (None, _) => Action::Create,
        (_, Some(_)) => Action::Update,
        (_, None) => Action::Delete,
    };
    Write {
        unit: Unit::new(address, Part::new(before.or(after).unwrap())),
        action,
        before: before.map_or(Attrs::none(), data),
        after: after.map_or(Attrs::none(), data),
        handle: before.map(|_| Handle("13".into())),
        within: Some(Handle("DO100001".into())),
        order: None,
    }
}

/// A write of a facet of the object with the handle `DO100001`.
fn facet_write(address: Address, part: &str, after: Attrs) -> Write {
    Write {
        unit: Unit::new(address, Part::new(part)),
        action: Action::Update,
        before: Attrs::none(),
        after,
        handle: Some(Handle("DO100001".into())),
        within: None,
        order: None,
    }
}

fn done(handle: Option<&str>) -> Outcome {
    Outcome::Done {
        handle: handle.map(|handle| Handle(handle.into())),
        outputs: Attrs::none(),
    }
}

fn json(body: &str) -> serde_json::Value {
    serde_json::from_str(body).unwrap()
}

fn is_write(sent: &Sent) -> bool {
    sent.method != Method::Get
}
