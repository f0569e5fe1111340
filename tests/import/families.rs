//! Redirections, mailboxes and hostings as an imported file shows them, and what no file can hold of them.

use super::reading::{changes, imported, see, see_domain, see_zone};
use bailiwick::config::write::AccountsInFile;
use bailiwick::model::{Account, Address, Attrs, Kind, Live, Reason, Value};
use std::sync::Arc;

fn place(kind: Kind, name: &str) -> Address {
    let domain: Arc<str> = "example.com".into();
    Address {
        name: name.into(),
        ..Address::of(&Account::new("main"), &domain, kind)
    }
}

fn top(live: &mut Live, kind: Kind, capacity: Option<(&'static str, i64)>) {
    see(live, place(kind, ""), "order", Attrs::none());
    if let Some((key, most)) = capacity {
        let attrs = Attrs::one(key, Value::int(most));
        see(live, place(kind, ""), "capacity", attrs);
    }
}

fn redirect(live: &mut Live, name: &str, to: &str, more: &[(&'static str, Value)]) {
    let mut attrs = vec![("to", Value::text(to)), ("active", Value::bool(true))];
    attrs.push(("relative", Value::bool(false)));
    attrs.push(("title", Value::text("")));
    attrs.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    attrs.extend(more.iter().cloned());
    see(live, place(Kind::Redirect, name), "", Attrs::new(attrs));
}

fn mailbox(live: &mut Live, name: &str, more: &[(&'static str, Value)]) {
    let mut attrs = vec![
        ("type", Value::text("pop")),
        ("name", Value::text(name)),
        ("description", Value::text("")),
        ("aliases", Value::list::<&str>(&[])),
        ("forward", Value::list::<&str>(&[])),
        ("catch_all", Value::bool(false)),
    ];
    attrs.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    attrs.extend(more.iter().cloned());
    see(live, place(Kind::Mailbox, name), "", Attrs::new(attrs));
}

fn user(live: &mut Live, name: &str, dir: &str) {
    let attrs = vec![("dir", Value::text(dir)), ("description", Value::text(""))];
    see(live, place(Kind::FtpUser, name), "", Attrs::new(attrs));
}

#[test]
fn families_read_like_written_by_hand() {
    let mut live = Live::default();
    see_domain(&mut live, "main", &"example.com".into());
    see_zone(&mut live, "main", &"example.com".into());
    top(&mut live, Kind::RedirectService, Some(("capacity", 5)));
    let four = ("type", Value::int(4));
    redirect(
        &mut live,
        "example.com",
        "https://example.net/",
        std::slice::from_ref(&four),
    );
    let off = [
        four,
        ("active", Value::bool(false)),
        ("title", Value::text("T \"x\"")),
    ];
    redirect(&mut live, "old.example.com", "http://example.net/a", &off);
    top(&mut live, Kind::Mail, Some(("mailboxes", 3)));
    let lists = [
        ("aliases", Value::list(&["hello@example.com"])),
        (
            "forward",
            Value::list(&["Boss@example.org", "x@example.org"]),
        ),
        ("description", Value::text("front desk")),
    ];
    mailbox(&mut live, "info", &lists);
    let answer = vec![
        ("subject", Value::text("Away")),
        ("message", Value::text("Back\non Monday")),
        ("start", Value::text("2026-12-20")),
        ("finish", Value::text("2027-01-02")),
        ("active", Value::bool(true)),
        ("forward", Value::text("")),
    ];
    see(
        &mut live,
        place(Kind::Autoresponder, "info"),
        "",
        Attrs::new(answer),
    );
    let alias = [
        ("type", Value::text("alias")),
        ("forward", Value::list(&["a@example.net"])),
        ("catch_all", Value::bool(true)),
    ];
    mailbox(&mut live, "all", &alias);
    top(&mut live, Kind::Hosting, None);
    see(
        &mut live,
        place(Kind::FtpUser, "(admin)"),
        "",
        Attrs::none(),
    );
    user(&mut live, "deploy", "/var/www/deploy");
    let (written, desired) = imported(&live, AccountsInFile::One);
    assert_eq!(written.left_out, []);
    let expected = r##"[domain."example.com"]

[domain."example.com".zone]

[domain."example.com".redirect_service]
capacity = 5

[domain."example.com".redirect."example.com"]
to = "https://example.net/"
type = 4
active = true
relative = false

[domain."example.com".redirect."old.example.com"]
to = "http://example.net/a"
type = 4
active = false
relative = false
title = "T \"x\""

[domain."example.com".mail]
mailboxes = 3

[domain."example.com".mailbox.all]
type = "alias"
name = "all"
forward = ["a@example.net"]
catch_all = true

[domain."example.com".mailbox.info]
# password = { env = "INFO_EXAMPLE_COM_PASSWORD" }
type = "pop"
name = "info"
description = "front desk"
aliases = ["hello@example.com"]
forward = ["Boss@example.org", "x@example.org"]
autoresponder = { subject = "Away", message = "Back\non Monday", start = "2026-12-20", finish = "2027-01-02", active = true }

[domain."example.com".hosting]
# admin_password = { env = "ADMIN_EXAMPLE_COM_PASSWORD" }

[domain."example.com".hosting.ftp_user.deploy]
# password = { env = "DEPLOY_EXAMPLE_COM_PASSWORD" }
dir = "/var/www/deploy"
"##;
    assert_eq!(written.text, expected);
    assert_eq!(changes(desired, &live), Vec::<String>::new());
}

#[test]
fn odd_ones_are_comments_with_the_reason() {
    let mut live = Live::default();
    see_domain(&mut live, "main", &"example.com".into());
    let kind = |kind: i64| ("type", Value::int(kind));
    redirect(&mut live, "a.example.com", "https://example.net/", &[]);
    redirect(
        &mut live,
        "b.example.com",
        "https://example.net/",
        &[kind(9)],
    );
    redirect(&mut live, "c.example.com", "example.net\n", &[kind(1)]);
    redirect(
        &mut live,
        "d.example.com",
        "https://example.net/",
        &[kind(0)],
    );
    top(&mut live, Kind::Mail, Some(("mailboxes", 1)));
    mailbox(&mut live, "a..b", &[]);
    let list = |key: &'static str, list: &[&str]| (key, Value::list(list));
    mailbox(&mut live, "one", &[list("aliases", &["two@example.com"])]);
    let odd = [
        list("aliases", &["x@example.org"]),
        list("forward", &["nobody"]),
        ("type", Value::text("imap")),
    ];
    mailbox(&mut live, "two", &odd);
    let silent = vec![("active", Value::bool(true)), ("subject", Value::text(" "))];
    see(
        &mut live,
        place(Kind::Autoresponder, "two"),
        "",
        Attrs::new(silent),
    );
    let said = "Namebay still works on it\nreally".to_owned();
    let about = place(Kind::Mailbox, "one");
    live.notes.push(("mailbox.pending", Some(about), said));
    top(&mut live, Kind::Hosting, None);
    user(&mut live, "#12", "/var/www");
    user(&mut live, "up", "/var/../etc");
    user(&mut live, "a/b", "/var/www");
    user(&mut live, "Jean D.", ".");
    let twice = Reason::ours(
        "ftp_user.twice",
        "two FTP users have this full name".to_owned(),
    );
    live.failed.push((place(Kind::FtpUser, "twin"), twice));
    let (written, desired) = imported(&live, AccountsInFile::One);
    let expected = r##"# left out: ftp_user.example.com/twin@main: it could not be read: two FTP users have this full name
# left out: redirect.example.com/a.example.com@main: its type was not told
# left out: redirect.example.com/b.example.com@main: its type is 9, and only 0 to 6 are known
# left out: redirect.example.com/c.example.com@main: it leads to "example.net\n": an address has no blanks, line ends or other control characters
# left out: mailbox.a..b@example.com@main: no label can be "a..b": a dot stands between two other characters
# left out: aliases of mailbox.one@example.com@main: two@example.com is the address of two mailboxes
# left out: type of mailbox.two@example.com@main: "imap" is neither "pop" nor "alias"
# left out: aliases of mailbox.two@example.com@main: x@example.org is no address of example.com
# left out: forward of mailbox.two@example.com@main: "nobody": it has no @
# left out: autoresponder.two@example.com@main: it has no subject or no message, and says nothing
# left out: ftp_user.example.com/#12@main: it has no full name, which is where its label stands; give it one in the provider's panel
# left out: ftp_user.example.com/a/b@main: no label can be "a/b": a / ends a name in addresses
# left out: ftp_user.example.com/up@main: its directory is "/var/../etc": `..` could lead out of the hosting's directory
[domain."example.com"]

[domain."example.com".redirect."d.example.com"]
to = "https://example.net/"
type = 0
active = true
relative = false

[domain."example.com".mail]

# Namebay still works on it\u000Areally
[domain."example.com".mailbox.one]
# password = { env = "ONE_EXAMPLE_COM_PASSWORD" }
type = "pop"
name = "one"

[domain."example.com".mailbox.two]
# password = { env = "TWO_EXAMPLE_COM_PASSWORD" }
name = "two"

[domain."example.com".hosting]

[domain."example.com".hosting.ftp_user."Jean D."]
# password = { env = "JEAN_D__EXAMPLE_COM_PASSWORD" }
dir = "."
"##;
    assert_eq!(written.text, expected);
    assert_eq!(changes(desired, &live), Vec::<String>::new());
}
