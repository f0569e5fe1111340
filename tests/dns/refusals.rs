//! What a person writes and the DNS would refuse: each with the key to blame and what to write.

use bailiwick::model::dns::{Apex, Field, Fields, Reading, Rtype, data};

fn told(rtype: &str, fields: Fields<'_>) -> Vec<String> {
    let zone = Apex::parse("example.com").unwrap();
    let rtype = Rtype::parse(rtype).unwrap();
    match data::from_fields(&rtype, &fields, Reading::person(&zone)) {
        Ok(value) => panic!("{rtype} {value} was taken"),
        Err(errors) => errors
            .into_iter()
            .map(|error| {
                let write = error
                    .write
                    .map_or(String::new(), |write| format!(" | {write}"));
                format!("{}: {}{write}", error.field.name(), error.reason)
            })
            .collect(),
    }
}

fn mx(data: &str) -> Fields<'_> {
    Fields::new(data).int(Field::Priority, 10)
}

#[test]
fn one_value_is_checked_offline() {
    let table: [(&str, Fields<'_>, &[&str]); 24] = [
        (
            "A",
            Fields::new("192.0.2.01"),
            &["data: `192.0.2.01` has leading zeros, which some read as octal | write 192.0.2.1"],
        ),
        (
            "A",
            Fields::new("192.0.2"),
            &["data: `192.0.2` is no IPv4 address: it has 3 numbers, not four"],
        ),
        (
            "A",
            Fields::new("2001:db8::1"),
            &["data: `2001:db8::1` is an IPv6 address | write type = \"AAAA\""],
        ),
        (
            "A",
            Fields::new("www"),
            &["data: `www` is no IPv4 address | write four numbers from 0 to 255, like 192.0.2.1"],
        ),
        (
            "AAAA",
            Fields::new("192.0.2.1"),
            &["data: `192.0.2.1` is an IPv4 address | write type = \"A\""],
        ),
        (
            "AAAA",
            Fields::new("[2001:db8::1]"),
            &["data: `[2001:db8::1]` is no IPv6 address | write 2001:db8::1, without the brackets"],
        ),
        (
            "AAAA",
            Fields::new("fe80::1%eth0"),
            &[
                "data: `fe80::1%eth0` is no IPv6 address | write fe80::1; a zone index or prefix length is no part of an address",
            ],
        ),
        (
            "CNAME",
            Fields::new("mail.example.net"),
            &[
                "data: \"mail.example.net\": write \"mail.example.net.\" or, if meant below this zone, \"mail.example.net.example.com.\"",
            ],
        ),
        (
            "CNAME",
            Fields::new(""),
            &["data: a name is missing | write the name, or `@` for the zone itself"],
        ),
        (
            "CNAME",
            Fields::new("a..b."),
            &[
                "data: `a..b.` has an empty label (two dots beside each other, or one in front) | perhaps `a.b`",
            ],
        ),
        (
            "MX",
            mx("192.0.2.1"),
            &[
                "data: `192.0.2.1` is an address, and the name of a host must stand here | give the address a name by a record of type A, and write that name",
            ],
        ),
        (
            "NS",
            Fields::new("2001:db8::1."),
            &[
                "data: `2001:db8::1.` is an address, and the name of a host must stand here | give the address a name by a record of type AAAA, and write that name",
            ],
        ),
        (
            "MX",
            mx("info@example.net."),
            &[
                "data: `info@example.net.` holds `@`, which no name holds unescaped | write only the name of the host; `@` alone is the zone itself",
            ],
        ),
        (
            "MX",
            Fields::new("mx"),
            &["data: MX needs `priority` | add priority = …"],
        ),
        (
            "MX",
            Fields::new("10 mx.example.net"),
            &[
                "data: MX needs `priority`, which `data` seems to hold as well | write priority = 10, data = \"mx.example.net.\"",
            ],
        ),
        (
            "SRV",
            Fields::new("sip")
                .int(Field::Priority, 70_000)
                .int(Field::Weight, -1)
                .int(Field::Port, 5060),
            &[
                "priority: 70000 is outside 0 to 65535",
                "weight: -1 is outside 0 to 65535",
            ],
        ),
        (
            "A",
            Fields::new("192.0.2.1").int(Field::Priority, 10),
            &["priority: `priority` is no key of A records | A has `data` alone"],
        ),
        (
            "CAA",
            Fields::new("x")
                .int(Field::Flags, 256)
                .text(Field::Tag, "is-sue"),
            &[
                "flags: 256 is outside 0 to 255",
                "tag: a tag is letters and digits (RFC 8659, 4.1) | write issue, issuewild, issuemail or iodef",
            ],
        ),
        (
            "TLSA",
            Fields::new("0d6f")
                .int(Field::Usage, 3)
                .int(Field::Selector, 1)
                .int(Field::Matching, 1),
            &["data: the digest has 4 hexadecimal digits, and its type 1 has 64"],
        ),
        (
            "TLSA",
            Fields::new("0d6")
                .int(Field::Usage, 3)
                .int(Field::Selector, 1)
                .int(Field::Matching, 0),
            &["data: 3 hexadecimal digits are no whole octets; one is missing or too many"],
        ),
        (
            "SSHFP",
            Fields::new("4 2"),
            &["data: hexadecimal digits are missing"],
        ),
        (
            "HTTPS",
            Fields::new("1 . alpm=h2"),
            &[
                "data: `alpm` is no parameter of SVCB or HTTPS | write a known one (alpn, port, ipv4hint, …) or key65280",
            ],
        ),
        (
            "TYPE65280",
            Fields::new("\\# 3 0a0b"),
            &[
                "data: `\\#` announces 3 octets, and 2 follow | write `\\# 4 c0000201`: the number of octets, then their hexadecimal digits",
            ],
        ),
        (
            "HINFO",
            Fields::new("\"PC \"Linux\""),
            &["data: a quote is opened and not closed | write `\\\"` for a quote inside a text"],
        ),
    ];
    for (rtype, fields, expected) in table {
        assert_eq!(told(rtype, fields.clone()), expected, "{rtype} {fields:?}");
    }
}

#[test]
fn lengths_are_checked() {
    let label = "a".repeat(64);
    assert_eq!(
        told("CNAME", Fields::new(&*label)),
        [format!(
            "data: the label `{label}` has 64 octets, and the DNS allows 63"
        )]
    );
    let name = format!("{}.", ["a".repeat(63).as_str(); 4].join("."));
    let told_name = told("CNAME", Fields::new(&*name)).concat();
    assert!(told_name.ends_with("has 255 octets as a full name, and the DNS allows 253"));
    let text = "x".repeat(65_280);
    assert_eq!(
        told("TXT", Fields::new(&*text)),
        ["data: the text has 65280 octets, and a record holds 65279"]
    );
    let long = "é".repeat(128);
    let naptr = Fields::new(".")
        .int(Field::Order, 1)
        .int(Field::Preference, 1)
        .text(Field::Regexp, &*long);
    assert_eq!(
        told("NAPTR", naptr),
        ["regexp: the text has 256 octets, and one character string holds 255"]
    );
}
