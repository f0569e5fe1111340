//! Guards as data: what a plan would set off that nobody may have meant.
//!
//! Each finding has a severity, a code and a scope; `approve` weighs them. Nothing is refused here.

use super::build::sends;
use super::model::{Finding, Plan, PlanAction, Scoped, Step};
use crate::diag::Severity;
use crate::diff::{World, never_written};
use crate::ledger::provider_names;
use crate::model::pattern::Pattern;
use crate::model::work::unsaid;
use crate::model::{Address, Allow, Data, Declared, Guards, Kind, LedgerLasts};
use std::collections::{BTreeMap, BTreeSet};

/// Below this many deletions of a zone, their share is not looked at.
const SHARE_FROM: usize = 3;

/// Looks the plan over. The findings of the walk are already in it; these come on top.
pub fn review(plan: &Plan, world: &World, guards: &Guards) -> Vec<Finding> {
    let today = world.live.as_of.to_zoned(jiff::tz::TimeZone::UTC).date();
    let holds = |allow: &&Allow| allow.until.is_none_or(|until| today <= until);
    let consents = Consents {
        destroy: patterns(
            guards
                .allow
                .iter()
                .filter(holds)
                .map(|allow| &allow.destroy),
            &guards.destroy,
        ),
        share: patterns(
            guards.allow.iter().filter(holds).map(|allow| &allow.share),
            &guards.share,
        ),
    };
    let mut findings = Vec::new();
    protection(plan, guards, &consents, &mut findings);
    secrets_without_a_place(plan, guards, &mut findings);
    shares(plan, world, guards, &consents, &mut findings);
    apex_name_servers(plan, &consents, &mut findings);
    signed_delegation(plan, world, &mut findings);
    emptied_file(world, &consents, &mut findings);
    forgetful(plan, guards, &mut findings);
    many_zones(plan, guards, &consents, &mut findings);
    consents_of_the_file(plan, guards, today, &mut findings);
    ignores(world, today, &mut findings);
    nothing_to_resend(world, &mut findings);
    findings
}

/// Patterns that give consent and hold today.
struct Consents<'a> {
    destroy: Vec<&'a Pattern>,
    share: Vec<&'a Pattern>,
}

fn patterns<'a>(
    file: impl Iterator<Item = &'a Vec<Pattern>>,
    flags: &'a [Pattern],
) -> Vec<&'a Pattern> {
    file.flatten().chain(flags).collect()
}

fn named(patterns: &[&Pattern], address: &Address) -> bool {
    patterns.iter().any(|pattern| pattern.matches(address))
}

fn refusal(
    code: &'static str,
    scope: Scoped,
    address: Option<&Address>,
    message: String,
) -> Finding {
    Finding {
        code,
        severity: Severity::Error,
        scope,
        address: address.cloned(),
        message,
        source: None,
    }
}

fn protection(plan: &Plan, guards: &Guards, consents: &Consents, findings: &mut Vec<Finding>) {
    let mut told: BTreeSet<&Address> = BTreeSet::new();
    for step in plan
        .steps
        .iter()
        .filter(|step| step.action == PlanAction::Delete)
    {
        let protected = guards
            .protect
            .iter()
            .any(|pattern| pattern.matches(&step.address));
        if protected && !named(&consents.destroy, &step.address) && told.insert(&step.address) {
            let address = &step.address;
            findings.push(refusal(
                "guard.protected",
                Scoped::Object,
                Some(address),
                format!("it is protected and stays; to destroy it: --allow-destroy '{address}', or an [[allow]] with destroy"),
            ));
        }
    }
}

/// What pays or makes something that only a ledger can find again needs one that the next run has, too.
fn forgetful(plan: &Plan, guards: &Guards, findings: &mut Vec<Finding>) {
    let needs_memory = |step: &&Step| {
        let made = step.action == PlanAction::Create
            && step.part.is_object()
            && provider_names(step.address.kind);
        sends(step.action) && (step.cost.is_some() || made)
    };
    if guards.ledger == LedgerLasts::BeyondTheRun {
        return;
    }
    let mut steps = plan.steps.iter().filter(needs_memory);
    if let Some(first) = steps.next() {
        let others = match steps.count() {
            0 => String::new(),
            others => format!(" and {others} more"),
        };
        let address = &first.address;
        findings.push(refusal(
            "ledger.not-durable",
            Scoped::Plan,
            None,
            format!(
                "{address}{others} could be paid or made twice: this is CI, and the ledger that would remember it ends \
                 with the run. Keep it in an object store (ledger = \"s3://…\"), or in a folder that stays \
                 (ledger = {{ path = \"…\", durable = true }})"
            ),
        ));
    }
}

/// A secret that is told once and that nobody could keep is one that nobody has.
fn secrets_without_a_place(plan: &Plan, guards: &Guards, findings: &mut Vec<Finding>) {
    if guards.keeps_secrets {
        return;
    }
    let makes = |step: &&Step| step.action == PlanAction::Create && step.part.is_object();
    for step in plan.steps.iter().filter(makes) {
        let address = &step.address;
        let Some(name) = unsaid(address.kind, &step.after()).first().copied() else {
            continue;
        };
        findings.push(Finding {
            source: step.source.clone(),
            ..refusal(
                "secret.no-place",
                Scoped::Object,
                Some(address),
                format!(
                    "the provider makes up its {name} and tells it once, and nothing says where it shall be kept: \
                     write [secrets] with output = \"secrets\" and recipients = [\"age1…\"], or {name} = {{ env = \
                     \"NAME\" }} in its block"
                ),
            )
        });
    }
}

/// True if a value goes and none comes in its place.
fn removes(step: &Step) -> bool {
    sends(step.action)
        && step.address.kind == Kind::Record
        && !step.before().is_empty()
        && step.after().is_empty()
}

fn shares(
    plan: &Plan,
    world: &World,
    guards: &Guards,
    consents: &Consents,
    findings: &mut Vec<Finding>,
) {
    let mut deletions: BTreeMap<Address, usize> = BTreeMap::new();
    for step in plan.steps.iter().filter(|step| removes(step)) {
        let Some(zone) = step.address.parent() else {
            continue;
        };
        let made = world.entry(&zone).is_some_and(|entry| entry.made.is_some());
        let ours = world
            .entry(&step.address)
            .is_some_and(|entry| entry.part(&step.part).is_some());
        if ours || !made {
            *deletions.entry(zone).or_default() += 1;
        }
    }
    for (zone, deleted) in deletions {
        if named(&consents.share, &zone) {
            continue;
        }
        let made = world.entry(&zone).is_some_and(|entry| entry.made.is_some());
        let mut writable = 0_usize;
        for (address, seen) in records_of(&zone, world) {
            if never_written(address) && !world.desired.objects().contains_key(address) {
                continue;
            }
            let known = world.entry(address);
            writable += seen
                .parts
                .iter()
                .filter(|part| {
                    let ours = known.is_some_and(|entry| entry.part(&part.part).is_some());
                    // What a redirection brought goes with it, and is none of the zone's values.
                    ours || (!made && part.owner.is_none())
                })
                .count();
        }
        let declared = world.desired.objects().get(&zone);
        let purges = declared
            .and_then(|zone| zone.rules.as_ref())
            .is_some_and(|rules| rules.purge);
        let file_names_any = range_of(&zone, world.desired.objects()).next().is_some();
        if purges && deleted >= writable && !file_names_any {
            findings.push(refusal(
                "guard.emptied-zone",
                Scoped::Zone,
                Some(&zone),
                format!(
                    "the zone would lose all its {writable} values, and the file names none: if that is meant, \
                     --allow-share '{zone}'; else look whether a file or an include is missing"
                ),
            ));
        } else if deleted >= SHARE_FROM
            && deleted * 100 > writable * guards.max_delete_percent as usize
        {
            findings.push(refusal(
                "guard.share",
                Scoped::Zone,
                Some(&zone),
                format!(
                    "{deleted} of {writable} live values would be deleted, more than {} %: if that is meant, \
                     --allow-share '{zone}', or an [[allow]] with share",
                    guards.max_delete_percent
                ),
            ));
        }
    }
}

fn range_of<'a, T>(
    zone: &'a Address,
    objects: &'a BTreeMap<Address, T>,
) -> impl Iterator<Item = (&'a Address, &'a T)> {
    objects
        .range(zone..)
        .take_while(move |(address, _)| {
            address.account == zone.account && address.domain == zone.domain
        })
        .filter(|(address, _)| address.kind == Kind::Record)
}

fn records_of<'a>(
    zone: &'a Address,
    world: &World<'a>,
) -> impl Iterator<Item = (&'a Address, &'a crate::model::Seen)> {
    let live = world.live;
    range_of(zone, &live.objects)
}

fn apex_name_servers(plan: &Plan, consents: &Consents, findings: &mut Vec<Finding>) {
    let mut told: BTreeSet<&Address> = BTreeSet::new();
    for step in &plan.steps {
        let apex = step.address.host_and_type() == Some(("@", "NS"));
        let goes = apex && sends(step.action) && !step.before().is_empty();
        let default = step.reason == crate::model::Cause::ProviderDefault;
        if goes
            && !default
            && !named(&consents.destroy, &step.address)
            && told.insert(&step.address)
        {
            let address = &step.address;
            let zone = address.parent();
            findings.push(refusal(
                "guard.apex-ns",
                Scoped::Zone,
                zone.as_ref(),
                format!(
                    "name servers at the apex would go, and with them the whole zone if the new ones do not serve \
                     it: if that is meant, --allow-destroy '{address}'"
                ),
            ));
        }
    }
}

fn signed_delegation(plan: &Plan, world: &World, findings: &mut Vec<Finding>) {
    for step in &plan.steps {
        let moves = step.address.kind == Kind::Domain
            && &*step.part.0 == "delegation"
            && sends(step.action);
        if !moves {
            continue;
        }
        let domain = &step.address.domain;
        let signed = |seen: &crate::model::Seen| {
            let part = seen.part(&crate::model::Part::new("dnssec"));
            let zone_says =
                part.and_then(|part| part.attrs.data("dnssec")) == Some(&Data::Bool(true));
            zone_says || seen.outputs.data("signed") == Some(&Data::Bool(true))
        };
        let kinds = [Kind::Domain, Kind::Zone];
        let accounts = [
            Some(&step.address.account),
            world
                .desired
                .homes()
                .get(domain)
                .and_then(|home| home.zone.as_ref()),
        ];
        let found = accounts.into_iter().flatten().any(|account| {
            kinds.iter().any(|kind| {
                world
                    .live
                    .objects
                    .get(&Address::of(account, domain, *kind))
                    .is_some_and(&signed)
            })
        });
        if found {
            findings.push(refusal(
                "guard.signed-delegation",
                Scoped::Object,
                Some(&step.address),
                format!(
                    "the zone is signed, and changed name servers would make {domain} unresolvable for everybody who \
                     validates. First write dnssec = false (or remove the keys) and apply, wait until the old DS \
                     record has expired (a day or two), then change name_servers"
                ),
            ));
        }
    }
}

fn emptied_file(world: &World, consents: &Consents, findings: &mut Vec<Finding>) {
    if consents
        .share
        .iter()
        .any(|pattern| pattern.as_str() == "**")
    {
        return;
    }
    for (account, ledger) in world.ledgers {
        let managed: BTreeSet<&str> = ledger
            .entries
            .iter()
            .filter(|(address, entry)| !entry.forgotten && !address.domain.is_empty())
            .map(|(address, _)| &*address.domain)
            .collect();
        let any = world
            .desired
            .objects()
            .keys()
            .any(|address| address.account == *account && managed.contains(&*address.domain));
        if !managed.is_empty() && !any {
            findings.push(refusal(
                "guard.emptied-file",
                Scoped::Plan,
                None,
                format!(
                    "the file names none of the {} domains that the ledger of account {account} holds: a file or an \
                     include is probably missing. If it is meant, --allow-share '**'",
                    managed.len()
                ),
            ));
        }
    }
}

fn many_zones(plan: &Plan, guards: &Guards, consents: &Consents, findings: &mut Vec<Finding>) {
    let mut zones: BTreeSet<Address> = BTreeSet::new();
    for step in plan.steps.iter().filter(|step| sends(step.action)) {
        let zone = match step.address.kind == Kind::Zone {
            true => Some(step.address.clone()),
            false => step
                .address
                .parent()
                .filter(|parent| parent.kind == Kind::Zone),
        };
        zones.extend(zone.filter(|zone| !named(&consents.share, zone)));
    }
    if zones.len() > guards.max_zones as usize {
        findings.push(refusal(
            "guard.many-zones",
            Scoped::Plan,
            None,
            format!(
                "{} zones would be touched, more than {}: if that is meant, --allow-share with a pattern for them, \
                 raise [guard] max_zones, or apply in parts with --target",
                zones.len(),
                guards.max_zones
            ),
        ));
    }
}

fn consents_of_the_file(
    plan: &Plan,
    guards: &Guards,
    today: jiff::civil::Date,
    findings: &mut Vec<Finding>,
) {
    for allow in &guards.allow {
        let expired = allow.until.is_some_and(|until| until < today);
        let used = plan.steps.iter().any(|step| {
            let zone = if step.address.kind == Kind::Record {
                step.address.parent()
            } else {
                None
            };
            let of = |list: &[Pattern]| {
                list.iter().any(|pattern| {
                    pattern.matches(&step.address)
                        || zone.as_ref().is_some_and(|zone| pattern.matches(zone))
                })
            };
            sends(step.action) && (of(&allow.destroy) || of(&allow.share))
        });
        let (code, message) = if expired {
            let until = allow
                .until
                .map(|until| until.to_string())
                .unwrap_or_default();
            (
                "allow.expired",
                format!("this consent ended on {until} and gives nothing any more: remove it"),
            )
        } else if !used {
            (
                "allow.unused",
                "nothing in this plan needs this consent: remove it once it has been used"
                    .to_owned(),
            )
        } else {
            continue;
        };
        findings.push(Finding {
            code,
            severity: if expired {
                Severity::Warning
            } else {
                Severity::Notice
            },
            scope: Scoped::Plan,
            address: None,
            message,
            source: Some(allow.origin.place.clone()),
        });
    }
}

fn ignores(world: &World, today: jiff::civil::Date, findings: &mut Vec<Finding>) {
    for (address, declared) in world.desired.objects() {
        let rules = declared.rules.as_deref();
        for ignore in rules.map(|rules| &*rules.ignore).unwrap_or_default() {
            if let Some(until) = ignore.until.filter(|until| *until < today) {
                findings.push(Finding {
                    code: "ignore.expired",
                    severity: Severity::Warning,
                    scope: Scoped::Zone,
                    address: Some(address.clone()),
                    message: format!(
                        "the ignore of {} {} ended on {until} and holds nothing any more: remove it, or give it a \
                         new day",
                        ignore.host, ignore.rtype
                    ),
                    source: Some(ignore.origin.place.clone()),
                });
            }
        }
    }
}

/// A pattern of `--resend` that names no object whose secret the file writes does nothing, which is told.
fn nothing_to_resend(world: &World, findings: &mut Vec<Finding>) {
    for pattern in &world.intent.resend {
        let written = |declared: &Declared| {
            let secrets = declared.secrets.as_deref().unwrap_or_default();
            secrets.iter().any(|secret| secret.origin.is_some())
        };
        let mut objects = world.desired.objects().iter();
        if !objects.any(|(address, declared)| written(declared) && pattern.matches(address)) {
            findings.push(Finding {
                code: "secret.none-to-resend",
                severity: Severity::Warning,
                scope: Scoped::Plan,
                address: None,
                message: format!(
                    "--resend {:?} names no object of the file that has a password: nothing is sent for it",
                    pattern.as_str()
                ),
                source: None,
            });
        }
    }
}

/// Consents whose star, read as a name, is an object that exists: `record.example.com/*/A` could mean the
/// wildcard record or all of them. They are refused before anything is read.
pub fn ambiguous<'a>(
    patterns: impl Iterator<Item = &'a Pattern>,
    mut exists: impl FnMut(&str) -> bool,
) -> Vec<&'a Pattern> {
    patterns
        .filter(|pattern| {
            let literal = pattern.as_str().replace('*', "\\*");
            pattern.reads_literally_as(&literal) && exists(&literal)
        })
        .collect()
}
