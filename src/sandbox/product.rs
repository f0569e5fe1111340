//! The objects that a user owns, of every class, as the one list that turns a name into a handle.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::call::{Answer, Call, Failure, Reply};
use super::desk::Desk;
use super::dialect::{ClassFilter, Expired, MailClass, OwnedPending};
use super::state::{Domain, MailService, Mailbox, OrderItem, OrderKind, Role, Stage};
use super::zone;
use super::{domain, fulfil};

/// An object as this list has it, whatever its class.
struct Owned {
    handle: String,
    parent: Option<String>,
    holder: String,
    name: String,
    class: &'static str,
    status: (u64, &'static str),
    dates: (Timestamp, Timestamp),
    product: Product,
    quantity: u32,
    tied: Vec<&'static str>,
    children: Vec<Owned>,
}

/// What an object was bought as.
#[derive(Clone, Copy)]
struct Product {
    id: u64,
    name: &'static str,
    kind: &'static str,
}

const MAIL: Product = Product {
    id: 1040,
    name: "Compte Mail",
    kind: "Mail",
};
const REDIRECTION: Product = Product {
    id: 1036,
    name: "Redirection Url",
    kind: "UrlRedirect",
};
const HOSTING: Product = Product {
    id: 24_441,
    name: "formule hebergement - Linux20",
    kind: "Hebergement",
};
/// The status of services and mailboxes, though they are fine.
const NONE: (u64, &str) = (0, "NONE");

/// `GET /api/OwnedProduct`
pub(super) fn list(desk: &mut Desk<'_>, call: &Call) -> Reply {
    fulfil::look(desk);
    let class = match desk.dialect.class_filter {
        ClassFilter::Honoured => call.query("object_class"),
        ClassFilter::Ignored => None,
    };
    let (name, status, reseller) = (
        call.query("object_name"),
        call.query("status"),
        call.query("reseller"),
    );
    let found = all(desk, call).into_iter().filter(|owned| {
        let (id, word) = owned.status;
        desk.listed(&call.user, &owned.holder)
            && class.is_none_or(|class| class.eq_ignore_ascii_case(owned.class))
            && name.is_none_or(|name| zone::matches(&owned.name, name, desk.dialect.filter))
            && status
                .is_none_or(|status| status.eq_ignore_ascii_case(word) || status == id.to_string())
            && reseller.is_none_or(|reseller| desk.reseller_of(&owned.holder) == Some(reseller))
    });
    Ok(Answer::List(
        found.map(|owned| json(desk, &owned)).collect(),
    ))
}

/// `GET /api/OwnedProduct/{handle}`
pub(super) fn get(desk: &mut Desk<'_>, call: &Call) -> Reply {
    fulfil::look(desk);
    let handle = call.param("handle").to_ascii_uppercase();
    if desk.state.domains.contains_key(&handle) {
        let domain = desk
            .domain(call, "handle")
            .map_err(|failure| match failure {
                Failure::Entries(entries)
                    if entries.first().is_some_and(|entry| entry.code == 404) =>
                {
                    Failure::not_found("The object")
                }
                Failure::Entries(_) | Failure::Model { .. } | Failure::Framework(..) => failure,
            })?;
        return Ok(Answer::Object(json(desk, &of_domain(desk, &domain, call))));
    }
    let mut owned = all(desk, call)
        .into_iter()
        .find(|owned| owned.handle == handle && desk.reachable(&call.user, &owned.holder))
        .ok_or_else(|| Failure::not_found("The object"))?;
    if let Some(service) = desk.state.services.mail_services.get(&handle) {
        let boxes = desk.state.services.mailboxes.values();
        let boxes = boxes.filter(|mailbox| mailbox.service == handle);
        owned.children = boxes.map(|mailbox| of_mailbox(mailbox, service)).collect();
    }
    Ok(Answer::Object(json(desk, &owned)))
}

/// Lists everything that the user may see, class by class.
fn all(desk: &Desk<'_>, call: &Call) -> Vec<Owned> {
    let mine = |holder: &str| desk.reachable(&call.user, holder);
    let services = &desk.state.services;
    let domains = desk.state.domains.values();
    let domains = domains.filter(|domain| mine(&domain.holder));
    let mut all: Vec<Owned> = domains
        .map(|domain| of_domain(desk, domain, call))
        .collect();
    if desk.dialect.mail_class == MailClass::Listed {
        let mail = services.mail_services.values();
        let mail = mail.filter(|service| mine(&service.holder));
        all.extend(mail.map(of_mail_service));
        let boxes = services.mailboxes.values();
        all.extend(boxes.filter_map(|mailbox| {
            let service = services.mail_services.get(&mailbox.service)?;
            mine(&service.holder).then(|| of_mailbox(mailbox, service))
        }));
    }
    let hostings = services.hostings.values();
    let hostings = hostings.filter(|hosting| mine(&hosting.holder));
    all.extend(hostings.map(|hosting| Owned {
        handle: hosting.handle.clone(),
        parent: None,
        holder: hosting.holder.clone(),
        name: hosting.domain.clone(),
        class: "hosting",
        status: (1, "REGISTERED"),
        dates: (hosting.created, hosting.expires),
        product: HOSTING,
        quantity: 1,
        tied: vec!["A", "B", "R"],
        children: Vec::new(),
    }));
    let redirects = services.redirect_services.values();
    let redirects = redirects.filter(|service| mine(&service.holder));
    all.extend(redirects.map(|service| Owned {
        handle: service.handle.clone(),
        parent: None,
        holder: service.holder.clone(),
        name: service.domain.clone(),
        class: "service",
        status: NONE,
        dates: (service.created, service.expires),
        product: REDIRECTION,
        quantity: service.units,
        tied: vec!["A", "B", "R"],
        children: Vec::new(),
    }));
    if desk.dialect.owned_pending == OwnedPending::Listed {
        let orders = desk.state.commerce.orders.values();
        all.extend(orders.filter(|order| mine(&order.user)).flat_map(|order| {
            let new = |item: &&OrderItem| {
                let made = matches!(item.kind, OrderKind::Creation | OrderKind::Transfer);
                made && item.stage == Stage::Pending
            };
            order.items.iter().filter(new).map(|item| Owned {
                handle: format!("PE{:06}", item.wish.number),
                parent: None,
                holder: order.user.clone(),
                name: item.name.clone(),
                class: "domain",
                status: (10, "PENDING"),
                dates: (order.placed, order.placed),
                product: Product {
                    id: item.wish.product,
                    name: "Domaine",
                    kind: "Domaine",
                },
                quantity: 1,
                tied: vec!["R"],
                children: Vec::new(),
            })
        }));
    }
    all
}

fn of_domain(desk: &Desk<'_>, domain: &Domain, call: &Call) -> Owned {
    let tied = Role::ALL.into_iter().filter(|role| {
        domain::role_of(desk, domain, *role)
            .is_some_and(|handle| handle == call.user || handle == *domain.holder)
    });
    let status = match desk.dialect.expired {
        Expired::Expired if domain.expires <= desk.now => (2, "EXPIRED"),
        Expired::Registered | Expired::Expired => (1, "REGISTERED"),
    };
    Owned {
        handle: domain.handle.clone(),
        parent: None,
        holder: domain.holder.clone(),
        name: domain.name.clone(),
        class: "domain",
        status,
        dates: (domain.created, domain.expires),
        product: Product {
            id: domain.product,
            name: " Enregistrement de nom de domaine ",
            kind: "Domaine",
        },
        quantity: 1,
        tied: tied.map(Role::letter).collect(),
        children: Vec::new(),
    }
}

fn of_mail_service(service: &MailService) -> Owned {
    Owned {
        handle: service.handle.clone(),
        parent: None,
        holder: service.holder.clone(),
        name: service.domain.clone(),
        class: "mail",
        status: (1, "REGISTERED"),
        dates: (service.created, service.expires),
        product: MAIL,
        quantity: service.capacity,
        tied: vec!["R"],
        children: Vec::new(),
    }
}

fn of_mailbox(mailbox: &Mailbox, service: &MailService) -> Owned {
    Owned {
        handle: mailbox.handle.clone(),
        parent: Some(service.handle.clone()),
        holder: service.holder.clone(),
        name: mailbox.address.clone(),
        class: "mailbox",
        status: NONE,
        dates: (service.created, service.expires),
        product: MAIL,
        quantity: 1,
        tied: vec!["R"],
        children: Vec::new(),
    }
}

/// Writes an object; its children are one level deep.
fn json(desk: &Desk<'_>, owned: &Owned) -> Value {
    let Owned {
        handle,
        parent,
        holder,
        name,
        class,
        status: (id, word),
        dates: (created, expires),
        product,
        quantity,
        tied,
        children,
    } = owned;
    let children = match children[..] {
        [] => Value::Null,
        [..] => children.iter().map(|child| json(desk, child)).collect(),
    };
    json!({
        "Handle": handle,
        "ParentHandle": parent,
        "ResellerHandle": desk.reseller_of(holder),
        "Name": name,
        "Class": class,
        "StatusID": id,
        "Status": desk.state_word(word),
        "CreDate": desk.date(*created),
        "ExpDate": desk.date(*expires),
        "TransferInDate": Value::Null,
        "ProductId": product.id,
        "Quantity": quantity,
        "ContactTypes": tied,
        "Products": [{
            "Id": product.id,
            "Name": product.name,
            "Type": product.kind,
            "SubType": "Creation",
            "TransactionId": "NONE",
            "Active": false,
        }],
        "Children": children,
        "Error": Value::Null,
    })
}
