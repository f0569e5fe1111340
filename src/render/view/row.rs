//! One line of a plan: the steps that a person sees as one change.
//!
//! The values of a record set are one row; a replacement (a delete and a create) is one row. Knows no width
//! and no colour.

use super::super::escape::inert;
use super::amount;
use super::value::{self, Change, Shape};
use crate::diag::Place;
use crate::ledger::StepId;
use crate::model::{Address, Kind, Value};
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
    pub(super) same: Option<String>,
    pub(super) order: (Kind, Arc<str>, Arc<str>),
    pub(super) places: BTreeSet<Place>,
}

/// What rows are made with.
pub(super) struct Context<'a> {
    pub(super) names: &'a Names,
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
        let changes: Vec<Change> = steps
            .iter()
            .flat_map(|step| {
                step.attributes
                    .iter()
                    .map(|attribute| change(step, attribute, context.names))
            })
            .collect();
        let saying = changes.is_empty().then(|| saying(mark).into());
        let places: BTreeSet<Place> = steps.iter().filter_map(|s| s.source.clone()).collect();
        let (reason, reason_everywhere) = reason(steps, context);
        let cost = cost(steps, context.currency);
        let label = label(first, context.names);
        let remarks = remarks(steps, context);
        let rank = rank(mark, steps);
        let same = cost.is_none().then(|| {
            format!("{mark:?} {rank:?}\0{label}\0{changes:?}\0{reason_everywhere}\0{remarks:?}")
        });
        Self {
            mark,
            rank,
            kind: first.address.kind,
            label,
            changes,
            saying,
            cost,
            place: place(&places),
            reason,
            remarks,
            steps: steps.iter().map(|step| step.id).collect(),
            same,
            order: (
                first.address.kind,
                first.address.name.clone(),
                first.part.0.clone(),
            ),
            places,
        }
    }

    /// Takes in a row that says the same of another domain; [`Row::absorbed`] ends it.
    pub(super) fn absorb(&mut self, other: &mut Row) {
        self.steps.append(&mut other.steps);
        // Joining two sets costs as much as both; there may be a thousand.
        self.places.extend(std::mem::take(&mut other.places));
        // Where the template is used differs; its name does not.
        if self.reason != other.reason {
            self.reason = without_use(&self.reason).into();
        }
    }

    /// Says where all the rows stand that it took in.
    pub(super) fn absorbed(&mut self) {
        self.place = place(&self.places);
    }
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

fn change(step: &Step, attribute: &Attribute, names: &Names) -> Change {
    let text = |value: &Value| value::text(value, names);
    let unset = || "(not set)".to_string();
    let then = match (&attribute.before, &attribute.after) {
        _ if attribute.secret => Shape::Secret,
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
    let shape = match &attribute.applied {
        Some(applied) if outside && then != Shape::Secret => Shape::Outside {
            applied: text(applied),
            then: Box::new(then),
        },
        Some(_) | None => then,
    };
    Change {
        name: attribute.name,
        shape,
    }
}

pub(super) fn saying(mark: Mark) -> &'static str {
    match mark {
        Mark::Create => "to be made",
        Mark::Update => "to be changed",
        Mark::Delete => "to be destroyed",
        Mark::Replace => "to be destroyed and made again",
        Mark::Keep => "kept",
        Mark::Adopt => "already there as the file says; noted in the ledger",
        Mark::Forget => "not in file: left as it is, and no longer followed",
    }
}

/// The object as it is called below its domain's heading.
fn label(step: &Step, names: &Names) -> String {
    let address = &step.address;
    let mut label = named(address);
    if address.kind != Kind::Record && !step.part.is_object() {
        label.push(' ');
        label.push_str(&inert(&step.part.0));
    }
    if names.ambiguous(address) {
        label.push('@');
        label.push_str(&inert(address.account.as_str()));
    }
    label
}

fn named(address: &Address) -> String {
    let word = address.kind.word();
    match address.kind {
        Kind::Record => match address.host_and_type() {
            Some((host, rtype)) => format!("{word} {} {}", inert(host), inert(rtype)),
            None => format!("{word} {}", inert(&address.name)),
        },
        Kind::Mailbox | Kind::Autoresponder => format!("{word} {}@", inert(&address.name)),
        Kind::Contact
        | Kind::Domain
        | Kind::Zone
        | Kind::RedirectService
        | Kind::Redirect
        | Kind::Mail
        | Kind::Hosting
        | Kind::FtpUser
        | Kind::Database
        | Kind::Site
        | Kind::Wordpress
        | Kind::Certificate
        | Kind::NsKey => {
            if address.name.is_empty() {
                word.into()
            } else {
                format!("{word} {}", inert(&address.name))
            }
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

/// `a.toml:3`; `a.toml:3,4`; `a.toml:3 and 799 more`.
fn place(places: &BTreeSet<Place>) -> Option<String> {
    let first = places.first()?;
    let mut text = format!("{}:{}", inert(&first.file), first.line);
    let lines: BTreeSet<u32> = places.iter().map(|place| place.line).collect();
    let one_file = places.iter().all(|place| place.file == first.file);
    if one_file && lines.len() <= 4 {
        for line in lines.iter().skip(1) {
            text.push_str(&format!(",{line}"));
        }
    } else {
        text.push_str(&format!(" and {} more", places.len() - 1));
    }
    Some(text)
}

const USED: &str = " (used at ";

/// Why, and the same without what differs from domain to domain.
fn reason(steps: &[&Step], context: &Context<'_>) -> (String, String) {
    let mut words: Vec<&str> = Vec::new();
    let mut vias: BTreeSet<String> = BTreeSet::new();
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut waits: BTreeSet<String> = BTreeSet::new();
    for step in steps {
        let word = in_words(step.reason);
        if !words.contains(&word) {
            words.push(word);
        }
        for via in &step.via {
            vias.insert(inert(&via.name).replacen('.', " ", 1));
            used.insert(format!("{}:{}", inert(&via.file), via.line));
        }
        if let Some(scope) = step.scope.and_then(|id| context.scopes.get(&id)) {
            waits.insert(scope.top.kind.word().to_string());
        }
    }
    let mut reason = words.join(", ");
    if !waits.is_empty() {
        let waits = waits.into_iter().collect::<Vec<_>>().join(" and ");
        reason.push_str(&format!(", once its {waits} is there"));
    }
    if vias.is_empty() {
        return (reason.clone(), reason);
    }
    let vias = vias.into_iter().collect::<Vec<_>>().join(" and ");
    reason.push_str(&format!(", from {vias}"));
    let used = used.into_iter().collect::<Vec<_>>().join(", ");
    (format!("{reason}{USED}{used})"), reason)
}

fn without_use(reason: &str) -> &str {
    reason.rsplit_once(USED).map_or(reason, |(kept, _)| kept)
}

/// A reason in words for people.
pub(in crate::render) fn in_words(reason: Cause) -> &'static str {
    match reason {
        Cause::NewInFile => "new in file",
        Cause::EditedInFile => "edited in file",
        Cause::ChangedOutside => "changed outside",
        Cause::Both => "edited in file and changed outside",
        Cause::Missing => "was applied and is gone",
        Cause::NotInFile => "not in file",
        Cause::RenewalDue => "renewal due",
        Cause::Capacity => "more capacity in file",
        Cause::SecretChanged => "secret changed",
        Cause::Adopted => "already there",
        Cause::Resend => "asked to be sent again",
        Cause::Progress => "next part of what was begun",
        Cause::ProviderDefault => "put there by the provider",
        Cause::ForcedBy => "forced by another change",
    }
}

/// What an approval leaves open below something that is not there yet.
pub(super) fn room(scope: &Scope) -> &'static str {
    if scope.purge {
        "once it is there it is read: what the provider put into it and the file does not name is removed"
    } else {
        "once it is there it is read: what the provider put into it gives way to what the file names"
    }
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
