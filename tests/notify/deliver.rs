//! Delivery: attempts, patience, the signature, and an error that shows nothing.

use bailiwick::http::script::{Reply, Script, Sent};
use bailiwick::http::{Reason, Response, SendError, Webhook};
use bailiwick::notify::{ATTEMPT_TIME, HEADER, Notifier, Undelivered, Why, sign};
use secrecy::SecretString;
use std::time::Duration;
use tokio::time::Instant;

const ADDRESS: &str = "https://hooks.example/services/T0/url-canary?sig=url-canary";
const KEY: &str = "key-canary";

async fn delivered(script: &Script) -> Result<(), Undelivered> {
    let notifier = Notifier {
        transport: script,
        webhook: Webhook::parse(ADDRESS).unwrap(),
        key: Some(SecretString::from(KEY)),
    };
    let delivered = notifier.deliver("{\"a\": 1}\n").await;
    if let Err(error) = &delivered {
        let said = format!("{error} {error:?} {:?}", notifier.webhook);
        assert!(
            !said.contains("canary") && !said.contains("hooks"),
            "{said}"
        );
    }
    delivered
}

fn status(status: u16) -> Reply {
    Reply::answer(status, "")
}

#[tokio::test(start_paused = true)]
async fn it_is_sent_signed_and_byte_by_byte() {
    let script = Script::of([status(204)]);
    delivered(&script).await.unwrap();
    let [sent]: [Sent; 1] = script.sent().try_into().unwrap();
    assert_eq!(sent.method.as_str(), "POST");
    assert_eq!(sent.target, "/services/T0/url-canary?sig=url-canary");
    assert_eq!(sent.body, "{\"a\": 1}\n");
    let signature = sign(&SecretString::from(KEY), b"{\"a\": 1}\n");
    assert_eq!(sent.headers, [(HEADER, signature)]);
}

#[tokio::test(start_paused = true)]
async fn three_attempts_with_longer_and_longer_pauses() {
    let script = Script::of([status(500), status(503), status(200)]);
    delivered(&script).await.unwrap();
    let at: Vec<_> = script.sent().iter().map(|sent| sent.at).collect();
    let pauses: Vec<u128> = at
        .windows(2)
        .map(|two| (two[1] - two[0]).as_millis())
        .collect();
    assert_eq!(pauses, [500, 1000]);

    let script = Script::new(|_| status(500));
    let error = delivered(&script).await.unwrap_err();
    assert_eq!((error.attempts, error.why), (3, Why::Status(500)));
    assert_eq!(script.sent().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_never_answers_is_left_after_three_times_ten_seconds() {
    let day = Duration::from_secs(86_400);
    let script = Script::new(move |_| Reply::After(day, Box::new(status(200))));
    let began = Instant::now();
    let error = delivered(&script).await.unwrap_err();
    assert_eq!((error.attempts, error.why), (3, Why::Late));
    assert_eq!(
        began.elapsed(),
        ATTEMPT_TIME * 3 + Duration::from_millis(1500)
    );
}

#[tokio::test(start_paused = true)]
async fn what_will_not_pass_is_not_tried_again() {
    for (reply, why) in [
        (status(302), Why::Status(302)),
        (status(404), Why::Status(404)),
        (
            Reply::Fail(SendError::NotSent(Reason::Untrusted(
                "hooks.example".into(),
            ))),
            Why::Untrusted,
        ),
        (
            Reply::Fail(SendError::NotSent(Reason::Setup("hooks.example".into()))),
            Why::Impossible,
        ),
    ] {
        let script = Script::of([reply]);
        let error = delivered(&script).await.unwrap_err();
        assert_eq!((error.attempts, error.why), (1, why));
    }
    let script = Script::new(|_| {
        Reply::Fail(SendError::NotSent(Reason::Connect(
            "hooks.example refused".into(),
        )))
    });
    let error = delivered(&script).await.unwrap_err();
    assert_eq!((error.attempts, error.why), (3, Why::Unreachable));
}

#[tokio::test(start_paused = true)]
async fn a_receiver_may_ask_for_some_patience_and_not_for_more() {
    for (asked, waited) in [("3", 3), ("3600", 10)] {
        let busy = Response::new(429, "").header("retry-after", asked);
        let script = Script::of([Reply::Answer(busy), status(200)]);
        let began = Instant::now();
        delivered(&script).await.unwrap();
        assert_eq!(began.elapsed(), Duration::from_secs(waited));
    }
}
