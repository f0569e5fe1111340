//! Drafts to the desired state: names made canonical, defaults and templates filled in, everything checked
//! that can be checked without the provider.
//!
//! All problems are collected; what depends on a value that is wrong is passed over in silence. What was
//! not read whole is not said to be missing.

mod account;
mod domain;
mod family;
mod group;
mod guard;
mod hosting;
mod ledger;
mod mail;
mod master;
mod notify;
mod pattern;
pub(crate) mod quantity;
mod record;
mod redirect;
mod repeat;
mod secret;
mod template;
mod zone;

pub(in crate::config) use hosting::{dir_problem, label_problem};
pub(in crate::config) use mail::{local_problem, mail_address};
pub(in crate::config) use redirect::destination_problem;

pub use account::{AccountConf, ProviderKind, UserName};
pub use ledger::LedgerRoot;
pub use notify::{NotifyConf, NotifyForm, NotifyOn};
pub use pattern::{PatternError, canonical as canonical_pattern, of_groups as pattern_of_groups};
pub use quantity::{RateLimit, duration};

use super::files::Files;
use super::grammar::block::Block;
use super::grammar::domain::Domain;
use super::grammar::field::{Called, Keyed, Merging, Named, One};
use super::grammar::reader::Lost;
use super::grammar::value::{At, Text};
use super::grammar::{Contact, Defaults, Document, Group, Http};
use super::parse::Drafts;
use super::placeholder;
use super::said;
use super::sealing::{self, Sealing};
use super::secrets::SecretRef;
use super::show;
use super::trust::{Trusted, Untrusted};
use crate::diag::{Diagnostic, Diagnostics, SourceId, Sources, Span};
use crate::model::dns::Apex;
use crate::model::{Account, Address, Declared, Desired, Guards, Home, Origin, Unit, Via};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use toml_edit::Table;

/// A configuration without errors.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What is wanted, of all accounts.
    pub desired: Desired,
    /// The accounts, by label.
    pub accounts: BTreeMap<Account, AccountConf>,
    /// Limits and consents.
    pub guards: Guards,
    /// Patience with the API.
    pub http: HttpConf,
    /// Who is told, if anybody is.
    pub notify: Option<NotifyConf>,
    /// Where ledgers and journals live.
    pub ledger: LedgerRoot,
    /// The first file, as its path was given.
    pub first_file: PathBuf,
    /// Its folder, in which relative places of outputs start.
    pub folder: PathBuf,
    /// Contact labels with their handles.
    pub contacts: BTreeMap<Box<str>, Box<str>>,
    /// Every group with its domains.
    pub groups: GroupNames,
    /// Every template with the number of zones that use it.
    pub templates: BTreeMap<Box<str>, usize>,
    /// Where the secrets of objects are fetched, by the unit that takes each and its key.
    pub secrets: BTreeMap<(Unit, &'static str), SecretRef>,
    /// Where secrets go that a provider tells once.
    pub sealing: Option<Sealing>,
}

/// Groups with their domains, for patterns.
pub type GroupNames = BTreeMap<Box<str>, Arc<BTreeSet<Arc<str>>>>;

/// `[http]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpConf {
    /// How often a read or an idempotent write is tried.
    pub attempts: u32,
    /// How long an answer may take.
    pub timeout: Duration,
    /// How long is waited when the API asks for it.
    pub max_wait: Duration,
}

impl Default for HttpConf {
    fn default() -> Self {
        Self {
            attempts: 4,
            timeout: Duration::from_secs(30),
            max_wait: Duration::from_secs(60),
        }
    }
}

/// What resolving needs at hand.
pub(crate) struct Desk<'a> {
    pub(crate) files: &'a dyn Files,
    pub(crate) sources: &'a mut Sources,
    pub(crate) told: &'a mut Diagnostics,
    pub(crate) untrusted: Vec<Untrusted>,
    /// The folder of the first file.
    root: PathBuf,
    /// The folder of each file.
    folders: BTreeMap<SourceId, PathBuf>,
    /// `[defaults]` of each file that has some.
    defaults: BTreeMap<SourceId, Defaults>,
    /// The first file.
    first: Option<SourceId>,
    /// False if something was not read: then nothing is said to be missing.
    whole: bool,
    /// What could not be decoded.
    lost: Lost,
    /// How many master files were read.
    master_files: usize,
    /// What may be read outside the folder.
    trusted: &'a Trusted,
    /// What the domain at hand took over from groups.
    through: group::Through,
    /// Each `except` that was looked at: none if it leaves something out, else what is told.
    excepts: BTreeMap<Span, Option<Diagnostic>>,
    /// Where the secrets of objects are fetched.
    secrets: BTreeMap<(Unit, &'static str), SecretRef>,
}

impl Desk<'_> {
    fn error(&mut self, problem: Diagnostic) {
        self.told.push(problem);
    }

    /// Tells a problem through which something of the file was lost.
    fn lost(&mut self, problem: Diagnostic) {
        self.whole = false;
        self.told.push(problem);
    }

    /// True if a key of a block may be there and could not be read.
    fn is_lost(&self, header: &str, key: &str, block: Span) -> bool {
        self.lost.broken.contains(&block.source)
            || self.lost.holds(header, key)
            || self.lost.in_groups()
    }

    /// The folder in which the paths of a file start.
    fn folder(&self, span: Span) -> &Path {
        self.folders.get(&span.source).unwrap_or(&self.root)
    }

    /// A line as `file:line`.
    fn line(&self, span: Span) -> String {
        let place = self.sources.place(span);
        format!("{}:{}", place.file, place.line)
    }

    /// A value written in a block, else the default of the block's file, else that of the first file.
    fn nearest<'d, T>(
        &'d self,
        own: &'d One<T>,
        source: SourceId,
        of: impl Fn(&'d Defaults) -> Option<&'d At<T>>,
    ) -> Option<&'d At<T>> {
        own.as_ref()
            .or_else(|| self.defaults.get(&source).and_then(&of))
            .or_else(|| {
                self.first
                    .and_then(|first| self.defaults.get(&first))
                    .and_then(&of)
            })
    }

    /// A domain's block with its defaults, for people.
    fn shown(&self, domain: &Gathered) -> Table {
        let defaults = |source| {
            let first = self.first.filter(|first| *first != source);
            [Some(source), first]
                .into_iter()
                .flatten()
                .filter_map(|source| self.defaults.get(&source))
                .collect()
        };
        let completed = show::complete(&domain.block, domain.span, &defaults);
        show::table(&completed, &|span| self.origin(span, None, None))
    }

    fn origin(&self, span: Span, via: Option<&Arc<[Via]>>, note: Option<&Arc<str>>) -> Origin {
        Origin {
            place: self.sources.place(span),
            via: via.or_else(|| self.through.via(span)).cloned(),
            note: note.cloned(),
        }
    }
}

/// Resolves the drafts of a configuration; `None` if there was nothing to resolve. With it the block of the
/// domain that is to be shown, without its records.
pub(crate) fn resolve(
    (files, trusted, wanted): (&dyn Files, &Trusted, Option<&Apex>),
    drafts: Drafts,
    sources: &mut Sources,
    told: &mut Diagnostics,
) -> (Option<(Loaded, Option<Table>)>, Vec<Untrusted>) {
    let folder = drafts
        .first
        .parent()
        .map_or_else(PathBuf::new, Path::to_path_buf);
    let mut desk = Desk {
        files,
        sources,
        told,
        untrusted: drafts.untrusted,
        root: folder.clone(),
        folders: BTreeMap::new(),
        defaults: BTreeMap::new(),
        first: drafts.files.first().map(|draft| draft.source),
        whole: drafts.whole,
        lost: drafts.lost,
        master_files: 0,
        trusted,
        through: group::Through::default(),
        excepts: BTreeMap::new(),
        secrets: BTreeMap::new(),
    };
    let (document, groups, mut gathered) = gather(drafts.files, &mut desk);
    let Document {
        bailiwick,
        account,
        defaults: _,
        guard,
        allow,
        moved: _,
        secrets,
        notify,
        http,
        contact,
        template,
        group: _,
        domain: _,
    } = document;
    let accounts = account::resolve(account, &mut desk);
    let contacts = contacts(contact, &mut desk);
    let mut templates = template::Templates::gather(template, &mut desk);
    let mut objects: Vec<(Address, Declared)> = Vec::new();
    let mut homes: BTreeMap<Arc<str>, Home> = BTreeMap::new();
    for (apex, span) in groups.domains() {
        gathered.entry(apex.clone()).or_insert_with(|| Gathered {
            span,
            block: Domain::default(),
        });
    }
    let mut shown = None;
    let mut repeated = repeat::Repeated::default();
    for (number, (apex, mut domain)) in gathered.into_iter().enumerate() {
        let outer = std::mem::take(desk.told);
        desk.through = groups.complete(&apex, &mut domain, &mut desk);
        let completing = std::mem::take(desk.told).into_items();
        if wanted == Some(&apex) {
            shown = Some(desk.shown(&domain));
        }
        let mut resolving = domain::Resolving {
            desk: &mut desk,
            accounts: &accounts,
            contacts: &contacts,
            templates: &mut templates,
            apex: &apex,
            objects: &mut objects,
        };
        let home = resolving.domain(domain);
        homes.insert(Arc::clone(apex.shared()), home);
        let mut resolved = std::mem::replace(desk.told, outer).into_items();
        resolved.retain(|problem| !desk.through.follows(problem));
        repeated.take_in(number, completing.into_iter().chain(resolved));
    }
    desk.through = group::Through::default();
    repeated.tell(desk.told);
    for problem in std::mem::take(&mut desk.excepts).into_values().flatten() {
        desk.error(problem);
    }
    templates.tell_unused(&mut desk);
    let desired = Desired {
        objects: objects.into_iter().collect(),
        homes: Arc::new(homes),
    };
    let ledger = ledger::about(bailiwick.0.map(|at| at.value), &mut desk);
    let http = patience(http.0.map(|at| at.value), &mut desk);
    let notify = notify::resolve(notify.0.map(|at| *at), &mut desk);
    let groups = groups.names();
    let mut guards = guard::resolve((guard, allow), &desired, &groups, &mut desk);
    let sealing = secrets
        .0
        .and_then(|at| sealing::resolve((&desk.root, *at), desk.told));
    guards.keeps_secrets = sealing.is_some();
    let loaded = Loaded {
        desired,
        accounts: accounts.confs,
        guards,
        http,
        notify,
        ledger,
        first_file: drafts.first,
        folder,
        contacts,
        groups,
        templates: templates.used(),
        secrets: desk.secrets,
        sealing,
    };
    // One line of a group is one thing to trust, however many domains it is for.
    let mut lines = BTreeSet::new();
    let mut untrusted = desk.untrusted;
    untrusted.retain(|thing| lines.insert(thing.span));
    (Some((loaded, shown)), untrusted)
}

/// A domain with all its parts.
pub(crate) struct Gathered {
    /// Its first header.
    span: Span,
    block: Domain,
}

/// Joins the files: one document of what stands in files, and the domains by their canonical names.
fn gather(
    drafts: Vec<super::parse::Draft>,
    desk: &mut Desk<'_>,
) -> (Document, group::Groups, BTreeMap<Apex, Gathered>) {
    let mut whole = Document::default();
    let mut groups: BTreeMap<Box<str>, Called<Group>> = BTreeMap::new();
    let mut domains: BTreeMap<Apex, Gathered> = BTreeMap::new();
    for (at, mut draft) in drafts.into_iter().enumerate() {
        desk.folders.insert(draft.source, draft.folder);
        if at > 0 {
            first_file_only(&mut draft.document, desk);
        }
        if let Some(defaults) = draft.document.defaults.0.take() {
            check_vars(&defaults.value.vars, desk);
            desk.defaults.insert(draft.source, defaults.value);
        }
        for called in std::mem::take(&mut draft.document.domain.0) {
            let help = "write the whole name in quotes: [domain.\"example.com\"]";
            let Some(apex) = domain_name(&called.name, help, desk) else {
                continue;
            };
            let part = Gathered {
                span: called.name.span,
                block: called.block,
            };
            match domains.get_mut(&apex) {
                None => {
                    domains.insert(apex, part);
                }
                Some(first) => {
                    let path = vec!["domain".into(), apex.as_str().into()];
                    let mut merging = Merging {
                        told: desk.told,
                        path,
                    };
                    first.block.merge(part.block, &mut merging);
                }
            }
        }
        for called in std::mem::take(&mut draft.document.group.0) {
            match groups.get_mut(&called.name.value) {
                None => {
                    groups.insert(called.name.value.clone(), called);
                }
                Some(first) => {
                    let mut merging = Merging {
                        told: desk.told,
                        path: vec!["group".into(), called.name.value],
                    };
                    first.block.merge(called.block, &mut merging);
                }
            }
        }
        let mut merging = Merging {
            told: desk.told,
            path: Vec::new(),
        };
        whole.merge(draft.document, &mut merging);
    }
    for (apex, gathered) in &mut domains {
        let mut merging = Merging {
            told: desk.told,
            path: vec!["domain".into(), apex.as_str().into()],
        };
        gathered.block.settle(&mut merging);
    }
    let groups = group::Groups::gather(groups, desk);
    (whole, groups, domains)
}

/// The name of a domain; `help` says how it is written where it stands.
fn domain_name(name: &At<Text>, help: &str, desk: &mut Desk<'_>) -> Option<Apex> {
    let problem = match Apex::parse(&name.value) {
        Ok(apex) if apex.as_str().contains('.') => return Some(apex),
        // [domain.example.com] without quotes has been told.
        Ok(_) if desk.lost.holds("[domain]", &name.value) => return None,
        Ok(_) => Diagnostic::error(said::NAME, format!("{:?} is no domain", name.value)).help(help),
        Err(error) => {
            let problem = Diagnostic::error(said::NAME, format!("{error}"));
            match error.write() {
                Some(help) => problem.help(help),
                None => problem,
            }
        }
    };
    desk.error(problem.at(name.span, ""));
    None
}

/// Takes out what only the first file may hold, and says so.
fn first_file_only(document: &mut Document, desk: &mut Desk<'_>) {
    let found = [
        ("bailiwick", document.bailiwick.0.take().map(|at| at.span)),
        ("guard", document.guard.0.take().map(|at| at.span)),
        ("secrets", document.secrets.0.take().map(|at| at.span)),
        ("notify", document.notify.0.take().map(|at| at.span)),
        ("http", document.http.0.take().map(|at| at.span)),
    ];
    let first = desk
        .first
        .map_or_else(String::new, |first| desk.sources.name(first).to_string());
    for (key, span) in found {
        if let Some(span) = span {
            let message = format!("[{key}] stands in {first} or nowhere");
            desk.error(Diagnostic::error(said::FIRST_FILE, message).at(span, ""));
        }
    }
}

/// Tells names of `vars` that no placeholder can have.
fn check_vars(vars: &Keyed<Text>, desk: &mut Desk<'_>) {
    for (name, _) in &vars.0 {
        if let Some(message) = var_problem(&name.value) {
            desk.error(Diagnostic::error(said::PLACEHOLDER, message).at(name.span, ""));
        }
    }
}

/// The handle of each contact label. Contacts with data of their own are refused elsewhere.
fn contacts(contacts: Named<Contact>, desk: &mut Desk<'_>) -> BTreeMap<Box<str>, Box<str>> {
    let mut first: BTreeMap<Box<str>, Span> = BTreeMap::new();
    let mut out = BTreeMap::new();
    for called in contacts.0 {
        let label = called.name;
        if let Some(before) = first.get(&label.value) {
            let problem = twice("contact", &label, *before);
            desk.error(problem);
            continue;
        }
        first.insert(label.value.clone(), label.span);
        match called.block.handle {
            Some(at) if is_handle(&at.value) => {
                out.insert(label.value, at.value);
            }
            Some(at) => {
                let message = format!("{:?} is no handle", at.value);
                desk.error(Diagnostic::error(said::CONTACT, message).at(at.span, ""));
            }
            // Its other keys are refused as not supported yet; an empty block says nothing at all.
            None => {
                out.insert(label.value, "".into());
            }
        }
    }
    out
}

fn is_handle(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic())
}

/// A block that is defined a second time.
fn twice(kind: &str, label: &At<Text>, first: Span) -> Diagnostic {
    let header = said::header(&[kind, &label.value]);
    let message = format!("{header} is defined twice");
    Diagnostic::error(said::WRITTEN_TWICE, message)
        .at(label.span, "again here")
        .at(first, "first here")
}

fn patience(block: Option<Http>, desk: &mut Desk<'_>) -> HttpConf {
    let mut conf = HttpConf::default();
    let Some(Http {
        attempts,
        timeout,
        max_wait,
        note: _,
    }) = block
    else {
        return conf;
    };
    if let Some(at) = attempts {
        conf.attempts = u32::try_from(at.value.0).unwrap_or(conf.attempts);
    }
    let mut read =
        |key, at: One<Text>| at.and_then(|at| quantity::written_duration(key, &at, desk.told));
    conf.timeout = read("timeout", timeout).unwrap_or(conf.timeout);
    conf.max_wait = read("max_wait", max_wait).unwrap_or(conf.max_wait);
    conf
}

/// Why a key of `vars` cannot be the name of a placeholder.
fn var_problem(name: &str) -> Option<String> {
    if !placeholder::is_name(name) {
        Some(format!(
            "{name:?} cannot be the name of a placeholder; names are a-z, 0-9 and -"
        ))
    } else if matches!(name, "domain" | "domain-dashed") {
        Some(format!("{{{name}}} is the domain's name already"))
    } else {
        None
    }
}
