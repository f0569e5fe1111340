//! Domains and the people around them: who sees what, what can be set, and what the server volunteers.

use bailiwick::sandbox::{Dialect, Logins, Options, Role, Running, Sandbox, Seed};
use serde_json::{Value, json};

use super::caller::{Caller, code, member};

fn seed() -> Seed {
    Seed::empty()
        .user("AA111111")
        .customer("BB222222", "AA111111")
        .user("ZZ999999")
        .domain("AA111111", "example.com")
        .domain("BB222222", "shop.example")
        .domain("BB222222", "example.fr")
        .domain("ZZ999999", "example.org")
}

async fn start(dialect: Dialect) -> (Running, Caller) {
    let options = Options {
        logins: Logins::Listed,
        ..Options::default().seed(seed()).dialect(dialect)
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let caller = Caller::login(&sandbox, "AA111111").await;
    (sandbox, caller)
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|object| object["Name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn each_handle_sees_its_own_and_a_reseller_acts_for_its_customers() {
    let (_sandbox, reseller) = start(Dialect::default()).await;
    assert_eq!(
        names(&reseller.get("/api/OwnedProduct").await.json()),
        ["example.com"]
    );
    let customer = reseller.acting_for("BB222222");
    let owned = customer
        .get("/api/OwnedProduct?object_class=domain")
        .await
        .json();
    assert_eq!(names(&owned), ["shop.example", "example.fr"]);
    assert_eq!(owned[0]["ContactTypes"], json!(["O", "A", "T", "B", "R"]));
    assert_eq!(
        names(&customer.get("/api/Domain?contact=BB222222").await.json()),
        ["shop.example", "example.fr"]
    );
    assert_eq!(reseller.acting_for("").get("/api/Zone").await.status, 200);
    assert_eq!(
        code(&reseller.acting_for("ZZ999999").get("/api/Zone").await),
        404
    );
    assert_eq!(
        code(&reseller.acting_for("YY000000").get("/api/Zone").await),
        404
    );

    let (_sandbox, reseller) = start(Dialect::with("foreign", "401").unwrap()).await;
    let refused = reseller.acting_for("ZZ999999").get("/api/Zone").await;
    assert!(refused.status == 401 && refused.json().is_object());
    let (_sandbox, reseller) = start(Dialect::with("reseller-view", "all").unwrap()).await;
    assert_eq!(
        reseller
            .get("/api/OwnedProduct")
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        3
    );

    // Where any login is taken, who is not known starts empty.
    let sandbox = Sandbox::start(Options::default().seed(seed()))
        .await
        .unwrap();
    let anybody = Caller::login(&sandbox, "somebody").await;
    assert_eq!(anybody.get("/api/Zone").await.json(), json!([]));
    assert_eq!(
        names(
            &anybody
                .acting_for("ZZ999999")
                .get("/api/OwnedProduct")
                .await
                .json()
        ),
        ["example.org"]
    );
}

#[tokio::test]
async fn one_answer_may_accept_one_property_and_refuse_another() {
    let (sandbox, reseller) = start(Dialect::default()).await;
    let customer = reseller.acting_for("BB222222");
    let handle = customer.handle("example.fr").await;
    let path = format!("/api/Domain/{handle}");
    let told = customer
        .put(
            &path,
            json!({"Status": "Active", "HasAnonymousWhois": true}),
        )
        .await;
    let codes: Vec<u64> = told
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["Code"].as_u64().unwrap())
        .collect();
    assert_eq!(
        (told.status, codes.as_slice()),
        (200, [200, 572].as_slice())
    );
    assert_eq!(
        told.json()[1]["Data"],
        json!({"Property": {"Name": "HasAnonymousWhois", "Value": true}})
    );
    assert!(
        !sandbox
            .state()
            .domain("example.fr")
            .unwrap()
            .settings
            .locked
    );
    assert_eq!(customer.get(&path).await.json()["Status"], "Active");
    assert_eq!(
        code(&customer.put(&path, json!({"Status": "Unprotected"})).await),
        572
    );

    sandbox.set_dialect(Dialect {
        mixed: bailiwick::sandbox::dialect::Mixed::Failure,
        ..Dialect::default()
    });
    assert_eq!(
        customer
            .put(&path, json!({"AutoRenew": true, "HasAnonymousWhois": true}))
            .await
            .status,
        572
    );
    sandbox.set_dialect(Dialect::with("unlock", "Unprotected").unwrap());
    assert_eq!(
        code(&customer.put(&path, json!({"Status": "Unprotected"})).await),
        200
    );
    assert_eq!(
        code(&customer.put(&path, json!({"Status": "Active"})).await),
        572
    );
}

#[tokio::test]
async fn settings_lag_where_the_dialect_says_so() {
    let (sandbox, caller) = start(Dialect::with("lag", "all").unwrap()).await;
    let path = format!("/api/Domain/{}", caller.handle("example.com").await);
    caller.put(&path, json!({"Status": "Active"})).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(
            caller.get(&path).await.json()["Status"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(seen, ["protected", "protected", "Active"]);
    assert!(
        !sandbox
            .state()
            .domain("example.com")
            .unwrap()
            .settings
            .locked
    );
}

#[tokio::test]
async fn contacts_and_name_servers_are_set_with_what_is_left_out_as_it_was() {
    let (sandbox, caller) = start(Dialect::default()).await;
    let path = format!("/api/Domain/{}", caller.handle("example.com").await);
    let told = caller
        .put(
            &format!("{path}/Contact"),
            json!([{"Handle": "ZZ999999", "Type": "T"}, {"Handle": "NOBODY", "Type": "B"}]),
        )
        .await;
    assert_eq!(
        (
            told.json()[0]["Code"].as_u64(),
            told.json()[1]["Code"].as_u64()
        ),
        (Some(200), Some(404))
    );
    let contacts = sandbox
        .state()
        .domain("example.com")
        .unwrap()
        .settings
        .contacts
        .clone();
    assert_eq!(
        (
            contacts[&Role::Tech].as_str(),
            contacts[&Role::Billing].as_str()
        ),
        ("ZZ999999", "AA111111")
    );
    let listed = caller.get(&format!("{path}/Contact")).await.json();
    let tech = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|contact| contact["Type"] == "T")
        .unwrap();
    assert_eq!(tech["Handle"], "ZZ999999");

    let servers = |names: &[&str]| {
        names
            .iter()
            .map(|name| json!({"Name": name}))
            .collect::<Value>()
    };
    let path = format!("{path}/NameServer");
    let refused = caller
        .put(&path, servers(&["ns1.dns.test", "ns9.example.com"]))
        .await;
    assert_eq!(
        (code(&refused), &refused.json()[0]["Data"]["Name"]),
        (510, &json!("ns9.example.com"))
    );
    assert!(
        sandbox
            .state()
            .domain("example.com")
            .unwrap()
            .delegated_here()
    );
    assert_eq!(
        caller
            .put(&path, servers(&["NS1.dns.test.", "ns2.dns.test"]))
            .await
            .status,
        200
    );
    assert_eq!(
        names(&caller.get(&path).await.json()),
        ["ns1.dns.test", "ns2.dns.test"]
    );
    // A zone is made only for a domain that is delegated here.
    assert_eq!(
        code(
            &caller
                .post("/api/Zone", json!({"Name": "example.com"}))
                .await
        ),
        714
    );
}

#[tokio::test]
async fn a_new_zone_comes_as_the_dialect_has_it() {
    let cases = [
        ("defaults", "parking", 3),
        ("apex-records", "ns", 2),
        ("apex-records", "soa-ns", 3),
        ("defaults", "none", 0),
    ];
    for (switch, value, count) in cases {
        let (_sandbox, caller) = start(Dialect::with(switch, value).unwrap()).await;
        let made = caller
            .post("/api/Zone", json!({"name": "Example.COM"}))
            .await;
        assert_eq!(
            (made.status, &made.json()["SoaPrimaryNs"]),
            (200, &json!("dns1.namebay.com"))
        );
        let path = format!(
            "/api/Zone/{}/Record",
            made.json()["Handle"].as_str().unwrap()
        );
        assert_eq!(
            caller.get(&path).await.json().as_array().unwrap().len(),
            count,
            "{switch}={value}"
        );
    }
}

#[tokio::test]
async fn the_serial_moves_as_the_dialect_has_it() {
    for (value, text, moves) in [
        ("minute", "Jan 15 2026  9:30AM", true),
        ("second", "2026-01-15 09:30:00", true),
        ("counter", "2025041600", true),
        ("never", "Jan 15 2026  9:30AM", false),
    ] {
        let (sandbox, caller) = start(Dialect::with("serial", value).unwrap()).await;
        let made = caller
            .post("/api/Zone", json!({"Name": "example.com"}))
            .await
            .json();
        assert_eq!(made["SoaSerial"], text);
        sandbox.advance(std::time::Duration::from_secs(120));
        let path = format!("/api/Zone/{}", made["Handle"].as_str().unwrap());
        caller
            .post(
                &format!("{path}/Record"),
                json!({"Host": "a", "Type": "A", "Data": "192.0.2.1"}),
            )
            .await;
        assert_eq!(
            caller.get(&path).await.json()["SoaSerial"] != text,
            moves,
            "{value}"
        );
    }
}

#[tokio::test]
async fn signing_is_deferred_as_in_the_guide() {
    let (_sandbox, caller) = start(Dialect::default()).await;
    let made = caller
        .post("/api/Zone", json!({"Name": "example.com"}))
        .await
        .json();
    let path = format!("/api/Zone/{}/DnsSec", made["Handle"].as_str().unwrap());
    let told = caller.put(&path, json!({"isSec": true})).await.json();
    assert_eq!(
        told,
        json!({"Zone": "example.com", "IsSec": true, "IsSign": false, "SignDate": null})
    );
    let signed = (
        caller.get(&path).await.json(),
        caller.get(&path).await.json(),
    );
    assert_eq!(
        (&signed.0["IsSign"], &signed.1["IsSign"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(
        caller.put(&path, json!({"ISSEC": false})).await.json()["IsSign"],
        false
    );
}

#[tokio::test]
async fn a_canary_stands_in_every_secret_that_is_volunteered() {
    let options = Options {
        canary: Some("canary-7".to_owned()),
        ..Options::default().seed(seed())
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let token = super::caller::token(&sandbox, "AA111111", "sandbox")
        .await
        .json();
    let caller = Caller::login(&sandbox, "AA111111").await;
    let domain = caller
        .get(&format!(
            "/api/Domain/{}",
            caller.handle("example.com").await
        ))
        .await
        .json();
    let contact = caller.get("/api/Contact/AA111111").await.json();
    for secret in [
        &token["access_token"],
        &domain["AuthInfo"],
        &contact["CleTitulaire"],
    ] {
        assert!(secret.as_str().unwrap().contains("canary-7"), "{secret}");
    }
    assert!(!format!("{:?}", sandbox.log().entries()).contains("canary-7"));
    // Who only holds a role does not see the authorisation code.
    let stranger = caller.acting_for("BB222222");
    assert_eq!(
        code(
            &stranger
                .get(&format!(
                    "/api/Domain/{}",
                    member(&domain, "Handle").as_str().unwrap()
                ))
                .await
        ),
        404
    );
}
