//! What `--verbose` tells of each request: method, host, path template, status and time; no value.

use crate::http::{Gate, Told, Why};

/// One line an event.
pub(super) fn line(told: &Told<'_>) -> String {
    match told {
        Told::Answered {
            request,
            attempt,
            status,
            took,
        } => {
            format!(
                "http: {request} → {status} in {} ms (attempt {attempt})",
                took.as_millis()
            )
        }
        Told::Failed {
            request,
            attempt,
            error,
            took,
        } => {
            format!(
                "http: {request} → {error} after {} ms (attempt {attempt})",
                took.as_millis()
            )
        }
        Told::Waiting {
            request,
            attempt,
            pause,
            why,
        } => {
            let why = match why {
                Why::Busy => "the provider asks to wait",
                Why::Trouble => "the provider is in trouble",
                Why::NoAnswer => "no answer came",
            };
            format!(
                "http: {request}: {why}; again in {:.1} s (attempt {attempt})",
                pause.as_secs_f64()
            )
        }
        Told::Gate(Gate::Open) => "http: the provider answers again".to_owned(),
        Told::Gate(Gate::Shut { .. }) => {
            "http: three attempts without an answer; writes are held back".to_owned()
        }
    }
}
