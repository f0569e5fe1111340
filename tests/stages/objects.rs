//! The same three sides for objects that are no records, carried out through approval and the ledger's own
//! state machine.

use super::world::*;
use bailiwick::ledger::{Entry, EntryPart, Record, note};
use bailiwick::model::*;
use bailiwick::plan::{Consent, Plan, PlanAction, Step, approve, sends};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) fn object(kind: Kind, name: &str) -> Address {
    Address {
        name: name.into(),
        ..Address::of(&account(), &domain(), kind)
    }
}

pub(crate) fn attrs(list: &[(&'static str, &str)]) -> Attrs {
    let each = list.iter().map(|(name, text)| (*name, Value::text(text)));
    Attrs::new(each.collect())
}

pub(crate) fn print(of: &str) -> Arc<str> {
    format!("$argon2id$canary-{of}").into()
}

pub(crate) fn with_print(attrs: Attrs, name: &'static str, of: &str) -> Attrs {
    attrs.overlaid(&Attrs::one(name, Value::Known(Data::Print(print(of)))))
}

impl Sides {
    /// A zone and the services that an account may have.
    pub(crate) fn with_services() -> Self {
        let mut sides = Sides::new();
        for kind in [Kind::RedirectService, Kind::Mail, Kind::Hosting] {
            sides.see_part(&object(kind, ""), "order", Attrs::none());
        }
        sides.recall_object(&zone(), Attrs::none());
        sides
    }

    /// Declares the hosting, which a run adopted.
    pub(crate) fn with_hosting(&mut self) -> &mut Self {
        let hosting = object(Kind::Hosting, "");
        self.declare(hosting.clone(), "order", Attrs::none(), vec![]);
        self.recall_object(&hosting, Attrs::none());
        let entry = self.ledger.entries.get_mut(&hosting).unwrap();
        entry.parts[0].part = Part::new("order");
        self
    }

    pub(crate) fn want_object(&mut self, address: &Address, attrs: Attrs) -> &mut Self {
        self.declare(address.clone(), "", attrs, vec![]);
        self
    }

    pub(crate) fn see_object(&mut self, address: &Address, attrs: Attrs) -> &mut Self {
        self.see_part(address, "", attrs)
    }

    pub(crate) fn see_part(&mut self, address: &Address, part: &str, attrs: Attrs) -> &mut Self {
        let seen = self.live.objects.entry(address.clone()).or_default();
        seen.handle = Some(Handle(format!("h-{address}").into()));
        let mut parts = std::mem::take(&mut seen.parts).into_vec();
        parts.retain(|seen| *seen.part.0 != *part);
        parts.push(SeenPart {
            part: Part::new(part),
            handle: None,
            attrs,
            owner: None,
        });
        parts.sort_by(|a, b| a.part.cmp(&b.part));
        seen.parts = parts.into();
        self
    }

    pub(crate) fn recall_object(&mut self, address: &Address, attrs: Attrs) -> &mut Self {
        let part = EntryPart {
            part: Part::object(),
            handle: None,
            attrs,
            owner: None,
        };
        let entry = Entry {
            parts: Box::new([part]),
            ..Entry::default()
        };
        self.ledger.entries.insert(address.clone(), entry);
        self
    }

    /// Says that the object takes a secret, which the file writes.
    pub(crate) fn want_secret(&mut self, address: &Address, name: &'static str, sent: Sent) {
        let secret = WantedSecret {
            part: Part::object(),
            name,
            sent,
            source: "env PASSWORD".into(),
            origin: Some(origin(99)),
        };
        self.desired.get_mut(address).unwrap().secrets = Some(Box::new([secret]));
    }

    /// What the source of a secret gives.
    pub(crate) fn at_hand(&mut self, address: &Address, name: &'static str, of: &str) {
        let unit = Unit::new(address.clone(), Part::object());
        self.secrets.0.insert((unit, name), Print::Of(print(of)));
    }

    pub(crate) fn lacking(&mut self, address: &Address, name: &'static str) {
        let unit = Unit::new(address.clone(), Part::object());
        let why = Print::Lacking("THE_PASSWORD is not set".into());
        self.secrets.0.insert((unit, name), why);
    }

    pub(crate) fn resend(&mut self, pattern: &str) {
        self.intent.resend.push(pattern::Pattern::new(pattern));
    }

    pub(crate) fn consent(&mut self, pattern: &str) {
        self.intent.destroy.push(pattern::Pattern::new(pattern));
        self.guards.destroy.push(pattern::Pattern::new(pattern));
    }

    /// Approves a plan of objects and carries it out; every write is taken.
    pub(crate) fn done(&self, plan: &Plan) -> Sides {
        let mut after = self.clone();
        let ledgers = BTreeMap::from([(account(), self.ledger.clone())]);
        let plan = plan.clone();
        let mut approved = approve(plan, &ledgers, self.live.clone(), Consent::Given).unwrap();
        let steps = approved.take_steps();
        let (writes, notes): (Vec<Step>, Vec<Step>) =
            steps.into_iter().partition(|step| sends(step.action));
        let mut by_address: BTreeMap<&Address, Vec<&Step>> = BTreeMap::new();
        for step in &notes {
            by_address.entry(&step.address).or_default().push(step);
        }
        for (address, steps) in by_address {
            let record = if steps[0].action == PlanAction::Forget {
                Record::Forgotten(address.clone())
            } else {
                Record::Adopted {
                    address: address.clone(),
                    entry: approved.adopted(address, &steps, &after.ledger),
                }
            };
            after.ledger = note(after.ledger, &record);
        }
        for step in &writes {
            let write = approved.write(step).unwrap();
            let handle = Handle(format!("h-{}", step.address).into());
            let address = &write.unit.address;
            if write.action == Action::Delete {
                after.live.objects.remove(address);
            } else {
                let seen = after.live.objects.get(address);
                let live = seen.and_then(|seen| seen.part(&write.unit.part));
                let live = live.map_or(Attrs::none(), |part| part.attrs.clone());
                // No provider shows a secret.
                let shown = write
                    .after
                    .iter()
                    .filter(|(name, _)| write.after.print(name).is_none());
                let shown = Attrs::new(shown.map(|(name, value)| (name, value.clone())).collect());
                after.see_part(address, &write.unit.part.0, live.overlaid(&shown));
                approved.learn(address, handle.clone());
            }
            let started = Record::Started {
                step: step.id,
                write,
                at: after.live.as_of,
            };
            let ended = Record::Ended {
                step: step.id,
                outcome: Outcome::Done {
                    handle: Some(handle),
                    outputs: Attrs::none(),
                },
            };
            after.ledger = note(note(after.ledger, &started), &ended);
        }
        after.intent = Default::default();
        after
    }
}

/// Steps that send something, as `act address names (reason)`.
pub(crate) fn sent(plan: &Plan) -> Vec<String> {
    let steps = plan.steps.iter().filter(|step| sends(step.action));
    steps
        .map(|step| {
            let names: Vec<&str> = step.after().iter().map(|(name, _)| name).collect();
            let act = format!("{:?}", step.action).to_lowercase();
            let what = format!("{act} {} {}", step.address, names.join(","));
            format!("{} ({})", what.trim_end(), step.reason.word())
        })
        .collect()
}

pub(crate) fn told(plan: &Plan) -> Vec<&'static str> {
    plan.findings.iter().map(|finding| finding.code).collect()
}

pub(crate) fn held(plan: &Plan) -> Vec<String> {
    let blocked = plan.blocked.iter();
    blocked
        .map(|held| format!("{} {}", held.address, held.code))
        .collect()
}

/// Nothing is left to do, and nothing is noted once more.
pub(crate) fn settled(sides: &Sides) {
    let plan = sides.plan();
    assert_eq!(sent(&plan), Vec::<String>::new());
    assert!(plan.steps.is_empty(), "{:?}", plan.steps);
}
