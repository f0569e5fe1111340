//! The members of the file, one struct for each object in it; `out` makes them of a plan, `back` a plan of
//! them.
//!
//! Every member is always there. Beside each address text stand `account` and `domain`, because the text
//! alone names neither in all cases.

mod back;
mod out;

use crate::diag::{Place, Severity};
use crate::ledger::StepId;
use crate::model::{Fingerprint, Via};
use crate::plan::{
    Binds, Cause, Consequence, CostSum, Exactness, PlanAction, PlanReads, ScopeId, Scoped,
    StepCost, Summary,
};
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanForm<Steps> {
    format: String,
    tool: String,
    created: String,
    basis: String,
    digest: String,
    changes: bool,
    complete: bool,
    left_out: usize,
    binds: Binds,
    summary: Summary,
    cost: CostSum,
    reads: PlanReads,
    steps: Steps,
    blocked: Vec<BlockedForm>,
    scopes: Vec<ScopeForm>,
    pending: Vec<PendingForm>,
    unmanaged: Vec<AddressForm>,
    findings: Vec<FindingForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepForm {
    id: StepId,
    address: String,
    account: String,
    domain: String,
    part: String,
    action: PlanAction,
    kind: Exactness,
    #[serde(deserialize_with = "present")]
    scope: Option<ScopeId>,
    reason: Cause,
    needs: Vec<StepId>,
    #[serde(deserialize_with = "present")]
    source: Option<Place>,
    attributes: Vec<AttributeForm>,
    #[serde(deserialize_with = "present")]
    cost: Option<Box<StepCost>>,
    #[serde(deserialize_with = "present")]
    prior: Option<Fingerprint>,
    consequences: Vec<Consequence>,
    #[serde(deserialize_with = "present")]
    note: Option<String>,
    via: Vec<Via>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AttributeForm {
    name: String,
    before: Json,
    after: Json,
    applied: Json,
    secret: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Later {
    later: LaterForm,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LaterForm {
    #[serde(deserialize_with = "present")]
    step: Option<StepId>,
    address: String,
    account: String,
    domain: String,
    field: String,
    append: String,
}

/// A blocked object; reports hold it too.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BlockedForm {
    address: String,
    account: String,
    domain: String,
    code: String,
    reason: String,
    #[serde(deserialize_with = "present")]
    source: Option<Place>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScopeForm {
    id: ScopeId,
    top: String,
    account: String,
    domain: String,
    #[serde(deserialize_with = "present")]
    after: Option<StepId>,
    purge: bool,
    ignore: Vec<IgnoreForm>,
    owned: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct IgnoreForm {
    host: String,
    #[serde(rename = "type")]
    rtype: String,
    reason: String,
    #[serde(deserialize_with = "present")]
    until: Option<Date>,
    source: Place,
    via: Vec<Via>,
    #[serde(deserialize_with = "present")]
    note: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PendingForm {
    id: u32,
    address: String,
    account: String,
    domain: String,
    order: String,
    since: String,
    state: String,
    goal: String,
    #[serde(deserialize_with = "present")]
    action: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AddressForm {
    address: String,
    account: String,
    domain: String,
}

/// A finding; reports hold it too.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FindingForm {
    code: String,
    severity: Severity,
    scope: Scoped,
    #[serde(deserialize_with = "present")]
    address: Option<String>,
    #[serde(deserialize_with = "present")]
    account: Option<String>,
    #[serde(deserialize_with = "present")]
    domain: Option<String>,
    message: String,
    #[serde(deserialize_with = "present")]
    source: Option<Place>,
}

/// Takes null, and not that the member is missing.
fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer)
}
