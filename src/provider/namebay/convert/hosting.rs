//! FTP users between what Namebay says and the model; pure.

use std::sync::Arc;

use crate::model::{Attrs, Value};

use super::super::api::hosting::FtpUser;

/// What the hosting's own user is called, which no label can be.
pub(in crate::provider::namebay) const ADMIN: &str = "(admin)";

/// True for the user that came with the hosting: it is named like it.
pub(in crate::provider::namebay) fn is_admin(hosting: &str, read: &FtpUser) -> bool {
    read.user_name
        .word()
        .is_some_and(|name| name.eq_ignore_ascii_case(hosting))
}

/// What the model calls a user: our label, `(admin)` for the hosting's own, and `#` with the id for one without a label.
pub(in crate::provider::namebay) fn label(hosting: &str, read: &FtpUser) -> Option<Arc<str>> {
    if is_admin(hosting, read) {
        return Some(ADMIN.into());
    }
    match read.full_name.word() {
        Some(name) if name != ADMIN => Some(name.into()),
        Some(_) | None => read.id.word().map(|id| format!("#{id}").into()),
    }
}

/// True for the name of a user that has no label.
pub(in crate::provider::namebay) fn is_nameless(name: &str) -> bool {
    name.strip_prefix('#').is_some_and(|id| {
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}

/// A directory without what means nothing: a final slash, doubled ones, `.` between them. An empty one is `.`.
pub(in crate::provider::namebay) fn dir(text: &str) -> String {
    let text = text.trim();
    let steps: Vec<&str> = text
        .split('/')
        .filter(|step| !matches!(*step, "" | "."))
        .collect();
    match (text.starts_with('/'), steps.is_empty()) {
        (true, _) => format!("/{}", steps.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => steps.join("/"),
    }
}

/// A directory that the file gives, as Namebay wants it; `None` where it hangs below one that is not known.
pub(in crate::provider::namebay) fn absolute(
    wanted: &str,
    hosting: Option<&str>,
) -> Option<String> {
    if wanted.starts_with('/') {
        return Some(wanted.to_owned());
    }
    let top = dir(hosting?);
    Some(match wanted {
        "." => top,
        below => dir(&format!("{top}/{below}")),
    })
}

/// A live directory as the file writes this one: below the hosting's, where the file gives it like that.
pub(in crate::provider::namebay) fn shown(
    live: &str,
    wanted: Option<&str>,
    hosting: Option<&str>,
) -> String {
    let live = dir(live);
    let (Some(wanted), Some(top)) = (wanted, hosting) else {
        return live;
    };
    if wanted.starts_with('/') {
        return live;
    }
    let top = dir(top);
    match live.strip_prefix(&top) {
        Some("") => ".".to_owned(),
        Some(rest) if top == "/" => rest.to_owned(),
        Some(rest) => rest.strip_prefix('/').map_or(live.clone(), str::to_owned),
        None => live,
    }
}

/// A user's attributes; its directory as the file writes it.
pub(in crate::provider::namebay) fn user(
    read: &FtpUser,
    wanted: Option<&Attrs>,
    hosting: Option<&str>,
) -> Attrs {
    let written = wanted.and_then(|attrs| attrs.text("dir"));
    let mut attrs = vec![("description", Value::text(read.description.raw().trim()))];
    attrs.extend(
        read.dir
            .word()
            .map(|dir| ("dir", Value::text(&shown(dir, written, hosting)))),
    );
    Attrs::new(attrs)
}

/// What Namebay named of a user.
pub(in crate::provider::namebay) fn outputs(read: &FtpUser) -> Attrs {
    let all = [
        ("login", &read.login),
        ("host", &read.host),
        ("user_name", &read.user_name),
    ];
    let named = all
        .into_iter()
        .filter_map(|(name, text)| Some((name, Value::text(text.word()?))));
    Attrs::new(named.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_below_the_hosting_is_shown_as_it_is_written() {
        let top = Some("/var/www/sites/ho1/");
        for (written, live, expected) in [
            ("up", "/var/www/sites/ho1/up/", "up"),
            (".", "/var/www/sites/ho1", "."),
            (
                "/var/www/sites/ho1/up",
                "/var/www/sites/ho1/up/",
                "/var/www/sites/ho1/up",
            ),
            ("up", "/var/www/sites/ho10/up", "/var/www/sites/ho10/up"),
        ] {
            assert_eq!(shown(live, Some(written), top), expected);
        }
        assert_eq!(
            absolute("up", top).as_deref(),
            Some("/var/www/sites/ho1/up")
        );
        assert_eq!(absolute(".", top).as_deref(), Some("/var/www/sites/ho1"));
        assert_eq!(absolute("up", None), None);
        assert_eq!(dir("a//b/./c/"), "a/b/c");
        assert_eq!(dir(""), ".");
    }
}
