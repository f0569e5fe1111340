//! Each write: its request, and what its answers come to.

use std::collections::VecDeque;

use super::*;

/// Answers each call in turn; more calls than answers are a mistake.
pub(super) fn in_turn(answers: &[(u16, &'static str)]) -> Scene {
    let answers = std::sync::Mutex::new(VecDeque::from(answers.to_vec()));
    Scene::new(move |line, _| match answers.lock().unwrap().pop_front() {
        Some((status, body)) => Reply::answer(status, body),
        None => panic!("unexpected: {line}"),
    })
}

pub(super) fn refusal(outcome: &Outcome) -> &bailiwick::model::Reason {
    match outcome {
        Outcome::Refused(reason) => reason,
        Outcome::Done { .. } | Outcome::NotSent(_) | Outcome::Unknown(_) | Outcome::Pending(_) => {
            panic!("{outcome:?}")
        }
    }
}

fn create_zone() -> Write {
    Write {
        action: Action::Create,
        handle: None,
        ..facet_write(zone(), "", Attrs::none())
    }
}

#[tokio::test(start_paused = true)]
async fn a_zone_is_made_once_and_found_where_it_exists() {
    let made = in_turn(&[(
        200,
        r#"{"Handle": "DO100001", "Name": "example.com", "Ttl": 36000}"#,
    )]);
    assert_eq!(made.perform(&create_zone()).await, done(Some("DO100001")));
    assert_eq!(made.asked(), ["POST /api/Zone"]);
    assert_eq!(
        json(&made.calls()[0].body),
        json(r#"{"Name": "example.com"}"#)
    );

    let list = r#"[{"Handle": "DO9", "Name": "sub.example.com"}, {"Handle": "DO100001", "Name": "Example.com"}]"#;
    for first in [(400, r#"[{"Code": 707, "Detail": "exists"}]"#), (200, "")] {
        let there = in_turn(&[first, (200, list)]);
        assert_eq!(
            there.perform(&create_zone()).await,
            done(Some("DO100001")),
            "{first:?}"
        );
        assert_eq!(
            there.asked(),
            ["POST /api/Zone", "GET /api/Zone?name=example.com"]
        );
    }
    let elsewhere = in_turn(&[(707, r#"[{"Code": 707}]"#), (200, "[]")]);
    let outcome = elsewhere.perform(&create_zone()).await;
    assert_eq!(&*refusal(&outcome).code, "707");
    assert!(refusal(&outcome).text.contains("another customer"));
    for code in [712, 713, 714] {
        let scene = Scene::new(move |_, _| {
            Reply::answer(400, &format!(r#"[{{"Code": {code}, "Detail": "no"}}]"#))
        });
        let outcome = scene.perform(&create_zone()).await;
        assert_eq!(&*refusal(&outcome).code, code.to_string());
    }
    let lost = in_turn(&[(200, list)]);
    assert_eq!(
        lost.namebay.look(&create_zone(), None).await,
        done(Some("DO100001"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_ttl_is_set_under_the_zones_own_name() {
    let write = facet_write(zone(), "ttl", Attrs::one("ttl", Value::int(3600)));
    let scene = in_turn(&[(
        200,
        r#"{"Handle": "DO100001", "Name": "example.com", "Ttl": 3600.0}"#,
    )]);
    assert_eq!(scene.perform(&write).await, done(Some("DO100001")));
    assert_eq!(scene.asked(), ["PUT /api/Zone/DO100001"]);
    assert_eq!(
        json(&scene.calls()[0].body),
        json(r#"{"Name": "example.com", "Ttl": 3600}"#)
    );

    let zone = r#"{"Handle": "DO100001", "Name": "Example.COM", "Ttl": 36000}"#;
    let scene = in_turn(&[
        (400, r#"[{"Code": 552}]"#),
        (200, zone),
        (200, r#"{"Ttl": 3600}"#),
    ]);
    assert_eq!(scene.perform(&write).await, done(Some("DO100001")));
    assert_eq!(
        json(&scene.calls()[2].body),
        json(r#"{"Name": "Example.COM", "Ttl": 3600}"#)
    );

    let scene = in_turn(&[(200, zone)]);
    assert_eq!(
        &*refusal(&scene.perform(&write).await).code,
        "write.altered"
    );
}

#[tokio::test(start_paused = true)]
async fn signing_is_switched_in_the_guides_spelling() {
    for on in [true, false] {
        let write = facet_write(zone(), "dnssec", Attrs::one("dnssec", Value::bool(on)));
        let scene = Scene::new(move |_, _| {
            Reply::answer(
                200,
                &format!(r#"{{"Zone": "x", "IsSec": {on}, "IsSign": false}}"#),
            )
        });
        assert_eq!(scene.perform(&write).await, done(Some("DO100001")));
        assert_eq!(scene.asked(), ["PUT /api/Zone/DO100001/DnsSec"]);
        assert_eq!(
            json(&scene.calls()[0].body),
            serde_json::json!({ "isSec": on })
        );
        let scene = Scene::new(move |_, _| Reply::answer(200, &format!(r#"{{"IsSec": {}}}"#, !on)));
        assert_eq!(
            &*refusal(&scene.perform(&write).await).code,
            "write.altered"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_is_updated_whole_and_deleted_by_its_id() {
    let scene = in_turn(&[(
        200,
        r#"{"Id": 13, "Host": "mail", "Data": "2.2.2.2", "Type": "A"}"#,
    )]);
    let update = record_write(record("mail", "A"), (Some("1.1.1.1"), Some("2.2.2.2")));
    assert_eq!(scene.perform(&update).await, done(Some("13")));
    assert_eq!(scene.asked(), ["PUT /api/Zone/DO100001/Record/13"]);

    let delete = record_write(record("mail", "A"), (Some("1.1.1.1"), None));
    for answer in [
        (200, ""),
        (204, ""),
        (200, "null"),
        (200, "[]"),
        (404, r#"[{"Code": 404}]"#),
        (200, r#"[{"Code": 404}]"#),
    ] {
        let scene = in_turn(&[answer]);
        assert_eq!(scene.perform(&delete).await, done(None), "{answer:?}");
        assert_eq!(scene.asked(), ["DELETE /api/Zone/DO100001/Record/13"]);
    }
    // A 404 that is not Namebay's own may mean that there is no such call.
    let still = r#"[{"Id": 13, "Host": "mail", "Data": "1.1.1.1", "Type": "A"}]"#;
    for (list, gone) in [("[]", true), (still, false)] {
        let scene = in_turn(&[(404, "<html>"), (200, list)]);
        let outcome = scene.perform(&delete).await;
        assert_eq!(outcome == done(None), gone, "{outcome:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn looks_tell_what_became_of_a_record() {
    let row = |id: u32, value: &str| {
        format!(r#"{{"Id": {id}, "Host": "mail", "Data": "{value}", "Type": "A"}}"#)
    };
    let create = record_write(record("mail", "A"), (None, Some("2.2.2.2")));
    let update = record_write(record("mail", "A"), (Some("1.1.1.1"), Some("2.2.2.2")));
    let delete = record_write(record("mail", "A"), (Some("1.1.1.1"), None));
    for (table, created, updated, deleted) in [
        (vec![], None, None, Some(done(None))),
        (vec![row(13, "1.1.1.1")], None, None, None),
        (
            vec![row(13, "2.2.2.2")],
            Some(done(Some("13"))),
            Some(done(Some("13"))),
            None,
        ),
        (
            vec![row(14, "2.2.2.2")],
            Some(done(Some("14"))),
            Some(done(Some("14"))),
            Some(done(None)),
        ),
        (
            vec![row(13, "1.1.1.1"), row(14, "2.2.2.2")],
            Some(done(Some("14"))),
            None,
            None,
        ),
    ] {
        let body = format!("[{}]", table.join(","));
        for (write, expected) in [(&create, created), (&update, updated), (&delete, deleted)] {
            let body = body.clone();
            let scene = Scene::new(move |_, _| Reply::answer(200, &body));
            let outcome = scene.namebay.look(write, None).await;
            match expected {
                Some(expected) => assert_eq!(outcome, expected, "{table:?} {:?}", write.action),
                None => assert!(
                    matches!(outcome, Outcome::NotSent(_)),
                    "{table:?} {:?}: {outcome:?}",
                    write.action
                ),
            }
        }
    }
}

fn settings(list: Vec<(&'static str, bool)>) -> Write {
    let list = list.into_iter().map(|(name, yes)| (name, Value::bool(yes)));
    facet_write(domain(), "settings", Attrs::new(list.collect()))
}

const OK: &str = r#"[{"Code": 200, "Detail": "ok", "Data": {"Property": {"Name": "Status", "Value": "protected"}}}]"#;

#[tokio::test(start_paused = true)]
async fn settings_are_sent_alone_and_read_back() {
    let write = settings(vec![("locked", true)]);
    let scene = in_turn(&[
        (200, OK),
        (200, r#"{"Handle": "DO100001", "Status": "protected"}"#),
    ]);
    assert_eq!(scene.perform(&write).await, done(Some("DO100001")));
    assert_eq!(
        scene.asked(),
        ["PUT /api/Domain/DO100001", "GET /api/Domain/DO100001"]
    );
    assert_eq!(
        json(&scene.calls()[0].body),
        json(r#"{"Status": "protected"}"#)
    );

    let scene = Scene::new(|_, sent| {
        Reply::answer(
            200,
            if is_write(sent) {
                "[]"
            } else {
                r#"{"Status": "Active"}"#
            },
        )
    });
    let began = tokio::time::Instant::now();
    assert_eq!(
        scene.perform(&write).await,
        done(Some("DO100001")),
        "what lags was accepted all the same"
    );
    assert_eq!((scene.calls().len(), began.elapsed().as_secs()), (5, 7));

    let write = settings(vec![
        ("locked", false),
        ("whois_privacy", true),
        ("auto_renew", false),
    ]);
    let scene = in_turn(&[
        (200, "[]"),
        (
            200,
            r#"{"Status": "ok", "HasAnonymousWhois": true, "AutoRenew": false}"#,
        ),
    ]);
    assert_eq!(scene.perform(&write).await, done(Some("DO100001")));
    assert_eq!(
        json(&scene.calls()[0].body),
        json(r#"{"Status": "Active", "HasAnonymousWhois": true, "AutoRenew": false}"#)
    );
}

#[tokio::test(start_paused = true)]
async fn the_word_that_unlocks_is_tried_in_turn() {
    let write = settings(vec![("locked", false), ("auto_renew", true)]);
    let mixed = r#"[{"Code": 550, "Detail": "bad word", "Data": {"Property": {"Name": "Status", "Value": "Active"}}},
                    {"Code": 200, "Detail": "ok", "Data": {"Property": {"Name": "AutoRenew", "Value": true}}}]"#;
    let scene = in_turn(&[
        (200, mixed),
        (400, r#"[{"Code": 550}]"#),
        (200, OK),
        (200, r#"{"Status": "ok", "AutoRenew": true}"#),
    ]);
    assert_eq!(scene.perform(&write).await, done(Some("DO100001")));
    assert_eq!(
        json(&scene.calls()[1].body),
        json(r#"{"Status": "Unprotected"}"#)
    );
    assert_eq!(json(&scene.calls()[2].body), json(r#"{"Status": "ok"}"#));

    let again = (400, r#"[{"Code": 550}]"#);
    let scene = in_turn(&[(200, mixed), again, again]);
    let outcome = scene.perform(&write).await;
    let text = &refusal(&outcome).text;
    assert!(
        text.starts_with("locked was refused") && text.ends_with("auto_renew was accepted"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_mixed_answer_names_the_setting_that_was_refused() {
    for second in [r#""Name": "HasAnonymousWhois""#, r#""Name": "garbled ø""#] {
        let body = format!(
            r#"[{{"Code": 200, "Detail": "ok", "Data": {{"Property": {{"Name": "Status"}}}}}},
                {{"Code": 572, "Detail": "not for fr", "Data": {{"Property": {{{second}}}}}}}]"#
        );
        let scene = Scene::new(move |_, _| Reply::answer(200, &body));
        let outcome = scene
            .perform(&settings(vec![("locked", true), ("whois_privacy", true)]))
            .await;
        let reason = refusal(&outcome);
        assert_eq!(&*reason.code, "572");
        assert!(
            reason.text.starts_with("whois_privacy was refused"),
            "{}",
            reason.text
        );
        assert!(
            reason.text.contains("not for fr") && reason.text.ends_with("locked was accepted"),
            "{}",
            reason.text
        );
    }
    // One answer for the whole request is about all of it.
    let scene = Scene::new(|_, _| Reply::answer(404, r#"[{"Code": 570, "Detail": "expired"}]"#));
    let outcome = scene
        .perform(&settings(vec![("locked", true), ("whois_privacy", true)]))
        .await;
    assert!(
        refusal(&outcome)
            .text
            .starts_with("locked, whois_privacy was refused"),
        "{outcome:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn contacts_and_name_servers_replace_what_they_name() {
    let contacts = Attrs::new(vec![
        ("tech", Value::text("AA2")),
        ("admin", Value::text("AA1")),
    ]);
    let write = facet_write(domain(), "contacts", contacts);
    let scene = in_turn(&[
        (200, r#"[{"Code": 200}]"#),
        (
            200,
            r#"[{"Handle": "AA1", "Type": "A"}, {"Handle": "AA2", "Type": "T"}, {"Handle": "AA9", "Type": "B"}]"#,
        ),
    ]);
    assert_eq!(scene.perform(&write).await, done(Some("DO100001")));
    assert_eq!(scene.asked()[0], "PUT /api/Domain/DO100001/Contact");
    assert_eq!(
        json(&scene.calls()[0].body),
        json(r#"[{"Handle": "AA1", "Type": "A"}, {"Handle": "AA2", "Type": "T"}]"#)
    );
    let scene = in_turn(&[(
        200,
        r#"[{"Code": 404, "Detail": "contact not found", "Data": {"Handle": "AA2", "Type": "T"}}]"#,
    )]);
    assert!(
        refusal(&scene.perform(&write).await)
            .text
            .contains("T: contact not found")
    );

    let names = Attrs::one(
        "name_servers",
        Value::list(&["dns1.namebay.com", "ns1.example.net"]),
    );
    let write = facet_write(domain(), "delegation", names);
    let shown = r#"[{"Name": "NS1.example.net"}, {"Name": "dns1.namebay.com"}]"#;
    for (answer, reads) in [
        ((200, shown), 1),
        ((200, r#"[{"Code": 200}]"#), 1),
        ((200, ""), 1),
    ] {
        let scene = in_turn(&[answer, (200, shown)]);
        assert_eq!(scene.perform(&write).await, done(Some("DO100001")));
        assert_eq!(scene.calls().len(), 1 + reads);
        assert_eq!(scene.asked()[0], "PUT /api/Domain/DO100001/NameServer");
        assert_eq!(
            json(&scene.calls()[0].body),
            json(r#"[{"Name": "dns1.namebay.com"}, {"Name": "ns1.example.net"}]"#)
        );
    }
    // Where they cannot be read there is nothing to wait for.
    let scene = in_turn(&[(200, "[]"), (405, "")]);
    assert_eq!(scene.perform(&write).await, done(Some("DO100001")));
    let scene = in_turn(&[(
        400,
        r#"[{"Code": 510, "Detail": "unknown host", "Data": {"Name": "ns1.example.net"}}]"#,
    )]);
    assert!(
        refusal(&scene.perform(&write).await)
            .text
            .contains("ns1.example.net: unknown host")
    );
}

#[tokio::test(start_paused = true)]
async fn facets_are_looked_at_by_what_they_show() {
    let write = settings(vec![("auto_renew", true)]);
    for (body, settled) in [
        (r#"{"AutoRenew": true}"#, true),
        (r#"{"AutoRenew": false}"#, false),
        ("{}", false),
    ] {
        let scene = Scene::new(move |_, _| Reply::answer(200, body));
        let looked = scene.namebay.look(&write, None).await;
        assert_eq!(looked == done(Some("DO100001")), settled, "{looked:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_there_is_no_call_for_is_refused_unsent() {
    let scene = in_turn(&[]);
    for write in [
        Write {
            action: Action::Delete,
            ..facet_write(zone(), "", Attrs::none())
        },
        facet_write(domain(), "order", Attrs::none()),
        Write {
            within: None,
            ..record_write(record("a", "A"), (None, Some("192.0.2.1")))
        },
        Write {
            handle: None,
            ..record_write(record("a", "A"), (Some("192.0.2.1"), None))
        },
    ] {
        let outcome = scene.perform(&write).await;
        assert!(refusal(&outcome).code.starts_with("write."), "{outcome:?}");
    }
}

#[test]
fn what_shares_a_key_is_written_one_after_another() {
    let scene = in_turn(&[]);
    let key =
        |address: Address, part: &str| scene.namebay.key(&Unit::new(address, Part::new(part)));
    assert_eq!(key(zone(), "ttl"), key(record("@", "A"), "192.0.2.1"));
    assert_eq!(key(domain(), "settings"), key(domain(), "delegation"));
    assert_ne!(key(zone(), ""), key(domain(), ""));
    let other = Address::of(&main(), &"example.org".into(), Kind::Zone);
    assert_ne!(key(zone(), ""), key(other, ""));
}
