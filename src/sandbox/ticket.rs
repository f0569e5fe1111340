//! Tickets: how far the work on each item of an order has come.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::call::{Answer, Call, Reply};
use super::desk::Desk;
use super::dialect::{OrderOutcome, TicketCode, TicketProduct, TicketWords};
use super::state::{Order, OrderItem, OrderKind, Stage};
use super::tld::Tld;
use super::{fulfil, order};

/// `GET /api/Transaction/{transactionId}/Ticket`
pub(super) fn list(desk: &mut Desk<'_>, call: &Call) -> Reply {
    fulfil::look(desk);
    let order = order::find(desk, call)?;
    let tickets = order.items.iter().map(|item| json(desk, &order, item));
    Ok(Answer::List(tickets.collect()))
}

/// Gives the word of state; who waits for a person, and who is lost, is told in words of its own.
fn word(desk: &Desk<'_>, order: &Order, item: &OrderItem) -> &'static str {
    let [new, done, failed] = match desk.dialect.ticket_words {
        TicketWords::English => ["New", "Completed", "Failed"],
        TicketWords::French => ["En cours", "Terminé", "Refusé"],
        TicketWords::Unmoved => ["New"; 3],
    };
    match (item.stage, desk.dialect.order_outcome) {
        (Stage::Done, _) => done,
        (Stage::Failed, _) => failed,
        (Stage::Pending, _) if order.held => "WaitingOwnerApproval",
        (Stage::Pending, OrderOutcome::Person) => "WaitingOwnerApproval",
        (Stage::Pending, OrderOutcome::Silent) => "Etat-77",
        (Stage::Pending, OrderOutcome::Completed | OrderOutcome::Failed) => new,
    }
}

fn json(desk: &Desk<'_>, order: &Order, item: &OrderItem) -> Value {
    let waits = order.held || desk.dialect.order_outcome == OrderOutcome::Person;
    let remark = match item.stage {
        Stage::Failed => Some("The registry refused the operation"),
        Stage::Pending if waits => {
            Some("The registrant has to confirm by the link in the message that was sent")
        }
        Stage::Pending | Stage::Done => None,
    };
    let product = match (item.kind, desk.dialect.ticket_product) {
        (OrderKind::Transfer, TicketProduct::Other) => item.wish.product + 20,
        _ => item.wish.product,
    };
    let letter = match item.kind {
        OrderKind::Creation | OrderKind::Service => "C",
        OrderKind::Renewal | OrderKind::Extension => "R",
        OrderKind::Transfer => "T",
        OrderKind::OwnerChange => "P",
    };
    let moved = item.stage != Stage::Pending;
    json!({
        "ObjectHandle": item.handle,
        "ObjectName": item.name,
        "ClassName": item.class,
        "TicketState": desk.state_word(word(desk, order, item)),
        "CreateDate": desk.date(order.placed),
        "ExpDate": Value::Null,
        "ProductId": product,
        "Period": desk.decimal(item.wish.period.into()),
        "Quantity": item.wish.quantity,
        "ObjectStatus": match item.stage { Stage::Pending => 10, Stage::Done => 1, Stage::Failed => 3 },
        "Id": desk.decimal(item.wish.number),
        "OpType": letter,
        "TldId": (item.class == "domain").then(|| Tld::of(&item.name).id),
        "Remark": remark,
        "PriorityLevel": 0,
        "RequestDate": desk.date(order.placed),
        "ModDate": desk.date(order.placed),
        "LastProcessingDate": moved.then(|| desk.date(desk.now)),
        "NextProcessingDate": (!moved).then(|| desk.date(order.placed)),
        "LastProcessingResultId": Value::Null,
        "Version": 2,
        "ClientStateId": Value::Null,
        "Extensions": extensions(desk, order, item),
        "Logs": Value::Null,
    })
}

fn extensions(desk: &Desk<'_>, order: &Order, item: &OrderItem) -> BTreeMap<String, String> {
    let mut all = BTreeMap::from([("#TicketVersion".to_owned(), "2.0".to_owned())]);
    let mut put = |name: &str, value: &str| {
        all.insert(name.to_owned(), value.to_owned());
    };
    for (name, attribute) in [
        ("AdminHandle", "admin_handle"),
        ("BillingHandle", "billing_handle"),
        ("OwnerHandle", "registrant_handle"),
        ("TechHandle", "tech_handle"),
    ] {
        put(
            name,
            item.wish.attributes.get(attribute).unwrap_or(&order.user),
        );
    }
    put(
        "ResellerHandle",
        desk.reseller_of(&order.user).unwrap_or(&order.user),
    );
    if item.class != "domain" {
        return all;
    }
    put("DomainName", &item.name);
    let code = item
        .wish
        .attributes
        .get("auth_info")
        .filter(|_| desk.dialect.ticket_code == TicketCode::Told);
    put("AuthCode", code.map_or("", String::as_str));
    put("ns1", "DNS1.NAMEBAY.COM");
    put("ns2", "DNS2.NAMEBAY.COM");
    if item.kind == OrderKind::Transfer {
        put("CurrentRegistrar", "Another SAS");
        put("CurrentAdminMail", "UNKNOWN@UNKNOWN.EXAMPLE");
        for (name, value) in order::mapped(order, item) {
            let value = if name == "auth_info" {
                code.map_or("", String::as_str)
            } else {
                &value
            };
            put(&name, value);
        }
    }
    all
}
