//! The token: asked for once, renewed in time and after a 401, never repeated where it is refused.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::*;

fn numbered(life: u64) -> impl Fn(&Sent) -> Reply + Send + Sync + 'static {
    let turn = AtomicUsize::new(0);
    move |_| {
        let turn = turn.fetch_add(1, Ordering::Relaxed) + 1;
        Reply::answer(
            200,
            &format!(
                r#"{{"access_token": "token-{turn}", "token_type": "bearer", "expires_in": {life}}}"#
            ),
        )
    }
}

fn bearer(sent: &Sent) -> String {
    let header = sent
        .headers
        .iter()
        .find(|(name, _)| *name == "authorization");
    header.unwrap().1.clone()
}

#[tokio::test(start_paused = true)]
async fn the_token_is_asked_for_as_the_guide_says() {
    let scene = Scene::serving(&[
        ("GET /api/Zone", "[]"),
        ("GET /api/OwnedProduct", "[]"),
        ("GET /api/Mail", "[]"),
        ("GET /api/Mail/Service", "[]"),
    ]);
    scene.namebay.roster().await.unwrap();
    let token = &scene.script.sent()[0];
    assert_eq!(
        (token.method, &*token.host, &*token.target),
        (Method::Post, "auth.namebay.com", "/token")
    );
    assert_eq!(
        token.body,
        "username=AA111111\npassword=Example#2025a\ngrant_type=password"
    );
    for call in scene.calls() {
        assert_eq!(bearer(&call), "Bearer example-access-token-0001");
    }
    assert_eq!(scene.tokens(), 1, "both calls share one");
}

#[tokio::test(start_paused = true)]
async fn accounts_of_one_login_share_its_token() {
    let scene = Scene::new(|_, _| Reply::answer(200, "[]"));
    let other = Namebay::new(
        Arc::clone(&scene.login),
        Account::new("acme"),
        "AA111111".to_owned(),
    );
    let (one, two) = tokio::join!(scene.namebay.roster(), other.roster());
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(scene.tokens(), 1);
}

#[tokio::test(start_paused = true)]
async fn it_is_renewed_before_it_ends() {
    let scene = Scene::with_auth(numbered(3600), |_, _| Reply::answer(200, "[]"));
    for (pause, tokens) in [(0, 1), (3200, 1), (200, 2), (3200, 2), (1_000_000, 3)] {
        tokio::time::sleep(Duration::from_secs(pause)).await;
        scene.namebay.roster().await.unwrap();
        assert_eq!(scene.tokens(), tokens, "after {pause} s more");
    }
    assert_eq!(bearer(scene.calls().last().unwrap()), "Bearer token-3");
}

#[tokio::test(start_paused = true)]
async fn a_life_that_makes_no_sense_is_none() {
    for life in [
        "0",
        "-5",
        "null",
        "\"soon\"",
        "99999999999999999999",
        "1e300",
    ] {
        let answer = format!(r#"{{"access_token": "t", "expires_in": {life}}}"#);
        let scene = Scene::with_auth(
            move |_| Reply::answer(200, &answer),
            |_, _| Reply::answer(200, "[]"),
        );
        assert!(scene.namebay.roster().await.is_ok(), "{life}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_401_brings_one_new_token_and_one_more_attempt() {
    let scene = Scene::with_auth(numbered(1_209_599), |_, sent| {
        if bearer(sent) == "Bearer token-1" {
            Reply::answer(
                401,
                r#"{"Message": "Authorization has been denied for this request."}"#,
            )
        } else {
            Reply::answer(200, "[]")
        }
    });
    scene.namebay.roster().await.unwrap();
    assert_eq!(
        scene.tokens(),
        2,
        "calls that were refused together share the new one"
    );
    assert!(scene.calls().len() <= 8);

    // A write that was refused for its token was not taken, whatever it makes.
    let scene = Scene::with_auth(numbered(1_209_599), |_, sent| {
        if bearer(sent) == "Bearer token-1" {
            Reply::answer(401, "")
        } else {
            Reply::answer(
                200,
                r#"{"Id": 13, "Host": "mail", "Data": "1.1.1.1", "Type": "A"}"#,
            )
        }
    });
    let write = record_write(record("mail", "A"), (None, Some("1.1.1.1")));
    assert_eq!(scene.perform(&write).await, done(Some("13")));
}

#[tokio::test(start_paused = true)]
async fn a_second_401_is_about_rights() {
    let scene = Scene::with_auth(numbered(1_209_599), |_, _| Reply::answer(401, ""));
    let error = scene.namebay.roster().await.unwrap_err();
    assert!(matches!(error, ProviderError::Credentials(_)), "{error}");
    assert_eq!(error.reason().status, Some(401));
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_are_tried_once_and_shown_never() {
    for (status, body) in [
        (
            400,
            r#"{"error": "invalid_grant", "error_description": "password Example#2025a is wrong"}"#,
        ),
        (401, "<html>no</html>"),
        (403, ""),
    ] {
        let scene = Scene::with_auth(
            move |_| Reply::answer(status, body),
            |_, _| Reply::answer(200, "[]"),
        );
        let error = scene.namebay.roster().await.unwrap_err();
        assert!(matches!(error, ProviderError::Credentials(_)), "{error}");
        let text = error.to_string();
        assert!(!text.contains("Example#2025a"), "{text}");
        assert!(
            text.contains("auth.namebay.com") && text.contains("password"),
            "{text}"
        );
        let again = scene.namebay.roster().await.unwrap_err();
        assert_eq!(again.reason(), error.reason());
        assert_eq!((scene.tokens(), scene.calls().len()), (1, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn an_auth_host_in_trouble_leaves_writes_unsent() {
    for body in [
        "<html>down</html>",
        "",
        r#"{"access_token": "tok"#,
        r#"{"expires_in": 5}"#,
    ] {
        for status in [200, 502] {
            let scene = Scene::with_auth(
                move |_| Reply::answer(status, body),
                |_, _| Reply::answer(200, "[]"),
            );
            let write = record_write(record("mail", "A"), (None, Some("1.1.1.1")));
            let outcome = scene.perform(&write).await;
            assert!(
                matches!(outcome, Outcome::NotSent(_)),
                "{status} {body}: {outcome:?}"
            );
        }
    }
}
