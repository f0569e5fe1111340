//! Spelling differences make no difference (acceptance B5), and nothing else is taken for one.

use bailiwick::model::dns::name::HostForm;
use bailiwick::model::dns::{Apex, Field, Fields, Host, Reading, Rtype, data, txt};

fn zone() -> Apex {
    Apex::parse("example.com").unwrap()
}

/// The value that a server's presentation form means, written `TYPE data`.
fn server(line: &str) -> String {
    let (rtype, text) = line.split_once(' ').unwrap();
    let rtype = Rtype::parse(rtype).unwrap();
    let value = data::parse(&rtype, text, Reading::server(&zone()))
        .unwrap_or_else(|error| panic!("{line}: {error}"));
    format!("{rtype} {value}")
}

#[test]
fn presentation_forms_that_mean_the_same() {
    let table = [
        // addresses
        ("AAAA 2001:db8::1", "AAAA 2001:DB8:0:0:0:0:0:1"),
        (
            "AAAA 2001:db8::1",
            "AAAA 2001:0db8:0000:0000:0000:0000:0000:0001",
        ),
        ("AAAA 2001:db8:0:1::", "AAAA 2001:db8::1:0:0:0:0"),
        ("AAAA ::ffff:192.0.2.1", "AAAA ::FFFF:C000:201"),
        ("A 192.0.2.1", "a  192.0.2.1 "),
        ("A 192.0.2.1", "TYPE1 \\# 4 C0000201"),
        ("AAAA ::1", "TYPE28 \\# 16 00000000000000000000000000000001"),
        // names
        ("CNAME www.example.net.", "CNAME WWW.Example.NET."),
        ("CNAME www.example.net.", "CNAME www.example.net"),
        ("CNAME www.example.com.", "CNAME www"),
        ("CNAME example.com.", "CNAME @"),
        ("CNAME example.com.", "CNAME \"Example.COM\""),
        ("CNAME xn--mnchen-3ya.example.", "CNAME münchen.example"),
        ("CNAME xn--mnchen-3ya.example.", "CNAME MÜNCHEN.example."),
        (
            "CNAME xn--mnchen-3ya.example.",
            "CNAME mu\u{308}nchen.example.",
        ),
        (
            "CNAME xn--mnchen-3ya.example.",
            "CNAME XN--MNCHEN-3YA.EXAMPLE",
        ),
        ("CNAME a.b.example.", "CNAME a。b．example."),
        ("CNAME a\\.b.example.", "CNAME A\\046B.example."),
        ("CNAME _dmarc.example.", "CNAME \\095dmarc.example."),
        ("NS ns1.example.com.", "NS NS1"),
        ("NS ns1.example.com.", "NS ns1.example.com"),
        ("PTR host.example.net.", "TYPE12 HOST.example.net"),
        ("ALIAS a.example.net.", "alias A.example.net"),
        // preferences
        ("MX 10 mx.example.net.", "MX 010   MX.example.net"),
        ("MX 10 mx.example.net.", "MX ( 10\n mx.example.net. )"),
        ("MX 0 .", "MX 0"),
        (
            "SRV 10 5 5060 sip.example.net.",
            "SRV 10\t5 5060 SIP.example.net",
        ),
        ("SRV 0 0 0 .", "SRV 0 0 0"),
        ("AFSDB 1 a.example.", "AFSDB 1 A.example"),
        // text
        ("TXT \"v=spf1 -all\"", "TXT \"v=spf1\" \" -all\""),
        ("TXT \"ab\"", "TXT \"a\"\"b\""),
        ("TXT \"ab\"", "TXT ab"),
        ("TXT \"a;b\"", "TXT \"a\\;b\""),
        ("TXT \"a b\"", "TXT \"a\\032b\""),
        ("TXT \"é\"", "TXT \"\\195\\169\""),
        ("TXT \"a\\\"b\"", "TXT \"a\\034b\""),
        ("TXT \"ab\"", "TYPE16 \\# 4 01610162"),
        ("TXT \"\"", "TXT \"\" \"\""),
        ("SPF \"v=spf1 -all\"", "TYPE99 \"v=spf1 -all\""),
        // CAA, NAPTR, URI, HINFO
        (
            "CAA 0 issue \"letsencrypt.org\"",
            "CAA 0 issue letsencrypt.org",
        ),
        (
            "CAA 0 issue \"letsencrypt.org\"",
            "CAA 0 ISSUE \"letsencrypt.org\"",
        ),
        ("CAA 128 issue \";\"", "CAA 128 issue \"\\;\""),
        ("CAA 0 issue \"a\"", "TYPE257 \\# 8 0005697373756561"),
        (
            "NAPTR 100 10 \"U\" \"E2U+sip\" \"!^.*$!sip:info@example.com!\" .",
            "NAPTR 100 10 u E2U+sip !^.*$!sip:info@example.com!",
        ),
        (
            "NAPTR 1 2 \"\" \"\" \"\" a.example.",
            "NAPTR 1 2 \"\" \"\" \"\" A.example",
        ),
        (
            "URI 10 1 \"https://example.com/\"",
            "URI 10 1 https://example.com/",
        ),
        ("HINFO \"PC\" \"Linux\"", "HINFO PC Linux"),
        // digests and keys
        ("TLSA 3 1 1 0d6fce", "TLSA 3 1 1 0D6F CE"),
        ("SSHFP 4 2 0d6fce", "SSHFP 4 2 0D6FCE"),
        (
            "DS 12345 13 2 0d6fce",
            "DS 12345 ECDSAP256SHA256 2 0D6F (CE)",
        ),
        ("DNSKEY 257 3 13 AQID", "DNSKEY 257 3 ecdsap256sha256 AQ ID"),
        ("CDS 0 0 0 00", "CDS 0 0 0 ( 0 0 )"),
        ("CERT 1 12345 8 AQI=", "CERT PKIX 12345 RSASHA256 AQI"),
        ("OPENPGPKEY AQID", "OPENPGPKEY AQ\n ID"),
        // services
        ("HTTPS 1 . alpn=h2,h3", "HTTPS 1 . alpn=\"h2,h3\""),
        ("HTTPS 1 . alpn=h2 port=443", "HTTPS 1 . port=0443 alpn=h2"),
        (
            "HTTPS 1 . ipv6hint=2001:db8::1",
            "HTTPS 1 . IPV6HINT=2001:DB8:0:0::1",
        ),
        (
            "HTTPS 1 . mandatory=alpn,port alpn=h2 port=1",
            "HTTPS 1 . mandatory=port,alpn port=1 alpn=h2",
        ),
        ("HTTPS 0 b.example.", "HTTPS 0 B.example"),
        (
            "HTTPS 1 . alpn=h2",
            "TYPE65 \\# 10 0001 00 0001 0003 026832",
        ),
        (
            "SVCB 1 a.example. key65280=x",
            "SVCB 1 a.example key65280=\"x\"",
        ),
        (
            "LOC 51 30 12.748 N 0 7 39.611 W 0m 1m 10000m 10m",
            "LOC 51 30 12.748 n 00 07 39.611 w 0.00",
        ),
        (
            "LOC 52 0 0.000 N 4 0 0.000 E -2m 1m 10000m 10m",
            "LOC 52 N 4 E -2.00m",
        ),
        // unknown types
        ("TYPE65280 \\# 4 0a000001", "TYPE65280 \\#  4 0A00 0001"),
        ("X-NEW a \"b c\"", "x-new  a\t\"b c\""),
    ];
    assert!(table.len() >= 40);
    for (one, other) in table {
        assert_eq!(server(one), server(other), "{one} and {other}");
        let canonical = server(one);
        if !canonical.starts_with("TXT ") && !canonical.starts_with("SPF ") {
            assert_eq!(server(&canonical), canonical, "canonical is a fixed point");
        }
    }
}

#[test]
fn presentation_forms_that_differ() {
    let table = [
        ("A 192.0.2.1", "A 192.0.2.2"),
        ("AAAA ::192.0.2.1", "AAAA ::ffff:192.0.2.1"),
        ("CNAME www.example.com.", "CNAME www."),
        ("CNAME a\\.b.example.", "CNAME a.b.example."),
        ("MX 10 a.example.", "MX 20 a.example."),
        ("TXT \"a \"", "TXT \"a\""),
        ("TXT \"A\"", "TXT \"a\""),
        ("TXT \"a\" \" b\"", "TXT \"a\" \"b\""),
        ("TXT \"\\\"a\\\"\"", "TXT \"a\""),
        ("TXT \"\\200\"", "TXT \"\\\\200\""),
        ("TXT \"\\200\"", "TXT \"\\201\""),
        ("CAA 0 issue \"a\"", "CAA 0 issuewild \"a\""),
        ("CAA 0 issue \"A\"", "CAA 0 issue \"a\""),
        ("OPENPGPKEY AQID", "OPENPGPKEY aqid"),
        ("TYPE65280 \\# 1 0a", "TYPE65280 \\# 1 0b"),
        ("X-NEW A", "X-NEW a"),
        ("HTTPS 1 . alpn=h2,h3", "HTTPS 1 . alpn=h3,h2"),
    ];
    for (one, other) in table {
        assert_ne!(server(one), server(other));
    }
}

#[test]
fn hosts_that_mean_the_same() {
    let table = [
        ("@", "", HostForm::Relative),
        ("@", "example.com", HostForm::Relative),
        ("@", "EXAMPLE.com.", HostForm::Unclear),
        ("www", "WWW", HostForm::Relative),
        ("www", "www.example.com", HostForm::Full),
        ("www", "WWW.EXAMPLE.COM.", HostForm::Relative),
        ("www", "www.", HostForm::Unclear),
        ("*", "*.example.com", HostForm::Unclear),
        ("*.dev", "\\042.dev", HostForm::Relative),
        ("_sip._tcp", "_SIP._tcp.example.com.", HostForm::Full),
        ("xn--bcher-kva", "bücher", HostForm::Relative),
        ("xn--bcher-kva", "BÜCHER.example.com", HostForm::Full),
        ("a.example.com", "a.example.com", HostForm::Relative),
        ("notexample.com", "notexample.com", HostForm::Unclear),
    ];
    for (canonical, text, form) in table {
        let host = Host::from_server(&zone(), text, form).unwrap();
        assert_eq!(host.as_str(), canonical, "{text}");
    }
    let person = |text: &str| Host::from_person(&zone(), text).map(|host| host.to_string());
    assert_eq!(person("WWW").unwrap(), "www");
    assert_eq!(person("www.example.com.").unwrap(), "www");
    assert_eq!(person("Example.com.").unwrap(), "@");
    assert_eq!(person("a.b").unwrap(), "a.b");
    assert_eq!(
        person("www.example.com").unwrap_err().to_string(),
        "\"www.example.com\": write \"www.example.com.\" or, if meant below this zone, \"www.example.com.example.com.\""
    );
    assert!(person("www.example.net.").is_err());
    let seen = |hosts: &[&str]| HostForm::seen(&zone(), hosts.iter().copied());
    assert_eq!(seen(&["", "www", "a.example.com"]), HostForm::Relative);
    assert_eq!(seen(&["example.com", "a.example.com"]), HostForm::Full);
    assert_eq!(seen(&["@"]), HostForm::Unclear);
}

#[test]
fn zones_that_are_the_same() {
    for text in [
        "bücher.example",
        "BÜCHER.Example.",
        "xn--bcher-kva.example",
        "bücher。example",
    ] {
        assert_eq!(Apex::parse(text).unwrap().as_str(), "xn--bcher-kva.example");
    }
    for text in [
        "",
        ".",
        "a..b",
        "*.example.com",
        "a b.example",
        "a\u{a0}b.example",
        "a\\.b.example",
    ] {
        assert!(Apex::parse(text).is_err(), "{text}");
    }
}

#[test]
fn keys_of_the_file_mean_the_same_as_presentation_form() {
    let zone = zone();
    let table = [
        ("A", Fields::new("192.0.2.1"), "192.0.2.1"),
        (
            "MX",
            Fields::new("mx").int(Field::Priority, 10),
            "10 mx.example.com.",
        ),
        ("MX", Fields::new(".").int(Field::Priority, 0), "0 ."),
        (
            "SRV",
            Fields::new("SIP.example.net.")
                .int(Field::Port, 5060)
                .int(Field::Weight, 5)
                .int(Field::Priority, 10),
            "10 5 5060 sip.example.net.",
        ),
        (
            "CAA",
            Fields::new("letsencrypt.org").text(Field::Tag, "ISSUE"),
            "0 issue \"letsencrypt.org\"",
        ),
        (
            "NAPTR",
            Fields::new(".")
                .int(Field::Order, 100)
                .int(Field::Preference, 10)
                .text(Field::Flags, "u")
                .text(Field::Service, "E2U+sip")
                .text(Field::Regexp, "!^(.*)$!sip:\\1@example.com!"),
            "100 10 \"U\" \"E2U+sip\" \"!^(.*)$!sip:\\\\1@example.com!\" .",
        ),
        (
            "TLSA",
            Fields::new("0D 6F")
                .int(Field::Usage, 3)
                .int(Field::Selector, 1)
                .int(Field::Matching, 0),
            "3 1 0 0d6f",
        ),
        (
            "TXT",
            Fields::new("\"quoted\" \\ and trailing "),
            "\"quoted\" \\ and trailing ",
        ),
        ("HTTPS", Fields::new("1 . alpn=h2"), "1 . alpn=h2"),
    ];
    for (rtype, fields, canonical) in table {
        let rtype = Rtype::parse(rtype).unwrap();
        let value = data::from_fields(&rtype, &fields, Reading::person(&zone)).unwrap();
        assert_eq!(&*value, canonical);
        let back = data::to_fields(&rtype, &value);
        assert_eq!(
            data::from_fields(&rtype, &back, Reading::person(&zone)).unwrap(),
            value
        );
    }
}

#[test]
fn text_of_servers_is_read_by_the_style_of_the_zone() {
    assert_eq!(txt::style_of(["\"a\"", "\"b\" \"c\""]), txt::Style::Quoted);
    assert_eq!(txt::style_of(["\"a\"", "b"]), txt::Style::Plain);
    assert_eq!(txt::style_of([]), txt::Style::Plain);
    assert!(!txt::looks_quoted("\"a\" b \"c\""));
    assert!(!txt::looks_quoted("\"a\\\""));
    assert_eq!(
        &*txt::from_server("\"a\" \"b \"", txt::Style::Quoted).unwrap(),
        "ab "
    );
    assert_eq!(
        &*txt::from_server("\"a\"", txt::Style::Plain).unwrap(),
        "\"a\""
    );
    let lengths = [0usize, 1, 255, 256, 510, 511, 4096];
    for length in lengths {
        let text = "x".repeat(length);
        let sent = txt::quoted(&text);
        assert!(sent.split(' ').all(|string| string.len() <= 257));
        assert_eq!(&*txt::from_presentation(&sent).unwrap(), text);
    }
}
