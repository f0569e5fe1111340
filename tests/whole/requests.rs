//! I1, D11, D12: which requests go out, and in which order.

use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Seed};
use std::collections::BTreeMap;

const HERE: &str = "name_servers = [\"dns1.namebay.com\", \"dns2.namebay.com\"]\n";

/// What a plan of a file asks, but for the token.
fn asked(file: &str) -> BTreeMap<String, usize> {
    let seed = Seed::empty()
        .user(USER)
        .zone("example.com")
        .zone("example.org");
    let simulated = Simulated::new(seed, Dialect::default());
    simulated.file(file);
    simulated.plan();
    let mut counts = simulated.log().counts();
    let token = counts.remove("POST /token");
    assert_eq!(token.is_some(), !counts.is_empty());
    assert!(token.is_none_or(|number| number == 1), "{token:?}");
    counts
}

fn counts(expected: &[(&str, usize)]) -> BTreeMap<String, usize> {
    let each = expected.iter();
    each.map(|(kind, number)| ((*kind).to_owned(), *number))
        .collect()
}

#[test]
fn i1_a_file_that_names_nothing_asks_nothing() {
    assert_eq!(asked(""), counts(&[]));
}

#[test]
fn i1_zones_are_listed_once_and_records_once_a_zone() {
    let zone = |name: &str| {
        format!(
            "[domain.\"{name}\"]\nregistrar = \"external\"\n[domain.\"{name}\".zone]\n\
             records = [{{ host = \"a\", type = \"A\", data = \"192.0.2.1\" }}]\n"
        )
    };
    let both = zone("example.com") + &zone("example.org");
    let expected = [
        ("GET /api/Zone", 1),
        ("GET /api/Zone/{zone_handle}/Record", 2),
    ];
    assert_eq!(asked(&both), counts(&expected));
}

#[test]
fn i1_an_object_is_asked_for_what_the_file_declares_of_it() {
    let list = ("GET /api/OwnedProduct", 1);
    let contacts = ("GET /api/Domain/{handle}/Contact", 1);
    let servers = ("GET /api/Domain/{handle}/NameServer", 1);
    let each = [
        ("", vec![list]),
        ("locked = true\n", vec![list, ("GET /api/Domain", 1)]),
        ("admin = \"AA333333\"\n", vec![list, contacts]),
        (HERE, vec![list, servers]),
    ];
    let mut told = Vec::new();
    for (line, expected) in each {
        let found = asked(&format!("[domain.\"example.com\"]\n{line}"));
        if found != counts(&expected) {
            told.push(format!("{line:?}: {found:?}"));
        }
    }
    assert_eq!(told, Vec::<String>::new());
}

#[test]
fn i1_whether_a_zone_is_signed_is_asked_only_where_the_file_says_so() {
    let file = "[domain.\"example.com\"]\nregistrar = \"external\"\n[domain.\"example.com\".zone]\ndnssec = false\n";
    let found = asked(file);
    assert_eq!(found.get("GET /api/Zone"), Some(&1), "{found:?}");
    assert!(found.values().all(|number| *number == 1), "{found:?}");
    assert_eq!(
        found.get("GET /api/Zone/{zone_handle}/DnsSec"),
        Some(&1),
        "{found:?}"
    );
}

/// The writes of an apply of a domain that is delegated elsewhere at first, in order.
fn writes(seed: Seed) -> Vec<String> {
    let seed = seed.adjust("example.com", |domain| {
        domain.settings.name_servers = vec!["ns1.dns.test".into(), "ns2.dns.test".into()];
    });
    let simulated = Simulated::new(seed, Dialect::default());
    simulated.file(&format!(
        "[domain.\"example.com\"]\n{HERE}[domain.\"example.com\".zone]\n\
         records = [{{ host = [\"a\", \"b\", \"c\"], type = \"A\", data = \"192.0.2.1\" }}]\n"
    ));
    let applied = simulated.apply();
    assert_eq!(applied.exit(), 0, "{:?}", applied.told);
    let writes = simulated.log().writes();
    writes.iter().map(|seen| seen.kind()).collect()
}

#[test]
fn d11_a_delegation_comes_last_and_first_only_where_no_zone_is_made_before() {
    let delegation = "PUT /api/Domain/{handle}/NameServer";
    let with_zone = writes(Seed::empty().user(USER).zone("example.com"));
    assert_eq!(with_zone.len(), 4, "{with_zone:?}");
    assert_eq!(with_zone[3], delegation, "{with_zone:?}");
    let without = writes(Seed::empty().user(USER).domain(USER, "example.com"));
    assert_eq!(without[..2], [delegation, "POST /api/Zone"], "{without:?}");
}

#[test]
fn d12_default_records_end_as_the_file_says_and_nothing_else_goes() {
    for (purge, left) in [(true, false), (false, true)] {
        let dialect = Dialect::with("defaults", "parking").expect("a switch");
        let seed = Seed::empty().user(USER).domain(USER, "example.com");
        let simulated = Simulated::new(seed, dialect);
        simulated.file(&format!(
            "[domain.\"example.com\".zone]\npurge = {purge}\n\
             records = [{{ host = \"@\", type = \"A\", data = \"192.0.2.1\" }}]\n"
        ));
        let applied = simulated.apply();
        assert_eq!(applied.exit(), 0, "{:?}", applied.told);
        let records = simulated.records("example.com");
        let of = |wanted: &str| {
            let found = records
                .iter()
                .filter(|(host, rtype, _)| host == "@" && rtype == wanted);
            found.map(|(_, _, data)| data.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(of("A"), ["192.0.2.1"], "{records:?}");
        assert_eq!(!of("MX").is_empty(), left, "purge = {purge}: {records:?}");
        assert!(!simulated.plan().changes());
    }
}
