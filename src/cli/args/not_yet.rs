//! What the command line names and this release does not do yet: one clear error instead of silence.
//!
//! A line that is removed here is a feature that has arrived; its `hide = true` goes with it.

use super::commands::{Apply, ApplyFlags, Drift, Plan};
use super::flags::{Accounts, Consents, PlanFormat, Reports, Running};
use super::values::ReportKind;
use super::{Cli, Command};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

impl Cli {
    /// The first thing on the command line that has no effect yet.
    pub(super) fn not_yet(&self) -> Option<Failure> {
        let what = match &self.command {
            Command::Plan(plan) => of_plan(plan),
            Command::Apply(apply) => of_apply(apply),
            Command::Drift(drift) => of_drift(drift),
            // What it cannot show yet is refused where it is called.
            Command::Show(_)
            | Command::Validate(_)
            | Command::Import(_)
            | Command::Export(_)
            | Command::Outputs(_)
            | Command::Resolve(_)
            | Command::Lock(_)
            | Command::Products(_)
            | Command::Check(_)
            | Command::Orders(_)
            | Command::Events(_)
            | Command::Sandbox(_)
            | Command::Schema
            | Command::Completions(_)
            | Command::Man
            // These are refused as a whole, where commands are called.
            | Command::Renew(_)
            | Command::Snapshot(_)
            | Command::Graph(_)
            | Command::Report(_)
            | Command::Doctor(_)
            | Command::Init => None,
        };
        what.map(not_yet)
    }
}

/// The refusal of something that a later release brings.
pub(in crate::cli) fn not_yet(what: &str) -> Failure {
    let message = format!("{what} is not supported yet");
    Failure::new(Exit::Invalid, "usage.not-supported-yet", message)
        .help("a later release brings it; nothing was done")
}

/// The first of them that is there.
fn first<const N: usize>(list: [(bool, &'static str); N]) -> Option<&'static str> {
    list.into_iter()
        .find_map(|(there, name)| there.then_some(name))
}

fn of_plan(plan: &Plan) -> Option<&'static str> {
    let Plan {
        out: _,
        detailed_exitcode: _,
        format,
        live,
        reports,
        targets: _,
        accounts,
        consents,
    } = plan;
    let format = match format {
        PlanFormat::Human | PlanFormat::Json | PlanFormat::Markdown => None,
        PlanFormat::Html => Some("--format html"),
        PlanFormat::Dot => Some("--format dot"),
        PlanFormat::Mermaid => Some("--format mermaid"),
    };
    first([(live.is_some(), "plan --live")])
        .or(format)
        .or_else(|| of_reports(reports))
        .or_else(|| of_accounts(accounts))
        .or_else(|| of_consents(consents))
}

fn of_drift(drift: &Drift) -> Option<&'static str> {
    let Drift {
        detailed_exitcode: _,
        include: _,
        format: _,
        notify_on_change: _,
        reports,
        accounts,
    } = drift;
    let markdown = reports
        .report
        .iter()
        .any(|report| report.kind == ReportKind::Markdown);
    first([(markdown, "drift --report markdown")])
        .or_else(|| of_reports(reports))
        .or_else(|| of_accounts(accounts))
}

fn of_apply(apply: &Apply) -> Option<&'static str> {
    let Apply { plan: _, flags } = apply;
    let ApplyFlags {
        format: _,
        running,
        reports,
        targets: _,
        accounts,
        consents,
    } = flags;
    let Running {
        yes: _,
        expect: _,
        max_age: _,
        parallelism: _,
        fail_fast: _,
        wait,
        patience: _,
        pending_ok: _,
    } = running;
    first([(wait.is_some(), "apply --wait")])
        .or_else(|| of_reports(reports))
        .or_else(|| of_accounts(accounts))
        .or_else(|| of_consents(consents))
}

fn of_reports(reports: &Reports) -> Option<&'static str> {
    reports.report.iter().find_map(|report| match report.kind {
        ReportKind::Json | ReportKind::Markdown => None,
        ReportKind::Html => Some("--report html"),
        ReportKind::Portfolio => Some("--report portfolio"),
        ReportKind::Junit => Some("--report junit"),
        ReportKind::Sarif => Some("--report sarif"),
        ReportKind::Gitlab => Some("--report gitlab"),
        ReportKind::Codequality => Some("--report codequality"),
        ReportKind::Github => Some("--report github"),
        ReportKind::Prometheus => Some("--report prometheus"),
    })
}

fn of_accounts(accounts: &Accounts) -> Option<&'static str> {
    let Accounts { account, shard } = accounts;
    first([
        (!account.is_empty(), "--account"),
        (shard.is_some(), "--shard"),
    ])
}

fn of_consents(consents: &Consents) -> Option<&'static str> {
    let Consents {
        allow_cost,
        allow_destroy: _,
        allow_share: _,
        allow_rebuy,
        resend: _,
        import_zone,
        replace_zone,
    } = consents;
    first([
        (allow_cost.is_some(), "--allow-cost"),
        (!allow_rebuy.is_empty(), "--allow-rebuy"),
        (!import_zone.is_empty(), "--import-zone"),
        (!replace_zone.is_empty(), "--replace-zone"),
    ])
}

#[cfg(test)]
mod tests {
    use crate::cli::args::{Read, read};

    #[test]
    fn what_has_no_effect_yet_is_refused_by_name() {
        for (line, name) in [
            ("plan --live p", "plan --live"),
            ("plan --format dot", "--format dot"),
            ("plan --report sarif=x", "--report sarif"),
            ("plan --shard 1/2", "--shard"),
            ("drift --account main", "--account"),
            ("drift --report markdown=x", "--report markdown"),
            ("apply --wait 10m", "--wait"),
            ("apply --allow-cost 1EUR", "12.00 EUR"),
        ] {
            let arguments: Vec<_> = std::iter::once("bailiwick")
                .chain(line.split(' '))
                .map(Into::into)
                .collect();
            let Read::Refused(failure) = read(&arguments) else {
                panic!("{line}");
            };
            assert!(failure.message.contains(name), "{line}: {failure:?}");
        }
    }
}
