//! The guide's examples of tokens, zones and owned products, with values of our own: the sandbox answers in their shape.

use bailiwick::sandbox::{Options, Sandbox, Seed};
use serde_json::{Value, json};

use super::caller::{Caller, token};
use super::openapi::NAMEBAY;

/// Tells what kind of value stands where; null in an example stands for any.
fn shape(value: &Value) -> Value {
    match value {
        Value::Null => json!("null"),
        Value::Bool(_) => json!("boolean"),
        Value::Number(_) => json!("number"),
        Value::String(_) => json!("string"),
        Value::Array(items) => items.iter().map(shape).take(1).collect(),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(key, value)| (key.clone(), shape(value)))
                .collect(),
        ),
    }
}

fn agree(example: &Value, heard: &Value) -> bool {
    match (example, heard) {
        (Value::String(one), Value::String(other)) => {
            one == other || one == "null" || other == "null"
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| agree(a, b))
        }
        (Value::Object(one), Value::Object(other)) => {
            // The newer pages have a member that the guide lacks.
            let mut other = other.clone();
            other.retain(|key, _| key != "ResellerHandle" || one.contains_key(key));
            one.keys().eq(other.keys()) && one.iter().all(|(key, value)| agree(value, &other[key]))
        }
        (Value::String(one), _) => one == "null",
        _ => false,
    }
}

pub(super) fn same_shape(id: &str, example: &Value, heard: &Value) {
    assert!(
        agree(&shape(example), &shape(heard)),
        "{id}: {example}\nbut got {heard}"
    );
}

const MASTER_FILE: &str = "$ORIGIN orchard.example.\n$TTL 7200\n@ IN SOA ns1.dns.test. hostmaster.orchard.example. ( 2026011501 10800 600 1209600 3600 )\n\
    @ IN NS ns1.dns.test.\n@ IN NS ns2.dns.test.\n@ IN A 203.0.113.10\nwww IN CNAME orchard.example.\nmail IN A 203.0.113.25\n@ IN MX 10 mail.orchard.example.\n";

#[tokio::test]
async fn answers_have_the_shape_of_the_guides_examples() {
    let seed = Seed::empty()
        .domain("AA123456", "bakery.example")
        .zone("bakery.example")
        .domain("AA123456", "orchard.example")
        .domain("AA123456", "away.example");
    let sandbox = Sandbox::start(Options::default().seed(seed)).await.unwrap();

    let example = json!({"access_token": "a-token", "token_type": "bearer", "expires_in": 1209599, "userName": "AA123456",
        "audience": "namebay_1", ".issued": "Thu, 15 Jan 2026 09:30:00 GMT", ".expires": "Thu, 29 Jan 2026 09:30:00 GMT"});
    let heard = token(&sandbox, "AA123456", "Another#2026b").await.json();
    same_shape("nb-14", &example, &heard);
    for name in [
        "token_type",
        "expires_in",
        "userName",
        "audience",
        ".issued",
        ".expires",
    ] {
        assert_eq!(heard[name], example[name], "nb-14: {name}");
    }

    let caller = Caller::login(&sandbox, "AA123456").await.exactly();
    let zone = format!("/api/Zone/{}", caller.handle("bakery.example").await);
    let example = |data: &str| {
        json!({"Id": 21, "ZoneId": 440001, "Host": "imap", "Data": data, "Type": "A", "Weight": null,
            "DateCreated": "2026-01-15T09:30:00.12", "NaptrPreference": null, "NaptrFlag": null, "NaptrRegExp": null})
    };
    let body = |data: &str| json!({"host": "imap", "data": data, "type": "A"});
    let made = caller
        .post(&format!("{zone}/Record"), body("203.0.113.1"))
        .await
        .json();
    same_shape("nb-15", &example("203.0.113.1"), &made);
    let record = format!("{zone}/Record/{}", made["Id"]);
    let changed = caller.put(&record, body("203.0.113.2")).await.json();
    same_shape("nb-16", &example("203.0.113.2"), &changed);
    assert_eq!(
        (&changed["Id"], &changed["Data"]),
        (&made["Id"], &json!("203.0.113.2"))
    );
    assert_eq!(caller.delete(&record).await.status, 204, "nb-17");
    let example =
        json!({"Zone": "bakery.example", "IsSec": true, "IsSign": false, "SignDate": null});
    assert_eq!(
        caller
            .put(&format!("{zone}/DnsSec"), json!({"isSec": true}))
            .await
            .json(),
        example,
        "nb-18"
    );

    let away = format!("/api/Zone/{}", caller.handle("away.example").await);
    let body = json!({"keytag": "2371", "algorithm": 13, "digesttype": 2, "digest": "1F987CC6583E92DF0890718C42A5"});
    let example = json!({"Id": 4, "ZoneName": "away.example", "KeyTag": "2371", "Algorithm": 13, "DigestType": 2,
        "Digest": "1F987CC6583E92DF0890718C42A5", "DateInsert": "2026-01-15T09:30:00.1733333", "Active": true, "NbNs": false});
    same_shape(
        "nb-19",
        &example,
        &caller.post(&format!("{away}/NsKey"), body).await.json(),
    );
    let body = json!({"keytag": "2371", "pubkey": "oJMRESz5E4gYzS/q6XDrvU1qMPYIjCWzJaOau8XNEZeqCYKD5ar0IRd8KqXXFJkq=="});
    let example = json!({"Id": 5, "ZoneName": "away.example", "KeyTag": "2371", "PubKey": "oJMR==",
        "DateInsert": "2026-01-15T09:30:00.05", "NbNs": false});
    same_shape(
        "nb-20",
        &example,
        &caller.post(&format!("{away}/NsPubKey"), body).await.json(),
    );

    let body = json!({"name": "orchard.example", "binddata": MASTER_FILE, "nslist": ["ns1.dns.test", "ns2.dns.test"]});
    let example = json!({"Handle": "DO100001", "Name": "orchard.example", "SoaExpire": 1209600, "SoaMinimum": 3600,
        "SoaPrimaryNs": "ns1.dns.test", "SoaSerial": "Jan 15 2026  9:30AM", "SoaRefresh": 10800,
        "SoaRespPerson": "hostmaster@orchard.example", "SoaRetry": 600, "Ttl": 7200});
    let handle = caller.handle("orchard.example").await;
    let imported = caller.post("/api/Zone/Import", body.clone()).await.json();
    let replaced = caller
        .put(&format!("/api/Zone/Import/{handle}"), body)
        .await
        .json();
    for (id, heard) in [("nb-21", imported), ("nb-22", replaced)] {
        same_shape(id, &example, &heard);
        for name in example
            .as_object()
            .unwrap()
            .keys()
            .filter(|name| *name != "Handle")
        {
            assert_eq!(heard[name], example[name], "{id}: {name}");
        }
    }
    assert_eq!(
        sandbox
            .state()
            .zone("orchard.example")
            .unwrap()
            .records()
            .len(),
        4
    );

    let example = json!([{"Handle": "DO100001", "ParentHandle": null, "Name": "bakery.example", "Class": "domain", "StatusID": 1,
        "Status": "REGISTERED", "CreDate": "2025-02-21T00:00:00", "ExpDate": "2026-02-21T00:00:00", "TransferInDate": null,
        "ProductId": 771, "Quantity": 1, "ContactTypes": ["O", "A", "T", "B", "R"], "Products": [{"Id": 771, "Name": " Domain ",
        "Type": "Domaine", "SubType": "Creation", "TransactionId": "NONE", "Active": false}], "Children": null, "Error": null}]);
    let heard = caller
        .get("/api/OwnedProduct?object_class=domain&object_name=bakery.example")
        .await
        .json();
    same_shape("nb-04, nb-70", &example, &heard);

    let example = json!({"Name": "free.example", "Status": "AvailablePerDomainCheck", "Notices": "none",
        "AvailabilityResponse": {"code": 1, "notices": 1}, "Catchable": false, "CatchableTld": false, "Error": null,
        "Forbidden": false, "Reserved": false, "ForbiddenReason": null, "ReservedReason": null});
    assert_eq!(
        caller
            .get("/api/Domain/free.example/Availability")
            .await
            .json(),
        example,
        "nb-02"
    );

    for seen in sandbox.log().entries() {
        NAMEBAY.check_seen(&seen).unwrap();
    }
}
