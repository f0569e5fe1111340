//! What Namebay answers, as the model has it; pure.
//!
//! This is the only place that knows that a zone has its domain's handle, which letter stands for which role, and
//! which words of a status mean that a domain is locked. It sends nothing and keeps nothing.

#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "what orders and quotes are made of; nothing orders yet"
    )
)]
pub(super) mod contact;
pub(super) mod hosting;
pub(super) mod mail;
pub(super) mod redirect;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::dns::{Apex, Field, Fields, Host, Reading, Rtype, data, txt};
use crate::model::{
    Account, Address, Attrs, Data, Declared, Handle, Kind, Part, Seen, SeenPart, Value, Wanted,
};

use super::api;
use super::spelling;

/// A record's value, read into canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Read {
    /// Where.
    pub(super) host: Host,
    /// What.
    pub(super) rtype: Rtype,
    /// The value; as it came, if it cannot be read.
    pub(super) data: Arc<str>,
    /// What is wrong with the value, if it cannot be read.
    pub(super) flaw: Option<String>,
    /// The record's id.
    pub(super) id: Option<Box<str>>,
}

/// All records of a zone that could be read.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// By address, sorted.
    pub(super) objects: Vec<(Address, Seen)>,
    /// How many values.
    pub(super) values: usize,
    /// What could not be read, in words.
    pub(super) flaws: Vec<(Option<Address>, String)>,
}

/// Reads one record; `known` says whether a value is expected at a host and type, which settles what a text in quotes
/// means where the zone does not tell.
pub(super) fn record(
    zone: &Apex,
    seen: &spelling::Seen,
    record: &api::zone::Record,
    known: &dyn Fn(&Host, &Rtype, &str) -> bool,
) -> Result<Read, String> {
    let host = match record.host.raw() {
        plain if Host::is_plain(zone, plain) => Host::from_canonical(plain),
        other => Host::from_server(zone, other, seen.host_form())
            .map_err(|error| format!("a record's host cannot be read: {error}"))?,
    };
    let rtype = Rtype::parse(record.rtype.raw())
        .map_err(|error| format!("the type of a record at {host} cannot be read: {error}"))?;
    let value = if rtype.is_text() {
        let text = |value: &str| known(&host, &rtype, value);
        read_text(record.data.raw(), seen, &text)
    } else {
        read_value(zone, &rtype, record)
    };
    let (data, flaw) = match value {
        Ok(data) => (data, None),
        Err(flaw) => (record.data.raw().trim().into(), Some(flaw)),
    };
    Ok(Read {
        host,
        rtype,
        data,
        flaw,
        id: record.id.word().map(Into::into),
    })
}

/// A text in quotes is a quoted text: texts that hold their own quotes are rare, and a server that does not quote has to
/// quote those to be understood. Only where the zone shows text without quotes, and the text with its quotes is what is
/// expected, it is that.
fn read_text(
    raw: &str,
    seen: &spelling::Seen,
    known: &dyn Fn(&str) -> bool,
) -> Result<Arc<str>, String> {
    let said = |error: crate::model::dns::DataError| error.reason;
    if !txt::looks_quoted(raw) {
        return match txt::is_plain(raw) {
            true => Ok(raw.into()),
            false => txt::from_text(raw).map(Arc::from).map_err(said),
        };
    }
    let quoted = txt::from_presentation(raw).map_err(said)?;
    if seen.has_bare_text() && !known(&quoted) {
        let plain = txt::from_text(raw).map_err(said)?;
        if known(&plain) {
            return Ok(plain.into());
        }
    }
    Ok(quoted.into())
}

fn read_value(zone: &Apex, rtype: &Rtype, record: &api::zone::Record) -> Result<Arc<str>, String> {
    let reading = Reading::server(zone);
    let raw = record.data.raw().trim();
    if data::is_plain(rtype, raw) {
        return Ok(raw.into());
    }
    let parsed = |text: &str| match data::parse(rtype, text, reading) {
        Ok(value) => Ok(value.into()),
        Err(error) => Err(error.reason),
    };
    let weight = record.weight.0.unwrap_or(0);
    let fields = match rtype.as_str() {
        _ if raw.starts_with("\\#") => return parsed(raw),
        "MX" if raw.split_ascii_whitespace().count() < 2 => {
            Fields::new(raw).int(Field::Priority, weight)
        }
        "SRV" if raw.split_ascii_whitespace().count() < 4 => {
            return parsed(&format!("{weight} {raw}"));
        }
        "NAPTR" => return parsed(&naptr(raw, weight, record)),
        _ => return parsed(raw),
    };
    let value = data::from_fields(rtype, &fields, reading).map_err(|errors| {
        let reasons: Vec<String> = errors.into_iter().map(|error| error.reason).collect();
        reasons.join("; ")
    })?;
    Ok(value.into())
}

/// Puts a NAPTR together (order, preference, flags, service, expression, replacement): what `Data` does not hold comes
/// from the members. The reference has members for preference, flags and expression; that the order is `Weight`, and
/// that the rest is in `Data`, are guesses, so that any number of fields in `Data` is accepted.
fn naptr(raw: &str, weight: i64, record: &api::zone::Record) -> String {
    let words = data::split(raw);
    let word = |at: usize| words.get(at).map_or("", |word| &**word);
    let preference = record.naptr_preference.word().unwrap_or("0");
    let (flag, regexp) = (record.naptr_flag.raw().trim(), record.naptr_regexp.raw());
    let build = |order: &str, preference: &str, service: &str, replacement: &str| {
        let (flag, service, regexp) = (quoted(flag), quoted(service), quoted(regexp));
        format!("{order} {preference} {flag} {service} {regexp} {replacement}")
    };
    let order = weight.to_string();
    match words.len() {
        0 => build(&order, preference, "", "."),
        1 => build(&order, preference, "", word(0)),
        2 => build(&order, preference, word(0), word(1)),
        3 => build(word(0), preference, word(1), word(2)),
        4 => build(word(0), word(1), word(2), word(3)),
        5 => format!("{order} {raw}"),
        _ => raw.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Reads all records of a zone. SOA is left out: the server keeps it, and nothing of it can be written. What is as the
/// file says shares its texts with the file's side.
pub(super) fn records(
    account: &Account,
    zone: &Apex,
    (seen, list): (&spelling::Seen, &[api::zone::Record]),
    declared: &BTreeMap<Address, Declared>,
) -> Records {
    let mut read = Records::default();
    let mut parts: Vec<(Address, SeenPart)> = Vec::with_capacity(list.len());
    let address = |host: &Host, rtype: &Rtype| {
        Address::record(account, zone.shared(), host.as_str(), rtype.as_str())
    };
    for item in list {
        let expected = |host: &Host, rtype: &Rtype, value: &str| {
            let declared = declared.get(&address(host, rtype));
            declared.is_some_and(|declared| wanted(declared, value).is_some())
        };
        let value = match record(zone, seen, item, &expected) {
            Ok(value) if value.rtype.as_str() == "SOA" => continue,
            Ok(value) => value,
            Err(flaw) => {
                read.flaws.push((None, flaw));
                continue;
            }
        };
        let address = address(&value.host, &value.rtype);
        if let Some(flaw) = value.flaw {
            read.flaws.push((
                Some(address.clone()),
                format!("a value here cannot be read and is shown as it came: {flaw}"),
            ));
        }
        read.values += 1;
        let part = SeenPart {
            part: Part(value.data.clone()),
            handle: value.id.map(Handle),
            attrs: Attrs::one("data", Value::Known(Data::Text(value.data))),
            owner: None,
        };
        parts.push((address, part));
    }
    // Ids are numbers, so the shorter is the smaller.
    let id = |part: &SeenPart| part.handle.as_ref().map(|id| (id.0.len(), id.0.clone()));
    parts.sort_by(|(a_at, a), (b_at, b)| {
        (a_at, &a.part)
            .cmp(&(b_at, &b.part))
            .then_with(|| id(a).cmp(&id(b)))
    });
    let mut parts = parts.into_iter().peekable();
    let first = Address::of(account, zone.shared(), Kind::Record);
    let mut file = declared.range(first..).peekable();
    while let Some((address, first)) = parts.next() {
        let mut all = vec![first];
        while let Some((_, next)) = parts.next_if(|(next, _)| *next == address) {
            all.push(next);
        }
        while file.next_if(|(next, _)| **next < address).is_some() {}
        let address = match file.next_if(|(next, _)| **next == address) {
            Some((known, declared)) => {
                all.iter_mut().for_each(|part| share(part, declared));
                known.clone()
            }
            None => address,
        };
        let seen = Seen {
            parts: all.into(),
            ..Seen::default()
        };
        read.objects.push((address, seen));
    }
    read
}

/// The declared value that equals this one.
fn wanted<'a>(declared: &'a Declared, value: &str) -> Option<&'a Wanted> {
    let parts = &declared.parts;
    let found = parts.binary_search_by(|wanted| (*wanted.part.0).cmp(value));
    found.ok().map(|at| &parts[at])
}

/// Takes texts from the file's side where they are equal: a portfolio holds fifty thousand of them.
fn share(part: &mut SeenPart, declared: &Declared) {
    if let Some(wanted) = wanted(declared, &part.part.0) {
        part.part = wanted.part.clone();
        if wanted.attrs == part.attrs {
            part.attrs = wanted.attrs.clone();
        }
    }
}

/// Name servers in one order: Namebay's own first, because a zone is only made for a domain whose first one they are
/// (714), then by name.
pub(super) fn name_servers<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Vec<Box<str>> {
    let mut names: Vec<Box<str>> = names
        .into_iter()
        .filter(|name| !name.as_ref().trim().is_empty())
        .map(|name| {
            let name = name.as_ref().trim();
            crate::model::dns::name::full(name).unwrap_or_else(|_| name.to_ascii_lowercase().into())
        })
        .collect();
    names.sort_by(|a, b| (!is_own_server(a), a).cmp(&(!is_own_server(b), b)));
    names.dedup();
    names
}

/// True for Namebay's own name servers.
pub(super) fn is_own_server(name: &str) -> bool {
    name == "namebay.com" || name.ends_with(".namebay.com")
}

/// A contact's handle in one spelling.
pub(super) fn contact(handle: &str) -> String {
    handle.trim().to_ascii_uppercase()
}

/// The roles that can be set, with their letters.
pub(super) const ROLES: [(&str, &str); 3] = [("admin", "A"), ("billing", "B"), ("tech", "T")];

/// The contacts of a domain by role.
pub(super) fn contacts(list: &[api::domain::Contact]) -> Attrs {
    let found = ROLES.iter().filter_map(|(name, letter)| {
        let holder = list.iter().find(|contact| {
            contact
                .role
                .word()
                .is_some_and(|role| role.eq_ignore_ascii_case(letter))
        })?;
        let handle = contact(holder.handle.word()?);
        Some((*name, Value::text(&handle)))
    });
    Attrs::new(found.collect())
}

/// Whether a status says that a domain is locked; none for words that say nothing about it.
pub(super) fn locked(status: &str) -> Option<bool> {
    match status.trim().to_ascii_lowercase().as_str() {
        "protected" | "protect" | "lock" | "locked" | "clienttransferprohibited" => Some(true),
        "active" | "ok" | "unprotected" | "unlocked" => Some(false),
        _ => None,
    }
}

/// A domain's settings, as far as they can be read.
pub(super) fn settings(domain: &api::domain::Domain) -> Attrs {
    let all = [
        ("locked", domain.status.word().and_then(locked)),
        ("whois_privacy", domain.whois_privacy.0),
        ("auto_renew", domain.auto_renew.0),
    ];
    let read = all
        .into_iter()
        .filter_map(|(name, yes)| Some((name, Value::bool(yes?))));
    Attrs::new(read.collect())
}

/// A name that an answer gives, in the form of addresses; none if it is no domain name.
pub(super) fn domain_name(name: &api::lenient::Text) -> Option<Arc<str>> {
    let apex = Apex::parse(name.word()?).ok()?;
    Some(Arc::clone(apex.shared()))
}

/// What the API tells of a zone's SOA, for a master file; `SoaSerial` is a text that is not understood here.
pub(super) fn soa(zone: &api::zone::Zone) -> Attrs {
    let texts = [
        ("soa_primary", &zone.primary),
        ("soa_mailbox", &zone.person),
        ("soa_serial", &zone.serial),
    ];
    let numbers = [
        ("soa_refresh", zone.refresh.0),
        ("soa_retry", zone.retry.0),
        ("soa_expire", zone.expire.0),
        ("soa_minimum", zone.minimum.0),
    ];
    let texts = texts
        .into_iter()
        .filter_map(|(name, text)| Some((name, Value::text(text.word()?))));
    let numbers = numbers
        .into_iter()
        .filter_map(|(name, number)| Some((name, Value::int(number?))));
    Attrs::new(texts.chain(numbers).collect())
}
