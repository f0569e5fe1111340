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

#[test]
fn i1_redirections_mailboxes_and_ftp_users_are_listed_once_for_those_that_the_file_names() {
    let seed = || {
        let seed = Seed::empty()
            .user(USER)
            .zone("example.com")
            .zone("example.org");
        let seed = seed.redirection("example.com", "blog.example.com", "https://example.net/");
        let seed = seed
            .mailbox("info@example.com")
            .mailbox("other@example.com");
        let seed = seed.ftp_user("example.com", Some("deploy"), "deploy");
        seed.ftp_user("example.com", Some("other"), "other")
    };
    let asked = |body: &str| {
        let mut simulated = Simulated::new(seed(), Dialect::default());
        simulated.scenario.variable("PW", "pw#2026-pw");
        simulated.file(&format!(
            "[domain.\"example.com\"]\nregistrar = \"external\"\n{body}"
        ));
        simulated.plan();
        let mut counts = simulated.log().counts();
        counts.remove("POST /token");
        counts
    };
    let at = "domain.\"example.com\"";
    let redirect =
        format!("[{at}.redirect.\"blog.example.com\"]\nto = \"https://example.net/\"\ntype = 4\n");
    let mailbox = format!("[{at}.mailbox.info]\npassword = {{ env = \"PW\" }}\n");
    let answering = format!("{mailbox}autoresponder = false\n");
    let user = format!(
        "[{at}.hosting]\n[{at}.hosting.ftp_user.deploy]\ndir = \"deploy\"\npassword = {{ env = \"PW\" }}\n"
    );
    let told: Vec<_> = [redirect, mailbox, answering, user]
        .iter()
        .map(|body| asked(body))
        .collect();
    let of = |kinds: &[&str]| counts(&kinds.iter().map(|kind| (*kind, 1)).collect::<Vec<_>>());
    let expected = [
        of(&[
            "GET /api/Zone",
            "GET /api/Zone/{zone_handle}/RedirectService",
            "GET /api/Zone/{zone_handle}/Redirection",
        ]),
        of(&["GET /api/Mail/Service", "GET /api/Mail"]),
        of(&[
            "GET /api/Mail/Service",
            "GET /api/Mail",
            "GET /api/Mail/{handle}/AutoResponder",
        ]),
        of(&[
            "GET /api/OwnedProduct",
            "GET /api/Hosting/{hosting_handle}/User",
        ]),
    ];
    assert_eq!(told, expected);
}

/// Records of a zone that has not changed are not read again; one that somebody else has written always is,
/// whatever the marker is made of.
#[test]
fn i1_an_unchanged_zone_is_not_read_again_and_a_change_from_outside_is_never_missed() {
    const RECORDS: &str = "GET /api/Zone/{zone_handle}/Record";
    let day = std::time::Duration::from_secs(27 * 3600);
    let minutes = 27 * 60;
    for serial in ["minute", "second", "counter", "never"] {
        let seed = Seed::empty().user(USER).zone("example.com");
        let dialect = Dialect::with("serial", serial).expect("a switch");
        let simulated = Simulated::new(seed, dialect);
        let file = "[domain.\"example.com\".zone]\nrecords = [{ host = \"www\", type = \"A\", data = \"192.0.2.1\" }]\n";
        simulated.file(file);
        // Last written long before, so that a marker of minutes moves with this write.
        simulated.server.advance(day);
        assert_eq!(simulated.apply().exit(), 0);
        let mut now = minutes;
        let mut reads = Vec::new();
        for _ in 0..4 {
            now += minutes;
            simulated.server.advance(day);
            simulated.log().clear();
            let told = simulated.call_at(now, &["plan", "--detailed-exitcode"]);
            assert_eq!(told.status, Some(0), "{serial}: {told:?}");
            reads.push(simulated.log().count(RECORDS));
        }
        let spared = reads.last() == Some(&0);
        assert_eq!(spared, serial != "never", "{serial}: {reads:?}");
        let edited = simulated.server.edit(|seed| {
            let changed = seed.without("example.com", "www", "A");
            let changed = changed.record("example.com", "www", ("A", "192.0.2.9"));
            let written = jiff::Timestamp::from_second(Seed::START.as_second() + 60 * (now + 30));
            changed.adjust_zone("example.com", |zone| {
                zone.written = written.expect("a moment")
            })
        });
        edited.expect("a sandbox in memory");
        let told = simulated.call_at(now + minutes, &["plan", "--detailed-exitcode"]);
        assert_eq!(told.status, Some(2), "{serial}: {told:?}");
    }
}

/// A record that a purge would take away may have come with a redirection that nobody named: only then they are listed.
#[test]
fn i1_redirections_are_listed_where_a_record_of_theirs_could_go() {
    const REDIRECTIONS: &str = "GET /api/Zone/{zone_handle}/Redirection";
    let file = |purge: bool, hosts: &str| {
        format!(
            "[domain.\"example.com\".zone]\npurge = {purge}\n\
             records = [{{ host = [{hosts}], type = \"A\", data = \"192.0.2.1\" }}]\n"
        )
    };
    let seed = Seed::empty().user(USER).zone("example.com");
    let seed = seed.record("example.com", "www", ("A", "192.0.2.1"));
    let simulated = Simulated::new(seed, Dialect::default());
    for (text, asked) in [
        (file(true, "\"www\""), 0),
        (file(false, "\"blog\""), 0),
        (file(true, "\"blog\""), 1),
    ] {
        simulated.file(&text);
        simulated.log().clear();
        simulated.plan();
        assert_eq!(simulated.log().count(REDIRECTIONS), asked, "{text}");
    }
    let redirected = simulated
        .server
        .edit(|seed| seed.redirection("example.com", "go.example.com", "https://example.net/"));
    redirected.expect("a sandbox in memory");
    simulated.file(&file(true, "\"www\""));
    let planned = simulated.plan();
    assert_eq!(
        planned.steps(),
        [
            "adopt domain.example.com order",
            "adopt zone.example.com",
            "adopt record.example.com/www/A 192.0.2.1"
        ],
        "{}",
        planned.json
    );
    assert_eq!(simulated.apply().exit(), 0);
    let left = simulated.records("example.com");
    assert!(left.iter().any(|record| record.0 == "go"), "{left:?}");
}
