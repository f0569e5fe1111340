//! From the plan to its members.

use super::super::FORMAT;
use super::super::names::Names;
use super::{
    AddressForm, AttributeForm, BlockedForm, FindingForm, IgnoreForm, Later, LaterForm,
    PendingForm, PlanForm, ScopeForm, StepForm,
};
use crate::ledger::StepId;
use crate::model::{self, Address, Ignore, Origin, Value};
use crate::plan::{Attribute, Blocked, Finding, Plan, PlanAction, PlanPending, Scope, Step};
use serde::{Serialize, Serializer};
use serde_json::Value as Json;
use std::collections::BTreeMap;

impl<'a> PlanForm<StepsOut<'a>> {
    pub(in crate::plan::file) fn of(plan: &'a Plan, names: &'a Names) -> Self {
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
pub(in crate::plan::file) struct StepsOut<'a> {
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
                .map(|attribute| self.attribute(attribute))
                .collect(),
            cost: cost.clone(),
            prior: *prior,
            consequences: consequences.to_vec(),
            note: note.as_deref().map(String::from),
            via: via.to_vec(),
        }
    }

    fn attribute(&self, attribute: &Attribute) -> AttributeForm {
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
            Some(Value::Known(data)) => data.to_json(),
            Some(Value::Later(later)) => self.later(later),
        };
        AttributeForm {
            name: (*name).into(),
            before: out(before),
            after: out(after),
            applied: out(applied),
            secret: *secret,
        }
    }

    fn later(&self, later: &model::Later) -> Json {
        let model::Later { of, field, append } = later;
        let form = Later {
            later: LaterForm {
                step: self.makers.get(of).copied(),
                address: self.names.text(of),
                account: of.account.to_string(),
                domain: of.domain.to_string(),
                field: (*field).into(),
                append: append.to_string(),
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
