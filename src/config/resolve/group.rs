//! Groups: many domains, one description. Each domain's block is completed from its groups before it is
//! resolved, so that nothing after this knows groups but for the origin of a value.

use super::super::grammar::domain::Domain;
use super::super::grammar::field::{Called, Field, Keyed, Merging};
use super::super::grammar::inherit::{Clash, Inheriting, Source, Unset};
use super::super::grammar::value::{At, Text};
use super::super::grammar::{Group, block::Block};
use super::super::placeholder::Vars;
use super::super::said;
use super::{Desk, Gathered, domain_name};
use crate::diag::{Diagnostic, SourceId, Span};
use crate::model::Via;
use crate::model::dns::Apex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The groups of a configuration, and which domains are in them.
#[derive(Default)]
pub(crate) struct Groups {
    list: Vec<Described>,
    members: BTreeMap<Apex, Vec<Member>>,
}

/// What a group says of its domains.
struct Described {
    name: Box<str>,
    block: Domain,
    /// Taken out of the block: they are what is filled in, and hold no placeholders themselves.
    vars: Keyed<Text>,
}

/// A domain's line in a group's list.
struct Member {
    group: usize,
    span: Span,
}

/// Where the values of a domain came from that are not its own.
#[derive(Default)]
pub(crate) struct Through {
    /// Sorted; the group of each place.
    spans: Vec<(Span, usize)>,
    via: BTreeMap<usize, Arc<[Via]>>,
    /// Texts that could not be filled in: what follows from them is not told.
    unset: BTreeSet<Span>,
}

impl Through {
    /// The group through which a place came to this domain.
    pub(crate) fn via(&self, span: Span) -> Option<&Arc<[Via]>> {
        let at = self
            .spans
            .binary_search_by_key(&span, |(place, _)| *place)
            .ok()?;
        self.via.get(&self.spans[at].1)
    }

    /// True if a problem is about a text that could not be filled in, which has been told.
    pub(crate) fn follows(&self, problem: &Diagnostic) -> bool {
        !self.unset.is_empty()
            && problem
                .labels
                .iter()
                .any(|label| self.unset.contains(&label.span))
    }
}

impl Groups {
    /// Takes groups in by name, with all their parts.
    pub(crate) fn gather(groups: BTreeMap<Box<str>, Called<Group>>, desk: &mut Desk<'_>) -> Self {
        let mut out = Self::default();
        for (name, called) in groups {
            let Group {
                values: mut block,
                domains,
            } = called.block;
            let mut merging = Merging {
                told: desk.told,
                path: vec!["group".into(), name.clone()],
            };
            block.settle(&mut merging);
            super::check_vars(&block.vars, desk);
            let header = said::header(&["group", &name]);
            if domains.0.is_empty() && desk.whole && !desk.lost.holds(&header, "domains") {
                let message = format!("{header} has no domains, so nothing comes of it");
                let help = format!("write domains = [\"…\"] under {header}, or take it out");
                desk.error(
                    Diagnostic::warning(said::GROUP_EMPTY, message)
                        .at(called.name.span, "")
                        .help(help),
                );
            }
            out.members_of(&name, &domains.0, desk);
            let vars = std::mem::take(&mut block.vars);
            out.list.push(Described { name, block, vars });
        }
        out
    }

    fn members_of(&mut self, name: &str, domains: &[At<Text>], desk: &mut Desk<'_>) {
        let group = self.list.len();
        for domain in domains {
            let help = "write the whole name, such as \"example.com\"";
            let Some(apex) = domain_name(domain, help, desk) else {
                continue;
            };
            let members = self.members.entry(apex).or_default();
            match members.last() {
                Some(last) if last.group == group => {
                    let message = format!("{} stands twice in group.{name}", domain.value);
                    desk.error(
                        Diagnostic::error(said::WRITTEN_TWICE, message)
                            .at(domain.span, "again here")
                            .at(last.span, "first here"),
                    );
                }
                Some(_) | None => members.push(Member {
                    group,
                    span: domain.span,
                }),
            }
        }
    }

    /// The domains that are in groups, each with its first line in one.
    pub(crate) fn domains(&self) -> impl Iterator<Item = (&Apex, Span)> {
        self.members
            .iter()
            .filter_map(|(apex, members)| Some((apex, members.first()?.span)))
    }

    /// The names of the groups, each with its domains.
    pub(crate) fn names(&self) -> BTreeMap<Box<str>, Arc<BTreeSet<Arc<str>>>> {
        let mut domains: Vec<BTreeSet<Arc<str>>> = vec![BTreeSet::new(); self.list.len()];
        for (apex, members) in &self.members {
            for member in members {
                domains[member.group].insert(Arc::clone(apex.shared()));
            }
        }
        let names = self.list.iter().map(|group| group.name.clone());
        names.zip(domains.into_iter().map(Arc::new)).collect()
    }

    /// Completes a domain's block from its groups.
    pub(crate) fn complete(
        &self,
        apex: &Apex,
        gathered: &mut Gathered,
        desk: &mut Desk<'_>,
    ) -> Through {
        super::check_vars(&gathered.block.vars, desk);
        let Some(members) = self.members.get(apex) else {
            return Through::default();
        };
        let completing = Completing {
            groups: &self.list,
            members,
            apex,
        };
        let mut vars = std::mem::take(&mut gathered.block.vars);
        let mut literal = Inheriting::groups(None);
        vars.inherit(
            &completing.sources(|group| &group.vars),
            "vars",
            &mut literal,
        );
        let dashed = apex.dashed();
        let known = vars_of(apex, &dashed, (&vars, gathered.span.source), desk);
        let mut filling = Inheriting::groups(Some(&known));
        let blocks = completing.sources(|group| &group.block);
        gathered.block.inherit(&blocks, &mut filling);
        let Inheriting {
            mut spans,
            clashes,
            unset,
            ..
        } = filling;
        let names: Vec<&str> = known.names().collect();
        let mut problems: Vec<Diagnostic> = Vec::new();
        for clash in literal.clashes.iter().chain(&clashes) {
            problems.push(completing.clash(clash, desk));
        }
        for one in &unset {
            problems.push(completing.unset(one, &names, desk));
        }
        problems.into_iter().for_each(|problem| desk.error(problem));
        gathered.block.vars = vars;
        spans.extend(literal.spans);
        spans.sort_unstable();
        Through {
            spans,
            via: completing.via(desk),
            unset: unset.into_iter().map(|one| one.span).collect(),
        }
    }
}

/// What the placeholders of a domain stand for: its own, then the defaults of its file and of the first.
pub(crate) fn vars_of<'a>(
    apex: &'a Apex,
    dashed: &'a str,
    (own, source): (&'a Keyed<Text>, SourceId),
    desk: &'a Desk<'_>,
) -> Vars<'a> {
    let mut vars = Vars::new(apex.as_str(), dashed);
    let inherited = [Some(source), desk.first]
        .into_iter()
        .flatten()
        .filter_map(|source| desk.defaults.get(&source))
        .map(|defaults| &defaults.vars);
    let all = std::iter::once(own).chain(inherited);
    for (name, value) in all.flat_map(|vars| &vars.0) {
        if super::var_problem(&name.value).is_none() {
            vars.add(&name.value, &value.value);
        }
    }
    vars
}

/// One domain and its groups.
struct Completing<'a> {
    groups: &'a [Described],
    members: &'a [Member],
    apex: &'a Apex,
}

impl<'a> Completing<'a> {
    fn sources<P>(&self, part: impl Fn(&'a Described) -> &'a P) -> Vec<Source<'a, P>> {
        self.members
            .iter()
            .map(|member| Source {
                from: member.group,
                value: part(&self.groups[member.group]),
            })
            .collect()
    }

    fn via(&self, desk: &Desk<'_>) -> BTreeMap<usize, Arc<[Via]>> {
        self.members
            .iter()
            .map(|member| {
                let place = desk.sources.place(member.span);
                let via = Via {
                    name: format!("group.{}", self.groups[member.group].name).into(),
                    file: place.file,
                    line: place.line,
                };
                (member.group, Arc::from([via]))
            })
            .collect()
    }

    /// `registrant of example.shop is "AA1" in group.acme (a.toml:4) and "BB2" in group.parked (b.toml:9)`
    fn clash(&self, clash: &Clash, desk: &Desk<'_>) -> Diagnostic {
        let Clash {
            path,
            both: [(one, first, kept), (other, second, differing)],
        } = clash;
        let keys: Vec<String> = path.iter().map(|key| said::quoted(key)).collect();
        let mut header = vec!["domain", self.apex.as_str()];
        header.extend(
            path[..path.len().saturating_sub(1)]
                .iter()
                .map(|key| &**key),
        );
        let differing = match (&**kept, &**differing) {
            ("one source", _) => "another",
            (_, differing) => differing,
        };
        let message = format!(
            "{} of {} is {kept} in group.{} ({}) and {differing} in group.{} ({}); write it under {}",
            keys.join("."),
            self.apex,
            self.groups[*one].name,
            desk.line(*first),
            self.groups[*other].name,
            desk.line(*second),
            said::header(&header),
        );
        let problem = Diagnostic::error(said::GROUPS_DIFFER, message);
        match path.last().is_some_and(|key| said::is_secret_key(key)) {
            true => problem.at_masked(*second, "").at_masked(*first, "and this"),
            false => problem.at(*second, "").at(*first, "and this"),
        }
    }

    fn unset(&self, unset: &Unset, known: &[&str], desk: &Desk<'_>) -> Diagnostic {
        let Unset { from, span, name } = unset;
        let message = format!(
            "{{{name}}} in group.{} ({}) is not set for {}; known: {}",
            self.groups[*from].name,
            desk.line(*span),
            self.apex,
            known.join(", ")
        );
        let mut problem = Diagnostic::error(said::PLACEHOLDER, message).at(*span, "");
        if let Some(member) = self.members.iter().find(|member| member.group == *from) {
            problem = problem.at(member.span, format!("used here, for {}", self.apex));
        }
        match said::nearest(name, known.iter().copied()) {
            Some(near) => problem.help(format!("did you mean {{{near}}}?")),
            None => problem,
        }
    }
}
