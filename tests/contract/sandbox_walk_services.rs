//! The part of the walk through every call that deals with redirections, mail and hosting; see `sandbox_walk`.

use bailiwick::sandbox::{Dialect, dialect};
use serde_json::{Value, json};

use super::caller::{Caller, Heard, code, member};

/// Gives the code of a refusal, in whichever way it came.
fn refusal(heard: &Heard) -> u64 {
    let body: Value = serde_json::from_str(&heard.text).unwrap_or_default();
    let inside = member(
        member(&body, "Errors").get(0).unwrap_or(&Value::Null),
        "Code",
    )
    .as_f64();
    inside.map_or_else(|| code(heard), |code| code as u64)
}

/// Makes every call of these families, well and wrongly; `example.com` has room for two of each.
pub(super) async fn walk(caller: &Caller, dialect: &Dialect) {
    redirections(caller, dialect).await;
    mail(caller, dialect).await;
    hosting(caller, dialect).await;
}

fn handle_of(heard: &Heard, name: &str) -> String {
    let body = heard.json();
    member(&body, name)
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {heard:?}"))
        .to_owned()
}

async fn redirections(caller: &Caller, dialect: &Dialect) {
    let zone = caller.handle("example.com").await;
    let away = caller.handle("away.example").await;
    let all = format!("/api/Zone/{zone}/Redirection");
    let inferred = dialect.inferred == dialect::Inferred::Exist;
    let body = |origin: &str| {
        json!({"UrlOrigin": origin, "UrlDestination": "https://www.example.net/shop", "Type": 4,
            "Active": true, "Title": "A shop", "MetaKeyword": null})
    };
    caller.get(&all).await;
    let made = caller.post(&all, body("promo.example.com")).await;
    assert_eq!(made.status, 200, "{made:?}");
    let one = format!("{all}/{}", handle_of(&made, "Handle"));
    assert_eq!(
        code(&caller.post(&all, body("Promo.Example.com.")).await),
        525
    );
    for bad in ["www.example.org", "nonexample.com", "a b.example.com"] {
        assert_eq!(code(&caller.post(&all, body(bad)).await), 530, "{bad}");
    }
    let mut wrong = body("b.example.com");
    wrong["Type"] = json!(7);
    assert_eq!(caller.post(&all, wrong).await.status, 400);
    assert_eq!(caller.post(&all, body("example.com")).await.status, 200);
    assert_eq!(code(&caller.post(&all, body("c.example.com")).await), 513);
    assert_eq!(caller.get(&one).await.status, 200);
    let listed = caller.get(&all).await;
    assert_eq!(listed.status == 200, inferred, "{listed:?}");
    assert_eq!(caller.put(&one, body("www2.example.com")).await.status, 200);
    assert_eq!(code(&caller.put(&one, body("example.com")).await), 525);
    let elsewhere = format!("/api/Zone/{away}/Redirection");
    let refused = code(&caller.post(&elsewhere, body("away.example")).await);
    assert!(matches!(refused, 404 | 714), "{refused}");

    let services = format!("/api/Zone/{zone}/RedirectService");
    let held = caller.get(&services).await.json();
    assert_eq!(member(&held[0], "UsedRedirect").as_f64(), Some(2.0));
    let service = format!(
        "{services}/{}",
        member(&held[0], "Handle").as_str().unwrap()
    );
    assert_eq!(caller.get(&service).await.status, 200);
    assert_eq!(
        caller
            .put(&service, json!({"AutoRenew": false}))
            .await
            .status,
        200
    );
    assert_eq!(
        code(&caller.get(&format!("{services}/RS000000")).await),
        404
    );

    assert!(caller.delete(&one).await.status < 300);
    assert_eq!(code(&caller.delete(&one).await), 404);
    assert_eq!(code(&caller.get(&one).await), 404);
}

async fn mail(caller: &Caller, dialect: &Dialect) {
    let domain = caller.handle("example.com").await;
    let held = caller
        .get("/api/Mail/Service?domain_name=example.com")
        .await
        .json();
    let service = member(&held[0], "handle").as_str().unwrap().to_owned();
    let path = format!("/api/Mail/Service/{service}");
    assert_eq!(caller.get(&path).await.status, 200);
    assert_eq!(
        caller.put(&path, json!({"AutoRenew": false})).await.status,
        200
    );
    for query in [
        format!("domHandle={domain}"),
        "domain=example.com".to_owned(),
    ] {
        let config = caller.get(&format!("/api/Mail/Config?{query}")).await;
        assert_eq!(config.status, 200, "{config:?}");
    }
    assert_eq!(code(&caller.get("/api/Mail/Config").await), 400);
    caller.get("/api/Mail/Service?active=false").await;
    caller.get("/api/Mail").await;

    let pop = |address: &str| json!({"ServiceHandle": service, "UserType": "pop", "UserMailAddress": address, "UserName": "info", "UserPwd": "Example#2025a"});
    let made = caller.post("/api/Mail", pop("Info@example.com")).await;
    let handle = handle_of(&made, "ObjectHandle");
    assert_eq!(
        refusal(&caller.post("/api/Mail", pop("info@example.com")).await),
        551
    );
    assert_eq!(
        refusal(&caller.post("/api/Mail", pop("info@example.org")).await),
        530
    );
    assert_eq!(
        caller.post("/api/Mail", pop("b@example.com")).await.status,
        200
    );
    assert_eq!(
        refusal(&caller.post("/api/Mail", pop("c@example.com")).await),
        513
    );
    let mut bare = pop("d@example.com");
    bare.as_object_mut().unwrap().remove("UserPwd");
    assert_eq!(caller.post("/api/Mail", bare).await.status, 400);
    let alias = json!({"ServiceHandle": service, "UserType": "alias", "UserMailAddress": "all@example.com", "Forward": ["b@example.com", "x@example.net"]});
    assert_eq!(caller.post("/api/Mail", alias).await.status, 200);
    let path = format!("/api/Mail/{handle}");
    for change in [
        json!({"UserPwd": "Changed#2025b"}),
        json!({"Alias": ["post@example.com"], "UserDescription": "Front desk", "IsCatchAll": true}),
        json!({"Alias": [], "UserDescription": ""}),
        json!({"Alias": null, "UserDescription": null}),
    ] {
        let changed = caller.put(&path, change).await;
        assert_eq!((changed.status, refusal(&changed)), (200, 0), "{changed:?}");
    }
    assert_eq!(
        refusal(&caller.put(&path, json!({"Alias": ["b@example.com"]})).await),
        551
    );
    for query in [
        format!("objectHandle={handle}"),
        format!("serviceHandle={service}"),
        "address=info@example.com".to_owned(),
    ] {
        let found = caller.get(&format!("/api/Mail?{query}")).await.json();
        assert!(
            found.as_array().is_some_and(|found| !found.is_empty()),
            "{query}"
        );
    }
    responder(caller, &format!("{path}/AutoResponder"), dialect).await;
    if dialect.mail_class == dialect::MailClass::Listed {
        let whole = caller
            .get(&format!("/api/OwnedProduct/{service}"))
            .await
            .json();
        assert_eq!(member(&whole, "Children").as_array().unwrap().len(), 3);
    }
    let gone = caller.delete(&path).await;
    assert_eq!(handle_of(&gone, "ObjectHandle"), handle);
    assert_eq!(code(&caller.delete(&path).await), 404);
}

async fn responder(caller: &Caller, path: &str, dialect: &Dialect) {
    caller.get(path).await;
    let small = json!({"start": "2025-03-30", "finish": "2025-04-04", "active": true, "subject": "test", "message": "test mesg"});
    assert_eq!(caller.put(path, small).await.status, 200);
    assert_eq!(
        caller
            .put(path, json!({"Active": false, "Start": 0, "Finish": null}))
            .await
            .status,
        200
    );
    if dialect.responder_keys == dialect::ResponderKeys::Any {
        let backwards = json!({"start": "2025-04-04", "finish": "2025-03-30"});
        assert_eq!(refusal(&caller.put(path, backwards).await), 530);
    }
    assert_eq!(caller.get(path).await.status, 200);
    let other = path.replace("AutoResponder", "Autoresponder");
    let gone = caller.delete(&other).await.status;
    match dialect.responder_delete {
        dialect::ResponderDelete::Exists => assert!(gone < 300),
        dialect::ResponderDelete::NotFound => assert_eq!(gone, 404),
        dialect::ResponderDelete::NotAllowed => assert_eq!(gone, 405),
    }
}

async fn hosting(caller: &Caller, dialect: &Dialect) {
    let handle = caller.owned("hosting", "example.com").await;
    let inferred = dialect.inferred == dialect::Inferred::Exist;
    let path = format!("/api/Hosting/{handle}");
    assert_eq!(caller.get(&path).await.status == 200, inferred);
    let settings = json!({"AutoRenew": false, "HasStats": true, "AdminContact": {"Handle": "AA333333"}, "FrameWork": {"Id": 11}});
    assert_eq!(caller.put(&path, settings).await.status, 200);
    let several = json!({"FrameWork": {"Type": "php"}});
    assert_eq!(code(&caller.put(&path, several).await), 300);
    let users = format!("{path}/User");
    let listed = caller.get(&users).await;
    assert_eq!(listed.status == 200, inferred, "{listed:?}");
    let root = format!("/var/www/sites/{}", handle.to_ascii_lowercase());
    let body = |password: &str, dir: &str| json!({"Pwd": password, "Dir": dir, "FullName": "Jane Doe", "Description": null});
    let made = caller
        .post(&users, body("Example#2025a", &format!("{root}/photos")))
        .await;
    assert_eq!(made.status, 200, "{made:?}");
    assert_eq!(
        code(&caller.post(&users, body("example", &root)).await),
        530
    );
    assert_eq!(
        code(&caller.post(&users, body("Example#2025a", "/etc")).await),
        530
    );
    assert_eq!(
        caller
            .post(&users, json!({"FullName": "Jane"}))
            .await
            .status,
        400
    );
    let user = format!("{users}/{}", member(&made.json(), "Id"));
    let changed = caller
        .put(&user, json!({"Pwd": "Changed#2025b"}))
        .await
        .json();
    assert_eq!(*member(&changed, "FullName"), "Jane Doe");
    assert_eq!(
        caller.put(&user, json!({"FullName": "Jane"})).await.status,
        400
    );
    assert!(caller.delete(&user).await.status < 300);
    assert_eq!(code(&caller.delete(&user).await), 404);
    if inferred {
        let own = caller.get(&users).await.json();
        let own = member(&own[0], "Id");
        assert_eq!(code(&caller.delete(&format!("{users}/{own}")).await), 550);
    }
}
