//! The examples of the guides, our own copy of their values: each is produced and decoded by the client, or not yet.
//!
//! A row that is held is sent with the guide's address, query and body (names of members in any case), and its answer
//! is understood. What the simulator answers to them is held elsewhere.

use serde_json::Value as Json;

use super::*;

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
        ("namebay", "GET", "/api/OwnedProduct") if row["query"]["object_class"] == "domain" => {
            State::Decoded("all domains are asked for at once, so that object_name is left out")
        }
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
    assert_eq!(count(|state| *state == State::Held), TOKENS + 4);
    assert_eq!(count(|state| matches!(state, State::Decoded(_))), 2);
    assert_eq!(count(|state| *state == State::NotYet), 59);
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
    assert_eq!(
        sent.target,
        format!("{}?{}", row["path"].as_str().unwrap(), query.join("&"))
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
        if !matches!(state(&row), State::Decoded(_)) {
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
