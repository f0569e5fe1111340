//! The plan as JSON: what `--format json` prints and what `--out` saves are the same text.
//!
//! Writing is total and gives the same bytes for the same plan; reading is strict and takes nothing on
//! trust: a text that is foreign, newer, cut short or edited is refused with an error that says which.
//! Nothing here opens a file, knows the time, or decides whether a plan may still be applied.

pub mod digest;
mod form;
pub mod names;
pub mod text;

use self::form::PlanForm;
use super::Plan;
pub use digest::digest;
pub(crate) use form::{BlockedForm, FindingForm};
pub use names::Names;
use serde::Deserialize;

/// The format that this version writes and reads.
pub const FORMAT: &str = "bailiwick/plan/1";

/// Why a text is not a plan that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Something else altogether.
    #[error("not a plan of bailiwick: {why}")]
    Foreign {
        /// What it is instead.
        why: String,
    },
    /// Written by a later version.
    #[error(
        "its format is {format}, and this version reads {FORMAT}: use the version that made it, or plan again"
    )]
    Newer {
        /// What it calls itself.
        format: String,
    },
    /// The end is missing.
    #[error("it ends in the middle: it was not written or copied completely; plan again")]
    Truncated,
    /// A plan by its name, and not by its content.
    #[error("not a well-formed plan: {what}; plan again")]
    Malformed {
        /// The first thing that is wrong.
        what: String,
    },
    /// Its steps are not those that its digest was made of.
    #[error(
        "it was edited after it was made: it says {said}, and its steps give {found}; plan again"
    )]
    Edited {
        /// The digest that stands in it.
        said: String,
        /// The digest of what stands in it.
        found: String,
    },
}

/// Writes a plan, with a final newline.
pub fn write(plan: &Plan) -> String {
    text::to_text(&PlanForm::of(plan, &Names::of(plan)))
}

/// Reads what [`write()`] wrote.
pub fn read(json: &str) -> Result<Plan, Unreadable> {
    check_format(json)?;
    let form: PlanForm<Vec<form::StepForm>> = serde_json::from_str(json).map_err(broken)?;
    let plan = form.into_plan()?;
    let found = digest(&plan.steps, &plan.scopes);
    if found != plan.digest {
        return Err(Unreadable::Edited {
            said: plan.digest,
            found,
        });
    }
    Ok(plan)
}

/// Looks at `format` before anything else, so that a newer plan is called newer and not malformed.
fn check_format(json: &str) -> Result<(), Unreadable> {
    #[derive(Deserialize)]
    struct Head {
        format: Option<serde_json::Value>,
    }
    if !json.trim_start().starts_with('{') {
        let why = if json.trim().is_empty() {
            "it is empty"
        } else {
            "it is no JSON object"
        };
        return Err(Unreadable::Foreign { why: why.into() });
    }
    let head: Head = serde_json::from_str(json).map_err(|error| match broken(error) {
        Unreadable::Malformed { what } => Unreadable::Foreign { why: what },
        other @ (Unreadable::Foreign { .. }
        | Unreadable::Newer { .. }
        | Unreadable::Truncated
        | Unreadable::Edited { .. }) => other,
    })?;
    let Some(serde_json::Value::String(format)) = head.format else {
        return Err(Unreadable::Foreign {
            why: "it has no format".into(),
        });
    };
    if format == FORMAT {
        return Ok(());
    }
    let number = format
        .strip_prefix("bailiwick/plan/")
        .and_then(|rest| rest.parse::<u64>().ok());
    Err(match number {
        Some(_) => Unreadable::Newer { format },
        None => Unreadable::Foreign {
            why: format!("its format is {format:?}"),
        },
    })
}

fn broken(error: serde_json::Error) -> Unreadable {
    if error.is_eof() {
        Unreadable::Truncated
    } else {
        Unreadable::Malformed {
            what: error.to_string(),
        }
    }
}
