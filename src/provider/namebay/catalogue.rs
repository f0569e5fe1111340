//! The catalogue, read: which product is for what, what it asks for, and what it costs; pure.
//!
//! Only `domaine` and `creation` are documented as words, so that the purposes are told apart by the attributes that a
//! product asks for. Knows no order and sends nothing.

use rust_decimal::Decimal;

use crate::model::money::{Cost, Money};

use super::api::contact::Person;
use super::api::product::{Attribute, Product};

/// The currency of the catalogue: products name none, and every sample is in this one.
pub(super) const CURRENCY: &str = "EUR";

/// What a product is ordered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    /// A new domain.
    Register,
    /// More years.
    Renew,
    /// A domain held elsewhere.
    Transfer,
    /// Another owner.
    Registrant,
}

/// Which product is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ask<'a> {
    /// What for.
    pub(super) purpose: Purpose,
    /// For which TLD, without a dot.
    pub(super) tld: &'a str,
    /// The one that the file names (`products`).
    pub(super) product: Option<i64>,
    /// Whether it may come with local presence.
    pub(super) presence: Presence,
}

/// Whether a product may bring a local presence ("trustee"), which costs and is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// Without one.
    Without,
    /// With one.
    With,
}

/// A product that might be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Its id, as `products` takes it.
    pub(super) id: i64,
    /// Its name; server text.
    pub(super) name: Box<str>,
    /// Its price before tax, if it can be read.
    pub(super) price: Option<Decimal>,
}

/// Why no product is chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoProduct {
    /// The catalogue has none for it.
    #[error("the catalogue has no product for this")]
    None,
    /// It has several.
    #[error("the catalogue has several products for this")]
    Several(Vec<Candidate>),
    /// The file names one that the catalogue does not list.
    #[error("product {0} is not in the catalogue")]
    Unlisted(i64),
    /// The file names one that cannot be ordered.
    #[error("product {0} is not active")]
    Inactive(i64),
}

/// What a product is for; none if it asks for no domain.
pub(super) fn purpose(product: &Product) -> Option<Purpose> {
    let asks = |name| listed(product, name).is_some();
    if product
        .kind
        .word()
        .is_some_and(|kind| !kind.eq_ignore_ascii_case("domaine"))
        || !asks("domain")
    {
        None
    } else if asks("auth_info") {
        Some(Purpose::Transfer)
    } else if asks("object_handle") && asks("registrant_handle") {
        Some(Purpose::Registrant)
    } else if asks("object_handle") {
        Some(Purpose::Renew)
    } else {
        Some(Purpose::Register)
    }
}

/// The product for a purpose; of several none, because a price decides between them and a person has to.
pub(super) fn choose<'p>(products: &'p [Product], ask: &Ask<'_>) -> Result<&'p Product, NoProduct> {
    if let Some(id) = ask.product {
        let found = products.iter().find(|product| product.id.0 == Some(id));
        let product = found.ok_or(NoProduct::Unlisted(id))?;
        return match product.active.0 {
            Some(true) => Ok(product),
            Some(false) | None => Err(NoProduct::Inactive(id)),
        };
    }
    let fits = |product: &&Product| {
        product.id.0.is_some()
            && product.active.0 == Some(true)
            && purpose(product) == Some(ask.purpose)
            && is_for(product, ask.tld)
            && (product.trustee.0 == Some(true)) == (ask.presence == Presence::With)
    };
    let mut found: Vec<&Product> = products.iter().filter(fits).collect();
    found.sort_by_key(|product| product.id.0);
    found.dedup_by_key(|product| product.id.0);
    match found.as_slice() {
        [] => Err(NoProduct::None),
        [only] => Ok(only),
        several => Err(NoProduct::Several(
            several
                .iter()
                .filter_map(|product| candidate(product))
                .collect(),
        )),
    }
}

/// A product as it is offered to a person.
pub(super) fn candidate(product: &Product) -> Option<Candidate> {
    Some(Candidate {
        id: product.id.0?,
        name: product.name.word().unwrap_or_default().into(),
        price: product.price.0,
    })
}

/// A product without TLDs is for all that were asked for.
fn is_for(product: &Product, tld: &str) -> bool {
    let bare = |name: &str| name.trim().trim_start_matches('.').to_ascii_lowercase();
    let mut names = product.tlds.0.iter().filter_map(|tld| tld.0.name.word());
    let mut any = false;
    let found = names.any(|name| {
        any = true;
        bare(name) == bare(tld)
    });
    found || !any
}

/// The attribute that a name belongs to: itself, or its numbered family (`ns(n)` of `ns3`).
pub(super) fn listed<'p>(product: &'p Product, name: &str) -> Option<&'p Attribute> {
    let family = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let family = (family.len() < name.len()).then(|| format!("{family}(n)"));
    let named = |wanted: &str| {
        let mut all = product.attributes.0.iter().map(|attribute| &attribute.0);
        all.find(|attribute| {
            attribute
                .name
                .word()
                .is_some_and(|name| name.eq_ignore_ascii_case(wanted))
        })
    };
    named(name).or_else(|| named(&family?))
}

/// The mode of what only an update asks for; no order for a domain is one.
const UPDATE_ONLY: i64 = 2;

/// What is wrong with attributes before they are sent; holds no value of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum AttributeFlaw {
    /// The product asks for no such thing.
    #[error("the product does not take `{name}`; it takes {}", known.join(", "))]
    Unlisted {
        /// What was given.
        name: Box<str>,
        /// What it takes.
        known: Vec<Box<str>>,
    },
    /// The product asks for it, and there is no default.
    #[error("the product asks for `{0}`; write it in `order`")]
    Missing(Box<str>),
    /// Too short.
    #[error("`{name}` needs at least {least} characters")]
    Short {
        /// Which.
        name: Box<str>,
        /// So many.
        least: i64,
    },
    /// Too long.
    #[error("`{name}` takes at most {most} characters")]
    Long {
        /// Which.
        name: Box<str>,
        /// So many.
        most: i64,
    },
    /// The order itself fills it in.
    #[error("`{0}` is filled in by the order itself; take it out of `order`")]
    Own(Box<str>),
}

/// Looks at attributes, given by name and length in characters, beside what a product asks for.
pub(super) fn check<'a>(
    product: &Product,
    given: impl Iterator<Item = (&'a str, usize)> + Clone,
) -> Vec<AttributeFlaw> {
    let mut flaws = Vec::new();
    for (name, length) in given.clone() {
        let Some(attribute) = listed(product, name) else {
            flaws.push(AttributeFlaw::Unlisted {
                name: name.into(),
                known: names(product),
            });
            continue;
        };
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        match (attribute.min_length.0, attribute.max_length.0) {
            (Some(least), _) if length < least => flaws.push(AttributeFlaw::Short {
                name: name.into(),
                least,
            }),
            // No length is no limit.
            (_, Some(most)) if most > 0 && length > most => flaws.push(AttributeFlaw::Long {
                name: name.into(),
                most,
            }),
            _ => {}
        }
    }
    let given: std::collections::BTreeSet<String> =
        given.map(|(name, _)| name.to_ascii_lowercase()).collect();
    let missing = product.attributes.0.iter().filter_map(|attribute| {
        let attribute = &attribute.0;
        let name = attribute.name.word()?;
        let asked = attribute.mandatory.0 == Some(true)
            && attribute.mode.0 != Some(UPDATE_ONLY)
            && attribute.default.word().is_none()
            && !name.ends_with("(n)")
            && !given.contains(&name.to_ascii_lowercase());
        asked.then(|| AttributeFlaw::Missing(name.into()))
    });
    flaws.extend(missing);
    flaws
}

/// The names of what a product asks for.
pub(super) fn names(product: &Product) -> Vec<Box<str>> {
    let all = product.attributes.0.iter();
    all.filter_map(|attribute| attribute.0.name.word().map(Into::into))
        .collect()
}

/// What a customer pays on top of a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tax {
    /// In percent.
    pub(super) percent: Decimal,
    /// Whether that is only assumed, which is said.
    pub(super) assumed: bool,
}

/// The tax of a customer: none where the contact says so, its rate where that can be read, and 20 % otherwise.
pub(super) fn tax(customer: Option<&Person>) -> Tax {
    let known = |percent| Tax {
        percent,
        assumed: false,
    };
    let assumed = Tax {
        percent: Decimal::from(20),
        assumed: true,
    };
    let Some(customer) = customer else {
        return assumed;
    };
    match (customer.taxed.0, customer.tax.0) {
        (Some(false), _) => known(Decimal::ZERO),
        (_, Some(rate)) if rate > Decimal::ZERO && rate <= Decimal::ONE_HUNDRED => {
            // Below one it can only be a fraction.
            known(if rate < Decimal::ONE {
                rate * Decimal::ONE_HUNDRED
            } else {
                rate
            })
        }
        // Nothing on top for one who is taxed, or a rate that is none.
        (Some(true) | None, _) => assumed,
    }
}

/// What a product costs for so many years, tax included: at most that, where a promotion of unknown shape or an assumed
/// tax may make it less; unknown, where the price cannot be read.
pub(super) fn price(product: &Product, years: u32, tax: Tax) -> Cost {
    let Some(amount) = gross(product.price.0, years, tax.percent) else {
        return Cost::Unknown;
    };
    let money = Money {
        amount,
        currency: CURRENCY.into(),
    };
    if tax.assumed || product.promotions.0 || product.discounts.0 {
        Cost::AtMost(money)
    } else {
        Cost::Exact(money)
    }
}

fn gross(price: Option<Decimal>, years: u32, percent: Decimal) -> Option<Decimal> {
    let net = price.filter(|price| !price.is_sign_negative() || price.is_zero())?;
    let net = net.checked_mul(Decimal::from(years))?;
    let factor = Decimal::ONE_HUNDRED.checked_add(percent)?;
    let hundredfold = net.checked_mul(factor)?;
    let gross = hundredfold.checked_div(Decimal::ONE_HUNDRED)?;
    // What had to be rounded is no price.
    (gross.checked_mul(Decimal::ONE_HUNDRED)? == hundredfold).then(|| gross.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn product(json: serde_json::Value) -> Product {
        serde_json::from_value(json).unwrap()
    }

    fn of(id: i64, attributes: &[&str]) -> Product {
        let attributes: Vec<_> = attributes
            .iter()
            .map(|name| serde_json::json!({"Name": name, "Mandatory": true}))
            .collect();
        product(serde_json::json!({
            "Id": id, "Pu": 12.0, "Type": "Domaine", "Active": true, "TrusteeProduct": false,
            "Tlds": [{"Name": "com"}], "Attributes": attributes,
        }))
    }

    fn ask(purpose: Purpose) -> Ask<'static> {
        Ask {
            purpose,
            tld: "com",
            product: None,
            presence: Presence::Without,
        }
    }

    fn shelf() -> Vec<Product> {
        vec![
            of(1, &["domain", "ns1", "registrant_handle"]),
            of(2, &["domain", "object_handle"]),
            of(3, &["domain", "auth_info", "registrant_handle"]),
            of(4, &["domain", "object_handle", "registrant_handle"]),
        ]
    }

    /// The answer of the guide to one of its calls.
    fn guide(id: &str) -> serde_json::Value {
        let rows: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../../../tests/namebay/guide_orders.json")).unwrap();
        let row = rows.into_iter().find(|row| row["id"] == id).unwrap();
        row["response"].clone()
    }

    #[test]
    fn the_guides_product_registers_a_com() {
        let products: Vec<Product> = serde_json::from_value(guide("nb-68")).unwrap();
        let chosen = choose(&products, &ask(Purpose::Register)).unwrap();
        assert_eq!(chosen.id.0, Some(771));
        assert!(listed(chosen, "ns7").is_some() && listed(chosen, "auth_info").is_none());
        let given = [("domain", 11), ("ns1", 16), ("ns2", 16)];
        assert_eq!(check(chosen, given.into_iter()), []);
        // Everything else that is mandatory has a default.
        let missing = check(chosen, given[..2].iter().copied());
        assert_eq!(missing, [AttributeFlaw::Missing("ns2".into())]);
    }

    #[test]
    fn purposes_are_told_apart_by_what_is_asked_for() {
        let shelf = shelf();
        for (purpose, id) in [
            (Purpose::Register, 1),
            (Purpose::Renew, 2),
            (Purpose::Transfer, 3),
            (Purpose::Registrant, 4),
        ] {
            assert_eq!(choose(&shelf, &ask(purpose)).unwrap().id.0, Some(id));
        }
    }

    #[test]
    fn what_does_not_count_is_not_chosen() {
        let odd = |change: serde_json::Value| {
            let mut json = serde_json::json!({
                "Id": 9, "Pu": 1, "Type": "Domaine", "Active": true, "Tlds": [{"Name": ".COM"}],
                "Attributes": [{"Name": "domain"}],
            });
            for (name, value) in change.as_object().unwrap() {
                json[name] = value.clone();
            }
            choose(&[product(json)], &ask(Purpose::Register)).is_ok()
        };
        assert!(odd(serde_json::json!({})));
        assert!(odd(serde_json::json!({"Tlds": null})));
        for no in [
            serde_json::json!({"Active": false}),
            serde_json::json!({"Active": null}),
            serde_json::json!({"TrusteeProduct": true}),
            serde_json::json!({"Type": "Hebergement"}),
            serde_json::json!({"Tlds": [{"Name": "eu"}]}),
            serde_json::json!({"Attributes": null}),
            serde_json::json!({"Id": "none"}),
        ] {
            assert!(!odd(no.clone()), "{no}");
        }
    }

    #[test]
    fn of_several_a_person_chooses() {
        let mut shelf = shelf();
        shelf.push(of(5, &["domain", "ns1"]));
        let NoProduct::Several(all) = choose(&shelf, &ask(Purpose::Register)).unwrap_err() else {
            panic!("one was chosen");
        };
        assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), [1, 5]);
        let named = |id| Ask {
            product: Some(id),
            ..ask(Purpose::Register)
        };
        assert_eq!(choose(&shelf, &named(5)).unwrap().id.0, Some(5));
        assert_eq!(choose(&shelf, &named(6)), Err(NoProduct::Unlisted(6)));
    }

    #[test]
    fn attributes_are_held_against_the_list() {
        let product = product(serde_json::json!({"Attributes": [
            {"Name": "domain", "Mandatory": true},
            {"Name": "nexus_category", "Mandatory": true, "MinLength": 3, "MaxLength": 3},
            {"Name": "tech_handle", "Mandatory": true, "DefaultAttribute": "handle"},
        ]}));
        let flaws = |given: &[(&'static str, usize)]| check(&product, given.iter().copied());
        assert_eq!(flaws(&[("domain", 9), ("NEXUS_category", 3)]), []);
        assert_eq!(
            flaws(&[("domain", 9)]),
            [AttributeFlaw::Missing("nexus_category".into())]
        );
        let odd = flaws(&[("domain", 9), ("nexus_category", 2), ("nexus", 1)]);
        assert!(matches!(
            odd.as_slice(),
            [
                AttributeFlaw::Short { least: 3, .. },
                AttributeFlaw::Unlisted { .. }
            ]
        ));
    }

    fn customer(json: &str) -> Person {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn tax_is_read_or_assumed() {
        for (json, percent, assumed) in [
            (r#"{"HasTva": true, "RateTva": 20.0}"#, "20", false),
            (r#"{"HasTva": true, "RateTva": 0.2}"#, "20", false),
            (r#"{"HasTva": true, "RateTva": 5.5}"#, "5.5", false),
            (r#"{"HasTva": false, "RateTva": 20.0}"#, "0", false),
            (r#"{"RateTva": 19}"#, "19", false),
            (r#"{"HasTva": true}"#, "20", true),
            (r#"{"HasTva": true, "RateTva": 0}"#, "20", true),
            (r#"{"HasTva": true, "RateTva": -5}"#, "20", true),
            (r#"{"RateTva": 1000}"#, "20", true),
            (r#"{}"#, "20", true),
        ] {
            let tax = tax(Some(&customer(json)));
            let percent: Decimal = percent.parse().unwrap();
            assert_eq!((tax.percent, tax.assumed), (percent, assumed), "{json}");
        }
        assert!(tax(None).assumed);
    }

    #[test]
    fn a_price_is_exact_at_most_or_unknown() {
        let vat = tax(Some(&customer(r#"{"HasTva": true, "RateTva": 20}"#)));
        let cost = |json: &str, tax| price(&serde_json::from_str(json).unwrap(), 1, tax);
        let money = |text: &str| Money::parse(text).unwrap();
        assert_eq!(
            cost(r#"{"Pu": 17.0700}"#, vat),
            Cost::Exact(money("20.484 EUR"))
        );
        assert_eq!(
            cost(r#"{"Pu": "12.40"}"#, vat),
            Cost::Exact(money("14.88 EUR"))
        );
        let promoted = r#"{"Pu": 10, "Promotions": [{}]}"#;
        assert_eq!(cost(promoted, vat), Cost::AtMost(money("12 EUR")));
        assert_eq!(
            cost(r#"{"Pu": 10}"#, tax(None)),
            Cost::AtMost(money("12 EUR"))
        );
        for odd in [
            r#"{}"#,
            r#"{"Pu": null}"#,
            r#"{"Pu": -1}"#,
            r#"{"Pu": "free"}"#,
            r#"{"Pu": "79228162514264337593543950335"}"#,
        ] {
            assert_eq!(cost(odd, vat), Cost::Unknown, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn prices_are_exact(tenthousandths in 0_i64..1_000_000_000, years in 1_u32..11, tax in 0_i64..10_000) {
            let product = product(serde_json::json!({"Pu": Decimal::new(tenthousandths, 4).to_string()}));
            let rate = Tax { percent: Decimal::new(tax, 2), assumed: false };
            let Cost::Exact(money) = price(&product, years, rate) else {
                panic!("no exact price");
            };
            let whole = i128::from(tenthousandths) * i128::from(years) * i128::from(10_000 + tax);
            prop_assert_eq!(money.amount, Decimal::from_i128_with_scale(whole, 8));
        }

        #[test]
        fn any_answer_is_read(text in "[\\[{\"a-zA-Z:,0-9.}\\] ]{0,40}") {
            let _ = crate::http::decode::<Vec<Product>>(text.as_bytes());
            let odd = format!(r#"[{{"Id": {text}, "Pu": {text}, "Attributes": {text}}}]"#);
            if let Ok(products) = crate::http::decode::<Vec<Product>>(odd.as_bytes()) {
                let _ = choose(&products, &ask(Purpose::Register));
            }
        }
    }
}
