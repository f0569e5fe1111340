//! Many domains, few lines: what is the same is shown once, and nothing of it is lost.

use super::support::{HOSTILE, address, assert_inert, at, attribute, plan_of, plans, step, value};
use bailiwick::diag::Severity;
use bailiwick::ledger::StepId;
use bailiwick::model::{Data, Kind, Value, Via};
use bailiwick::plan::{
    Attribute, Blocked, Cause, Consequence, Finding, Plan, PlanAction, Scoped, Step, file,
};
use bailiwick::render::{Style, View, human, json, markdown};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn shown(plan: &Plan) -> String {
    human::plan(&View::of(plan), Style::default())
}

/// The lines, without the blanks that line columns up.
fn lines(plan: &Plan) -> Vec<String> {
    let one = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    shown(plan).lines().map(one).collect()
}

fn zone(number: u32) -> String {
    format!("z{number:03}.example")
}

/// A step in each of many domains, numbered, through a template and a group.
fn in_each(number: u32, each: impl Fn(&str) -> Step) -> Vec<Step> {
    (1..=number)
        .map(|at_line| {
            let mut step = each(&zone(at_line));
            step.id = StepId(at_line);
            step.source = at("t.toml", 4);
            step.via = Box::new([
                Via {
                    name: "group.parked".into(),
                    file: "groups.toml".into(),
                    line: 10 + at_line,
                },
                Via {
                    name: "template.parked".into(),
                    file: "groups.toml".into(),
                    line: 7,
                },
            ]);
            step
        })
        .collect()
}

fn secret(name: &'static str) -> Attribute {
    Attribute {
        secret: true,
        ..attribute(name, None, None)
    }
}

fn with(step: Step, attributes: Vec<Attribute>) -> Step {
    Step {
        attributes: attributes.into(),
        ..step
    }
}

#[test]
fn equal_changes_of_every_kind_are_one_line() {
    use PlanAction::{Create, Update};
    let new = |kind, zone: &str, name: &str, attributes| {
        with(
            step(1, address(kind, zone, name), Create, Cause::NewInFile),
            attributes,
        )
    };
    let old = |kind, zone: &str, name: &str, cause, attributes| {
        with(
            step(1, address(kind, zone, name), Update, cause),
            attributes,
        )
    };
    let int = |name, number| Attribute {
        after: Some(Value::int(number)),
        ..attribute(name, None, None)
    };
    type Each<'a> = (&'a dyn Fn(&str) -> Step, &'a str);
    let cases: &[Each<'_>] = &[
        (
            &|zone| value(1, (zone, "@/A"), Some("192.0.2.1"), Some("192.0.2.7")),
            "~ record @ A 192.0.2.1 → 192.0.2.7 t.toml:4 edited in file",
        ),
        (
            &|zone| value(1, (zone, "www/CNAME"), None, Some(&format!("{zone}."))),
            "+ record www CNAME {domain}. t.toml:4 new in file",
        ),
        (
            &|zone| {
                let to = attribute("to", None, Some("https://www.example.com/"));
                new(Kind::Redirect, zone, zone, vec![to, int("type", 4)])
            },
            "+ redirect @ → https://www.example.com/, type 4 t.toml:4 new in file",
        ),
        (
            &|zone| {
                let kind = attribute("type", None, Some("pop"));
                new(Kind::Mailbox, zone, "info", vec![secret("password"), kind])
            },
            "+ mailbox info@ type pop, password (secret) t.toml:4 new in file",
        ),
        (
            &|zone| {
                let subject = attribute("subject", Some("Hello"), Some("Away"));
                let cause = Cause::EditedInFile;
                old(Kind::Autoresponder, zone, "info", cause, vec![subject])
            },
            "~ autoresponder info@ subject Hello → Away t.toml:4 edited in file",
        ),
        (
            &|zone| {
                let cause = Cause::SecretChanged;
                let password = vec![secret("password")];
                old(Kind::FtpUser, zone, "deploy", cause, password)
            },
            "~ ftp_user deploy password (secret, changed) t.toml:4 secret changed",
        ),
        (
            &|zone| {
                let dir = attribute("dir", Some("/"), Some("/www"));
                let cause = Cause::EditedInFile;
                let both = vec![dir, secret("password")];
                let mut step = old(Kind::FtpUser, zone, "deploy", cause, both);
                step.consequences = Box::new([Consequence {
                    code: "replaces-password".into(),
                    text: "the password of the file is sent again".into(),
                    until: None,
                }]);
                step
            },
            "~ ftp_user deploy dir / → /www, password (secret, sent with it) t.toml:4 edited in file",
        ),
        (
            &|zone| {
                let mut step = old(
                    Kind::Domain,
                    zone,
                    "",
                    Cause::EditedInFile,
                    vec![attribute("locked", Some("false"), Some("true"))],
                );
                step.part = bailiwick::model::Part::new("settings");
                step
            },
            "~ domain settings locked false → true t.toml:4 edited in file",
        ),
    ];
    let ways = ", from template parked (used at groups.toml:7) in group parked (used at groups.toml:11 and 799 more)";
    for (each, expected) in cases {
        let plan = plan_of(in_each(800, each));
        let lines = lines(&plan);
        let expected = format!("{expected}{ways}");
        assert!(lines.contains(&expected), "{expected}\n{lines:#?}");
        let heading = |line: &&String| line.starts_with("800 ");
        let heading = lines.iter().find(heading).expect("how many");
        assert!(
            heading.ends_with("s: z001.example, z002.example, z003.example and 797 more"),
            "{heading}"
        );
        assert!(lines.len() < 8, "{lines:#?}");
        let comment = markdown::plan(&View::of(&plan));
        assert!(comment.contains(&format!("# {heading}")), "{comment}");
        if expected.contains("sent with it") {
            assert!(comment.contains("replaces-password: the password"));
            assert!(
                lines
                    .iter()
                    .any(|l| l.starts_with("replaces-password: the"))
            );
            assert!(json::plan(&plan).contains("replaces-password"));
        }
    }
}

#[test]
fn what_differs_or_is_seldom_stays_by_itself() {
    let each = |zone: &str| value(1, (zone, "@/A"), Some("192.0.2.1"), Some("192.0.2.7"));
    let alone = |steps: Vec<Step>| View::of(&plan_of(steps)).groups.len();
    assert_eq!(alone(in_each(3, each)), 3, "three are read one by one");
    assert_eq!(alone(in_each(4, each)), 1);
    for change in [
        (|step: &mut Step| step.reason = Cause::ChangedOutside) as fn(&mut Step),
        |step| step.source = at("t.toml", 5),
        |step| step.via[1].name = "template.other".into(),
        |step| step.note = Some("ask legal".into()),
        |step| step.attributes[0].after = Some(Value::list(&["192.0.2.8"])),
        // The name of another domain is not its own.
        |step| step.attributes[0].before = Some(Value::list(&["z001.example."])),
    ] {
        let mut steps = in_each(5, each);
        change(&mut steps[4]);
        assert_eq!(alone(steps), 2);
    }
}

#[test]
fn what_is_lost_is_seen_one_by_one_and_counted_from_thirteen_on() {
    let gone = |zone: &str| value(1, (zone, "@/A"), Some("192.0.2.1"), None);
    let kept = |zone: &str| {
        let mailbox = address(Kind::Mailbox, zone, "info");
        step(1, mailbox, PlanAction::Forget, Cause::NotInFile)
    };
    for (each, sign, said) in [
        (&gone as &dyn Fn(&str) -> Step, "- record @ A", "192.0.2.1"),
        (
            &kept,
            "! mailbox info@",
            "kept: holds data; --allow-destroy ADDRESS to delete it",
        ),
    ] {
        let few = shown(&plan_of(in_each(12, each)));
        assert_eq!(few.matches(sign).count(), 12, "{few}");
        for number in 1..=12 {
            assert!(few.contains(&zone(number)), "{few}");
        }
        let many = lines(&plan_of(in_each(800, each))).join("\n");
        assert_eq!(many.matches(sign).count(), 1, "{many}");
        assert!(many.contains(said), "{many}");
        assert!(
            many.contains("z004.example, z005.example and 795 more\n"),
            "{many}"
        );
    }
}

#[test]
fn the_same_said_with_each_ones_own_name_is_said_once() {
    let mut plan = plan_of(Vec::new());
    for number in 1..=12 {
        let mailbox = address(Kind::Mailbox, &zone(number), "info");
        plan.findings.push(Finding {
            code: "secret.not-comparable",
            severity: Severity::Notice,
            scope: Scoped::Object,
            message: format!("nothing was sent; apply --resend '{mailbox}' sends it"),
            source: at("a.toml", number),
            address: Some(mailbox),
        });
        plan.blocked.push(Blocked {
            address: address(Kind::FtpUser, &zone(number), "deploy"),
            code: "step.waits",
            reason: format!("it waits for hosting.{}, which is held back", zone(number)),
            source: at("a.toml", number),
        });
    }
    let text = lines(&plan).join("\n");
    for said in [
        "notice secret.not-comparable 12 objects: mailbox.info@z001.example, mailbox.info@z002.example, \
         mailbox.info@z003.example and 9 more a.toml:1 and 11 more",
        "nothing was sent; apply --resend 'ADDRESS' sends it",
        "it waits for hosting.{domain}, which is held back",
    ] {
        assert_eq!(text.matches(said).count(), 1, "{said}\n{text}");
    }
    plan.findings.truncate(3);
    plan.blocked.clear();
    let text = shown(&plan);
    assert!(
        text.contains("--resend 'mailbox.info@z002.example' sends"),
        "{text}"
    );
}

#[test]
fn a_subtree_of_what_is_kept_is_counted_with_it() {
    let forget = |id, kind, name: &str| {
        let address = address(kind, "example.com", name);
        step(id, address, PlanAction::Forget, Cause::NotInFile)
    };
    let plan = plan_of(vec![
        forget(1, Kind::Hosting, ""),
        forget(2, Kind::FtpUser, "a"),
        forget(3, Kind::FtpUser, "b"),
        forget(4, Kind::Mailbox, "info"),
        forget(5, Kind::Autoresponder, "info"),
    ]);
    let text = lines(&plan).join("\n");
    assert!(
        text.contains("no longer followed, with 2 objects below it"),
        "{text}"
    );
    assert!(
        text.contains("to delete it, with 1 object below it"),
        "{text}"
    );
}

#[test]
fn a_fingerprint_is_in_no_output_whether_marked_or_not() {
    let print = |text: &str| Some(Value::Known(Data::Print(text.into())));
    let steps = in_each(5, |zone| {
        let user = address(Kind::FtpUser, zone, "deploy");
        let mut step = step(1, user, PlanAction::Update, Cause::ChangedOutside);
        step.attributes = [true, false]
            .map(|secret| Attribute {
                name: "password",
                before: print("$argon2id$canary-before"),
                after: print("$argon2id$canary-after"),
                applied: print("$argon2id$canary-applied"),
                secret,
            })
            .into();
        step
    });
    let plan = plan_of(steps);
    let view = View::of(&plan);
    for text in [
        shown(&plan),
        markdown::plan(&view),
        json::plan(&plan),
        file::write(&plan),
        format!("{view:?}"),
    ] {
        assert!(!text.contains("canary"), "{text}");
        assert!(text.contains("password"), "{text}");
    }
}

#[test]
fn hostile_values_are_inert_in_shared_lines() {
    for text in HOSTILE {
        for own in [false, true] {
            let steps = in_each(20, |zone| {
                let data = if own {
                    format!("{text} {zone}")
                } else {
                    (*text).into()
                };
                let mut step = value(1, (zone, &format!("{text}/TXT")), None, Some(&data));
                step.note = Some((*text).into());
                step
            });
            let mut plan = plan_of(steps);
            for step in &plan.steps {
                plan.blocked.push(Blocked {
                    address: step.address.clone(),
                    code: "step.waits",
                    reason: format!("{text} {}", step.address),
                    source: at(text, step.id.0),
                });
            }
            let view = View::of(&plan);
            assert_eq!(view.rows().count(), 1, "{text:?}");
            assert_eq!(view.blocked.len(), 1, "{text:?}");
            assert_inert(&human::plan(&view, Style::default()));
            assert_inert(&markdown::plan(&view));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Of any plan, repeated over many domains: each step stands behind exactly one row, and each blocked
    /// object is counted once.
    #[test]
    fn counts_add_up(plan in plans(), copies in 1_u32..30) {
        let mut many = plan.clone();
        many.steps.clear();
        many.blocked.clear();
        for copy in 0..copies {
            for step in &plan.steps {
                let mut step = step.clone();
                step.id = StepId(many.steps.len() as u32 + 1);
                step.address.domain = format!("c{copy}.example").into();
                step.needs = Box::default();
                many.steps.push(step);
            }
            for blocked in &plan.blocked {
                let mut blocked = blocked.clone();
                blocked.address.domain = format!("c{copy}.example").into();
                many.blocked.push(blocked);
            }
        }
        let view = View::of(&many);
        let mut behind: Vec<StepId> = view.rows().flat_map(|row| row.steps.clone()).collect();
        behind.sort_unstable();
        let all: Vec<StepId> = many.steps.iter().map(|step| step.id).collect();
        prop_assert_eq!(behind, all);
        let objects: usize = view.blocked.iter().map(|notice| notice.objects).sum();
        prop_assert_eq!(objects, many.blocked.len());
        // JSON is the plan itself: nothing is grouped away.
        let json: serde_json::Value = serde_json::from_str(&json::plan(&many)).expect("JSON");
        let told: BTreeSet<&str> = json["steps"]
            .as_array()
            .expect("steps")
            .iter()
            .map(|step| step["domain"].as_str().expect("a domain"))
            .collect();
        let there: BTreeSet<&str> = many.steps.iter().map(|s| &*s.address.domain).collect();
        prop_assert_eq!(told, there);
    }
}
