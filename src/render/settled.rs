//! What became of writes whose outcome was not known, a line or a JSON object each. Knows no provider.

use super::escape::{inert, shorten};
use crate::model::{Address, Outcome, Unit};
use crate::plan::file::Names;
use crate::plan::file::text::to_text;
use serde::Serialize;

/// Most characters of what a provider says.
const TEXT: usize = 300;

/// One write that was asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// What it was about.
    pub unit: Unit,
    /// What is known of it now; `None`: the object is gone, and the ledger has let go of it.
    pub outcome: Option<Outcome>,
}

#[derive(Serialize)]
struct Form {
    address: String,
    account: String,
    part: String,
    outcome: &'static str,
    handle: Option<String>,
    code: Option<String>,
    text: Option<String>,
}

fn form(settled: &Settled, names: &Names) -> Form {
    let Unit { address, part } = &settled.unit;
    let mut form = Form {
        address: names.text(address),
        account: address.account.to_string(),
        part: part.0.to_string(),
        outcome: "gone",
        handle: None,
        code: None,
        text: None,
    };
    let reason = match &settled.outcome {
        None => return form,
        Some(Outcome::Done { handle, outputs: _ }) => {
            form.outcome = "done";
            form.handle = handle.as_ref().map(|handle| handle.0.to_string());
            return form;
        }
        Some(Outcome::Pending(pending)) => {
            form.outcome = "pending";
            form.text = Some(pending.goal.to_string());
            return form;
        }
        Some(Outcome::NotSent(reason) | Outcome::Refused(reason)) => {
            form.outcome = "did-not-happen";
            reason
        }
        Some(Outcome::Unknown(reason)) => {
            form.outcome = "unknown";
            reason
        }
    };
    form.code = Some(reason.code.to_string());
    form.text = Some(reason.text.to_string());
    form
}

fn forms(all: &[Settled]) -> Vec<Form> {
    let addresses = all.iter().map(|settled| &settled.unit.address);
    let names = Names::among::<'_>(addresses.collect::<Vec<&Address>>());
    all.iter().map(|settled| form(settled, &names)).collect()
}

/// A list of what was asked about.
pub fn json(all: &[Settled]) -> String {
    to_text(&forms(all))
}

/// A line each.
pub fn lines(all: &[Settled]) -> String {
    if all.is_empty() {
        return "Nothing is in doubt.\n".into();
    }
    let line = |form: Form| {
        let part = match form.part.is_empty() {
            true => String::new(),
            false => format!(" {}", form.part),
        };
        let more = form.text.or(form.handle).unwrap_or_default();
        let line = format!("{}{part}  {}  {more}", form.address, form.outcome);
        format!("{}\n", shorten(inert(&line).trim_end(), TEXT))
    };
    forms(all).into_iter().map(line).collect()
}
