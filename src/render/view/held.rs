//! What a guard holds back: it stands among the changes and in the summary, because consent would let it
//! through, and says so.

use super::count;
use crate::diag::Severity;
use crate::model::Address;
use crate::plan::{Plan, Scoped, Step, sends};
use std::collections::{BTreeMap, BTreeSet};

/// Objects and zones that findings refuse, with the code of the finding.
#[derive(Debug, Default)]
pub(super) struct Held<'a> {
    objects: BTreeMap<&'a Address, &'static str>,
    zones: BTreeMap<&'a Address, &'static str>,
}

impl<'a> Held<'a> {
    pub(super) fn of(plan: &'a Plan) -> Self {
        let mut held = Self::default();
        for finding in &plan.findings {
            let Some(address) = &finding.address else {
                continue;
            };
            match (finding.severity, finding.scope) {
                (Severity::Error, Scoped::Object) => held.objects.insert(address, finding.code),
                (Severity::Error, Scoped::Zone) => held.zones.insert(address, finding.code),
                // A plan that is refused as a whole says so once.
                (Severity::Error, Scoped::Plan) | (Severity::Warning | Severity::Notice, _) => None,
            };
        }
        held
    }

    /// The code of what holds a step back, if anything does.
    pub(super) fn by(&self, step: &Step) -> Option<&'static str> {
        if !sends(step.action) || (self.objects.is_empty() && self.zones.is_empty()) {
            return None;
        }
        let zone = || {
            let zone = step.address.parent();
            let zone = zone.as_ref().unwrap_or(&step.address);
            self.zones.get(zone).copied()
        };
        self.objects.get(&step.address).copied().or_else(zone)
    }

    /// How many objects of a plan are held back, to be said beside the summary that counts them.
    pub(super) fn told(&self, plan: &Plan) -> Option<String> {
        let held = plan.steps.iter().filter(|step| self.by(step).is_some());
        let objects: BTreeSet<&Address> = held.map(|step| &step.address).collect();
        match objects.len() {
            0 => None,
            number => Some(format!(
                "Counted below and held back by a guard, with what needs it: {}.",
                count(number, "object")
            )),
        }
    }
}
