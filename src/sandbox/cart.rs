//! Carts: what is confirmed in them is ordered and paid, the rest is stored.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::account::money;
use super::call::{Answer, Call, Entry, Failure, Reply};
use super::desk::Desk;
use super::dialect::{CartErrors, CartPartial, QuoteCheck, QuoteTotals, ShortFunds};
use super::state::{Cart, OrderItem, Traded, Wish};
use super::{order, wishes};

/// `POST /api/Panier`
pub(super) fn create(desk: &mut Desk<'_>, call: &Call) -> Reply {
    settle(desk, call, None)
}

/// `GET /api/Panier/{id}`
pub(super) fn get(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let cart = find(desk, call, "id")?;
    Ok(Answer::Object(json(desk, Some(&cart), &[])))
}

/// `PUT /api/Panier/{id}`
pub(super) fn update(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let cart = find(desk, call, "id")?;
    settle(desk, call, Some(cart))
}

/// `DELETE /api/Panier/{panier}/Item/{id}`
pub(super) fn delete_item(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut cart = find(desk, call, "panier")?;
    let number = call.number("id");
    let at = cart
        .items
        .iter()
        .position(|item| Some(item.number) == number);
    let at = at.ok_or_else(|| Failure::not_found("The item"))?;
    let gone = cart.items.remove(at);
    let answer = item_json(desk, &gone);
    if cart.items.is_empty() {
        desk.trade(Traded::CartGone(cart.number));
    } else {
        desk.trade(Traded::Cart(cart));
    }
    Ok(Answer::Deleted(answer))
}

fn find(desk: &Desk<'_>, call: &Call, param: &str) -> Result<Cart, Failure> {
    let cart = call
        .number(param)
        .and_then(|number| desk.state.commerce.carts.get(&number));
    let cart = cart.filter(|cart| desk.reachable(&call.user, &cart.user));
    cart.cloned().ok_or_else(|| Failure::not_found("The cart"))
}

/// Orders what is confirmed, stores the rest, and tells of both.
fn settle(desk: &mut Desk<'_>, call: &Call, old: Option<Cart>) -> Reply {
    let fields = call.fields()?;
    let ip = fields.text("IpAddress", (0, 64))?;
    let (confirmed, kept) = sorted(desk, &fields, old.as_ref())?;
    let mut refused = Vec::new();
    if desk.dialect.quote_check == QuoteCheck::Checked {
        refused.extend(
            kept.iter()
                .filter_map(|wish| wishes::check(desk, call, wish).err()),
        );
    }
    let (mut accepted, mut objects) = (Vec::new(), BTreeSet::new());
    for wish in &confirmed {
        match wishes::check(desk, call, wish) {
            Ok(item) if objects.insert((item.class.clone(), item.name.clone())) => {
                accepted.push(item)
            }
            Ok(_) => refused.push(Entry::new(551, "One per order", Value::Null)),
            Err(entry) => refused.push(entry),
        }
    }
    let whole = desk.dialect.cart_partial == CartPartial::Nothing && !refused.is_empty();
    if whole || (accepted.is_empty() && !refused.is_empty()) {
        return turned_down(desk, refused);
    }
    if !accepted.is_empty()
        && desk.dialect.short_funds != ShortFunds::Taken
        && !order::affordable(desk, &call.user, &accepted)
    {
        return match desk.dialect.short_funds {
            ShortFunds::Array => Err(Failure::code(400, "Insufficient funds on the account")),
            ShortFunds::Inside | ShortFunds::Taken => {
                let entry = Entry::new(706, "Insufficient funds on the account", Value::Null);
                Ok(answer(json(desk, None, &[entry]), 0, Value::Null))
            }
        };
    }
    let former = old.as_ref().map_or(0, |cart| cart.number);
    if old.is_some() {
        desk.trade(Traded::CartGone(former));
    }
    let transaction = if accepted.is_empty() {
        Value::Null
    } else {
        let made = order::place(desk, (&call.user, ip), accepted, false);
        order::json(desk, &made, &refused)
    };
    let stored = if kept.is_empty() {
        Value::Null
    } else {
        let highest = kept.iter().map(|wish| wish.number).max().unwrap_or(0);
        let number = desk.state.next_number().max(highest + 1);
        let cart = Cart {
            number,
            user: call.user.clone(),
            items: kept,
        };
        desk.trade(Traded::Cart(cart.clone()));
        json(desk, Some(&cart), &[])
    };
    Ok(answer(stored, former, transaction))
}

/// Reads the items of a request: those to be ordered, and those to be stored with those of the cart that it changes.
fn sorted(
    desk: &Desk<'_>,
    fields: &super::fields::Fields,
    old: Option<&Cart>,
) -> Result<(Vec<Wish>, Vec<Wish>), Failure> {
    let items = fields.get("Items").and_then(Value::as_array);
    let items = items.filter(|items| !items.is_empty());
    let items = items.ok_or_else(|| Failure::model("Items", "The Items field is required."))?;
    let mut stored: Vec<Wish> = old.map(|cart| cart.items.clone()).unwrap_or_default();
    let (mut confirmed, mut kept) = (Vec::new(), Vec::new());
    for (next, item) in (desk.state.next_number()..).zip(items) {
        let item = super::fields::Fields::read(item)
            .ok_or_else(|| Failure::model("Items", "Objects are expected."))?;
        let known = item
            .integer("Id")?
            .and_then(|id| u64::try_from(id).ok())
            .filter(|id| *id != 0);
        let at = known.and_then(|id| stored.iter().position(|wish| wish.number == id));
        if known.is_some() && at.is_none() {
            return Err(Failure::not_found("The item"));
        }
        let number = at.map_or(next, |at| stored.remove(at).number);
        let (wish, confirm) = wishes::read(&item, number)?;
        if confirm {
            confirmed.push(wish)
        } else {
            kept.push(wish)
        }
    }
    kept.extend(stored);
    Ok((confirmed, kept))
}

fn turned_down(desk: &Desk<'_>, refused: Vec<Entry>) -> Reply {
    match desk.dialect.cart_errors {
        CartErrors::Array => Err(Failure::Entries(refused)),
        CartErrors::Inside => Ok(answer(json(desk, None, &refused), 0, Value::Null)),
    }
}

fn answer(cart: Value, former: u64, transaction: Value) -> Answer {
    Answer::Object(
        json!({ "Panier": cart, "OriginalPanierId": former, "Transaction": transaction }),
    )
}

fn json(desk: &Desk<'_>, cart: Option<&Cart>, errors: &[Entry]) -> Value {
    let items: &[Wish] = cart.map_or(&[], |cart| &cart.items);
    let net: i64 = items
        .iter()
        .filter_map(|wish| wishes::priced(desk, wish))
        .map(|(_, total)| total)
        .sum();
    let user = cart.map(|cart| cart.user.as_str());
    let (net, gross) = match desk.dialect.quote_totals {
        QuoteTotals::Filled => (
            money(net),
            money(order::taxed(desk, user.unwrap_or_default(), net)),
        ),
        QuoteTotals::Null => (Value::Null, Value::Null),
    };
    json!({
        "UserHandle": user,
        "UserId": user.map(|user| desk.decimal(order::number_of(user))),
        "Errors": errors.iter().map(Entry::json).collect::<Vec<_>>(),
        "IpAddress": Value::Null,
        "Currency": "EUR",
        "Id": cart.map_or(0, |cart| cart.number),
        "TransactionID": Value::Null,
        "ModePaiementID": 3,
        "OpState": 0,
        "Total_HT": net,
        "Total_TTC": gross,
        "Items": items.iter().map(|wish| item_json(desk, wish)).collect::<Vec<_>>(),
    })
}

fn item_json(desk: &Desk<'_>, wish: &Wish) -> Value {
    let priced =
        wishes::priced(desk, wish).filter(|_| desk.dialect.quote_totals == QuoteTotals::Filled);
    let (price, total) = priced.map_or((Value::Null, Value::Null), |(price, total)| {
        (money(price), money(total))
    });
    json!({
        "Id": wish.number,
        "ProduitID": wish.product,
        "Period": desk.decimal(wish.period.into()),
        "Quantity": wish.quantity,
        "Pu": price,
        "Confirm": false,
        "IsUpdate": wish.update,
        "NewQuantity": Value::Null,
        "PeriodLeft": Value::Null,
        "OldProduitID": Value::Null,
        "OldPu": Value::Null,
        "Total_HT": total,
        "Attributes": wish.attributes,
    })
}

/// Adds up the items of an order before tax.
pub(super) fn net(items: &[OrderItem]) -> i64 {
    items.iter().map(|item| item.total).sum()
}
