//! The limits that a person sets on one apply, and the consents given in the file.

use super::money::Money;
use super::pattern::Pattern;
use super::work::Origin;
use jiff::civil::Date;

/// `[guard]` and `[[allow]]`, with what the command line adds.
#[derive(Debug, Clone)]
pub struct Guards {
    /// What one apply may spend, tax included.
    pub max_cost: Money,
    /// Registrations, transfers and registrant changes of one apply.
    pub max_orders: u32,
    /// Share of a zone's live values that may be deleted, in percent.
    pub max_delete_percent: u32,
    /// Zones that one apply may touch.
    pub max_zones: u32,
    /// Addresses that are never destroyed unless consent names them.
    pub protect: Vec<Pattern>,
    /// True if secrets that a provider tells once have a place (`[secrets]`).
    pub keeps_secrets: bool,
    /// Consents in the file.
    pub allow: Vec<Allow>,
    /// `--allow-destroy`.
    pub destroy: Vec<Pattern>,
    /// `--allow-share`.
    pub share: Vec<Pattern>,
    /// Whether the ledger is there for the next run. No part of the file's limits: where a run is decides it.
    pub ledger: LedgerLasts,
}

/// How long a ledger is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LedgerLasts {
    /// The next run finds it.
    #[default]
    BeyondTheRun,
    /// A CI job's folder goes with the job.
    EndsWithRun,
}

impl Default for Guards {
    fn default() -> Self {
        Self {
            max_cost: Money::zero("EUR"),
            max_orders: 5,
            max_delete_percent: 30,
            max_zones: 50,
            protect: vec![Pattern::new("domain.*")],
            keeps_secrets: false,
            allow: Vec::new(),
            destroy: Vec::new(),
            share: Vec::new(),
            ledger: LedgerLasts::default(),
        }
    }
}

/// One `[[allow]]`.
#[derive(Debug, Clone)]
pub struct Allow {
    /// What may be destroyed.
    pub destroy: Vec<Pattern>,
    /// What may be ordered.
    pub order: Vec<Pattern>,
    /// Where share, number of zones and the emptied zone do not hold.
    pub share: Vec<Pattern>,
    /// What one order may cost.
    pub max_cost: Option<Money>,
    /// Why, for people.
    pub reason: Box<str>,
    /// The last day it holds (UTC).
    pub until: Option<Date>,
    /// The line.
    pub origin: Origin,
}
