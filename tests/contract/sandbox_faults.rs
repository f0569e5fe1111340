//! What goes wrong on the way, and what the log says of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bailiwick::sandbox::{Effect, Fate, Fault, Moment, Options, Rule, Sandbox, Seed};
use serde_json::{Value, json};

use super::caller::{Caller, token};

const CREATE: &str = "POST /api/Zone/{zone_handle}/Record";

async fn sandbox(effect: Effect) -> (bailiwick::sandbox::Running, Caller, String) {
    let seed = Seed::empty()
        .domain("AA111111", "example.com")
        .zone("example.com");
    let options = Options {
        faults: vec![Fault::new(Rule::nth(CREATE, 2), effect)],
        ..Options::default().seed(seed)
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let caller = Caller::login(&sandbox, "AA111111").await;
    let zone = caller.handle("example.com").await;
    (sandbox, caller, zone)
}

#[tokio::test]
async fn a_lost_request_leaves_nothing_and_a_lost_answer_leaves_its_record() {
    for (effect, fate, count) in [
        (Effect::LostRequest, Fate::RequestLost, 2),
        (Effect::LostAnswer, Fate::AnswerLost, 3),
    ] {
        let (sandbox, caller, zone) = sandbox(effect).await;
        let path = format!("/api/Zone/{zone}/Record");
        for (number, host) in (1..).zip(["a", "b", "c"]) {
            let body = json!({"Host": host, "Type": "A", "Data": "192.0.2.1"});
            let heard = caller.try_call("POST", &path, &body).await;
            assert_eq!(heard.is_err(), number == 2, "{heard:?}");
        }
        assert_eq!(
            sandbox.state().zone("example.com").unwrap().records().len(),
            count
        );
        let fates: Vec<Fate> = sandbox
            .log()
            .entries()
            .iter()
            .filter(|seen| seen.kind() == CREATE)
            .map(|seen| seen.fate)
            .collect();
        assert_eq!(fates, [Fate::Answered, fate, Fate::Answered]);
        assert_eq!(sandbox.log().writes().len(), count);
    }
}

#[tokio::test]
async fn answers_can_be_pages_halves_nothing_or_refusals() {
    let (sandbox, caller, _) = sandbox(Effect::LostAnswer).await;
    let cases = [
        (Fault::html(503), 503, "<!DOCTYPE html>"),
        (Effect::HalfJson, 200, "[{"),
        (Effect::EmptyBody, 200, ""),
        (Effect::Throttle(7), 429, "{"),
        (Effect::Unauthorized, 401, "{"),
        (
            Effect::Status {
                status: 500,
                body: "[]".to_owned(),
                media: "application/json".to_owned(),
            },
            500,
            "[]",
        ),
    ];
    for (effect, status, begins) in cases {
        sandbox.clear_faults();
        sandbox.add_fault(Fault::new(Rule::nth("GET /api/Zone", 1), effect.clone()));
        let heard = caller.unchecked("GET", "/api/Zone").await;
        assert_eq!(heard.status, status, "{effect:?}");
        assert!(heard.text.starts_with(begins), "{effect:?}: {heard:?}");
        assert_eq!(heard.header("retry-after"), (status == 429).then_some("7"));
        assert_eq!(
            serde_json::from_str::<Value>(&heard.text).is_ok(),
            matches!(status, 429 | 401 | 500)
        );
        assert_eq!(caller.get("/api/Zone").await.status, 200);
    }
    sandbox.forget_tokens();
    assert_eq!(caller.get("/api/Zone").await.status, 401);
}

#[tokio::test(start_paused = true)]
async fn delays_pass_on_the_clock_of_tokio() {
    let (_sandbox, caller, zone) = sandbox(Effect::Delay(Duration::from_secs(90))).await;
    let begun = tokio::time::Instant::now();
    caller.record(&zone, "a", ("A", "192.0.2.1")).await;
    caller.record(&zone, "b", ("A", "192.0.2.1")).await;
    assert!(begun.elapsed() >= Duration::from_secs(90));
}

#[tokio::test]
async fn a_hook_sees_each_request_before_and_after_it_is_carried_out() {
    let moments = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&moments);
    let hook: bailiwick::sandbox::Hook = Arc::new(move |moment, seen| {
        noted
            .lock()
            .unwrap()
            .push((moment, seen.number, seen.kind(), seen.status));
        Box::pin(async {})
    });
    let sandbox = Sandbox::start(Options {
        hook: Some(hook),
        ..Options::default()
    })
    .await
    .unwrap();
    token(&sandbox, "AA111111", "secret-password").await;
    let seen = moments.lock().unwrap().clone();
    let kind = "POST /token".to_owned();
    assert_eq!(
        seen,
        [
            (Moment::Arrived, 1, kind.clone(), None),
            (Moment::Done, 1, kind, Some(200))
        ]
    );
    assert!(!format!("{:?}", sandbox.log().entries()).contains("secret-password"));
}
