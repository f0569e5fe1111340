//! The rows of what is only noted in the ledger, and changes nothing at a provider.

use super::super::escape::inert;
use super::alike::{Same, Shown};
use super::count;
use super::row::{Context, Mark, Row, rank};
use super::through::Through;
use super::words::saying;
use crate::model::{Address, Kind};
use crate::plan::file::Names;
use crate::plan::{PlanAction, Step};
use std::collections::{BTreeMap, BTreeSet};

/// The rows of what is only noted: adoptions by number, a forgotten subtree in one line, what holds value
/// on a line of its own.
pub(super) fn of_notes(steps: &[&Step], context: &Context<'_>) -> Vec<Row> {
    let forgotten: BTreeSet<&Address> = steps
        .iter()
        .filter(|step| step.action == PlanAction::Forget)
        .map(|step| &step.address)
        .collect();
    let mut below: BTreeMap<Address, Vec<&Step>> = BTreeMap::new();
    let mut adopted: Vec<&Step> = Vec::new();
    let mut tops = Vec::new();
    for step in steps {
        match step.action {
            PlanAction::Adopt => adopted.push(step),
            PlanAction::Forget => {
                // What holds value is told by itself, whatever goes above it.
                let above = step
                    .address
                    .parent()
                    .filter(|_| !step.address.kind.holds_value());
                match above {
                    Some(parent) if forgotten.contains(&parent) => {
                        below.entry(parent).or_default().push(step);
                    }
                    Some(_) | None => tops.push(*step),
                }
            }
            PlanAction::Create | PlanAction::Update | PlanAction::Delete => {}
        }
    }
    let mut rows: Vec<Row> = tops
        .into_iter()
        .map(|step| {
            let below = below.remove(&step.address).unwrap_or_default();
            forgotten_row(step, &below, context)
        })
        .collect();
    // One that lies below what is told below another.
    for steps in below.into_values() {
        rows.extend(
            steps
                .into_iter()
                .map(|step| forgotten_row(step, &[], context)),
        );
    }
    if adopted.len() > 3 {
        rows.push(adoptions(&adopted, context));
    } else {
        let saying = saying(Mark::Adopt);
        rows.extend(
            adopted
                .iter()
                .map(|step| note(step, Mark::Adopt, saying.into(), context)),
        );
    }
    rows
}

/// What is no longer followed, with what lies below it and holds no value of its own.
fn forgotten_row(step: &Step, below: &[&Step], context: &Context<'_>) -> Row {
    let objects: BTreeSet<&Address> = below.iter().map(|step| &step.address).collect();
    let with = match objects.len() {
        0 => String::new(),
        number => format!(", with {} below it", count(number, "object")),
    };
    let mut row = if step.address.kind.holds_value() {
        let (one, many) = kept(step, context.names);
        let mut row = note(step, Mark::Keep, format!("{one}{with}"), context);
        if let Some(same) = &mut row.same {
            same.key = format!("{:?}\0{}\0{many}{with}", row.mark, row.label);
            same.shown = Shown::Saying(format!("{many}{with}"));
        }
        row
    } else {
        let saying = match with.is_empty() {
            true => saying(Mark::Forget).into(),
            false => format!("not in file: left as it is{with}, and no longer followed"),
        };
        note(step, Mark::Forget, saying, context)
    };
    row.steps.extend(below.iter().map(|step| step.id));
    row
}

/// Why it stays: of one object, and of many.
fn kept(step: &Step, names: &Names) -> (String, String) {
    let address = &step.address;
    match address.kind {
        Kind::Mailbox | Kind::Database | Kind::Wordpress => {
            let text = names.text(address);
            let text = inert(&text);
            let said =
                |text: &str| format!("kept: holds data; --allow-destroy {text} to delete it");
            (said(&text), said("ADDRESS"))
        }
        Kind::Domain
        | Kind::Mail
        | Kind::RedirectService
        | Kind::Hosting
        | Kind::Certificate
        | Kind::Contact
        | Kind::Zone
        | Kind::Record
        | Kind::Redirect
        | Kind::Autoresponder
        | Kind::FtpUser
        | Kind::Site
        | Kind::NsKey => {
            let said = "not in file: kept, because it is paid for; no longer followed";
            (said.into(), said.into())
        }
    }
}

fn note(step: &Step, mark: Mark, saying: String, context: &Context<'_>) -> Row {
    let steps = [step];
    let mut row = Row::of_change(&steps, context);
    row.mark = mark;
    row.rank = rank(mark, &steps);
    row.same = Some(Same {
        key: format!("{mark:?}\0{}\0{saying}", row.label),
        shown: Shown::Alike,
    });
    row.changes.clear();
    row.saying = Some(saying);
    // The saying is the reason.
    row.reason.clear();
    row
}

fn adoptions(steps: &[&Step], context: &Context<'_>) -> Row {
    // An object may be noted part by part; people count objects.
    let objects: BTreeSet<&Address> = steps.iter().map(|step| &step.address).collect();
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    for object in objects {
        *kinds.entry(object.kind).or_default() += 1;
    }
    let label = kinds
        .into_iter()
        .map(|(kind, number)| count(number, kind.word()))
        .collect::<Vec<_>>()
        .join(", ");
    let mut row = note(steps[0], Mark::Adopt, saying(Mark::Adopt).into(), context);
    row.same = Some(Same {
        key: format!("{:?}\0{label}", row.mark),
        shown: Shown::Alike,
    });
    row.label = label;
    row.steps = steps.iter().map(|step| step.id).collect();
    row.place = None;
    row.through = Through::default();
    row.remarks.clear();
    row
}
