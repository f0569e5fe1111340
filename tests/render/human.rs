//! The plan for people.

use super::support::{
    HOSTILE, address, assert_inert, at, attribute, hostile_plan, maximal, plan_of, step, value,
};
use bailiwick::model::{Account, Kind, Value};
use bailiwick::plan::{Attribute, Blocked, Cause, Plan, PlanAction, Step, StepCost, file};
use bailiwick::render::{Colour, Style, View, human, markdown};

#[test]
fn a_plan_for_people() {
    let plan = maximal();
    insta::assert_snapshot!(human::plan(&View::of(&plan), Style::default()));
}

#[test]
fn hostile_values_are_inert() {
    for text in HOSTILE {
        let shown = human::plan(&View::of(&hostile_plan(text)), Style::default());
        assert_inert(&shown);
    }
}

#[test]
fn colour_adds_escapes_and_nothing_else() {
    let view = View::of(&maximal());
    let plain = human::plan(&view, Style::default());
    let coloured = human::plan(
        &view,
        Style {
            colour: Colour::Yes,
            ..Style::default()
        },
    );
    assert!(!plain.contains('\u{1b}'));
    assert!(coloured.contains('\u{1b}'));
    assert_eq!(console::strip_ansi_codes(&coloured), plain);
}

fn shown(plan: &Plan) -> String {
    human::plan(&View::of(plan), Style::default())
}

/// The first line that holds a text, without the blanks that line columns up.
fn line(text: &str, part: &str) -> String {
    let line = text.lines().find(|line| line.contains(part));
    let line = line.unwrap_or_else(|| panic!("{part:?} is not in:\n{text}"));
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_summary_line_is_to_the_word() {
    let mut plan = plan_of(Vec::new());
    let last = |plan: &Plan| {
        shown(plan)
            .lines()
            .last()
            .map(String::from)
            .unwrap_or_default()
    };
    assert_eq!(
        last(&plan),
        "Plan: 0 to create, 0 to change, 0 to replace, 0 to destroy, 0 to adopt, 0 to forget. \
         Cost now 0.00 EUR (limit 0 EUR), per year 0.00 EUR."
    );
    for (amount, printed) in [
        ("0.00", "0.00"),
        ("14.4", "14.40"),
        ("14.88000", "14.88"),
        ("1200", "1200.00"),
        ("0.125", "0.125"),
    ] {
        plan.cost.now = amount.into();
        assert!(
            last(&plan).contains(&format!("Cost now {printed} EUR (")),
            "{amount}"
        );
    }
    for (limit, printed) in [("0.00", "0"), ("20", "20.00"), ("12.50", "12.50")] {
        plan.cost.limit = limit.into();
        assert!(
            last(&plan).contains(&format!("(limit {printed} EUR)")),
            "{limit}"
        );
    }
    plan.reads.accounts = 2;
    plan.reads.domains = 1;
    plan.reads.records = 0;
    plan.reads.requests = 1;
    assert_eq!(
        shown(&plan).lines().next(),
        Some("bailiwick plan · 2 accounts · 1 domain, 0 records read in 1 request")
    );
    assert!(shown(&plan).contains("Nothing to do: 0 objects as the file says."));
}

#[test]
fn what_is_destroyed_and_what_was_changed_outside_stand_first() {
    let mut outside = value(
        1,
        ("m.example", "@/A"),
        Some("192.0.2.1"),
        Some("192.0.2.2"),
    );
    outside.reason = Cause::Both;
    let plan = plan_of(vec![
        value(2, ("a.example", "@/A"), None, Some("192.0.2.1")),
        value(3, ("z.example", "@/A"), None, Some("192.0.2.3")),
        outside,
        value(4, ("z.example", "www/A"), Some("192.0.2.4"), None),
    ]);
    let text = shown(&plan);
    let order: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .collect();
    let headings: Vec<&&str> = order.iter().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(headings, [&"z.example", &"m.example", &"a.example"]);
    assert!(order[1].trim().starts_with("- record www A"), "{text}");
}

#[test]
fn eight_hundred_equal_changes_are_one_line() {
    let mut steps: Vec<Step> = (1..=800)
        .map(|id| {
            let zone = format!("z{id:03}.example");
            let mut step = value(id, (&zone, "@/A"), Some("192.0.2.1"), Some("192.0.2.7"));
            step.source = at("t.toml", 4);
            step
        })
        .collect();
    steps[17].attributes[0].before = Some(Value::list(&["198.51.100.1"]));
    let text = shown(&plan_of(steps));
    assert!(text.contains("  799 zones: z001.example, z002.example, z003.example and 796 more\n"));
    assert_eq!(
        line(&text, "192.0.2.1 →"),
        "~ record @ A 192.0.2.1 → 192.0.2.7 t.toml:4 edited in file"
    );
    // The one that differs keeps its own.
    assert!(text.contains("  z018.example\n"));
    assert!(text.lines().count() < 12, "{text}");
}

#[test]
fn what_costs_is_never_folded_and_what_holds_value_is_seen_one_by_one() {
    let steps: Vec<Step> = (1..=5)
        .flat_map(|id| {
            let zone = format!("z{id}.example");
            let mut buy = step(
                id,
                address(Kind::Domain, &zone, ""),
                PlanAction::Create,
                Cause::NewInFile,
            );
            buy.cost = Some(Box::new(StepCost {
                now: Some("12".into()),
                yearly: Some("14.5".into()),
                sure: "at-most".into(),
            }));
            let keep = step(
                id + 10,
                address(Kind::Mailbox, &zone, "info"),
                PlanAction::Forget,
                Cause::NotInFile,
            );
            [buy, keep]
        })
        .collect();
    let text = shown(&plan_of(steps));
    assert_eq!(
        text.matches("at most 12.00 EUR, 14.50 EUR a year").count(),
        5
    );
    assert_eq!(text.matches("! mailbox info@").count(), 5);
    assert!(
        text.contains("kept: holds data; --allow-destroy mailbox.info@z1.example to delete it")
    );
}

#[test]
fn a_subtree_is_forgotten_in_one_line() {
    let forget = |id, kind, name: &str| {
        step(
            id,
            address(kind, "example.com", name),
            PlanAction::Forget,
            Cause::NotInFile,
        )
    };
    let mut steps = vec![forget(1, Kind::Zone, ""), forget(2, Kind::Domain, "")];
    steps.extend((3..15).map(|id| forget(id, Kind::Record, &format!("{id}/A"))));
    let text = shown(&plan_of(steps));
    assert!(text.contains("· zone"), "{text}");
    assert!(text.contains("with 12 objects below it"), "{text}");
    assert!(text.contains("! domain"), "{text}");
    assert!(!text.contains("record 3 A"), "{text}");
}

#[test]
fn a_replacement_is_one_row() {
    let key = address(Kind::NsKey, "example.com", "1111");
    let plan = plan_of(vec![
        step(1, key.clone(), PlanAction::Delete, Cause::ForcedBy),
        step(2, key, PlanAction::Create, Cause::EditedInFile),
    ]);
    assert_eq!(
        line(&shown(&plan), "±"),
        "± ns_key 1111 to be destroyed and made again forced by another change, edited in file"
    );
}

#[test]
fn values_of_a_set_are_one_row_and_a_value_that_goes_is_a_loss() {
    let one = value(
        1,
        ("a.example", "@/A"),
        Some("192.0.2.1"),
        Some("192.0.2.7"),
    );
    let mut more = value(2, ("a.example", "@/A"), None, Some("192.0.2.8"));
    let mut less = value(3, ("a.example", "@/A"), Some("192.0.2.9"), None);
    for step in [&mut more, &mut less] {
        step.action = PlanAction::Update;
        step.reason = Cause::EditedInFile;
    }
    let view = View::of(&plan_of(vec![one, more, less]));
    let rows: Vec<_> = view.rows().collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].rank, bailiwick::render::view::Rank::Destroyed);
    assert_eq!(rows[0].steps.len(), 3);
    assert_eq!(
        line(&human::plan(&view, Style::default()), "~ record"),
        "~ record @ A 192.0.2.1 → 192.0.2.7, + 192.0.2.8, - 192.0.2.9 edited in file"
    );
}

#[test]
fn long_values_are_shortened_with_their_length_and_what_differs_is_seen() {
    let key = |end: &str| {
        format!(
            "v=DKIM1; k=rsa; p={}{end}",
            "MIIBIjANBgkqhkiG9w0B".repeat(30)
        )
    };
    let (old, new) = (key("OLDOLD"), key("NEWNEW"));
    let plan = plan_of(vec![
        value(1, ("a.example", "s._domainkey/TXT"), Some(&old), Some(&new)),
        value(2, ("a.example", "t._domainkey/TXT"), None, Some(&new)),
    ]);
    let text = shown(&plan);
    assert!(text.contains("[-OLDOLD-]{+NEWNEW+}"), "{text}");
    assert!(text.contains("… (624 characters)"), "{text}");
    assert!(
        text.lines().all(|line| line.chars().count() < 200),
        "{text}"
    );
}

#[test]
fn a_secret_is_shown_as_changed_and_never_its_value() {
    let mut step = step(
        1,
        address(Kind::Mailbox, "a.example", "info"),
        PlanAction::Update,
        Cause::SecretChanged,
    );
    step.attributes = Box::new([Attribute {
        secret: true,
        ..attribute("name", Some("hunter1"), Some("hunter2"))
    }]);
    let plan = plan_of(vec![step]);
    let text = shown(&plan);
    assert!(text.contains("name (secret, changed)"), "{text}");
    for text in [text, file::write(&plan), markdown::plan(&View::of(&plan))] {
        assert!(!text.contains("hunter"), "{text}");
    }
}

#[test]
fn the_same_said_of_many_is_said_once() {
    let mut plan = plan_of(Vec::new());
    for number in 1..=9 {
        plan.blocked.push(Blocked {
            address: address(Kind::Domain, &format!("d{number}.example"), ""),
            code: "domain.not-owned",
            reason: "it is in none of the accounts".into(),
            source: at("a.toml", number),
        });
    }
    let text = shown(&plan);
    assert_eq!(text.matches("domain.not-owned").count(), 1);
    assert!(
        text.contains(
            "9 objects: domain.d1.example, domain.d2.example, domain.d3.example and 6 more"
        ),
        "{text}"
    );
}

#[test]
fn headings_name_accounts_where_there_are_several() {
    let one = value(1, ("a.example", "@/A"), None, Some("192.0.2.1"));
    let mut two = value(2, ("b.example", "@/A"), None, Some("192.0.2.1"));
    two.address.account = Account::new("acme");
    assert!(shown(&plan_of(vec![one.clone()])).contains("  a.example\n"));
    let text = shown(&plan_of(vec![one, two]));
    assert!(text.contains("  a.example · main\n"), "{text}");
    assert!(text.contains("  b.example · acme\n"), "{text}");
}

#[test]
fn what_was_read_back_is_shown_as_what_was_planned() {
    let plan = maximal();
    let back = file::read(&file::write(&plan)).expect("it was just written");
    assert_eq!(shown(&back), shown(&plan));
}

#[test]
fn what_an_approval_leaves_open_is_said() {
    let mut plan = maximal();
    let said = "once it is there it is read: what the provider put into it and the file does not name is removed";
    assert!(shown(&plan).contains(said));
    plan.scopes[0].after = None;
    let text = shown(&plan);
    assert!(
        text.contains(&format!("zone.new.example: {said}.")),
        "{text}"
    );
    plan.scopes[0].purge = false;
    assert!(shown(&plan).contains("gives way to what the file names"));
}
