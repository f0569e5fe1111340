//! The arguments of each command.

use super::flags::{
    Accounts, AsJson, Consents, Format, Into, PlanFormat, Reports, Running, Targets,
};
use super::values::{self, Switch};
use crate::model::pattern::Pattern;
use std::path::PathBuf;

/// `plan`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  bailiwick plan
  bailiwick plan --target 'zone.example.com' --detailed-exitcode
  bailiwick plan --out change.plan
  bailiwick plan --format markdown > comment.md
  bailiwick --sandbox plan --report json=plan.json")]
pub struct Plan {
    /// Save the plan for `apply FILE`, and print it.
    #[arg(long, value_name = "FILE", value_parser = values::output)]
    pub out: Option<PathBuf>,
    /// End with 2 if there are changes.
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// The form to print.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: PlanFormat,
    /// Compare with a snapshot: offline, and not to be applied.
    #[arg(hide = true, long, value_name = "SNAPSHOT")]
    pub live: Option<PathBuf>,
    /// Reports into files.
    #[command(flatten)]
    pub reports: Reports,
    /// Which objects.
    #[command(flatten)]
    pub targets: Targets,
    /// Which accounts.
    #[command(flatten)]
    pub accounts: Accounts,
    /// Consents.
    #[command(flatten)]
    pub consents: Consents,
}

/// `apply`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  bailiwick apply
  bailiwick apply change.plan --max-age 1h
  bailiwick apply --yes --target 'record.example.com/*'
  bailiwick apply --allow-destroy 'record.example.com/@/NS'
  bailiwick --sandbox apply --yes")]
pub struct Apply {
    /// A plan saved by `plan --out`.
    #[arg(value_name = "PLAN")]
    pub plan: Option<PathBuf>,
    /// Its flags.
    #[command(flatten)]
    pub flags: ApplyFlags,
}

/// The flags of `apply`, which `renew` takes too.
#[derive(Debug, Clone, clap::Args)]
pub struct ApplyFlags {
    /// The form to print.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: Format,
    /// How it runs.
    #[command(flatten)]
    pub running: Running,
    /// Reports into files.
    #[command(flatten)]
    pub reports: Reports,
    /// Which objects.
    #[command(flatten)]
    pub targets: Targets,
    /// Which accounts.
    #[command(flatten)]
    pub accounts: Accounts,
    /// Consents.
    #[command(flatten)]
    pub consents: Consents,
}

/// `drift`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  bailiwick drift
  bailiwick drift --detailed-exitcode --include pending
  bailiwick drift --format json

It sends only reads, takes no lock and writes neither provider nor ledger.")]
pub struct Drift {
    /// End with 2 if there is drift.
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Classes that count as well.
    #[arg(long, value_enum, value_name = "CLASS", value_delimiter = ',')]
    pub include: Vec<DriftClass>,
    /// The form to print.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: Format,
    /// Tell the webhook of `[notify]` if the drift is another one than last time.
    #[arg(long)]
    pub notify_on_change: bool,
    /// Reports into files.
    #[command(flatten)]
    pub reports: Reports,
    /// Which accounts.
    #[command(flatten)]
    pub accounts: Accounts,
}

/// What `drift --include` adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum DriftClass {
    /// Edited in the file and not applied.
    Pending,
    /// Known to neither file nor ledger.
    Unmanaged,
}

/// `show`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  bailiwick show change.plan
  bailiwick show change.plan --format markdown
  bailiwick show --resolved example.com

A plan is shown as it was printed when it was saved. --resolved prints TOML; each key has the line it
comes from as a comment. Nothing is sent.")]
pub struct Show {
    /// A saved plan, if a file of that name is there; else an address.
    #[arg(value_name = "PLAN|ADDRESS", required_unless_present = "resolved")]
    pub what: Option<String>,
    /// What the file says of this domain, with the origin of each key.
    #[arg(long, value_name = "DOMAIN", conflicts_with = "what")]
    pub resolved: Option<String>,
    /// The form to print.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: PlanFormat,
}

/// `import`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  bailiwick import example.com --out domains/example.com.toml
  bailiwick import --all > domains/all.toml
  bailiwick import --all --out-dir domains

The file must name the account; domains that it holds already are not left out.")]
pub struct Import {
    /// The domains to write down.
    #[arg(value_name = "DOMAIN", required_unless_present = "all")]
    pub domains: Vec<String>,
    /// Every domain and zone of the accounts.
    #[arg(long, conflicts_with = "domains")]
    pub all: bool,
    /// A file for each domain, in DIR; domains that are there already are left as they are.
    #[arg(long, value_name = "DIR", conflicts_with = "out")]
    pub out_dir: Option<PathBuf>,
    /// Where it goes.
    #[command(flatten)]
    pub into: Into,
}

/// `export`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Example:
  bailiwick export example.com --out example.com.zone")]
pub struct Export {
    /// The zone.
    #[arg(value_name = "DOMAIN")]
    pub domain: String,
    /// Where it goes.
    #[command(flatten)]
    pub into: Into,
}

/// `products`.
#[derive(Debug, Clone, clap::Args)]
pub struct Products {
    /// Only products of this type.
    #[arg(long = "type", value_name = "T")]
    pub kind: Option<String>,
    /// Only products of this subtype.
    #[arg(long, value_name = "S")]
    pub subtype: Option<String>,
    /// Only products for this TLD.
    #[arg(long, value_name = "TLD")]
    pub tld: Option<String>,
    /// For programs.
    #[command(flatten)]
    pub json: AsJson,
}

/// `check`.
#[derive(Debug, Clone, clap::Args)]
pub struct Check {
    /// The names.
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
    /// Ask whether they can be transferred, with the auth code from the variable ENV.
    #[arg(long, value_name = "ENV", num_args = 0..=1, require_equals = true)]
    pub transfer: Option<Option<String>>,
    /// For programs.
    #[command(flatten)]
    pub json: AsJson,
}

/// `renew`.
#[derive(Debug, Clone, clap::Args)]
pub struct Renew {
    /// What to renew.
    #[arg(value_name = "ADDRESS", required = true, value_parser = values::address)]
    pub addresses: Vec<String>,
    /// For how many years.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10))]
    pub period: Option<u32>,
    /// The flags of `apply`.
    #[command(flatten)]
    pub flags: ApplyFlags,
}

/// `orders`.
#[derive(Debug, Clone, clap::Args)]
pub struct Orders {
    /// Go on until nothing is under way.
    #[arg(long)]
    pub follow: bool,
    /// For programs.
    #[command(flatten)]
    pub json: AsJson,
}

/// `events`.
#[derive(Debug, Clone, clap::Args)]
pub struct Events {
    /// Store each message below the ledger's root, then acknowledge it.
    #[arg(long)]
    pub ack: bool,
    /// For programs.
    #[command(flatten)]
    pub json: AsJson,
}

/// `outputs`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  bailiwick outputs
  bailiwick outputs 'ftp_user.example.com/*' --json
  eval \"$(bailiwick outputs ftp_user.example.com/deploy --env)\"

It reads the ledgers: it asks nobody and needs no credentials.")]
pub struct Outputs {
    /// Only of these; * stands for any run of characters.
    #[arg(value_name = "ADDRESS", value_parser = values::pattern)]
    pub addresses: Vec<Pattern>,
    /// As lines of NAME=value.
    #[arg(long, conflicts_with = "json")]
    pub env: bool,
    /// For programs.
    #[command(flatten)]
    pub json: AsJson,
}

/// `resolve`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  bailiwick resolve --look
  bailiwick resolve mailbox.info@example.com --did-not-happen
  bailiwick resolve mailbox.info@example.com --gone

It settles what the ledger holds, and writes nothing at a provider.")]
#[command(group = clap::ArgGroup::new("verdict").args(["happened", "did_not_happen", "gone"]))]
pub struct Resolve {
    /// The object whose operation is in doubt.
    #[arg(value_name = "ADDRESS", value_parser = values::address, required_unless_present = "look", requires = "verdict")]
    pub address: Option<String>,
    /// Settle all that a look-up can prove.
    #[arg(long, conflicts_with_all = ["address", "verdict"])]
    pub look: bool,
    /// It took effect; HANDLE is what the provider calls it, or its order.
    #[arg(long, value_name = "HANDLE", num_args = 0..=1, value_parser = values::handle)]
    pub happened: Option<Option<String>>,
    /// It did not take effect.
    #[arg(long)]
    pub did_not_happen: bool,
    /// The object is no longer there.
    #[arg(long)]
    pub gone: bool,
    /// For programs.
    #[command(flatten)]
    pub json: AsJson,
}

/// `lock`.
#[derive(Debug, Clone, clap::Subcommand)]
#[command(after_help = "\
Examples:
  bailiwick lock status
  bailiwick lock release main

A lock is never taken from a process that lives: release says who it is, and ends with 7.")]
pub enum Lock {
    /// Tell who holds the ledger, and since when.
    Status {
        /// Only of this account.
        #[arg(value_name = "ACCOUNT")]
        account: Option<String>,
        /// For programs.
        #[command(flatten)]
        json: AsJson,
    },
    /// Free the lock of a run that is gone.
    Release {
        /// Only of this account.
        #[arg(value_name = "ACCOUNT")]
        account: Option<String>,
    },
}

/// `snapshot`.
#[derive(Debug, Clone, clap::Args)]
pub struct Snapshot {
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// `graph`.
#[derive(Debug, Clone, clap::Args)]
pub struct Graph {
    /// The form to print.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "dot")]
    pub format: GraphFormat,
}

/// The forms of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum GraphFormat {
    /// For Graphviz.
    Dot,
    /// For Mermaid.
    Mermaid,
}

/// `report`.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum Report {
    /// Make one report of the JSON of several shards.
    Merge {
        /// The reports.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
}

/// `doctor`.
#[derive(Debug, Clone, clap::Args)]
pub struct Doctor {
    /// Write what answered, shapes only, to FILE.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// For programs.
    #[command(flatten)]
    pub json: AsJson,
}

/// `sandbox`.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum Sandbox {
    /// Serve the simulator to other clients, until it is interrupted; prints its addresses.
    Serve(Serve),
}

/// `sandbox serve`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Example:
  bailiwick sandbox serve --listen 127.0.0.1:8053 --data /tmp/sandbox --dialect apex=empty")]
pub struct Serve {
    /// Where to listen; a loopback address.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub listen: std::net::SocketAddr,
    /// Where its data lie; left out, they are gone when it ends.
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// How an open question of the contract is answered; may be repeated.
    #[arg(long, value_name = "NAME=VALUE", value_parser = values::switch)]
    pub dialect: Vec<Switch>,
}

/// `completions`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Example:
  bailiwick completions bash > /etc/bash_completion.d/bailiwick")]
pub struct Completions {
    /// The shell.
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}
