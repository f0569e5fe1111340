//! The portfolio with which a sandbox starts where nobody gives it another: 25 domains under three handles, and those of
//! an agency beside them.

use jiff::Timestamp;

use super::agency::agency;
use super::seed::{Seed, somebody};
use super::state::{AutoResponder, Contact, Pending, Standing};

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
        let seed = seed
            .expires_in("lapsed.example", -12)
            .adjust("example.org", |domain| domain.settings.locked = false)
            .adjust("shop.example", |domain| domain.settings.auto_renew = true);
        counter(agency(clubhouse(shops(atelier(seed)))))
    }
}

/// What the reseller has ordered, and what the registries told it; its customers pay from accounts of their own.
fn counter(seed: Seed) -> Seed {
    seed.funds(RESELLER, 25_000)
        .account(RESELLER, |user| user.credit = 10_000)
        .elsewhere("incoming.example", "Auth-7421-xyz")
        .elsewhere("neighbour.example", "Auth-0815-abc")
        .standing("reserved.example", Some(Standing::Reserved))
        .message(RESELLER, "hostingCreated", "hosting")
        .message(RESELLER, "domainRenewed", "domain")
        .registration_under_way(RESELLER, "atelier-riviera.example")
        .renewal_run("shop.example", "new")
}

/// What the reseller has beside domains; `example.com` has room and nothing in it.
fn atelier(seed: Seed) -> Seed {
    seed.mail_service("example.com", 10)
        .redirect_service("example.com", 5)
        .hosting("example.com")
        .mail_service("atelier.example", 10)
        .mailbox("info@atelier.example")
        .mailbox("jobs@atelier.example")
        .adjust_mailbox("info@atelier.example", |mailbox| {
            mailbox.description = Some("Front desk".to_owned());
            mailbox.alias = vec!["contact@atelier.example".to_owned()];
        })
        .mail_alias("press@atelier.example", &["info@atelier.example"])
        .redirect_service("studio.example", 5)
        .redirection(
            "studio.example",
            "tour.studio.example",
            "https://www.example.com/studio",
        )
        .redirection(
            "studio.example",
            "old.studio.example",
            "https://www.example.com/archive",
        )
        .adjust_redirection("old.studio.example", |redirection| {
            redirection.active = false
        })
}

/// What the shops have: mailboxes, one of them stuck, and a hosting of which nobody knows who is who.
fn shops(seed: Seed) -> Seed {
    seed.mail_service("shop.example", 20)
        .mailbox("orders@shop.example")
        .mailbox("sales@shop.example")
        .mailbox("returns@shop.example")
        .adjust_mailbox("orders@shop.example", |mailbox| mailbox.catch_all = true)
        .adjust_mailbox("returns@shop.example", |mailbox| {
            mailbox.pending = Pending::Stuck
        })
        .hosting("shop.example")
        .ftp_user("shop.example", Some("Photos"), "photos")
        .ftp_user("shop.example", Some("Photos"), "photos/new")
        .ftp_user("shop.example", None, "import")
        .redirect_service("outlet.example", 5)
        .redirection(
            "outlet.example",
            "sale.outlet.example",
            "https://shop.example/sale",
        )
}

/// What the association has.
fn clubhouse(seed: Seed) -> Seed {
    let (start, finish) = (seed.midnight(-10), seed.midnight(30));
    seed.mail_service("rowing-club.example", 10)
        .mailbox("office@rowing-club.example")
        .mailbox("coach@rowing-club.example")
        .adjust_mailbox("coach@rowing-club.example", |mailbox| {
            mailbox.responder = Some(AutoResponder {
                active: true,
                subject: Some("On the water".to_owned()),
                message: Some("I answer in the evening.".to_owned()),
                forward: None,
                start: Some(start),
                finish: Some(finish),
            });
        })
        .mail_alias(
            "board@rowing-club.example",
            &["office@rowing-club.example", "coach@rowing-club.example"],
        )
        .redirect_service("regatta.example", 5)
        .redirection(
            "regatta.example",
            "results.regatta.example",
            "https://www.example.org/regatta",
        )
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
