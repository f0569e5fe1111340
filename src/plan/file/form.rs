//! The members of the file, one struct for each object in it, and the way from and to the plan.
//!
//! Every member is always there. Beside each address text stand `account` and `domain`, because the text
//! alone names neither in all cases.

use super::names::{self, Names};
use super::{FORMAT, Unreadable};
use crate::diag::{Place, Severity};
use crate::ledger::StepId;
use crate::model::attrs;
use crate::model::{Address, Data, Fingerprint, Ignore, Kind, Origin, Part, Value, Via};
use crate::plan::{
    Attribute, Binds, Blocked, Cause, Consequence, CostSum, Exactness, Finding, Plan, PlanAction,
    PlanPending, PlanReads, Scope, ScopeId, Scoped, Step, StepCost, Summary,
};
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Codes and output fields that one file may name; a plan that is one has far fewer.
const MOST_WORDS: usize = 500;

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
    cost: Option<StepCost>,
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

/// A value as JSON; the one value of a record's step is a list of one, because a record set's data are a
/// list.
pub(super) fn listed(kind: Kind, name: &str, data: &Data) -> Json {
    match data {
        Data::Text(_) if is_record_data(kind, name) => Json::Array(vec![data.to_json()]),
        Data::Text(_) | Data::Int(_) | Data::Bool(_) | Data::List(_) => data.to_json(),
    }
}

fn is_record_data(kind: Kind, name: &str) -> bool {
    kind == Kind::Record && name == "data"
}

// ---- from the plan

impl<'a> PlanForm<StepsOut<'a>> {
    pub(super) fn of(plan: &'a Plan, names: &'a Names) -> Self {
        let Plan {
            tool,
            created,
            basis,
            digest,
            changes,
            complete,
            left_out,
            binds,
            summary,
            cost,
            reads,
            steps,
            blocked,
            scopes,
            pending,
            unmanaged,
            findings,
        } = plan;
        Self {
            format: FORMAT.into(),
            tool: tool.clone(),
            created: created.clone(),
            basis: basis.clone(),
            digest: digest.clone(),
            changes: *changes,
            complete: *complete,
            left_out: *left_out,
            binds: binds.clone(),
            summary: *summary,
            cost: cost.clone(),
            reads: *reads,
            steps: StepsOut::of(steps, names),
            blocked: blocked.iter().map(|b| BlockedForm::of(b, names)).collect(),
            scopes: scopes.iter().map(|s| ScopeForm::of(s, names)).collect(),
            pending: pending.iter().map(|p| PendingForm::of(p, names)).collect(),
            unmanaged: unmanaged
                .iter()
                .map(|a| AddressForm::of(a, names))
                .collect(),
            findings: findings.iter().map(|f| FindingForm::of(f, names)).collect(),
        }
    }
}

/// Steps on their way out: turned into forms one at a time, so that they are not all there twice.
pub(super) struct StepsOut<'a> {
    steps: &'a [Step],
    names: &'a Names,
    /// The step that brings an object.
    makers: BTreeMap<&'a Address, StepId>,
}

impl<'a> StepsOut<'a> {
    fn of(steps: &'a [Step], names: &'a Names) -> Self {
        let mut makers = BTreeMap::new();
        for step in steps {
            if step.action == PlanAction::Create {
                makers.entry(&step.address).or_insert(step.id);
            }
        }
        Self {
            steps,
            names,
            makers,
        }
    }

    fn form(&self, step: &Step) -> StepForm {
        let Step {
            id,
            address,
            part,
            action,
            kind,
            scope,
            reason,
            needs,
            source,
            attributes,
            cost,
            prior,
            consequences,
            note,
            via,
        } = step;
        StepForm {
            id: *id,
            address: self.names.text(address),
            account: address.account.to_string(),
            domain: address.domain.to_string(),
            part: part.0.to_string(),
            action: *action,
            kind: *kind,
            scope: *scope,
            reason: *reason,
            needs: needs.to_vec(),
            source: source.clone(),
            attributes: attributes
                .iter()
                .map(|attribute| self.attribute(address.kind, attribute))
                .collect(),
            cost: cost.clone(),
            prior: prior.clone(),
            consequences: consequences.to_vec(),
            note: note.as_deref().map(String::from),
            via: via.to_vec(),
        }
    }

    fn attribute(&self, kind: Kind, attribute: &Attribute) -> AttributeForm {
        let Attribute {
            name,
            before,
            after,
            applied,
            secret,
        } = attribute;
        let out = |value: &Option<Value>| match value {
            Some(_) if *secret => Json::Null,
            None => Json::Null,
            Some(Value::Known(data)) => listed(kind, name, data),
            Some(Value::Later { of, field, append }) => self.later(of, field, append),
        };
        AttributeForm {
            name: (*name).into(),
            before: out(before),
            after: out(after),
            applied: out(applied),
            secret: *secret,
        }
    }

    fn later(&self, of: &Address, field: &str, append: &str) -> Json {
        let form = Later {
            later: LaterForm {
                step: self.makers.get(of).copied(),
                address: self.names.text(of),
                account: of.account.to_string(),
                domain: of.domain.to_string(),
                field: field.into(),
                append: append.into(),
            },
        };
        serde_json::to_value(form).expect("a form has text keys")
    }
}

impl Serialize for StepsOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.steps.iter().map(|step| self.form(step)))
    }
}

impl BlockedForm {
    pub(crate) fn of(blocked: &Blocked, names: &Names) -> Self {
        let Blocked {
            address,
            code,
            reason,
            source,
        } = blocked;
        Self {
            address: names.text(address),
            account: address.account.to_string(),
            domain: address.domain.to_string(),
            code: (*code).into(),
            reason: reason.clone(),
            source: source.clone(),
        }
    }
}

impl ScopeForm {
    fn of(scope: &Scope, names: &Names) -> Self {
        let Scope {
            id,
            top,
            after,
            purge,
            ignore,
            owned,
        } = scope;
        Self {
            id: *id,
            top: names.text(top),
            account: top.account.to_string(),
            domain: top.domain.to_string(),
            after: *after,
            purge: *purge,
            ignore: ignore.iter().map(IgnoreForm::of).collect(),
            owned: owned.iter().map(|host| host.to_string()).collect(),
        }
    }
}

impl IgnoreForm {
    fn of(ignore: &Ignore) -> Self {
        let Ignore {
            host,
            rtype,
            reason,
            until,
            origin: Origin { place, via, note },
        } = ignore;
        Self {
            host: host.to_string(),
            rtype: rtype.to_string(),
            reason: reason.to_string(),
            until: *until,
            source: place.clone(),
            via: via.as_deref().unwrap_or_default().to_vec(),
            note: note.as_deref().map(String::from),
        }
    }
}

impl PendingForm {
    fn of(pending: &PlanPending, names: &Names) -> Self {
        let PlanPending {
            id,
            address,
            order,
            since,
            state,
            goal,
            action,
        } = pending;
        Self {
            id: *id,
            address: names.text(address),
            account: address.account.to_string(),
            domain: address.domain.to_string(),
            order: order.clone(),
            since: since.clone(),
            state: state.clone(),
            goal: goal.clone(),
            action: action.clone(),
        }
    }
}

impl AddressForm {
    fn of(address: &Address, names: &Names) -> Self {
        Self {
            address: names.text(address),
            account: address.account.to_string(),
            domain: address.domain.to_string(),
        }
    }
}

impl FindingForm {
    pub(crate) fn of(finding: &Finding, names: &Names) -> Self {
        let Finding {
            code,
            severity,
            scope,
            address,
            message,
            source,
        } = finding;
        Self {
            code: (*code).into(),
            severity: *severity,
            scope: *scope,
            address: address.as_ref().map(|address| names.text(address)),
            account: address.as_ref().map(|address| address.account.to_string()),
            domain: address.as_ref().map(|address| address.domain.to_string()),
            message: message.clone(),
            source: source.clone(),
        }
    }
}

// ---- to the plan

impl PlanForm<Vec<StepForm>> {
    pub(super) fn into_plan(self) -> Result<Plan, Unreadable> {
        let mut reading = Reading::default();
        let Self {
            format: _,
            tool,
            created,
            basis,
            digest,
            changes,
            complete,
            left_out,
            binds,
            summary,
            cost,
            reads,
            steps,
            blocked,
            scopes,
            pending,
            unmanaged,
            findings,
        } = self;
        let scopes: Vec<Scope> = scopes
            .into_iter()
            .map(|form| reading.scope(form))
            .collect::<Result<_, _>>()?;
        let steps: Vec<Step> = steps
            .into_iter()
            .map(|form| reading.step(form))
            .collect::<Result<_, _>>()?;
        reading.check_scopes(&scopes)?;
        Ok(Plan {
            tool,
            created,
            basis,
            digest,
            changes,
            complete,
            left_out,
            binds,
            summary,
            cost,
            reads,
            steps,
            scopes,
            blocked: blocked
                .into_iter()
                .map(|form| reading.blocked(form))
                .collect::<Result<_, _>>()?,
            pending: pending
                .into_iter()
                .map(|form| reading.pending(form))
                .collect::<Result<_, _>>()?,
            unmanaged: unmanaged
                .into_iter()
                .map(|form| reading.address(&form.address, &form.account, &form.domain))
                .collect::<Result<_, _>>()?,
            findings: findings
                .into_iter()
                .map(|form| reading.finding(form))
                .collect::<Result<_, _>>()?,
        })
    }
}

fn malformed(what: impl Into<String>) -> Unreadable {
    Unreadable::Malformed { what: what.into() }
}

/// What was read so far, to hold numbers against.
#[derive(Default)]
struct Reading {
    steps: BTreeSet<StepId>,
    scopes: BTreeSet<ScopeId>,
    domains: BTreeSet<Arc<str>>,
    words: BTreeSet<&'static str>,
}

impl Reading {
    fn address(&mut self, text: &str, account: &str, domain: &str) -> Result<Address, Unreadable> {
        let mut address = names::read(text, account, domain).ok_or_else(|| {
            malformed(format!(
                "{text:?} is no address (account {account:?}, domain {domain:?})"
            ))
        })?;
        match self.domains.get(&address.domain) {
            Some(known) => address.domain = Arc::clone(known),
            None => {
                self.domains.insert(Arc::clone(&address.domain));
            }
        }
        Ok(address)
    }

    /// The static form of a code or an output's field. A process reads one plan, and a plan has few of them,
    /// so those that are seen are kept for good.
    fn word(&mut self, text: &str) -> Result<&'static str, Unreadable> {
        if let Some(known) = attrs::name(text).or_else(|| self.words.get(text).copied()) {
            return Ok(known);
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if self.words.len() == MOST_WORDS || text.len() > 60 || !text.chars().all(plain) {
            return Err(malformed(format!("{text:?} is no code")));
        }
        let word: &'static str = Box::leak(text.into());
        self.words.insert(word);
        Ok(word)
    }

    fn scope(&mut self, form: ScopeForm) -> Result<Scope, Unreadable> {
        if !self.scopes.insert(form.id) {
            return Err(malformed(format!("scope {} is there twice", form.id.0)));
        }
        Ok(Scope {
            id: form.id,
            top: self.address(&form.top, &form.account, &form.domain)?,
            after: form.after,
            purge: form.purge,
            ignore: form.ignore.into_iter().map(ignore).collect(),
            owned: form.owned.into_iter().map(Box::from).collect(),
        })
    }

    fn check_scopes(&self, scopes: &[Scope]) -> Result<(), Unreadable> {
        let lost = scopes
            .iter()
            .find(|scope| scope.after.is_some_and(|id| !self.steps.contains(&id)));
        match lost {
            Some(scope) => Err(malformed(format!(
                "scope {} comes after a step that is not there",
                scope.id.0
            ))),
            None => Ok(()),
        }
    }

    fn step(&mut self, form: StepForm) -> Result<Step, Unreadable> {
        let id = form.id;
        if let Some(need) = form.needs.iter().find(|need| !self.steps.contains(need)) {
            return Err(malformed(format!(
                "step {} needs step {}, which does not stand before it",
                id.0, need.0
            )));
        }
        if !self.steps.insert(id) {
            return Err(malformed(format!("step {} is there twice", id.0)));
        }
        if form
            .scope
            .is_some_and(|scope| !self.scopes.contains(&scope))
        {
            return Err(malformed(format!(
                "step {} is in a scope that is not there",
                id.0
            )));
        }
        let address = self.address(&form.address, &form.account, &form.domain)?;
        let attributes = form
            .attributes
            .into_iter()
            .map(|attribute| self.attribute(address.kind, attribute))
            .collect::<Result<_, _>>()?;
        Ok(Step {
            id,
            address,
            part: Part::new(&form.part),
            action: form.action,
            kind: form.kind,
            scope: form.scope,
            reason: form.reason,
            needs: form.needs.into(),
            source: form.source,
            attributes,
            cost: form.cost,
            prior: form.prior,
            consequences: form.consequences.into(),
            note: form.note.map(Box::from),
            via: form.via.into(),
        })
    }

    fn attribute(&mut self, kind: Kind, form: AttributeForm) -> Result<Attribute, Unreadable> {
        let name = attrs::name(&form.name)
            .ok_or_else(|| malformed(format!("{:?} is no attribute", form.name)))?;
        Ok(Attribute {
            name,
            before: self.value(kind, name, form.before)?,
            after: self.value(kind, name, form.after)?,
            applied: self.value(kind, name, form.applied)?,
            secret: form.secret,
        })
    }

    fn value(&mut self, kind: Kind, name: &str, json: Json) -> Result<Option<Value>, Unreadable> {
        match json {
            Json::Null => Ok(None),
            Json::Object(_) => {
                let Later { later } =
                    serde_json::from_value(json).map_err(|e| malformed(e.to_string()))?;
                Ok(Some(Value::Later {
                    of: Box::new(self.address(&later.address, &later.account, &later.domain)?),
                    field: self.word(&later.field)?,
                    append: later.append.into(),
                }))
            }
            Json::Array(_) | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
                let data = Data::from_json(&json)
                    .ok_or_else(|| malformed(format!("no value of {name}: {json}")))?;
                Ok(Some(Value::Known(unlisted(kind, name, data))))
            }
        }
    }

    fn blocked(&mut self, form: BlockedForm) -> Result<Blocked, Unreadable> {
        Ok(Blocked {
            address: self.address(&form.address, &form.account, &form.domain)?,
            code: self.word(&form.code)?,
            reason: form.reason,
            source: form.source,
        })
    }

    fn pending(&mut self, form: PendingForm) -> Result<PlanPending, Unreadable> {
        Ok(PlanPending {
            id: form.id,
            address: self.address(&form.address, &form.account, &form.domain)?,
            order: form.order,
            since: form.since,
            state: form.state,
            goal: form.goal,
            action: form.action,
        })
    }

    fn finding(&mut self, form: FindingForm) -> Result<Finding, Unreadable> {
        let address = match (&form.address, &form.account, &form.domain) {
            (Some(text), Some(account), Some(domain)) => Some(self.address(text, account, domain)?),
            (None, None, None) => None,
            _ => return Err(malformed("a finding with half an address")),
        };
        Ok(Finding {
            code: self.word(&form.code)?,
            severity: form.severity,
            scope: form.scope,
            address,
            message: form.message,
            source: form.source,
        })
    }
}

/// Takes [`listed`] back.
fn unlisted(kind: Kind, name: &str, data: Data) -> Data {
    match data {
        Data::List(items) if is_record_data(kind, name) && items.len() == 1 => {
            Data::Text(items[0].clone())
        }
        Data::Text(_) | Data::Int(_) | Data::Bool(_) | Data::List(_) => data,
    }
}

fn ignore(form: IgnoreForm) -> Ignore {
    Ignore {
        host: form.host.into(),
        rtype: form.rtype.into(),
        reason: form.reason.into(),
        until: form.until,
        origin: Origin {
            place: form.source,
            via: (!form.via.is_empty()).then(|| form.via.into()),
            note: form.note.map(Arc::from),
        },
    }
}
