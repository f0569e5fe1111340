//! How this server spells records: learned from what it answers, followed in what is sent.
//!
//! The contract leaves open how the apex, names in data, text, and the numbers of MX, SRV and NAPTR are written. Reading
//! accepts every spelling; for writing there has to be one. It is the one that the zone was read with, else the one that
//! the login was seen to use, else a default:
//!
//! | question | default | seen otherwise |
//! | --- | --- | --- |
//! | the apex | `@` | the zone's name |
//! | other hosts | relative, as in the guide | (always) |
//! | names in data | with the final dot, which cannot be misread as relative | without |
//! | text | as it is | in quotes, where the server quotes and the text could be taken for a quoted one |
//! | MX, SRV, NAPTR | first number in `Weight` (of NAPTR the named members too), the rest in `Data` | all in `Data` |
//!
//! A spelling that is refused, or that comes back as another value, is followed by [`Spelling::others`]: a refused
//! record was not taken, and one that was taken can be put right under its id. Nothing here sends anything.

use crate::model::dns::name::HostForm;
use crate::model::dns::{Apex, Host, Rtype, data, txt};

use super::api::zone::{Record, RecordInput};

/// How the zone itself is written in `Host`. Empty is not among them: a host has at least one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ApexForm {
    At,
    Name,
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
    Members,
    Data,
}

/// How hosts other than the apex are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HostIn {
    Relative,
    Full,
}

/// What was seen of a server's spelling, in a zone or everywhere; none where nothing told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen {
    apex: Option<ApexForm>,
    full_hosts: Option<bool>,
    ending: Option<Ending>,
    bare_text: bool,
    quoted_text: bool,
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
}

impl Seen {
    /// Learns from all records of a zone.
    fn of(zone: &Apex, records: &[Record]) -> Self {
        let mut seen = Self::default();
        let form = HostForm::seen(zone, records.iter().map(|record| record.host.raw()));
        seen.full_hosts = match form {
            HostForm::Full => Some(true),
            HostForm::Relative => Some(false),
            HostForm::Unclear => None,
        };
        for record in records {
            seen.learn(record);
        }
        seen
    }

    /// Learns from one record as it was answered.
    pub(super) fn learn(&mut self, record: &Record) {
        let host = record.host.raw().trim();
        let rtype = record.rtype.raw().trim().to_ascii_uppercase();
        if host == "@" {
            self.apex = Some(ApexForm::At);
        }
        let words = || record.data.raw().split_ascii_whitespace();
        match rtype.as_str() {
            "TXT" | "SPF" if txt::looks_quoted(record.data.raw()) => self.quoted_text = true,
            "TXT" | "SPF" => self.bare_text = true,
            "MX" => self.mx = Some(numbers(words().count() > 1)),
            "SRV" => self.srv = Some(numbers(words().count() > 3)),
            "NAPTR" => self.naptr = Some(numbers(data::split(record.data.raw()).len() > 5)),
            _ => {}
        }
        let named = matches!(rtype.as_str(), "NS" | "CNAME" | "MX" | "SRV" | "PTR");
        if let Some(last) = words().last().filter(|last| named && *last != ".") {
            if last.ends_with('.') {
                self.ending = Some(Ending::Dot);
            } else if last.contains('.') {
                self.ending = self.ending.or(Some(Ending::Bare));
            }
        }
    }

    /// Learns how text is answered, from one whose value is known: what stands in quotes without having any was quoted.
    pub(super) fn learn_text(&mut self, record: &Record, value: &str) {
        let rtype = record.rtype.raw().trim().to_ascii_uppercase();
        if !matches!(rtype.as_str(), "TXT" | "SPF") || txt::looks_quoted(value) {
            return;
        }
        if txt::looks_quoted(record.data.raw()) {
            self.quoted_text = true;
        } else {
            self.bare_text = true;
        }
    }

    /// Notes that the apex is written by the zone's name.
    fn note_apex(&mut self, zone: &Apex, record: &Record) {
        let host = record.host.raw().trim().trim_end_matches('.');
        if host.eq_ignore_ascii_case(zone.as_str()) {
            self.apex = self.apex.or(Some(ApexForm::Name));
        }
    }

    /// Learns from all records of a zone, the apex by its name included.
    pub(super) fn zone(zone: &Apex, records: &[Record]) -> Self {
        let mut seen = Self::of(zone, records);
        for record in records {
            seen.note_apex(zone, record);
        }
        seen
    }

    /// These, with what they lack taken from elsewhere.
    pub(super) fn or(self, other: Self) -> Self {
        let texts = self.bare_text || self.quoted_text;
        Self {
            apex: self.apex.or(other.apex),
            full_hosts: self.full_hosts.or(other.full_hosts),
            ending: self.ending.or(other.ending),
            bare_text: if texts {
                self.bare_text
            } else {
                other.bare_text
            },
            quoted_text: if texts {
                self.quoted_text
            } else {
                other.quoted_text
            },
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

    /// How text is to be read: presentation form only where every text is in it.
    pub(super) fn text_style(&self) -> txt::Style {
        if self.quoted_text && !self.bare_text {
            txt::Style::Quoted
        } else {
            txt::Style::Plain
        }
    }

    /// The spelling to begin with.
    pub(super) fn spelling(&self, rtype: &Rtype, value: &str) -> Spelling {
        let numbers = match rtype.as_str() {
            "MX" => self.mx,
            "SRV" => self.srv,
            "NAPTR" => self.naptr,
            _ => None,
        };
        let text = match (txt::text(value), self.text_style()) {
            (None, _) => txt::Style::Quoted,
            (Some(_), txt::Style::Plain) => txt::Style::Plain,
            // What a server that quotes makes of a text that holds quotes is anybody's guess.
            (Some(text), txt::Style::Quoted) if text.contains(['"', '\\']) => txt::Style::Quoted,
            (Some(_), txt::Style::Quoted) => txt::Style::Plain,
        };
        Spelling {
            apex: self.apex.unwrap_or(ApexForm::At),
            host: HostIn::Relative,
            ending: self.ending.unwrap_or(Ending::Dot),
            text,
            numbers: numbers.unwrap_or(Numbers::Members),
        }
    }

    /// Keeps what a server took and gave back unchanged.
    pub(super) fn keep(&mut self, spelling: &Spelling, host: &Host, rtype: &Rtype) {
        if host.is_apex() {
            self.apex = Some(spelling.apex);
        }
        let numbers = Some(spelling.numbers);
        match rtype.as_str() {
            "MX" => self.mx = numbers,
            "SRV" => self.srv = numbers,
            "NAPTR" => self.naptr = numbers,
            _ => {}
        }
        if is_named(rtype) {
            self.ending = Some(spelling.ending);
        }
    }
}

fn numbers(in_data: bool) -> Numbers {
    if in_data {
        Numbers::Data
    } else {
        Numbers::Members
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
    /// The other ways to write a record of that host and type, the likeliest first; each differs in one thing.
    pub(super) fn others(&self, host: &Host, rtype: &Rtype, value: &str) -> Vec<(Differs, Self)> {
        let mut others = Vec::new();
        if rtype.is_text() && txt::text(value).is_some() {
            let text = match self.text {
                txt::Style::Plain => txt::Style::Quoted,
                txt::Style::Quoted => txt::Style::Plain,
            };
            others.push((Differs::Data, Self { text, ..*self }));
        }
        if matches!(rtype.as_str(), "MX" | "SRV" | "NAPTR") {
            let numbers = numbers(self.numbers == Numbers::Members);
            others.push((Differs::Data, Self { numbers, ..*self }));
        }
        if host.is_apex() {
            let apex = match self.apex {
                ApexForm::At => ApexForm::Name,
                ApexForm::Name => ApexForm::At,
            };
            others.push((Differs::Host, Self { apex, ..*self }));
        } else {
            let host = HostIn::Full;
            others.push((Differs::Host, Self { host, ..*self }));
        }
        if is_named(rtype) {
            let ending = match self.ending {
                Ending::Dot => Ending::Bare,
                Ending::Bare => Ending::Dot,
            };
            others.push((Differs::Data, Self { ending, ..*self }));
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
            ("TXT" | "SPF", _) => return self.write_text(record, value),
            // RFC 3597 form, whatever the type.
            _ if value.starts_with("\\#") => value.to_owned(),
            ("MX" | "SRV", Numbers::Members) => {
                let (first, rest) = value.split_once(' ').unwrap_or(("0", value));
                record.weight = Some(first.parse().ok());
                self.end(rest)
            }
            ("NAPTR", Numbers::Members) => {
                let fields = data::split(value);
                let field = |at: usize| fields.get(at).map_or("", |field| &**field);
                record.weight = Some(field(0).parse().ok());
                record.naptr_preference = Some(Some(field(1).to_owned()));
                record.naptr_flag = Some(Some(field(2).to_owned()));
                record.naptr_regexp = Some(Some(field(4).to_owned()));
                format!("{} {}", quoted_field(value, 3), self.end(field(5)))
            }
            // A value that goes into data whole leaves nothing of an older one in the other members.
            ("MX" | "SRV", Numbers::Data) => {
                record.weight = Some(None);
                self.end(value)
            }
            ("NAPTR", Numbers::Data) => {
                record.weight = Some(None);
                record.naptr_preference = Some(None);
                record.naptr_flag = Some(None);
                record.naptr_regexp = Some(None);
                self.end(value)
            }
            _ if is_named(rtype) => self.end(value),
            _ => value.to_owned(),
        };
        record
    }

    fn write_text(&self, mut record: RecordInput, value: &str) -> RecordInput {
        record.data = match (self.text, txt::text(value)) {
            (txt::Style::Plain, Some(text)) => text.into_owned(),
            (txt::Style::Quoted, _) | (txt::Style::Plain, None) => txt::quoted(value),
        };
        record
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

/// A field of a canonical value, with its quotes.
fn quoted_field(value: &str, at: usize) -> String {
    let fields = data::split(value);
    let field = fields.get(at).map_or("", |field| &**field);
    txt::quoted(field)
}
