//! What can go wrong on the way: rules that match requests, and what happens to those.

use std::time::Duration;

use serde::Deserialize;

/// Which requests a fault hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The method; nothing means any.
    pub method: Option<String>,
    /// The path: words, `{…}` and `*` stand for any one word, `**` for the rest; nothing means any.
    pub path: Option<String>,
    /// The first matching request that is hit, from 1.
    pub nth: u64,
    /// How many are hit from there on; nothing means all.
    pub times: Option<u64>,
}

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// It is not carried out; this status and body are answered.
    Status {
        /// The HTTP status.
        status: u16,
        /// The body.
        body: String,
        /// Its media type.
        media: String,
    },
    /// It is carried out; the answer's body is cut in half.
    HalfJson,
    /// It is carried out; the answer's body is empty.
    EmptyBody,
    /// It waits that long before it is carried out.
    Delay(Duration),
    /// It is carried out at once and answered that much later.
    LateAnswer(Duration),
    /// The connection is closed before it is looked at.
    LostRequest,
    /// It is carried out, then the connection is closed.
    LostAnswer,
    /// It is not carried out: 429 with `Retry-After` in seconds.
    Throttle(u64),
    /// It is not carried out: 401, as if the token were no longer valid.
    Unauthorized,
}

/// A rule and its effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which requests.
    pub rule: Rule,
    /// What happens.
    pub effect: Effect,
}

/// A description of faults was not understood.
#[derive(Debug, thiserror::Error)]
pub enum FaultError {
    /// It is not the JSON that is expected.
    #[error(
        "faults must be a JSON list of {{\"on\": \"METHOD PATH\", \"nth\": N, \"times\": N, \"do\": EFFECT, …}}: {0}"
    )]
    Json(#[from] serde_json::Error),
    /// There is no such effect.
    #[error(
        "unknown fault `{0}`; known: status, html, half-json, empty, delay, late-answer, lost-request, lost-answer, throttle, unauthorized"
    )]
    Effect(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    on: Option<String>,
    nth: Option<u64>,
    times: Option<u64>,
    #[serde(rename = "do")]
    effect: String,
    status: Option<u16>,
    body: Option<String>,
    seconds: Option<u64>,
    ms: Option<u64>,
}

impl Rule {
    /// Hits every request of a method and a path: `POST /api/Zone/*/Record`; `*` is any method.
    pub fn every(on: &str) -> Self {
        let (method, path) = on.split_once(' ').unwrap_or(("*", on));
        let some = |text: &str| (!matches!(text, "*" | "**" | "")).then(|| text.to_owned());
        Self {
            method: some(method),
            path: some(path.trim()),
            nth: 1,
            times: None,
        }
    }

    /// Hits the nth matching request alone.
    pub fn nth(on: &str, nth: u64) -> Self {
        Self {
            nth,
            times: Some(1),
            ..Self::every(on)
        }
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        let method_fits = self
            .method
            .as_ref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method));
        method_fits
            && self
                .path
                .as_ref()
                .is_none_or(|wanted| path_fits(wanted, path))
    }

    fn hits(&self, count: u64) -> bool {
        let last = self.times.map_or(u64::MAX, |times| {
            self.nth.saturating_add(times).saturating_sub(1)
        });
        (self.nth..=last).contains(&count)
    }
}

fn path_fits(wanted: &str, path: &str) -> bool {
    let mut segments = path.trim_matches('/').split('/');
    for word in wanted.trim_matches('/').split('/') {
        if word == "**" {
            return true;
        }
        let Some(segment) = segments.next() else {
            return false;
        };
        if word != "*" && !word.starts_with('{') && !word.eq_ignore_ascii_case(segment) {
            return false;
        }
    }
    segments.next().is_none()
}

impl Fault {
    /// Joins a rule and an effect.
    pub fn new(rule: Rule, effect: Effect) -> Self {
        Self { rule, effect }
    }

    /// Reads a JSON list of faults, as a test of the binary hands it over in an environment variable.
    ///
    /// `[{"on": "POST /api/Zone/*/Record", "nth": 3, "do": "lost-answer"}]`; `times` is 1 where `nth` is written and
    /// unlimited where it is not. `status` takes `status` and `body`, `html` takes `status`, `delay` and `late-answer`
    /// take `ms`, `throttle` takes `seconds`.
    pub fn parse(text: &str) -> Result<Vec<Self>, FaultError> {
        let written: Vec<Written> = serde_json::from_str(text)?;
        written.into_iter().map(Self::read).collect()
    }

    fn read(written: Written) -> Result<Self, FaultError> {
        let pause = Duration::from_millis(written.ms.unwrap_or(1000));
        let status = written.status.unwrap_or(500);
        let effect = match written.effect.as_str() {
            "status" => Effect::Status {
                status,
                body: written.body.unwrap_or_default(),
                media: "application/json".to_owned(),
            },
            "html" => Self::html(status),
            "half-json" => Effect::HalfJson,
            "empty" => Effect::EmptyBody,
            "delay" => Effect::Delay(pause),
            "late-answer" => Effect::LateAnswer(pause),
            "lost-request" => Effect::LostRequest,
            "lost-answer" => Effect::LostAnswer,
            "throttle" => Effect::Throttle(written.seconds.unwrap_or(1)),
            "unauthorized" => Effect::Unauthorized,
            other => return Err(FaultError::Effect(other.to_owned())),
        };
        let mut rule = Rule::every(written.on.as_deref().unwrap_or("*"));
        rule.nth = written.nth.unwrap_or(1);
        rule.times = written.times.or(written.nth.map(|_| 1));
        Ok(Self { rule, effect })
    }

    /// Gives the effect of a front server that answers with a page.
    pub fn html(status: u16) -> Effect {
        let body = "<!DOCTYPE html>\n<html><head><title>Error</title></head><body><h1>Service Unavailable</h1></body></html>\n";
        Effect::Status {
            status,
            body: body.to_owned(),
            media: "text/html; charset=utf-8".to_owned(),
        }
    }
}

/// The faults that are set, and how often each has matched.
#[derive(Debug, Default)]
pub(super) struct Faults {
    set: Vec<(Fault, u64)>,
}

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        self.set.push((fault, 0));
    }

    pub(super) fn clear(&mut self) {
        self.set.clear();
    }

    /// Gives the effect on a request: that of the first rule that hits it. Every matching rule counts it.
    pub(super) fn strike(&mut self, method: &str, path: &str) -> Option<Effect> {
        let mut effect = None;
        for (fault, count) in &mut self.set {
            if fault.rule.matches(method, path) {
                *count += 1;
                if effect.is_none() && fault.rule.hits(*count) {
                    effect = Some(fault.effect.clone());
                }
            }
        }
        effect
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_hit_the_requests_that_they_name() {
        let text = r#"[{"on": "POST /api/Zone/*/Record", "nth": 2, "do": "lost-answer"},
                       {"on": "GET /api/**", "do": "throttle", "seconds": 7, "times": 1}]"#;
        let mut faults = Faults::default();
        Fault::parse(text)
            .unwrap()
            .into_iter()
            .for_each(|fault| faults.add(fault));
        let create = ("POST", "/api/Zone/DO1/Record");
        let struck: Vec<_> = (0..3).map(|_| faults.strike(create.0, create.1)).collect();
        assert_eq!(struck, [None, Some(Effect::LostAnswer), None]);
        assert_eq!(
            faults.strike("GET", "/api/Domain/DO1/Contact"),
            Some(Effect::Throttle(7))
        );
        assert_eq!(faults.strike("GET", "/api/Zone"), None);
        assert!(
            Fault::parse(r#"[{"do": "explode"}]"#)
                .unwrap_err()
                .to_string()
                .contains("lost-answer")
        );
    }
}
