//! The behaviour of the simulated provider that the contract fixes, whatever the dialect.

use std::time::Duration;

use bailiwick::sandbox::{Dialect, Line, Logins, Options, Running, Sandbox, Seed};
use serde_json::{Value, json};

use super::caller::{Caller, send, token};

async fn start(seed: Seed, dialect: Dialect) -> Running {
    Sandbox::start(Options::default().seed(seed).dialect(dialect))
        .await
        .unwrap()
}

fn one_zone() -> Seed {
    Seed::empty()
        .domain("AA111111", "example.com")
        .zone("example.com")
}

fn code(value: &Value) -> u64 {
    value[0]["Code"]
        .as_u64()
        .unwrap_or_else(|| panic!("no error array: {value}"))
}

#[tokio::test]
async fn a_record_lives_as_in_the_guide() {
    let sandbox = start(one_zone(), Dialect::default()).await;
    let caller = Caller::login(&sandbox, "AA111111").await;
    let zone = caller.handle("example.com").await;
    let made = caller
        .post(
            &format!("/api/Zone/{zone}/Record"),
            json!({"host": "mail", "data": "192.0.2.1", "type": "A"}),
        )
        .await;
    assert_eq!(made.status, 200, "{made:?}");
    let made = made.json();
    assert_eq!(made["Host"], "mail");
    assert_eq!(made["Weight"], Value::Null);
    let path = format!("/api/Zone/{zone}/Record/{}", made["Id"]);
    sandbox.advance(Duration::from_secs(60));
    let body = json!({"host": "mail", "data": "192.0.2.2", "type": "A"});
    let changed = caller.put(&path, body).await.json();
    assert_eq!(
        (&changed["Id"], &changed["Data"]),
        (&made["Id"], &json!("192.0.2.2"))
    );
    assert_ne!(changed["DateCreated"], made["DateCreated"]);
    assert_eq!(
        sandbox.state().zone("example.com").unwrap().records(),
        [Line::new("mail", "A", "192.0.2.2")]
    );
    assert_eq!(caller.delete(&path).await.status, 204);
    assert_eq!(code(&caller.get(&path).await.json()), 404);
    assert_eq!(
        sandbox
            .log()
            .count("PUT /api/Zone/{zone_handle}/Record/{id}"),
        1
    );
    assert_eq!(sandbox.log().writes().len(), 3);
    sandbox.stop().await;
}

#[tokio::test]
async fn a_token_is_needed_and_runs_out() {
    let options = Options {
        logins: Logins::Listed,
        ..Options::default().seed(one_zone())
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let refused = token(&sandbox, "AA111111", "wrong").await;
    assert_eq!(
        (refused.status, refused.json()["error"].as_str().unwrap()),
        (400, "invalid_grant")
    );
    let granted = token(&sandbox, "AA111111", "sandbox").await.json();
    assert_eq!(
        (&granted["token_type"], &granted["expires_in"]),
        (&json!("bearer"), &json!(1_209_599))
    );
    let bare = send(&format!("{}/api/Zone", sandbox.base_url), "GET", &[], "")
        .await
        .unwrap();
    assert_eq!(bare.status, 401);
    assert!(bare.json().is_object(), "{bare:?}");
    let caller = Caller::login(&sandbox, "AA111111").await;
    assert_eq!(caller.get("/api/Zone").await.status, 200);
    sandbox.advance(Duration::from_secs(1_209_600));
    assert_eq!(caller.get("/api/Zone").await.status, 401);
    assert_eq!(
        send(&format!("{}/token", sandbox.base_url), "POST", &[], "")
            .await
            .unwrap()
            .status,
        404
    );
}
