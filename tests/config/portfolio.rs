//! What a file means: the desired state that comes of it.

use super::support::{ACCOUNT, load};
use bailiwick::config::Loaded;
use bailiwick::model::{Account, Data, Value};

fn loaded(files: &[(&str, &str)]) -> Loaded {
    let (loaded, lines) = load(files);
    loaded.unwrap_or_else(|| panic!("{lines:#?}"))
}

/// `address@account part attribute=value … file:line`, one a part.
fn parts(loaded: &Loaded) -> Vec<String> {
    let mut out = Vec::new();
    for (address, object) in &loaded.desired.objects {
        for wanted in &object.parts {
            let mut line = address.full_text();
            if !wanted.part.is_object() {
                line += &format!(" {}", wanted.part.0);
            }
            for (name, value) in wanted.attrs.iter() {
                line += &match value {
                    Value::Known(Data::Text(text)) => format!(" {name}={text}"),
                    Value::Known(other) => format!(" {name}={}", other.to_json()),
                    Value::Later(_) => format!(" {name}=later"),
                };
            }
            out.push(format!("{line} :{}", wanted.origin.place.line));
        }
    }
    out
}

#[test]
fn a_domain_with_everything_this_version_knows() {
    let text = r#"[defaults]
account = "main"
auto_renew = true
admin = "DEFAULT1"
zone.ttl = 3600
zone.purge = true
[contact.jane]
handle = "JJ1"
[account.dns]
login = "main"
user = "BB1"
[domain."Bücher.example"]
note = "flagship"
locked = true
auto_renew = false
tech = "jane"
billing = "AA9"
name_servers = ["NS2.example.net.", "ns1.example.net"]
[domain."Bücher.example".zone]
account = "dns"
dnssec = false
ignore = [ { host = "_acme-challenge*", type = "txt", reason = "ACME", until = 2027-01-01 } ]
records = [
  { host = ["www", "M"], type = "cname", data = "@", note = "anna" },
  { host = "@", type = "TXT", data = ["b", "a"] },
  { host = "*", type = "A", data = "192.0.2.1" },
]
[domain."only-zone.example"]
registrar = "external"
[domain."only-zone.example".zone]
purge = false
"#;
    let text = format!("{text}{ACCOUNT}");
    let loaded = loaded(&[("bailiwick.toml", &text)]);
    assert_eq!(
        parts(&loaded),
        [
            "record.xn--bcher-kva.example/\\*/A@dns 192.0.2.1 data=192.0.2.1 :26",
            "record.xn--bcher-kva.example/@/TXT@dns a data=a :25",
            "record.xn--bcher-kva.example/@/TXT@dns b data=b :25",
            "record.xn--bcher-kva.example/m/CNAME@dns xn--bcher-kva.example. data=xn--bcher-kva.example. :24",
            "record.xn--bcher-kva.example/www/CNAME@dns xn--bcher-kva.example. data=xn--bcher-kva.example. :24",
        ]
        .iter()
        .fold(
            vec![
                "zone.xn--bcher-kva.example@dns :19".to_owned(),
                "zone.xn--bcher-kva.example@dns dnssec dnssec=false :21".to_owned(),
                "zone.xn--bcher-kva.example@dns ttl ttl=3600 :5".to_owned(),
            ],
            |mut all, line| {
                all.push((*line).to_owned());
                all
            }
        )
        .into_iter()
        .chain(
            [
                "zone.only-zone.example@main :30",
                "zone.only-zone.example@main ttl ttl=3600 :5",
                "domain.xn--bcher-kva.example@main contacts admin=DEFAULT1 billing=AA9 tech=JJ1 :16",
                "domain.xn--bcher-kva.example@main delegation name_servers=[\"ns2.example.net\",\"ns1.example.net\"] :18",
                "domain.xn--bcher-kva.example@main order :12",
                "domain.xn--bcher-kva.example@main settings auto_renew=false locked=true :14",
            ]
            .map(str::to_owned)
        )
        .collect::<Vec<_>>()
    );
    let zone = loaded
        .desired
        .objects
        .iter()
        .find(|(address, _)| address.text() == "zone.xn--bcher-kva.example")
        .expect("the zone")
        .1;
    let rules = zone.rules.as_ref().expect("rules");
    assert!(rules.purge);
    assert_eq!(
        (&*rules.ignore[0].host, &*rules.ignore[0].rtype),
        ("_acme-challenge*", "TXT")
    );
    let home = &loaded.desired.homes["xn--bcher-kva.example"];
    assert_eq!(home.domain, Some(Account::new("main")));
    assert_eq!(home.zone, Some(Account::new("dns")));
    let external = &loaded.desired.homes["only-zone.example"];
    assert_eq!(
        (&external.domain, &external.zone),
        (&None, &Some(Account::new("main")))
    );
    let dns = &loaded.accounts[&Account::new("dns")];
    assert_eq!((&*dns.user, dns.login.as_str()), ("BB1", "main"));
    assert_eq!(dns.env_names(), ["NAMEBAY_USERNAME", "NAMEBAY_PASSWORD"]);
}

#[test]
fn templates_come_with_the_way_they_came() {
    let text = r#"[template.mail]
records = [
  { host = "@", type = "MX", priority = 1, data = "{domain-dashed}.mail.example.net." },
  { host = "{box}", type = "TXT", data = "v=spf1 exists:%{i}.{domain} -all" },
  { host = "_dmarc", type = "TXT", data = "p={policy}" },
  { host = "_dmarc", type = "A", data = "192.0.2.1" },
]
[defaults]
vars = { policy = "none", box = "never" }
[domain."a.example"]
vars = { box = "info" }
[domain."a.example".zone]
templates = ["mail", "mail"]
except = ["_DMARC/a"]
"#;
    let text = format!("{text}{ACCOUNT}");
    let loaded = loaded(&[("bailiwick.toml", &text)]);
    let records: Vec<String> = parts(&loaded)
        .into_iter()
        .filter(|line| line.starts_with("record."))
        .collect();
    assert_eq!(
        records,
        [
            "record.a.example/@/MX@main 1 a-example.mail.example.net. data=1 a-example.mail.example.net. :3",
            "record.a.example/_dmarc/TXT@main p=none data=p=none :5",
            "record.a.example/info/TXT@main v=spf1 exists:%{i}.a.example -all data=v=spf1 exists:%{i}.a.example -all :4",
        ]
    );
    let mx = loaded
        .desired
        .objects
        .iter()
        .find(|(address, _)| address.text() == "record.a.example/@/MX")
        .expect("the MX")
        .1;
    let via = mx.parts[0].origin.via.as_deref().expect("a way");
    assert_eq!(
        (&*via[0].name, &*via[0].file, via[0].line),
        ("template.mail", "bailiwick.toml", 13)
    );
    assert_eq!(loaded.templates["mail"], 1);
}

#[test]
fn an_account_must_be_named_where_there_are_several() {
    let other = "[account.b]\nlogin = \"main\"\nuser = \"B1\"\n";
    let text = format!(
        "[domain.\"a.example\"]\n[domain.\"b.example\"]\naccount = \"b\"\n{other}{ACCOUNT}"
    );
    assert_eq!(
        load(&[("bailiwick.toml", &text)]).1,
        [
            "bailiwick.toml:1:9 config.account-wanted there are several: \"b\" or \"main\" | write account = \"…\" here, or in [defaults]"
        ]
    );
    assert_eq!(
        load(&[("bailiwick.toml", "[domain.\"a.example\"]\n")]).1,
        [
            "bailiwick.toml:1:9 config.account-wanted the file has no account | write [account.main] with provider, user, username and password"
        ]
    );
}

#[test]
fn guards_and_consents() {
    let text = r#"[guard]
max_cost = "5 EUR"
max_orders = 1
max_delete_percent = 10
max_zones = 2
protect = ["domain.Example.com", "record.example.com/WWW/a"]
[[allow]]
destroy = ['record.example.com/\*/A']
share = ["zone.**"]
reason = "ticket"
until = 2026-12-31
[bailiwick]
requires = ">=0.1, <1"
ledger = { path = "state", durable = true }
[http]
attempts = 2
timeout = "5s"
max_wait = "2m"
[domain."example.com".zone]
records = [ { host = "*", type = "A", data = "192.0.2.1" } ]
"#;
    let text = format!("{text}{ACCOUNT}");
    let loaded = loaded(&[("bailiwick.toml", &text)]);
    let guards = &loaded.guards;
    assert_eq!(guards.max_cost.to_string(), "5.00 EUR");
    assert_eq!(
        (
            guards.max_orders,
            guards.max_delete_percent,
            guards.max_zones
        ),
        (1, 10, 2)
    );
    let protect: Vec<&str> = guards
        .protect
        .iter()
        .map(|pattern| pattern.as_str())
        .collect();
    assert_eq!(protect, ["domain.example.com", "record.example.com/www/A"]);
    assert_eq!(guards.allow[0].origin.place.line, 7);
    assert_eq!(
        guards.allow[0].until.map(|day| day.to_string()).as_deref(),
        Some("2026-12-31")
    );
    assert!(loaded.ledger.durable && loaded.ledger.folder.ends_with("state"));
    assert_eq!(
        (
            loaded.http.attempts,
            loaded.http.timeout.as_secs(),
            loaded.http.max_wait.as_secs()
        ),
        (2, 5, 120)
    );

    let consent = text.replace(r"'record.example.com/\*/A'", r"'record.example.com/*/A'");
    let lines = load(&[("bailiwick.toml", &consent)]).1;
    assert_eq!(
        lines,
        [
            r#"bailiwick.toml:8:12 config.pattern "record.example.com/*/A" matches more than record.example.com/\*/A, which it names if its star is read literally | write 'record.example.com/\*/A' for that object, or ** for all"#
        ]
    );
}

#[test]
fn the_same_portfolio_in_any_order_is_the_same() {
    let blocks = [
        "[domain.\"b.example\".zone]\nrecords = [ { host = \"a\", type = \"A\", data = [\"192.0.2.1\", \"192.0.2.2\"] } ]\n",
        "[domain.\"a.example\"]\nlocked = true\n",
        "[domain.\"c.example\".zone]\nttl = 60\n",
    ];
    let of = |order: [usize; 3]| {
        let text: String = order.map(|at| blocks[at]).concat();
        let loaded = loaded(&[("bailiwick.toml", &format!("{text}{ACCOUNT}"))]);
        // Lines differ, nothing else.
        parts(&loaded)
            .iter()
            .map(|line| line.rsplit_once(" :").expect("a line").0.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(of([0, 1, 2]), of([2, 1, 0]));
    assert_eq!(of([0, 1, 2]), of([1, 2, 0]));
}
