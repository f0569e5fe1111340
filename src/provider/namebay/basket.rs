//! What an order sends, and what its answer amounts to; pure.
//!
//! An attribute that a product does not list is never sent. What turns a basket into an order is a [`Consent`], which
//! exists only for a write that buys: nothing else in this program can spend.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::model::money::Money;
use crate::model::{Secret, Write};

use super::api::basket::{Basket, Envelope, Given, Item, Stored};
use super::api::lenient::Loose;
use super::api::product::Product;
use super::api::transaction::Transaction;
use super::catalogue::{self, AttributeFlaw};
use super::errors::{Entry, Refusal, Shape};

/// The consent to pay, of one approved step.
pub(super) struct Consent(());

impl Consent {
    /// Takes the consent that lies in a write: steps that buy come out of an approved plan alone.
    pub(super) fn of(write: &Write) -> Option<Self> {
        write.order.as_ref().map(|_| Self(()))
    }
}

impl Serialize for Consent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(true)
    }
}

/// Who is to own a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder<'a> {
    /// The file says so.
    Written(&'a str),
    /// Nobody says so: the customer acted for, who would become it anyway.
    User(&'a str),
}

/// What becomes of a transferred domain's name servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Servers {
    /// They stay.
    Keep,
    /// The order may change them.
    Change,
}

/// An order for a domain.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deal<'a> {
    /// A new domain.
    Register {
        /// Its name servers; none: Namebay's own.
        name_servers: &'a [&'a str],
        /// Its owner.
        holder: Holder<'a>,
    },
    /// More years.
    Renew {
        /// The domain's handle.
        handle: &'a str,
    },
    /// A domain held elsewhere.
    Transfer {
        /// Its auth code.
        code: &'a Secret,
        /// Its name servers.
        servers: Servers,
        /// Its owner.
        holder: Holder<'a>,
    },
    /// Another owner.
    Registrant {
        /// The domain's handle.
        handle: &'a str,
        /// The new owner.
        holder: Holder<'a>,
    },
}

/// Namebay's own name servers, which a registration gets that names none.
const OWN_SERVERS: [&str; 2] = ["dns1.namebay.com", "dns2.namebay.com"];

/// What the order itself fills in, and `order = { … }` may not.
const OWN: [&str; 5] = [
    "domain",
    "object_handle",
    "registrant_handle",
    "auth_info",
    "modify_ns",
];

/// One line of an order, ready to be sent.
#[derive(Debug)]
pub(super) struct Line {
    product: i64,
    period: u32,
    attributes: BTreeMap<Box<str>, Given>,
}

/// Why an order cannot be put together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Flaw {
    /// The product has no number.
    #[error("the catalogue's product has no id")]
    NoProduct,
    /// The file writes an owner that the product does not take.
    #[error("the product takes no registrant; take `registrant` away, or choose another product")]
    NoRegistrant,
    /// An attribute.
    #[error(transparent)]
    Attribute(#[from] AttributeFlaw),
}

/// Puts the line of an order together: `extra` is what the file's `order` says.
pub(super) fn line(
    (domain, deal): (&str, Deal<'_>),
    product: &Product,
    period: u32,
    extra: &BTreeMap<Box<str>, Box<str>>,
) -> Result<Line, Vec<Flaw>> {
    let mut all: BTreeMap<Box<str>, Given> = BTreeMap::new();
    let mut flaws = Vec::new();
    let plain = |text: &str| Given::Plain(text.into());
    all.insert("domain".into(), plain(domain));
    let holder = match deal {
        Deal::Register {
            name_servers,
            holder,
        } => {
            let servers = if name_servers.is_empty() {
                &OWN_SERVERS[..]
            } else {
                name_servers
            };
            for (at, server) in servers.iter().enumerate() {
                all.insert(format!("ns{}", at + 1).into(), plain(server));
            }
            Some(holder)
        }
        Deal::Renew { handle } => {
            all.insert("object_handle".into(), plain(handle));
            None
        }
        Deal::Transfer {
            code,
            servers,
            holder,
        } => {
            all.insert("auth_info".into(), Given::Sealed(code.clone()));
            let word = match servers {
                Servers::Keep => "false",
                Servers::Change => "true",
            };
            all.insert("modify_ns".into(), plain(word));
            Some(holder)
        }
        Deal::Registrant { handle, holder } => {
            all.insert("object_handle".into(), plain(handle));
            Some(holder)
        }
    };
    let listed = |name: &str| catalogue::listed(product, name).is_some();
    match holder {
        Some(Holder::Written(_)) if !listed("registrant_handle") => flaws.push(Flaw::NoRegistrant),
        Some(Holder::Written(handle) | Holder::User(handle)) => {
            all.insert("registrant_handle".into(), plain(handle));
        }
        None => {}
    }
    all.retain(|name, _| listed(name));
    for (name, value) in extra {
        let own = OWN.iter().any(|own| own.eq_ignore_ascii_case(name)) || all.contains_key(name);
        if own {
            flaws.push(AttributeFlaw::Own(name.clone()).into());
        } else {
            all.insert(name.clone(), Given::Plain(value.clone()));
        }
    }
    let lengths = all
        .iter()
        .map(|(name, given)| (&**name, given.expose().chars().count()));
    flaws.extend(
        catalogue::check(product, lengths)
            .into_iter()
            .map(Flaw::from),
    );
    match product.id.0 {
        Some(product) if flaws.is_empty() => Ok(Line {
            product,
            period,
            attributes: all,
        }),
        Some(_) => Err(flaws),
        None => {
            flaws.push(Flaw::NoProduct);
            Err(flaws)
        }
    }
}

impl Line {
    /// The auth codes in it, which an answer may repeat and nobody may see.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        let all = self.attributes.values();
        all.filter_map(|given| match given {
            Given::Sealed(secret) => Some(secret.clone()),
            Given::Plain(_) => None,
        })
        .collect()
    }

    /// The order of this line: once for each consent.
    pub(super) fn order<'a>(&'a self, ip_address: &'a str, consent: Consent) -> Basket<'a> {
        Basket {
            ip_address,
            items: vec![Item {
                product: self.product,
                period: self.period,
                quantity: 1,
                consent,
                attributes: &self.attributes,
            }],
        }
    }
}

/// What an order's answer amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Taken {
    /// It was taken, and is not done.
    Ordered(Receipt),
    /// It has a number and errors beside it: what was taken of it has to be looked up.
    Doubtful(Receipt, Refusal),
    /// It was not taken.
    Refused(Refusal),
    /// It was only stored, under that number: nothing was bought.
    Stored(Option<i64>),
    /// Nothing can be concluded: it may have been taken.
    Nothing,
}

/// What was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Receipt {
    /// The order's number.
    pub(super) transaction: Box<str>,
    /// What it costs, tax included; none if that cannot be read.
    pub(super) total: Option<Money>,
}

/// Reads the answer to an order; `request` is how messages show it, `secrets` is what the order carried, which the errors
/// in the answer may repeat.
pub(super) fn taken(answer: &Envelope, request: &str, secrets: &[Secret]) -> Taken {
    let refusal = |mut entries: Vec<Entry>| {
        for entry in &mut entries {
            secrets
                .iter()
                .for_each(|secret| entry.mask(secret.expose()));
        }
        Refusal {
            status: 200,
            shape: Shape::Coded,
            entries,
            request: request.into(),
        }
    };
    let stored = answer.stored.as_ref().map(|Loose(stored)| stored);
    let transaction = answer.transaction.as_ref().map(|Loose(order)| order);
    let mut errors = transaction.map_or_else(Vec::new, |order| failures(&order.errors.0));
    errors.extend(stored.map_or_else(Vec::new, |stored| failures(&stored.errors.0)));
    match (transaction.and_then(receipt), transaction) {
        (Some(receipt), _) if errors.is_empty() => Taken::Ordered(receipt),
        (Some(receipt), Some(order)) if !order.lines.0.is_empty() => {
            Taken::Doubtful(receipt, refusal(errors))
        }
        (Some(receipt), _)
            if receipt
                .total
                .as_ref()
                .is_none_or(|total| !total.amount.is_zero()) =>
        {
            Taken::Doubtful(receipt, refusal(errors))
        }
        (None, Some(order)) if !is_empty(order) => Taken::Nothing,
        (Some(_) | None, _) if !errors.is_empty() => Taken::Refused(refusal(errors)),
        (Some(_) | None, _) => match stored {
            Some(Stored { id, .. }) => Taken::Stored(id.0),
            None => Taken::Nothing,
        },
    }
}

/// A transaction of which nothing says that something was ordered.
fn is_empty(order: &Transaction) -> bool {
    order.lines.0.is_empty() && order.total.0.is_none_or(|total| total.is_zero())
}

fn receipt(order: &Transaction) -> Option<Receipt> {
    let id = order.id.word()?;
    if id.eq_ignore_ascii_case("none") {
        return None;
    }
    Some(Receipt {
        transaction: id.into(),
        total: total(order),
    })
}

/// What an order costs, tax included; of a currency that is not named it cannot be told.
pub(super) fn total(order: &Transaction) -> Option<Money> {
    let amount = order
        .total
        .0
        .filter(|total| !total.is_sign_negative() || total.is_zero())?;
    Some(Money {
        amount,
        currency: order.currency.word()?.to_ascii_uppercase().into(),
    })
}

fn failures(entries: &[Loose<Entry>]) -> Vec<Entry> {
    let all = entries.iter().map(|Loose(entry)| entry);
    all.filter(|entry| !entry.is_done() && (entry.code.0.is_some() || entry.said().is_some()))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Body, Endpoint};
    use secrecy::ExposeSecret;
    use serde_json::{Value, json};

    fn rows() -> Vec<Value> {
        serde_json::from_str(include_str!("../../../tests/namebay/guide_orders.json")).unwrap()
    }

    fn product(id: i64, attributes: &[&str]) -> Product {
        let attributes: Vec<_> = attributes
            .iter()
            .map(|name| json!({"Name": name}))
            .collect();
        serde_json::from_value(json!({"Id": id, "Active": true, "Attributes": attributes})).unwrap()
    }

    fn body(line: &Line) -> Value {
        let calls = super::super::api::Calls::new(
            &Endpoint::parse("https://rest.namebay.com").unwrap(),
            "AA111111",
        );
        let request = calls.order(&line.order("::1", Consent(())));
        assert_eq!(request.does(), crate::http::Effect::Paying);
        let Body::Json(text) = request.body() else {
            panic!("an order is JSON");
        };
        serde_json::from_slice(text.expose_secret()).unwrap()
    }

    fn none() -> BTreeMap<Box<str>, Box<str>> {
        BTreeMap::new()
    }

    /// Each order of the guide's domain sections, as it is printed there; the answer is understood.
    #[test]
    fn orders_are_those_of_the_guide() {
        let code = Secret::new("Auth-7421-xyz".to_owned());
        let holder = Holder::User("AA111111");
        let deals = [
            (
                "nb-03",
                product(
                    9105,
                    &["domain", "ns1", "ns2", "ns(n)", "registrant_handle"],
                ),
                Deal::Register {
                    name_servers: &[],
                    holder,
                },
            ),
            (
                "nb-05",
                product(9205, &["domain", "object_handle"]),
                Deal::Renew { handle: "DO100001" },
            ),
            (
                "nb-08",
                product(33, &["domain", "modify_ns", "auth_info"]),
                Deal::Transfer {
                    code: &code,
                    servers: Servers::Keep,
                    holder,
                },
            ),
            (
                "nb-12",
                product(12438, &["domain", "object_handle", "registrant_handle"]),
                Deal::Registrant {
                    handle: "DO100001",
                    holder,
                },
            ),
        ];
        let rows = rows();
        for (id, product, deal) in deals {
            let row = rows.iter().find(|row| row["id"] == id).unwrap();
            let line = line(("example.com", deal), &product, 1, &none()).unwrap();
            let mut wanted = row["request"].clone();
            // The guide writes a truth value where the model has texts.
            if let Some(word) = wanted["Items"][0]["Attributes"].get_mut("modify_ns") {
                *word = json!("false");
            }
            assert_eq!(body(&line), wanted, "{id}");
            let answer: Envelope = serde_json::from_value(row["response"].clone()).unwrap();
            let Taken::Ordered(receipt) = taken(&answer, "order", &line.secrets()) else {
                panic!("{id} was ordered");
            };
            let sent = &row["response"]["Transaction"];
            assert_eq!(
                *receipt.transaction,
                *sent["TransactionID"].as_str().unwrap()
            );
            assert_eq!(
                receipt
                    .total
                    .unwrap()
                    .amount
                    .to_string()
                    .parse::<f64>()
                    .unwrap(),
                sent["Total_TTC"].as_f64().unwrap()
            );
            assert!(!format!("{line:?} {answer:?}").contains("Auth-7421"));
            assert_eq!(line.secrets().len(), usize::from(id == "nb-08"));
        }
    }

    #[test]
    fn what_is_not_listed_is_not_sent() {
        let bare = product(1, &["domain", "auth_info"]);
        let code = Secret::new("c".to_owned());
        let transfer = |holder| Deal::Transfer {
            code: &code,
            servers: Servers::Change,
            holder,
        };
        let sent = line(("a.com", transfer(Holder::User("AA1"))), &bare, 1, &none()).unwrap();
        let names = body(&sent)["Items"][0]["Attributes"].clone();
        assert_eq!(names, json!({"domain": "a.com", "auth_info": "c"}));
        let refused = line(
            ("a.com", transfer(Holder::Written("AA1"))),
            &bare,
            1,
            &none(),
        );
        assert_eq!(refused.unwrap_err(), [Flaw::NoRegistrant]);
        for (name, own) in [("nexus", false), ("auth_info", true), ("DOMAIN", true)] {
            let extra = BTreeMap::from([(name.into(), "x".into())]);
            let flaws = line(("a.com", transfer(Holder::User("A"))), &bare, 1, &extra).unwrap_err();
            let is_own = matches!(flaws[..], [Flaw::Attribute(AttributeFlaw::Own(_))]);
            assert_eq!(is_own, own, "{name}: {flaws:?}");
        }
    }

    #[test]
    fn answers_that_are_no_plain_yes() {
        let secret = [Secret::new("Auth-7421-xyz".to_owned())];
        let read =
            |answer: Value| taken(&serde_json::from_value(answer).unwrap(), "order", &secret);
        let repeated = json!([{"Code": 530, "Detail": "bad code Auth-7421-xyz"}]);
        let Taken::Refused(refusal) = read(json!({"Panier": {"Errors": repeated}})) else {
            panic!("it was refused");
        };
        assert!(!format!("{refusal:?} {:?}", refusal.reason()).contains("7421"));
        let error = json!([{"Code": 520, "Detail": "a required attribute is missing"}]);
        assert_eq!(
            read(json!({"Panier": null, "Transaction": null})),
            Taken::Nothing
        );
        assert_eq!(read(json!({"Panier": {"Id": 7.0}})), Taken::Stored(Some(7)));
        assert!(matches!(
            read(json!({"Panier": {"Id": 7, "Errors": error}})),
            Taken::Refused(_)
        ));
        assert!(matches!(
            read(json!({"Transaction": {"TransactionID": "", "Errors": error, "OpDetails": []}})),
            Taken::Refused(_)
        ));
        let line = json!([{"ProduitID": 1}]);
        assert!(matches!(
            read(
                json!({"Transaction": {"TransactionID": "T", "Errors": error, "OpDetails": line}})
            ),
            Taken::Doubtful(..)
        ));
        // Lines without a number: something was ordered, and nobody can tell what.
        for id in [json!(null), json!("NONE"), json!({})] {
            let answer =
                json!({"Transaction": {"TransactionID": id, "OpDetails": line, "Errors": []}});
            assert_eq!(read(answer), Taken::Nothing);
        }
        let done = json!([{"Code": 200, "Detail": "ok"}, null, "words"]);
        let odd = json!({"Transaction": {"TransactionID": "T", "Total_TTC": "x", "Errors": done}});
        let Taken::Ordered(receipt) = read(odd) else {
            panic!("it was ordered");
        };
        assert_eq!(receipt.total, None);
    }

    #[test]
    fn a_write_that_buys_nothing_has_no_consent() {
        use crate::model::{Account, Action, Address, Attrs, Kind, Part, Unit};
        let write = Write {
            unit: Unit {
                address: Address::of(&Account("main".into()), &"example.com".into(), Kind::Domain),
                part: Part("settings".into()),
            },
            action: Action::Update,
            before: Attrs::none(),
            after: Attrs::none(),
            handle: None,
            within: None,
            order: None,
        };
        assert!(Consent::of(&write).is_none());
    }

    /// What confirms an order is written once, and what it takes is made once.
    #[test]
    fn one_place_confirms() {
        fn sources(folder: &std::path::Path, found: &mut Vec<(String, String)>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    sources(&path, found);
                } else {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let code = text.split("#[cfg(test)]").next().unwrap().to_owned();
                    found.push((path.display().to_string(), code));
                }
            }
        }
        let mut all = Vec::new();
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        sources(&root.join("src/provider"), &mut all);
        let lines = |word: &str| -> Vec<&str> {
            let code = all.iter().flat_map(|(_, code)| code.lines());
            code.filter(|line| line.contains(word))
                .map(str::trim)
                .collect()
        };
        assert_eq!(lines("\"Confirm\""), [r#"#[serde(rename = "Confirm")]"#]);
        assert_eq!(lines("confirm:"), Vec::<&str>::new());
        assert_eq!(lines("serialize_bool(true)").len(), 1);
        let made = lines("Self(())");
        assert_eq!(made, ["write.order.as_ref().map(|_| Self(()))"]);
        assert_eq!(lines("Consent(())"), ["pub(super) struct Consent(());"]);
    }
}
