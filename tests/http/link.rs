//! A login over a scripted transport: what is repeated, when, and when writes are held back. Virtual time throughout.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bailiwick::http::script::{Reply, Script};
use bailiwick::http::{
    Effect, Endpoint, Failure, Gate, Link, Method, Reason, Request, Response, Retry, SendError,
    Terms, Transport, Verdict, Wire,
};
use tokio::time::Instant;

/// As a provider would: 5xx is trouble, unless there is a business code in it.
fn judge(response: &Response) -> Verdict {
    let coded = response
        .json::<Vec<serde_json::Value>>()
        .is_ok_and(|errors| !errors.is_empty());
    if response.status >= 500 && !coded {
        Verdict::Trouble
    } else {
        Verdict::Answer
    }
}

fn terms() -> Terms {
    Terms {
        rate: None,
        retry: Retry::default(),
        judge,
    }
}

fn link_at(script: &Arc<Script>, places: usize) -> (Link, Wire) {
    let transport: Arc<dyn Transport> = script.clone();
    let wire = Wire::new(transport, NonZeroUsize::new(places).unwrap());
    (Link::new(wire.clone(), terms()), wire)
}

fn link(script: &Arc<Script>) -> Link {
    link_at(script, 8).0
}

fn endpoint() -> Endpoint {
    Endpoint::parse("https://rest.example").unwrap()
}

fn request(effect: Effect) -> Request {
    match effect {
        Effect::Read => Request::get(&endpoint(), "/api/Zone", "list zones"),
        Effect::Idempotent | Effect::Creating | Effect::Paying => {
            Request::write(Method::Post, &endpoint(), "/api/Panier", "order")
                .effect(effect)
                .json(&["a body"])
        }
    }
}

fn timeout() -> Reply {
    Reply::Fail(SendError::OutcomeUnknown(Reason::Timeout(
        Duration::from_secs(30),
    )))
}

fn refused() -> Reply {
    Reply::Fail(SendError::NotSent(Reason::Connect("refused".into())))
}

async fn sent_for(effect: Effect, reply: Reply) -> (usize, Result<Response, Failure>) {
    let script = Arc::new(Script::new(move |_| reply.clone()));
    let result = link(&script).send(&request(effect)).await;
    (script.sent().len(), result)
}

#[tokio::test(start_paused = true)]
async fn only_what_is_safe_twice_is_sent_twice() {
    use Effect::{Creating, Idempotent, Paying, Read};
    for trouble in [
        timeout(),
        refused(),
        Reply::answer(503, "<html>"),
        Reply::answer(500, ""),
    ] {
        for (effect, times) in [(Read, 4), (Idempotent, 4), (Creating, 1), (Paying, 1)] {
            // The gate would hold a write back after the third attempt; here the law of repetition is looked at.
            let (sent, result) = sent_for(effect, trouble.clone()).await;
            assert!(result.is_err());
            let held = if effect == Idempotent { 3 } else { times };
            assert_eq!(sent, times.min(held), "{effect:?} after {trouble:?}");
        }
    }
    for effect in [Read, Idempotent, Creating, Paying] {
        let (sent, result) = sent_for(effect, Reply::answer(429, "")).await;
        let failure = result.unwrap_err();
        assert_eq!((sent, failure.attempts), (4, 4));
        assert_eq!(
            failure.error,
            SendError::NotSent(Reason::Busy),
            "429 was not taken"
        );
        let (sent, result) = sent_for(
            effect,
            Reply::answer(525, r#"[{"Code":525,"Detail":"exists"}]"#),
        )
        .await;
        assert_eq!(
            (sent, result.unwrap().status),
            (1, 525),
            "a business code is an answer"
        );
        let (sent, result) = sent_for(effect, Reply::answer(300, r#"[{"Code":300}]"#)).await;
        assert_eq!(
            (sent, result.unwrap().status),
            (1, 300),
            "ambiguous, not a redirect"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn it_recovers_and_waits_longer_each_time() {
    let script = Arc::new(Script::of([
        timeout(),
        refused(),
        Reply::answer(502, ""),
        Reply::answer(200, "[]"),
    ]));
    let answer = link(&script).send(&request(Effect::Read)).await.unwrap();
    assert_eq!(answer.status, 200);
    let at: Vec<_> = script.sent().iter().map(|sent| sent.at).collect();
    for (pair, base) in at.windows(2).zip([500, 1000, 2000]) {
        let pause = pair[1] - pair[0];
        let base = Duration::from_millis(base);
        assert!(
            pause >= base && pause <= 2 * base + Duration::from_millis(2),
            "{pause:?} for {base:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_attempt_does_not_hide_the_doubt_of_one_before() {
    let script = Arc::new(Script::of([timeout(), Reply::answer(429, ""), refused()]));
    let mut terms = terms();
    terms.retry.attempts = 3;
    let transport: Arc<dyn Transport> = script.clone();
    let link = Link::new(Wire::new(transport, NonZeroUsize::MIN), terms);
    let failure = link.send(&request(Effect::Idempotent)).await.unwrap_err();
    assert_eq!(
        failure.error,
        SendError::OutcomeUnknown(Reason::Connect("refused".into()))
    );
    assert_eq!(
        failure.to_string(),
        "order (POST rest.example/api/Panier): no connection: refused, after 3 attempts"
    );
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_obeyed_by_all_of_the_login() {
    let busy = Response::new(429, "").header("Retry-After", "20");
    let script = Arc::new(Script::of([
        Reply::Answer(busy),
        Reply::answer(200, "[]"),
        Reply::answer(200, "[]"),
    ]));
    let link = link(&script);
    let began = Instant::now();
    let (order, list) = (request(Effect::Paying), request(Effect::Read));
    let (first, second) = tokio::join!(link.send(&order), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        link.send(&list).await
    });
    assert_eq!((first.unwrap().status, second.unwrap().status), (200, 200));
    let after: Vec<_> = script
        .sent()
        .iter()
        .map(|sent| (sent.at - began).as_secs())
        .collect();
    assert_eq!(after, [0, 20, 20]);
}

#[tokio::test(start_paused = true)]
async fn too_long_a_wait_fails_at_once_and_says_so() {
    let busy = Response::new(429, "").header("retry-after", "3600");
    let began = Instant::now();
    let (sent, result) = sent_for(Effect::Paying, Reply::Answer(busy)).await;
    let failure = result.unwrap_err();
    assert_eq!((sent, began.elapsed()), (1, Duration::ZERO));
    assert!(!failure.error.is_unknown());
    let said = failure.to_string();
    assert!(
        said.contains("asks to wait 3600s, at most 60s are waited"),
        "{said}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_gate_holds_back_writes_and_never_reads() {
    let script = Arc::new(Script::new(|sent| match sent.effect {
        Effect::Read => Reply::answer(200, "[]"),
        Effect::Idempotent | Effect::Creating | Effect::Paying => timeout(),
    }));
    let link = link(&script);
    for _ in 0..2 {
        assert!(
            link.send(&request(Effect::Creating))
                .await
                .unwrap_err()
                .error
                .is_unknown()
        );
    }
    link.send(&request(Effect::Read)).await.unwrap();
    for _ in 0..3 {
        assert_eq!(
            link.gate(),
            Gate::Open,
            "an answer in between starts the count anew"
        );
        link.send(&request(Effect::Paying)).await.unwrap_err();
    }
    let shut = Instant::now();
    assert_eq!(link.gate(), Gate::Shut { since: shut });
    tokio::time::advance(Duration::from_secs(5)).await;
    let before = script.sent().len();
    let held = link.send(&request(Effect::Idempotent)).await.unwrap_err();
    assert_eq!(
        (held.error, held.attempts),
        (SendError::NotSent(Reason::Held), 0)
    );
    assert_eq!(script.sent().len(), before, "nothing left");
    assert_eq!(
        link.gate(),
        Gate::Shut { since: shut },
        "being held back is not an attempt"
    );
    link.send(&request(Effect::Read)).await.unwrap();
    assert_eq!(link.gate(), Gate::Open);
}

#[tokio::test(start_paused = true)]
async fn an_api_that_is_gone_gets_few_attempts() {
    // D10: 200 writes are ready, the API goes silent; eight are in flight.
    let script = Arc::new(Script::new(|_| {
        Reply::After(Duration::from_secs(30), Box::new(timeout()))
    }));
    let link = Arc::new(link(&script));
    let mut writes = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let link = link.clone();
        writes.spawn(async move { link.send(&request(Effect::Idempotent)).await });
    }
    let (mut unknown, mut unsent) = (0, 0);
    while let Some(result) = writes.join_next().await {
        match result.unwrap().unwrap_err().error {
            SendError::OutcomeUnknown(_) => unknown += 1,
            SendError::NotSent(_) => unsent += 1,
        }
    }
    assert!(script.sent().len() <= 8 + 4, "{}", script.sent().len());
    assert_eq!(unknown + unsent, 200);
    assert!(
        unknown <= script.sent().len(),
        "what was held back is not in doubt"
    );
}

#[tokio::test(start_paused = true)]
async fn so_many_at_once_and_no_more() {
    let script = Arc::new(Script::new(|_| {
        Reply::After(Duration::from_secs(1), Box::new(Reply::answer(200, "[]")))
    }));
    let (one, wire) = link_at(&script, 3);
    let links = [Arc::new(one), Arc::new(Link::new(wire.clone(), terms()))];
    let mut reads = tokio::task::JoinSet::new();
    let began = Instant::now();
    for turn in 0..12 {
        let link = links[turn % 2].clone();
        reads.spawn(async move { link.send(&request(Effect::Read)).await.unwrap() });
    }
    while reads.join_next().await.is_some() {}
    assert_eq!(
        began.elapsed().as_secs(),
        4,
        "12 requests of two logins, 3 at once, a second each"
    );
    assert_eq!(
        (wire.counts().total(), wire.counts().of(Effect::Read)),
        (12, 12)
    );
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_place_does_not_save_up_for_a_burst() {
    let script = Arc::new(Script::new(|sent| {
        let slow = if sent.target.ends_with("slow") { 20 } else { 0 };
        Reply::After(
            Duration::from_secs(slow),
            Box::new(Reply::answer(200, "[]")),
        )
    }));
    let transport: Arc<dyn Transport> = script.clone();
    let limited = Terms {
        rate: Some("5/1s".parse().unwrap()),
        ..terms()
    };
    let link = Arc::new(Link::new(Wire::new(transport, NonZeroUsize::MIN), limited));
    let slow = Request::get(&endpoint(), "/slow", "wait");
    let mut reads = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let link = link.clone();
        reads.spawn(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            link.send(&request(Effect::Read)).await.unwrap();
        });
    }
    link.send(&slow).await.unwrap();
    let freed = Instant::now();
    while reads.join_next().await.is_some() {}
    assert!(
        freed.elapsed() >= Duration::from_millis(5600),
        "{:?}",
        freed.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn everything_is_told_and_no_value_with_it() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let script = Arc::new(Script::of([
        timeout(),
        Reply::answer(503, "canary"),
        refused(),
        Reply::Answer(Response::new(200, "canary").header("x", "canary")),
    ]));
    let transport: Arc<dyn Transport> = script.clone();
    let listener = told.clone();
    let wire = Wire::new(transport, NonZeroUsize::MIN).watched_by(Arc::new(move |event| {
        listener.lock().unwrap().push(format!("{event:?}"))
    }));
    let secret = Request::get(
        &endpoint(),
        "/api/Domain/{domain}/Transferable",
        "check a transfer",
    )
    .at("domain", "canary")
    .query("user", "canary")
    .query("authcode", "canary")
    .header("authorization", "canary");
    Link::new(wire, terms()).send(&secret).await.unwrap();
    let told = told.lock().unwrap().join("\n");
    assert_eq!(
        told.lines().count(),
        4 + 3 + 2,
        "attempts, waits, the gate shut and opened: {told}"
    );
    assert!(
        told.contains(
            "check a transfer (GET rest.example/api/Domain/{domain}/Transferable?user&authcode)"
        ),
        "{told}"
    );
    assert!(!told.contains("canary"), "{told}");
    assert!(script.sent()[0].target.contains("authcode=canary"));
}

/// A link whose writes need a leave that is withdrawn after a while.
fn withdrawn_after(script: &Arc<Script>, terms: Terms, after: Duration) -> Arc<Link> {
    let transport: Arc<dyn Transport> = script.clone();
    let wire = Wire::new(transport, NonZeroUsize::MIN);
    let link = Arc::new(Link::new(wire.clone(), terms));
    let over = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&over);
    // Named after the link was opened, as a run does: it holds for links that are there.
    wire.writes_need(Arc::new(move || match asked.load(Ordering::Relaxed) {
        true => Err("it is over".into()),
        false => Ok(()),
    }));
    tokio::spawn(async move {
        tokio::time::sleep(after).await;
        over.store(true, Ordering::Relaxed);
    });
    link
}

fn withdrawn() -> Reason {
    Reason::Withdrawn("it is over".into())
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_its_pace_is_asked_again_just_before_it_is_sent() {
    let script = Arc::new(Script::new(|_| Reply::answer(200, "[]")));
    let paced = Terms {
        rate: Some("1/1s".parse().unwrap()),
        ..terms()
    };
    let began = Instant::now();
    let link = withdrawn_after(&script, paced, Duration::from_millis(3_500));
    let mut all = tokio::task::JoinSet::new();
    for at in 0..12 {
        let link = link.clone();
        let effects = [Effect::Idempotent, Effect::Read, Effect::Creating];
        let effect = effects[at % effects.len()];
        all.spawn(async move { (effect, link.send(&request(effect)).await) });
    }
    let (mut refused, mut reads) = (0, 0);
    while let Some(ended) = all.join_next().await {
        match ended.unwrap() {
            (Effect::Read, result) => {
                result.unwrap();
                reads += 1;
            }
            (_, Ok(_)) => {}
            (_, Err(failure)) => {
                assert_eq!(failure.error, SendError::NotSent(withdrawn()));
                assert_eq!(failure.attempts, 0);
                refused += 1;
            }
        }
    }
    let sent = script.sent();
    let writes: Vec<_> = sent.iter().filter(|sent| sent.effect.is_write()).collect();
    assert!(!writes.is_empty());
    assert_eq!((reads, refused), (4, 8 - writes.len()));
    let over = began + Duration::from_millis(3_500);
    assert!(writes.iter().all(|sent| sent.at < over));
}

#[tokio::test(start_paused = true)]
async fn a_next_attempt_needs_leave_again_and_what_was_sent_before_stays_in_doubt() {
    let busy = || Reply::Answer(Response::new(429, "").header("retry-after", "20"));
    let cases = [
        (Effect::Paying, busy(), SendError::NotSent(withdrawn())),
        (Effect::Idempotent, busy(), SendError::NotSent(withdrawn())),
        (
            Effect::Idempotent,
            refused(),
            SendError::NotSent(withdrawn()),
        ),
        (
            Effect::Idempotent,
            timeout(),
            SendError::OutcomeUnknown(withdrawn()),
        ),
    ];
    for (effect, reply, error) in cases {
        let script = Arc::new(Script::new(move |_| reply.clone()));
        let link = withdrawn_after(&script, terms(), Duration::from_millis(100));
        let failure = link.send(&request(effect)).await.unwrap_err();
        assert_eq!((failure.error, failure.attempts), (error, 1));
        assert_eq!(script.sent().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_place_is_asked_again_too() {
    let script = Arc::new(Script::new(|_| {
        Reply::After(Duration::from_secs(20), Box::new(Reply::answer(200, "[]")))
    }));
    let link = withdrawn_after(&script, terms(), Duration::from_secs(10));
    let (slow, waiting) = (request(Effect::Creating), request(Effect::Creating));
    let (first, second) = tokio::join!(link.send(&slow), link.send(&waiting));
    // What is under way is waited for: its answer may still tell what became of it.
    first.unwrap();
    assert_eq!(second.unwrap_err().error, SendError::NotSent(withdrawn()));
    assert_eq!(script.sent().len(), 1);
}
