//! Redirections, mailboxes, their answers and FTP users: each write, its request, and what its answers come to.

use super::families::below;
use super::writes::{in_turn, refusal};
use super::*;
use bailiwick::model::{Data, On, Pending};
use bailiwick::provider::namebay::password_problem;

const PASSWORD: &str = "Example#2025a";
const REDIRECTION: &str = r#"{"Handle": "RD500002", "UrlOrigin": "www.example.com", "UrlDestination": "https://www.example.net/shop",
    "Type": 4, "Active": true, "Title": "Example shop", "MetaKeyword": "example,shop", "MetaDescription": "A shop",
    "Relative": true}"#;
const BOX: &str = r#"{"ServiceHandle": "MA400001", "ObjectHandle": "MB400002", "UserType": "pop", "UserName": "info",
    "UserMailAddress": "info@example.com", "IsRedir": false, "Forward": null, "Alias": null, "State": "Completed", "Errors": []}"#;
const PENDING: &str = r#"{"ObjectHandle": "MB400002", "UserType": "pop", "UserName": "info", "UserMailAddress": "info@example.com", "State": "pending"}"#;
const USERS: &str = r#"[{"Id": 100, "UserName": "ho300001", "FullName": "Administrator", "Dir": "/var/www/sites/ho300001"},
    {"Id": 101.0, "UserName": "u101", "Login": "u101", "Host": "ftp.example.com", "FullName": "deploy", "Description": "CI",
    "Dir": "/var/www/sites/ho300001/up"}]"#;
const USER: &str = r#"{"Id": 101.0, "UserName": "u101", "Login": "u101", "Host": "ftp.example.com", "Pwd": null,
    "FullName": "deploy", "Description": "CI", "Dir": "/var/www/sites/ho300001/up"}"#;

/// A write with what it changes; `within` is the handle of what it hangs below.
pub(super) fn write(
    address: Address,
    action: Action,
    within: &str,
    handle: Option<&str>,
    after: &[(&'static str, Value)],
) -> Write {
    Write {
        unit: Unit::new(address, Part::object()),
        action,
        before: Attrs::none(),
        after: Attrs::new(after.to_vec()),
        handle: handle.map(|handle| Handle(handle.into())),
        within: Some(Handle(within.into())),
        order: None,
    }
}

pub(super) fn print() -> Value {
    Value::Known(Data::Print("$argon2id$x".into()))
}

pub(super) fn password() -> [Secret; 1] {
    [Secret::new(PASSWORD.to_owned())]
}

fn redirect(action: Action, after: &[(&'static str, Value)]) -> Write {
    let handle = (action != Action::Create).then_some("RD500002");
    write(
        below(Kind::Redirect, "www.example.com"),
        action,
        "DO100001",
        handle,
        after,
    )
}

fn mailbox(action: Action, after: &[(&'static str, Value)]) -> Write {
    let handle = (action != Action::Create).then_some("MB400002");
    write(
        below(Kind::Mailbox, "info"),
        action,
        "MA400001",
        handle,
        after,
    )
}

fn answer(action: Action, after: &[(&'static str, Value)]) -> Write {
    write(
        below(Kind::Autoresponder, "info"),
        action,
        "MB400002",
        None,
        after,
    )
}

fn user(action: Action, after: &[(&'static str, Value)]) -> Write {
    let handle = (action != Action::Create).then_some("101");
    write(
        below(Kind::FtpUser, "deploy"),
        action,
        "HO300001",
        handle,
        after,
    )
}

fn there() -> Outcome {
    Outcome::Done {
        handle: Some(Handle("101".into())),
        outputs: Attrs::new(vec![
            ("host", Value::text("ftp.example.com")),
            ("login", Value::text("u101")),
            ("user_name", Value::text("u101")),
        ]),
    }
}

async fn sealed(scene: &Scene, write: &Write) -> Outcome {
    let outcome = scene.namebay.perform(write, &password()).await.outcome;
    assert!(!format!("{outcome:?}").contains(PASSWORD), "{outcome:?}");
    outcome
}

fn body(scene: &Scene, method: Method) -> serde_json::Value {
    let calls = scene.calls();
    json(
        &calls
            .iter()
            .find(|sent| sent.method == method)
            .unwrap()
            .body,
    )
}

#[tokio::test(start_paused = true)]
async fn a_redirection_is_made_with_what_is_written_and_replaced_whole() {
    let made = redirect(
        Action::Create,
        &[
            ("to", Value::text("https://www.example.net/shop")),
            ("type", Value::int(4)),
        ],
    );
    // The answer may be complete, or the handle alone, or nothing.
    for (answer, asked) in [(REDIRECTION, 1), (r#"{"Handle": "RD500002"}"#, 2), ("", 2)] {
        let list = format!("[{REDIRECTION}]");
        let scene = Scene::new(move |line, _| match line {
            "POST /api/Zone/DO100001/Redirection" => Reply::answer(200, answer),
            _ => Reply::answer(200, &list),
        });
        assert_eq!(
            scene.perform(&made).await,
            done(Some("RD500002")),
            "{answer}"
        );
        assert_eq!(scene.calls().len(), asked);
        assert_eq!(
            body(&scene, Method::Post),
            json(
                r#"{"UrlOrigin": "www.example.com", "UrlDestination": "https://www.example.net/shop", "Type": 4,
                    "Active": true}"#
            )
        );
    }
    let changed = redirect(Action::Update, &[("active", Value::bool(false))]);
    let after = REDIRECTION.replace(r#""Active": true"#, r#""Active": false"#);
    let scene = Scene::new(move |line, _| match line {
        "GET /api/Zone/DO100001/Redirection/RD500002" => Reply::answer(200, REDIRECTION),
        "PUT /api/Zone/DO100001/Redirection/RD500002" => Reply::answer(200, &after),
        _ => panic!("{line}"),
    });
    assert_eq!(scene.perform(&changed).await, done(Some("RD500002")));
    assert_eq!(
        body(&scene, Method::Put),
        json(
            r#"{"UrlOrigin": "www.example.com", "UrlDestination": "https://www.example.net/shop", "Type": 4, "Active": false,
            "Title": "Example shop", "MetaKeyword": "example,shop", "MetaDescription": "A shop", "Relative": true}"#
        )
    );
    // What could not be read is not written.
    let silent = Scene::new(|_, _| Reply::answer(502, ""));
    assert!(matches!(
        silent.perform(&changed).await,
        Outcome::NotSent(_)
    ));
    assert!(silent.calls().iter().all(|sent| !is_write(sent)));
}

#[tokio::test(start_paused = true)]
async fn a_redirection_that_is_refused_says_what_to_do() {
    let made = redirect(
        Action::Create,
        &[
            ("to", Value::text("https://www.example.net/shop")),
            ("type", Value::int(4)),
        ],
    );
    for (code, word) in [
        (511, "renewed"),
        (513, "more capacity"),
        (530, "`type`"),
        (714, "name_servers"),
        (712, "reseller"),
    ] {
        for status in [code, 400, 200] {
            let scene = Scene::new(move |_, _| {
                Reply::answer(status, &format!(r#"[{{"Code": {code}, "Detail": "no"}}]"#))
            });
            let outcome = scene.perform(&made).await;
            assert_eq!(&*refusal(&outcome).code, code.to_string());
            assert!(refusal(&outcome).text.contains(word), "{outcome:?}");
            assert_eq!(
                scene.calls().len(),
                1,
                "codes of Namebay's own are not tried again"
            );
        }
    }
    let exists = (525, r#"[{"Code": 525}]"#);
    let hidden = in_turn(&[exists, (200, "[]")]);
    let outcome = hidden.perform(&made).await;
    assert!(refusal(&outcome).text.contains("inactive"), "{outcome:?}");
    let same = in_turn(&[exists, (200, REDIRECTION)]);
    assert_eq!(same.perform(&made).await, done(Some("RD500002")));
    let other = redirect(
        Action::Create,
        &[
            ("to", Value::text("https://x.example/")),
            ("type", Value::int(4)),
        ],
    );
    let outcome = in_turn(&[exists, (200, REDIRECTION)]).perform(&other).await;
    assert!(refusal(&outcome).text.contains("Plan again"), "{outcome:?}");
    let lost = Write {
        within: None,
        ..made
    };
    let nowhere = in_turn(&[(200, "[]")]);
    let outcome = nowhere.perform(&lost).await;
    assert_eq!(&*refusal(&outcome).code, "redirect.no-zone");
    let found = in_turn(&[
        (200, r#"[{"Handle": "ZO7", "Name": "example.com"}]"#),
        (200, REDIRECTION),
    ]);
    assert_eq!(found.perform(&lost).await, done(Some("RD500002")));
    assert_eq!(found.asked()[1], "POST /api/Zone/ZO7/Redirection");
}

#[tokio::test(start_paused = true)]
async fn a_mailbox_is_made_with_its_password() {
    let made = mailbox(
        Action::Create,
        &[
            ("password", print()),
            ("forward", Value::list(&["boss@example.org"])),
            ("type", Value::text("pop")),
        ],
    );
    let forwarding = BOX.replace(
        r#""IsRedir": false, "Forward": null"#,
        r#""IsRedir": true, "Forward": ["boss@EXAMPLE.org"]"#,
    );
    let forwarding: &'static str = forwarding.leak();
    let scene = in_turn(&[(200, forwarding)]);
    assert_eq!(sealed(&scene, &made).await, done(Some("MB400002")));
    assert_eq!(
        body(&scene, Method::Post),
        json(
            r#"{"ServiceHandle": "MA400001", "UserType": "pop", "UserMailAddress": "info@example.com", "UserName": "info",
            "UserPwd": "Example#2025a", "IsRedir": true, "Forward": ["boss@example.org"]}"#
        )
    );
    // An answer that shows less, or puts it otherwise, is looked behind.
    let partial = in_turn(&[
        (
            200,
            r#"{"ObjectHandle": "MB400002", "UserPwd": "Example#2025a"}"#,
        ),
        (200, forwarding),
    ]);
    assert_eq!(sealed(&partial, &made).await, done(Some("MB400002")));
    let other = in_turn(&[(200, BOX), (200, BOX)]);
    let outcome = sealed(&other, &made).await;
    assert_eq!(&*refusal(&outcome).code, "write.altered");
    assert!(refusal(&outcome).text.contains("forward"));
    let unseen = in_turn(&[(200, ""), (200, "[]")]);
    assert!(matches!(sealed(&unseen, &made).await, Outcome::Unknown(_)));
    // Without it, nothing is sent.
    let none = Scene::new(|line, _| panic!("{line}"));
    assert!(matches!(none.perform(&made).await, Outcome::Refused(_)));
    let alias = mailbox(
        Action::Create,
        &[
            ("type", Value::text("alias")),
            ("forward", Value::list(&["a@example.org"])),
        ],
    );
    let made = BOX
        .replace("pop", "Alias")
        .replace(r#""Forward": null"#, r#""Forward": ["a@example.org"]"#);
    let scene = in_turn(&[(200, made.leak())]);
    assert_eq!(scene.perform(&alias).await, done(Some("MB400002")));
    assert_eq!(
        body(&scene, Method::Post),
        json(
            r#"{"ServiceHandle": "MA400001", "UserType": "alias", "UserMailAddress": "info@example.com", "Forward": ["a@example.org"]}"#
        )
    );
}

#[tokio::test(start_paused = true)]
async fn a_password_that_a_server_repeats_is_not_passed_on() {
    let made = mailbox(Action::Create, &[("password", print())]);
    for (status, body) in [
        (
            550,
            r#"[{"Code": 550, "Detail": "Example#2025a is too weak"}]"#,
        ),
        (
            200,
            r#"{"Errors": [{"Code": 530, "Detail": "bad Example#2025a", "Data": {"Name": "Example#2025a"}}]}"#,
        ),
        (400, r#"{"Message": "Example#2025a"}"#),
        (500, r#"[{"Code": 500, "Detail": "at Example#2025a"}]"#),
        (502, r#"{"Message": "Example#2025a"}"#),
    ] {
        let scene = Scene::new(move |_, _| Reply::answer(status, body));
        let outcome = sealed(&scene, &made).await;
        assert!(
            matches!(outcome, Outcome::Refused(_) | Outcome::Unknown(_)),
            "{outcome:?}"
        );
        assert!(matches!(outcome, Outcome::Unknown(_)) == matches!(status, 500 | 502));
        if status == 550 {
            assert!(refusal(&outcome).text.contains("no rule"), "{outcome:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_mailbox_only_what_changes_is_sent() {
    let scene = in_turn(&[(200, BOX)]);
    assert_eq!(
        sealed(&scene, &mailbox(Action::Update, &[("password", print())])).await,
        done(Some("MB400002"))
    );
    assert_eq!(
        body(&scene, Method::Put),
        json(r#"{"UserPwd": "Example#2025a"}"#)
    );
    // Where mail goes is written differently for an alias, so that an unknown one is read first.
    let to = Value::list(&["a@example.org"]);
    for (kind, redirected) in [("pop", true), ("alias", false)] {
        let now = BOX.replace("pop", kind);
        let then = now.replace(
            r#""IsRedir": false, "Forward": null"#,
            r#""IsRedir": true, "Forward": ["a@example.org"]"#,
        );
        let scene = in_turn(&[(200, now.leak()), (200, then.leak())]);
        assert_eq!(
            scene
                .perform(&mailbox(Action::Update, &[("forward", to.clone())]))
                .await,
            done(Some("MB400002"))
        );
        assert_eq!(
            scene.asked(),
            [
                "GET /api/Mail?objectHandle=MB400002",
                "PUT /api/Mail/MB400002"
            ]
        );
        assert_eq!(
            body(&scene, Method::Put).get("IsRedir").is_some(),
            redirected
        );
    }
    // A server that adds to lists where they are replaced.
    let added = BOX
        .replace(
            r#""Alias": null"#,
            r#""Alias": ["old@example.com", "new@example.com"]"#,
        )
        .leak();
    let scene = in_turn(&[(200, added), (200, added)]);
    let outcome = scene
        .perform(&mailbox(
            Action::Update,
            &[("aliases", Value::list(&["new@example.com"]))],
        ))
        .await;
    assert_eq!(&*refusal(&outcome).code, "write.altered");
    for (code, word) in [
        (511, "renewed"),
        (513, "in use"),
        (551, "alias"),
        (530, "`forward`"),
    ] {
        let scene = Scene::new(move |_, _| {
            Reply::answer(200, &format!(r#"{{"Errors": [{{"Code": {code}}}]}}"#))
        });
        let outcome = scene
            .perform(&mailbox(Action::Update, &[("name", Value::text("x"))]))
            .await;
        assert_eq!(&*refusal(&outcome).code, code.to_string());
        assert!(refusal(&outcome).text.contains(word), "{outcome:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_namebay_works_on_is_waited_for() {
    let made = mailbox(Action::Create, &[("password", print())]);
    let soon = in_turn(&[(200, PENDING), (200, PENDING), (200, "[]"), (200, BOX)]);
    assert_eq!(sealed(&soon, &made).await, done(Some("MB400002")));
    assert_eq!(soon.asked()[1], "GET /api/Mail?objectHandle=MB400002");
    let late = Scene::new(|_, _| Reply::answer(200, PENDING));
    let outcome = sealed(&late, &made).await;
    let Outcome::Pending(pending) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!((&pending.on, &*pending.order), (&On::Provider, "MB400002"));
    assert_eq!(late.calls().iter().filter(|sent| is_write(sent)).count(), 1);
    // Later looks find it unfinished, not yet listed, or finished.
    for (body, expected) in [(PENDING, None), ("[]", None), (BOX, Some("MB400002"))] {
        let scene = Scene::new(move |_, _| Reply::answer(200, body));
        let looked = scene.namebay.look(&made, Some(&pending)).await;
        match expected {
            Some(handle) => assert_eq!(looked, done(Some(handle))),
            None => assert_eq!(looked, Outcome::Pending(pending.clone())),
        }
    }
    let changed = mailbox(Action::Update, &[("password", print())]);
    let scene = Scene::new(|_, _| Reply::answer(200, BOX));
    assert_eq!(
        scene.namebay.look(&changed, Some(&pending)).await,
        done(Some("MB400002"))
    );
    // One that was read as pending is not written to.
    let busy = Scene::new(|line, _| match line {
        "GET /api/Mail" => Reply::answer(200, PENDING),
        "GET /api/Mail/Service" => Reply::answer(200, "[]"),
        _ => panic!("{line}"),
    });
    busy.fetch(desired(&[(
        below(Kind::Mailbox, "info"),
        &[("", Attrs::none())],
    )]))
    .await
    .unwrap();
    assert_eq!(
        &*refusal(&sealed(&busy, &changed).await).code,
        "mailbox.pending"
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_set_in_small_letters_and_removed() {
    let set = answer(
        Action::Create,
        &[
            ("active", Value::bool(true)),
            ("start", Value::text("2025-03-30")),
            ("subject", Value::text("Away")),
            ("message", Value::text("a\nb")),
        ],
    );
    let shown = r#"{"Active": true, "Start": "2025-03-30T00:00:00+01:00", "Subject": "Away", "Message": "a\r\nb"}"#;
    let scene = in_turn(&[(200, shown)]);
    assert_eq!(scene.perform(&set).await, done(None));
    assert_eq!(
        body(&scene, Method::Put),
        json(r#"{"active": true, "start": "2025-03-30", "subject": "Away", "message": "a\nb"}"#)
    );
    // Keys that were not seen leave it as it was.
    let deaf = in_turn(&[(200, r#"{"Active": false}"#), (404, r#"[{"Code": 404}]"#)]);
    assert!(matches!(deaf.perform(&set).await, Outcome::Unknown(_)));
    let partly = in_turn(&[
        (200, r#"{"Active": true}"#),
        (200, r#"{"Active": true, "Subject": "Old"}"#),
    ]);
    assert_eq!(&*refusal(&partly.perform(&set).await).code, "write.altered");
    let gone = answer(Action::Delete, &[]);
    for answers in [
        &[(200, "")][..],
        &[(204, "")],
        &[(404, r#"[{"Code": 404}]"#)],
        &[(404, "none"), (200, r#"{"Active": false}"#)],
    ] {
        assert_eq!(
            in_turn(answers).perform(&gone).await,
            done(None),
            "{answers:?}"
        );
    }
    for status in [404, 405] {
        let scene = in_turn(&[(status, "none"), (200, shown)]);
        let outcome = scene.perform(&gone).await;
        assert!(
            refusal(&outcome).text.contains("active = false"),
            "{outcome:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_ftp_user_keeps_what_is_not_changed() {
    // Made below the hosting's directory, which its own user tells.
    for (dir, expected) in [
        (Some("up"), "/var/www/sites/ho300001/up"),
        (None, "/var/www/sites/ho300001"),
    ] {
        let mut after = vec![("password", print())];
        after.extend(dir.map(|dir| ("dir", Value::text(dir))));
        let answer = USER.replace("/var/www/sites/ho300001/up", expected);
        let scene = in_turn(&[(200, USERS), (200, answer.leak())]);
        assert_eq!(sealed(&scene, &user(Action::Create, &after)).await, there());
        let sent = body(&scene, Method::Post);
        assert_eq!(
            sent,
            serde_json::json!({"Pwd": PASSWORD, "FullName": "deploy", "Dir": expected})
        );
    }
    let absolute = user(
        Action::Create,
        &[
            ("password", print()),
            ("dir", Value::text("/var/www/sites/ho300001/up")),
        ],
    );
    let scene = in_turn(&[(200, USER)]);
    assert_eq!(sealed(&scene, &absolute).await, there());
    let unknown = in_turn(&[(404, "none")]);
    let outcome = sealed(
        &unknown,
        &user(
            Action::Create,
            &[("password", print()), ("dir", Value::text("up"))],
        ),
    )
    .await;
    assert!(refusal(&outcome).text.contains("whole path"), "{outcome:?}");

    let described = user(
        Action::Update,
        &[("password", print()), ("description", Value::text("new"))],
    );
    let scene = in_turn(&[
        (200, USERS),
        (200, USER.replace(r#""CI""#, r#""new""#).leak()),
    ]);
    assert_eq!(sealed(&scene, &described).await, there());
    assert_eq!(scene.asked()[1], "PUT /api/Hosting/HO300001/User/101");
    assert_eq!(
        body(&scene, Method::Put),
        json(
            r#"{"Pwd": "Example#2025a", "FullName": "deploy", "Description": "new", "Dir": "/var/www/sites/ho300001/up"}"#
        )
    );
    let scene = in_turn(&[(200, "[]")]);
    assert_eq!(
        &*refusal(&sealed(&scene, &described).await).code,
        "write.vanished"
    );
    // Where users cannot be listed, what is known is sent.
    let scene = in_turn(&[(405, ""), (200, USER)]);
    assert_eq!(
        sealed(&scene, &user(Action::Update, &[("password", print())])).await,
        there()
    );
    assert_eq!(
        body(&scene, Method::Put),
        json(r#"{"Pwd": "Example#2025a", "FullName": "deploy"}"#)
    );
    let none = Scene::new(|line, _| panic!("{line}"));
    assert!(matches!(
        none.perform(&described).await,
        Outcome::Refused(_)
    ));
    let weak = Scene::new(|line, _| match line {
        "GET /api/Hosting/HO300001/User" => Reply::answer(200, USERS),
        _ => Reply::answer(530, r#"[{"Code": 530, "Detail": "Example#2025a"}]"#),
    });
    assert!(
        refusal(&sealed(&weak, &described).await)
            .text
            .contains("6 to 20")
    );
}

#[tokio::test(start_paused = true)]
async fn the_hostings_own_user_gets_its_password_and_stays() {
    let own = |action| {
        write(
            below(Kind::FtpUser, "(admin)"),
            action,
            "HO300001",
            Some("100"),
            &[("admin_password", print())],
        )
    };
    let scene = in_turn(&[(200, USERS), (200, r#"{"Id": 100}"#)]);
    assert_eq!(
        sealed(&scene, &own(Action::Update)).await,
        done(Some("100"))
    );
    assert_eq!(
        body(&scene, Method::Put),
        json(
            r#"{"Pwd": "Example#2025a", "FullName": "Administrator", "Dir": "/var/www/sites/ho300001"}"#
        )
    );
    for action in [Action::Create, Action::Delete] {
        let none = Scene::new(|line, _| panic!("{line}"));
        assert_eq!(
            &*refusal(&sealed(&none, &own(action)).await).code,
            "ftp_user.own"
        );
    }
    // One without a label keeps none.
    let nameless = write(
        below(Kind::FtpUser, "#101"),
        Action::Update,
        "HO300001",
        Some("101"),
        &[("password", print())],
    );
    let scene = in_turn(&[
        (200, r#"[{"Id": 101, "FullName": null, "Dir": "/x"}]"#),
        (200, r#"{"Id": 101}"#),
    ]);
    assert_eq!(sealed(&scene, &nameless).await, done(Some("101")));
    assert_eq!(
        body(&scene, Method::Put),
        json(r#"{"Pwd": "Example#2025a", "Dir": "/x"}"#)
    );
}

/// What a write without an answer came to: by name, whatever else is there.
#[tokio::test(start_paused = true)]
async fn lost_answers_are_settled_by_reading() {
    let to = || ("to", Value::text("https://www.example.net/shop"));
    let pwd = || ("password", print());
    let twins = r#"[{"Id": 7, "FullName": "deploy"}, {"Id": 8, "FullName": "deploy"}]"#;
    let away = r#"{"Active": true, "Subject": "Away"}"#;
    let subject = || ("subject", Value::text("Away"));
    let other = r#"{"Active": true, "Subject": "Old"}"#;
    for (write, body, expected) in [
        (redirect(Action::Create, &[to()]), REDIRECTION, "done"),
        (redirect(Action::Create, &[to()]), "[]", "not sent"),
        (redirect(Action::Update, &[to()]), REDIRECTION, "done"),
        (
            redirect(Action::Update, &[("title", Value::text("x"))]),
            REDIRECTION,
            "not sent",
        ),
        (redirect(Action::Delete, &[]), REDIRECTION, "not sent"),
        (redirect(Action::Delete, &[]), "[]", "done"),
        (mailbox(Action::Create, &[pwd()]), BOX, "done"),
        (mailbox(Action::Create, &[pwd()]), "[]", "not sent"),
        (mailbox(Action::Update, &[pwd()]), BOX, "not sent"),
        (
            mailbox(Action::Update, &[("name", Value::text("info")), pwd()]),
            BOX,
            "done",
        ),
        (mailbox(Action::Delete, &[]), "[]", "done"),
        (mailbox(Action::Delete, &[]), BOX, "not sent"),
        (answer(Action::Create, &[subject()]), away, "done"),
        (answer(Action::Create, &[subject()]), "{}", "not sent"),
        (answer(Action::Update, &[subject()]), other, "not sent"),
        (answer(Action::Delete, &[]), "null", "done"),
        (answer(Action::Delete, &[]), away, "not sent"),
        (user(Action::Create, &[pwd()]), USERS, "done"),
        (user(Action::Create, &[pwd()]), "[]", "not sent"),
        (user(Action::Create, &[pwd()]), twins, "unknown"),
        (user(Action::Update, &[pwd()]), USERS, "not sent"),
        (
            user(Action::Update, &[("description", Value::text("CI")), pwd()]),
            USERS,
            "done",
        ),
        (user(Action::Delete, &[]), "[]", "done"),
    ] {
        let scene = Scene::new(move |_, _| Reply::answer(200, body));
        let said = match scene.namebay.look(&write, None).await {
            Outcome::Done { .. } => "done",
            Outcome::NotSent(_) => "not sent",
            Outcome::Unknown(_) => "unknown",
            Outcome::Refused(_) => "refused",
            Outcome::Pending(Pending { .. }) => "pending",
        };
        assert_eq!(said, expected, "{:?} {} {body}", write.action, write.unit);
        assert!(scene.calls().iter().all(|sent| !is_write(sent)));
    }
}

#[test]
fn a_bad_password_is_told_without_it() {
    assert_eq!(password_problem(Kind::FtpUser, PASSWORD), None);
    for bad in [
        "short",
        "no digits here",
        "nospecial2025",
        "too-long-2025-example-x",
    ] {
        assert!(!password_problem(Kind::FtpUser, bad).unwrap().contains(bad));
    }
}
