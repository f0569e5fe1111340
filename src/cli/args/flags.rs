//! The options that several commands share.

use super::values::{self, ReportTo, Shard};
use crate::cli::failure::Audience;
use crate::model::money::Money;
use crate::model::pattern::Pattern;
use clap::ValueEnum;
use std::path::PathBuf;
use std::time::Duration;

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR or TERM=dumb says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Options of every command; they stand before or after it.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Globals {
    /// The file, or a folder whose *.toml files are read.
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        default_value = "bailiwick.toml"
    )]
    pub config: PathBuf,
    /// When to use colour.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    pub color: Color,
    /// Say only what is wrong.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Say more of what is done.
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// Run against the embedded simulator; its data lie in FOLDER (default .bailiwick/sandbox).
    ///
    /// A server on a loopback port, in this process, stands in for every account: no account anywhere is
    /// needed and none is asked. Ledger and outputs lie in FOLDER too.
    #[arg(
        long,
        global = true,
        value_name = "FOLDER",
        num_args = 0..=1,
        require_equals = true
    )]
    pub sandbox: Option<Option<PathBuf>>,
    /// Trust what the file alone may not decide: a host name, `command`, `file` or `ledger`.
    ///
    /// An endpoint that is not the provider's own, a command that prints a secret, a secret file outside
    /// the folder and a remote ledger are used only if they are named here or in BAILIWICK_TRUST.
    #[arg(long, global = true, value_name = "WORD")]
    pub trust: Vec<String>,
}

/// Which objects a run is about.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Selection")]
pub struct Targets {
    /// Only what matches, and what it needs; may be repeated.
    #[arg(long, value_name = "PATTERN", value_parser = values::pattern)]
    pub target: Vec<Pattern>,
    /// Leave out what matches; may be repeated.
    #[arg(long, value_name = "PATTERN", value_parser = values::pattern)]
    pub exclude: Vec<Pattern>,
}

/// Which accounts a run is about.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Selection")]
pub struct Accounts {
    /// Only accounts whose label matches; may be repeated.
    #[arg(long, hide = true, value_name = "PATTERN", value_parser = values::label)]
    pub account: Vec<Pattern>,
    /// Only the I-th of N shares of the accounts.
    #[arg(long, hide = true, value_name = "I/N", value_parser = values::shard)]
    pub shard: Option<Shard>,
}

/// Consents, and other flags that change or weigh steps.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Consent")]
pub struct Consents {
    /// What this run may spend, tax included, instead of `[guard] max_cost`.
    #[arg(long, hide = true, value_name = "AMOUNT", value_parser = values::amount)]
    pub allow_cost: Option<Money>,
    /// Destroy what matches although it is protected or holds data; may be repeated.
    #[arg(long, value_name = "PATTERN", value_parser = values::pattern)]
    pub allow_destroy: Vec<Pattern>,
    /// Let go of the limits on the share of deletions and the number of zones where it matches; may be repeated.
    #[arg(long, value_name = "PATTERN", value_parser = values::pattern)]
    pub allow_share: Vec<Pattern>,
    /// Buy again what the ledger knows and the provider no longer lists; may be repeated.
    #[arg(long, hide = true, value_name = "ADDRESS", value_parser = values::address)]
    pub allow_rebuy: Vec<String>,
    /// Send the password again where it matches; may be repeated.
    #[arg(long, value_name = "PATTERN", value_parser = values::pattern)]
    pub resend: Vec<Pattern>,
    /// Build the zone before the delegation, by importing it as a whole; may be repeated.
    #[arg(long, hide = true, value_name = "PATTERN", value_parser = values::pattern)]
    pub import_zone: Vec<Pattern>,
    /// Replace the whole zone in one request; may be repeated.
    #[arg(long, hide = true, value_name = "PATTERN", value_parser = values::pattern)]
    pub replace_zone: Vec<Pattern>,
}

/// How a run goes about its work.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "The run")]
pub struct Running {
    /// Do not ask.
    #[arg(long, short)]
    pub yes: bool,
    /// Go on only if the plan has this digest; it is the approval.
    #[arg(long, value_name = "DIGEST", value_parser = values::digest)]
    pub expect: Option<String>,
    /// Refuse a saved plan that is older.
    #[arg(long, value_name = "DURATION", value_parser = values::duration)]
    pub max_age: Option<Duration>,
    /// How many requests may be under way at once.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub parallelism: u16,
    /// Start nothing new after the first failure.
    #[arg(long)]
    pub fail_fast: bool,
    /// How long to wait for what is under way at the provider.
    #[arg(long, hide = true, value_name = "DURATION", value_parser = values::duration)]
    pub wait: Option<Duration>,
    /// How long to wait for an API that does not answer (default 5m, on a terminal 30m).
    #[arg(long, value_name = "DURATION", value_parser = values::duration)]
    pub patience: Option<Duration>,
    /// End with 0 where only pending work is left.
    #[arg(long)]
    pub pending_ok: bool,
}

/// Further outputs into files.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Reports {
    /// Write a report into a file as well; KIND is json, markdown and so on; may be repeated.
    #[arg(long, value_name = "KIND=PATH", value_parser = values::report)]
    pub report: Vec<ReportTo>,
}

/// For people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// For programs.
    Json,
}

/// The forms in which a plan is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum PlanFormat {
    /// For people.
    #[default]
    Human,
    /// The plan itself.
    Json,
    /// For a pull request.
    Markdown,
    /// A page.
    #[value(hide = true)]
    Html,
    /// The graph, for Graphviz.
    #[value(hide = true)]
    Dot,
    /// The graph, for Mermaid.
    #[value(hide = true)]
    Mermaid,
}

/// `--json`.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct AsJson {
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

impl AsJson {
    /// Whom the result is for.
    pub(in crate::cli) fn audience(self) -> Audience {
        match self.json {
            true => Audience::Programs,
            false => Audience::People,
        }
    }
}

/// Where a text goes instead of stdout.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Into {
    /// Write to FILE instead of stdout.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write over a file that exists.
    #[arg(long)]
    pub force: bool,
}
