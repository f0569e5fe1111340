//! Master files: what is read, what is told, and that writing and reading are each other's reverse.

use bailiwick::model::dns::masterfile::{
    Included, Line, MasterFile, Record, Soa, Ttl, Written, Zone, read, write,
};
use bailiwick::model::dns::{Apex, Host};
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) fn read_text(zone: &Apex, text: &str) -> MasterFile {
    read(zone, &Arc::from("zone"), text, &mut |_| {
        Err("nothing is included here".into())
    })
}

pub(super) fn soa() -> Soa {
    Soa {
        primary: "ns1.example.net.".into(),
        mailbox: "hostmaster.example.net.".into(),
        serial: 2_026_010_101,
        refresh: 14_400,
        retry: 900,
        expire: 1_209_600,
        minimum: 3600,
    }
}

pub(super) fn written(zone: &Apex, records: &[Record]) -> Written {
    let lines: Vec<Line<'_>> = records
        .iter()
        .map(|record| Line {
            host: record.host.as_str(),
            rtype: record.rtype.as_str(),
            data: &record.data,
            ttl: match record.ttl {
                Ttl::Written(ttl) => Some(ttl),
                Ttl::Inherited(_) | Ttl::Unknown => None,
            },
        })
        .collect();
    write(&Zone {
        apex: zone,
        soa: &soa(),
        ttl: 3600,
        records: &lines,
    })
}

/// Host, type, data and own TTL of each record.
pub(super) fn values(file: &MasterFile) -> BTreeSet<(String, String, String, Option<u32>)> {
    file.records
        .iter()
        .chain(&file.apex_ns)
        .map(|record| {
            (
                record.host.to_string(),
                record.rtype.to_string(),
                record.data.to_string(),
                match record.ttl {
                    Ttl::Written(ttl) => Some(ttl),
                    Ttl::Inherited(_) | Ttl::Unknown => None,
                },
            )
        })
        .collect()
}

fn lines(file: &MasterFile) -> Vec<String> {
    file.records
        .iter()
        .map(|record| {
            let ttl = match record.ttl {
                Ttl::Written(ttl) => format!("{ttl}"),
                Ttl::Inherited(ttl) => format!("({ttl})"),
                Ttl::Unknown => "-".into(),
            };
            format!(
                "{}: {} {ttl} {} {}",
                record.at.line, record.host, record.rtype, record.data
            )
        })
        .collect()
}

#[test]
fn everything_that_rfc_1035_allows_is_read() {
    let zone = Apex::parse("example.com").unwrap();
    let text = r#"; a comment
$TTL 1h
@ IN SOA ns1 hostmaster (
        2026010101 ; serial
        4h 15m 2w 1h30m )
@       NS ns1
        NS ns2.example.net.
ns1     A 192.0.2.1
        IN 600 AAAA 2001:DB8::1
        5m in TXT "one; not a comment" ( "two"
                "three" ) ; a comment
WWW.example.com. CNAME @
$ORIGIN dev
api     300 IN MX 10 mail
@       CAA 0 issue "letsencrypt.org"
$ORIGIN example.com.
*       IN A 192.0.2.2
a TXT "\065"
b TXT \065\;b
mail    TYPE1 \# 4 C0000203
_443._tcp TLSA 3 0 0 ( 0D6F
  CE )"#;
    let file = read_text(&zone, text);
    assert_eq!(file.errors, []);
    assert_eq!(
        lines(&file),
        [
            "8: ns1 (3600) A 192.0.2.1",
            "9: ns1 600 AAAA 2001:db8::1",
            "10: ns1 300 TXT one; not a commenttwothree",
            "12: www (3600) CNAME example.com.",
            "14: api.dev 300 MX 10 mail.dev.example.com.",
            "15: dev (3600) CAA 0 issue \"letsencrypt.org\"",
            "17: * (3600) A 192.0.2.2",
            "18: a (3600) TXT A",
            "19: b (3600) TXT A;b",
            "20: mail (3600) A 192.0.2.3",
            "21: _443._tcp (3600) TLSA 3 0 0 0d6fce",
        ]
    );
    let servers: Vec<&str> = file.apex_ns.iter().map(|record| &*record.data).collect();
    assert_eq!(servers, ["ns1.example.com.", "ns2.example.net."]);
    let soa = file.soa.unwrap();
    assert_eq!(&*soa.mailbox, "hostmaster.example.com.");
    assert_eq!(
        (soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum),
        (2_026_010_101, 14_400, 900, 1_209_600, 5400)
    );
}

#[test]
fn all_that_is_wrong_is_told_at_its_place() {
    let zone = Apex::parse("example.com").unwrap();
    let text = "\tA 192.0.2.1
www A 192.0.2.256
    MX 10 192.0.2.1
ok A 192.0.2.1
é MX 10
www.example.net. A 192.0.2.1
        AAAA 2001:db8::1
www CH A 192.0.2.1
www 3x A 192.0.2.1
www
txt TXT \"open
$GENERATE 1-2 a$ A 192.0.2.$
$INCLUDE other.zone
a A 192.0.2.1 )
www CNAME (
";
    let file = read_text(&zone, text);
    let told: Vec<String> = file
        .errors
        .iter()
        .map(|told| format!("{}:{} {}", told.at.line, told.at.column, told.error))
        .collect();
    assert_eq!(
        told,
        [
            "1:2 the line begins with a blank, and no record stands before it whose owner it could share",
            "2:7 `192.0.2.256` is no IPv4 address: 256 is above 255",
            "3:11 `192.0.2.1` is an address, and the name of a host must stand here",
            "5:6 MX data has 2 fields, and 1 is written",
            "6:1 `www.example.net.` lies outside the zone example.com",
            "8:5 the class CH is not kept here",
            "9:5 `3x` is no time",
            "10:1 the record has no type",
            "11:9 a quote is opened and not closed on its line",
            "12:1 $GENERATE is BIND's own and not read here",
            "13:10 nothing is included here",
            "14:15 a parenthesis is closed and not opened",
            "15:11 a parenthesis is opened and not closed; what follows it was not looked at",
        ]
    );
    assert_eq!(lines(&file), ["4: ok - A 192.0.2.1"]);
}

#[test]
fn included_files_keep_their_origin_to_themselves() {
    let zone = Apex::parse("example.com").unwrap();
    let main = "www A 192.0.2.1\n$INCLUDE \"sub.zone\" sub\n A 192.0.2.2\nmail A 192.0.2.3\n";
    let file = read(&zone, &Arc::from("main"), main, &mut |asked| {
        assert_eq!((asked.from, asked.path), ("main", "sub.zone"));
        Ok(Included {
            file: Arc::from("sub.zone"),
            text: Arc::from("$ORIGIN deep\na A 192.0.2.4\n@ A bad\n"),
        })
    });
    let hosts: Vec<(&str, &str)> = file
        .records
        .iter()
        .map(|record| (&*record.at.file, record.host.as_str()))
        .collect();
    assert_eq!(
        hosts,
        [
            ("main", "www"),
            ("sub.zone", "a.deep.sub"),
            ("main", "www"),
            ("main", "mail")
        ]
    );
    assert_eq!(file.errors.len(), 1);
    assert_eq!(
        (&*file.errors[0].at.file, file.errors[0].at.line),
        ("sub.zone", 3)
    );
    let circle = read(&zone, &Arc::from("main"), "$INCLUDE main", &mut |_| {
        Ok(Included {
            file: Arc::from("main"),
            text: Arc::from("$INCLUDE main"),
        })
    });
    assert_eq!(circle.errors.len(), 1);
}

#[test]
fn a_type_of_a_provider_is_written_as_a_comment_and_told() {
    let zone = Apex::parse("example.com").unwrap();
    let line = |rtype, data| Line {
        host: "www",
        rtype,
        data,
        ttl: None,
    };
    let records = [
        line("ALIAS", "a.example.net."),
        line("A", "192.0.2.1"),
        line("TYPE65280", "\\# 1 0a"),
    ];
    let written = write(&Zone {
        apex: &zone,
        soa: &soa(),
        ttl: 3600,
        records: &records,
    });
    assert_eq!(written.left_out, [0]);
    assert_eq!(
        written.text,
        "$ORIGIN example.com.\n$TTL 3600\n\
         @\tIN\tSOA\tns1.example.net. hostmaster.example.net. 2026010101 14400 900 1209600 3600\n\
         www\tIN\tA\t192.0.2.1\n\
         ; not of the DNS: www\tIN\tALIAS\ta.example.net.\n\
         www\tIN\tTYPE65280\t\\# 1 0a\n"
    );
}

/// The records that the reader of the `domain` crate finds, which knows nothing of ours.
fn counted_by_another_reader(text: &str) -> usize {
    use domain::zonefile::inplace::{Entry, Zonefile};
    let mut file = Zonefile::load(&mut text.as_bytes()).unwrap();
    let mut records = 0;
    while let Some(entry) = file.next_entry().unwrap() {
        match entry {
            Entry::Record(_) => records += 1,
            Entry::Include { .. } => panic!("nothing is included"),
        }
    }
    records
}

#[test]
fn the_real_zones_are_read_written_and_read_again() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/public/zones");
    let (mut zones, mut records) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "zone") {
            continue;
        }
        let zone = Apex::parse(path.file_stem().unwrap().to_str().unwrap()).unwrap();
        let first = read_text(&zone, &std::fs::read_to_string(&path).unwrap());
        assert_eq!(first.errors, [], "{}", path.display());
        let all: Vec<Record> = first
            .records
            .iter()
            .chain(&first.apex_ns)
            .cloned()
            .collect();
        let written = written(&zone, &all);
        assert!(written.left_out.is_empty());
        let second = read_text(&zone, &written.text);
        assert_eq!(second.errors, [], "{}", written.text);
        assert_eq!(values(&first), values(&second));
        assert_eq!(second.soa, Some(soa()));
        assert_eq!(counted_by_another_reader(&written.text), all.len() + 1);
        zones += 1;
        records += all.len();
        assert!(
            first
                .records
                .iter()
                .all(|record| record.host != Host::apex() || record.rtype.as_str() != "NS")
        );
    }
    assert_eq!((zones, records), (25, 376));
}
