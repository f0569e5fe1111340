//! Mailboxes and auto-responders: lists, letter case, states, secrets, refusals and dates under each dialect.

use bailiwick::sandbox::{Dialect, Logins, Options, Pending, Running, Sandbox, Seed};
use serde_json::{Value, json};

use super::caller::{Caller, code};

const CANARY: &str = "canary-5d1e";

fn seed() -> Seed {
    Seed::empty()
        .mail_service("example.com", 4)
        .mailbox("info@example.com")
        .adjust_mailbox("info@example.com", |mailbox| {
            mailbox.alias = vec!["post@example.com".to_owned()];
            mailbox.description = Some("Front desk".to_owned());
        })
}

/// A server in a dialect, somebody at it, the service's handle and the path of `info@example.com`.
async fn start(name: &str, value: &str) -> (Running, Caller, String, String) {
    let dialect = Dialect::with(name, value).unwrap();
    let options = Options {
        canary: Some(CANARY.to_owned()),
        ..Options::default().seed(seed()).dialect(dialect)
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let caller = Caller::login(&sandbox, "AA111111").await;
    let held = caller.get("/api/Mail/Service").await.json();
    let service = held[0]["handle"].as_str().unwrap().to_owned();
    let found = caller.get("/api/Mail?address=info@example.com").await;
    let path = format!(
        "/api/Mail/{}",
        found.json()[0]["ObjectHandle"].as_str().unwrap()
    );
    (sandbox, caller, service, path)
}

fn pop(service: &str, address: &str) -> Value {
    json!({"ServiceHandle": service, "UserType": "pop", "UserMailAddress": address, "UserName": "a", "UserPwd": "Example#2025a"})
}

#[tokio::test]
async fn null_clears_or_not_and_lists_are_replaced_or_added_to() {
    let cases = [
        ("nulls", "clears", json!({"Alias": null}), json!(null)),
        (
            "nulls",
            "kept",
            json!({"Alias": null}),
            json!(["post@example.com"]),
        ),
        ("nulls", "kept", json!({"Alias": []}), json!(null)),
        (
            "mail-list-put",
            "replace",
            json!({"Alias": ["a@example.com"]}),
            json!(["a@example.com"]),
        ),
        (
            "mail-list-put",
            "add",
            json!({"Alias": ["a@example.com", "POST@example.com"]}),
            json!(["post@example.com", "a@example.com"]),
        ),
        ("mail-lists", "empty", json!({"Alias": []}), json!([])),
        ("mail-lists", "null", json!({"Alias": []}), json!(null)),
        (
            "mail-lists",
            "null",
            json!({"UserPwd": "Example#2025b"}),
            json!(["post@example.com"]),
        ),
    ];
    for (name, value, body, shown) in cases {
        let (_sandbox, caller, _, path) = start(name, value).await;
        let changed = caller.put(&path, body.clone()).await.json();
        assert_eq!(changed["Alias"], shown, "{name}={value} {body}");
    }
    for (value, shown) in [("clears", Value::Null), ("kept", json!("Front desk"))] {
        let (_sandbox, caller, _, path) = start("nulls", value).await;
        let changed = caller
            .put(&path, json!({"UserDescription": null}))
            .await
            .json();
        assert_eq!(changed["UserDescription"], shown, "{value}");
    }
}

#[tokio::test]
async fn addresses_come_back_in_the_case_of_the_dialect() {
    for (value, shown) in [
        ("as-sent", "Sales@Example.com"),
        ("lower", "sales@example.com"),
    ] {
        let (_sandbox, caller, service, _) = start("mail-address", value).await;
        let made = caller
            .post("/api/Mail", pop(&service, "Sales@Example.com"))
            .await
            .json();
        assert_eq!(made["UserMailAddress"], shown);
        let again = caller
            .post("/api/Mail", pop(&service, "SALES@example.com"))
            .await;
        assert_eq!(code(&again), 551);
        let further = caller
            .post("/api/Mail", pop(&service, "post@example.com"))
            .await;
        assert_eq!(code(&further), 551, "an alias is taken too");
        let found = caller
            .get("/api/Mail?address=sales@example.com")
            .await
            .json();
        assert_eq!(found.as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_mailbox_may_be_pending_for_a_while_or_for_ever() {
    let (sandbox, caller, service, path) = start("mailbox-state", "pending").await;
    let made = caller
        .post("/api/Mail", pop(&service, "a@example.com"))
        .await
        .json();
    let query = format!(
        "/api/Mail?objectHandle={}",
        made["ObjectHandle"].as_str().unwrap()
    );
    let mut states = vec![made["State"].clone()];
    for _ in 0..3 {
        states.push(caller.get(&query).await.json()[0]["State"].clone());
    }
    assert_eq!(states, ["Pending", "Pending", "Pending", "Completed"]);
    sandbox
        .edit(|seed| {
            seed.adjust_mailbox("info@example.com", |mailbox| {
                mailbox.pending = Pending::Stuck
            })
        })
        .unwrap();
    for _ in 0..4 {
        let found = caller
            .get("/api/Mail?address=info@example.com")
            .await
            .json();
        assert_eq!(found[0]["State"], "Pending");
    }
    assert_eq!(
        caller.put(&path, json!({"UserName": "b"})).await.status,
        200
    );
    let (_sandbox, caller, service, _) = start("state-case", "small").await;
    let made = caller
        .post("/api/Mail", pop(&service, "a@example.com"))
        .await
        .json();
    assert_eq!(made["State"], "completed");
}

#[tokio::test]
async fn a_password_is_told_only_by_a_server_that_volunteers_it_and_never_logged() {
    for (value, shown) in [("absent", None), ("null", Some(Value::Null))] {
        let (_sandbox, caller, _, path) = start("mail-secret", value).await;
        let changed = caller
            .put(&path, json!({"UserPwd": "Example#2025b"}))
            .await
            .json();
        assert_eq!(changed.get("UserPwd"), shown.as_ref());
    }
    let (_sandbox, caller, ..) = start("mail-secret", "told").await;
    let found = caller.get("/api/Mail").await;
    assert!(found.text.contains(CANARY), "{found:?}");
    let (sandbox, caller, service, path) = start("mail-secret", "absent").await;
    caller
        .post("/api/Mail", pop(&service, "a@example.com"))
        .await;
    caller.put(&path, json!({"UserPwd": "Example#2025a"})).await;
    let log = format!("{:?}", sandbox.log().entries());
    assert!(!log.contains("Example#2025") && log.contains("UserPwd"));
    let (_sandbox, caller, service, path) = start("mail-password", "checked").await;
    for weak in ["short#1", "longenough1", "########"] {
        let refused = caller.put(&path, json!({"UserPwd": weak})).await;
        assert_eq!(code(&refused), 530);
        assert!(!refused.text.contains(weak), "{refused:?}");
    }
    assert_eq!(
        caller
            .post("/api/Mail", pop(&service, "a@example.com"))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_refusal_may_hide_in_a_success() {
    let (sandbox, caller, service, path) = start("mail-errors", "inside").await;
    let refused = caller
        .post("/api/Mail", pop(&service, "info@example.com"))
        .await;
    assert_eq!(refused.status, 200);
    let body = refused.json();
    assert_eq!(
        (&body["ObjectHandle"], &body["Errors"][0]["Code"]),
        (&Value::Null, &json!(551))
    );
    let responder = caller
        .put(&format!("{path}/AutoResponder"), json!({"start": "soon"}))
        .await;
    assert_eq!(
        (responder.status, &responder.json()["Errors"][0]["Code"]),
        (200, &json!(530))
    );
    assert_eq!(sandbox.state().mailboxes().count(), 1);
}

#[tokio::test]
async fn an_auto_responder_has_local_dates_and_keeps_what_is_left_out() {
    let cases = [
        ("midnight", "2026-10-26", "2026-10-26T00:00:00+01:00"),
        ("day-end", "2026-10-24", "2026-10-24T23:59:59+02:00"),
        (
            "day-end",
            "2026-10-24T08:30:00",
            "2026-10-24T08:30:00+02:00",
        ),
        (
            "day-end",
            "2026-10-24T08:30:00Z",
            "2026-10-24T10:30:00+02:00",
        ),
    ];
    for (value, finish, shown) in cases {
        let (_sandbox, caller, _, path) = start("responder-finish", value).await;
        let path = format!("{path}/AutoResponder");
        let body =
            json!({"active": true, "subject": "Away", "start": "2026-03-28", "finish": finish});
        let set = caller.put(&path, body).await.json();
        assert_eq!(
            (&set["Start"], &set["Finish"]),
            (&json!("2026-03-28T00:00:00+01:00"), &json!(shown))
        );
        let off = caller.put(&path, json!({"active": false})).await.json();
        assert_eq!(
            (&off["Active"], &off["Subject"], &off["Finish"]),
            (&json!(false), &json!("Away"), &json!(shown))
        );
        let cleared = caller
            .put(&path, json!({"start": null, "finish": 0}))
            .await
            .json();
        assert_eq!(
            (&cleared["Start"], &cleared["Finish"]),
            (&Value::Null, &Value::Null)
        );
        assert_eq!(caller.get(&path).await.json(), cleared);
    }
    for bad in [
        json!({"start": "2026-03-29", "finish": "2026-03-28"}),
        json!({"start": "29.3.2026"}),
        json!({"finish": "2026-02-30"}),
    ] {
        let (_sandbox, caller, _, path) = start("responder-none", "404").await;
        let path = format!("{path}/AutoResponder");
        assert_eq!(code(&caller.put(&path, bad).await), 530);
        assert_eq!(code(&caller.get(&path).await), 404, "nothing came of it");
    }
}

#[tokio::test]
async fn keys_and_absence_of_an_auto_responder_are_a_matter_of_dialect() {
    let cases = [
        ("any", true, true),
        ("small", true, false),
        ("pascal", false, true),
    ];
    for (value, small, pascal) in cases {
        let (_sandbox, caller, _, path) = start("responder-keys", value).await;
        let path = format!("{path}/AutoResponder");
        let set = caller.put(&path, json!({"active": true})).await.json();
        assert_eq!(set["Active"], small, "{value}");
        let set = caller.put(&path, json!({"Active": !small})).await.json();
        assert_eq!(
            set["Active"],
            if pascal { !small } else { small },
            "{value}"
        );
    }
    let cases = [
        ("404", 404, None),
        ("null", 200, Some(Value::Null)),
        ("empty", 200, Some(json!({}))),
    ];
    for (value, status, body) in cases {
        let (_sandbox, caller, _, path) = start("responder-none", value).await;
        let heard = caller.get(&format!("{path}/AutoResponder")).await;
        assert_eq!(heard.status, status, "{value}");
        assert!(body.is_none_or(|body| body == heard.json()), "{value}");
    }
    let (_sandbox, caller, _, path) = start("responder-none", "inactive").await;
    let heard = caller.get(&format!("{path}/AutoResponder")).await.json();
    assert_eq!(
        (&heard["Active"], &heard["Message"]),
        (&json!(false), &Value::Null)
    );
    for (value, none, some) in [("exists", 404, 204), ("404", 404, 404), ("405", 405, 405)] {
        let (_sandbox, caller, _, path) = start("responder-delete", value).await;
        let path = format!("{path}/AutoResponder");
        assert_eq!(caller.delete(&path).await.status, none, "{value}");
        caller.put(&path, json!({"active": true})).await;
        assert_eq!(caller.delete(&path).await.status, some, "{value}");
    }
}

#[tokio::test]
async fn what_is_owned_is_listed_by_class_unless_the_dialect_has_it_otherwise() {
    let classes = |found: Value| -> Vec<String> {
        let found = found.as_array().unwrap().iter();
        found
            .map(|owned| owned["Class"].as_str().unwrap().to_owned())
            .collect()
    };
    let (_sandbox, caller, ..) = start("class-filter", "honoured").await;
    assert_eq!(
        classes(caller.get("/api/OwnedProduct").await.json()),
        ["domain", "mail", "mailbox"]
    );
    assert_eq!(
        classes(
            caller
                .get("/api/OwnedProduct?object_class=mail")
                .await
                .json()
        ),
        ["mail"]
    );
    let (_sandbox, caller, ..) = start("class-filter", "ignored").await;
    let named = "/api/OwnedProduct?object_class=mail&object_name=example.com";
    assert_eq!(classes(caller.get(named).await.json()), ["domain", "mail"]);
    let (_sandbox, caller, ..) = start("mail-class", "unlisted").await;
    assert_eq!(
        classes(caller.get("/api/OwnedProduct").await.json()),
        ["domain"]
    );
}

#[tokio::test]
async fn nobody_reaches_what_is_somebody_elses() {
    let seed = seed()
        .customer("BB222222", "AA111111")
        .user("CC333333")
        .domain("BB222222", "shop.example")
        .mailbox("info@shop.example")
        .redirection(
            "shop.example",
            "old.shop.example",
            "https://www.example.net/",
        )
        .hosting("shop.example");
    let options = Options {
        logins: Logins::Listed,
        ..Options::default().seed(seed)
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let holder = Caller::login(&sandbox, "BB222222").await;
    let mailbox = holder.owned("mailbox", "info@shop.example").await;
    let (service, hosting) = (
        holder.owned("mail", "shop.example").await,
        holder.owned("hosting", "shop.example").await,
    );
    let zone = holder.handle("shop.example").await;
    let reads = [
        format!("/api/Mail/{mailbox}/AutoResponder"),
        format!("/api/Mail/Service/{service}"),
        format!("/api/Hosting/{hosting}/User"),
        format!("/api/Hosting/{hosting}"),
        format!("/api/Zone/{zone}/Redirection"),
        format!("/api/OwnedProduct/{mailbox}"),
    ];
    holder.put(&reads[0], json!({"active": true})).await;
    let reseller = Caller::login(&sandbox, "AA111111").await;
    let stranger = Caller::login(&sandbox, "CC333333").await;
    for path in &reads {
        assert_eq!(holder.get(path).await.status, 200, "{path}");
        assert_eq!(
            reseller.acting_for("BB222222").get(path).await.status,
            200,
            "{path}"
        );
        assert_eq!(stranger.get(path).await.status, 404, "{path}");
    }
    assert_eq!(
        code(&stranger.delete(&format!("/api/Mail/{mailbox}")).await),
        404
    );
    assert_eq!(
        code(
            &stranger
                .post("/api/Mail", pop(&service, "b@shop.example"))
                .await
        ),
        404
    );
    assert_eq!(stranger.get("/api/Mail").await.json(), json!([]));
    let found = stranger
        .get(&format!("/api/Mail?objectHandle={mailbox}"))
        .await
        .json();
    assert_eq!(found, json!([]));
}

#[tokio::test]
async fn a_mailbox_moves_where_the_dialect_lets_it() {
    let cases = [
        ("changed", 0, "desk@example.com"),
        ("refused", 550, "info@example.com"),
        ("ignored", 0, "info@example.com"),
    ];
    for (value, wanted, address) in cases {
        let (sandbox, caller, _, path) = start("mail-move", value).await;
        let moved = caller
            .put(&path, json!({"UserMailAddress": "desk@example.com"}))
            .await;
        assert_eq!(code(&moved), wanted, "{value}");
        assert!(sandbox.state().mailbox(address).is_some(), "{value}");
        assert_eq!(sandbox.state().mailboxes().count(), 1);
        assert_eq!(
            caller.put(&path, json!({"UserName": "b"})).await.status,
            200
        );
    }
}
