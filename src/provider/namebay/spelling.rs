//! How this server spells records: learned from what it answers, followed in what is sent.
//!
//! The contract leaves open how the apex, names in data, text, and the numbers of MX, SRV and NAPTR are written. Reading
//! accepts every spelling; for writing one has to be chosen. The first is one that cannot be taken for another record;
//! one that is refused (it was not taken) or comes back as another value (it can be put right under its id) is followed
//! by [`Spelling::others`], and what worked is remembered for the login.
//!
//! | question | first | else |
//! | --- | --- | --- |
//! | the apex | as the zone was read, else `@` | the zone's name, the empty text |
//! | other hosts | relative, as in the guide | the full name |
//! | names in data | with the final dot, which is never read as relative | without |
//! | text | as it is; in quotes if it looks quoted itself, or is no UTF-8 | the other way |
//! | MX, SRV, NAPTR | as the zone was read, else first number in `Weight` (of NAPTR the named members too) | all in `Data` |
//!
//! Nothing here sends anything.

use crate::model::dns::name::HostForm;
use crate::model::dns::{Apex, Host, Rtype, data, txt};

use super::api::zone::{Record, RecordInput};

/// How the zone itself is written in `Host`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ApexForm {
    At,
    Name,
    Empty,
}

/// How hosts other than the apex are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HostIn {
    Relative,
    Full,
}

/// How a name in data is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Dot,
    Bare,
}

/// Where the numbers of a record stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbers {
    /// In the members that there are for them.
    Members,
    /// So, but for the order of a NAPTR.
    OrderInData,
    /// All in the data.
    Data,
}

/// What was seen of a server's spelling, in a zone or everywhere; none where nothing told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen {
    full_hosts: Option<bool>,
    bare_text: bool,
    apex: Option<ApexForm>,
    host: Option<HostIn>,
    ending: Option<Ending>,
    text: Option<txt::Style>,
    mx: Option<Numbers>,
    srv: Option<Numbers>,
    naptr: Option<Numbers>,
}

/// One way of writing one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spelling {
    apex: ApexForm,
    host: HostIn,
    ending: Ending,
    text: txt::Style,
    numbers: Numbers,
}

/// What another spelling writes otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Differs {
    /// The host.
    Host,
    /// The value.
    Data,
    /// Both.
    Both,
}

impl Seen {
    /// Learns from all records of a zone.
    pub(super) fn of(zone: &Apex, records: &[Record]) -> Self {
        let mut seen = Self::default();
        let form = HostForm::seen(zone, records.iter().map(|record| record.host.raw()));
        seen.full_hosts = match form {
            HostForm::Full => Some(true),
            HostForm::Relative => Some(false),
            HostForm::Unclear => None,
        };
        for record in records {
            seen.learn(zone, record);
        }
        seen
    }

    fn learn(&mut self, zone: &Apex, record: &Record) {
        let host = record.host.raw().trim().trim_end_matches('.');
        if host == "@" {
            self.apex = Some(ApexForm::At);
        } else if host.is_empty() {
            self.apex = Some(ApexForm::Empty);
        } else if host.eq_ignore_ascii_case(zone.as_str()) {
            self.apex = Some(ApexForm::Name);
        }
        let words = || data::split(record.data.raw()).len();
        match record.rtype.raw().trim().to_ascii_uppercase().as_str() {
            "TXT" | "SPF" => self.bare_text |= !txt::looks_quoted(record.data.raw()),
            "MX" if words() > 1 => self.mx = Some(Numbers::Data),
            "MX" => self.mx = Some(Numbers::Members),
            "SRV" if words() > 3 => self.srv = Some(Numbers::Data),
            "SRV" => self.srv = Some(Numbers::Members),
            "NAPTR" => {
                self.naptr = Some(match words() {
                    0..=2 => Numbers::Members,
                    3..=5 => Numbers::OrderInData,
                    _ => Numbers::Data,
                });
            }
            _ => {}
        }
    }

    /// These, with what they lack taken from elsewhere.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            full_hosts: self.full_hosts.or(other.full_hosts),
            bare_text: self.bare_text,
            apex: self.apex.or(other.apex),
            host: self.host.or(other.host),
            ending: self.ending.or(other.ending),
            text: self.text.or(other.text),
            mx: self.mx.or(other.mx),
            srv: self.srv.or(other.srv),
            naptr: self.naptr.or(other.naptr),
        }
    }

    /// How hosts are to be read.
    pub(super) fn host_form(&self) -> HostForm {
        match self.full_hosts {
            Some(true) => HostForm::Full,
            Some(false) => HostForm::Relative,
            None => HostForm::Unclear,
        }
    }

    /// True if some text of the zone was answered without quotes.
    pub(super) fn has_bare_text(&self) -> bool {
        self.bare_text
    }

    /// The spelling to begin with.
    pub(super) fn spelling(&self, rtype: &Rtype, value: &str) -> Spelling {
        let numbers = match rtype.as_str() {
            "MX" => self.mx,
            "SRV" => self.srv,
            "NAPTR" => self.naptr,
            _ => None,
        };
        let text = match txt::text(value) {
            Some(text) if !txt::looks_quoted(&text) => self.text.unwrap_or(txt::Style::Plain),
            Some(_) | None => txt::Style::Quoted,
        };
        Spelling {
            apex: self.apex.unwrap_or(ApexForm::At),
            host: self.host.unwrap_or(HostIn::Relative),
            ending: self.ending.unwrap_or(Ending::Dot),
            text,
            numbers: numbers.unwrap_or(Numbers::Members),
        }
    }

    /// Keeps what a server took and gave back unchanged.
    pub(super) fn keep(
        &mut self,
        spelling: &Spelling,
        (host, rtype): (&Host, &Rtype),
        value: &str,
    ) {
        if host.is_apex() {
            self.apex = Some(spelling.apex);
        } else {
            self.host = Some(spelling.host);
        }
        if rtype.is_text() && txt::text(value).is_some_and(|text| !txt::looks_quoted(&text)) {
            self.text = Some(spelling.text);
        }
        if is_named(rtype) {
            self.ending = Some(spelling.ending);
        }
        let numbers = Some(spelling.numbers);
        match rtype.as_str() {
            "MX" => self.mx = numbers,
            "SRV" => self.srv = numbers,
            "NAPTR" => self.naptr = numbers,
            _ => {}
        }
    }
}

/// True if the last field of the data is a name.
fn is_named(rtype: &Rtype) -> bool {
    matches!(
        rtype.as_str(),
        "NS" | "CNAME" | "PTR" | "DNAME" | "ALIAS" | "ANAME" | "MX" | "SRV" | "NAPTR"
    )
}

impl Spelling {
    /// The other ways to write a record of that host and type, those that differ in one thing first, then in two.
    pub(super) fn others(&self, host: &Host, rtype: &Rtype, value: &str) -> Vec<(Differs, Self)> {
        let hosts = self.other_hosts(host);
        let values = self.other_values(rtype, value);
        let host_in = |other: &Self, host: &Self| Self {
            apex: host.apex,
            host: host.host,
            ..*other
        };
        let one = values.iter().map(|value| (Differs::Data, *value));
        let other = hosts.iter().map(|host| (Differs::Host, *host));
        let both = values.iter().flat_map(|value| {
            hosts
                .iter()
                .map(move |host| (Differs::Both, host_in(value, host)))
        });
        one.chain(other).chain(both).collect()
    }

    fn other_hosts(&self, host: &Host) -> Vec<Self> {
        if host.is_apex() {
            let forms = [ApexForm::At, ApexForm::Name, ApexForm::Empty];
            let others = forms.into_iter().filter(|apex| *apex != self.apex);
            others.map(|apex| Self { apex, ..*self }).collect()
        } else {
            let host = match self.host {
                HostIn::Relative => HostIn::Full,
                HostIn::Full => HostIn::Relative,
            };
            vec![Self { host, ..*self }]
        }
    }

    fn other_values(&self, rtype: &Rtype, value: &str) -> Vec<Self> {
        let mut others = Vec::new();
        if rtype.is_text() && txt::text(value).is_some() {
            let text = match self.text {
                txt::Style::Plain => txt::Style::Quoted,
                txt::Style::Quoted => txt::Style::Plain,
            };
            others.push(Self { text, ..*self });
        }
        let layouts: &[Numbers] = match rtype.as_str() {
            "MX" | "SRV" => &[Numbers::Members, Numbers::Data],
            "NAPTR" => &[Numbers::Members, Numbers::Data, Numbers::OrderInData],
            _ => &[],
        };
        let layouts = layouts.iter().filter(|numbers| **numbers != self.numbers);
        others.extend(layouts.map(|numbers| Self {
            numbers: *numbers,
            ..*self
        }));
        if is_named(rtype) {
            let ending = match self.ending {
                Ending::Dot => Ending::Bare,
                Ending::Bare => Ending::Dot,
            };
            others.push(Self { ending, ..*self });
        }
        others
    }

    /// Writes a record; `value` is canonical.
    pub(super) fn write(
        &self,
        zone: &Apex,
        host: &Host,
        rtype: &Rtype,
        value: &str,
    ) -> RecordInput {
        let spelled = match (host.is_apex(), self.apex, self.host) {
            (true, ApexForm::At, _) => "@".to_owned(),
            (true, ApexForm::Name, _) => zone.as_str().to_owned(),
            (true, ApexForm::Empty, _) => String::new(),
            (false, _, HostIn::Relative) => host.as_str().to_owned(),
            (false, _, HostIn::Full) => host.absolute(zone).trim_end_matches('.').to_owned(),
        };
        let mut record = RecordInput {
            host: spelled,
            data: String::new(),
            rtype: rtype.as_str().to_owned(),
            weight: None,
            naptr_preference: None,
            naptr_flag: None,
            naptr_regexp: None,
        };
        record.data = match (rtype.as_str(), self.numbers) {
            ("TXT" | "SPF", _) => match (self.text, txt::text(value)) {
                (txt::Style::Plain, Some(text)) => text.into_owned(),
                (txt::Style::Quoted, _) | (txt::Style::Plain, None) => txt::quoted(value),
            },
            // RFC 3597 form, whatever the type.
            _ if value.starts_with("\\#") => value.to_owned(),
            ("MX" | "SRV", Numbers::Members | Numbers::OrderInData) => {
                let (first, rest) = value.split_once(' ').unwrap_or(("0", value));
                record.weight = Some(first.parse().ok());
                self.end(rest)
            }
            // A value that goes into data whole leaves nothing of an older one in the other members.
            ("MX" | "SRV", Numbers::Data) => {
                record.weight = Some(None);
                self.end(value)
            }
            ("NAPTR", _) => self.write_naptr(&mut record, value),
            _ if is_named(rtype) => self.end(value),
            _ => value.to_owned(),
        };
        record
    }

    fn write_naptr(&self, record: &mut RecordInput, value: &str) -> String {
        let fields = data::split(value);
        let field = |at: usize| fields.get(at).map_or("", |field| &**field);
        let member = |at: usize| {
            let whole = self.numbers == Numbers::Data;
            Some((!whole).then(|| field(at).to_owned()))
        };
        record.naptr_preference = member(1);
        record.naptr_flag = member(2);
        record.naptr_regexp = member(4);
        let service = txt::quoted(field(3));
        let replacement = self.end(field(5));
        match self.numbers {
            Numbers::Members => {
                record.weight = Some(field(0).parse().ok());
                format!("{service} {replacement}")
            }
            Numbers::OrderInData => {
                record.weight = Some(None);
                format!("{} {service} {replacement}", field(0))
            }
            Numbers::Data => {
                record.weight = Some(None);
                self.end(value)
            }
        }
    }

    fn end(&self, value: &str) -> String {
        match self.ending {
            Ending::Bare if value != "." && !value.ends_with(" .") => {
                value.strip_suffix('.').unwrap_or(value).to_owned()
            }
            Ending::Bare | Ending::Dot => value.to_owned(),
        }
    }
}
