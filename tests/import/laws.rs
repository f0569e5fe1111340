//! Whatever is live: the file that import writes loads, says the same, and wants no change.

use super::reading::{changes, imported, see, see_domain, see_record, see_zone};
use crate::dns::laws::{canonical, dotted, zone};
use bailiwick::config::write::AccountsInFile;
use bailiwick::model::dns::name::HostForm;
use bailiwick::model::dns::{Host, Rtype};
use bailiwick::model::{Address, Attrs, Desired, Kind, Live, Value};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => prop::sample::select(vec!["@", "www", "*", "a.example.com", "example.com"])
            .prop_map(str::to_owned),
        2 => dotted(),
    ]
    .prop_filter_map("no host", |text| {
        let host = Host::from_server(&zone(), &text, HostForm::Relative).ok()?;
        Some(host.as_str().to_owned())
    })
}

/// Values as a provider reads them; some as they came, because they could not be read.
fn value() -> impl Strategy<Value = (String, String)> {
    prop_oneof![
        8 => canonical().prop_map(|(rtype, data)| (rtype.to_string(), data.into_string())),
        2 => prop::sample::select(vec![
            "v=spf1 -all", "v=SPF1 mx -all", "v=spf1", "V=spf1\tx", "{domain}", "", "a\\092\\255",
        ]).prop_map(|text| ("TXT".to_owned(), text.to_owned())),
        1 => prop::sample::select(vec!["www.example.com.", "example.net."])
            .prop_map(|name| ("CNAME".to_owned(), name.to_owned())),
        1 => prop::sample::select(vec!["10 www.example.com.", "10 a.", "20 a."])
            .prop_map(|name| ("MX".to_owned(), name.to_owned())),
        1 => (prop::sample::select(vec!["A", "MX", "CAA", "SRV", "LOC", "X-NEW", "SOA", "NSEC"]), ".{0,9}")
            .prop_map(|(rtype, text)| (rtype.to_owned(), text)),
    ]
}

#[derive(Debug, Clone)]
struct Facets {
    contacts: Option<(String, String)>,
    servers: Option<Vec<String>>,
    settings: Option<(Option<bool>, Option<bool>)>,
}

fn facets() -> impl Strategy<Value = Option<Facets>> {
    let server = prop_oneof![
        4 => "ns[0-9]\\.example\\.(net|org)",
        1 => prop::sample::select(vec!["ns1.example.com", "192.0.2.1", "a b", "localhost", ""])
            .prop_map(str::to_owned),
    ];
    prop::option::of(
        (
            prop::option::of(("[A-Z]{2}[0-9]{6}", "[A-Z]{2}[0-9]{6}|.{0,3}")),
            prop::option::of(prop::collection::vec(server, 0..4)),
            prop::option::of(any::<(Option<bool>, Option<bool>)>()),
        )
            .prop_map(|(contacts, servers, settings)| Facets {
                contacts,
                servers,
                settings,
            }),
    )
}

prop_compose! {
    fn world()(
        held in facets(),
        ttl in prop::option::of(-1i64..0x8000_0001),
        dnssec in any::<Option<bool>>(),
        elsewhere in any::<bool>(),
        records in prop::collection::vec((host(), value()), 0..14),
    ) -> Live {
        let mut live = Live::default();
        let domain = zone().shared().clone();
        if let Some(Facets { contacts, servers, settings }) = held {
            let address = see_domain(&mut live, "main", &domain);
            if let Some((admin, tech)) = contacts {
                let attrs = vec![("admin", Value::text(&admin)), ("tech", Value::text(&tech))];
                see(&mut live, address.clone(), "contacts", Attrs::new(attrs));
            }
            if let Some(servers) = servers {
                let attrs = Attrs::one("name_servers", Value::list(&servers));
                see(&mut live, address.clone(), "delegation", attrs);
            }
            if let Some((locked, privacy)) = settings {
                let attrs = [("locked", locked), ("whois_privacy", privacy)];
                let attrs = attrs.into_iter().filter_map(|(key, yes)| Some((key, Value::bool(yes?))));
                see(&mut live, address, "settings", Attrs::new(attrs.collect()));
            }
        }
        let label = if elsewhere { "other" } else { "main" };
        let zone = see_zone(&mut live, label, &domain);
        if let Some(ttl) = ttl {
            see(&mut live, zone.clone(), "ttl", Attrs::one("ttl", Value::int(ttl)));
        }
        if let Some(yes) = dnssec {
            see(&mut live, zone.clone(), "dnssec", Attrs::one("dnssec", Value::bool(yes)));
        }
        for (host, (rtype, data)) in &records {
            see_record(&mut live, &zone, (host, rtype, data));
        }
        live
    }
}

/// Address, part, and each attribute as text, of both sides.
type Line = (String, String, String);

fn of_live(live: &Live) -> BTreeSet<Line> {
    let parts = live.objects.iter().flat_map(|(address, seen)| {
        seen.parts
            .iter()
            .map(move |part| (address, &part.part.0, &part.attrs))
    });
    lines(parts)
}

fn of_file(desired: &Desired) -> BTreeSet<Line> {
    let parts = desired.objects.iter().flat_map(|(address, declared)| {
        declared
            .parts
            .iter()
            .map(move |part| (address, &part.part.0, &part.attrs))
    });
    lines(parts)
}

fn lines<'a>(
    parts: impl Iterator<Item = (&'a Address, &'a Arc<str>, &'a Attrs)>,
) -> BTreeSet<Line> {
    parts
        .flat_map(|(address, part, attrs)| {
            attrs.iter().map(move |(name, value)| {
                (
                    address.full_text(),
                    part.to_string(),
                    format!("{name} {value:?}"),
                )
            })
        })
        .collect()
}

fn is_the_providers(address: &str) -> bool {
    ["/SOA@", "/NSEC@"]
        .iter()
        .any(|rtype| address.contains(rtype))
        || address.contains("/@/NS@")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn an_imported_file_says_what_is_live_and_wants_no_change(live in world()) {
        let (written, desired) = imported(&live, AccountsInFile::Several);
        let left_out: Vec<&str> = written.left_out.iter().map(|left| &*left.what).collect();
        let (live_lines, file_lines) = (of_live(&live), of_file(&desired));
        let made_up: Vec<&Line> = file_lines.difference(&live_lines).collect();
        prop_assert_eq!(made_up, Vec::<&Line>::new(), "{}", written.text);
        for (address, _, attr) in live_lines.difference(&file_lines) {
            let key = attr.split(' ').next().unwrap_or_default();
            let of = format!("{key} of {address}");
            let told = left_out.iter().any(|what| *what == address || *what == of);
            prop_assert!(told || is_the_providers(address), "{address} {attr}\n{}", written.text);
        }
        for (address, seen) in &live.objects {
            let is_object = address.kind != Kind::Record;
            prop_assert!(!is_object || desired.objects.contains_key(address), "{address}");
            prop_assert!(!seen.parts.is_empty());
        }
        prop_assert_eq!(changes(desired, &live), Vec::<String>::new(), "{}", written.text);
    }

    #[test]
    fn nothing_that_both_sides_can_hold_is_left_out((rtype, data) in canonical(), host in host()) {
        let lone = !matches!((&*host, rtype.as_str()), ("@", "CNAME" | "NS") | (_, "SOA"));
        prop_assume!(lone);
        let mut live = Live::default();
        let zone = see_zone(&mut live, "main", &zone().shared().clone());
        see_record(&mut live, &zone, (&host, rtype.as_str(), &data));
        let (written, desired) = imported(&live, AccountsInFile::One);
        prop_assert_eq!(&written.left_out, &[], "{}", written.text);
        prop_assert_eq!(of_file(&desired), of_live(&live));
        prop_assert!(Rtype::parse(rtype.as_str()).is_ok());
    }
}
