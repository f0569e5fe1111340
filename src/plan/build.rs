//! From changes to steps: what is left out, what waits for what, in which order, under which number.

use super::model::{
    Attribute, Binds, Blocked, Consequence, CostSum, Exactness, Finding, Plan, PlanAction,
    PlanReads, Scope, ScopeId, Scoped, Step, Summary,
};
use super::order::Graph;
use crate::diff::{Act, Change, Changes, World};
use crate::ledger::StepId;
use crate::model::{
    Address, Attrs, Cause, Data, Fingerprint, Kind, Need, Offers, Sent, Unit, Value,
};
use std::collections::{BTreeMap, BTreeSet};

/// What a plan says about the run that made it; it is no part of the digest.
#[derive(Debug, Clone)]
pub struct Frame {
    /// `bailiwick 0.1.0`.
    pub tool: String,
    /// `live` or `snapshot`.
    pub basis: String,
    /// The accounts, the ledgers' ids and the targets; `config` is filled in by [`super::bind`].
    pub binds: Binds,
    /// What was read.
    pub reads: PlanReads,
    /// The limit that holds for costs, as written (`0 EUR`).
    pub limit: crate::model::money::Money,
}

/// Steps that need each other, as a whole path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("these need each other, so none can come first: {}", .path.iter().map(ToString::to_string).collect::<Vec<_>>().join(" → "))]
pub struct Cycle {
    /// Each needs the next, the last the first.
    pub path: Vec<Unit>,
}

/// Builds the plan. It is still to be reviewed.
pub fn build(
    world: &World,
    changes: Changes,
    offers: &Offers,
    frame: Frame,
) -> Result<Plan, Cycle> {
    let Offers {} = offers;
    let Changes {
        list,
        held,
        mut unmanaged,
        notes,
        unchanged,
        compared: _,
    } = changes;
    let wanted = |address: &Address| selected(world, address);
    let mut blocked: Vec<Blocked> = held
        .into_iter()
        .filter(|held| wanted(&held.address))
        .map(|held| Blocked {
            address: held.address,
            code: held.code,
            reason: held.reason,
            source: held.origin.map(|origin| origin.place),
        })
        .collect();
    unmanaged.retain(wanted);
    let (list, left_out) = choose(world, list);
    let list = super::waits::hold_dependants(list, &mut blocked);
    let (steps, scopes) = number(world, list)?;
    let findings: Vec<Finding> = notes
        .into_iter()
        .filter(|note| wanted(&note.address))
        .map(|note| Finding {
            code: note.code,
            severity: note.severity,
            scope: Scoped::Object,
            address: Some(note.address),
            message: note.message,
            source: note.origin.map(|origin| origin.place),
        })
        .collect();
    let summary = summarise(&steps, blocked.len(), unmanaged.len(), unchanged);
    Ok(Plan {
        tool: frame.tool,
        created: world.live.as_of.to_string(),
        basis: frame.basis,
        digest: super::file::digest(&steps, &scopes),
        changes: steps.iter().any(|step| sends(step.action)),
        complete: left_out == 0,
        left_out,
        binds: frame.binds,
        summary,
        cost: CostSum {
            now: "0.00".into(),
            yearly: "0.00".into(),
            currency: frame.limit.currency.to_string(),
            limit: format!("{:.2}", frame.limit.amount),
            unknown: 0,
        },
        reads: frame.reads,
        steps,
        blocked,
        scopes,
        pending: super::under_way::of(world.ledgers, wanted),
        unmanaged,
        findings,
    })
}

/// True for what changes something at a provider.
pub fn sends(action: PlanAction) -> bool {
    match action {
        PlanAction::Create | PlanAction::Update | PlanAction::Delete => true,
        PlanAction::Adopt | PlanAction::Forget => false,
    }
}

fn selected(world: &World, address: &Address) -> bool {
    let intent = world.intent;
    (intent.targets.is_empty()
        || intent
            .targets
            .iter()
            .any(|pattern| pattern.matches(address)))
        && !intent
            .excludes
            .iter()
            .any(|pattern| pattern.matches(address))
}

/// Keeps what the targets name and what that needs; drops what is excluded, and what cannot be without it.
/// The number is of addresses with changes that are left out.
fn choose(world: &World, list: Vec<Change>) -> (Vec<Change>, usize) {
    let intent = world.intent;
    if intent.targets.is_empty() && intent.excludes.is_empty() {
        return (list, 0);
    }
    let excluded: Vec<bool> = list
        .iter()
        .map(|change| {
            intent
                .excludes
                .iter()
                .any(|pattern| pattern.matches(&change.unit.address))
        })
        .collect();
    let index = Index::of(&list);
    let mut keep: Vec<bool> = list
        .iter()
        .map(|change| selected(world, &change.unit.address))
        .collect();
    let mut todo: Vec<usize> = (0..list.len()).filter(|at| keep[*at]).collect();
    while let Some(at) = todo.pop() {
        for need in index.needs(&list, at) {
            if !keep[need] && !excluded[need] {
                keep[need] = true;
                todo.push(need);
            }
        }
    }
    // Without what it needs, a change is left out too.
    loop {
        let before = keep.iter().filter(|keep| **keep).count();
        for at in 0..list.len() {
            keep[at] = keep[at] && index.needs(&list, at).into_iter().all(|need| keep[need]);
        }
        if keep.iter().filter(|keep| **keep).count() == before {
            break;
        }
    }
    let mut left_out = BTreeSet::new();
    let mut kept = Vec::new();
    for (change, keep) in list.into_iter().zip(keep) {
        if keep {
            kept.push(change);
        } else if !matches!(change.act, Act::Adopt | Act::Forget) {
            left_out.insert(change.unit.address);
        }
    }
    (kept, left_out.len())
}

/// Finds writes by unit, and those inside an object.
struct Index<'a> {
    units: BTreeMap<&'a Unit, usize>,
    /// For each change, what makes the object that it hangs on.
    above: Vec<Option<usize>>,
    inside: BTreeMap<Address, Vec<usize>>,
    writes: Vec<usize>,
}

impl<'a> Index<'a> {
    fn of(list: &'a [Change]) -> Self {
        let writes: Vec<usize> = (0..list.len())
            .filter(|at| !matches!(list[*at].act, Act::Adopt | Act::Forget))
            .collect();
        let units: BTreeMap<&Unit, usize> =
            writes.iter().map(|at| (&list[*at].unit, *at)).collect();
        let making = |top: &Address| {
            let object = Unit::new(top.clone(), crate::model::Part::object());
            units.get(&object).copied()
        };
        // Neighbours mostly hang on one object, which is looked up once.
        let mut last: Option<(&Address, Option<usize>)> = None;
        let mut above = Vec::with_capacity(list.len());
        for change in list {
            above.push(change.below_new.as_deref().and_then(|top| {
                let known = last.filter(|(known, _)| *known == top);
                let found = known.map_or_else(|| making(top), |(_, at)| at);
                last = Some((top, found));
                found
            }));
        }
        let asked: BTreeSet<&Address> = list
            .iter()
            .flat_map(|change| &change.needs)
            .filter_map(|need| match need {
                Need::Inside(top) => Some(top),
                Need::Unit(_) => None,
            })
            .collect();
        let mut inside: BTreeMap<Address, Vec<usize>> = BTreeMap::new();
        if !asked.is_empty() {
            for at in &writes {
                let address = &list[*at].unit.address;
                for top in std::iter::once(address.clone()).chain(address.parent()) {
                    if asked.contains(&top) {
                        inside.entry(top).or_default().push(*at);
                    }
                }
            }
        }
        Self {
            units,
            above,
            inside,
            writes,
        }
    }

    /// Everything that a change waits for; without what can only come after it (see `comes_after`).
    fn needs(&self, list: &[Change], at: usize) -> Vec<usize> {
        if matches!(list[at].act, Act::Adopt | Act::Forget) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for need in &list[at].needs {
            match need {
                Need::Unit(unit) => found.extend(self.units.get(unit).copied()),
                Need::Inside(top) if self.comes_after(list, top, &list[at].unit) => {}
                Need::Inside(top) => {
                    found.extend(self.inside.get(top).into_iter().flatten().copied())
                }
            }
        }
        found.extend(self.above[at]);
        found.retain(|need| *need != at);
        found
    }

    /// True if the object itself has to be made, and that only after this unit: a provider that makes a zone
    /// only for a domain that is delegated to it.
    fn comes_after(&self, list: &[Change], top: &Address, unit: &Unit) -> bool {
        let object = Unit::new(top.clone(), crate::model::Part::object());
        self.units.get(&object).is_some_and(|at| {
            list[*at].act == Act::Create && list[*at].needs.contains(&Need::Unit(unit.clone()))
        })
    }
}

/// True if an object is `top` or lives in it.
pub(super) fn inside(address: &Address, top: &Address) -> bool {
    address == top || address.parent().is_some_and(|parent| parent == *top)
}

fn number(world: &World, mut list: Vec<Change>) -> Result<(Vec<Step>, Vec<Scope>), Cycle> {
    let index = Index::of(&list);
    let mut graph = Graph::new(index.writes.len());
    let mut slot = vec![0; list.len()];
    for (own, at) in index.writes.iter().enumerate() {
        slot[*at] = own;
    }
    let mut needs: Vec<Vec<usize>> = Vec::with_capacity(index.writes.len());
    let mut outage: BTreeSet<usize> = BTreeSet::new();
    for (slot_of, at) in index.writes.iter().enumerate() {
        let own: Vec<usize> = index
            .needs(&list, *at)
            .iter()
            .map(|need| slot[*need])
            .collect();
        for need in &own {
            graph.add(slot_of, *need);
        }
        needs.push(own);
        let early = |need: &Need| match need {
            Need::Inside(top) => index.comes_after(&list, top, &list[*at].unit),
            Need::Unit(_) => false,
        };
        if list[*at].needs.iter().any(early) {
            outage.insert(slot_of);
        }
    }
    let order = graph.sorted().map_err(|cycle| Cycle {
        path: cycle
            .into_iter()
            .map(|slot| list[index.writes[slot]].unit.clone())
            .collect(),
    })?;
    let mut ids = vec![0_u32; order.len()];
    for (place, slot) in order.iter().enumerate() {
        ids[*slot] = place as u32 + 1;
    }
    let scopes = scopes(world, &list, |unit| {
        index.units.get(unit).map(|at| StepId(ids[slot[*at]]))
    });
    let mut writes = index.writes;
    let mut last = list.len() as u32;
    let mut steps = Vec::with_capacity(list.len());
    // From the end, and the list gives room back: changes and steps are never all there at once.
    while let Some(change) = list.pop() {
        if list.capacity() - list.len() > ROOM_KEPT {
            list.shrink_to_fit();
        }
        let slot = writes.pop_if(|at| *at == list.len()).map(|_| writes.len());
        let password = brings_a_password(world, &change).then(replaces_password);
        let mut step = match slot {
            Some(slot) => {
                let mut before: Vec<StepId> =
                    needs[slot].iter().map(|need| StepId(ids[*need])).collect();
                before.sort_unstable();
                before.dedup();
                let mut step = step(change, StepId(ids[slot]), before, &scopes);
                if outage.contains(&slot) {
                    step.consequences = Box::new([dns_outage()]);
                }
                step
            }
            // Notes come after all writes.
            None => {
                last -= 1;
                step(change, StepId(last + 1), Vec::new(), &scopes)
            }
        };
        if let Some(password) = password {
            let mut all = std::mem::take(&mut step.consequences).into_vec();
            all.push(password);
            step.consequences = all.into();
        }
        steps.push(step);
    }
    steps.sort_unstable_by_key(|step| step.id);
    Ok((steps, scopes))
}

/// How many changes a list may have had room for before it is made smaller.
const ROOM_KEPT: usize = 2_000;

fn dns_outage() -> Consequence {
    Consequence {
        code: "dns-outage".into(),
        text: "the provider makes a zone only for a domain that has its name servers already: from this step \
               until the zone is filled, names of this domain may not resolve"
            .into(),
        until: None,
    }
}

/// True if a password goes out that may be another than the one in use, though its source did not change.
fn brings_a_password(world: &World, change: &Change) -> bool {
    change.act == Act::Update
        && change.reason != Cause::SecretChanged
        && change.after.secret_names().next().is_some_and(|first| {
            let declared = world.desired.objects().get(&change.unit.address);
            let secrets = declared.and_then(|declared| declared.secrets.as_deref());
            let with_each = secrets.unwrap_or_default().iter().any(|secret| {
                secret.part == change.unit.part
                    && secret.name == first
                    && secret.sent == Sent::WithEach
            });
            let asked = &world.intent.resend;
            with_each
                || asked
                    .iter()
                    .any(|pattern| pattern.matches(&change.unit.address))
        })
}

fn replaces_password() -> Consequence {
    Consequence {
        code: "replaces-password".into(),
        text: "a password goes with this change: from then on the file's holds, whatever was set elsewhere".into(),
        until: None,
    }
}

/// Sorted by top.
fn scopes(world: &World, list: &[Change], id_of: impl Fn(&Unit) -> Option<StepId>) -> Vec<Scope> {
    let purges = |address: &Address| {
        let declared = world.desired.objects().get(address);
        let rules = declared.and_then(|declared| declared.rules.as_deref());
        rules.is_some_and(|rules| rules.purge)
    };
    // Records have no rules, and there are too many of them to look each up.
    let purged = |change: &&Change| {
        change.act == Act::Create
            && change.unit.address.kind != Kind::Record
            && purges(&change.unit.address)
    };
    // A purged zone comes filled by its provider even where the file has no record for it.
    let made = list
        .iter()
        .filter(purged)
        .map(|change| &change.unit.address);
    let tops: BTreeSet<&Address> = list
        .iter()
        .filter_map(|change| change.below_new.as_deref())
        .chain(made)
        .collect();
    tops.into_iter()
        .enumerate()
        .map(|(at, top)| {
            let rules = world
                .desired
                .objects()
                .get(top)
                .and_then(|declared| declared.rules.as_deref());
            Scope {
                id: ScopeId(at as u32 + 1),
                top: top.clone(),
                after: id_of(&Unit::new(top.clone(), crate::model::Part::object())),
                purge: rules.is_some_and(|rules| rules.purge),
                ignore: rules.map(|rules| rules.ignore.clone()).unwrap_or_default(),
                owned: Box::new([]),
            }
        })
        .collect()
}

fn step(change: Change, id: StepId, needs: Vec<StepId>, scopes: &[Scope]) -> Step {
    let scope = change
        .below_new
        .as_deref()
        .and_then(|top| scopes.binary_search_by(|scope| scope.top.cmp(top)).ok())
        .map(|at| scopes[at].id);
    let prior = (change.there && !matches!(change.act, Act::Forget))
        .then(|| Fingerprint::of(&change.unit, &change.before));
    let action = match change.act {
        Act::Create => PlanAction::Create,
        Act::Update => PlanAction::Update,
        Act::Delete => PlanAction::Delete,
        Act::Adopt => PlanAction::Adopt,
        Act::Forget => PlanAction::Forget,
    };
    let attributes = attributes(&change);
    let (source, via, note) = match change.origin {
        Some(origin) => (
            Some(origin.place),
            origin.via.map(|via| via.to_vec()).unwrap_or_default(),
            origin.note.map(|note| Box::from(&*note)),
        ),
        None => (None, Vec::new(), None),
    };
    Step {
        id,
        address: change.unit.address,
        part: change.unit.part,
        action,
        kind: if scope.is_some() {
            Exactness::Deferred
        } else {
            Exactness::Exact
        },
        scope,
        reason: change.reason,
        needs: needs.into(),
        source,
        attributes,
        cost: None,
        prior,
        consequences: Box::new([]),
        note,
        via: via.into(),
    }
}

/// Of a record, the value stands in a list, because a record set has many.
fn attributes(change: &Change) -> Box<[Attribute]> {
    let both = change.before.iter().chain(change.after.iter());
    let mut names: Vec<&'static str> = both.map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    let record = change.unit.address.kind == Kind::Record;
    let side = |attrs: &Attrs, name: &str| {
        attrs.get(name).map(|value| match value.known() {
            Some(Data::Text(text)) if record => Value::Known(Data::List(Box::new([text.clone()]))),
            Some(_) | None => value.clone(),
        })
    };
    names
        .into_iter()
        .map(|name| {
            let before = side(&change.before, name);
            let applied =
                side(&change.applied, name).filter(|applied| Some(applied) != before.as_ref());
            let print = |attrs: &Attrs| attrs.print(name).is_some();
            Attribute {
                name,
                secret: print(&change.after) || print(&change.before),
                after: side(&change.after, name),
                before,
                applied,
            }
        })
        .collect()
}

fn summarise(steps: &[Step], blocked: usize, unmanaged: usize, unchanged: usize) -> Summary {
    let mut summary = Summary {
        blocked,
        unmanaged,
        unchanged,
        ..Summary::default()
    };
    let mut acts: Vec<_> = steps.iter().map(|s| (&s.address, s.action)).collect();
    acts.sort_unstable();
    for acts in acts.chunk_by(|a, b| a.0 == b.0) {
        let has = |action| acts.iter().any(|(_, act)| *act == action);
        let count = match () {
            () if has(PlanAction::Delete) && has(PlanAction::Create) => &mut summary.replace,
            () if has(PlanAction::Delete) => &mut summary.delete,
            () if has(PlanAction::Create) => &mut summary.create,
            () if has(PlanAction::Update) => &mut summary.update,
            () if has(PlanAction::Adopt) => &mut summary.adopt,
            () => &mut summary.forget,
        };
        *count += 1;
    }
    summary
}
