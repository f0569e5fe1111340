//! The file's side in Namebay's form: order, needs, and what Namebay cannot hold.

use bailiwick::diag::Severity;
use bailiwick::model::Need;

use super::*;

fn needs(admitted: &Admitted, address: &Address, part: &str) -> Vec<Need> {
    let parts = &admitted.objects()[address].parts;
    let wanted = parts.iter().find(|wanted| &*wanted.part.0 == part).unwrap();
    wanted.needs.to_vec()
}

fn servers(names: &[&str]) -> Attrs {
    Attrs::one("name_servers", Value::list(names))
}

#[test]
fn name_servers_have_one_order_and_contacts_one_spelling() {
    let scene = Scene::serving(&[]);
    let admitted = scene.admit(desired(&[(
        domain(),
        &[
            ("contacts", Attrs::one("admin", Value::text(" aa111111"))),
            (
                "delegation",
                servers(&[
                    "ns2.example.net",
                    "DNS2.namebay.com.",
                    "a.example.net",
                    "dns1.namebay.com",
                    "ns2.example.net",
                ]),
            ),
        ],
    )]));
    let parts = &admitted.objects()[&domain()].parts;
    assert_eq!(parts[0].attrs, Attrs::one("admin", Value::text("AA111111")));
    assert_eq!(
        parts[1].attrs,
        servers(&[
            "dns1.namebay.com",
            "dns2.namebay.com",
            "a.example.net",
            "ns2.example.net"
        ])
    );
}

#[test]
fn the_delegation_comes_after_the_zone_and_before_the_making_of_one() {
    let scene = Scene::serving(&[]);
    let admitted = scene.admit(desired(&[
        (
            domain(),
            &[
                (
                    "delegation",
                    servers(&["dns1.namebay.com", "dns2.namebay.com"]),
                ),
                ("order", Attrs::none()),
            ],
        ),
        (
            zone(),
            &[
                ("", Attrs::none()),
                ("dnssec", Attrs::one("dnssec", Value::bool(true))),
                ("ttl", Attrs::one("ttl", Value::int(60))),
            ],
        ),
        (record("@", "A"), &[("192.0.2.1", data("192.0.2.1"))]),
    ]));
    let unit = |part: &str| Need::Unit(Unit::new(domain(), Part::new(part)));
    assert_eq!(
        needs(&admitted, &domain(), "delegation"),
        [Need::Inside(zone())]
    );
    assert_eq!(
        needs(&admitted, &zone(), ""),
        [unit("delegation"), unit("order")]
    );
    assert_eq!(needs(&admitted, &zone(), "dnssec"), [unit("delegation")]);
    assert_eq!(needs(&admitted, &zone(), "ttl"), []);
    assert_eq!(needs(&admitted, &record("@", "A"), "192.0.2.1"), []);

    // Switching signing off waits for nothing; a domain that the file does not hold is nobody's need.
    let admitted = scene.admit(desired(&[(
        zone(),
        &[
            ("", Attrs::none()),
            ("dnssec", Attrs::one("dnssec", Value::bool(false))),
        ],
    )]));
    assert_eq!(needs(&admitted, &zone(), ""), []);
    assert_eq!(needs(&admitted, &zone(), "dnssec"), []);

    // A zone has to be made while its domain still points here.
    let away = servers(&["ns1.example.net", "ns2.example.net"]);
    let admitted = scene.admit(desired(&[
        (
            domain(),
            &[("delegation", away.clone()), ("order", Attrs::none())],
        ),
        (zone(), &[("", Attrs::none())]),
    ]));
    assert_eq!(needs(&admitted, &zone(), ""), [unit("order")]);
    assert_eq!(
        needs(&admitted, &domain(), "delegation"),
        [Need::Inside(zone())]
    );

    // The zone is in another account.
    let other = Address::of(&Account::new("be"), &name(), Kind::Zone);
    let mut file = desired(&[
        (
            domain(),
            &[(
                "delegation",
                servers(&["ns1.example.net", "ns2.example.net"]),
            )],
        ),
        (other.clone(), &[]),
    ]);
    let own = file.take_account(&main());
    let admitted = scene.admit(own);
    assert_eq!(
        needs(&admitted, &domain(), "delegation"),
        [Need::Inside(other)]
    );
}

#[test]
fn what_namebay_cannot_hold_is_told_with_its_line() {
    let long = "x".repeat(4097);
    let fits = "x".repeat(4096);
    let host = "a.".repeat(101) + "a";
    let own_ttl = Attrs::new(vec![
        ("data", Value::text("192.0.2.1")),
        ("ttl", Value::int(60)),
    ]);
    for (address, part, attrs, expected) in [
        (record("@", "TXT"), "", data(&fits), None),
        (
            record("@", "TXT"),
            "",
            data(&long),
            Some("namebay.too-long"),
        ),
        (record("@", "TXT"), "", data(&"é".repeat(4096)), None),
        (record("@", "TXT"), "", data(""), Some("namebay.empty-text")),
        (
            record(&host, "A"),
            "",
            data("192.0.2.1"),
            Some("namebay.too-long"),
        ),
        (
            record("@", "TYPE65280"),
            "",
            data("\\# 0"),
            Some("namebay.too-long"),
        ),
        (record("@", "TYPE6528"), "", data("\\# 0"), None),
        (
            record("@", "OPENPGPKEY"),
            "",
            data("AAAA"),
            Some("namebay.too-long"),
        ),
        (record("@", "SOA"), "", data("x"), Some("namebay.soa")),
        (record("@", "A"), "", own_ttl, Some("namebay.record-ttl")),
        (
            zone(),
            "ttl",
            Attrs::one("ttl", Value::int(-1)),
            Some("namebay.zone-ttl"),
        ),
        (
            zone(),
            "ttl",
            Attrs::one("ttl", Value::int(2_147_483_647)),
            None,
        ),
        (
            domain(),
            "delegation",
            servers(&["ns1.example.net"]),
            Some("namebay.few-name-servers"),
        ),
        (
            domain(),
            "delegation",
            servers(&["ns1.example.net", "ns1.example.net."]),
            Some("namebay.few-name-servers"),
        ),
    ] {
        let scene = Scene::serving(&[]);
        let mut told = Diagnostics::default();
        scene
            .namebay
            .admit(desired(&[(address.clone(), &[(part, attrs)])]), &mut told);
        let said = told.sorted();
        let codes: Vec<&str> = said.iter().map(|item| item.code.id).collect();
        assert_eq!(codes, expected.into_iter().collect::<Vec<_>>(), "{address}");
        assert!(
            said.iter().all(|item| item.place == Some(origin().place)),
            "{address}"
        );
    }
}

#[test]
fn ttls_from_master_files_and_templates_are_passed_over_once_per_zone() {
    let mut file = desired(&[
        (
            record("a", "A"),
            &[(
                "192.0.2.1",
                Attrs::new(vec![
                    ("data", Value::text("192.0.2.1")),
                    ("ttl", Value::int(60)),
                ]),
            )],
        ),
        (
            record("b", "A"),
            &[(
                "192.0.2.2",
                Attrs::new(vec![
                    ("data", Value::text("192.0.2.2")),
                    ("ttl", Value::int(70)),
                ]),
            )],
        ),
    ]);
    for declared in file.objects.values_mut() {
        for wanted in &mut declared.parts {
            wanted.origin.place.file = "zones/example.com.zone".into();
        }
    }
    let scene = Scene::serving(&[]);
    let mut told = Diagnostics::default();
    let admitted = scene.namebay.admit(file, &mut told);
    let said = told.sorted();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].severity, Severity::Notice);
    assert!(
        said[0].message.starts_with("2 records of example.com"),
        "{}",
        said[0].message
    );
    let parts = admitted
        .objects()
        .values()
        .flat_map(|declared| declared.parts.iter());
    assert!(
        parts
            .into_iter()
            .all(|wanted| wanted.attrs.get("ttl").is_none())
    );
}
