//! JSON for programs: the report, problems and errors. A plan's JSON is its file (`plan::file`).
//!
//! Every member is always there, null or empty where there is nothing.

use super::outcome;
use crate::apply::{Ending, Report, Row};
use crate::diag::{Diagnostics, Sources};
use crate::ledger::StepId;
use crate::model::Reason;
use crate::plan::file::text::to_text;
use crate::plan::file::{self, BlockedForm, FindingForm, Names};
use crate::plan::{Plan, PlanAction};
use serde::Serialize;

/// The plan itself.
pub fn plan(plan: &Plan) -> String {
    file::write(plan)
}

#[derive(Serialize)]
struct ReportForm {
    format: &'static str,
    exit: u8,
    digest: String,
    cost: CostForm,
    interrupted: bool,
    blocked: Vec<BlockedForm>,
    findings: Vec<FindingForm>,
    applied: Vec<RowForm>,
    failed: Vec<RowForm>,
    skipped: Vec<RowForm>,
    unknown: Vec<RowForm>,
    pending: Vec<RowForm>,
    not_started: Vec<RowForm>,
}

#[derive(Serialize)]
struct CostForm {
    announced: String,
    booked: String,
    currency: String,
}

#[derive(Serialize)]
struct RowForm {
    id: StepId,
    address: String,
    account: String,
    domain: String,
    part: String,
    action: PlanAction,
    status: Option<u16>,
    code: Option<String>,
    text: Option<String>,
    because: Option<StepId>,
}

impl RowForm {
    fn of(row: &Row, names: &Names) -> Self {
        let (reason, because): (Option<&Reason>, _) = match &row.ending {
            Ending::Applied | Ending::Pending => (None, None),
            Ending::Failed(reason) | Ending::Unknown(reason) | Ending::NotStarted(reason) => {
                (Some(reason), None)
            }
            Ending::Skipped { because } => (None, Some(*because)),
        };
        let address = &row.step.address;
        Self {
            id: row.step.id,
            address: names.text(address),
            account: address.account.to_string(),
            domain: address.domain.to_string(),
            part: row.step.part.0.to_string(),
            action: row.step.action,
            status: reason.and_then(|reason| reason.status),
            code: reason.map(|reason| reason.code.to_string()),
            text: reason.map(|reason| reason.text.to_string()),
            because,
        }
    }
}

/// A report, with the exit code that it ends with.
pub fn report(report: &Report, exit: u8) -> String {
    let names = outcome::names(report);
    let mut form = ReportForm {
        format: "bailiwick/report/1",
        exit,
        digest: report.digest.clone(),
        cost: CostForm {
            announced: report.cost.announced.clone(),
            booked: report.cost.booked.clone(),
            currency: report.cost.currency.clone(),
        },
        interrupted: report.interrupted,
        blocked: report
            .blocked
            .iter()
            .map(|blocked| BlockedForm::of(blocked, &names))
            .collect(),
        findings: report
            .findings
            .iter()
            .map(|finding| FindingForm::of(finding, &names))
            .collect(),
        applied: Vec::new(),
        failed: Vec::new(),
        skipped: Vec::new(),
        unknown: Vec::new(),
        pending: Vec::new(),
        not_started: Vec::new(),
    };
    for row in &report.rows {
        let list = match row.ending {
            Ending::Applied => &mut form.applied,
            Ending::Failed(_) => &mut form.failed,
            Ending::Skipped { .. } => &mut form.skipped,
            Ending::Unknown(_) => &mut form.unknown,
            Ending::Pending => &mut form.pending,
            Ending::NotStarted(_) => &mut form.not_started,
        };
        list.push(RowForm::of(row, &names));
    }
    to_text(&form)
}

#[derive(Serialize)]
struct ProblemForm {
    severity: &'static str,
    code: &'static str,
    message: String,
    help: Option<String>,
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
}

fn problems(diagnostics: &Diagnostics, sources: &Sources) -> Vec<ProblemForm> {
    diagnostics
        .sorted()
        .into_iter()
        .map(|problem| {
            let place = problem
                .labels
                .first()
                .map(|label| sources.place(label.span));
            ProblemForm {
                severity: problem.severity.word(),
                code: problem.code.id,
                message: problem.message.clone(),
                help: problem.help.clone(),
                file: place.as_ref().map(|place| place.file.to_string()),
                line: place.as_ref().map(|place| place.line),
                column: place.as_ref().map(|place| place.column),
            }
        })
        .collect()
}

/// What `validate --json` prints.
pub fn validate(diagnostics: &Diagnostics, sources: &Sources) -> String {
    #[derive(Serialize)]
    struct Form {
        valid: bool,
        diagnostics: Vec<ProblemForm>,
    }
    to_text(&Form {
        valid: !diagnostics.has_errors(),
        diagnostics: problems(diagnostics, sources),
    })
}

/// Why a command ended without its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// `area.word`.
    pub code: String,
    /// In words.
    pub message: String,
    /// The exit code it ends with.
    pub exit: u8,
}

/// What a command with `--format json` or `--json` prints instead of its result.
pub fn failure(failure: &Failure, diagnostics: &Diagnostics, sources: &Sources) -> String {
    #[derive(Serialize)]
    struct Form<'a> {
        error: &'a Failure,
        diagnostics: Vec<ProblemForm>,
    }
    to_text(&Form {
        error: failure,
        diagnostics: problems(diagnostics, sources),
    })
}
