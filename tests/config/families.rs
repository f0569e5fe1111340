//! Redirections, mailboxes, answers, hostings and FTP users: what they become, and each rule that they break.

use super::support::{ACCOUNT, load, problems};

fn told(text: &str, expected: &[&str]) {
    let found = problems(text);
    let found: Vec<String> = found
        .iter()
        .map(|line| line.replacen("bailiwick.toml:", "", 1))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn redirections() {
    told(
        r#"[domain."example.com".redirect_service]
capacity = 3
[domain."example.com".redirect."blog.example.com"]
to = "blog.example.net/a"
type = 4
[domain."example.com".redirect."blog.example.org"]
to = "ftp://example.net"
type = 4
[domain."example.com".redirect.www]
to = "https://example.net/\n"
[domain."example.com".redirect."Blog.example.com."]
to = "https://example.net"
type = 7
[domain."example.com".redirect."example.com"]
type = 1
[domain."example.com".redirect."a.example.com"]
to = "https://[x"
type = 1
"#,
        &[
            r#"2:12 config.capacity the file has 5 redirections of example.com, and `capacity` is 3 | write the `capacity` that the service has, or fewer redirections + bailiwick.toml:14 the first beyond it"#,
            r#"4:6 config.redirect `to` cannot be "blog.example.net/a": it does not say http or https | write "https://blog.example.net/a""#,
            r#"6:32 config.redirect a redirection of example.com cannot start at blog.example.org | write it under [domain."blog.example.org"]"#,
            r#"7:6 config.redirect `to` cannot be "ftp://example.net": a redirection leads to http or https, and this is ftp"#,
            r#"9:32 config.redirect a redirection of example.com cannot start at www | write the whole name: "www.example.com""#,
            r#"9:32 config.redirect the redirection of www has no `type` | write type = 4, the provider's number of the way"#,
            r#"10:6 config.redirect `to` cannot be "https://example.net/\n": an address has no blanks, line ends or other control characters"#,
            r#"11:32 config.redirect "blog.example.com" and "Blog.example.com." are two redirections of one origin + bailiwick.toml:3 first here"#,
            r#"13:8 config.range `type` takes a number from 0 to 6"#,
            r#"14:32 config.redirect the redirection of example.com has no `to` | write to = "https://www.example.net/""#,
            r#"17:6 config.redirect `to` cannot be "https://[x": invalid IPv6 address"#,
        ],
    );
}

#[test]
fn mailboxes() {
    told(
        r#"[domain."example.com".mail]
mailboxes = 1
[domain."example.com".mailbox.info]
aliases = ["hello@example.com", "Sales@EXAMPLE.com", "x@example.org", "hello"]
forward = ["a@bücher.example", "a@xn--bcher-kva.example", "a b@example.org", "@", "x@local"]
[domain."example.com".mailbox.sales]
aliases = ["HELLO@example.com"]
[domain."example.com".mailbox.Info]
[domain."example.com".mailbox."web@example.com"]
[domain."example.com".mailbox."a..b"]
[domain."example.com".mailbox.all]
type = "alias"
password = { env = "X" }
"#,
        &[
            r#"2:13 config.capacity the file has 4 mailboxes of example.com, and `mailboxes` is 1 | write the `mailboxes` that the service has, or fewer mailboxes + bailiwick.toml:6 the first beyond it"#,
            r#"4:33 config.mailbox sales@example.com is the address of two mailboxes + bailiwick.toml:6 first here"#,
            r#"4:54 config.mailbox x@example.org is no address of example.com | an address elsewhere that gets copies belongs into `forward`"#,
            r#"4:71 config.mail-address `aliases` cannot hold "hello": it has no @ | write "hello@example.com""#,
            r#"5:32 config.mailbox a@xn--bcher-kva.example stands twice in `forward` + bailiwick.toml:5 first here"#,
            r#"5:59 config.mail-address `forward` cannot hold "a b@example.org": before the @, it may not hold ' '"#,
            r#"5:78 config.mail-address `forward` cannot hold "@": before the @, there is nothing"#,
            r#"5:83 config.mail-address `forward` cannot hold "x@local": "local" is no domain"#,
            r#"7:12 config.mailbox hello@example.com is the address of two mailboxes + bailiwick.toml:4 first here"#,
            r#"8:31 config.mailbox "info" and "Info" are two mailboxes of one address + bailiwick.toml:3 first here"#,
            r#"9:31 config.mailbox "web@example.com" is more than the part before the @ | write [domain."example.com".mailbox.web]"#,
            r#"10:31 config.mailbox "a..b" cannot stand before the @ of an address: a dot stands between two other characters"#,
            r#"13:12 config.mailbox all is an alias, which keeps no mail and has no password | take out `password`, or write type = "pop""#,
        ],
    );
}

#[test]
fn answers() {
    told(
        r#"[domain."example.com".mailbox.a]
autoresponder = { subject = "x", message = "y", start = 2026-12-20, finish = 2026-12-19 }
[domain."example.com".mailbox.b]
autoresponder = { subject = " ", start = "2026-02-30" }
[domain."example.com".mailbox.c]
autoresponder = { active = false, forward = "boss" }
"#,
        &[
            r#"2:78 config.autoresponder the automatic answer ends on 2026-12-19, before it starts on 2026-12-20 + bailiwick.toml:2 starts here"#,
            r#"4:17 config.autoresponder an automatic answer without `message` says nothing | write message = "…", or active = false to switch it off"#,
            r#"4:29 config.autoresponder an automatic answer without `subject` says nothing | write subject = "…", or active = false to switch it off"#,
            r#"4:42 config.day 2026-02-30 is not in the calendar"#,
            r#"6:45 config.mail-address `forward` cannot hold "boss": it has no @ | write "boss@example.com""#,
        ],
    );
}

#[test]
fn users_of_a_hosting() {
    told(
        r#"[domain."example.com".hosting]
[domain."example.com".hosting.ftp_user."(admin)"]
dir = "x"
[domain."example.com".hosting.ftp_user."a/b"]
dir = "../x"
[domain."example.com".hosting.ftp_user." c"]
dir = ""
[domain."example.com".hosting.ftp_user.d]
password = "hunter2"
[domain."example.com".hosting.ftp_user.'#1']
"#,
        &[
            r#"2:40 config.ftp-user "(admin)" cannot be the label of an FTP user: it stands for the hosting's own user | write admin_password under the hosting, for its own user"#,
            r#"4:40 config.ftp-user "a/b" cannot be the label of an FTP user: a / ends a name in addresses"#,
            r#"5:7 config.ftp-user `dir` cannot be "../x": `..` could lead out of the hosting's directory"#,
            r#"6:40 config.ftp-user " c" cannot be the label of an FTP user: it has blanks around it or control characters in it"#,
            r#"7:7 config.ftp-user `dir` cannot be "": it is empty; "." is the hosting's own directory"#,
            r#"8:40 config.ftp-user the FTP user d has no `dir` | write dir = "…", below the hosting's directory; "." is that directory itself"#,
            r#"9:12 config.secret-literal `password` is a secret, and its value stands in the file, for all to read | write { env = "NAME" }, { file = "path" } or { command = ["program", "argument"] }; change the secret if it was ever committed"#,
            r##"10:40 config.ftp-user "#1" cannot be the label of an FTP user: names that begin with # stand for users without a label"##,
            r#"10:40 config.ftp-user the FTP user #1 has no `dir` | write dir = "…", below the hosting's directory; "." is that directory itself"#,
        ],
    );
}

#[test]
fn what_buys_is_still_refused() {
    told(
        r#"[defaults]
mail.period = 1
hosting.database.type = "mysql5"
[domain."example.com".redirect_service]
product = 1
auto_renew = true
[domain."example.com".mail]
order = { a = 1 }
max_price = "1 EUR"
[domain."example.com".hosting]
ftp = true
[domain."example.com".hosting.database.shop]
[domain."example.com".hosting.site."example.org"]
[domain."example.com".hosting.wordpress.blog]
"#,
        &[
            r#"2:15 config.not-supported-yet `period` of [defaults.mail] is known, but this version of bailiwick does not act on it yet | take it out until a version does"#,
            r#"3:9 config.not-supported-yet [defaults.hosting.database] is known, but this version of bailiwick does not act on it yet | take it out until a version does"#,
            r#"5:11 config.not-supported-yet `product` of [domain."example.com".redirect_service] is known, but this version of bailiwick does not act on it yet | take it out until a version does"#,
            r#"6:14 config.not-supported-yet `auto_renew` of [domain."example.com".redirect_service] is known, but this version of bailiwick does not act on it yet | take it out until a version does"#,
            r#"8:11 config.not-supported-yet `order` of [domain."example.com".mail] is known, but this version of bailiwick does not act on it yet | take it out until a version does"#,
            r#"9:13 config.not-supported-yet `max_price` of [domain."example.com".mail] is known, but this version of bailiwick does not act on it yet | take it out until a version does"#,
            r#"11:7 config.not-supported-yet `ftp` of [domain."example.com".hosting] is known, but this version of bailiwick does not act on it yet | take it out until a version does"#,
            r#"12:40 config.not-supported-yet [domain."example.com".hosting.database.shop] is known, but this version of bailiwick does not act on it yet | take it out until a version does"#,
            r#"13:36 config.not-supported-yet [domain."example.com".hosting.site."example.org"] is known, but this version of bailiwick does not act on it yet | take it out until a version does"#,
            r#"14:41 config.not-supported-yet [domain."example.com".hosting.wordpress.blog] is known, but this version of bailiwick does not act on it yet | take it out until a version does"#,
        ],
    );
}

const WHOLE: &str = r#"
[defaults]
mailbox.description = "by default"
redirect.type = 4
hosting.ftp_user.dir = "."
[domain."example.com"]
[domain."example.com".redirect_service]
capacity = 5
[domain."example.com".redirect."Blog.Example.com."]
to = "https://Blog.example.net"
active = false
note = "moved"
[domain."example.com".redirect."example.com"]
to = "http://www.example.com/?a=1"
type = 2
relative = true
title = "T"
keywords = "a, b"
description = ""
[domain."example.com".mail]
mailboxes = 2
[domain."example.com".mailbox.Info]
type = "pop"
name = "info"
password = { env = "INFO" }
aliases = ["Sales@example.com", "hello@Example.com"]
forward = ["Boss@bücher.example"]
catch_all = false
autoresponder = { subject = "Away", message = "Back\n", start = 2026-12-20, finish = "2026-12-20", active = true, forward = "x@example.org" }
[domain."example.com".mailbox.old]
description = ""
autoresponder = false
[domain."example.com".hosting]
admin_password = { env = "ADMIN" }
[domain."example.com".hosting.ftp_user.deploy]
dir = "/var/www"
password = { file = "deploy.txt" }
[domain."example.com".hosting.ftp_user."Jean D."]
description = "CI"
"#;

#[test]
fn what_becomes_of_them() {
    let text = format!("{WHOLE}{ACCOUNT}");
    let (loaded, told) = load(&[("bailiwick.toml", &text)]);
    assert_eq!(told, [""; 0]);
    let loaded = loaded.expect("a file without errors");
    let mut lines = Vec::new();
    for (address, object) in &loaded.desired.objects {
        for part in &object.parts {
            let attrs: Vec<String> = part
                .attrs
                .iter()
                .filter_map(|(name, value)| Some(format!("{name}={}", value.known()?.to_json())))
                .collect();
            let gone = object.rules.as_ref().is_some_and(|rules| rules.gone);
            let gone = if gone { " gone" } else { "" };
            let secrets = object.secrets.iter().flat_map(|secrets| secrets.iter());
            let secrets: String = secrets.map(|secret| format!(" !{}", secret.name)).collect();
            lines.push(format!(
                "{address} {:?} {} :{}{gone}{secrets}",
                &*part.part.0,
                attrs.join(" "),
                part.origin.place.line
            ));
        }
    }
    let expected = [
        r#"domain.example.com "order"  :6"#,
        r#"redirect_service.example.com "capacity" capacity=5 :8"#,
        r#"redirect_service.example.com "order"  :7"#,
        r#"redirect.example.com/blog.example.com "" active=false to="https://Blog.example.net" type=4 :9"#,
        r#"redirect.example.com/example.com "" description="" keywords="a, b" relative=true title="T" to="http://www.example.com/?a=1" type=2 :13"#,
        r#"mail.example.com "capacity" mailboxes=2 :21"#,
        r#"mail.example.com "order"  :20"#,
        r#"mailbox.info@example.com "" aliases=["hello@example.com","sales@example.com"] catch_all=false description="by default" forward=["Boss@xn--bcher-kva.example"] name="info" type="pop" :22 !password"#,
        r#"mailbox.old@example.com "" description="" :30"#,
        r#"autoresponder.info@example.com "" active=true finish="2026-12-20" forward="x@example.org" message="Back\n" start="2026-12-20" subject="Away" :29"#,
        r#"autoresponder.old@example.com ""  :32 gone"#,
        r#"hosting.example.com "order"  :33"#,
        r#"ftp_user.example.com/(admin) ""  :34 !admin_password"#,
        r#"ftp_user.example.com/Jean D. "" description="CI" dir="." :38"#,
        r#"ftp_user.example.com/deploy "" dir="/var/www" :35 !password"#,
    ];
    assert_eq!(lines, expected);
    let secrets: Vec<String> = loaded
        .secrets
        .iter()
        .map(|((unit, name), secret)| format!("{unit} {name}: {}", secret.what))
        .collect();
    let expected = [
        "mailbox.info@example.com password: password of mailbox.info@example.com",
        "ftp_user.example.com/(admin) admin_password: admin password of ftp_user.example.com/(admin)",
        "ftp_user.example.com/deploy password: password of ftp_user.example.com/deploy",
    ];
    assert_eq!(secrets, expected);
}

#[test]
fn each_family_lives_in_its_account() {
    let text = r#"
[defaults]
account = "a"
[domain."example.com"]
registrar = "external"
[domain."example.com".zone]
account = "b"
[domain."example.com".redirect."example.com"]
to = "https://example.net"
type = 1
[domain."example.com".mail]
account = "c"
[domain."example.com".mailbox.info]
[domain."example.com".hosting]
[domain."example.com".hosting.ftp_user.x]
dir = "."
"#;
    let accounts: String = ["a", "b", "c"]
        .map(|label| {
            ACCOUNT
                .replace("main", label)
                .replace("AA1", &format!("{label}1"))
        })
        .concat();
    let (loaded, told) = load(&[("bailiwick.toml", &format!("{text}{accounts}"))]);
    assert_eq!(told, [""; 0]);
    let desired = loaded.expect("a file without errors").desired;
    let found: Vec<String> = desired
        .objects
        .keys()
        .map(|address| address.full_text())
        .collect();
    let expected = [
        "hosting.example.com@a",
        "ftp_user.example.com/x@a",
        "zone.example.com@b",
        "redirect.example.com/example.com@b",
        "mail.example.com@c",
        "mailbox.info@example.com@c",
    ];
    assert_eq!(found, expected);
}

#[test]
fn several_files_hold_parts_of_one_mailbox() {
    let first = format!(
        "[bailiwick]\ninclude = [\"b.toml\"]\n[domain.\"example.com\".mailbox.info]\nname = \"a\"\n{ACCOUNT}"
    );
    let second = "[domain.\"example.com\".mailbox.info]\ndescription = \"b\"\nname = \"c\"\n";
    let (_, told) = load(&[("bailiwick.toml", &first), ("b.toml", second)]);
    assert_eq!(
        told,
        [
            r#"b.toml:3:8 config.written-twice `name` of [domain."example.com".mailbox.info] is written twice; one value is written once, even if both are equal + bailiwick.toml:4 first here"#
        ]
    );
}

#[test]
fn mail_that_goes_elsewhere_is_told() {
    let zone = |mx: &str| {
        let text = format!(
            "[domain.\"example.com\".mailbox.info]\n[domain.\"example.com\".zone]\nrecords = [{{ host = \"@\", type = \"MX\", priority = 1, data = \"{mx}\" }}]\n"
        );
        problems(&text)
    };
    assert_eq!(
        zone("smtp.google.com."),
        [
            "bailiwick.toml:1:31 mailbox.mx-elsewhere mail of example.com goes to smtp.google.com (bailiwick.toml:3), not to Namebay, where its mailboxes are"
        ]
    );
    assert_eq!(zone("mx.namebay.com."), [""; 0]);
    assert_eq!(zone("mail"), [""; 0]);
}

#[test]
fn commands_need_trust_once_for_each_line() {
    let text = r#"[defaults]
mailbox.password = { command = ["pass", "x"] }
[domain."example.com".mailbox.a]
[domain."example.com".mailbox.b]
password = { file = "/etc/b" }
[domain."example.org".mailbox.a]
"#;
    assert_eq!(
        problems(text),
        [
            r#"bailiwick.toml:2:20 config.trust the password of mailbox.a@example.com would be fetched by running ["pass", "x"] | if this is meant, say so outside the file: BAILIWICK_TRUST=command or --trust command"#,
            r#"bailiwick.toml:5:12 config.trust the password of mailbox.b@example.com would be read from /etc/b | if this is meant, say so outside the file: BAILIWICK_TRUST=file or --trust file"#,
        ]
    );
}
