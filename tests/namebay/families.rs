//! Redirections, mailboxes, their answers and FTP users: what is read, with how many requests, and how the file's side
//! is brought into the same form.

use super::*;
use bailiwick::model::{Data, Need, Sent as When, WantedSecret};

pub(super) const OWNED: &str = r#"[{"Handle": "DO100001", "Name": "example.com", "Class": "domain", "StatusID": 1},
    {"Handle": "HO300001", "Name": "Example.com", "Class": "Hosting", "StatusID": 1.0, "ExpDate": "2026-02-25T15:09:05.763"},
    {"Handle": "RS500001", "Name": "example.com", "Class": "service", "StatusID": 0}]"#;
const ZONES: &str = r#"[{"Handle": "DO100001", "Name": "example.com"}]"#;
const REDIRECTIONS: &str = r#"[
    {"Handle": "RD1", "UrlOrigin": "HTTP://Blog.Example.com/", "UrlDestination": "HTTPS://Www.Example.net", "Type": 4.0,
        "active": true, "Title": null, "MetaKeyword": " a, b ", "Relative": null},
    {"Handle": "RD2", "UrlOrigin": "@", "UrlDestination": "https://www.example.net/Shop?A=b", "Type": "1", "Active": false,
        "Title": "", "Relative": true},
    {"Handle": "RD3", "UrlOrigin": "example.com/path", "UrlDestination": "https://www.example.net/", "Type": 1},
    {"Handle": "RD4", "UrlOrigin": "two.example.com.", "UrlDestination": "https://a.example/", "Type": 1},
    {"Handle": "RD5", "UrlOrigin": "two.example.com", "UrlDestination": "https://b.example/", "Type": 1}]"#;
const REDIRECT_SERVICES: &str = r#"[{"Handle": "RS500001", "Name": "example.com", "Unit": 5.0, "Expires": "2026-02-20T12:36:42.43"}]"#;
const SERVICES: &str = r#"[{"handle": "MA400001", "name": "example.com", "max_mail": 20.0, "used_mail": 3,
    "expires_at": "2027-03-05T00:00:00", "AutoRenew": false}, {"handle": "MA2", "name": "other.example", "max_mail": 1}]"#;
const BOXES: &str = r#"[
    {"ObjectHandle": "MB400002", "ServiceHandle": "MA400001", "UserType": "POP", "UserName": "info", "UserPwd": "canary-pwd",
        "UserDescription": null, "UserMailAddress": "Info@Example.com", "IsCatchAll": null, "IsRedir": true,
        "Forward": ["B@EXAMPLE.org", "a@example.org", "a@example.org"], "Alias": null, "State": " Completed",
        "CreDate": "0001-01-01T00:00:00", "Errors": []},
    {"ObjectHandle": "MB3", "UserType": "alias", "UserMailAddress": "sales@example.com", "IsRedir": false,
        "Forward": "info@example.com", "Alias": [], "State": "Pending"},
    {"ObjectHandle": "MB4", "UserType": "pop", "UserMailAddress": "info@other.example"}]"#;
const ANSWER: &str = r#"{"ObjectHandle": "MB400002", "Active": true, "Forward": null, "Message": "a\r\nb", "Subject": "Away",
    "Start": "2025-03-30T00:00:00+01:00", "Finish": "2025-04-03T22:00:00Z", "Errors": []}"#;
const USERS: &str = r#"[
    {"Id": 100.0, "UserName": "HO300001", "Login": "ho300001", "Host": "ftp.example.com", "FullName": "Administrator",
        "Dir": "/var/www/sites/ho300001/", "Pwd": "canary-pwd"},
    {"Id": 101, "UserName": "u101", "Login": "host\\u101", "Host": "ftp.example.com", "FullName": "deploy",
        "Description": "CI", "Dir": "/var/www/sites/ho300001/up/"},
    {"Id": 102, "UserName": "u102", "FullName": null, "Dir": "/var/www/sites/ho300001"},
    {"Id": 103, "FullName": "twin"}, {"Id": 104, "FullName": "twin"}, {"Id": 105, "FullName": "(admin)"}]"#;

pub(super) fn below(kind: Kind, name: &str) -> Address {
    Address {
        name: name.into(),
        ..Address::of(&main(), &super::name(), kind)
    }
}

fn of(kind: Kind) -> Address {
    Address::of(&main(), &name(), kind)
}

fn server() -> Scene {
    Scene::serving(&[
        ("GET /api/OwnedProduct", OWNED),
        ("GET /api/OwnedProduct?object_class=domain", OWNED),
        ("GET /api/OwnedProduct?object_class=hosting", OWNED),
        ("GET /api/Zone", ZONES),
        (
            "GET /api/Zone/DO100001/Record",
            r#"[
            {"Id": 1, "Host": "blog", "Type": "CNAME", "Data": "redirect.namebay.com."},
            {"Id": 2, "Host": "@", "Type": "A", "Data": "192.0.2.1"}, {"Id": 3, "Host": "blog", "Type": "TXT", "Data": "x"},
            {"Id": 4, "Host": "www", "Type": "A", "Data": "192.0.2.2"}]"#,
        ),
        ("GET /api/Zone/DO100001/Redirection", REDIRECTIONS),
        ("GET /api/Zone/DO100001/RedirectService", REDIRECT_SERVICES),
        ("GET /api/Mail/Service", SERVICES),
        ("GET /api/Mail", BOXES),
        ("GET /api/Mail/MB400002/Autoresponder", ANSWER),
        ("GET /api/Hosting/HO300001/User", USERS),
    ])
}

fn text(pairs: &[(&'static str, &str)]) -> Attrs {
    Attrs::new(
        pairs
            .iter()
            .map(|(name, text)| (*name, Value::text(text)))
            .collect(),
    )
}

fn object(live: &Live, address: &Address) -> Attrs {
    live.objects[address].parts[0].attrs.clone()
}

#[tokio::test(start_paused = true)]
async fn redirections_are_read_with_their_service_and_records() {
    let scene = server();
    let blog = below(Kind::Redirect, "blog.example.com");
    let live = scene
        .fetch(desired(&[
            (blog.clone(), &[("", Attrs::none())]),
            (zone(), &[("", Attrs::none())]),
        ]))
        .await
        .unwrap();
    assert_eq!(
        object(&live, &blog),
        Attrs::new(vec![
            ("active", Value::bool(true)),
            ("description", Value::text("")),
            ("keywords", Value::text("a, b")),
            ("relative", Value::bool(false)),
            ("title", Value::text("")),
            ("to", Value::text("https://www.example.net/")),
            ("type", Value::int(4)),
        ])
    );
    assert_eq!(live.objects[&blog].handle, Some(Handle("RD1".into())));
    let apex = below(Kind::Redirect, "example.com");
    assert_eq!(
        object(&live, &apex).text("to"),
        Some("https://www.example.net/Shop?A=b")
    );
    assert_eq!(object(&live, &apex).yes("active"), Some(false));
    let service = &live.objects[&of(Kind::RedirectService)];
    let parts: Vec<_> = service.parts.iter().map(|part| &*part.part.0).collect();
    assert_eq!(parts, ["capacity", "order"]);
    assert_eq!(service.parts[0].attrs.int("capacity"), Some(5));
    assert_eq!(service.handle, Some(Handle("RS500001".into())));
    // What has a path, or is there twice, is told and left alone.
    let codes: Vec<_> = live.notes.iter().map(|(code, ..)| *code).collect();
    assert_eq!(codes, ["redirect.unreadable", "redirect.twice"]);
    let twice = below(Kind::Redirect, "two.example.com");
    assert!(!live.objects.contains_key(&twice));
    assert_eq!(live.failed[0].0, twice);
    // The records that it brought are its own.
    let owner = |host, rtype| {
        let seen = &live.objects[&record(host, rtype)];
        seen.parts[0].owner.as_deref().cloned()
    };
    assert_eq!(owner("blog", "CNAME"), Some(blog));
    assert_eq!(owner("@", "A"), Some(apex));
    assert_eq!(owner("blog", "TXT"), None);
    assert_eq!(owner("www", "A"), None);
}

#[tokio::test(start_paused = true)]
async fn a_redirection_of_ours_that_its_list_lacks_is_asked_for_by_its_handle() {
    let one = r#"{"Handle": "RD9", "UrlOrigin": "off.example.com", "UrlDestination": "https://a.example/",
        "Type": 1, "Active": false}"#;
    let off = below(Kind::Redirect, "off.example.com");
    let gone = below(Kind::Redirect, "gone.example.com");
    let scene = Scene::serving(&[
        ("GET /api/Zone", ZONES),
        ("GET /api/Zone/DO100001/Redirection", "[]"),
        ("GET /api/Zone/DO100001/Redirection/RD9", one),
        ("GET /api/Zone/DO100001/RedirectService", REDIRECT_SERVICES),
    ]);
    let all = scene.admit(desired(&[(off.clone(), &[("", Attrs::none())])]));
    let recorded = [
        (off.clone(), Some(Handle("RD9".into()))),
        (gone.clone(), Some(Handle("RD10".into()))),
    ];
    let live = scene.namebay.fetch(&wish(&all, &recorded)).await.unwrap();
    assert_eq!(object(&live, &off).yes("active"), Some(false));
    assert!(!live.objects.contains_key(&gone));
    assert_eq!(live.failed, []);
}

#[tokio::test(start_paused = true)]
async fn mailboxes_and_answers_are_read() {
    let scene = server();
    let info = below(Kind::Mailbox, "info");
    let answer = below(Kind::Autoresponder, "info");
    let live = scene
        .fetch(desired(&[
            (of(Kind::Mail), &[("order", Attrs::none())]),
            (
                info.clone(),
                &[(
                    "",
                    Attrs::one("forward", Value::list(&["b@Example.org", "a@example.org"])),
                )],
            ),
            (
                answer.clone(),
                &[("", Attrs::one("active", Value::bool(true)))],
            ),
        ]))
        .await
        .unwrap();
    assert_eq!(
        object(&live, &info),
        Attrs::new(vec![
            ("aliases", Value::list::<&str>(&[])),
            ("catch_all", Value::bool(false)),
            ("description", Value::text("")),
            ("forward", Value::list(&["a@example.org", "b@example.org"])),
            ("name", Value::text("info")),
            ("type", Value::text("pop")),
        ])
    );
    let sales = below(Kind::Mailbox, "sales");
    assert_eq!(
        object(&live, &sales).data("forward"),
        Value::list(&["info@example.com"]).known()
    );
    assert_eq!(
        object(&live, &answer),
        Attrs::new(vec![
            ("active", Value::bool(true)),
            ("finish", Value::text("2025-04-04")),
            ("forward", Value::text("")),
            ("message", Value::text("a\nb")),
            ("start", Value::text("2025-03-30")),
            ("subject", Value::text("Away")),
        ])
    );
    let mail = &live.objects[&of(Kind::Mail)];
    assert_eq!(mail.handle, Some(Handle("MA400001".into())));
    assert_eq!(mail.parts[0].attrs.int("mailboxes"), Some(20));
    assert_eq!(live.notes[0].0, "mailbox.pending");
    assert_eq!(live.notes[0].1.as_ref(), Some(&sales));
    assert!(!format!("{live:?}").contains("canary"));
    assert!(live.objects.keys().all(|at| &*at.domain == "example.com"));
}

#[tokio::test(start_paused = true)]
async fn ftp_users_are_known_by_their_labels() {
    let scene = server();
    let deploy = below(Kind::FtpUser, "deploy");
    let relative = text(&[("dir", "up/")]);
    let live = scene
        .fetch(desired(&[(deploy.clone(), &[("", relative)])]))
        .await
        .unwrap();
    assert_eq!(
        object(&live, &deploy),
        text(&[("description", "CI"), ("dir", "up")])
    );
    assert_eq!(
        live.objects[&deploy].outputs,
        text(&[
            ("host", "ftp.example.com"),
            ("login", "host\\u101"),
            ("user_name", "u101")
        ])
    );
    assert_eq!(live.objects[&deploy].handle, Some(Handle("101".into())));
    let own = &live.objects[&below(Kind::FtpUser, "(admin)")];
    assert_eq!(
        (own.handle.clone(), own.parts[0].attrs.clone()),
        (Some(Handle("100".into())), Attrs::none())
    );
    let nameless = object(&live, &below(Kind::FtpUser, "#102"));
    assert_eq!(nameless.text("dir"), Some("/var/www/sites/ho300001"));
    assert!(live.objects.contains_key(&below(Kind::FtpUser, "#105")));
    let twin = below(Kind::FtpUser, "twin");
    assert_eq!(
        (live.failed[0].0.clone(), &*live.failed[0].1.code),
        (twin.clone(), "ftp_user.twice")
    );
    assert_eq!(live.notes[0].0, "ftp_user.twice");
    assert!(!live.objects.contains_key(&twin));
    let hosting = &live.objects[&of(Kind::Hosting)];
    assert_eq!(hosting.handle, Some(Handle("HO300001".into())));
    assert_eq!(hosting.outputs.text("dir"), Some("/var/www/sites/ho300001"));
    assert_eq!(hosting.outputs.text("login"), Some("ho300001"));
    assert!(!format!("{live:?}").contains("canary"));
}

/// The label may not be shown, or somebody may have changed it: the id tells.
#[tokio::test(start_paused = true)]
async fn an_ftp_user_of_ours_is_known_by_its_id() {
    let scene = server();
    let (nameless, renamed) = (below(Kind::FtpUser, "ours"), below(Kind::FtpUser, "before"));
    let all = scene.admit(desired(&[(nameless.clone(), &[("", Attrs::none())])]));
    let handle = |id: &str| Some(Handle(id.into()));
    let recorded = [
        (nameless.clone(), handle("102")),
        (renamed.clone(), handle("101")),
    ];
    let live = scene.namebay.fetch(&wish(&all, &recorded)).await.unwrap();
    assert_eq!(live.objects[&nameless].handle, handle("102"));
    assert_eq!(live.objects[&renamed].handle, handle("101"));
    assert!(!live.objects.contains_key(&below(Kind::FtpUser, "#102")));
    assert!(!live.objects.contains_key(&below(Kind::FtpUser, "deploy")));
}

/// Where no call lists redirections, those of ours are read one by one.
#[tokio::test(start_paused = true)]
async fn redirections_of_ours_are_read_by_their_handles_where_no_call_lists_them() {
    let one = r#"{"Handle": "RD9", "UrlOrigin": "blog.example.com", "UrlDestination": "https://a.example/", "Type": 1}"#;
    let scene = Scene::new(move |line, _| match line {
        "GET /api/Zone" => Reply::answer(200, ZONES),
        "GET /api/Zone/DO100001/Redirection/RD9" => Reply::answer(200, one),
        "GET /api/Zone/DO100001/RedirectService" => Reply::answer(200, REDIRECT_SERVICES),
        _ => Reply::answer(405, ""),
    });
    let (blog, new) = (
        below(Kind::Redirect, "blog.example.com"),
        below(Kind::Redirect, "new.example.com"),
    );
    let all = scene.admit(desired(&[
        (blog.clone(), &[("", Attrs::none())]),
        (new.clone(), &[("", Attrs::none())]),
    ]));
    let recorded = [(blog.clone(), Some(Handle("RD9".into())))];
    let live = scene.namebay.fetch(&wish(&all, &recorded)).await.unwrap();
    assert_eq!(object(&live, &blog).text("to"), Some("https://a.example/"));
    let unreadable: Vec<_> = live
        .unreadable_units
        .iter()
        .map(|unit| &unit.address)
        .collect();
    assert_eq!(unreadable, [&new]);
}

/// The bound of the architecture page, kind by kind.
#[tokio::test(start_paused = true)]
async fn each_family_is_read_only_where_something_of_it_is_known() {
    let redirects = [
        "GET /api/Zone",
        "GET /api/Zone/DO100001/RedirectService",
        "GET /api/Zone/DO100001/Redirection",
    ];
    let mail = ["GET /api/Mail", "GET /api/Mail/Service"];
    let users = [
        "GET /api/Hosting/HO300001/User",
        "GET /api/OwnedProduct?object_class=hosting",
    ];
    let answer = [
        "GET /api/Mail",
        "GET /api/Mail/MB400002/Autoresponder",
        "GET /api/Mail/Service",
    ];
    for (address, expected) in [
        (of(Kind::RedirectService), &redirects[..]),
        (below(Kind::Redirect, "blog.example.com"), &redirects),
        (of(Kind::Mail), &mail),
        (below(Kind::Mailbox, "sales"), &mail),
        (below(Kind::Autoresponder, "info"), &answer),
        (of(Kind::Hosting), &users),
        (below(Kind::FtpUser, "deploy"), &users),
    ] {
        let sorted = |mut lines: Vec<String>| {
            lines.sort();
            lines
        };
        let mut expected: Vec<String> = expected.iter().map(|line| (*line).to_owned()).collect();
        expected.sort();
        let declared = server();
        declared
            .fetch(desired(&[(address.clone(), &[("", Attrs::none())])]))
            .await
            .unwrap();
        assert_eq!(sorted(declared.asked()), expected, "{address}");
        let known = server();
        let none = Admitted::default();
        let recorded = [(address.clone(), None)];
        known.namebay.fetch(&wish(&none, &recorded)).await.unwrap();
        assert_eq!(sorted(known.asked()), expected, "{address}");
    }
    // A domain and a hosting share the list of what is held.
    let both = server();
    let order: &[(&str, Attrs)] = &[("order", Attrs::none())];
    both.fetch(desired(&[(domain(), order), (of(Kind::Hosting), order)]))
        .await
        .unwrap();
    assert!(both.asked().contains(&"GET /api/OwnedProduct".to_owned()));
    assert_eq!(both.asked().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_cannot_be_had_costs_its_family_alone() {
    let redirect = below(Kind::Redirect, "blog.example.com");
    let user = below(Kind::FtpUser, "deploy");
    let answer = below(Kind::Autoresponder, "info");
    let all = || {
        desired(&[
            (redirect.clone(), &[("", Attrs::none())][..]),
            (user.clone(), &[("", Attrs::none())]),
            (answer.clone(), &[("", Attrs::none())]),
        ])
    };
    let answering = |status: u16, body: &'static str| {
        Scene::new(move |line, _| match line {
            "GET /api/OwnedProduct?object_class=hosting" => Reply::answer(200, OWNED),
            "GET /api/Zone" => Reply::answer(200, ZONES),
            "GET /api/Mail" => Reply::answer(200, BOXES),
            "GET /api/Mail/Service" => Reply::answer(200, SERVICES),
            _ => Reply::answer(status, body),
        })
    };
    for (status, body) in [
        (404, "<html>none</html>"),
        (405, ""),
        (501, r#"[{"Code": 501}]"#),
    ] {
        let live = answering(status, body).fetch(all()).await.unwrap();
        // The reading of an answer is documented, so that a 404 in any form says that there is none.
        let documented = status == 404;
        for address in [&redirect, &user, &answer] {
            let unit = Unit::new(address.clone(), Part::object());
            let unreadable = live.unreadable_units.contains(&unit);
            assert_eq!(
                unreadable,
                *address != answer || !documented,
                "{status} {address}"
            );
        }
        let absent = live
            .notes
            .iter()
            .filter(|(code, ..)| *code == "call.absent");
        assert_eq!(absent.count(), if documented { 3 } else { 4 });
        assert_eq!(live.failed, []);
    }
    let refused = answering(403, r#"[{"Code": 403, "Detail": "no"}]"#);
    let live = refused.fetch(all()).await.unwrap();
    let failed: Vec<_> = live
        .failed
        .iter()
        .map(|(address, _)| address.kind)
        .collect();
    for kind in [
        Kind::Redirect,
        Kind::FtpUser,
        Kind::Hosting,
        Kind::Autoresponder,
        Kind::RedirectService,
    ] {
        assert!(failed.contains(&kind), "{kind:?}");
    }
    // Nothing, in every form; an error where the ledger knows of some.
    for (status, body) in [
        (404, r#"[{"Code": 404}]"#),
        (200, "null"),
        (204, ""),
        (200, "[]"),
    ] {
        let scene = answering(status, body);
        let admitted = scene.admit(all());
        let live = scene.namebay.fetch(&wish(&admitted, &[])).await.unwrap();
        assert!(
            live.failed.is_empty() && live.unreadable_units.is_empty(),
            "{status} {body}"
        );
        let recorded = [(redirect.clone(), None), (user.clone(), None)];
        let live = scene
            .namebay
            .fetch(&wish(&admitted, &recorded))
            .await
            .unwrap();
        assert_eq!(!live.failed.is_empty(), body != "[]", "{status} {body}");
        assert_eq!(
            live.failed.iter().any(|(address, _)| *address == redirect),
            body != "[]"
        );
    }
    // The lists of mail are the whole account's, and a refusal costs mail alone.
    let scene = Scene::new(|line, _| match line {
        "GET /api/Mail" | "GET /api/Mail/Service" => Reply::answer(404, r#"[{"Code": 404}]"#),
        "GET /api/Zone" => Reply::answer(200, ZONES),
        _ => Reply::answer(200, "[]"),
    });
    let mailbox = below(Kind::Mailbox, "info");
    let admitted = scene.admit(desired(&[
        (mailbox.clone(), &[("", Attrs::none())][..]),
        (zone(), &[]),
    ]));
    let recorded = [(mailbox.clone(), None)];
    let live = scene
        .namebay
        .fetch(&wish(&admitted, &recorded))
        .await
        .unwrap();
    let failed: Vec<_> = live
        .failed
        .iter()
        .map(|(address, _)| address.clone())
        .collect();
    assert_eq!(failed, [mailbox, of(Kind::Mail)]);
    assert!(live.objects.contains_key(&zone()));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_never_set_is_none_in_every_form() {
    let address = below(Kind::Autoresponder, "info");
    for (status, body) in [
        (404, r#"[{"Code": 404, "Detail": "none"}]"#),
        (200, "null"),
        (200, "{}"),
        (204, ""),
        (
            200,
            r#"{"ObjectHandle": "MB400002", "Active": false, "Subject": "", "Message": null, "Start": "0001-01-01T00:00:00"}"#,
        ),
    ] {
        let scene = Scene::new(move |line, _| match line {
            "GET /api/Mail" => Reply::answer(200, BOXES),
            "GET /api/Mail/Service" => Reply::answer(200, SERVICES),
            _ => Reply::answer(status, body),
        });
        for (attrs, there) in [
            (text(&[("subject", "Away")]), false),
            (Attrs::one("active", Value::bool(false)), body.contains("{")),
        ] {
            let live = scene
                .fetch(desired(&[(address.clone(), &[("", attrs)])]))
                .await
                .unwrap();
            assert_eq!(
                live.objects.contains_key(&address),
                there && status == 200,
                "{body}"
            );
        }
    }
}

#[test]
fn the_file_is_brought_into_the_same_form() {
    let scene = server();
    let info = below(Kind::Mailbox, "info");
    let admitted = scene.admit(desired(&[
        (of(Kind::Hosting), &[("order", Attrs::none())]),
        (of(Kind::Mail), &[("order", Attrs::none())]),
        (zone(), &[("", Attrs::none())]),
        (
            domain(),
            &[(
                "delegation",
                Attrs::one(
                    "name_servers",
                    Value::list(&["dns1.namebay.com", "dns2.namebay.com"]),
                ),
            )],
        ),
        (
            below(Kind::Redirect, "blog.example.com"),
            &[(
                "",
                text(&[("title", " Our blog "), ("to", "HTTPS://Blog.Example.NET")]),
            )],
        ),
        (
            info.clone(),
            &[(
                "",
                Attrs::new(vec![
                    (
                        "aliases",
                        Value::list(&["B@EXAMPLE.com", "a@example.com", "a@example.com"]),
                    ),
                    ("description", Value::text(" desk ")),
                ]),
            )],
        ),
        (
            below(Kind::Mailbox, "sales"),
            &[("", text(&[("type", "alias")]))],
        ),
        (
            below(Kind::Autoresponder, "info"),
            &[(
                "",
                text(&[("forward", "Boss@EXAMPLE.org"), ("message", "a\r\nb")]),
            )],
        ),
        (
            below(Kind::FtpUser, "deploy"),
            &[("", text(&[("dir", "/var/www//up/")]))],
        ),
        (below(Kind::FtpUser, "(admin)"), &[("", Attrs::none())]),
    ]));
    let part = |address: &Address| &admitted.objects()[address].parts[0];
    let redirect = part(&below(Kind::Redirect, "blog.example.com"));
    assert_eq!(
        redirect.attrs,
        text(&[("title", "Our blog"), ("to", "https://blog.example.net/")])
    );
    assert_eq!(
        &*redirect.needs,
        [
            Need::Unit(Unit::new(domain(), Part::new("delegation"))),
            Need::Unit(Unit::new(zone(), Part::object())),
        ]
    );
    assert_eq!(
        part(&info).attrs.data("aliases"),
        Value::list(&["B@example.com", "a@example.com"]).known()
    );
    assert_eq!(
        &*part(&info).needs,
        [Need::Unit(Unit::new(of(Kind::Mail), Part::new("order")))]
    );
    let answer = part(&below(Kind::Autoresponder, "info"));
    assert_eq!(
        answer.attrs,
        text(&[("forward", "Boss@example.org"), ("message", "a\nb")])
    );
    assert_eq!(
        &*answer.needs,
        [Need::Unit(Unit::new(info.clone(), Part::object()))]
    );
    let user = part(&below(Kind::FtpUser, "deploy"));
    assert_eq!(
        user.attrs.data("dir"),
        Some(&Data::Text("/var/www/up".into()))
    );
    assert_eq!(
        &*user.needs,
        [Need::Unit(Unit::new(of(Kind::Hosting), Part::new("order")))]
    );
    // No mailbox and no FTP user is made without a password, and an FTP user takes no change without it.
    let secrets = |address: &Address| admitted.objects()[address].secrets.clone();
    let missing = |sent| {
        let secret = WantedSecret {
            part: Part::object(),
            name: "password",
            sent,
            source: "".into(),
            origin: None,
        };
        Some(vec![secret].into_boxed_slice())
    };
    assert_eq!(secrets(&info), missing(When::OnChange));
    assert_eq!(
        secrets(&below(Kind::FtpUser, "deploy")),
        missing(When::WithEach)
    );
    assert_eq!(secrets(&below(Kind::Mailbox, "sales")), None);
    assert_eq!(secrets(&below(Kind::FtpUser, "(admin)")), None);
}

#[tokio::test(start_paused = true)]
async fn the_roster_names_what_has_mail_and_hosting() {
    let roster = server().namebay.roster().await.unwrap();
    let names = |names: &std::collections::BTreeSet<Arc<str>>| -> Vec<String> {
        names.iter().map(|name| name.to_string()).collect()
    };
    assert_eq!(names(&roster.domains), ["example.com"]);
    assert_eq!(names(&roster.hostings), ["example.com"]);
    assert_eq!(names(&roster.mails), ["example.com", "other.example"]);
    assert!(
        roster
            .mailboxes
            .contains(&("example.com".into(), "sales".into()))
    );
    assert_eq!(roster.mailboxes.len(), 3);
}
