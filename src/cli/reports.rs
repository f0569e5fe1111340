//! `--report KIND=PATH`: several outputs of one run, each written whole or not at all.

use super::args::flags::Reports;
use super::args::values::ReportKind;
use super::env::Env;
use super::failure::Failure;
use super::files::{self, Existing};
use crate::apply::Report;
use crate::drift::{Counted, Drift};
use crate::plan::Plan;
use crate::render::{self, View, json, markdown};

/// Writes the reports of a plan.
pub(super) fn of_plan(reports: &Reports, plan: &Plan, env: &Env) -> Result<(), Failure> {
    write(reports, env, |kind| match kind {
        ReportKind::Json => Some(json::plan(plan)),
        ReportKind::Markdown => Some(markdown::plan(&View::of(plan))),
        ReportKind::Html
        | ReportKind::Portfolio
        | ReportKind::Junit
        | ReportKind::Sarif
        | ReportKind::Gitlab
        | ReportKind::Codequality
        | ReportKind::Github
        | ReportKind::Prometheus => None,
    })
}

/// Writes the reports of a drift.
pub(super) fn of_drift(
    reports: &Reports,
    (drift, counted): (&Drift, &Counted),
    env: &Env,
) -> Result<(), Failure> {
    write(reports, env, |kind| match kind {
        ReportKind::Json => Some(render::drift::json(drift, counted)),
        ReportKind::Markdown
        | ReportKind::Html
        | ReportKind::Portfolio
        | ReportKind::Junit
        | ReportKind::Sarif
        | ReportKind::Gitlab
        | ReportKind::Codequality
        | ReportKind::Github
        | ReportKind::Prometheus => None,
    })
}

/// Writes the reports of an apply; where nothing ran, there is only the plan.
pub(super) fn of_apply(
    reports: &Reports,
    report: &Report,
    exit: u8,
    env: &Env,
) -> Result<(), Failure> {
    write(reports, env, |kind| match kind {
        ReportKind::Json => Some(json::report(report, exit)),
        ReportKind::Markdown => Some(markdown::report(report)),
        ReportKind::Html
        | ReportKind::Portfolio
        | ReportKind::Junit
        | ReportKind::Sarif
        | ReportKind::Gitlab
        | ReportKind::Codequality
        | ReportKind::Github
        | ReportKind::Prometheus => None,
    })
}

fn write(
    reports: &Reports,
    env: &Env,
    text: impl Fn(ReportKind) -> Option<String>,
) -> Result<(), Failure> {
    for to in &reports.report {
        match text(to.kind) {
            Some(text) => files::write(&env.folder.join(&to.path), &text, Existing::Replace)?,
            None => return Err(super::args::not_yet::not_yet("this kind of report")),
        }
    }
    Ok(())
}
