//! Answers of Namebay's API: the first byte says which call gets the hostile one, the second with which status; all
//! other calls get good ones. The whole account is read, then written to.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

use bailiwick::diag::{Diagnostics, Place};
use bailiwick::http::{
    Endpoint, Fut, Link, Method, Request, Response, Retry, SendError, Transport, Wire,
};
use bailiwick::model::{
    Account, Action, Address, Admitted, Attrs, Declared, Desired, Handle, Home, Kind, Origin,
    Outcome, Part, Secret, Unit, Value, Wanted, Wish, Write,
};
use bailiwick::provider::Provider;
use bailiwick::provider::namebay::{Credentials, Hosts, Login, Namebay};
use bailiwick::render::escape::inert;

use super::{came_to, shape};

const TOKEN: &str = r#"{"access_token": "t", "token_type": "bearer", "expires_in": 1209599}"#;
const OWNED: &str = r#"[{"Handle": "DO1", "Name": "example.com", "Class": "domain", "StatusID": 1, "ExpDate": "2026-02-25T15:09:05.763"},
    {"Handle": "HO1", "Name": "example.com", "Class": "Hosting", "StatusID": 1.0},
    {"Handle": "RS1", "Name": "example.com", "Class": "service", "StatusID": 0}]"#;
const DOMAIN: &str = r#"{"Handle": "DO1", "DomainName": "example.com", "Status": "LOCKED", "AutoRenew": true, "HasAnonymousWhois": false}"#;

/// Each call whose answer is decoded: method, the end of its path, and a good answer.
const ANSWERS: &[(Method, &str, &str)] = &[
    (Method::Post, "/token", TOKEN),
    (Method::Get, "/OwnedProduct", OWNED),
    (
        Method::Get,
        "/Domain",
        "[{\"Handle\": \"DO1\", \"DomainName\": \"example.com\"}]",
    ),
    (Method::Get, "/Domain/DO1", DOMAIN),
    (
        Method::Get,
        "/Contact",
        r#"[{"Handle": "AA1", "Type": "A"}, {"Handle": "AA2", "Type": "T"}]"#,
    ),
    (
        Method::Get,
        "/NameServer",
        r#"[{"Hostname": "dns1.namebay.com"}, {"Hostname": "dns2.namebay.com"}]"#,
    ),
    (
        Method::Get,
        "/Zone",
        r#"[{"Handle": "DO1", "Name": "example.com", "Ttl": 3600, "SoaSerial": "1"}]"#,
    ),
    (
        Method::Get,
        "/Zone/DO1",
        r#"{"Handle": "DO1", "Name": "example.com", "Ttl": 3600, "SoaSerial": "1"}"#,
    ),
    (
        Method::Get,
        "/Record",
        r#"[{"Id": 1, "Host": "@", "Type": "TXT", "Data": "\"v=spf1 -all\""}, {"Id": 2, "Host": "www", "Type": "MX", "Data": "mail.example.net.", "Weight": 10}]"#,
    ),
    (Method::Get, "/DnsSec", r#"{"IsSec": true}"#),
    (
        Method::Get,
        "/NsKey",
        r#"[{"Id": 1, "KeyTag": 1, "Flags": 257, "Algorithm": 13, "PublicKey": "AAAA"}]"#,
    ),
    (
        Method::Get,
        "/Redirection",
        r#"[{"Handle": "RD1", "UrlOrigin": "blog.example.com", "UrlDestination": "https://www.example.net", "Type": 4.0, "active": true}]"#,
    ),
    (
        Method::Get,
        "/RedirectService",
        r#"[{"Handle": "RS1", "Name": "example.com", "Unit": 5.0, "Expires": "2026-02-20T12:36:42.43"}]"#,
    ),
    (
        Method::Get,
        "/Mail/Service",
        r#"[{"handle": "MA1", "name": "example.com", "max_mail": 20.0, "used_mail": 3, "expires_at": "2027-03-05T00:00:00", "AutoRenew": false}]"#,
    ),
    (
        Method::Get,
        "/Mail",
        r#"[{"ObjectHandle": "MB1", "ServiceHandle": "MA1", "UserType": "POP", "UserName": "info", "UserMailAddress": "Info@Example.com", "IsRedir": true, "Forward": ["b@example.org"], "Alias": null, "State": " Completed"}]"#,
    ),
    (
        Method::Get,
        "/Autoresponder",
        r#"{"ObjectHandle": "MB1", "Active": true, "Message": "a\r\nb", "Subject": "Away", "Start": "2025-03-30T00:00:00+01:00", "Finish": "2025-04-03T22:00:00Z"}"#,
    ),
    (
        Method::Get,
        "/User",
        r#"[{"Id": 101, "UserName": "u101", "Login": "host\\u101", "Host": "ftp.example.com", "FullName": "deploy", "Dir": "/var/www/sites/ho1/up/"}]"#,
    ),
    (Method::Post, "/Record", r#"{"Id": 13}"#),
    (Method::Post, "/Redirection", r#"{"Handle": "RD9"}"#),
    (
        Method::Post,
        "/Mail",
        r#"{"ObjectHandle": "MB9", "State": "Pending", "Errors": []}"#,
    ),
    (
        Method::Post,
        "/User",
        r#"{"Id": 7, "Login": "x", "FullName": "deploy"}"#,
    ),
    (Method::Put, "/Record/1", r#"{"Id": 1}"#),
    (Method::Delete, "/Record/1", ""),
];

/// How many there are.
pub(crate) const CALLS: usize = ANSWERS.len();

/// The first byte of an input for a call.
pub(crate) fn letter(call: usize) -> char {
    char::from(b'A' + u8::try_from(call % 60).unwrap_or_default())
}

/// Reads an answer.
pub(super) fn run(input: &[u8]) -> u64 {
    let [call, status, body @ ..] = input else {
        return 0;
    };
    let call = usize::from(call.wrapping_sub(b'A')) % CALLS;
    let status = match status % 16 {
        0 => 400,
        2 => 404,
        3 => 500,
        4 => 510,
        5 => 550,
        6 => 401,
        7 => 429,
        _ => 200,
    };
    let namebay = account(Hostile {
        call,
        status,
        body: body.to_vec(),
    });
    SCENE.with_borrow(|scene| {
        scene
            .runtime
            .block_on(visit(&namebay, &scene.desired, call))
    })
}

/// The account with good answers, for what asks nothing.
pub(super) fn namebay() -> Namebay {
    account(Hostile {
        call: CALLS,
        status: 200,
        body: Vec::new(),
    })
}

thread_local! {
    static SCENE: RefCell<Scene> = RefCell::new(Scene::new());
}

struct Scene {
    runtime: tokio::runtime::Runtime,
    desired: Admitted,
}

impl Scene {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        let desired = namebay().admit(desired(), &mut Diagnostics::default());
        Self { runtime, desired }
    }
}

struct Hostile {
    call: usize,
    status: u16,
    body: Vec<u8>,
}

impl Transport for Hostile {
    fn send<'a>(&'a self, request: &'a Request) -> Fut<'a, Result<Response, SendError>> {
        let target = request.target().expect("a request that can be sent");
        let target = secrecy::ExposeSecret::expose_secret(&target).to_owned();
        let path = target.split('?').next().unwrap_or_default();
        // The longest end that fits.
        let fitting = ANSWERS
            .iter()
            .enumerate()
            .filter(|(_, (method, end, _))| *method == request.method() && path.ends_with(end))
            .max_by_key(|(_, (_, end, _))| end.len());
        let response = match fitting {
            Some((call, _)) if call == self.call => Response::new(self.status, self.body.clone()),
            Some((_, (_, _, body))) => Response::new(200, *body),
            None => Response::new(404, "<html>no such page</html>"),
        };
        Box::pin(async { Ok(response) })
    }
}

fn account(server: Hostile) -> Namebay {
    let wire = Wire::new(Arc::new(server), NonZeroUsize::new(4).expect("not 0"));
    let once = Retry {
        attempts: 1,
        ..Retry::default()
    };
    let link = Link::new(wire, Login::terms(None, once));
    let at = |address: &str| Endpoint::parse(address).expect("an address");
    let hosts = Hosts {
        api: at("https://rest.namebay.com"),
        auth: at("https://auth.namebay.com"),
    };
    let credentials = Credentials {
        username: Secret::new("AA111111".to_owned()),
        password: Secret::new("Example#2025a".to_owned()),
    };
    let login = Arc::new(Login::new(link, hosts, credentials));
    Namebay::new(login, main(), "AA111111".to_owned())
}

async fn visit(namebay: &Namebay, desired: &Admitted, call: usize) -> u64 {
    let writes = ANSWERS[call].0 != Method::Get && call != 0;
    if writes {
        let write = write(ANSWERS[call].1, ANSWERS[call].0);
        let secrets: &[Secret] = &[Secret::new("Example#2025a".to_owned())];
        let with = matches!(write.unit.address.kind, Kind::Mailbox | Kind::FtpUser);
        let secrets = if with { secrets } else { &[] };
        let answer = namebay.perform(&write, secrets).await;
        let said = match &answer.outcome {
            Outcome::Done { handle, outputs } => {
                (0, handle.is_some(), outputs.iter().count(), String::new())
            }
            other @ (Outcome::Refused(_)
            | Outcome::NotSent(_)
            | Outcome::Unknown(_)
            | Outcome::Pending(_)) => (1, false, 0, shape(&format!("{other:?}"))),
        };
        return came_to((call, said));
    }
    let wish = Wish {
        desired,
        below: None,
        recorded: &[],
        open: &[],
        seen: None,
    };
    let roster = namebay
        .roster()
        .await
        .map_err(|problem| shape(&problem.to_string()));
    let _ = roster;
    match namebay.fetch(&wish).await {
        Err(problem) => came_to((call, shape(&inert(&problem.to_string())))),
        Ok(live) => {
            let kinds: BTreeSet<Kind> = live.objects.keys().map(|address| address.kind).collect();
            let notes: BTreeSet<_> = live.notes.iter().map(|(code, ..)| *code).collect();
            came_to((
                call,
                kinds,
                notes,
                live.objects.len().min(8),
                live.failed.len().min(3),
            ))
        }
    }
}

fn main() -> Account {
    Account::new("main")
}

fn of(kind: Kind, name: &str) -> Address {
    Address {
        name: name.into(),
        ..Address::of(&main(), &"example.com".into(), kind)
    }
}

fn desired() -> Desired {
    let origin = Origin {
        place: Place {
            file: "bailiwick.toml".into(),
            line: 1,
            column: 1,
        },
        via: None,
        note: None,
    };
    let declared = |part: &str, attrs: Attrs| Declared {
        parts: [Wanted {
            part: Part::new(part),
            attrs,
            needs: Box::new([]),
            origin: origin.clone(),
        }]
        .into_iter()
        .collect(),
        rules: None,
        buy: None,
        renew_before: None,
        secrets: None,
    };
    let objects = [
        (
            of(Kind::Domain, ""),
            declared("settings", Attrs::one("locked", Value::bool(true))),
        ),
        (
            of(Kind::Zone, ""),
            declared("ttl", Attrs::one("ttl", Value::int(300))),
        ),
        (
            of(Kind::Redirect, "blog.example.com"),
            declared("", Attrs::none()),
        ),
        (of(Kind::Mail, ""), declared("", Attrs::none())),
        (of(Kind::Mailbox, "info"), declared("", Attrs::none())),
        (of(Kind::Autoresponder, "info"), declared("", Attrs::none())),
        (of(Kind::Hosting, ""), declared("", Attrs::none())),
        (of(Kind::FtpUser, "deploy"), declared("", Attrs::none())),
    ];
    let home = Home {
        domain: Some(main()),
        zone: Some(main()),
    };
    Desired {
        objects: objects.into_iter().collect(),
        homes: Arc::new([("example.com".into(), home)].into()),
    }
}

fn write(end: &str, method: Method) -> Write {
    let data = |text: &str| Attrs::one("data", Value::text(text));
    let (address, part, after, within) = match end {
        "/Redirection" => {
            let attrs = vec![
                ("to", Value::text("https://a.example/")),
                ("type", Value::int(4)),
            ];
            (
                of(Kind::Redirect, "blog.example.com"),
                "",
                Attrs::new(attrs),
                "DO1",
            )
        }
        "/Mail" => (of(Kind::Mailbox, "info"), "", Attrs::none(), "MA1"),
        "/User" => (of(Kind::FtpUser, "deploy"), "", Attrs::none(), "HO1"),
        _ => {
            let record = Address::record(&main(), &"example.com".into(), "www", "A");
            (record, "192.0.2.1", data("192.0.2.1"), "DO1")
        }
    };
    let (action, before) = match method {
        Method::Delete => (Action::Delete, after.clone()),
        Method::Put => (Action::Update, data("192.0.2.2")),
        Method::Get | Method::Post | Method::Patch => (Action::Create, Attrs::none()),
    };
    Write {
        unit: Unit::new(address, Part::new(part)),
        action,
        before,
        after: match action {
            Action::Delete => Attrs::none(),
            Action::Create | Action::Update => after,
        },
        handle: (action != Action::Create).then(|| Handle("1".into())),
        within: Some(Handle(within.into())),
        order: None,
    }
}
