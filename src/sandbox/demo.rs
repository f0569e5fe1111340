//! The portfolio with which a sandbox starts where nobody gives it another: 25 domains under three handles.

use jiff::Timestamp;

use super::seed::{Seed, somebody};
use super::state::Contact;

/// The reseller: its own domains are those of a small company.
const RESELLER: &str = "AA111111";
/// A customer with a chain of shops.
const SHOPS: &str = "BB222222";
/// A customer with an association.
const CLUB: &str = "CC333333";

/// Holder and name; the last two have something about them, see `demo`.
const DOMAINS: [(&str, &str); 25] = [
    (RESELLER, "example.com"),
    (RESELLER, "example.org"),
    (RESELLER, "example.net"),
    (RESELLER, "atelier.example"),
    (RESELLER, "atelier-monaco.example"),
    (RESELLER, "studio.example"),
    (RESELLER, "intranet.example"),
    (RESELLER, "status.example"),
    (RESELLER, "lapsed.example"),
    (RESELLER, "elsewhere.example"),
    (SHOPS, "shop.example"),
    (SHOPS, "bakery.example"),
    (SHOPS, "orchard.example"),
    (SHOPS, "florist.example"),
    (SHOPS, "bookshop.example"),
    (SHOPS, "cheese.example"),
    (SHOPS, "coffee.example"),
    (SHOPS, "tea.example"),
    (SHOPS, "outlet.example"),
    (CLUB, "rowing-club.example"),
    (CLUB, "regatta.example"),
    (CLUB, "boathouse.example"),
    (CLUB, "juniors.example"),
    (CLUB, "masters.example"),
    (CLUB, "xn--caf-dma.example"),
];

impl Seed {
    /// Makes the demo portfolio at a time.
    ///
    /// `example.com` holds a record that nobody declared (`old-intranet`), `lapsed.example` has expired and
    /// `elsewhere.example` is delegated to others and has no zone here.
    pub fn demo(now: Timestamp) -> Self {
        let organisation = |handle: &str, name: &str, mail: &str| Contact {
            organisation: Some(name.to_owned()),
            mail: mail.to_owned(),
            ..somebody(handle)
        };
        let mut seed = Self::empty_at(now)
            .user(RESELLER)
            .customer(SHOPS, RESELLER)
            .customer(CLUB, RESELLER)
            .contact(organisation(
                RESELLER,
                "Atelier Example",
                "admin@example.com",
            ))
            .contact(organisation(SHOPS, "Example Shops Ltd", "it@shop.example"))
            .contact(organisation(
                CLUB,
                "Example Rowing Club",
                "office@rowing-club.example",
            ))
            .contact(somebody("AA333333"));
        for (number, (holder, name)) in (1..).zip(DOMAINS) {
            seed = seed.domain(holder, name).expires_in(name, 30 + 13 * number);
            seed = match name {
                "elsewhere.example" => seed.adjust(name, |domain| {
                    domain.settings.name_servers =
                        vec!["ns1.dns.test".to_owned(), "ns2.dns.test".to_owned()];
                }),
                "example.com" => company(seed.zone(name), name),
                _ => usual(seed.zone(name), name, number),
            };
        }
        seed.expires_in("lapsed.example", -12)
            .adjust("example.org", |domain| domain.settings.locked = false)
            .adjust("shop.example", |domain| domain.settings.auto_renew = true)
    }
}

/// The zone that the examples describe, with one record more than they do.
fn company(seed: Seed, zone: &str) -> Seed {
    seed.record(zone, "@", ("A", "192.0.2.10"))
        .record(zone, "@", ("AAAA", "2001:db8::10"))
        .record(zone, "www", ("CNAME", "example.com."))
        .record(zone, "shop", ("A", "192.0.2.20"))
        .record(zone, "@", ("MX", "10 mx1.example.net."))
        .record(zone, "@", ("MX", "20 mx2.example.net."))
        .record(zone, "@", ("TXT", r#""v=spf1 mx -all""#))
        .record(
            zone,
            "_dmarc",
            ("TXT", r#""v=DMARC1; p=none; rua=mailto:dmarc@example.com""#),
        )
        .record(zone, "_sip._tcp", ("SRV", "10 5 5060 sip.example.net."))
        .record(zone, "@", ("CAA", r#"0 issue "letsencrypt.org""#))
        .record(zone, "old-intranet", ("A", "198.51.100.77"))
}

/// A zone as most are: web, mail and its policies, and a few hosts.
fn usual(seed: Seed, zone: &str, number: i32) -> Seed {
    let selector = format!("s{}", 2020 + number % 5);
    let key = format!("\"v=DKIM1; k=rsa; p={}\"", key(number));
    let mail = |host: &str| format!("{host}.mail.example.net.");
    let seed = seed
        .record(zone, "@", ("A", &format!("192.0.2.{}", 100 + number)))
        .record(zone, "@", ("AAAA", &format!("2001:db8::{number:x}")))
        .record(zone, "www", ("CNAME", &format!("{zone}.")))
        .record(zone, "@", ("MX", &format!("10 {}", mail("mx1"))))
        .record(zone, "@", ("MX", &format!("20 {}", mail("mx2"))))
        .record(
            zone,
            "@",
            ("TXT", r#""v=spf1 include:_spf.mail.example.net -all""#),
        )
        .record(
            zone,
            "_dmarc",
            (
                "TXT",
                &format!("\"v=DMARC1; p=quarantine; rua=mailto:dmarc@{zone}\""),
            ),
        )
        .record(zone, &format!("{selector}._domainkey"), ("TXT", &key))
        .record(zone, "autodiscover", ("CNAME", &mail("autodiscover")))
        .record(
            zone,
            "_imaps._tcp",
            ("SRV", &format!("0 1 993 {}", mail("imap"))),
        )
        .record(
            zone,
            "_submission._tcp",
            ("SRV", &format!("0 1 587 {}", mail("smtp"))),
        )
        .record(zone, "@", ("CAA", r#"0 issue "letsencrypt.org""#))
        .record(zone, "mail", ("CNAME", &mail("webmail")))
        .record(zone, "ftp", ("A", &format!("192.0.2.{}", 200 + number)))
        .record(zone, "dev", ("A", &format!("198.51.100.{number}")))
        .record(zone, "staging", ("CNAME", &format!("dev.{zone}.")));
    match number % 3 {
        0 => seed
            .record(zone, "shop", ("CNAME", "shops.hosting.example.net."))
            .record(zone, "*.preview", ("A", "198.51.100.200")),
        1 => seed.record(zone, "blog", ("CNAME", "blogs.hosting.example.net.")),
        _ => seed.record(
            zone,
            "@",
            (
                "TXT",
                &format!("\"site-verification={}\"", &key_text(number)),
            ),
        ),
    }
}

/// Text that looks like a key of 1,024 bits, the same for the same number.
fn key(number: i32) -> String {
    let mut lot = super::dialect::Lot::new(number.unsigned_abs().into());
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    (0..216)
        .map(|_| char::from(letters[lot.below(letters.len())]))
        .collect()
}

fn key_text(number: i32) -> String {
    key(number + 1000)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(32)
        .collect()
}
