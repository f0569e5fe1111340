//! The rows of what is only noted in the ledger, and changes nothing at a provider.

use super::super::escape::inert;
use super::count;
use super::row::{Context, Mark, Row, rank, saying};
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
    let mut below: BTreeMap<Address, usize> = BTreeMap::new();
    let mut adopted: Vec<&Step> = Vec::new();
    let mut rows = Vec::new();
    let mut tops = Vec::new();
    for step in steps {
        match step.action {
            PlanAction::Adopt => adopted.push(step),
            PlanAction::Forget if step.address.kind.holds_value() => {
                rows.push(note(step, Mark::Keep, kept(step, context.names), context));
            }
            PlanAction::Forget => match step.address.parent() {
                Some(parent) if forgotten.contains(&parent) => {
                    *below.entry(parent).or_default() += 1;
                }
                Some(_) | None => tops.push(*step),
            },
            PlanAction::Create | PlanAction::Update | PlanAction::Delete => {}
        }
    }
    for step in tops {
        let saying = match below.get(&step.address) {
            Some(below) => format!(
                "not in file: left as it is, with {} below it, and no longer followed",
                count(*below, "object"),
            ),
            None => saying(Mark::Forget).into(),
        };
        rows.push(note(step, Mark::Forget, saying, context));
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

fn kept(step: &Step, names: &Names) -> String {
    let address = &step.address;
    match address.kind {
        Kind::Mailbox | Kind::Database | Kind::Wordpress => {
            let text = names.text(address);
            let text = inert(&text);
            format!("kept: holds data; --allow-destroy {text} to delete it")
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
        | Kind::NsKey => "not in file: kept, because it is paid for; no longer followed".into(),
    }
}

fn note(step: &Step, mark: Mark, saying: String, context: &Context<'_>) -> Row {
    let steps = [step];
    let mut row = Row::of_change(&steps, context);
    row.mark = mark;
    row.rank = rank(mark, &steps);
    // What holds value is seen one by one.
    row.same = (mark != Mark::Keep).then(|| format!("{mark:?}\0{}\0{saying}", row.label));
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
    row.same = Some(format!("{:?}\0{label}", row.mark));
    row.label = label;
    row.steps = steps.iter().map(|step| step.id).collect();
    row.place = None;
    row.places.clear();
    row.remarks.clear();
    row
}
