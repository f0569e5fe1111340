//! The plan as a comment on a pull request.

use super::support::{HOSTILE, assert_inert, at, hostile_plan, maximal, plan_of, value};
use bailiwick::model::Via;
use bailiwick::plan::{Plan, Step};
use bailiwick::render::{View, markdown};

fn shown(plan: &Plan) -> String {
    markdown::plan(&View::of(plan))
}

/// Lines outside of fenced blocks, found as CommonMark finds them.
fn outside(text: &str) -> Vec<&str> {
    let mut fence: Option<usize> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let ticks = line
            .trim_start_matches(' ')
            .chars()
            .take_while(|c| *c == '`')
            .count();
        let info = line.trim_start_matches([' ', '`']);
        match fence {
            None if indent < 4 && ticks >= 3 && !info.contains('`') => fence = Some(ticks),
            None => lines.push(line),
            Some(open) if indent < 4 && ticks >= open && info.trim().is_empty() => fence = None,
            Some(_) => {}
        }
    }
    assert_eq!(fence, None, "a fence is open at the end");
    lines
}

#[test]
fn a_plan_for_a_pull_request() {
    let mut plan = maximal();
    let whole = shown(&plan);
    for part in [
        "**Under way**",
        "pending  waiting  domain.slow.example",
        "**Unmanaged**",
        "record.example.com/ftp/A",
        "warning  ignore.expired",
    ] {
        assert!(whole.contains(part), "{part}");
    }
    plan.pending.clear();
    plan.unmanaged.clear();
    plan.findings.remove(0);
    let text = shown(&plan);
    assert!(text.starts_with(markdown::MARKER));
    insta::assert_snapshot!(text);
}

#[test]
fn nothing_hostile_gets_out_of_its_fence() {
    let usual: Vec<String> = outside(&shown(&maximal()))
        .into_iter()
        .map(String::from)
        .collect();
    for text in HOSTILE {
        let shown = shown(&hostile_plan(text));
        assert_inert(&shown);
        for line in outside(&shown) {
            assert!(
                usual.iter().any(|known| known == line),
                "{text:?} got out: {line:?}"
            );
        }
    }
}

fn deletions(number: u32, length: usize) -> Vec<Step> {
    (1..=number)
        .map(|id| {
            let data = format!("{id}{}", "`\u{202e}é".repeat(length));
            value(
                id,
                (&format!("zone{id}.example"), "@/TXT"),
                Some(&data),
                None,
            )
        })
        .collect()
}

#[test]
fn it_fits_whatever_the_plan_and_counts_what_is_left_out() {
    for (number, length) in [(1, 0), (300, 1), (300, 300), (3000, 3), (40, 20_000)] {
        let mut steps = deletions(number, length);
        let mut made = value(number + 1, ("made.example", "@/A"), None, Some("192.0.2.1"));
        made.source = at(&"f".repeat(5000), 1);
        made.note = Some("n".repeat(100_000).into());
        steps.push(made);
        let mut plan = plan_of(steps);
        plan.binds.targets = vec!["t".repeat(100_000)];
        plan.complete = false;
        plan.findings = maximal().findings;
        plan.findings[0].message = "m".repeat(100_000);
        let text = shown(&plan);
        assert!(
            text.len() <= markdown::MOST,
            "{number} × {length}: {}",
            text.len()
        );
        outside(&text);
        let destroyed = text
            .lines()
            .filter(|line| line.starts_with("- record @ TXT"))
            .count();
        if destroyed < number as usize {
            let left = format!("{} changes under “Destroyed”", number as usize - destroyed);
            assert!(text.contains(&left), "{left} is not told");
            assert!(
                text.len() > markdown::MOST - 6_000,
                "room is left: {}",
                text.len()
            );
        } else {
            assert!(!text.contains("under “Destroyed”"));
        }
        assert!(text.contains("Plan: 0 to create"), "the summary is there");
    }
}

#[test]
fn eight_hundred_equal_changes_are_one_line() {
    let steps: Vec<Step> = (1..=800)
        .map(|id| {
            let zone = format!("z{id:03}.example");
            let mut step = value(id, (&zone, "@/A"), Some("192.0.2.1"), Some("192.0.2.7"));
            step.source = at("t.toml", 4);
            step.via = Box::new([Via {
                name: "template.parked".into(),
                file: "parked.toml".into(),
                line: id,
            }]);
            step
        })
        .collect();
    let text = shown(&plan_of(steps));
    let line =
        "~ record @ A   192.0.2.1 → 192.0.2.7   t.toml:4   edited in file, from template parked";
    assert!(text.contains(line), "{text}");
    assert!(text.contains("# 800 zones: z001.example, z002.example, z003.example and 797 more"));
    assert!(text.lines().count() < 20, "{text}");
}
