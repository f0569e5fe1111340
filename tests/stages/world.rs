//! A small notation for worlds: `www/A 192.0.2.1` on each of three sides, and a provider made of values.

use bailiwick::diag::Place;
use bailiwick::diff::{Intent, World, diff};
use bailiwick::ledger::{Entry, EntryPart, Ledger};
use bailiwick::model::money::Money;
use bailiwick::model::*;
use bailiwick::plan::{Frame, Plan, PlanAction, Step, build, review};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) const DOMAIN: &str = "example.com";

pub(crate) fn account() -> Account {
    Account::new("main")
}

pub(crate) fn domain() -> Arc<str> {
    Arc::from(DOMAIN)
}

pub(crate) fn zone() -> Address {
    Address::of(&account(), &domain(), Kind::Zone)
}

pub(crate) fn record(name: &str) -> Address {
    let (host, rtype) = name.rsplit_once('/').unwrap();
    Address::record(&account(), &domain(), host, rtype)
}

pub(super) fn origin(line: u32) -> Origin {
    Origin {
        place: Place {
            file: "t.toml".into(),
            line,
            column: 1,
        },
        via: None,
        note: None,
    }
}

/// The three sides.
#[derive(Clone, Default)]
pub(crate) struct Sides {
    pub(crate) desired: BTreeMap<Address, Declared>,
    pub(crate) homes: BTreeMap<Arc<str>, Home>,
    pub(crate) live: Live,
    pub(crate) ledger: Ledger,
    pub(crate) intent: Intent,
    pub(crate) secrets: Prints,
    pub(crate) guards: Guards,
    next_id: u32,
}

impl Sides {
    /// A declared zone that is live, and nothing else.
    pub(crate) fn new() -> Self {
        let mut sides = Self::default();
        sides.live.as_of = "2026-11-24T12:00:00Z".parse().unwrap();
        sides.declare_zone(false);
        sides.live_zone();
        let home = Home {
            domain: Some(account()),
            zone: Some(account()),
        };
        sides.homes.insert(domain(), home);
        sides
    }

    pub(crate) fn declare(&mut self, address: Address, part: &str, attrs: Attrs, needs: Vec<Need>) {
        let line = self.desired.len() as u32 + 1;
        let declared = self.desired.entry(address).or_insert_with(|| Declared {
            parts: Box::new([]),
            rules: None,
            buy: None,
            renew_before: None,
            secrets: None,
        });
        let mut parts = std::mem::take(&mut declared.parts).into_vec();
        parts.push(Wanted {
            part: Part::new(part),
            attrs,
            needs: needs.into(),
            origin: origin(line),
        });
        parts.sort_by(|a, b| a.part.cmp(&b.part));
        declared.parts = parts.into();
    }

    pub(crate) fn declare_zone(&mut self, purge: bool) {
        self.desired.remove(&zone());
        self.declare(zone(), "", Attrs::none(), vec![]);
        let rules = Rules {
            purge,
            ignore: Box::new([]),
            gone: false,
        };
        self.desired.get_mut(&zone()).unwrap().rules = Some(Box::new(rules));
    }

    pub(crate) fn live_zone(&mut self) {
        let seen = Seen {
            handle: Some(Handle("DO1".into())),
            parts: Box::new([SeenPart {
                part: Part::object(),
                handle: None,
                attrs: Attrs::none(),
                owner: None,
            }]),
            ..Seen::default()
        };
        self.live.objects.insert(zone(), seen);
    }

    /// Declares `www/A` with values.
    pub(crate) fn want(&mut self, name: &str, values: &[&str]) -> &mut Self {
        for value in values {
            self.declare(
                record(name),
                value,
                Attrs::one("data", Value::text(value)),
                vec![],
            );
        }
        self
    }

    pub(crate) fn see(&mut self, name: &str, values: &[&str]) -> &mut Self {
        for value in values {
            self.next_id += 1;
            let id = self.next_id.to_string();
            add_live(&mut self.live, &record(name), value, &id);
        }
        self
    }

    /// Writes into the ledger what is live at `www/A`, under its ids.
    pub(crate) fn recall(&mut self, name: &str) -> &mut Self {
        let seen = self
            .live
            .objects
            .get(&record(name))
            .cloned()
            .unwrap_or_default();
        let parts = seen.parts.iter().map(|part| EntryPart {
            part: part.part.clone(),
            handle: part.handle.clone(),
            attrs: part.attrs.clone(),
            owner: None,
        });
        let entry = Entry {
            parts: parts.collect(),
            ..Entry::default()
        };
        self.ledger.entries.insert(record(name), entry);
        self
    }

    /// Writes a value into the ledger that was applied under some id.
    pub(crate) fn applied(&mut self, name: &str, value: &str, id: &str) -> &mut Self {
        let entry = self.ledger.entries.entry(record(name)).or_default();
        let mut parts = std::mem::take(&mut entry.parts).into_vec();
        parts.retain(|part| &*part.part.0 != value);
        parts.push(EntryPart {
            part: Part::new(value),
            handle: Some(Handle(id.into())),
            attrs: Attrs::one("data", Value::text(value)),
            owner: None,
        });
        parts.sort_by(|a, b| a.part.cmp(&b.part));
        entry.parts = parts.into();
        self
    }

    pub(crate) fn with_world<T>(&self, run: impl FnOnce(&World) -> T) -> T {
        let desired = Admitted::by_provider(Desired {
            objects: self.desired.clone(),
            homes: Arc::new(self.homes.clone()),
        });
        let ledgers = BTreeMap::from([(account(), self.ledger.clone())]);
        run(&World {
            desired: &desired,
            ledgers: &ledgers,
            live: &self.live,
            intent: &self.intent,
            secrets: &self.secrets,
        })
    }

    pub(crate) fn plan(&self) -> Plan {
        self.with_world(|world| {
            let mut plan = build(world, diff(world), &Offers::default(), frame()).unwrap();
            let found = review(&plan, world, &self.guards);
            plan.findings.extend(found);
            plan
        })
    }

    /// What the provider would hold after the plan's steps, in their order.
    pub(crate) fn carried_out(&self, plan: &Plan) -> Sides {
        let mut after = self.clone();
        for step in &plan.steps {
            carry_out(&mut after, step);
        }
        after
    }
}

fn frame() -> Frame {
    Frame {
        tool: "bailiwick test".into(),
        basis: "live".into(),
        binds: Default::default(),
        reads: Default::default(),
        limit: Money::zero("EUR"),
    }
}

fn add_live(live: &mut Live, address: &Address, value: &str, id: &str) {
    let seen = live.objects.entry(address.clone()).or_default();
    let mut parts = std::mem::take(&mut seen.parts).into_vec();
    parts.push(SeenPart {
        part: Part::new(value),
        handle: Some(Handle(id.into())),
        attrs: Attrs::one("data", Value::text(value)),
        owner: None,
    });
    parts.sort_by(|a, b| (&a.part, &a.handle).cmp(&(&b.part, &b.handle)));
    seen.parts = parts.into();
}

fn value(attrs: &Attrs) -> Option<Arc<str>> {
    match attrs.data("data")? {
        Data::List(items) => items.first().cloned(),
        Data::Text(_) | Data::Int(_) | Data::Bool(_) | Data::Print(_) => None,
    }
}

/// Records only: the one kind these laws write.
fn carry_out(sides: &mut Sides, step: &Step) {
    let (before, after) = (value(&step.before()), value(&step.after()));
    match step.action {
        PlanAction::Adopt => {
            let entry = sides
                .ledger
                .entries
                .entry(step.address.clone())
                .or_default();
            let mut parts = std::mem::take(&mut entry.parts).into_vec();
            parts.retain(|part| part.part != step.part);
            if let Some(value) = after {
                parts.push(EntryPart {
                    part: step.part.clone(),
                    handle: None,
                    attrs: Attrs::one("data", Value::text(&value)),
                    owner: None,
                });
            } else if step.address.kind == Kind::Zone {
                parts.push(EntryPart {
                    part: step.part.clone(),
                    handle: None,
                    attrs: Attrs::none(),
                    owner: None,
                });
            }
            parts.sort_by(|a, b| a.part.cmp(&b.part));
            entry.parts = parts.into();
            return;
        }
        PlanAction::Forget => {
            sides.ledger.entries.remove(&step.address);
            return;
        }
        PlanAction::Create | PlanAction::Update | PlanAction::Delete => {}
    }
    let mut id = None;
    if let Some(before) = &before {
        let seen = sides
            .live
            .objects
            .get_mut(&step.address)
            .expect("what changes is live");
        let mut parts = std::mem::take(&mut seen.parts).into_vec();
        let at = parts
            .iter()
            .position(|part| *part.part.0 == **before)
            .expect("what goes is live");
        id = parts.remove(at).handle;
        let empty = parts.is_empty();
        seen.parts = parts.into();
        if empty {
            sides.live.objects.remove(&step.address);
        }
        if let Some(entry) = sides.ledger.entries.get_mut(&step.address) {
            let mut parts = std::mem::take(&mut entry.parts).into_vec();
            parts.retain(|part| *part.part.0 != **before && (part.handle != id || id.is_none()));
            let empty = parts.is_empty();
            entry.parts = parts.into();
            if empty {
                sides.ledger.entries.remove(&step.address);
            }
        }
    }
    if let Some(after) = &after {
        sides.next_id += 1;
        let id = id.map_or_else(|| sides.next_id.to_string(), |id| id.0.to_string());
        add_live(&mut sides.live, &step.address, after, &id);
        let name = step.address.name.to_string();
        sides.applied(&name, after, &id);
    }
}

impl std::fmt::Debug for Sides {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let purge = self
            .desired
            .get(&zone())
            .and_then(|zone| zone.rules.as_ref())
            .is_some_and(|rules| rules.purge);
        writeln!(f, "purge {purge}")?;
        for (address, declared) in &self.desired {
            let parts: Vec<_> = declared.parts.iter().map(|part| &*part.part.0).collect();
            writeln!(f, "file   {address} {parts:?}")?;
        }
        for (address, seen) in &self.live.objects {
            let parts: Vec<_> = seen
                .parts
                .iter()
                .map(|part| (&*part.part.0, &part.handle))
                .collect();
            writeln!(f, "live   {address} {parts:?}")?;
        }
        for (address, entry) in &self.ledger.entries {
            let parts: Vec<_> = entry.parts.iter().map(|part| &*part.part.0).collect();
            writeln!(f, "ledger {address} {parts:?}")?;
        }
        Ok(())
    }
}
