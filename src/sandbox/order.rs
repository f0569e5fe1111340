//! Orders: made and paid in one step, read, and invoiced.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::account::money;
use super::call::{Answer, Call, Entry, Failure, Reply};
use super::cart::net;
use super::desk::Desk;
use super::dialect::{Invoices, Payer};
use super::fulfil;
use super::state::{Change, Order, OrderItem, OrderKind, Stage, Traded};
use super::tld::Tld;

/// Gives the number that stands for a handle: its digits.
pub(super) fn number_of(handle: &str) -> u64 {
    let digits: String = handle
        .chars()
        .filter(char::is_ascii_digit)
        .take(12)
        .collect();
    digits.parse().unwrap_or(0)
}

fn payer(desk: &Desk<'_>, user: &str) -> String {
    let reseller = match desk.dialect.payer {
        Payer::User => None,
        Payer::Reseller => desk.reseller_of(user),
    };
    reseller.unwrap_or(user).to_owned()
}

/// Adds the tax of who pays for a user.
pub(super) fn taxed(desk: &Desk<'_>, user: &str, net: i64) -> i64 {
    let contact = desk.contact(&payer(desk, user));
    let rate = contact.map_or(200, |contact| contact.tax.rate());
    net * (1000 + i64::from(rate)) / 1000
}

/// Tells whether balance and credit cover an order.
pub(super) fn affordable(desk: &Desk<'_>, user: &str, items: &[OrderItem]) -> bool {
    let account = desk.user(&payer(desk, user));
    taxed(desk, user, net(items)) <= (account.balance + account.credit) * 100 - account.spent
}

/// Debits the account and makes the order; nothing of it is finished yet, unless a dialect is that quick.
pub(super) fn place(
    desk: &mut Desk<'_>,
    from: (&str, Option<String>),
    items: Vec<OrderItem>,
    automatic: bool,
) -> Order {
    let (user, ip) = from;
    let net = net(&items);
    let gross = taxed(desk, user, net);
    let mut account = desk.user(&payer(desk, user));
    account.spent += gross;
    let payer = account.handle.clone();
    desk.commit(Change::User(account));
    let highest = items.iter().map(|item| item.wish.number).max().unwrap_or(0);
    let number = desk.state.next_number().max(highest + 1);
    let stamp = desk.now.strftime("%d%m%Y%H%M%S").to_string();
    let order = Order {
        id: format!("NBAY-RESTAPI-{number:07x}{stamp}"),
        number,
        user: user.to_owned(),
        payer,
        ip,
        net,
        gross,
        placed: desk.now,
        reads: 0,
        automatic,
        held: false,
        items,
    };
    desk.trade(Traded::Order(order.clone()));
    fulfil::begin(desk, &order);
    order
}

/// Finds an order for the user of the call.
pub(super) fn find(desk: &Desk<'_>, call: &Call) -> Result<Order, Failure> {
    let order = desk.state.commerce.orders.get(call.param("transactionId"));
    let order = order.filter(|order| desk.reachable(&call.user, &order.user));
    order
        .cloned()
        .ok_or_else(|| Failure::not_found("The transaction"))
}

/// `GET /api/Transaction/{transactionId}`
pub(super) fn get(desk: &mut Desk<'_>, call: &Call) -> Reply {
    fulfil::look(desk);
    let order = find(desk, call)?;
    Ok(Answer::Object(json(desk, &order, &[])))
}

/// `GET /api/Invoice`
pub(super) fn invoices(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let holder = call.query("facturation_handle").unwrap_or(&call.user);
    let after = call.query("date_transaction");
    let found = desk.state.orders().into_iter().filter(|order| {
        let dated = desk.date(order.placed);
        order.payer == holder
            && invoiced(desk, order)
            && call.query("transactionId").is_none_or(|id| id == order.id)
            && after.is_none_or(|after| dated.as_str().is_some_and(|dated| dated > after))
    });
    Ok(Answer::List(
        found.map(|order| invoice(desk, order)).collect(),
    ))
}

/// `GET /api/Invoice/{id}`
pub(super) fn get_invoice(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let number = call.number("id");
    let orders = desk.state.orders().into_iter();
    let mut found = orders.filter(|order| Some(order.number) == number && invoiced(desk, order));
    let found = found.find(|order| desk.reachable(&call.user, &order.payer));
    let found = found.ok_or_else(|| Failure::not_found("The invoice"))?;
    Ok(Answer::Object(invoice(desk, found)))
}

fn invoiced(desk: &Desk<'_>, order: &Order) -> bool {
    match desk.dialect.invoices {
        Invoices::AtOnce => true,
        Invoices::Done => order.items.iter().all(|item| item.stage != Stage::Pending),
        Invoices::Never => false,
    }
}

fn invoice(desk: &Desk<'_>, order: &Order) -> Value {
    json!({
        "Id": order.number,
        "TransactionId": order.id,
        "Contents": Value::Null,
        "InvoiceDate": desk.date(order.placed),
        "TotalTTC": money(order.gross),
    })
}

/// Writes an order as the guide has it.
pub(super) fn json(desk: &Desk<'_>, order: &Order, refused: &[Entry]) -> Value {
    json!({
        "TransactionID": order.id,
        "Total_HT": money(order.net),
        "Total_TTC": money(order.gross),
        "PanierID": 0,
        "OpDetails": order.items.iter().map(|item| detail(desk, order, item)).collect::<Vec<_>>(),
        "AutoRenew": order.automatic,
        "ModePaiementID": 3,
        "OpState": 1,
        "Errors": refused.iter().map(Entry::json).collect::<Vec<_>>(),
        "IpAddress": order.ip,
        "Currency": "EUR",
    })
}

fn detail(desk: &Desk<'_>, order: &Order, item: &OrderItem) -> Value {
    let (number, wish) = (desk.decimal(item.wish.number), &item.wish);
    let pack = desk.decimal(item.wish.number + 100_000);
    // As it was ordered: what the work on it has made since is not in here.
    let handle = match item.kind {
        OrderKind::Creation | OrderKind::Transfer | OrderKind::Service => None,
        OrderKind::Renewal | OrderKind::OwnerChange | OrderKind::Extension => {
            item.handle.as_deref()
        }
    };
    #[expect(clippy::cast_precision_loss, reason = "days of a few years are exact")]
    let left = item
        .extended
        .map(|(_, days)| (days as f64 / 0.0365).round() / 10_000.0);
    json!({
        "Id": number,
        "ProduitID": wish.product,
        "Period": desk.decimal(wish.period.into()),
        "Quantity": wish.quantity,
        "Pu": money(item.unit_price),
        "IsUpdate": wish.update,
        "NewQuantity": item.extended.map(|(units, _)| units),
        "PeriodLeft": left,
        "OldProduitID": item.extended.map(|_| wish.product),
        "OldPu": Value::Null,
        "Total_HT": money(item.total),
        "OpDetailPacks": [{
            "Id": pack,
            "DetailId": number,
            "ProduitID": wish.product,
            "Pu": money(item.unit_price),
            "CartItems": [{
                "Id": pack,
                "DetailPackId": pack,
                "Name": item.name,
                "Handle": handle,
                "Class": item.class,
                "Attributes": mapped(order, item),
            }],
        }],
    })
}

/// Gives the attributes as an order has them: handles as numbers, what was left out filled in.
pub(super) fn mapped(order: &Order, item: &OrderItem) -> BTreeMap<String, String> {
    let roles: &[&str] = match item.kind {
        OrderKind::Creation | OrderKind::Transfer => &["admin", "billing", "registrant", "tech"],
        OrderKind::Service => &["admin", "billing"],
        OrderKind::Renewal | OrderKind::Extension => return BTreeMap::new(),
        OrderKind::OwnerChange => {
            let handle = item.wish.attributes.get("registrant_handle").cloned();
            return [("registrantHandle".to_owned(), handle.unwrap_or_default())].into();
        }
    };
    let mut mapped: BTreeMap<String, String> = roles
        .iter()
        .map(|role| {
            let handle = item
                .wish
                .attributes
                .get(&format!("{role}_handle"))
                .unwrap_or(&order.user);
            (format!("{role}_id"), number_of(handle).to_string())
        })
        .collect();
    let plain = item
        .wish
        .attributes
        .iter()
        .filter(|(name, _)| *name != "domain" && !name.ends_with("_handle"));
    mapped.extend(plain.map(|(name, value)| (name.clone(), value.clone())));
    if item.kind != OrderKind::Service {
        mapped.insert("tld_id".to_owned(), Tld::of(&item.name).id.to_string());
    }
    mapped
}
