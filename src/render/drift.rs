//! A drift, as text for people and as JSON for programs.
//!
//! Values are laid out as in a plan: applied → live → file. Knows no colour but the style's, and nothing of what
//! counts beyond what it is told.

use super::escape::{inert, shorten};
use super::human::{Page, section};
use super::style::{Style, Tone};
use super::view::value::text;
use super::view::{Notice, count};
use crate::drift::{Class, Counted, Difference, Drift, Finding, Item};
use crate::model::{Address, Place, Value};
use crate::plan::file::Names;
use crate::plan::file::text::to_text;
use serde::Serialize;

/// How many unmanaged objects are named to people.
const UNMANAGED: usize = 20;
/// Narrowest room for a value.
const VALUE: usize = 40;

fn names(drift: &Drift) -> Names {
    let items = drift.items.iter().map(|item| &item.address);
    let found = drift.findings.iter().filter_map(|f| f.address.as_ref());
    Names::among(items.chain(found))
}

/// Lays it out for people, with a final newline; the last line is a stable interface.
pub fn human(drift: &Drift, counted: &Counted, style: Style) -> String {
    let names = names(drift);
    let mut out = Page::default();
    if drift.applying {
        out.line("An apply is under way: what it is writing is not told here.");
    }
    for class in Class::ALL {
        let items = drift.items.iter().filter(|item| item.class == class);
        let items: Vec<&Item> = items.collect();
        if items.is_empty() {
            continue;
        }
        out.gap();
        let title = format!("{}: {}", title(class), meaning(class));
        out.line(format!("  {}", style.paint(Tone::Heading, title)));
        let most = match class {
            Class::Unmanaged => UNMANAGED,
            Class::Drift | Class::Pending | Class::Conflict | Class::Missing => usize::MAX,
        };
        for item in items.iter().take(most) {
            let address = inert(&names.text(&item.address)).into_owned();
            out.line(format!("    {}", style.paint(tone(class), address)));
            for difference in &item.attributes {
                out.line(format!("        {}", told(difference, &names, style)));
            }
        }
        if let Some(more) = items.len().checked_sub(most).filter(|more| *more > 0) {
            out.line(format!("    and {more} more"));
        }
    }
    let notices: Vec<Notice> = drift.findings.iter().map(|f| notice(f, &names)).collect();
    section(&mut out, "Findings", &notices, style);
    out.gap();
    out.line(summary(drift, counted));
    out.text
}

/// `Drift: 1 changed outside, 0 in conflict, …`: a stable line, zeros included.
pub fn summary(drift: &Drift, counted: &Counted) -> String {
    let of = |class| drift.items.iter().filter(|i| i.class == class).count();
    let number = drift.counted(counted).count();
    let verdict = match number {
        0 => "No drift.".to_owned(),
        number => format!("{} of drift.", count(number, "finding")),
    };
    format!(
        "Drift: {} changed outside, {} in conflict, {} missing, {} pending, {} unmanaged. {verdict}",
        of(Class::Drift),
        of(Class::Conflict),
        of(Class::Missing),
        of(Class::Pending),
        of(Class::Unmanaged),
    )
}

fn title(class: Class) -> &'static str {
    match class {
        Class::Drift => "Drift",
        Class::Pending => "Pending",
        Class::Conflict => "Conflict",
        Class::Unmanaged => "Unmanaged",
        Class::Missing => "Missing",
    }
}

fn meaning(class: Class) -> &'static str {
    match class {
        Class::Drift => "changed outside since the last apply",
        Class::Pending => "edited in the file and not applied",
        Class::Conflict => "edited in the file and changed outside",
        Class::Unmanaged => "live, and in neither file nor ledger",
        Class::Missing => "applied, and gone",
    }
}

fn tone(class: Class) -> Tone {
    match class {
        Class::Drift | Class::Pending => Tone::Changed,
        Class::Conflict | Class::Missing => Tone::Bad,
        Class::Unmanaged => Tone::Quiet,
    }
}

fn told(difference: &Difference, names: &Names, style: Style) -> String {
    let Difference {
        name,
        file,
        applied,
        live,
        secret,
    } = difference;
    if *secret {
        return format!("{name}: (secret, changed)");
    }
    let room = (style.width / 3).max(VALUE);
    let mut parts = Vec::new();
    for (side, value) in [("applied", applied), ("live", live), ("file", file)] {
        let value = match value {
            Some(value) => text(value, names),
            None => "(none)".to_owned(),
        };
        parts.push(format!("{side} {}", shorten(&value, room)));
    }
    format!("{name}: {}", parts.join(" · "))
}

fn notice(finding: &Finding, names: &Names) -> Notice {
    let about = finding.address.as_ref().map(|address| names.text(address));
    let place = finding.origin.as_ref().map(|origin| &origin.place);
    Notice {
        word: finding.severity.word().into(),
        code: finding.code.into(),
        about: inert(&about.unwrap_or_default()).into_owned(),
        message: inert(&finding.message).into_owned(),
        hint: None,
        place: place.map(|place| format!("{}:{}", inert(&place.file), place.line)),
        objects: 1,
    }
}

#[derive(Serialize)]
struct Form<'a> {
    format: &'static str,
    fingerprint: String,
    drift: bool,
    applying: bool,
    findings: Vec<FindingForm<'a>>,
    items: Vec<ItemForm>,
}

#[derive(Serialize)]
struct FindingForm<'a> {
    code: &'static str,
    severity: &'static str,
    address: Option<String>,
    message: &'a str,
    source: Option<&'a Place>,
}

#[derive(Serialize)]
struct ItemForm {
    address: String,
    class: Class,
    attributes: Vec<DifferenceForm>,
}

#[derive(Serialize)]
struct DifferenceForm {
    name: &'static str,
    file: Option<serde_json::Value>,
    applied: Option<serde_json::Value>,
    live: Option<serde_json::Value>,
    secret: bool,
}

/// JSON for programs: every class, whatever counts.
pub fn json(drift: &Drift, counted: &Counted) -> String {
    let names = names(drift);
    let text = |address: &Address| names.text(address);
    to_text(&Form {
        format: "bailiwick/drift/1",
        fingerprint: drift.fingerprint(counted),
        drift: drift.counted(counted).next().is_some(),
        applying: drift.applying,
        findings: drift
            .findings
            .iter()
            .map(|finding| FindingForm {
                code: finding.code,
                severity: finding.severity.word(),
                address: finding.address.as_ref().map(text),
                message: &finding.message,
                source: finding.origin.as_ref().map(|origin| &origin.place),
            })
            .collect(),
        items: drift
            .items
            .iter()
            .map(|item| ItemForm {
                address: text(&item.address),
                class: item.class,
                attributes: item.attributes.iter().map(|d| form(d, &names)).collect(),
            })
            .collect(),
    })
}

fn form(difference: &Difference, names: &Names) -> DifferenceForm {
    let value = |side: &Option<Value>| match side.as_ref()? {
        Value::Known(data) => Some(data.to_json()),
        // Which step brings it only a plan knows; what it is called is told.
        later @ Value::Later(_) => Some(serde_json::Value::String(text(later, names))),
    };
    DifferenceForm {
        name: difference.name,
        file: value(&difference.file),
        applied: value(&difference.applied),
        live: value(&difference.live),
        secret: difference.secret,
    }
}
