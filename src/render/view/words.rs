//! How the kinds read in a plan: what an object is called below its domain's heading, in which order its
//! attributes are told, and which one goes without its name.
//!
//! Knows no format, and nothing of what a step does beyond its attributes.

use super::super::escape::inert;
use super::row::Mark;
use super::value::Shape;
use crate::model::{Address, Cause, Kind};
use crate::plan::file::Names;
use crate::plan::{Scope, Step};

/// The object as it is called below its domain's heading.
pub(super) fn label(step: &Step, names: &Names) -> String {
    let address = &step.address;
    let mut label = named(address);
    if address.kind != Kind::Record && !step.part.is_object() {
        label.push(' ');
        label.push_str(&inert(&step.part.0));
    }
    if names.ambiguous(address) {
        label.push('@');
        label.push_str(&inert(address.account.as_str()));
    }
    label
}

fn named(address: &Address) -> String {
    let word = address.kind.word();
    match address.kind {
        Kind::Record => match address.host_and_type() {
            Some((host, rtype)) => format!("{word} {} {}", inert(host), inert(rtype)),
            None => format!("{word} {}", inert(&address.name)),
        },
        Kind::Redirect => format!("{word} {}", inert(below(&address.name, &address.domain))),
        Kind::Mailbox | Kind::Autoresponder => format!("{word} {}@", inert(&address.name)),
        Kind::Contact
        | Kind::Domain
        | Kind::Zone
        | Kind::RedirectService
        | Kind::Mail
        | Kind::Hosting
        | Kind::FtpUser
        | Kind::Database
        | Kind::Site
        | Kind::Wordpress
        | Kind::Certificate
        | Kind::NsKey => {
            if address.name.is_empty() {
                word.into()
            } else {
                format!("{word} {}", inert(&address.name))
            }
        }
    }
}

/// A full name as a host below its domain: `blog`, `@` for the domain itself.
fn below<'a>(name: &'a str, domain: &str) -> &'a str {
    if name == domain {
        return "@";
    }
    name.strip_suffix(domain)
        .and_then(|host| host.strip_suffix('.'))
        .filter(|host| !host.is_empty())
        .unwrap_or(name)
}

/// Where an attribute stands among those of its kind; the others follow by name.
pub(super) fn turn(kind: Kind, name: &str) -> usize {
    let first: &[&str] = match kind {
        Kind::Redirect => &["to", "type", "active"],
        Kind::Mailbox => &["type", "name", "password", "forward", "aliases"],
        Kind::Autoresponder => &["active", "subject", "message", "start", "finish"],
        Kind::FtpUser => &["dir", "password"],
        Kind::Contact
        | Kind::Domain
        | Kind::Zone
        | Kind::Record
        | Kind::RedirectService
        | Kind::Mail
        | Kind::Hosting
        | Kind::Database
        | Kind::Site
        | Kind::Wordpress
        | Kind::Certificate
        | Kind::NsKey => &[],
    };
    first
        .iter()
        .position(|known| *known == name)
        .unwrap_or(first.len())
}

/// What stands before a value: mostly the key of the file. A record's data and where a redirection leads are
/// told by themselves.
pub(super) fn lead(kind: Kind, name: &'static str, shape: &Shape) -> &'static str {
    match (kind, name, shape) {
        (_, "data", _) => "",
        (Kind::Redirect, "to", Shape::New(_) | Shape::Gone(_)) => "→",
        (Kind::Redirect, "to", Shape::Turned { .. } | Shape::Words(_) | Shape::Outside { .. }) => {
            ""
        }
        (_, _, _) => name,
    }
}

/// What is said where there are no attributes to tell.
pub(super) fn saying(mark: Mark) -> &'static str {
    match mark {
        Mark::Create => "to be made",
        Mark::Update => "to be changed",
        Mark::Delete => "to be destroyed",
        Mark::Replace => "to be destroyed and made again",
        Mark::Keep => "kept",
        Mark::Adopt => "already there as the file says; noted in the ledger",
        Mark::Forget => "not in file: left as it is, and no longer followed",
    }
}

/// A reason in words for people.
pub(in crate::render) fn in_words(reason: Cause) -> &'static str {
    match reason {
        Cause::NewInFile => "new in file",
        Cause::EditedInFile => "edited in file",
        Cause::ChangedOutside => "changed outside",
        Cause::Both => "edited in file and changed outside",
        Cause::Missing => "was applied and is gone",
        Cause::NotInFile => "not in file",
        Cause::RenewalDue => "renewal due",
        Cause::Capacity => "more capacity in file",
        Cause::SecretChanged => "secret changed",
        Cause::Adopted => "already there",
        Cause::Resend => "asked to be sent again",
        Cause::Progress => "next part of what was begun",
        Cause::ProviderDefault => "put there by the provider",
        Cause::ForcedBy => "forced by another change",
    }
}

/// What an approval leaves open below something that is not there yet.
pub(super) fn room(scope: &Scope) -> &'static str {
    if scope.purge {
        "once it is there it is read: what the provider put into it and the file does not name is removed"
    } else {
        "once it is there it is read: what the provider put into it gives way to what the file names"
    }
}
