//! Runs of automatic renewals, which may be run again.

use serde_json::{Value, json};

use super::account::money;
use super::call::{Answer, Call, Failure, Reply};
use super::desk::Desk;
use super::dialect::Relaunch;
use super::state::{OrderItem, OrderKind, RenewalRun, Stage, Traded, Wish};
use super::{catalogue, order};

/// `GET /api/AutoRenew`
pub(super) fn list(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let found = desk.state.commerce.runs.values().filter(|run| {
        let object = handle(desk, run);
        desk.reachable(&call.user, &run.user)
            && call
                .query("status")
                .is_none_or(|status| status == run.status)
            && call
                .query("object_class")
                .is_none_or(|class| class == "domain")
            && call
                .query("object_handle")
                .is_none_or(|wanted| object == wanted)
    });
    let found: Vec<&RenewalRun> = found.collect();
    let last = match call.query("latest") {
        Some(word) if word.eq_ignore_ascii_case("true") => found.len().saturating_sub(1),
        Some(_) | None => 0,
    };
    Ok(Answer::List(
        found[last..].iter().map(|run| json(desk, run)).collect(),
    ))
}

/// `PUT /api/AutoRenew/{id}`
pub(super) fn update(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let run = call
        .number("id")
        .and_then(|number| desk.state.commerce.runs.get(&number));
    let run = run.filter(|run| desk.reachable(&call.user, &run.user));
    let mut run = run
        .cloned()
        .ok_or_else(|| Failure::not_found("The renewal"))?;
    let status = call.fields()?.required("Status", (1, 16))?;
    if !["new", "ready", "pending", "completed", "failed", "error"].contains(&status.as_str()) {
        return Err(Failure::model(
            "Status",
            "The field Status must match the regular expression.",
        ));
    }
    let word = match desk.dialect.relaunch {
        Relaunch::Ready => "ready",
        Relaunch::New => "new",
    };
    run.status = status;
    if run.status == word && run.order.is_none() {
        let item =
            item(desk, &run).ok_or_else(|| Failure::code(510, "The object does not exist"))?;
        let items = vec![item];
        if order::affordable(desk, &run.user, &items) {
            let made = order::place(desk, (&run.user, None), items, true);
            (run.order, run.detail) = (Some(made.id), None);
            "pending".clone_into(&mut run.status);
        } else {
            run.detail = Some("Insufficient funds on the account".to_owned());
            "failed".clone_into(&mut run.status);
        }
    }
    let answer = json(desk, &run);
    desk.trade(Traded::Run(run));
    Ok(Answer::Object(answer))
}

fn item(desk: &Desk<'_>, run: &RenewalRun) -> Option<OrderItem> {
    let domain = desk.state.domain(&run.domain)?;
    let product = catalogue::of_name(desk, &run.domain, OrderKind::Renewal)?;
    let attributes = [("domain", &domain.name), ("object_handle", &domain.handle)];
    Some(OrderItem {
        wish: Wish {
            number: desk.state.next_number(),
            product: product.id,
            period: 1,
            quantity: 1,
            update: false,
            attributes: attributes
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .into(),
        },
        kind: OrderKind::Renewal,
        name: domain.name.clone(),
        class: "domain".to_owned(),
        handle: Some(domain.handle.clone()),
        unit_price: product.price,
        total: product.price,
        extended: None,
        stage: Stage::Pending,
    })
}

fn handle(desk: &Desk<'_>, run: &RenewalRun) -> String {
    let domain = desk.state.domain(&run.domain);
    domain
        .map(|domain| domain.handle.clone())
        .unwrap_or_default()
}

fn json(desk: &Desk<'_>, run: &RenewalRun) -> Value {
    let product = catalogue::of_name(desk, &run.domain, OrderKind::Renewal);
    let total = product
        .as_ref()
        .map(|product| money(order::taxed(desk, &run.user, product.price)));
    json!({
        "Id": run.number,
        "TransactionId": run.order,
        "ObjectHandle": handle(desk, run),
        "Class": "domain",
        "Status": run.status,
        "Detail": run.detail,
        "ProduitId": product.as_ref().map_or(0, |product| product.id),
        "Period": 1,
        "TotalTtc": total,
        "BillingHandle": run.user,
        "ProductName": product.map(|product| product.name),
        "VerifyAccount": true,
    })
}
