//! The comparison: which units differ is what `diff` says, so that a plan and a drift never disagree; the three
//! sides of each are then looked up and named by the table.
//!
//! Notes for the ledger are no differences. What is forgotten, ignored or owned by another object is not among the
//! changes, and so never here.

use super::memory::Memory;
use super::table::{Side, cell};
use super::{Class, Difference, Drift, Finding, Item};
use crate::diff::{Act, Change, Held, World, diff};
use crate::ledger::{Entry, Found};
use crate::model::{
    Account, Address, Attrs, Cause, Data, Declared, Kind, Part, Seen, Severity, Value,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Names every difference.
pub fn compare(world: &World, memories: &BTreeMap<Account, Memory>) -> Drift {
    let changes = diff(world);
    let mut touched: BTreeMap<&Address, Touched> = BTreeMap::new();
    for change in &changes.list {
        let touched = touched.entry(&change.unit.address).or_default();
        touched.changes.push(change);
    }
    for held in &changes.held {
        touched.entry(&held.address).or_default().held = Some(held);
    }
    for address in &changes.unmanaged {
        touched.entry(address).or_default().unknown = true;
    }
    for note in changes.notes.iter().filter(|n| n.code == "record.beside") {
        touched.entry(&note.address).or_default().unknown = true;
    }
    let mut drift = Drift {
        applying: memories.values().any(|memory| memory.applying),
        ..Drift::default()
    };
    for (account, memory) in memories {
        drift.findings.extend(told(account, memory));
    }
    drift.findings.extend(expired(world));
    let nothing = Memory::quiet(Found::Fresh);
    for (address, touched) in touched {
        let memory = memories.get(&address.account).unwrap_or(&nothing);
        if let Some(held) = touched.held {
            drift.findings.extend(of_held(held));
        }
        if memory.is_aside(address) || touched.held.is_some_and(is_no_difference) {
            continue;
        }
        let mut three = Three::new(world, memory, address);
        if address.kind == Kind::Record {
            three.record_set(&touched);
        } else {
            three.object(&touched);
        }
        let items = three.found.into_iter().map(|(class, mut attributes)| {
            attributes.sort_by_key(|difference| difference.name);
            Item {
                address: address.clone(),
                class,
                attributes,
            }
        });
        drift.items.extend(items);
    }
    drift.telling([])
}

/// What the comparison of the plan says of one address.
#[derive(Default)]
struct Touched<'a> {
    changes: Vec<&'a Change>,
    held: Option<&'a Held>,
    /// It is live, at least in part, and nobody knows it.
    unknown: bool,
}

/// One address on its three sides.
struct Three<'a> {
    world: &'a World<'a>,
    memory: &'a Memory,
    address: &'a Address,
    declared: Option<&'a Declared>,
    /// What the ledger knows, if it is ours.
    entry: Option<&'a Entry>,
    seen: Option<&'a Seen>,
    found: BTreeMap<Class, Vec<Difference>>,
}

impl<'a> Three<'a> {
    fn new(world: &'a World<'a>, memory: &'a Memory, address: &'a Address) -> Self {
        Self {
            world,
            memory,
            address,
            declared: world.desired.objects().get(address),
            entry: world.entry(address).filter(|entry| !entry.forgotten),
            seen: world.live.objects.get(address),
            found: BTreeMap::new(),
        }
    }

    /// Without a ledger nobody can tell who changed something.
    fn add(&mut self, class: Class, difference: Option<Difference>) {
        let class = match (self.memory.found, class) {
            (Found::Here, _) | (_, Class::Unmanaged | Class::Missing) => class,
            (Found::Fresh | Found::Lost, Class::Drift | Class::Pending | Class::Conflict) => {
                Class::Drift
            }
        };
        self.found.entry(class).or_default().extend(difference);
    }

    fn record_set(&mut self, touched: &Touched) {
        let declared = self.declared.map_or(&[][..], |declared| &declared.parts);
        let file = Values::of(declared.iter().map(|wanted| &wanted.attrs));
        let known = self.entry.map_or(&[][..], |entry| &entry.parts);
        let applied = Values::of(known.iter().map(|part| &part.attrs));
        let going = Values::of(
            touched
                .changes
                .iter()
                .filter_map(|change| match change.act {
                    Act::Update | Act::Delete => Some(&change.before),
                    Act::Create | Act::Adopt | Act::Forget => None,
                }),
        );
        let parts = self.seen.map_or(&[][..], |seen| &seen.parts);
        let (mut live, mut beside) = (Values::default(), Values::default());
        for part in parts {
            let Some(Value::Known(Data::Text(text))) = part.attrs.get("data") else {
                continue;
            };
            if file.has(text) || going.has(text) {
                live.0.push(Arc::clone(text));
            } else if part.owner.is_none() {
                beside.0.push(Arc::clone(text));
            }
        }
        live.0.sort();
        beside.0.sort();
        let let_go = touched.changes.iter().any(|c| c.act == Act::Forget);
        if let_go {
            // What stays is what was ours; that nobody decides about it any more is what is to be noted.
            live = Values(std::mem::take(&mut beside.0));
        }
        let wants = if let_go {
            Side::Silent
        } else {
            Side::or_nothing(file.value())
        };
        let was = match applied.value() {
            Some(applied) => Side::Is(applied),
            None => self.nothing_was_there(),
        };
        if let Some(class) = cell(wants, was, live.value()) {
            let difference = data(file.value(), applied.value(), live.value());
            self.add(class, Some(difference));
        }
        if touched.unknown && !beside.0.is_empty() {
            let difference = data(None, None, beside.value());
            self.add(Class::Unmanaged, Some(difference));
        }
    }

    /// What the ledger says of something that it does not hold: that there was none, where what it is in was
    /// applied as a whole, else nothing.
    fn nothing_was_there<T>(&self) -> Side<T> {
        let above = self.address.parent();
        let applied = above
            .and_then(|above| self.world.entry(&above))
            .is_some_and(|entry| !entry.forgotten);
        if applied { Side::Nothing } else { Side::Silent }
    }

    fn object(&mut self, touched: &Touched) {
        if touched.unknown {
            self.alone(Class::Unmanaged);
        }
        for change in &touched.changes {
            match change.act {
                Act::Create | Act::Update => {
                    self.part(&change.unit.part, &change.after, Some(change.reason));
                }
                Act::Delete => {
                    let was = match self.entry {
                        Some(_) => Side::Is(self.as_applied()),
                        None => self.nothing_was_there(),
                    };
                    if let Some(class) = cell(Side::Nothing, was, self.seen.map(|_| true)) {
                        self.alone(class);
                    }
                }
                Act::Forget => {
                    let was = Side::or_silent(self.entry.map(|_| true));
                    if let Some(class) = cell(Side::Silent, was, self.seen.map(|_| true)) {
                        self.alone(class);
                    }
                }
                // The live side is as the file says.
                Act::Adopt => {}
            }
        }
        let Some(declared) = self.declared.filter(|_| touched.held.is_some()) else {
            return;
        };
        for wanted in &declared.parts {
            let live = self.seen.and_then(|seen| seen.part(&wanted.part));
            let differs = |name: &str, value: &Value| {
                live.and_then(|live| live.attrs.get(name)) != Some(value)
            };
            let all = wanted.attrs.iter().filter(|(name, v)| differs(name, v));
            let differing: Vec<_> = all.map(|(name, value)| (name, value.clone())).collect();
            if live.is_none() || !differing.is_empty() {
                self.part(&wanted.part, &Attrs::new(differing), None);
            }
        }
    }

    /// True if what is live is still as it was applied.
    fn as_applied(&self) -> bool {
        let known = self.entry.map_or(&[][..], |entry| &entry.parts);
        known.iter().all(|known| {
            let live = self.seen.and_then(|seen| seen.part(&known.part));
            let mut readable = known.attrs.iter().filter(|(_, value)| !is_print(value));
            readable.all(|(name, value)| live.and_then(|live| live.attrs.get(name)) == Some(value))
        })
    }

    /// A part of which these attributes differ.
    fn part(&mut self, part: &Part, file: &Attrs, reason: Option<Cause>) {
        if self.memory.is_part_aside(self.address, part) {
            return;
        }
        let known = self.entry.and_then(|entry| entry.part(part));
        let seen = self.seen.and_then(|seen| seen.part(part));
        let whole = match (self.seen, self.entry) {
            (None, Some(_)) => Some(Class::Missing),
            (None, None) => Some(Class::Pending),
            (Some(_), _) => None,
        };
        if file.is_empty() {
            let gone = if known.is_some() {
                Class::Missing
            } else {
                Class::Pending
            };
            self.add(whole.unwrap_or(gone), None);
        }
        for (name, value) in file.iter() {
            let applied = known.and_then(|known| known.attrs.get(name));
            let live = seen.and_then(|seen| seen.attrs.get(name));
            let class = if is_print(value) {
                // No side of a secret is live: it differs only if its source does.
                let same = applied == Some(value) && reason != Some(Cause::Resend);
                whole.or((!same).then_some(Class::Pending))
            } else {
                whole.or_else(|| cell(Side::Is(value), Side::or_silent(applied), live))
            };
            if let Some(class) = class {
                let difference = difference(name, (Some(value), applied, live));
                self.add(class, Some(difference));
            }
        }
    }

    /// The object as it is there, and as it was applied.
    fn alone(&mut self, class: Class) {
        let (entry, seen) = (self.entry, self.seen);
        self.add(class, None);
        for live in seen.map_or(&[][..], |seen| &seen.parts) {
            let known = entry.and_then(|entry| entry.part(&live.part));
            for (name, value) in live.attrs.iter() {
                let applied = known.and_then(|known| known.attrs.get(name));
                // Of what we made, what we never wrote is not ours to tell.
                if entry.is_none() || applied.is_some() {
                    let difference = difference(name, (None, applied, Some(value)));
                    self.add(class, Some(difference));
                }
            }
        }
    }
}

/// The values of a record set, sorted.
#[derive(Default)]
struct Values(Vec<Arc<str>>);

impl Values {
    fn of<'a>(all: impl Iterator<Item = &'a Attrs>) -> Self {
        let text = |attrs: &Attrs| match attrs.get("data")? {
            Value::Known(Data::Text(text)) => Some(Arc::clone(text)),
            Value::Known(Data::Int(_) | Data::Bool(_) | Data::List(_) | Data::Print(_))
            | Value::Later(_) => None,
        };
        let mut values: Vec<_> = all.filter_map(text).collect();
        values.sort();
        Self(values)
    }

    fn has(&self, text: &Arc<str>) -> bool {
        self.0.binary_search(text).is_ok()
    }

    fn value(&self) -> Option<Value> {
        let some = !self.0.is_empty();
        some.then(|| Value::Known(Data::List(self.0.clone().into())))
    }
}

fn data(file: Option<Value>, applied: Option<Value>, live: Option<Value>) -> Difference {
    Difference {
        name: "data",
        file,
        applied,
        live,
        secret: false,
    }
}

type Sides<'a> = (Option<&'a Value>, Option<&'a Value>, Option<&'a Value>);

fn difference(name: &'static str, (file, applied, live): Sides) -> Difference {
    let secret = [file, applied, live].into_iter().flatten().any(is_print);
    let told = |side: Option<&Value>| side.filter(|_| !secret).cloned();
    Difference {
        name,
        file: told(file),
        applied: told(applied),
        live: told(live),
        secret,
    }
}

fn is_print(value: &Value) -> bool {
    matches!(value.known(), Some(Data::Print(_)))
}

/// What could not be read, or is under way, is told and is no difference.
fn is_no_difference(held: &Held) -> bool {
    matches!(held.code, "read.failed" | "unit.doubt" | "unit.pending")
}

fn of_held(held: &Held) -> Option<Finding> {
    let severity = match held.code {
        "read.failed" => Severity::Error,
        "unit.doubt" => Severity::Warning,
        "unit.pending" => Severity::Notice,
        _ => return None,
    };
    Some(Finding {
        code: held.code,
        severity,
        address: Some(held.address.clone()),
        message: held.reason.clone(),
        origin: held.origin.clone(),
    })
}

fn told(account: &Account, memory: &Memory) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut tell = |code, severity, message| {
        findings.push(Finding {
            code,
            severity,
            address: None,
            message,
            origin: None,
        });
    };
    let without = match memory.found {
        Found::Here => None,
        Found::Fresh => Some("has no ledger yet"),
        Found::Lost => Some("has lost its ledger"),
    };
    if let Some(without) = without {
        let message = format!(
            "account {account} {without}: what was applied last is not known, so what was changed outside, edited in \
             the file or both is told as drift. An apply makes the ledger"
        );
        tell("drift.no-ledger", Severity::Warning, message);
    }
    if memory.applying {
        let message = format!(
            "an apply of account {account} is under way: what it is writing is not told here, and more may change"
        );
        tell("ledger.applying", Severity::Notice, message);
    }
    findings
}

/// Ignores that have ended: what they held back counts again.
fn expired(world: &World) -> Vec<Finding> {
    let today = world.live.as_of.to_zoned(jiff::tz::TimeZone::UTC).date();
    let mut findings = Vec::new();
    for (address, declared) in world.desired.objects() {
        let Some(rules) = &declared.rules else {
            continue;
        };
        for ignore in &rules.ignore {
            let Some(until) = ignore.until.filter(|until| *until < today) else {
                continue;
            };
            findings.push(Finding {
                code: "ignore.expired",
                severity: Severity::Warning,
                address: Some(address.clone()),
                message: format!(
                    "the ignore of {} {} ({}) ended on {until}: what it held back counts again. Renew it or remove \
                     the line",
                    ignore.host, ignore.rtype, ignore.reason
                ),
                origin: Some(ignore.origin.clone()),
            });
        }
    }
    findings
}
