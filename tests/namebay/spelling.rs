//! Dialects: one zone in every spelling that the contract leaves open reads the same, and records are written so that
//! they come back as what was meant.

use std::sync::Mutex;

use super::*;

async fn read(rows: &str) -> Live {
    let scene = Scene::serving(&[
        (
            "GET /api/Zone",
            r#"[{"Handle": "DO100001", "Name": "example.com", "Ttl": 36000}]"#,
        ),
        ("GET /api/Zone/DO100001/Record", rows),
    ]);
    scene
        .fetch(desired(&[(zone(), &[("", Attrs::none())])]))
        .await
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn one_zone_in_many_spellings() {
    let expected = [
        "@ A 192.0.2.10",
        "@ AAAA 2001:db8::1",
        "@ CAA 0 issue \"letsencrypt.org\"",
        "@ MX 10 mx1.example.net.",
        "@ NAPTR 100 10 \"U\" \"E2U+sip\" \"!^.*$!sip:info@example.com!\" .",
        "@ NS ns1.example.net.",
        "_sip._tcp SRV 10 5 5060 sip.example.net.",
        "note TXT v=spf1 mx -all",
        "www CNAME example.com.",
    ];
    let spellings = [
        // The reference: members, whole numbers, `@`, relative hosts, bare names.
        r#"[{"Id": 1, "Host": "@", "Type": "SOA", "Data": "ns1.namebay.com. hostmaster.namebay.com. 1 2 3 4 5", "Weight": null},
            {"Id": 2, "Host": "@", "Type": "A", "Data": "192.0.2.10", "Weight": null, "DateCreated": "2025-04-16T11:02:27.03"},
            {"Id": 3, "Host": "@", "Type": "AAAA", "Data": "2001:db8::1", "NaptrPreference": null},
            {"Id": 4, "Host": "@", "Type": "CAA", "Data": "0 issue letsencrypt.org"},
            {"Id": 5, "Host": "@", "Type": "MX", "Data": "mx1.example.net", "Weight": 10},
            {"Id": 6, "Host": "@", "Type": "NAPTR", "Data": "E2U+sip .", "Weight": 100, "NaptrPreference": "10", "NaptrFlag": "U",
             "NaptrRegExp": "!^.*$!sip:info@example.com!"},
            {"Id": 7, "Host": "@", "Type": "NS", "Data": "ns1.example.net"},
            {"Id": 8, "Host": "_sip._tcp", "Type": "SRV", "Data": "5 5060 sip.example.net", "Weight": 10},
            {"Id": 9, "Host": "note", "Type": "TXT", "Data": "v=spf1 mx -all"},
            {"Id": 10, "Host": "www", "Type": "CNAME", "Data": "example.com"}]"#,
        // Lower-case members, fractions, empty apex, upper case, final dots, all in the data, quotes, 0 for unset.
        r#"[{"id": 2.0, "zoneid": 3.0, "host": "", "type": "a", "data": "192.0.2.10", "weight": 0},
            {"id": 3.0, "host": "", "type": "aaaa", "data": "2001:0DB8:0000:0000:0000:0000:0000:0001", "weight": 0},
            {"id": 4.0, "host": "", "type": "caa", "data": "0 ISSUE \"letsencrypt.org\"", "weight": 0},
            {"id": 5.0, "host": "", "type": "mx", "data": "10 MX1.EXAMPLE.NET.", "weight": 0},
            {"id": 6.0, "host": "", "type": "naptr", "data": "100 10 \"u\" \"E2U+sip\" \"!^.*$!sip:info@example.com!\" .", "weight": 0,
             "naptrpreference": "", "naptrflag": "", "naptrregexp": ""},
            {"id": 7.0, "host": "", "type": "ns", "data": "NS1.EXAMPLE.NET.", "weight": 0},
            {"id": 8.0, "host": "_SIP._TCP", "type": "srv", "data": "10 5 5060 SIP.EXAMPLE.NET.", "weight": 0},
            {"id": 9.0, "host": "NOTE", "type": "txt", "data": "\"v=spf1 mx -all\"", "weight": 0},
            {"id": 10.0, "host": "WWW", "type": "cname", "data": "EXAMPLE.COM.", "weight": 0}]"#,
        // Full names for hosts, numbers as text, text in pieces, members in another order.
        r#"[{"Type": "A", "Id": "2", "Data": "192.0.2.10", "Host": "example.com"},
            {"Type": "AAAA", "Id": "3", "Data": "2001:db8:0:0:0:0:0:1", "Host": "example.com"},
            {"Type": "CAA", "Id": "4", "Data": "0 issue \"letsencrypt.org\"", "Host": "example.com"},
            {"Type": "MX", "Id": "5", "Data": "mx1.example.net.", "Host": "example.com", "Weight": "10"},
            {"Type": "NAPTR", "Id": "6", "Data": "100 10 U E2U+sip !^.*$!sip:info@example.com! .", "Host": "example.com"},
            {"Type": "NS", "Id": "7", "Data": "ns1.example.net.", "Host": "example.com"},
            {"Type": "SRV", "Id": "8", "Data": "5 5060 sip.example.net.", "Host": "_sip._tcp.example.com", "Weight": "10.0"},
            {"Type": "TXT", "Id": "9", "Data": "\"v=spf1 \" \"mx -all\"", "Host": "note.example.com"},
            {"Type": "CNAME", "Id": "10", "Data": "@", "Host": "www.example.com"}]"#,
        r#"[{"Type": "A", "Id": "2", "Data": " 192.0.2.10 ", "Host": "Example.COM."},
            {"Type": "AAAA", "Id": "3", "Data": "2001:db8::0:1", "Host": "example.com."},
            {"Type": "CAA", "Id": "4", "Data": "0 issue \"letsencrypt.org\"", "Host": "example.com."},
            {"Type": "MX", "Id": "5", "Data": "10 mx1.example.net", "Host": "example.com."},
            {"Type": "NAPTR", "Id": "6", "Data": "10 U E2U+sip !^.*$!sip:info@example.com! .", "Host": "example.com.", "Weight": 100},
            {"Type": "NS", "Id": "7", "Data": "ns1.example.net", "Host": "example.com."},
            {"Type": "SRV", "Id": "8", "Data": "10 5 5060 sip.example.net", "Host": "_sip._tcp.example.com."},
            {"Type": "TXT", "Id": "9", "Data": "\"v=spf1 mx -all\"", "Host": "note.example.com."},
            {"Type": "CNAME", "Id": "10", "Data": "example.com", "Host": "www.example.com."}]"#,
    ];
    let mut ids = Vec::new();
    for rows in spellings {
        let live = read(rows).await;
        assert_eq!(values(&live), expected, "{rows}");
        assert_eq!(live.notes, [], "{rows}");
        assert_eq!(live.reads.records, expected.len());
        let handles = live
            .objects
            .values()
            .flat_map(|seen| seen.parts.iter().map(|part| part.handle.clone()));
        ids.push(handles.collect::<Vec<_>>());
    }
    assert!(ids.iter().all(|found| *found == ids[0]));
}

#[tokio::test(start_paused = true)]
async fn equal_values_are_kept_apart_by_id_and_order_means_nothing() {
    let one = r#"[{"Id": 9, "Host": "a", "Type": "A", "Data": "192.0.2.1"}, {"Id": 10, "Host": "a", "Type": "A", "Data": "192.0.2.1"},
                  {"Id": 3, "Host": "a", "Type": "A", "Data": "192.0.2.0"}]"#;
    let two = r#"[{"Id": 10, "Host": "a", "Type": "A", "Data": "192.0.2.1"}, {"Id": 3, "Host": "a", "Type": "A", "Data": "192.0.2.0"},
                  {"Id": 9, "Host": "a", "Type": "A", "Data": "192.0.2.1"}]"#;
    let (one, two) = (read(one).await, read(two).await);
    assert_eq!(one.objects, two.objects);
    let seen = &one.objects[&record("a", "A")];
    let ids: Vec<&str> = seen
        .parts
        .iter()
        .map(|part| &*part.handle.as_ref().unwrap().0)
        .collect();
    assert_eq!(ids, ["3", "9", "10"]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_shown_as_it_came_and_told() {
    let live = read(
        r#"[{"Id": 1, "Host": "a", "Type": "A", "Data": "not an address"}, {"Id": 2, "Host": "b..c", "Type": "A", "Data": "192.0.2.1"},
            {"Id": 3, "Host": "d", "Type": "", "Data": "x"}, {"Id": 4, "Host": "e", "Type": "A", "Data": "192.0.2.4"}]"#,
    )
    .await;
    assert_eq!(values(&live), ["a A not an address", "e A 192.0.2.4"]);
    let told: Vec<(&str, Option<String>)> = live
        .notes
        .iter()
        .map(|(code, address, _)| (*code, address.as_ref().map(Address::text)))
        .collect();
    assert_eq!(
        told,
        [
            (
                "record.unreadable",
                Some("record.example.com/a/A".to_owned())
            ),
            ("record.unreadable", Some("zone.example.com".to_owned())),
            ("record.unreadable", Some("zone.example.com".to_owned())),
        ]
    );
}

/// Text in quotes is a quoted text, or a text that holds quotes: the zone's other texts tell, and what the file says.
#[tokio::test(start_paused = true)]
async fn text_in_quotes_is_read_as_the_zone_and_the_file_tell() {
    let long = "x".repeat(300);
    let pieces = format!(r#"\"{}\" \"{}\""#, "x".repeat(255), "x".repeat(45));
    let row = |texts: &[&str]| {
        let rows: Vec<String> = texts
            .iter()
            .enumerate()
            .map(|(id, text)| {
                format!(r#"{{"Id": {id}, "Host": "h{id}", "Type": "TXT", "Data": "{text}"}}"#)
            })
            .collect();
        format!("[{}]", rows.join(","))
    };
    let texts = |live: &Live| -> Vec<String> {
        let values = values(live).into_iter();
        values
            .map(|value| value.splitn(3, ' ').nth(2).unwrap().to_owned())
            .collect()
    };
    for (answered, read_as) in [
        // Every text is quoted: the server quotes.
        (
            row(&[r#"\"a\""#, r#"\"b \\\"c\\\" \\\\d\""#]),
            vec!["a", r#"b "c" \d"#],
        ),
        (row(&[r#"\"caf\\195\\169 \""#]), vec!["café "]),
        // One that quotes only what could be taken for a quoted text.
        (row(&[r#"\"\\\"a\\\"\""#, "b"]), vec![r#""a""#, "b"]),
        (row(&[r#"\"a\""#, "b"]), vec!["a", "b"]),
        (row(&[r#"say \"b\""#]), vec![r#"say "b""#]),
        (
            row(&[r"back\\slash", " kept "]),
            vec![r"back\slash", " kept "],
        ),
        // A long one in pieces is in pieces all the same.
        (row(&[&pieces, "b"]), vec![&*long, "b"]),
    ] {
        assert_eq!(texts(&read(&answered).await), read_as, "{answered}");
    }
    // Where the server does not quote, the file may know that the quotes are part of the text.
    for (others, declared, read_as) in [
        (vec!["b"], "a", "a"),
        (vec!["b"], "\"a\"", "\"a\""),
        (vec![r#"\"b\""#], "\"a\"", "a"),
        (vec![], "\"a\"", "a"),
    ] {
        let rows = row(&[&[r#"\"a\""#], &*others].concat());
        let scene = Scene::serving(&[
            (
                "GET /api/Zone",
                r#"[{"Handle": "DO100001", "Name": "example.com"}]"#,
            ),
            ("GET /api/Zone/DO100001/Record", &rows),
        ]);
        let wanted = desired(&[
            (zone(), &[("", Attrs::none())]),
            (record("h0", "TXT"), &[(declared, data(declared))]),
        ]);
        assert_eq!(texts(&scene.fetch(wanted).await.unwrap())[0], read_as);
    }
}

/// A server that takes what its rules let through and gives it back in its own spelling.
struct Server {
    takes: fn(&serde_json::Value) -> bool,
    gives: fn(serde_json::Value) -> serde_json::Value,
}

impl Server {
    fn scene(self) -> Scene {
        let rows: Mutex<Vec<serde_json::Value>> = Mutex::default();
        Scene::new(move |line, sent| {
            let mut rows = rows.lock().unwrap();
            if line == "GET /api/Zone/DO100001/Record" {
                return Reply::answer(200, &serde_json::Value::from(rows.clone()).to_string());
            }
            let mut row = json(&sent.body);
            if !(self.takes)(&row) {
                return Reply::answer(
                    400,
                    r#"[{"Code": 530, "Detail": "Invalid value", "Data": null}]"#,
                );
            }
            row["Id"] = 13.into();
            let row = (self.gives)(row);
            *rows = vec![row.clone()];
            Reply::answer(200, &row.to_string())
        })
    }
}

fn text(row: &serde_json::Value, member: &str) -> String {
    row[member].as_str().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_record_is_written_as_the_reference_has_it() {
    for (address, value, body) in [
        (
            record("@", "A"),
            "192.0.2.1",
            r#"{"Host": "@", "Type": "A", "Data": "192.0.2.1"}"#,
        ),
        (
            record("*.www", "CNAME"),
            "example.com.",
            r#"{"Host": "*.www", "Type": "CNAME", "Data": "example.com."}"#,
        ),
        (
            record("@", "MX"),
            "10 mx1.example.net.",
            r#"{"Host": "@", "Type": "MX", "Data": "mx1.example.net.", "Weight": 10}"#,
        ),
        (
            record("@", "MX"),
            "0 .",
            r#"{"Host": "@", "Type": "MX", "Data": ".", "Weight": 0}"#,
        ),
        (
            record("_sip._tcp", "SRV"),
            "10 5 5060 sip.example.net.",
            r#"{"Host": "_sip._tcp", "Type": "SRV", "Data": "5 5060 sip.example.net.", "Weight": 10}"#,
        ),
        (
            record("@", "NAPTR"),
            r#"100 10 "U" "E2U+sip" "!^.*$!sip:info@example.com!" ."#,
            r#"{"Host": "@", "Type": "NAPTR", "Data": "\"E2U+sip\" .", "Weight": 100, "NaptrPreference": "10", "NaptrFlag": "U",
                "NaptrRegExp": "!^.*$!sip:info@example.com!"}"#,
        ),
        (
            record("@", "TXT"),
            "v=spf1 \"mx\" \\ -all ",
            r#"{"Host": "@", "Type": "TXT", "Data": "v=spf1 \"mx\" \\ -all "}"#,
        ),
        (
            record("@", "TXT"),
            "\\200",
            r#"{"Host": "@", "Type": "TXT", "Data": "\"\\200\""}"#,
        ),
        (
            record("@", "CAA"),
            "0 issue \"letsencrypt.org\"",
            r#"{"Host": "@", "Type": "CAA", "Data": "0 issue \"letsencrypt.org\""}"#,
        ),
        (
            record("@", "TYPE6528"),
            "\\# 2 abcd",
            r#"{"Host": "@", "Type": "TYPE6528", "Data": "\\# 2 abcd"}"#,
        ),
    ] {
        let scene = Server {
            takes: |_| true,
            gives: |row| row,
        }
        .scene();
        let write = record_write(address.clone(), (None, Some(value)));
        assert_eq!(
            scene.perform(&write).await,
            done(Some("13")),
            "{address} {value}"
        );
        let sent = scene.calls();
        assert_eq!(scene.asked(), ["POST /api/Zone/DO100001/Record"]);
        assert_eq!(json(&sent[0].body), json(body));
        let looked = scene.namebay.look(&write, None).await;
        assert_eq!(looked, done(Some("13")), "{address} {value}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_spelling_is_followed_by_the_other_one() {
    let picky: [(&str, &str, &str, Server); 7] = [
        (
            "@",
            "A",
            "192.0.2.1",
            Server {
                takes: |row| row["Host"] == "",
                gives: |row| row,
            },
        ),
        (
            "@",
            "MX",
            "10 mx1.example.net.",
            Server {
                takes: |row| row["Weight"].is_null() && row["Host"] == "example.com",
                gives: |row| row,
            },
        ),
        (
            "@",
            "NAPTR",
            "1 2 \"\" \"\" \"\" .",
            Server {
                takes: |row| row["Weight"].is_null() && row["NaptrFlag"].is_string(),
                gives: |row| row,
            },
        ),
        (
            "@",
            "A",
            "192.0.2.1",
            Server {
                takes: |row| row["Host"] == "example.com",
                gives: |row| row,
            },
        ),
        (
            "@",
            "MX",
            "10 mx1.example.net.",
            Server {
                takes: |row| row["Weight"].is_null(),
                gives: |row| row,
            },
        ),
        (
            "www",
            "CNAME",
            "example.com.",
            Server {
                takes: |row| !text(row, "Data").ends_with('.'),
                gives: |row| row,
            },
        ),
        (
            "www",
            "TXT",
            "plain",
            Server {
                takes: |row| text(row, "Data").starts_with('"'),
                gives: |row| row,
            },
        ),
    ];
    for (host, rtype, value, server) in picky {
        let scene = server.scene();
        let write = record_write(record(host, rtype), (None, Some(value)));
        assert_eq!(scene.perform(&write).await, done(Some("13")), "{rtype}");
        let before = scene.calls().len();
        assert!(before >= 2);
        // What worked is remembered.
        assert_eq!(scene.perform(&write).await, done(Some("13")), "{rtype}");
        assert_eq!(scene.calls().len(), before + 1, "{rtype}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_that_comes_back_changed_is_mended_or_told() {
    // Reads text as presentation form, so that quotes in it would be lost.
    let unquotes = Server {
        takes: |_| true,
        gives: |mut row| {
            let text = text(&row, "Data");
            let inner = text
                .strip_prefix('"')
                .and_then(|text| text.strip_suffix('"'));
            row["Data"] = match inner {
                Some(inner) => inner.replace("\\\"", "\"").into(),
                None => text.replace('"', "").into(),
            };
            row
        },
    };
    let scene = unquotes.scene();
    let write = record_write(record("a", "TXT"), (None, Some("say \"hi\"")));
    assert_eq!(scene.perform(&write).await, done(Some("13")));
    assert_eq!(
        scene.asked(),
        [
            "POST /api/Zone/DO100001/Record",
            "PUT /api/Zone/DO100001/Record/13"
        ],
        "it was taken, so that it is not made a second time"
    );

    let cuts = Server {
        takes: |_| true,
        gives: |mut row| {
            let text = text(&row, "Data");
            row["Data"] = text[..5.min(text.len())].into();
            row
        },
    };
    let scene = cuts.scene();
    let write = record_write(record("a", "TXT"), (None, Some("longer than that")));
    let Outcome::Refused(reason) = scene.perform(&write).await else {
        panic!("a changed value is not done");
    };
    assert_eq!(&*reason.code, "write.altered");
    assert!(reason.text.contains("longer than that"), "{}", reason.text);
}

#[tokio::test(start_paused = true)]
async fn a_zone_is_written_in_the_spelling_it_was_read_in() {
    let rows = r#"[{"Id": 1, "Host": "example.com", "Type": "MX", "Data": "10 mx.example.net", "Weight": null},
                   {"Id": 2, "Host": "note.example.com", "Type": "TXT", "Data": "\"quoted\""}]"#;
    let scene = Scene::new(move |line, sent| match line {
        "GET /api/Zone" => Reply::answer(200, r#"[{"Handle": "DO100001", "Name": "example.com"}]"#),
        "GET /api/Zone/DO100001/Record" => Reply::answer(200, rows),
        _ => {
            let mut row = json(&sent.body);
            row["Id"] = 13.into();
            Reply::answer(200, &row.to_string())
        }
    });
    scene
        .fetch(desired(&[(zone(), &[("", Attrs::none())])]))
        .await
        .unwrap();
    let write = record_write(record("@", "MX"), (None, Some("20 mx2.example.net.")));
    assert_eq!(scene.perform(&write).await, done(Some("13")));
    let write = record_write(record("a", "TXT"), (None, Some("\"x\"")));
    assert_eq!(scene.perform(&write).await, done(Some("13")));
    let bodies: Vec<_> = scene
        .calls()
        .iter()
        .filter(|sent| is_write(sent))
        .map(|sent| json(&sent.body))
        .collect();
    assert_eq!(
        bodies,
        [
            json(
                r#"{"Host": "example.com", "Type": "MX", "Data": "20 mx2.example.net.", "Weight": null}"#
            ),
            json(r#"{"Host": "a", "Type": "TXT", "Data": "\"\\\"x\\\"\""}"#),
        ]
    );
}
