//! The laws of reuse: a portfolio through groups, templates, defaults and several files means the same as the one
//! written out by hand, and as what `show --resolved` prints of each of its domains.

use super::support::{ACCOUNT, Memory, line, load};
use bailiwick::config::{self, Loaded, Trusted};
use bailiwick::model::dns::Apex;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

const DOMAINS: [&str; 4] = ["a.example", "b.example", "c.example", "bücher.example"];
const ALABELS: [&str; 4] = [
    "a.example",
    "b.example",
    "c.example",
    "xn--bcher-kva.example",
];
/// Single values of a domain and of its zone; the text is what stands before the key.
const SINGLE: [(&str, &str); 5] = [
    ("", "locked"),
    ("", "auto_renew"),
    ("", "whois_privacy"),
    ("zone.", "purge"),
    ("zone.", "dnssec"),
];

/// What one place says: single values, records (by number) and variables.
#[derive(Debug, Clone, Default)]
struct Said {
    single: [Option<bool>; SINGLE.len()],
    records: Vec<u8>,
    templates: Vec<u8>,
    var: Option<u8>,
}

#[derive(Debug, Clone)]
struct Portfolio {
    defaults: [Said; 2],
    groups: [(Said, [bool; DOMAINS.len()], bool); 2],
    domains: [(Said, bool, bool); DOMAINS.len()],
}

fn said() -> impl Strategy<Value = Said> {
    (
        any::<[Option<bool>; SINGLE.len()]>(),
        prop::collection::vec(0..4u8, 0..3),
        prop::collection::vec(0..2u8, 0..3),
        prop::option::of(0..3u8),
    )
        .prop_map(|(single, records, templates, var)| Said {
            single,
            records,
            templates,
            var,
        })
}

fn portfolio() -> impl Strategy<Value = Portfolio> {
    (
        [said(), said()],
        [
            (said(), any::<[bool; DOMAINS.len()]>(), any::<bool>()),
            (said(), any::<[bool; DOMAINS.len()]>(), any::<bool>()),
        ],
        [(); DOMAINS.len()].map(|()| (said(), any::<bool>(), any::<bool>())),
    )
        .prop_map(|(defaults, mut groups, domains)| {
            // What both say is said by the first alone: else they may differ.
            let [(one, _, _), (two, _, _)] = &mut groups;
            for (first, second) in one.single.iter().zip(&mut two.single) {
                if first.is_some() {
                    *second = None;
                }
            }
            if one.var.is_some() {
                two.var = None;
            }
            Portfolio {
                defaults,
                groups,
                domains,
            }
        })
}

/// A record of a place: its host tells places apart, so that no two are equal.
fn record(place: &str, number: u8, text: &str) -> String {
    format!("  {{ host = \"{place}{number}\", type = \"TXT\", data = \"{text}\" }},\n")
}

impl Said {
    fn records(&self) -> Vec<u8> {
        let mut own = self.records.clone();
        own.sort_unstable();
        own.dedup();
        own
    }

    fn single(&self, out: &mut String, prefix: &str) {
        for ((_, key), value) in SINGLE
            .iter()
            .zip(self.single)
            .filter(|((before, _), _)| *before == prefix)
        {
            if let Some(value) = value {
                let _ = writeln!(out, "{key} = {value}");
            }
        }
    }

    /// A block of a domain or group.
    fn block(&self, header: &str, place: &str, domains: &str) -> String {
        let mut out = format!("[{header}]\n{domains}");
        if let Some(var) = self.var {
            let _ = writeln!(out, "vars = {{ x = \"v{var}\" }}");
        }
        self.single(&mut out, "");
        let _ = writeln!(out, "[{header}.zone]");
        self.single(&mut out, "zone.");
        let names: Vec<String> = self.templates.iter().map(|t| format!("\"t{t}\"")).collect();
        let _ = writeln!(out, "templates = [{}]", names.join(", "));
        out += "records = [\n";
        for number in self.records() {
            out += &record(place, number, &format!("{place} {{domain}}"));
        }
        out + "]\n"
    }

    fn defaults(&self) -> String {
        let mut out = String::from("[defaults]\n");
        self.single(&mut out, "");
        // Every domain finds a value somewhere.
        let _ = writeln!(out, "vars = {{ x = \"v{}\" }}", self.var.unwrap_or(9));
        out += "[defaults.zone]\n";
        self.single(&mut out, "zone.");
        out
    }
}

impl Portfolio {
    fn declared(&self, at: usize) -> bool {
        self.domains[at].1 || self.groups.iter().any(|(_, members, _)| members[at])
    }

    fn files(&self) -> Vec<(&'static str, String)> {
        let mut first = format!(
            "[bailiwick]\ninclude = [\"second.toml\"]\n{ACCOUNT}{}",
            self.defaults[0].defaults()
        );
        let mut second = self.defaults[1].defaults();
        for number in 0..2u8 {
            let _ = writeln!(first, "[template.t{number}]\nrecords = [");
            first += &record("t{domain-dashed}-", number, "{domain} {x} %{i}");
            first += "]\n";
        }
        for (number, (said, members, late)) in self.groups.iter().enumerate() {
            let names: Vec<String> = DOMAINS
                .iter()
                .zip(members)
                .filter(|(_, member)| **member)
                .map(|(name, _)| format!("{name:?}"))
                .collect();
            let domains = format!("domains = [{}]\n", names.join(", "));
            let block = said.block(
                &format!("group.g{number}"),
                &format!("g{number}-"),
                &domains,
            );
            if *late { &mut second } else { &mut first }.push_str(&block);
        }
        for (name, (said, written, late)) in DOMAINS.iter().zip(&self.domains) {
            if *written {
                let block = said.block(&format!("domain.{name:?}"), "own", "");
                if *late { &mut second } else { &mut first }.push_str(&block);
            }
        }
        vec![("first.toml", first), ("second.toml", second)]
    }

    /// The file whose defaults hold: that of the domain's block, else that of its first group.
    fn home(&self, at: usize) -> usize {
        let (_, written, late) = &self.domains[at];
        if *written {
            return usize::from(*late);
        }
        let group = self.groups.iter().find(|(_, members, _)| members[at]);
        group.map_or(0, |(_, _, late)| usize::from(*late))
    }

    /// The same, each domain by itself.
    fn by_hand(&self) -> String {
        let mut out = ACCOUNT.to_owned();
        for at in (0..DOMAINS.len()).filter(|at| self.declared(*at)) {
            let (own, written, _) = &self.domains[at];
            let mut said: Vec<&Said> = Vec::new();
            said.extend(written.then_some(own));
            let groups = self.groups.iter().enumerate();
            let groups: Vec<(usize, &Said)> = groups
                .filter(|(_, (_, members, _))| members[at])
                .map(|(number, (said, _, _))| (number, said))
                .collect();
            said.extend(groups.iter().map(|(_, said)| *said));
            let defaults = [&self.defaults[self.home(at)], &self.defaults[0]];
            let nearest = said.iter().copied().chain(defaults);
            let mut all = Said::default();
            for place in nearest {
                for (own, value) in all.single.iter_mut().zip(place.single) {
                    *own = own.or(value);
                }
            }
            let var = said.iter().find_map(|said| said.var);
            let var = var.unwrap_or(self.defaults[self.home(at)].var.unwrap_or(9));
            let name = ALABELS[at];
            let _ = writeln!(out, "[domain.{name:?}]");
            all.single(&mut out, "");
            let _ = writeln!(out, "[domain.{name:?}.zone]");
            all.single(&mut out, "zone.");
            out += "records = [\n";
            for number in written.then(|| own.records()).into_iter().flatten() {
                out += &record("own", number, "own {domain}");
            }
            for (group, said) in groups {
                for number in said.records() {
                    let place = format!("g{group}-");
                    out += &record(&place, number, &format!("{place} {name}"));
                }
            }
            let mut used: Vec<u8> = said
                .iter()
                .flat_map(|said| said.templates.clone())
                .collect();
            used.sort_unstable();
            used.dedup();
            for number in used {
                let place = format!("t{}-", name.replace('.', "-"));
                out += &record(&place, number, &format!("{name} v{var} %{{i}}"));
            }
            out += "]\n";
        }
        out
    }
}

/// Everything but the lines.
fn meaning(loaded: &Loaded) -> BTreeMap<String, String> {
    loaded
        .desired
        .objects
        .iter()
        .map(|(address, object)| {
            let rules = object.rules.as_ref().map(|rules| rules.purge);
            let parts: Vec<_> = object
                .parts
                .iter()
                .map(|part| (&part.part, &part.attrs, &part.origin.note))
                .collect();
            (address.full_text(), format!("{rules:?} {parts:?}"))
        })
        .collect()
}

fn loaded(files: &[(&str, &str)]) -> Loaded {
    let (loaded, lines) = load(files);
    loaded.unwrap_or_else(|| panic!("{lines:#?}\n{files:#?}"))
}

fn shown(files: &[(&str, &str)], domain: &str) -> String {
    let memory = Memory::of(files);
    let path = Path::new("/conf").join(files[0].0);
    let apex = Apex::parse(domain).expect("a name");
    let loading = config::load_showing((&memory, &path), &Trusted::default(), Some(&apex));
    let told: Vec<String> = loading
        .told
        .sorted()
        .into_iter()
        .map(|told| line(told, &loading.sources))
        .collect();
    loading.shown.unwrap_or_else(|| panic!("{told:#?}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn reuse_means_what_is_written_out_by_hand(portfolio in portfolio()) {
        let files = portfolio.files();
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, &**text)).collect();
        let reused = meaning(&loaded(&files));
        let by_hand = portfolio.by_hand();
        prop_assert_eq!(&reused, &meaning(&loaded(&[("t.toml", &by_hand)])));

        let declared = (0..DOMAINS.len()).filter(|at| portfolio.declared(*at));
        let blocks: Vec<String> = declared.map(|at| shown(&files, DOMAINS[at])).collect();
        let concatenated = format!("{ACCOUNT}{}", blocks.concat());
        prop_assert_eq!(&reused, &meaning(&loaded(&[("t.toml", &concatenated)])), "{}", concatenated);
    }
}
