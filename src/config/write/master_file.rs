//! What is live of a zone, as the RFC 1035 master file of `export`: name servers load it, and a zone that
//! names it as its `file` wants no change.
//!
//! The SOA is the provider's own and is told by some of them; what is not told gets usual values. What no
//! name server would load stands in comments. Nothing here asks a provider or opens a file.

use super::{LeftOut, Written, text};
use crate::model::dns::check::{self, Entry, Rule};
use crate::model::dns::masterfile::{self, Line, Soa};
use crate::model::dns::{Apex, Host, Reading, Rtype, data, name};
use crate::model::{Address, Attrs, Data, Kind, Live, Part, Seen};
use jiff::civil::DateTime;
use std::fmt::Write as _;

/// Where a zone's own TTL was not read.
const TTL: u32 = 3600;
/// Times of an SOA that was not read, in seconds: within RFC 1912 (2.2) and what Namebay allows.
const REFRESH: u32 = 10_800;
const RETRY: u32 = 600;
const EXPIRE: u32 = 1_209_600;
const MINIMUM: u32 = 3600;

/// Writes a live zone; `None` if it was not read.
///
/// Of the zone's outputs `soa_primary`, `soa_mailbox` (a name or a mail address), `soa_serial` (a number, or
/// the text of a date), `soa_refresh`, `soa_retry`, `soa_expire` and `soa_minimum` are used where they are
/// there. A serial that cannot be read is 1.
pub fn master_file(live: &Live, zone: &Address) -> Option<Written> {
    let seen = live.objects.get(zone)?;
    let apex = Apex::from_canonical(zone.domain.clone());
    let entries = entries(live, zone);
    let delegated = delegated(live, zone, &entries);
    let refused = refused(&apex, &entries);
    let mut lines: Vec<Line<'_>> = delegated
        .iter()
        .map(|server| line("@", "NS", server))
        .collect();
    let mut left_out = Vec::new();
    let mut comments = String::new();
    for (entry, refused) in entries.iter().zip(refused) {
        let Some(reason) = refused else {
            lines.push(line(entry.host, entry.rtype, entry.data));
            continue;
        };
        let _ = writeln!(
            comments,
            "; left out: {} {} {} ({})",
            text::comment(entry.host),
            text::comment(entry.rtype),
            text::quoted(entry.data),
            text::comment(&reason)
        );
        left_out.push(left(zone, entry.host, entry.rtype, reason));
    }
    let ttl = seen.part(&Part::new("ttl"));
    let ttl = ttl.and_then(|part| seconds(&part.attrs, "ttl"));
    let written = masterfile::write(&masterfile::Zone {
        apex: &apex,
        soa: &soa(&apex, seen, &lines),
        ttl: ttl.filter(|ttl| *ttl <= 0x7FFF_FFFF).unwrap_or(TTL),
        records: &lines,
    });
    left_out.extend(written.left_out.iter().map(|&at| {
        let Line { host, rtype, .. } = lines[at];
        left(zone, host, rtype, "its type is none of the DNS".into())
    }));
    Some(Written {
        text: written.text + &comments,
        left_out,
    })
}

fn line<'a>(host: &'a str, rtype: &'a str, data: &'a str) -> Line<'a> {
    Line {
        host,
        rtype,
        data,
        ttl: None,
    }
}

fn left(zone: &Address, host: &str, rtype: &str, reason: String) -> LeftOut {
    LeftOut {
        what: Address::record(&zone.account, &zone.domain, host, rtype).full_text(),
        reason,
    }
}

/// The values of a zone, each once. The SOA is written from the zone itself, signatures are made anew.
fn entries<'a>(live: &'a Live, zone: &Address) -> Vec<Entry<'a>> {
    let start = Address::record(&zone.account, &zone.domain, "", "");
    let start = Address {
        name: "".into(),
        ..start
    };
    let mut entries: Vec<Entry<'a>> = live
        .objects
        .range(&start..)
        .take_while(|(address, _)| {
            address.account == zone.account
                && address.domain == zone.domain
                && address.kind == Kind::Record
        })
        .filter_map(|(address, seen)| Some((address.host_and_type()?, seen)))
        .filter(|((_, rtype), _)| *rtype != "SOA" && !super::is_made_by_signing(rtype))
        .flat_map(|((host, rtype), seen)| {
            seen.parts.iter().map(move |part| Entry {
                host,
                rtype,
                data: part.attrs.text("data").unwrap_or(&part.part.0),
            })
        })
        .collect();
    entries.sort_by_key(|entry| (entry.host, entry.rtype, entry.data));
    entries.dedup();
    entries
}

/// The name servers of the delegation, for a zone whose own were not read: without any it is no zone.
fn delegated(live: &Live, zone: &Address, entries: &[Entry<'_>]) -> Vec<String> {
    if entries
        .iter()
        .any(|entry| (entry.host, entry.rtype) == ("@", "NS"))
    {
        return Vec::new();
    }
    let domain = Address::of(&zone.account, &zone.domain, Kind::Domain);
    let part = live.objects.get(&domain);
    let part = part.and_then(|seen| seen.part(&Part::new("delegation")));
    let Some(Data::List(names)) = part.and_then(|part| part.attrs.data("name_servers")) else {
        return Vec::new();
    };
    names
        .iter()
        .filter_map(|text| Some(format!("{}.", name::full(text).ok()?)))
        .collect()
}

/// Why each value cannot stand in the file, where it cannot.
fn refused(apex: &Apex, entries: &[Entry<'_>]) -> Vec<Option<String>> {
    let mut refused: Vec<Option<String>> = entries
        .iter()
        .map(|entry| unreadable(apex, entry).err())
        .collect();
    let (indices, readable): (Vec<usize>, Vec<Entry<'_>>) = entries
        .iter()
        .enumerate()
        .filter(|(at, _)| refused[*at].is_none())
        .map(|(at, entry)| (at, *entry))
        .unzip();
    for finding in check::zone(apex, &readable) {
        match finding.rule {
            Rule::CnameAtApex | Rule::CnameBeside | Rule::TwoCnames => {
                refused[indices[finding.at]].get_or_insert(finding.reason);
            }
            // A name server loads these; what receivers make of them is another matter.
            Rule::Duplicate
            | Rule::CnameLoop
            | Rule::TargetIsCname
            | Rule::NullMxBeside
            | Rule::CaaValue
            | Rule::TwoSpf
            | Rule::SpfLookups => {}
        }
    }
    refused
}

/// Data that came as no record can be would break the line, and those after it.
fn unreadable(apex: &Apex, entry: &Entry<'_>) -> Result<(), String> {
    let whole = Host::from_canonical(entry.host).absolute(apex);
    let host = Host::from_person(apex, &whole).map_err(|error| error.to_string())?;
    if host.as_str() != entry.host {
        return Err("its host is no canonical name".into());
    }
    let rtype = Rtype::parse(entry.rtype).map_err(|error| error.reason)?;
    if rtype.is_text() {
        return Ok(());
    }
    let read = data::parse(&rtype, entry.data, Reading::server(apex));
    let read = read.map_err(|error| error.reason)?;
    if *read == *entry.data && rtype.as_str() == entry.rtype {
        Ok(())
    } else {
        Err("its value is not in canonical form".into())
    }
}

fn soa(apex: &Apex, seen: &Seen, lines: &[Line<'_>]) -> Soa {
    let told = &seen.outputs;
    let absolute = |text: &str| Some(format!("{}.", name::full(text).ok()?).into());
    let first = lines
        .iter()
        .filter(|line| (line.host, line.rtype) == ("@", "NS"))
        .map(|line| line.data)
        .min();
    let primary = told
        .text("soa_primary")
        .and_then(absolute)
        .or_else(|| first.map(Into::into));
    let mailbox = told
        .text("soa_mailbox")
        .and_then(|text| match text.split_once('@') {
            Some((local, domain)) => absolute(&format!("{}.{domain}", local.replace('.', "\\."))),
            None => absolute(text),
        });
    let or = |key: &str, usual: u32| seconds(told, key).unwrap_or(usual);
    Soa {
        primary: primary.unwrap_or_else(|| format!("{apex}.").into()),
        mailbox: mailbox.unwrap_or_else(|| format!("hostmaster.{apex}.").into()),
        serial: told.data("soa_serial").and_then(serial).unwrap_or(1),
        refresh: or("soa_refresh", REFRESH),
        retry: or("soa_retry", RETRY),
        expire: or("soa_expire", EXPIRE),
        minimum: or("soa_minimum", MINIMUM),
    }
}

fn seconds(attrs: &Attrs, key: &str) -> Option<u32> {
    u32::try_from(attrs.int(key)?).ok()
}

/// A number as it is; a moment in seconds since 1970, in UTC where it names no zone.
fn serial(told: &Data) -> Option<u32> {
    let text = match told {
        Data::Int(number) => return u32::try_from(*number).ok(),
        Data::Text(text) => text,
        Data::Bool(_) | Data::List(_) | Data::Print(_) => return None,
    };
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let text = words.join(" ");
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let moment = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let spoken = ["%b %d %Y %I:%M%p", "%b %d %Y %I:%M:%S%p", "%b %d %Y %H:%M"]
            .iter()
            .find_map(|form| DateTime::strptime(form, &text).ok());
        let civil = spoken.or_else(|| text.parse().ok())?;
        civil
            .to_zoned(jiff::tz::TimeZone::UTC)
            .ok()
            .map(|zoned| zoned.timestamp())
    })?;
    u32::try_from(moment.as_second()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_is_a_number_or_a_moment() {
        let read = |text: &str| serial(&Data::Text(text.into()));
        assert_eq!(read("Apr 16 2025 11:37AM"), Some(1_744_803_420));
        assert_eq!(read(" Apr  6 2025  1:07PM"), Some(1_743_944_820));
        assert_eq!(read("2025-04-16T11:37:00"), Some(1_744_803_420));
        assert_eq!(read("2025-04-16T13:37:00+02:00"), Some(1_744_803_420));
        assert_eq!(read("2025041601"), Some(2_025_041_601));
        assert_eq!(read("yesterday"), None);
        assert_eq!(read("1905-01-01T00:00:00Z"), None);
        assert_eq!(serial(&Data::Int(-1)), None);
        assert_eq!(serial(&Data::Int(7)), Some(7));
    }
}
