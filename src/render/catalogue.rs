//! What is for sale, and whether a name is free, as tables for people and JSON for programs.
//!
//! Knows no provider; every word of theirs is shown escaped.

use super::escape::{inert, shorten};
use super::style::{Style, Tone, columns, pad};
use crate::model::Account;
use crate::model::market::{Asked, Availability, Checked, Product, Transferability};
use crate::model::money::{Cost, Money};
use crate::plan::file::text::to_text;
use serde::Serialize;

/// Most characters of a word that a provider says.
const TEXT: usize = 300;
/// What is shown where nothing is known.
const NOTHING: &str = "-";

/// A product, and the account that it is offered to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Whose catalogue it is in.
    pub account: Account,
    /// What is offered.
    pub product: Product,
}

/// What was found out about a name, and through which account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Who asked.
    pub account: Account,
    /// What was answered.
    pub checked: Checked,
}

#[derive(Serialize)]
struct Amount {
    amount: String,
    currency: String,
}

impl Amount {
    fn of(money: &Money) -> Self {
        Self {
            amount: money.amount.to_string(),
            currency: money.currency.to_string(),
        }
    }
}

#[derive(Serialize)]
struct AskedForm<'a> {
    name: &'a str,
    mandatory: bool,
    min: Option<u32>,
    max: Option<u32>,
}

#[derive(Serialize)]
struct ProductForm<'a> {
    account: &'a str,
    id: i64,
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    subtype: &'a str,
    tlds: &'a [Box<str>],
    active: Option<bool>,
    unit_price: Option<Amount>,
    attributes: Vec<AskedForm<'a>>,
}

/// A list of products.
pub fn json(all: &[Offered]) -> String {
    let form = |offered: &Offered| {
        let Offered { account, product } = offered;
        let Product {
            id,
            name,
            kind,
            subtype,
            tlds,
            unit_price,
            active,
            attributes,
        } = product;
        serde_json::to_value(ProductForm {
            account: account.as_str(),
            id: *id,
            name,
            kind,
            subtype,
            tlds,
            active: *active,
            unit_price: unit_price.as_ref().map(Amount::of),
            attributes: attributes
                .iter()
                .map(
                    |Asked {
                         name,
                         mandatory,
                         min,
                         max,
                     }| AskedForm {
                        name,
                        mandatory: *mandatory,
                        min: *min,
                        max: *max,
                    },
                )
                .collect(),
        })
    };
    let all: Vec<_> = all.iter().filter_map(|one| form(one).ok()).collect();
    to_text(&all)
}

/// A block a product: its number, price and name, then what an order of it has to say.
pub fn table(all: &[Offered], style: Style) -> String {
    let row = |offered: &Offered| {
        let product = &offered.product;
        let price = match &product.unit_price {
            // Some have four decimals; none is lost, and none has fewer than two.
            Some(price) if price.amount.normalize().scale() > 2 => {
                format!("{} {}", price.amount.normalize(), price.currency)
            }
            Some(price) => price.to_string(),
            None => "price not told".into(),
        };
        [
            offered.account.to_string(),
            product.id.to_string(),
            price,
            format!("{}/{}", said(&product.kind), said(&product.subtype)),
            said(&product.name),
        ]
    };
    let rows: Vec<[String; 5]> = all.iter().map(row).collect();
    let widths = widths(&rows);
    let mut text = String::new();
    for (cells, offered) in rows.iter().zip(all) {
        let [account, id, price, kind, name] = cells;
        let id_pad = pad(id, widths[1]);
        let price_pad = pad(price, widths[2]);
        text.push_str(&format!(
            "{account}{}  {id_pad}{}  {price_pad}{price}  {kind}{}  {name}\n",
            pad(account, widths[0]),
            style.paint(Tone::Heading, id),
            pad(kind, widths[3]),
        ));
        let product = &offered.product;
        if product.active == Some(false) {
            text.push_str(&style.paint(Tone::Quiet, "    cannot be ordered now\n"));
        }
        if !product.tlds.is_empty() {
            let tlds: Vec<String> = product
                .tlds
                .iter()
                .map(|tld| format!(".{}", said(tld)))
                .collect();
            let line = format!("    for {}\n", shorten(&tlds.join(" "), TEXT));
            text.push_str(&style.paint(Tone::Quiet, line));
        }
        if !product.attributes.is_empty() {
            let asked: Vec<String> = product.attributes.iter().map(asked).collect();
            let line = format!("    asks for {}\n", asked.join(", "));
            text.push_str(&style.paint(Tone::Quiet, line));
        }
    }
    if !all.is_empty() {
        text.push_str(
            "\nPrices are for one unit and year, before tax. * is needed, or has a default.\n",
        );
    }
    text
}

fn asked(asked: &Asked) -> String {
    let star = if asked.mandatory { "*" } else { "" };
    let length = match (asked.min, asked.max) {
        (None, None) => String::new(),
        (Some(min), None) => format!(" (at least {min} characters)"),
        (None, Some(max)) => format!(" (at most {max} characters)"),
        (Some(min), Some(max)) => format!(" ({min} to {max} characters)"),
    };
    format!("{}{star}{length}", said(&asked.name))
}

#[derive(Serialize)]
struct CheckedForm<'a> {
    name: &'a str,
    account: &'a str,
    status: Option<&'static str>,
    transfer: Option<&'static str>,
    text: Option<&'a str>,
    price: Option<Amount>,
    sure: Option<&'static str>,
}

/// A list of names.
pub fn checked_json(all: &[Answered]) -> String {
    let form = |answered: &Answered| {
        let Answered { account, checked } = answered;
        let Checked {
            name,
            availability,
            transfer,
            price,
        } = checked;
        let (status, why) = availability.as_ref().map(status).unzip();
        let (can, told) = transfer.as_ref().map(transferability).unzip();
        let (price, sure) = match price {
            Some(Cost::Exact(money)) => (Some(Amount::of(money)), Some("exact")),
            Some(Cost::AtMost(money)) => (Some(Amount::of(money)), Some("at-most")),
            Some(Cost::Unknown) => (None, Some("unknown")),
            None => (None, None),
        };
        serde_json::to_value(CheckedForm {
            name,
            account: account.as_str(),
            status,
            transfer: can,
            text: why.flatten().or(told.flatten()),
            price,
            sure,
        })
    };
    let all: Vec<_> = all.iter().filter_map(|one| form(one).ok()).collect();
    to_text(&all)
}

/// A line a name.
pub fn checked_table(all: &[Answered]) -> String {
    let row = |answered: &Answered| {
        let checked = &answered.checked;
        let (status, why) = checked.availability.as_ref().map(status).unzip();
        let (can, told) = checked.transfer.as_ref().map(transferability).unzip();
        let word = match (status, can) {
            (Some(status), _) => status.to_owned(),
            (None, Some("yes")) => "can be transferred".into(),
            (None, Some("under-way")) => "its transfer is under way".into(),
            (None, Some(_)) => "cannot be transferred".into(),
            (None, None) => NOTHING.into(),
        };
        let price = match &checked.price {
            Some(Cost::Exact(money)) => format!("{money} a year"),
            Some(Cost::AtMost(money)) => format!("at most {money} a year"),
            Some(Cost::Unknown) => "price not told".into(),
            None => String::new(),
        };
        let why = why.flatten().or(told.flatten()).map(said);
        [said(&checked.name), word, price, why.unwrap_or_default()]
    };
    let rows: Vec<[String; 4]> = all.iter().map(row).collect();
    let widths = widths(&rows);
    let mut text = String::new();
    for [name, word, price, why] in &rows {
        let line = format!(
            "{name}{}  {word}{}  {price}{}  {why}",
            pad(name, widths[0]),
            pad(word, widths[1]),
            pad(price, widths[2]),
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn status(availability: &Availability) -> (&'static str, Option<&str>) {
    match availability {
        Availability::Free => ("free", None),
        Availability::Taken => ("taken", None),
        Availability::Forbidden(why) => ("forbidden", why.as_deref()),
        Availability::Reserved(why) => ("reserved", why.as_deref()),
        Availability::Unknown(word) => ("unknown", Some(word)),
    }
}

fn transferability(transfer: &Transferability) -> (&'static str, Option<&str>) {
    match transfer {
        Transferability::Yes => ("yes", None),
        Transferability::No(why) => ("no", why.as_deref()),
        Transferability::UnderWay => ("under-way", None),
    }
}

fn said(text: &str) -> String {
    shorten(&inert(text), TEXT).into_owned()
}

fn widths<const N: usize>(rows: &[[String; N]]) -> [usize; N] {
    let widest = |column: usize| rows.iter().map(|row| columns(&row[column])).max();
    std::array::from_fn(|column| widest(column).unwrap_or_default())
}
