//! The items of a cart: read, and checked against the catalogue and against what there is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::call::{Call, Entry, Failure};
use super::catalogue::{self, Product};
use super::desk::Desk;
use super::dialect::{AuthCheck, Repeated};
use super::fields::Fields;
use super::state::{OrderItem, OrderKind, Stage, Standing, Wish};
use super::tld::Tld;

/// Reads an item; its second part tells whether it is to be paid for.
pub(super) fn read(item: &Fields, number: u64) -> Result<(Wish, bool), Failure> {
    let needed = |name: &str| -> Result<i64, Failure> {
        let missing = || Failure::model(name, &format!("The {name} field is required."));
        item.integer(name)?.ok_or_else(missing)
    };
    let small = |name: &str| -> Result<u32, Failure> {
        u32::try_from(needed(name)?)
            .map_err(|_| Failure::model(name, "A small number is expected."))
    };
    let mut attributes = BTreeMap::new();
    for (name, value) in item
        .get("Attributes")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Bool(truth) => truth.to_string(),
            Value::Null => continue,
            Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                return Err(Failure::model("Attributes", "Strings are expected."));
            }
        };
        attributes.insert(name.clone(), text);
    }
    let product = u64::try_from(needed("ProduitID")?)
        .map_err(|_| Failure::model("ProduitID", "A number is expected."))?;
    let wish = Wish {
        number,
        product,
        period: small("Period")?,
        quantity: small("Quantity")?,
        update: item.boolean("IsUpdate")?.unwrap_or(false),
        attributes,
    };
    Ok((wish, item.boolean("Confirm")?.unwrap_or(false)))
}

/// What an item is refused with.
type Refusal = (u16, &'static str);

/// Checks an item and prices it.
pub(super) fn check(desk: &Desk<'_>, call: &Call, wish: &Wish) -> Result<OrderItem, Entry> {
    examine(desk, call, wish).map_err(|(code, detail)| {
        let data = json!({ "ProduitID": wish.product, "Period": wish.period, "Quantity": wish.quantity,
            "IsUpdate": wish.update, "Attributes": wish.attributes });
        Entry::new(code, detail, data)
    })
}

/// Prices an item without looking at what there is.
pub(super) fn priced(desk: &Desk<'_>, wish: &Wish) -> Option<(i64, i64)> {
    let product = catalogue::find(desk, wish.product)?;
    let total = i64::from(wish.quantity) * i64::from(wish.period) * product.price;
    Some((product.price, total))
}

fn examine(desk: &Desk<'_>, call: &Call, wish: &Wish) -> Result<OrderItem, Refusal> {
    let product = catalogue::find(desk, wish.product).ok_or((514, "The product is incorrect"))?;
    let name = wish.attributes.get("domain").cloned().unwrap_or_default();
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    asked_for(&product, wish)?;
    let mut item = OrderItem {
        wish: wish.clone(),
        kind: product.kind,
        name,
        class: product.service.0.to_owned(),
        handle: None,
        unit_price: product.price,
        total: i64::from(wish.quantity) * i64::from(wish.period) * product.price,
        extended: None,
        stage: Stage::Pending,
    };
    match product.kind {
        OrderKind::Service | OrderKind::Extension => service(desk, call, &mut item)?,
        OrderKind::Creation | OrderKind::Renewal | OrderKind::Transfer | OrderKind::OwnerChange => {
            domain(desk, call, &product, &mut item)?;
        }
    }
    let twice = desk
        .state
        .commerce
        .orders
        .values()
        .flat_map(|order| &order.items)
        .any(|other| {
            other.stage == Stage::Pending
                && (other.kind, &other.name, &other.class) == (item.kind, &item.name, &item.class)
        });
    match desk.dialect.repeated {
        Repeated::Refused if twice => Err((525, "The object is on order already")),
        Repeated::Refused | Repeated::Accepted => Ok(item),
    }
}

/// Checks the attributes against those of the product.
fn asked_for(product: &Product, wish: &Wish) -> Result<(), Refusal> {
    let numbered = |name: &str| {
        ["ns", "ip"].iter().find_map(|family| {
            let number: u8 = name.strip_prefix(family)?.parse().ok()?;
            (1..=13).contains(&number).then(|| format!("{family}(n)"))
        })
    };
    for (name, value) in &wish.attributes {
        let family = numbered(name);
        let listed = product
            .attributes
            .iter()
            .find(|one| one.name == name || Some(one.name) == family.as_deref());
        let listed = listed.ok_or((
            530,
            "Invalid attribute value: the product has no such attribute",
        ))?;
        let (min, max) = listed.length.unwrap_or((1, 255));
        if !(min..=max).contains(&value.chars().count()) {
            return Err((530, "Invalid attribute value: length"));
        }
    }
    let missing = product.attributes.iter().any(|one| {
        one.mandatory && one.default.is_none() && !wish.attributes.contains_key(one.name)
    });
    if missing {
        Err((520, "A required attribute is missing"))
    } else {
        Ok(())
    }
}

fn domain(
    desk: &Desk<'_>,
    call: &Call,
    product: &Product,
    item: &mut OrderItem,
) -> Result<(), Refusal> {
    if item.wish.quantity != 1 || item.wish.update {
        return Err((
            700,
            "Invalid request: Quantity is 1 and IsUpdate false for a domain",
        ));
    }
    let labels = item.name.split('.').count();
    let plain = item
        .name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
    if labels != 2 || !plain || item.name.split('.').any(str::is_empty) {
        return Err((530, "Invalid attribute value: domain"));
    }
    if product.tld != Some(Tld::of(&item.name).name.as_str()) {
        return Err((572, "The operation is not allowed for this TLD"));
    }
    let longest = match item.kind {
        OrderKind::Creation => 10,
        OrderKind::Renewal => 9,
        OrderKind::Transfer
        | OrderKind::OwnerChange
        | OrderKind::Service
        | OrderKind::Extension => 1,
    };
    if !(1..=longest).contains(&item.wish.period) {
        return Err((530, "Invalid attribute value: Period"));
    }
    for (name, handle) in &item.wish.attributes {
        if name.ends_with("_handle") && name != "object_handle" && desk.contact(handle).is_none() {
            return Err((
                737,
                "The contact does not exist or lacks a required attribute",
            ));
        }
    }
    match item.kind {
        OrderKind::Creation if !free(desk, &item.name) => Err((532, "The domain is not available")),
        OrderKind::Transfer => transfer(desk, item),
        OrderKind::Renewal | OrderKind::OwnerChange => {
            let handle = item
                .wish
                .attributes
                .get("object_handle")
                .map(|handle| handle.to_ascii_uppercase());
            let found = handle.and_then(|handle| desk.state.domains.get(&handle));
            let found = found.filter(|found| desk.reachable(&call.user, &found.holder));
            let found = found.ok_or((510, "The object does not exist"))?;
            if found.name != item.name {
                return Err((552, "The object name and the handle do not match"));
            }
            item.handle = Some(found.handle.clone());
            Ok(())
        }
        OrderKind::Creation | OrderKind::Service | OrderKind::Extension => Ok(()),
    }
}

/// Tells whether nobody holds a name and nobody keeps it.
pub(super) fn free(desk: &Desk<'_>, name: &str) -> bool {
    desk.state.domain(name).is_none() && !desk.state.commerce.names.contains_key(name)
}

fn transfer(desk: &Desk<'_>, item: &OrderItem) -> Result<(), Refusal> {
    let Some(Standing::Registered { code, locked, .. }) = desk.state.commerce.names.get(&item.name)
    else {
        return Err((510, "The object does not exist"));
    };
    match desk.dialect.auth_check {
        AuthCheck::AtOrder if *locked => {
            Err((570, "The status of the object forbids the operation"))
        }
        AuthCheck::AtOrder if item.wish.attributes.get("auth_info") != Some(code) => {
            Err((530, "Invalid attribute value: auth_info"))
        }
        AuthCheck::AtOrder | AuthCheck::Later => Ok(()),
    }
}

/// Checks an item that buys a service, extends it, or adds units to it.
fn service(desk: &Desk<'_>, call: &Call, item: &mut OrderItem) -> Result<(), Refusal> {
    let domain = desk
        .state
        .domain(&item.name)
        .filter(|domain| desk.reachable(&call.user, &domain.holder));
    if domain.is_none() {
        return Err((510, "The object does not exist"));
    }
    if !item.wish.update {
        return match (item.wish.period, item.wish.quantity) {
            (1..=10, 1..) => Ok(()),
            _ => Err((530, "Invalid attribute value: Period, Quantity")),
        };
    }
    let handle = item
        .wish
        .attributes
        .get("object_handle")
        .ok_or((520, "A required attribute is missing"))?;
    let (name, units, expires) =
        held(desk, &item.class, handle).ok_or((510, "The object does not exist"))?;
    if name != item.name {
        return Err((552, "The object name and the handle do not match"));
    }
    if item.wish.period == 0 && item.wish.quantity == 0 {
        return Err((700, "Invalid request: nothing to order"));
    }
    let whole = units + item.wish.quantity;
    let left = (expires.as_second() - desk.now.as_second()).max(0) / 86_400;
    item.kind = OrderKind::Extension;
    item.handle = Some(handle.clone());
    item.extended = Some((whole, left));
    item.total = i64::from(whole) * i64::from(item.wish.period) * item.unit_price
        + i64::from(item.wish.quantity) * left * item.unit_price / 365;
    Ok(())
}

/// Finds a service by class and handle: the name of its domain, its units, its end.
fn held(desk: &Desk<'_>, class: &str, handle: &str) -> Option<(String, u32, Timestamp)> {
    let services = &desk.state.services;
    match class {
        "mail" => services
            .mail_services
            .get(handle)
            .map(|one| (one.domain.clone(), one.capacity, one.expires)),
        "service" => services
            .redirect_services
            .get(handle)
            .map(|one| (one.domain.clone(), one.units, one.expires)),
        _ => services
            .hostings
            .get(handle)
            .map(|one| (one.domain.clone(), 1, one.expires)),
    }
}
