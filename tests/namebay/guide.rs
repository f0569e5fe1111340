//! The examples of the guides, our own copy of their values: each is produced and decoded by the client, or not yet.
//!
//! A row that is held is sent with the guide's address, query and body (names of members in any case), and its answer
//! is understood. What the simulator answers to them is held elsewhere.

use serde_json::Value as Json;

use super::families::below;
use super::family_writes::{print, write};
use super::*;
use bailiwick::model::market::{Message, ProductFilter};
use bailiwick::provider::{Market as _, Question};

const GUIDE: &str = include_str!("../contract/guide.json");

/// How far an example is held by the client.
#[derive(Debug, PartialEq, Eq)]
enum State {
    /// Produced and decoded.
    Held,
    /// Its answer is decoded; the request differs, for the reason given.
    Decoded(&'static str),
    /// Its kind comes later.
    NotYet,
}

fn state(row: &Json) -> State {
    let (method, path) = (
        row["method"].as_str().unwrap(),
        row["path"].as_str().unwrap(),
    );
    match (row["provider"].as_str().unwrap(), method, path) {
        ("namebay", "POST", "/token") => State::Held,
        ("namebay", "POST", "/api/Zone/DO100001/Record")
        | ("namebay", "PUT" | "DELETE", "/api/Zone/DO100001/Record/13")
        | ("namebay", "PUT", "/api/Zone/DO100001/DnsSec") => State::Held,
        ("namebay", "POST", "/api/Zone/DO100001/Redirection" | "/api/Mail")
        | (
            "namebay",
            "PUT" | "DELETE",
            "/api/Mail/MB400002" | "/api/Mail/MB400002/Autoresponder",
        )
        | (
            "namebay",
            "DELETE",
            "/api/Zone/DO100001/Redirection/RD500002" | "/api/Hosting/HO300001/User/101",
        )
        | ("namebay", "POST", "/api/Hosting/HO300001/User") => State::Held,
        (
            "namebay",
            "GET",
            "/api/Domain/example.com/Availability"
            | "/api/Domain/example.com/Transferable"
            | "/api/Product"
            | "/api/Poll",
        )
        | ("namebay", "PUT", "/api/Poll/33/Acknowledge") => State::Held,
        ("namebay", "PUT", "/api/Zone/DO100001/Redirection/RD500002") => State::Decoded(
            "what a redirection has is sent along, `Relative` included, so that nothing is cleared",
        ),
        ("namebay", "PUT", "/api/Hosting/HO300001/User/101") => {
            State::Decoded("what an FTP user has is sent along with its password")
        }
        ("namebay", "GET", "/api/OwnedProduct") => match row["query"]["object_class"].as_str() {
            Some("domain" | "hosting") => State::Decoded(
                "all of a class are asked for at once, so that object_name is left out",
            ),
            Some("mail" | "service") => State::Decoded(
                "services are listed by calls of their own, which tell their capacity",
            ),
            Some(_) | None => State::NotYet,
        },
        _ => State::NotYet,
    }
}

fn rows() -> Vec<Json> {
    serde_json::from_str(GUIDE).unwrap()
}

/// Names of members in lower case; values as they are.
fn lower(value: &Json) -> Json {
    match value {
        Json::Object(members) => members
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), lower(value)))
            .collect(),
        Json::Array(items) => items.iter().map(lower).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => value.clone(),
    }
}

#[test]
fn every_example_has_its_row() {
    let rows = rows();
    assert_eq!(rows.len(), 76);
    let count = |wanted: fn(&State) -> bool| rows.iter().filter(|row| wanted(&state(row))).count();
    assert_eq!(count(|state| *state == State::Held), TOKENS + 20);
    assert_eq!(count(|state| matches!(state, State::Decoded(_))), 7);
    assert_eq!(count(|state| *state == State::NotYet), 38);
}

/// The guide begins each of its chapters with the same request.
const TOKENS: usize = 11;

fn by_id(id: &str) -> Json {
    rows().into_iter().find(|row| row["id"] == id).unwrap()
}

/// A scene that answers the row's call with its answer, and nothing else.
fn answering(row: &Json) -> Scene {
    let status = u16::try_from(row["status"].as_u64().unwrap_or(200)).unwrap();
    let body = Some(&row["response"]).filter(|response| !response.is_null());
    let body = body.map_or(String::new(), Json::to_string);
    Scene::new(move |_, _| Reply::answer(status, &body))
}

/// What was sent is what the row shows.
fn assert_produced(scene: &Scene, row: &Json) {
    let sent = &scene.calls()[0];
    assert_eq!(sent.method.to_string(), row["method"].as_str().unwrap());
    let query = row["query"].as_object().unwrap();
    let query: Vec<String> = query
        .iter()
        .map(|(name, value)| format!("{name}={}", value.as_str().unwrap()))
        .collect();
    let (path, asked) = sent.target.split_once('?').unwrap_or((&sent.target, ""));
    let mut asked: Vec<&str> = asked.split('&').filter(|part| !part.is_empty()).collect();
    asked.sort_unstable();
    assert_eq!(
        (path, asked),
        (
            row["path"].as_str().unwrap(),
            query.iter().map(String::as_str).collect()
        )
    );
    let body = if sent.body.is_empty() {
        Json::Null
    } else {
        json(&sent.body)
    };
    assert_eq!(lower(&body), lower(&row["request"]));
}

#[tokio::test(start_paused = true)]
async fn tokens_are_asked_for_and_read() {
    let tokens: Vec<Json> = rows()
        .into_iter()
        .filter(|row| row["path"] == "/token")
        .collect();
    assert_eq!(tokens.len(), TOKENS);
    for row in tokens {
        let body = row["response"].to_string();
        let scene = Scene::with_auth(
            move |_| Reply::answer(200, &body),
            |_, _| Reply::answer(200, "[]"),
        );
        scene.namebay.roster().await.unwrap();
        let sent = &scene.script.sent()[0];
        let request = row["request"].as_object().unwrap();
        let mut fields: Vec<String> = sent.body.lines().map(str::to_owned).collect();
        fields.sort();
        let mut expected: Vec<String> = request
            .iter()
            .map(|(name, value)| format!("{name}={}", value.as_str().unwrap()))
            .collect();
        expected.sort();
        assert_eq!(fields, expected);
        let bearer = format!(
            "Bearer {}",
            row["response"]["access_token"].as_str().unwrap()
        );
        assert!(
            scene.calls()[0]
                .headers
                .contains(&("authorization", bearer))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn records_and_signing_are_written_as_in_the_guide() {
    let record = record("mail", "A");
    for (id, write, outcome) in [
        (
            "nb-15",
            record_write(record.clone(), (None, Some("1.1.1.1"))),
            done(Some("13")),
        ),
        (
            "nb-16",
            record_write(record.clone(), (Some("1.1.1.1"), Some("2.2.2.2"))),
            done(Some("13")),
        ),
        (
            "nb-17",
            record_write(record, (Some("2.2.2.2"), None)),
            done(None),
        ),
        (
            "nb-18",
            facet_write(zone(), "dnssec", Attrs::one("dnssec", Value::bool(true))),
            done(Some("DO100001")),
        ),
    ] {
        let row = by_id(id);
        assert_eq!(state(&row), State::Held, "{id}");
        let scene = answering(&row);
        assert_eq!(scene.perform(&write).await, outcome, "{id}");
        assert_eq!(scene.calls().len(), 1, "{id}");
        assert_produced(&scene, &row);
    }
}

#[tokio::test(start_paused = true)]
async fn the_owned_domain_is_read_as_in_the_guide() {
    for row in rows() {
        if !matches!(state(&row), State::Decoded(_)) || row["query"]["object_class"] != "domain" {
            continue;
        }
        let scene = answering(&row);
        let wanted = desired(&[(domain(), &[("order", Attrs::none())])]);
        let live = scene.fetch(wanted).await.unwrap();
        let seen = &live.objects[&domain()];
        assert_eq!(seen.handle, Some(Handle("DO100001".into())));
        assert_eq!(seen.expires, Some("2026-02-21T00:00:00Z".parse().unwrap()));
    }
}

#[tokio::test(start_paused = true)]
async fn redirections_mailboxes_and_ftp_users_are_written_as_in_the_guide() {
    let text = |name, text| (name, Value::text(text));
    let redirection = [
        text("to", "https://www.example.net/shop"),
        ("type", Value::int(4)),
        ("active", Value::bool(true)),
        text("title", "Example shop"),
        text("keywords", "example,shop"),
        text("description", "Redirection of the example shop"),
    ];
    let away = [
        text("start", "2025-03-30"),
        text("finish", "2025-04-04"),
        ("active", Value::bool(true)),
        text("subject", "test"),
        text("message", "test mesg"),
    ];
    let user = [
        ("password", print()),
        text("description", "Upload account"),
        text("dir", "/var/www/sites/ho300001/upload"),
    ];
    let redirect = || below(Kind::Redirect, "www.example.com");
    let (info, answer) = (
        || below(Kind::Mailbox, "info"),
        || below(Kind::Autoresponder, "info"),
    );
    let jane = || below(Kind::FtpUser, "Jane Doe");
    let (zone, service, mailbox, hosting) = ("DO100001", "MA400001", "MB400002", "HO300001");
    let off = [("active", Value::bool(false))];
    let password = [("password", print())];
    for (id, write, secret) in [
        (
            "nb-61",
            write(redirect(), Action::Create, zone, None, &redirection),
            "",
        ),
        (
            "nb-62",
            write(
                redirect(),
                Action::Update,
                zone,
                Some("RD500002"),
                &redirection,
            ),
            "",
        ),
        (
            "nb-63",
            write(redirect(), Action::Delete, zone, Some("RD500002"), &[]),
            "",
        ),
        (
            "nb-51",
            write(info(), Action::Create, service, None, &password),
            "Example#2025a",
        ),
        (
            "nb-52",
            write(info(), Action::Update, service, Some(mailbox), &password),
            "Changed#2025b",
        ),
        (
            "nb-53",
            write(info(), Action::Delete, service, Some(mailbox), &[]),
            "",
        ),
        (
            "nb-54",
            write(answer(), Action::Create, mailbox, None, &away),
            "",
        ),
        (
            "nb-55",
            write(answer(), Action::Update, mailbox, None, &off),
            "",
        ),
        (
            "nb-56",
            write(answer(), Action::Delete, mailbox, None, &[]),
            "",
        ),
        (
            "nb-38",
            write(jane(), Action::Create, hosting, None, &user),
            "Example#2025a",
        ),
        (
            "nb-39",
            write(jane(), Action::Update, hosting, Some("101"), &password),
            "Changed#2025b",
        ),
        (
            "nb-40",
            write(jane(), Action::Delete, hosting, Some("101"), &[]),
            "",
        ),
    ] {
        let row = by_id(id);
        let scene = answering(&row);
        let secrets = [Secret::new(secret.to_owned())];
        let outcome = scene.namebay.perform(&write, &secrets).await.outcome;
        assert!(matches!(outcome, Outcome::Done { .. }), "{id} {outcome:?}");
        let written: Vec<_> = scene.calls().into_iter().filter(is_write).collect();
        assert_eq!(written.len(), 1, "{id}");
        match state(&row) {
            State::Held => assert_produced(&scene, &row),
            State::Decoded(_) => {
                let (sent, shown) = (lower(&json(&written[0].body)), lower(&row["request"]));
                for (name, value) in shown.as_object().unwrap() {
                    assert_eq!(sent[name], *value, "{id} {name}");
                }
            }
            State::NotYet => panic!("{id}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn catalogue_names_and_queue_are_asked_for_as_in_the_guide() {
    let asked = |id| {
        let row = by_id(id);
        (answering(&row), row)
    };
    let (scene, row) = asked("nb-68");
    let filter = ProductFilter {
        kind: Some("domaine".into()),
        subtype: Some("creation".into()),
        tld: Some("com".into()),
    };
    let products = scene.namebay.products(&filter).await.unwrap();
    assert_produced(&scene, &row);
    assert_eq!(products[0].id, 771);
    assert!(
        products[0]
            .attributes
            .iter()
            .any(|asked| &*asked.name == "registrant_handle")
    );

    let (scene, row) = asked("nb-65");
    let message = scene.namebay.message().await.unwrap().expect("a message");
    assert_produced(&scene, &row);
    assert_eq!((&*message.id, &*message.name), ("3", "hostingCreated"));
    assert_eq!(message.ticket.as_deref(), Some("13"));
    let (scene, row) = asked("nb-66");
    let taken = Message {
        id: "33".into(),
        ..message
    };
    scene.namebay.acknowledge(&taken).await.unwrap();
    assert_produced(&scene, &row);

    // The price is asked for as well; only the first call is the guide's.
    let (scene, row) = asked("nb-02");
    let _ = scene.namebay.check("example.com", Question::Free).await;
    assert_produced(&scene, &row);
    let code = Secret::new("Auth-7421-xyz".to_owned());
    for id in ["nb-07", "nb-11"] {
        let (scene, row) = asked(id);
        let _ = scene
            .namebay
            .check("example.com", Question::Transferable(&code))
            .await;
        assert_produced(&scene, &row);
    }
}

#[tokio::test(start_paused = true)]
async fn the_hosting_held_is_read_as_in_the_guide() {
    let row = by_id("nb-36");
    let listed = row["response"].to_string();
    let scene = Scene::new(move |line, _| match line {
        "GET /api/OwnedProduct?object_class=hosting" => Reply::answer(200, &listed),
        _ => Reply::answer(200, "[]"),
    });
    let hosting = Address::of(&main(), &name(), Kind::Hosting);
    let live = scene
        .fetch(desired(&[(hosting.clone(), &[("order", Attrs::none())])]))
        .await
        .unwrap();
    assert_eq!(
        live.objects[&hosting].handle,
        Some(Handle("HO300001".into()))
    );
}
