//! How records are spelt: every layout that the documents permit is understood, and each dialect keeps to its own.

use bailiwick::sandbox::{Dialect, Line, Options, Reach, Sandbox, Seed};
use serde_json::{Value, json};

use super::caller::{Caller, code, member};

const LONG: usize = 511;

/// Records in neutral form, one of each kind and class.
fn lines() -> Vec<Line> {
    let long = "x".repeat(LONG);
    let texts = [
        "v=spf1 mx -all",
        r#"say \"hi\" \\ there"#,
        " padded ",
        r"caf\195\169",
        r#"\"quoted\""#,
        &long,
    ];
    let mut lines = vec![
        Line::new("@", "A", "192.0.2.1"),
        Line::new("@", "AAAA", "2001:db8::1"),
        Line::new("@", "CAA", r#"0 issue "letsencrypt.org; a=b""#),
        Line::new("@", "MX", "10 mx1.example.net."),
        Line::new("@", "MX", "0 ."),
        Line::new(
            "@",
            "NAPTR",
            r#"100 10 "U" "E2U+sip" "!^.*$!sip:info@example.com!" ."#,
        ),
        Line::new("*.a.b", "CNAME", "www.example.com."),
        Line::new("_443._tcp", "TLSA", "3 1 1 0d6f"),
        Line::new("_sip._tcp", "SRV", "10 5 5060 sip.example.net."),
        Line::new("h", "HTTPS", r#"1 . alpn="h2,h3""#),
        Line::new("sub", "NS", "ns1.sub.example.com."),
        Line::new("x", "TYPE300", r"\# 1 00"),
    ];
    lines.extend(
        texts
            .iter()
            .map(|text| Line::new("t", "TXT", &format!("\"{text}\""))),
    );
    lines.sort();
    lines
}

fn seed() -> Seed {
    let seed = Seed::empty()
        .domain("AA111111", "example.com")
        .zone("example.com");
    lines().into_iter().fold(seed, |seed, line| {
        seed.record("example.com", &line.host, (&line.rtype, &line.data))
    })
}

fn all(dialect: Dialect) -> Dialect {
    // One switch that would refuse half of the lines; what it does is tested by itself.
    Dialect {
        types: bailiwick::sandbox::dialect::Types::Any,
        ..dialect
    }
}

#[tokio::test]
async fn what_a_server_answers_it_takes_back_unchanged() {
    for dialect in (0..60).map(|seed| all(Dialect::draw(seed, Reach::Every))) {
        let sandbox = Sandbox::start(Options::default().seed(seed()).dialect(dialect.clone()))
            .await
            .unwrap();
        let caller = Caller::login(&sandbox, "AA111111").await;
        let path = format!("/api/Zone/{}/Record", caller.handle("example.com").await);
        let before = caller.get(&path).await.json();
        let mut sent_back = 0;
        for record in before.as_array().unwrap() {
            let own = |name: &str| member(record, name).clone();
            if own("Type") == "SOA"
                || own("Type") == "NS" && dialect.get("apex-ns") == Some("fixed")
            {
                continue;
            }
            let mut body = json!({"Host": own("Host"), "Data": own("Data"), "Type": own("Type")});
            for name in ["Weight", "NaptrPreference", "NaptrFlag", "NaptrRegExp"] {
                body[name] = own(name);
            }
            let again = caller
                .put(&format!("{path}/{}", own("Id")), body.clone())
                .await;
            assert_eq!(
                (again.status, code(&again)),
                (200, 0),
                "{dialect}: {body} gave {again:?}"
            );
            sent_back += 1;
            for name in ["Host", "Data", "Type", "Weight", "NaptrFlag"] {
                assert_eq!(
                    member(&again.json(), name),
                    member(record, name),
                    "{dialect}: {name}"
                );
            }
        }
        assert!(sent_back + 1 >= lines().len(), "{dialect}");
        let mut kept = sandbox.state().zone("example.com").unwrap().records();
        kept.retain(|line| line.rtype != "NS" || line.host != "@");
        assert_eq!(kept, lines(), "{dialect}");
    }
}

#[tokio::test]
async fn every_layout_that_the_documents_permit_is_understood() {
    let cases = [
        (
            json!({"host": "a", "type": "a", "data": "192.0.2.9"}),
            Line::new("a", "A", "192.0.2.9"),
        ),
        (
            json!({"Host": "A.Example.COM", "Type": "A", "Data": "192.0.2.8"}),
            Line::new("a", "A", "192.0.2.8"),
        ),
        (
            json!({"Host": "a.example.com.", "Type": "A", "Data": "192.0.2.7"}),
            Line::new("a", "A", "192.0.2.7"),
        ),
        (
            json!({"Host": "@", "Type": "MX", "Data": "mx.example.net", "Weight": 5}),
            Line::new("@", "MX", "5 mx.example.net."),
        ),
        (
            json!({"Host": "example.com", "Type": "MX", "Data": "6 mx.example.net."}),
            Line::new("@", "MX", "6 mx.example.net."),
        ),
        (
            json!({"Host": "s", "Type": "SRV", "Data": "1 2 t.example.net.", "Weight": 3}),
            Line::new("s", "SRV", "3 1 2 t.example.net."),
        ),
        (
            json!({"Host": "s", "Type": "SRV", "Data": "4 1 2 t.example.net"}),
            Line::new("s", "SRV", "4 1 2 t.example.net."),
        ),
        (
            json!({"Host": "n", "Type": "NAPTR", "Data": "\"E2U\" .", "Weight": 1, "NaptrPreference": "2", "NaptrFlag": "U", "NaptrRegExp": "!a!b!"}),
            Line::new("n", "NAPTR", r#"1 2 "U" "E2U" "!a!b!" ."#),
        ),
        (
            json!({"Host": "n", "Type": "NAPTR", "Data": "3 E2U .", "NaptrPreference": "2", "NaptrFlag": "U", "NaptrRegExp": ""}),
            Line::new("n", "NAPTR", r#"3 2 "U" "E2U" "" ."#),
        ),
        (
            json!({"Host": "t", "Type": "TXT", "Data": "plain text"}),
            Line::new("t", "TXT", "\"plain text\""),
        ),
        (
            json!({"Host": "t", "Type": "TXT", "Data": "\"in \" \"two\""}),
            Line::new("t", "TXT", "\"in two\""),
        ),
        (
            json!({"Host": "t", "Type": "TXT", "Data": "\"half"}),
            Line::new("t", "TXT", r#""\"half""#),
        ),
        (
            json!({"Host": "t", "Type": "TXT", "Data": "café"}),
            Line::new("t", "TXT", r#""caf\195\169""#),
        ),
        (
            json!({"Host": "c", "Type": "CAA", "Data": "0 issue letsencrypt.org"}),
            Line::new("c", "CAA", "0 issue \"letsencrypt.org\""),
        ),
        (
            json!({"Host": "v", "Type": "AAAA", "Data": "2001:0DB8:0:0:0:0:0:1"}),
            Line::new("v", "AAAA", "2001:db8::1"),
        ),
    ];
    for (body, line) in cases {
        let seed = Seed::empty()
            .domain("AA111111", "example.com")
            .zone("example.com");
        let sandbox = Sandbox::start(Options::default().seed(seed)).await.unwrap();
        let caller = Caller::login(&sandbox, "AA111111").await;
        let path = format!("/api/Zone/{}/Record", caller.handle("example.com").await);
        let made = caller.post(&path, body.clone()).await;
        assert_eq!(made.status, 200, "{body}: {made:?}");
        assert_eq!(
            sandbox.state().zone("example.com").unwrap().records(),
            [line],
            "{body}"
        );
    }
}

#[tokio::test]
async fn each_switch_of_spelling_shows_in_answers() {
    let cases = [
        ("apex", "empty", "MX", "Host", json!("")),
        ("apex", "full", "MX", "Host", json!("example.com")),
        (
            "hosts",
            "full",
            "SRV",
            "Host",
            json!("_sip._tcp.example.com"),
        ),
        (
            "hosts",
            "full-dot",
            "SRV",
            "Host",
            json!("_sip._tcp.example.com."),
        ),
        ("hosts", "upper", "SRV", "Host", json!("_SIP._TCP")),
        (
            "caa",
            "bare",
            "CAA",
            "Data",
            json!("0 issue letsencrypt.org; a=b"),
        ),
        (
            "caa",
            "quoted",
            "CAA",
            "Data",
            json!(r#"0 issue "letsencrypt.org; a=b""#),
        ),
        ("mx", "weight", "MX", "Data", json!("mx1.example.net")),
        ("mx", "weight", "MX", "Weight", json!(10)),
        ("mx", "data", "MX", "Data", json!("10 mx1.example.net")),
        (
            "srv",
            "weight",
            "SRV",
            "Data",
            json!("5 5060 sip.example.net"),
        ),
        (
            "srv",
            "data",
            "SRV",
            "Data",
            json!("10 5 5060 sip.example.net"),
        ),
        ("naptr", "fields", "NAPTR", "Data", json!("\"E2U+sip\" .")),
        (
            "naptr",
            "order-in-data",
            "NAPTR",
            "Data",
            json!("100 \"E2U+sip\" ."),
        ),
        (
            "ipv6",
            "full",
            "AAAA",
            "Data",
            json!("2001:0db8:0000:0000:0000:0000:0000:0001"),
        ),
        ("hex", "upper", "TLSA", "Data", json!("3 1 1 0D6F")),
        (
            "targets",
            "dotted",
            "CNAME",
            "Data",
            json!("www.example.com."),
        ),
        ("unset", "zero", "A", "Weight", json!(0)),
        ("unset", "absent", "A", "Weight", Value::Null),
        ("numbers", "decimal", "MX", "Weight", json!(10.0)),
        (
            "dates",
            "utc",
            "A",
            "DateCreated",
            json!("2026-01-15T09:30:00Z"),
        ),
        (
            "dates",
            "offset",
            "A",
            "DateCreated",
            json!("2026-01-15T10:30:00+01:00"),
        ),
    ];
    for (switch, value, rtype, name, shown) in cases {
        let dialect = Dialect::with(switch, value).unwrap();
        let sandbox = Sandbox::start(Options::default().seed(seed()).dialect(dialect))
            .await
            .unwrap();
        let caller = Caller::login(&sandbox, "AA111111").await;
        let path = format!("/api/Zone/{}/Record", caller.handle("example.com").await);
        let records = caller.get(&path).await.json();
        let record = records.as_array().unwrap().iter().find(|record| {
            record["Type"] == rtype && !matches!(record["Data"].as_str(), Some("." | "0 ."))
        });
        assert_eq!(record.unwrap()[name], shown, "{switch}={value}");
    }
}

#[tokio::test]
async fn text_is_bare_quoted_split_or_as_it_was_sent() {
    let long = "x".repeat(300);
    let split = format!("\"{}\" \"{}\"", "x".repeat(255), "x".repeat(45));
    let quoted = format!("\"{long}\"");
    let cases = [
        ("plain", &long),
        ("quoted", &quoted),
        ("chunks", &split),
        ("as-sent", &quoted),
    ];
    for (value, shown) in cases {
        let seed = Seed::empty()
            .domain("AA111111", "example.com")
            .zone("example.com");
        let dialect = Dialect::with("txt", value).unwrap();
        let sandbox = Sandbox::start(Options::default().seed(seed).dialect(dialect))
            .await
            .unwrap();
        let caller = Caller::login(&sandbox, "AA111111").await;
        let zone = caller.handle("example.com").await;
        let made = caller.record(&zone, "t", ("TXT", &quoted)).await;
        assert_eq!(made.json()["Data"], **shown, "{value}");
    }
}

#[tokio::test]
async fn what_the_dns_forbids_is_refused_where_it_is_checked() {
    let cases = [
        ("www", "CNAME", "a.example.net.", 550),
        ("@", "CNAME", "a.example.net.", 550),
        ("www", "A", "192.0.2.256", 530),
        ("www", "A", "192.0.2.1", 525),
        ("www.example.org.", "A", "192.0.2.1", 552),
        ("a..b", "A", "192.0.2.1", 552),
        ("@", "SOA", "a b 1 2 3 4 5", 530),
    ];
    let seed = Seed::empty().record("example.com", "www", ("A", "192.0.2.1"));
    let sandbox = Sandbox::start(Options::default().seed(seed)).await.unwrap();
    let caller = Caller::login(&sandbox, "AA111111").await;
    let zone = caller.handle("example.com").await;
    for (host, rtype, data, wanted) in cases {
        let told = caller.record(&zone, host, (rtype, data)).await;
        assert_eq!(code(&told), wanted, "{host} {rtype} {data}: {told:?}");
        assert_eq!(u64::from(told.status), wanted);
    }
    assert_eq!(
        sandbox.state().zone("example.com").unwrap().records().len(),
        1
    );
}
