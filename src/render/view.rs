//! What there is to see in a plan, worked out once for all formats: groups, rows, notices and the lines that
//! are a stable interface. All texts in it are inert; none is shortened.
//!
//! Knows no colour, no width and no format.

mod alike;
mod held;
mod noted;
mod notice;
mod row;
mod through;
pub(super) mod value;
mod words;

pub use notice::Notice;
pub(super) use notice::{blocked as blocked_of, findings as findings_of};
pub use row::{Mark, Rank, Row};
pub use value::{Change, Piece, Sent, Shape};

use super::escape::inert;
use crate::ledger::StepId;
use crate::model::Account;
use crate::plan::file::Names;
use crate::plan::{Plan, PlanAction, Scope, ScopeId, Step};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything that a plan shows.
#[derive(Debug, Clone)]
pub struct View {
    /// `bailiwick plan · 1 account · 3 domains, 41 records read in 6 requests`.
    pub head: String,
    /// What the reader must know before the rest: a snapshot, something left out.
    pub remarks: Vec<String>,
    /// Changes; the groups in which something is destroyed, or was changed outside, come first.
    pub groups: Vec<Group>,
    /// Errors first.
    pub findings: Vec<Notice>,
    /// What would be done and is not.
    pub blocked: Vec<Notice>,
    /// What is under way at the provider.
    pub pending: Vec<Notice>,
    /// What is in neither file nor ledger.
    pub unmanaged: Vec<String>,
    /// How many objects are as the file says.
    pub unchanged: usize,
    /// Said of money beside the summary, if anything.
    pub money: Option<String>,
    /// How much of the summary a guard holds back, if anything.
    pub held: Option<String>,
    /// The last line, a stable interface.
    pub summary: String,
}

/// Rows that share a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// A domain, or how many of them.
    pub title: String,
    /// Which domains.
    pub domains: Vec<Arc<str>>,
    /// Destroyed and changed outside first.
    pub rows: Vec<Row>,
}

impl View {
    /// Works out what a plan shows.
    pub fn of(plan: &Plan) -> Self {
        let names = Names::of(plan);
        let scopes: BTreeMap<ScopeId, &Scope> =
            plan.scopes.iter().map(|scope| (scope.id, scope)).collect();
        let after: BTreeMap<StepId, &Scope> = plan
            .scopes
            .iter()
            .filter_map(|scope| Some((scope.after?, scope)))
            .collect();
        let held = held::Held::of(plan);
        let context = row::Context {
            names: &names,
            held: &held,
            scopes: &scopes,
            after: &after,
            currency: &plan.cost.currency,
        };
        Self {
            head: head(plan),
            remarks: remarks(plan, &names),
            groups: groups(&plan.steps, &context),
            findings: notice::findings(&plan.findings, &names),
            blocked: notice::blocked(&plan.blocked, &names),
            pending: notice::pending(&plan.pending, &names),
            unmanaged: plan
                .unmanaged
                .iter()
                .map(|address| inert(&names.text(address)).into_owned())
                .collect(),
            unchanged: plan.summary.unchanged,
            money: money(plan),
            held: held.told(plan),
            summary: summary(plan),
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.groups.iter().flat_map(|group| &group.rows)
    }
}

/// The summary line of a plan: a stable interface, zeros included.
pub fn summary(plan: &Plan) -> String {
    let sum = &plan.summary;
    let cost = &plan.cost;
    let currency = inert(&cost.currency);
    format!(
        "Plan: {} to create, {} to change, {} to replace, {} to destroy, {} to adopt, {} to forget. \
         Cost now {} {currency} (limit {} {currency}), per year {} {currency}.",
        sum.create,
        sum.update,
        sum.replace,
        sum.delete,
        sum.adopt,
        sum.forget,
        amount(&cost.now),
        limit(&cost.limit),
        amount(&cost.yearly),
    )
}

/// An amount with two decimals at least, never rounded.
pub(super) fn amount(text: &str) -> String {
    match text.trim().parse::<rust_decimal::Decimal>() {
        Ok(number) if number.normalize().scale() <= 2 => format!("{number:.2}"),
        Ok(number) => number.normalize().to_string(),
        Err(_) => inert(text).into_owned(),
    }
}

/// A limit: `0`, the default, is written as it is in the file.
fn limit(text: &str) -> String {
    match text.trim().parse::<rust_decimal::Decimal>() {
        Ok(number) if number.is_zero() => "0".into(),
        Ok(_) | Err(_) => amount(text),
    }
}

/// `1 zone`, `2 zones`, `2 mailboxes`.
pub(in crate::render) fn count(number: usize, one: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        let end = if one.ends_with('x') { "es" } else { "s" };
        format!("{number} {one}{end}")
    }
}

/// `a, b, c and 797 more`.
pub(super) fn some_of<S: AsRef<str>>(all: &[S], most: usize) -> String {
    let named: Vec<_> = all
        .iter()
        .take(most)
        .map(|name| inert(name.as_ref()))
        .collect();
    let named = named.join(", ");
    match all.len().saturating_sub(most) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

fn head(plan: &Plan) -> String {
    let reads = &plan.reads;
    format!(
        "bailiwick plan · {} · {}, {} read in {}",
        count(reads.accounts, "account"),
        count(reads.domains, "domain"),
        count(reads.records, "record"),
        count(reads.requests, "request"),
    )
}

fn remarks(plan: &Plan, names: &Names) -> Vec<String> {
    let mut remarks = Vec::new();
    if plan.basis != "live" {
        remarks.push(
            "Made from a snapshot: it shows what would change, and cannot be applied.".into(),
        );
    }
    if !plan.complete {
        let targets = plan
            .binds
            .targets
            .iter()
            .map(|target| inert(target))
            .collect::<Vec<_>>()
            .join(" ");
        let by = if targets.is_empty() {
            String::new()
        } else {
            format!(" ({targets})")
        };
        remarks.push(format!(
            "Incomplete: {} left out by what was asked for{by}.",
            count(plan.left_out, "change"),
        ));
    }
    // Of what an earlier run began no row speaks.
    let begun = plan.scopes.iter().filter(|scope| scope.after.is_none());
    let mut by_room: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for scope in begun {
        by_room
            .entry(words::room(scope))
            .or_default()
            .push(names.text(&scope.top));
    }
    for (room, tops) in by_room {
        remarks.push(format!("{}: {room}.", some_of(&tops, alike::NAMED)));
    }
    if plan.steps.is_empty() && plan.blocked.is_empty() {
        remarks.push(format!(
            "Nothing to do: {} as the file says.",
            count(plan.summary.unchanged, "object"),
        ));
    }
    remarks
}

fn money(plan: &Plan) -> Option<String> {
    (plan.cost.unknown > 0).then(|| {
        format!(
            "The price of {} is not known; it is not in the sum.",
            count(plan.cost.unknown, "step"),
        )
    })
}

fn groups(steps: &[Step], context: &row::Context<'_>) -> Vec<Group> {
    let mut domains: BTreeMap<&Arc<str>, Vec<&Step>> = BTreeMap::new();
    for step in steps {
        domains.entry(&step.address.domain).or_default().push(step);
    }
    let accounts = accounts(&domains);
    let own = domains
        .into_iter()
        .map(|(domain, steps)| (Arc::clone(domain), rows(&steps, context)))
        .collect();
    let (mut groups, rest) = alike::shared(own);
    groups.extend(rest.into_iter().map(|(domain, rows)| Group {
        title: title(&domain, accounts.get(&domain)),
        domains: vec![domain],
        rows,
    }));
    for group in &mut groups {
        group
            .rows
            .sort_by(|a, b| (a.rank, &a.order).cmp(&(b.rank, &b.order)));
    }
    // Stable: shared groups stay before those of one domain.
    groups.sort_by_key(|group| {
        let best = group.rows.iter().map(|row| row.rank).min();
        best.map_or(Rank::Later, |rank| rank.min(Rank::Later))
    });
    groups
}

type Accounts<'a> = BTreeSet<&'a Account>;

/// The accounts behind each domain; none where the whole plan is about one.
fn accounts<'a>(
    domains: &BTreeMap<&'a Arc<str>, Vec<&'a Step>>,
) -> BTreeMap<Arc<str>, Accounts<'a>> {
    let steps = domains.values().flatten();
    let all: Accounts<'_> = steps.map(|step| &step.address.account).collect();
    if all.len() < 2 {
        return BTreeMap::new();
    }
    domains
        .iter()
        .map(|(domain, steps)| {
            let own = steps.iter().map(|step| &step.address.account).collect();
            (Arc::clone(domain), own)
        })
        .collect()
}

fn title(domain: &str, accounts: Option<&Accounts<'_>>) -> String {
    let title = if domain.is_empty() {
        "contacts"
    } else {
        domain
    };
    let title = inert(title);
    let Some(accounts) = accounts else {
        return title.into_owned();
    };
    let labels: Vec<_> = accounts
        .iter()
        .map(|account| inert(account.as_str()))
        .collect();
    format!("{title} · {}", labels.join(", "))
}

/// The rows of one domain.
fn rows(steps: &[&Step], context: &row::Context<'_>) -> Vec<Row> {
    let mut units: BTreeMap<row::Key<'_>, Vec<&Step>> = BTreeMap::new();
    let mut noted = Vec::new();
    for step in steps {
        match step.action {
            PlanAction::Create | PlanAction::Update | PlanAction::Delete => {
                units.entry(row::key(step)).or_default().push(step);
            }
            PlanAction::Adopt | PlanAction::Forget => noted.push(*step),
        }
    }
    let mut rows: Vec<Row> = units
        .into_values()
        .map(|steps| Row::of_change(&steps, context))
        .collect();
    rows.extend(noted::of_notes(&noted, context));
    rows
}
