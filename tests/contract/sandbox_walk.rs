//! A walk through every call of the document, under many dialects: each answer is held to it.

use std::collections::BTreeSet;

use bailiwick::sandbox::{Dialect, Options, Reach, Sandbox, Seed, dialect};
use serde_json::{Value, json};

use super::caller::{Caller, code, member};
use super::openapi::NAMEBAY;
use super::{sandbox_walk_orders, sandbox_walk_services};

fn seed() -> Seed {
    Seed::empty()
        .domain("AA111111", "example.com")
        .zone("example.com")
        .record("example.com", "@", ("A", "192.0.2.1"))
        .record(
            "example.com",
            "_sip._tcp",
            ("SRV", "10 5 5060 sip.example.net."),
        )
        .record("example.com", "@", ("MX", "10 mx1.example.net."))
        .record(
            "example.com",
            "@",
            (
                "NAPTR",
                r#"100 10 "U" "E2U+sip" "!^.*$!sip:info@example.com!" ."#,
            ),
        )
        .record("example.com", "@", ("CAA", r#"0 issue "letsencrypt.org""#))
        .record("example.com", "@", ("TXT", r#""v=spf1 mx -all""#))
        .domain("AA111111", "example.org")
        .domain("AA111111", "example.net")
        .domain("AA111111", "away.example")
        .adjust("away.example", |domain| {
            domain.settings.name_servers = vec!["ns1.dns.test".to_owned()]
        })
        .domain("AA111111", "lapsed.example")
        .expires_in("lapsed.example", -3)
        .domain("AA111111", "twice.example")
        .adjust("twice.example", |domain| domain.ambiguous = true)
        .host("ns1.example.com", "192.0.2.53")
        .mail_service("example.com", 2)
        .redirect_service("example.com", 2)
        .hosting("example.com")
        .elsewhere("incoming.example", "Auth-7421-xyz")
        .funds("AA111111", 100_000)
        .message("AA111111", "hostingCreated", "hosting")
        .renewal_run("away.example", "failed")
}

const MASTER_FILE: &str = "$TTL 2h\n@ SOA ns1 hostmaster ( 1 10800 600 1209600 3600 )\n@ NS ns1.example.net.\nwww A 192.0.2.7\n";

/// Makes every call, well and wrongly.
async fn walk(caller: &Caller, dialect: &Dialect) {
    let (zone, org, net) = (
        caller.handle("example.com").await,
        caller.handle("example.org").await,
        caller.handle("example.net").await,
    );
    let away = caller.handle("away.example").await;
    let lapsed = caller.handle("lapsed.example").await;
    let twice = caller.handle("twice.example").await;
    let inferred = dialect.inferred == dialect::Inferred::Exist;

    caller.get("/api/Zone").await;
    caller.get("/api/Zone?name=nothing.example").await;
    caller.get(&format!("/api/Zone/{zone}/Contact")).await;
    assert_eq!(
        caller
            .post("/api/Zone", json!({"Name": "example.org"}))
            .await
            .status,
        200
    );
    assert_eq!(
        code(
            &caller
                .post("/api/Zone", json!({"Name": "example.org"}))
                .await
        ),
        707
    );
    let elsewhere = caller
        .post("/api/Zone", json!({"Name": "away.example"}))
        .await;
    assert_eq!(
        code(&elsewhere),
        if dialect.delegation == dialect::Delegation::Checked {
            714
        } else {
            0
        }
    );
    assert_eq!(caller.get(&format!("/api/Zone/{org}")).await.status, 200);
    assert_eq!(
        caller
            .put(
                &format!("/api/Zone/{org}"),
                json!({"Name": "example.org", "Ttl": 300})
            )
            .await
            .status,
        200
    );
    assert_eq!(
        code(
            &caller
                .put(
                    &format!("/api/Zone/{org}"),
                    json!({"name": "example.com", "ttl": 300})
                )
                .await
        ),
        552
    );
    assert_eq!(
        caller
            .put(
                &format!("/api/Zone/{org}"),
                json!({"Name": "example.org", "Ttl": -1})
            )
            .await
            .status,
        400
    );
    assert_eq!(
        code(
            &caller
                .put(&format!("/api/Zone/{net}"), json!({"Name": "example.net"}))
                .await
        ),
        702
    );
    assert_eq!(code(&caller.get(&format!("/api/Zone/{net}")).await), 404);

    let records = format!("/api/Zone/{zone}/Record");
    caller.get(&records).await;
    caller.get(&format!("/api/Zone/{org}/Record")).await;
    let body = json!({"Host": "www", "Data": "192.0.2.2", "Type": "A", "Weight": null});
    let made = caller.post(&records, body.clone()).await;
    assert_eq!(made.status, 200, "{made:?}");
    caller.post(&records, body).await;
    let record = format!("{records}/{}", member(&made.json(), "Id"));
    assert_eq!(caller.get(&record).await.status, 200);
    let changed = caller
        .put(
            &record,
            json!({"Host": "www", "Data": "192.0.2.3", "Type": "A"}),
        )
        .await;
    let record = format!("{records}/{}", member(&changed.json(), "Id"));
    assert!(caller.delete(&record).await.status < 300);
    assert_eq!(code(&caller.delete(&record).await), 404);
    assert_eq!(
        caller
            .post(&records, json!({"Host": "www", "Type": "A"}))
            .await
            .status,
        400
    );
    caller
        .post(
            &records,
            json!({"Host": "www", "Type": "A", "Data": "nonsense"}),
        )
        .await;

    let import = json!({"name": "example.net", "binddata": MASTER_FILE, "nslist": ["ns1.example.net", "ns2.example.net"]});
    assert_eq!(
        caller.post("/api/Zone/Import", import.clone()).await.status,
        200
    );
    assert_eq!(
        caller
            .put(&format!("/api/Zone/Import/{net}"), import)
            .await
            .status,
        200
    );

    assert_eq!(
        caller
            .put(&format!("/api/Zone/{zone}/DnsSec"), json!({"isSec": true}))
            .await
            .status,
        200
    );
    let read = caller.get(&format!("/api/Zone/{zone}/DnsSec")).await;
    assert_eq!(read.status == 200, inferred, "{read:?}");

    keys(caller, &away, code(&elsewhere) != 0, inferred).await;

    for query in [
        "name=example.com",
        "contact=AA111111",
        "contact=ZZ999999&contactType=B",
    ] {
        caller.get(&format!("/api/Domain?{query}")).await;
    }
    assert_eq!(caller.get("/api/Domain").await.status, 400);
    assert_eq!(caller.get(&format!("/api/Domain/{zone}")).await.status, 200);
    assert_eq!(
        code(&caller.get(&format!("/api/Domain/{twice}")).await),
        300
    );
    let settings = json!({"Status": "protected", "HasAnonymousWhois": true, "AutoRenew": false});
    let told = caller
        .put(&format!("/api/Domain/{zone}"), settings.clone())
        .await;
    assert_eq!((told.status, code(&told)), (200, 200));
    assert_eq!(
        code(&caller.put(&format!("/api/Domain/{lapsed}"), settings).await),
        570
    );
    let contacts = format!("/api/Domain/{zone}/Contact");
    assert!(caller.get(&contacts).await.json().is_array());
    caller
        .put(
            &contacts,
            json!([{"handle": "AA333333", "type": "T"}, {"Handle": "BB444444", "Type": "B"}]),
        )
        .await;
    assert_eq!(
        caller
            .put(&contacts, json!([{"Handle": "AA333333", "Type": "R"}]))
            .await
            .status,
        400
    );
    let delegation = format!("/api/Domain/{zone}/NameServer");
    assert_eq!(caller.get(&delegation).await.status == 200, inferred);
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|name| json!({"Name": name}))
            .collect::<Value>()
    };
    assert_eq!(
        caller
            .put(&delegation, names(&["dns1.namebay.com", "ns1.example.com"]))
            .await
            .status,
        200
    );
    assert_eq!(
        code(
            &caller
                .put(
                    &delegation,
                    names(&["dns1.namebay.com", "DNS1.namebay.com."])
                )
                .await
        ),
        551
    );
    assert_eq!(
        code(
            &caller
                .put(&delegation, names(&["ns9.example.com", "dns1.namebay.com"]))
                .await
        ),
        510
    );

    caller.get("/api/Domain/free.example/Availability").await;
    caller
        .get("/api/Domain/Availability?domain=example.com")
        .await;
    caller
        .post(
            "/api/Domain/Availability",
            json!(["free.example", "example.com"]),
        )
        .await;
    caller
        .get("/api/Domain/TldDetails?domain=example.com")
        .await;

    let glue = json!({"Name": "ns2.example.com", "Ip1": "192.0.2.54", "Registry": "verisign"});
    let made = caller.post("/api/NameServer", glue.clone()).await;
    assert_eq!(made.status, 200, "{made:?}");
    assert!(matches!(
        code(&caller.post("/api/NameServer", glue).await),
        525 | 530
    ));
    let host = format!("/api/NameServer/{}", member(&made.json(), "Id"));
    assert_eq!(caller.get(&host).await.status, 200);
    assert_eq!(
        caller
            .put(&host, json!({"Ip1": "192.0.2.55", "Ip2": "2001:db8::55"}))
            .await
            .status,
        200
    );
    caller
        .get("/api/NameServer/ns3.example.com/Check?registry=verisign")
        .await;

    caller
        .get("/api/OwnedProduct?object_class=certificate")
        .await;
    sandbox_walk_services::walk(caller, dialect).await;
    sandbox_walk_orders::walk(caller, dialect).await;
    assert_eq!(
        caller
            .get(&format!("/api/OwnedProduct/{lapsed}"))
            .await
            .status,
        200
    );
    let person = json!({"FirstName": "Jane", "LastName": "Doe", "Address": "1 Example Street", "City": "Monaco", "Pc": "98000",
        "Cc": "MC", "MailAddress": "jane@example.com", "IsIndividual": true});
    let contact = caller.post("/api/Contact", person).await.json();
    let contact = format!(
        "/api/Contact/{}",
        member(&contact, "Handle").as_str().unwrap()
    );
    assert_eq!(caller.get(&contact).await.status, 200);
    assert_eq!(caller.get(&format!("{contact}/Account")).await.status, 200);
    assert_eq!(
        caller
            .put("/api/Contact/Pack", json!({"Autorenew": true}))
            .await
            .status,
        200
    );
    assert_eq!(
        *member(&caller.get("/api/Contact/Pack").await.json(), "Autorenew"),
        true
    );
}

async fn keys(caller: &Caller, away: &str, hosted_elsewhere: bool, inferred: bool) {
    let (keys, public) = (
        format!("/api/Zone/{away}/NsKey"),
        format!("/api/Zone/{away}/NsPubKey"),
    );
    let key = json!({"keytag": "1111", "algorithm": 8, "digesttype": 2, "digest": "5F4C"});
    let public_key = json!({"KeyTag": "1111", "PubKey": "AwEAAc=="});
    let made = (
        caller.post(&keys, key.clone()).await,
        caller.post(&public, public_key.clone()).await,
    );
    if !hosted_elsewhere {
        assert_eq!((code(&made.0), code(&made.1)), (696, 696));
        return;
    }
    assert_eq!((made.0.status, made.1.status), (200, 200));
    assert_eq!(
        (
            code(&caller.post(&keys, key).await),
            code(&caller.post(&public, public_key).await)
        ),
        (525, 525)
    );
    assert_eq!(caller.get(&keys).await.json().as_array().unwrap().len(), 1);
    assert_eq!(
        caller.get(&public).await.json().as_array().unwrap().len(),
        1
    );
    let key = format!("{keys}/{}", member(&made.0.json(), "Id"));
    let public_key = format!("{public}/{}", member(&made.1.json(), "Id"));
    assert_eq!(
        caller
            .put(&public_key, json!({"pubkey": "BBBB"}))
            .await
            .status,
        200
    );
    assert_eq!(caller.delete(&key).await.status < 300, inferred);
    assert_eq!(caller.delete(&public_key).await.status < 300, inferred);
    caller.get(&keys).await;
    caller.get(&public).await;
}

#[tokio::test]
async fn every_call_of_the_document_answers_as_it_says() {
    let sandbox = Sandbox::start(Options::default().seed(seed()))
        .await
        .unwrap();
    walk(
        &Caller::login(&sandbox, "AA111111").await.exactly(),
        &Dialect::default(),
    )
    .await;
    let made: BTreeSet<String> = sandbox
        .log()
        .entries()
        .iter()
        .map(|seen| seen.kind())
        .collect();
    let listed: BTreeSet<String> = NAMEBAY
        .calls()
        .into_iter()
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    assert_eq!(made, listed);
}

#[tokio::test]
async fn answers_keep_to_the_document_in_every_dialect() {
    let one_by_one = Dialect::switches().into_iter().flat_map(|switch| {
        switch
            .values
            .into_iter()
            .skip(1)
            .map(move |value| Dialect::with(switch.name, value).unwrap())
    });
    // A server that takes only its own spelling has to be read first, which the walk does not do.
    let any_input = |dialect: Dialect| Dialect {
        input: dialect::Input::Any,
        ..dialect
    };
    let drawn = (0..15).map(|seed| any_input(Dialect::draw(seed, Reach::Every)));
    for dialect in one_by_one.chain(drawn) {
        let sandbox = Sandbox::start(Options::default().seed(seed()).dialect(dialect.clone()))
            .await
            .unwrap();
        let caller = Caller::login(&sandbox, "AA111111").await;
        let walked = tokio::spawn({
            let dialect = dialect.clone();
            async move { walk(&caller, &dialect).await }
        });
        walked
            .await
            .unwrap_or_else(|_| panic!("in dialect {dialect}"));
    }
}

#[test]
fn every_doubt_has_a_switch_and_every_switch_a_doubt() {
    let doubts = NAMEBAY.root()["x-doubts"].as_array().unwrap();
    let written: Vec<Value> = doubts
        .iter()
        .map(|doubt| {
            let values: Vec<&Value> = doubt["answers"]
                .as_array()
                .unwrap()
                .iter()
                .map(|answer| &answer["value"])
                .collect();
            json!([doubt["id"], doubt["switch"], values])
        })
        .collect();
    let built: Vec<Value> = Dialect::switches()
        .into_iter()
        .map(|switch| json!([switch.doubt, switch.name, switch.values]))
        .collect();
    assert_eq!(written, built);
    let ids: BTreeSet<&str> = doubts
        .iter()
        .map(|doubt| doubt["id"].as_str().unwrap())
        .collect();
    let mut referred = Vec::new();
    references(NAMEBAY.root(), &mut referred);
    let unknown: Vec<&str> = referred
        .into_iter()
        .filter(|id| !ids.contains(id))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// Collects what `x-doubt` refers to.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(key, value)| match (key.as_str(), value) {
                    ("x-doubt", Value::String(id)) => found.push(id),
                    ("x-doubt", Value::Array(ids)) => {
                        found.extend(ids.iter().filter_map(Value::as_str))
                    }
                    _ => references(value, found),
                })
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
