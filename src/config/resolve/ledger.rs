//! `[bailiwick] ledger`: where ledgers and journals lie. It opens nothing; that a store is trusted is asked for here
//! and answered elsewhere.

use super::super::files;
use super::super::grammar::value::{At, Text};
use super::super::grammar::{Bailiwick, Ledger};
use super::super::said;
use super::super::trust;
use super::Desk;
use crate::diag::Diagnostic;
use std::path::PathBuf;

/// The root of ledgers and journals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRoot {
    /// The folder; beside an object store, the one that would be taken without it.
    pub folder: PathBuf,
    /// The address of an object store that takes its place.
    pub remote: Option<Box<str>>,
    /// True if it outlives the run, also where `CI` is set.
    pub durable: bool,
}

/// `[bailiwick]`: the ledger's place. `requires` was looked at before.
pub(super) fn about(block: Option<Bailiwick>, desk: &mut Desk<'_>) -> LedgerRoot {
    let ledger = block.and_then(|block| block.ledger);
    let (path, durable) = match &ledger {
        None => (None, false),
        Some(At { span, value }) => match value {
            Ledger::Plain(text) => (
                Some(At {
                    span: *span,
                    value: text.clone(),
                }),
                false,
            ),
            Ledger::Folder(folder) => (
                folder.path.clone(),
                folder.durable.is_some_and(|at| at.value),
            ),
        },
    };
    let default = LedgerRoot {
        folder: desk.root.join(".bailiwick"),
        remote: None,
        durable,
    };
    let Some(path) = path else {
        return default;
    };
    if path.value.contains("://") {
        return match remote(&path, desk) {
            Some(address) => LedgerRoot {
                remote: Some(address),
                durable: true,
                ..default
            },
            None => default,
        };
    }
    match files::join(&desk.root, &path.value) {
        Ok(folder) => LedgerRoot {
            folder,
            remote: None,
            durable,
        },
        Err(error) => {
            let message = format!("`ledger` cannot be {:?}: {error}", path.value);
            desk.error(Diagnostic::error(said::PATH, message).at(path.span, ""));
            default
        }
    }
}

/// The address of an object store, where one can be used.
fn remote(path: &At<Text>, desk: &mut Desk<'_>) -> Option<Box<str>> {
    desk.untrusted.push(trust::ledger(&path.value, path.span));
    let known = ["s3://", "gs://", "az://"];
    let rest = known
        .iter()
        .find_map(|scheme| path.value.strip_prefix(scheme));
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let problem = match rest {
        None => {
            let message = format!("`ledger` cannot be {:?}", path.value);
            Diagnostic::error(said::PATH, message).help("write a folder, s3://…, gs://… or az://…")
        }
        Some(rest)
            if !rest.chars().all(plain)
                || rest.split('/').next().is_none_or(str::is_empty)
                || rest
                    .trim_end_matches('/')
                    .split('/')
                    .any(|part| matches!(part, "" | "." | "..")) =>
        {
            let message = format!("`ledger` cannot be {:?}", path.value);
            Diagnostic::error(said::PATH, message)
                .help("write the bucket, and a prefix of letters, digits, '-', '_', '.' and '/'")
        }
        Some(_) if cfg!(feature = "object-store") => return Some(path.value.clone()),
        Some(_) => Diagnostic::error(
            said::NOT_SUPPORTED_YET,
            "this bailiwick was built without object stores, and keeps its ledger in a folder only",
        )
        .help("build it with them: cargo install bailiwick --features object-store"),
    };
    desk.error(problem.at(path.span, ""));
    None
}
