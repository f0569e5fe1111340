//! What is read of an account, and with how many requests.

use super::*;

const OWNED: &str = r#"[{"Handle": "DO100001", "ParentHandle": null, "Name": "EXAMPLE.com", "Class": "domain", "StatusID": 1.0,
    "Status": "REGISTERED", "CreDate": "2025-02-21T00:00:00", "ExpDate": "2026-02-21T00:00:00", "Error": null},
    {"Handle": "HO300001", "Name": "example.com", "Class": "hosting", "StatusID": 1},
    {"Handle": "DO100002", "Name": "münchen.example", "Class": "Domain", "StatusID": "0", "ExpDate": null}]"#;
const ZONES: &str = r#"[{"Handle": "DO100001", "Name": "example.com", "SoaSerial": "Apr 16 2025 11:37AM", "Ttl": 36000.0},
    {"Handle": "DO100009", "Name": "other.example", "Ttl": 3600}]"#;
const DOMAINS: &str = r#"[{"Id": 1.0, "Handle": "DO100001", "Name": "example.com", "Status": " Protected", "AuthInfo": "canary-auth",
    "Expires": "2026-02-21T00:00:00", "HasAnonymousWhois": null, "AutoRenew": true}]"#;
const CONTACTS: &str = r#"[{"Handle": "aa111111", "Type": "A", "Pwd": "canary-pwd"}, {"Handle": "AA222222", "Type": "T"},
    {"Handle": "AA333333", "Type": "O"}, {"Handle": "AA111111", "Type": "R"}]"#;
const SERVERS: &str = r#"[{"Id": 1.0, "Name": "NS1.EXAMPLE.NET."}, {"Id": 2.0, "Name": "DNS2.NAMEBAY.COM"},
    {"Name": "dns1.namebay.com"}]"#;

fn servers(names: &[&str]) -> Attrs {
    Attrs::one("name_servers", Value::list(names))
}

fn everything() -> Desired {
    desired(&[
        (
            domain(),
            &[
                ("contacts", Attrs::one("tech", Value::text("AA222222"))),
                (
                    "delegation",
                    servers(&["dns1.namebay.com", "dns2.namebay.com", "ns1.example.net"]),
                ),
                ("order", Attrs::none()),
                ("settings", Attrs::one("locked", Value::bool(true))),
            ],
        ),
        (
            zone(),
            &[
                ("", Attrs::none()),
                ("dnssec", Attrs::one("dnssec", Value::bool(true))),
                ("ttl", Attrs::one("ttl", Value::int(3600))),
            ],
        ),
        (record("mail", "A"), &[("1.1.1.1", data("1.1.1.1"))]),
    ])
}

fn server() -> Scene {
    Scene::serving(&[
        ("GET /api/OwnedProduct", OWNED),
        ("GET /api/OwnedProduct?object_class=domain", OWNED),
        ("GET /api/Zone", ZONES),
        ("GET /api/Domain?contact=AA111111", DOMAINS),
        ("GET /api/Domain/DO100001/Contact", CONTACTS),
        ("GET /api/Domain/DO100001/NameServer", SERVERS),
        (
            "GET /api/Zone/DO100001/DnsSec",
            r#"{"Zone": "example.com", "IsSec": true, "IsSign": false, "SignDate": null}"#,
        ),
        (
            "GET /api/Zone/DO100001/Record",
            r#"[{"Id": 13, "ZoneId": 335354, "Host": "mail", "Data": "1.1.1.1", "Type": "A", "Weight": null}]"#,
        ),
        ("GET /api/Zone/DO100001/NsKey", "[]"),
    ])
}

#[tokio::test(start_paused = true)]
async fn a_domain_and_its_zone_are_read_in_parts() {
    let scene = server();
    let live = scene.fetch(everything()).await.unwrap();
    let parts = |address: &Address| -> Vec<(String, Attrs)> {
        let parts = live.objects[address].parts.iter();
        parts
            .map(|part| (part.part.0.to_string(), part.attrs.clone()))
            .collect()
    };
    assert_eq!(
        parts(&domain()),
        [
            (
                "contacts".to_owned(),
                Attrs::new(vec![
                    ("admin", Value::text("AA111111")),
                    ("tech", Value::text("AA222222")),
                ])
            ),
            (
                "delegation".to_owned(),
                servers(&["dns1.namebay.com", "dns2.namebay.com", "ns1.example.net"])
            ),
            ("order".to_owned(), Attrs::none()),
            (
                "settings".to_owned(),
                Attrs::new(vec![
                    ("auto_renew", Value::bool(true)),
                    ("locked", Value::bool(true)),
                ])
            ),
        ]
    );
    assert_eq!(
        parts(&zone()),
        [
            (String::new(), Attrs::none()),
            ("dnssec".to_owned(), Attrs::one("dnssec", Value::bool(true))),
            ("ttl".to_owned(), Attrs::one("ttl", Value::int(36000))),
        ]
    );
    let seen = &live.objects[&domain()];
    assert_eq!(seen.handle, Some(Handle("DO100001".into())));
    assert_eq!(seen.expires, Some("2026-02-21T00:00:00Z".parse().unwrap()));
    let outputs = &live.objects[&zone()].outputs;
    assert_eq!(
        outputs.data("signed"),
        Some(&bailiwick::model::Data::Bool(true))
    );
    assert_eq!(outputs.text("soa_serial"), Some("Apr 16 2025 11:37AM"));
    assert_eq!(values(&live), ["mail A 1.1.1.1"]);
    assert_eq!((live.reads.domains, live.reads.records), (1, 1));
    assert!(live.notes.is_empty() && live.failed.is_empty() && live.unreadable_units.is_empty());
    assert!(
        !format!("{live:?}").contains("canary"),
        "what comes unasked goes no further"
    );
    assert!(
        !live
            .objects
            .keys()
            .any(|address| &*address.domain != "example.com")
    );
}

/// The bound of the architecture page: a list per account, and below objects only what is declared.
#[tokio::test(start_paused = true)]
async fn each_read_has_its_reason() {
    let bound = |parts: Vec<(Address, &'static [&'static str])>| {
        let all = everything();
        let objects = parts.into_iter().map(|(address, kept)| {
            let declared = &all.objects[&address];
            let parts = declared
                .parts
                .iter()
                .filter(|wanted| kept.contains(&&*wanted.part.0));
            let parts: Vec<Wanted> = parts.cloned().collect();
            (
                address,
                Declared {
                    parts: parts.into(),
                    ..declared.clone()
                },
            )
        });
        Desired {
            objects: objects.collect(),
            homes: Arc::clone(&all.homes),
        }
    };
    for (wanted, asked) in [
        (bound(vec![]), vec![]),
        (
            bound(vec![(domain(), &["order"])]),
            vec!["GET /api/OwnedProduct?object_class=domain"],
        ),
        (
            bound(vec![(domain(), &["order", "settings"])]),
            vec![
                "GET /api/Domain?contact=AA111111",
                "GET /api/OwnedProduct?object_class=domain",
            ],
        ),
        (
            bound(vec![(domain(), &["order", "contacts"])]),
            vec![
                "GET /api/Domain/DO100001/Contact",
                "GET /api/OwnedProduct?object_class=domain",
            ],
        ),
        (
            bound(vec![(domain(), &["order", "delegation"])]),
            vec![
                "GET /api/Domain/DO100001/NameServer",
                "GET /api/OwnedProduct?object_class=domain",
            ],
        ),
        (
            bound(vec![
                (zone(), &["", "ttl"]),
                (record("mail", "A"), &["1.1.1.1"]),
            ]),
            vec!["GET /api/Zone", "GET /api/Zone/DO100001/Record"],
        ),
        (
            bound(vec![(zone(), &["", "dnssec"])]),
            vec![
                "GET /api/Zone",
                "GET /api/Zone/DO100001/DnsSec",
                "GET /api/Zone/DO100001/Record",
            ],
        ),
    ] {
        let scene = server();
        let live = scene.fetch(wanted).await.unwrap();
        let mut sent = scene.asked();
        sent.sort();
        assert_eq!(sent, asked);
        assert_eq!(live.reads.requests, asked.len());
    }
}

#[tokio::test(start_paused = true)]
async fn what_only_the_ledger_knows_is_looked_for_in_lists() {
    let scene = server();
    let nothing = scene.admit(desired(&[]));
    let recorded = [
        (domain(), Some(Handle("DO100001".into()))),
        (zone(), Some(Handle("DO100001".into()))),
        (record("mail", "A"), None),
    ];
    let live = scene
        .namebay
        .fetch(&wish(&nothing, &recorded))
        .await
        .unwrap();
    assert!(live.objects.contains_key(&domain()) && live.objects.contains_key(&zone()));
    assert_eq!(scene.calls().len(), 2);
    // Another account's objects are another provider's business.
    let other = Address::of(&Account::new("acme"), &name(), Kind::Zone);
    let scene = server();
    let live = scene
        .namebay
        .fetch(&wish(&nothing, &[(other, None)]))
        .await
        .unwrap();
    assert_eq!((live.objects.len(), scene.calls().len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_part_of_the_file_is_read_alone() {
    let scene = server();
    let all = scene.admit(everything());
    let top = zone();
    let live = scene
        .namebay
        .fetch(&Wish {
            below: Some(&top),
            ..wish(&all, &[])
        })
        .await
        .unwrap();
    let read: Vec<String> = live.objects.keys().map(Address::text).collect();
    assert_eq!(read, ["zone.example.com", "record.example.com/mail/A"]);
    assert!(
        scene
            .asked()
            .iter()
            .all(|line| line.starts_with("GET /api/Zone"))
    );
}

#[tokio::test(start_paused = true)]
async fn name_servers_that_change_ask_whether_the_zone_is_signed() {
    let wanted = || {
        desired(&[(
            domain(),
            &[(
                "delegation",
                servers(&["ns1.example.net", "ns2.example.net"]),
            )],
        )])
    };
    let signed = |live: &Live| live.objects[&domain()].outputs.data("signed").cloned();

    let scene = server();
    let live = scene.fetch(wanted()).await.unwrap();
    assert_eq!(signed(&live), Some(bailiwick::model::Data::Bool(true)));
    assert!(
        scene
            .asked()
            .contains(&"GET /api/Zone/DO100001/DnsSec".to_owned())
    );
    assert!(
        !live.objects.contains_key(&zone()),
        "nobody asked for the zone"
    );

    // Hosted elsewhere: keys at the registry.
    for (keys, expected) in [
        ("[]", false),
        (
            r#"[{"Id": 3, "KeyTag": "1111", "Active": true, "NbNs": false}]"#,
            true,
        ),
        (r#"[{"Id": 3.0, "keyTag": 1111}]"#, true),
        (r#"[{"Id": 3, "KeyTag": "1111", "Active": false}]"#, false),
    ] {
        let scene = Scene::serving(&[
            ("GET /api/OwnedProduct?object_class=domain", OWNED),
            ("GET /api/Zone", "[]"),
            ("GET /api/Domain/DO100001/NameServer", SERVERS),
            ("GET /api/Zone/DO100001/NsKey", keys),
        ]);
        let live = scene.fetch(wanted()).await.unwrap();
        assert_eq!(
            signed(&live),
            Some(bailiwick::model::Data::Bool(expected)),
            "{keys}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_customer_without_a_list_of_domains_has_each_read_by_itself() {
    let scene = Scene::serving(&[
        ("GET /api/OwnedProduct?object_class=domain", OWNED),
        ("GET /api/Domain?contact=AA111111", "[]"),
        (
            "GET /api/Domain/DO100001",
            r#"{"Handle": "DO100001", "Name": "example.com", "Status": "Active", "HasAnonymousWhois": false, "AutoRenew": "False"}"#,
        ),
    ]);
    let settings = Attrs::new(vec![
        ("auto_renew", Value::bool(false)),
        ("locked", Value::bool(false)),
        ("whois_privacy", Value::bool(false)),
    ]);
    let live = scene
        .fetch(desired(&[(domain(), &[("settings", settings.clone())])]))
        .await
        .unwrap();
    let seen = live.objects[&domain()]
        .part(&Part::new("settings"))
        .unwrap();
    assert_eq!(seen.attrs, settings);
}

#[tokio::test(start_paused = true)]
async fn a_setting_that_cannot_be_told_is_no_difference_for_ever() {
    for (status, renew) in [("redemptionPeriod", "true"), ("protected", "null")] {
        let domains = format!(
            r#"[{{"Handle": "DO100001", "Name": "example.com", "Status": "{status}", "AutoRenew": {renew}}}]"#
        );
        let scene = Scene::serving(&[
            ("GET /api/OwnedProduct?object_class=domain", OWNED),
            ("GET /api/Domain?contact=AA111111", &domains),
        ]);
        let settings = Attrs::new(vec![
            ("auto_renew", Value::bool(true)),
            ("locked", Value::bool(true)),
        ]);
        let live = scene
            .fetch(desired(&[(domain(), &[("settings", settings)])]))
            .await
            .unwrap();
        let unit = Unit::new(domain(), Part::new("settings"));
        assert!(live.unreadable_units.contains(&unit), "{status}");
        assert_eq!(live.notes[0].0, "setting.unreadable");
        assert!(
            live.objects.contains_key(&domain()),
            "it is held all the same"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn words_of_a_status() {
    for (word, locked) in [
        ("protected", Some(true)),
        ("Protected", Some(true)),
        (" lock", Some(true)),
        ("Active", Some(false)),
        ("ok ", Some(false)),
        ("pending transfer", None),
        ("expired", None),
        ("", None),
    ] {
        let domains =
            format!(r#"[{{"Handle": "DO100001", "Name": "example.com", "Status": "{word}"}}]"#);
        let scene = Scene::serving(&[
            ("GET /api/OwnedProduct?object_class=domain", OWNED),
            ("GET /api/Domain?contact=AA111111", &domains),
        ]);
        let settings = Attrs::one("locked", Value::bool(true));
        let live = scene
            .fetch(desired(&[(domain(), &[("settings", settings)])]))
            .await
            .unwrap();
        let seen = live.objects[&domain()].part(&Part::new("settings"));
        let read = seen.and_then(|seen| seen.attrs.data("locked").cloned());
        assert_eq!(read, locked.map(bailiwick::model::Data::Bool), "{word}");
    }
}

#[tokio::test(start_paused = true)]
async fn calls_that_do_not_exist_leave_their_part_unread() {
    for (status, body) in [
        (404, "<html>"),
        (404, ""),
        (404, r#"{"Message": "No HTTP resource"}"#),
        (405, ""),
        (501, ""),
    ] {
        let scene = Scene::new(move |line, _| match line {
            "GET /api/OwnedProduct?object_class=domain" => Reply::answer(200, OWNED),
            "GET /api/Zone" => Reply::answer(200, ZONES),
            "GET /api/Domain?contact=AA111111" => Reply::answer(200, DOMAINS),
            "GET /api/Domain/DO100001/Contact" => Reply::answer(200, CONTACTS),
            "GET /api/Zone/DO100001/Record" => Reply::answer(200, "[]"),
            _ => Reply::answer(status, body),
        });
        let live = scene.fetch(everything()).await.unwrap();
        let unread: Vec<String> = live.unreadable_units.iter().map(Unit::to_string).collect();
        assert_eq!(
            unread,
            ["domain.example.com delegation", "zone.example.com dnssec"],
            "{status} {body}"
        );
        assert_eq!(live.failed, []);
        assert!(live.notes.iter().all(|(code, _, _)| *code == "call.absent"));
    }
}

#[tokio::test(start_paused = true)]
async fn one_object_that_fails_leaves_the_others() {
    for (status, body) in [
        (403, "[{\"Code\": 403, \"Detail\": \"no\"}]"),
        (404, "[{\"Code\": 510}]"),
        (300, "[{\"Code\": 300, \"Detail\": \"ambiguous\"}]"),
        (500, "[{\"Code\": 500, \"Detail\": \"oops\"}]"),
        (502, "<html>"),
        (200, "<html>"),
        (200, "[{\"Id\": 1"),
        (200, "\"text\""),
    ] {
        let scene = Scene::new(move |line, _| match line {
            "GET /api/OwnedProduct?object_class=domain" => Reply::answer(200, OWNED),
            "GET /api/Zone" => Reply::answer(200, ZONES),
            "GET /api/Zone/DO100001/Record" => Reply::answer(status, body),
            "GET /api/Domain/DO100001/Contact" => Reply::answer(200, CONTACTS),
            _ => panic!("{line}"),
        });
        let contacts = Attrs::one("tech", Value::text("AA222222"));
        let wanted = desired(&[
            (domain(), &[("contacts", contacts)]),
            (zone(), &[("", Attrs::none())]),
        ]);
        let live = scene.fetch(wanted).await.unwrap();
        let failed: Vec<String> = live
            .failed
            .iter()
            .map(|(address, _)| address.text())
            .collect();
        assert_eq!(failed, ["zone.example.com"], "{status} {body}");
        let text = &live.failed[0].1.text;
        assert!(
            text.contains("rest.namebay.com/api/Zone/{zone_handle}/Record"),
            "{text}"
        );
        assert!(
            live.objects[&domain()]
                .part(&Part::new("contacts"))
                .is_some()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_api_that_is_gone_is_not_asked_for_every_zone() {
    let zones: Vec<String> = (0..100)
        .map(|n| format!(r#"{{"Handle": "DO{n}", "Name": "zone{n}.example"}}"#))
        .collect();
    let zones = format!("[{}]", zones.join(","));
    let scene = Scene::new(move |line, _| match line {
        "GET /api/Zone" => Reply::answer(200, &zones),
        _ => Reply::answer(503, ""),
    });
    let objects: Vec<(Address, &[(&str, Attrs)])> = (0..100)
        .map(|n| {
            let name: Arc<str> = format!("zone{n}.example").into();
            (Address::of(&main(), &name, Kind::Zone), &[][..])
        })
        .collect();
    let error = scene.fetch(desired(&objects)).await.unwrap_err();
    assert!(matches!(error, ProviderError::Unavailable(_)), "{error}");
    assert!(scene.calls().len() < 80, "{}", scene.calls().len());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_an_empty_list_or_a_404_unless_the_ledger_knows_better() {
    let empty = [
        (200, "[]"),
        (200, "null"),
        (204, ""),
        (404, r#"[{"Code": 404, "Detail": "not found"}]"#),
        (200, r#"[{"Code": 404}]"#),
    ];
    for (status, body) in empty {
        let scene = Scene::new(move |_, _| Reply::answer(status, body));
        let roster = scene.namebay.roster().await.unwrap();
        assert!(
            roster.domains.is_empty() && roster.zones.is_empty(),
            "{body}"
        );
        let live = scene.fetch(everything()).await.unwrap();
        assert!(live.objects.is_empty() && live.failed.is_empty());
        let all = scene.admit(everything());
        let recorded = [(zone(), Some(Handle("DO100001".into())))];
        let live = scene.namebay.fetch(&wish(&all, &recorded)).await;
        assert_eq!(live.is_ok(), body == "[]", "{status} {body}");
    }
    // The same for the records of one zone; but not if a deletion of the last one may have come through.
    let scene = Scene::new(|line, _| match line {
        "GET /api/Zone" => Reply::answer(200, ZONES),
        _ => Reply::answer(404, r#"[{"Code": 404}]"#),
    });
    let all = scene.admit(desired(&[(zone(), &[("", Attrs::none())])]));
    let recorded = [(record("mail", "A"), None)];
    let live = scene.namebay.fetch(&wish(&all, &recorded)).await.unwrap();
    assert_eq!(live.failed[0].0, zone());
    let open = [(
        record_write(record("mail", "A"), (Some("1.1.1.1"), None)),
        None,
    )];
    let live = scene
        .namebay
        .fetch(&Wish {
            open: &open,
            ..wish(&all, &recorded)
        })
        .await
        .unwrap();
    assert_eq!(live.failed, []);
    assert_eq!(live.looked, [(open[0].0.unit.clone(), done(None))]);
}

#[tokio::test(start_paused = true)]
async fn names_are_told_in_canonical_form() {
    let scene = server();
    let roster = scene.namebay.roster().await.unwrap();
    let names: Vec<&str> = roster.domains.iter().map(|name| &**name).collect();
    assert_eq!(names, ["example.com", "xn--mnchen-3ya.example"]);
    let names: Vec<&str> = roster.zones.iter().map(|name| &**name).collect();
    assert_eq!(names, ["example.com", "other.example"]);
}

#[tokio::test(start_paused = true)]
async fn open_writes_are_settled_from_what_is_read() {
    let scene = server();
    let all = scene.admit(everything());
    let open = [
        (
            record_write(record("mail", "A"), (None, Some("1.1.1.1"))),
            None,
        ),
        (
            record_write(record("www", "A"), (None, Some("1.1.1.1"))),
            None,
        ),
        (
            facet_write(zone(), "ttl", Attrs::one("ttl", Value::int(5))),
            None,
        ),
    ];
    let live = scene
        .namebay
        .fetch(&Wish {
            open: &open,
            ..wish(&all, &[])
        })
        .await
        .unwrap();
    assert_eq!(live.looked[0].1, done(Some("13")));
    assert!(matches!(live.looked[1].1, Outcome::NotSent(_)));
    let records = scene
        .asked()
        .iter()
        .filter(|line| line.ends_with("/Record"))
        .count();
    assert_eq!(records, 1);
    // The scene has no call to read one zone.
    assert!(matches!(live.looked[2].1, Outcome::Unknown(_)));
}
