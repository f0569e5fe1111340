//! Random portfolios: what is live, what the file wants, and the dialect in which the server speaks.
//!
//! Both sides draw from the same small pools, so that they agree in much and differ in some; what the DNS
//! forbids is not drawn, because the file would be refused before anything is asked.

use super::services::{self, Served};
use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Seed};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt;
use std::fmt::Write;

/// Where records may stand; the first is the apex, the last two are a delegation and an SRV name.
const HOSTS: [&str; 8] = [
    "@",
    "www",
    "a.b",
    "*",
    "_dmarc",
    "xn--bcher-kva",
    "sub",
    "_sip._tcp",
];

/// A value: its type, as the server keeps it, and as the file writes it.
pub(crate) struct Sample {
    pub(crate) rtype: &'static str,
    pub(crate) live: &'static str,
    pub(crate) file: &'static str,
}

const fn sample(rtype: &'static str, live: &'static str, file: &'static str) -> Sample {
    Sample { rtype, live, file }
}

const SAMPLES: [Sample; 30] = [
    sample("A", "192.0.2.1", r#"data = "192.0.2.1""#),
    sample("A", "192.0.2.2", r#"data = "192.0.2.2""#),
    sample("A", "192.0.2.3", r#"data = "192.0.2.3""#),
    sample("AAAA", "2001:db8::1", r#"data = "2001:DB8:0::1""#),
    sample("AAAA", "2001:db8::2", r#"data = "2001:db8::2""#),
    sample("CNAME", "one.example.net.", r#"data = "one.example.net.""#),
    sample("CNAME", "two.example.net.", r#"data = "TWO.example.net.""#),
    sample(
        "MX",
        "10 mx1.example.net.",
        r#"data = "mx1.example.net.", priority = 10"#,
    ),
    sample(
        "MX",
        "20 mx1.example.net.",
        r#"data = "mx1.example.net.", priority = 20"#,
    ),
    sample(
        "MX",
        "20 mx2.example.net.",
        r#"data = "mx2.example.net.", priority = 20"#,
    ),
    sample("TXT", r#""v=spf1 mx -all""#, r#"data = "v=spf1 mx -all""#),
    sample("TXT", r#""v=spf1 -all""#, r#"data = "v=spf1 -all""#),
    sample("TXT", r#""hello world""#, r#"data = "hello world""#),
    sample("TXT", r#""say \"hi\" \\ ""#, r#"data = 'say "hi" \ '"#),
    sample("TXT", r#""caf\195\169; x""#, r#"data = "café; x""#),
    sample("TXT", LONG_LIVE, LONG_FILE),
    sample("NS", "ns1.example.net.", r#"data = "ns1.example.net.""#),
    sample("NS", "ns2.example.net.", r#"data = "ns2.example.net.""#),
    sample(
        "SRV",
        "10 5 5060 sip.example.net.",
        r#"data = "sip.example.net.", priority = 10, weight = 5, port = 5060"#,
    ),
    sample(
        "SRV",
        "20 0 5061 sip.example.net.",
        r#"data = "sip.example.net.", priority = 20, weight = 0, port = 5061"#,
    ),
    sample(
        "CAA",
        r#"0 issue "letsencrypt.org""#,
        r#"data = "letsencrypt.org", flags = 0, tag = "issue""#,
    ),
    sample(
        "CAA",
        r#"128 issuewild ";""#,
        r#"data = ";", flags = 128, tag = "issuewild""#,
    ),
    sample(
        "NAPTR",
        r#"100 10 "U" "E2U+sip" "!^.*$!sip:i@example.com!" ."#,
        r#"order = 100, preference = 10, flags = "U", service = "E2U+sip", regexp = "!^.*$!sip:i@example.com!", data = ".""#,
    ),
    sample(
        "NAPTR",
        r#"100 20 "S" "SIP+D2U" "" _sip._udp.example.net."#,
        r#"order = 100, preference = 20, flags = "S", service = "SIP+D2U", regexp = "", data = "_sip._udp.example.net.""#,
    ),
    sample(
        "TLSA",
        "3 1 1 0d6fce13c2b1a8f3e4d5968778695a4b3c2d1e0f0d6fce13c2b1a8f3e4d59687",
        r#"usage = 3, selector = 1, matching = 1, data = "0d6fce13c2b1a8f3e4d5968778695a4b3c2d1e0f0d6fce13c2b1a8f3e4d59687""#,
    ),
    sample(
        "SSHFP",
        "4 1 123456789abcdef67890123456789abcdef67890",
        r#"data = "4 1 123456789abcdef67890123456789abcdef67890""#,
    ),
    sample("HTTPS", "1 . alpn=h2", r#"data = "1 . alpn=\"h2\"""#),
    sample(
        "LOC",
        "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m",
        r#"data = "52 22 23 N 4 53 32 E -2m 0m 10000m 10m""#,
    ),
    sample("MX", "0 .", r#"data = ".", priority = 0"#),
    sample("TYPE6528", r"\# 3 abcdef", r#"data = "\\# 3 abcdef""#),
];

const LONG_LIVE: &str = r#""0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789abcdefg hij""#;
const LONG_FILE: &str = r#"data = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789abcdefg hij""#;

/// A value at a host.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rr {
    host: usize,
    sample: usize,
}

impl Rr {
    pub(crate) fn host(self) -> &'static str {
        HOSTS[self.host]
    }

    pub(crate) fn sample(self) -> &'static Sample {
        &SAMPLES[self.sample]
    }
}

impl fmt::Debug for Rr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Sample { rtype, live, .. } = self.sample();
        write!(f, "{} {rtype} {live}", self.host())
    }
}

/// One domain, live and wanted.
#[derive(Debug, Clone)]
pub(crate) struct Sketch {
    /// A zone is there.
    pub(crate) zone: bool,
    /// Its name servers are the provider's.
    pub(crate) here: bool,
    /// Its records.
    pub(crate) live: Vec<Rr>,
    /// Its TTL, and whether the domain is locked, hidden and renews itself.
    pub(crate) ttl: u32,
    pub(crate) settings: [bool; 3],
    /// Redirections, mailboxes and FTP users, which are there where the zone is.
    pub(crate) served: Served,
    /// What the file says; `None` where it does not name the domain.
    pub(crate) file: Option<Wanted>,
}

/// What the file says of a domain.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) settings: [Option<bool>; 3],
    /// The provider's name servers, or two others.
    pub(crate) servers: Option<bool>,
    /// Another admin contact.
    pub(crate) admin: bool,
    pub(crate) zone: Option<WantedZone>,
    pub(crate) served: Option<Served>,
}

/// What the file says of a zone.
#[derive(Debug, Clone)]
pub(crate) struct WantedZone {
    pub(crate) ttl: Option<u32>,
    pub(crate) purge: bool,
    pub(crate) records: Vec<Rr>,
}

/// A portfolio, and how the server speaks.
#[derive(Clone)]
pub(crate) struct Portfolio {
    pub(crate) domains: Vec<Sketch>,
    pub(crate) dialect: Dialect,
    /// How the file says it.
    pub(crate) style: Style,
}

/// The ways of writing one and the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Each domain by itself, all in one file.
    Plain,
    /// A file for each domain.
    Files,
    /// A group for each domain.
    Groups,
    /// Records in templates.
    Templates,
    /// Passwords in `[defaults]`.
    Defaults,
}

/// The names of the domains, in order.
pub(crate) const NAMES: [&str; 3] = ["example.com", "example.org", "xn--caf-dma.example"];

impl Portfolio {
    /// What is live at first.
    pub(crate) fn seed(&self) -> Seed {
        let mut seed = Seed::empty().user(USER);
        for (sketch, name) in self.domains.iter().zip(NAMES) {
            seed = seed.domain(USER, name).adjust(name, |domain| {
                let [locked, hidden, renews] = sketch.settings;
                domain.settings.locked = locked;
                domain.settings.anonymous_whois = hidden;
                domain.settings.auto_renew = renews;
                if !sketch.here {
                    domain.settings.name_servers = ELSEWHERE.map(str::to_owned).to_vec();
                }
            });
            if sketch.zone {
                seed = seed.zone(name);
                for rr in &sketch.live {
                    let Sample { rtype, live, .. } = rr.sample();
                    seed = seed.record(name, rr.host(), (rtype, live));
                }
                seed = seed.adjust_zone(name, |zone| zone.ttl = sketch.ttl);
                seed = sketch.served.seed(seed, name);
            }
        }
        seed
    }

    /// What the file says of each domain that it names.
    fn domains(&self) -> impl Iterator<Item = String> {
        let named = self.domains.iter().zip(NAMES).enumerate();
        let style = self.style;
        named.filter_map(move |(number, (sketch, name))| {
            let mut text = String::new();
            let place = Place {
                number,
                name,
                style,
            };
            let wanted = sketch.file.as_ref()?;
            let written = wanted.write(place, &mut text);
            written.expect("a String takes everything");
            Some(text)
        })
    }

    /// What the files say, but for the account.
    pub(crate) fn body(&self) -> String {
        let defaults = match self.style {
            Style::Defaults => DEFAULTS,
            Style::Plain | Style::Files | Style::Groups | Style::Templates => "",
        };
        let domains: String = self.domains().collect();
        format!("{defaults}{domains}")
    }

    /// Starts the server and writes the file, with all consent that a plan may need.
    pub(crate) fn start(&self) -> Simulated {
        let mut simulated = Simulated::new(self.seed(), self.dialect.clone());
        for (name, value) in services::PASSWORDS {
            simulated.scenario.variable(name, value);
        }
        if self.style != Style::Files {
            simulated.file(&format!("{CONSENT}{}", self.body()));
            return simulated;
        }
        for (number, text) in self.domains().enumerate() {
            let name = format!("domains/{number}.toml");
            simulated.scenario.file(&name, &text);
        }
        let include = "[bailiwick]\ninclude = [\"domains/*.toml\"]\n\n";
        simulated.file(&format!("{include}{CONSENT}"));
        simulated
    }
}

const DEFAULTS: &str = "[defaults.mailbox]\npassword = { env = \"BOX_PW\" }\n[defaults.hosting.ftp_user]\npassword = { env = \"FTP_PW\" }\n\n";
/// Which domain is written, and how.
#[derive(Clone, Copy)]
struct Place {
    number: usize,
    name: &'static str,
    style: Style,
}

const CONSENT: &str = "[guard]\nmax_delete_percent = 100\n\n[[allow]]\ndestroy = [\"record.**\"]\nshare = [\"**\"]\nreason = \"a law\"\nuntil = 2030-01-01\n\n";
pub(crate) const ELSEWHERE: [&str; 2] = ["ns1.dns.test", "ns2.dns.test"];

impl Wanted {
    fn write(&self, place: Place, text: &mut String) -> fmt::Result {
        let Place {
            number,
            name,
            style,
        } = place;
        let (header, own) = match style {
            Style::Groups => (format!("group.g{number}"), "{domain}"),
            Style::Plain | Style::Files | Style::Templates | Style::Defaults => {
                (format!("domain.\"{name}\""), name)
            }
        };
        writeln!(text, "[{header}]")?;
        if style == Style::Groups {
            writeln!(text, "domains = [\"{name}\"]")?;
        }
        for (key, value) in ["locked", "whois_privacy", "auto_renew"]
            .iter()
            .zip(self.settings)
        {
            if let Some(value) = value {
                writeln!(text, "{key} = {value}")?;
            }
        }
        match self.servers {
            Some(true) => writeln!(
                text,
                "name_servers = [\"dns1.namebay.com\", \"dns2.namebay.com\"]"
            )?,
            Some(false) => writeln!(
                text,
                "name_servers = [\"{}\", \"{}\"]",
                ELSEWHERE[0], ELSEWHERE[1]
            )?,
            None => {}
        }
        if self.admin {
            writeln!(text, "admin = \"AA333333\"")?;
        }
        if let Some(served) = &self.served {
            served.write((&header, own), style, text)?;
        }
        let Some(zone) = &self.zone else {
            return writeln!(text);
        };
        writeln!(text, "\n[{header}.zone]")?;
        if let Some(ttl) = zone.ttl {
            writeln!(text, "ttl = {ttl}")?;
        }
        if zone.purge {
            writeln!(text, "purge = true")?;
        }
        if style == Style::Templates {
            writeln!(text, "templates = [\"t{number}\"]\n[template.t{number}]")?;
        }
        writeln!(text, "records = [")?;
        for rr in &zone.records {
            let Sample { rtype, file, .. } = rr.sample();
            writeln!(
                text,
                "  {{ host = \"{}\", type = \"{rtype}\", {file} }},",
                rr.host()
            )?;
        }
        writeln!(text, "]\n")
    }
}

impl fmt::Debug for Portfolio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "dialect: {}; written: {:?}", self.dialect, self.style)?;
        for (sketch, name) in self.domains.iter().zip(NAMES) {
            let zone = if sketch.zone { "a zone" } else { "no zone" };
            let here = if sketch.here { "here" } else { "elsewhere" };
            let (ttl, settings) = (sketch.ttl, sketch.settings);
            writeln!(
                f,
                "live: {name}: {zone}, ttl {ttl}, delegated {here}, locked/hidden/renews {settings:?}"
            )?;
            for rr in &sketch.live {
                writeln!(f, "live:   {rr:?}")?;
            }
            if sketch.zone {
                writeln!(f, "live:   {:?}", sketch.served)?;
            }
        }
        write!(f, "{}", self.body())
    }
}

/// Keeps what may stand together.
fn lawful(drawn: Vec<(usize, usize)>) -> Vec<Rr> {
    let mut kept: Vec<Rr> = Vec::new();
    let mut alone: BTreeSet<usize> = BTreeSet::new();
    for (host, sample) in drawn {
        let rr = Rr { host, sample };
        let rtype = rr.sample().rtype;
        let beside = kept.iter().any(|other| other.host == host);
        let lonely = rtype == "CNAME";
        let spf = |rr: &Rr| rr.sample().live.starts_with("\"v=spf1");
        let clash = kept.contains(&rr)
            || alone.contains(&host)
            || (lonely && (beside || HOSTS[host] == "@"))
            || (rtype == "SRV") != (HOSTS[host] == "_sip._tcp")
            || (rtype == "NS") != (HOSTS[host] == "sub")
            || (spf(&rr) && kept.iter().any(|other| other.host == host && spf(other)))
            // A null MX stands alone.
            || (rtype == "MX"
                && kept.iter().any(|other| {
                    other.host == host
                        && other.sample().rtype == "MX"
                        && (other.sample().live == "0 ." || rr.sample().live == "0 .")
                }));
        if clash {
            continue;
        }
        if lonely {
            alone.insert(host);
        }
        kept.push(rr);
    }
    kept
}

fn records() -> impl Strategy<Value = Vec<Rr>> {
    prop::collection::vec((0..HOSTS.len(), 0..SAMPLES.len()), 0..14).prop_map(lawful)
}

prop_compose! {
    fn wanted_zone()(
        ttl in prop::option::of(prop::sample::select(vec![600u32, 3600])),
        purge in any::<bool>(),
        records in records(),
    ) -> WantedZone {
        WantedZone { ttl, purge, records }
    }
}

prop_compose! {
    fn wanted()(
        settings in any::<[Option<bool>; 3]>(),
        servers in prop::option::weighted(0.5, any::<bool>()),
        admin in prop::bool::weighted(0.2),
        zone in prop::option::weighted(0.9, wanted_zone()),
        served in prop::option::weighted(0.6, services::served()),
    ) -> Wanted {
        Wanted { settings, servers, admin, zone, served }
    }
}

prop_compose! {
    fn sketch()(
        zone in prop::bool::weighted(0.7),
        here in prop::bool::weighted(0.7),
        live in records(),
        ttl in prop::sample::select(vec![3600u32, 600, 36000]),
        settings in any::<[bool; 3]>(),
        served in services::served(),
        file in prop::option::weighted(0.9, wanted()),
    ) -> Sketch {
        let mut file = file;
        if let Some(file) = &mut file
            && file.zone.is_some()
            && !zone
            && !here
        {
            // Namebay makes no zone for a domain that is delegated elsewhere (714), unless the file moves it.
            file.servers = Some(true);
        }
        if let Some(file) = &mut file
            && let Some(served) = &mut file.served
            && !(zone && here && file.servers != Some(false))
        {
            // Nor does it redirect for one.
            served.redirects.clear();
        }
        Sketch { zone, here, live, ttl, settings, served, file }
    }
}

/// A dialect that shrinks towards the usual one, switch by switch.
pub(crate) fn dialect() -> impl Strategy<Value = Dialect> {
    let names = Dialect::names();
    let mask = prop::collection::vec(prop::bool::weighted(0.7), names.len());
    (any::<u64>().no_shrink(), mask).prop_map(|(seed, mask)| {
        let drawn = Dialect::random(seed);
        let mut dialect = Dialect {
            seed,
            ..Dialect::default()
        };
        for (name, taken) in Dialect::names().into_iter().zip(mask) {
            if let (true, Some(word)) = (taken, drawn.get(name)) {
                dialect.set(name, word).expect("its own word");
            }
        }
        dialect
    })
}

fn style() -> impl Strategy<Value = Style> {
    prop_oneof![
        Just(Style::Plain),
        Just(Style::Files),
        Just(Style::Groups),
        Just(Style::Templates),
        Just(Style::Defaults),
    ]
}

/// Portfolios of one to three domains.
pub(crate) fn portfolio() -> impl Strategy<Value = Portfolio> {
    let domains = prop::collection::vec(sketch(), 1..=NAMES.len());
    (domains, dialect(), style()).prop_map(|(mut domains, dialect, style)| {
        // Where no call lists FTP users and redirections, one that is there already is made again.
        if dialect.get("inferred") != Some("exist") {
            let files = domains.iter_mut().filter_map(|sketch| sketch.file.as_mut());
            for served in files.filter_map(|file| file.served.as_mut()) {
                served.users.clear();
                served.redirects.clear();
            }
        }
        Portfolio {
            domains,
            dialect,
            style,
        }
    })
}
