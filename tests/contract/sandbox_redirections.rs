//! Redirections: the records that come and go with them, how they are spelt, and what PUT does.

use bailiwick::sandbox::{Dialect, Maker, Options, Running, Sandbox, Seed};
use serde_json::{Value, json};

use super::caller::{Caller, code, member};

fn seed() -> Seed {
    Seed::empty()
        .record("example.com", "taken", ("AAAA", "2001:db8::1"))
        .redirect_service("example.com", 5)
}

async fn start(name: &str, value: &str) -> (Running, Caller, String) {
    let dialect = Dialect::with(name, value).unwrap();
    let options = Options::default().seed(seed()).dialect(dialect);
    let sandbox = Sandbox::start(options).await.unwrap();
    let caller = Caller::login(&sandbox, "AA111111").await;
    let zone = caller.handle("example.com").await;
    (sandbox, caller, format!("/api/Zone/{zone}/Redirection"))
}

fn to(origin: &str) -> Value {
    json!({"UrlOrigin": origin, "UrlDestination": "https://www.example.net/", "Type": 4, "Active": true})
}

/// Lists host, type and maker of the records of the zone, without SOA and NS.
fn records(sandbox: &Running) -> Vec<String> {
    let state = sandbox.state();
    let zone = state.zone("example.com").unwrap();
    let records = zone.raw().into_iter();
    let records = records.filter(|record| record.maker == Maker::Redirection);
    records
        .map(|record| format!("{} {}", record.host, record.rtype))
        .collect()
}

#[tokio::test]
async fn a_record_comes_and_goes_with_a_redirection() {
    let cases = [
        ("a", ["old A", "new A", "@ A"]),
        ("cname", ["old CNAME", "new CNAME", "@ A"]),
        ("none", ["", "", ""]),
    ];
    for (value, [old, new, apex]) in cases {
        let (sandbox, caller, path) = start("redirect-records", value).await;
        let some = |record: &str| -> Vec<String> {
            Some(record.to_owned())
                .into_iter()
                .filter(|record| !record.is_empty())
                .collect()
        };
        let serial = sandbox.state().zone("example.com").unwrap().zone.writes;
        let made = caller.post(&path, to("old.example.com")).await.json();
        assert_eq!(records(&sandbox), some(old), "{value}");
        let moved = sandbox.state().zone("example.com").unwrap().zone.writes > serial;
        assert_eq!(moved, value != "none");
        let one = format!("{path}/{}", made["Handle"].as_str().unwrap());
        caller.put(&one, to("new.example.com")).await;
        assert_eq!(records(&sandbox), some(new), "{value}");
        caller.delete(&one).await;
        assert_eq!(records(&sandbox), some(""), "{value}");
        caller.post(&path, to("example.com")).await;
        assert_eq!(records(&sandbox), some(apex), "{value}");
        // Where an address stands already, none is added.
        caller.post(&path, to("taken.example.com")).await;
        assert_eq!(records(&sandbox), some(apex), "{value}");
        let state = sandbox.state();
        assert_eq!(state.zone("example.com").unwrap().records().len(), 1);
        assert_eq!(state.redirections("example.com").len(), 2);
    }
}

#[tokio::test]
async fn an_origin_is_spelt_as_the_dialect_has_it() {
    let cases = [
        ("as-sent", ["WWW.Example.com.", "http://example.com"]),
        ("lower", ["www.example.com", "example.com"]),
        ("dotted", ["www.example.com.", "example.com."]),
        ("scheme", ["http://www.example.com", "http://example.com"]),
        ("at", ["www.example.com", "@"]),
    ];
    for (value, shown) in cases {
        let (_sandbox, caller, path) = start("redirect-origin", value).await;
        for (sent, shown) in ["WWW.Example.com.", "http://example.com"]
            .into_iter()
            .zip(shown)
        {
            let made = caller.post(&path, to(sent)).await.json();
            assert_eq!(made["UrlOrigin"], shown, "{value}");
        }
        let again = caller.post(&path, to("https://www.example.com/")).await;
        assert_eq!(code(&again), 525, "{value}");
    }
}

#[tokio::test]
async fn put_clears_or_keeps_what_is_left_out() {
    for (value, title, active) in [
        ("replace", Value::Null, false),
        ("merge", json!("A title"), true),
    ] {
        let (_sandbox, caller, path) = start("redirect-put", value).await;
        let mut body = to("www.example.com");
        body["Title"] = json!("A title");
        let made = caller.post(&path, body.clone()).await.json();
        let members = body.as_object_mut().unwrap();
        members.remove("Title");
        members.remove("Active");
        let one = format!("{path}/{}", made["Handle"].as_str().unwrap());
        let changed = caller.put(&one, body).await.json();
        assert_eq!(
            (&changed["Title"], &changed["Active"]),
            (&title, &json!(active)),
            "{value}"
        );
    }
}

#[tokio::test]
async fn what_is_left_out_or_hidden_is_a_matter_of_dialect() {
    for (value, shown) in [
        ("null", Some(Value::Null)),
        ("empty", Some(json!(""))),
        ("absent", None),
    ] {
        let (_sandbox, caller, path) = start("texts", value).await;
        let made = caller.post(&path, to("www.example.com")).await.json();
        assert_eq!(made.get("MetaKeyword"), shown.as_ref(), "{value}");
    }
    let (_sandbox, caller, path) = start("redirect-post", "handle").await;
    let made = caller.post(&path, to("www.example.com")).await.json();
    assert_eq!(made.as_object().unwrap().len(), 1);
    for (value, count) in [("listed", 1), ("hidden", 0)] {
        let (_sandbox, caller, path) = start("redirect-inactive", value).await;
        let mut body = to("www.example.com");
        body["Active"] = json!(false);
        let made = caller.post(&path, body).await.json();
        assert_eq!(
            caller.get(&path).await.json().as_array().unwrap().len(),
            count,
            "{value}"
        );
        let one = format!("{path}/{}", made["Handle"].as_str().unwrap());
        assert_eq!(caller.get(&one).await.status, 200);
    }
}

#[tokio::test]
async fn a_service_is_needed_and_runs_out() {
    let seed = Seed::empty()
        .zone("example.com")
        .redirect_service("example.org", 1)
        .redirection("example.org", "old.example.org", "https://www.example.net/")
        .redirect_service("lapsed.example", 1);
    let sandbox = Sandbox::start(Options::default().seed(seed)).await.unwrap();
    let caller = Caller::login(&sandbox, "AA111111").await;
    for name in ["example.com", "example.org"] {
        let path = format!("/api/Zone/{}/Redirection", caller.handle(name).await);
        assert_eq!(code(&caller.post(&path, to(name)).await), 513, "{name}");
    }
    let zone = caller.handle("example.org").await;
    let held = caller
        .get(&format!("/api/Zone/{zone}/RedirectService"))
        .await
        .json();
    let counts =
        ["Unit", "UsedRedirect", "AvailableRedirect"].map(|name| member(&held[0], name).as_u64());
    assert_eq!(counts, [Some(1), Some(1), Some(0)]);
    let path = format!(
        "/api/Zone/{}/Redirection",
        caller.handle("lapsed.example").await
    );
    sandbox.advance(std::time::Duration::from_secs(170 * 86_400));
    let caller = Caller::login(&sandbox, "AA111111").await;
    assert_eq!(code(&caller.post(&path, to("lapsed.example")).await), 511);
}
