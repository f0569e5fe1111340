//! Plans to look at: a small believable one, and random ones.

use bailiwick::diag::{Place, Severity};
use bailiwick::ledger::StepId;
use bailiwick::model::{
    Account, Address, Data, Fingerprint, Ignore, Kind, Later, Origin, Part, Value, Via,
};
use bailiwick::plan::file::digest;
use bailiwick::plan::{
    Attribute, Binds, Blocked, BoundAccount, Cause, Consequence, CostSum, Exactness, Finding, Plan,
    PlanAction, PlanPending, PlanReads, Scope, ScopeId, Scoped, Step, StepCost, Summary,
};
use proptest::prelude::*;
use std::sync::Arc;

pub(crate) fn main_account() -> Account {
    Account::new("main")
}

pub(crate) fn address(kind: Kind, domain: &str, name: &str) -> Address {
    Address {
        account: main_account(),
        domain: domain.into(),
        kind,
        name: name.into(),
    }
}

pub(crate) fn at(file: &str, line: u32) -> Option<Place> {
    Some(Place {
        file: file.into(),
        line,
        column: 1,
    })
}

pub(crate) fn attribute(
    name: &'static str,
    before: Option<&str>,
    after: Option<&str>,
) -> Attribute {
    Attribute {
        name,
        before: before.map(Value::text),
        after: after.map(Value::text),
        applied: None,
        secret: false,
    }
}

pub(crate) fn step(id: u32, address: Address, action: PlanAction, reason: Cause) -> Step {
    Step {
        id: StepId(id),
        address,
        part: Part::object(),
        action,
        kind: Exactness::Exact,
        scope: None,
        reason,
        needs: Box::default(),
        source: None,
        attributes: Box::default(),
        cost: None,
        prior: None,
        consequences: Box::default(),
        note: None,
        via: Box::default(),
    }
}

/// One value of a record set.
pub(crate) fn value(
    id: u32,
    (domain, name): (&str, &str),
    before: Option<&str>,
    after: Option<&str>,
) -> Step {
    let (action, reason) = match (before, after) {
        (None, _) => (PlanAction::Create, Cause::NewInFile),
        (Some(_), None) => (PlanAction::Delete, Cause::NotInFile),
        (Some(_), Some(_)) => (PlanAction::Update, Cause::EditedInFile),
    };
    Step {
        part: Part::new(before.or(after).unwrap_or("")),
        attributes: Box::new([Attribute {
            before: before.map(|text| Value::list(&[text])),
            after: after.map(|text| Value::list(&[text])),
            ..attribute("data", None, None)
        }]),
        ..step(id, address(Kind::Record, domain, name), action, reason)
    }
}

pub(crate) fn plan_of(steps: Vec<Step>) -> Plan {
    let mut plan = Plan {
        tool: "bailiwick 0.1.0".into(),
        created: "2026-11-24T16:00:00Z".into(),
        basis: "live".into(),
        digest: String::new(),
        changes: !steps.is_empty(),
        complete: true,
        left_out: 0,
        binds: Binds::default(),
        summary: Summary::default(),
        cost: CostSum {
            now: "0".into(),
            yearly: "0".into(),
            currency: "EUR".into(),
            limit: "0".into(),
            unknown: 0,
        },
        reads: PlanReads {
            accounts: 1,
            domains: 3,
            records: 41,
            requests: 6,
        },
        steps,
        blocked: Vec::new(),
        scopes: Vec::new(),
        pending: Vec::new(),
        unmanaged: Vec::new(),
        findings: Vec::new(),
    };
    plan.digest = digest(&plan.steps, &plan.scopes);
    plan
}

/// Something of everything.
pub(crate) fn maximal() -> Plan {
    let file = "domains/example.toml";
    let com = "example.com";
    let mut buy = step(
        1,
        address(Kind::Domain, com, ""),
        PlanAction::Create,
        Cause::NewInFile,
    );
    buy.source = at(file, 3);
    buy.attributes = Box::new([Attribute {
        after: Some(Value::int(1)),
        ..attribute("ttl", None, None)
    }]);
    buy.cost = Some(Box::new(StepCost {
        now: Some("14.88".into()),
        yearly: Some("14.88".into()),
        sure: "exact".into(),
    }));
    buy.consequences = Box::new([Consequence {
        code: "non-refundable".into(),
        text: "the price is not paid back".into(),
        until: None,
    }]);
    let mut www = value(2, (com, "www/A"), Some("192.0.2.1"), Some("192.0.2.7"));
    www.source = at(file, 21);
    www.prior = Some(Fingerprint([0; 32]));
    let mut more = value(3, (com, "www/A"), None, Some("192.0.2.8"));
    more.action = PlanAction::Update;
    more.reason = Cause::EditedInFile;
    more.source = at(file, 22);
    let old = value(4, (com, "old/CNAME"), Some("legacy.example.net."), None);
    let mut spf = value(
        5,
        (com, "@/TXT"),
        Some("v=spf1 include:_spf.example.net include:old.example.org -all"),
        Some("v=spf1 include:_spf.example.net include:new.example.org -all"),
    );
    spf.source = at("templates/mail.toml", 9);
    spf.via = Box::new([Via {
        name: "template.mail".into(),
        file: file.into(),
        line: 14,
    }]);
    spf.note = Some("asked for in ticket 4711".into());
    let mut outside = value(6, (com, "mail/A"), Some("203.0.113.9"), Some("192.0.2.25"));
    outside.reason = Cause::ChangedOutside;
    outside.source = at(file, 23);
    outside.attributes[0].applied = Some(Value::list(&["192.0.2.25"]));
    let mut facet = step(
        7,
        address(Kind::Domain, com, ""),
        PlanAction::Update,
        Cause::EditedInFile,
    );
    facet.part = Part::new("delegation");
    facet.source = at(file, 6);
    facet.needs = Box::new([StepId(2), StepId(5)]);
    facet.attributes = Box::new([Attribute {
        before: Some(Value::list(&["ns1.old.example"])),
        after: Some(Value::list(&["dns1.namebay.com", "dns2.namebay.com"])),
        ..attribute("name_servers", None, None)
    }]);
    let mut steps = vec![buy, www, more, old, spf, outside, facet];
    for (at_line, n) in (8..).zip(1..=5) {
        let zone = format!("parked{n}.example");
        let mut park = value(
            at_line,
            (&zone, "@/A"),
            Some("192.0.2.1"),
            Some("192.0.2.7"),
        );
        park.source = at("t.toml", 4);
        park.via = Box::new([Via {
            name: "template.parked".into(),
            file: "parked.toml".into(),
            line: at_line,
        }]);
        steps.push(park);
    }
    let mut deferred = step(
        13,
        address(Kind::Record, "new.example", "@/A"),
        PlanAction::Create,
        Cause::NewInFile,
    );
    deferred.kind = Exactness::Deferred;
    deferred.scope = Some(ScopeId(1));
    deferred.attributes = Box::new([Attribute {
        after: Some(Value::Later(Box::new(Later {
            of: address(Kind::Zone, "new.example", ""),
            field: "name",
            append: "/x".into(),
        }))),
        ..attribute("data", None, None)
    }]);
    let zone = step(
        14,
        address(Kind::Zone, "new.example", ""),
        PlanAction::Create,
        Cause::NewInFile,
    );
    let mut keep = step(
        15,
        address(Kind::Mailbox, com, "sales"),
        PlanAction::Forget,
        Cause::NotInFile,
    );
    keep.source = None;
    steps.extend([zone, deferred, keep]);
    for (id, host) in (16..).zip(["a/A", "b/A", "c/A", "d/A"]) {
        steps.push(step(
            id,
            address(Kind::Record, com, host),
            PlanAction::Adopt,
            Cause::Adopted,
        ));
    }
    let mut plan = plan_of(steps);
    plan.summary = Summary {
        create: 3,
        update: 9,
        delete: 1,
        adopt: 4,
        forget: 1,
        blocked: 1,
        unmanaged: 1,
        unchanged: 12,
        replace: 0,
    };
    plan.cost.now = "14.88".into();
    plan.cost.yearly = "14.88".into();
    plan.cost.unknown = 1;
    plan.complete = false;
    plan.left_out = 3;
    plan.binds = Binds {
        config: "sha256:11".into(),
        ledger: [("main".to_string(), "L1".to_string())].into(),
        accounts: vec![BoundAccount {
            label: "main".into(),
            provider: "namebay".into(),
            endpoint: "https://rest.namebay.com".into(),
            user: "AA111111".into(),
        }],
        targets: vec!["--exclude zone.other.example".into()],
    };
    plan.scopes = vec![Scope {
        id: ScopeId(1),
        top: address(Kind::Zone, "new.example", ""),
        after: Some(StepId(14)),
        purge: true,
        ignore: Box::new([Ignore {
            host: "_acme-challenge*".into(),
            rtype: "TXT".into(),
            reason: "made by the web server".into(),
            until: Some(jiff::civil::date(2027, 1, 31)),
            origin: Origin {
                place: at(file, 30).expect("a place"),
                via: None,
                note: None,
            },
        }]),
        owned: Box::new(["_dnsauth".into()]),
    }];
    plan.blocked = vec![Blocked {
        address: address(Kind::Domain, "other.example", ""),
        code: "domain.not-owned",
        reason:
            "it is in none of the accounts; write registrar = \"external\", or period = 1 to buy it"
                .into(),
        source: at(file, 40),
    }];
    plan.pending = vec![PlanPending {
        id: 1,
        address: address(Kind::Domain, "slow.example", ""),
        order: "T-77".into(),
        since: "2026-11-20T10:00:00Z".into(),
        state: "waiting".into(),
        goal: "registered".into(),
        action: Some("confirm the mail sent to jane@example.com".into()),
    }];
    plan.unmanaged = vec![address(Kind::Record, com, "ftp/A")];
    plan.findings = vec![
        Finding {
            code: "ignore.expired",
            severity: Severity::Warning,
            scope: Scoped::Object,
            address: None,
            message: "an ignore has ended on 2026-10-31; take it out or give it a new day".into(),
            source: at(file, 31),
        },
        Finding {
            code: "guard.share",
            severity: Severity::Error,
            scope: Scoped::Zone,
            address: Some(address(Kind::Zone, com, "")),
            message: "4 of 9 values would be deleted, more than 30 percent; [[allow]] share lets it through"
                .into(),
            source: None,
        },
    ];
    plan.digest = digest(&plan.steps, &plan.scopes);
    plan
}

/// Texts that try to get out of what they stand in.
pub(crate) const HOSTILE: &[&str] = &[
    "\u{1b}[31mred\u{1b}[0m",
    "\u{9b}2J",
    "a\u{202e}gnp.exe",
    "zero\u{200b}width\u{feff}",
    "\n::error::broken",
    "::error file=a,line=1::x",
    "##[error]x",
    "##vso[task.setvariable]x",
    "```\n# out\n<script>alert(1)</script>",
    "````` ~~~~",
    "<img src=x onerror=alert(1)>",
    "| a | b |",
    "@everyone [x](javascript:alert(1))",
    "</code></pre>",
    "\r\nSet-Cookie: x",
    "\u{2028}line\u{2029}",
    "\u{e0041}\u{fe0f}",
    "\\u{1b} \"quoted\" 'x'",
];

/// Marks that must be in no output, whatever went in.
pub(crate) fn assert_inert(text: &str) {
    for (at, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        assert!(!trimmed.starts_with("::"), "line {at} commands: {line:?}");
        assert!(!line.contains("##["), "line {at} commands: {line:?}");
        assert!(!line.contains("##vso["), "line {at} commands: {line:?}");
        for c in line.chars() {
            assert!(
                !bailiwick::plan::file::text::hidden(c),
                "hidden {c:?} in line {at}: {line:?}"
            );
        }
    }
    assert!(!text.contains('\r'));
}

/// A plan in which every text that can be hostile is.
pub(crate) fn hostile_plan(text: &str) -> Plan {
    let mut plan = maximal();
    for step in &mut plan.steps {
        step.note = Some(text.into());
        step.consequences = Box::new([Consequence {
            code: text.into(),
            text: text.into(),
            until: Some(text.into()),
        }]);
        step.via = Box::new([Via {
            name: text.into(),
            file: text.into(),
            line: 1,
        }]);
        step.source = at(text, 1);
        step.part = Part::new(text);
        step.address.name = text.into();
        for attribute in &mut step.attributes {
            let data = if attribute.name == "data" {
                Data::List(Box::new([format!("{text}{}", step.id.0).into()]))
            } else {
                Data::List(Box::new([text.into(), text.into()]))
            };
            attribute.after = attribute.after.as_ref().map(|_| Value::Known(data.clone()));
            attribute.applied = Some(Value::Known(data));
        }
    }
    for blocked in &mut plan.blocked {
        blocked.reason = text.into();
        blocked.address.domain = format!("x{text}").into();
        blocked.source = at(text, 2);
    }
    for finding in &mut plan.findings {
        finding.message = text.into();
        finding.source = at(text, 3);
    }
    for pending in &mut plan.pending {
        pending.order = text.into();
        pending.since = text.into();
        pending.state = text.into();
        pending.goal = text.into();
        pending.action = Some(text.into());
        pending.address.name = text.into();
    }
    for unmanaged in &mut plan.unmanaged {
        unmanaged.name = text.into();
    }
    plan.binds.targets = vec![text.into()];
    plan.cost.currency = text.into();
    plan.tool = text.into();
    plan.digest = digest(&plan.steps, &plan.scopes);
    plan
}

// ---- random plans

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z0-9@*\\\\ ./-]{0,12}",
        2 => proptest::sample::select(HOSTILE).prop_map(String::from),
        1 => any::<String>(),
    ]
}

fn addresses() -> impl Strategy<Value = Address> {
    let account = prop_oneof![Just("main"), Just("acme"), Just("example.com")];
    let domain = prop_oneof![
        Just("example.com"),
        Just("xn--bcher-kva.example"),
        Just("a.b")
    ];
    let kind = proptest::sample::select(&Kind::ALL[..]);
    (account, domain, kind, words()).prop_map(|(account, domain, kind, name)| {
        let by_domain = matches!(
            kind,
            Kind::Domain | Kind::Zone | Kind::RedirectService | Kind::Mail | Kind::Hosting
        );
        let name = if by_domain {
            String::new()
        } else if kind == Kind::Record {
            format!("{}/TXT", name.replace('/', "-"))
        } else if name.is_empty() {
            "x".into()
        } else {
            name
        };
        let domain: Arc<str> = if kind == Kind::Contact { "" } else { domain }.into();
        Address {
            account: Account::new(account),
            domain,
            kind,
            name: name.into(),
        }
    })
}

fn values() -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        Just(None),
        words().prop_map(|text| Some(Value::text(&text))),
        any::<i64>().prop_map(|number| Some(Value::int(number))),
        any::<bool>().prop_map(|yes| Some(Value::bool(yes))),
        proptest::collection::vec(words(), 0..4).prop_map(|items| Some(Value::list(&items))),
        (addresses(), words()).prop_map(|(of, append)| Some(Value::Later(Box::new(Later {
            of,
            field: "dir",
            append: append.into(),
        })))),
    ]
}

fn attributes() -> impl Strategy<Value = Attribute> {
    let name = proptest::sample::select(bailiwick::model::attrs::NAMES);
    (name, values(), values(), values(), any::<bool>()).prop_map(
        |(name, before, after, applied, secret)| {
            if secret {
                return Attribute {
                    name,
                    before: None,
                    after: None,
                    applied: None,
                    secret,
                };
            }
            Attribute {
                name,
                before,
                after,
                applied,
                secret,
            }
        },
    )
}

fn places() -> impl Strategy<Value = Place> {
    (words(), any::<u32>(), any::<u32>()).prop_map(|(file, line, column)| Place {
        file: file.into(),
        line,
        column,
    })
}

fn vias() -> impl Strategy<Value = Box<[Via]>> {
    proptest::collection::vec(
        (words(), words(), any::<u32>()).prop_map(|(name, file, line)| Via {
            name: name.into(),
            file: file.into(),
            line,
        }),
        0..3,
    )
    .prop_map(Box::from)
}

fn steps() -> impl Strategy<Value = Step> {
    use Cause::{Both, ChangedOutside, EditedInFile, ForcedBy, NewInFile, NotInFile};
    use PlanAction::{Adopt, Create, Delete, Forget, Update};
    let cost = (any::<bool>(), words()).prop_map(|(known, sure)| StepCost {
        now: known.then(|| "14.40".to_owned()),
        yearly: None,
        sure,
    });
    let consequence = (words(), words(), proptest::option::of(words()))
        .prop_map(|(code, text, until)| Consequence { code, text, until });
    let what = (
        addresses(),
        words(),
        proptest::sample::select(&[Create, Update, Delete, Adopt, Forget][..]),
        proptest::sample::select(
            &[
                Both,
                ChangedOutside,
                EditedInFile,
                ForcedBy,
                NewInFile,
                NotInFile,
            ][..],
        ),
        any::<bool>(),
        proptest::option::of(places()),
    );
    let how = (
        proptest::collection::vec(attributes(), 0..4),
        proptest::option::of(cost),
        proptest::option::of(any::<[u8; 32]>()),
        proptest::collection::vec(consequence, 0..2),
        proptest::option::of(words()),
        vias(),
    );
    (what, how).prop_map(
        |(
            (address, part, action, reason, exact, source),
            (attributes, cost, prior, consequences, note, via),
        )| Step {
            id: StepId(0),
            address,
            part: Part::new(&part),
            action,
            kind: if exact {
                Exactness::Exact
            } else {
                Exactness::Deferred
            },
            scope: None,
            reason,
            needs: Box::default(),
            source,
            attributes: attributes.into(),
            cost: cost.map(Box::new),
            prior: prior.map(Fingerprint),
            consequences: consequences.into(),
            note: note.map(Box::from),
            via,
        },
    )
}

fn scopes() -> impl Strategy<Value = Scope> {
    let ignore = (
        words(),
        words(),
        places(),
        vias(),
        proptest::option::of(words()),
    )
        .prop_map(|(host, reason, place, via, note)| Ignore {
            host: host.into(),
            rtype: "TXT".into(),
            reason: reason.into(),
            until: None,
            origin: Origin {
                place,
                via: (!via.is_empty()).then(|| Arc::from(via)),
                note: note.map(Arc::from),
            },
        });
    (
        addresses(),
        any::<bool>(),
        proptest::collection::vec(ignore, 0..2),
        proptest::collection::vec(words(), 0..3),
    )
        .prop_map(|(top, purge, ignore, owned)| Scope {
            id: ScopeId(0),
            top,
            after: None,
            purge,
            ignore: ignore.into(),
            owned: owned.into_iter().map(Box::from).collect(),
        })
}

/// Plans of any content whose numbers hold.
pub(crate) fn plans() -> impl Strategy<Value = Plan> {
    let finding = (
        proptest::option::of(addresses()),
        words(),
        proptest::option::of(places()),
    )
        .prop_map(|(address, message, source)| Finding {
            code: "guard.share",
            severity: Severity::Error,
            scope: Scoped::Zone,
            address,
            message,
            source,
        });
    let blocked = (addresses(), words(), proptest::option::of(places())).prop_map(
        |(address, reason, source)| Blocked {
            address,
            code: "domain.not-owned",
            reason,
            source,
        },
    );
    let pending = (addresses(), words(), words(), proptest::option::of(words())).prop_map(
        |(address, order, state, action)| PlanPending {
            id: 1,
            address,
            order,
            since: "2026-11-24T16:00:00Z".into(),
            state,
            goal: "raised".into(),
            action,
        },
    );
    (
        proptest::collection::vec((steps(), any::<u32>()), 0..8),
        proptest::collection::vec((scopes(), any::<u32>()), 0..3),
        proptest::collection::vec(finding, 0..3),
        proptest::collection::vec(blocked, 0..3),
        proptest::collection::vec(pending, 0..2),
        proptest::collection::vec(addresses(), 0..4),
        words(),
    )
        .prop_map(
            |(steps, scopes, findings, blocked, pending, unmanaged, text)| {
                let number = steps.len() as u32;
                let scope_number = scopes.len() as u32;
                let steps = (1..)
                    .zip(steps)
                    .map(|(id, (mut step, seed))| {
                        step.id = StepId(id);
                        step.needs = (1..id)
                            .filter(|need| seed >> need & 1 == 1)
                            .map(StepId)
                            .collect();
                        step.scope = (scope_number > 0 && seed & 1 == 1)
                            .then(|| ScopeId(seed % scope_number + 1));
                        step
                    })
                    .collect();
                let mut plan = plan_of(steps);
                plan.scopes = (1..)
                    .zip(scopes)
                    .map(|(id, (mut scope, seed))| {
                        scope.id = ScopeId(id);
                        scope.after =
                            (number > 0 && seed & 1 == 1).then(|| StepId(seed % number + 1));
                        scope
                    })
                    .collect();
                plan.findings = findings;
                plan.blocked = blocked;
                plan.pending = pending;
                plan.unmanaged = unmanaged;
                plan.binds.targets = vec![text.clone()];
                plan.tool = text;
                plan.digest = digest(&plan.steps, &plan.scopes);
                plan
            },
        )
}
