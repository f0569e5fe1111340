//! From the members back to the plan; whatever does not fit together is refused.

use super::super::{Unreadable, names};
use super::{
    AttributeForm, BlockedForm, FindingForm, IgnoreForm, Later, PendingForm, PlanForm, ScopeForm,
    StepForm,
};
use crate::ledger::StepId;
use crate::model::{self, attrs};
use crate::model::{Address, Data, Ignore, Origin, Part, Value};
use crate::plan::{Attribute, Blocked, Finding, Plan, PlanPending, Scope, ScopeId, Step};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Codes and output fields that one file may name; a plan that is one has far fewer.
const MOST_WORDS: usize = 500;

impl PlanForm<Vec<StepForm>> {
    pub(in crate::plan::file) fn into_plan(self) -> Result<Plan, Unreadable> {
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
            .map(|attribute| self.attribute(attribute))
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

    fn attribute(&mut self, form: AttributeForm) -> Result<Attribute, Unreadable> {
        let name = attrs::name(&form.name)
            .ok_or_else(|| malformed(format!("{:?} is no attribute", form.name)))?;
        Ok(Attribute {
            name,
            before: self.value(name, form.before)?,
            after: self.value(name, form.after)?,
            applied: self.value(name, form.applied)?,
            secret: form.secret,
        })
    }

    fn value(&mut self, name: &str, json: Json) -> Result<Option<Value>, Unreadable> {
        match json {
            Json::Null => Ok(None),
            Json::Object(_) => {
                let Later { later } =
                    serde_json::from_value(json).map_err(|e| malformed(e.to_string()))?;
                Ok(Some(Value::Later(Box::new(model::Later {
                    of: self.address(&later.address, &later.account, &later.domain)?,
                    field: self.word(&later.field)?,
                    append: later.append.into(),
                }))))
            }
            Json::Array(_) | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
                let data = Data::from_json(&json)
                    .ok_or_else(|| malformed(format!("no value of {name}: {json}")))?;
                Ok(Some(Value::Known(data)))
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
