//! The part of the walk through every call that deals with orders and money; see `sandbox_walk`.

use bailiwick::sandbox::{Dialect, dialect};
use serde_json::{Value, json};

use super::caller::{Caller, code, member};

/// Makes every call of these families, well and wrongly; `incoming.example` can be transferred with `Auth-7421-xyz`.
pub(super) async fn walk(caller: &Caller, dialect: &Dialect) {
    let query = "/api/Product?type=domaine&subtype=creation&tldname=example";
    let products = caller.get(query).await.json();
    assert!(products.as_array().is_some_and(|all| !all.is_empty()));
    carts(caller, dialect).await;
    orders(caller, dialect).await;
    caller
        .get("/api/Domain/incoming.example/Transferable?authcode=Auth-7421-xyz")
        .await;
    assert_eq!(
        code(&caller.get("/api/Domain/nowhere.example/Transferable").await),
        404
    );
    let com = caller.handle("example.com").await;
    caller.get(&format!("/api/Domain/{com}/Authcode")).await;
    let runs = caller.get("/api/AutoRenew").await.json();
    let run = format!("/api/AutoRenew/{}", member(&runs[0], "Id"));
    let again = caller.put(&run, json!({"Status": "ready"})).await;
    assert_eq!(again.status, 200, "{again:?}");
    assert_eq!(caller.put(&run, json!({"Status": "x"})).await.status, 400);
}

pub(super) fn item(product: u64, confirm: bool, attributes: Value) -> Value {
    json!({"ProduitID": product, "Period": 1, "Quantity": 1, "Confirm": confirm, "Attributes": attributes})
}

pub(super) fn cart(items: Value) -> Value {
    json!({"IpAddress": "::1", "Items": items})
}

pub(super) fn registration(name: &str) -> Value {
    json!({"domain": name, "ns1": "dns1.namebay.com", "ns2": "dns2.namebay.com", "registrant_handle": "AA111111"})
}

async fn carts(caller: &Caller, dialect: &Dialect) {
    let both = json!([
        item(790, false, registration("one.example")),
        item(790, false, registration("two.example"))
    ]);
    let stored = caller.post("/api/Panier", cart(both)).await.json();
    let panier = member(&stored, "Panier").clone();
    assert_eq!(*member(&stored, "Transaction"), Value::Null);
    let items = member(&panier, "Items").as_array().unwrap();
    assert_eq!(items.len(), 2);
    let path = format!("/api/Panier/{}", member(&panier, "Id"));
    assert_eq!(caller.get(&path).await.status, 200);
    let gone = caller
        .delete(&format!("{path}/Item/{}", member(&items[1], "Id")))
        .await;
    assert_eq!(
        gone.status < 300,
        dialect.inferred == dialect::Inferred::Exist
    );
    let mut first = item(790, true, registration("one.example"));
    first["Id"] = member(&items[0], "Id").clone();
    let bought = caller.put(&path, cart(json!([first]))).await.json();
    assert_ne!(*member(&bought, "Transaction"), Value::Null, "{bought}");
    assert_eq!(code(&caller.get(&path).await), 404);
}

async fn orders(caller: &Caller, dialect: &Dialect) {
    let refused = caller
        .post(
            "/api/Panier",
            cart(json!([item(790, true, registration("example.com"))])),
        )
        .await;
    let inside = refused.json();
    let errors = member(member(&inside, "Panier"), "Errors").clone();
    let told = match dialect.cart_errors {
        dialect::CartErrors::Inside => member(&errors[0], "Code").as_f64().map(|code| code as u64),
        dialect::CartErrors::Array => Some(code(&refused)),
    };
    // 572: the name is not of the product's top-level domain.
    assert_eq!(told, Some(572), "{refused:?}");
    let transfer =
        json!({"domain": "incoming.example", "modify_ns": false, "auth_info": "Auth-7421-xyz"});
    let bought = caller
        .post("/api/Panier", cart(json!([item(40, true, transfer)])))
        .await
        .json();
    let order = member(member(&bought, "Transaction"), "TransactionID").clone();
    let order = format!("/api/Transaction/{}", order.as_str().unwrap());
    assert_eq!(caller.get(&order).await.status, 200);
    let tickets = caller.get(&format!("{order}/Ticket")).await.json();
    assert_eq!(tickets.as_array().unwrap().len(), 1);
    assert_eq!(
        code(&caller.get("/api/Transaction/NBAY-RESTAPI-0").await),
        404
    );
    let head = caller.get("/api/Poll").await.json();
    let message = format!("/api/Poll/{}/Acknowledge", member(&head, "Id"));
    assert_eq!(caller.put(&message, Value::Null).await.status, 200);
    assert_eq!(code(&caller.put(&message, Value::Null).await), 404);
    let bills = caller.get("/api/Invoice").await.json();
    let bill = member(&bills[0], "Id").as_f64().unwrap_or(0.0);
    let bill = caller.get(&format!("/api/Invoice/{bill}")).await.status;
    assert!(
        bill == 200 || dialect.invoices != dialect::Invoices::AtOnce,
        "{bill}"
    );
    let known = |name: &str| format!("/api/Domain/{name}/Availability");
    caller.get(&known("reserved.example")).await;
}
