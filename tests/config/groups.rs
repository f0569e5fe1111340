//! Groups, defaults and several files: what is nearest, what adds up, and what cannot stand together.

use super::support::{ACCOUNT, Memory, line, load, problems};
use bailiwick::config::{self, Loaded, Trusted};
use bailiwick::model::dns::Apex;
use bailiwick::model::{Address, Data, Value};
use std::path::Path;

fn loaded(files: &[(&str, &str)]) -> Loaded {
    let (loaded, lines) = load(files);
    assert_eq!(lines, [""; 0]);
    loaded.expect("a configuration")
}

fn of_one(text: &str) -> Loaded {
    loaded(&[("t.toml", &format!("{text}{ACCOUNT}"))])
}

/// `address part attribute=value … file:line via name file:line`, one a part that says something.
fn parts(loaded: &Loaded) -> Vec<String> {
    let mut out = Vec::new();
    for (address, object) in &loaded.desired.objects {
        for wanted in &object.parts {
            let mut line = format!("{address} {}", wanted.part.0);
            for (name, value) in wanted.attrs.iter() {
                line += &match value {
                    Value::Known(Data::Text(text)) => format!(" {name}={text}"),
                    Value::Known(other) => format!(" {name}={}", other.to_json()),
                    Value::Later { .. } => format!(" {name}=later"),
                };
            }
            let place = &wanted.origin.place;
            line += &format!(" {}:{}", place.file, place.line);
            for via in wanted.origin.via.iter().flat_map(|via| via.iter()) {
                line += &format!(" via {} {}:{}", via.name, via.file, via.line);
            }
            if !wanted.attrs.is_empty() {
                out.push(line);
            }
        }
    }
    out
}

#[test]
fn a_domain_is_completed_from_its_groups_and_each_value_knows_its_way() {
    let loaded = loaded(&[
        (
            "first.toml",
            &format!(
                "[bailiwick]\ninclude = [\"*.toml\"]\n{ACCOUNT}[defaults]\nzone.ttl = 60\nwhois_privacy = true\n\
                 [template.mail]\nrecords = [\n  {{ host = \"@\", type = \"MX\", priority = 1, data = \"{{mx}}\" }},\n]\n"
            ),
        ),
        (
            "g.toml",
            r#"[group.parked]
domains = [
  "exmaple.com",
  "Bücher.example",
]
locked = true
auto_renew = false
vars = { mx = "mx.example.net." }
[group.parked.zone]
templates = ["mail"]
records = [
  { host = "@", type = "TXT", data = ["id={domain}", "%{i} {domain-dashed}"] },
]
"#,
        ),
        (
            "shop.toml",
            r#"[defaults]
zone.ttl = 90
[domain."xn--bcher-kva.example"]
locked = false
vars = { mx = "{domain}.example.org." }
[domain."xn--bcher-kva.example".zone]
templates = ["mail"]
records = [
  { host = "a", type = "TXT", data = "{domain}" },
]
"#,
        ),
    ]);
    assert_eq!(
        parts(&loaded),
        [
            "domain.exmaple.com settings auto_renew=false locked=true whois_privacy=true g.toml:6 via group.parked g.toml:3",
            "zone.exmaple.com ttl ttl=60 first.toml:10",
            "record.exmaple.com/@/MX 1 mx.example.net. data=1 mx.example.net. first.toml:14 via group.parked g.toml:3 via template.mail g.toml:10",
            "record.exmaple.com/@/TXT %{i} exmaple-com data=%{i} exmaple-com g.toml:12 via group.parked g.toml:3",
            "record.exmaple.com/@/TXT id=exmaple.com data=id=exmaple.com g.toml:12 via group.parked g.toml:3",
        ]
        .into_iter()
        .chain([
            "domain.xn--bcher-kva.example settings auto_renew=false locked=false whois_privacy=true g.toml:7 via group.parked g.toml:4",
            "zone.xn--bcher-kva.example ttl ttl=90 shop.toml:2",
            "record.xn--bcher-kva.example/@/MX 1 {domain}.example.org. data=1 {domain}.example.org. first.toml:14 via template.mail shop.toml:7",
            "record.xn--bcher-kva.example/@/TXT %{i} xn--bcher-kva-example data=%{i} xn--bcher-kva-example g.toml:12 via group.parked g.toml:4",
            "record.xn--bcher-kva.example/@/TXT id=xn--bcher-kva.example data=id=xn--bcher-kva.example g.toml:12 via group.parked g.toml:4",
            "record.xn--bcher-kva.example/a/TXT {domain} data={domain} shop.toml:9",
        ])
        .collect::<Vec<_>>()
    );
    let names: Vec<&str> = loaded.groups["parked"].iter().map(|name| &**name).collect();
    assert_eq!(names, ["exmaple.com", "xn--bcher-kva.example"]);
}

#[test]
fn two_groups_that_differ_are_an_error_unless_the_domain_says_it() {
    let groups = r#"[group.acme]
domains = ["example.shop", "a.example"]
locked = true
auto_renew = true
note = "one"
vars = { x = "1" }
[group.acme.zone]
ttl = 60
[group.parked]
domains = ["a.example", "example.shop"]
locked = false
auto_renew = true
note = "two"
vars = { x = "2" }
[group.parked.zone]
ttl = 90
"#;
    assert_eq!(
        problems(groups),
        [
            r#"bailiwick.toml:11:10 config.groups-differ locked of a.example is true in group.acme (bailiwick.toml:3) and false in group.parked (bailiwick.toml:11); write it under [domain."a.example"]; the same in 1 more domain + bailiwick.toml:3 and this"#,
            r#"bailiwick.toml:14:14 config.groups-differ vars.x of a.example is "1" in group.acme (bailiwick.toml:6) and "2" in group.parked (bailiwick.toml:14); write it under [domain."a.example".vars]; the same in 1 more domain + bailiwick.toml:6 and this"#,
            r#"bailiwick.toml:16:7 config.groups-differ zone.ttl of a.example is 60 in group.acme (bailiwick.toml:8) and 90 in group.parked (bailiwick.toml:16); write it under [domain."a.example".zone]; the same in 1 more domain + bailiwick.toml:8 and this"#,
        ]
    );
    let own = |name: &str| {
        format!("[domain.\"{name}\"]\nlocked = false\nvars = {{ x = \"3\" }}\nzone.ttl = 30\n")
    };
    let loaded = of_one(&format!(
        "{groups}{}{}",
        own("example.shop"),
        own("a.example")
    ));
    assert_eq!(loaded.desired.homes.len(), 2);
}

#[test]
fn what_cannot_stand_together_names_both_places() {
    let lines = problems(
        r#"[template.parked]
records = [
  { host = "_dmarc", type = "CNAME", data = "dmarc.example.net." },
]
[group.a]
domains = ["example.shop", "example.org"]
[group.a.zone]
templates = ["parked"]
records = [ { host = "@", type = "TXT", data = "a" } ]
[domain."example.shop".zone]
records = [
  { host = "_dmarc", type = "TXT", data = "mine" },
]
[group.b]
domains = ["example.org", "example.org"]
[group.b.zone]
records = [ { host = "@", type = "TXT", data = "a" } ]
"#,
    );
    assert_eq!(
        lines,
        [
            r#"bailiwick.toml:9:48 config.record-twice @ TXT (group.b, bailiwick.toml:17) beside TXT (group.a, bailiwick.toml:9); take one of them out + bailiwick.toml:17 "#,
            r#"bailiwick.toml:12:43 config.zone _dmarc CNAME (template.parked, bailiwick.toml:3) beside TXT (bailiwick.toml:12); to keep yours: except = ["_dmarc/CNAME"] + bailiwick.toml:3 "#,
            r#"bailiwick.toml:15:27 config.written-twice example.org stands twice in group.b + bailiwick.toml:15 first here"#,
        ]
    );
}

#[test]
fn an_exception_holds_for_templates_and_groups_and_leaves_something_out() {
    let text = r#"[template.t]
records = [ { host = "a", type = "TXT", data = "t" } ]
[group.g]
domains = ["one.example", "two.example"]
[group.g.zone]
records = [ { host = "b", type = "TXT", data = "g" } ]
except = ["a/*"]
[domain."one.example".zone]
templates = ["t"]
except = ["b/TXT"]
records = [ { host = "b", type = "TXT", data = "own" } ]
"#;
    // That of the group does something in one of its domains.
    assert_eq!(
        parts(&of_one(text)),
        [
            "record.one.example/b/TXT own data=own t.toml:11",
            "record.two.example/b/TXT g data=g t.toml:6 via group.g t.toml:4",
        ]
    );
    let without = text.replace("templates = [\"t\"]\n", "");
    assert_eq!(
        problems(&without),
        [
            r#"bailiwick.toml:1:11 config.template-unused no zone uses template.t | write templates = ["t"] under a zone or group, or take it out"#,
            r#"bailiwick.toml:7:11 config.except "a/*" leaves nothing out: no template or group of one.example has such a record | take it out; they have b/TXT"#,
        ]
    );
}

#[test]
fn each_wrong_line_of_a_group_is_told_once() {
    let lines = problems(
        r#"[group.parked]
domains = ["a.example", "b.example", "c.example", "x"]
vars = { main = "x", domain = "y" }
name_servers = ["ns1.{dmain}.", "ns2.example.net"]
[group.parked.zone]
records = [
  { host = "a", type = "A", data = "{mian}" },
  { host = "b", type = "A", data = "1.2.3" },
]
templates = ["none"]
[group.empty]
domains = []
"#,
    );
    assert_eq!(
        lines,
        [
            r#"bailiwick.toml:2:51 config.name "x" is no domain | write the whole name, such as "example.com""#,
            r#"bailiwick.toml:3:22 config.placeholder {domain} is the domain's name already"#,
            r#"bailiwick.toml:4:17 config.placeholder {dmain} in group.parked (bailiwick.toml:4) is not set for a.example; known: domain, domain-dashed, main; the same in 2 more domains | did you mean {domain}? + bailiwick.toml:2 used here, for a.example"#,
            r#"bailiwick.toml:7:36 config.placeholder {mian} in group.parked (bailiwick.toml:7) is not set for a.example; known: domain, domain-dashed, main; the same in 2 more domains | did you mean {main}? + bailiwick.toml:2 used here, for a.example"#,
            r#"bailiwick.toml:8:36 config.record `1.2.3` is no IPv4 address: it has 3 numbers, not four; the same in 2 more domains"#,
            r#"bailiwick.toml:10:14 config.template-unknown there is no template "none"; the same in 2 more domains | write [template.none]"#,
            r#"bailiwick.toml:11:8 config.group-empty [group.empty] has no domains, so nothing comes of it | write domains = ["…"] under [group.empty], or take it out"#,
        ]
    );
}

#[test]
fn parts_of_one_group_add_up_over_files_and_a_value_is_written_once() {
    let first = format!("[bailiwick]\ninclude = [\"a.toml\", \"b.toml\"]\n{ACCOUNT}");
    let a = "[group.g]\ndomains = [\"a.example\"]\nlocked = true\n";
    let b = "[group.g]\ndomains = [\"b.example\"]\nauto_renew = true\n";
    let both = loaded(&[("t.toml", &first), ("a.toml", a), ("b.toml", b)]);
    assert_eq!(
        parts(&both),
        [
            "domain.a.example settings auto_renew=true locked=true a.toml:3 via group.g a.toml:2",
            "domain.b.example settings auto_renew=true locked=true a.toml:3 via group.g b.toml:2",
        ]
    );
    let twice = b.replace("auto_renew", "locked");
    assert_eq!(
        load(&[("t.toml", &first), ("a.toml", a), ("b.toml", &twice)]).1,
        [
            "b.toml:3:10 config.written-twice `locked` of [group.g] is written twice; \
             one value is written once, even if both are equal + a.toml:3 first here"
        ]
    );
}

/// One placeholder has one value in all that a group gives a domain: that of the file which names the domain.
#[test]
fn defaults_of_the_file_that_names_a_domain_fill_in_what_its_group_gives() {
    let first = format!(
        "[bailiwick]\ninclude = [\"b.toml\"]\n{ACCOUNT}[defaults]\nvars = {{ w = \"first\" }}\n\
         [group.g.zone]\ntemplates = [\"t\"]\n[group.g.redirect.\"r.{{domain}}\"]\n\
         to = \"https://{{w}}.example/\"\ntype = 4\n[template.t]\n\
         records = [{{ host = \"h\", type = \"TXT\", data = \"{{w}}\" }}]\n"
    );
    let b = "[defaults]\nvars = { w = \"second\" }\n[group.g]\ndomains = [\"a.example\"]\n";
    let told = parts(&loaded(&[("t.toml", &first), ("b.toml", b)]));
    let of = |start: &str| told.iter().find(|line| line.starts_with(start)).cloned();
    let (record, redirect) = (of("record.").unwrap(), of("redirect.").unwrap());
    assert!(record.contains(" data=second "), "{record}");
    assert!(
        redirect.contains(" to=https://second.example/ "),
        "{redirect}"
    );
}

#[test]
fn a_group_in_a_pattern_stands_for_its_domains() {
    let text = r#"[guard]
protect = ["group.acme"]
[[allow]]
destroy = ["group.*"]
reason = "x"
[group.acme]
domains = ["a.example"]
[group.b]
domains = ["b.example"]
"#;
    let loaded = of_one(text);
    let main = bailiwick::model::Account::new("main");
    let record = |domain: &str| Address::record(&main, &domain.into(), "www", "A");
    let [protect] = &loaded.guards.protect[..] else {
        panic!("{:?}", loaded.guards.protect);
    };
    assert!(protect.matches(&record("a.example")) && !protect.matches(&record("b.example")));
    let all = &loaded.guards.allow[0].destroy[0];
    assert!(all.matches(&record("a.example")) && all.matches(&record("b.example")));
    assert!(!all.matches(&record("c.example")) && !all.is_literal());
    let lines = problems(&text.replace("group.acme\"", "group.acne\""));
    assert_eq!(
        lines,
        [
            r#"bailiwick.toml:2:12 config.pattern "group.acne" matches nothing: there is no group "acne"; did you mean group.acme?"#
        ]
    );
}

#[test]
fn an_unused_template_is_told_with_what_is_wrong_in_it() {
    let lines = problems(
        r#"[template.t]
records = [
  { host = "a", type = "A", data = "1.2.3" },
  { host = "{x}", type = "A", data = "192.0.2.1" },
]
"#,
    );
    assert_eq!(
        lines,
        [
            r#"bailiwick.toml:1:11 config.template-unused no zone uses template.t | write templates = ["t"] under a zone or group, or take it out"#,
            r#"bailiwick.toml:3:36 config.record `1.2.3` is no IPv4 address: it has 3 numbers, not four"#,
        ]
    );
}

#[test]
fn equal_names_below_a_domain_are_one_block() {
    let lines = problems(
        r#"[domain."a.example".redirect."X.a.example"]
to = "https://x.example/"
[domain."a.example".redirect."x.a.example."]
to = "https://y.example/"
"#,
    );
    let twice = r#"bailiwick.toml:4:6 config.written-twice `to` of [domain."a.example".redirect."x.a.example"] is written twice; one value is written once, even if both are equal + bailiwick.toml:2 first here"#;
    assert!(lines.iter().any(|line| line == twice), "{lines:#?}");
}

#[test]
fn a_domain_is_shown_with_the_origin_of_each_key() {
    let text = format!(
        r#"[defaults]
zone.ttl = 3600
[template.t]
records = [ {{ host = "@", type = "TXT", data = "{{domain}}" }} ]
[group.g]
domains = ["b.example"]
locked = true
[group.g.zone]
templates = ["t"]
[domain."b.example".zone]
purge = true
records = [ {{ host = "\u0040", type = "TXT", data = "own \u202e", note = "why" }} ]
{ACCOUNT}"#
    );
    let memory = Memory::of(&[("t.toml", &text)]);
    let apex = Apex::parse("B.example").expect("a name");
    let loading = config::load_showing(
        (&memory, Path::new("/conf/t.toml")),
        &Trusted::default(),
        Some(&apex),
    );
    let told: Vec<String> = loading
        .told
        .sorted()
        .into_iter()
        .map(|told| line(told, &loading.sources))
        .collect();
    assert_eq!(told, [""; 0]);
    let expected = r#"[domain."b.example"] # t.toml:10
locked = true # group.g, t.toml:7

[domain."b.example".zone] # t.toml:10
ttl = 3600 # defaults, t.toml:2
purge = true # t.toml:11
records = [
  { host = "@", type = "TXT", data = "b.example" }, # group.g, template.t, t.toml:4
  { host = "@", type = "TXT", data = "own \u202E", note = "why" }, # t.toml:12
]
"#;
    assert_eq!(loading.shown.as_deref(), Some(expected));
}
