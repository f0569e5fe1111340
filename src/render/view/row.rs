//! One line of a plan: the steps that a person sees as one change.
//!
//! The values of a record set are one row; a replacement (a delete and a create) is one row. Knows no width
//! and no colour.

use super::super::escape::inert;
use super::alike::{self, Same, Shown};
use super::amount;
use super::held::Held;
use super::through::Through;
use super::value::{self, Change, Sent, Shape};
use super::words::{in_words, label, lead, room, saying, turn};
use crate::ledger::StepId;
use crate::model::{Address, Data, Kind, Value};
use crate::plan::file::Names;
use crate::plan::{Attribute, Cause, PlanAction, Scope, ScopeId, Step, StepCost};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The sign in front of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// `+`
    Create,
    /// `~`
    Update,
    /// `-`
    Delete,
    /// `±`
    Replace,
    /// `!`: no longer declared and kept, because it holds money or data.
    Keep,
    /// `=`: noted as ours.
    Adopt,
    /// `·`: no longer followed.
    Forget,
}

impl Mark {
    /// The sign.
    pub fn sign(self) -> char {
        match self {
            Mark::Create => '+',
            Mark::Update => '~',
            Mark::Delete => '-',
            Mark::Replace => '±',
            Mark::Keep => '!',
            Mark::Adopt => '=',
            Mark::Forget => '·',
        }
    }
}

/// How early a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Something goes.
    Destroyed,
    /// Somebody else changed it.
    Outside,
    /// Everything else that is changed or kept.
    Later,
    /// Notes in the ledger.
    Noted,
}

/// One change as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The sign.
    pub mark: Mark,
    /// How early it stands.
    pub rank: Rank,
    /// What it is about.
    pub kind: Kind,
    /// `record www A`, `domain delegation`.
    pub label: String,
    /// What happens to its attributes.
    pub changes: Vec<Change>,
    /// Said in place of attributes.
    pub saying: Option<String>,
    /// `14.88 EUR`.
    pub cost: Option<String>,
    /// `domains/example.toml:21`.
    pub place: Option<String>,
    /// Why, and through which template.
    pub reason: String,
    /// Notes of the file, and what the change sets off.
    pub remarks: Vec<String>,
    /// The steps behind it.
    pub steps: Vec<StepId>,
    /// Equal in rows of other domains that say the same; none where each must be seen.
    pub(super) same: Option<Same>,
    pub(super) order: (Kind, Arc<str>, Arc<str>),
    pub(super) why: String,
    pub(super) through: Through,
}

/// What rows are made with.
pub(super) struct Context<'a> {
    pub(super) names: &'a Names,
    pub(super) held: &'a Held<'a>,
    pub(super) scopes: &'a BTreeMap<ScopeId, &'a Scope>,
    /// By the step that makes their top.
    pub(super) after: &'a BTreeMap<StepId, &'a Scope>,
    pub(super) currency: &'a str,
}

/// Steps with the same key are one row.
pub(super) type Key<'a> = (&'a Address, &'a str);

pub(super) fn key(step: &Step) -> Key<'_> {
    match step.address.kind {
        Kind::Record => (&step.address, ""),
        Kind::Contact
        | Kind::Domain
        | Kind::Zone
        | Kind::RedirectService
        | Kind::Redirect
        | Kind::Mail
        | Kind::Mailbox
        | Kind::Autoresponder
        | Kind::Hosting
        | Kind::FtpUser
        | Kind::Database
        | Kind::Site
        | Kind::Wordpress
        | Kind::Certificate
        | Kind::NsKey => (&step.address, &step.part.0),
    }
}

impl Row {
    /// The row of steps that create, change or destroy one thing.
    pub(super) fn of_change(steps: &[&Step], context: &Context<'_>) -> Self {
        let first = steps[0];
        let mark = mark(steps);
        let changes = changes(steps, |value| value::text(value, context.names));
        let saying = changes.is_empty().then(|| saying(mark).into());
        let why = why(steps, context);
        let through = Through::of(steps);
        let cost = cost(steps, context.currency);
        let label = label(first, context.names);
        let remarks = remarks(steps, context);
        let rank = rank(mark, steps);
        let mut row = Self {
            mark,
            rank,
            kind: first.address.kind,
            label,
            changes,
            saying,
            cost,
            place: through.place(),
            reason: String::new(),
            remarks,
            steps: steps.iter().map(|step| step.id).collect(),
            same: None,
            order: (
                first.address.kind,
                first.address.name.clone(),
                first.part.0.clone(),
            ),
            why,
            through,
        };
        row.same = row.cost.is_none().then(|| row.same(steps, context));
        row.reason = row.reason();
        row
    }

    /// What it says, as far as it may be the same for other domains.
    fn same(&self, steps: &[&Step], context: &Context<'_>) -> Same {
        let shown = match without_domain(steps, context) {
            Some(changes) => Shown::Changes(changes),
            None => Shown::Alike,
        };
        let changes = match &shown {
            Shown::Changes(changes) => changes,
            Shown::Alike | Shown::Saying(_) => &self.changes,
        };
        let key = format!(
            "{:?} {:?}\0{}\0{changes:?}\0{}\0{}\0{:?}",
            self.mark,
            self.rank,
            self.label,
            self.why,
            self.through.common(),
            self.remarks
        );
        Same { key, shown }
    }

    /// Why, and through which templates and groups.
    fn reason(&self) -> String {
        match (self.why.as_str(), self.through.ways()) {
            (why, ways) if ways.is_empty() => why.into(),
            ("", ways) => ways,
            (why, ways) => format!("{why}, {ways}"),
        }
    }

    /// Takes in a row that says the same of another domain; [`Row::absorbed`] ends it.
    pub(super) fn absorb(&mut self, other: &mut Row) {
        self.steps.append(&mut other.steps);
        self.through.absorb(&mut other.through);
    }

    /// Says what holds for all the rows that it took in.
    pub(super) fn absorbed(&mut self) {
        match self.same.take().map(|same| same.shown) {
            Some(Shown::Changes(changes)) => self.changes = changes,
            Some(Shown::Saying(saying)) => self.saying = Some(saying),
            Some(Shown::Alike) | None => {}
        }
        self.place = self.through.place();
        if !self.reason.is_empty() {
            self.reason = self.reason();
        }
    }
}

/// What happens to the attributes, those that say most first.
fn changes(steps: &[&Step], text: impl Fn(&Value) -> String) -> Vec<Change> {
    let mut changes = Vec::new();
    for step in steps {
        let kind = step.address.kind;
        let mut own: Vec<&Attribute> = step.attributes.iter().collect();
        own.sort_by_key(|attribute| turn(kind, attribute.name));
        changes.extend(own.iter().map(|attribute| change(step, attribute, &text)));
    }
    changes
}

/// The same with `{domain}` for the domain's own name; `None` where that is in no value.
fn without_domain(steps: &[&Step], context: &Context<'_>) -> Option<Vec<Change>> {
    let domain = inert(&steps[0].address.domain);
    let mut found = false;
    for attribute in steps.iter().flat_map(|step| &step.attributes) {
        for value in sides(attribute) {
            let text = value::text(value, context.names);
            if alike::says_domain(&text) {
                return None;
            }
            found |= text.contains(&*domain);
        }
    }
    found.then(|| {
        changes(steps, |value| {
            let text = value::text(value, context.names);
            alike::without_domain(&text, &domain).unwrap_or(text)
        })
    })
}

fn sides(attribute: &Attribute) -> impl Iterator<Item = &Value> {
    let Attribute {
        name: _,
        before,
        after,
        applied,
        secret: _,
    } = attribute;
    [before, after, applied].into_iter().flatten()
}

fn mark(steps: &[&Step]) -> Mark {
    let all = |action: PlanAction| steps.iter().all(|step| step.action == action);
    let any = |action: PlanAction| steps.iter().any(|step| step.action == action);
    if all(PlanAction::Create) {
        Mark::Create
    } else if all(PlanAction::Delete) {
        Mark::Delete
    } else if steps[0].address.kind != Kind::Record
        && any(PlanAction::Delete)
        && any(PlanAction::Create)
    {
        Mark::Replace
    } else {
        Mark::Update
    }
}

pub(super) fn rank(mark: Mark, steps: &[&Step]) -> Rank {
    let goes = steps.iter().any(|step| {
        let value_goes = step.address.kind == Kind::Record
            && step.attributes.iter().any(|attribute| {
                attribute.name == "data" && attribute.before.is_some() && attribute.after.is_none()
            });
        step.action == PlanAction::Delete || value_goes
    });
    let outside = steps.iter().any(|step| {
        matches!(
            step.reason,
            Cause::ChangedOutside | Cause::Both | Cause::Missing
        )
    });
    match mark {
        _ if goes => Rank::Destroyed,
        _ if outside => Rank::Outside,
        Mark::Create | Mark::Update | Mark::Delete | Mark::Replace | Mark::Keep => Rank::Later,
        Mark::Adopt | Mark::Forget => Rank::Noted,
    }
}

fn change(step: &Step, attribute: &Attribute, text: &impl Fn(&Value) -> String) -> Change {
    let unset = || "(not set)".to_string();
    let shape = match (&attribute.before, &attribute.after) {
        _ if is_secret(attribute) => Shape::Secret(sent(step)),
        (Some(before), Some(after)) => value::turned(text(before), text(after)),
        (Some(before), None) => Shape::Gone(text(before)),
        (None, Some(after)) if step.action == PlanAction::Update && attribute.name != "data" => {
            value::turned(unset(), text(after))
        }
        (None, Some(after)) => Shape::New(text(after)),
        (None, None) => Shape::Gone(unset()),
    };
    let outside = matches!(
        step.reason,
        Cause::ChangedOutside | Cause::Both | Cause::Missing
    );
    let shape = match (&attribute.applied, shape) {
        (Some(applied), shape) if outside && !matches!(shape, Shape::Secret(_)) => Shape::Outside {
            applied: text(applied),
            then: Box::new(shape),
        },
        (Some(_) | None, shape) => shape,
    };
    Change {
        name: attribute.name,
        lead: lead(step.address.kind, attribute.name, &shape),
        shape,
    }
}

/// True for what is marked as a secret, and for a fingerprint of one whether marked or not.
fn is_secret(attribute: &Attribute) -> bool {
    let print = |value: &Value| matches!(value.known(), Some(Data::Print(_)));
    attribute.secret || sides(attribute).any(print)
}

/// What is said of a secret that a step sends.
fn sent(step: &Step) -> Sent {
    match (step.action, step.reason) {
        (PlanAction::Update, Cause::SecretChanged) => Sent::Changed,
        (PlanAction::Update, Cause::Resend) => Sent::Again,
        (PlanAction::Update, _) => Sent::Along,
        (PlanAction::Create | PlanAction::Delete | PlanAction::Adopt | PlanAction::Forget, _) => {
            Sent::There
        }
    }
}

fn cost(steps: &[&Step], currency: &str) -> Option<String> {
    let costs: Vec<String> = steps
        .iter()
        .filter_map(|step| step.cost.as_ref())
        .map(|cost| price(cost, &inert(currency)))
        .collect();
    (!costs.is_empty()).then(|| costs.join(" + "))
}

fn price(cost: &StepCost, currency: &str) -> String {
    let StepCost { now, yearly, sure } = cost;
    let most = if sure == "at-most" { "at most " } else { "" };
    let mut text = match now {
        Some(now) => format!("{most}{} {currency}", amount(now)),
        None => "price unknown".into(),
    };
    if let Some(yearly) = yearly
        .as_ref()
        .filter(|yearly| Some(*yearly) != now.as_ref())
    {
        text.push_str(&format!(", {} {currency} a year", amount(yearly)));
    }
    text
}

/// Why, without the ways it came.
fn why(steps: &[&Step], context: &Context<'_>) -> String {
    let mut words: Vec<&str> = Vec::new();
    let mut waits: BTreeSet<&str> = BTreeSet::new();
    for step in steps {
        let word = in_words(step.reason);
        if !words.contains(&word) {
            words.push(word);
        }
        if let Some(scope) = step.scope.and_then(|id| context.scopes.get(&id)) {
            waits.insert(scope.top.kind.word());
        }
    }
    let mut why = words.join(", ");
    if !waits.is_empty() {
        let waits = waits.into_iter().collect::<Vec<_>>().join(" and ");
        why.push_str(&format!(", once its {waits} is there"));
    }
    let held: BTreeSet<&str> = steps.iter().filter_map(|s| context.held.by(s)).collect();
    for code in held {
        why.push_str(&format!(", held back by {code}"));
    }
    why
}

fn remarks(steps: &[&Step], context: &Context<'_>) -> Vec<String> {
    let mut remarks: Vec<String> = Vec::new();
    for step in steps {
        if let Some(scope) = context.after.get(&step.id) {
            remarks.push(room(scope).into());
        }
        for consequence in &step.consequences {
            let until = match &consequence.until {
                Some(until) => format!(" (until {})", inert(until)),
                None => String::new(),
            };
            remarks.push(format!(
                "{}: {}{until}",
                inert(&consequence.code),
                inert(&consequence.text)
            ));
        }
        if let Some(note) = &step.note {
            remarks.push(format!("note: {}", inert(note)));
        }
    }
    let mut seen = BTreeSet::new();
    remarks.retain(|remark| seen.insert(remark.clone()));
    remarks
}
