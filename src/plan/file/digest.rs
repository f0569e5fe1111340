//! The digest: what an approval approves, whatever numbers the steps carry.
//!
//! SHA-256 over canonical JSON (RFC 8785: sorted members, no blanks) of `format`, `scopes` and those `steps`
//! that change something. Steps stand by unit; other steps, and scopes, are named by address and part, not
//! by number. Left out are who wrote a step and why (`source`, `reason`, `via`, `note`), what was last applied
//! (a ledger may be missing), and findings, adopt and forget.

use super::FORMAT;
use crate::ledger::StepId;
use crate::model::attrs::hex;
use crate::model::{Address, Fingerprint, Later, Part, Value};
use crate::plan::{Attribute, Consequence, Exactness, PlanAction, Scope, ScopeId, Step, StepCost};
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io;

// Members stand in alphabetical order, because that is the canonical one.

#[derive(Serialize)]
struct Whole<'a> {
    format: &'static str,
    scopes: Vec<ScopeItem<'a>>,
    steps: Steps<'a>,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct ScopeItem<'a> {
    after: Option<UnitItem<'a>>,
    ignore: Vec<IgnoreItem<'a>>,
    owned: Vec<&'a str>,
    purge: bool,
    top: String,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct IgnoreItem<'a> {
    host: &'a str,
    #[serde(rename = "type")]
    rtype: &'a str,
    until: Option<jiff::civil::Date>,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct UnitItem<'a> {
    address: String,
    part: &'a str,
}

#[derive(Serialize)]
struct StepItem<'a> {
    action: PlanAction,
    address: String,
    attributes: Vec<AttributeItem<'a>>,
    consequences: &'a [Consequence],
    cost: &'a Option<Box<StepCost>>,
    kind: Exactness,
    needs: Vec<UnitItem<'a>>,
    part: &'a str,
    prior: &'a Option<Fingerprint>,
    scope: Option<String>,
}

#[derive(Serialize)]
struct AttributeItem<'a> {
    after: Side<'a>,
    before: Side<'a>,
    name: &'static str,
    secret: bool,
}

/// One side of an attribute; of a secret, nothing.
struct Side<'a>(Option<&'a Value>);

impl Serialize for Side<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            None => serializer.serialize_none(),
            Some(Value::Known(data)) => data.serialize(serializer),
            Some(Value::Later(later)) => {
                let Later { of, field, append } = &**later;
                let later = LaterItem {
                    append,
                    field,
                    of: of.full_text(),
                };
                serializer.collect_map([("later", later)])
            }
        }
    }
}

#[derive(Serialize)]
struct LaterItem<'a> {
    append: &'a str,
    field: &'static str,
    of: String,
}

/// The digest of steps and scopes: `sha256:` and 64 hex digits.
pub fn digest(steps: &[Step], scopes: &[Scope]) -> String {
    let index = Index {
        steps: steps
            .iter()
            .filter(|step| changes(step))
            .map(|step| (step.id, step))
            .collect(),
        tops: scopes.iter().map(|scope| (scope.id, &scope.top)).collect(),
    };
    let mut sorted: Vec<&Step> = index.steps.values().copied().collect();
    sorted.sort_by(|a, b| place(a).cmp(&place(b)));
    // Equal members of a set are told apart by what is said of them.
    for twins in sorted.chunk_by_mut(|a, b| place(a) == place(b)) {
        if twins.len() > 1 {
            twins.sort_by_cached_key(|step| {
                serde_json::to_string(&index.item(step)).unwrap_or_default()
            });
        }
    }
    let mut scopes: Vec<ScopeItem<'_>> = scopes.iter().map(|scope| index.scope(scope)).collect();
    scopes.sort();
    // A hash takes few large pieces in less time than many small ones.
    let mut hasher = io::BufWriter::new(Hashing(Sha256::new()));
    let whole = Whole {
        format: FORMAT,
        scopes,
        steps: Steps {
            index: &index,
            sorted,
        },
    };
    serde_json::to_writer(&mut hasher, &whole).expect("keys are texts, and hashing cannot fail");
    let Ok(hasher) = hasher.into_inner() else {
        unreachable!("hashing cannot fail");
    };
    format!("sha256:{}", hex(&hasher.0.finalize()))
}

/// True for what an approval is about.
fn changes(step: &Step) -> bool {
    match step.action {
        PlanAction::Create | PlanAction::Update | PlanAction::Delete => true,
        PlanAction::Adopt | PlanAction::Forget => false,
    }
}

fn place(step: &Step) -> (&Address, &Part, PlanAction) {
    (&step.address, &step.part, step.action)
}

/// Finds what numbers stand for.
struct Index<'a> {
    steps: BTreeMap<StepId, &'a Step>,
    tops: BTreeMap<ScopeId, &'a Address>,
}

impl<'a> Index<'a> {
    fn unit(&self, id: StepId) -> Option<UnitItem<'a>> {
        self.steps.get(&id).map(|step| UnitItem {
            address: step.address.full_text(),
            part: &step.part.0,
        })
    }

    fn item(&self, step: &'a Step) -> StepItem<'a> {
        let Step {
            id: _,
            address,
            part,
            action,
            kind,
            scope,
            reason: _,
            needs,
            source: _,
            attributes,
            cost,
            prior,
            consequences,
            note: _,
            via: _,
        } = step;
        // A need of a ledger note is no need: the note is not there where the ledger is not.
        let mut needs: Vec<_> = needs.iter().filter_map(|id| self.unit(*id)).collect();
        needs.sort();
        needs.dedup();
        StepItem {
            action: *action,
            address: address.full_text(),
            attributes: attributes
                .iter()
                .map(|attribute| AttributeItem {
                    after: side(attribute, &attribute.after),
                    before: side(attribute, &attribute.before),
                    name: attribute.name,
                    secret: attribute.secret,
                })
                .collect(),
            consequences,
            cost,
            kind: *kind,
            needs,
            part: &part.0,
            prior,
            scope: scope.and_then(|id| self.tops.get(&id).map(|top| top.full_text())),
        }
    }

    fn scope(&self, scope: &'a Scope) -> ScopeItem<'a> {
        let Scope {
            id: _,
            top,
            after,
            purge,
            ignore,
            owned,
        } = scope;
        let mut ignore: Vec<_> = ignore
            .iter()
            .map(|ignore| IgnoreItem {
                host: &ignore.host,
                rtype: &ignore.rtype,
                until: ignore.until,
            })
            .collect();
        ignore.sort();
        let mut owned: Vec<&str> = owned.iter().map(|host| &**host).collect();
        owned.sort_unstable();
        ScopeItem {
            after: after.and_then(|id| self.unit(id)),
            ignore,
            owned,
            purge: *purge,
            top: top.full_text(),
        }
    }
}

fn side<'a>(attribute: &Attribute, value: &'a Option<Value>) -> Side<'a> {
    Side(value.as_ref().filter(|_| !attribute.secret))
}

/// Serialises one step after the other, so that they are never all there as JSON.
struct Steps<'a> {
    index: &'a Index<'a>,
    sorted: Vec<&'a Step>,
}

impl Serialize for Steps<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.sorted.iter().map(|step| self.index.item(step)))
    }
}

struct Hashing(Sha256);

impl io::Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
