//! What can be ordered: products with their prices and the attributes that they ask for.
//!
//! It does not know what becomes of an order.

use serde_json::{Value, json};

use super::account::money;
use super::call::{Answer, Call, Reply};
use super::desk::Desk;
use super::dialect::{CatalogueFilter, InactiveProducts, Subtypes};
use super::state::OrderKind;
use super::tld::Tld;

/// One attribute of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) name: &'static str,
    pub(super) mandatory: bool,
    /// Where the value comes from that is left out.
    pub(super) default: Option<&'static str>,
    pub(super) length: Option<(usize, usize)>,
}

/// One product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Product {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) kind: OrderKind,
    /// The top-level domain, nothing for services.
    pub(super) tld: Option<&'static str>,
    /// Class and type of a service.
    pub(super) service: (&'static str, &'static str),
    pub(super) price: i64,
    pub(super) attributes: Vec<Attribute>,
    pub(super) trustee: bool,
    pub(super) active: bool,
}

/// A top-level domain: registry, country, the numbers of its four products and their prices; 0 is one that is not sold.
struct Sold {
    tld: &'static str,
    registry: &'static str,
    country: &'static str,
    ids: [u64; 4],
    prices: [i64; 4],
}

const fn sold(
    tld: &'static str,
    origin: (&'static str, &'static str),
    ids: [u64; 4],
    prices: [i64; 4],
) -> Sold {
    Sold {
        tld,
        registry: origin.0,
        country: origin.1,
        ids,
        prices,
    }
}

const KINDS: [OrderKind; 4] = [
    OrderKind::Creation,
    OrderKind::Renewal,
    OrderKind::Transfer,
    OrderKind::OwnerChange,
];

const SOLD: [Sold; 10] = [
    sold(
        "com",
        ("verisign", "Générique"),
        [771, 871, 31, 12_431],
        [119_000, 129_000, 119_000, 0],
    ),
    sold(
        "net",
        ("verisign", "Générique"),
        [772, 872, 32, 12_432],
        [139_000, 149_000, 139_000, 0],
    ),
    sold(
        "org",
        ("pir", "Générique"),
        [773, 873, 34, 12_433],
        [129_000, 139_000, 129_000, 0],
    ),
    sold(
        "fr",
        ("afnic", "France"),
        [775, 875, 33, 12_438],
        [99_000, 109_000, 0, 50_000],
    ),
    sold(
        "eu",
        ("eurid", "Union européenne"),
        [9104, 9205, 36, 12_439],
        [89_000, 170_700, 89_000, 0],
    ),
    sold(
        "mc",
        ("mctld", "Monaco"),
        [776, 876, 37, 12_440],
        [450_000, 450_000, 450_000, 150_000],
    ),
    sold(
        "us",
        ("godaddy", "États-Unis"),
        [777, 877, 38, 12_441],
        [149_000, 159_000, 149_000, 0],
    ),
    sold(
        "shop",
        ("gmo", "Générique"),
        [778, 878, 39, 12_442],
        [349_000, 359_000, 349_000, 0],
    ),
    sold(
        "example",
        ("test", "Générique"),
        [790, 890, 40, 12_443],
        [100_000, 120_000, 100_000, 30_000],
    ),
    // Sold once and kept since, but not registered any more.
    sold(
        "test",
        ("test", "Générique"),
        [0, 891, 0, 0],
        [0, 120_000, 0, 0],
    ),
];

const SERVICES: [(u64, &str, (&str, &str), i64); 3] = [
    (1036, "Redirection Url", ("service", "UrlRedirect"), 12_000),
    (1040, "Compte Mail", ("mail", "Mail"), 18_000),
    (
        24_441,
        "formule hebergement - Linux20",
        ("hosting", "Hebergement"),
        499_000,
    ),
];

const fn attribute(name: &'static str, mandatory: bool) -> Attribute {
    Attribute {
        name,
        mandatory,
        default: None,
        length: None,
    }
}

const fn defaulted(name: &'static str, default: &'static str) -> Attribute {
    Attribute {
        name,
        mandatory: true,
        default: Some(default),
        length: None,
    }
}

const fn measured(name: &'static str, length: (usize, usize)) -> Attribute {
    Attribute {
        name,
        mandatory: true,
        default: None,
        length: Some(length),
    }
}

const CONTACTS: [Attribute; 4] = [
    defaulted("admin_handle", "handle"),
    defaulted("tech_handle", "handle"),
    defaulted("registrant_handle", "handle"),
    defaulted("billing_handle", "facturationHandle"),
];

fn attributes(kind: OrderKind, tld: &str) -> Vec<Attribute> {
    let mut asked = vec![attribute("domain", true)];
    match kind {
        OrderKind::Creation => {
            asked.extend(CONTACTS);
            asked.extend([attribute("ns1", true), attribute("ns2", true)]);
            asked.extend(["ns(n)", "ip(n)", "tld_id", "catch"].map(|name| attribute(name, false)));
            if tld == "us" {
                asked.push(measured("nexus_category", (3, 3)));
                asked.push(measured("nexus_purpose", (2, 2)));
            }
        }
        OrderKind::Renewal => asked.push(attribute("object_handle", true)),
        OrderKind::Transfer => {
            asked.extend(CONTACTS);
            asked.push(measured("auth_info", (1, 64)));
            asked.push(attribute("modify_ns", false));
            asked.push(attribute("ns(n)", false));
        }
        OrderKind::OwnerChange => {
            asked.extend([
                attribute("object_handle", true),
                attribute("registrant_handle", true),
            ]);
        }
        OrderKind::Service | OrderKind::Extension => {
            asked.extend([CONTACTS[0], CONTACTS[3], attribute("object_handle", false)]);
        }
    }
    asked
}

/// Lists all products, with the prices that hold now.
pub(super) fn all(desk: &Desk<'_>) -> Vec<Product> {
    let domains = SOLD.iter().flat_map(|sold| {
        let ids = sold.ids.into_iter().zip(sold.prices).zip(KINDS);
        ids.filter(|((id, _), _)| *id != 0)
            .map(|((id, price), kind)| of_domain(sold, kind, (id, price)))
    });
    let trustee = SOLD.iter().filter(|sold| sold.tld == "eu").map(|sold| {
        let own = of_domain(sold, OrderKind::Creation, (9105, 270_700));
        Product {
            name: format!("{} + Présence locale eu ", own.name),
            trustee: true,
            ..own
        }
    });
    let retired = SOLD
        .iter()
        .filter(|sold| sold.tld == "com")
        .map(|sold| Product {
            active: false,
            ..of_domain(sold, OrderKind::Creation, (700, 59_000))
        });
    let services = SERVICES.iter().map(|(id, name, service, price)| Product {
        id: *id,
        name: (*name).to_owned(),
        kind: OrderKind::Service,
        tld: None,
        service: *service,
        price: *price,
        attributes: attributes(OrderKind::Service, ""),
        trustee: false,
        active: true,
    });
    let mut all: Vec<Product> = domains
        .chain(trustee)
        .chain(retired)
        .chain(services)
        .collect();
    for product in &mut all {
        product.price = desk
            .state
            .commerce
            .prices
            .get(&product.id)
            .copied()
            .unwrap_or(product.price);
    }
    all
}

fn of_domain(sold: &Sold, kind: OrderKind, numbers: (u64, i64)) -> Product {
    let word = match kind {
        OrderKind::Creation => "Enregistrement",
        OrderKind::Renewal => "Renouvellement",
        OrderKind::Transfer => "Transfert",
        OrderKind::OwnerChange => "Changement de titulaire",
        OrderKind::Service | OrderKind::Extension => "Service",
    };
    Product {
        id: numbers.0,
        name: format!("{word} de nom de domaine .{}", sold.tld.to_uppercase()),
        kind,
        tld: Some(sold.tld),
        service: ("domain", "Domaine"),
        price: numbers.1,
        attributes: attributes(kind, sold.tld),
        trustee: false,
        active: true,
    }
}

/// Finds a product that is sold.
pub(super) fn find(desk: &Desk<'_>, id: u64) -> Option<Product> {
    all(desk)
        .into_iter()
        .find(|product| product.id == id && product.active)
}

/// Finds the product that does something to domains of a name's top-level domain.
pub(super) fn of_name(desk: &Desk<'_>, name: &str, kind: OrderKind) -> Option<Product> {
    let tld = Tld::of(name).name;
    let fits = |product: &Product| product.kind == kind && product.tld == Some(tld.as_str());
    all(desk)
        .into_iter()
        .find(|product| fits(product) && product.active)
}

/// `GET /api/Product`
pub(super) fn list(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let asked = |name: &str| match desk.dialect.catalogue_filter {
        CatalogueFilter::Honoured => call.query(name),
        CatalogueFilter::Ignored => None,
    };
    let (kind, subtype, tld) = (asked("type"), asked("subtype"), asked("tldname"));
    let found = all(desk).into_iter().filter(|product| {
        (product.active || desk.dialect.inactive_products == InactiveProducts::Listed)
            && kind.is_none_or(|kind| kind.eq_ignore_ascii_case(product.service.1))
            && subtype.is_none_or(|word| word.eq_ignore_ascii_case(subtype_of(desk, product.kind)))
            && tld.is_none_or(|tld| product.tld.is_some_and(|own| own.eq_ignore_ascii_case(tld)))
    });
    let found = found.map(|product| json(desk, &product));
    Ok(Answer::List(found.collect()))
}

fn subtype_of(desk: &Desk<'_>, kind: OrderKind) -> &'static str {
    let words = match desk.dialect.subtypes {
        Subtypes::French => ["Renouvellement", "Transfert", "Changement"],
        Subtypes::English => ["Renewal", "Transfer", "Trade"],
        Subtypes::Creation => ["Creation"; 3],
    };
    match kind {
        OrderKind::Renewal => words[0],
        OrderKind::Transfer => words[1],
        OrderKind::OwnerChange => words[2],
        OrderKind::Creation | OrderKind::Service | OrderKind::Extension => "Creation",
    }
}

fn json(desk: &Desk<'_>, product: &Product) -> Value {
    let class = product.service.0;
    let attributes: Vec<Value> = product
        .attributes
        .iter()
        .map(|one| attribute_json(one, class))
        .collect();
    let sold = SOLD.iter().find(|sold| product.tld == Some(sold.tld));
    let tlds = sold.map(|sold| {
        json!([{ "Tld_id": Tld::of(sold.tld).id, "Name": sold.tld, "Registry_id": sold.registry, "Country": sold.country }])
    });
    let (kind, number) = match product.service.1 {
        "Domaine" => ("Création de Nom de domaine", 1),
        "Mail" => ("Création de service mail", 5),
        "UrlRedirect" => ("Création de redirection", 6),
        _ => ("Création d'hébergement", 3),
    };
    json!({
        "Pu": money(product.price),
        "Promotions": [],
        "Id": product.id,
        "Name": product.name,
        "ProductType": kind,
        "TypeId": number,
        "Type": product.service.1,
        "SubType": subtype_of(desk, product.kind),
        "Package": false,
        "Attributes": attributes,
        "TrusteeProduct": product.trustee,
        "Tlds": tlds,
        "ParentProducts": Value::Null,
        "ChildProducts": Value::Null,
        "GlobalSignProduit": Value::Null,
        "DiscountDependances": Value::Null,
        "DiscountParents": Value::Null,
        "Discounts": Value::Null,
        "Active": product.active,
    })
}

fn attribute_json(attribute: &Attribute, class: &str) -> Value {
    let Attribute {
        name,
        mandatory,
        default,
        length,
    } = attribute;
    let role = name
        .strip_suffix("_handle")
        .filter(|role| *role != "object");
    let header = match *name {
        "domain" => 1,
        "object_handle" => 2,
        _ => 0,
    };
    json!({
        "Name": name,
        "Mandatory": mandatory,
        "Validate": (header == 1).then_some("DomainAvailable,OnePerOrder,ValidDomainTld"),
        "DefaultAttribute": default,
        "DefaultType": Value::Null,
        "Class": class,
        "Header": header,
        "MapTo": role.map(|role| format!("{role}_id")),
        "Conversion": role.map(|_| "UserHandleToId"),
        "Mode": 0,
        "MinLength": length.map(|(min, _)| min),
        "MaxLength": length.map(|(_, max)| max),
    })
}
