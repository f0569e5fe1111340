//! From canonical records to a master file that name servers load and that reads back as the same records.
//!
//! It knows the zone's values only as they are given; nothing is looked up or made up here.

use super::Soa;
use crate::model::dns::name::Apex;
use crate::model::dns::rtype::Rtype;
use crate::model::dns::txt;
use std::cmp::Ordering;
use std::fmt::Write as _;

/// One record to write, canonical.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Host, relative; `@` is the apex.
    pub host: &'a str,
    /// Type.
    pub rtype: &'a str,
    /// Data.
    pub data: &'a str,
    /// Time to live in seconds, where it is not the zone's.
    pub ttl: Option<u32>,
}

/// A zone to write.
#[derive(Debug, Clone, Copy)]
pub struct Zone<'a> {
    /// Its name.
    pub apex: &'a Apex,
    /// Its SOA, serial included.
    pub soa: &'a Soa,
    /// Time to live of records without one of their own.
    pub ttl: u32,
    /// All records, apex NS included; in any order.
    pub records: &'a [Line<'a>],
}

/// A master file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its text.
    pub text: String,
    /// Indices of the records that stand in it as comments only, because their type is a provider's own and
    /// none of the DNS (ALIAS).
    pub left_out: Vec<usize>,
}

/// Writes a zone: SOA, then the apex, then the hosts in order.
pub fn write(zone: &Zone<'_>) -> Written {
    let Zone {
        apex,
        soa,
        ttl,
        records,
    } = zone;
    let Soa {
        primary,
        mailbox,
        serial,
        refresh,
        retry,
        expire,
        minimum,
    } = soa;
    let mut text = format!("$ORIGIN {apex}.\n$TTL {ttl}\n");
    let _ = writeln!(
        text,
        "@\tIN\tSOA\t{primary} {mailbox} {serial} {refresh} {retry} {expire} {minimum}"
    );
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by(|&one, &other| compare(&records[one], &records[other]));
    let mut left_out = Vec::new();
    for index in order {
        let record = &records[index];
        if !is_of_the_dns(record) {
            left_out.push(index);
            text.push_str("; not of the DNS: ");
        }
        push(&mut text, record);
    }
    left_out.sort_unstable();
    Written { text, left_out }
}

/// True if name servers have a form for it: a type of the DNS, one without a name in that of RFC 3597.
fn is_of_the_dns(record: &Line<'_>) -> bool {
    let numbered = record.rtype.starts_with("TYPE");
    Rtype::parse(record.rtype).is_ok_and(|rtype| rtype.number().is_some())
        && (!numbered || record.data.starts_with("\\#"))
}

/// The apex first, there NS first, then by host, type and data.
fn compare(one: &Line<'_>, other: &Line<'_>) -> Ordering {
    let key = |line: &Line<'_>| (line.host != "@", line.host != "@" || line.rtype != "NS");
    key(one)
        .cmp(&key(other))
        .then_with(|| one.host.cmp(other.host))
        .then_with(|| one.rtype.cmp(other.rtype))
        .then_with(|| one.data.cmp(other.data))
}

fn push(out: &mut String, record: &Line<'_>) {
    let mut text = String::new();
    text.push_str(record.host);
    if let Some(ttl) = record.ttl {
        let _ = write!(text, "\t{ttl}");
    }
    let _ = write!(text, "\tIN\t{}\t", record.rtype);
    if matches!(record.rtype, "TXT" | "SPF") {
        match txt::strings(record.data).as_slice() {
            [one] => text.push_str(one),
            several => {
                let _ = write!(text, "( {} )", several.join("\n\t"));
            }
        }
    } else {
        text.push_str(record.data);
    }
    // The same octets; but CI runners that show the file obey `##[…` and `##vso[…` anywhere in a line.
    out.push_str(&text.replace("##", "#\\035"));
    out.push('\n');
}
