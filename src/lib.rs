//! Domains, DNS zones and records as code: the library behind the `bailiwick` command.
//!
//! # The way of the data
//!
//! It flows one way, each stage has its own type, and what is settled in one stage cannot be unsettled in the
//! next.
//!
//! ```text
//! arguments ─cli→ Sources ─config: parse, decode, resolve→ Desired ─Provider::admit→ Admitted
//!        all problems of these steps are collected; with an error among them nothing is sent
//! ledger: Store → Ledger (a journal left by a crash is replayed)     Provider::fetch → Live
//! (Ledger, Live) ─ledger::settle→ Ledger       what the read proves of writes left open
//! (Admitted, Ledger, Live, Intent) ─diff::diff→ Changes ─plan::build→ Plan ─plan::review→ + Findings
//! Plan ─render→ text
//! Plan + locked ledgers + Live + Consent ─plan::approve→ Approved | Refusal
//! apply::run(Approved, …) → Report ─render→ text, exit code
//! (Admitted, Ledger, Live) ─drift::compare→ Drift ─render→ text; it changes nothing anywhere
//! Drift or Report ─notify→ a webhook is told, once per change; that fails no run
//! ```
//!
//! # What is not there
//!
//! - `diff`, `drift` and `plan` know no provider, no async, no clock. `Live.as_of` is the only time below `cli`.
//! - Providers know no plan, no ledger and not each other. `apply` knows no rendering.
//! - Only `cli` knows the environment; only `config` knows that the input is TOML; only `plan::order` knows
//!   petgraph, only one file of `http` reqwest.
//! - That a Namebay zone has its domain's handle is known to `provider::namebay` alone.
//! - The sandbox knows nothing of the client: it is written from `schema/namebay.openapi.yaml`.
//! - There is no `dry_run` flag anywhere: the plan is the dry run.
//!
//! # The layers
//!
//! A module may import those above it in this list; `tests/layers.rs` holds the exact table.

pub mod diag;
pub mod model;

pub mod http;
pub mod sandbox;

pub mod config;
pub mod ledger;
pub mod provider;

pub mod diff;
pub mod plan;

pub mod drift;

pub mod apply;
pub mod render;

pub mod notify;

pub mod cli;
