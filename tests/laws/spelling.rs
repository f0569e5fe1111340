//! B5: a difference in spelling is none, whichever side it is on; through the whole product.
//!
//! Each row is what is live and what a file writes for it. All rows stand in one zone, so that each dialect is
//! asked once for everything; where that fails, the rows are tried one by one and the wrong ones told.

use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Seed};

/// Host, type and data, live; then the same as the file writes it.
type Row = ((&'static str, &'static str, &'static str), &'static str);

const ROWS: [Row; 54] = [
    (
        ("www1", "A", "192.0.2.1"),
        r#"host = "WWW1", type = "A", data = "192.0.2.1""#,
    ),
    (
        ("www2", "A", "192.0.2.1"),
        r#"host = "www2.example.com.", type = "A", data = "192.0.2.1""#,
    ),
    (
        ("www3", "A", "192.0.2.1"),
        r#"host = "www3", type = "a", data = "192.0.2.1""#,
    ),
    (
        ("@", "A", "192.0.2.1"),
        r#"host = "example.com.", type = "A", data = "192.0.2.1""#,
    ),
    (
        ("*.dev", "A", "192.0.2.1"),
        r#"host = "*.DEV", type = "A", data = "192.0.2.1""#,
    ),
    (
        ("xn--bcher-kva", "A", "192.0.2.1"),
        r#"host = "bücher", type = "A", data = "192.0.2.1""#,
    ),
    (
        ("xn--bcher-kva.a", "A", "192.0.2.1"),
        r#"host = "BÜCHER.A", type = "A", data = "192.0.2.1""#,
    ),
    (
        ("xn--bcher-kva.b", "A", "192.0.2.1"),
        r#"host = "XN--bcher-KVA.b", type = "A", data = "192.0.2.1""#,
    ),
    (
        ("a6-1", "AAAA", "2001:db8::1"),
        r#"host = "a6-1", type = "AAAA", data = "2001:DB8:0:0:0:0:0:1""#,
    ),
    (
        ("a6-2", "AAAA", "2001:db8::1"),
        r#"host = "a6-2", type = "AAAA", data = "2001:0db8::0001""#,
    ),
    (
        ("a6-3", "AAAA", "2001:db8:0:1::"),
        r#"host = "a6-3", type = "aaaa", data = "2001:db8::1:0:0:0:0""#,
    ),
    (
        ("a6-4", "AAAA", "::ffff:192.0.2.1"),
        r#"host = "a6-4", type = "AAAA", data = "::FFFF:c000:201""#,
    ),
    (
        ("a6-5", "AAAA", "2001:db8::1"),
        r#"host = "a6-5", type = "AAAA", data = "2001:db8::0.0.0.1""#,
    ),
    (
        ("c1", "CNAME", "one.example.net."),
        r#"host = "c1", type = "CNAME", data = "ONE.Example.Net.""#,
    ),
    (
        ("c2", "CNAME", "example.com."),
        r#"host = "c2", type = "CNAME", data = "@""#,
    ),
    (
        ("c3", "CNAME", "one.example.com."),
        r#"host = "c3", type = "CNAME", data = "one""#,
    ),
    (
        ("c4", "CNAME", "xn--bcher-kva.example.net."),
        r#"host = "c4", type = "CNAME", data = "Bücher.example.net.""#,
    ),
    (
        ("c5", "CNAME", "xn--bcher-kva.example.com."),
        r#"host = "c5", type = "cname", data = "bücher""#,
    ),
    (
        ("mx1", "MX", "10 mx1.example.net."),
        r#"host = "mx1", type = "MX", priority = 10, data = "MX1.example.net.""#,
    ),
    (
        ("mx2", "MX", "0 ."),
        r#"host = "mx2", type = "MX", priority = 0, data = ".""#,
    ),
    (
        ("mx3", "MX", "10 example.com."),
        r#"host = "mx3", type = "MX", priority = 10, data = "@""#,
    ),
    (
        ("ns1", "NS", "ns1.example.net."),
        r#"host = "ns1", type = "NS", data = "NS1.example.net.""#,
    ),
    (
        ("_sip._tcp.s1", "SRV", "1 2 3 sip.example.net."),
        r#"host = "_SIP._tcp.s1", type = "SRV", priority = 1, weight = 2, port = 3, data = "SIP.example.net.""#,
    ),
    (
        ("_sip._tcp.s2", "SRV", "0 0 0 ."),
        r#"host = "_sip._tcp.s2", type = "srv", priority = 0, weight = 0, port = 0, data = ".""#,
    ),
    (
        ("t1", "TXT", r#""abcdef""#),
        r#"host = "t1", type = "TXT", data = "abcdef""#,
    ),
    (
        ("t2", "TXT", r#""abc" "def""#),
        r#"host = "t2", type = "TXT", data = "abcdef""#,
    ),
    (
        ("t3", "TXT", r#""say \"hi\"""#),
        r#"host = "t3", type = "TXT", data = 'say "hi"'"#,
    ),
    (
        ("t4", "TXT", r#""back\\slash""#),
        r#"host = "t4", type = "TXT", data = 'back\slash'"#,
    ),
    (
        ("t5", "TXT", r#""caf\195\169""#),
        r#"host = "t5", type = "TXT", data = "café""#,
    ),
    (
        ("t6", "TXT", r#""trailing  ""#),
        r#"host = "t6", type = "TXT", data = "trailing  ""#,
    ),
    (
        ("t7", "TXT", r#""v=spf1 -all""#),
        "host = \"t7\", type = \"TXT\", data = \"\"\"v=spf1 \\\n   -all\"\"\"",
    ),
    (
        ("t8", "TXT", r#""\065bc\.""#),
        r#"host = "t8", type = "TXT", data = "Abc.""#,
    ),
    (
        ("t9", "TXT", r#""a;b""#),
        r#"host = "t9", type = "txt", data = "a;b""#,
    ),
    (
        ("t10", "TXT", r#""Case Matters""#),
        r#"host = "t10", type = "TXT", data = ["Case Matters"]"#,
    ),
    (
        ("caa1", "CAA", r#"0 issue "letsencrypt.org""#),
        r#"host = "caa1", type = "CAA", flags = 0, tag = "issue", data = "letsencrypt.org""#,
    ),
    (
        ("caa2", "CAA", r#"0 issue "letsencrypt.org""#),
        r#"host = "caa2", type = "CAA", flags = 0, tag = "ISSUE", data = "letsencrypt.org""#,
    ),
    (
        ("caa3", "CAA", r#"128 issuewild ";""#),
        r#"host = "caa3", type = "caa", flags = 128, tag = "issuewild", data = ";""#,
    ),
    (
        (
            "n1",
            "NAPTR",
            r#"1 2 "U" "E2U+sip" "!^.*$!sip:i@example.com!" ."#,
        ),
        r#"host = "n1", type = "NAPTR", order = 1, preference = 2, flags = "U", service = "E2U+sip", regexp = "!^.*$!sip:i@example.com!", data = ".""#,
    ),
    (
        (
            "n2",
            "NAPTR",
            r#"1 2 "S" "SIP+D2U" "" _sip._udp.example.net."#,
        ),
        r#"host = "n2", type = "NAPTR", order = 1, preference = 2, flags = "S", service = "SIP+D2U", regexp = "", data = "_SIP._udp.example.net.""#,
    ),
    (
        (
            "_443._tcp.l1",
            "TLSA",
            "3 1 1 0d6fce13c2b1a8f3e4d5968778695a4b3c2d1e0f0d6fce13c2b1a8f3e4d59687",
        ),
        r#"host = "_443._tcp.l1", type = "TLSA", usage = 3, selector = 1, matching = 1, data = "0D6FCE13C2B1A8F3E4D5968778695A4B3C2D1E0F0D6FCE13C2B1A8F3E4D59687""#,
    ),
    (
        (
            "_443._tcp.l2",
            "TLSA",
            "3 1 1 0d6fce13c2b1a8f3e4d5968778695a4b3c2d1e0f0d6fce13c2b1a8f3e4d59687",
        ),
        r#"host = "_443._tcp.l2", type = "TLSA", usage = 3, selector = 1, matching = 1, data = "0d6fce13c2b1a8f3e4d5968778695a4b 3c2d1e0f0d6fce13c2b1a8f3e4d59687""#,
    ),
    (
        (
            "f1",
            "SSHFP",
            "4 1 123456789abcdef67890123456789abcdef67890",
        ),
        r#"host = "f1", type = "SSHFP", data = "4 1 123456789ABCDEF67890123456789ABCDEF67890""#,
    ),
    (
        (
            "f2",
            "SSHFP",
            "4 1 123456789abcdef67890123456789abcdef67890",
        ),
        r#"host = "f2", type = "SSHFP", data = " 4  1  123456789abcdef6 7890123456789abcdef67890 ""#,
    ),
    (
        (
            "d1",
            "DS",
            "60485 5 1 2bb183af5f22588179a53b0a98631fad1a292118",
        ),
        r#"host = "d1", type = "DS", data = "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118""#,
    ),
    (
        ("d1", "NS", "ns1.example.net."),
        r#"host = "d1", type = "NS", data = "ns1.example.net.""#,
    ),
    (
        ("h1", "HTTPS", "1 . alpn=h2"),
        r#"host = "h1", type = "HTTPS", data = '1 . alpn="h2"'"#,
    ),
    (
        ("h2", "HTTPS", "1 . alpn=h2 port=8443"),
        r#"host = "h2", type = "HTTPS", data = "1 . port=8443 alpn=h2""#,
    ),
    (
        ("v1", "SVCB", "0 svc.example.net."),
        r#"host = "v1", type = "SVCB", data = "0 SVC.example.net.""#,
    ),
    (
        (
            "o1",
            "LOC",
            "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m",
        ),
        r#"host = "o1", type = "LOC", data = "52 22 23 N 4 53 32 E -2m 0 10000 10""#,
    ),
    (
        ("u1", "TYPE6528", r"\# 3 abcdef"),
        r#"host = "u1", type = "TYPE6528", data = '\# 3 AB CDEF'"#,
    ),
    (
        ("l1", "A", "192.0.2.1"),
        r#"host = "l1", type = "A", data = ["192.0.2.1"]"#,
    ),
    (
        ("l2", "A", "192.0.2.1"),
        r#"host = ["l2"], type = "A", data = "192.0.2.1", note = "said""#,
    ),
    (
        ("_dmarc.m", "TXT", r#""v=DMARC1; p=none""#),
        r#"host = "_DMARC.m", type = "TXT", data = "v=DMARC1; p=none""#,
    ),
    (
        ("p1", "PTR", "host.example.net."),
        r#"host = "p1", type = "PTR", data = "HOST.example.net.""#,
    ),
];

/// Two values that come in one order live and in another one in the file.
const PAIRS: [(&str, &str, [&str; 2], &str); 3] = [
    (
        "o-a",
        "A",
        ["192.0.2.1", "192.0.2.2"],
        r#"data = ["192.0.2.2", "192.0.2.1"]"#,
    ),
    (
        "o-t",
        "TXT",
        [r#""one""#, r#""two""#],
        r#"data = ["two", "one"]"#,
    ),
    (
        "o-ns",
        "NS",
        ["ns1.example.net.", "ns2.example.net."],
        r#"data = ["ns2.example.net.", "ns1.example.net."]"#,
    ),
];

fn world(rows: &[Row], dialect: Dialect) -> Simulated {
    let zone = "example.com";
    let mut seed = Seed::empty().user(USER).domain(USER, zone).zone(zone);
    let mut file = String::from(
        "[domain.\"EXAMPLE.com.\"]\nname_servers = [\"DNS2.namebay.com.\", \"dns1.NAMEBAY.com\"]\n\n\
         [domain.\"EXAMPLE.com.\".zone]\npurge = true\nrecords = [\n",
    );
    for ((host, rtype, data), written) in rows {
        seed = seed.record(zone, host, (rtype, data));
        file.push_str(&format!("  {{ {written} }},\n"));
    }
    for (host, rtype, values, written) in PAIRS {
        for data in values {
            seed = seed.record(zone, host, (rtype, data));
        }
        file.push_str(&format!(
            "  {{ host = \"{host}\", type = \"{rtype}\", {written} }},\n"
        ));
    }
    file.push_str("]\n");
    let simulated = Simulated::new(seed, dialect);
    simulated.file(&file);
    simulated
}

/// What a plan would change; what is wrong with the file.
fn differences(rows: &[Row], dialect: &Dialect) -> Vec<String> {
    let simulated = world(rows, dialect.clone());
    let told = simulated.call(&["plan", "--format", "json", "--detailed-exitcode"]);
    match told.status {
        Some(0) => Vec::new(),
        Some(2) => simulated
            .plan()
            .steps()
            .into_iter()
            .filter(|step| !step.starts_with("adopt"))
            .collect(),
        _ => vec![told.stdout],
    }
}

fn agree(dialect: &Dialect) {
    if differences(&ROWS, dialect).is_empty() {
        return;
    }
    let wrong: Vec<String> = ROWS
        .iter()
        .filter_map(|row| {
            let found = differences(std::slice::from_ref(row), dialect);
            (!found.is_empty()).then(|| format!("{row:?}\n    {found:?}"))
        })
        .collect();
    panic!("under {dialect}:\n{}", wrong.join("\n"));
}

#[test]
fn b5_the_files_spelling_makes_no_difference() {
    agree(&Dialect::default());
}

#[test]
fn b5_the_servers_spelling_makes_no_difference() {
    for switch in Dialect::switches() {
        for value in switch.values {
            let mut dialect = Dialect::default();
            dialect.set(switch.name, value).expect("its own word");
            // Only what changes how things are written; `Every` reading of the others is no question of spelling.
            if SPELLING.contains(&switch.name) {
                agree(&dialect);
            }
        }
    }
}

const SPELLING: [&str; 21] = [
    "apex",
    "hosts",
    "txt",
    "caa",
    "mx",
    "srv",
    "naptr",
    "ipv6",
    "hex",
    "targets",
    "numbers",
    "unset",
    "empty",
    "dates",
    "order",
    "keys",
    "extras",
    "states",
    "serial",
    "filter",
    "apex-records",
];

#[test]
fn b5_all_switches_at_once_make_no_difference() {
    for seed in 0..24 {
        let mut dialect = Dialect::random(seed);
        // What cannot be read is set once; that is no question of spelling.
        dialect.set("inferred", "exist").expect("its own word");
        agree(&dialect);
    }
}
