//! The guide's examples of redirections, mail and hosting, with values of our own: the sandbox answers in their shape.

use bailiwick::sandbox::{Options, Sandbox, Seed};
use serde_json::{Value, json};

use super::caller::Caller;
use super::openapi::{Exchange, NAMEBAY, Reading};
use super::sandbox_guide::same_shape;

#[tokio::test]
async fn answers_have_the_shape_of_the_guides_examples() {
    let seed = Seed::empty()
        .domain("AA123456", "bakery.example")
        .mail_service("bakery.example", 20)
        .redirect_service("bakery.example", 1)
        .hosting("bakery.example");
    let sandbox = Sandbox::start(Options::default().seed(seed)).await.unwrap();
    let caller = Caller::login(&sandbox, "AA123456").await.exactly();

    let cases = [
        (
            "nb-36",
            "hosting",
            (1, "REGISTERED"),
            (24441, "Hebergement"),
            1,
            json!(["A", "B", "R"]),
        ),
        (
            "nb-49",
            "mail",
            (1, "REGISTERED"),
            (1040, "Mail"),
            20,
            json!(["R"]),
        ),
        (
            "nb-59",
            "service",
            (0, "NONE"),
            (1036, "UrlRedirect"),
            1,
            json!(["A", "B", "R"]),
        ),
    ];
    for (id, class, (status, word), (product, kind), quantity, tied) in cases {
        let path = format!("/api/OwnedProduct?object_class={class}&object_name=bakery.example");
        let heard = caller.get(&path).await.json();
        let example = json!([{"Handle": "MA400001", "ParentHandle": null, "Name": "bakery.example", "Class": class,
            "StatusID": status, "Status": word, "CreDate": "2025-03-05T14:23:11.877", "ExpDate": "2027-03-05T00:00:00",
            "TransferInDate": null, "ProductId": product, "Quantity": quantity, "ContactTypes": tied,
            "Products": [{"Id": product, "Name": "A product", "Type": kind, "SubType": "Creation",
            "TransactionId": "NONE", "Active": false}], "Children": null, "Error": null}]);
        same_shape(id, &example, &heard);
        for name in [
            "Name",
            "Class",
            "StatusID",
            "Status",
            "ProductId",
            "Quantity",
            "ContactTypes",
        ] {
            assert_eq!(heard[0][name], example[0][name], "{id}: {name}");
        }
        assert_eq!(heard[0]["Products"][0]["Type"], kind);
    }

    redirection(&caller).await;
    mailbox(&caller).await;
    ftp_user(&caller).await;
    for seen in sandbox.log().entries() {
        NAMEBAY.check_seen(&seen).unwrap();
    }
}

/// Holds an answer to an example, but for members that are generated.
fn same(id: &str, example: &Value, heard: &Value, generated: &[&str]) {
    same_shape(id, example, heard);
    let members = example.as_object().unwrap();
    for (name, value) in members
        .iter()
        .filter(|(name, _)| !generated.contains(&name.as_str()))
    {
        assert_eq!(heard[name], *value, "{id}: {name}");
    }
}

async fn redirection(caller: &Caller) {
    let path = format!(
        "/api/Zone/{}/Redirection",
        caller.handle("bakery.example").await
    );
    let body = |to: &str| {
        json!({"UrlOrigin": "www.bakery.example", "UrlDestination": to, "Type": 4, "Active": true,
            "Title": "A bakery", "MetaKeyword": "bread,cake", "MetaDescription": "All about bread"})
    };
    let example = |to: &str| {
        let mut whole = body(to);
        let more = [
            ("Handle", json!("RD500002")),
            ("CreatedOn", json!("2025-04-11T11:03:03.86")),
            ("HitsYesterday", json!(0)),
            ("Relative", json!(false)),
        ];
        more.into_iter()
            .for_each(|(name, value)| whole[name] = value);
        whole
    };
    let generated = ["Handle", "CreatedOn"];
    let made = caller.post(&path, body("https://a.example/")).await.json();
    same("nb-61", &example("https://a.example/"), &made, &generated);
    let one = format!("{path}/{}", made["Handle"].as_str().unwrap());
    let changed = caller.put(&one, body("https://b.example/")).await.json();
    same(
        "nb-62",
        &example("https://b.example/"),
        &changed,
        &generated,
    );
    assert_eq!(changed["Handle"], made["Handle"]);
    assert_eq!(caller.delete(&one).await.status, 204, "nb-63");
}

async fn mailbox(caller: &Caller) {
    let service = caller.owned("mail", "bakery.example").await;
    let body = json!({"ServiceHandle": service, "UserType": "pop", "UserMailAddress": "orders@bakery.example",
        "UserName": "orders", "UserPwd": "Another#2026b"});
    let example = |done: u64| {
        json!({"ServiceHandle": service, "ObjectHandle": "MB400002", "DomHandle": "DO100001", "UserType": "pop",
            "UserName": "orders", "UserDescription": null, "UserMailAddress": "orders@bakery.example",
            "IsCatchAll": false, "IsRedir": false, "Forward": null, "Alias": null, "Etat": done, "State": "Completed",
            "CreDate": "0001-01-01T00:00:00", "Errors": []})
    };
    let generated = ["ObjectHandle", "DomHandle"];
    let made = caller.post("/api/Mail", body).await.json();
    same("nb-51", &example(1), &made, &generated);
    assert_eq!(made["DomHandle"], caller.handle("bakery.example").await);
    let path = format!("/api/Mail/{}", made["ObjectHandle"].as_str().unwrap());
    let changed = caller
        .put(&path, json!({"UserPwd": "Changed#2026c"}))
        .await
        .json();
    same("nb-52", &example(2), &changed, &generated);

    let responder = format!("{path}/Autoresponder");
    let body = json!({"start": "2026-03-29", "finish": "2026-04-03", "active": true, "subject": "Closed", "message": "Until April"});
    let example = |active: bool| {
        json!({"ObjectHandle": made["ObjectHandle"], "Active": active, "MailAddress": "orders@bakery.example",
            "Forward": null, "Message": "Until April", "Subject": "Closed", "Start": "2026-03-29T00:00:00+01:00",
            "Finish": "2026-04-03T00:00:00+02:00", "Errors": []})
    };
    let set = caller.put(&responder, body).await.json();
    same("nb-54", &example(true), &set, &[]);
    let off = caller
        .put(&responder, json!({"active": false}))
        .await
        .json();
    same("nb-55", &example(false), &off, &[]);
    assert_eq!(caller.delete(&responder).await.status, 204, "nb-56");
    assert_eq!(caller.get(&responder).await.status, 404);

    let gone = caller.delete(&path).await.json();
    same(
        "nb-53",
        &json!({"ObjectHandle": made["ObjectHandle"], "Etat": 3, "State": "Completed"}),
        &json!({"ObjectHandle": gone["ObjectHandle"], "Etat": gone["Etat"], "State": gone["State"]}),
        &[],
    );
}

async fn ftp_user(caller: &Caller) {
    let hosting = caller.owned("hosting", "bakery.example").await;
    let root = format!("/var/www/sites/{}", hosting.to_ascii_lowercase());
    let users = format!("/api/Hosting/{hosting}/User");
    let dir = format!("{root}/upload");
    let body = json!({"Pwd": "Another#2026b", "FullName": "Jean Dupont", "Description": "Photos", "Dir": dir});
    let example = json!({"Id": 101, "HostingHandle": hosting, "Host": "bakery.example", "UserName": "ho300001u101",
        "Login": "ho300001u101", "Pwd": null, "FullName": "Jean Dupont", "Description": "Photos", "Dir": dir, "Uid": 28089,
        "Gid": 28089, "DateCre": "2025-02-28T11:39:09.413", "Etat": 0, "IsParent": false, "IsFpUser": false,
        "IsUnixUser": false, "IsFtpUser": true});
    let generated = ["Id", "UserName", "Login", "Uid", "Gid", "DateCre"];
    let made = caller.post(&users, body).await.json();
    same("nb-38", &example, &made, &generated);
    assert_eq!(made["Login"], made["UserName"]);
    let one = format!("{users}/{}", made["Id"]);
    let changed = caller
        .put(&one, json!({"Pwd": "Changed#2026c"}))
        .await
        .json();
    same("nb-39", &example, &changed, &generated);
    assert_eq!(changed["Id"], made["Id"]);
    let all = caller.get(&users).await.json();
    let own = all
        .as_array()
        .unwrap()
        .iter()
        .find(|user| user["UserName"] == *hosting);
    assert_eq!(own.unwrap()["FullName"], Value::Null);
    assert_eq!(caller.delete(&one).await.status, 204, "nb-40");
}

#[test]
fn the_guides_own_examples_keep_to_the_document() {
    let rows: Vec<Value> = serde_json::from_str(include_str!("guide.json")).unwrap();
    let mut held = 0;
    for row in &rows {
        let (method, path) = (
            row["method"].as_str().unwrap(),
            row["path"].as_str().unwrap(),
        );
        let ours = row["provider"] == "namebay" && NAMEBAY.operation(method, path).is_some();
        let (true, Some(status)) = (ours, row["status"].as_u64()) else {
            continue;
        };
        let query: Vec<(String, String)> = row["query"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
            .collect();
        let some = |name: &str| Some(&row[name]).filter(|value| !value.is_null());
        let exchange = Exchange {
            method,
            path,
            query: &query,
            request: some("request"),
            status: u16::try_from(status).unwrap(),
            response: some("response"),
        };
        let checked = NAMEBAY.check_exchange(&exchange, Reading::Lenient);
        checked.unwrap_or_else(|problem| panic!("{}: {problem}", row["id"]));
        held += 1;
    }
    assert!(held > 25, "{held}");
}
