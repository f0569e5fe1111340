//! Mail addresses: which there are, lists of them, and whether they are free.

use std::collections::BTreeSet;

use serde_json::Value;

use super::call::Failure;
use super::desk::Desk;
use super::dialect::MailListPut;
use super::fields::Fields;
use super::mailbox;
use super::rdata::{self, Undotted};
use super::state::{MailService, Mailbox};

/// Reads an address in small letters; nothing where it is none.
fn read(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let (local, domain) = text.rsplit_once('@')?;
    let name = rdata::absolute(domain, Undotted::Complete)?;
    let fits =
        |letter: char| letter.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(letter);
    let fine = !local.is_empty() && local.chars().all(fits) && domain.contains('.');
    fine.then(|| format!("{local}@{}", name.trim_end_matches('.')))
}

/// Reads an address of the domain of a service; nothing where it is another.
pub(super) fn own(text: &str, service: &MailService) -> Option<String> {
    let address = read(text)?;
    let own = address
        .rsplit_once('@')
        .is_some_and(|(_, domain)| domain == service.domain);
    own.then_some(address)
}

/// Sets a list of addresses that a request names; those of a service must be below its domain.
pub(super) fn set_list(
    desk: &Desk<'_>,
    fields: &Fields,
    member: (&str, Option<&MailService>),
    list: &mut Vec<String>,
) -> Result<(), Failure> {
    let (name, service) = member;
    if !desk.told(fields, name) {
        return Ok(());
    }
    let sent: Vec<String> = match fields.get(name) {
        None => Vec::new(),
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or_else(|| Failure::model(name, "A list of strings is expected."))?,
        Some(
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_),
        ) => {
            return Err(Failure::model(name, "A list of strings is expected."));
        }
    };
    for text in &sent {
        let known = match service {
            Some(service) => own(text, service),
            None => read(text),
        };
        known.ok_or_else(|| mailbox::invalid(name))?;
    }
    if desk.dialect.mail_list_put == MailListPut::Replace {
        list.clear();
    }
    let mut seen: BTreeSet<String> = list.iter().map(|item| item.to_ascii_lowercase()).collect();
    let new = sent
        .into_iter()
        .filter(|item| seen.insert(item.to_ascii_lowercase()));
    list.extend(new);
    Ok(())
}

/// Refuses an address that another mailbox has, as its own or as a further one.
pub(super) fn free(desk: &Desk<'_>, mailbox: &Mailbox) -> Result<(), Failure> {
    let mut mine: BTreeSet<String> = mailbox
        .alias
        .iter()
        .map(|a| a.to_ascii_lowercase())
        .collect();
    mine.insert(mailbox.address.clone());
    let others = desk
        .state
        .services
        .mailboxes
        .values()
        .filter(|other| other.service == mailbox.service && other.handle != mailbox.handle);
    let clash = others.into_iter().any(|other| {
        mine.contains(&other.address)
            || other
                .alias
                .iter()
                .any(|alias| mine.contains(&alias.to_ascii_lowercase()))
    }) || desk
        .state
        .mailbox(&mailbox.address)
        .is_some_and(|other| other.handle != mailbox.handle);
    if clash {
        return Err(Failure::code(551, "Duplicate values"));
    }
    Ok(())
}
