//! Redirections, mailboxes, answers, hostings and FTP users: what they become, and each rule that they break.

use super::support::problems;

fn told(text: &str, expected: &[&str]) {
    let found = problems(text);
    for line in &found {
        println!("            r#\"{line}\"#,");
    }
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
        &[],
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
        &[],
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
        &[],
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
[domain."example.com".hosting.ftp_user."\#1"]
"#,
        &[],
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
        &[],
    );
}
