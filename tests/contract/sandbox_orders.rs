//! Orders and money in the sandbox: what is bought, what is refused, what is debited, and when it is finished.

use bailiwick::sandbox::{
    Dialect, Effect, Fault, Options, OrderKind, Rule, Running, Sandbox, Seed, Stage, Standing, Tax,
};
use serde_json::{Value, json};

use super::caller::{Caller, Heard, code};
use super::sandbox_guide::same_shape;
use super::sandbox_walk_orders::{cart, item, registration};

fn seed() -> Seed {
    Seed::empty()
        .domain("AA111111", "example.com")
        .domain("AA111111", "bakery.example")
        .zone("bakery.example")
        .elsewhere("incoming.example", "Auth-7421-xyz")
        .elsewhere("incoming.fr", "Auth-7421-xyz")
        .standing("kept.example", Some(Standing::Reserved))
        .standing("barred.example", Some(Standing::Forbidden))
        .funds("AA111111", 100_000)
}

async fn start(seed: Seed, dialect: Dialect) -> (Running, Caller) {
    let options = Options::default().seed(seed).dialect(dialect);
    let sandbox = Sandbox::start(options).await.unwrap();
    let caller = Caller::login(&sandbox, "AA111111").await.exactly();
    (sandbox, caller)
}

async fn buy(caller: &Caller, item: Value) -> Value {
    let heard = caller.post("/api/Panier", cart(json!([item]))).await;
    assert_eq!(heard.status, 200, "{heard:?}");
    heard.json()["Transaction"].clone()
}

async fn tickets(caller: &Caller, order: &Value) -> Vec<Value> {
    let path = format!(
        "/api/Transaction/{}/Ticket",
        order["TransactionID"].as_str().unwrap()
    );
    caller.get(&path).await.json().as_array().unwrap().clone()
}

#[tokio::test]
async fn answers_have_the_shape_of_the_guides_examples() {
    let (_sandbox, caller) = start(seed(), Dialect::default()).await;
    let products = caller
        .get("/api/Product?type=domaine&subtype=creation&tldname=com")
        .await
        .json();
    let mut product = products
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["Id"] == 771)
        .unwrap()
        .clone();
    let names: Vec<&str> = product["Attributes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["Name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "domain",
            "admin_handle",
            "tech_handle",
            "registrant_handle",
            "billing_handle",
            "ns1",
            "ns2",
            "ns(n)",
            "ip(n)",
            "tld_id",
            "catch"
        ]
    );
    product["Attributes"] = json!([product["Attributes"][1]]);
    let example = json!({"Pu": 0.0, "Promotions": [], "Id": 771, "Name": "A product", "ProductType": "A type", "TypeId": 1, "Type": "Domaine",
        "SubType": "Creation", "Package": false, "Attributes": [{"Name": "admin_handle", "Mandatory": true, "Validate": null,
        "DefaultAttribute": "handle", "DefaultType": null, "Class": "domain", "Header": 0, "MapTo": "admin_id", "Conversion": "UserHandleToId",
        "Mode": 0, "MinLength": null, "MaxLength": null}], "TrusteeProduct": false, "Tlds": [{"Tld_id": 1, "Name": "com",
        "Registry_id": "verisign", "Country": "Générique"}], "ParentProducts": null, "ChildProducts": null, "GlobalSignProduit": null,
        "DiscountDependances": null, "DiscountParents": null, "Discounts": null, "Active": true});
    same_shape("nb-68", &example, &product);

    let order = |product: u64, handle: Value, attributes: Value| {
        json!({"TransactionID": "NBAY-RESTAPI-1", "Total_HT": 17.07, "Total_TTC": 20.484, "PanierID": 0,
        "OpDetails": [{"Id": 30.0, "ProduitID": product, "Period": 1.0, "Quantity": 1, "Pu": 17.07, "IsUpdate": false, "NewQuantity": null,
        "PeriodLeft": null, "OldProduitID": null, "OldPu": null, "Total_HT": 17.07, "OpDetailPacks": [{"Id": 24.0, "DetailId": 30.0,
        "ProduitID": product, "Pu": 17.07, "CartItems": [{"Id": 24.0, "DetailPackId": 24.0, "Name": "a.example", "Handle": handle,
        "Class": "domain", "Attributes": attributes}]}]}], "AutoRenew": false, "ModePaiementID": 3, "OpState": 1, "Errors": [],
        "IpAddress": "::1", "Currency": "EUR"})
    };
    let made = buy(&caller, item(790, true, registration("new.example"))).await;
    let attributes = json!({"admin_id": "1", "billing_id": "1", "ns1": "a", "ns2": "b", "registrant_id": "1", "tech_id": "1", "tld_id": "31"});
    same_shape("nb-03", &order(790, Value::Null, attributes), &made);
    let handle = caller.handle("bakery.example").await;
    let renewal = json!({"domain": "bakery.example", "object_handle": handle});
    same_shape(
        "nb-05",
        &order(890, json!("DO1"), json!({})),
        &buy(&caller, item(890, true, renewal)).await,
    );
    let trade = json!({"domain": "bakery.example", "object_handle": handle, "registrant_handle": "BB222222"});
    let traded = buy(&caller, item(12_443, true, trade)).await;
    same_shape(
        "nb-12",
        &order(
            12_443,
            json!("DO1"),
            json!({"registrantHandle": "BB222222"}),
        ),
        &traded,
    );
    let wanted =
        json!({"domain": "incoming.example", "modify_ns": false, "auth_info": "Auth-7421-xyz"});
    let moved = buy(&caller, item(40, true, wanted)).await;
    let attributes = json!({"admin_id": "1", "auth_info": "a", "billing_id": "1", "modify_ns": "false", "registrant_id": "1", "tech_id": "1", "tld_id": "5"});
    same_shape("nb-08", &order(40, Value::Null, attributes), &moved);
    let ticket = &tickets(&caller, &moved).await[0];
    assert_eq!(
        (
            &ticket["OpType"],
            &ticket["ProductId"],
            &ticket["ClassName"]
        ),
        (&json!("T"), &json!(60), &json!("domain")),
        "nb-09"
    );
    assert_eq!(ticket["Extensions"]["AuthCode"], "Auth-7421-xyz");
    assert_eq!(tickets(&caller, &traded).await[0]["OpType"], "P", "nb-13");
    let can = caller
        .get("/api/Domain/incoming.fr/Transferable?authcode=Auth-7421-xyz")
        .await
        .json();
    same_shape(
        "nb-07",
        &json!({"IsTransferable": true, "InTransfer": false, "ValidDate": true, "Status": "ok", "Handle": null,
        "Name": "a.fr", "Direction": "In", "Created": "2020-12-08T00:00:00", "Message": "Yes"}),
        &can,
    );
    assert_eq!(
        (&can["IsTransferable"], &can["Direction"]),
        (&json!(true), &json!("In"))
    );
    let message = caller.get("/api/Poll").await.json();
    same_shape(
        "nb-65",
        &json!({"Id": 3, "Count": 4, "Created": "2025-03-11T14:09:01.377", "Message": "m", "Data": {"object_handle": "HO1",
        "object_class": "hosting", "tickets_id": 13, "statusId": 1, "logDate": "2025-03-11T14:09:01.377", "old_object_handle": ""}}),
        &message,
    );
    let left = caller
        .put(
            &format!("/api/Poll/{}/Acknowledge", message["Id"]),
            Value::Null,
        )
        .await
        .json();
    assert_eq!(
        left["Count"].as_u64().unwrap() + 1,
        message["Count"].as_u64().unwrap(),
        "nb-66"
    );
}

#[tokio::test]
async fn only_what_is_confirmed_is_paid() {
    let (sandbox, caller) = start(seed(), Dialect::default()).await;
    let quote = caller
        .post(
            "/api/Panier",
            cart(json!([item(790, false, registration("new.example"))])),
        )
        .await
        .json();
    assert_eq!(
        (
            &quote["Transaction"],
            &quote["Panier"]["Total_HT"],
            &quote["Panier"]["Total_TTC"]
        ),
        (&Value::Null, &json!(10.0), &json!(12.0))
    );
    let account = caller.get("/api/Contact/AA111111/Account").await.json();
    assert_eq!(
        (&account["Account"], sandbox.state().debited()),
        (&json!(1000.0), 0)
    );
    sandbox.edit(|seed| seed.price(790, 170_700)).unwrap();
    let order = buy(&caller, item(790, true, registration("new.example"))).await;
    assert_eq!(order["Total_TTC"], json!(20.484));
    let debits = sandbox.state().debits();
    assert_eq!(
        (debits.len(), debits[0].amount, &debits[0].items[0]),
        (1, 204_840, &(OrderKind::Creation, "new.example".to_owned()))
    );
    assert_eq!(
        caller.get("/api/Contact/AA111111/Account").await.json()["Account"],
        json!(979.516)
    );
    let bill = caller.get("/api/Invoice").await.json();
    assert_eq!(
        (&bill[0]["TransactionId"], &bill[0]["TotalTTC"]),
        (&order["TransactionID"], &json!(20.484))
    );
}

#[tokio::test]
async fn an_order_is_finished_by_the_read_that_its_dialect_names() {
    for (reads, word) in [
        "at-once", "after-1", "after-2", "after-3", "after-4", "after-5", "after-6",
    ]
    .into_iter()
    .enumerate()
    {
        let (sandbox, caller) = start(seed(), Dialect::with("order-done", word).unwrap()).await;
        let order = buy(&caller, item(790, true, registration("new.example"))).await;
        for _ in 1..reads {
            assert_eq!(
                tickets(&caller, &order).await[0]["TicketState"],
                "New",
                "{word}"
            );
        }
        assert!(
            reads == 0 || sandbox.state().domain("new.example").is_none(),
            "{word}"
        );
        let ticket = tickets(&caller, &order).await[0].clone();
        assert_eq!(ticket["TicketState"], "Completed", "{word}");
        assert_eq!(ticket["ObjectHandle"], caller.handle("new.example").await);
        assert!(sandbox.state().zone("new.example").is_some());
        let message = caller.get("/api/Poll").await.json();
        assert_eq!(
            (&message["Data"]["tickets_id"], &message["Data"]["statusId"]),
            (&json!(ticket["Id"].as_f64().unwrap() as u64), &json!(1))
        );
    }
    let (sandbox, caller) = start(seed(), Dialect::with("order-done", "hour").unwrap()).await;
    let order = buy(&caller, item(790, true, registration("new.example"))).await;
    assert_eq!(tickets(&caller, &order).await[0]["TicketState"], "New");
    sandbox.advance(std::time::Duration::from_secs(3600));
    assert_eq!(
        tickets(&caller, &order).await[0]["TicketState"],
        "Completed"
    );
}

#[tokio::test]
async fn an_order_may_wait_for_a_person_fail_or_fall_silent() {
    for (outcome, word) in [
        ("person", "WaitingOwnerApproval"),
        ("silent", "Etat-77"),
        ("failed", "Failed"),
    ] {
        let (sandbox, caller) =
            start(seed(), Dialect::with("order-outcome", outcome).unwrap()).await;
        let order = buy(&caller, item(790, true, registration("new.example"))).await;
        for _ in 0..8 {
            tickets(&caller, &order).await;
        }
        let ticket = tickets(&caller, &order).await[0].clone();
        assert_eq!(
            (ticket["TicketState"].as_str(), ticket["Remark"].is_null()),
            (Some(word), outcome == "silent")
        );
        assert!(sandbox.state().domain("new.example").is_none());
        assert_eq!(sandbox.state().debited(), 120_000);
        if outcome == "person" {
            sandbox
                .edit(|seed| seed.settle_orders(Stage::Done))
                .unwrap();
            assert_eq!(
                tickets(&caller, &order).await[0]["TicketState"],
                "Completed"
            );
            assert!(sandbox.state().domain("new.example").is_some());
        }
    }
}

#[tokio::test]
async fn each_kind_of_order_does_what_it_is_for() {
    let (sandbox, caller) = start(seed(), Dialect::with("order-done", "at-once").unwrap()).await;
    let handle = caller.handle("bakery.example").await;
    let before = sandbox.state().domain("bakery.example").unwrap().expires;
    buy(
        &caller,
        item(
            890,
            true,
            json!({"domain": "bakery.example", "object_handle": handle}),
        ),
    )
    .await;
    buy(&caller, item(12_443, true, json!({"domain": "bakery.example", "object_handle": handle, "registrant_handle": "BB222222"}))).await;
    let state = sandbox.state();
    let domain = state.domain("bakery.example").unwrap();
    assert!(domain.expires.as_second() - before.as_second() >= 365 * 86_400);
    assert_eq!(
        domain.settings.contacts[&bailiwick::sandbox::Role::Owner],
        "BB222222"
    );
    for (name, product, modify) in [
        ("incoming.example", 40, "true"),
        ("incoming.fr", 33, "false"),
    ] {
        buy(
            &caller,
            item(
                product,
                true,
                json!({"domain": name, "auth_info": "Auth-7421-xyz", "modify_ns": modify}),
            ),
        )
        .await;
        let here = sandbox.state().domain(name).unwrap().delegated_here();
        assert_eq!(
            (here, sandbox.state().zone(name).is_some()),
            (modify == "true", modify == "true")
        );
    }
    let mut boxes = item(1040, true, json!({"domain": "bakery.example"}));
    boxes["Quantity"] = json!(20);
    buy(&caller, boxes).await;
    let service = caller.owned("mail", "bakery.example").await;
    let more = json!({"ProduitID": 1040, "Period": 0, "Quantity": 5, "IsUpdate": true, "Confirm": true,
        "Attributes": {"domain": "bakery.example", "object_handle": service}});
    let order = buy(&caller, more).await;
    assert_eq!(order["OpDetails"][0]["NewQuantity"], 25);
    assert_eq!(
        sandbox
            .state()
            .mail_service("bakery.example")
            .unwrap()
            .capacity,
        25
    );
    buy(
        &caller,
        item(24_441, true, json!({"domain": "bakery.example"})),
    )
    .await;
    buy(
        &caller,
        item(1036, true, json!({"domain": "bakery.example"})),
    )
    .await;
    assert!(
        sandbox.state().hosting("bakery.example").is_some()
            && sandbox.state().redirect_service("bakery.example").is_some()
    );
}

/// Gives the codes with which items were refused.
fn refusals(heard: &Heard) -> Vec<u64> {
    let body = heard.json();
    assert_eq!(body["Transaction"], Value::Null, "{body}");
    let errors = body["Panier"]["Errors"].as_array().unwrap().clone();
    errors
        .iter()
        .map(|entry| entry["Code"].as_u64().unwrap())
        .collect()
}

#[tokio::test]
async fn what_is_wrong_is_refused_and_costs_nothing() {
    let (sandbox, caller) = start(seed(), Dialect::default()).await;
    let handle = caller.handle("bakery.example").await;
    let with = |name: &str, more: &[(&str, &str)]| {
        let mut attributes = registration(name);
        more.iter()
            .for_each(|(key, value)| attributes[*key] = json!(value));
        attributes
    };
    let cases = [
        (514, item(1, true, registration("new.example"))),
        (514, item(700, true, registration("new.com"))),
        (520, item(790, true, json!({"domain": "new.example"}))),
        (520, item(777, true, registration("new.us"))),
        (530, item(790, true, with("new.example", &[("vat", "1")]))),
        (
            530,
            item(
                777,
                true,
                with(
                    "new.us",
                    &[("nexus_category", "C1"), ("nexus_purpose", "P1")],
                ),
            ),
        ),
        (
            530,
            item(790, true, with("new.example", &[("ns14", "ns.dns.test")])),
        ),
        (530, item(790, true, registration("a.b.example"))),
        (532, item(790, true, registration("bakery.example"))),
        (532, item(790, true, registration("incoming.example"))),
        (532, item(790, true, registration("kept.example"))),
        (572, item(790, true, registration("new.com"))),
        (
            737,
            item(
                790,
                true,
                with("new.example", &[("registrant_handle", "?")]),
            ),
        ),
        (
            510,
            item(
                890,
                true,
                json!({"domain": "bakery.example", "object_handle": "DO1"}),
            ),
        ),
        (
            552,
            item(
                890,
                true,
                json!({"domain": "other.example", "object_handle": handle}),
            ),
        ),
        (
            530,
            item(
                40,
                true,
                json!({"domain": "incoming.example", "auth_info": "wrong"}),
            ),
        ),
        (
            510,
            item(
                40,
                true,
                json!({"domain": "nowhere.example", "auth_info": "wrong"}),
            ),
        ),
        (510, item(1040, true, json!({"domain": "nowhere.example"}))),
    ];
    for (code, item) in cases {
        let heard = caller.post("/api/Panier", cart(json!([item]))).await;
        assert_eq!(refusals(&heard), [code], "{item}");
    }
    for (member, value, code) in [("Period", 11, 530), ("Quantity", 2, 700)] {
        let mut wrong = item(790, true, registration("new.example"));
        wrong[member] = json!(value);
        assert_eq!(
            refusals(&caller.post("/api/Panier", cart(json!([wrong]))).await),
            [code]
        );
    }
    let one = item(790, true, registration("new.example"));
    assert_eq!(
        refusals(&caller.post("/api/Panier", cart(json!([one, one]))).await),
        [551]
    );
    assert_eq!(
        caller.post("/api/Panier", cart(json!([]))).await.status,
        400
    );
    sandbox.edit(|seed| seed.funds("AA111111", 1199)).unwrap();
    assert_eq!(
        refusals(&caller.post("/api/Panier", cart(json!([one]))).await),
        [706]
    );
    assert_eq!(
        (sandbox.state().debited(), sandbox.state().debits().len()),
        (0, 0)
    );
    sandbox
        .edit(|seed| seed.account("AA111111", |user| user.credit = 1))
        .unwrap();
    buy(&caller, one).await;
    assert_eq!(sandbox.state().debited(), 120_000);
}

#[tokio::test]
async fn the_dialects_of_money_differ() {
    let two = |first: &str| {
        json!([
            item(790, true, registration(first)),
            item(790, true, registration("bakery.example"))
        ])
    };
    let (sandbox, caller) = start(seed(), Dialect::with("cart-partial", "others").unwrap()).await;
    let heard = caller
        .post("/api/Panier", cart(two("new.example")))
        .await
        .json();
    assert_eq!(heard["Transaction"]["Errors"][0]["Code"], 532);
    assert_eq!(sandbox.state().debited(), 120_000);
    let (sandbox, caller) = start(seed(), Dialect::with("cart-errors", "array").unwrap()).await;
    assert_eq!(
        code(&caller.post("/api/Panier", cart(two("new.example"))).await),
        532
    );
    assert_eq!(sandbox.state().debited(), 0);
    let (sandbox, caller) = start(seed(), Dialect::with("repeated", "refused").unwrap()).await;
    let one = item(790, true, registration("new.example"));
    buy(&caller, one.clone()).await;
    assert_eq!(
        refusals(&caller.post("/api/Panier", cart(json!([one]))).await),
        [525]
    );
    assert_eq!(sandbox.state().debits().len(), 1);
    let own = bailiwick::sandbox::Contact {
        tax: Tax::None,
        ..sandbox.state().contact("AA111111").unwrap().clone()
    };
    sandbox.edit(|seed| seed.contact(own)).unwrap();
    let free = buy(&caller, item(790, true, registration("other.example"))).await;
    assert_eq!(free["Total_TTC"], free["Total_HT"]);
    assert_eq!(
        caller.get("/api/Contact/AA111111").await.json()["HasTva"],
        false
    );
    let reseller = seed().customer("CC333333", "AA111111").funds("CC333333", 0);
    let (sandbox, caller) = start(reseller, Dialect::with("payer", "reseller").unwrap()).await;
    buy(
        &caller.acting_for("CC333333"),
        item(790, true, registration("new.example")),
    )
    .await;
    assert_eq!(sandbox.state().debits()[0].payer, "AA111111");
    for (word, status) in [("null", 200), ("204", 204), ("zero", 200), ("404", 404)] {
        let (_sandbox, caller) = start(seed(), Dialect::with("poll-empty", word).unwrap()).await;
        assert_eq!(caller.get("/api/Poll").await.status, status, "{word}");
    }
}

#[tokio::test]
async fn a_lost_answer_has_been_paid_for_and_repeating_it_pays_twice() {
    let (sandbox, caller) = start(seed(), Dialect::default()).await;
    let body = cart(json!([item(790, true, registration("new.example"))]));
    sandbox.add_fault(Fault::new(
        Rule::nth("POST /api/Panier", 1),
        Effect::LostAnswer,
    ));
    sandbox.add_fault(Fault::new(
        Rule::nth("POST /api/Panier", 2),
        Effect::LostRequest,
    ));
    assert!(caller.try_call("POST", "/api/Panier", &body).await.is_err());
    assert_eq!(sandbox.state().debited(), 120_000);
    assert!(caller.try_call("POST", "/api/Panier", &body).await.is_err());
    assert_eq!(sandbox.state().debits().len(), 1);
    assert_eq!(caller.post("/api/Panier", body).await.status, 200);
    assert_eq!(sandbox.state().debits().len(), 2);
}

#[tokio::test]
async fn asking_for_an_auth_code_is_noted() {
    for (word, status) in [
        ("told", 200),
        ("204", 204),
        ("inside", 200),
        ("issued", 525),
    ] {
        let (sandbox, caller) = start(seed(), Dialect::with("authcode", word).unwrap()).await;
        let handle = caller.handle("bakery.example").await;
        assert_eq!(sandbox.state().codes_asked(), 0);
        let heard = caller.get(&format!("/api/Domain/{handle}/Authcode")).await;
        assert_eq!(
            (heard.status, sandbox.state().codes_asked()),
            (status, 1),
            "{word}"
        );
    }
}

#[tokio::test]
async fn contacts_are_held_to_the_providers_alphabet() {
    let (_sandbox, caller) = start(seed(), Dialect::default()).await;
    let person = |name: &str, value: &str| {
        let mut person = json!({"FirstName": "Zoë", "LastName": "D'Ormont", "Address": "1 Rue de l'Été", "City": "Monaco",
            "Pc": "98000", "Cc": "MC", "MailAddress": "zoe@example.com", "IsIndividual": true});
        person[name] = json!(value);
        person
    };
    let status = async |name: &str, value: &str| {
        let body = person(name, value);
        caller.post("/api/Contact", body).await.status
    };
    assert_eq!(status("City", "Nice").await, 200);
    for (name, value) in [
        ("LastName", "Łukasz"),
        ("FirstName", "Ωmega"),
        ("Address", "BP 12"),
        ("Address", "1 rue X, cedex 4"),
        ("Address", "c/o me@example.com"),
    ] {
        assert_eq!(status(name, value).await, 400, "{name} {value}");
    }
}

#[tokio::test]
async fn the_demo_has_money_products_messages_and_an_order_under_way() {
    let (sandbox, caller) = start(Seed::demo(Seed::START), Dialect::default()).await;
    for _ in 0..8 {
        caller.get("/api/OwnedProduct").await;
    }
    let order = sandbox.state().orders()[0].clone();
    let path = format!("/api/Transaction/{}/Ticket", order.id);
    let ticket = caller.get(&path).await.json()[0].clone();
    assert_eq!(ticket["TicketState"], "WaitingOwnerApproval");
    assert!(
        ticket["Remark"].is_string() && sandbox.state().domain("atelier-riviera.example").is_none()
    );
    let account = caller.get("/api/Contact/AA111111/Account").await.json();
    assert_eq!(
        (&account["Account"], &account["AuthorizedBank"]),
        (&json!(238.0), &json!(100.0))
    );
    assert_eq!(caller.get("/api/Poll").await.json()["Count"], 2);
}
