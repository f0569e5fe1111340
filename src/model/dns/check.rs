//! What records of one zone forbid each other: what the DNS would refuse, or mail would stumble over.
//!
//! It sees canonical values and their indices; where they were written, the caller knows. Other zones and
//! the live DNS are not asked.

use super::name::{Apex, Host};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One value of a zone, canonical.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Host, relative; `@` is the apex.
    pub host: &'a str,
    /// Type.
    pub rtype: &'a str,
    /// Data.
    pub data: &'a str,
}

/// What is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The same value stands twice.
    Duplicate,
    /// A CNAME at the apex, where SOA and NS always stand (RFC 1912, 2.4).
    CnameAtApex,
    /// A CNAME beside other data (RFC 1034, 3.6.2).
    CnameBeside,
    /// Two CNAMEs at one host (RFC 2181, 10.1).
    TwoCnames,
    /// CNAMEs of the zone that lead back to where they began (RFC 1034, 3.6.2).
    CnameLoop,
    /// An MX or NS that points to a CNAME of the zone (RFC 2181, 10.3).
    TargetIsCname,
    /// A null MX, "no mail here", beside another MX (RFC 7505, 3).
    NullMxBeside,
    /// A CAA value that no certification authority can read, so that it may issue nothing (RFC 8659, 4.2 and 4.4).
    CaaValue,
    /// Two SPF policies at one host (RFC 7208, 3.2).
    TwoSpf,
    /// An SPF policy that asks the DNS more than ten times (RFC 7208, 4.6.4).
    SpfLookups,
}

/// One rule broken, by which values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: Rule,
    /// The value to blame.
    pub at: usize,
    /// The one that it collides with.
    pub other: Option<usize>,
    /// What is wrong, and why.
    pub reason: String,
    /// What to do, where that can be said.
    pub write: Option<String>,
}

/// Look-ups that SPF allows (RFC 7208, 4.6.4).
const SPF_LOOKUPS: usize = 10;

/// All findings of a zone, by the value to blame.
pub fn zone(apex: &Apex, entries: &[Entry<'_>]) -> Vec<Finding> {
    let mut by_host: Vec<usize> = (0..entries.len()).collect();
    by_host.sort_by_key(|&index| entries[index].host);
    let mut found = Vec::new();
    for indices in by_host.chunk_by(|&a, &b| entries[a].host == entries[b].host) {
        duplicates(entries, indices, &mut found);
        cnames(entries, indices, &mut found);
        spf(entries, indices, &mut found);
        null_mx(entries, indices, &mut found);
    }
    authorities(entries, &mut found);
    targets(apex, entries, &mut found);
    found.sort_by_key(|finding| (finding.at, finding.rule, finding.other));
    found
}

fn duplicates(entries: &[Entry<'_>], indices: &[usize], found: &mut Vec<Finding>) {
    if indices.len() < 2 {
        return;
    }
    let mut first: HashMap<(&str, &str), usize> = HashMap::new();
    for &index in indices {
        let entry = entries[index];
        if let Some(&before) = first.get(&(entry.rtype, entry.data)) {
            found.push(Finding {
                rule: Rule::Duplicate,
                at: index,
                other: Some(before),
                reason: format!(
                    "this {} of `{}` is there already, perhaps in another spelling",
                    entry.rtype, entry.host
                ),
                write: Some("remove one of the two".into()),
            });
        } else {
            first.insert((entry.rtype, entry.data), index);
        }
    }
}

fn cnames(entries: &[Entry<'_>], indices: &[usize], found: &mut Vec<Finding>) {
    let mut cnames = indices
        .iter()
        .copied()
        .filter(|&index| entries[index].rtype == "CNAME");
    let Some(cname) = cnames.next() else {
        return;
    };
    let host = entries[cname].host;
    if host == "@" {
        found.push(Finding {
            rule: Rule::CnameAtApex,
            at: cname,
            other: None,
            reason: "a CNAME stands at the apex, beside the SOA and NS that every zone has there"
                .into(),
            write: Some(
                "write the addresses (A, AAAA) of the target, or an ALIAS where the provider has it"
                    .into(),
            ),
        });
    }
    for other in cnames.filter(|&other| entries[other].data != entries[cname].data) {
        found.push(Finding {
            rule: Rule::TwoCnames,
            at: other,
            other: Some(cname),
            reason: format!(
                "`{host}` has two CNAMEs, `{}` and `{}`; a host is an alias of one name",
                entries[cname].data, entries[other].data
            ),
            write: Some("keep one of the two".into()),
        });
    }
    let mut told = BTreeSet::new();
    for &other in indices {
        let rtype = entries[other].rtype;
        // DNSSEC's own types stand beside every name (RFC 4035, 2.5).
        let apart = !matches!(rtype, "CNAME" | "RRSIG" | "NSEC");
        if apart && host != "@" && told.insert(rtype) {
            found.push(Finding {
                rule: Rule::CnameBeside,
                at: cname,
                other: Some(other),
                reason: format!(
                    "`{host}` has a CNAME beside {rtype}; a host with a CNAME has nothing else"
                ),
                write: Some(format!("remove the CNAME or the {rtype}")),
            });
        }
    }
}

fn targets(apex: &Apex, entries: &[Entry<'_>], found: &mut Vec<Finding>) {
    let cnames: HashMap<&str, usize> = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.rtype == "CNAME")
        .map(|(index, entry)| (entry.host, index))
        .collect();
    if cnames.is_empty() {
        return;
    }
    loops(apex, entries, &cnames, found);
    for (index, entry) in entries.iter().enumerate() {
        let target = match entry.rtype {
            "MX" => entry.data.split_once(' ').map_or("", |(_, target)| target),
            "NS" => entry.data,
            _ => continue,
        };
        let cname = Host::strip(apex, target).and_then(|host| cnames.get(host.as_str()));
        if let Some(&cname) = cname {
            found.push(Finding {
                rule: Rule::TargetIsCname,
                at: index,
                other: Some(cname),
                reason: format!(
                    "the {} of `{}` points to `{target}`, which is a CNAME in this zone; {} must be the name of a host with addresses",
                    entry.rtype,
                    entry.host,
                    if entry.rtype == "MX" { "a mail exchanger" } else { "a name server" },
                ),
                write: Some(format!("write `{}`", entries[cname].data)),
            });
        }
    }
}

/// Follows each CNAME once; a chain that meets itself is told at the first of its hosts.
fn loops(
    apex: &Apex,
    entries: &[Entry<'_>],
    cnames: &HashMap<&str, usize>,
    found: &mut Vec<Finding>,
) {
    let next = |index: usize| {
        let host = Host::strip(apex, entries[index].data)?;
        cnames.get(host.as_str()).copied()
    };
    // The walk in which each was met.
    let mut met: HashMap<usize, usize> = HashMap::new();
    let mut starts: Vec<usize> = cnames.values().copied().collect();
    starts.sort_unstable();
    for start in starts {
        let mut at = start;
        while !met.contains_key(&at) {
            met.insert(at, start);
            match next(at) {
                Some(to) => at = to,
                None => break,
            }
        }
        let closed = met.get(&at) == Some(&start) && next(at).is_some_and(|to| met[&to] == start);
        if !closed
            || found
                .iter()
                .any(|known| known.rule == Rule::CnameLoop && known.at == at)
        {
            continue;
        }
        let itself = next(at) == Some(at);
        let reason = if itself {
            format!(
                "`{}` is an alias of itself, so it leads nowhere",
                entries[at].host
            )
        } else {
            format!(
                "the CNAME of `{}` leads back to it, so none of these names is ever found",
                entries[at].host
            )
        };
        found.push(Finding {
            rule: Rule::CnameLoop,
            at,
            other: next(at).filter(|_| !itself),
            reason,
            write: Some("let one of them point to a name with addresses".into()),
        });
    }
}

fn null_mx(entries: &[Entry<'_>], indices: &[usize], found: &mut Vec<Finding>) {
    let mx = |index: &&usize| entries[**index].rtype == "MX";
    let is_null = |index: &&usize| entries[**index].data.ends_with(" .");
    let Some(&null) = indices.iter().filter(mx).find(is_null) else {
        return;
    };
    let Some(&other) = indices.iter().filter(mx).find(|index| !is_null(index)) else {
        return;
    };
    found.push(Finding {
        rule: Rule::NullMxBeside,
        at: null,
        other: Some(other),
        reason: format!(
            "the MX `{}` says that `{}` takes no mail, and another MX stands beside it",
            entries[null].data, entries[null].host
        ),
        write: Some("remove it, or every other MX".into()),
    });
}

fn authorities(entries: &[Entry<'_>], found: &mut Vec<Finding>) {
    for (at, entry) in entries.iter().enumerate() {
        if entry.rtype != "CAA" {
            continue;
        }
        let mut words = entry.data.splitn(3, ' ').skip(1);
        let (Some(tag), Some(value)) = (words.next(), words.next()) else {
            continue;
        };
        let value = value
            .strip_prefix('"')
            .and_then(|value| value.strip_suffix('"'))
            .unwrap_or(value);
        let (reason, write) = match tag {
            "issue" | "issuewild" if !names_authority(value) => (
                "names no certification authority by its domain, so none may issue",
                "write a domain such as `letsencrypt.org`, or `;` to forbid all",
            ),
            "iodef"
                if !["mailto:", "https://", "http://"]
                    .iter()
                    .any(|scheme| value.starts_with(scheme)) =>
            {
                (
                    "is no address to which a report could go",
                    "write it like `mailto:security@example.com`",
                )
            }
            _ => continue,
        };
        found.push(Finding {
            rule: Rule::CaaValue,
            at,
            other: None,
            reason: format!("the value of this CAA `{tag}` {reason}"),
            write: Some(write.into()),
        });
    }
}

/// `[domain] [; parameters]`; without a domain it forbids all, which is meant where a `;` stands.
fn names_authority(value: &str) -> bool {
    let domain = value.split(';').next().unwrap_or_default().trim();
    let label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
    };
    if domain.is_empty() {
        return value.contains(';');
    }
    domain.split('.').all(label)
}

fn spf(entries: &[Entry<'_>], indices: &[usize], found: &mut Vec<Finding>) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for &index in indices {
        let entry = entries[index];
        if !matches!(entry.rtype, "TXT" | "SPF") || !is_spf(entry.data) {
            continue;
        }
        let lookups = spf_lookups(entry.data);
        if lookups > SPF_LOOKUPS {
            found.push(Finding {
                rule: Rule::SpfLookups,
                at: index,
                other: None,
                reason: format!(
                    "this SPF policy needs {lookups} look-ups by itself, and receivers stop at {SPF_LOOKUPS} and reject it"
                ),
                write: Some(
                    "write ip4: and ip6: for names that rarely change, and remove what no longer sends"
                        .into(),
                ),
            });
        }
        match first.get(entry.rtype) {
            Some(&before) if entries[before].data != entry.data => found.push(Finding {
                rule: Rule::TwoSpf,
                at: index,
                other: Some(before),
                reason: format!(
                    "`{}` has two SPF policies, and receivers then use neither",
                    entry.host
                ),
                write: Some("join them into one `v=spf1 … -all`".into()),
            }),
            Some(_) => {}
            None => {
                first.insert(entry.rtype, index);
            }
        }
    }
}

fn is_spf(text: &str) -> bool {
    let version = text.as_bytes().get(..6);
    version.is_some_and(|version| version.eq_ignore_ascii_case(b"v=spf1"))
        && matches!(text.as_bytes().get(6), None | Some(b' '))
}

fn spf_lookups(text: &str) -> usize {
    text.split_ascii_whitespace()
        .skip(1)
        .filter(|term| {
            let term = term.trim_start_matches(['+', '-', '~', '?']);
            let end = term.find([':', '/', '=']).unwrap_or(term.len());
            let (word, rest) = term.split_at(end);
            let word = word.to_ascii_lowercase();
            match word.as_str() {
                "redirect" => rest.starts_with('='),
                "include" | "a" | "mx" | "ptr" | "exists" => !rest.starts_with('='),
                _ => false,
            }
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(zone_records: &[(&str, &str, &str)]) -> Vec<(Rule, usize, Option<usize>)> {
        let entries: Vec<Entry<'_>> = zone_records
            .iter()
            .map(|&(host, rtype, data)| Entry { host, rtype, data })
            .collect();
        zone(&Apex::parse("example.com").unwrap(), &entries)
            .into_iter()
            .map(|finding| (finding.rule, finding.at, finding.other))
            .collect()
    }

    #[test]
    fn each_rule_names_both_places() {
        let eleven = format!("v=spf1{} -all", " include:a.example".repeat(11));
        let found = rules(&[
            ("@", "CNAME", "a.example."),
            ("@", "NS", "www.example.com."),
            ("www", "CNAME", "a.example."),
            ("www", "CNAME", "b.example."),
            ("www", "TXT", "x"),
            ("www", "TXT", "y"),
            ("www", "TXT", "x"),
            ("@", "MX", "10 www.example.com."),
            ("@", "TXT", "v=spf1 -all"),
            ("@", "TXT", &eleven),
        ]);
        assert_eq!(
            found,
            [
                (Rule::CnameAtApex, 0, None),
                (Rule::TargetIsCname, 1, Some(3)),
                (Rule::CnameBeside, 2, Some(4)),
                (Rule::TwoCnames, 3, Some(2)),
                (Rule::Duplicate, 6, Some(4)),
                (Rule::TargetIsCname, 7, Some(3)),
                (Rule::TwoSpf, 9, Some(8)),
                (Rule::SpfLookups, 9, None),
            ]
        );
    }

    #[test]
    fn what_leads_nowhere_is_found_once() {
        let found = rules(&[
            ("a", "CNAME", "b.example.com."),
            ("b", "CNAME", "c.example.com."),
            ("c", "CNAME", "b.example.com."),
            ("self", "CNAME", "self.example.com."),
            ("to-self", "CNAME", "self.example.com."),
            ("fine", "CNAME", "www.example.com."),
            ("@", "MX", "0 ."),
            ("@", "MX", "10 mail.example.com."),
            ("only", "MX", "0 ."),
        ]);
        assert_eq!(
            found,
            [
                (Rule::CnameLoop, 1, Some(2)),
                (Rule::CnameLoop, 3, None),
                (Rule::NullMxBeside, 6, Some(7)),
            ]
        );
    }

    #[test]
    fn authorities_are_named_by_domain() {
        for (data, fine) in [
            ("0 issue \"letsencrypt.org\"", true),
            ("0 issue \";\"", true),
            ("0 issue \"ca.example; account=230123\"", true),
            ("0 issue \"\"", false),
            ("0 issue \"https://letsencrypt.org\"", false),
            ("0 issuewild \"let's encrypt\"", false),
            ("0 iodef \"mailto:a@example.com\"", true),
            ("0 iodef \"a@example.com\"", false),
            ("0 contactemail \"anything\"", true),
        ] {
            assert_eq!(rules(&[("@", "CAA", data)]).is_empty(), fine, "{data}");
        }
    }

    #[test]
    fn what_is_allowed_is_not_found() {
        let ten = format!(
            "v=spf1 ip4:192.0.2.0/24 exp=a.example ra=a {} redirect=b.example",
            "?a mx/24 ptr:c.example ".repeat(3)
        );
        let found = rules(&[
            ("@", "MX", "10 mail.example.com."),
            ("mail", "A", "192.0.2.1"),
            ("mail", "A", "192.0.2.2"),
            ("www", "CNAME", "mail.example.com."),
            ("www", "RRSIG", "x"),
            ("@", "TXT", &ten),
            ("@", "TXT", "v=spf10 is something else"),
            ("@", "SPF", "v=spf1 -all"),
            ("sub", "TXT", "v=spf1 -all"),
        ]);
        assert_eq!(found, []);
    }
}
