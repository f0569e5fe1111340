//! Patterns over addresses, brought into the spelling that addresses have.
//!
//! Names in addresses are canonical, so a pattern written `domain.Example.com` has to become
//! `domain.example.com` before it can match: otherwise it protects nothing, in silence.

use super::GroupNames;
use crate::config::said;
use crate::model::Kind;
use crate::model::dns::name;
use crate::model::pattern::Pattern;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Why a pattern can match nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// The word in front is no kind of object.
    #[error("{word:?} is no kind of object")]
    Kind {
        /// The word.
        word: String,
    },
    /// There is no dot after the kind.
    #[error("an address is a kind and a name, such as \"domain.example.com\"")]
    Form,
    /// No group has that name.
    #[error("there is no group {name:?}{}", meant.as_ref().map_or_else(String::new, |near| format!("; did you mean group.{near}?")))]
    Group {
        /// The name.
        name: String,
        /// What was probably meant.
        meant: Option<String>,
    },
}

/// Gives a pattern `group.NAME` the domains it stands for; the name may hold stars. Others stay as they are.
pub fn of_groups(pattern: Pattern, groups: &GroupNames) -> Result<Pattern, PatternError> {
    let Some(name) = pattern.as_str().strip_prefix("group.") else {
        return Ok(pattern);
    };
    let wanted = Pattern::new(name);
    let mut found = groups
        .iter()
        .filter(|(name, _)| wanted.matches_text(name))
        .map(|(_, domains)| domains);
    let domains = match (found.next(), found.next()) {
        (None, _) => {
            let known = groups.keys().map(|name| &**name);
            return Err(PatternError::Group {
                name: name.to_owned(),
                meant: said::nearest(name, known).map(str::to_owned),
            });
        }
        (Some(one), None) => Arc::clone(one),
        (Some(one), Some(two)) => {
            let all: BTreeSet<Arc<str>> = [one, two]
                .into_iter()
                .chain(found)
                .flat_map(|domains| domains.iter().cloned())
                .collect();
            Arc::new(all)
        }
    };
    Ok(pattern.of_domains(domains))
}

/// The canonical spelling of a pattern.
pub fn canonical(text: &str) -> Result<String, PatternError> {
    let Some((word, rest)) = text.split_once('.') else {
        return match text.contains('*') {
            true => Ok(text.to_owned()),
            false => Err(PatternError::Form),
        };
    };
    let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word);
    let Some(kind) = kind else {
        return match word.contains('*') || word == "group" {
            true => Ok(text.to_owned()),
            false => Err(PatternError::Kind {
                word: word.to_owned(),
            }),
        };
    };
    let (rest, account) = account(kind, rest);
    let rest = match kind {
        Kind::Domain | Kind::Zone | Kind::RedirectService | Kind::Mail | Kind::Hosting => {
            names(rest)
        }
        Kind::Certificate => names(rest),
        Kind::Contact => rest.to_owned(),
        Kind::Mailbox | Kind::Autoresponder => match rest.rsplit_once('@') {
            Some((local, domain)) => format!("{}@{}", local.to_lowercase(), names(domain)),
            None => rest.to_owned(),
        },
        Kind::Record => match (rest.split_once('/'), rest.rsplit_once('/')) {
            (Some((domain, _)), Some((front, rtype))) if front.len() > domain.len() => {
                let host = &front[domain.len() + 1..];
                let rtype = rtype.to_ascii_uppercase();
                format!("{}/{}/{rtype}", names(domain), names(host))
            }
            // A star before or in the last part may stand for a slash: it can be a host or a type.
            (Some((domain, last)), _) if domain.contains('*') || last.contains('*') => {
                format!("{}/{last}", names(domain))
            }
            (Some((domain, last)), _) => format!("{}/{}", names(domain), names(last)),
            (None, _) => names(rest),
        },
        Kind::Redirect | Kind::Site => match rest.split_once('/') {
            Some((domain, name)) => format!("{}/{}", names(domain), names(name)),
            None => names(rest),
        },
        Kind::FtpUser | Kind::Database | Kind::Wordpress | Kind::NsKey => {
            match rest.split_once('/') {
                Some((domain, name)) => format!("{}/{name}", names(domain)),
                None => names(rest),
            }
        }
    };
    Ok(format!("{word}.{rest}{account}"))
}

/// Takes off `@ACCOUNT`.
fn account(kind: Kind, rest: &str) -> (&str, &str) {
    let wanted = match kind {
        // `info@example.com@main`
        Kind::Mailbox | Kind::Autoresponder => 2,
        Kind::Contact
        | Kind::Domain
        | Kind::Zone
        | Kind::Record
        | Kind::RedirectService
        | Kind::Redirect
        | Kind::Mail
        | Kind::Hosting
        | Kind::FtpUser
        | Kind::Database
        | Kind::Site
        | Kind::Wordpress
        | Kind::Certificate
        | Kind::NsKey => 1,
    };
    match rest.rfind('@') {
        // The apex of a zone is written `@`: `record.example.com/@/A`.
        Some(at) if rest.matches('@').count() >= wanted && !rest[at..].contains('/') => {
            rest.split_at(at)
        }
        Some(_) | None => (rest, ""),
    }
}

/// A name without the final dot, in lower case and A-labels; with stars, what can be said of it.
fn names(text: &str) -> String {
    match name::full(text) {
        Ok(name) if !text.contains(['*', '\\', '@']) => name.into(),
        Ok(_) | Err(_) => text.to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling() {
        for (written, canonically) in [
            ("domain.Example.COM", "domain.example.com"),
            ("domain.example.com.", "domain.example.com"),
            ("domain.bücher.example", "domain.xn--bcher-kva.example"),
            ("domain.*", "domain.*"),
            ("**", "**"),
            ("*.example.com", "*.example.com"),
            ("record.Example.com/WWW/a", "record.example.com/www/A"),
            ("record.example.com/@/mx", "record.example.com/@/MX"),
            (
                "record.example.com/@/mx@main",
                "record.example.com/@/MX@main",
            ),
            (r"record.example.com/\*/a", r"record.example.com/\*/A"),
            ("record.example.com/*", "record.example.com/*"),
            ("record.*/A", "record.*/A"),
            ("record.Example.com/*A", "record.example.com/*A"),
            ("zone.example.com@Main", "zone.example.com@Main"),
            ("mailbox.Sales@Example.com", "mailbox.sales@example.com"),
            (
                "mailbox.Sales@Example.com@be",
                "mailbox.sales@example.com@be",
            ),
            ("database.Example.com/Shop", "database.example.com/Shop"),
        ] {
            assert_eq!(canonical(written).as_deref(), Ok(canonically));
        }
        assert!(canonical("domian.example.com").is_err());
        assert!(canonical("example").is_err());
    }
}
