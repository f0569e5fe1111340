//! What an imported file looks like, and what becomes of live data that no file can hold.

use super::reading::{changes, imported, see, see_domain, see_record, see_zone};
use bailiwick::config::write::{AccountsInFile, domains};
use bailiwick::model::{Attrs, Live, Reason, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

fn domain(name: &str) -> Arc<str> {
    Arc::from(name)
}

#[test]
fn a_domain_with_its_zone_reads_like_one_written_by_hand() {
    let mut live = Live::default();
    let address = see_domain(&mut live, "main", &domain("example.com"));
    let contacts = vec![
        ("admin", Value::text("AA333333")),
        ("billing", Value::text("AA111111")),
    ];
    see(&mut live, address.clone(), "contacts", Attrs::new(contacts));
    let servers = Value::list(&["dns1.namebay.com", "dns2.namebay.com"]);
    let servers = Attrs::one("name_servers", servers);
    see(&mut live, address.clone(), "delegation", servers);
    let settings = vec![
        ("locked", Value::bool(true)),
        ("auto_renew", Value::bool(false)),
    ];
    see(&mut live, address, "settings", Attrs::new(settings));
    let zone = see_zone(&mut live, "main", &domain("example.com"));
    let ttl = Attrs::one("ttl", Value::int(3600));
    see(&mut live, zone.clone(), "ttl", ttl);
    for record in [
        ("@", "A", "192.0.2.10"),
        ("@", "A", "192.0.2.11"),
        ("@", "MX", "10 mx1.example.net."),
        ("@", "MX", "20 mx2.example.net."),
        ("@", "NS", "dns1.namebay.com."),
        ("@", "SOA", "dns1.namebay.com. h.namebay.com. 1 2 3 4 5"),
        ("@", "TXT", "v=spf1 mx -all"),
        ("@", "TXT", "say \"{domain}\"\n\u{202e}"),
        ("@", "CAA", "0 issue \"letsencrypt.org\""),
        ("*", "CNAME", "example.com."),
        ("_sip._tcp", "SRV", "10 5 5060 sip.example.net."),
        (
            "_443._tcp",
            "TLSA",
            "3 1 1 0d6fce13c2b1a8f3e4d5968778695a4b3c2d1e0f0d6fce13c2b1a8f3e4d59687",
        ),
        (
            "a",
            "NAPTR",
            "100 10 \"U\" \"E2U+sip\" \"!^.*$!sip:i@example.com!\" .",
        ),
        ("b.example.com", "A", "192.0.2.1"),
        ("b", "TXT", "\\255"),
        ("c", "NS", "ns1.example.net."),
        ("c", "TYPE65280", "\\# 2 abcd"),
    ] {
        see_record(&mut live, &zone, record);
    }
    let (written, desired) = imported(&live, AccountsInFile::One);
    assert_eq!(written.left_out, []);
    assert_eq!(changes(desired, &live), Vec::<String>::new());
    let expected = r##"[domain."example.com"]
admin = "AA333333"
billing = "AA111111"
name_servers = ["dns1.namebay.com", "dns2.namebay.com"]
locked = true
auto_renew = false

[domain."example.com".zone]
ttl = 3600
records = [
  { host = "@", type = "A", data = ["192.0.2.10", "192.0.2.11"] },
  { host = "@", type = "CAA", flags = 0, tag = "issue", data = "letsencrypt.org" },
  { host = "@", type = "MX", priority = 10, data = "mx1.example.net." },
  { host = "@", type = "MX", priority = 20, data = "mx2.example.net." },
  { host = "@", type = "TXT", data = "say \"{domain}\"\n\u202E" },
  { host = "@", type = "TXT", data = "v=spf1 mx -all" },
  { host = "*", type = "CNAME", data = "example.com." },
  { host = "_443._tcp", type = "TLSA", usage = 3, selector = 1, matching = 1, data = "0d6fce13c2b1a8f3e4d5968778695a4b3c2d1e0f0d6fce13c2b1a8f3e4d59687" },
  { host = "_sip._tcp", type = "SRV", priority = 10, weight = 5, port = 5060, data = "sip.example.net." },
  { host = "a", type = "NAPTR", order = 100, preference = 10, flags = "U", service = "E2U+sip", regexp = "!^.*$!sip:i@example.com!", data = "." },
  { host = "b", type = "TYPE16", data = "\\# 2 01ff" },
  { host = "b.example.com.example.com.", type = "A", data = "192.0.2.1" },
  { host = "c", type = "NS", data = "ns1.example.net." },
  { host = "c", type = "TYPE65280", data = "\\# 2 abcd" },
]
"##;
    assert_eq!(written.text, expected);
}

#[test]
fn what_no_file_can_hold_is_a_comment_and_stays_unmanaged() {
    let mut live = Live::default();
    let address = see_domain(&mut live, "main", &domain("example.com"));
    let servers = Attrs::one("name_servers", Value::list(&["ns1.example.com"]));
    see(&mut live, address, "delegation", servers);
    let zone = see_zone(&mut live, "main", &domain("example.com"));
    for record in [
        ("@", "TXT", "v=spf1 -all"),
        ("@", "TXT", "v=spf1 mx -all"),
        ("@", "TXT", "keep me"),
        ("@", "MX", "10 mail.example.com."),
        ("@", "MX", "20 mx.example.net."),
        ("mail", "CNAME", "mx.example.net."),
        ("bad", "A", "192.0.2.1"),
        ("bad", "A", "not\nan address"),
        ("www", "CNAME", "example.com."),
        ("www", "TXT", "beside"),
        ("www", "TXT", "beside"),
    ] {
        see_record(&mut live, &zone, record);
    }
    let (written, desired) = imported(&live, AccountsInFile::One);
    assert_eq!(changes(desired, &live), Vec::<String>::new());
    let expected = r##"# left out: name_servers of domain.example.com@main: ns1.example.com lies below example.com, and its addresses (glue) are not imported
[domain."example.com"]

[domain."example.com".zone]
records = [
  # left out: @ MX "10 mail.example.com." (the MX of `@` points to `mail.example.com.`, which is a CNAME in this zone; a mail exchanger must be the name of a host with addresses)
  # left out: @ MX "20 mx.example.net." (a file that names it owns all MX of this host, and another one cannot be written)
  { host = "@", type = "TXT", data = "keep me" },
  # left out: @ TXT "v=spf1 -all" (a file that names it owns all v=spf1 of this host, and another one cannot be written)
  # left out: @ TXT "v=spf1 mx -all" (`@` has two SPF policies, and receivers then use neither)
  # left out: bad A "192.0.2.1" (a file that names it owns all A of this host, and another one cannot be written)
  # left out: bad A "not\nan address" (`not` is no IPv4 address)
  { host = "mail", type = "CNAME", data = "mx.example.net." },
  # left out: www CNAME "example.com." (`www` has a CNAME beside TXT; a host with a CNAME has nothing else)
  { host = "www", type = "TXT", data = "beside" },
]
"##;
    assert_eq!(written.text, expected);
    assert_eq!(written.left_out.len(), 8);
}

#[test]
fn each_block_says_where_its_domain_and_its_zone_live() {
    let mut live = Live::default();
    see_domain(&mut live, "main", &domain("a.example"));
    let zone = see_zone(&mut live, "other", &domain("a.example"));
    see_record(&mut live, &zone, ("www", "A", "192.0.2.1"));
    see_zone(&mut live, "main", &domain("b.example"));
    see_zone(&mut live, "other", &domain("b.example"));
    see_domain(&mut live, "main", &domain("c.example"));
    let (written, desired) = imported(&live, AccountsInFile::Several);
    assert_eq!(changes(desired, &live), Vec::<String>::new());
    let expected = r##"[domain."a.example"]
account = "main"

[domain."a.example".zone]
account = "other"
records = [
  { host = "www", type = "A", data = "192.0.2.1" },
]

# left out: zone.b.example@other: a file has a zone in one account
[domain."b.example"]
account = "main"
registrar = "external"

[domain."b.example".zone]

[domain."c.example"]
account = "main"
"##;
    assert_eq!(written.text, expected);
}

#[test]
fn what_was_not_read_is_said_where_it_would_stand() {
    let mut live = Live::default();
    see_domain(&mut live, "main", &domain("a.example"));
    see_zone(&mut live, "main", &domain("b.example"));
    let reason = Reason {
        status: Some(500),
        code: "500".into(),
        text: "the server\nbroke".into(),
    };
    for address in [
        see_zone(&mut Live::default(), "main", &domain("a.example")),
        see_domain(&mut Live::default(), "main", &domain("b.example")),
    ] {
        live.failed.push((address, reason.clone()));
    }
    let chosen = BTreeSet::from(["a.example", "b.example", "c.example"].map(domain));
    let written = domains(&live, &chosen, AccountsInFile::One);
    let expected = "\
# left out: zone.a.example@main: it could not be read: the server\\u000Abroke
[domain.\"a.example\"]
# left out: domain.b.example@main: it could not be read: the server\\u000Abroke
# left out: domain.c.example: it is in none of the accounts that were read
";
    assert_eq!(written.text, expected);
    let none = domains(&live, &BTreeSet::new(), AccountsInFile::One);
    assert_eq!(none.text, "");
}
