//! Namebay's catalogue, its availability calls and its message queue, as a [`Market`].
//!
//! Knows no order: nothing here buys anything, and the call that sets off a new auth code is not made.

use super::api::lenient::Listed;
use super::api::message::Message as Head;
use super::api::product::{Product as Listing, Shelf};
use super::catalogue::{self, Ask, Presence, Purpose};
use super::errors::{self, Fault};
use super::session::Session;
use super::{Namebay, availability, progress};
use crate::http::Response;
use crate::model::market::{Asked, Availability, Checked, Message, Product, ProductFilter};
use crate::model::money::{Cost, Money};
use crate::provider::{Fut, Market, ProviderError, Question};
use std::slice;

/// The word for products about domains, the only one that is documented.
const DOMAINS: &str = "domaine";

impl Market for Namebay {
    fn products<'a>(
        &'a self,
        wanted: &'a ProductFilter,
    ) -> Fut<'a, Result<Vec<Product>, ProviderError>> {
        Box::pin(async {
            let shelf = Shelf {
                kind: wanted.kind.as_deref(),
                subtype: wanted.subtype.as_deref(),
                tld: wanted.tld.as_deref(),
            };
            let listed = listed(&self.session(), shelf).await;
            let listed = listed.map_err(Fault::for_account)?;
            let mut products: Vec<Product> = listed.iter().filter_map(product).collect();
            products.sort_by_key(|product| product.id);
            products.dedup_by_key(|product| product.id);
            Ok(narrowed(products, wanted))
        })
    }

    fn check<'a>(
        &'a self,
        name: &'a str,
        question: Question<'a>,
    ) -> Fut<'a, Result<Checked, ProviderError>> {
        Box::pin(async move {
            let checked = check(&self.session(), (&self.user, name), question).await;
            checked.map_err(Fault::for_account)
        })
    }

    fn message(&self) -> Fut<'_, Result<Option<Message>, ProviderError>> {
        Box::pin(async {
            let head = head(&self.session()).await;
            head.map_err(Fault::for_account)
        })
    }

    fn acknowledge<'a>(&'a self, message: &'a Message) -> Fut<'a, Result<(), ProviderError>> {
        Box::pin(async {
            let session = self.session();
            match session.send(|calls| calls.acknowledge(&message.id)).await {
                Ok(_) => Ok(()),
                // An acknowledgement whose answer was lost is sent again, and finds nothing.
                Err(Fault::Refused(refusal)) if refusal.is_nothing() => Ok(()),
                Err(fault) => Err(fault.for_account()),
            }
        })
    }
}

async fn listed(session: &Session, shelf: Shelf<'_>) -> Result<Vec<Listing>, Fault> {
    Ok(session.list(|calls| calls.products(shelf)).await?.items())
}

/// Some servers pass filters over. A word of theirs may be spelled otherwise in the answer: a filter that would leave
/// nothing of what they chose is theirs alone.
fn narrowed(mut products: Vec<Product>, wanted: &ProductFilter) -> Vec<Product> {
    let mut keep = |fits: &dyn Fn(&Product) -> bool| {
        if products.iter().any(fits) {
            products.retain(fits);
        }
    };
    if let Some(kind) = &wanted.kind {
        keep(&|product| product.kind.eq_ignore_ascii_case(kind));
    }
    if let Some(subtype) = &wanted.subtype {
        keep(&|product| product.subtype.eq_ignore_ascii_case(subtype));
    }
    if let Some(tld) = &wanted.tld {
        keep(&|product| product.tlds.contains(tld));
    }
    products
}

fn product(listing: &Listing) -> Option<Product> {
    let mut tlds: Vec<Box<str>> = listing
        .tlds
        .0
        .iter()
        .filter_map(|tld| tld.0.name.word())
        .map(|name| name.trim_start_matches('.').to_ascii_lowercase().into())
        .collect();
    tlds.sort();
    tlds.dedup();
    let attribute = |attribute: &super::api::product::Attribute| {
        let length = |length: Option<i64>| length.and_then(|length| u32::try_from(length).ok());
        Some(Asked {
            name: attribute.name.word()?.into(),
            mandatory: attribute.mandatory.0 == Some(true),
            min: length(attribute.min_length.0),
            // No length is no limit.
            max: length(attribute.max_length.0).filter(|most| *most > 0),
        })
    };
    Some(Product {
        id: listing.id.0?,
        name: listing.name.word().unwrap_or_default().into(),
        kind: listing.kind.word().unwrap_or_default().into(),
        subtype: listing.subtype.word().unwrap_or_default().into(),
        tlds: tlds.into(),
        unit_price: listing.price.0.map(|amount| Money {
            amount,
            currency: catalogue::CURRENCY.into(),
        }),
        active: listing.active.0,
        attributes: listing
            .attributes
            .0
            .iter()
            .filter_map(|one| attribute(&one.0))
            .collect(),
    })
}

/// What is said of a name, and where it can be had, what its first year costs.
async fn check(
    session: &Session,
    (user, name): (&str, &str),
    question: Question<'_>,
) -> Result<Checked, Fault> {
    let mut checked = Checked {
        name: name.into(),
        availability: None,
        transfer: None,
        price: None,
    };
    let purpose = match question {
        Question::Free => {
            let answer = session.object(|calls| calls.availability(name)).await?;
            let availability = availability::free(&answer);
            let free = availability == Availability::Free;
            checked.availability = Some(availability);
            if !free {
                return Ok(checked);
            }
            Purpose::Register
        }
        Question::Transferable(code) => {
            let sealed = slice::from_ref(code);
            let asked = session.send_sealed(|calls| calls.transferable(name, code), sealed);
            let response = asked.await?;
            let answer = match read(&response) {
                Ok(Some(answer)) => answer,
                Ok(None) => return Err(nonsense(&response, "it is empty")),
                Err(why) => return Err(nonsense(&response, &why)),
            };
            checked.transfer = Some(availability::movable(&answer, code));
            Purpose::Transfer
        }
    };
    checked.price = price(session, (user, name), purpose).await?;
    Ok(checked)
}

async fn price(
    session: &Session,
    (user, name): (&str, &str),
    purpose: Purpose,
) -> Result<Option<Cost>, Fault> {
    let Some((_, tld)) = name.split_once('.') else {
        return Ok(None);
    };
    let shelf = Shelf {
        kind: Some(DOMAINS),
        subtype: None,
        tld: Some(tld),
    };
    let ask = Ask {
        purpose,
        tld,
        product: None,
        presence: Presence::Without,
    };
    let products = listed(session, shelf).await?;
    match catalogue::choose(&products, &ask) {
        Ok(product) => {
            let customer = session.object(|calls| calls.person(user)).await;
            let tax = catalogue::tax(customer.ok().as_ref());
            Ok(Some(catalogue::price(product, 1, tax)))
        }
        Err(catalogue::NoProduct::Several(_)) => Ok(Some(Cost::Unknown)),
        Err(
            catalogue::NoProduct::None
            | catalogue::NoProduct::Unlisted(_)
            | catalogue::NoProduct::Inactive(_),
        ) => Ok(None),
    }
}

/// The head of the queue. What an empty one answers is not documented: null, nothing, a count of nought and 404 are.
async fn head(session: &Session) -> Result<Option<Message>, Fault> {
    let response = match session.send(|calls| calls.message()).await {
        Ok(response) => response,
        Err(Fault::Refused(refusal)) if refusal.is_nothing() => return Ok(None),
        Err(fault) => return Err(fault),
    };
    let head: Option<Head> = read(&response).map_err(|why| nonsense(&response, &why))?;
    let Some(head) = head else { return Ok(None) };
    let status = head.about.0.status.0;
    Ok(progress::event(&head).map(|event| Message {
        id: event.id,
        name: event.word,
        object: event.handle,
        class: event.class,
        ticket: event.ticket,
        status,
        at: event.at,
    }))
}

/// One object, or nothing.
fn read<T: serde::de::DeserializeOwned>(response: &Response) -> Result<Option<T>, String> {
    if response.status == 204 || response.is_blank() {
        return Ok(None);
    }
    match response.json() {
        Ok(Listed::One(item)) => Ok(Some(item)),
        Ok(Listed::List(items)) => Ok(items.into_iter().next()),
        Ok(Listed::Null) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

fn nonsense(response: &Response, why: &str) -> Fault {
    Fault::Nonsense(errors::unusable("the answer", response.status, why))
}
