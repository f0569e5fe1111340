//! The error model: what each kind of answer means for a write that makes something, one that does not, and a read.

use std::time::Duration;

use bailiwick::http::{Reason as Net, SendError};

use super::*;

const RECORD: &str = r#"{"Id": 13, "Host": "mail", "Data": "1.1.1.1", "Type": "A"}"#;

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Done { .. } => "done",
        Outcome::Refused(_) => "refused",
        Outcome::NotSent(_) => "not sent",
        Outcome::Unknown(_) => "unknown",
        Outcome::Pending(_) => "pending",
    }
}

fn code(outcome: &Outcome) -> (&str, Option<u16>) {
    match outcome {
        Outcome::Refused(reason) | Outcome::NotSent(reason) | Outcome::Unknown(reason) => {
            (&reason.code, reason.status)
        }
        Outcome::Done { .. } | Outcome::Pending(_) => ("", None),
    }
}

#[tokio::test(start_paused = true)]
async fn answers_and_what_they_mean() {
    // Status, body; what a creation comes to, its code; attempts of a creation, and of an idempotent write.
    for (status, body, creation, said, (once, often)) in [
        (200, RECORD, "done", "", (1, 1)),
        (201, RECORD, "done", "", (1, 1)),
        (
            200,
            r#"[{"Code": 714, "Detail": "Primary NS", "Data": null}]"#,
            "refused",
            "714",
            (1, 1),
        ),
        (
            400,
            r#"[{"Code": 714.0, "Detail": "Primary NS"}]"#,
            "refused",
            "714",
            (1, 1),
        ),
        (
            714,
            r#"[{"code": "714", "detail": "Primary NS"}]"#,
            "refused",
            "714",
            (1, 1),
        ),
        (
            500,
            r#"[{"Code": 513, "Detail": null, "Data": "text"}]"#,
            "refused",
            "513",
            (1, 1),
        ),
        (
            200,
            r#"{"Code": 712, "Detail": "no"}"#,
            "refused",
            "712",
            (1, 1),
        ),
        (511, "", "refused", "511", (1, 1)),
        (525, r#"{"Message": "exists"}"#, "refused", "525", (1, 1)),
        (
            300,
            r#"[{"Code": 300, "Detail": "ambiguous"}]"#,
            "refused",
            "300",
            (1, 1),
        ),
        (302, "<html>moved</html>", "refused", "302", (1, 1)),
        (403, "<html>forbidden</html>", "refused", "403", (1, 1)),
        (
            404,
            r#"[{"Code": 404, "Detail": "not found"}]"#,
            "refused",
            "404",
            (1, 1),
        ),
        (
            200,
            r#"[{"Code": 200, "Detail": "ok"}, {"Code": 572, "Detail": "not for this TLD"}]"#,
            "refused",
            "572",
            (1, 1),
        ),
        (
            500,
            r#"[{"Code": 500, "Detail": "An error has occurred."}]"#,
            "unknown",
            "net.trouble",
            (1, 4),
        ),
        (
            500,
            r#"{"Message": "An error has occurred."}"#,
            "unknown",
            "net.trouble",
            (1, 4),
        ),
        (503, "", "unknown", "net.trouble", (1, 4)),
        (
            502,
            "<html>bad gateway</html>",
            "unknown",
            "net.trouble",
            (1, 4),
        ),
        (
            522,
            "<html>cloudflare</html>",
            "unknown",
            "net.trouble",
            (1, 4),
        ),
        (
            200,
            "<html>maintenance</html>",
            "unknown",
            "net.trouble",
            (1, 4),
        ),
        (200, r#"{"Id": 13, "Host"#, "unknown", "net.trouble", (1, 4)),
        (429, "", "not sent", "net.busy", (4, 4)),
    ] {
        let scene = Scene::new(move |line, _| match line {
            "POST /api/Zone/DO100001/Record" | "PUT /api/Zone/DO100001/Record/13" => {
                Reply::answer(status, body)
            }
            // A look finds nothing.
            _ => Reply::answer(200, "[]"),
        });
        let create = record_write(record("mail", "A"), (None, Some("1.1.1.1")));
        let outcome = scene.perform(&create).await;
        let writes = |scene: &Scene| scene.calls().iter().filter(|sent| is_write(sent)).count();
        assert_eq!(
            (word(&outcome), code(&outcome).0),
            (creation, said),
            "{status} {body}: {outcome:?}"
        );
        assert_eq!(writes(&scene), once, "{status} {body}");
        if creation == "refused" {
            assert_eq!(code(&outcome).1, Some(status));
        }
        // A second scene, since three attempts without an answer hold back writes.
        let scene = Scene::new(move |_, _| Reply::answer(status, body));
        let update = record_write(record("mail", "A"), (Some("2.2.2.2"), Some("1.1.1.1")));
        let outcome = scene.perform(&update).await;
        // After the third attempt without an answer the gate is shut.
        assert_eq!(
            writes(&scene),
            often.min(if creation == "unknown" { 3 } else { 4 }),
            "{status} {body}: {outcome:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_unknown_until_a_look_settles_it() {
    for arrived in [true, false] {
        let scene = Scene::new(move |line, _| match line {
            "POST /api/Zone/DO100001/Record" => Reply::Fail(SendError::OutcomeUnknown(
                Net::Timeout(Duration::from_secs(30)),
            )),
            _ if arrived => Reply::answer(200, &format!("[{RECORD}]")),
            _ => Reply::answer(200, "[]"),
        });
        let write = record_write(record("mail", "A"), (None, Some("1.1.1.1")));
        let outcome = scene.perform(&write).await;
        assert_eq!(
            (word(&outcome), code(&outcome).0),
            ("unknown", "net.timeout")
        );
        let looked = scene.namebay.look(&write, None).await;
        assert_eq!(word(&looked), if arrived { "done" } else { "not sent" });
        assert_eq!(
            scene.calls().iter().filter(|sent| is_write(sent)).count(),
            1
        );
    }
    // What cannot be looked at stays unknown.
    let scene = Scene::new(|_, _| Reply::answer(503, ""));
    let write = record_write(record("mail", "A"), (None, Some("1.1.1.1")));
    assert_eq!(word(&scene.namebay.look(&write, None).await), "unknown");
}

#[tokio::test(start_paused = true)]
async fn what_never_left_is_not_sent() {
    let scene = Scene::new(|_, _| Reply::Fail(SendError::NotSent(Net::Connect("refused".into()))));
    let write = record_write(record("mail", "A"), (None, Some("1.1.1.1")));
    let outcome = scene.perform(&write).await;
    assert_eq!(
        (word(&outcome), code(&outcome).0),
        ("not sent", "net.connect")
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_says_where_what_and_what_to_do() {
    let scene = Scene::new(|_, _| {
        Reply::answer(
            200,
            r#"[{"Code": 713, "Detail": "ADM is off for password Example#2025a", "Data": {"Name": "example.com"}}]"#,
        )
    });
    let write = record_write(record("mail", "A"), (None, Some("1.1.1.1")));
    let Outcome::Refused(reason) = scene.perform(&write).await else {
        panic!()
    };
    for part in [
        "rest.namebay.com/api/Zone/{zone_handle}/Record",
        "Advanced DNS Management",
        "ADM is off",
        "example.com",
        "Order",
    ] {
        assert!(reason.text.contains(part), "{part}: {}", reason.text);
    }
    assert!(!reason.text.contains("Example#2025a"), "{}", reason.text);
}

#[tokio::test(start_paused = true)]
async fn reading_an_account_fails_for_one_of_three_reasons() {
    for (status, body, expected) in [
        (401, "", "credentials"),
        (403, "", "credentials"),
        (200, r#"[{"Code": 401, "Detail": "no"}]"#, "credentials"),
        (503, "", "unavailable"),
        (200, "<html>", "unavailable"),
        (200, "[{", "unavailable"),
        (300, r#"[{"Code": 300}]"#, "answer"),
        (404, "<html>", "answer"),
        (200, "7", "answer"),
        (200, "", "answer"),
    ] {
        let scene = Scene::new(move |_, _| Reply::answer(status, body));
        let error = scene
            .fetch(desired(&[(zone(), &[("", Attrs::none())])]))
            .await
            .unwrap_err();
        let said = match &error {
            ProviderError::Credentials(_) => "credentials",
            ProviderError::Unavailable(_) => "unavailable",
            ProviderError::Answer(_) => "answer",
        };
        assert_eq!(said, expected, "{status} {body}: {error}");
        assert!(
            error.to_string().contains("rest.namebay.com/api/Zone"),
            "{error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn three_attempts_without_an_answer_shut_the_gate_and_a_probe_opens_it() {
    use bailiwick::provider::Gate;
    use std::sync::atomic::{AtomicBool, Ordering};
    let up = Arc::new(AtomicBool::new(false));
    let is_up = Arc::clone(&up);
    let scene = Scene::new(move |_, _| match is_up.load(Ordering::Relaxed) {
        true => Reply::answer(200, "[]"),
        false => Reply::answer(503, ""),
    });
    let write = record_write(record("mail", "A"), (Some("1.1.1.1"), None));
    assert_eq!(word(&scene.perform(&write).await), "unknown");
    assert_eq!(scene.namebay.gate(), Gate::Shut);
    let before = scene.calls().len();
    assert_eq!(word(&scene.perform(&write).await), "not sent");
    assert_eq!(scene.calls().len(), before);
    assert_eq!(scene.namebay.probe().await, Gate::Shut);
    up.store(true, Ordering::Relaxed);
    assert_eq!(scene.namebay.probe().await, Gate::Open);
    let probe = scene.calls().pop().unwrap();
    assert_eq!(probe.method, Method::Get);
}
