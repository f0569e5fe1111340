//! Laws of the canonical forms, over generated and over hostile input.

use super::masterfile::{read_text, values, written};
use bailiwick::model::dns::check::{self, Entry};
use bailiwick::model::dns::masterfile::{At, Record, Ttl};
use bailiwick::model::dns::name::{self, HostForm};
use bailiwick::model::dns::{Apex, Field, Fields, Host, Reading, Rtype, data, txt};
use proptest::prelude::*;
use std::sync::Arc;

const TYPES: &[&str] = &[
    "A",
    "AAAA",
    "CNAME",
    "NS",
    "PTR",
    "DNAME",
    "ALIAS",
    "MX",
    "SRV",
    "NAPTR",
    "CAA",
    "TLSA",
    "SMIMEA",
    "SSHFP",
    "DS",
    "CDS",
    "DNSKEY",
    "CERT",
    "OPENPGPKEY",
    "URI",
    "AFSDB",
    "RP",
    "HINFO",
    "SVCB",
    "HTTPS",
    "LOC",
    "TXT",
    "SPF",
    "TYPE65280",
    "APL",
    "X-NEW",
];

pub(crate) fn zone() -> Apex {
    Apex::parse("example.com").unwrap()
}

fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,8}[a-zA-Z0-9])?",
        1 => Just("*".to_owned()),
        1 => "[a-z]{0,2}\\\\[.@$; ()\"][a-z]{0,2}",
        1 => "\\\\(00[0-9]|1[3-9][0-9]|2[0-4][0-9])",
        1 => "[äöüßéàñ日本ελ]{1,3}",
    ]
}

pub(crate) fn dotted() -> impl Strategy<Value = String> {
    prop::collection::vec(label(), 1..5).prop_map(|labels| labels.join("."))
}

fn target() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => dotted().prop_map(|name| format!("{name}.")),
        1 => Just(".".to_owned()),
        1 => Just("@".to_owned()),
        1 => label(),
    ]
}

/// Text with what quoting stumbles over.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[ -~]{0,40}",
        2 => "[\"\\\\;() 0-9a]{0,12}",
        1 => ".{0,20}",
        1 => "(\\\\[0-9]{3}|\\\\\\\\|a){0,6}",
        1 => (250usize..520).prop_map(|length| "x".repeat(length)),
    ]
}

/// A string of presentation form for some octets.
fn quoted(octets: &[u8]) -> String {
    let escaped: String = octets.iter().map(|octet| format!("\\{octet:03}")).collect();
    format!("\"{escaped}\"")
}

fn octets(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..most)
}

fn hex(length: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(any::<u8>(), length)
        .prop_map(|octets| octets.iter().map(|octet| format!("{octet:02X}")).collect())
}

/// A type and data of it in presentation form.
fn presentation() -> impl Strategy<Value = (&'static str, String)> {
    prop_oneof![
        any::<[u8; 4]>().prop_map(|a| ("A", std::net::Ipv4Addr::from(a).to_string())),
        any::<[u16; 8]>().prop_map(|a| {
            let groups: Vec<String> = a.iter().map(|group| format!("{group:X}")).collect();
            ("AAAA", groups.join(":"))
        }),
        (
            prop::sample::select(vec!["CNAME", "NS", "PTR", "DNAME", "ALIAS"]),
            target()
        ),
        (any::<u16>(), target()).prop_map(|(n, name)| ("MX", format!("{n} {name}"))),
        (any::<[u16; 3]>(), target())
            .prop_map(|([a, b, c], name)| ("SRV", format!("{a} {b}\t{c} {name}"))),
        (any::<[u16; 2]>(), "[a-zA-Z0-9]{0,2}", octets(20), target()).prop_map(
            |([a, b], flags, regexp, name)| {
                let regexp = quoted(&regexp);
                (
                    "NAPTR",
                    format!("{a} {b} \"{flags}\" \"E2U+sip\" {regexp} {name}"),
                )
            }
        ),
        (any::<u8>(), "[a-zA-Z0-9]{1,9}", octets(40))
            .prop_map(|(n, tag, value)| ("CAA", format!("{n} {tag} {}", quoted(&value)))),
        hex(1..9).prop_map(|hex| ("TLSA", format!("3 1 0 {hex}"))),
        hex(32..33).prop_map(|hex| ("SSHFP", format!("4 2 {hex}"))),
        (any::<u16>(), hex(32..33)).prop_map(|(n, hex)| ("DS", format!("{n} RSASHA256 2 {hex}"))),
        "([A-Za-z0-9+/]{4}){1,9}".prop_map(|key| ("DNSKEY", format!("257 3 13 {key}"))),
        (octets(9), octets(9))
            .prop_map(|(a, b)| ("HINFO", format!("{} {}", quoted(&a), quoted(&b)))),
        (octets(9)).prop_map(|value| ("URI", format!("1 2 {}", quoted(&value)))),
        (any::<u16>(), target(), any::<[u8; 4]>(), octets(5)).prop_map(|(n, name, a, value)| {
            let a = std::net::Ipv4Addr::from(a);
            (
                "HTTPS",
                format!(
                    "{n} {name} key77={} ipv4hint={a} port={n} alpn=h3,h2",
                    quoted(&value)
                ),
            )
        }),
        (0u32..90, 0u32..60, 0u32..60_000, -9_999i64..99_999).prop_map(|(d, m, s, metres)| {
            (
                "LOC",
                format!(
                    "{d} {m} {}.{:03} S {d} W {metres}.5m 1m",
                    s / 1000,
                    s % 1000
                ),
            )
        }),
        prop::collection::vec(octets(300), 1..4).prop_map(|strings| {
            let strings: Vec<String> = strings.iter().map(|string| quoted(string)).collect();
            ("TXT", strings.join(" "))
        }),
        hex(0..20).prop_map(|hex| ("TYPE65280", format!("\\# {} {hex}", hex.len() / 2))),
    ]
}

/// A value in canonical form; what the generator writes that no record can be is passed over.
pub(crate) fn canonical() -> impl Strategy<Value = (Rtype, Box<str>)> {
    presentation().prop_filter_map("not a value", |(rtype, text)| {
        let rtype = Rtype::parse(rtype).ok()?;
        let value = data::parse(&rtype, &text, Reading::server(&zone())).ok()?;
        Some((rtype, value))
    })
}

fn canonical_text(rtype: &Rtype, value: &str) -> String {
    if rtype.is_text() {
        txt::quoted(value)
    } else {
        value.to_owned()
    }
}

proptest! {
    #[test]
    fn canonical_data_is_a_fixed_point_for_every_reader((rtype, value) in canonical()) {
        let zone = zone();
        let text = canonical_text(&rtype, &value);
        for reading in [Reading::server(&zone), Reading::master("example.org."), Reading::person(&zone)] {
            prop_assert_eq!(data::parse(&rtype, &text, reading), Ok(value.clone()));
        }
        if !rtype.is_text() {
            prop_assert!(value.bytes().all(|octet| (b' '..=b'~').contains(&octet)), "{}", value);
        }
    }

    #[test]
    fn what_import_writes_is_read_as_the_same((rtype, value) in canonical()) {
        let fields = data::to_fields(&rtype, &value);
        let word = fields.form.word(&rtype);
        prop_assert_eq!(data::Form::of(&word), fields.form.max(data::Form::of(rtype.as_str())));
        prop_assert_eq!(Rtype::parse(&word), Ok(rtype.clone()));
        let back = data::from_fields(&rtype, &fields, Reading::person(&zone()));
        prop_assert_eq!(back, Ok(value.clone()), "{:?}", fields);
    }

    #[test]
    fn what_export_writes_is_read_as_the_same(
        records in prop::collection::vec((dotted(), canonical(), prop::option::of(0u32..9999)), 0..12)
    ) {
        let zone = zone();
        let records: Vec<Record> = records
            .into_iter()
            .filter(|(_, (rtype, _), _)| rtype.as_str() != "ALIAS")
            .filter_map(|(host, (rtype, data), ttl)| Some(Record {
                host: Host::from_server(&zone, &host, HostForm::Relative).ok()?,
                rtype,
                data,
                ttl: ttl.map_or(Ttl::Unknown, Ttl::Written),
                at: At { file: Arc::from("made"), line: 1, column: 1, start: 0, end: 0 },
            }))
            .collect();
        let written = written(&zone, &records);
        prop_assert!(written.text.is_ascii());
        let file = read_text(&zone, &written.text);
        prop_assert_eq!(&file.errors, &[], "{}", written.text);
        let made = bailiwick::model::dns::masterfile::MasterFile { records, ..Default::default() };
        prop_assert_eq!(values(&file), values(&made));
    }

    #[test]
    fn text_comes_back_whatever_it_holds(text in text()) {
        let value = txt::from_text(&text).unwrap();
        prop_assert_eq!(txt::text(&value).map(String::from), Some(text.clone()));
        prop_assert_eq!(txt::octets(&value), text.as_bytes());
        prop_assert_eq!(&txt::from_presentation(&txt::quoted(&value)).unwrap(), &value);
        prop_assert!(txt::looks_quoted(&txt::quoted(&value)));
        let rtype = Rtype::parse("TXT").unwrap();
        let read = data::from_fields(&rtype, &Fields::new(text.as_str()), Reading::person(&zone()));
        prop_assert_eq!(read, Ok(value));
    }

    #[test]
    fn octets_that_are_no_text_keep_apart(one in octets(6), other in octets(6)) {
        let read = |octets: &[u8]| txt::from_presentation(&quoted(octets)).unwrap();
        prop_assert_eq!(txt::octets(&read(&one)).to_vec(), one.clone());
        prop_assert_eq!(one == other, read(&one) == read(&other));
    }

    #[test]
    fn what_is_plain_at_one_glance_is_what_the_long_way_gives(
        (rtype, value) in canonical(),
        (other, text) in (prop::sample::select(TYPES), prop_oneof![text(), target(), label()]),
    ) {
        let zone = zone();
        for (rtype, text) in [(rtype, &*value), (Rtype::parse(other).unwrap(), &*text)] {
            if data::is_plain(&rtype, text) {
                let read = data::from_fields(&rtype, &Fields::new(text), Reading::person(&zone));
                prop_assert_eq!(read.as_deref(), Ok(text));
                if !rtype.is_text() {
                    let read = data::parse(&rtype, text, Reading::server(&zone));
                    prop_assert_eq!(read.as_deref(), Ok(text));
                }
            }
            if Host::is_plain(&zone, text) {
                let host = Host::from_person(&zone, text);
                prop_assert_eq!(host.as_ref().map(Host::as_str), Ok(text));
                for form in [HostForm::Relative, HostForm::Full, HostForm::Unclear] {
                    let host = Host::from_server(&zone, text, form);
                    prop_assert_eq!(host.as_ref().map(Host::as_str), Ok(text));
                }
            }
        }
    }

    #[test]
    fn hosts_and_names_are_fixed_points(text in dotted()) {
        let zone = zone();
        if let Ok(host) = Host::from_server(&zone, &text, HostForm::Relative) {
            let again = |text: &str, form| Host::from_server(&zone, text, form);
            prop_assert_eq!(again(host.as_str(), HostForm::Relative), Ok(host.clone()));
            let full = host.absolute(&zone);
            prop_assert_eq!(again(&full, HostForm::Full), Ok(host.clone()));
            prop_assert_eq!(again(&full.to_uppercase(), HostForm::Unclear), Ok(host.clone()));
            prop_assert_eq!(Host::from_person(&zone, &full), Ok(host.clone()));
            let shown = name::display(host.as_str());
            prop_assert_eq!(again(&shown, HostForm::Relative), Ok(host.clone()));
        }
        if let Ok(apex) = Apex::parse(&text) {
            prop_assert_eq!(Apex::parse(apex.as_str()), Ok(apex.clone()));
            prop_assert_eq!(Apex::parse(&format!("{}.", apex.as_str().to_uppercase())), Ok(apex));
        }
    }

    #[test]
    fn no_input_brings_a_reader_down(
        rtype in prop::sample::select(TYPES),
        text in prop_oneof!["\\PC{0,40}", "[0-9a-f \"\\\\.();#=,:@*$-]{0,40}", ".{0,40}"],
        file in prop_oneof!["[aTX \t\n\"();@$0-9\\\\]{0,60}", "(?s).{0,60}"],
    ) {
        let zone = zone();
        let rtype = Rtype::parse(rtype).unwrap();
        for reading in [Reading::server(&zone), Reading::person(&zone), Reading::master(".")] {
            if let Ok(value) = data::parse(&rtype, &text, reading) {
                let again = canonical_text(&rtype, &value);
                let again = data::parse(&rtype, &again, Reading::server(&zone));
                prop_assert_eq!(again, Ok(value.clone()), "{} {}", &rtype, &text);
                data::to_fields(&rtype, &value);
                data::split(&value);
                let entry = Entry { host: "www", rtype: rtype.as_str(), data: &value };
                check::zone(&zone, &[entry, entry]);
            }
            let mut fields = Fields::new(text.as_str());
            let _ = data::from_fields(&rtype, &fields, reading);
            for field in data::fields_of(&rtype) {
                fields = fields.text(field, text.as_str());
            }
            let _ = data::from_fields(&rtype, &fields.int(Field::Tag, -1), reading);
        }
        let _ = Rtype::parse(&text);
        let _ = Apex::parse(&text);
        let _ = Host::from_person(&zone, &text);
        for form in [HostForm::Relative, HostForm::Full, HostForm::Unclear] {
            let _ = Host::from_server(&zone, &text, form);
        }
        name::display(&text);
        let _ = txt::text(&text);
        txt::from_server(&text, txt::style_of([text.as_str()])).unwrap();
        read_text(&zone, &file);
    }

    #[test]
    fn octets_of_any_type_have_one_form(rtype in prop::sample::select(TYPES), junk in octets(30)) {
        let rtype = Rtype::parse(rtype).unwrap();
        let digits: String = junk.iter().map(|octet| format!("{octet:02x}")).collect();
        let generic = format!("\\# {} {digits}", junk.len());
        let zone = zone();
        if let Ok(read) = data::parse(&rtype, &generic, Reading::server(&zone)) {
            let again = canonical_text(&rtype, &read);
            prop_assert_eq!(data::parse(&rtype, &again, Reading::server(&zone)), Ok(read));
        }
    }
}
