//! B4: what `import --all` writes is valid, and its plan is empty, under every dialect.

use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Seed};

fn seed() -> Seed {
    let zone = "example.com";
    Seed::empty()
        .user(USER)
        .domain(USER, "no-zone.example")
        .zone(zone)
        .record(zone, "@", ("A", "192.0.2.1"))
        .record(zone, "@", ("AAAA", "2001:db8::1"))
        .record(zone, "@", ("MX", "10 mx1.example.net."))
        .record(zone, "@", ("MX", "20 mx2.example.net."))
        .record(zone, "@", ("TXT", "\"v=spf1 mx -all\""))
        .record(zone, "_dmarc", ("TXT", "\"v=DMARC1; p=none\""))
        .record(zone, "www", ("CNAME", "example.com."))
        .record(zone, "*.dev", ("A", "192.0.2.7"))
        .record(zone, "_sip._tcp", ("SRV", "10 5 5060 sip.example.net."))
        .record(zone, "@", ("CAA", "0 issue \"letsencrypt.org\""))
        .record(
            zone,
            "_443._tcp",
            (
                "TLSA",
                "3 1 1 0d6fce13c2b1a8f3e4d5968778695a4b3c2d1e0f0d6fce13c2b1a8f3e4d59687",
            ),
        )
        .record(zone, "sub", ("NS", "ns1.example.net."))
}

#[test]
fn b4_a_plan_of_what_import_writes_is_empty_under_every_dialect() {
    for number in 0..40 {
        let dialect = if number == 0 {
            Dialect::default()
        } else {
            Dialect::random(number)
        };
        let simulated = Simulated::new(seed(), dialect.clone());
        simulated.file("");
        let told = simulated.call(&["import", "--all"]);
        assert_eq!(told.status, Some(0), "{dialect}: {told:?}");
        simulated.file(&told.stdout);
        let valid = simulated.call(&["validate"]);
        assert_eq!(
            valid.status,
            Some(0),
            "{dialect}: {valid:?}\n{}",
            told.stdout
        );
        let planned = simulated.plan();
        assert!(
            !planned.changes(),
            "{dialect}: {:?}\n{}",
            planned.steps(),
            told.stdout
        );
        assert!(
            planned.blocked().is_empty(),
            "{dialect}: {:?}",
            planned.blocked()
        );
        // What was exported says the same when it is read back.
        let zone = simulated.call(&["export", "example.com"]);
        assert_eq!(zone.status, Some(0), "{dialect}: {zone:?}");
        simulated.scenario.file("example.com.zone", &zone.stdout);
        simulated
            .file("[domain.\"example.com\".zone]\nfile = \"example.com.zone\"\npurge = true\n");
        let planned = simulated.plan();
        assert!(
            !planned.changes(),
            "{dialect}: {:?}\n{}",
            planned.steps(),
            zone.stdout
        );
    }
}
