//! The plan's own types; `file` writes and reads them as JSON.

use crate::diag::{Place, Severity};
use crate::ledger::StepId;
use crate::model::{Address, Attrs, Cause, Data, Fingerprint, Ignore, Part, Unit, Value, Via};

/// What a step does.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum PlanAction {
    /// Makes it.
    Create,
    /// Changes it in place.
    Update,
    /// Destroys it.
    Delete,
    /// A note in the ledger: live equals the file.
    Adopt,
    /// A note in the ledger: no longer declared, left as it is.
    Forget,
}

/// Whether a step is bound to what was read, or hangs on a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exactness {
    /// Bound to `prior`.
    Exact,
    /// Decided again, inside its scope, once what it hangs on is done.
    Deferred,
}

/// Numbers the scopes of a plan, from 1.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct ScopeId(pub u32);

/// One attribute of a step, before and after; `None`: not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The key of the file.
    pub name: &'static str,
    /// What is there.
    pub before: Option<Value>,
    /// What shall be there.
    pub after: Option<Value>,
    /// Last applied, where it differs from `before` (shown for changes from outside).
    pub applied: Option<Value>,
    /// Its value is never shown.
    pub secret: bool,
}

/// What a step costs: decimals such as "14.40", tax in; `None` where unknown.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct StepCost {
    /// Now.
    pub now: Option<String>,
    /// Each year.
    pub yearly: Option<String>,
    /// exact, at-most or unknown.
    pub sure: String,
}

/// What a step sets off beyond its change.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Consequence {
    /// `dns-outage` and the like.
    pub code: String,
    /// In words.
    pub text: String,
    /// Until when, if it ends.
    pub until: Option<String>,
}

/// One writing request, one ledger note or one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number; steps stand in an order that keeps every need.
    pub id: StepId,
    /// The object.
    pub address: Address,
    /// What of it. Of a set: the live member that goes or is changed, else the one that comes.
    pub part: Part,
    /// What is done.
    pub action: PlanAction,
    /// Bound or deferred.
    pub kind: Exactness,
    /// The scope it hangs on.
    pub scope: Option<ScopeId>,
    /// Why.
    pub reason: Cause,
    /// The steps that come before.
    pub needs: Box<[StepId]>,
    /// The line.
    pub source: Option<Place>,
    /// What changes.
    pub attributes: Box<[Attribute]>,
    /// What it costs.
    pub cost: Option<Box<StepCost>>,
    /// The live unit that it expects; `None`: nothing may be there.
    pub prior: Option<Fingerprint>,
    /// What it sets off.
    pub consequences: Box<[Consequence]>,
    /// The file's own words.
    pub note: Option<Box<str>>,
    /// Templates and groups.
    pub via: Box<[Via]>,
}

impl Step {
    /// What one request changes.
    pub fn unit(&self) -> Unit {
        Unit::new(self.address.clone(), self.part.clone())
    }

    /// The attributes before.
    pub fn before(&self) -> Attrs {
        side(&self.attributes, |attribute| attribute.before.as_ref())
    }

    /// The attributes after.
    pub fn after(&self) -> Attrs {
        side(&self.attributes, |attribute| attribute.after.as_ref())
    }
}

/// The attributes of a step in the model's form: of a record, whose steps show their value in a list, the one
/// value as text.
pub(super) fn one_value(attrs: &Attrs) -> Attrs {
    let plain = |(name, value): (&'static str, &Value)| match value {
        Value::Known(Data::List(items)) if name == "data" && items.len() == 1 => {
            (name, Value::text(&items[0]))
        }
        Value::Known(_) | Value::Later(_) => (name, value.clone()),
    };
    Attrs::new(attrs.iter().map(plain).collect())
}

fn side(list: &[Attribute], pick: impl Fn(&Attribute) -> Option<&Value>) -> Attrs {
    Attrs::new(
        list.iter()
            .filter_map(|a| Some((a.name, pick(a)?.clone())))
            .collect(),
    )
}

/// The room that an approval leaves for what cannot be known before a step is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Its number.
    pub id: ScopeId,
    /// The object below which it holds.
    pub top: Address,
    /// The step that makes it, or `None` where a pending entry of an earlier run does.
    pub after: Option<StepId>,
    /// Everything that is not listed goes.
    pub purge: bool,
    /// What is left alone.
    pub ignore: Box<[Ignore]>,
    /// Hosts that other objects own.
    pub owned: Box<[Box<str>]>,
}

/// Something that would be done and is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// The object.
    pub address: Address,
    /// `domain.not-owned` and the like.
    pub code: &'static str,
    /// In words, with what to do.
    pub reason: String,
    /// The line.
    pub source: Option<Place>,
}

/// Something under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanPending {
    /// Its number.
    pub id: u32,
    /// The object.
    pub address: Address,
    /// The provider's name for it.
    pub order: String,
    /// Since when (RFC 3339).
    pub since: String,
    /// The provider's word.
    pub state: String,
    /// What it will be.
    pub goal: String,
    /// What a person must do.
    pub action: Option<String>,
}

/// What a finding refuses.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Scoped {
    /// The whole apply.
    Plan,
    /// The zone.
    Zone,
    /// The object and what needs it.
    Object,
}

/// What a guard, or a look across kinds, found. An error refuses its scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// `guard.share` and the like; listed in `schema/`.
    pub code: &'static str,
    /// Errors refuse; warnings and notices tell.
    pub severity: Severity,
    /// How far it reaches.
    pub scope: Scoped,
    /// The object, if it is about one.
    pub address: Option<Address>,
    /// What, why, what to do.
    pub message: String,
    /// The line, if one is to blame.
    pub source: Option<Place>,
}

impl Finding {
    /// A failure that concerns the whole run.
    pub fn failure(code: &'static str, message: String) -> Self {
        Self {
            code,
            severity: Severity::Error,
            scope: Scoped::Plan,
            address: None,
            message,
            source: None,
        }
    }

    /// Something a provider says beside the objects.
    pub fn told(code: &'static str, address: Option<Address>, message: String) -> Self {
        Self {
            code,
            severity: Severity::Warning,
            scope: Scoped::Object,
            address,
            message,
            source: None,
        }
    }
}

/// An account a plan is bound to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct BoundAccount {
    /// The label.
    pub label: String,
    /// `namebay`, `combell`.
    pub provider: String,
    /// The host that is asked.
    pub endpoint: String,
    /// The handle acted for.
    pub user: String,
}

/// What a plan is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Binds {
    /// Digest of the resolved configuration of what it touches.
    pub config: String,
    /// The ledgers' ids, by account label.
    pub ledger: std::collections::BTreeMap<String, String>,
    /// The accounts.
    pub accounts: Vec<BoundAccount>,
    /// `--target` and `--exclude`, as given, sorted.
    pub targets: Vec<String>,
}

/// Addresses, each counted once, by the strongest of replace, delete, create, update, adopt, forget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Summary {
    /// To create.
    pub create: usize,
    /// To change.
    pub update: usize,
    /// To replace.
    pub replace: usize,
    /// To destroy.
    pub delete: usize,
    /// To adopt.
    pub adopt: usize,
    /// To forget: every address of a subtree.
    pub forget: usize,
    /// Held back.
    pub blocked: usize,
    /// Known to neither file nor ledger.
    pub unmanaged: usize,
    /// As the file says.
    pub unchanged: usize,
}

/// What the whole plan costs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CostSum {
    /// Now, such as "0.00".
    pub now: String,
    /// Each year.
    pub yearly: String,
    /// Three letters.
    pub currency: String,
    /// The limit that holds.
    pub limit: String,
    /// Steps whose price is unknown.
    pub unknown: usize,
}

/// How much was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct PlanReads {
    /// Accounts.
    pub accounts: usize,
    /// Domains.
    pub domains: usize,
    /// Record values.
    pub records: usize,
    /// Requests.
    pub requests: usize,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// `bailiwick 0.1.0`.
    pub tool: String,
    /// When (RFC 3339); the one member that differs between equal runs.
    pub created: String,
    /// `live` or `snapshot`.
    pub basis: String,
    /// `sha256:…` over format, steps and scopes.
    pub digest: String,
    /// Something is created, changed, replaced or destroyed.
    pub changes: bool,
    /// Nothing was left out by `--target` or `--exclude`.
    pub complete: bool,
    /// How many changes were.
    pub left_out: usize,
    /// What it is bound to.
    pub binds: Binds,
    /// Counts.
    pub summary: Summary,
    /// Costs.
    pub cost: CostSum,
    /// Reads.
    pub reads: PlanReads,
    /// In an order that keeps every need; adopt and forget last.
    pub steps: Vec<Step>,
    /// Held back.
    pub blocked: Vec<Blocked>,
    /// Scopes of deferred steps.
    pub scopes: Vec<Scope>,
    /// Under way.
    pub pending: Vec<PlanPending>,
    /// Known to neither file nor ledger.
    pub unmanaged: Vec<Address>,
    /// Found by review.
    pub findings: Vec<Finding>,
}
