//! Random redirections, mailboxes with their answers, and FTP users: what is live, and what the file wants of them.
//!
//! Names and values come from small pools, so that both sides agree in much and differ in some. It does not know of
//! zones and records; `portfolio` says where a redirection can be.

use super::portfolio::Style;
use bailiwick::sandbox::{AutoResponder, MailKind, Mailbox, Seed, State};
use proptest::prelude::*;
use std::fmt::{self, Write};

/// Hosts that redirect; only the apex has records of the file's too.
const ORIGINS: [&str; 3] = ["blog", "go", ""];
const TARGETS: [&str; 2] = ["https://www.example.net/", "https://example.net/a?b=c#d"];
const LOCALS: [&str; 3] = ["info", "sales", "a.b"];
const FORWARDS: [&[&str]; 3] = [
    &["boss@example.net"],
    &["boss@example.net", "two@example.net"],
    &[],
];
const LABELS: [&str; 3] = ["deploy", "ci", "Jean D."];
const DIRS: [&str; 2] = ["deploy", "a/b"];
const TEXTS: [&str; 3] = ["Our blog", "Café \"x\"", ""];
const SUBJECTS: [&str; 2] = ["Away", "Absent until Monday"];
const MESSAGE: &str = "Back\non Monday.";
const START: &str = "2026-01-10";
const FINISH: &str = "2026-03-01";

/// The passwords of the file, by variable.
pub(crate) const PASSWORDS: [(&str, &str); 2] =
    [("BOX_PW", "box#2026-pw"), ("FTP_PW", "ftp#2026-pw")];

/// A redirection; what is `None` is not written.
#[derive(Debug, Clone)]
pub(crate) struct Redirect {
    origin: usize,
    target: usize,
    kind: i64,
    active: Option<bool>,
    relative: Option<bool>,
    title: Option<usize>,
}

/// What a mailbox answers by itself.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// `false`; live: none.
    Removed,
    /// `active = false` and nothing else.
    Off,
    Written {
        subject: usize,
        active: Option<bool>,
        start: bool,
        finish: bool,
        forward: bool,
    },
}

/// A mailbox.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    local: usize,
    kind: Option<MailKind>,
    named: Option<bool>,
    about: Option<usize>,
    aliased: Option<bool>,
    forward: Option<usize>,
    catch_all: Option<bool>,
    answer: Option<Answer>,
}

/// An FTP user.
#[derive(Debug, Clone)]
pub(crate) struct User {
    label: usize,
    dir: usize,
    about: Option<usize>,
}

/// Everything of a domain beside its zone; the numbers are capacities: live, and where they are written.
#[derive(Debug, Clone)]
pub(crate) struct Served {
    pub(crate) redirects: Vec<Redirect>,
    mailboxes: Vec<Post>,
    pub(crate) users: Vec<User>,
    /// The blocks of the services, and whether they are written, or live without anything below them.
    blocks: [bool; 3],
    capacity: Option<u32>,
    /// Whether the file has a password for the hosting's own user.
    admin: bool,
}

impl Redirect {
    pub(crate) fn origin(&self, name: &str) -> String {
        match ORIGINS[self.origin] {
            "" => name.to_owned(),
            host => format!("{host}.{name}"),
        }
    }
}

impl Post {
    fn address(&self, name: &str) -> String {
        format!("{}@{name}", LOCALS[self.local])
    }

    fn aliases(&self, name: &str) -> Option<Vec<String>> {
        let one = format!("x-{}@{name}", LOCALS[self.local]);
        let list = |aliased| if aliased { vec![one] } else { Vec::new() };
        self.aliased.map(list)
    }

    fn is_alias(&self) -> bool {
        self.kind == Some(MailKind::Alias)
    }
}

/// The provider's time in winter, when both days lie.
fn winter() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::fixed(jiff::tz::offset(1))
}

/// The first moment of a day there.
fn first_of(text: &str) -> jiff::Timestamp {
    let day: jiff::civil::Date = text.parse().expect("a day");
    let first = day.to_zoned(winter()).expect("no shift of the clock");
    first.timestamp()
}

impl Answer {
    fn live(&self) -> Option<AutoResponder> {
        let text = |text: &str| Some(text.to_owned());
        match self {
            Self::Removed => None,
            Self::Off => Some(AutoResponder::default()),
            Self::Written {
                subject,
                active,
                start,
                finish,
                forward,
            } => Some(AutoResponder {
                active: active.unwrap_or(true),
                subject: text(SUBJECTS[*subject]),
                message: text(MESSAGE),
                forward: forward.then(|| "boss@example.net".to_owned()),
                start: start.then(|| first_of(START)),
                finish: finish.then(|| first_of(FINISH)),
            }),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Removed => "false".to_owned(),
            Self::Off => "{ active = false }".to_owned(),
            Self::Written {
                subject,
                active,
                start,
                finish,
                forward,
            } => {
                let mut parts = vec![
                    format!("subject = {:?}", SUBJECTS[*subject]),
                    format!("message = {MESSAGE:?}"),
                ];
                parts.extend(active.map(|active| format!("active = {active}")));
                parts.extend(start.then(|| format!("start = {START}")));
                parts.extend(finish.then(|| format!("finish = {FINISH}")));
                parts.extend(forward.then(|| "forward = \"boss@example.net\"".to_owned()));
                format!("{{ {} }}", parts.join(", "))
            }
        }
    }
}

impl Served {
    /// Adds what is live to a seed; the zone is there.
    pub(crate) fn seed(&self, mut seed: Seed, name: &str) -> Seed {
        let [redirecting, mailing, hosting] = self.blocks;
        if redirecting || !self.redirects.is_empty() {
            seed = seed.redirect_service(name, 10);
        }
        for one in &self.redirects {
            let origin = one.origin(name);
            seed = seed
                .redirection(name, &origin, TARGETS[one.target])
                .adjust_redirection(&origin, |live| {
                    live.kind = one.kind;
                    live.active = one.active.unwrap_or(true);
                    live.relative = one.relative.unwrap_or(false);
                    live.title = one.title.map(|at| TEXTS[at].to_owned());
                });
        }
        if mailing || !self.mailboxes.is_empty() {
            seed = seed.mail_service(name, 10);
        }
        for one in &self.mailboxes {
            let address = one.address(name);
            seed = seed.mailbox(&address).adjust_mailbox(&address, |live| {
                let forward = one.forward.map_or(&[][..], |at| FORWARDS[at]);
                live.kind = one.kind.unwrap_or(MailKind::Box);
                live.description = one.about.map(|at| TEXTS[at].to_owned());
                live.alias = one.aliases(name).unwrap_or_default();
                live.forward = forward.iter().map(|to| (*to).to_owned()).collect();
                live.forwards = !one.is_alias() && !forward.is_empty();
                live.catch_all = one.catch_all.unwrap_or(false);
                live.responder = one.answer.as_ref().and_then(Answer::live);
            });
        }
        if hosting || !self.users.is_empty() {
            seed = seed.hosting(name);
        }
        for one in &self.users {
            let label = LABELS[one.label];
            seed = seed.ftp_user(name, Some(label), DIRS[one.dir]);
            seed = seed.adjust_hosting(name, |hosting| {
                let users = hosting.users.values_mut();
                let mut own = users.filter(|user| user.full_name.as_deref() == Some(label));
                let user = own.next().expect("it was just made");
                user.description = one.about.map(|at| TEXTS[at].to_owned());
            });
        }
        seed
    }

    /// Writes the blocks below a header (`domain."…"`, `group.…`); names of the domain are written as `name`.
    pub(crate) fn write(
        &self,
        (header, name): (&str, &str),
        style: Style,
        text: &mut String,
    ) -> fmt::Result {
        let [redirecting, mailing, hosting] = self.blocks;
        let capacity = |text: &mut String, key: &str| match self.capacity {
            Some(number) => writeln!(text, "{key} = {number}"),
            None => Ok(()),
        };
        if redirecting {
            writeln!(text, "[{header}.redirect_service]")?;
            capacity(text, "capacity")?;
        }
        for one in &self.redirects {
            writeln!(text, "[{header}.redirect.\"{}\"]", one.origin(name))?;
            writeln!(text, "to = {:?}\ntype = {}", TARGETS[one.target], one.kind)?;
            option(text, "active", one.active)?;
            option(text, "relative", one.relative)?;
            option(
                text,
                "title",
                one.title.map(|at| format!("{:?}", TEXTS[at])),
            )?;
        }
        if mailing {
            writeln!(text, "[{header}.mail]")?;
            capacity(text, "mailboxes")?;
        }
        for one in &self.mailboxes {
            writeln!(text, "[{header}.mailbox.\"{}\"]", LOCALS[one.local])?;
            if !one.is_alias() && style != Style::Defaults {
                writeln!(text, "password = {{ env = \"{}\" }}", PASSWORDS[0].0)?;
            }
            option(
                text,
                "type",
                one.kind.map(|kind| format!("{:?}", kind.word())),
            )?;
            let own = |own| if own { LOCALS[one.local] } else { "other" };
            option(
                text,
                "name",
                one.named.map(|named| format!("{:?}", own(named))),
            )?;
            option(
                text,
                "description",
                one.about.map(|at| format!("{:?}", TEXTS[at])),
            )?;
            option(
                text,
                "aliases",
                one.aliases(name).map(|list| format!("{list:?}")),
            )?;
            option(
                text,
                "forward",
                one.forward.map(|at| format!("{:?}", FORWARDS[at])),
            )?;
            option(text, "catch_all", one.catch_all)?;
            option(text, "autoresponder", one.answer.as_ref().map(Answer::text))?;
        }
        if hosting || !self.users.is_empty() {
            writeln!(text, "[{header}.hosting]")?;
            if self.admin {
                writeln!(text, "admin_password = {{ env = \"{}\" }}", PASSWORDS[1].0)?;
            }
        }
        for one in &self.users {
            writeln!(
                text,
                "[{header}.hosting.ftp_user.\"{}\"]",
                LABELS[one.label]
            )?;
            writeln!(text, "dir = {:?}", DIRS[one.dir])?;
            if style != Style::Defaults {
                writeln!(text, "password = {{ env = \"{}\" }}", PASSWORDS[1].0)?;
            }
            option(
                text,
                "description",
                one.about.map(|at| format!("{:?}", TEXTS[at])),
            )?;
        }
        Ok(())
    }

    /// What of this is not so on the server, but for what is blocked; `before` is what was live at first.
    pub(crate) fn differs(
        &self,
        name: &str,
        state: (&State, &State),
        blocked: &[String],
    ) -> Vec<String> {
        let (before, after) = state;
        let mut told = Vec::new();
        let ends = |address: &str| blocked.iter().any(|line| line.ends_with(address));
        // What hangs below a service that is held is held with it.
        let tops = [
            ("redirect.", "redirect_service"),
            ("mailbox.", "mail"),
            ("autoresponder.", "mail"),
            ("ftp_user.", "hosting"),
        ];
        let is_blocked = |address: &str| {
            let mut tops = tops.iter().filter(|(kind, _)| address.starts_with(kind));
            ends(address) || tops.any(|(_, top)| ends(&format!(" {top}.{name}")))
        };
        for one in &self.redirects {
            let origin = one.origin(name);
            if is_blocked(&format!("redirect.{name}/{origin}")) {
                continue;
            }
            let live = after.redirections(name);
            let live = live.into_iter().find(|live| live.origin == origin);
            let title = one.title.map(|at| TEXTS[at]);
            let fits = live.is_some_and(|live| {
                live.destination == TARGETS[one.target]
                    && live.kind == one.kind
                    && one.active.is_none_or(|active| live.active == active)
                    && one
                        .relative
                        .is_none_or(|relative| live.relative == relative)
                    && title.is_none_or(|title| live.title.as_deref().unwrap_or("") == title)
            });
            if !fits {
                told.push(format!("{one:?}: {live:?}"));
            }
        }
        for one in &self.mailboxes {
            let address = one.address(name);
            if is_blocked(&format!("mailbox.{address}")) {
                continue;
            }
            let Some(live) = after.mailbox(&address) else {
                told.push(format!("{one:?}: not there"));
                continue;
            };
            let password = live.password.as_deref();
            let made = before.mailbox(&address).is_none();
            let answer = is_blocked(&format!("autoresponder.{address}"))
                || one
                    .answer
                    .as_ref()
                    .is_none_or(|answer| answers(answer, live));
            let fits = one.holds(name, live)
                && answer
                && (!made || one.is_alias() || password == Some(PASSWORDS[0].1));
            if !fits {
                told.push(format!("{one:?}: {live:?}"));
            }
        }
        for one in &self.users {
            let label = LABELS[one.label];
            if is_blocked(&format!("ftp_user.{name}/{label}")) {
                continue;
            }
            let hosting = after.hosting(name);
            let users = hosting
                .into_iter()
                .flat_map(|hosting| hosting.users.values());
            let own: Vec<_> = users
                .filter(|user| user.full_name.as_deref() == Some(label))
                .collect();
            let fits = matches!(own[..], [user] if user.dir.ends_with(&format!("/{}", DIRS[one.dir]))
                && one.about.is_none_or(|at| user.description.as_deref().unwrap_or("") == TEXTS[at])
                && (user.password.as_deref() == Some(PASSWORDS[1].1) || was_there(before, name, label)));
            if !fits {
                told.push(format!("{one:?}: {own:?}"));
            }
        }
        told
    }
}

fn was_there(before: &State, name: &str, label: &str) -> bool {
    let users = before.hosting(name).into_iter();
    users
        .flat_map(|hosting| hosting.users.values())
        .any(|user| user.full_name.as_deref() == Some(label))
}

impl Post {
    fn holds(&self, name: &str, live: &Mailbox) -> bool {
        let text = |text: &Option<String>, wanted: &str| text.as_deref().unwrap_or("") == wanted;
        let own = |own| if own { LOCALS[self.local] } else { "other" };
        self.kind.is_none_or(|kind| live.kind == kind)
            && self
                .named
                .is_none_or(|named| text(&live.user_name, own(named)))
            && self
                .about
                .is_none_or(|at| text(&live.description, TEXTS[at]))
            && self.aliases(name).is_none_or(|list| live.alias == list)
            && self.forward.is_none_or(|at| live.forward == FORWARDS[at])
            && self.catch_all.is_none_or(|all| live.catch_all == all)
    }
}

fn answers(wanted: &Answer, live: &Mailbox) -> bool {
    let found = live.responder.as_ref();
    match wanted {
        Answer::Removed => found.is_none(),
        Answer::Off => found.is_none_or(|found| !found.active),
        Answer::Written {
            subject,
            active,
            start,
            finish,
            forward,
        } => found.is_some_and(|found| {
            let day =
                |at: Option<jiff::Timestamp>| at.map(|at| at.to_zoned(winter()).date().to_string());
            found.subject.as_deref() == Some(SUBJECTS[*subject])
                && found.message.as_deref() == Some(MESSAGE)
                && active.is_none_or(|active| found.active == active)
                && (!start || day(found.start).as_deref() == Some(START))
                && (!finish || day(found.finish).as_deref() == Some(FINISH))
                && (!forward || found.forward.as_deref() == Some("boss@example.net"))
        }),
    }
}

fn option<T: fmt::Display>(text: &mut String, key: &str, value: Option<T>) -> fmt::Result {
    match value {
        Some(value) => writeln!(text, "{key} = {value}"),
        None => Ok(()),
    }
}

prop_compose! {
    fn redirect()(
        origin in 0..ORIGINS.len(),
        target in 0..TARGETS.len(),
        kind in prop::sample::select(vec![4i64, 1]),
        active in any::<Option<bool>>(),
        relative in any::<Option<bool>>(),
        title in prop::option::of(0..TEXTS.len()),
    ) -> Redirect {
        Redirect { origin, target, kind, active, relative, title }
    }
}

fn answer() -> impl Strategy<Value = Answer> {
    let written = (0..SUBJECTS.len(), any::<Option<bool>>(), any::<[bool; 3]>());
    let written = written.prop_map(
        |(subject, active, [start, finish, forward])| Answer::Written {
            subject,
            active,
            start,
            finish,
            forward,
        },
    );
    prop_oneof![1 => Just(Answer::Removed), 1 => Just(Answer::Off), 3 => written]
}

prop_compose! {
    fn post()(
        local in 0..LOCALS.len(),
        kind in prop::option::of(prop_oneof![3 => Just(MailKind::Box), 1 => Just(MailKind::Alias)]),
        named in any::<Option<bool>>(),
        about in prop::option::of(0..TEXTS.len()),
        aliased in any::<Option<bool>>(),
        forward in prop::option::of(0..FORWARDS.len()),
        catch_all in any::<Option<bool>>(),
        answer in prop::option::of(answer()),
    ) -> Post {
        let forward = match (kind, forward) {
            // An alias that leads nowhere is refused, and what says no type may be one.
            (Some(MailKind::Alias), None | Some(2)) => Some(0),
            (None, Some(2)) => None,
            (_, forward) => forward,
        };
        Post { local, kind, named, about, aliased, forward, catch_all, answer }
    }
}

prop_compose! {
    fn user()(
        label in 0..LABELS.len(),
        dir in 0..DIRS.len(),
        about in prop::option::of(0..TEXTS.len()),
    ) -> User {
        User { label, dir, about }
    }
}

/// Each name once.
fn distinct<T>(list: Vec<T>, name: impl Fn(&T) -> usize) -> Vec<T> {
    let mut seen = std::collections::BTreeSet::new();
    list.into_iter()
        .filter(|one| seen.insert(name(one)))
        .collect()
}

prop_compose! {
    pub(crate) fn served()(
        redirects in prop::collection::vec(redirect(), 0..3),
        mailboxes in prop::collection::vec(post(), 0..3),
        users in prop::collection::vec(user(), 0..3),
        blocks in any::<[bool; 3]>(),
        capacity in prop::option::weighted(0.3, prop::sample::select(vec![10u32, 5, 20])),
        admin in any::<bool>(),
    ) -> Served {
        Served {
            redirects: distinct(redirects, |one| one.origin),
            mailboxes: distinct(mailboxes, |one| one.local),
            users: distinct(users, |one| one.label),
            blocks,
            capacity,
            admin,
        }
    }
}
