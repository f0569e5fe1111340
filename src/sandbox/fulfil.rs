//! The work on orders: it goes on with each look at a status, and what it makes is there at its end.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::desk::Desk;
use super::dialect::{Defaults, OrderDone, OrderOutcome, OrderZone};
use super::seed::Seed;
use super::state::{
    Change, Domain, Message, NAME_SERVERS, Order, OrderItem, OrderKind, Role, Stage, Standing,
    Traded,
};
use super::{purchase, wishes, zone};

/// Tells how many looks an order takes; nothing where the clock decides.
fn looks(done: OrderDone) -> Option<u32> {
    match done {
        OrderDone::AtOnce => Some(0),
        OrderDone::AfterOne => Some(1),
        OrderDone::AfterTwo => Some(2),
        OrderDone::AfterThree => Some(3),
        OrderDone::AfterFour => Some(4),
        OrderDone::AfterFive => Some(5),
        OrderDone::AfterSix => Some(6),
        OrderDone::Hour => None,
    }
}

/// Tells what a new order is waiting for, and finishes it where nothing has to be waited for.
pub(super) fn begin(desk: &mut Desk<'_>, order: &Order) {
    for item in &order.items {
        let names: &[&str] = match item.kind {
            OrderKind::Transfer => &["domainTransferredInWaitingForRegistrarAnswer"],
            OrderKind::OwnerChange => &[
                "domainOwnerChangeWaitingForPreviousOwnerApproval",
                "domainOwnerChangeWaitingForNewOwnerApproval",
            ],
            OrderKind::Creation
            | OrderKind::Renewal
            | OrderKind::Service
            | OrderKind::Extension => &[],
        };
        for name in names {
            announce(desk, order, item, (name, 10));
        }
    }
    go_on(desk, order.clone(), false);
}

/// Lets the work on all orders go on, because somebody looks.
pub(super) fn look(desk: &mut Desk<'_>) {
    let pending = |order: &&Order| order.items.iter().any(|item| item.stage == Stage::Pending);
    let orders: Vec<Order> = desk
        .state
        .commerce
        .orders
        .values()
        .filter(pending)
        .cloned()
        .collect();
    for order in orders {
        go_on(desk, order, true);
    }
}

fn go_on(desk: &mut Desk<'_>, mut order: Order, looked: bool) {
    if looked {
        order.reads += 1;
        desk.trade(Traded::Order(order.clone()));
    }
    let due = match looks(desk.dialect.order_done) {
        Some(reads) => order.reads >= reads,
        None => desk.now.as_second() - order.placed.as_second() >= 3600,
    };
    match desk.dialect.order_outcome {
        _ if order.held => {}
        OrderOutcome::Completed if due => finish(desk, order, false),
        OrderOutcome::Failed if due => finish(desk, order, true),
        OrderOutcome::Completed
        | OrderOutcome::Failed
        | OrderOutcome::Person
        | OrderOutcome::Silent => {}
    }
}

/// Carries an order out, item by item, or lets it fail.
pub(super) fn finish(desk: &mut Desk<'_>, mut order: Order, fails: bool) {
    let whole = order.clone();
    for item in order
        .items
        .iter_mut()
        .filter(|item| item.stage == Stage::Pending)
    {
        let handle = if fails {
            None
        } else {
            make(desk, &whole, item)
        };
        let told = match (item.kind, handle.is_some()) {
            (OrderKind::Creation, true) => "domainCreated",
            (OrderKind::Renewal, true) => "domainRenewed",
            (OrderKind::Transfer, true) => "domainTransferredIn",
            (OrderKind::OwnerChange, true) => "domainOwnerChanged",
            (OrderKind::Service, true) if item.class == "hosting" => "hostingCreated",
            (OrderKind::Service, true) => "serviceCreated",
            (OrderKind::Extension, true) => "serviceRenewed",
            (_, false) => "orderRefused",
        };
        item.stage = if handle.is_some() {
            Stage::Done
        } else {
            Stage::Failed
        };
        item.handle = handle.or(item.handle.take());
        let status = if item.stage == Stage::Done { 1 } else { 3 };
        announce(desk, &whole, item, (told, status));
    }
    desk.trade(Traded::Order(order));
}

fn announce(desk: &mut Desk<'_>, order: &Order, item: &OrderItem, told: (&str, u32)) {
    let message = Message {
        number: desk.state.next_number(),
        user: order.user.clone(),
        name: told.0.to_owned(),
        handle: item.handle.clone().unwrap_or_default(),
        class: item.class.clone(),
        ticket: item.wish.number,
        status: told.1,
        created: desk.now,
    };
    desk.trade(Traded::Message(message));
}

/// Makes what an item is for and gives its handle; nothing where that is not possible any more.
fn make(desk: &mut Desk<'_>, order: &Order, item: &OrderItem) -> Option<String> {
    match item.kind {
        OrderKind::Creation => {
            let name_servers = named_servers(item);
            wishes::free(desk, &item.name).then(|| new_domain(desk, order, item, name_servers))?
        }
        OrderKind::Transfer => transferred(desk, order, item),
        OrderKind::Renewal => {
            let mut domain = desk.state.domains.get(item.handle.as_ref()?)?.clone();
            domain.expires = later(domain.expires.max(desk.now), item.wish.period);
            desk.commit(Change::Domain(Box::new(domain)));
            item.handle.clone()
        }
        OrderKind::OwnerChange => {
            let mut domain = desk.state.domains.get(item.handle.as_ref()?)?.clone();
            let owner = item.wish.attributes.get("registrant_handle")?.clone();
            domain.settings.contacts.insert(Role::Owner, owner);
            desk.commit(Change::Domain(Box::new(domain)));
            item.handle.clone()
        }
        OrderKind::Service => purchase::bought(desk, item),
        OrderKind::Extension => purchase::extended(desk, item),
    }
}

/// Gives a moment so many years later, at midnight.
pub(super) fn later(from: Timestamp, years: u32) -> Timestamp {
    let day = from.to_zoned(TimeZone::UTC).start_of_day();
    let then =
        day.and_then(|day| day.checked_add(jiff::Span::new().years(i64::from(years.min(100)))));
    then.map_or(from, |then| then.timestamp())
}

/// Gives the name servers that an item names, in their order.
fn named_servers(item: &OrderItem) -> Vec<String> {
    let names = (1..=13).filter_map(|number| item.wish.attributes.get(&format!("ns{number}")));
    names
        .map(|name| name.trim_end_matches('.').to_ascii_lowercase())
        .collect()
}

fn transferred(desk: &mut Desk<'_>, order: &Order, item: &OrderItem) -> Option<String> {
    let standing = desk.state.commerce.names.get(&item.name).cloned();
    let Some(Standing::Registered {
        code,
        locked,
        name_servers,
    }) = standing
    else {
        return None;
    };
    if locked || item.wish.attributes.get("auth_info") != Some(&code) {
        return None;
    }
    let named = named_servers(item);
    let name_servers = match item
        .wish
        .attributes
        .get("modify_ns")
        .map(|word| word.eq_ignore_ascii_case("true"))
    {
        Some(true) if !named.is_empty() => named,
        Some(true) => NAME_SERVERS.map(str::to_owned).to_vec(),
        Some(false) | None => name_servers,
    };
    desk.trade(Traded::Name(item.name.clone(), None));
    new_domain(desk, order, item, name_servers)
}

fn new_domain(
    desk: &mut Desk<'_>,
    order: &Order,
    item: &OrderItem,
    name_servers: Vec<String>,
) -> Option<String> {
    let user = desk.user(&order.user);
    let usual = Seed::empty_at(desk.now).domain(&order.user, &item.name);
    let usual = usual.state.domain(&item.name).cloned()?;
    let id = desk.state.next_number();
    let handle = format!("DO{:06}", 100_000 + id);
    let mut domain = Domain {
        auth_info: usual.auth_info.map(|_| format!("auth-{handle}")),
        handle: handle.clone(),
        id,
        created: later(desk.now, 0),
        expires: later(desk.now, item.wish.period),
        product: item.wish.product,
        ..usual
    };
    domain.settings.auto_renew = user.auto_renew;
    domain.settings.locked = user.protect;
    domain.settings.name_servers = name_servers;
    for (role, name) in [
        (Role::Owner, "registrant_handle"),
        (Role::Admin, "admin_handle"),
        (Role::Tech, "tech_handle"),
        (Role::Billing, "billing_handle"),
    ] {
        if let Some(contact) = item.wish.attributes.get(name) {
            domain.settings.contacts.insert(role, contact.clone());
        }
    }
    // A zone for this name may have been here before the domain was.
    let ready = desk.state.zone(&item.name).is_some();
    let comes_with_zone =
        domain.delegated_here() && !ready && desk.dialect.order_zone == OrderZone::Made;
    desk.commit(Change::Domain(Box::new(domain.clone())));
    if comes_with_zone {
        let zone = zone::new_zone(&domain, desk.state.next_number(), desk.now);
        desk.commit(Change::Zone(Box::new(zone.clone())));
        let mut records = zone::provider_records(&zone, NAME_SERVERS.map(str::to_owned).as_slice());
        if desk.dialect.defaults == Defaults::Parking {
            records.extend(zone::parking());
        }
        zone::fill(desk, &zone, records);
    }
    Some(handle)
}
