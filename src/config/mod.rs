//! The desired-state file: read, decoded, resolved. Only this module knows that the input is TOML.
//!
//! [`load`] takes a path to [`Loaded`] in three stages: `parse` (text to spanned trees, file by file),
//! `grammar` (trees to typed drafts, the same declarations that make the JSON Schema), `resolve` (drafts to
//! the desired state). Problems of all stages are collected, each with its place. Nothing here knows the
//! environment, the network or what is live.

mod broken;
mod files;
mod grammar;
mod parse;
mod placeholder;
mod resolve;
mod said;
mod sealing;
mod secrets;
mod show;
mod trust;
mod unsupported;
pub mod write;

pub use files::{Disk, Entry, EntryKind, FileError, Files, Found, MOST_BYTES, MOST_FILES};
pub use resolve::{
    AccountConf, GroupNames, HttpConf, LedgerRoot, Loaded, NotifyConf, NotifyForm, NotifyOn,
    PatternError, ProviderKind, RateLimit, UserName, canonical_pattern, duration,
    pattern_of_groups,
};
pub use said::CODES;
pub use sealing::{Recipient, RecipientError, Sealing};
pub use secrets::{SecretRef, SecretSource};
pub use trust::{Trusted, Untrusted};

use crate::diag::{Diagnostic, Diagnostics, Sources};
use crate::model::Unit;
use crate::model::dns::Apex;
use std::collections::BTreeMap;
use std::path::Path;

/// What loading a configuration came to.
#[derive(Debug)]
pub struct Loading {
    /// The configuration, if it has no errors.
    pub loaded: Option<Loaded>,
    /// Where the secrets of its objects are, errors or not; none where the file asks for trust that it lacks.
    pub secrets: BTreeMap<(Unit, &'static str), SecretRef>,
    /// The texts that were read.
    pub sources: Sources,
    /// All problems.
    pub told: Diagnostics,
    /// What would have to be trusted from outside the file; each is an error among `told` as well.
    pub untrusted: Vec<Untrusted>,
    /// The domain that was asked for, as TOML; none if the file has none of that name, or errors.
    pub shown: Option<String>,
}

/// Reads a configuration, a file or a folder, and resolves it.
pub fn load(files: &dyn Files, path: &Path, trusted: &Trusted) -> Loading {
    load_showing((files, path), trusted, None)
}

/// Reads a configuration, and shows what it says of a domain after templates, groups and defaults.
pub fn load_showing(
    (files, path): (&dyn Files, &Path),
    trusted: &Trusted,
    domain: Option<&Apex>,
) -> Loading {
    let mut sources = Sources::default();
    let mut told = Diagnostics::default();
    let Some(drafts) = parse::read((files, trusted), path, &mut sources, &mut told) else {
        return Loading {
            loaded: None,
            secrets: BTreeMap::new(),
            sources,
            told,
            untrusted: Vec::new(),
            shown: None,
        };
    };
    requires(&drafts, &mut told);
    for draft in &drafts.files {
        unsupported::refuse(&draft.document, &mut told);
    }
    let (loaded, mut untrusted) =
        resolve::resolve((files, trusted, domain), drafts, &mut sources, &mut told);
    untrusted.retain(|thing| !trusted.holds(thing));
    for thing in &untrusted {
        told.push(thing.diagnostic());
    }
    let secrets = loaded
        .as_ref()
        .filter(|_| untrusted.is_empty())
        .map_or_else(BTreeMap::new, |(loaded, _)| loaded.secrets.clone());
    let (loaded, table) = loaded
        .filter(|_| !told.has_errors())
        .map_or((None, None), |(loaded, table)| (Some(loaded), table));
    let shown = match (domain, &loaded, table) {
        (Some(apex), Some(loaded), Some(table)) => Some(show::text(apex, table, &loaded.desired)),
        _ => None,
    };
    Loading {
        loaded,
        secrets,
        sources,
        told,
        untrusted,
        shown,
    }
}

/// The domain of a configuration whose name is nearest to one that it does not have.
pub fn near_domain<'a>(loaded: &'a Loaded, apex: &Apex) -> Option<&'a str> {
    let known = loaded.desired.homes.keys();
    said::nearest(apex.as_str(), known.map(|name| &**name))
}

/// Compares the version that the file was written for with this one.
fn requires(drafts: &parse::Drafts, told: &mut Diagnostics) {
    let own = env!("CARGO_PKG_VERSION");
    let wanted = drafts
        .files
        .first()
        .and_then(|first| first.document.bailiwick.0.as_ref())
        .and_then(|block| block.value.requires.as_ref());
    let Some(at) = wanted else {
        return;
    };
    let problem = match semver::VersionReq::parse(&at.value) {
        Err(error) => Diagnostic::error(
            said::REQUIRES,
            format!("{:?} is no requirement: {error}", at.value),
        )
        .help("write it like \">=0.1\""),
        Ok(wanted) => {
            let fits = semver::Version::parse(own).is_ok_and(|own| wanted.matches(&own));
            if fits {
                return;
            }
            Diagnostic::error(
                said::REQUIRES,
                format!("it wants {wanted}, and this is {own}"),
            )
            .help(
                "install a bailiwick of that version; what else is told here may follow from this",
            )
        }
    };
    told.push(problem.at(at.span, ""));
}

/// The JSON Schema of the desired-state file, made from the same declarations as its reader.
pub fn schema() -> serde_json::Value {
    grammar::schema()
}
